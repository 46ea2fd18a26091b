package cartella

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/sportello-digitale/pratiche/storage"
)

// Scrivi implements storage.Archivio. A reader that fails, a ctx that ends, a
// content too large or a full disk leave nothing behind. massimo bounds the
// content, not the file that a Busta makes of it. A content that is there
// already is written anew, under the active key, and is young again.
func (a *Archivio) Scrivi(ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error) {
	dir, err := nomeCartella(ente)
	if err != nil {
		return storage.File{}, err
	}
	if err := ctx.Err(); err != nil {
		return storage.File{}, err
	}
	var scritto storage.File
	err = a.aParte(dir, func(w io.Writer) (err error) {
		scritto, err = a.riversa(ctx, w, ente, r, massimo)
		return err
	}, func(nome string) error { return a.colloca(dir, nome, scritto.SHA256) })
	if err != nil {
		return storage.File{}, traduci("Scrivi", err)
	}
	return scritto, nil
}

// aParte writes a temporary file, makes it durable and lets colloca rename it.
// Where it still has its name afterwards it is removed.
func (a *Archivio) aParte(dir string, scrivi func(io.Writer) error, colloca func(nome string) error) error {
	if err := a.creaCartella(dir); err != nil {
		return err
	}
	nome := path.Join(dir, temporaneo+strings.ToLower(rand.Text()))
	f, err := a.radice.OpenFile(nome, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 64<<10)
	if err = scrivi(b); err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = colloca(nome)
	}
	if e := a.radice.Remove(nome); e != nil && !errors.Is(e, fs.ErrNotExist) {
		err = errors.Join(err, e)
	}
	return err
}

// riversa copies r into w, at most massimo bytes, and says what it was.
func (a *Archivio) riversa(ctx context.Context, w io.Writer, ente string, r io.Reader, massimo int64) (storage.File, error) {
	sigillo, err := a.busta.Scrittore(ctx, ente, contesto, w)
	if err != nil {
		return storage.File{}, err
	}
	h := sha256.New()
	limite := max(massimo, 0)
	if limite < 1<<63-1 {
		limite++
	}
	n, err := io.Copy(io.MultiWriter(sigillo, h), io.LimitReader(&conContesto{ctx, altrui{r}}, limite))
	if err != nil {
		return storage.File{}, err
	}
	if n > max(massimo, 0) || massimo < 0 {
		return storage.File{}, storage.ErrTroppoGrande
	}
	if err := sigillo.Close(); err != nil {
		return storage.File{}, err
	}
	return storage.File{SHA256: hex.EncodeToString(h.Sum(nil)), Dimensione: n}, ctx.Err()
}

// conContesto stops reading when the caller gives up.
type conContesto struct {
	ctx context.Context //nolint:containedctx // lives as long as one call
	r   io.Reader
}

func (c *conContesto) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}

// colloca gives the written file its name. Renaming over the same content makes
// it young again, so that a sweep does not take what somebody is about to refer to.
func (a *Archivio) colloca(dir, temporaneo, impronta string) error {
	nome := nomeFile(dir, impronta)
	if err := a.creaCartella(path.Dir(nome)); err != nil {
		return err
	}
	err := a.conLucchetto(path.Dir(nome), func() error { return a.radice.Rename(temporaneo, nome) })
	if err != nil {
		return err
	}
	return a.sincronizza(path.Dir(nome))
}
