package jsonlogic

import (
	"math"
	"strings"
	"unicode/utf16"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// operazione gives the operator of that name, nil where there is none.
func operazione(nome string) operatore {
	if op := classica(nome); op != nil {
		return op
	}
	if op := data(nome); op != nil {
		return op
	}
	if lodash, ok := strings.CutPrefix(nome, "_"); ok {
		for _, f := range []func(string) operatore{deListe, diRaccolte, diTipi, diNumeri, diOggetti, diTesti} {
			if op := f(lodash); op != nil {
				return op
			}
		}
	}
	return nil
}

func logica(f func(a, b any) bool) operatore {
	return func(_ *esecuzione, a argomenti) (any, error) { return f(a.su(0), a.su(1)), nil }
}

// tra is a < b, or a < b < c where c is given.
func tra(f func(a, b any) bool) operatore {
	return func(_ *esecuzione, a argomenti) (any, error) {
		ok := f(a.su(0), a.su(1))
		if c := a.su(2); ok && !valore.Indefinito(c) {
			ok = f(a.su(1), c)
		}
		return ok, nil
	}
}

func classica(nome string) operatore {
	switch nome {
	case "==":
		return logica(valore.Uguale)
	case "===":
		return logica(valore.Identico)
	case "!=":
		return logica(func(a, b any) bool { return !valore.Uguale(a, b) })
	case "!==":
		return logica(func(a, b any) bool { return !valore.Identico(a, b) })
	case ">":
		return logica(func(a, b any) bool { return valore.Minore(b, a) })
	case ">=":
		return logica(func(a, b any) bool { return valore.MinoreUguale(b, a) })
	case "<":
		return tra(valore.Minore)
	case "<=":
		return tra(valore.MinoreUguale)
	case "!!":
		return logica(func(a, _ any) bool { return vero(a) })
	case "!":
		return logica(func(a, _ any) bool { return !vero(a) })
	case "%":
		return dueNumeri(math.Mod)
	case "/":
		return dueNumeri(func(a, b float64) float64 { return a / b })
	case "-":
		return meno
	case "+":
		return piu
	case "*":
		return per
	case "min":
		return estremo(math.Inf(1), func(a, b float64) bool { return a < b })
	case "max":
		return estremo(math.Inf(-1), func(a, b float64) bool { return a > b })
	case "log":
		return func(_ *esecuzione, a argomenti) (any, error) { return a.su(0), nil }
	case "in":
		return dentro
	case "cat":
		return unisci
	case "substr":
		return parte
	case "merge":
		return fondi
	}
	return nil
}

func dueNumeri(f func(a, b float64) float64) operatore {
	return func(_ *esecuzione, a argomenti) (any, error) {
		return f(valore.Numero(a.su(0)), valore.Numero(a.su(1))), nil
	}
}

func meno(_ *esecuzione, a argomenti) (any, error) {
	if valore.Indefinito(a.su(1)) {
		return -valore.Numero(a.su(0)), nil
	}
	return valore.Numero(a.su(0)) - valore.Numero(a.su(1)), nil
}

func piu(e *esecuzione, a argomenti) (any, error) {
	q := 0.0
	for _, v := range a {
		s, err := e.stringa(v)
		if err != nil {
			return nil, err
		}
		q += valore.LeggiDecimale(s)
	}
	return q, nil
}

func per(e *esecuzione, a argomenti) (any, error) {
	if len(a) == 0 {
		return nil, ErrArgomento
	}
	if len(a) == 1 {
		return a[0], nil
	}
	q := 1.0
	for _, v := range a {
		s, err := e.stringa(v)
		if err != nil {
			return nil, err
		}
		q *= valore.LeggiDecimale(s)
	}
	return q, nil
}

// estremo is Math.min or Math.max.
func estremo(iniziale float64, meglio func(a, b float64) bool) operatore {
	return func(_ *esecuzione, a argomenti) (any, error) {
		q := iniziale
		for _, v := range a {
			n := valore.Numero(v)
			if math.IsNaN(n) {
				return n, nil
			}
			if meglio(n, q) {
				q = n
			}
		}
		return q, nil
	}
}

func dentro(e *esecuzione, a argomenti) (any, error) {
	switch b := a.su(1).(type) {
	case string:
		s, err := e.stringa(a.su(0))
		return strings.Contains(b, s), err
	case []any:
		if err := e.spendi(len(b)); err != nil {
			return nil, err
		}
		return indice(b, a.su(0), valore.Identico) >= 0, nil
	}
	return false, nil
}

func indice(a []any, x any, uguale func(a, b any) bool) int {
	for i, v := range a {
		if uguale(v, x) {
			return i
		}
	}
	return -1
}

func unisci(e *esecuzione, a argomenti) (any, error) { return e.congiungi(a, "") }

// congiungi is Array.prototype.join.
func (e *esecuzione) congiungi(a []any, separatore string) (any, error) {
	var b strings.Builder
	for i, v := range a {
		s := ""
		if !valore.Nullo(v) {
			var err error
			if s, err = e.stringa(v); err != nil {
				return nil, err
			}
		}
		if i > 0 {
			s = separatore + s
		}
		if _, err := e.scrivi(s); err != nil {
			return nil, err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

// sottostringa is String.prototype.substr on UTF-16 units.
func sottostringa(s string, inizio, lungo float64) string {
	u := utf16.Encode([]rune(s))
	n := float64(len(u))
	inizio = troncato(inizio)
	if inizio < 0 {
		inizio = math.Max(0, n+inizio)
	}
	fine := math.Min(n, inizio+troncato(lungo))
	if inizio >= n || fine <= inizio {
		return ""
	}
	return string(utf16.Decode(u[int(inizio):int(fine)]))
}

// troncato is ToIntegerOrInfinity.
func troncato(f float64) float64 {
	if math.IsNaN(f) {
		return 0
	}
	return math.Trunc(f)
}

func parte(e *esecuzione, a argomenti) (any, error) {
	s, err := e.stringa(a.su(0))
	if err != nil {
		return nil, err
	}
	if err := e.spendi(len(s) / 64); err != nil {
		return nil, err
	}
	lungo := math.Inf(1)
	if c := a.su(2); !valore.Indefinito(c) {
		lungo = troncato(valore.Numero(c))
	}
	da := valore.Numero(a.su(1))
	if lungo < 0 {
		t := sottostringa(s, da, math.Inf(1))
		return e.scrivi(sottostringa(t, 0, float64(valore.Lunghezza(t))+lungo))
	}
	return e.scrivi(sottostringa(s, da, lungo))
}

func fondi(e *esecuzione, a argomenti) (any, error) {
	q := []any{}
	for _, v := range a {
		b, ok := v.([]any)
		if !ok {
			b = []any{v}
		}
		if err := e.spendi(len(b)); err != nil {
			return nil, err
		}
		q = append(q, b...)
	}
	return q, nil
}

// data gives the operators on dates that Form.io adds.
func data(nome string) operatore {
	switch nome {
	case "getDate":
		return func(e *esecuzione, a argomenti) (any, error) {
			v := a.su(0)
			if valore.Indefinito(v) && !e.Ora.IsZero() {
				return valore.ScriviISO(e.Ora), nil
			}
			t, ok := valore.LeggiGiorno(v, e.Fuso)
			if !ok {
				return nil, ErrArgomento
			}
			return valore.ScriviISO(t), nil
		}
	case "relativeMinDate":
		return giorniDaOggi(-1)
	case "relativeMaxDate":
		return giorniDaOggi(1)
	}
	return nil
}

func giorniDaOggi(segno float64) operatore {
	return func(e *esecuzione, a argomenti) (any, error) {
		n := valore.Numero(a.su(0))
		if e.Ora.IsZero() || math.IsNaN(n) || math.Abs(n) > 1e6 {
			return nil, ErrArgomento
		}
		return valore.ScriviISO(e.Ora.In(e.Fuso).AddDate(0, 0, int(math.Round(n*segno)))), nil
	}
}
