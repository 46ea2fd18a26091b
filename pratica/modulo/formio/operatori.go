package formio

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// confronto is one comparison of a simple condition.
type confronto struct {
	c        *corsa
	valore   any
	con      any
	nodo     *nodo // that holds the value; nil if the form has none
	percorso string
}

type operatore func(*confronto) bool

// operatori are the eighteen of @formio/core. On a list they hold if they hold
// for one element, but isEmpty and isNotEmpty.
var operatori = map[string]operatore{
	"isEqual":                perElemento(uguale),
	"isNotEqual":             perElemento(func(k *confronto) bool { return !uguale(k) }),
	"isEmpty":                vuoto,
	"isNotEmpty":             func(k *confronto) bool { return !vuoto(k) },
	"lessThan":               numeri(valore.Minore),
	"lessThanOrEqual":        numeri(func(a, b any) bool { return valore.Minore(a, b) || valore.UgualeProfondo(a, b) }),
	"greaterThan":            numeri(func(a, b any) bool { return valore.Minore(b, a) }),
	"greaterThanOrEqual":     numeri(func(a, b any) bool { return valore.Minore(b, a) || valore.UgualeProfondo(a, b) }),
	"includes":               perElemento(include),
	"notIncludes":            perElemento(func(k *confronto) bool { return !include(k) }),
	"startsWith":             perElemento(func(k *confronto) bool { return strings.HasPrefix(stringa(k.valore), valore.Testo(k.con)) }),
	"endsWith":               perElemento(func(k *confronto) bool { return strings.HasSuffix(stringa(k.valore), valore.Testo(k.con)) }),
	"isDateEqual":            date(func(n int) bool { return n == 0 }),
	"isNotDateEqual":         perElemento(func(k *confronto) bool { return !data(k, func(n int) bool { return n == 0 }) }),
	"dateLessThan":           date(func(n int) bool { return n < 0 }),
	"dateLessThanOrEqual":    date(func(n int) bool { return n <= 0 }),
	"dateGreaterThan":        date(func(n int) bool { return n > 0 }),
	"dateGreaterThanOrEqual": date(func(n int) bool { return n >= 0 }),
}

func perElemento(f operatore) operatore {
	return func(k *confronto) bool {
		vv, ok := k.valore.([]any)
		if !ok {
			return f(k)
		}
		for _, v := range vv {
			q := *k
			q.valore = v
			if f(&q) {
				return true
			}
		}
		return false
	}
}

func numeri(f func(a, b any) bool) operatore {
	return perElemento(func(k *confronto) bool {
		_, ok := k.valore.(float64)
		return ok && f(k.valore, k.con)
	})
}

func uguale(k *confronto) bool {
	if k.nodo != nil && k.nodo.tipo == "selectboxes" && valore.Oggetto(k.valore) {
		return valore.Booleano(valore.PrendiOppure(k.valore, valore.Testo(k.con), false))
	}
	con := k.con
	if s, ok := con.(string); ok && s != "" && (valore.Booleano(k.valore) || k.valore == false) {
		if _, ok := k.valore.(string); !ok {
			var v any
			if json.Unmarshal([]byte(s), &v) == nil {
				con = v
			}
		}
	}
	if k.nodo != nil {
		comp := k.nodo.comp
		risorsa := comp["dataSrc"] == "resource" && (!vero(comp, "valueProperty") || comp["valueProperty"] == "data")
		if (vero(comp, "reference") || risorsa) && vero(comp, "template") {
			return ugualeRisorsa(k.valore, con, comp)
		}
	}
	return valore.UgualeProfondo(k.valore, con)
}

// ugualeRisorsa compares what the template of the select shows.
func ugualeRisorsa(v, con any, comp map[string]any) bool {
	if !valore.OggettoSemplice(v) {
		return false
	}
	if comp["valueProperty"] == "data" {
		v, con = map[string]any{"data": v}, map[string]any{"data": con}
	}
	for _, m := range reElemento.FindAllStringSubmatch(testo(comp, "template"), -1) {
		if !valore.UgualeProfondo(valore.Prendi(v, m[1]), valore.Prendi(con, m[1])) {
			return false
		}
	}
	return true
}

// include is lodash's includes.
func include(k *confronto) bool {
	switch x := k.valore.(type) {
	case string:
		return strings.Contains(x, valore.Testo(k.con))
	case map[string]any:
		for _, v := range x {
			if valore.Identico(v, k.con) {
				return true
			}
		}
	}
	return false
}

// stringa is lodash's toString: null and undefined are nothing.
func stringa(v any) string {
	if valore.Nullo(v) {
		return ""
	}
	return valore.Testo(v)
}

func date(f func(int) bool) operatore {
	return perElemento(func(k *confronto) bool { return data(k, f) })
}

func data(k *confronto, f func(int) bool) bool {
	if !valore.Booleano(k.valore) {
		return false
	}
	a, ok := k.c.istante(k.valore)
	if !ok {
		return false
	}
	b, ok := k.c.istante(k.con)
	return ok && f(a.Compare(b))
}

// istante is moment(v).
func (c *corsa) istante(v any) (time.Time, bool) {
	if valore.Indefinito(v) {
		return c.o.Adesso, true
	}
	t, ok := valore.LeggiGiorno(v, c.o.Fuso)
	return t.Truncate(time.Millisecond), ok
}

func vuoto(k *confronto) bool {
	if k.nodo == nil {
		return vuotoValore("", k.valore)
	}
	return k.c.vuoto(k.nodo, k.c.dati, k.percorso, k.valore)
}

// vuotoValore is isValueEmpty.
func vuotoValore(tipo string, v any) bool {
	if valore.Nullo(v) || v == "" {
		return true
	}
	vv, ok := v.([]any)
	if !ok {
		return false
	}
	if len(vv) == 1 {
		switch tipo {
		case "textarea", "textfield", "time", "datetime", "day":
			return vv[0] == ""
		case "datagrid", "editgrid":
			q, ok := vv[0].([]any)
			return ok && len(q) == 0
		}
		return vv[0] == nil
	}
	return len(vv) == 0
}

// vuoto is isComponentDataEmpty.
func (c *corsa) vuoto(n *nodo, dati any, percorso string, v any) bool {
	if valore.Nullo(v) {
		v = valore.Prendi(dati, percorso)
	}
	comp := c.comp(n)
	figli, _ := comp["components"].([]any)
	switch {
	case n.tipo == "checkbox":
		return vuotoValore(n.tipo, v) || v == false
	case n.tipo == "address":
		if s, ok := v.(string); ok {
			return s == ""
		}
		for _, k := range valore.Chiavi(v) {
			if k != "mode" && k != "address" && valore.Booleano(valore.Membro(v, k)) {
				return false
			}
		}
		return true
	case len(figli) > 0:
		return vuotoValore(n.tipo, v) || c.figliVuoti(n, dati)
	case n.tipo == "datetime":
		return vuotoValore(n.tipo, v) || valore.Testo(v) == "Invalid date"
	case n.tipo == "selectboxes":
		m, _ := v.(map[string]any)
		for _, x := range m {
			if valore.Booleano(x) {
				return false
			}
		}
		return true
	case n.tipo == "textarea":
		if s, ok := v.(string); ok {
			if vero(comp, "wysiwyg") || vero(comp, "editor") {
				s = reBianchi.ReplaceAllString(s, "")
			}
			return valore.Pota(s) == ""
		}
	case n.tipo == "textfield" || n.tipo == "phoneNumber":
		mm, _ := comp["inputMasks"].([]any)
		if vero(comp, "allowMultipleMasks") && len(mm) > 0 {
			m, _ := v.(map[string]any)
			return vuotoValore(n.tipo, v) || !vero(comp, "multiple") && (!vero(m, "maskName") || !vero(m, "value"))
		}
		return vuotoValore(n.tipo, v) || valore.Pota(valore.Testo(v)) == ""
	}
	return vuotoValore(n.tipo, v)
}

// figliVuoti looks at the component as though it were the whole form.
func (c *corsa) figliVuoti(radice *nodo, dati any) bool {
	p := postoDi(radice, nil)
	pieno := false
	var scendi func(nodi []*nodo, padre *posto)
	scendi = func(nodi []*nodo, padre *posto) {
		for _, n := range nodi {
			if pieno || !c.passo() {
				return
			}
			q := postoDi(n, padre)
			if n.nome != radice.nome && !c.vuoto(n, dati, q.nomeEsito(), nil) {
				pieno = true
				return
			}
			c.dentro(&q, dati, func() { scendi(n.figli, &q) })
		}
	}
	c.dentro(&p, dati, func() { scendi(radice.figli, &p) })
	return !pieno
}
