package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// condizioni builds a WHERE of which every value is a parameter.
type condizioni struct {
	frasi  []string
	valori []any
	// termini are the words to look for, already among frasi; niente: nothing can match.
	termini []proiezione.Termine
	niente  bool
}

func (c *condizioni) e(frase string, valori ...any) {
	c.frasi = append(c.frasi, frase)
	c.valori = append(c.valori, valori...)
}

func tra[T ~string](c *condizioni, colonna string, valori []T) {
	v := make([]any, len(valori))
	for i := range valori {
		v[i] = string(valori[i])
	}
	c.e(colonna+" IN ("+strings.TrimSuffix(strings.Repeat("?,", len(v)), ",")+")", v...)
}

// massimoRaccolte bounds what a search of text collects from the index: more
// matches than these are met soon enough by walking the list itself.
const massimoRaccolte = 2000

// Cerca implements storage.Store.
func (s *Store) Cerca(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
	f, dopo, err := proiezione.Filtro(f)
	if err != nil {
		return storage.Pagina{}, err
	}
	var pagina storage.Pagina
	err = s.legge(ctx, "Cerca", func(tx *sql.Tx) error {
		c := dove(&f)
		if c.niente {
			return nil
		}
		if len(c.termini) > 0 {
			if err := s.raccogli(ctx, tx, c); err != nil {
				return err
			}
		}
		righe, err := tx.QueryContext(ctx, frasePagina(&f, c, dopo), append(c.valori, f.Limite+1)...)
		if err != nil {
			return err
		}
		return scorri(righe, func() error {
			r, err := leggiRiga(righe)
			pagina.Righe = append(pagina.Righe, r)
			return err
		})
	})
	if err != nil {
		return storage.Pagina{}, err
	}
	if len(pagina.Righe) > f.Limite {
		pagina.Righe = pagina.Righe[:f.Limite]
		if pagina.Seguente, err = proiezione.Dopo(f.Ordine, &pagina.Righe[f.Limite-1]).Cursore(); err != nil {
			return storage.Pagina{}, err
		}
	}
	return pagina, nil
}

// raccogli narrows c to the rows that have its terms, where they are few.
func (s *Store) raccogli(ctx context.Context, tx *sql.Tx, c *condizioni) error {
	righe, err := tx.StmtContext(ctx, s.q.raccogli).QueryContext(ctx, esprime(c.termini), massimoRaccolte+1)
	if err != nil {
		return err
	}
	trovate := []int64{}
	err = scorri(righe, func() error {
		var n int64
		err := righe.Scan(&n)
		trovate = append(trovate, n)
		return err
	})
	if err != nil || len(trovate) > massimoRaccolte {
		return err
	}
	b, err := json.Marshal(trovate)
	c.e("riga IN (SELECT value FROM json_each(?))", string(b))
	return err
}

// esprime writes terms as the full-text index reads them. Lexemes are letters,
// digits and underscores.
func esprime(termini []proiezione.Termine) string {
	var b strings.Builder
	for i, t := range termini {
		if i > 0 {
			b.WriteString(" AND ")
		}
		b.WriteString(`"` + t.Lessema + `"`)
		if !t.Intero {
			b.WriteString(" *")
		}
	}
	return b.String()
}

// frasePagina is the statement of a page; it adds to c where the page begins.
func frasePagina(f *storage.Filtro, c *condizioni, dopo proiezione.Posizione) string {
	colonna, verso, segno := "presentazione", "DESC", "<"
	if f.Ordine == storage.PerAggiornamento || f.Ordine == storage.PerAggiornamentoVecchie {
		colonna = "aggiornata"
	}
	if proiezione.Crescente(f.Ordine) {
		verso, segno = "ASC", ">"
	}
	if f.Cursore != "" {
		c.e("("+colonna+", id) "+segno+" (?, ?)", dopo.Istante, string(dopo.ID))
	}
	return `SELECT ` + colonneRiga + ` FROM pratiche WHERE ` + strings.Join(c.frasi, " AND ") +
		` ORDER BY ` + colonna + ` ` + verso + `, id ` + verso + ` LIMIT ?`
}

func dove(f *storage.Filtro) *condizioni {
	c := &condizioni{}
	c.e("ente = ?", f.Ente)
	if f.Servizi != nil {
		tra(c, "servizio", f.Servizi)
	}
	if len(f.Stati) > 0 {
		tra(c, "stato", f.Stati)
	}
	switch f.Lavorazione {
	case storage.Mie:
		c.e("operatore = ?", f.Operatore)
	case storage.NonAssegnate:
		c.e("operatore = '' AND finale = 0")
	case storage.Tutte:
	}
	for _, x := range []struct{ colonna, valore string }{
		{"ufficio", f.Ufficio}, {"codice_fiscale", f.Richiedente}, {"anonimo", f.Anonimo},
	} {
		if x.valore != "" {
			c.e(x.colonna+" = ?", x.valore)
		}
	}
	if f.Numero != (pratica.Numero{}) {
		c.e("anno = ? AND progressivo = ?", f.Numero.Anno, f.Numero.Progressivo)
	}
	c.termini, c.niente = proiezione.Ricerca(f)
	for _, t := range c.termini {
		l := " " + t.Lessema
		if t.Intero {
			l += " "
		}
		c.e("instr(lessemi, ?) > 0", l)
	}
	minimo, massimo := proiezione.Dovuto(f)
	if f.DovutoMin.Valid {
		c.e("dovuto >= ?", minimo)
	}
	if f.DovutoMax.Valid {
		c.e("dovuto <= ?", massimo)
	}
	if f.ConDati {
		c.e("oscurata = 0")
	}
	if !f.Dal.IsZero() || !f.Al.IsZero() {
		c.e("presentata_il <> 0")
	}
	if !f.Dal.IsZero() {
		c.e("presentata_il >= ?", proiezione.Istante(f.Dal))
	}
	if !f.Al.IsZero() {
		c.e("presentata_il < ?", proiezione.Istante(f.Al))
	}
	if !f.CambioDal.IsZero() {
		c.e("cambio_stato >= ?", proiezione.Istante(f.CambioDal))
	}
	if !f.CambioAl.IsZero() {
		c.e("cambio_stato < ?", proiezione.Istante(f.CambioAl))
	}
	if f.Attenzione {
		c.e("attenzione > 0")
	}
	if !f.Bozze {
		c.e("bozza = 0")
	}
	if f.Escludi != "" {
		c.e("id <> ?", string(f.Escludi))
	}
	return c
}

func leggiRiga(righe *sql.Rows) (storage.Riga, error) {
	var r storage.Riga
	var creata, presentata, cambio, aggiornata, dovuto int64
	var campi []byte
	err := righe.Scan(&r.ID, &r.Versione, &r.Servizio, &r.Stato, &r.Numero.Anno, &r.Numero.Progressivo, &r.Oggetto, &r.Richiedente, &r.CodiceFiscale,
		&r.Ufficio, &r.Operatore, &r.Protocollo, &creata, &presentata, &cambio, &aggiornata, &r.Attenzione, &dovuto, &campi)
	r.Creata, r.PresentataIl = proiezione.Quando(creata), proiezione.Quando(presentata)
	r.CambioStato, r.Aggiornata = proiezione.Quando(cambio), proiezione.Quando(aggiornata)
	r.Dovuto = proiezione.Euro(dovuto)
	if err == nil {
		r.Campi, err = proiezione.LeggiCampi(campi)
	}
	return r, err
}
