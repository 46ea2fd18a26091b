package formio

import "github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"

// modello is what a component keeps in the data, as @formio/core names it.
type modello string

const (
	modAltro       modello = "any"
	modNessuno     modello = "none"    // layout
	modContenuto   modello = "content" // text to read
	modRighe       modello = "nestedArray"
	modRigheDati   modello = "nestedDataArray"
	modSottomodulo modello = "dataObject" // a form inside, under .data
	modOggetto     modello = "object"
	modMappa       modello = "map"
	modNumero      modello = "number"
)

func modelloDi(c map[string]any) modello {
	if m, ok := c["modelType"].(string); ok && m != "" {
		return modello(m)
	}
	switch c["type"] {
	case "datagrid", "editgrid", "datatable", "dynamicWizard":
		return modRighe
	case "tagpad":
		return modRigheDati
	case "form":
		return modSottomodulo
	case "container", "address":
		return modOggetto
	case "datamap":
		return modMappa
	case "htmlelement", "content":
		return modContenuto
	case "textfield", "password", "email", "url", "phoneNumber", "day", "datetime", "time", "signature":
		return "string"
	case "number", "currency":
		return modNumero
	case "checkbox", "radio":
		return "boolean"
	case "table", "well", "columns", "fieldset", "panel", "tabs":
		return modNessuno
	}
	input, haInput := c["input"]
	if haInput && input == false {
		return modNessuno
	}
	if valore.Booleano(prop(c, "components")) && !valore.Booleano(prop(c, "input")) {
		return modNessuno
	}
	return modAltro
}

// prop is c[k], undefined if it is not there.
func prop(c map[string]any, k string) any {
	if v, ok := c[k]; ok {
		return v
	}
	return valore.Undefined{}
}

func vero(c map[string]any, k string) bool {
	v, ok := c[k]
	return ok && valore.Booleano(v)
}

func testo(c map[string]any, k string) string {
	s, _ := c[k].(string)
	return s
}

func oggetto(c map[string]any, k string) map[string]any {
	m, _ := c[k].(map[string]any)
	return m
}

// nodo is a component, compiled. It is not written after Importa.
type nodo struct {
	id       int
	comp     map[string]any
	chiave   string // the key of its value
	nome     string // the key as written
	tipo     string
	modello  modello
	genitore *nodo
	figli    []*nodo
	dopo     bool // children come after it, not inside it
	annidato bool // keeps a structure of its own in the data

	// the four paths that do not depend on the rows
	percorso, completo, locale, completoLocale string
	// what a path with its indexes taken away must be, to name this component
	datiSenza, localeSenza string
	passiSenza             []string // the keys of datiSenza

	script *scriptNodo
}

func (n *nodo) dati() bool {
	return n.tipo != "" && n.modello != modNessuno && n.modello != modContenuto
}

// albero builds the tree of components.
type albero struct {
	nodi []*nodo
}

func (a *albero) rami(vv []any, genitore *nodo) []*nodo {
	var q []*nodo
	for _, v := range vv {
		if c, ok := v.(map[string]any); ok {
			q = append(q, a.ramo(c, genitore))
		}
	}
	return q
}

func (a *albero) ramo(c map[string]any, genitore *nodo) *nodo {
	n := &nodo{id: len(a.nodi), genitore: genitore, modello: modelloDi(c), tipo: testo(c, "type"), nome: testo(c, "key")}
	a.nodi = append(a.nodi, n)
	if o := oggetto(c, "serverOverride"); len(o) > 0 {
		q := make(map[string]any, len(c)+len(o))
		for k, v := range c {
			q[k] = v
		}
		for k, v := range o {
			q[k] = v
		}
		c = q
	}
	n.comp = c
	n.chiave = n.nome
	if n.tipo == "checkbox" && c["inputType"] == "radio" && testo(c, "name") != "" {
		n.chiave = testo(c, "name")
	}
	n.annidato = strutturato(c)
	n.percorsi()
	n.passiSenza = valore.Percorso(n.datiSenza)
	n.dopo = !n.annidato && n.tipo != "" && n.modello != modNessuno
	for _, g := range gruppiLetti(c, n.annidato) {
		n.figli = append(n.figli, a.rami(g, n)...)
	}
	return n
}

// gruppiLetti are those of gruppiDi that Form.io reads: in a structure its
// components, elsewhere the columns, or the rows, or the components.
func gruppiLetti(c map[string]any, annidato bool) [][]any {
	for _, k := range []string{"columns", "rows"} {
		if _, ok := c[k].([]any); ok && !annidato {
			return gruppiDi(map[string]any{k: c[k]})
		}
	}
	return gruppiDi(map[string]any{"components": c["components"]})
}

func strutturato(c map[string]any) bool {
	switch modelloDi(c) {
	case modRighe, modRigheDati, modSottomodulo, modOggetto, modMappa:
		return true
	default:
		return vero(c, "tree")
	}
}

// percorsi are those of componentPath in @formio/core.
func (n *nodo) percorsi() {
	chiave := ""
	if n.dati() {
		chiave = n.chiave
	}
	g := n.genitore
	if g == nil {
		n.percorso, n.locale, n.datiSenza, n.localeSenza = chiave, chiave, chiave, chiave
		n.completo, n.completoLocale = n.chiave, n.chiave
		return
	}
	n.percorso = unisci(g.percorso, chiave)
	n.completo = unisci(g.completo, n.chiave)
	n.datiSenza = unisci(g.dentroSenza(g.datiSenza), chiave)
	if g.modello == modSottomodulo {
		n.locale, n.completoLocale, n.localeSenza = chiave, n.chiave, chiave
		return
	}
	n.locale = unisci(g.locale, chiave)
	n.completoLocale = unisci(g.completoLocale, n.chiave)
	n.localeSenza = unisci(g.dentroSenza(g.localeSenza), chiave)
}

func (n *nodo) dentroSenza(p string) string {
	if p != "" && (n.modello == modSottomodulo || n.modello == modRigheDati) {
		return p + ".data"
	}
	return p
}

func unisci(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + "." + b
}
