package formio

import (
	"maps"
	"slices"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// ambitoRegole says which rules to run: those of each value, of the whole list, or all.
type ambitoRegole int

const (
	tutte ambitoRegole = iota
	soloElementi
	soloInteri
)

// regole runs the rules on one value.
func (c *corsa) regole(p *posto, comp map[string]any, v any, indice int, quali ambitoRegole) {
	if s, ok := v.(string); ok && vero(comp, "truncateMultipleSpaces") {
		v = unoSpazio(s)
	}
	if quali != soloInteri && vero(oggetto(comp, "validate"), "required") && !haValore(p.nodo, comp, v) {
		c.segnala(p, difetto{regola: "required", chiave: "required"})
	}
}

// haValore is componentHasValue.
func haValore(n *nodo, comp map[string]any, v any) bool {
	m, eOggetto := v.(map[string]any)
	mm, _ := comp["inputMasks"].([]any)
	switch {
	case (n.tipo == "textfield" || n.tipo == "phoneNumber") && vero(comp, "allowMultipleMasks") && len(mm) > 0 && eOggetto:
		if x, ok := m["value"]; ok {
			return presente(x, true, false, 0)
		}
	case n.tipo == "address" && eOggetto && vero(m, "mode") && oggetto(m, "address") != nil:
		return indirizzoPieno(oggetto(m, "address"))
	case n.tipo == "day" && v == "00/00/0000":
		return false
	case n.tipo == "checkbox" || n.tipo == "selectboxes":
		return presente(v, false, n.annidato, 0)
	}
	return presente(v, true, n.annidato && n.tipo != "container", 0)
}

func indirizzoPieno(a map[string]any) bool {
	for _, k := range slices.Sorted(maps.Keys(a)) {
		if k != "address2" && !valore.Booleano(a[k]) {
			return false
		}
	}
	return len(a) > 0
}

// presente is valueIsPresent.
func presente(v any, conFalso, senzaDentro bool, livello int) bool {
	if livello > valore.MaxProfondita {
		return true
	}
	switch x := v.(type) {
	case nil, valore.Undefined:
		return false
	case string:
		return valore.Pota(x) != ""
	case bool:
		return conFalso || x
	case map[string]any:
		if len(x) == 0 {
			return false
		}
		if senzaDentro {
			return true
		}
		for _, w := range x {
			if presente(w, conFalso, senzaDentro, livello+1) {
				return true
			}
		}
		return false
	case []any:
		if len(x) == 0 {
			return false
		}
		if senzaDentro {
			return elencoPieno(x)
		}
		for _, w := range x {
			if presente(w, conFalso, senzaDentro, livello+1) {
				return true
			}
		}
		return false
	}
	return true
}

// elencoPieno is doesArrayDataHaveValue.
func elencoPieno(vv []any) bool {
	righe := true
	for _, v := range vv {
		righe = righe && valore.OggettoSemplice(v)
	}
	for _, v := range vv {
		if m, ok := v.(map[string]any); ok && righe {
			for _, w := range m {
				if conValore(w) {
					return true
				}
			}
		} else if conValore(v) {
			return true
		}
	}
	return false
}

func conValore(v any) bool {
	if valore.Oggetto(v) {
		return !valore.Vuoto(v)
	}
	if _, ok := v.(float64); ok {
		return true
	}
	return valore.Booleano(v)
}
