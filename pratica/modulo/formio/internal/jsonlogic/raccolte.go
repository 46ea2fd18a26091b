package jsonlogic

import (
	"math"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// diRaccolte gives the lodash functions on arrays and objects alike.
func diRaccolte(nome string) operatore {
	switch nome {
	case "map":
		return suRaccolta(func(_ *esecuzione, l []any, f func(any) any) (any, error) {
			q := make([]any, len(l))
			for i, v := range l {
				q[i] = f(v)
			}
			return q, nil
		})
	case "flatMap":
		return suRaccolta(func(e *esecuzione, l []any, f func(any) any) (any, error) {
			q := make([]any, len(l))
			for i, v := range l {
				q[i] = f(v)
			}
			return e.spiana([]any{}, q, 1)
		})
	case "filter", "reject":
		return suRaccolta(func(_ *esecuzione, l []any, f func(any) any) (any, error) {
			return tieni(l, func(v any) bool { return valore.Booleano(f(v)) == (nome == "filter") }), nil
		})
	case "partition":
		return suRaccolta(func(_ *esecuzione, l []any, f func(any) any) (any, error) {
			si := tieni(l, func(v any) bool { return valore.Booleano(f(v)) })
			return []any{si, tieni(l, func(v any) bool { return !valore.Booleano(f(v)) })}, nil
		})
	case "find", "findLast":
		return suRaccolta(func(_ *esecuzione, l []any, f func(any) any) (any, error) {
			si := tieni(l, func(v any) bool { return valore.Booleano(f(v)) })
			if nome == "findLast" {
				si = si[max(0, len(si)-1):]
			}
			return argomenti(si).su(0), nil
		})
	case "every", "some":
		return suRaccolta(func(_ *esecuzione, l []any, f func(any) any) (any, error) {
			for _, v := range l {
				if valore.Booleano(f(v)) == (nome == "some") {
					return nome == "some", nil
				}
			}
			return nome == "every", nil
		})
	case "countBy", "groupBy", "keyBy":
		return suRaccolta(func(_ *esecuzione, l []any, f func(any) any) (any, error) {
			q := map[string]any{}
			for _, v := range l {
				k := valore.Testo(f(v))
				switch nome {
				case "countBy":
					n, _ := q[k].(float64)
					q[k] = n + 1
				case "groupBy":
					g, _ := q[k].([]any)
					q[k] = append(g, v)
				default:
					q[k] = v
				}
			}
			return q, nil
		})
	case "size":
		return func(e *esecuzione, a argomenti) (any, error) {
			if s, ok := a.su(0).(string); ok {
				return float64(valore.Lunghezza(s)), nil
			}
			l, err := e.raccolta(a.su(0))
			return float64(len(l)), err
		}
	case "includes":
		return func(e *esecuzione, a argomenti) (any, error) {
			if s, ok := a.su(0).(string); ok {
				t, err := e.stringa(a.su(1))
				return strings.Contains(s, t), err
			}
			l, err := e.raccolta(a.su(0))
			return indice(l, a.su(1), stessoZero) >= 0, err
		}
	case "sortBy", "orderBy":
		return func(e *esecuzione, a argomenti) (any, error) {
			l, err := e.raccolta(a.su(0))
			if err != nil {
				return nil, err
			}
			var giu []bool
			criteri := []any(a[min(1, len(a)):])
			if nome == "orderBy" {
				criteri = criteri[:min(1, len(criteri))]
				versi, _ := a.su(2).([]any)
				for _, v := range versi {
					giu = append(giu, v == "desc")
				}
			}
			if criteri, err = e.spiana(nil, criteri, 1); err != nil {
				return nil, err
			}
			var f []func(any) any
			for _, c := range criteri {
				f = append(f, di(c))
			}
			if len(f) == 0 {
				f = append(f, di(nil))
			}
			return e.ordina(l, f, giu)
		}
	case "sum", "sumBy", "mean", "meanBy", "max", "maxBy", "min", "minBy":
		return suLista(func(e *esecuzione, l []any, a argomenti) (any, error) {
			f := di(nil)
			if strings.HasSuffix(nome, "By") {
				f = di(a.su(1))
			}
			switch nome[:3] {
			case "sum":
				if len(l) == 0 {
					return 0.0, nil
				}
				return e.somma(l, f)
			case "mea":
				if len(l) == 0 {
					return math.NaN(), nil
				}
				q, err := e.somma(l, f)
				return valore.Numero(q) / float64(len(l)), err
			}
			return migliore(l, f, nome[:3] == "max"), nil
		})
	}
	return nil
}

// somma adds as lodash does: with +, so that texts are joined, and undefined left out.
func (e *esecuzione) somma(l []any, f func(any) any) (any, error) {
	var q any = valore.Undefined{}
	for _, v := range l {
		v = f(v)
		_, x := q.(string)
		_, y := v.(string)
		switch {
		case valore.Indefinito(v):
		case valore.Indefinito(q):
			q = v
		case x || y || valore.Oggetto(q) || valore.Oggetto(v):
			var err error
			if q, err = e.scrivi(valore.Testo(q) + valore.Testo(v)); err != nil {
				return nil, err
			}
		default:
			q = valore.Numero(q) + valore.Numero(v)
		}
	}
	return q, nil
}

func migliore(l []any, f func(any) any, massimo bool) any {
	var q, chiave any = valore.Undefined{}, nil
	for _, v := range l {
		k := f(v)
		if fondo(k) > 0 {
			continue
		}
		n, ok := valore.Ordine(k, chiave)
		if chiave == nil || (ok && ((massimo && n > 0) || (!massimo && n < 0))) {
			q, chiave = v, k
		}
	}
	return q
}

// diNumeri gives the lodash functions of arithmetic.
func diNumeri(nome string) operatore {
	switch nome {
	case "add", "subtract", "multiply", "divide":
		return dueNumeri(func(a, b float64) float64 {
			switch nome {
			case "add":
				return a + b
			case "subtract":
				return a - b
			case "multiply":
				return a * b
			}
			return a / b
		})
	case "ceil", "floor", "round":
		return func(_ *esecuzione, a argomenti) (any, error) {
			f := map[string]func(float64) float64{"ceil": math.Ceil, "floor": math.Floor,
				"round": func(x float64) float64 { return math.Floor(x + 0.5) }}[nome]
			cifre := max(-292, min(292, numeroOppure(a.su(1), 0)))
			return sposta(f(sposta(valore.Numero(a.su(0)), cifre)), -cifre), nil
		}
	case "clamp":
		return func(_ *esecuzione, a argomenti) (any, error) {
			x, basso, alto := valore.Numero(a.su(0)), valore.Numero(a.su(1)), valore.Numero(a.su(2))
			if valore.Indefinito(a.su(2)) {
				return math.Min(x, basso), nil
			}
			return math.Max(basso, math.Min(x, alto)), nil
		}
	case "inRange":
		return func(_ *esecuzione, a argomenti) (any, error) {
			x, da, fino := valore.Numero(a.su(0)), valore.Numero(a.su(1)), valore.Numero(a.su(2))
			if valore.Indefinito(a.su(2)) {
				da, fino = 0, da
			}
			return x >= math.Min(da, fino) && x < math.Max(da, fino), nil
		}
	case "range":
		return func(e *esecuzione, a argomenti) (any, error) {
			da, fino, passo := 0.0, valore.Numero(a.su(0)), 1.0
			if len(a) > 1 {
				da, fino = fino, valore.Numero(a.su(1))
			}
			if fino < da {
				passo = -1
			}
			if len(a) > 2 {
				passo = valore.Numero(a.su(2))
			}
			n := math.Max(0, math.Ceil((fino-da)/passo))
			if passo == 0 {
				n = math.Abs(fino - da)
			}
			if math.IsNaN(n) || n > MaxPassi {
				return nil, ErrTroppoGrande
			}
			q := make([]any, int(n))
			for i := range q {
				q[i] = da + float64(i)*passo
			}
			return q, e.spendi(len(q))
		}
	}
	return nil
}

// sposta moves the decimal point through the text, as lodash does, so that 1.005 rounds to 1.01.
func sposta(f float64, cifre int) float64 {
	if cifre == 0 || math.IsInf(f, 0) || math.IsNaN(f) {
		return f
	}
	m, esp, _ := strings.Cut(valore.ScriviNumero(f), "e")
	return valore.Numero(m + "e" + valore.ScriviNumero(valore.Numero(esp)+float64(cifre)))
}
