package formio

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/jsonlogic"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/script"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// TempoScript is how long all the scripts of one submission may run together.
// It is the only bound in time: a script that another machine would finish is
// far below it.
const TempoScript = 2 * time.Second

// scriptJSON is a JSONLogic rule, beside the kinds of script.
const scriptJSON script.Genere = -1

// programma is a script or a JSONLogic rule, compiled.
type programma struct {
	json     *jsonlogic.Regola
	script   *script.Programma
	librerie bool // names lodash or moment, which @formio/core has not
}

var reLibrerie = regexp.MustCompile(`(?:^|[^\w.$])(?:_\s*\.|_\(|moment\s*[.(]|utils\s*\.)`)

// programma compiles; nil, with the reason noted, if it cannot.
func (i *importazione) programma(n *nodo, v any, genere script.Genere) *programma {
	fonte, ok := v.(string)
	if !ok || genere == scriptJSON {
		if !valore.Oggetto(v) {
			return nil
		}
		r, err := jsonlogic.Compila(v)
		if err != nil {
			i.nota(n, PortatoConDifferenza, "JSONLogic: "+accorcia(err.Error(), 120))
			return nil
		}
		return &programma{json: r}
	}
	p, err := i.m.insieme.Compila(genere, fonte)
	if err != nil {
		i.nota(n, PortatoConDifferenza, accorcia(err.Error(), 160))
		return nil
	}
	if bb := p.Bisogni(); len(bb) > 0 {
		i.nota(n, PortatoConDifferenza, "lo script chiede "+accorcia(strings.Join(bb, ", "), 120)+", che qui non c'è")
		return nil
	}
	g := &programma{script: p, librerie: reLibrerie.MatchString(fonte)}
	if g.librerie {
		i.diverso("librerie")
	}
	return g
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
	if !c.passo() {
		return nil, false
	}
	vv := c.variabili(p, altre)
	var v any
	var err error
	switch {
	case g.json != nil:
		v, err = g.json.ApplicaCon(jsonlogic.Contesto{Ora: c.o.Adesso, Fuso: c.o.Fuso}, vv)
	case g.librerie && c.o.Fedele:
		return nil, false
	default:
		v, err = g.script.Esegui(c.tempo(), script.Contesto{Ora: c.o.Adesso, Fuso: c.o.Fuso}, vv)
	}
	if err != nil {
		return nil, false
	}
	return v, true
}

// tempo is what ends the scripts of this run.
func (c *corsa) tempo() context.Context {
	if c.scadenza == nil {
		c.scadenza, c.finisci = context.WithTimeout(context.Background(), TempoScript)
	}
	return c.scadenza
}

// applica evaluates a JSONLogic rule: null if it fails.
func (c *corsa) applica(g *programma, p *posto) any {
	v, _ := c.esegui(g, p, nil)
	return v
}
