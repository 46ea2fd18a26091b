package jsonlogic

import (
	"slices"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// di turns what a lodash function looks for into a function, as _.iteratee
// does: a text is a property, an object a shape to match, a pair a property and its value.
func di(v any) func(any) any {
	switch x := v.(type) {
	case nil, valore.Undefined:
		return func(y any) any { return y }
	case map[string]any:
		return func(y any) any { return combacia(y, x, 0) }
	case []any:
		a := argomenti(x)
		return func(y any) any {
			return combacia(valore.Prendi(y, valore.Testo(a.su(0))), a.su(1), 0)
		}
	}
	p := valore.Testo(v)
	return func(y any) any { return valore.Prendi(y, p) }
}

// combacia is _.isMatch: what forma has, v has too.
func combacia(v, forma any, livello int) bool {
	m, ok := forma.(map[string]any)
	if l, vuota := forma.([]any); vuota && len(l) == 0 {
		return true
	}
	if !ok || livello > MaxProfondita {
		return valore.UgualeProfondo(v, forma)
	}
	o, ok := v.(map[string]any)
	if !ok {
		return len(m) == 0
	}
	for k, x := range m {
		w, ok := o[k]
		if !ok || !combacia(w, x, livello+1) {
			return false
		}
	}
	return true
}

// stessoZero is SameValueZero: ===, and NaN equal to itself.
func stessoZero(a, b any) bool {
	if valore.Identico(a, b) {
		return true
	}
	f, oka := a.(float64)
	g, okb := b.(float64)
	return oka && okb && f != f && g != g
}

// lista gives the array in v: a lodash function of arrays takes anything else as empty.
func (e *esecuzione) lista(v any) ([]any, error) {
	a, _ := v.([]any)
	return a, e.spendi(len(a) + 1)
}

// raccolta gives the elements of an array or the values of an object.
func (e *esecuzione) raccolta(v any) ([]any, error) {
	switch x := v.(type) {
	case []any:
		return x, e.spendi(len(x) + 1)
	case map[string]any:
		q := make([]any, 0, len(x))
		for _, k := range valore.Chiavi(x) {
			q = append(q, x[k])
		}
		return q, e.spendi(len(q) + 1)
	case string:
		q := []any{}
		for _, r := range x {
			q = append(q, string(r))
		}
		return q, e.spendi(len(q) + 1)
	}
	return nil, e.spendi(1)
}

// suLista makes an operator of a function on the array that comes first.
func suLista(f func(e *esecuzione, l []any, a argomenti) (any, error)) operatore {
	return func(e *esecuzione, a argomenti) (any, error) {
		l, err := e.lista(a.su(0))
		if err != nil {
			return nil, err
		}
		return f(e, l, a)
	}
}

// suRaccolta makes an operator of a function on array or object and an iteratee.
func suRaccolta(f func(e *esecuzione, l []any, di func(any) any) (any, error)) operatore {
	return func(e *esecuzione, a argomenti) (any, error) {
		l, err := e.raccolta(a.su(0))
		if err != nil {
			return nil, err
		}
		return f(e, l, di(a.su(1)))
	}
}

// numeroOppure reads a count, that lodash takes to be n where it lacks.
func numeroOppure(v any, n float64) int {
	if !valore.Indefinito(v) {
		n = troncato(valore.Numero(v))
	}
	return int(max(-1e9, min(1e9, n)))
}

// relativo reads an index that counts from the end where it is negative.
func relativo(i, n int) int {
	if i < 0 {
		i += n
	}
	return max(0, min(i, n))
}

// unici keeps the first of the elements that chiave makes equal.
func (e *esecuzione) unici(a []any, chiave func(any) any) ([]any, error) {
	q, visti := []any{}, []any{}
	for _, v := range a {
		k := chiave(v)
		if err := e.spendi(len(visti)/8 + 1); err != nil {
			return nil, err
		}
		if indice(visti, k, stessoZero) < 0 {
			visti, q = append(visti, k), append(q, v)
		}
	}
	return q, nil
}

// presenti gives the elements of a whose presence in b is come.
func (e *esecuzione) presenti(a, b []any, come bool) ([]any, error) {
	q := []any{}
	for _, v := range a {
		if err := e.spendi(len(b)/8 + 1); err != nil {
			return nil, err
		}
		if (indice(b, v, stessoZero) >= 0) == come {
			q = append(q, v)
		}
	}
	return q, nil
}

// spiana flattens as many levels as given.
func (e *esecuzione) spiana(q, a []any, livelli int) ([]any, error) {
	if err := e.spendi(len(a) + 1); err != nil {
		return nil, err
	}
	for _, v := range a {
		b, ok := v.([]any)
		if !ok || livelli <= 0 {
			q = append(q, v)
			continue
		}
		var err error
		if q, err = e.spiana(q, b, livelli-1); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// ordina sorts by the keys, stably; giu says which of them go downwards.
func (e *esecuzione) ordina(a []any, chiavi []func(any) any, giu []bool) ([]any, error) {
	if err := e.spendi(len(a) * (len(chiavi) + 1)); err != nil {
		return nil, err
	}
	type riga struct {
		v      any
		chiavi []any
	}
	r := make([]riga, len(a))
	for i, v := range a {
		r[i].v = v
		for _, f := range chiavi {
			r[i].chiavi = append(r[i].chiavi, f(v))
		}
	}
	slices.SortStableFunc(r, func(x, y riga) int {
		for i := range chiavi {
			if n := perOrdine(x.chiavi[i], y.chiavi[i]); n != 0 {
				if i < len(giu) && giu[i] {
					return -n
				}
				return n
			}
		}
		return 0
	})
	q := make([]any, len(r))
	for i := range r {
		q[i] = r[i].v
	}
	return q, nil
}

// perOrdine sorts as lodash does: values, then null, undefined and NaN.
func perOrdine(a, b any) int {
	if x, y := fondo(a), fondo(b); x != y || x > 0 {
		return x - y
	}
	n, _ := valore.Ordine(a, b)
	return n
}

func fondo(v any) int {
	switch x := v.(type) {
	case nil:
		return 1
	case valore.Undefined:
		return 2
	case float64:
		if x != x {
			return 3
		}
	}
	return 0
}
