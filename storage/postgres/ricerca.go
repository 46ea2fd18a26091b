package postgres

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sportello-digitale/pratiche/storage"
)

// How a page of the rows that have some words is found depends on how frequent
// the words are, which nobody knows beforehand. Frequent words fill the page from
// the beginning of the list; so that is walked a little first. Rare words have
// few rows altogether; so these are collected from the index of words, and
// sorted. Where there are too many of them, the list is walked as far as it
// takes: they are frequent after all, or else the other conditions are narrow and
// say what to walk.

// misure are the bounds within which one way to a page is tried before another.
type misure struct {
	assaggio  int // rows walked first, with words or other narrow conditions
	candidate int // rows collected
	// In the order of the last change each of them costs a look into two tables.
	assaggioAggiornate, candidateAggiornate int
	tratti                                  int // ranges walked side by side
}

func misureNormali() misure {
	return misure{assaggio: 4_000, candidate: 4_000, assaggioAggiornate: 1_000, candidateAggiornate: 2_000, tratti: 64}
}

func (e *elenco) cercaParole(ctx context.Context, c *pgxpool.Conn) ([]storage.Riga, error) {
	if e.colonna() == "presentazione" || e.proprio() != "" || senzaBozze(e.f) {
		if r, err := chiedi(ctx, c, func() (string, []any) { return e.camminate(true) }); err != nil || len(r) == e.n {
			return r, err
		}
	}
	r, troppe, err := e.collezione(ctx, c)
	if err != nil || !troppe {
		return r, err
	}
	if e.colonna() == "presentazione" && !e.strette() {
		return chiedi(ctx, c, func() (string, []any) { return e.camminate(false) })
	}
	return e.inOrdine(ctx, c)
}

// strette: the other conditions choose a part of the list that can be walked by itself.
func (e *elenco) strette() bool {
	return e.f.Servizi != nil || len(e.perStato()) > 0 || e.proprio() != ""
}

// camminate walks the list, or only its beginning, and tests each row: of the
// part that an index holds by itself, if there is one, or else of the whole.
func (e *elenco) camminate(inizio bool) (string, []any) {
	c := dove(e.f)
	limite := func(n int) string {
		if inizio {
			return ` LIMIT ` + strconv.Itoa(n)
		}
		return ""
	}
	if e.colonna() == "presentazione" && e.proprio() == "" { // ricerca has this order itself
		return `SELECT p.* FROM (SELECT r.id, r.presentazione, r.lessemi FROM ricerca r WHERE r.ente = $1 AND ` + e.oltre(c, "r") + e.ordine("r") + limite(e.assaggio) + `) r,
			LATERAL (SELECT ` + colonneRiga + ` FROM pratiche p WHERE p.id = r.id AND ` + c.String() + ` LIMIT 1) p
			WHERE r.lessemi @@ ` + c.p(e.parole) + `::tsquery` + e.ordine("r") + ` LIMIT ` + c.p(e.n), c.valori
	}
	oltre := e.oltre(c, "p")
	c.e(haParole, e.parole)
	parte := `NOT p.bozza`
	if p := e.proprio(); p != "" {
		parte = p
		if e.f.Lavorazione == storage.Mie {
			parte += ` AND p.operatore = ` + c.p(nome(e.f.Operatore))
		}
	}
	return `SELECT ` + colonneRiga + ` FROM (SELECT p.* FROM pratiche p WHERE p.ente = $1 AND ` + parte + ` AND ` + oltre + e.ordine("p") + limite(e.assaggioAggiornate) + `) p
		WHERE ` + c.String() + e.ordine("p") + ` LIMIT ` + c.p(e.n), c.valori
}

// collezione collects the rows that have the words and gives the page of them;
// troppe: there are more than it collects.
func (e *elenco) collezione(ctx context.Context, c *pgxpool.Conn) (pagina []storage.Riga, troppe bool, err error) {
	frase, valori := e.collezioni()
	_, err = righe(ctx, c, func(r pgx.Rows) (struct{}, error) {
		n := len(r.RawValues()) - 1
		troppe = string(r.RawValues()[n]) == "\x01"
		if r.RawValues()[0] == nil { // only the count
			return struct{}{}, nil
		}
		x, err := leggiRiga(tranneUltima{r})
		pagina = append(pagina, x)
		return struct{}{}, err
	}, frase, valori...)
	return pagina, troppe, err
}

// tranneUltima hides the last column.
type tranneUltima struct{ pgx.Rows }

func (r tranneUltima) Scan(dove ...any) error { return r.Rows.Scan(append(dove, nil)...) }

func (e *elenco) collezioni() (string, []any) {
	c := dove(e.f)
	parole := c.p(e.parole)
	var scelte, massime string
	if e.colonna() == "presentazione" {
		massime = strconv.Itoa(e.candidate)
		scelte = `SELECT c.id, c.presentazione FROM c WHERE NOT q.troppe AND ` + e.oltre(c, "c")
		if e.f.Servizi != nil {
			scelte += ` AND c.servizio = ANY (` + c.p(nomi(e.f.Servizi)) + `::text[])`
		}
		scelte += e.ordine("c")
	} else {
		massime = strconv.Itoa(e.candidateAggiornate)
		scelte = `SELECT p.id, p.aggiornata FROM c, LATERAL (SELECT p.id, p.aggiornata FROM pratiche p WHERE p.ente = $1 AND p.id = c.id LIMIT 1) p
			WHERE NOT q.troppe AND ` + e.oltre(c, "p") + e.ordine("p")
	}
	// The ente is written so that only the index of words can be taken; they begin with it.
	return `WITH c AS MATERIALIZED (SELECT r.id, r.servizio, r.presentazione FROM ricerca r WHERE r.ente || '' = $1 AND r.lessemi @@ ` + parole + `::tsquery LIMIT ` + massime + ` + 1)
		SELECT p.*, q.troppe FROM (SELECT count(*) > ` + massime + ` AS troppe FROM c) q LEFT JOIN LATERAL (
			SELECT p.* FROM (` + scelte + `) s, LATERAL (SELECT ` + colonneRiga + ` FROM pratiche p WHERE p.id = s.id AND ` + c.String() + ` LIMIT 1) p` +
		e.ordine("s") + ` LIMIT ` + c.p(e.n) + `) p ON true`, c.valori
}
