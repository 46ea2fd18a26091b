package modulo

import (
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// LimiteVoci is how many options of an Elenco Modulo.Voci gives at most.
const LimiteVoci = 20_000

// Elenco gives the options of a scelta or scelta_multipla that no definition can
// list: the municipalities of a province, the schools of this year. padre is
// the value of the field that DipendeDa names, "" without one. giorno is
// Opzioni.Oggi; on the zero day every option counts that ever was, which is how
// a summary finds the label of an old answer.
//
// Voci gives the options to show, in order. Voce gives one by its code, and
// says whether it may be chosen: it must agree with Voci. Both must be quick,
// safe for concurrent use, and give the same for the same arguments as long as
// a form is in use: keep the table in memory. A panic does not escape.
type Elenco interface {
	Voci(padre string, giorno termini.Giorno) []Opzione
	Voce(padre, valore string, giorno termini.Giorno) (Opzione, bool)
}

// ConElenco gives the options to the fields whose Elenco is nome.
func ConElenco(nome string, e Elenco) Fornitura {
	return func(f *forniture) {
		if f.elenchi == nil {
			f.elenchi = map[string]Elenco{}
		}
		f.elenchi[nome] = e
	}
}

// ElencoFisso is an Elenco of the same options whatever the padre and the day.
func ElencoFisso(voci ...Opzione) Elenco {
	return elencoFisso{tavola: map[string]tavolaVoci{"": nuovaTavola(voci)}, comune: true}
}

// ElencoPer is an Elenco of options by padre, the same on every day; "" is the
// padre of a field without DipendeDa.
func ElencoPer(voci map[string][]Opzione) Elenco {
	e := elencoFisso{tavola: make(map[string]tavolaVoci, len(voci))}
	for padre, vv := range voci {
		e.tavola[padre] = nuovaTavola(vv)
	}
	return e
}

type tavolaVoci struct {
	voci   []Opzione
	indice map[string]int
}

func nuovaTavola(voci []Opzione) tavolaVoci {
	t := tavolaVoci{voci: slices.Clone(voci), indice: make(map[string]int, len(voci))}
	for i, v := range voci {
		t.indice[v.Valore] = i
	}
	return t
}

type elencoFisso struct {
	tavola map[string]tavolaVoci
	comune bool
}

func (e elencoFisso) di(padre string) tavolaVoci {
	if e.comune {
		padre = ""
	}
	return e.tavola[padre]
}

func (e elencoFisso) Voci(padre string, _ termini.Giorno) []Opzione {
	return slices.Clone(e.di(padre).voci)
}

func (e elencoFisso) Voce(padre, valore string, _ termini.Giorno) (Opzione, bool) {
	t := e.di(padre)
	i, ok := t.indice[valore]
	if !ok {
		return Opzione{}, false
	}
	return t.voci[i], true
}

// Voci gives the options to show for the field at the path, given the answers
// and the day: those of the definition, or those of its Elenco. Nil if the
// field is not one of choice, or if what it depends on is not answered.
func (m *Modulo) Voci(percorso string, r Risposte, giorno termini.Giorno) []Opzione {
	c := m.campo(percorso)
	switch {
	case c == nil || !c.Tipo.conOpzioni():
		return nil
	case c.elenco == nil:
		return slices.Clone(c.Opzioni)
	}
	padre, ok := c.padreIn(r, righeSopra(r, percorso))
	if !ok {
		return nil
	}
	return c.voci(padre, giorno)
}

func (c *campo) voci(padre string, giorno termini.Giorno) (voci []Opzione) {
	defer func() {
		if recover() != nil {
			voci = nil
		}
	}()
	voci = c.elenco.Voci(padre, giorno)
	return slices.Clone(voci[:min(len(voci), LimiteVoci)])
}

// voce asks for one option; guasto says that the provider broke.
func (c *campo) voceDi(padre, valore string, giorno termini.Giorno) (o Opzione, ok, guasto bool) {
	defer func() {
		if recover() != nil {
			o, ok, guasto = Opzione{}, false, true
		}
	}()
	o, ok = c.elenco.Voce(padre, valore, giorno)
	return o, ok, false
}

// righeSopra gives the rows that the path goes through, the outer one first.
func righeSopra(r Risposte, percorso string) []map[string]any {
	p, ok := leggiPercorso(percorso)
	if !ok {
		return nil
	}
	rr, _ := p.tra(r)
	return rr
}

// padreIn reads the value that the options depend on out of answers; false if
// they depend on something that is not answered.
func (c *campo) padreIn(r Risposte, sopra []map[string]any) (string, bool) {
	d := c.dipende
	if d == nil {
		return "", true
	}
	v := r[d.ID]
	if n := d.profondita(); n > 0 {
		if n > len(sopra) {
			return "", false
		}
		v = sopra[n-1][d.ID]
	}
	s, _ := d.leggi(v).espr.(string)
	return s, s != ""
}

// profondita counts the gruppi around a field.
func (c *campo) profondita() int {
	n := 0
	for p := c.padre; p != nil; p = p.padre {
		n++
	}
	return n
}

// scegli checks that what was chosen is among the options of the provider, and
// drops what is not, as a closed choice does.
func (v *valutazione) scegli(c *campo, percorso string, l lettura) lettura {
	if l.vuoto || l.codice != "" {
		return l
	}
	padre, ok := v.padreDi(c)
	var buone []string
	estranea := !ok
	for _, s := range elenco(l.valore) {
		if !ok {
			break
		}
		_, presente, guasto := c.voceDi(padre, s, v.o.Oggi)
		switch {
		case guasto:
			v.guasti[percorso] = true
			return l // whether it may be chosen is not known: it stays, and does not pass
		case presente:
			buone = append(buone, s)
		default:
			estranea = true
		}
	}
	q := c.niente()
	if estranea {
		q.vuoto, q.codice = false, codiceOpzione
	}
	if len(buone) == 0 {
		return q
	}
	q.vuoto = false
	if c.Tipo == SceltaMultipla {
		q.valore, q.espr = buone, slices.Clone(buone)
	} else {
		q.valore, q.espr = buone[0], buone[0]
	}
	return q
}

// padreDi is padreIn on what was already evaluated.
func (v *valutazione) padreDi(c *campo) (string, bool) {
	d := c.dipende
	if d == nil {
		return "", true
	}
	chiave := d.ID
	switch {
	case d.padre == nil:
	case d.padre == c.padre:
		chiave = prefissoRiga + d.ID
	default:
		chiave = prefissoSopra + d.ID
	}
	s, _ := v.env[chiave].(string)
	return s, s != ""
}

// formaVoce bounds the code of an option; which codes there are the provider says.
func formaVoce(s string) bool {
	return s != "" && len(s) <= 100 && !strings.ContainsAny(s, "\n")
}

// collega finds the provider of a field and the field that it depends on.
func (k *compilatore) collega(c *campo) {
	p := func(chiave, formato string, a ...any) {
		k.problema(c.posizione+"."+chiave, c.ID, formato, a...)
	}
	for _, f := range c.figli {
		k.collega(f)
	}
	if c.Elenco == "" {
		if c.DipendeDa != "" {
			p("dipende_da", "vale solo per un campo con elenco")
		}
		return
	}
	if !c.Tipo.conOpzioni() {
		return // estranei tells it
	}
	if c.elenco = k.m.elenchi[c.Elenco]; c.elenco == nil {
		p("elenco", "l'elenco %q non è fornito", c.Elenco)
	}
	if c.DipendeDa == "" {
		return
	}
	var d *campo
	for g := c.padre; g != nil && d == nil; g = g.padre {
		d = g.figlio(c.DipendeDa)
	}
	if d == nil {
		d = k.m.campi[c.DipendeDa]
	}
	switch {
	case d == nil:
		p("dipende_da", "il campo %q non esiste", c.DipendeDa)
	case d.Tipo != Scelta && d.Tipo != CAP && d.Tipo != Testo:
		p("dipende_da", "un elenco dipende da una scelta, da un testo o da un CAP, non da un campo di tipo %s", d.Tipo)
	default:
		c.dipende = d
	}
}
