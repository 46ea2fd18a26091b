package proiezione

import (
	"crypto/sha256"
	"encoding/hex"
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

	massimoParola  = 32    // runes of a word; longer ones are cut, in the index as in the search
	massimoLessemi = 1_000 // of a pratica
)

// Termine is what a search looks for: a lexeme, or the beginning of one.
type Termine struct {
	Lessema string
	Intero  bool // the whole lexeme, not only its beginning
}

// Lessemi gives the lexemes of a pratica, sorted, each once.
func Lessemi(ente string, r *storage.Riga, campi []storage.Campo) []string {
	prima := prefisso(ente)
	var tutti []string
	aggiungi := func(da, testo string) {
		for _, p := range parole(testo) {
			tutti = append(tutti, prima+da+scrivi(p))
		}
	}
	for _, t := range []string{r.Numero.String(), r.Protocollo, r.Richiedente, r.CodiceFiscale, r.Oggetto} {
		aggiungi(daTesto, t)
	}
	aggiungi(daNome, r.Richiedente)
	if r.Protocollo != "" {
		tutti = append(tutti, prima+daProtocollo+scrivi(protocollo(r.Protocollo)))
	}
	for i := range campi {
		if campi[i].Cercabile {
			aggiungi(daTesto, campi[i].Testo)
		}
	}
	tutti = tutti[:min(len(tutti), massimoLessemi)]
	slices.Sort(tutti)
	return slices.Compact(tutti)
}

// Ricerca gives the terms of a filter, all of which a pratica must have.
// niente: the filter asks for a text without a word, which no pratica has.
func Ricerca(f *storage.Filtro) (termini []Termine, niente bool) {
	prima := prefisso(f.Ente)
	for _, x := range []struct{ da, testo string }{{daTesto, f.Testo}, {daNome, f.Nome}} {
		cercate := parole(x.testo)
		if len(cercate) == 0 && strings.TrimSpace(Piega(x.testo)) != "" {
			return nil, true
		}
		for _, p := range cercate {
			termini = append(termini, Termine{prima + x.da + scrivi(p), numero(p)})
		}
	}
	if f.Protocollo != "" {
		p := protocollo(f.Protocollo)
		t := Termine{prima + daProtocollo + scrivi(p), true}
		if !strings.Contains(p, "/") {
			t = Termine{t.Lessema + scrivi("/"), false}
		}
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

// parole gives the folded words of a text: runs of letters and digits, and each
// symbol by itself. Numbers lose the zeros before them.
func parole(s string) []string {
	var tutte []string
	var w []rune
	fine := func() {
		if len(w) > 0 {
			tutte = append(tutte, taglia(w))
		}
		w = w[:0]
	}
	for _, r := range Piega(s) {
		switch {
		case unicode.IsSymbol(r) && r != unicode.ReplacementChar:
			fine()
			tutte = append(tutte, string(r))
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
			w = append(w, r)
		default:
			fine()
		}
	}
	fine()
	return tutte
}

func taglia(w []rune) string {
	s := string(w)
	if numero(s) {
		s = strings.TrimLeft(s[:len(s)-1], "0") + s[len(s)-1:]
		w = []rune(s)
	}
	return string(w[:min(len(w), massimoParola)])
}

func numero(s string) bool { return strings.Trim(s, "0123456789") == "" }

// protocollo folds a protocol number.
func protocollo(s string) string {
	return strings.TrimLeft(strings.Join(strings.Fields(Piega(s)), ""), "0")
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
