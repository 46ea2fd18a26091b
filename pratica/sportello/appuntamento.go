package sportello

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Fasce gives the slots that can be booked for a pratica in one of the
// service's calendars, from dal to al included.
func (s *Sportello) Fasce(ctx context.Context, a pratica.Attore, id pratica.ID, calendario string, dal, al termini.Giorno) ([]appuntamenti.Fascia, error) {
	p, sv, err := s.carica(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if err := s.conAgenda(sv, calendario); err != nil {
		return nil, err
	}
	f, err := s.c.Agenda.Disponibili(ctx, p.Ente, calendario, dal, al)
	return f, erroreAgenda(err)
}

func (s *Sportello) conAgenda(sv *servizio.Servizio, calendario string) error {
	ap, ok := sv.Appuntamenti()
	if !ok || s.c.Agenda == nil || !slices.Contains(ap.Calendari, calendario) {
		return pratica.ErrNonConfigurato
	}
	return nil
}

// PrenotaAppuntamento books a slot for a pratica: in a draft it holds the place
// until the request is submitted, afterwards it is confirmed. Where the pratica
// has a booking, that one is moved.
func (s *Sportello) PrenotaAppuntamento(ctx context.Context, a pratica.Attore, id pratica.ID, f appuntamenti.Fascia, opz ...Opzione) (Esito, error) {
	p, sv, err := s.carica(ctx, a, id)
	if err != nil {
		return Esito{}, err
	}
	if r, ripetuta, err := s.gia(ctx, p, opz); err != nil || ripetuta {
		return r, err
	}
	if err := s.conAgenda(sv, f.Calendario); err != nil {
		return Esito{}, err
	}
	if ap := p.AppuntamentoAttivo(); ap != nil {
		e, err := s.sposta(ctx, a, p, sv, ap, f, opz...)
		svanito := errors.Is(err, appuntamenti.ErrBloccoScaduto) || errors.Is(err, appuntamenti.ErrNonTrovata)
		if p.Stato != pratica.Bozza || !svanito {
			return e, err
		} // the hold of the draft has ended: there is nothing to move, a new one takes its place
	}
	pr := appuntamenti.Prenotazione{Ente: p.Ente, Calendario: f.Calendario, Apertura: f.Apertura, Inizio: f.Inizio, Fine: f.Fine, Riferimento: string(p.ID)}
	if err := s.ammessa(a, p, sv, pratica.ScegliAppuntamento{Prenotazione: pr}); err != nil {
		return Esito{}, err
	}
	if pr, err = s.blocca(ctx, p, pr); err != nil {
		return Esito{}, erroreAgenda(err)
	}
	return s.esegui(ctx, a, id, pratica.ScegliAppuntamento{Prenotazione: pr}, nil, opz...)
}

func (s *Sportello) ammessa(a pratica.Attore, p *pratica.Pratica, sv *servizio.Servizio, d pratica.Dati) error {
	_, err := pratica.Decidi(p, sv, pratica.Comando{Attore: a, Dati: d}, s.ora())
	return err
}

// blocca holds the place under an id that follows from the pratica: after a
// crash between the agenda and the commit, the next try finds that hold again
// instead of leaving it behind.
func (s *Sportello) blocca(ctx context.Context, p *pratica.Pratica, pr appuntamenti.Prenotazione) (appuntamenti.Prenotazione, error) {
	var err error
	for n := range 5 {
		pr.ID = uuid.NewSHA1(spazioBozze, fmt.Appendf(nil, "%s/appuntamento/%d", p.ID, len(p.Appuntamenti)+n)).String()
		var v appuntamenti.Prenotazione
		v, err = s.c.Agenda.Blocca(ctx, pr)
		if errors.Is(err, appuntamenti.ErrIDUsato) {
			if sp, ok := s.c.Agenda.(appuntamenti.Spostatore); ok {
				v, err = sp.Sposta(ctx, pr.Ente, pr.ID, appuntamenti.Fascia{Calendario: pr.Calendario, Apertura: pr.Apertura, Inizio: pr.Inizio, Fine: pr.Fine})
			}
		}
		switch {
		case err == nil && (v.Stato == appuntamenti.Bloccato || v.Stato == appuntamenti.Confermato):
			return v, nil
		case err != nil && !errors.Is(err, appuntamenti.ErrIDUsato) && !errors.Is(err, appuntamenti.ErrStato) && !errors.Is(err, appuntamenti.ErrBloccoScaduto):
			return v, err
		}
	}
	if err == nil {
		err = appuntamenti.ErrFasciaPiena
	}
	return pr, err
}

// sposta moves the booking, within the limits that hold for citizens where a
// citizen asks. The agenda moves it in one step and to the same slot only once,
// so that a try after a crash ends what the first began.
func (s *Sportello) sposta(ctx context.Context, a pratica.Attore, p *pratica.Pratica, sv *servizio.Servizio, ap *pratica.Appuntamento, f appuntamenti.Fascia, opz ...Opzione) (Esito, error) {
	if err := s.ammessa(a, p, sv, pratica.SpostaAppuntamento{Prenotazione: ap.Prenotazione}); err != nil {
		return Esito{}, err
	}
	var pr appuntamenti.Prenotazione
	var err error
	lim, conLimite := s.c.Agenda.(appuntamenti.LimiteCittadino)
	sp, spostatore := s.c.Agenda.(appuntamenti.Spostatore)
	switch {
	case a.Ruolo == pratica.Cittadino && conLimite:
		pr, err = lim.SpostaCittadino(ctx, p.Ente, ap.ID, f)
	case a.Ruolo == pratica.Operatore && spostatore:
		pr, err = sp.Sposta(ctx, p.Ente, ap.ID, f)
	default:
		return Esito{}, pratica.ErrNonConfigurato
	}
	if err != nil {
		return Esito{}, erroreAgenda(err)
	}
	return s.esegui(ctx, a, p.ID, pratica.SpostaAppuntamento{Prenotazione: pr}, nil, opz...)
}

// DisdiciAppuntamento gives the place back, within the limits that hold for
// citizens where a citizen asks.
func (s *Sportello) DisdiciAppuntamento(ctx context.Context, a pratica.Attore, id pratica.ID, opz ...Opzione) (Esito, error) {
	p, sv, err := s.carica(ctx, a, id)
	if err != nil {
		return Esito{}, err
	}
	if r, ripetuta, err := s.gia(ctx, p, opz); err != nil || ripetuta {
		return r, err
	}
	if err := s.ammessa(a, p, sv, pratica.DisdiciAppuntamento{}); err != nil {
		return Esito{}, err
	}
	if a.Ruolo == pratica.Cittadino {
		lim, ok := s.c.Agenda.(appuntamenti.LimiteCittadino)
		if !ok {
			return Esito{}, pratica.ErrNonConfigurato
		}
		if _, err := lim.AnnullaCittadino(ctx, p.Ente, p.AppuntamentoAttivo().ID); err != nil {
			return Esito{}, erroreAgenda(err)
		}
	}
	return s.esegui(ctx, a, id, pratica.DisdiciAppuntamento{Appuntamento: p.AppuntamentoAttivo().ID}, nil, opz...)
}
