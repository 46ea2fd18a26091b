package sqlite

import (
	"context"
	"database/sql"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// Riassumi implements storage.Store. The numbers of fields are added up as
// decimals, one row after the other: SQLite would make floats of them.
func (s *Store) Riassumi(ctx context.Context, f storage.Filtro, campi ...string) (storage.Riepilogo, error) {
	f.Cursore, f.Ordine, f.Limite = "", "", 0
	f, _, err := proiezione.Filtro(f)
	if err == nil {
		err = proiezione.CampiChiesti(campi)
	}
	if err != nil {
		return storage.Riepilogo{}, err
	}
	termini, niente := proiezione.Ricerca(&f)
	somme := proiezione.NuoveSomme(campi)
	r := storage.Riepilogo{PerStato: map[pratica.Stato]int{}, Campi: somme}
	if niente {
		return r, nil
	}
	err = s.legge(ctx, "Riassumi", func(tx *sql.Tx) error {
		p := nuovoPiano(&f, termini)
		if !p.proprio() && len(termini) == 0 {
			if err := p.dividi(ctx, s, tx); err != nil {
				return err
			}
		}
		cerca := ""
		if len(p.intervalli) == 0 && len(termini) > 0 {
			if cerca, err = s.esprime(ctx, tx, termini); err != nil || cerca == "" {
				return err
			}
		}
		for _, c := range p.frasiRiepilogo(len(campi) > 0, cerca) {
			if err := riassumi(ctx, tx, c, &r, somme); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return storage.Riepilogo{}, err
	}
	return r, nil
}

// frasiRiepilogo writes the statements that give state, number of rows and, if
// there are fields to add up, the fields of each row. A text is read whole from
// the full-text index, unless the plan has few rows by itself.
func (p *piano) frasiRiepilogo(campi bool, cerca string) []*condizioni {
	scelta, raggruppa := "SELECT stato, count(*), '{}' FROM ", " GROUP BY stato"
	if campi {
		scelta, raggruppa = "SELECT stato, 1, campi FROM ", ""
	}
	if cerca != "" {
		c := p.condizioni.copia()
		c.frasi = []string{scelta + "pratiche NOT INDEXED WHERE riga IN (SELECT rowid FROM ricerca WHERE ricerca MATCH " + c.v(cerca) +
			") AND ente = " + c.v(p.f.Ente) + e(p.resto()) + e(p.condizioni.frasi) + e(p.testo) + raggruppa}
		return []*condizioni{c}
	}
	var tutte []*condizioni
	o := ordineDi(p.f, proiezione.Posizione{})
	for _, x := range p.intervalli {
		c := p.condizioni.copia()
		testo := scelta + "pratiche INDEXED BY " + x.nome(o) + " WHERE ente = " + c.v(p.f.Ente)
		for _, k := range x.chiavi {
			testo += " AND " + k.colonna + " = " + c.v(k.valore)
		}
		c.frasi = []string{testo + e(x.frasi) + e(p.condizioni.frasi) + e(p.testo) + o.inizio(c, p.f) + raggruppa}
		tutte = append(tutte, c)
	}
	return tutte
}

func riassumi(ctx context.Context, tx *sql.Tx, c *condizioni, r *storage.Riepilogo, somme proiezione.Somme) error {
	righe, err := tx.QueryContext(ctx, c.String(), c.valori...)
	if err != nil {
		return err
	}
	var stato string
	var n int
	var campi sql.RawBytes
	return scorri(righe, func() error {
		if err := righe.Scan(&stato, &n, &campi); err != nil {
			return err
		}
		r.Totale += n
		r.PerStato[pratica.Stato(stato)] += n
		return somme.AggiungiJSON(campi)
	})
}
