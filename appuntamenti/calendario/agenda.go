// Package calendario is the library's own Agenda (booking port): calendars
// configured by the ente, bookings kept in the drawer that a store lends
// (package cassetto).
//
// Every change is one transaction of the drawer, in which the places taken are
// counted and the new one is written: no more bookings than places, and no
// second active booking for a riferimento, whatever the number of processes.
//
// # Choices where the port leaves one
//
//   - An expired hold that is confirmed or prolonged takes its place again if the
//     slot is still offered, still free and has not begun, and the riferimento has
//     no other active booking; otherwise ErrBloccoScaduto (ErrTroppoTardi once begun).
//   - Disponibili also gives full slots, with Liberi 0, so that a page can show them.
//   - A calendar that changes leaves its bookings as they are. Their places are
//     counted by instants, so a new length of the slots, or a new opening in place
//     of the old, does not overbook.
//   - Annulla and Sposta act for the ente, AnnullaCittadino and SpostaCittadino
//     apply the limits; which to call is decided by who authorises the caller.
//
// Processes that share a drawer must agree on the time within the shortest hold.
package calendario

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// Ricerca finds a calendar of an ente; appuntamenti.ErrCalendarioIgnoto where
// there is none. It is called outside any transaction, once or twice per call of
// the Agenda, from any goroutine. The calendar is checked at each use: one that
// Verifica refuses is a failure of class Configurazione.
type Ricerca func(ctx context.Context, ente, calendario string) (appuntamenti.Calendario, error)

// Config is what New needs.
type Config struct {
	// Cassetto keeps the bookings. Required.
	Cassetto cassetto.Cassetto
	// Calendari finds the calendars; Fissi makes one from a list. Required.
	Calendari Ricerca
	// Orologio gives the present instant. Defaults to time.Now.
	Orologio func() time.Time
}

// Agenda is an appuntamenti.Agenda with every optional ability. It is safe for
// concurrent use, keeps nothing in memory and starts no goroutine.
type Agenda struct {
	cassetto  cassetto.Cassetto
	calendari Ricerca
	orologio  func() time.Time
}

var (
	_ appuntamenti.Agenda          = (*Agenda)(nil)
	_ appuntamenti.Spostatore      = (*Agenda)(nil)
	_ appuntamenti.LimiteCittadino = (*Agenda)(nil)
	_ appuntamenti.Esitatore       = (*Agenda)(nil)
	_ appuntamenti.Elencatore      = (*Agenda)(nil)
)

// ErrConfig is the error of New for a Config that lacks something.
var ErrConfig = errors.New("calendario: configurazione incompleta")

// New builds an Agenda.
func New(c Config) (*Agenda, error) {
	switch {
	case c.Cassetto == nil:
		return nil, fmt.Errorf("%w: Cassetto", ErrConfig)
	case c.Calendari == nil:
		return nil, fmt.Errorf("%w: Calendari", ErrConfig)
	}
	if c.Orologio == nil {
		c.Orologio = time.Now
	}
	return &Agenda{cassetto: c.Cassetto, calendari: c.Calendari, orologio: c.Orologio}, nil
}

// Fissi makes a Ricerca from a list that does not change. The error joins what
// Verifica says of each calendar, and tells of an id used twice in an ente.
func Fissi(calendari ...appuntamenti.Calendario) (Ricerca, error) {
	type id struct{ ente, calendario string }
	m := make(map[id]appuntamenti.Calendario, len(calendari))
	var errs []error
	for _, c := range calendari {
		if err := c.Verifica(); err != nil {
			errs = append(errs, fmt.Errorf("calendario %q: %w", c.ID, err))
		}
		if _, doppio := m[id{c.Ente, c.ID}]; doppio {
			errs = append(errs, fmt.Errorf("calendario %q: %w", c.ID, appuntamenti.ErrIDUsato))
		}
		m[id{c.Ente, c.ID}] = c
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return func(_ context.Context, ente, calendario string) (appuntamenti.Calendario, error) {
		c, ok := m[id{ente, calendario}]
		if !ok {
			return appuntamenti.Calendario{}, appuntamenti.ErrCalendarioIgnoto
		}
		return c, nil
	}, nil
}

func (a *Agenda) ora() time.Time { return a.orologio().UTC().Round(0) }

// calendario finds and checks a calendar, defaults applied.
func (a *Agenda) calendario(ctx context.Context, op, ente, id string) (appuntamenti.Calendario, error) {
	if !appuntamenti.IDValido(ente) || !appuntamenti.IDValido(id) {
		return appuntamenti.Calendario{}, appuntamenti.Rifiuto(op, appuntamenti.ErrNonValida)
	}
	c, err := a.calendari(ctx, ente, id)
	if err == nil && (c.ID != id || c.Ente != ente) {
		err = appuntamenti.ErrCalendarioIgnoto
	}
	if err != nil {
		return appuntamenti.Calendario{}, classifica(op, err, false)
	}
	if err := c.Verifica(); err != nil {
		return appuntamenti.Calendario{}, guasto.Nuovo(guasto.Configurazione, op, "calendario_non_valido", err)
	}
	return c.ConPredefiniti(), nil
}

// classifica gives an error its class: what is classified stays, a refusal is
// Permanente, and a failure of the drawer is Transitorio if nothing was being
// written, EsitoIgnoto otherwise.
func classifica(op string, err error, scrive bool) error {
	var c guasto.Classificato
	switch {
	case err == nil:
		return nil
	case errors.As(err, &c):
		return err
	case appuntamenti.EUnRifiuto(err):
		return appuntamenti.Rifiuto(op, err)
	case scrive:
		return guasto.Nuovo(guasto.EsitoIgnoto, op, "cassetto", err)
	default:
		return guasto.Nuovo(guasto.Transitorio, op, "lettura", err)
	}
}

// transazione runs fn in the drawer and classifies what comes of it.
func (a *Agenda) transazione(ctx context.Context, op, ente string, fn func(r registro) error) error {
	if err := guasto.DaContesto(ctx, op, false); err != nil {
		return err
	}
	return classifica(op, a.cassetto.Transazione(ctx, ente, func(tx cassetto.Tx) error {
		return fn(registro{tx: tx, ora: a.ora()})
	}), true)
}

// lettura is transazione without writing.
func (a *Agenda) lettura(ctx context.Context, op, ente string, fn func(r registro) error) error {
	return classifica(op, a.cassetto.Lettura(ctx, ente, func(tx cassetto.Tx) error {
		return fn(registro{tx: tx, ora: a.ora()})
	}), false)
}
