package memoria

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// Prenota implements storage.Store.
func (s *Store) Prenota(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
	var dati []storage.Effetto
	err := s.esegui(ctx, "Prenota", func() error {
		if err := proiezione.Prenotazione(&p); err != nil {
			return err
		}
		for _, e := range s.pronti(&p) {
			e.Stato, e.Titolare, e.Scadenza = storage.InCorso, p.Titolare, proiezione.Netto(p.Ora.Add(p.Durata))
			e.Tentativi++
			e.Gettone++
			dati = append(dati, copia(e))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return dati, nil
}

// pronti gives the effects to lease, those due longest first.
func (s *Store) pronti(p *storage.Prenotazione) []*storage.Effetto {
	type corsia struct {
		ente    string
		pratica pratica.ID
		corsia  string
	}
	primi := map[corsia]*storage.Effetto{}
	for _, e := range s.effetti {
		if e.Stato == storage.Fatto {
			continue
		}
		k := corsia{e.Ente, e.Pratica, e.Corsia}
		if v := primi[k]; v == nil || e.Ordine < v.Ordine {
			primi[k] = e
		}
	}
	var pronti []*storage.Effetto
	for _, e := range primi {
		if p.Solo != "" && e.ID != p.Solo || slices.Contains(p.Escludi, e.Genere) {
			continue
		}
		if e.Stato == storage.DaFare && (p.Solo != "" || !e.Prossimo.After(p.Ora)) ||
			e.Stato == storage.InCorso && !e.Scadenza.After(p.Ora) {
			pronti = append(pronti, e)
		}
	}
	slices.SortFunc(pronti, func(a, b *storage.Effetto) int {
		return cmp.Or(a.Prossimo.Compare(b.Prossimo), a.Causato.Compare(b.Causato), cmp.Compare(a.Ente, b.Ente), cmp.Compare(a.Pratica, b.Pratica), cmp.Compare(a.Ordine, b.Ordine))
	})
	return pronti[:min(len(pronti), p.Limite)]
}

// prenotato gives the stored effect if e still holds its lease.
func (s *Store) prenotato(ente string, e *storage.Effetto) (*storage.Effetto, bool) {
	v, ok := s.effetti[chiave{ente, e.ID}]
	return v, ok && v.Stato == storage.InCorso && v.Titolare == e.Titolare && v.Gettone == e.Gettone
}

// Aggiorna implements storage.Store.
func (s *Store) Aggiorna(ctx context.Context, e storage.Effetto) error {
	return s.esegui(ctx, "Aggiorna", func() error {
		if err := proiezione.Aggiornamento(&e); err != nil {
			return err
		}
		v, ok := s.prenotato(e.Ente, &e)
		if !ok {
			return storage.ErrPrenotazione
		}
		v.Diario = slices.Clone(e.Diario)
		if e.Stato == storage.InCorso {
			v.Scadenza = proiezione.Netto(e.Scadenza)
			return nil
		}
		v.Stato, v.Prossimo, v.UltimoErrore = e.Stato, proiezione.Netto(e.Prossimo), e.UltimoErrore
		if e.Stato == storage.Fatto {
			v.Concluso = proiezione.Netto(e.Concluso)
		}
		libera(v)
		return nil
	})
}

func libera(e *storage.Effetto) { e.Titolare, e.Scadenza = "", time.Time{} }

func copia(e *storage.Effetto) storage.Effetto {
	c := *e
	c.Diario = slices.Clone(e.Diario)
	return c
}

// Effetto implements storage.Store.
func (s *Store) Effetto(ctx context.Context, ente, id string) (storage.Effetto, error) {
	var c storage.Effetto
	err := s.esegui(ctx, "Effetto", func() error {
		e, ok := s.effetti[chiave{ente, id}]
		if !ok {
			return storage.ErrNonTrovata
		}
		c = copia(e)
		return nil
	})
	if err != nil {
		return storage.Effetto{}, err
	}
	return c, nil
}

// Effetti implements storage.Store.
func (s *Store) Effetti(ctx context.Context, ente string, id pratica.ID) ([]storage.Effetto, error) {
	var di []storage.Effetto
	err := s.esegui(ctx, "Effetti", func() error {
		for _, e := range s.effettiDi(ente, id) {
			di = append(di, copia(e))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return di, nil
}

// Sblocca implements storage.Store.
func (s *Store) Sblocca(ctx context.Context, ente, id string, diario []byte) error {
	return s.esegui(ctx, "Sblocca", func() error {
		if err := proiezione.Diario(diario); err != nil {
			return err
		}
		e, ok := s.effetti[chiave{ente, id}]
		if !ok {
			return storage.ErrNonTrovata
		}
		if e.Stato != storage.EsitoIgnoto && e.Stato != storage.Fallito {
			return storage.ErrConflitto
		}
		e.Stato, e.Tentativi, e.Prossimo = storage.DaFare, 0, time.Time{}
		if diario != nil {
			e.Diario = slices.Clone(diario)
		}
		s.sveglia()
		return nil
	})
}

// Attendi implements storage.Sveglia.
func (s *Store) Attendi(ctx context.Context) error {
	if err := s.guasto("Attendi"); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.causati:
		return s.guasto("Attendi/dopo")
	}
}

func (s *Store) sveglia() {
	select {
	case s.causati <- struct{}{}:
	default: // whoever waits next returns at once
	}
}
