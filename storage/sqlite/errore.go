package sqlite

import (
	"context"
	"errors"
	"fmt"

	driver "modernc.org/sqlite"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
)

// Primary result codes of SQLite (sqlite.org/rescode.html).
const (
	codErrore      = 1
	codPermesso    = 3
	codOccupata    = 5
	codBloccata    = 6
	codSolaLett    = 8
	codLetturaScr  = 10
	codCorrotta    = 11
	codPiena       = 13
	codNonApribile = 14
	codVincolo     = 19
	codNonBase     = 26
	// codMemoria is an extended code: no room for the file of shared memory (-shm).
	codMemoria = codLetturaScr | 19<<8
)

// traduci says what an error of the database means: ctx's own error where the
// caller gave up, storage.ErrCorrotto for a damaged file, a classified failure
// for a file that is busy, read-only or full.
func traduci(ctx context.Context, operazione string, err error) error {
	if err == nil {
		return nil
	}
	op := "sqlite." + operazione
	if c := ctx.Err(); c != nil {
		return fmt.Errorf("%s: %w", op, c)
	}
	if esteso(err) == codMemoria {
		return guasto.Nuovo(guasto.Configurazione, op, "disco_pieno", err)
	}
	switch codice(err) {
	case codOccupata, codBloccata:
		return guasto.Nuovo(guasto.Transitorio, op, "occupata", err)
	case codPermesso, codSolaLett:
		return guasto.Nuovo(guasto.Configurazione, op, "sola_lettura", err)
	case codNonApribile:
		return guasto.Nuovo(guasto.Configurazione, op, "non_apribile", err)
	case codPiena:
		return guasto.Nuovo(guasto.Configurazione, op, "disco_pieno", err)
	case codLetturaScr:
		return guasto.Nuovo(guasto.EsitoIgnoto, op, "disco", err)
	case codCorrotta, codNonBase:
		return fmt.Errorf("%s: %w: %w", op, storage.ErrCorrotto, err)
	case codVincolo:
		return fmt.Errorf("%s: %w: %w", op, storage.ErrNonValido, err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

// codice gives the primary result code, 0 for other errors.
func codice(err error) int { return esteso(err) & 0xff }

func esteso(err error) int {
	var e *driver.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}
