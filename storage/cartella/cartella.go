// Package cartella is an Archivio in a directory: each file under the SHA-256
// of its content, one folder for each ente.
//
// A file is complete and durable when Scrivi returns: written aside, flushed,
// renamed, and the folder flushed. What a crash leaves behind is a temporary
// file, which Spazza removes. Any number of processes may use the directory.
//
// Files are readable by their owner only (0600, folders 0700) and are not
// encrypted: they hold what citizens upload.
package cartella

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/storage"
)

const (
	massimoEnte = 512 // bytes
	temporaneo  = "tmp-"
	// scadenzaTemporaneo is how long nobody may have written to a temporary file
	// before it counts as left behind.
	scadenzaTemporaneo = 24 * time.Hour
)

// Archivio is a storage.Archivio and a storage.Spazzino. Make it with New. Safe
// for concurrent use by goroutines and processes.
type Archivio struct {
	radice *os.Root
	ora    func() time.Time
}

var (
	_ storage.Archivio = (*Archivio)(nil)
	_ storage.Spazzino = (*Archivio)(nil)
)

// New opens the directory, which it creates where it does not exist (its parent
// must). Nothing is ever read or written outside of it, symbolic links
// notwithstanding.
func New(dir string) (*Archivio, error) {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("cartella: %w", err)
	}
	r, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("cartella: %w", err)
	}
	return &Archivio{radice: r, ora: time.Now}, nil
}

// Close gives the directory back. Readers that are open go on.
func (a *Archivio) Close() error { return a.radice.Close() }

var codifica = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// nomeCartella gives the folders of an ente: its bytes in base32, which no name
// can escape, in pieces that every file system takes.
func nomeCartella(ente string) (string, error) {
	if ente == "" || len(ente) > massimoEnte {
		return "", fmt.Errorf("%w: ente di %d byte", storage.ErrNonValido, len(ente))
	}
	s := codifica.EncodeToString([]byte(ente))
	var b strings.Builder
	for len(s) > 200 {
		b.WriteString(s[:200] + "/")
		s = s[200:]
	}
	b.WriteString("e-" + s) // never the name of a piece, nor of a file
	return b.String(), nil
}

var formaImpronta = regexp.MustCompile(`^[0-9a-f]{64}$`)

// nomeFile spreads files over 256 folders.
func nomeFile(cartella, impronta string) string { return path.Join(cartella, impronta[:2], impronta) }

// Scrivi implements storage.Archivio. A reader that fails, a ctx that ends or a
// content too large leave nothing behind.
func (a *Archivio) Scrivi(ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error) {
	dir, err := nomeCartella(ente)
	if err != nil {
		return storage.File{}, err
	}
	if err := ctx.Err(); err != nil {
		return storage.File{}, err
	}
	if err := a.creaCartella(dir); err != nil {
		return storage.File{}, err
	}
	nome := path.Join(dir, temporaneo+strings.ToLower(rand.Text()))
	f, err := a.radice.OpenFile(nome, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return storage.File{}, fmt.Errorf("cartella: scrittura: %w", err)
	}
	scritto, err := riversa(ctx, f, r, massimo)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = a.colloca(dir, nome, scritto.SHA256)
	}
	if err != nil {
		if e := a.radice.Remove(nome); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
		return storage.File{}, fmt.Errorf("cartella: scrittura: %w", err)
	}
	return scritto, nil
}

// riversa copies r into w, at most massimo bytes, and says what it was.
func riversa(ctx context.Context, w io.Writer, r io.Reader, massimo int64) (storage.File, error) {
	h := sha256.New()
	b := bufio.NewWriterSize(w, 64<<10)
	limite := max(massimo, 0)
	if limite < 1<<63-1 {
		limite++
	}
	n, err := io.Copy(io.MultiWriter(b, h), io.LimitReader(&conContesto{ctx, r}, limite))
	if err != nil {
		return storage.File{}, err
	}
	if n > max(massimo, 0) || massimo < 0 {
		return storage.File{}, storage.ErrTroppoGrande
	}
	if err := b.Flush(); err != nil {
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
	if err := a.radice.Rename(temporaneo, nome); err != nil {
		return err
	}
	return a.sincronizza(path.Dir(nome))
}

// creaCartella makes a folder and those above it durable.
func (a *Archivio) creaCartella(dir string) error {
	if _, err := a.radice.Stat(dir); err == nil {
		return nil
	}
	if err := a.radice.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("cartella: %w", err)
	}
	for {
		dir = path.Dir(dir)
		if err := a.sincronizza(dir); err != nil {
			return err
		}
		if dir == "." {
			return nil
		}
	}
}

func (a *Archivio) sincronizza(dir string) error {
	d, err := a.radice.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Apri implements storage.Archivio. The name of a file is taken only where it is
// a SHA-256 in lower-case hex; any other is ErrNonTrovata.
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
		return nil, fmt.Errorf("cartella: lettura: %w", err)
	}
	return &lettore{f: f, h: sha256.New(), atteso: impronta, ctx: ctx}, nil
}

// lettore verifies what it gives; the end of an altered file is an error.
type lettore struct {
	f      *os.File
	h      hash.Hash
	atteso string
	ctx    context.Context //nolint:containedctx // the caller's, for the reads of his file
}

func (l *lettore) Read(b []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := l.f.Read(b)
	l.h.Write(b[:n])
	if errors.Is(err, io.EOF) && hex.EncodeToString(l.h.Sum(nil)) != l.atteso {
		return n, storage.ErrCorrotto
	}
	return n, err
}

func (l *lettore) Close() error { return l.f.Close() }
