package jsonlogic

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// diTipi gives the lodash functions that ask or change the type of a value.
func diTipi(nome string) operatore {
	if f := domanda(nome); f != nil {
		return func(_ *esecuzione, a argomenti) (any, error) { return f(a.su(0)), nil }
	}
	switch nome {
	case "eq":
		return logica(stessoZero)
	case "gt":
		return logica(func(a, b any) bool { return valore.Minore(b, a) })
	case "gte":
		return logica(func(a, b any) bool { return valore.MinoreUguale(b, a) })
	case "lt":
		return logica(valore.Minore)
	case "lte":
		return logica(valore.MinoreUguale)
	case "isEqual":
		return logica(valore.UgualeProfondo)
	case "isMatch":
		return logica(func(a, b any) bool { return combacia(a, b, 0) })
	case "clone", "cloneDeep", "identity", "toPlainObject":
		return func(_ *esecuzione, a argomenti) (any, error) { return a.su(0), nil }
	case "castArray":
		return func(_ *esecuzione, a argomenti) (any, error) {
			if l, ok := a.su(0).([]any); ok {
				return l, nil
			}
			return []any(a[:min(1, len(a))]), nil
		}
	case "defaultTo":
		return func(_ *esecuzione, a argomenti) (any, error) {
			if v := a.su(0); fondo(v) == 0 {
				return v, nil
			}
			return a.su(1), nil
		}
	case "toArray", "values", "valuesIn":
		return func(e *esecuzione, a argomenti) (any, error) {
			l, err := e.raccolta(a.su(0))
			return append([]any{}, l...), err
		}
	case "toNumber":
		return func(_ *esecuzione, a argomenti) (any, error) { return valore.Numero(a.su(0)), nil }
	case "toInteger", "toFinite", "toSafeInteger":
		return func(_ *esecuzione, a argomenti) (any, error) {
			f := valore.Numero(a.su(0))
			if math.IsNaN(f) {
				return 0.0, nil
			}
			f = math.Max(-math.MaxFloat64, math.Min(math.MaxFloat64, f))
			if nome == "toFinite" {
				return f, nil
			}
			return math.Trunc(f), nil
		}
	case "stubTrue", "stubFalse":
		return func(*esecuzione, argomenti) (any, error) { return nome == "stubTrue", nil }
	}
	return nil
}

func domanda(nome string) func(any) bool {
	tipo := func(t string) func(any) bool { return func(v any) bool { return valore.Tipo(v) == t } }
	intero := func(v any) bool {
		f, ok := v.(float64)
		return ok && f == math.Trunc(f) && !math.IsInf(f, 0)
	}
	switch nome {
	case "isArray":
		return tipo("array")
	case "isBoolean":
		return tipo("boolean")
	case "isNull":
		return tipo("null")
	case "isNumber":
		return tipo("number")
	case "isString":
		return tipo("string")
	case "isUndefined":
		return tipo("undefined")
	case "isPlainObject":
		return valore.OggettoSemplice
	case "isObject", "isObjectLike":
		return valore.Oggetto
	case "isEmpty":
		return valore.Vuoto
	case "isNil":
		return valore.Nullo
	case "isInteger":
		return intero
	case "isSafeInteger":
		return func(v any) bool { return intero(v) && math.Abs(valore.Numero(v)) < 1<<53 }
	case "isFinite":
		return func(v any) bool { f, ok := v.(float64); return ok && !math.IsInf(f, 0) && !math.IsNaN(f) }
	case "isNaN":
		return func(v any) bool { f, ok := v.(float64); return ok && math.IsNaN(f) }
	case "isArrayLike":
		return func(v any) bool { t := valore.Tipo(v); return t == "array" || t == "string" }
	}
	return nil
}

// The entities that lodash writes and reads.
var (
	entita      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")
	senzaEntita = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'")
)

// testo makes an operator of a function from text to text.
func testo(f func(string) string) operatore {
	return func(e *esecuzione, a argomenti) (any, error) {
		if valore.Nullo(a.su(0)) {
			return f(""), nil
		}
		s, err := e.stringa(a.su(0))
		if err != nil {
			return nil, err
		}
		return e.scrivi(f(s))
	}
}

// iniziale applies f to the first letter.
func iniziale(f func(rune) rune, s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(f(r)) + s[n:]
}

// diTesti gives the lodash functions on texts.
func diTesti(nome string) operatore {
	switch nome {
	case "toString":
		return testo(func(s string) string { return s })
	case "toLower":
		return testo(strings.ToLower)
	case "toUpper":
		return testo(strings.ToUpper)
	case "capitalize":
		return testo(func(s string) string { return iniziale(unicode.ToUpper, strings.ToLower(s)) })
	case "upperFirst":
		return testo(func(s string) string { return iniziale(unicode.ToUpper, s) })
	case "lowerFirst":
		return testo(func(s string) string { return iniziale(unicode.ToLower, s) })
	case "escape":
		return testo(entita.Replace)
	case "unescape":
		return testo(senzaEntita.Replace)
	case "trim", "trimStart", "trimEnd":
		return func(e *esecuzione, a argomenti) (any, error) {
			s, err := e.stringa(a.su(0))
			if err != nil || valore.Nullo(a.su(0)) {
				return "", err
			}
			cosa := func(r rune) bool { return valore.Spazio(r) }
			if c, ok := a.su(1).(string); ok {
				cosa = func(r rune) bool { return strings.ContainsRune(c, r) }
			}
			if nome != "trimEnd" {
				s = strings.TrimLeftFunc(s, cosa)
			}
			if nome != "trimStart" {
				s = strings.TrimRightFunc(s, cosa)
			}
			return e.scrivi(s)
		}
	case "startsWith", "endsWith", "split", "replace":
		return func(e *esecuzione, a argomenti) (any, error) {
			s, err := e.stringa(a.su(0))
			if err != nil {
				return nil, err
			}
			b, err := e.stringa(a.su(1))
			if err != nil {
				return nil, err
			}
			switch nome {
			case "startsWith":
				return strings.HasPrefix(s, b), nil
			case "endsWith":
				return strings.HasSuffix(s, b), nil
			case "replace":
				c, err := e.stringa(a.su(2))
				if err != nil {
					return nil, err
				}
				return e.scrivi(strings.Replace(s, b, c, 1))
			}
			q := []any{}
			if valore.Indefinito(a.su(1)) {
				return append(q, s), nil
			}
			if err := e.spendi(strings.Count(s, b)); err != nil {
				return nil, err
			}
			for _, p := range strings.Split(s, b) {
				q = append(q, p)
			}
			return q, nil
		}
	case "repeat", "pad", "padStart", "padEnd":
		return riempi(nome)
	case "parseInt":
		return func(_ *esecuzione, a argomenti) (any, error) { return valore.LeggiIntero(a.su(0)), nil }
	}
	return nil
}

// riempi gives the functions that make a text longer.
func riempi(nome string) operatore {
	return func(e *esecuzione, a argomenti) (any, error) {
		s, err := e.stringa(a.su(0))
		if err != nil {
			return nil, err
		}
		if nome == "repeat" {
			n := max(0, numeroOppure(a.su(1), 1))
			if len(s)*n > e.testo {
				return nil, ErrTroppoGrande
			}
			return e.scrivi(strings.Repeat(s, n))
		}
		con := " "
		if c := a.su(2); !valore.Indefinito(c) {
			con = valore.Testo(c)
		}
		manca := numeroOppure(a.su(1), 0) - valore.Lunghezza(s)
		if manca <= 0 || con == "" {
			return s, nil
		}
		if manca > e.testo/4 {
			return nil, ErrTroppoGrande
		}
		prima := map[string]int{"pad": manca / 2, "padStart": manca}[nome]
		return e.scrivi(lungo(con, prima) + s + lungo(con, manca-prima))
	}
}

// lungo repeats s up to n UTF-16 units.
func lungo(s string, n int) string {
	volte := n/max(1, valore.Lunghezza(s)) + 1
	return sottostringa(strings.Repeat(s, volte), 0, float64(n))
}
