package appuntamentitest

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/appuntamenti/calendario"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// Modo is how a scripted call fails.
type Modo string

const (
	// PrimaEffetto: no effect, then an error of class Transitorio.
	PrimaEffetto Modo = "prima_effetto"
	// DopoEffetto: the effect happens, then an error of class EsitoIgnoto.
	DopoEffetto Modo = "dopo_effetto"
	// AppesoPrima: hangs until the context ends, without effect; EsitoIgnoto.
	AppesoPrima Modo = "appeso_prima"
	// AppesoDopo: the effect happens, then it hangs until the context ends; EsitoIgnoto.
	AppesoDopo Modo = "appeso_dopo"
	// BloccoPerso: on Conferma or Prolunga, the system has lost the hold: its
	// place is free, the booking is Scaduto for good, the call gives
	// ErrBloccoScaduto. On other methods, and on what is not a hold, nothing happens.
	BloccoPerso Modo = "blocco_perso"
)

// Guasto is one line of the script of a Finta: the next call of Metodo
// ("Blocca"; empty: of any method) fails so. A line is used once.
type Guasto struct {
	Metodo string
	Modo   Modo  // empty: that call works
	Errore error // instead of the error of the Modo; nil: that one
}

// Chiamata is one call that a Finta received. Modo is empty where it did not fail.
type Chiamata struct {
	Metodo   string
	Ente, ID string
	Modo     Modo
}

// Finta is a fake Agenda: the library's own calendars in memory, which follow a
// script of faults. It has every optional ability and is safe for concurrent use.
type Finta struct {
	agenda *calendario.Agenda

	mu       sync.Mutex
	copione  []Guasto
	caso     *rand.Rand
	quanto   float64
	chiamate []Chiamata
	persi    map[[2]string]bool
}

var (
	_ appuntamenti.Agenda          = (*Finta)(nil)
	_ appuntamenti.Spostatore      = (*Finta)(nil)
	_ appuntamenti.LimiteCittadino = (*Finta)(nil)
	_ appuntamenti.Esitatore       = (*Finta)(nil)
	_ appuntamenti.Elencatore      = (*Finta)(nil)
)

// NuovaFinta gives a Finta with those calendars and clock (nil: time.Now) and an
// empty script. The error tells of a calendar that Verifica refuses.
func NuovaFinta(calendari []appuntamenti.Calendario, orologio func() time.Time) (*Finta, error) {
	ricerca, err := calendario.Fissi(calendari...)
	if err != nil {
		return nil, err
	}
	a, err := calendario.New(calendario.Config{Cassetto: &cassetto.Memoria{}, Calendari: ricerca, Orologio: orologio})
	if err != nil {
		return nil, err
	}
	return &Finta{agenda: a, persi: map[[2]string]bool{}}, nil
}

// Copione appends lines to the script.
func (f *Finta) Copione(g ...Guasto) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.copione = append(f.copione, g...)
}

// Caso makes calls for which the script has nothing fail at random, with
// probability quanto (0: never), as PrimaEffetto or DopoEffetto. The same seed
// and the same order of calls give the same faults.
func (f *Finta) Caso(seme uint64, quanto float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.caso, f.quanto = rand.New(rand.NewPCG(seme, 0)), quanto
}

// Chiamate gives the calls received so far, in order.
func (f *Finta) Chiamate() []Chiamata {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.chiamate)
}

// prossimo records a call and takes its fault off the script.
func (f *Finta) prossimo(metodo, ente, id string) Guasto {
	f.mu.Lock()
	defer f.mu.Unlock()
	var g Guasto
	if i := slices.IndexFunc(f.copione, func(g Guasto) bool { return g.Metodo == "" || g.Metodo == metodo }); i >= 0 {
		g = f.copione[i]
		f.copione = slices.Delete(f.copione, i, i+1)
	} else if f.caso != nil && f.caso.Float64() < f.quanto {
		g.Modo = PrimaEffetto
		if f.caso.IntN(2) == 1 {
			g.Modo = DopoEffetto
		}
	}
	f.chiamate = append(f.chiamate, Chiamata{metodo, ente, id, g.Modo})
	return g
}

func (g Guasto) errore(c guasto.Classe, op string, causa error) error {
	if g.Errore != nil {
		return g.Errore
	}
	return guasto.Nuovo(c, op, string(g.Modo), causa)
}

// conGuasto runs one call under the script.
func conGuasto[T any](ctx context.Context, f *Finta, metodo, ente, id string, fn func() (T, error)) (T, error) {
	var niente T
	op := "appuntamenti." + metodo
	g := f.prossimo(metodo, ente, id)
	switch g.Modo {
	case PrimaEffetto:
		return niente, g.errore(guasto.Transitorio, op, nil)
	case DopoEffetto:
		if _, err := fn(); err != nil {
			return niente, err
		}
		return niente, g.errore(guasto.EsitoIgnoto, op, nil)
	case AppesoPrima:
		<-ctx.Done()
		return niente, g.errore(guasto.EsitoIgnoto, op, context.Cause(ctx))
	case AppesoDopo:
		if _, err := fn(); err != nil {
			return niente, err
		}
		<-ctx.Done()
		return niente, g.errore(guasto.EsitoIgnoto, op, context.Cause(ctx))
	case BloccoPerso:
		perso, err := f.perdi(ctx, metodo, ente, id)
		if err != nil {
			return niente, err
		}
		if perso {
			return niente, g.errore(guasto.Permanente, op, appuntamenti.ErrBloccoScaduto)
		}
	}
	return fn()
}

// perdi loses a hold, where there is one to lose.
func (f *Finta) perdi(ctx context.Context, metodo, ente, id string) (bool, error) {
	if metodo != "Conferma" && metodo != "Prolunga" {
		return false, nil
	}
	p, err := f.agenda.Leggi(ctx, ente, id)
	if err != nil || p.Stato != appuntamenti.Bloccato {
		return false, nil // the call itself will say what is wrong
	}
	if _, err := f.agenda.Annulla(ctx, ente, id); err != nil {
		return false, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.persi[[2]string{ente, id}] = true
	return true, nil
}

func (f *Finta) perso(ente, id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.persi[[2]string{ente, id}]
}

// suUna runs a call on one booking: on one that was lost nothing works any more.
func (f *Finta) suUna(ctx context.Context, metodo, ente, id string, fn func() (appuntamenti.Prenotazione, error)) (appuntamenti.Prenotazione, error) {
	return conGuasto(ctx, f, metodo, ente, id, func() (appuntamenti.Prenotazione, error) {
		if f.perso(ente, id) {
			return appuntamenti.Prenotazione{}, appuntamenti.Rifiuto("appuntamenti."+metodo, appuntamenti.ErrBloccoScaduto)
		}
		return fn()
	})
}

// Disponibili implements appuntamenti.Agenda.
func (f *Finta) Disponibili(ctx context.Context, ente, cal string, dal, al termini.Giorno) ([]appuntamenti.Fascia, error) {
	return conGuasto(ctx, f, "Disponibili", ente, cal, func() ([]appuntamenti.Fascia, error) {
		return f.agenda.Disponibili(ctx, ente, cal, dal, al)
	})
}

// Blocca implements appuntamenti.Agenda.
func (f *Finta) Blocca(ctx context.Context, p appuntamenti.Prenotazione) (appuntamenti.Prenotazione, error) {
	return conGuasto(ctx, f, "Blocca", p.Ente, p.ID, func() (appuntamenti.Prenotazione, error) {
		q, err := f.agenda.Blocca(ctx, p)
		if err == nil && f.perso(p.Ente, p.ID) {
			q.Stato = appuntamenti.Scaduto
		}
		return q, err
	})
}

// Prolunga implements appuntamenti.Agenda.
func (f *Finta) Prolunga(ctx context.Context, ente, id string, fino time.Time) (appuntamenti.Prenotazione, error) {
	return f.suUna(ctx, "Prolunga", ente, id, func() (appuntamenti.Prenotazione, error) { return f.agenda.Prolunga(ctx, ente, id, fino) })
}

// Conferma implements appuntamenti.Agenda.
func (f *Finta) Conferma(ctx context.Context, ente, id string) (appuntamenti.Prenotazione, error) {
	return f.suUna(ctx, "Conferma", ente, id, func() (appuntamenti.Prenotazione, error) { return f.agenda.Conferma(ctx, ente, id) })
}

// Annulla implements appuntamenti.Agenda. A lost hold may be cancelled.
func (f *Finta) Annulla(ctx context.Context, ente, id string) (appuntamenti.Prenotazione, error) {
	return f.annulla(ctx, "Annulla", ente, id, f.agenda.Annulla)
}

// AnnullaCittadino implements appuntamenti.LimiteCittadino.
func (f *Finta) AnnullaCittadino(ctx context.Context, ente, id string) (appuntamenti.Prenotazione, error) {
	return f.annulla(ctx, "AnnullaCittadino", ente, id, f.agenda.AnnullaCittadino)
}

func (f *Finta) annulla(ctx context.Context, metodo, ente, id string, fn func(context.Context, string, string) (appuntamenti.Prenotazione, error)) (appuntamenti.Prenotazione, error) {
	return conGuasto(ctx, f, metodo, ente, id, func() (appuntamenti.Prenotazione, error) {
		p, err := fn(ctx, ente, id)
		if err == nil {
			f.mu.Lock()
			defer f.mu.Unlock()
			delete(f.persi, [2]string{ente, id})
		}
		return p, err
	})
}

// Leggi implements appuntamenti.Agenda.
func (f *Finta) Leggi(ctx context.Context, ente, id string) (appuntamenti.Prenotazione, error) {
	return conGuasto(ctx, f, "Leggi", ente, id, func() (appuntamenti.Prenotazione, error) {
		p, err := f.agenda.Leggi(ctx, ente, id)
		if err == nil && f.perso(ente, id) {
			p.Stato = appuntamenti.Scaduto
		}
		return p, err
	})
}

// Sposta implements appuntamenti.Spostatore.
func (f *Finta) Sposta(ctx context.Context, ente, id string, fascia appuntamenti.Fascia) (appuntamenti.Prenotazione, error) {
	return f.suUna(ctx, "Sposta", ente, id, func() (appuntamenti.Prenotazione, error) { return f.agenda.Sposta(ctx, ente, id, fascia) })
}

// SpostaCittadino implements appuntamenti.LimiteCittadino.
func (f *Finta) SpostaCittadino(ctx context.Context, ente, id string, fascia appuntamenti.Fascia) (appuntamenti.Prenotazione, error) {
	return f.suUna(ctx, "SpostaCittadino", ente, id, func() (appuntamenti.Prenotazione, error) {
		return f.agenda.SpostaCittadino(ctx, ente, id, fascia)
	})
}

// Esita implements appuntamenti.Esitatore.
func (f *Finta) Esita(ctx context.Context, ente, id string, esito appuntamenti.Stato) (appuntamenti.Prenotazione, error) {
	return conGuasto(ctx, f, "Esita", ente, id, func() (appuntamenti.Prenotazione, error) { return f.agenda.Esita(ctx, ente, id, esito) })
}

// Elenca implements appuntamenti.Elencatore.
func (f *Finta) Elenca(ctx context.Context, ente, cal string, dal, al termini.Giorno) ([]appuntamenti.Prenotazione, error) {
	return conGuasto(ctx, f, "Elenca", ente, cal, func() ([]appuntamenti.Prenotazione, error) {
		return f.agenda.Elenca(ctx, ente, cal, dal, al)
	})
}
