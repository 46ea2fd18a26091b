package postgres

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

const colonneRiga = `p.id, p.versione, p.servizio, p.stato, p.anno, p.progressivo, p.oggetto, p.richiedente, p.codice_fiscale, p.ufficio, p.operatore,
	p.protocollo, p.creata, p.presentata_il, p.cambio_stato, p.aggiornata, p.dovuto, p.attenzione, p.campi, p.presentazione`

// Cerca implements storage.Store. Each page is of one snapshot.
func (s *Store) Cerca(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
	f, dopo, err := proiezione.Filtro(f)
	if err != nil {
		return storage.Pagina{}, err
	}
	termini, niente := proiezione.Ricerca(&f)
	if niente || f.Servizi != nil && len(f.Servizi) == 0 {
		return storage.Pagina{}, nil
	}
	e := elenco{f: &f, dopo: dopo, parole: parole(termini), n: f.Limite + 1, misure: s.misure}
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
	misure
}

// cerca finds the page in the cheapest of the ways that give it exactly.
func (e *elenco) cerca(ctx context.Context, c *pgxpool.Conn) ([]storage.Riga, error) {
	switch {
	case diretta(e.f):
		return chiedi(ctx, c, e.raccolte, pgx.QueryExecModeExec)
	case e.parole != "":
		return e.cercaParole(ctx, c)
	}
	return e.inOrdine(ctx, c)
}

func chiedi(ctx context.Context, c *pgxpool.Conn, come func() (string, []any), modo ...any) ([]storage.Riga, error) {
	frase, valori := come()
	return righe(ctx, c, leggiRiga, frase, append(modo, valori...)...)
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

// raccolte reads all that a direct filter selects and sorts it. Nothing but the
// sizes of the tables says by which index, so it is planned each time.
func (e *elenco) raccolte() (string, []any) {
	c := dove(e.f)
	if e.parole != "" {
		c.e(haParole, e.parole)
	}
	return `WITH s AS MATERIALIZED (SELECT ` + colonneRiga + ` FROM pratiche p WHERE ` + c.con(e.oltre(c, "p")) + `)
		SELECT * FROM s` + e.ordine("s") + ` LIMIT ` + c.p(e.n), c.valori
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
	if err := r.Scan(&id, &x.Versione, &x.Servizio, &stato, &x.Numero.Anno, &x.Numero.Progressivo, &x.Oggetto, &x.Richiedente, &x.CodiceFiscale, &x.Ufficio, &x.Operatore,
		&x.Protocollo, &creata, &presentata, &cambio, &aggiornata, &dovuto, &x.Attenzione, &campi, nil); err != nil {
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
