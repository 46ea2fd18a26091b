package formio

import "github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"

// pulisci is clearHidden: what is hidden loses its value.
func (c *corsa) pulisci(p *posto) {
	a := &c.ambiti[p.id]
	nome := p.nomeEsito()
	padre := ambito{}
	if p.padre != nil {
		padre = c.ambiti[p.padre.id]
	}
	if k := c.condizionale(nome); padre.condizione || k != nil && k.nascosto {
		a.haCondizione, a.condizione = true, true
	}
	comp := c.comp(p.nodo)
	if padre.intenzione || vero(comp, "hidden") {
		a.intenzione = true
	}
	if a.condizione || a.intenzione {
		dove := p.dove
		if !p.dati() {
			dove = p.riga
		}
		c.esito.coperti = append(c.esito.coperti, coperto{p.nodo, dove})
	}
	if !p.dati() || valore.Indefinito(c.valore(p)) || !a.condizione || !pulisce(comp) {
		return
	}
	togli(c.dati, nome)
	c.puliti[nome] = true
	c.filtro[nome] = false
}

// togli is lodash's unset.
func togli(v any, percorso string) {
	if m, ok := v.(map[string]any); ok {
		if _, ok := m[percorso]; ok {
			delete(m, percorso)
			return
		}
	}
	passi := valore.Percorso(percorso)
	for i, k := range passi {
		if i == len(passi)-1 {
			switch x := v.(type) {
			case map[string]any:
				delete(x, k)
			case []any:
				if n, ok := valore.Indice(k); ok && n < len(x) {
					x[n] = valore.Undefined{}
				}
			}
			return
		}
		v = valore.Membro(v, k)
	}
}

// filtra is the filter: only what components have made goes through.
func (c *corsa) filtra(p *posto) {
	nome := p.nomeEsito()
	v := c.valore(p)
	if valore.Indefinito(v) || !c.filtro[nome] {
		if p.tipo == "number" {
			c.imposta(nome, nil)
		}
		return
	}
	if p.tipo == "address" || p.modello != modSottomodulo && p.modello != modRighe && p.modello != modRigheDati && p.modello != modOggetto {
		c.impostaFiltrato(nome, v)
		return
	}
	switch {
	case p.modello == modSottomodulo:
		c.imposta(nome+".data", valore.PrendiOppure(c.filtrati, nome+".data", map[string]any{}))
		c.impostaFiltrato(nome, valore.Prendi(c.dati, nome))
	case p.modello == modRigheDati:
		c.impostaFiltrato(nome, righeDati(v, valore.Prendi(c.filtrati, nome)))
	case !valore.Contiene(c.filtrati, nome):
		var vuota any = map[string]any{}
		if p.modello == modRighe {
			vuota = []any{}
		}
		c.impostaFiltrato(nome, vuota)
		if !c.o.Fedele {
			c.imposta(nome, vuota) // what is dropped must not be read any more
		}
	default:
		c.imposta(nome, valore.Prendi(c.filtrati, nome))
	}
}

func (c *corsa) impostaFiltrato(percorso string, v any) {
	if q, err := valore.Imposta(c.filtrati, percorso, v); err == nil {
		c.filtrati = q
	}
}

func righeDati(v, filtrate any) any {
	vv, _ := v.([]any)
	q := make([]any, len(vv))
	for i, x := range vv {
		m := map[string]any{}
		if o, ok := x.(map[string]any); ok {
			for k, w := range o {
				m[k] = w
			}
		}
		m["data"] = map[string]any{}
		if d := valore.Prendi(filtrate, "["+valore.ScriviNumero(float64(i))+"].data"); valore.Booleano(d) {
			m["data"] = d
		}
		q[i] = m
	}
	return q
}
