package modulotest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// Copertura says which parts of a form some scenario has tried: each field with
// an answer (a nota, seen), each condition and each obbligatorio_se both true
// and false, each rule both broken and kept. The condition of a section counts
// as false when none of its fields is shown. Blocks count by the fields and
// conditions that they give; the rules of a block are not followed.
type Copertura struct {
	m    *modulo.Modulo
	voci []voce
	per  map[string]int
}

type voce struct {
	nome    string
	toccata bool
}

const (
	vera  = "vera"
	falsa = "falsa"
)

func nuovaCopertura(m *modulo.Modulo) Copertura {
	c := Copertura{m: m, per: map[string]int{}}
	d := m.Definizione()
	for _, s := range m.Sezioni() {
		if s.Se != "" {
			c.lati("sezione " + s.ID + ": condizione")
		}
		c.campi(s.Campi, "")
	}
	for i := range d.Regole {
		c.aggiungi(nomeRegola(d, i) + ": violata")
		c.aggiungi(nomeRegola(d, i) + ": rispettata")
	}
	return c
}

func nomeRegola(d modulo.Definizione, i int) string {
	s := "regola " + strconv.Itoa(i+1)
	if id := d.Regole[i].ID; id != "" {
		s += " " + id
	}
	return s
}

func (c *Copertura) campi(campi []modulo.Campo, prefisso string) {
	for _, f := range campi {
		p := prefisso + f.ID
		c.aggiungi("campo " + p)
		if f.Se != "" {
			c.lati("campo " + p + ": condizione")
		}
		if f.ObbligatorioSe != "" {
			c.lati("campo " + p + ": obbligatorio_se")
		}
		c.campi(f.Campi, p+".")
	}
}

func (c *Copertura) aggiungi(nome string) {
	c.per[nome] = len(c.voci)
	c.voci = append(c.voci, voce{nome: nome})
}

func (c *Copertura) lati(nome string) {
	c.aggiungi(nome + " " + vera)
	c.aggiungi(nome + " " + falsa)
}

func (c *Copertura) tocca(nome string) {
	if i, ok := c.per[nome]; ok {
		c.voci[i].toccata = true
	}
}

func (c *Copertura) lato(nome string, si bool) {
	if si {
		c.tocca(nome + " " + vera)
	} else {
		c.tocca(nome + " " + falsa)
	}
}

// segna notes what one evaluation went through.
func (c *Copertura) segna(s Scenario, e modulo.Esito) {
	d := c.m.Definizione()
	visti := map[string][]string{} // field → paths at which it is shown
	for _, z := range c.m.Sezioni() {
		mostrata := false
		for _, f := range z.Campi {
			mostrata = mostrata || e.Visibile(f.ID)
		}
		c.lato("sezione "+z.ID+": condizione", mostrata)
		if mostrata || z.Se == "" {
			c.passa(z.Campi, "", "", e.Valori, e, visti)
		}
	}
	if s.Bozza {
		return
	}
	for i, r := range d.Regole {
		codice := r.ID
		if codice == "" {
			codice = "regola"
		}
		dove := visti[r.Campo]
		if r.Campo == "" {
			dove = []string{""}
		}
		for _, p := range dove {
			violata := false
			for _, x := range e.Errori {
				violata = violata || x.Percorso == p && x.Codice == codice && x.Messaggio == r.Messaggio
			}
			if violata {
				c.tocca(nomeRegola(d, i) + ": violata")
			} else {
				c.tocca(nomeRegola(d, i) + ": rispettata")
			}
		}
	}
}

// passa goes through the fields at one place: the form, or one row.
func (c *Copertura) passa(campi []modulo.Campo, definizione, dove string, valori map[string]any, e modulo.Esito, visti map[string][]string) {
	for _, f := range campi {
		nome, p := definizione+f.ID, dove+f.ID
		visibile := e.Visibile(p)
		c.lato("campo "+nome+": condizione", visibile)
		if !visibile {
			continue
		}
		visti[nome] = append(visti[nome], p)
		if _, risposto := valori[f.ID]; risposto || f.Tipo == modulo.Nota {
			c.tocca("campo " + nome)
		}
		c.lato("campo "+nome+": obbligatorio_se", e.Obbligatorio(p))
		righe, _ := valori[f.ID].([]map[string]any)
		for i, r := range righe {
			c.passa(f.Campi, nome+".", fmt.Sprintf("%s[%d].", p, i), r, e, visti)
		}
	}
}

// Percentuale is how much was tried, from 0 to 100, rounded down.
func (c Copertura) Percentuale() int {
	if len(c.voci) == 0 {
		return 100
	}
	return 100 * (len(c.voci) - len(c.Mancanti())) / len(c.voci)
}

// Mancanti lists what no scenario has tried, in the order of the form: "campo
// figli.eta", "campo delega: condizione falsa", "regola 1 adulto: violata".
func (c Copertura) Mancanti() []string {
	var q []string
	for _, v := range c.voci {
		if !v.toccata {
			q = append(q, v.nome)
		}
	}
	return q
}

// String says how much was tried and what was not.
func (c Copertura) String() string {
	s := fmt.Sprintf("copertura %d%%, %d di %d", c.Percentuale(), len(c.voci)-len(c.Mancanti()), len(c.voci))
	if m := c.Mancanti(); len(m) > 0 {
		s += ", mancano:\n\t" + strings.Join(m, "\n\t")
	}
	return s
}

// Pretendi fails t if less than minimo per cent was tried.
func (c Copertura) Pretendi(t testing.TB, minimo int) {
	t.Helper()
	if c.Percentuale() < minimo {
		t.Errorf("%s, ne serve %d%%", c, minimo)
	}
}
