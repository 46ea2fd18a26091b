package cartella

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"syscall"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

// traduci says what an error of the disk or of a Busta means: a classified
// failure for a disk that is full, read-only or not ours, storage.ErrCorrotto
// for what is not what was written. What the caller's reader says stays as it is.
func traduci(operazione string, err error) error {
	op := "cartella." + operazione
	var suo *erroreAltrui
	var detto guasto.Classificato
	switch {
	case err == nil:
		return nil
	case errors.As(err, &suo):
	case errors.Is(err, busta.ErrAlterata):
		return fmt.Errorf("%s: %w: %w", op, storage.ErrCorrotto, err)
	case errors.As(err, &detto): // by a key ring
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return guasto.Nuovo(guasto.Configurazione, op, "disco_pieno", err)
	case errors.Is(err, syscall.EROFS):
		return guasto.Nuovo(guasto.Configurazione, op, "sola_lettura", err)
	case errors.Is(err, fs.ErrPermission):
		return guasto.Nuovo(guasto.Configurazione, op, "permesso", err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

// altrui marks the errors of the caller's reader: another disk than this one may
// be full.
type altrui struct{ r io.Reader }

func (a altrui) Read(b []byte) (int, error) {
	n, err := a.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &erroreAltrui{err}
	}
	return n, err
}

type erroreAltrui struct{ causa error }

func (e *erroreAltrui) Error() string { return e.causa.Error() }
func (e *erroreAltrui) Unwrap() error { return e.causa }
