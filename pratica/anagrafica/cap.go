package anagrafica

import "log/slog"

// CAP is the Italian post code (codice di avviamento postale), five digits.
type CAP string

// LeggiCAP drops blanks and checks the five digits; "00000" is nobody's. Whether
// the code exists is not checked. The error is an *Errore of field "cap".
func LeggiCAP(s string) (CAP, error) {
	if len(s) > massimoScritto {
		return "", errore(ErrCAPFormato, CampoCAP)
	}
	c := CAP(compatta(s))
	switch {
	case c == "":
		return "", errore(ErrCAPVuoto, CampoCAP)
	case !c.Valido():
		return "", errore(ErrCAPFormato, CampoCAP)
	}
	return c, nil
}

// Valido reports whether the code has the due form.
func (c CAP) Valido() bool { return len(c) == 5 && tutte(string(c), cifra) && c != "00000" }

// String gives the code.
func (c CAP) String() string { return string(c) }

// LogValue keeps the code out of logs: with a name it says where a person lives.
func (c CAP) LogValue() slog.Value { return riservato() }
