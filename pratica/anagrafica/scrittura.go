package anagrafica

import (
	"log/slog"
	"strings"
	"unicode"
)

// massimoScritto bounds, in bytes, what the Leggi… functions of codes look at:
// the longest code (IBAN, 34) in groups, with room for pasted blanks.
const massimoScritto = 128

// riservato is what logs get in place of personal data.
func riservato() slog.Value { return slog.StringValue("[riservato]") }

// invisibile reports blanks and the invisible marks that come with text pasted
// from web pages and PDFs: zero-width space, marks of direction, BOM.
func invisibile(r rune) bool {
	return unicode.IsSpace(r) || r >= '\u200b' && r <= '\u200f' || r == '\ufeff'
}

// compatta drops blanks everywhere and puts ASCII letters in upper case. Other
// letters stay as they are: unicode.ToUpper would turn "ı" and "ſ" into I and S.
func compatta(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case invisibile(r):
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		default:
			return r
		}
	}, s)
}

func cifra(c byte) bool   { return c >= '0' && c <= '9' }
func lettera(c byte) bool { return c >= 'A' && c <= 'Z' }

func tutte(s string, ok func(byte) bool) bool {
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return true
}

// controlloAlfabetico gives the control letter of a text of capital letters and
// digits: characters in odd places (from 1) weigh as in the table, those in even
// places as their order; the sum modulo 26 is the letter. The codice fiscale
// (DM 23/12/1976) and the CIN of bank accounts (ABI standard) share it.
func controlloAlfabetico(s string) byte {
	dispari := [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
	somma := 0
	for i := range len(s) {
		v := int(s[i] - 'A')
		if cifra(s[i]) {
			v = int(s[i] - '0')
		}
		if i%2 == 0 {
			v = dispari[v]
		}
		somma += v
	}
	return 'A' + byte(somma%26)
}

// controlloNumerico reports whether the last of the 11 digits is the control
// digit of the others, by Luhn's rule (DM 23/12/1976, art. 9), and the number of
// the subject, its first seven digits, is not zero.
func controlloNumerico(s string) bool {
	somma := 0
	for i := range len(s) {
		v := int(s[i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		somma += v
	}
	return somma%10 == 0 && s[:7] != "0000000"
}
