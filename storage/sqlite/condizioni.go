package sqlite

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// condizioni builds a WHERE of which every value is a numbered parameter.
type condizioni struct {
	frasi  []string
	valori []any
}

// v gives the parameter that stands for the value.
func (c *condizioni) v(valore any) string {
	c.valori = append(c.valori, valore)
	return "?" + strconv.Itoa(len(c.valori))
}

func (c *condizioni) e(frasi ...string) { c.frasi = append(c.frasi, frasi...) }

// copia can grow without touching c.
func (c *condizioni) copia() *condizioni {
	return &condizioni{frasi: c.frasi[:len(c.frasi):len(c.frasi)], valori: c.valori[:len(c.valori):len(c.valori)]}
}

func (c *condizioni) String() string { return strings.Join(c.frasi, " AND ") }

// separa is between the values of one parameter: "unit separator" of ASCII.
const separa = "\x1f"

// tra holds where the column is one of the values. It is one parameter however
// many they are, and needs no table of its own for each part of a statement.
func tra[T ~string](c *condizioni, colonna string, valori []T) string {
	var b strings.Builder
	b.WriteString(separa)
	for _, v := range valori {
		if strings.Contains(string(v), separa) {
			return traJSON(c, colonna, valori)
		}
		b.WriteString(string(v) + separa)
	}
	return "instr(" + c.v(b.String()) + ", '" + separa + "' || " + colonna + " || '" + separa + "') > 0"
}

func traJSON[T ~string](c *condizioni, colonna string, valori []T) string {
	b, err := json.Marshal(valori)
	if err != nil { // strings always have a JSON
		return "0"
	}
	return colonna + " IN (SELECT value FROM json_each(" + c.v(string(b)) + "))"
}

// dove gives what holds for every row that f selects, but for its text and for
// what the intervals of piano say by themselves: ente, Servizi, Stati and Bozze.
func dove(f *storage.Filtro) *condizioni {
	c := &condizioni{}
	switch f.Lavorazione {
	case storage.Mie:
		c.e("operatore = "+c.v(f.Operatore), "operatore <> ''")
	case storage.NonAssegnate:
		c.e("operatore = ''", "finale = 0")
	case storage.Tutte:
	}
	if f.Ufficio != "" {
		c.e("ufficio = " + c.v(f.Ufficio))
	}
	if f.Richiedente != "" {
		c.e("codice_fiscale = "+c.v(f.Richiedente), "codice_fiscale <> ''")
	}
	if f.Anonimo != "" {
		c.e("anonimo = "+c.v(f.Anonimo), "anonimo <> ''")
	}
	if f.Numero != (pratica.Numero{}) {
		c.e("anno = "+c.v(f.Numero.Anno), "progressivo = "+c.v(f.Numero.Progressivo))
	}
	minimo, massimo := proiezione.Dovuto(f)
	if f.DovutoMin.Valid {
		c.e("dovuto >= " + c.v(minimo))
	}
	if f.DovutoMax.Valid {
		c.e("dovuto <= " + c.v(massimo))
	}
	c.date(f)
	if f.Attenzione {
		c.e("attenzione > 0")
	}
	if f.ConDati {
		c.e("oscurata = 0")
	}
	if f.Escludi != "" {
		c.e("id <> " + c.v(string(f.Escludi)))
	}
	return c
}

func (c *condizioni) date(f *storage.Filtro) {
	if !f.Dal.IsZero() || !f.Al.IsZero() {
		c.e("presentata_il <> 0")
	}
	if !f.Dal.IsZero() {
		c.e("presentata_il >= " + c.v(proiezione.Istante(f.Dal)))
	}
	if !f.Al.IsZero() {
		c.e("presentata_il < " + c.v(proiezione.Istante(f.Al)))
	}
	if !f.CambioDal.IsZero() {
		c.e("cambio_stato >= " + c.v(proiezione.Istante(f.CambioDal)))
	}
	if !f.CambioAl.IsZero() {
		c.e("cambio_stato < " + c.v(proiezione.Istante(f.CambioAl)))
	}
}
