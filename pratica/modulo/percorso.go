package modulo

import (
	"strconv"
	"strings"
)

// percorso is a path read from text: "nome", "figli", "figli[1].nome",
// "figli[1].vaccini[0].data" (rows count from zero).
type percorso struct {
	righe []passo // from the outside in
	campo string
}

// passo is a row of a gruppo.
type passo struct {
	gruppo string
	riga   int
}

// lunghezzaPercorso holds three ids and two rows.
const lunghezzaPercorso = 260

func leggiPercorso(s string) (percorso, bool) {
	var p percorso
	if len(s) > lunghezzaPercorso {
		return p, false
	}
	for {
		testa, coda, trovata := strings.Cut(s, "[")
		if testa == "" || strings.ContainsAny(testa, ".]") {
			return percorso{}, false
		}
		if !trovata {
			p.campo = s
			return p, true
		}
		n, resto, trovata := strings.Cut(coda, "].")
		if !trovata || len(n) > 4 || len(p.righe) == profonditaMassima {
			return percorso{}, false
		}
		i, err := strconv.Atoi(n)
		if err != nil || i < 0 || strconv.Itoa(i) != n {
			return percorso{}, false
		}
		p.righe = append(p.righe, passo{testa, i})
		s = resto
	}
}

// Percorso writes the path of a field in a row (rows count from zero):
// "figli[1].nome"; gruppo may itself be a path, "figli[1].vaccini".
func Percorso(gruppo string, riga int, campo string) string {
	return gruppo + "[" + strconv.Itoa(riga) + "]." + campo
}

// tra gives the rows that the path goes through, the outer one first; false if
// one of them is not there.
func (p percorso) tra(r Risposte) ([]map[string]any, bool) {
	q := make([]map[string]any, 0, len(p.righe))
	dove := map[string]any(r)
	for _, x := range p.righe {
		rr := righe(dove[x.gruppo])
		if x.riga >= len(rr) {
			return nil, false
		}
		dove = rr[x.riga]
		q = append(q, dove)
	}
	return q, true
}

func (r Risposte) valore(testo string) any {
	p, ok := leggiPercorso(testo)
	if !ok {
		return nil
	}
	rr, ok := p.tra(r)
	switch {
	case !ok:
		return nil
	case len(rr) == 0:
		return r[p.campo]
	default:
		return rr[len(rr)-1][p.campo]
	}
}

// metti gives a copy with a value at an existing place.
func (r Risposte) metti(p percorso, v any) Risposte {
	q := r.Copia()
	if q == nil {
		q = Risposte{}
	}
	dove := map[string]any(q)
	for _, x := range p.righe {
		rr := righe(dove[x.gruppo])
		if rr[x.riga] == nil {
			rr[x.riga] = map[string]any{}
		}
		dove[x.gruppo] = rr
		dove = rr[x.riga]
	}
	dove[p.campo] = v
	return q
}

// campo finds a field by a path of answers ("figli[0].nome") or of the
// definition ("figli.nome").
func (m *Modulo) campo(testo string) *campo {
	if len(testo) > lunghezzaPercorso {
		return nil
	}
	if !strings.Contains(testo, "[") {
		testa, coda, _ := strings.Cut(testo, ".")
		return m.campi[testa].sotto(coda, strings.Contains(testo, "."))
	}
	p, ok := leggiPercorso(testo)
	if !ok {
		return nil
	}
	c := m.campi[p.righe[0].gruppo]
	for _, x := range p.righe[1:] {
		c = c.figlio(x.gruppo)
	}
	return c.figlio(p.campo)
}

func (c *campo) sotto(resto string, altro bool) *campo {
	for altro {
		var testa string
		testa, resto, altro = strings.Cut(resto, ".")
		c = c.figlio(testa)
	}
	return c
}
