package jsonlogic

import (
	"slices"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// percorsi gives the paths that follow the object, one by one or in lists.
func (e *esecuzione) percorsi(a argomenti) ([]string, error) {
	l, err := e.spiana(nil, a[min(1, len(a)):], 1)
	q := make([]string, len(l))
	for i, v := range l {
		q[i] = valore.Testo(v)
	}
	return q, err
}

// diOggetti gives the lodash functions on objects.
func diOggetti(nome string) operatore {
	switch nome {
	case "get", "result":
		return func(_ *esecuzione, a argomenti) (any, error) {
			return valore.PrendiOppure(a.su(0), strada(a.su(1)), a.su(2)), nil
		}
	case "has", "hasIn":
		return func(_ *esecuzione, a argomenti) (any, error) { return valore.Contiene(a.su(0), strada(a.su(1))), nil }
	case "keys", "keysIn":
		return func(e *esecuzione, a argomenti) (any, error) {
			q := []any{}
			for _, k := range valore.Chiavi(a.su(0)) {
				q = append(q, k)
			}
			return q, e.spendi(len(q))
		}
	case "toPairs", "toPairsIn", "entries", "entriesIn":
		return func(e *esecuzione, a argomenti) (any, error) {
			q := []any{}
			for _, k := range valore.Chiavi(a.su(0)) {
				q = append(q, []any{k, valore.Membro(a.su(0), k)})
			}
			return q, e.spendi(len(q))
		}
	case "at":
		return func(e *esecuzione, a argomenti) (any, error) {
			p, err := e.percorsi(a)
			q := make([]any, len(p))
			for i, k := range p {
				q[i] = valore.Prendi(a.su(0), k)
			}
			return q, err
		}
	case "pick", "omit":
		return func(e *esecuzione, a argomenti) (any, error) {
			p, err := e.percorsi(a)
			if err != nil {
				return nil, err
			}
			q := map[string]any{}
			for _, k := range valore.Chiavi(a.su(0)) {
				if err := e.spendi(len(p) + 1); err != nil {
					return nil, err
				}
				if slices.Contains(p, k) == (nome == "pick") {
					q[k] = valore.Membro(a.su(0), k)
				}
			}
			return q, nil
		}
	case "invert", "mapValues", "mapKeys", "pickBy", "omitBy", "findKey":
		return func(e *esecuzione, a argomenti) (any, error) {
			f, q := di(a.su(1)), map[string]any{}
			for _, k := range valore.Chiavi(a.su(0)) {
				if err := e.spendi(1); err != nil {
					return nil, err
				}
				v := valore.Membro(a.su(0), k)
				switch nome {
				case "invert":
					q[valore.Testo(v)] = k
				case "mapValues":
					q[k] = f(v)
				case "mapKeys":
					q[valore.Testo(f(v))] = v
				case "findKey":
					if valore.Booleano(f(v)) {
						return k, nil
					}
				default:
					if valore.Booleano(f(v)) == (nome == "pickBy") {
						q[k] = v
					}
				}
			}
			if nome == "findKey" {
				return valore.Undefined{}, nil
			}
			return q, nil
		}
	case "toPath":
		return func(_ *esecuzione, a argomenti) (any, error) {
			q := []any{}
			for _, k := range valore.Percorso(strada(a.su(0))) {
				q = append(q, k)
			}
			return q, nil
		}
	}
	return nil
}

// strada reads a path, which lodash takes as a text or as a list of keys.
func strada(v any) string {
	l, ok := v.([]any)
	if !ok {
		return valore.Testo(v)
	}
	q := ""
	for i, k := range l {
		if i > 0 {
			q += "."
		}
		q += valore.Testo(k)
		if len(q) > 10_000 {
			break
		}
	}
	return q
}
