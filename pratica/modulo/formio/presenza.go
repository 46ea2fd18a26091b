package formio

import "github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"

// haValore is componentHasValue.
func haValore(n *nodo, comp map[string]any, v any) bool {
	m, eOggetto := v.(map[string]any)
	mm, _ := comp["inputMasks"].([]any)
	switch {
	case (n.tipo == "textfield" || n.tipo == "phoneNumber") && vero(comp, "allowMultipleMasks") && len(mm) > 0 && eOggetto:
		if x, ok := m["value"]; ok {
			return presente(x, true, false, 0)
		}
	case n.tipo == "address" && eOggetto && vero(m, "mode") && valore.Oggetto(prop(m, "address")):
		return indirizzoPieno(m["address"])
	case n.tipo == "day" && v == "00/00/0000":
		return false
	case n.tipo == "checkbox" || n.tipo == "selectboxes":
		return presente(v, false, n.annidato, 0)
	}
	return presente(v, true, n.annidato && n.tipo != "container", 0)
}

func indirizzoPieno(a any) bool {
	if m, ok := a.(map[string]any); ok && len(m) == 0 {
		return false
	}
	for _, k := range valore.Chiavi(a) {
		if k != "address2" && !valore.Booleano(valore.Membro(a, k)) {
			return false
		}
	}
	return true
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
		if len(x) == 0 || senzaDentro {
			return len(x) > 0
		}
		for _, w := range x {
			if presente(w, conFalso, senzaDentro, livello+1) {
				return true
			}
		}
		return false
	case []any:
		if len(x) == 0 || senzaDentro {
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
