// Package revisione reads a form (modulo) as a careful colleague of its author
// would (revisione: review). What it finds compiles and works; it is harder to
// fill in, less accessible or not what its author meant.
//
// Each finding ([Rilievo]) says where, what to do and on which source the rule
// stands. Rules can be switched off by code: see [Regole].
//
// The package is pure.
package revisione

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// Gravita (gravity) of a finding. The values are stable.
type Gravita string

// The gravities, from the greatest.
const (
	Errore    Gravita = "errore"    // the form does not do what it says
	Avviso    Gravita = "avviso"    // a barrier, or a likely slip
	Consiglio Gravita = "consiglio" // it can be made easier
)

// Regola is one rule of the review.
type Regola struct {
	Codice  string  `json:"codice"` // stable, to switch it off
	Gravita Gravita `json:"gravita"`
	Titolo  string  `json:"titolo"`          // what it looks for, in Italian
	Fonte   string  `json:"fonte,omitempty"` // where the rule comes from, if not from experience
}

// Rilievo is one finding.
type Rilievo struct {
	Codice  string  `json:"codice"`
	Gravita Gravita `json:"gravita"`
	// Posizione is the place in the definition, "sezioni[0].campi[2].etichetta".
	Posizione string `json:"posizione"`
	// Campo is the path of the field ("figli.nome") or the id of the section;
	// empty elsewhere.
	Campo string `json:"campo,omitempty"`
	Testo string `json:"testo"` // what is wrong and what to do, in Italian
	Fonte string `json:"fonte,omitempty"`
}

// String is the finding in one line.
func (r Rilievo) String() string {
	s := string(r.Gravita) + " " + r.Codice + " " + r.Posizione
	if r.Campo != "" {
		s += " (" + r.Campo + ")"
	}
	s += ": " + r.Testo
	if r.Fonte != "" {
		s += " [" + r.Fonte + "]"
	}
	return s
}

// Regole gives every rule, in the order in which it is tried.
func Regole() []Regola {
	q := make([]Regola, 0, 32)
	for _, c := range controlli() {
		q = append(q, c.Regola)
	}
	return q
}

// Rivedi reviews a form with every rule but those whose Codice is in senza. The
// findings are in the order of the definition; the same form gives the same.
func Rivedi(m *modulo.Modulo, senza ...string) []Rilievo {
	v := leggi(m.Definizione())
	for _, c := range controlli() {
		if slices.Contains(senza, c.Codice) {
			continue
		}
		v.regola = c.Regola
		c.trova(v)
	}
	slices.SortStableFunc(v.trovati, func(a, b trovato) int { return a.ordine - b.ordine })
	q := make([]Rilievo, 0, len(v.trovati))
	for _, t := range v.trovati {
		q = append(q, t.Rilievo)
	}
	return q
}

type controllo struct {
	Regola
	trova func(*visita)
}

type trovato struct {
	Rilievo
	ordine int
}

// posto is a field where it stands.
type posto struct {
	modulo.Campo
	percorso  string
	posizione string
	sezione   int
	gruppo    *posto // nil at the top
	ordine    int
}

// visita is one review.
type visita struct {
	def     modulo.Definizione
	campi   []*posto
	sezioni []int // the ordine of each section
	ultimo  int
	regola  Regola
	trovati []trovato
}

func leggi(d modulo.Definizione) *visita {
	v := &visita{def: d}
	for i, s := range d.Sezioni {
		v.ultimo++
		v.sezioni = append(v.sezioni, v.ultimo)
		v.aggiungi(s.Campi, i, nil, "sezioni["+strconv.Itoa(i)+"]")
	}
	v.ultimo++
	return v
}

func (v *visita) aggiungi(campi []modulo.Campo, sezione int, gruppo *posto, dove string) {
	for j, c := range campi {
		v.ultimo++
		p := &posto{Campo: c, percorso: c.ID, posizione: dove + ".campi[" + strconv.Itoa(j) + "]", sezione: sezione, gruppo: gruppo, ordine: v.ultimo}
		if gruppo != nil {
			p.percorso = gruppo.percorso + "." + c.ID
		}
		v.campi = append(v.campi, p)
		v.aggiungi(c.Campi, sezione, p, p.posizione)
	}
}

func (v *visita) scrivi(ordine int, posizione, campo, testo string) {
	v.trovati = append(v.trovati, trovato{Rilievo{
		Codice: v.regola.Codice, Gravita: v.regola.Gravita, Posizione: posizione, Campo: campo, Testo: testo, Fonte: v.regola.Fonte,
	}, ordine})
}

// campo reports on a setting of a field.
func (v *visita) campo(p *posto, chiave, testo string) {
	v.scrivi(p.ordine, p.posizione+"."+chiave, p.percorso, testo)
}

func (v *visita) sezione(i int, chiave, testo string) {
	v.scrivi(v.sezioni[i], "sezioni["+strconv.Itoa(i)+"]."+chiave, v.def.Sezioni[i].ID, testo)
}

// scritto is a text that people read.
type scritto struct {
	testo     string
	breve     bool // a title, a label, a help: not a statement with its legal references
	ordine    int
	posizione string
	campo     string
}

func (v *visita) testi() []scritto {
	q := []scritto{
		{v.def.Titolo, true, 0, "titolo", ""},
		{v.def.Descrizione, true, 0, "descrizione", ""},
	}
	for i, s := range v.def.Sezioni {
		pos := "sezioni[" + strconv.Itoa(i) + "]."
		q = append(q, scritto{s.Titolo, true, v.sezioni[i], pos + "titolo", s.ID}, scritto{s.Descrizione, true, v.sezioni[i], pos + "descrizione", s.ID})
	}
	for _, p := range v.campi {
		for _, t := range []struct {
			chiave, testo string
			breve         bool
		}{
			{"etichetta", p.Etichetta, true}, {"aiuto", p.Aiuto, true}, {"testo", p.Testo, false},
			{"messaggio_obbligatorio", p.MessaggioObbligatorio, true}, {"messaggio_schema", p.MessaggioSchema, true},
			{"etichetta_riga", p.EtichettaRiga, true}, {"etichetta_aggiungi", p.EtichettaAggiungi, true},
		} {
			q = append(q, scritto{t.testo, t.breve, p.ordine, p.posizione + "." + t.chiave, p.percorso})
		}
		for i, o := range p.Opzioni {
			q = append(q, scritto{o.Etichetta, true, p.ordine, p.posizione + ".opzioni[" + strconv.Itoa(i) + "].etichetta", p.percorso})
		}
	}
	for i, r := range v.def.Regole {
		q = append(q, scritto{r.Messaggio, true, v.ultimo, "regole[" + strconv.Itoa(i) + "].messaggio", ""})
	}
	return slices.DeleteFunc(q, func(s scritto) bool { return strings.TrimSpace(s.testo) == "" })
}

func virgolette(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return "«" + s + "»"
}

func piano(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.TrimRight(s, ":*? ")), " "))
}
