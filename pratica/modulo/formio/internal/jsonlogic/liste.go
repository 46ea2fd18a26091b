package jsonlogic

import (
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// deListe gives the lodash functions on arrays.
func deListe(nome string) operatore {
	switch nome {
	case "chunk":
		return suLista(func(_ *esecuzione, l []any, a argomenti) (any, error) {
			q, n := []any{}, numeroOppure(a.su(1), 1)
			for n > 0 && len(l) > 0 {
				k := min(n, len(l))
				q, l = append(q, l[:k:k]), l[k:]
			}
			return q, nil
		})
	case "compact":
		return suLista(func(_ *esecuzione, l []any, _ argomenti) (any, error) { return tieni(l, valore.Booleano), nil })
	case "concat":
		return func(e *esecuzione, a argomenti) (any, error) { return fondi(e, a) }
	case "difference", "without":
		return suLista(func(e *esecuzione, l []any, a argomenti) (any, error) {
			altri := []any(a[1:])
			if nome == "difference" {
				var err error
				if altri, err = e.spiana(nil, altri, 1); err != nil {
					return nil, err
				}
			}
			return e.presenti(l, altri, false)
		})
	case "intersection":
		return suLista(func(e *esecuzione, l []any, a argomenti) (any, error) {
			q, err := e.unici(l, di(nil))
			for i := 1; i < len(a) && err == nil; i++ {
				b, _ := a[i].([]any)
				q, err = e.presenti(q, b, true)
			}
			return q, err
		})
	case "xor":
		return suLista(func(e *esecuzione, l []any, a argomenti) (any, error) {
			b, err := e.lista(a.su(1))
			if err != nil || len(a) > 2 {
				return nil, ErrArgomento
			}
			x, err := e.presenti(l, b, false)
			if err != nil {
				return nil, err
			}
			y, err := e.presenti(b, l, false)
			if err != nil {
				return nil, err
			}
			return e.unici(append(x, y...), di(nil))
		})
	case "drop", "take", "dropRight", "takeRight":
		return suLista(func(_ *esecuzione, l []any, a argomenti) (any, error) {
			n := max(0, min(len(l), numeroOppure(a.su(1), 1)))
			switch nome {
			case "drop":
				return l[n:], nil
			case "take":
				return l[:n:n], nil
			case "dropRight":
				return l[: len(l)-n : len(l)-n], nil
			}
			return l[len(l)-n:], nil
		})
	case "first", "head":
		return suLista(func(_ *esecuzione, l []any, _ argomenti) (any, error) { return argomenti(l).su(0), nil })
	case "last":
		return suLista(func(_ *esecuzione, l []any, _ argomenti) (any, error) {
			return argomenti(l[max(0, len(l)-1):]).su(0), nil
		})
	case "initial":
		return suLista(func(_ *esecuzione, l []any, _ argomenti) (any, error) {
			n := max(0, len(l)-1)
			return l[:n:n], nil
		})
	case "tail":
		return suLista(func(_ *esecuzione, l []any, _ argomenti) (any, error) { return l[min(1, len(l)):], nil })
	case "nth":
		return suLista(func(_ *esecuzione, l []any, a argomenti) (any, error) {
			n := numeroOppure(a.su(1), 0)
			if n < 0 {
				n += len(l)
			}
			if n < 0 {
				return valore.Undefined{}, nil
			}
			return argomenti(l).su(n), nil
		})
	case "slice":
		return suLista(func(_ *esecuzione, l []any, a argomenti) (any, error) {
			da, fino := relativo(numeroOppure(a.su(1), 0), len(l)), relativo(numeroOppure(a.su(2), float64(len(l))), len(l))
			if da >= fino {
				return []any{}, nil
			}
			return l[da:fino:fino], nil
		})
	case "flatten", "flattenDeep", "flattenDepth":
		return suLista(func(e *esecuzione, l []any, a argomenti) (any, error) {
			n := 1
			switch nome {
			case "flattenDeep":
				n = MaxProfondita
			case "flattenDepth":
				n = min(MaxProfondita, numeroOppure(a.su(1), 1))
			}
			return e.spiana([]any{}, l, n)
		})
	case "fromPairs", "zipObject":
		return suLista(func(_ *esecuzione, l []any, a argomenti) (any, error) {
			q := map[string]any{}
			valori, _ := a.su(1).([]any)
			for i, v := range l {
				if nome == "zipObject" {
					q[valore.Testo(v)] = argomenti(valori).su(i)
				} else if p, ok := v.([]any); ok && len(p) > 0 {
					q[valore.Testo(p[0])] = argomenti(p).su(1)
				}
			}
			return q, nil
		})
	case "indexOf":
		return suLista(func(_ *esecuzione, l []any, a argomenti) (any, error) {
			da := relativo(numeroOppure(a.su(2), 0), len(l))
			if i := indice(l[da:], a.su(1), stessoZero); i >= 0 {
				return float64(i + da), nil
			}
			return -1.0, nil
		})
	case "lastIndexOf":
		return suLista(func(_ *esecuzione, l []any, a argomenti) (any, error) {
			for i := len(l) - 1; i >= 0; i-- {
				if stessoZero(l[i], a.su(1)) {
					return float64(i), nil
				}
			}
			return -1.0, nil
		})
	case "findIndex", "findLastIndex":
		return suLista(func(_ *esecuzione, l []any, a argomenti) (any, error) {
			f, q := di(a.su(1)), -1.0
			for i, v := range l {
				if valore.Booleano(f(v)) {
					q = float64(i)
					if nome == "findIndex" {
						break
					}
				}
			}
			return q, nil
		})
	case "join":
		return suLista(func(e *esecuzione, l []any, a argomenti) (any, error) {
			s := ","
			if b := a.su(1); !valore.Indefinito(b) {
				s = valore.Testo(b)
			}
			return e.congiungi(l, s)
		})
	case "union", "unionBy":
		return func(e *esecuzione, a argomenti) (any, error) {
			f := di(nil)
			if n := len(a) - 1; nome == "unionBy" && n > 0 {
				if _, ok := a[n].([]any); !ok {
					a, f = a[:n], di(a[n])
				}
			}
			q, err := e.spiana(nil, soloListe(a), 1)
			if err != nil {
				return nil, err
			}
			return e.unici(q, f)
		}
	case "uniq", "sortedUniq":
		return suLista(func(e *esecuzione, l []any, _ argomenti) (any, error) { return e.unici(l, di(nil)) })
	case "uniqBy", "sortedUniqBy":
		return suLista(func(e *esecuzione, l []any, a argomenti) (any, error) { return e.unici(l, di(a.su(1))) })
	case "zip":
		return func(e *esecuzione, a argomenti) (any, error) { return e.traspone(a) }
	case "unzip":
		return suLista(func(e *esecuzione, l []any, _ argomenti) (any, error) { return e.traspone(l) })
	}
	return nil
}

func tieni(a []any, f func(any) bool) []any {
	q := []any{}
	for _, v := range a {
		if f(v) {
			q = append(q, v)
		}
	}
	return q
}

func soloListe(a []any) []any {
	return tieni(a, func(v any) bool { _, ok := v.([]any); return ok })
}

// traspone turns rows into columns.
func (e *esecuzione) traspone(a []any) (any, error) {
	a = soloListe(a)
	n := 0
	for _, v := range a {
		r, _ := v.([]any)
		n = max(n, len(r))
	}
	if err := e.spendi(n * (len(a) + 1)); err != nil {
		return nil, err
	}
	q := make([]any, n)
	for i := range q {
		r := make([]any, len(a))
		for j, v := range a {
			b, _ := v.([]any)
			r[j] = argomenti(b).su(i)
		}
		q[i] = r
	}
	return q, nil
}
