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
	righe, err := s.scelte(&f, func(storage.Riga, []storage.Campo) {})
	if err != nil {
		return storage.Pagina{}, err
	}
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
	pagina.Righe = righe
	return pagina, nil
}

// scelte gives the rows that f selects, in no order, and tells each of them
// with its fields.
func (s *Store) scelte(f *storage.Filtro, vede func(storage.Riga, []storage.Campo)) ([]storage.Riga, error) {
	termini, niente := proiezione.Ricerca(f)
	if niente {
		return nil, nil
	}
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
			return nil, err
		}
		campi := s.campi[k]
		r := proiezione.Riga(p, campi, attenzione[p.ID])
		if sceglie(f, &r) && (f.Anonimo == "" || p.Autenticazione.Anonimo == f.Anonimo) && (!f.ConDati || p.Oscurata.IsZero()) &&
			(len(termini) == 0 || proiezione.Contiene(proiezione.Lessemi(k.ente, &r, campi), termini)) {
			righe = append(righe, r)
			vede(r, campi)
		}
	}
	return righe, nil
}

// Riassumi implements storage.Store.
func (s *Store) Riassumi(ctx context.Context, f storage.Filtro, campi ...string) (storage.Riepilogo, error) {
	f.Cursore, f.Ordine, f.Limite = "", "", 0
	f, _, err := proiezione.Filtro(f)
	if err == nil {
		err = proiezione.CampiChiesti(campi)
	}
	if err != nil {
		return storage.Riepilogo{}, err
	}
	r := storage.Riepilogo{PerStato: map[pratica.Stato]int{}}
	somme := proiezione.NuoveSomme(campi)
	err = s.esegui(ctx, "Riassumi", func() error {
		_, err := s.scelte(&f, func(x storage.Riga, valori []storage.Campo) {
			r.Totale++
			r.PerStato[x.Stato]++
			for i := range valori {
				if n := valori[i].Numero; n.Valid {
					somme.Aggiungi(valori[i].Nome, n.Decimal)
				}
			}
		})
		return err
	})
	if err != nil {
		return storage.Riepilogo{}, err
	}
	r.Campi = somme
	return r, nil
}

// InUso implements storage.Store.
func (s *Store) InUso(ctx context.Context, ente, sha256 string) (bool, error) {
	var si bool
	err := s.esegui(ctx, "InUso", func() error {
		for k := range s.pratiche {
			if k.ente != ente {
				continue
			}
			p, err := s.leggi(k)
			if err != nil {
				return err
			}
			si = si || slices.Contains(proiezione.File(p), sha256)
		}
		return nil
	})
	return si && err == nil, err
}

func sceglie(f *storage.Filtro, r *storage.Riga) bool {
	dovuto := proiezione.Centesimi(r.Dovuto)
	minimo, massimo := proiezione.Dovuto(f)
	switch {
	case dovuto < minimo, dovuto > massimo:
		return false
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
	return true
}

func entro(t, dal, al time.Time) bool {
	return (dal.IsZero() || !t.Before(dal)) && (al.IsZero() || t.Before(al))
}
