package cartella

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"
	"time"
)

// Spazza implements storage.Spazzino. It also removes temporary files to which
// nobody wrote for a day, which a crash left behind; those are not counted.
//
// Between the answer of serve and the removal somebody may store the same
// content anew: prima should lie well in the past (a day), so that only files
// are taken which no command under way may be about to refer to. A file that
// was stored again meanwhile is young and stays.
func (a *Archivio) Spazza(ctx context.Context, ente string, prima time.Time, serve func(sha256 string) (bool, error)) (int, error) {
	dir, err := nomeCartella(ente)
	if err != nil {
		return 0, err
	}
	tolti := 0
	err = fs.WalkDir(a.radice.FS(), dir, func(nome string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // nothing stored yet, or just removed by somebody else
		}
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !d.Type().IsRegular() {
			return nil
		}
		if strings.HasPrefix(d.Name(), temporaneo) {
			_, err := a.togli(nome, a.ora().Add(-scadenzaTemporaneo))
			return err
		}
		if !formaImpronta.MatchString(d.Name()) || !a.vecchio(nome, prima) {
			return nil
		}
		si, err := serve(d.Name())
		if err != nil {
			return &erroreAltrui{err}
		}
		if si {
			return nil
		}
		fatto, err := a.togli(nome, prima)
		if fatto {
			tolti++
		}
		return err
	})
	if err != nil {
		return tolti, traduci("Spazza", err)
	}
	return tolti, nil
}

func (a *Archivio) vecchio(nome string, prima time.Time) bool {
	info, err := a.radice.Stat(nome)
	return err == nil && info.ModTime().Before(prima)
}

// togli removes the file if it is still as old.
func (a *Archivio) togli(nome string, prima time.Time) (bool, error) {
	tolto := false
	err := a.conLucchetto(path.Dir(nome), func() error {
		if !a.vecchio(nome, prima) {
			return nil
		}
		err := a.radice.Remove(nome)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		tolto = err == nil
		return err
	})
	if err != nil || !tolto {
		return false, err
	}
	return true, a.sincronizza(path.Dir(nome))
}
