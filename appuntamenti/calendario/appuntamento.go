package calendario

import (
	"context"

	"github.com/sportello-digitale/pratiche/appuntamenti"
)

// Annulla implements appuntamenti.Agenda.
func (a *Agenda) Annulla(ctx context.Context, ente, id string) (appuntamenti.Prenotazione, error) {
	return a.cambia(ctx, "appuntamenti.Annulla", ente, id, func(_ registro, p *appuntamenti.Prenotazione, _ func() error) error {
		return annulla(p)
	})
}

// AnnullaCittadino implements appuntamenti.LimiteCittadino. If the calendar of
// the booking is gone its limit is not known: ErrCalendarioIgnoto.
func (a *Agenda) AnnullaCittadino(ctx context.Context, ente, id string) (appuntamenti.Prenotazione, error) {
	const op = "appuntamenti.AnnullaCittadino"
	limite, err := a.limite(ctx, op, ente, id)
	if err != nil {
		return appuntamenti.Prenotazione{}, err
	}
	return a.cambia(ctx, op, ente, id, func(r registro, p *appuntamenti.Prenotazione, _ func() error) error {
		if err := limite(r, *p); err != nil {
			return err
		}
		return annulla(p)
	})
}

func annulla(p *appuntamenti.Prenotazione) error {
	switch p.Stato {
	case appuntamenti.Svolto, appuntamenti.Assente:
		return appuntamenti.ErrStato
	default:
		p.Stato = appuntamenti.Annullato
		return nil
	}
}

// limite gives the check of what a citizen may still change, for the calendar
// in which the booking is now.
func (a *Agenda) limite(ctx context.Context, op, ente, id string) (func(registro, appuntamenti.Prenotazione) error, error) {
	adesso, err := a.Leggi(ctx, ente, id)
	if err != nil {
		return nil, err
	}
	c, err := a.calendario(ctx, op, ente, adesso.Calendario)
	if err != nil {
		return nil, err
	}
	return func(r registro, p appuntamenti.Prenotazione) error {
		if p.Stato != appuntamenti.Confermato {
			return nil
		}
		if p.Calendario != c.ID {
			return appuntamenti.ErrStato // moved to another calendar between the two steps
		}
		if r.ora.After(c.LimiteAnnullo(p.Inizio)) {
			return appuntamenti.ErrTroppoTardi
		}
		return nil
	}, nil
}

// Sposta implements appuntamenti.Spostatore.
func (a *Agenda) Sposta(ctx context.Context, ente, id string, f appuntamenti.Fascia) (appuntamenti.Prenotazione, error) {
	nessuno := func(registro, appuntamenti.Prenotazione) error { return nil }
	return a.sposta(ctx, "appuntamenti.Sposta", ente, id, f, nessuno, false)
}

// SpostaCittadino implements appuntamenti.LimiteCittadino; see AnnullaCittadino
// for a calendar that is gone.
func (a *Agenda) SpostaCittadino(ctx context.Context, ente, id string, f appuntamenti.Fascia) (appuntamenti.Prenotazione, error) {
	const op = "appuntamenti.SpostaCittadino"
	limite, err := a.limite(ctx, op, ente, id)
	if err != nil {
		return appuntamenti.Prenotazione{}, err
	}
	return a.sposta(ctx, op, ente, id, f, limite, true)
}

func (a *Agenda) sposta(ctx context.Context, op, ente, id string, f appuntamenti.Fascia, limite func(registro, appuntamenti.Prenotazione) error, entroTermini bool) (appuntamenti.Prenotazione, error) {
	c, err := a.calendario(ctx, op, ente, f.Calendario)
	if err != nil {
		return appuntamenti.Prenotazione{}, err
	}
	return a.cambia(ctx, op, ente, id, func(r registro, p *appuntamenti.Prenotazione, _ func() error) error {
		switch p.Stato {
		case appuntamenti.Bloccato, appuntamenti.Confermato:
		case appuntamenti.Scaduto:
			return appuntamenti.ErrBloccoScaduto
		default:
			return appuntamenti.ErrStato
		}
		if f.Calendario == p.Calendario && f.Apertura == p.Apertura && f.Inizio.Equal(p.Inizio) &&
			(f.Fine.IsZero() || f.Fine.Equal(p.Fine)) {
			return nil
		}
		if err := limite(r, *p); err != nil {
			return err
		}
		nuova, err := r.fascia(c, f, entroTermini)
		if err != nil {
			return err
		}
		if err := r.unica(*p); err != nil {
			return err
		}
		if err := r.occupa(c, nuova, p.ID); err != nil {
			return err
		}
		p.Calendario, p.Apertura, p.Inizio, p.Fine = c.ID, nuova.Apertura, nuova.Inizio, nuova.Fine
		if p.Stato == appuntamenti.Bloccato {
			p.ScadenzaBlocco = primo(p.ScadenzaBlocco, p.Inizio)
		}
		p.Spostamenti++
		return nil
	})
}

// Esita implements appuntamenti.Esitatore.
func (a *Agenda) Esita(ctx context.Context, ente, id string, esito appuntamenti.Stato) (appuntamenti.Prenotazione, error) {
	const op = "appuntamenti.Esita"
	if esito != appuntamenti.Svolto && esito != appuntamenti.Assente {
		return appuntamenti.Prenotazione{}, appuntamenti.Rifiuto(op, appuntamenti.ErrNonValida)
	}
	return a.cambia(ctx, op, ente, id, func(r registro, p *appuntamenti.Prenotazione, _ func() error) error {
		switch p.Stato {
		case appuntamenti.Confermato, appuntamenti.Svolto, appuntamenti.Assente:
		default:
			return appuntamenti.ErrStato
		}
		if p.Inizio.After(r.ora) {
			return appuntamenti.ErrStato
		}
		p.Stato = esito
		return nil
	})
}
