package sqlite

import (
	"context"
	"database/sql"
	"strings"

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
	r := storage.Riepilogo{PerStato: map[pratica.Stato]int{}}
	somme := proiezione.NuoveSomme(campi)
	err = s.legge(ctx, "Riassumi", func(tx *sql.Tx) error {
		c := dove(&f)
		if c.niente {
			return nil
		}
		if len(c.termini) > 0 {
			c.e("riga IN (SELECT rowid FROM ricerca WHERE ricerca MATCH ?)", esprime(c.termini))
		}
		if len(campi) == 0 {
			return conta(ctx, tx, c, &r)
		}
		return somma(ctx, tx, c, &r, somme)
	})
	if err != nil {
		return storage.Riepilogo{}, err
	}
	r.Campi = somme
	return r, nil
}

func conta(ctx context.Context, tx *sql.Tx, c *condizioni, r *storage.Riepilogo) error {
	righe, err := tx.QueryContext(ctx, `SELECT stato, count(*) FROM pratiche WHERE `+strings.Join(c.frasi, " AND ")+` GROUP BY stato`, c.valori...)
	if err != nil {
		return err
	}
	return scorri(righe, func() error {
		var stato pratica.Stato
		var n int
		err := righe.Scan(&stato, &n)
		r.Totale += n
		r.PerStato[stato] = n
		return err
	})
}

func somma(ctx context.Context, tx *sql.Tx, c *condizioni, r *storage.Riepilogo, somme proiezione.Somme) error {
	righe, err := tx.QueryContext(ctx, `SELECT stato, campi FROM pratiche WHERE `+strings.Join(c.frasi, " AND "), c.valori...)
	if err != nil {
		return err
	}
	var stato string
	var campi sql.RawBytes
	return scorri(righe, func() error {
		if err := righe.Scan(&stato, &campi); err != nil {
			return err
		}
		r.Totale++
		r.PerStato[pratica.Stato(stato)]++
		return somme.AggiungiJSON(campi)
	})
}
