package cartella

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

// massimoErrori is how many files an error of Riavvolgi names.
const massimoErrori = 8

// Riavvolgi implements storage.Riavvolgitore, for all enti. Without a Busta it
// does nothing. Of a sealed file it changes the head and copies the rest as it
// is; each file is written aside, flushed and renamed, and keeps its time of
// last change, so that for Spazza it is as old as before. A file that is stored
// or removed meanwhile is left as it then is. The disk must have room for one
// more copy of the largest file.
//
// Files that cannot be re-wrapped (altered, under a key that the ring does not
// have, not sealed where the Busta does not admit it) are passed over, and the
// error says how many there are and names the first; every other failure stops
// it. What was done stays done: called again, it goes on where it was.
//
// A Scrivi that began before the active key changed may end after Riavvolgi
// passed by: call it once more when those are over.
func (a *Archivio) Riavvolgi(ctx context.Context) (int, error) {
	if a.busta == nil {
		return 0, nil
	}
	fatti, mancati := 0, 0
	var errori []error
	err := fs.WalkDir(a.radice.FS(), ".", func(nome string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // just removed by somebody else
		}
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		ente, ok := enteDi(nome)
		if !ok || !d.Type().IsRegular() {
			return nil
		}
		fatto, err := a.riavvolgiFile(ctx, ente, nome)
		if fatto {
			fatti++
		}
		if !sospetto(err) && !errors.Is(err, storage.ErrCorrotto) {
			return err
		}
		if mancati++; mancati <= massimoErrori {
			errori = append(errori, fmt.Errorf("%s: %w", nome, traduci("Riavvolgi", err)))
		}
		return nil
	})
	if mancati > 0 {
		err = errors.Join(traduci("Riavvolgi", err), fmt.Errorf("cartella.Riavvolgi: %d file non riavvolti: %w", mancati, errors.Join(errori...)))
		return fatti, err
	}
	return fatti, traduci("Riavvolgi", err)
}

// riavvolgiFile says whether it replaced the file.
func (a *Archivio) riavvolgiFile(ctx context.Context, ente, nome string) (bool, error) {
	for { // until nobody stored it meanwhile
		f, err := a.radice.Open(nome)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		esito, err := a.riavvolgiAperto(ctx, ente, nome, f)
		err = errors.Join(err, f.Close())
		if err != nil || esito != superato {
			return esito == riavvolto, err
		}
	}
}

// esito is what became of a file.
type esito int

const (
	immutato esito = iota
	riavvolto
	superato // somebody stored or removed it
)

func (a *Archivio) riavvolgiAperto(ctx context.Context, ente, nome string, f *os.File) (esito, error) {
	prima, err := f.Stat()
	if err != nil {
		return immutato, err
	}
	scrivi, err := a.nuovaForma(ctx, ente, path.Base(nome), f)
	if err != nil || scrivi == nil {
		return immutato, err
	}
	e := immutato
	err = a.aParte(path.Dir(path.Dir(nome)), scrivi, func(temporaneo string) error {
		err := a.conLucchetto(path.Dir(nome), func() error {
			ora, err := a.radice.Lstat(nome)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			if err != nil || !os.SameFile(prima, ora) || !ora.ModTime().Equal(prima.ModTime()) {
				e = superato
				return nil
			}
			if err := a.radice.Rename(temporaneo, nome); err != nil {
				return err
			}
			e = riavvolto
			// After the renaming: a temporary file that looks old would be swept.
			return a.radice.Chtimes(nome, time.Time{}, prima.ModTime())
		})
		if err != nil || e != riavvolto {
			return err
		}
		return a.sincronizza(path.Dir(nome))
	})
	return e, err
}

// nuovaForma gives what writes the file as it should be, nil where it is so.
func (a *Archivio) nuovaForma(ctx context.Context, ente, impronta string, f *os.File) (func(io.Writer) error, error) {
	testa := make([]byte, busta.MassimaTesta)
	n, err := io.ReadFull(f, testa)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	var nuova []byte
	var cambiata bool
	lunga, err := busta.LunghezzaTesta(testa[:n])
	if err == nil {
		nuova, cambiata, err = a.busta.RiavvolgiTesta(ctx, ente, contesto, testa[:lunga])
	}
	switch {
	case sospetto(err):
		if err := a.inChiaro(ctx, impronta, f, err); err != nil {
			return nil, err
		}
		return func(w io.Writer) error { return a.sigilla(ctx, ente, f, w) }, nil
	case err != nil || !cambiata:
		return nil, err
	}
	return func(w io.Writer) error {
		if _, err := f.Seek(int64(lunga), io.SeekStart); err != nil {
			return err
		}
		if _, err := w.Write(nuova); err != nil {
			return err
		}
		_, err := io.Copy(w, &conContesto{ctx, f})
		return err
	}, nil
}

func (a *Archivio) sigilla(ctx context.Context, ente string, f *os.File, w io.Writer) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	s, err := a.busta.Scrittore(ctx, ente, contesto, w)
	if err != nil {
		return err
	}
	if _, err := io.Copy(s, &conContesto{ctx, f}); err != nil {
		return err
	}
	return s.Close()
}
