package modulo

import (
	"strings"

	"github.com/shopspring/decimal"
)

// numero is what an expression sees of a numeric field: a decimal, or nothing.
type numero struct {
	d  decimal.Decimal
	ok bool
}

func pieno(d decimal.Decimal) numero { return numero{d: d, ok: true} }

const cifreIntere = 15

// esitoNumero says why a text is not a number.
type esitoNumero string

const (
	numeroBuono    esitoNumero = ""
	numeroErrato   esitoNumero = "formato"
	numeroAmbiguo  esitoNumero = "ambiguo"
	numeroDecimali esitoNumero = "decimali"
	numeroGrande   esitoNumero = "cifre"
)

// leggiNumero reads what people write in Italy ("1.234,56", "1 234,56",
// "-3,5") and what this package itself keeps ("1234.56"). One point followed by
// exactly three digits is thousands in the first, decimals in the second:
// refused, unless decimals are impossible (interi) or thousands are ("0.125").
func leggiNumero(s string, decimali int) (decimal.Decimal, esitoNumero) {
	s = strings.TrimSpace(s)
	negativo := false
	switch {
	case strings.HasPrefix(s, "-"):
		negativo, s = true, s[1:]
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	case strings.HasPrefix(s, "−"):
		negativo, s = true, strings.TrimPrefix(s, "−")
	}
	if s == "" || len(s) > 64 {
		return decimal.Decimal{}, numeroErrato
	}
	intera, frazione, virgola := strings.Cut(s, ",")
	if !virgola {
		punti := strings.Count(intera, ".")
		i := strings.LastIndexByte(intera, '.')
		if punti == 1 {
			dopo := intera[i+1:]
			migliaia := len(dopo) == 3 && i >= 1 && i <= 3 && intera[0] != '0'
			switch {
			case migliaia && decimali > 0:
				if soloCifre(dopo) && soloCifre(intera[:i]) {
					return decimal.Decimal{}, numeroAmbiguo
				}
				return decimal.Decimal{}, numeroErrato
			case migliaia:
			default:
				intera, frazione, virgola = intera[:i], dopo, true
			}
		}
	}
	intera, ok := togliMigliaia(intera)
	if !ok || (virgola && (frazione == "" || !soloCifre(frazione))) {
		return decimal.Decimal{}, numeroErrato
	}
	frazioneUtile := strings.TrimRight(frazione, "0")
	if len(frazioneUtile) > decimali {
		return decimal.Decimal{}, numeroDecimali
	}
	intera = strings.TrimLeft(intera, "0")
	if len(intera) > cifreIntere {
		return decimal.Decimal{}, numeroGrande
	}
	testo := "0" + intera
	if frazioneUtile != "" {
		testo += "." + frazioneUtile
	}
	d, err := decimal.NewFromString(testo)
	if err != nil {
		return decimal.Decimal{}, numeroErrato
	}
	if negativo {
		d = d.Neg()
	}
	return d, numeroBuono
}

// togliMigliaia takes away points or spaces, if they part groups of three.
func togliMigliaia(s string) (string, bool) {
	sep := ""
	for _, c := range []string{".", " ", "\u00a0", "\u202f"} {
		if strings.Contains(s, c) {
			if sep != "" {
				return "", false
			}
			sep = c
		}
	}
	if sep == "" {
		return s, s != "" && soloCifre(s)
	}
	gruppi := strings.Split(s, sep)
	for i, g := range gruppi {
		if !soloCifre(g) || g == "" || (i == 0 && len(g) > 3) || (i > 0 && len(g) != 3) {
			return "", false
		}
	}
	return strings.Join(gruppi, ""), true
}

func soloCifre(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// scriviNumero gives the form kept in the answers. A decimale with three
// decimals gets a fourth, zero, so that reading it again is never ambiguous.
func scriviNumero(d decimal.Decimal, t Tipo) string {
	switch t {
	case Importo:
		return d.StringFixed(2)
	case Intero:
		return d.StringFixed(0)
	default:
		s := d.String()
		i := strings.IndexByte(s, '.')
		if i >= 0 && len(s)-i == 4 {
			s += "0"
		}
		return s
	}
}

// italiano writes a number for people: "1.234,50".
func italiano(d decimal.Decimal, decimali int32) string {
	s := d.String()
	if decimali >= 0 {
		s = d.StringFixed(decimali)
	}
	segno := ""
	if strings.HasPrefix(s, "-") {
		segno, s = "-", s[1:]
	}
	intera, frazione, virgola := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(segno)
	for i, c := range []byte(intera) {
		if i > 0 && (len(intera)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteByte(c)
	}
	if virgola {
		b.WriteByte(',')
		b.WriteString(frazione)
	}
	return b.String()
}
