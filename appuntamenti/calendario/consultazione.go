package calendario

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Leggi implements appuntamenti.Agenda.
func (a *Agenda) Leggi(ctx context.Context, ente, id string) (appuntamenti.Prenotazione, error) {
	const op = "appuntamenti.Leggi"
	if !appuntamenti.IDValido(ente) {
		return appuntamenti.Prenotazione{}, appuntamenti.Rifiuto(op, appuntamenti.ErrNonTrovata)
	}
	var p appuntamenti.Prenotazione
	err := a.lettura(ctx, op, ente, func(r registro) (err error) {
		p, err = r.leggi(id)
		return err
	})
	return p, err
}

// Disponibili implements appuntamenti.Agenda. Full slots have Liberi 0.
func (a *Agenda) Disponibili(ctx context.Context, ente, calendario string, dal, al termini.Giorno) ([]appuntamenti.Fascia, error) {
	const op = "appuntamenti.Disponibili"
	if !periodo(dal, al) {
		return nil, appuntamenti.Rifiuto(op, appuntamenti.ErrNonValida)
	}
	c, err := a.calendario(ctx, op, ente, calendario)
	if err != nil {
		return nil, err
	}
	ora := a.ora()
	if oggi := termini.GiornoDi(ora); dal.Prima(oggi) {
		dal = oggi
	}
	if ultimo := c.UltimoGiorno(ora); ultimo.Prima(al) {
		al = ultimo
	}
	fasce := slices.DeleteFunc(appuntamenti.Fasce(c, dal, al), func(f appuntamenti.Fascia) bool {
		return c.Prenotabile(f.Inizio, ora) != nil
	})
	if len(fasce) == 0 {
		return nil, nil
	}
	var presi []posto
	err = a.lettura(ctx, op, ente, func(r registro) (err error) {
		fine := slices.MaxFunc(fasce, func(f, g appuntamenti.Fascia) int { return f.Fine.Compare(g.Fine) }).Fine
		presi, _, err = r.posti(c.ID, fasce[0].Inizio.Add(-appuntamenti.DurataMassima), fine)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, f := range fasce {
		fasce[i].Liberi = liberi(c, f, vicini(presi, f), "")
	}
	return fasce, nil
}

// vicini narrows places, ordered by beginning, to those that may touch the slot.
func vicini(presi []posto, f appuntamenti.Fascia) []posto {
	inizio := func(p posto, t time.Time) int { return p.Inizio.Compare(t) }
	dal, _ := slices.BinarySearchFunc(presi, f.Inizio.Add(-appuntamenti.DurataMassima), inizio)
	al, _ := slices.BinarySearchFunc(presi, f.Fine, inizio)
	return presi[dal:al]
}

// Elenca implements appuntamenti.Elencatore. It also lists the bookings of a
// calendar that is no longer configured.
func (a *Agenda) Elenca(ctx context.Context, ente, calendario string, dal, al termini.Giorno) ([]appuntamenti.Prenotazione, error) {
	const op = "appuntamenti.Elenca"
	if !periodo(dal, al) || !appuntamenti.IDValido(ente) || !appuntamenti.IDValido(calendario) {
		return nil, appuntamenti.Rifiuto(op, appuntamenti.ErrNonValida)
	}
	var elenco []appuntamenti.Prenotazione
	err := a.lettura(ctx, op, ente, func(r registro) error {
		presi, _, err := r.posti(calendario, dal.Inizio(), al.Fine())
		if err != nil {
			return err
		}
		elenco = make([]appuntamenti.Prenotazione, 0, len(presi))
		for _, x := range presi {
			p, err := r.leggi(x.ID)
			if err != nil {
				return err
			}
			elenco = append(elenco, p)
		}
		return nil
	})
	slices.SortFunc(elenco, func(p, q appuntamenti.Prenotazione) int {
		return cmp.Or(p.Inizio.Compare(q.Inizio), cmp.Compare(p.ID, q.ID))
	})
	return elenco, err
}

// periodo reports whether the days make a period of at most MassimoGiorni.
func periodo(dal, al termini.Giorno) bool {
	return !dal.IsZero() && !al.IsZero() && !al.Prima(dal) && al.Prima(dal.Piu(appuntamenti.MassimoGiorni))
}
