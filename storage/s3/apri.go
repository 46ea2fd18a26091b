package s3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"

	"github.com/minio/minio-go/v7"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

// Apri implements storage.Archivio, in one request. The name of a file is taken
// only where it is a SHA-256 in lower-case hex; any other is ErrNonTrovata. A
// file that is not in its place is looked for in quarantine.
//
// Of a sealed file the head is read at once, so ErrCorrotto may come from here;
// busta.ErrChiave where the key is not in the ring, busta.ErrInChiaro where the
// file is not sealed and the Busta does not admit it. The reader is bound to ctx.
// Where the connection breaks it fails with class Transitorio: open it again. It
// is for one goroutine; Close it.
func (a *Archivio) Apri(ctx context.Context, ente, impronta string) (io.ReadCloser, error) {
	const op = "s3.Apri"
	cartella, err := a.cartella(ente)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, traduci(ctx, op, err)
	}
	if !formaImpronta.MatchString(impronta) {
		return nil, storage.ErrNonTrovata
	}
	trova := func() (io.ReadCloser, error) { return a.trova(ctx, cartella, impronta) }
	corpo, err := trova()
	if assente(err) {
		return nil, storage.ErrNonTrovata
	}
	if err != nil {
		return nil, traduci(ctx, op, err)
	}
	r, err := a.busta.Lettore(ctx, ente, contesto, corpo)
	if sospetto(err) {
		if err = errors.Join(a.inChiaro(ctx, impronta, trova, err), corpo.Close()); err == nil {
			corpo, err = trova()
			r = corpo
		}
		if err != nil {
			return nil, traduci(ctx, op, err)
		}
	}
	if err != nil {
		return nil, errors.Join(traduci(ctx, op, err), corpo.Close())
	}
	return &lettore{corpo: corpo, r: r, h: sha256.New(), atteso: impronta, ctx: ctx}, nil
}

// sospetto reports whether a Busta refused the file itself.
func sospetto(err error) bool {
	return errors.Is(err, busta.ErrAlterata) || errors.Is(err, busta.ErrChiave) || errors.Is(err, busta.ErrInChiaro)
}

// inChiaro says what to make of a file that the Busta refused: nil where it is
// to be taken as it is. Somebody may have stored, in the clear, a content that
// begins as sealed files do; the name tells them apart.
func (a *Archivio) inChiaro(ctx context.Context, impronta string, apri func() (io.ReadCloser, error), rifiuto error) error {
	corpo, err := apri()
	if err != nil {
		return err
	}
	h := sha256.New()
	_, err = io.Copy(h, &conContesto{ctx, corpo})
	if err = errors.Join(err, corpo.Close()); err != nil {
		return err
	}
	integro := hex.EncodeToString(h.Sum(nil)) == impronta
	switch {
	case integro && a.busta.AmmetteInChiaro():
		return nil
	case integro:
		return busta.ErrInChiaro
	case errors.Is(rifiuto, busta.ErrInChiaro):
		return storage.ErrCorrotto
	}
	return rifiuto
}

// trova gives the object, in its place or in quarantine.
func (a *Archivio) trova(ctx context.Context, cartella, impronta string) (io.ReadCloser, error) {
	corpo, err := a.prendi(ctx, nomeFile(cartella, impronta))
	if assente(err) {
		corpo, err = a.prendiTolto(ctx, cartella, impronta)
	}
	return corpo, err
}

func (a *Archivio) prendi(ctx context.Context, chiave string) (io.ReadCloser, error) {
	corpo, _, _, err := a.cliente.GetObject(ctx, a.bucket, chiave, minio.GetObjectOptions{})
	return corpo, err
}

// prendiTolto looks for the file in quarantine and, since a sweep may just have
// put it back, once more in its place.
func (a *Archivio) prendiTolto(ctx context.Context, cartella, impronta string) (io.ReadCloser, error) {
	for o := range a.cliente.ListObjectsIter(ctx, a.bucket, minio.ListObjectsOptions{Prefix: cartella + quarantena + impronta + "-", Recursive: true}) {
		if o.Err != nil {
			return nil, o.Err
		}
		if corpo, err := a.prendi(ctx, o.Key); !assente(err) {
			return corpo, err
		}
	}
	if err := ctx.Err(); err != nil { // the list ends in silence
		return nil, err
	}
	return a.prendi(ctx, nomeFile(cartella, impronta))
}

// lettore verifies what it gives; the end of an altered file is an error.
type lettore struct {
	corpo  io.ReadCloser
	r      io.Reader // the content
	h      hash.Hash
	atteso string
	ctx    context.Context //nolint:containedctx // the caller's, for the reads of his file
}

func (l *lettore) Read(b []byte) (int, error) {
	const op = "s3.Apri"
	if err := l.ctx.Err(); err != nil {
		return 0, traduci(l.ctx, op, err)
	}
	n, err := l.r.Read(b)
	l.h.Write(b[:n])
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF): // io.ErrUnexpectedEOF is another error
		return n, traduci(l.ctx, op, err)
	case hex.EncodeToString(l.h.Sum(nil)) != l.atteso:
		return n, storage.ErrCorrotto
	}
	return n, io.EOF
}

func (l *lettore) Close() error { return l.corpo.Close() }
