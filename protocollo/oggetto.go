package protocollo

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Length of a correlation token: short enough for the oggetto of any registry,
// long enough for a UUID.
const (
	MinimoToken  = 4
	MassimoToken = 36
)

// TokenValido reports whether s can be a correlation token: 4 to 36 lower-case
// ASCII letters, digits and hyphens. Nothing else survives every registry
// unchanged (some drop punctuation, some turn the oggetto to upper case).
func TokenValido(s string) bool {
	if len(s) < MinimoToken || len(s) > MassimoToken {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && c != '-' {
			return false
		}
	}
	return true
}

// OggettoConToken gives the oggetto followed by the token in square brackets,
// "Iscrizione al nido [2f0c1e7a]", in at most massimo characters (0, or more
// than MassimoOggetto: MassimoOggetto). Where it does not fit, the oggetto is
// cut between two characters and never the token, which stands alone, even
// beyond massimo, if there is no room for anything else. Control characters and
// broken UTF-8 become spaces, runs of spaces become one. An oggetto that ends
// with the same token does not get it twice.
func OggettoConToken(oggetto, token string, massimo int) string {
	if massimo <= 0 || massimo > MassimoOggetto {
		massimo = MassimoOggetto
	}
	coda := "[" + token + "]"
	testo := strings.TrimSpace(strings.TrimSuffix(unaRiga(oggetto), coda))
	libero := massimo - utf8.RuneCountInString(coda) - 1
	if testo = strings.TrimSpace(taglia(testo, libero)); testo == "" {
		return coda
	}
	return testo + " " + coda
}

// TokenDi gives the token that an oggetto carries: the last text in square
// brackets that TokenValido admits, whatever its case and whatever the registry
// added after it. It gives "" if there is none.
func TokenDi(oggetto string) string {
	for fine := strings.LastIndexByte(oggetto, ']'); fine > 0; fine = strings.LastIndexByte(oggetto[:fine], ']') {
		inizio := strings.LastIndexByte(oggetto[:fine], '[')
		if inizio < 0 {
			return ""
		}
		if t := oggetto[inizio+1 : fine]; len(t) <= MassimoToken && TokenValido(minuscole(t)) {
			return minuscole(t)
		}
	}
	return ""
}

// minuscole lowers ASCII letters only: no other letter may become one.
func minuscole(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'A' && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	}, s)
}

func unaRiga(s string) string {
	s = strings.Map(func(c rune) rune {
		if c == utf8.RuneError || unicode.IsControl(c) || unicode.IsSpace(c) {
			return ' '
		}
		return c
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// taglia keeps the first n characters, and does not end on a joiner that would
// stick to what follows.
func taglia(s string, n int) string {
	if n <= 0 {
		return ""
	}
	i := 0
	for pos := range s {
		if i == n {
			return strings.TrimRight(s[:pos], "\u200d\ufe0f")
		}
		i++
	}
	return s
}
