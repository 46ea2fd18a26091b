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
	"cmp"
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
	v := leggi(m)
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
	gruppo    *posto      // nil at the top
	uso       modulo.Tipo // the composite type that gives it; empty if its author wrote it
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

// leggi takes the form with its blocks written out, and each field back to the
// place where its author wrote it: to the field that uses the block.
func leggi(m *modulo.Modulo) *visita {
	scritta := m.Definizione()
	v := &visita{def: m.Definizione()}
	v.def.Sezioni = m.Sezioni()
	for i, s := range v.def.Sezioni {
		v.ultimo++
		v.sezioni = append(v.sezioni, v.ultimo)
		v.aggiungi(s.Campi, scritta.Sezioni[i].Campi, i, nil, "sezioni["+strconv.Itoa(i)+"]")
	}
	v.ultimo++
	return v
}

func (v *visita) aggiungi(campi, scritti []modulo.Campo, sezione int, gruppo *posto, dove string) {
	j := 0
	for _, c := range campi {
		v.ultimo++
		for j+1 < len(scritti) && !vieneDa(c, scritti[j]) {
			j++
		}
		p := &posto{Campo: c, percorso: c.ID, sezione: sezione, gruppo: gruppo, ordine: v.ultimo}
		var sotto []modulo.Campo
		if j < len(scritti) {
			p.uso, sotto = composto(scritti[j]), scritti[j].Campi
		}
		p.posizione = dove
		if scritti != nil {
			p.posizione += ".campi[" + strconv.Itoa(j) + "]"
		}
		if gruppo != nil {
			p.percorso = gruppo.percorso + "." + c.ID
			p.uso = cmp.Or(p.uso, gruppo.uso)
		}
		v.campi = append(v.campi, p)
		if p.uso != "" {
			sotto = nil
		}
		v.aggiungi(c.Campi, sotto, sezione, p, p.posizione)
	}
}

// vieneDa: the field is the one written, or one that its block gives.
func vieneDa(c, scritto modulo.Campo) bool {
	return c.ID == scritto.ID || composto(scritto) != "" && strings.HasPrefix(c.ID, scritto.ID+"_")
}

// composto gives the type of a field that stands for others; empty if it is one.
func composto(c modulo.Campo) modulo.Tipo {
	if slices.Contains(modulo.TipiComposti(), c.Tipo) {
		return c.Tipo
	}
	return ""
}

func (v *visita) scrivi(ordine int, posizione, campo, testo string) {
	v.trovati = append(v.trovati, trovato{Rilievo{
		Codice: v.regola.Codice, Gravita: v.regola.Gravita, Posizione: posizione, Campo: campo, Testo: testo, Fonte: v.regola.Fonte,
	}, ordine})
}

// campo reports on a setting of a field. Of the fields that a block gives only
// the use has a place; those of a persona or an indirizzo nobody can mend.
func (v *visita) campo(p *posto, chiave, testo string) {
	switch p.uso {
	case "":
		v.scrivi(p.ordine, p.posizione+"."+chiave, p.percorso, testo)
	case modulo.DaBlocco:
		v.scrivi(p.ordine, p.posizione, p.percorso, testo)
	default:
	}
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
		if p.uso == "" {
			q = append(q, testiDi(p.Campo, p.ordine, p.posizione, p.percorso)...)
		}
	}
	for i, b := range v.def.Blocchi {
		q = append(q, testiBlocco(b.Campi, v.ultimo, "blocchi["+strconv.Itoa(i)+"]", b.ID)...)
	}
	for i, r := range v.def.Regole {
		q = append(q, scritto{r.Messaggio, true, v.ultimo, "regole[" + strconv.Itoa(i) + "].messaggio", ""})
	}
	return slices.DeleteFunc(q, func(s scritto) bool { return strings.TrimSpace(s.testo) == "" })
}

// testiDi gives the texts of one field.
func testiDi(c modulo.Campo, ordine int, posizione, percorso string) []scritto {
	q := []scritto{
		{c.Etichetta, true, ordine, posizione + ".etichetta", percorso},
		{c.Aiuto, true, ordine, posizione + ".aiuto", percorso},
		{c.Testo, false, ordine, posizione + ".testo", percorso},
		{c.MessaggioObbligatorio, true, ordine, posizione + ".messaggio_obbligatorio", percorso},
		{c.MessaggioSchema, true, ordine, posizione + ".messaggio_schema", percorso},
		{c.EtichettaRiga, true, ordine, posizione + ".etichetta_riga", percorso},
		{c.EtichettaAggiungi, true, ordine, posizione + ".etichetta_aggiungi", percorso},
		{c.EtichettaInsieme, true, ordine, posizione + ".etichetta_insieme", percorso},
	}
	for i, o := range c.Opzioni {
		q = append(q, scritto{o.Etichetta, true, ordine, posizione + ".opzioni[" + strconv.Itoa(i) + "].etichetta", percorso})
	}
	return q
}

// testiBlocco gives the texts of a block where it is written, however often it is used.
func testiBlocco(campi []modulo.Campo, ordine int, dove, percorso string) (q []scritto) {
	for j, c := range campi {
		pos := dove + ".campi[" + strconv.Itoa(j) + "]"
		q = append(q, testiDi(c, ordine, pos, percorso+"."+c.ID)...)
		q = append(q, testiBlocco(c.Campi, ordine, pos, percorso+"."+c.ID)...)
	}
	return q
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
