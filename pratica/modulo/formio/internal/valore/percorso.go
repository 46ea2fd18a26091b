package valore

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// ErrPercorso is a path that Imposta cannot follow: an index beyond MaxIndice or too many steps.
var ErrPercorso = errors.New("percorso non ammesso")

// Indice reads an array index written as JavaScript writes it: "0", "12", not "01".
func Indice(s string) (int, bool) {
	if s == "" || len(s) > 9 || (len(s) > 1 && s[0] == '0') {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// Chiavi is Object.keys in the order that the package comment gives.
func Chiavi(v any) []string {
	switch x := v.(type) {
	case map[string]any:
		q := make([]string, 0, len(x))
		for k := range x {
			q = append(q, k)
		}
		slices.SortFunc(q, confrontaChiavi)
		return q
	case []any:
		q := make([]string, len(x))
		for i := range x {
			q[i] = strconv.Itoa(i)
		}
		return q
	}
	return []string{}
}

func confrontaChiavi(a, b string) int {
	i, oki := Indice(a)
	j, okj := Indice(b)
	switch {
	case oki && okj:
		return cmp.Compare(i, j)
	case oki:
		return -1
	case okj:
		return 1
	}
	return cmp.Compare(a, b)
}

// Percorso is lodash's toPath: "a[0].b", "a['x.y']" and "a.b" to their keys.
func Percorso(s string) []string {
	q := []string{}
	if strings.HasPrefix(s, ".") {
		q = append(q, "")
	}
	for i := 0; i < len(s); {
		switch s[i] {
		case '.':
			i++
			if i == len(s) || s[i] == '.' || strings.HasPrefix(s[i:], "[]") {
				q = append(q, "")
			}
		case '[':
			k, n := traParentesi(s[i:])
			if n > 0 {
				q = append(q, k)
			}
			i += max(1, n)
		case ']':
			i++
		default:
			n := strings.IndexAny(s[i:], ".[]")
			if n < 0 {
				n = len(s) - i
			}
			q = append(q, s[i:i+n])
			i += n
		}
	}
	return q
}

// traParentesi reads "[12]", "['key']", "["key"]" or "[]" and says how long it
// was: 0 where the bracket is none of these, and so only parts two keys.
func traParentesi(s string) (string, int) {
	if len(s) > 1 && (s[1] == '\'' || s[1] == '"') {
		var b strings.Builder
		for i := 2; i < len(s); i++ {
			switch {
			case s[i] == '\\' && i+1 < len(s):
				i++
				b.WriteByte(s[i])
			case s[i] == s[1]:
				if strings.HasPrefix(s[i+1:], "]") {
					return b.String(), i + 2
				}
				return "", 0
			default:
				b.WriteByte(s[i])
			}
		}
		return "", 0
	}
	fine := strings.IndexByte(s, ']')
	if fine < 0 || strings.Trim(s[1:fine], "-.0123456789") != "" {
		return "", 0
	}
	return s[1:fine], fine + 1
}

// passi gives the keys to follow in v: the path whole if v has such a key, as lodash does.
func passi(v any, percorso string) []string {
	if m, ok := v.(map[string]any); ok {
		if _, ok := m[percorso]; ok {
			return []string{percorso}
		}
	}
	return Percorso(percorso)
}

// Membro is v[chiave], with the length of arrays and texts; Undefined where there is none.
func Membro(v any, chiave string) any {
	switch x := v.(type) {
	case map[string]any:
		if w, ok := x[chiave]; ok {
			return w
		}
	case []any:
		if chiave == "length" {
			return float64(len(x))
		}
		if i, ok := Indice(chiave); ok && i < len(x) {
			return x[i]
		}
	case string:
		if chiave == "length" {
			return float64(Lunghezza(x))
		}
		if i, ok := Indice(chiave); ok {
			return Carattere(x, i)
		}
	}
	return Undefined{}
}

// Carattere is s[i], counted in UTF-16 units; a half of a pair is U+FFFD.
func Carattere(s string, i int) any {
	n := 0
	for _, r := range s {
		largo := max(1, utf16.RuneLen(r))
		if i == n && largo == 1 {
			return string(r)
		}
		if i < n+largo {
			return "\ufffd"
		}
		n += largo
	}
	return Undefined{}
}

// Prendi is lodash's get: Undefined where the path leads nowhere.
func Prendi(v any, percorso string) any {
	for _, k := range passi(v, percorso) {
		if v = Membro(v, k); Indefinito(v) {
			return v
		}
	}
	return v
}

// PrendiOppure is get with the value to give in place of undefined.
func PrendiOppure(v any, percorso string, altrimenti any) any {
	if w := Prendi(v, percorso); !Indefinito(w) {
		return w
	}
	return altrimenti
}

// Contiene is lodash's has: whether every key of the path is there, null or not.
func Contiene(v any, percorso string) bool {
	p := passi(v, percorso)
	for _, k := range p {
		switch x := v.(type) {
		case map[string]any:
			w, ok := x[k]
			if !ok {
				return false
			}
			v = w
		case []any:
			i, ok := Indice(k)
			if !ok || i >= len(x) {
				return false
			}
			v = x[i]
		default:
			return false
		}
	}
	return len(p) > 0
}

// Imposta is lodash's set: it writes v at the path inside radice, making the
// objects and arrays that lack, and gives the root back, which is another one
// where radice is an array that had to grow. As in lodash, a path through
// __proto__, constructor or prototype changes nothing. ErrPercorso if the path
// is too deep or an index beyond MaxIndice.
func Imposta(radice any, percorso string, v any) (any, error) {
	p := passi(radice, percorso)
	if len(p) == 0 || !Oggetto(radice) {
		return radice, nil
	}
	if len(p) > MaxProfondita {
		return radice, ErrPercorso
	}
	for _, k := range p {
		if k == "__proto__" || k == "constructor" || k == "prototype" {
			return radice, nil
		}
		if i, ok := Indice(k); ok && i > MaxIndice {
			return radice, ErrPercorso
		}
	}
	return imposta(radice, p, v), nil
}

func imposta(nodo any, p []string, v any) any {
	if len(p) == 0 {
		return v
	}
	if !Oggetto(nodo) {
		if _, ok := Indice(p[0]); ok {
			nodo = []any{}
		} else {
			nodo = map[string]any{}
		}
	}
	figlio := imposta(Membro(nodo, p[0]), p[1:], v)
	switch x := nodo.(type) {
	case []any:
		i, ok := Indice(p[0])
		if !ok {
			return x // a named property of an array has no place in JSON
		}
		for len(x) <= i {
			x = append(x, nil)
		}
		x[i] = figlio
		return x
	case map[string]any:
		if x == nil {
			x = map[string]any{}
		}
		x[p[0]] = figlio
		return x
	}
	return nodo
}
