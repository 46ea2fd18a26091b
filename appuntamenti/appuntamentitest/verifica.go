// Package appuntamentitest says whether an appuntamenti.Agenda keeps its
// promises, and lends a fake one (Finta) that fails on demand.
//
// Whoever writes an adapter calls Verifica from a test. Only tests import this
// package.
package appuntamentitest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Fabbrica makes an Agenda that offers exactly these calendars, has no booking
// and takes the time from o. It is called once per check, from any goroutine.
type Fabbrica func(calendari []appuntamenti.Calendario, o *Orologio) (appuntamenti.Agenda, error)

// ErrNonApplicabile is what a Prova gives when the Agenda lacks the optional
// interface that it checks.
var ErrNonApplicabile = errors.New("appuntamentitest: capacità facoltativa assente")

// Prova is one check of the contract. Esegui gives nil, what is wrong, or
// ErrNonApplicabile.
type Prova struct {
	Nome   string
	Esegui func(ctx context.Context, f Fabbrica) error
}

// Prove gives every check.
func Prove() []Prova {
	tutte := []struct {
		nome string
		fn   func(b *banco) error
	}{
		{"disponibili", disponibili},
		{"blocco", blocco},
		{"limiti", limiti},
		{"rifiuti", rifiuti},
		{"contesto", contesto},
		{"capienza_concorrente", capienzaConcorrente},
		{"ripresa_concorrente", ripresaConcorrente},
		{"idempotenza", idempotenza},
		{"idempotenza_concorrente", idempotenzaConcorrente},
		{"scadenza", scadenza},
		{"conferma_scaduta", confermaScaduta},
		{"prolunga", prolunga},
		{"riferimento", riferimento},
		{"riferimento_concorrente", riferimentoConcorrente},
		{"enti", enti},
		{"annullo", annullo},
		{"ora_legale", oraLegale},
		{"ora_solare", oraSolare},
		{"sposta", sposta},
		{"sposta_concorrente", spostaConcorrente},
		{"limite_cittadino", limiteCittadino},
		{"esita", esita},
		{"elenca", elenca},
	}
	prove := make([]Prova, 0, len(tutte))
	for _, p := range tutte {
		prove = append(prove, Prova{Nome: p.nome, Esegui: func(ctx context.Context, f Fabbrica) error {
			b, err := nuovoBanco(ctx, f)
			if err != nil {
				return err
			}
			return p.fn(b)
		}})
	}
	return prove
}

// Verifica runs every check as a parallel subtest; what the Agenda does not
// implement is skipped and says so. A check that takes more than a minute fails.
func Verifica(t *testing.T, f Fabbrica) {
	t.Helper()
	for _, p := range Prove() {
		t.Run(p.Nome, func(t *testing.T) {
			t.Parallel()
			ctx, chiudi := context.WithTimeout(t.Context(), time.Minute)
			defer chiudi()
			err := p.Esegui(ctx, f)
			if errors.Is(err, ErrNonApplicabile) {
				t.Skip(err)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// Two enti have a calendar with the same id. It is Monday, eight in the morning.
const (
	enteA, enteB = "c_a001", "c_b002"
	anagrafe     = "anagrafe"
	mattina      = "mattina"
	notte        = "notte"
	capienza     = 3
)

func adesso() time.Time { return time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC) }

// lunedi is a week later, a day that every check finds empty.
func lunedi() termini.Giorno { return termini.Giorno{Anno: 2026, Mese: 3, Giorno: 9} }

func calendari() []appuntamenti.Calendario {
	c := appuntamenti.Calendario{
		ID: anagrafe, Ente: enteA, Titolo: "Anagrafe", Luogo: "Piazza Municipio 1",
		AnticipoMinimo: 2 * time.Hour, GiorniMassimi: 60, GiorniAnnullo: 3, DurataBlocco: 10 * time.Minute,
		Aperture: []appuntamenti.Apertura{
			{ID: mattina, Giorni: []time.Weekday{time.Monday, time.Wednesday}, Inizio: "09:00", Fine: "12:00", Minuti: 30, Intervallo: 10, Capienza: capienza},
			{ID: notte, Giorni: []time.Weekday{time.Sunday}, Inizio: "00:00", Fine: "05:00", Minuti: 30, Capienza: 1},
		},
		Chiusure: []appuntamenti.Chiusura{appuntamenti.ChiusuraGiorni(chiuso(), chiuso(), "Festa patronale")},
	}
	altro := c
	altro.Ente = enteB
	return []appuntamenti.Calendario{c, altro}
}

// chiuso is a Wednesday without appointments.
func chiuso() termini.Giorno { return termini.Giorno{Anno: 2026, Mese: 3, Giorno: 11} }

// banco is what a check works with.
type banco struct {
	ctx      context.Context // lives as long as one check
	agenda   appuntamenti.Agenda
	orologio *Orologio
}

func nuovoBanco(ctx context.Context, f Fabbrica) (*banco, error) {
	o := NuovoOrologio(adesso())
	a, err := f(calendari(), o)
	if err != nil {
		return nil, fmt.Errorf("fabbrica: %w", err)
	}
	return &banco{ctx: ctx, agenda: a, orologio: o}, nil
}

// fasce gives the slots of a day, as the calendar says.
func fasce(g termini.Giorno) []appuntamenti.Fascia { return appuntamenti.Fasce(calendari()[0], g, g) }

// richiesta asks for slot n of the Monday.
func richiesta(id string, n int) appuntamenti.Prenotazione {
	f := fasce(lunedi())[n]
	return appuntamenti.Prenotazione{ID: id, Ente: enteA, Calendario: f.Calendario, Apertura: f.Apertura, Inizio: f.Inizio, Fine: f.Fine}
}

func (b *banco) blocca(id string, n int) error {
	_, err := b.agenda.Blocca(b.ctx, richiesta(id, n))
	return con(err, "Blocca "+id)
}

// riempi takes n places of a slot.
func (b *banco) riempi(prefisso string, n, posti int) error {
	for i := range posti {
		if err := b.blocca(fmt.Sprint(prefisso, i), n); err != nil {
			return err
		}
	}
	return nil
}

// liberi gives the free places of slot n of the Monday; none if it is left out.
func (b *banco) liberi(ente string, n int) (int, error) {
	elenco, err := b.agenda.Disponibili(b.ctx, ente, anagrafe, lunedi(), lunedi())
	if err != nil {
		return 0, con(err, "Disponibili")
	}
	atteso := fasce(lunedi())[n]
	for _, f := range elenco {
		if f.Stessa(atteso) {
			return f.Liberi, nil
		}
	}
	return 0, nil
}

func (b *banco) attendiLiberi(n, posti int, quando string) error {
	l, err := b.liberi(enteA, n)
	if err == nil && l != posti {
		err = fmt.Errorf("%s: posti liberi %d, attesi %d", quando, l, posti)
	}
	return err
}

func (b *banco) attendiStato(id string, s appuntamenti.Stato, quando string) error {
	p, err := b.agenda.Leggi(b.ctx, enteA, id)
	if err == nil && p.Stato != s {
		err = fmt.Errorf("stato %q, atteso %q", p.Stato, s)
	}
	return con(err, quando+": Leggi "+id)
}

// rifiutato checks that err is one of the refusals, of class Permanente.
func rifiutato(err error, cosa string, attesi ...error) error {
	for _, a := range attesi {
		if errors.Is(err, a) {
			if c := guasto.Di(err); c != guasto.Permanente {
				return fmt.Errorf("%s: un rifiuto di classe %q, attesa %q", cosa, c, guasto.Permanente)
			}
			return nil
		}
	}
	return fmt.Errorf("%s: errore %v, atteso %v", cosa, err, attesi) //nolint:errorlint // err may be nil, and a wrong refusal must not match as a right one
}

// con puts what was being done before an error.
func con(err error, cosa string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", cosa, err)
}

// primo gives the first error.
func primo(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
