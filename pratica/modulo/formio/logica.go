package formio

import (
	"html"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// regolaLogica is one entry of logic: a trigger and what it does.
type regolaLogica struct {
	vecchia  *condizione
	semplice *condizione
	script   *programma
	json     *programma
	azioni   []azione
}

type azione struct {
	tipo      string
	proprieta string
	booleana  bool
	stato     string // "true" or "false"
	testo     string
	script    *programma // of value, customAction and mergeComponentSchema
}

// logica is the step of the same name.
func (c *corsa) logica(p *posto, loc *radiceLocale) {
	for i := range p.script.logica {
		r := &p.script.logica[i]
		esito := c.scatta(r, p, loc)
		if !valore.Booleano(esito) {
			continue
		}
		c.risultato = esito
		for j := range r.azioni {
			c.azione(&r.azioni[j], p)
		}
		c.risultato = valore.Undefined{}
	}
}

func (c *corsa) scatta(r *regolaLogica, p *posto, loc *radiceLocale) any {
	switch {
	case r.vecchia != nil:
		return c.mostraVecchia(r.vecchia, p)
	case r.semplice != nil:
		return c.mostraSemplice(r.semplice, p, loc)
	case r.script != nil:
		v, _ := c.esegui(r.script, p, nil)
		return v
	case r.json != nil:
		return c.applica(r.json, p)
	}
	return nil
}

func (c *corsa) azione(a *azione, p *posto) {
	switch a.tipo {
	case "property":
		if a.booleana {
			c.azioneBooleana(a, p)
		} else {
			c.azioneTesto(a, p)
		}
	case "value", "customAction":
		c.azioneValore(a, p)
	case "mergeComponentSchema":
		if a.script == nil {
			return
		}
		v, _ := c.esegui(a.script, p, map[string]any{"value": valore.Prendi(c.dati, p.nomeEsito()), "result": c.risultato})
		if m, ok := v.(map[string]any); ok {
			comp := c.modificabile(p.nodo)
			for k, w := range m {
				comp[k] = w
			}
		}
	}
}

// modificabile gives a copy of the component that this run may write.
func (c *corsa) modificabile(n *nodo) map[string]any {
	if v := c.vivi[n.id]; v != nil {
		return v
	}
	q := make(map[string]any, len(n.comp))
	for k, v := range n.comp {
		switch k {
		case "validate", "fields", "widget", "properties", "data", "attributes", "errors":
			if w, err := valore.Copia(v, valore.Limiti{}); err == nil {
				v = w
			}
		}
		q[k] = v
	}
	c.vivi[n.id] = q
	return q
}

func (c *corsa) azioneBooleana(a *azione, p *posto) {
	ora := valore.PrendiOppure(c.comp(p.nodo), a.proprieta, false)
	if valore.Nullo(ora) {
		ora = "null"
	}
	if valore.Testo(ora) == a.stato {
		return
	}
	comp := c.modificabile(p.nodo)
	if strings.ContainsAny(a.proprieta, ".[") {
		radice := valore.Percorso(a.proprieta)[0]
		if v, err := valore.Copia(comp[radice], valore.Limiti{}); err == nil && comp[radice] != nil {
			comp[radice] = v
		}
	}
	if _, err := valore.Imposta(comp, a.proprieta, a.stato == "true"); err != nil {
		return
	}
	nome := p.nomeEsito()
	if a.proprieta != "hidden" || nome == "" {
		return
	}
	nascosto := vero(comp, "hidden")
	if k := c.condizionale(nome); k != nil {
		k.nascosto = nascosto
		c.ambiti[p.id].haCondizione, c.ambiti[p.id].condizione = true, nascosto
		return
	}
	c.aggiungiCond(nome, nascosto)
}

func (c *corsa) azioneTesto(a *azione, p *posto) {
	v := c.interpola(a.testo, func(percorso string) any {
		return valore.Prendi(c.variabili(p, map[string]any{"result": c.risultato}), percorso)
	}, true)
	if v == valore.PrendiOppure(c.comp(p.nodo), a.proprieta, "") {
		return
	}
	comp := c.modificabile(p.nodo)
	// a property that cannot be written stays as it was
	_, _ = valore.Imposta(comp, a.proprieta, v)
}

// interpola fills in {{ path }} and {{ path || other }}; nothing is run.
func (c *corsa) interpola(s string, prendi func(string) any, protetto bool) string {
	return reGraffe.ReplaceAllStringFunc(s, func(m string) string {
		dentro := strings.TrimSpace(strings.Trim(m, "{}"))
		var v any = ""
		for _, parte := range strings.Split(strings.ReplaceAll(dentro, "?.", "."), "||") {
			if v = prendi(strings.TrimSpace(parte)); valore.Booleano(v) {
				break
			}
		}
		if valore.Nullo(v) {
			return ""
		}
		q := valore.Testo(v)
		if protetto {
			q = html.EscapeString(q)
		}
		return q
	})
}

func (c *corsa) azioneValore(a *azione, p *posto) {
	if a.script == nil {
		return
	}
	nome := p.nomeEsito()
	vecchio := valore.Prendi(c.dati, nome)
	v, ok := c.esegui(a.script, p, map[string]any{"value": vecchio, "result": c.risultato})
	if !ok {
		v = nil
	}
	if valore.UgualeProfondo(vecchio, v) {
		return
	}
	if k := c.condizionale(nome); k != nil && k.nascosto && vero(c.comp(p.nodo), "clearOnHide") {
		return
	}
	c.imposta(nome, v)
	c.rimetti(nome)
}
