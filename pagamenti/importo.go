package pagamenti

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/shopspring/decimal"
)

// ErrImporto is the cause of every refused amount.
var ErrImporto = errors.New("pagamenti: importo non valido")

// Bounds of an amount in euro: pagoPA carries 0.01–999999999.99 (paForNode.xsd,
// stAmount).
const (
	massimoCentesimi = 99_999_999_999
	massimoTesto     = 32 // bytes that LeggiImporto reads
)

// ImportoMassimo is the greatest amount, 999999999.99 euro.
func ImportoMassimo() decimal.Decimal { return decimal.New(massimoCentesimi, -2) }

// limitato refuses decimals whose exponent or coefficient would make arithmetic
// on them slow: a decimal read from JSON may say 1e999999999.
func limitato(d decimal.Decimal) bool {
	e := d.Exponent()
	return e >= -18 && e <= 18 && d.Coefficient().BitLen() <= 128
}

// Centesimi gives the amount in whole eurocents, exactly. It fails with
// ErrImporto if the amount is negative, has more than two significant decimals,
// or is over ImportoMassimo. Zero is allowed here; Dovuto.Verifica refuses it.
func Centesimi(importo decimal.Decimal) (int64, error) {
	if !limitato(importo) || importo.IsNegative() {
		return 0, ErrImporto
	}
	c := importo.Shift(2)
	if !c.IsInteger() || c.GreaterThan(decimal.New(massimoCentesimi, 0)) {
		return 0, ErrImporto
	}
	return c.IntPart(), nil
}

// DaCentesimi gives the amount in euro of n eurocents, with two digits.
func DaCentesimi(n int64) decimal.Decimal { return decimal.New(n, -2) }

// Euro writes an amount as people read it in Italy, "1.234,50 €", with two
// decimals (half away from zero). An amount beyond all reason is written as "– €".
func Euro(importo decimal.Decimal) string {
	if !limitato(importo) {
		return "– €"
	}
	s := importo.StringFixed(2)
	segno := ""
	if strings.HasPrefix(s, "-") {
		segno, s = "-", s[1:]
	}
	intero, frazione := s[:len(s)-3], s[len(s)-2:]
	var b strings.Builder
	b.WriteString(segno)
	for i, c := range []byte(intero) {
		if i > 0 && (len(intero)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteByte(c)
	}
	return b.String() + "," + frazione + " €"
}

// LeggiImporto reads an amount written by a person or by a machine: "1.234,50",
// "1234,5", "1234.50", "12", each with "€" or "EUR" before or after. No sign,
// no leading zeros, at most two decimals, at most ImportoMassimo. "1.234" alone
// is refused because it may mean two things. Every failure is an ErrImporto.
func LeggiImporto(s string) (decimal.Decimal, error) {
	if len(s) > massimoTesto {
		return decimal.Decimal{}, fmt.Errorf("%w: testo troppo lungo", ErrImporto)
	}
	s = togliValuta(strings.TrimSpace(s))
	intero, frazione, virgola := strings.Cut(s, ",")
	if !virgola {
		if i := strings.LastIndexByte(s, '.'); i >= 0 && strings.Count(s, ".") == 1 {
			if len(s)-i-1 == 3 {
				return decimal.Decimal{}, fmt.Errorf("%w: scrittura ambigua", ErrImporto)
			}
			intero, frazione, virgola = s[:i], s[i+1:], true
			if !cifre(intero) {
				return decimal.Decimal{}, ErrImporto
			}
		}
	}
	intero, ok := senzaMigliaia(intero)
	if !ok || virgola && (!cifre(frazione) || len(frazione) > 2) {
		return decimal.Decimal{}, ErrImporto
	}
	n, ok := new(big.Int).SetString(intero+(frazione + "00")[:2], 10)
	if !ok || n.Cmp(big.NewInt(massimoCentesimi)) > 0 {
		return decimal.Decimal{}, ErrImporto
	}
	return DaCentesimi(n.Int64()), nil
}

func togliValuta(s string) string {
	for _, v := range []string{"€", "EUR"} {
		if r, ok := strings.CutPrefix(s, v); ok {
			return strings.TrimLeft(r, " \u00a0")
		}
		if r, ok := strings.CutSuffix(s, v); ok {
			return strings.TrimRight(r, " \u00a0")
		}
	}
	return s
}

// senzaMigliaia takes away the dots of "1.234.567"; the groups must be right.
func senzaMigliaia(s string) (string, bool) {
	gruppi := strings.Split(s, ".")
	for i, g := range gruppi {
		if !cifre(g) || len(gruppi) > 1 && (i == 0 && len(g) > 3 || i > 0 && len(g) != 3) {
			return "", false
		}
	}
	intero := strings.Join(gruppi, "")
	return intero, intero == "0" || intero[0] != '0'
}

func cifre(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}
