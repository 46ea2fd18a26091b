package postgres

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
)

// States of PostgreSQL (postgresql.org/docs/current/errcodes-appendix.html).
const (
	statoSerializzazione = "40001"
	statoStallo          = "40P01"
	statoDoppione        = "23505"
)

// States that registra() fails with.
const (
	statoUnico        = "PR001"
	statoPrenotazione = "PR002"
)

var errConnessione = errors.New("connessione interrotta")

// causa is an error of the server without its texts: they repeat values, and
// with them personal data.
type causa struct{ stato string }

func (c causa) Error() string { return "SQLSTATE " + c.stato }

// SQLState gives the five characters of the state.
func (c causa) SQLState() string { return c.stato }

// stato gives the state of an error of the server, "" for other errors.
func stato(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// contesa: two transactions met and this one gave way. Nothing was done.
func contesa(err error) bool {
	s := stato(err)
	return s == statoSerializzazione || s == statoStallo
}

// traduci says what an error means: ctx's own error where the caller gave up, a
// storage error for data that are refused or damaged, a classified failure for
// the rest. forse says that the statement may have been carried out although
// the answer is missing.
func traduci(ctx context.Context, operazione string, err error, forse bool) error {
	if err == nil {
		return nil
	}
	op := "postgres." + operazione
	if c := ctx.Err(); c != nil {
		return fmt.Errorf("%s: %w", op, c)
	}
	if s := stato(err); s != "" {
		return traduciStato(op, s, forse)
	}
	if errors.Is(err, puddle.ErrClosedPool) {
		return fmt.Errorf("%s: %w", op, errChiuso)
	}
	classe := guasto.Transitorio
	if forse {
		classe = guasto.EsitoIgnoto
	}
	if pgconn.Timeout(err) || errors.Is(err, context.DeadlineExceeded) {
		return guasto.Nuovo(classe, op, "tempo_scaduto", context.DeadlineExceeded)
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return guasto.Nuovo(classe, op, "connessione", errno)
	}
	return guasto.Nuovo(classe, op, "connessione", errConnessione)
}

// locale says what an error of our side of a sound connection means: an answer
// that cannot be read, or a value that cannot be sent.
func locale(operazione string, err error) error {
	var lettura pgx.ScanArgError
	if errors.As(err, &lettura) || errors.Is(err, storage.ErrCorrotto) {
		return fmt.Errorf("postgres.%s: %w", operazione, storage.ErrCorrotto)
	}
	return fmt.Errorf("postgres.%s: %w: valore fuori dai limiti", operazione, storage.ErrNonValido)
}

// traduciStato reads what the server said: but for the states of its end, it
// did nothing.
func traduciStato(op, s string, forse bool) error {
	dice := func(c guasto.Classe, codice string) error { return guasto.Nuovo(c, op, codice, causa{s}) }
	switch s {
	case statoSerializzazione, statoStallo, "55P03":
		return dice(guasto.Transitorio, "occupata")
	case "57014", "25P03", "57P05":
		return dice(guasto.Transitorio, "tempo_scaduto")
	case "53100":
		return dice(guasto.Configurazione, "disco_pieno")
	case "25006":
		return dice(guasto.Configurazione, "sola_lettura")
	case "58030":
		return dice(guasto.EsitoIgnoto, "disco")
	case "57P03", "55000": // the database opens, or is closed to connections
		return dice(guasto.Transitorio, "non_pronta")
	case "42501":
		return dice(guasto.Configurazione, "accesso")
	}
	switch s[:2] {
	case "53": // resources
		return dice(guasto.Transitorio, "risorse")
	case "08", "57":
		if forse {
			return dice(guasto.EsitoIgnoto, "connessione")
		}
		return dice(guasto.Transitorio, "connessione")
	case "28", "3D":
		return dice(guasto.Configurazione, "accesso")
	case "3F", "42": // tables that are not there, or others
		return dice(guasto.Configurazione, "schema")
	case "22", "23", "54":
		return fmt.Errorf("%s: %w: %w", op, storage.ErrNonValido, causa{s})
	case "XX":
		return fmt.Errorf("%s: %w: %w", op, storage.ErrCorrotto, causa{s})
	}
	return fmt.Errorf("%s: %w", op, causa{s})
}
