package memoria

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// Cerca implements storage.Store.
func (s *Store) Cerca(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
	var pagina storage.Pagina
	err := s.esegui(ctx, "Cerca", func() (err error) {
		pagina, err = s.cerca(f)
		return err
	})
	if err != nil {
		return storage.Pagina{}, err
	}
	return pagina, nil
}

func (s *Store) cerca(f storage.Filtro) (storage.Pagina, error) {
	f, dopo, err := proiezione.Filtro(f)
	if err != nil {
		return storage.Pagina{}, err
	}
	parole := proiezione.Parole(f.Testo)
	attenzione := map[pratica.ID]bool{}
	for k, e := range s.effetti {
		if k.ente == f.Ente && (e.Stato == storage.EsitoIgnoto || e.Stato == storage.Fallito) {
			attenzione[e.Pratica] = true
		}
	}
	var righe []storage.Riga
	for k := range s.pratiche {
		if k.ente != f.Ente {
			continue
		}
		p, err := s.leggi(k)
		if err != nil {
			return storage.Pagina{}, err
		}
		r := proiezione.Riga(p, attenzione[p.ID])
		if sceglie(&f, &r, parole) && (f.Anonimo == "" || p.Autenticazione.Anonimo == f.Anonimo) {
			righe = append(righe, r)
		}
	}
	verso := -1
	if f.Ordine == storage.PerPresentazioneVecchie {
		verso = 1
	}
	confronta := func(a, b proiezione.Posizione) int {
		return verso * cmp.Or(cmp.Compare(a.Istante, b.Istante), cmp.Compare(a.ID, b.ID))
	}
	slices.SortFunc(righe, func(a, b storage.Riga) int {
		return confronta(proiezione.Dopo(f.Ordine, &a), proiezione.Dopo(f.Ordine, &b))
	})
	pagina := storage.Pagina{Totale: len(righe)}
	if f.Cursore != "" {
		righe = slices.DeleteFunc(righe, func(r storage.Riga) bool {
			return confronta(proiezione.Dopo(f.Ordine, &r), dopo) <= 0
		})
	}
	if len(righe) > f.Limite {
		righe = righe[:f.Limite]
		if pagina.Seguente, err = proiezione.Dopo(f.Ordine, &righe[len(righe)-1]).Cursore(); err != nil {
			return storage.Pagina{}, err
		}
	}
	pagina.Righe = righe
	return pagina, nil
}

func sceglie(f *storage.Filtro, r *storage.Riga, parole []string) bool {
	switch {
	case f.Servizi != nil && !slices.Contains(f.Servizi, r.Servizio),
		len(f.Stati) > 0 && !slices.Contains(f.Stati, r.Stato),
		f.Lavorazione == storage.Mie && r.Operatore != f.Operatore,
		f.Lavorazione == storage.NonAssegnate && (r.Operatore != "" || r.Stato.Finale()),
		f.Ufficio != "" && r.Ufficio != f.Ufficio,
		f.Richiedente != "" && r.CodiceFiscale != f.Richiedente,
		f.Numero != pratica.Numero{} && r.Numero != f.Numero,
		(!f.Dal.IsZero() || !f.Al.IsZero()) && r.PresentataIl.IsZero(),
		!entro(r.PresentataIl, f.Dal, f.Al),
		!entro(r.CambioStato, f.CambioDal, f.CambioAl),
		f.Attenzione && !r.Attenzione,
		!f.Bozze && proiezione.Bozza(r.Stato),
		f.Escludi != "" && r.ID == f.Escludi:
		return false
	}
	testo := proiezione.Testo(r)
	return !slices.ContainsFunc(parole, func(p string) bool { return !strings.Contains(testo, p) })
}

func entro(t, dal, al time.Time) bool {
	return (dal.IsZero() || !t.Before(dal)) && (al.IsZero() || t.Before(al))
}
