package formio

import (
	"encoding/json"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// condizione is a condition without JavaScript, compiled: the legacy one
// (when, eq, show) or the simple one (conjunction, conditions).
type condizione struct {
	vecchia bool
	quando  *ricerca
	eq      string
	mostra  string

	almenoUna bool
	mostraSe  bool
	clausole  []clausola
}

// clausola is one entry of a simple condition. The search is made in the form
// and, for each nested form, in that one.
type clausola struct {
	operatore operatore // nil if unknown: then true
	valore    any
	percorso  string
	globale   *ricerca
	locale    *ricerca // nil outside nested forms
}

// compilaCondizione gives nil where there is no condition.
func (i *importazione) compilaCondizione(c map[string]any) *condizione {
	if vero(c, "when") {
		return &condizione{
			vecchia: true,
			quando:  i.ricerca(valore.Testo(c["when"]), nil),
			eq:      valore.Testo(prop(c, "eq")),
			mostra:  valore.Testo(prop(c, "show")),
		}
	}
	return nil
}

func (i *importazione) compilaSemplice(n *nodo, c map[string]any) *condizione {
	clausole, _ := c["conditions"].([]any)
	if !vero(c, "conjunction") || !vero(c, "conditions") || len(clausole) == 0 {
		return nil
	}
	q := &condizione{almenoUna: c["conjunction"] == "any", mostraSe: true}
	if v, ok := c["show"]; ok {
		q.mostraSe = valore.Booleano(v)
		if s, ok := v.(string); ok {
			var w any
			if json.Unmarshal([]byte(s), &w) == nil {
				q.mostraSe = valore.Booleano(w)
			}
		}
	}
	sotto := n.sottomodulo()
	for _, x := range clausole {
		m, ok := x.(map[string]any)
		if !ok || !vero(m, "component") {
			continue
		}
		p := valore.Testo(m["component"])
		k := clausola{valore: prop(m, "value"), percorso: p, globale: i.ricerca(p, nil)}
		if sotto != nil {
			k.locale = i.ricerca(p, sotto)
		}
		if k.operatore = operatori[testo(m, "operator")]; k.operatore == nil {
			i.nota(n, PortatoConDifferenza, "una condizione usa un operatore che non esiste: vale sempre vero")
		}
		q.clausole = append(q.clausole, k)
	}
	return q
}

// sottomodulo is the nested form that n is in.
func (n *nodo) sottomodulo() *nodo {
	for g := n.genitore; g != nil; g = g.genitore {
		if g.modello == modSottomodulo {
			return g
		}
	}
	return nil
}

func (c *corsa) mostraVecchia(k *condizione, p *posto) bool {
	v := c.valoreDi(k.quando, c.dati, p.indice)
	if m, ok := v.(map[string]any); ok {
		if x, ok := m[k.eq]; ok {
			return valore.Testo(x) == k.mostra
		}
	}
	if vv, ok := v.([]any); ok {
		if i, ok := valore.Indice(k.eq); ok && i < len(vv) {
			return valore.Testo(vv[i]) == k.mostra
		}
		for _, x := range vv {
			if valore.Testo(x) == k.eq {
				return k.mostra == "true"
			}
		}
	}
	return (valore.Testo(v) == k.eq) == (k.mostra == "true")
}

func (c *corsa) mostraSemplice(k *condizione, p *posto, loc *radiceLocale) bool {
	esito := !k.almenoUna
	for i := range k.clausole {
		vale := c.clausola(&k.clausole[i], p, loc)
		if vale == k.almenoUna {
			esito = vale
			break
		}
	}
	return esito == k.mostraSe
}

func (c *corsa) clausola(k *clausola, p *posto, loc *radiceLocale) bool {
	r, dati := k.globale, any(c.dati)
	if loc != nil && k.locale != nil {
		r, dati = k.locale, loc.dati
		if !valore.Booleano(dati) {
			dati = c.dati
		}
	}
	var v any
	if r.statico != nil {
		v = c.valoreDi(r, dati, p.indice)
	}
	if k.operatore == nil {
		return true
	}
	return k.operatore(&confronto{c: c, valore: v, con: k.valore, nodo: r.statico, percorso: k.percorso})
}

// condizionale is a line of scope.conditionals.
type condizionale struct {
	percorso string
	nascosto bool
}

func (c *corsa) condizionale(percorso string) *condizionale {
	if i, ok := c.trovaCond[percorso]; ok {
		return &c.cond[i]
	}
	return nil
}

func (c *corsa) aggiungiCond(percorso string, nascosto bool) {
	if _, ok := c.trovaCond[percorso]; !ok {
		c.trovaCond[percorso] = len(c.cond)
	}
	c.cond = append(c.cond, condizionale{percorso, nascosto})
}

// condizioni is the step of the same name.
func (c *corsa) condizioni(p *posto, loc *radiceLocale) {
	if !p.script.haCondizioni {
		return
	}
	nome := p.nomeEsito()
	nascosto := c.nascostoOra(p, loc)
	if k := c.condizionale(nome); k != nil {
		k.nascosto = nascosto
	} else {
		if nome == "" {
			nome = p.chiave
		}
		c.aggiungiCond(nome, nascosto)
	}
	c.ambiti[p.id].haCondizione, c.ambiti[p.id].condizione = true, nascosto
}

// nascostoOra is isConditionallyHidden.
func (c *corsa) nascostoOra(p *posto, loc *radiceLocale) bool {
	s := p.script
	if s.condizioneScript != nil {
		v, ok := c.esegui(s.condizioneScript, p, nil)
		if ok && v != nil && !valore.Booleano(v) {
			return true
		}
	}
	var mostra any = valore.Undefined{}
	if s.condizioneJSON != nil {
		mostra = c.applica(s.condizioneJSON, p)
	}
	if s.vecchia != nil {
		mostra = c.mostraVecchia(s.vecchia, p)
	}
	if s.sempliceNulla {
		mostra = nil
	}
	if s.semplice != nil {
		mostra = c.mostraSemplice(s.semplice, p, loc)
	}
	return !valore.Nullo(mostra) && !valore.Booleano(mostra)
}
