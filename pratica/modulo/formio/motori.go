package formio

import (
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/jsonlogic"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// tipoScript says what a script must give.
type tipoScript int

const (
	scriptCondizione  tipoScript = iota // show
	scriptInnesco                       // result
	scriptPredefinito                   // value
	scriptCalcolo                       // value
	scriptValore                        // value
	scriptSchema                        // schema
	scriptControllo                     // valid
	scriptJSON                          // JSONLogic
)

// programma is a script or a JSONLogic rule, compiled.
type programma struct {
	json *jsonlogic.Regola
}

// programma compiles; nil, with the reason noted, if it cannot.
func (i *importazione) programma(n *nodo, v any, tipo tipoScript) *programma {
	if _, ok := v.(string); !ok {
		r, err := jsonlogic.Compila(v)
		if err != nil {
			i.nota(n, PortatoConDifferenza, "JSONLogic: "+err.Error())
			return nil
		}
		return &programma{json: r}
	}
	return nil
}

// variabili are what a script or a rule sees.
func (c *corsa) variabili(p *posto, altre map[string]any) map[string]any {
	v := c.valore(p)
	q := map[string]any{
		"path":       p.doveLocale,
		"data":       c.datiLocali(p),
		"form":       c.m.albero,
		"submission": map[string]any{"data": c.dati},
		"row":        c.riga(p),
		"component":  c.comp(p.nodo),
		"value":      v,
		"input":      v,
		"config":     map[string]any{"server": true},
	}
	for k, x := range altre {
		q[k] = x
	}
	return q
}

// datiLocali is getComponentLocalData: the data of the nested form, if the
// component is in one.
func (c *corsa) datiLocali(p *posto) any {
	dove := p.dove
	switch {
	case dove == p.doveLocale:
		return c.dati
	case p.doveLocale == "":
		if c.o.Fedele {
			dove = dove[:len(dove)-1] // layout in a nested form: a fault of @formio/core
		}
	default:
		dove = dove[:len(dove)-len(p.doveLocale)]
		if dove != "" {
			dove = dove[:len(dove)-1]
		}
	}
	if dove == "" {
		return c.dati
	}
	return valore.PrendiOppure(c.dati, dove, nil)
}

// esegui runs a script; false if it failed, and then the value is nil.
func (c *corsa) esegui(g *programma, p *posto, altre map[string]any) (any, bool) {
	vv := c.variabili(p, altre)
	if g.json != nil {
		v, err := g.json.ApplicaCon(jsonlogic.Contesto{Ora: c.o.Adesso, Fuso: c.o.Fuso}, vv)
		if err != nil {
			return nil, false
		}
		return v, true
	}
	return nil, false
}

// applica evaluates a JSONLogic rule: null if it fails.
func (c *corsa) applica(g *programma, p *posto) any {
	v, _ := c.esegui(g, p, nil)
	return v
}
