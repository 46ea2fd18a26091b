package formio

import (
	"encoding/json"
	"math"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

func regolaNumero(chiave string) func(*caso) verdetto {
	return func(k *caso) verdetto {
		limite := k.reale(chiave)
		n := valore.Numero(k.v)
		if _, ok := k.v.(string); ok {
			n = valore.LeggiDecimale(k.v)
		}
		if valore.Indefinito(k.v) || math.IsNaN(n) {
			return rotta
		}
		if chiave == "min" && !(n >= limite) || chiave == "max" && !(n <= limite) {
			return male(chiave, chiave, chiave, valore.ScriviNumero(limite))
		}
		return bene
	}
}

func valeScelte(chiave string) func(*caso) bool {
	return func(k *caso) bool {
		n := k.reale(chiave)
		return k.pieno() && n != 0 && !math.IsNaN(n)
	}
}

func regolaScelte(chiave string) func(*caso) verdetto {
	parametro := map[string]string{"minSelectedCount": "minCount", "maxSelectedCount": "maxCount"}[chiave]
	return func(k *caso) verdetto {
		if !valore.Oggetto(k.v) {
			return rotta
		}
		n := 0
		for _, c := range valore.Chiavi(k.v) {
			b, ok := valore.Membro(k.v, c).(bool)
			if !ok {
				return rotta
			}
			if b {
				n++
			}
		}
		limite := k.reale(chiave)
		if n == 0 || chiave == "minSelectedCount" && float64(n) >= limite || chiave == "maxSelectedCount" && float64(n) <= limite {
			return bene
		}
		frase := chiaveDi(prop(k.comp, chiave+"Message"), chiave)
		regola := chiave
		if chiave == "maxSelectedCount" {
			regola = frase // @formio/core names the rule after the text here
		}
		if !k.c.o.Fedele {
			regola = chiave
		}
		return male(regola, frase, parametro, valore.ScriviNumero(limite))
	}
}

func valeMultiplo(k *caso) bool {
	switch k.p.tipo {
	case "select":
		return false
	case "hidden", "address":
		return vero(k.comp, "multiple")
	case "textarea":
		return k.comp["as"] == "json" && vero(k.comp, "multiple")
	}
	return true
}

func regolaMultiplo(k *caso) verdetto {
	vv, lista := k.v.([]any)
	modello := k.p.modello
	righe := modello == modRighe || modello == modRigheDati || k.p.tipo == "tags" && k.comp["storeas"] == "array"
	if !vero(k.comp, "multiple") {
		ammessa := righe
		switch k.p.tipo {
		case "select", "textfield":
		case "tags":
			ammessa = ammessa || k.comp["storeas"] != "string"
		default:
			ammessa = true
		}
		if lista && !ammessa {
			return male("nonarray", "nonarray")
		}
		return bene
	}
	obbligo := vero(k.validate, "required")
	switch {
	case lista && len(vv) == 0:
		if obbligo {
			return male("array_nonempty", "array_nonempty")
		}
	case lista:
		if _, ok := vv[0].([]any); ok && !righe && modello != modAltro {
			return male("nonarray", "nonarray")
		}
	case !valore.Nullo(k.v) || obbligo:
		return male("array", "array")
	}
	return bene
}

// valeElenco is whether the value must be one of a list: where the form asks
// for it, and, unless faithful, wherever the list is closed.
func valeElenco(k *caso) bool {
	if valore.Vuoto(k.v) && (k.c.o.Fedele || !scalarePieno(k.v)) {
		return false
	}
	chiede := vero(k.validate, "onlyAvailableItems")
	switch k.p.tipo {
	case "radio", "selectboxes":
		return chiede || !k.c.o.Fedele
	case "select":
		if k.comp["dataSrc"] == "resource" {
			return chiede && !k.c.o.Fedele
		}
		return chiede || !k.c.o.Fedele
	}
	return false
}

func scalarePieno(v any) bool {
	switch v.(type) {
	case bool, float64:
		return true
	}
	return false
}

func regolaElenco(k *caso) verdetto {
	no := male("onlyAvailableItems", "invalidOption")
	nostra := !vero(k.validate, "onlyAvailableItems")
	if !nostra && !k.c.o.Fedele && vociAltrove(k.comp) {
		return rotta // the form asks for a check that cannot be made here
	}
	switch k.p.tipo {
	case "radio":
		voci, ok := k.comp["values"].([]any)
		if k.comp["dataSrc"] == "url" || !ok {
			return bene
		}
		if contieneVoce(voci, k.v, !k.c.o.Fedele) {
			return bene
		}
		return no
	case "selectboxes":
		voci, _ := k.comp["values"].([]any)
		m, ok := k.v.(map[string]any)
		if k.comp["dataSrc"] == "url" || !ok {
			return bene
		}
		for c := range m {
			if c == "" && nostra && !valore.Booleano(m[c]) {
				continue // what the renderer itself sends for no choice
			}
			if !contieneVoce(voci, c, !k.c.o.Fedele) {
				return no
			}
		}
		return bene
	}
	return elencoSelect(k, nostra, no)
}

// vociAltrove is whether the options are on another server.
func vociAltrove(comp map[string]any) bool {
	return comp["dataSrc"] == "url" || comp["dataSrc"] == "resource"
}

// contieneVoce looks for v among {value}; larga takes 1 and "1" for the same, as
// normalisation may have made a number of a text.
func contieneVoce(voci []any, v any, larga bool) bool {
	for _, x := range voci {
		m, ok := x.(map[string]any)
		if !ok {
			continue
		}
		w := prop(m, "value")
		if valore.Identico(w, v) || larga && !valore.Oggetto(v) && !valore.Nullo(w) && valore.Testo(w) == valore.Testo(v) {
			return true
		}
	}
	return false
}

func elencoSelect(k *caso, nostra bool, no verdetto) verdetto {
	dati := oggetto(k.comp, "data")
	fonte, dichiarata := k.comp["dataSrc"]
	if _, ok := dati["values"]; ok && (!dichiarata || nostra && fonte == "") {
		fonte = "values"
	}
	var voci []any
	switch fonte {
	case "values":
		vv, ok := dati["values"].([]any)
		if !ok {
			return rotta
		}
		for _, x := range vv {
			m, _ := x.(map[string]any)
			voci = append(voci, prop(m, "value"))
		}
	case "json":
		vv, ok := elencoJSON(dati)
		if !ok {
			return rotta
		}
		for _, x := range vv {
			if p := testo(k.comp, "valueProperty"); p != "" {
				x = valore.Membro(x, p)
			}
			voci = append(voci, x)
		}
	default:
		if nostra || fonte == "url" {
			return bene // it cannot be known here: the report says so
		}
		return rotta
	}
	valori := []any{k.v}
	if vv, ok := k.v.([]any); ok && nostra {
		valori = vv
	}
	for _, v := range valori {
		if v == "" && nostra || contieneValore(voci, v, !k.c.o.Fedele) {
			continue
		}
		return no
	}
	return bene
}

// elencoJSON is the list of options under "json", which may be its text.
func elencoJSON(dati map[string]any) ([]any, bool) {
	v := dati["json"]
	if s, ok := v.(string); ok && json.Unmarshal([]byte(s), &v) != nil {
		return nil, false
	}
	vv, ok := v.([]any)
	return vv, ok
}

func contieneValore(voci []any, v any, larga bool) bool {
	for _, w := range voci {
		switch {
		case valore.Oggetto(v):
			if valore.Oggetto(w) && valore.UgualeProfondo(v, w) {
				return true
			}
		case valore.Identico(w, v), larga && !valore.Oggetto(w) && !valore.Nullo(w) && valore.Testo(w) == valore.Testo(v):
			return true
		}
	}
	return false
}
