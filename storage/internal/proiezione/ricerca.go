package proiezione

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/sportello-digitale/pratiche/storage"
)

// The search of texts is the same on every store because it is done here: a
// text becomes lexemes of ASCII letters, digits and underscores, which an index
// of any make keeps and compares byte by byte, and a search becomes terms to
// look up among them. A lexeme begins with its ente, so that an index is led by
// the ente, and with what it was taken from.
const (
	daTesto      = "t" // any text that Filtro.Testo looks into
	daNome       = "n" // name of the applicant
	daProtocollo = "p" // whole protocol number

	massimoParola     = 32    // runes of a word; longer ones are cut, in the index as in the search
	massimoProtocollo = 64    // runes of a protocol number, likewise
	massimoLessemi    = 1_000 // of a pratica
)

// Termine is what a search looks for: a lexeme, or the beginning of one.
type Termine struct {
	Lessema string
	Intero  bool // the whole lexeme, not only its beginning
}

// Lessemi gives the lexemes of a pratica, sorted, each once. Where there are too
// many the last are left out: a protocol number or a name is always found, the
// end of a long text may not be.
func Lessemi(ente string, r *storage.Riga, campi []storage.Campo) []string {
	l := raccolta{prima: prefisso(ente), tutti: map[string]bool{}}
	if r.Protocollo != "" {
		l.aggiungi(daProtocollo, corto(protocollo(r.Protocollo)))
	}
	l.testo(daNome, r.Richiedente)
	for _, t := range []string{r.Numero.String(), r.Protocollo, r.CodiceFiscale, r.Richiedente, r.Oggetto} {
		l.testo(daTesto, t)
	}
	for i := range campi {
		if campi[i].Cercabile {
			l.testo(daTesto, campi[i].Testo)
		}
	}
	return slices.Sorted(maps.Keys(l.tutti))
}

// raccolta gathers lexemes up to massimoLessemi; half of them at most are names.
type raccolta struct {
	prima string
	tutti map[string]bool
}

func (l *raccolta) testo(da, testo string) {
	massimo := massimoLessemi
	if da == daNome {
		massimo /= 2
	}
	parole(testo, func(p string) bool {
		if len(l.tutti) >= massimo {
			return false
		}
		l.aggiungi(da, p)
		return true
	})
}

func (l *raccolta) aggiungi(da, parola string) { l.tutti[l.prima+da+scrivi(parola)] = true }

// Ricerca gives the terms of a filter, all of which a pratica must have.
// niente: the filter asks for a text without a word, which no pratica has.
func Ricerca(f *storage.Filtro) (termini []Termine, niente bool) {
	prima := prefisso(f.Ente)
	for _, x := range []struct{ da, testo string }{{daTesto, f.Testo}, {daNome, f.Nome}} {
		n := len(termini)
		parole(x.testo, func(p string) bool {
			if t := (Termine{prima + x.da + scrivi(p), numero(p)}); !slices.Contains(termini, t) {
				termini = append(termini, t)
			}
			return true
		})
		if len(termini) == n && strings.TrimSpace(Piega(x.testo)) != "" {
			return nil, true
		}
	}
	if strings.TrimSpace(f.Protocollo) != "" {
		p := protocollo(f.Protocollo)
		t := Termine{prima + daProtocollo, strings.Contains(p, "/")}
		if !t.Intero { // of any year
			p += "/"
		}
		t.Lessema += scrivi(corto(p))
		termini = append(termini, t)
	}
	return termini, false
}

// Contiene reports whether the sorted lexemes have every term.
func Contiene(lessemi []string, termini []Termine) bool {
	for _, t := range termini {
		i, c := slices.BinarySearch(lessemi, t.Lessema)
		if !c && (t.Intero || i == len(lessemi) || !strings.HasPrefix(lessemi[i], t.Lessema)) {
			return false
		}
	}
	return true
}

// prefisso is the same for an ente forever. Two that shared it would only make
// a search read more: every row is compared with its ente as well.
func prefisso(ente string) string {
	h := sha256.Sum256([]byte(ente))
	return hex.EncodeToString(h[:5])
}

// parole tells the folded words of a text, until fn has enough: runs of letters
// and digits, and each symbol by itself. Numbers lose the zeros before them.
func parole(testo string, fn func(parola string) bool) {
	var w []rune
	fine := func() bool {
		p := taglia(w)
		w = w[:0]
		return p == "" || fn(p)
	}
	for _, r := range Piega(testo) {
		simbolo := unicode.IsSymbol(r) && r != unicode.ReplacementChar
		if !simbolo && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)) {
			w = append(w, r)
			continue
		}
		if !fine() || simbolo && !fn(string(r)) {
			return
		}
	}
	fine()
}

func taglia(w []rune) string {
	s := string(w)
	if numero(s) && s != "" {
		w = []rune(strings.TrimLeft(s[:len(s)-1], "0") + s[len(s)-1:])
	}
	return string(w[:min(len(w), massimoParola)])
}

func numero(s string) bool { return strings.Trim(s, "0123456789") == "" }

// protocollo folds a protocol number.
func protocollo(s string) string {
	return strings.TrimLeft(strings.Join(strings.Fields(Piega(s)), ""), "0")
}

func corto(protocollo string) string {
	r := []rune(protocollo)
	return string(r[:min(len(r), massimoProtocollo)])
}

// scrivi writes letters and digits of ASCII as they are and every other byte
// as "_" and two hexadecimal digits, so that the beginning of a word stays the
// beginning of what is written.
func scrivi(s string) string {
	const cifre = "0123456789abcdef"
	b := make([]byte, 0, len(s)+8)
	for i := range len(s) {
		if c := s[i]; c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b = append(b, c)
		} else {
			b = append(b, '_', cifre[c>>4], cifre[c&15])
		}
	}
	return string(b)
}

// Piega folds case, accents and compatibility forms away; control characters
// become spaces, broken UTF-8 the replacement character.
func Piega(s string) string {
	s = norm.NFKD.String(strings.ToValidUTF8(s, "\uFFFD"))
	// Fold turns some scripts (Cherokee) to capitals and back at every call; up
	// and down again makes folding twice change nothing.
	s = norm.NFKD.String(strings.ToLower(strings.ToUpper(cases.Fold().String(s))))
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
}
