package postgres

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

const colonneRiga = `p.id, p.versione, p.servizio, p.stato, p.anno, p.progressivo, p.oggetto, p.richiedente, p.codice_fiscale,
	p.ufficio, p.operatore, p.protocollo, p.creata, p.presentata_il, p.cambio_stato, p.aggiornata, p.dovuto, p.campi`

// attenzione asks whether one of the effects of the row p needs somebody.
const attenzione = `EXISTS (SELECT 1 FROM effetti e WHERE e.ente = $1 AND e.pratica = p.id AND e.stato IN ('esito_ignoto', 'fallito'))`

// Cerca implements storage.Store. The rows are of one snapshot.
func (s *Store) Cerca(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
	f, dopo, err := proiezione.Filtro(f)
	if err != nil {
		return storage.Pagina{}, err
	}
	termini, niente := proiezione.Ricerca(&f)
	if niente || f.Servizi != nil && len(f.Servizi) == 0 {
		return storage.Pagina{}, nil
	}
	e := elenco{f: &f, dopo: dopo, parole: parole(termini), n: f.Limite + 1}
	var tutte []storage.Riga
	err = s.legge(ctx, "Cerca", func(ctx context.Context, c *pgxpool.Conn) (err error) {
		tutte, err = e.cerca(ctx, c)
		return err
	})
	if err != nil {
		return storage.Pagina{}, err
	}
	e.ordina(tutte)
	pagina := storage.Pagina{Righe: tutte}
	if len(tutte) > f.Limite {
		pagina.Righe = tutte[:f.Limite]
		if pagina.Seguente, err = proiezione.Dopo(f.Ordine, &tutte[f.Limite-1]).Cursore(); err != nil {
			return storage.Pagina{}, err
		}
	}
	return pagina, nil
}

// elenco is one page to be found.
type elenco struct {
	f      *storage.Filtro
	dopo   proiezione.Posizione
	parole string // that a pratica must have, as a query of PostgreSQL
	n      int    // rows wanted
}

// Rows that a search of words, or of what waits for somebody, looks at before it
// takes another way.
const (
	assaggio  = 1_000 // in the order of the list
	candidati = 4_000 // that have the words, or wait
)

// cerca finds the page in the cheapest of the ways that give it exactly.
func (e *elenco) cerca(ctx context.Context, c *pgxpool.Conn) ([]storage.Riga, error) {
	if diretta(e.f) {
		return e.chiedi(ctx, c, e.raccolte)
	}
	if e.parole == "" && !e.f.Attenzione {
		return e.inOrdine(ctx, c)
	}
	// Frequent words fill a page from its beginning; rare ones have few rows
	// altogether; between the two the list is walked as far as it takes.
	if e.parole != "" {
		if r, err := e.chiedi(ctx, c, e.assaggiate); err != nil || len(r) == e.n {
			return r, err
		}
	}
	if r, err := e.chiedi(ctx, c, e.scelte); err != nil || len(r) > 0 {
		return r, err
	}
	var tanti bool
	frase, valori := e.troppe()
	if err := c.QueryRow(ctx, frase, valori...).Scan(&tanti); err != nil || !tanti {
		return nil, err
	}
	return e.inOrdine(ctx, c)
}

// colonna by which the list is ordered.
func (e *elenco) colonna() string {
	if e.f.Ordine == storage.PerAggiornamento || e.f.Ordine == storage.PerAggiornamentoVecchie {
		return "aggiornata"
	}
	return "presentazione"
}

// ordine of the rows of t.
func (e *elenco) ordine(t string) string {
	verso := " DESC"
	if proiezione.Crescente(e.f.Ordine) {
		verso = ""
	}
	return ` ORDER BY ` + t + `.` + e.colonna() + verso + `, ` + t + `.id` + verso
}

// oltre asks that a row of t comes after the page before.
func (e *elenco) oltre(c *condizioni, t string) string {
	if e.f.Cursore == "" {
		return "true"
	}
	segno := " < "
	if proiezione.Crescente(e.f.Ordine) {
		segno = " > "
	}
	return `(` + t + `.` + e.colonna() + `, ` + t + `.id)` + segno + `(` + c.p(e.dopo.Istante) + `, ` + c.p(nome(string(e.dopo.ID))) + `)`
}

// prove are the conditions on a row that was found by other means than words
// and effects.
func (e *elenco) prove(c *condizioni) {
	if e.parole != "" {
		c.e(haParole, e.parole)
	}
	if e.f.Attenzione {
		c.e(attende)
	}
}

func (e *elenco) chiedi(ctx context.Context, c *pgxpool.Conn, come func() (string, []any)) ([]storage.Riga, error) {
	frase, valori := come()
	return righe(ctx, c, leggiRiga, frase, valori...)
}

// raccolte reads all that a direct filter selects and sorts it.
func (e *elenco) raccolte() (string, []any) {
	c := dove(e.f)
	e.prove(c)
	return `WITH s AS MATERIALIZED (SELECT ` + colonneRiga + `, p.presentazione FROM pratiche p WHERE ` + c.con(e.oltre(c, "p")) + `)
		SELECT ` + colonneRiga + `, ` + attenzione + ` FROM s p` + e.ordine("p") + ` LIMIT ` + c.p(e.n), c.valori
}

// assaggiate looks for the words in the first rows of the list.
func (e *elenco) assaggiate() (string, []any) {
	c := dove(e.f)
	if e.f.Attenzione {
		c.e(attende)
	}
	if e.colonna() == "aggiornata" {
		oltre := e.oltre(c, "p")
		c.e(haParole, e.parole)
		bozze := ""
		if senzaBozze(e.f) {
			bozze = ` AND NOT p.bozza`
		}
		return `SELECT ` + colonneRiga + `, ` + attenzione + ` FROM (SELECT p.* FROM pratiche p WHERE p.ente = $1` + bozze + ` AND ` + oltre +
			e.ordine("p") + ` LIMIT ` + strconv.Itoa(assaggio/4) + `) p WHERE ` + c.String() + ` LIMIT ` + c.p(e.n), c.valori
	}
	// ricerca has this order itself.
	return `SELECT ` + colonneRiga + `, ` + attenzione + ` FROM (SELECT r.id, r.lessemi FROM ricerca r WHERE r.ente = $1 AND ` + e.oltre(c, "r") +
		e.ordine("r") + ` LIMIT ` + strconv.Itoa(assaggio) + `) r, LATERAL (SELECT p.* FROM pratiche p WHERE p.id = r.id AND ` + c.String() +
		` LIMIT 1) p WHERE r.lessemi @@ ` + c.p(e.parole) + `::tsquery LIMIT ` + c.p(e.n), c.valori
}

// scelte collects the rows that have the words, or wait for somebody, and sorts
// them. It gives nothing where there are more than it collects: see troppe.
func (e *elenco) scelte() (string, []any) {
	c := dove(e.f)
	da := e.candidate(c)
	if e.parole != "" && e.f.Attenzione {
		c.e(attende)
	}
	return `WITH c AS MATERIALIZED (` + da + `), s AS MATERIALIZED (SELECT p.* FROM c, LATERAL (
			SELECT p.* FROM pratiche p WHERE p.id = c.id AND ` + c.con(e.oltre(c, "p")) + ` LIMIT 1) p
			WHERE (SELECT count(*) FROM c) <= ` + strconv.Itoa(candidati) + `)
		SELECT ` + colonneRiga + `, ` + attenzione + ` FROM s p` + e.ordine("p") + ` LIMIT ` + c.p(e.n), c.valori
}

// troppe asks whether scelte gave nothing because there was too much.
func (e *elenco) troppe() (string, []any) {
	var c condizioni
	c.p(nome(e.f.Ente))
	return `SELECT count(*) > ` + strconv.Itoa(candidati) + ` FROM (` + e.candidate(&c) + `) c`, c.valori
}

// candidate are the rows that have the words, or else wait; $1 is the ente.
func (e *elenco) candidate(c *condizioni) string {
	limite := ` LIMIT ` + strconv.Itoa(candidati+1)
	if e.parole == "" {
		return `SELECT DISTINCT e.pratica AS id FROM effetti e WHERE e.ente = $1 AND e.stato IN ('esito_ignoto', 'fallito')` + limite
	}
	servizi := ""
	if e.f.Servizi != nil {
		servizi = ` AND r.servizio = ANY (` + c.p(nomi(e.f.Servizi)) + `::text[])`
	}
	return `SELECT r.id FROM ricerca r WHERE r.ente = $1 AND r.lessemi @@ ` + c.p(e.parole) + `::tsquery` + servizi + limite
}

// ordina puts rows in the order of the list: parts of a query promise none.
func (e *elenco) ordina(r []storage.Riga) {
	verso := -1
	if proiezione.Crescente(e.f.Ordine) {
		verso = 1
	}
	slices.SortFunc(r, func(a, b storage.Riga) int {
		return verso * cmp.Or(cmp.Compare(proiezione.Chiave(e.f.Ordine, &a), proiezione.Chiave(e.f.Ordine, &b)), cmp.Compare(a.ID, b.ID))
	})
}

// leggiRiga reads a row of a list.
func leggiRiga(r pgx.Rows) (storage.Riga, error) {
	var x storage.Riga
	var id, stato string
	var creata, presentata, cambio, aggiornata, dovuto int64
	var campi []byte
	if err := r.Scan(&id, &x.Versione, &x.Servizio, &stato, &x.Numero.Anno, &x.Numero.Progressivo, &x.Oggetto, &x.Richiedente, &x.CodiceFiscale,
		&x.Ufficio, &x.Operatore, &x.Protocollo, &creata, &presentata, &cambio, &aggiornata, &dovuto, &campi, &x.Attenzione); err != nil {
		return x, err
	}
	leggiTutti(&id, &x.Servizio, &stato, &x.Oggetto, &x.Richiedente, &x.CodiceFiscale, &x.Ufficio, &x.Operatore, &x.Protocollo)
	x.ID, x.Stato, x.Dovuto = pratica.ID(id), pratica.Stato(stato), proiezione.Euro(dovuto)
	x.Creata, x.PresentataIl = proiezione.Quando(creata), proiezione.Quando(presentata)
	x.CambioStato, x.Aggiornata = proiezione.Quando(cambio), proiezione.Quando(aggiornata)
	var err error
	x.Campi, err = proiezione.LeggiCampi(campi)
	return x, err
}
