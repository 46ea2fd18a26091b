// Package valore gives values decoded from JSON the semantics of JavaScript, as
// Form.io definitions rely on them: conversions, equality, order, and the few
// functions of lodash that its rules are written with.
//
// A value is nil, bool, float64, string, []any, map[string]any or [Undefined];
// int, int64 and json.Number count as float64. Anything else behaves as an
// empty object. Values are trees: nothing here writes to its arguments, except
// [Imposta], and everything is safe for concurrent use on values that nobody writes.
//
// Go maps keep no order: where JavaScript would follow insertion, keys that are
// array indexes come first in ascending order, then the others in byte order.
//
// Recursion stops at [MaxProfondita]; text stops growing at [MaxTesto].
package valore

const (
	// MaxProfondita is how deep arrays and objects may nest: deeper ones
	// convert to "", are not equal to anything, and are refused by Copia.
	MaxProfondita = 256
	// MaxTesto is how many bytes Testo writes before it stops.
	MaxTesto = 1 << 22
	// MaxIndice is the greatest array index that Imposta accepts.
	MaxIndice = 10_000
)

// Undefined is JavaScript's undefined, which JSON has not: the value of a key
// that is absent. It is comparable: v == (Undefined{}).
type Undefined struct{}

// Indefinito says whether v is undefined.
func Indefinito(v any) bool {
	_, ok := v.(Undefined)
	return ok
}

// Nullo is lodash's isNil: null or undefined.
func Nullo(v any) bool { return v == nil || Indefinito(v) }
