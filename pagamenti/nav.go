package pagamenti

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrNAV is the cause of every refused notice number.
var ErrNAV = errors.New("pagamenti: numero avviso non valido")

// MassimaBase is the greatest base number of a NAV: 13 digits.
const MassimaBase = 9_999_999_999_999

// NAV is a notice number (numero avviso): 18 digits, the first of which (the
// auxiliary digit) says how the others are laid out. Source: SACI 3.2.1.
//
//	3 + codice di segregazione (2) + base (13) + check (2)    the only one to issue
//	0 + application code (2) + base (13) + check (2)          legacy
//	1 + base (17), 2 + base (15) + check (2)                  legacy
//
// check is what precedes it, as a number, modulo 93.
type NAV string

// NuovoNAV builds a NAV with auxiliary digit 3. The codice di segregazione
// (0–99, assigned by pagoPA) keeps apart those who issue for one ente; the base
// (0–MassimaBase) must be unique within it for ever.
func NuovoNAV(segregazione int, base int64) (NAV, error) {
	if segregazione < 0 || segregazione > 99 || base < 0 || base > MassimaBase {
		return "", ErrNAV
	}
	s := fmt.Sprintf("3%02d%013d", segregazione, base)
	c, err := controllo(s)
	if err != nil {
		return "", err
	}
	return NAV(s + c), nil
}

// LeggiNAV reads 18 digits, also in groups divided by spaces as notices print
// them. It does not look at the check digits: a PSP may ignore them and old
// notices have wrong ones; call Verifica for that.
func LeggiNAV(s string) (NAV, error) {
	if len(s) > 64 {
		return "", ErrNAV
	}
	s = strings.ReplaceAll(s, " ", "")
	if len(s) != 18 || !cifre(s) || s[0] > '3' {
		return "", ErrNAV
	}
	return NAV(s), nil
}

// Verifica checks shape and, for auxiliary digits 0, 2 and 3, the check digits.
func (n NAV) Verifica() error {
	if _, err := LeggiNAV(string(n)); err != nil || len(n) != 18 {
		return ErrNAV
	}
	if n[0] == '1' {
		return nil
	}
	c, err := controllo(string(n[:16]))
	if err != nil || c != string(n[16:]) {
		return fmt.Errorf("%w: cifre di controllo", ErrNAV)
	}
	return nil
}

// IUV gives the reference inside the notice number: without the auxiliary digit
// and, for auxiliary digit 0, without the application code. "" if n is no NAV.
func (n NAV) IUV() string {
	switch {
	case len(n) != 18:
		return ""
	case n[0] == '0':
		return string(n[3:])
	default:
		return string(n[1:])
	}
}

// Gruppi gives the digits in groups of four, as notices print them.
func (n NAV) Gruppi() string {
	var b strings.Builder
	for i, c := range []byte(n) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(c)
	}
	return b.String()
}

func controllo(sedici string) (string, error) {
	v, err := strconv.ParseInt(sedici, 10, 64)
	if err != nil {
		return "", ErrNAV
	}
	return fmt.Sprintf("%02d", v%93), nil
}
