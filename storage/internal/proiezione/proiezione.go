// Package proiezione holds what every store must do alike, so that a list, a
// search or a refusal is the same on each: the row that a list shows, the
// lexemes in which a search looks, the cursor of a page, the checks of what is
// written.
package proiezione

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// Riga gives the row of a pratica; attenzione says whether one of its effects
// needs somebody. Bytes that are not UTF-8 become U+FFFD, as in the JSON of the pratica.
func Riga(p *pratica.Pratica, campi []storage.Campo, attenzione bool) storage.Riga {
	r := storage.Riga{
		ID: p.ID, Versione: p.Versione, Servizio: pulito(p.Servizio), Stato: p.Stato, Numero: p.Numero, Oggetto: pulito(p.Oggetto),
		Richiedente: pulito(p.Richiedente.Denominazione()), CodiceFiscale: pulito(string(p.Richiedente.CodiceFiscale)),
		Ufficio: pulito(p.Ufficio), Operatore: pulito(p.Operatore),
		Creata: Netto(p.Creata), PresentataIl: Netto(p.PresentataIl), CambioStato: Netto(p.CambioStato), Aggiornata: Netto(p.Aggiornata),
		Attenzione: attenzione, Dovuto: Euro(Centesimi(p.Dovuto())),
	}
	if g, ok := p.Protocollo(); ok {
		r.Protocollo = pulito(g.String())
	}
	for i := range campi {
		if r.Campi == nil {
			r.Campi = map[string]string{}
		}
		r.Campi[campi[i].Nome] = pulito(campi[i].Testo)
	}
	return r
}

func pulito(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// Presentazione is the instant by which PerPresentazione orders: that of the
// submission, for drafts that of the creation.
func Presentazione(r *storage.Riga) time.Time {
	if r.PresentataIl.IsZero() {
		return r.Creata
	}
	return r.PresentataIl
}

// File gives the SHA-256 of every file that the pratica refers to, sorted, each
// once. One whose personal data were erased keeps the digests of its documents
// and needs their files no more.
func File(p *pratica.Pratica) []string {
	if !p.Oscurata.IsZero() {
		return nil
	}
	var f []string
	for i := range p.Allegati {
		f = append(f, p.Allegati[i].SHA256)
	}
	for i := range p.Documenti {
		if s := p.Documenti[i].SHA256; s != "" {
			f = append(f, s)
		}
	}
	slices.Sort(f)
	return slices.Compact(f)
}

// Centesimi is an amount as stores keep it, rounded half away from zero and
// held within what fits.
func Centesimi(d decimal.Decimal) int64 { return intero(d.Shift(2).Round(0)) }

// Euro is the inverse of Centesimi.
func Euro(c int64) decimal.Decimal { return decimal.New(c, -2) }

// Dovuto gives the bounds of a filter in cents, both included.
func Dovuto(f *storage.Filtro) (minimo, massimo int64) {
	minimo, massimo = math.MinInt64, math.MaxInt64
	if f.DovutoMin.Valid {
		minimo = intero(f.DovutoMin.Decimal.Shift(2).Ceil())
	}
	if f.DovutoMax.Valid {
		massimo = intero(f.DovutoMax.Decimal.Shift(2).Floor())
	}
	return minimo, massimo
}

func intero(d decimal.Decimal) int64 {
	switch {
	case d.GreaterThan(decimal.NewFromInt(math.MaxInt64)):
		return math.MaxInt64
	case d.LessThan(decimal.NewFromInt(math.MinInt64)):
		return math.MinInt64
	}
	return d.IntPart()
}

// valore is a field as stores keep it.
type valore struct {
	Testo  string `json:"t"`
	Numero string `json:"n,omitempty"` // decimal
}

// ScriviCampi gives the JSON of the fields: an object of {"t": text, "n":
// number} by name.
func ScriviCampi(campi []storage.Campo) ([]byte, error) {
	m := make(map[string]valore, len(campi))
	for i := range campi {
		v := valore{Testo: campi[i].Testo}
		if campi[i].Numero.Valid {
			v.Numero = campi[i].Numero.Decimal.String()
		}
		m[campi[i].Nome] = v
	}
	return json.Marshal(m)
}

// LeggiCampi gives what a row shows of the JSON that ScriviCampi wrote.
func LeggiCampi(b []byte) (map[string]string, error) {
	if len(b) <= len("{}") {
		return nil, nil //nolint:nilnil // no fields, no map
	}
	var m map[string]valore
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("%w: campi", storage.ErrCorrotto)
	}
	campi := make(map[string]string, len(m))
	for k, v := range m {
		campi[k] = v.Testo
	}
	return campi, nil
}

// Somme adds up numbers field by field.
type Somme map[string]storage.Somma

// NuoveSomme begins with nothing for each field.
func NuoveSomme(campi []string) Somme {
	s := Somme{}
	for _, c := range campi {
		s[c] = storage.Somma{}
	}
	return s
}

// Aggiungi adds the number of a field, if the field was asked for.
func (s Somme) Aggiungi(campo string, d decimal.Decimal) {
	x, ok := s[campo]
	if !ok {
		return
	}
	if x.Valori == 0 || d.LessThan(x.Minimo.Decimal) {
		x.Minimo = decimal.NewNullDecimal(d)
	}
	if x.Valori == 0 || d.GreaterThan(x.Massimo.Decimal) {
		x.Massimo = decimal.NewNullDecimal(d)
	}
	x.Valori++
	x.Totale = x.Totale.Add(d)
	s[campo] = x
}

// AggiungiJSON adds the numbers in the JSON that ScriviCampi wrote.
func (s Somme) AggiungiJSON(b []byte) error {
	if len(b) <= len("{}") || len(s) == 0 {
		return nil
	}
	var m map[string]valore
	if err := json.Unmarshal(b, &m); err != nil {
		return fmt.Errorf("%w: campi", storage.ErrCorrotto)
	}
	for k, v := range m {
		if v.Numero == "" {
			continue
		}
		d, err := decimal.NewFromString(v.Numero)
		if err != nil {
			return fmt.Errorf("%w: campi", storage.ErrCorrotto)
		}
		s.Aggiungi(k, d)
	}
	return nil
}
