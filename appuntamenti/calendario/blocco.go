package calendario

import (
	"context"
	"errors"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
)

// Blocca implements appuntamenti.Agenda.
func (a *Agenda) Blocca(ctx context.Context, p appuntamenti.Prenotazione) (appuntamenti.Prenotazione, error) {
	const op = "appuntamenti.Blocca"
	if err := p.Verifica(); err != nil {
		return appuntamenti.Prenotazione{}, appuntamenti.Rifiuto(op, err)
	}
	// A repeated request is answered before anything that may have changed since
	// (the calendar, the notice) is looked at.
	var esito appuntamenti.Prenotazione
	err := a.lettura(ctx, op, p.Ente, func(r registro) (err error) {
		esito, err = r.ripetuta(p)
		return err
	})
	if err == nil || !errors.Is(err, appuntamenti.ErrNonTrovata) {
		return esito, err
	}
	c, err := a.calendario(ctx, op, p.Ente, p.Calendario)
	if err != nil {
		return appuntamenti.Prenotazione{}, err
	}
	err = a.transazione(ctx, op, p.Ente, func(r registro) (err error) {
		esito, err = r.ripetuta(p)
		if !errors.Is(err, appuntamenti.ErrNonTrovata) {
			return err
		}
		esito, err = r.blocca(c, p)
		return err
	})
	if err != nil {
		return appuntamenti.Prenotazione{}, err
	}
	return esito, nil
}

// ripetuta gives the booking that already has the id of p, if it is the same
// request: ErrNonTrovata if there is none, ErrIDUsato if it is another.
func (r registro) ripetuta(p appuntamenti.Prenotazione) (appuntamenti.Prenotazione, error) {
	v, err := r.leggi(p.ID)
	if err != nil {
		return v, err
	}
	// A booking that was moved meanwhile is recognised by its riferimento alone.
	stesso := v.Spostamenti > 0 || v.Calendario == p.Calendario && v.Apertura == p.Apertura &&
		v.Inizio.Equal(p.Inizio) && (p.Fine.IsZero() || v.Fine.Equal(p.Fine))
	if !stesso || v.Riferimento != p.Riferimento {
		return appuntamenti.Prenotazione{}, appuntamenti.ErrIDUsato
	}
	return v, nil
}

func (r registro) blocca(c appuntamenti.Calendario, p appuntamenti.Prenotazione) (appuntamenti.Prenotazione, error) {
	var nessuna appuntamenti.Prenotazione
	f, err := r.fascia(c, p.Fascia(), !p.FuoriTermini)
	if err != nil {
		return nessuna, err
	}
	n := appuntamenti.Prenotazione{
		ID: p.ID, Ente: p.Ente, Calendario: c.ID, Apertura: f.Apertura, Inizio: f.Inizio, Fine: f.Fine,
		Riferimento: p.Riferimento, Stato: appuntamenti.Bloccato, FuoriTermini: p.FuoriTermini,
	}
	if p.ScadenzaBlocco.IsZero() {
		p.ScadenzaBlocco = r.ora.Add(c.DurataBlocco)
	}
	n.ScadenzaBlocco = primo(p.ScadenzaBlocco, n.Inizio)
	if !n.ScadenzaBlocco.After(r.ora) {
		return nessuna, appuntamenti.ErrNonValida
	}
	if err := r.unica(n); err != nil {
		return nessuna, err
	}
	if err := r.occupa(c, f, n.ID); err != nil {
		return nessuna, err
	}
	return n, r.scrivi(nessuna, n)
}

// fascia finds the slot in the calendar and checks that it may be booked now:
// always in the future, within the terms if entroTermini.
func (r registro) fascia(c appuntamenti.Calendario, f appuntamenti.Fascia, entroTermini bool) (appuntamenti.Fascia, error) {
	f, err := appuntamenti.Trova(c, f.Apertura, f.Inizio, f.Fine)
	switch {
	case err != nil:
		return f, err
	case !f.Inizio.After(r.ora):
		return f, appuntamenti.ErrTroppoTardi
	case entroTermini:
		return f, c.Prenotabile(f.Inizio, r.ora)
	default:
		return f, nil
	}
}

// primo gives the earlier of two instants, in UTC.
func primo(a, b time.Time) time.Time {
	if b.Before(a) {
		a = b
	}
	return a.UTC().Round(0)
}

// Prolunga implements appuntamenti.Agenda.
func (a *Agenda) Prolunga(ctx context.Context, ente, id string, fino time.Time) (appuntamenti.Prenotazione, error) {
	const op = "appuntamenti.Prolunga"
	return a.cambia(ctx, op, ente, id, func(r registro, p *appuntamenti.Prenotazione, riprendi func() error) error {
		scadenza := primo(fino, p.Inizio)
		switch p.Stato {
		case appuntamenti.Confermato:
			return nil
		case appuntamenti.Bloccato:
			if scadenza.After(p.ScadenzaBlocco) {
				p.ScadenzaBlocco = scadenza
			}
			return nil
		case appuntamenti.Scaduto:
			if !fino.After(r.ora) {
				return appuntamenti.ErrBloccoScaduto
			}
			if err := riprendi(); err != nil {
				return err
			}
			p.Stato, p.ScadenzaBlocco = appuntamenti.Bloccato, scadenza
			return nil
		default:
			return appuntamenti.ErrStato
		}
	})
}

// Conferma implements appuntamenti.Agenda.
func (a *Agenda) Conferma(ctx context.Context, ente, id string) (appuntamenti.Prenotazione, error) {
	const op = "appuntamenti.Conferma"
	return a.cambia(ctx, op, ente, id, func(r registro, p *appuntamenti.Prenotazione, riprendi func() error) error {
		switch p.Stato {
		case appuntamenti.Confermato, appuntamenti.Svolto, appuntamenti.Assente:
			return nil
		case appuntamenti.Bloccato:
			// A live hold never outlasts the beginning of its slot.
			p.Stato = appuntamenti.Confermato
			return nil
		case appuntamenti.Scaduto:
			if err := riprendi(); err != nil {
				return err
			}
			p.Stato = appuntamenti.Confermato
			return nil
		default:
			return appuntamenti.ErrStato
		}
	})
}

// errServeCalendario leaves a transaction to look the calendar up outside it.
var errServeCalendario = errors.New("calendario: serve il calendario")

// cambia runs a change of one booking in a transaction. fn changes p, or calls
// riprendi first to take again the place of an expired hold; what is equal to
// before is not written.
func (a *Agenda) cambia(ctx context.Context, op, ente, id string, fn func(r registro, p *appuntamenti.Prenotazione, riprendi func() error) error) (appuntamenti.Prenotazione, error) {
	if !appuntamenti.IDValido(ente) {
		return appuntamenti.Prenotazione{}, appuntamenti.Rifiuto(op, appuntamenti.ErrNonTrovata)
	}
	var cal *appuntamenti.Calendario
	var esito appuntamenti.Prenotazione
	esegui := func(r registro) error {
		prima, err := r.leggi(id)
		if err != nil {
			return err
		}
		esito = prima
		err = fn(r, &esito, func() error {
			if cal == nil || cal.ID != prima.Calendario {
				return errServeCalendario
			}
			return r.riprendi(*cal, prima)
		})
		if err != nil || esito == prima {
			return err
		}
		return r.scrivi(prima, esito)
	}
	err := a.transazione(ctx, op, ente, esegui)
	if errors.Is(err, errServeCalendario) {
		c, errCal := a.calendario(ctx, op, ente, esito.Calendario)
		if errors.Is(errCal, appuntamenti.ErrCalendarioIgnoto) {
			errCal = appuntamenti.Rifiuto(op, appuntamenti.ErrBloccoScaduto)
		}
		if errCal != nil {
			return appuntamenti.Prenotazione{}, errCal
		}
		cal = &c
		err = a.transazione(ctx, op, ente, esegui)
	}
	if err != nil {
		return appuntamenti.Prenotazione{}, err
	}
	return esito, nil
}

// riprendi checks that an expired hold may have its place again.
func (r registro) riprendi(c appuntamenti.Calendario, p appuntamenti.Prenotazione) error {
	f, err := r.fascia(c, p.Fascia(), false)
	if err == nil {
		err = r.unica(p)
	}
	if err == nil {
		err = r.occupa(c, f, p.ID)
	}
	if errors.Is(err, appuntamenti.ErrFasciaNonOfferta) || errors.Is(err, appuntamenti.ErrFasciaPiena) ||
		errors.Is(err, appuntamenti.ErrRiferimentoOccupato) {
		return appuntamenti.ErrBloccoScaduto
	}
	return err
}
