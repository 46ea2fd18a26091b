package modulo

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Fornitura is what a definition needs from Go and JSON cannot hold: an option
// of Compila. The zero list is a form that stands by itself.
type Fornitura func(*forniture)

type forniture struct {
	estensione Estensione
	elenchi    map[string]Elenco
}

// Estensione decides what expressions cannot say: the conditions, computed
// values and checks of a form that was born elsewhere (package formio).
//
// Valuta must be pure, bounded in time and memory, and safe for concurrent use.
// It may keep neither r nor what o holds, and must not change them. It is
// given the answers before any of them is judged: only fields of the form, rows
// up to what each gruppo allows, at most LimiteRisposte bytes, prefilled
// answers in their place, texts as posted (not normalised). Values are string,
// bool, numbers of encoding/json and Go, []string and, for a gruppo,
// []map[string]any.
//
// A panic does not escape: Modulo reports the code "calcolo" on the form as a
// whole, so that nothing unchecked is submitted.
type Estensione interface {
	Valuta(r Risposte, o Opzioni) Giudizio
}

// Giudizio is what an Estensione decided. Paths are those of the answers:
// "reddito", "figli", "figli[0].nome". Modulo only reads it.
type Giudizio struct {
	// Nascosti are the paths, or the ids of sections after "sezione:", that are
	// not shown. A field is shown where its own Se and this agree.
	Nascosti map[string]bool
	// Obbligatori are the paths that must be answered, if shown.
	Obbligatori map[string]bool
	// SolaLettura are the paths whose posted value counts, but that the page
	// shows locked; a gruppo locks its rows.
	SolaLettura map[string]bool
	// Calcolati gives values that take the place of what was posted; nil is an
	// empty one. They are read by the type of the field, where a number may also
	// be float64 or a text with a point ("1234.5") and is rounded to the decimals
	// of the field. A Calcolo of the definition wins over it. The rows of a
	// gruppo may be given at its path.
	Calcolati map[string]any
	// Errori are what was found wrong: Percorso, Codice (defaults to
	// "estensione") and Messaggio count, the rest is filled in by Modulo. An
	// error on a hidden field is not reported; one whose path is not of the form
	// is reported on the form as a whole.
	Errori []Errore
}

// ConEstensione gives the form its Estensione; the last one given counts.
func ConEstensione(e Estensione) Fornitura {
	return func(f *forniture) { f.estensione = e }
}

const prefissoSezione = "sezione:"

// giudica runs the extension once.
func (v *valutazione) giudica() {
	e := v.m.estensione
	if e == nil {
		return
	}
	defer func() {
		if recover() != nil {
			v.giudizio = Giudizio{}
			v.estensioneGuasta = true
		}
	}()
	v.giudizio = e.Valuta(v.m.grezze(v.r, v.o.Precompilate), v.o)
}

// grezze gives the posted answers bounded, but not judged.
func (m *Modulo) grezze(r, precompilate Risposte) Risposte {
	g := make(Risposte, len(m.campi))
	residuo := bilancio{LimiteRisposte, LimiteRigheTotali}
	for _, s := range m.sezioni {
		for _, c := range s.campi {
			v := r[c.ID]
			if p, ok := precompilate[c.ID]; ok && !c.nullo(p) {
				v = p
			}
			if x := c.grezzo(v, &residuo); x != nil {
				g[c.ID] = x
			}
		}
	}
	return g
}

// grezzo copies one answer within the budget; nil if there is none, or if it is
// of a shape that no field has.
func (c *campo) grezzo(v any, residuo *bilancio) any {
	if c.Tipo == Nota {
		return nil
	}
	if c.Tipo == Gruppo {
		rr := righe(v)
		if len(rr) == 0 {
			return nil
		}
		rr = rr[:min(len(rr), c.maxRighe, residuo.righe)]
		residuo.righe -= len(rr)
		q := make([]map[string]any, 0, len(rr))
		for _, r := range rr {
			riga := make(map[string]any, len(c.figli))
			for _, f := range c.figli {
				if x := f.grezzo(r[f.ID], residuo); x != nil {
					riga[f.ID] = x
				}
			}
			q = append(q, riga)
		}
		return q
	}
	var x any
	switch v := v.(type) {
	case string:
		x = c.accorcia(v)
	case bool, int, int64, float64, json.Number, decimal.Decimal:
		x = v
	case termini.Giorno:
		x = v.String()
	case []string, []any:
		if c.Tipo == SceltaMultipla || c.Tipo == File {
			ee := elenco(v)
			x = ee[:min(len(ee), LimiteOpzioni)]
		} else if s, ok := testoDi(v, false); ok {
			x = c.accorcia(s)
		}
	}
	if residuo.byte -= peso(x); residuo.byte < 0 {
		return nil
	}
	return x
}

// accorcia cuts a text where leggiTesto would, and mends broken UTF-8.
func (c *campo) accorcia(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	bordo := c.bordo()
	if len(s) <= bordo {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > bordo+1 {
			return s[:i]
		}
	}
	return s
}

// leggiCalcolato reads what an extension computed.
func (c *campo) leggiCalcolato(v any) lettura {
	if !c.Tipo.numerico() {
		return c.leggi(v)
	}
	var d decimal.Decimal
	switch x := v.(type) {
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) || math.Abs(x) >= 1e15 {
			return c.nonLetto("", codiceCifre)
		}
		d = decimal.RequireFromString(strconv.FormatFloat(x, 'f', -1, 64))
	case decimal.Decimal:
		d = x
	case json.Number:
		return c.leggiCalcolato(x.String())
	case string:
		if !formaNumero.MatchString(x) {
			return c.leggi(v)
		}
		d = decimal.RequireFromString(x)
	default:
		return c.leggi(v)
	}
	if d.NumDigits()+int(d.Exponent()) > cifreIntere {
		return c.nonLetto("", codiceCifre)
	}
	d = d.Round(int32(c.decimaliMax))
	return lettura{valore: scriviNumero(d, c.Tipo), espr: pieno(d)}
}

// riporta puts the errors of the extension beside our own of the same place;
// where our own check already gives the code, ours is enough.
func (v *valutazione) riporta(c controllo, errori []Errore) {
	if len(errori) == 0 || v.o.Bozza {
		return
	}
	detti := map[string]bool{}
	for i := len(v.esito.Errori) - 1; i >= 0 && v.esito.Errori[i].Percorso == c.percorso; i-- {
		detti[v.esito.Errori[i].Codice] = true
	}
	for _, e := range errori {
		codice, testo := pulisci(e.Codice, false), pulisci(e.Messaggio, false)
		if codice == "" {
			codice = codiceEstensione
		}
		if testo == "" {
			testo = "Controlla quello che hai scritto"
		}
		if chiave := codice + "\n" + testo; !detti[codice] && !detti[chiave] {
			detti[chiave] = true
			v.errore(c, codice, testo)
		}
	}
}

// raccogli sorts the errors of the extension by path; what names nothing of the
// form goes to the form as a whole, so that no check is lost.
func (v *valutazione) raccogli() {
	if v.o.Bozza || len(v.giudizio.Errori) == 0 {
		return
	}
	v.altrui = make(map[string][]Errore, len(v.giudizio.Errori))
	for _, e := range v.giudizio.Errori {
		p := e.Percorso
		if _, ok := leggiPercorso(p); !ok || v.m.campo(p) == nil {
			p = ""
		}
		v.altrui[p] = append(v.altrui[p], e)
	}
}
