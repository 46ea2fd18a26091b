package valore

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
)

// spazi is what JavaScript's trim takes away: white space and line ends.
const spazi = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"

// Pota is String.prototype.trim.
func Pota(s string) string { return strings.Trim(s, spazi) }

// Spazio says whether r is white space for JavaScript's \s.
func Spazio(r rune) bool { return strings.ContainsRune(spazi, r) }

// Lunghezza is the length of s as JavaScript counts it, in UTF-16 units.
func Lunghezza(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// numerico gives the float64 in v, where v is a number.
func numerico(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}

// Tipo is typeof, with "null" and "array" told apart from "object".
func Tipo(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case Undefined:
		return "undefined"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	}
	if _, ok := numerico(v); ok {
		return "number"
	}
	return "object"
}

// Oggetto is lodash's isObject for JSON values: an array or an object.
func Oggetto(v any) bool {
	t := Tipo(v)
	return t == "array" || t == "object"
}

// OggettoSemplice is lodash's isPlainObject.
func OggettoSemplice(v any) bool { return Tipo(v) == "object" }

// Booleano is Boolean(v).
func Booleano(v any) bool {
	switch x := v.(type) {
	case nil, Undefined:
		return false
	case bool:
		return x
	case string:
		return x != ""
	}
	if f, ok := numerico(v); ok {
		return f != 0 && !math.IsNaN(f)
	}
	return true
}

// Numero is Number(v); NaN where there is no number to read.
func Numero(v any) float64 {
	switch x := v.(type) {
	case nil:
		return 0
	case Undefined:
		return math.NaN()
	case bool:
		if x {
			return 1
		}
		return 0
	case string:
		return numeroDaTesto(x)
	}
	if f, ok := numerico(v); ok {
		return f
	}
	return numeroDaTesto(Testo(v))
}

func numeroDaTesto(s string) float64 {
	s = Pota(s)
	if s == "" {
		return 0
	}
	if len(s) > 2 && s[0] == '0' {
		base := map[byte]int{'x': 16, 'X': 16, 'o': 8, 'O': 8, 'b': 2, 'B': 2}[s[1]]
		if base != 0 {
			return interoInBase(s[2:], base, true)
		}
	}
	if n, f := prefissoDecimale(s); n == len(s) {
		return f
	}
	return math.NaN()
}

// interoInBase reads digits; intero asks that nothing else follows.
func interoInBase(s string, base int, intero bool) float64 {
	f, n := 0.0, 0
	for ; n < len(s); n++ {
		d, err := strconv.ParseUint(s[n:n+1], base, 8)
		if err != nil {
			break
		}
		f = f*float64(base) + float64(d)
	}
	if n == 0 || (intero && n < len(s)) {
		return math.NaN()
	}
	if base == 10 && n > 15 {
		if g, err := strconv.ParseFloat(s[:n], 64); err == nil || math.IsInf(g, 0) {
			return g
		}
	}
	return f
}

// prefissoDecimale gives the length of the longest decimal literal that s
// begins with, and its value.
func prefissoDecimale(s string) (int, float64) {
	i := 0
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	if strings.HasPrefix(s[i:], "Infinity") {
		if s[0] == '-' {
			return i + 8, math.Inf(-1)
		}
		return i + 8, math.Inf(1)
	}
	cifre := func() int {
		da := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i - da
	}
	n := cifre()
	if i < len(s) && s[i] == '.' {
		punto := i
		i++
		if m := cifre(); m == 0 && n == 0 {
			i = punto
		} else {
			n += m
		}
	}
	if n == 0 {
		return 0, math.NaN()
	}
	if fine := i; i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if cifre() == 0 {
			i = fine
		}
	}
	f, err := strconv.ParseFloat(s[:i], 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, math.NaN()
	}
	return i, f
}

// LeggiDecimale is parseFloat(v).
func LeggiDecimale(v any) float64 {
	_, f := prefissoDecimale(strings.TrimLeft(Testo(v), spazi))
	return f
}

// LeggiIntero is parseInt(v, 10).
func LeggiIntero(v any) float64 {
	s := strings.TrimLeft(Testo(v), spazi)
	segno := 1.0
	if s != "" && (s[0] == '+' || s[0] == '-') {
		if s[0] == '-' {
			segno = -1
		}
		s = s[1:]
	}
	return segno * interoInBase(s, 10, false)
}

// ScriviNumero writes f as JavaScript does.
func ScriviNumero(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	}
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	m, e, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	return m + "e" + e[:1] + strings.TrimLeft(e[1:], "0")
}

// Testo is String(v). It writes at most MaxTesto bytes or so.
func Testo(v any) string {
	switch x := v.(type) {
	case nil:
		return "null"
	case Undefined:
		return "undefined"
	case string:
		return x
	case bool:
		return strconv.FormatBool(x)
	case []any:
		var b strings.Builder
		scriviArray(&b, x, 0)
		return b.String()
	}
	if f, ok := numerico(v); ok {
		return ScriviNumero(f)
	}
	return "[object Object]"
}

func scriviArray(b *strings.Builder, a []any, livello int) {
	if livello > MaxProfondita {
		return
	}
	for i, v := range a {
		if b.Len() > MaxTesto {
			return
		}
		if i > 0 {
			b.WriteByte(',')
		}
		switch x := v.(type) {
		case nil, Undefined:
		case []any:
			scriviArray(b, x, livello+1)
		default:
			b.WriteString(Testo(v))
		}
	}
}
