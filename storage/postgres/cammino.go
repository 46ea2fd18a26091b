package postgres

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// A page without words is walked: one index, or several side by side, that have
// the order of the list, from where the page begins to where it ends. Which ones
// depends on what is equal in all the rows wanted.

// massimoTratti is how many ranges are walked side by side.
const massimoTratti = 64

// tratto is a range of an index. A name that is "" is not asked for.
type tratto struct {
	servizio, stato string
	bozza           string // "p.bozza" or "NOT p.bozza", "" where the state says it
	altro           string // what makes the planner see a partial index
}

// inOrdine walks the list.
func (e *elenco) inOrdine(ctx context.Context, c *pgxpool.Conn) ([]storage.Riga, error) {
	servizi := nomi(e.f.Servizi)
	if e.f.Servizi == nil && len(e.perStato()) > 0 {
		var err error
		if servizi, err = righe(ctx, c, leggiServizio, fraseServizi, nome(e.f.Ente)); err != nil {
			return nil, err
		}
	}
	t := e.tratti(servizi)
	if len(t) == 0 {
		return nil, nil
	}
	return e.chiedi(ctx, c, func() (string, []any) { return e.frase(t) })
}

// fraseServizi gives the services that pratiche are of, leaping from one to the
// next in an index.
const fraseServizi = `WITH RECURSIVE s (servizio) AS (
	(SELECT servizio FROM pratiche WHERE ente = $1 ORDER BY servizio LIMIT 1)
	UNION ALL SELECT (SELECT p.servizio FROM pratiche p WHERE p.ente = $1 AND p.servizio > s.servizio ORDER BY p.servizio LIMIT 1)
	FROM s WHERE s.servizio IS NOT NULL)
	SELECT servizio FROM s WHERE servizio IS NOT NULL`

func leggiServizio(r pgx.Rows) (s string, err error) {
	err = r.Scan(&s)
	return s, err
}

// perStato gives the states by which the list is better walked, if any.
func (e *elenco) perStato() []string {
	if len(e.f.Stati) == 0 || tutti(e.f.Stati) || e.f.Lavorazione == storage.Mie || e.libere() {
		return nil
	}
	return distinti(nomi(e.f.Stati))
}

// libere: only what nobody has in charge, for which there is an index.
func (e *elenco) libere() bool { return e.f.Lavorazione == storage.NonAssegnate && senzaBozze(e.f) }

// tratti gives the ranges that together hold all the rows wanted. servizi, as
// they are written, are those asked for, or all where the states ask for them.
func (e *elenco) tratti(servizi []string) []tratto {
	servizi = distinti(servizi)
	switch {
	case e.f.Lavorazione == storage.Mie:
		return []tratto{{}} // the operator is among the conditions
	case e.libere():
		return []tratto{{altro: `p.operatore = '' AND NOT p.finale AND NOT p.bozza`}}
	}
	var t []tratto
	if stati := e.perStato(); len(stati)*len(servizi) <= massimoTratti {
		for _, stato := range stati {
			for _, s := range servizi {
				t = append(t, tratto{servizio: s, stato: stato})
			}
		}
		if len(stati) > 0 {
			return t
		}
	}
	bozze := []string{`NOT p.bozza`, `p.bozza`}
	if senzaBozze(e.f) {
		bozze = bozze[:1]
	}
	if e.f.Servizi == nil || len(bozze)*len(servizi) > massimoTratti {
		servizi = []string{""}
	}
	for _, b := range bozze {
		for _, s := range servizi {
			t = append(t, tratto{servizio: s, bozza: b})
		}
	}
	return t
}

// frase is the statement that walks the ranges. Their number is made a power of
// two, with ranges that hold nothing, so that few statements are prepared.
func (e *elenco) frase(tratti []tratto) (string, []any) {
	c := dove(e.f)
	e.prove(c)
	oltre := e.oltre(c, "p")
	n := c.p(e.n)
	quanti := 1
	for quanti < len(tratti) {
		quanti *= 2
	}
	vuoto := tratti[0]
	vuoto.servizio = mai
	tratti = append(tratti, slices.Repeat([]tratto{vuoto}, quanti-len(tratti))...)
	rami := make([]string, len(tratti))
	for i, t := range tratti {
		frasi := []string{oltre}
		for _, x := range []struct{ colonna, valore string }{{"servizio", t.servizio}, {"stato", t.stato}} {
			if x.valore != "" {
				frasi = append(frasi, `p.`+x.colonna+` = `+c.p(x.valore))
			}
		}
		for _, x := range []string{t.bozza, t.altro} {
			if x != "" {
				frasi = append(frasi, x)
			}
		}
		rami[i] = `SELECT ` + colonneRiga + `, p.presentazione FROM pratiche p WHERE ` + c.con(frasi...)
	}
	return `SELECT ` + colonneRiga + `, ` + attenzione + ` FROM (SELECT * FROM (` + strings.Join(rami, ` UNION ALL `) + `) p` + e.ordine("p") + ` LIMIT ` + n + `) p`, c.valori
}

// distinti are the values sorted, each once.
func distinti(v []string) []string {
	v = slices.Clone(v)
	slices.Sort(v)
	return slices.Compact(v)
}

var _ = pratica.Bozza
