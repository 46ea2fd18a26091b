package valore

import (
	"math"
	"reflect"
	"unicode/utf16"
)

// Identico is ===. Arrays and objects are identical only to themselves.
func Identico(a, b any) bool {
	ta, tb := Tipo(a), Tipo(b)
	if ta != tb {
		return false
	}
	switch ta {
	case "null", "undefined":
		return true
	case "boolean", "string":
		return a == b
	case "number":
		x, _ := numerico(a)
		y, _ := numerico(b)
		return x == y
	}
	return stesso(a, b)
}

// stesso compares two references. Empty arrays have no identity in Go and are told apart.
func stesso(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	if x.Kind() != y.Kind() {
		return false
	}
	switch x.Kind() {
	case reflect.Map:
		return x.Pointer() == y.Pointer()
	case reflect.Slice:
		return x.Len() == y.Len() && x.Cap() > 0 && x.Pointer() == y.Pointer()
	default:
		return false
	}
}

// Uguale is ==.
func Uguale(a, b any) bool {
	ta, tb := Tipo(a), Tipo(b)
	if ta == tb {
		return Identico(a, b)
	}
	if Nullo(a) || Nullo(b) {
		return Nullo(a) && Nullo(b)
	}
	if ta == "boolean" {
		return Uguale(Numero(a), b)
	}
	if tb == "boolean" {
		return Uguale(a, Numero(b))
	}
	oa, ob := Oggetto(a), Oggetto(b)
	switch {
	case oa && ob:
		return false
	case oa:
		return Uguale(Testo(a), b)
	case ob:
		return Uguale(a, Testo(b))
	}
	return Numero(a) == Numero(b)
}

// Ordine compares as < does: -1, 0 or +1, and false where JavaScript's answer
// is undefined (a NaN), so that every comparison is false.
func Ordine(a, b any) (int, bool) {
	if Oggetto(a) {
		a = Testo(a)
	}
	if Oggetto(b) {
		b = Testo(b)
	}
	sa, oka := a.(string)
	sb, okb := b.(string)
	if oka && okb {
		return confrontaTesti(sa, sb), true
	}
	x, y := Numero(a), Numero(b)
	switch {
	case math.IsNaN(x) || math.IsNaN(y):
		return 0, false
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	}
	return 0, true
}

// Minore is a < b.
func Minore(a, b any) bool { n, ok := Ordine(a, b); return ok && n < 0 }

// MinoreUguale is a <= b.
func MinoreUguale(a, b any) bool { n, ok := Ordine(a, b); return ok && n <= 0 }

// confrontaTesti follows UTF-16 units, where it differs from code points.
func confrontaTesti(a, b string) int {
	x, y := []rune(a), []rune(b)
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] == y[i] {
			continue
		}
		u, v := utf16.AppendRune(nil, x[i])[0], utf16.AppendRune(nil, y[i])[0]
		if u == v {
			u, v = utf16.AppendRune(nil, x[i])[1], utf16.AppendRune(nil, y[i])[1]
		}
		if u < v {
			return -1
		}
		return 1
	}
	return len(x) - len(y)
}

// maxConfronti bounds UgualeProfondo, where values share their parts.
const maxConfronti = 1_000_000

// UgualeProfondo is lodash's isEqual: by content, NaN equal to itself. Values
// too large to compare are not equal.
func UgualeProfondo(a, b any) bool {
	resto := maxConfronti
	return profondo(a, b, 0, &resto)
}

func profondo(a, b any, livello int, resto *int) bool {
	*resto--
	ta := Tipo(a)
	if ta != Tipo(b) || livello > MaxProfondita || *resto < 0 {
		return false
	}
	switch ta {
	case "number":
		x, _ := numerico(a)
		y, _ := numerico(b)
		return x == y || (math.IsNaN(x) && math.IsNaN(y))
	case "array":
		x, _ := a.([]any)
		y, _ := b.([]any)
		if len(x) != len(y) {
			return false
		}
		for i := range x {
			if !profondo(x[i], y[i], livello+1, resto) {
				return false
			}
		}
		return true
	case "object":
		x, _ := a.(map[string]any)
		y, _ := b.(map[string]any)
		if len(x) != len(y) {
			return false
		}
		for k, v := range x {
			w, ok := y[k]
			if !ok || !profondo(v, w, livello+1, resto) {
				return false
			}
		}
		return true
	}
	return Identico(a, b)
}

// Vuoto is lodash's isEmpty: true for all that is not a text, array or object
// with something inside, so for numbers and booleans too.
func Vuoto(v any) bool {
	switch x := v.(type) {
	case string:
		return x == ""
	case []any:
		return len(x) == 0
	case map[string]any:
		return len(x) == 0
	}
	return true
}
