package formio

import (
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// senzaIndice is the index of what is in no row.
const senzaIndice = -1

// posto is one instance of a component: its place in the data. In a datagrid
// of three rows a component has three.
type posto struct {
	*nodo
	padre *posto
	// dove is the path in the data, doveLocale that inside the nested form.
	dove, doveLocale string
	// riga and rigaLocale lead to the object that holds the value.
	riga, rigaLocale string
	indice           int
	passi            []string // of dove, once it has been read
}

// postoDi is getComponentPaths of @formio/core, for what depends on the rows.
func postoDi(n *nodo, padre *posto) posto {
	p := posto{nodo: n, padre: padre, indice: senzaIndice}
	chiave := ""
	if n.dati() {
		chiave = n.chiave
	}
	if padre == nil {
		p.dove, p.doveLocale = chiave, chiave
		return p
	}
	p.indice = padre.indice
	p.riga = padre.interno(padre.dove)
	p.dove = unisci(p.riga, chiave)
	if padre.modello == modSottomodulo {
		p.doveLocale = chiave
		return p
	}
	p.rigaLocale = padre.interno(padre.doveLocale)
	p.doveLocale = unisci(p.rigaLocale, chiave)
	return p
}

func (p *posto) interno(dove string) string {
	if dove == "" {
		return ""
	}
	switch p.modello {
	case modRighe:
		return dove + "[" + strconv.Itoa(max(p.indice, 0)) + "]"
	case modRigheDati:
		return dove + "[" + strconv.Itoa(max(p.indice, 0)) + "].data"
	case modSottomodulo:
		return dove + ".data"
	default:
		return dove
	}
}

// nomeEsito is the path that @formio/core calls the component by.
func (p *posto) nomeEsito() string {
	if p.modello == modNessuno {
		return p.completo
	}
	return p.dove
}

// radiceLocale is the nearest nested form that a component is in.
type radiceLocale struct {
	nodo *nodo
	dati any
}

// indirizzo is what a component is called inside a root: the whole form or a nested one.
type indirizzo struct {
	percorso, completo, locale, completoLocale, datiSenza, localeSenza string
}

// indirizzi gives the addresses of all that is under root, as though it were the form.
func indirizzi(nodi []*nodo) map[*nodo]indirizzo {
	q := map[*nodo]indirizzo{}
	var scendi func(nodi []*nodo, padre *nodo)
	scendi = func(nodi []*nodo, padre *nodo) {
		for _, n := range nodi {
			f := nodo{genitore: padre, chiave: n.chiave, nome: n.nome, tipo: n.tipo, modello: n.modello}
			f.percorsi()
			q[n] = indirizzo{f.percorso, f.completo, f.locale, f.completoLocale, f.datiSenza, f.localeSenza}
			scendi(n.figli, &f)
		}
	}
	scendi(nodi, nil)
	return q
}

// ricerca finds the component that a condition names, and its value. It is
// getComponentValue of @formio/core restricted, once and for all, to the
// components that can match.
type ricerca struct {
	percorso  string
	radice    []*nodo
	trovabili map[*nodo]candidato
	utili     map[*nodo]bool // candidates and what leads to them
	statico   *nodo          // what getComponent finds without looking at the data
}

type candidato struct {
	indirizzo
	cerca     string // the path without the option of a selectboxes
	proprieta string // ".option" of a selectboxes
}

func nuovaRicerca(percorso string, radice []*nodo, tutti map[*nodo]indirizzo) *ricerca {
	r := &ricerca{percorso: percorso, radice: radice, trovabili: map[*nodo]candidato{}, utili: map[*nodo]bool{}}
	for n, i := range tutti {
		c := candidato{indirizzo: i, cerca: percorso}
		if n.tipo == "selectboxes" {
			if a := strings.LastIndexByte(percorso, '.'); a >= 0 && a+1 < len(percorso) && strings.HasSuffix(percorso[:a], n.nome) {
				c.cerca, c.proprieta = percorso[:a], percorso[a:]
			}
		}
		nudo := senzaIndici(c.cerca)
		if nudo != i.datiSenza && nudo != i.localeSenza && c.cerca != i.percorso && c.cerca != i.completo &&
			c.cerca != i.locale && c.cerca != i.completoLocale && c.cerca != n.nome {
			continue
		}
		r.trovabili[n] = c
		for g := n; g != nil; g = g.genitore {
			r.utili[g] = true
		}
	}
	var e esiti
	r.scendiStatico(radice, nil, &e)
	if m := e.migliore(); m != nil {
		r.statico = m.nodo
	}
	return r
}

func senzaIndici(s string) string {
	for {
		a := strings.IndexByte(s, '[')
		if a < 0 {
			return s
		}
		b := strings.IndexByte(s[a:], ']')
		if b < 0 {
			return s
		}
		s = s[:a] + s[a+b+1:]
	}
}

func (r *ricerca) scendiStatico(nodi []*nodo, padre *posto, e *esiti) {
	for _, n := range nodi {
		if !r.utili[n] {
			continue
		}
		p := postoDi(n, padre)
		if c, ok := r.trovabili[n]; ok {
			e.confronta(&c, &p, senzaIndice)
		}
		r.scendiStatico(n.figli, &p, e)
	}
}

// esiti are the matches by kind of path, in order of preference.
type esiti [7]*trovato

type trovato struct {
	nodo *nodo
	dove string
}

const (
	perDati = iota
	perDatiLocali
	perCompleto
	perPercorso
	perCompletoLocale
	perLocale
	perChiave
)

func (e *esiti) migliore() *trovato {
	for _, t := range e {
		if t != nil {
			return t
		}
	}
	return nil
}

func (e *esiti) confronta(c *candidato, p *posto, indice int) {
	for i, s := range [...]string{p.dove, p.doveLocale, c.completo, c.percorso, c.completoLocale, c.locale} {
		if s != c.cerca {
			continue
		}
		dati := i == perDati || i == perDatiLocali
		if e[i] != nil && (!dati || !p.dati() || !e[i].nodo.dati()) && (dati || p.indice == senzaIndice || p.indice != indice) {
			continue
		}
		t := &trovato{p.nodo, p.dove}
		if dati {
			t.dove += c.proprieta
		}
		e[i] = t
	}
	if e[perChiave] == nil && p.nome == c.cerca {
		e[perChiave] = &trovato{p.nodo, p.dove}
	}
}

// valoreDi is the value of what the path names, undefined or null as in @formio/core.
func (c *corsa) valoreDi(r *ricerca, dati any, indice int) any {
	if len(r.trovabili) == 0 {
		return valore.Prendi(dati, r.percorso)
	}
	var e esiti
	c.cercaIn(r, r.radice, nil, dati, indice, &e)
	t := e.migliore()
	switch {
	case t == nil:
		return valore.Prendi(dati, r.percorso)
	case t.dove == "":
		return nil
	}
	return valore.Prendi(dati, t.dove)
}

func (c *corsa) cercaIn(r *ricerca, nodi []*nodo, padre *posto, dati any, indice int, e *esiti) {
	for _, n := range nodi {
		if !r.utili[n] {
			continue
		}
		if !c.passo() {
			return
		}
		p := postoDi(n, padre)
		if k, ok := r.trovabili[n]; ok {
			e.confronta(&k, &p, indice)
		}
		if len(n.figli) > 0 {
			c.dentro(&p, dati, func() { c.cercaIn(r, n.figli, &p, dati, indice, e) })
		}
	}
}

// dentro calls f for the children of a component: once, once a row, or never.
// The index of p is that of the row meanwhile.
func (c *corsa) dentro(p *posto, dati any, f func()) {
	if !p.annidato {
		f()
		return
	}
	v := valore.Prendi(dati, p.dove)
	switch p.modello {
	case modRighe, modRigheDati:
		if righe, ok := v.([]any); ok && len(righe) > 0 {
			for i := range righe {
				if valore.Booleano(righe[i]) {
					p.indice = i
					f()
				}
			}
			p.indice = senzaIndice
		} else if valore.Indefinito(v) && c.o.Fedele {
			f() // as though there were a first row
		}
	case modSottomodulo:
		if c.entra(p, v) {
			f()
		}
	default:
		f()
	}
}

// entra is shouldProcessComponent: whether to look inside a nested form.
func (c *corsa) entra(p *posto, v any) bool {
	comp := c.comp(p.nodo)
	if m, ok := v.(map[string]any); ok && valore.Booleano(prop(m, "_id")) && valore.Vuoto(m["data"]) {
		if _, ok := m["form"]; !ok {
			return false
		}
	}
	if pulisce(comp) && (vero(comp, "hidden") || c.ambiti[p.id].condizione) && !vero(comp, "validateWhenHidden") {
		return false
	}
	return valore.Booleano(v) || p.indice == senzaIndice
}

// pulisce says whether hiding a component clears its value.
func pulisce(comp map[string]any) bool {
	v, ok := comp["clearOnHide"]
	return !ok || valore.Booleano(v)
}
