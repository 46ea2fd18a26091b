package anagrafica

import (
	"log/slog"
	"strings"
)

// Telefono is a telephone number: digits only, after a "+" if it has the prefix
// of its country (ITU-T E.164: at most 15 digits).
type Telefono string

// LeggiTelefono drops blanks and the marks people part digits with ("-", ".",
// "/", "(", ")"), turns a leading "00" into "+" and checks the number of digits.
// The error is an *Errore of field "telefono".
func LeggiTelefono(s string) (Telefono, error) {
	if len(s) > massimoScritto {
		return "", errore(ErrTelefonoFormato, CampoTelefono)
	}
	x := strings.Map(func(r rune) rune {
		if strings.ContainsRune("-./()", r) {
			return -1
		}
		return r
	}, compatta(s))
	if x == "" {
		return "", errore(ErrTelefonoVuoto, CampoTelefono)
	}
	if strings.HasPrefix(x, "00") {
		x = "+" + x[2:]
	}
	if t := Telefono(x); t.Valido() {
		return t, nil
	}
	return "", errore(ErrTelefonoFormato, CampoTelefono)
}

// Valido reports whether the number is correct and in canonical form. The
// shortest are of four digits, such as a municipality's short numbers.
func (t Telefono) Valido() bool {
	n, conPrefisso := strings.CutPrefix(string(t), "+")
	if len(n) < 4 || len(n) > 15 || !tutte(n, cifra) {
		return false
	}
	if conPrefisso {
		return n[0] != '0' // no country's prefix begins with zero
	}
	return n[:2] != "00"
}

// String gives the number. Not for logs.
func (t Telefono) String() string { return string(t) }

// LogValue keeps the number out of logs.
func (t Telefono) LogValue() slog.Value { return riservato() }
