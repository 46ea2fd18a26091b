package modulo

import (
	"slices"
	"strings"
)

// nodo is what is evaluated in one step: a section's visibility or a field.
type nodo struct {
	sezione *sezione
	campo   *campo
}

func (n nodo) nome() string {
	if n.campo != nil {
		return n.campo.ID
	}
	return "sezione " + n.sezione.def.ID
}

// ordina puts sections and fields in an order in which everything is known
// when it is needed, or reports the cycles.
func (k *compilatore) ordina() {
	var nodi []nodo
	indice := map[any]int{}
	aggiungi := func(n nodo, chiave any) {
		indice[chiave] = len(nodi)
		nodi = append(nodi, n)
	}
	for _, s := range k.m.sezioni {
		aggiungi(nodo{sezione: s}, s)
		for _, c := range s.campi {
			aggiungi(nodo{campo: c}, c)
		}
	}
	archi := make([][]int, len(nodi))
	for i, n := range nodi {
		usati := map[string]bool{}
		unisci(usati, n.sezione, n.campo)
		if n.campo != nil {
			archi[i] = append(archi[i], indice[n.campo.sezione])
		}
		prima := len(archi[i])
		for id := range usati {
			archi[i] = append(archi[i], indice[k.m.campi[id]])
		}
		slices.Sort(archi[i][prima:]) // in the order of the form, not of a map
	}
	ordine, ciclo := topologico(archi)
	if ciclo != nil {
		nomi := make([]string, len(ciclo))
		for i, v := range ciclo {
			nomi[i] = nodi[v].nome()
		}
		pos, id := "sezioni", ""
		if c := nodi[ciclo[0]].campo; c != nil {
			pos, id = c.posizione, c.ID
		}
		k.problema(pos, id, "condizioni e calcoli si rincorrono: %s", strings.Join(nomi, " → "))
		return
	}
	for _, i := range ordine {
		k.m.ordine = append(k.m.ordine, nodi[i])
	}
	for _, s := range k.m.sezioni {
		for _, c := range s.campi {
			k.ordinaRiga(c)
		}
	}
}

// unisci gathers the top-level fields that a node needs to have its value.
// What is required is judged at the end, so ObbligatorioSe does not count.
func unisci(usati map[string]bool, s *sezione, c *campo) {
	aggiungi := func(e *espressione) {
		if e != nil {
			for id := range e.campi {
				usati[id] = true
			}
		}
	}
	if s != nil {
		aggiungi(s.se)
	}
	if c != nil {
		aggiungi(c.se)
		aggiungi(c.calcolo)
		if c.dipende != nil && c.dipende.padre == nil {
			usati[c.dipende.ID] = true
		}
		for _, f := range c.figli {
			unisci(usati, nil, f)
		}
	}
}

func (k *compilatore) ordinaRiga(g *campo) {
	archi := make([][]int, len(g.figli))
	for i, c := range g.figli {
		for j, d := range g.figli {
			if c.usaDellaRiga(d) {
				archi[i] = append(archi[i], j)
			}
		}
	}
	ordine, ciclo := topologico(archi)
	if ciclo != nil {
		nomi := make([]string, len(ciclo))
		for i, v := range ciclo {
			nomi[i] = g.figli[v].ID
		}
		k.problema(g.posizione, g.ID, "condizioni e calcoli della riga si rincorrono: %s", strings.Join(nomi, " → "))
		return
	}
	for _, i := range ordine {
		g.ordineFigli = append(g.ordineFigli, g.figli[i])
		k.ordinaRiga(g.figli[i])
	}
}

// usaDellaRiga: c needs the value of d, which is in the same row, to have its own.
func (c *campo) usaDellaRiga(d *campo) bool {
	if (c.se != nil && c.se.riga[d.ID]) || (c.calcolo != nil && c.calcolo.riga[d.ID]) || c.dipende == d {
		return true
	}
	for _, f := range c.figli {
		if (f.se != nil && f.se.sopra[d.ID]) || (f.calcolo != nil && f.calcolo.sopra[d.ID]) || f.dipende == d {
			return true
		}
	}
	return false
}

// topologico orders the nodes so that each comes after those it points to,
// keeping the given order where it can; or it gives a cycle, its first node
// repeated at the end.
func topologico(archi [][]int) (ordine []int, ciclo []int) {
	const daFare, aperto, fatto = 0, 1, 2
	stato := make([]int, len(archi))
	var pila []int
	var visita func(int) bool
	visita = func(i int) bool {
		switch stato[i] {
		case fatto:
			return true
		case aperto:
			for j, v := range pila {
				if v == i {
					ciclo = append(append([]int{}, pila[j:]...), i)
				}
			}
			return false
		}
		stato[i] = aperto
		pila = append(pila, i)
		for _, j := range archi[i] {
			if !visita(j) {
				return false
			}
		}
		pila = pila[:len(pila)-1]
		stato[i] = fatto
		ordine = append(ordine, i)
		return true
	}
	for i := range archi {
		if stato[i] == daFare && !visita(i) {
			return nil, ciclo
		}
	}
	return ordine, nil
}

// percorsoDefinizione names a field in the form: "figli.nome".
func (c *campo) percorsoDefinizione() string {
	if c.padre != nil {
		return c.padre.percorsoDefinizione() + "." + c.ID
	}
	return c.ID
}
