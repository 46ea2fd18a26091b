package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// condizioni builds a WHERE of which every value is a parameter.
type condizioni struct {
	frasi  []string
	valori []any
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

// Cerca implements storage.Store. The rows and their number are of one snapshot.
func (s *Store) Cerca(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
	f, dopo, err := proiezione.Filtro(f)
	if err != nil {
		return storage.Pagina{}, err
	}
	var pagina storage.Pagina
	err = s.legge(ctx, "Cerca", func(tx *sql.Tx) error {
		c := dove(&f)
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

// frasePagina is the statement of a page; it adds to c where the page begins.
func frasePagina(f *storage.Filtro, c *condizioni, dopo proiezione.Posizione) string {
	colonna, verso, segno := "presentazione", "DESC", "<"
	switch f.Ordine {
	case storage.PerPresentazioneVecchie:
		verso, segno = "ASC", ">"
	case storage.PerAggiornamento:
		colonna = "aggiornata"
	case storage.PerPresentazione:
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
	termini, niente := proiezione.Ricerca(f)
	if niente {
		c.e("0")
	}
	for _, t := range termini {
		l := " " + t.Lessema
		if t.Intero {
			l += " "
		}
		c.e("instr(testo, ?) > 0", l)
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
	var creata, presentata, cambio, aggiornata int64
	err := righe.Scan(&r.ID, &r.Versione, &r.Servizio, &r.Stato, &r.Numero.Anno, &r.Numero.Progressivo, &r.Oggetto, &r.Richiedente, &r.CodiceFiscale,
		&r.Ufficio, &r.Operatore, &r.Protocollo, &creata, &presentata, &cambio, &aggiornata, &r.Attenzione)
	r.Creata, r.PresentataIl = proiezione.Quando(creata), proiezione.Quando(presentata)
	r.CambioStato, r.Aggiornata = proiezione.Quando(cambio), proiezione.Quando(aggiornata)
	return r, err
}

// Riassumi implements storage.Store.
func (s *Store) Riassumi(context.Context, storage.Filtro, ...string) (storage.Riepilogo, error) {
	return storage.Riepilogo{}, errors.ErrUnsupported
}

// InUso implements storage.Store.
func (s *Store) InUso(context.Context, string, string) (bool, error) {
	return true, errors.ErrUnsupported
}
