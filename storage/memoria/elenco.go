package memoria

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
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
	var righe []storage.Riga
	s.scelte(&f, func(r storage.Riga, _ *voce) { righe = append(righe, r) })
	verso := -1
	if proiezione.Crescente(f.Ordine) {
		verso = 1
	}
	confronta := func(a, b proiezione.Posizione) int {
		return verso * cmp.Or(cmp.Compare(a.Istante, b.Istante), cmp.Compare(a.ID, b.ID))
	}
	slices.SortFunc(righe, func(a, b storage.Riga) int {
		return confronta(proiezione.Dopo(f.Ordine, &a), proiezione.Dopo(f.Ordine, &b))
	})
	if f.Cursore != "" {
		righe = slices.DeleteFunc(righe, func(r storage.Riga) bool {
			return confronta(proiezione.Dopo(f.Ordine, &r), dopo) <= 0
		})
	}
	var pagina storage.Pagina
	if len(righe) > f.Limite {
		righe = righe[:f.Limite]
		if pagina.Seguente, err = proiezione.Dopo(f.Ordine, &righe[len(righe)-1]).Cursore(); err != nil {
			return storage.Pagina{}, err
		}
	}
	for i := range righe {
		righe[i].Campi = maps.Clone(righe[i].Campi)
	}
	pagina.Righe = righe
	return pagina, nil
}

// scelte tells the rows that f selects, in no order. They share their Campi with
// what is stored.
func (s *Store) scelte(f *storage.Filtro, vede func(storage.Riga, *voce)) {
	termini, niente := proiezione.Ricerca(f)
	if niente {
		return
	}
	attenzione := map[pratica.ID]bool{}
	for k, e := range s.effetti {
		if k.ente == f.Ente && (e.Stato == storage.EsitoIgnoto || e.Stato == storage.Fallito) {
			attenzione[e.Pratica] = true
		}
	}
	for k, v := range s.pratiche {
		r := v.riga
		r.Attenzione = attenzione[r.ID]
		if k.ente == f.Ente && sceglie(f, &r) && (f.Anonimo == "" || v.anonimo == f.Anonimo) && (!f.ConDati || !v.oscurata) &&
			proiezione.Contiene(v.lessemi, termini) {
			vede(r, &v)
		}
	}
}

// Riassumi implements storage.Store.
func (s *Store) Riassumi(ctx context.Context, f storage.Filtro, campi ...string) (storage.Riepilogo, error) {
	r := storage.Riepilogo{PerStato: map[pratica.Stato]int{}}
	err := s.esegui(ctx, "Riassumi", func() error {
		f.Cursore, f.Ordine, f.Limite = "", "", 0
		f, _, err := proiezione.Filtro(f)
		if err == nil {
			err = proiezione.CampiChiesti(campi)
		}
		if err != nil {
			return err
		}
		somme := proiezione.NuoveSomme(campi)
		s.scelte(&f, func(x storage.Riga, v *voce) {
			r.Totale++
			r.PerStato[x.Stato]++
			err = errors.Join(err, somme.AggiungiJSON(v.campi))
		})
		r.Campi = somme
		return err
	})
	if err != nil {
		return storage.Riepilogo{}, err
	}
	return r, nil
}

// InUso implements storage.Store.
func (s *Store) InUso(ctx context.Context, ente, sha256 string) (bool, error) {
	var si bool
	err := s.esegui(ctx, "InUso", func() error {
		for k, v := range s.pratiche {
			si = si || k.ente == ente && slices.Contains(v.file, sha256)
		}
		return nil
	})
	return si && err == nil, err
}

func sceglie(f *storage.Filtro, r *storage.Riga) bool {
	switch {
	case f.DovutoMin.Valid && r.Dovuto.LessThan(f.DovutoMin.Decimal), f.DovutoMax.Valid && r.Dovuto.GreaterThan(f.DovutoMax.Decimal),
		f.Servizi != nil && !slices.Contains(f.Servizi, r.Servizio),
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
	return true
}

func entro(t, dal, al time.Time) bool {
	return (dal.IsZero() || !t.Before(dal)) && (al.IsZero() || t.Before(al))
}
