package memoria

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// Archivio is a storage.Archivio in memory. Make it with NewArchivio. Unlike
// the others it holds every file whole.
type Archivio struct {
	// Ora is the clock that says how old a file is. Defaults to time.Now.
	Ora func() time.Time
	// Guasto scripts failures as Store.Guasto does, for "Scrivi", "Apri", "Spazza".
	Guasto func(operazione string) error

	mu   sync.Mutex
	file map[chiave]contenuto
}

type contenuto struct {
	byte   []byte // never changed once stored
	quando time.Time
}

var (
	_ storage.Archivio = (*Archivio)(nil)
	_ storage.Spazzino = (*Archivio)(nil)
)

// NewArchivio gives an empty Archivio.
func NewArchivio() *Archivio { return &Archivio{file: map[chiave]contenuto{}} }

func (a *Archivio) esegui(ctx context.Context, operazione string, fn func() error) error {
	guasto := a.Guasto
	if guasto == nil {
		guasto = func(string) error { return nil }
	}
	if err := guasto(operazione); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := fn(); err != nil {
		return err
	}
	return guasto(operazione + "/dopo")
}

func (a *Archivio) ora() time.Time {
	if a.Ora == nil {
		return time.Now()
	}
	return a.Ora()
}

// Scrivi implements storage.Archivio.
func (a *Archivio) Scrivi(ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error) {
	var f storage.File
	err := a.esegui(ctx, "Scrivi", func() error {
		if err := proiezione.Nomi(ente, "-"); err != nil {
			return err
		}
		if massimo < 0 {
			return storage.ErrTroppoGrande
		}
		b, err := io.ReadAll(io.LimitReader(r, massimo))
		if err != nil {
			return err
		}
		if n, err := io.CopyN(io.Discard, r, 1); n > 0 {
			return storage.ErrTroppoGrande
		} else if !errors.Is(err, io.EOF) {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		h := sha256.Sum256(b)
		f = storage.File{SHA256: hex.EncodeToString(h[:]), Dimensione: int64(len(b))}
		a.mu.Lock()
		defer a.mu.Unlock()
		a.file[chiave{ente, f.SHA256}] = contenuto{b, a.ora()}
		return nil
	})
	if err != nil {
		return storage.File{}, err
	}
	return f, nil
}

// Apri implements storage.Archivio.
func (a *Archivio) Apri(ctx context.Context, ente, sha256 string) (io.ReadCloser, error) {
	var c contenuto
	err := a.esegui(ctx, "Apri", func() error {
		a.mu.Lock()
		defer a.mu.Unlock()
		var ok bool
		if c, ok = a.file[chiave{ente, sha256}]; !ok {
			return storage.ErrNonTrovata
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(c.byte)), nil
}

// Spazza implements storage.Spazzino. serve may call back into the Archivio.
func (a *Archivio) Spazza(ctx context.Context, ente string, prima time.Time, serve func(sha256 string) (bool, error)) (int, error) {
	tolti := 0
	err := a.esegui(ctx, "Spazza", func() error {
		for _, k := range a.vecchi(ente, prima) {
			if err := ctx.Err(); err != nil {
				return err
			}
			si, err := serve(k.id)
			if err != nil {
				return err
			}
			if !si && a.togli(k, prima) {
				tolti++
			}
		}
		return nil
	})
	return tolti, err
}

func (a *Archivio) vecchi(ente string, prima time.Time) []chiave {
	a.mu.Lock()
	defer a.mu.Unlock()
	var vecchi []chiave
	for k, c := range a.file {
		if k.ente == ente && c.quando.Before(prima) {
			vecchi = append(vecchi, k)
		}
	}
	return vecchi
}

// togli removes the file unless it was written again meanwhile.
func (a *Archivio) togli(k chiave, prima time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	c, ok := a.file[k]
	if !ok || !c.quando.Before(prima) {
		return false
	}
	delete(a.file, k)
	return true
}
