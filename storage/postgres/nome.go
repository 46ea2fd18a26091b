package postgres

import (
	"strings"
	"unicode/utf8"
)

// A text of PostgreSQL holds every character but NUL, and compares byte by byte
// under COLLATE "C". So NUL is written 01 01 and 01 itself 01 02; all other bytes
// are less likely to be met and stay as they are. What is written so can be read
// back, keeps its order, and begins as what it was written from begins.

// mai is never written, since no 01 stands at the end: it finds nothing.
const mai = "\x01"

var scrittore = strings.NewReplacer("\x00", "\x01\x01", "\x01", "\x01\x02")

var lettore = strings.NewReplacer("\x01\x01", "\x00", "\x01\x02", "\x01")

// nome writes the name of something to look for. What is not UTF-8 is the name
// of nothing.
func nome(s string) string {
	if !utf8.ValidString(s) {
		return mai
	}
	return scrivi(s)
}

// testo writes a value; bytes that are not UTF-8 become U+FFFD, as in JSON.
func testo(s string) string {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	return scrivi(s)
}

func scrivi(s string) string {
	if strings.IndexByte(s, 0) < 0 && strings.IndexByte(s, 1) < 0 {
		return s
	}
	return scrittore.Replace(s)
}

func leggi(s string) string {
	if strings.IndexByte(s, 1) < 0 {
		return s
	}
	return lettore.Replace(s)
}

// leggiTutti reads in place.
func leggiTutti(s ...*string) {
	for _, x := range s {
		*x = leggi(*x)
	}
}

func nomi[T ~string](v []T) []string {
	n := make([]string, len(v))
	for i := range v {
		n[i] = nome(string(v[i]))
	}
	return n
}

// successivo is the first text after all those that begin with prefisso, ""
// where there is none. The order of UTF-8 is that of its code points.
func successivo(prefisso string) string {
	r := []rune(prefisso)
	for n := len(r) - 1; n >= 0; n-- {
		switch r[n] {
		case utf8.MaxRune:
			continue
		case 0xD7FF: // before the surrogates, which no text holds
			r[n] = 0xE000
		default:
			r[n]++
		}
		return string(r[:n+1])
	}
	return ""
}
