package formio

import (
	"encoding/json"
	"math"
	"regexp"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

var (
	reGraffe   = regexp.MustCompile(`\{\{\s*(.*?)\s*\}\}`)
	reElemento = regexp.MustCompile(`\{\{\s*item\.(.*?)\s*\}\}`)
	reBianchi  = regexp.MustCompile(`^<p>&nbsp;</p>|<p>&nbsp;</p>$|^<p><br></p>|<p><br></p>$|^<p><br>&nbsp;</p>|<p><br>&nbsp;</p>$`)
	reGiorno   = regexp.MustCompile(`^\d{2}/\d{2}/\d{4}$`)
)

// normalizza is the step of the same name: values take the shape of their type.
func (c *corsa) normalizza(p *posto) {
	comp := c.comp(p.nodo)
	v := c.valore(p)
	nome := p.nomeEsito()
	if !c.o.Fedele && !valore.Nullo(v) && v != "" && !strutturaGiusta(p, v) {
		c.malfatti[nome] = true
	}
	n := c.normale(p, comp, v)
	validazione := oggetto(comp, "validate")
	if _, ok := v.([]any); vero(comp, "multiple") && !vero(validazione, "required") && !ok {
		n = []any{}
		if valore.Booleano(v) {
			n = []any{v}
		}
	}
	if valore.Nullo(n) {
		if p.tipo == "number" && !c.o.Fedele && !valore.Nullo(v) && v != "" {
			c.nonNumeri[nome] = true // kept as it is, and reported
			return
		}
		c.filtro[nome] = false
		return
	}
	if !valore.Identico(v, n) && !c.puliti[nome] {
		c.imposta(nome, n)
		c.filtro[nome] = true
	}
}

// strutturaGiusta says whether rows are a list of objects, and sets of fields objects.
func strutturaGiusta(p *posto, v any) bool {
	switch p.modello {
	case modRighe, modRigheDati:
		vv, ok := v.([]any)
		for _, x := range vv {
			ok = ok && (x == nil || valore.OggettoSemplice(x))
		}
		return ok
	case modOggetto:
		return p.tipo == "address" || valore.OggettoSemplice(v)
	case modSottomodulo, modMappa:
		return valore.OggettoSemplice(v)
	default:
		return true
	}
}

func (c *corsa) normale(p *posto, comp map[string]any, v any) any {
	switch p.tipo {
	case "address":
		if !vero(comp, "multiple") && vero(comp, "enableManualMode") && valore.Booleano(v) && !valore.Booleano(valore.Membro(v, "mode")) {
			return map[string]any{"mode": "autocomplete", "address": v}
		}
	case "day":
		if s, ok := v.(string); ok {
			return giorno(comp, s)
		}
	case "email":
		if s, ok := v.(string); ok {
			return strings.ToLower(valore.Pota(s))
		}
	case "radio":
		if valore.Nullo(v) && !c.o.Fedele {
			return v
		}
		return radio(v, comp["dataType"])
	case "select":
		if vv, ok := v.([]any); ok && vero(comp, "multiple") {
			q := make([]any, len(vv))
			for i, x := range vv {
				q[i] = scelta(comp, x)
			}
			return q
		}
		return scelta(comp, v)
	case "selectboxes":
		return caselle(v)
	case "tags":
		return etichette(comp, v)
	case "textfield", "phoneNumber":
		return c.testo(p, comp, v)
	case "time":
		return c.ora(comp, v)
	case "number":
		if vv, ok := v.([]any); ok && vero(comp, "multiple") {
			q := make([]any, len(vv))
			for i, x := range vv {
				q[i] = numero(x)
				if valore.Indefinito(q[i]) && !c.o.Fedele && !valore.Nullo(x) && x != "" {
					c.nonNumeri[p.nomeEsito()] = true
				}
			}
			return q
		}
		return numero(v)
	}
	return v
}

// numero is undefined where there is no finite number.
func numero(v any) any {
	if math.IsNaN(valore.LeggiDecimale(v)) {
		return valore.Undefined{}
	}
	n := valore.Numero(v)
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return valore.Undefined{}
	}
	return n
}

func radio(v any, tipo any) any {
	switch tipo {
	case "number":
		return valore.Numero(v)
	case "string":
		if valore.Oggetto(v) || v == nil {
			b, err := json.Marshal(v)
			if err != nil {
				return v
			}
			return string(b)
		}
		return valore.Testo(v)
	case "boolean":
		return valore.Booleano(v) && valore.Testo(v) != "false"
	}
	if n := valore.Numero(v); !math.IsNaN(valore.LeggiDecimale(v)) && !math.IsInf(n, 0) && !math.IsNaN(n) && stringa(v) == valore.ScriviNumero(n) {
		return n
	}
	switch v {
	case "true":
		return true
	case "false":
		return false
	}
	return v
}

// scelta is one value of a select.
func scelta(comp map[string]any, v any) any {
	if valore.Nullo(v) {
		return valore.Undefined{}
	}
	if valore.Oggetto(v) && len(valore.Chiavi(v)) == 0 {
		return v
	}
	tipo := testo(comp, "dataType")
	if tipo == "" {
		tipo = "auto"
	}
	numerico := func(v any) any {
		n := valore.Numero(v)
		if !math.IsNaN(n) && !math.IsInf(n, 0) && v != "" && valore.Testo(v) == valore.ScriviNumero(n) {
			return n
		}
		return v
	}
	booleano := func(v any) any {
		if s, ok := v.(string); ok {
			switch strings.ToLower(s) {
			case "true":
				return true
			case "false":
				return false
			}
		}
		return v
	}
	switch tipo {
	case "number":
		return numerico(v)
	case "boolean":
		return booleano(v)
	case "string":
		return valore.Testo(v)
	case "auto":
		if valore.Oggetto(v) {
			return v
		}
		return booleano(numerico(valore.Testo(v)))
	}
	return v
}

func caselle(v any) any {
	switch x := v.(type) {
	case string:
		if x == "" {
			return map[string]any{}
		}
		return map[string]any{x: true}
	case []any:
		q := make(map[string]any, len(x))
		for _, k := range x {
			q[valore.Testo(k)] = true
		}
		return q
	case map[string]any:
		return x
	}
	return map[string]any{}
}

func etichette(comp map[string]any, v any) any {
	separatore := testo(comp, "delimeter")
	if separatore == "" {
		separatore = ","
	}
	come, ha := comp["storeas"]
	switch x := v.(type) {
	case []any:
		if !ha || come == "string" {
			q := make([]string, len(x))
			for i, s := range x {
				q[i] = stringa(s)
			}
			return strings.Join(q, separatore)
		}
	case string:
		if come == "array" {
			q := []any{}
			for _, s := range strings.Split(x, separatore) {
				if s != "" {
					q = append(q, s)
				}
			}
			return q
		}
	}
	return v
}

func (c *corsa) testo(p *posto, comp map[string]any, v any) any {
	if s, ok := v.(string); ok && vero(comp, "truncateMultipleSpaces") {
		v = unoSpazio(s)
	}
	mm, _ := comp["inputMasks"].([]any)
	if !vero(comp, "allowMultipleMasks") || len(mm) == 0 {
		return v
	}
	prima, _ := mm[0].(map[string]any)
	maschera := func(v any) any {
		if !valore.Booleano(v) || !valore.Oggetto(v) {
			return map[string]any{"value": v, "maskName": prop(prima, "label")}
		}
		if m, ok := v.(map[string]any); ok && !vero(m, "value") && c.o.Fedele {
			m["value"] = c.defaultMaschera(p.nomeEsito())
		}
		return v
	}
	if vv, ok := v.([]any); ok {
		q := make([]any, len(vv))
		for i, x := range vv {
			q[i] = maschera(x)
		}
		return q
	}
	return maschera(v)
}

func (c *corsa) defaultMaschera(percorso string) any {
	for _, d := range c.defaults {
		if d.Percorso == percorso {
			// a copy: what @formio/core puts here can hold itself
			v, err := valore.Copia(d.Valore, valore.Limiti{})
			if err != nil {
				break
			}
			return map[string]any{"path": percorso, "value": v}
		}
	}
	return valore.Undefined{}
}

// unoSpazio trims and leaves one space where there were more.
func unoSpazio(s string) string {
	var b strings.Builder
	spazi := 0
	var primo rune
	for _, r := range valore.Pota(s) {
		if valore.Spazio(r) {
			if spazi++; spazi == 1 {
				primo = r
			}
			continue
		}
		if spazi == 1 {
			b.WriteRune(primo)
		} else if spazi > 1 {
			b.WriteByte(' ')
		}
		spazi = 0
		b.WriteRune(r)
	}
	return b.String()
}
