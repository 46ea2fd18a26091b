// Package interno is the library's own register: the embedded default, for a
// body without a registry of its own, for demonstrations and for tests. It keeps
// its entries in a cassetto.Cassetto, whatever store lends it.
//
// What it promises, each registration being one transaction:
//   - numbers without gaps for each ente, AOO, registro and year, from 1 every
//     year (DPR 445/2000, art. 57), whoever writes at the same time;
//   - order: a later number never has an earlier date. The year is that of
//     Europe/Rome. See Config.TolleranzaOrologio for a clock that goes back;
//   - an entry never changes but in classification and assignment, each change
//     kept with its date and operator, and by annulment, which keeps the entry
//     and its mark (art. 54);
//   - the same Correlazione is registered once: after that, GiaRegistrata.
//
// An entry keeps the impronte of the documents, not the files.
package interno

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// ErrConfig is the cause of every refusal of New.
var ErrConfig = errors.New("interno: configurazione non valida")

// Config configures a Registro.
type Config struct {
	// Cassetto keeps the entries. Required. It is also the unit of uniqueness:
	// two Registro on the same Cassetto with the same AOO and Registro share one
	// series.
	Cassetto cassetto.Cassetto
	// Ente limits the register to one ente. Empty serves every ente, each with
	// its own series.
	Ente string
	// AOO is the code of the area organizzativa omogenea. Defaults to "AOO".
	AOO string
	// Registro is the code of the register, at most 16 characters. Defaults to
	// "PG" (protocollo generale).
	Registro string
	// Orologio gives the instant of registration. Defaults to time.Now.
	Orologio func() time.Time
	// TolleranzaOrologio says how far behind the last entry the clock may be. A
	// clock that goes back no further than this does not stop the register: the
	// entry takes the date of the one before it, so that numbers and dates keep
	// the same order and a year once begun is not left. Further back than this
	// nothing is registered, with class Configurazione and code
	// "orologio_indietro": either the clock is wrong now or it was wrong before,
	// and a person has to say which. Defaults to 24 hours.
	TolleranzaOrologio time.Duration
}

// Registro is the register. It implements protocollo.Registro, Cercatore,
// Lettore, Fascicolatore, Annullatore, Riclassificatore and Pinger, and is safe
// for concurrent use, also by many processes on the same store.
type Registro struct {
	cassetto      cassetto.Cassetto
	ente          string
	aoo, registro string
	orologio      func() time.Time
	tolleranza    time.Duration
}

var (
	_ protocollo.Registro         = (*Registro)(nil)
	_ protocollo.Cercatore        = (*Registro)(nil)
	_ protocollo.Lettore          = (*Registro)(nil)
	_ protocollo.Fascicolatore    = (*Registro)(nil)
	_ protocollo.Annullatore      = (*Registro)(nil)
	_ protocollo.Riclassificatore = (*Registro)(nil)
	_ protocollo.Pinger           = (*Registro)(nil)
)

// New checks c and gives the register. It has no effect on the Cassetto.
func New(c Config) (*Registro, error) {
	if c.Cassetto == nil {
		return nil, fmt.Errorf("%w: manca Cassetto", ErrConfig)
	}
	if c.AOO == "" {
		c.AOO = "AOO"
	}
	if c.Registro == "" {
		c.Registro = "PG"
	}
	if !codice(c.AOO, 64) || !codice(c.Registro, 16) || len(c.Ente) > protocollo.MassimoCodice {
		return nil, fmt.Errorf("%w: Ente, AOO o Registro", ErrConfig)
	}
	if c.Orologio == nil {
		c.Orologio = time.Now
	}
	if c.TolleranzaOrologio < 0 {
		return nil, fmt.Errorf("%w: TolleranzaOrologio negativa", ErrConfig)
	}
	if c.TolleranzaOrologio == 0 {
		c.TolleranzaOrologio = 24 * time.Hour
	}
	return &Registro{cassetto: c.Cassetto, ente: c.Ente, aoo: c.AOO, registro: c.Registro,
		orologio: c.Orologio, tolleranza: c.TolleranzaOrologio}, nil
}

// codice admits what can be part of a key and of the segnatura XML.
func codice(s string, massimo int) bool {
	if s == "" || len(s) > massimo {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// Capacita implements protocollo.Registro.
func (r *Registro) Capacita() protocollo.Capacita {
	return protocollo.Capacita{
		Cerca: true, CercaAffidabile: true, Idempotente: true,
		Fascicoli: true, FascicoliUnici: true, AllegatiNellaChiamata: true,
		Legge: true, Annulla: true, Riclassifica: true,
	}
}

// Ping implements protocollo.Pinger: it reads the Cassetto.
func (r *Registro) Ping(ctx context.Context) error {
	ente := r.ente
	if ente == "" {
		ente = "-"
	}
	return r.lettura(ctx, "protocollo.Ping", ente, func(tx cassetto.Tx) error {
		_, err := tx.Elenca(tabellaUltimo, cassetto.Intervallo{Limite: 1})
		return err
	})
}

// transazione runs fn and classifies its failure: an error of fn, or before it,
// left nothing behind; an error after fn had done may have.
func (r *Registro) transazione(ctx context.Context, op, ente string, fn func(cassetto.Tx) error) error {
	if err := r.ammetti(ctx, op, ente); err != nil {
		return err
	}
	var fatta bool
	err := r.cassetto.Transazione(ctx, ente, func(tx cassetto.Tx) error {
		fatta = false
		err := fn(tx)
		fatta = err == nil
		return err
	})
	return classifica(op, err, fatta)
}

func (r *Registro) lettura(ctx context.Context, op, ente string, fn func(cassetto.Tx) error) error {
	if err := r.ammetti(ctx, op, ente); err != nil {
		return err
	}
	return classifica(op, r.cassetto.Lettura(ctx, ente, fn), false)
}

func (r *Registro) ammetti(ctx context.Context, op, ente string) error {
	if err := guasto.DaContesto(ctx, op, false); err != nil {
		return err
	}
	if ente == "" || r.ente != "" && ente != r.ente {
		return guasto.Nuovo(guasto.Configurazione, op, "ente_non_servito", nil)
	}
	return nil
}

func classifica(op string, err error, scritta bool) error {
	var noto guasto.Classificato
	switch {
	case err == nil:
		return nil
	case scritta:
		return guasto.Nuovo(guasto.EsitoIgnoto, op, "archivio", err)
	case errors.As(err, &noto):
		return err
	case errors.Is(err, cassetto.ErrLimite):
		return guasto.Nuovo(guasto.Permanente, op, "troppo_grande", err)
	default:
		return guasto.Nuovo(guasto.Transitorio, op, "archivio", err)
	}
}
