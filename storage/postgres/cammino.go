package postgres

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sportello-digitale/pratiche/storage"
)

// A page is walked: one index, or several side by side, that have the order of
// the list, from where the page begins to where it ends. Which ones depends on
// what is equal in all the rows wanted.

// tratto is a range of an index. A name that is "" is not asked for.
type tratto struct {
	servizio, stato string
	altro           string // what else is the same in all of it
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
	// A range without a row that is wanted is walked to its end. Where conditions
	// are left that may cause that, the page is looked for in the whole list first.
	if len(t) > 1 && e.parole == "" && e.restano() && senzaBozze(e.f) {
		if r, err := chiedi(ctx, c, e.inizio); err != nil || len(r) == e.n {
			return r, err
		}
	}
	return chiedi(ctx, c, func() (string, []any) { return e.frase(t) })
}

// restano: there are conditions that no range says.
func (e *elenco) restano() bool {
	f := e.f
	return f.Ufficio != "" || !f.CambioDal.IsZero() || !f.CambioAl.IsZero() || f.DovutoMin.Valid || f.DovutoMax.Valid || f.ConDati
}

// inizio looks for the page in the first rows of the whole list.
func (e *elenco) inizio() (string, []any) {
	c := dove(e.f)
	return `SELECT ` + colonneRiga + ` FROM (SELECT p.* FROM pratiche p WHERE p.ente = $1 AND NOT p.bozza AND ` + e.oltre(c, "p") + e.ordine("p") + ` LIMIT ` + strconv.Itoa(e.assaggioAggiornate) + `) p
		WHERE ` + c.String() + e.ordine("p") + ` LIMIT ` + c.p(e.n), c.valori
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

// proprio gives the condition of an index that holds just the rows wanted, or
// not many more; the values in it are among the conditions. "" where there is none.
func (e *elenco) proprio() string {
	switch {
	case e.f.Attenzione:
		return `p.attenzione`
	case e.f.Lavorazione == storage.Mie:
		return `p.operatore <> ''`
	case e.f.Lavorazione == storage.NonAssegnate && senzaBozze(e.f):
		return `p.operatore = '' AND NOT p.finale AND NOT p.bozza`
	case daPagare(e.f):
		return `p.dovuto > 0`
	}
	return ""
}

// perStato gives the states by which the list is better walked, if any.
func (e *elenco) perStato() []string {
	if len(e.f.Stati) == 0 || tutti(e.f.Stati) || e.proprio() != "" {
		return nil
	}
	return distinti(nomi(e.f.Stati))
}

// tratti gives the ranges that together hold all the rows wanted. servizi, as
// they are written, are those asked for, or all where the states ask for them.
func (e *elenco) tratti(servizi []string) []tratto {
	bozze := []string{`NOT p.bozza`}
	if !senzaBozze(e.f) {
		bozze = append(bozze, `p.bozza`)
	}
	if p := e.proprio(); p != "" {
		if len(bozze) == 1 {
			p += ` AND NOT p.bozza`
		}
		return []tratto{{altro: p}}
	}
	servizi = distinti(servizi)
	var t []tratto
	if stati := e.perStato(); len(stati) > 0 && len(stati)*len(servizi) <= e.misure.tratti {
		for _, stato := range stati {
			for _, s := range servizi {
				t = append(t, tratto{servizio: s, stato: stato})
			}
		}
		return t
	}
	if e.f.Ufficio != "" {
		if len(bozze) > 1 {
			return []tratto{{}}
		}
		return []tratto{{altro: bozze[0]}}
	}
	if e.f.Servizi == nil || len(bozze)*len(servizi) > e.misure.tratti {
		servizi = []string{""}
	}
	for _, b := range bozze {
		for _, s := range servizi {
			t = append(t, tratto{servizio: s, altro: b})
		}
	}
	return t
}

// frase is the statement that walks the ranges; each is ordered by itself, which
// lets the server merge them. Their number is made a multiple of four, with
// ranges that hold nothing, so that few statements are prepared.
func (e *elenco) frase(tratti []tratto) (string, []any) {
	c := diOgniTratto(e.f)
	if tratti[0].servizio == "" {
		c.servizi(e.f)
	}
	if tratti[0].stato == "" {
		c.stati(e.f)
	} else if senzaBozze(e.f) {
		c.e(`NOT p.bozza`)
	}
	if e.parole != "" {
		c.e(haParole, e.parole)
	}
	oltre, n := e.oltre(c, "p"), c.p(e.n)
	vuoto := tratti[0]
	vuoto.servizio = mai
	for len(tratti) > 4 && len(tratti)%4 != 0 {
		tratti = append(tratti, vuoto)
	}
	rami := make([]string, len(tratti))
	for i, t := range tratti {
		frasi := []string{oltre}
		if t.servizio != "" {
			frasi = append(frasi, `p.servizio = `+c.p(t.servizio))
		}
		if t.stato != "" {
			frasi = append(frasi, `p.stato = `+c.p(t.stato))
		}
		if t.altro != "" {
			frasi = append(frasi, t.altro)
		}
		rami[i] = `(SELECT ` + colonneRiga + ` FROM pratiche p WHERE ` + c.con(frasi...) + e.ordine("p") + `)`
	}
	return `SELECT * FROM (` + strings.Join(rami, ` UNION ALL `) + `) p` + e.ordine("p") + ` LIMIT ` + n, c.valori
}

// distinti are the values sorted, each once.
func distinti(v []string) []string {
	v = slices.Clone(v)
	slices.Sort(v)
	return slices.Compact(v)
}
