package postgres

import (
	"context"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// Riassumi implements storage.Store. Figures are of one snapshot, and sums exact.
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
	if niente || f.Servizi != nil && len(f.Servizi) == 0 {
		return r, nil
	}
	frase, valori := fraseRiepilogo(&f, parole(termini), campi)
	var voci []figura
	err = s.legge(ctx, "Riassumi", func(ctx context.Context, c *pgxpool.Conn) error {
		// All rows that the filter selects, in no order: here the planner knows best.
		b := &pgx.Batch{}
		b.Queue(`BEGIN READ ONLY`)
		b.Queue(`SELECT set_config('enable_seqscan', 'on', true), set_config('enable_sort', 'on', true),
			set_config('enable_hashjoin', 'on', true), set_config('enable_mergejoin', 'on', true), set_config('plan_cache_mode', 'force_custom_plan', true)`)
		b.Queue(frase, valori...).Query(func(r pgx.Rows) (err error) {
			voci, err = pgx.CollectRows(r, leggiFigura)
			return err
		})
		b.Queue(`COMMIT`)
		return c.SendBatch(ctx, b).Close()
	})
	if err != nil {
		return storage.Riepilogo{}, err
	}
	for _, v := range voci {
		if v.campo == nil {
			r.PerStato[pratica.Stato(leggi(v.stato))] += v.quanti
			r.Totale += v.quanti
			continue
		}
		if x, err := v.somma(); err != nil {
			return storage.Riepilogo{}, err
		} else if x.Valori > 0 {
			somme[leggi(*v.campo)] = x
		}
	}
	return r, nil
}

// fraseRiepilogo counts by state, and adds up each of the fields.
func fraseRiepilogo(f *storage.Filtro, parole string, campi []string) (string, []any) {
	c := dove(f)
	if parole != "" {
		c.e(`p.id IN (SELECT r.id FROM ricerca r WHERE r.ente = $ AND r.lessemi @@ $::tsquery)`, nome(f.Ente), parole)
	}
	if len(campi) == 0 {
		return `SELECT NULL::text, p.stato, count(*), NULL::text, NULL::text, NULL::text FROM pratiche p WHERE ` + c.String() + ` GROUP BY p.stato`, c.valori
	}
	return `WITH s AS MATERIALIZED (SELECT p.stato, p.cifre FROM pratiche p WHERE ` + c.String() + `)
		SELECT NULL::text, stato, count(*), NULL::text, NULL::text, NULL::text FROM s GROUP BY stato
		UNION ALL SELECT k.campo, '', count(x.v), sum(x.v)::text, min(x.v)::text, max(x.v)::text
		FROM s, unnest(` + c.p(nomi(campi)) + `::text[]) k (campo), LATERAL (SELECT (s.cifre ->> k.campo)::numeric AS v) x
		WHERE s.cifre IS NOT NULL GROUP BY k.campo`, c.valori
}

// figura is a line of what fraseRiepilogo gives: a state, or a field.
type figura struct {
	campo                   *string
	stato                   string
	quanti                  int
	totale, minimo, massimo *string
}

func leggiFigura(r pgx.CollectableRow) (figura, error) {
	var x figura
	err := r.Scan(&x.campo, &x.stato, &x.quanti, &x.totale, &x.minimo, &x.massimo)
	return x, err
}

func (x *figura) somma() (storage.Somma, error) {
	s := storage.Somma{Valori: x.quanti}
	if x.totale == nil {
		return s, nil
	}
	var err [3]error
	s.Totale, err[0] = decimal.NewFromString(*x.totale)
	s.Minimo.Decimal, err[1] = decimal.NewFromString(*x.minimo)
	s.Massimo.Decimal, err[2] = decimal.NewFromString(*x.massimo)
	s.Minimo.Valid, s.Massimo.Valid = true, true
	for _, e := range err {
		if e != nil {
			return s, storage.ErrCorrotto
		}
	}
	return s, nil
}
