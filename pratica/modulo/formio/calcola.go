package formio

import "github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"

// predefinito is the step of default values: where the key is absent, not where it is empty.
func (c *corsa) predefinito(p *posto) {
	if p.modello == modNumero {
		return // an amount taken away on purpose must not come back
	}
	comp := c.comp(p.nodo)
	_, statico := comp["defaultValue"]
	if p.script.predefinito == nil && !statico {
		return
	}
	riga := c.riga(p)
	if p.script.predefinito != nil && !valore.Contiene(riga, p.chiave) {
		v, _ := c.esegui(p.script.predefinito, p, map[string]any{"value": nil})
		c.impostaPredefinito(p, perMultipli(comp, v))
	}
	if statico && !valore.Contiene(riga, p.chiave) {
		if v := comp["defaultValue"]; valore.Booleano(v) {
			v, err := valore.Copia(v, valore.Limiti{})
			if err == nil {
				c.impostaPredefinito(p, perMultipli(comp, v))
			}
		}
	}
}

func perMultipli(comp map[string]any, v any) any {
	if !vero(comp, "multiple") {
		return v
	}
	if _, ok := v.([]any); ok {
		return v
	}
	if valore.Booleano(v) {
		return []any{v}
	}
	return []any{}
}

func (c *corsa) impostaPredefinito(p *posto, v any) {
	if valore.Nullo(v) {
		return
	}
	nome := p.nomeEsito()
	c.defaults = append(c.defaults, Calcolato{nome, v})
	c.imposta(nome, v)
	c.rimetti(nome)
}

// riga is the object that holds the value of the component.
func (c *corsa) riga(p *posto) any {
	if p.riga == "" {
		return c.dati
	}
	return valore.PrendiOppure(c.dati, p.riga, nil)
}

// calcola is the step of computed values. Form.io trusts the browser unless
// calculateServer says otherwise; here the value is always computed again.
func (c *corsa) calcola(p *posto) {
	s := p.script
	comp := c.comp(p.nodo)
	if s.calcolo == nil {
		if s.calcoloRotto && !c.o.Fedele {
			c.nonVerificabile(p)
		}
		return
	}
	if c.o.Fedele && !vero(comp, "calculateServer") {
		return
	}
	posto := c.valore(p)
	if valore.Indefinito(posto) && p.padre != nil && p.padre.modello == modRighe && c.o.Fedele {
		return
	}
	prima := posto
	if !valore.Booleano(prima) {
		prima = nil
	}
	libero := vero(comp, "allowCalculateOverride")
	if !c.o.Fedele {
		if libero && valore.Booleano(posto) {
			return // the form lets the citizen write over it
		}
		if !s.calcoloLegge {
			prima = nil
		}
	}
	v, ok := c.esegui(s.calcolo, p, map[string]any{"value": prima})
	if !ok {
		v = nil
	}
	if v == nil {
		if c.o.Fedele || libero || valore.Nullo(posto) {
			return
		}
		v = valore.Undefined{}
	}
	nome := p.nomeEsito()
	if valore.Indefinito(v) && !c.o.Fedele {
		togli(c.dati, nome)
		c.filtro[nome] = false
		return
	}
	c.esito.Calcolati = append(c.esito.Calcolati, Calcolato{nome, senzaIndefiniti(v, 0)})
	c.imposta(nome, v)
	c.rimetti(nome)
}
