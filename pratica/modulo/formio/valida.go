package formio

import "github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"

// salta says whether the component is not validated: no input, not kept, hidden.
func (c *corsa) salta(p *posto, loc *radiceLocale) bool {
	comp := c.comp(p.nodo)
	if v, ok := comp["input"]; ok && !valore.Booleano(v) {
		return true
	}
	if v, ok := comp["persistent"]; !vero(comp, "protected") && ok && (!valore.Booleano(v) || v == "client-only") {
		return true
	}
	return !vero(comp, "validateWhenHidden") && c.forzaNascosto(p, comp, loc)
}

func (c *corsa) forzaNascosto(p *posto, comp map[string]any, loc *radiceLocale) bool {
	a := c.ambiti[p.id]
	nascosto := a.condizione
	if !a.haCondizione {
		if k := c.condizionale(p.nomeEsito()); k != nil {
			nascosto = k.nascosto
		} else {
			nascosto = c.nascostoOra(p, loc)
		}
	}
	return nascosto || a.intenzione || vero(comp, "hidden")
}

// difetto is what a rule finds.
type difetto struct {
	regola, chiave string
	parametri      map[string]string
}

// segnala writes an error down, once for each text of a path.
func (c *corsa) segnala(p *posto, d difetto) {
	comp := c.comp(p.nodo)
	nome := p.nomeEsito()
	unica := d.chiave
	if s := testo(oggetto(comp, "validate"), "customMessage"); s != "" {
		unica = s
	}
	if k := nome + "\n" + unica; !c.visti[k] {
		c.visti[k] = true
		c.esito.Errori = append(c.esito.Errori, Errore{nome, d.regola, c.messaggio(comp, d.chiave, d.parametri)})
	}
}

// nonVerificabile refuses a value that cannot be judged here.
func (c *corsa) nonVerificabile(p *posto) {
	if v := c.valore(p); pieno(v) {
		c.segnala(p, difetto{regola: "nonVerificabile", chiave: "nonVerificabile"})
	}
}

// pieno says whether there is anything in v.
func pieno(v any) bool {
	switch x := v.(type) {
	case nil, valore.Undefined:
		return false
	case string:
		return x != ""
	case bool:
		return x
	case []any:
		return len(x) > 0
	case map[string]any:
		for _, w := range x {
			if pieno(w) {
				return true
			}
		}
		return false
	}
	return true
}
