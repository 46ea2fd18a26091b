package cartella

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

// Apri implements storage.Archivio. The name of a file is taken only where it is
// a SHA-256 in lower-case hex; any other is ErrNonTrovata. Of a sealed file the
// head is read at once, so ErrCorrotto may come from here; busta.ErrChiave where
// the key is not in the ring, busta.ErrInChiaro where the file is not sealed and
// the Busta does not admit it. The reader is for one goroutine; Close it.
func (a *Archivio) Apri(ctx context.Context, ente, impronta string) (io.ReadCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	dir, err := nomeCartella(ente)
	if err != nil {
		return nil, err
	}
	if !formaImpronta.MatchString(impronta) {
		return nil, storage.ErrNonTrovata
	}
	f, err := a.radice.Open(nomeFile(dir, impronta))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, storage.ErrNonTrovata
	}
	if err != nil {
		return nil, traduci("Apri", err)
	}
	r, err := a.busta.Lettore(ctx, ente, contesto, f)
	if sospetto(err) {
		if err = a.inChiaro(ctx, impronta, f, err); err == nil {
			_, err = f.Seek(0, io.SeekStart)
			r = f
		}
	}
	if err != nil {
		return nil, errors.Join(traduci("Apri", err), f.Close())
	}
	return &lettore{f: f, r: r, h: sha256.New(), atteso: impronta, ctx: ctx}, nil
}

// sospetto reports whether a Busta refused the file itself.
func sospetto(err error) bool {
	return errors.Is(err, busta.ErrAlterata) || errors.Is(err, busta.ErrChiave) || errors.Is(err, busta.ErrInChiaro)
}

// inChiaro says what to make of a file that the Busta refused: nil where it is
// to be taken as it is. Somebody may have stored, in the clear, a content that
// begins as sealed files do; the name tells them apart.
func (a *Archivio) inChiaro(ctx context.Context, impronta string, f *os.File, rifiuto error) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	h := sha256.New()
	if _, err := io.Copy(h, &conContesto{ctx, f}); err != nil {
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

// lettore verifies what it gives; the end of an altered file is an error.
type lettore struct {
	f      *os.File
	r      io.Reader // its content
	h      hash.Hash
	atteso string
	ctx    context.Context //nolint:containedctx // the caller's, for the reads of his file
}

func (l *lettore) Read(b []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := l.r.Read(b)
	l.h.Write(b[:n])
	if errors.Is(err, io.EOF) {
		if hex.EncodeToString(l.h.Sum(nil)) != l.atteso {
			return n, storage.ErrCorrotto
		}
		return n, io.EOF
	}
	return n, traduci("Apri", err)
}

func (l *lettore) Close() error { return l.f.Close() }
