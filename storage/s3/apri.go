package s3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
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
// The reader is bound to ctx. Where the connection breaks it fails with class
// Transitorio: open it again. It is not for concurrent use; Close it.
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
	corpo, err := a.prendi(ctx, nomeFile(cartella, impronta))
	if assente(err) {
		corpo, err = a.prendiTolto(ctx, cartella, impronta)
	}
	if assente(err) {
		return nil, storage.ErrNonTrovata
	}
	if err != nil {
		return nil, traduci(ctx, op, err)
	}
	l := &lettore{corpo: corpo, h: sha256.New(), atteso: impronta, ctx: ctx}
	if l.chiaro, err = a.busta.Lettore(ctx, ente, contesto, corpo); err != nil {
		return nil, errors.Join(traduciLettura(ctx, err), corpo.Close())
	}
	return l, nil
}

// traduciLettura is traduci where a Busta may have found the file altered.
func traduciLettura(ctx context.Context, err error) error {
	if errors.Is(err, busta.ErrAlterata) {
		return fmt.Errorf("s3.Apri: %w: %w", storage.ErrCorrotto, err)
	}
	return traduci(ctx, "s3.Apri", err)
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
	chiaro io.Reader
	h      hash.Hash
	atteso string
	ctx    context.Context //nolint:containedctx // the caller's, for the reads of his file
}

func (l *lettore) Read(b []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, traduciLettura(l.ctx, err)
	}
	n, err := l.chiaro.Read(b)
	l.h.Write(b[:n])
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF): // io.ErrUnexpectedEOF is another error
		return n, traduciLettura(l.ctx, err)
	case hex.EncodeToString(l.h.Sum(nil)) != l.atteso:
		return n, storage.ErrCorrotto
	}
	return n, io.EOF
}

func (l *lettore) Close() error { return l.corpo.Close() }
