package postgres

import (
	"slices"
	"strconv"
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

// e adds a condition; the n-th "$" of it stands for the n-th value.
func (c *condizioni) e(frase string, valori ...any) {
	for _, v := range valori {
		frase = strings.Replace(frase, "$", "\x00"+strings.TrimPrefix(c.p(v), "$"), 1)
	}
	c.frasi = append(c.frasi, strings.ReplaceAll(frase, "\x00", "$"))
}

// p gives the parameter of a value.
func (c *condizioni) p(v any) string {
	c.valori = append(c.valori, v)
	return "$" + strconv.Itoa(len(c.valori))
}

func (c *condizioni) String() string { return strings.Join(c.frasi, " AND ") }

// con gives the conditions with some more, and leaves c as it is but for the values.
func (c *condizioni) con(frasi ...string) string {
	return strings.Join(slices.Concat(c.frasi, frasi), " AND ")
}

// dove says what a filter selects, of the row p. The words of a text are not in it.
func dove(f *storage.Filtro) *condizioni {
	c := diOgniTratto(f)
	c.servizi(f)
	c.stati(f)
	if senzaBozze(f) {
		c.e(`NOT p.bozza`)
	}
	return c
}

func (c *condizioni) servizi(f *storage.Filtro) {
	if f.Servizi != nil {
		c.e(`p.servizio = ANY ($::text[])`, nomi(f.Servizi))
	}
}

func (c *condizioni) stati(f *storage.Filtro) {
	if len(f.Stati) > 0 {
		c.e(`p.stato = ANY ($::text[])`, nomi(f.Stati))
	}
}

// diOgniTratto is what dove says but for services, states and drafts.
func diOgniTratto(f *storage.Filtro) *condizioni {
	c := &condizioni{}
	c.e(`p.ente = $`, nome(f.Ente))
	if !f.Bozze {
		c.e(`p.stato <> 'attesa_pagamento'`)
	}
	switch f.Lavorazione {
	case storage.Mie:
		c.e(`p.operatore = $ AND p.operatore <> ''`, nome(f.Operatore))
	case storage.NonAssegnate:
		c.e(`p.operatore = '' AND NOT p.finale`)
	case storage.Tutte:
	}
	if f.Ufficio != "" {
		c.e(`p.ufficio = $ AND p.ufficio <> ''`, nome(f.Ufficio))
	}
	if f.Richiedente != "" {
		c.e(`p.codice_fiscale = $ AND p.codice_fiscale <> ''`, nome(f.Richiedente))
	}
	if f.Anonimo != "" {
		c.e(`p.anonimo = $ AND p.anonimo <> ''`, nome(f.Anonimo))
	}
	if f.Numero != (pratica.Numero{}) {
		c.e(`p.anno = $ AND p.progressivo = $`, f.Numero.Anno, f.Numero.Progressivo)
		if f.Numero.Progressivo != 0 {
			c.e(`p.progressivo <> 0`)
		}
	}
	c.date(f)
	minimo, massimo := proiezione.Dovuto(f)
	if f.DovutoMin.Valid {
		c.e(`p.dovuto >= $`, minimo)
	}
	if minimo > 0 {
		c.e(`p.dovuto > 0`)
	}
	if f.DovutoMax.Valid {
		c.e(`p.dovuto <= $`, massimo)
	}
	if f.Attenzione {
		c.e(`p.attenzione`)
	}
	if f.ConDati {
		c.e(`NOT p.oscurata`)
	}
	if f.Escludi != "" {
		c.e(`p.id <> $`, nome(string(f.Escludi)))
	}
	return c
}

func (c *condizioni) date(f *storage.Filtro) {
	if !f.Dal.IsZero() || !f.Al.IsZero() {
		c.e(`p.presentata_il <> 0`)
	}
	// presentazione is then the same, and there is an index that has its order.
	if !f.Dal.IsZero() {
		dal := c.p(proiezione.Istante(f.Dal))
		c.frasi = append(c.frasi, `p.presentata_il >= `+dal+` AND p.presentazione >= `+dal)
	}
	if !f.Al.IsZero() {
		al := c.p(proiezione.Istante(f.Al))
		c.frasi = append(c.frasi, `p.presentata_il < `+al+` AND p.presentazione < `+al)
	}
	if !f.CambioDal.IsZero() {
		c.e(`p.cambio_stato >= $`, proiezione.Istante(f.CambioDal))
	}
	if !f.CambioAl.IsZero() {
		c.e(`p.cambio_stato < $`, proiezione.Istante(f.CambioAl))
	}
}

// senzaBozze: no row in state bozza is selected.
func senzaBozze(f *storage.Filtro) bool {
	return !f.Bozze || len(f.Stati) > 0 && !slices.Contains(f.Stati, pratica.Bozza)
}

// daPagare: only what has something still to pay.
func daPagare(f *storage.Filtro) bool {
	minimo, _ := proiezione.Dovuto(f)
	return minimo > 0
}

// tutti reports whether the states are all that there are, but maybe Bozza.
func tutti(stati []pratica.Stato) bool {
	for _, s := range pratica.Stati() {
		if s != pratica.Bozza && !slices.Contains(stati, s) {
			return false
		}
	}
	return true
}

// diretta: the filter names one thing that few pratiche have.
func diretta(f *storage.Filtro) bool {
	return f.Richiedente != "" || f.Anonimo != "" || f.Numero.Progressivo != 0
}

// parole gives the query of the words that a pratica must have, "" for none.
// Lexemes are ASCII letters, digits and "_".
func parole(termini []proiezione.Termine) string {
	var b strings.Builder
	for i, t := range termini {
		if i > 0 {
			b.WriteString(" & ")
		}
		b.WriteString("'" + t.Lessema + "'")
		if !t.Intero {
			b.WriteString(":*")
		}
	}
	return b.String()
}

// haParole tests a row that was found by other means: written so, the planner
// cannot begin with the words.
const haParole = `(SELECT r.lessemi @@ $::tsquery FROM ricerca r WHERE r.ente = p.ente AND r.id = p.id)`
