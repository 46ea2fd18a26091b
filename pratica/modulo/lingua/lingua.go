package lingua

import (
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Lingua is a language by its code in lower case ("it", "de", "lld"); empty is
// Italian. Any code may have translations of a form; the fixed texts are in
// Lingue, and Italian for all others.
type Lingua string

// The languages of the fixed texts.
const (
	Italiano Lingua = "it"
	Tedesco  Lingua = "de"
	Sloveno  Lingua = "sl"
	Francese Lingua = "fr"
	Inglese  Lingua = "en"
)

// Lingue gives the languages of the fixed texts, Italian first.
func Lingue() []Lingua { return []Lingua{Italiano, Tedesco, Sloveno, Francese, Inglese} }

// Leggi reads a language tag of a browser or of a URL ("de", "de-IT", "DE_at")
// and gives its language; false if it is no tag.
func Leggi(s string) (Lingua, bool) {
	if len(s) > 35 {
		return "", false
	}
	s, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(s)), "-")
	s, _, _ = strings.Cut(s, "_")
	l := Lingua(s)
	return l, s != "" && l.Valida()
}

// Valida reports whether l is empty or has the form of a code: two or three
// ASCII letters in lower case.
func (l Lingua) Valida() bool {
	if l == "" {
		return true
	}
	for _, c := range []byte(l) {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return len(l) == 2 || len(l) == 3
}

// Fissa is the language of the fixed texts for l: l itself or Italian.
func (l Lingua) Fissa() Lingua {
	if _, ok := fissi[l]; ok {
		return l
	}
	return Italiano
}

// normale writes Italian in one way.
func (l Lingua) normale() Lingua {
	if l == "" {
		return Italiano
	}
	return l
}

// Testo is a text with the language that it is written in; no Lingua for what
// belongs to none (a number, what the person typed).
type Testo struct {
	Valore string `json:"valore"`
	Lingua Lingua `json:"lingua,omitempty"`
}

// Chiave names a fixed text; the values are stable.
type Chiave string

// Testo gives a fixed text, with {0}, {1}… replaced. An unknown key gives the
// key itself.
func (l Lingua) Testo(k Chiave, valori ...string) string {
	s, ok := fissi[l][k]
	if !ok {
		if s, ok = fissi[Italiano][k]; !ok {
			return string(k)
		}
	}
	return sostituisci(s, valori)
}

func sostituisci(s string, valori []string) string {
	if len(valori) == 0 || !strings.Contains(s, "{") {
		return s
	}
	var b strings.Builder
	for {
		prima, dopo, ok := strings.Cut(s, "{")
		b.WriteString(prima)
		if !ok {
			return b.String()
		}
		if len(dopo) > 1 && dopo[1] == '}' && dopo[0] >= '0' && int(dopo[0]-'0') < len(valori) {
			b.WriteString(valori[dopo[0]-'0'])
			s = dopo[2:]
			continue
		}
		b.WriteByte('{')
		s = dopo
	}
}

// Conta gives a fixed text that counts, in the form that the number asks for by
// the CLDR (Slovenian: 1 napaka, 2 napaki, 3 napake, 5 napak). {0} is the number.
func (l Lingua) Conta(k Chiave, n int) string {
	l = l.Fissa()
	f, ok := plurali[l][k]
	if !ok {
		return string(k)
	}
	return sostituisci(f.scegli(categoria(l, n)), []string{l.Intero(n)})
}

// categoria asks the CLDR.
func categoria(l Lingua, n int) plural.Form {
	return plural.Cardinal.MatchPlural(language.Make(string(l)), max(n, -n)%10_000_000, 0, 0, 0, 0)
}

// forme are the plural forms of one text; an empty one is as Altri.
type forme struct{ Uno, Due, Pochi, Altri string }

func (f forme) scegli(c plural.Form) string {
	s := f.Altri
	switch c {
	case plural.One:
		s = f.Uno
	case plural.Two:
		s = f.Due
	case plural.Few:
		s = f.Pochi
	default:
	}
	if s == "" {
		return f.Altri
	}
	return s
}
