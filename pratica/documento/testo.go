package documento

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Sostituzione is a character that the typefaces cannot print, replaced by the
// mark □ in the document, with how many times it occurred. Whoever keeps the
// original data can add it.
type Sostituzione struct {
	Runa   rune   `json:"-"`
	Codice string `json:"codice"` // "U+1F600"
	Volte  int    `json:"volte"`
}

const segnaposto = '□'

// pulitore prepares text for printing (see pulisci) and counts replacements.
// It belongs to one document.
type pulitore struct {
	ha         func(rune) bool
	sostituite map[rune]int
}

// pulisci normalises to NFC, brings line breaks to \n and other white space to
// the space, takes away control, format and bidirectional characters and
// variation selectors, and replaces what the typefaces lack. Right-to-left scripts
// count as lacking: printed without reordering they would read backwards.
func (p *pulitore) pulisci(s string) string {
	if semplice(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for _, r := range norm.NFC.String(s) {
		switch {
		case r == '\n', r == '\r', r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
			b.WriteByte('\n')
		case r == '\t':
			b.WriteString("    ")
		case r == '\u00a0', r == '\u202f', r == '\u2007':
			b.WriteRune('\u00a0')
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		case unicode.In(r, unicode.Cc, unicode.Cf), unicode.Is(unicode.Variation_Selector, r):
		case r > 0xFFFF, r == utf8.RuneError, destraSinistra(r), !p.ha(r):
			p.sostituite[r]++
			b.WriteRune(segnaposto)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// riga is pulisci for what must stay on one line.
func (p *pulitore) riga(s string) string {
	return strings.Join(strings.Fields(p.pulisci(s)), " ")
}

// testo is pulisci for a block: trailing white space goes.
func (p *pulitore) testo(s string) string {
	return strings.TrimRightFunc(p.pulisci(s), unicode.IsSpace)
}

func (p *pulitore) elenco() []Sostituzione {
	s := make([]Sostituzione, 0, len(p.sostituite))
	for r, n := range p.sostituite {
		s = append(s, Sostituzione{Runa: r, Codice: fmt.Sprintf("U+%04X", r), Volte: n})
	}
	slices.SortFunc(s, func(a, b Sostituzione) int { return cmp.Compare(a.Runa, b.Runa) })
	return s
}

// semplice reports printable ASCII and line feeds, the common case.
func semplice(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' || c > '~') && c != '\n' {
			return false
		}
	}
	return true
}

func destraSinistra(r rune) bool {
	return r >= 0x0590 && r <= 0x08FF || r >= 0xFB1D && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFF
}

// aCapo breaks text in lines no wider than larghezza, at spaces where it can,
// inside a word where it must. A no-break space becomes a plain one once the
// breaks are decided.
func aCapo(testo string, larghezza float64, avanzo func(rune) float64) []string {
	var righe []string
	for paragrafo := range strings.SplitSeq(testo, "\n") {
		righe = aCapoParagrafo(righe, paragrafo, larghezza, avanzo)
	}
	return righe
}

func aCapoParagrafo(righe []string, s string, larghezza float64, avanzo func(rune) float64) []string {
	inizio, taglio := 0, -1 // byte offsets: start of the line, first byte after its last space
	w, wTaglio := 0.0, 0.0
	metti := func(r string) {
		righe = append(righe, strings.ReplaceAll(strings.TrimRight(r, " "), "\u00a0", " "))
	}
	for i, r := range s {
		if r == ' ' {
			if i == inizio && i > 0 { // no line after the first begins with a space
				inizio = i + 1
				continue
			}
			w += avanzo(r)
			taglio, wTaglio = i+1, w
			continue
		}
		a := avanzo(r)
		if w+a > larghezza && i > inizio && !unicode.Is(unicode.Mn, r) {
			if taglio > inizio {
				metti(s[inizio:taglio])
				inizio, w = taglio, w-wTaglio
			}
			if w+a > larghezza && i > inizio {
				metti(s[inizio:i])
				inizio, w = i, 0
			}
			taglio = -1
		}
		w += a
	}
	metti(s[inizio:])
	return righe
}
