package anagrafica

import (
	"log/slog"
	"strings"
)

// PartitaIVA is the number of whoever carries on a business or a profession
// (D.P.R. 633/1972, art. 35): 11 digits, seven of the subject, three of the
// office that gave it, one of control.
type PartitaIVA string

// LeggiPartitaIVA normalises and checks a number; the prefix IT that it has in
// trade within the Union is dropped. Codes of offices are not checked, because
// they change. The error is an *Errore of field "partita_iva".
func LeggiPartitaIVA(s string) (PartitaIVA, error) {
	if len(s) > massimoScritto {
		return "", errore(ErrPIVALunghezza, CampoPartitaIVA)
	}
	p := PartitaIVA(strings.TrimPrefix(compatta(s), "IT"))
	if cod := p.difetto(); cod != "" {
		return "", errore(cod, CampoPartitaIVA)
	}
	return p, nil
}

func (p PartitaIVA) difetto() Codice {
	switch {
	case p == "":
		return ErrPIVAVuota
	case !tutte(string(p), cifra):
		return ErrPIVACarattere
	case len(p) != 11:
		return ErrPIVALunghezza
	case !controlloNumerico(string(p)):
		return ErrPIVACifraControllo
	default:
		return ""
	}
}

// Valido reports whether the number is correct and in canonical form.
func (p PartitaIVA) Valido() bool { return p.difetto() == "" }

// String gives the 11 digits. Not for logs: of a sole trader it is personal.
func (p PartitaIVA) String() string { return string(p) }

// LogValue keeps the number out of logs.
func (p PartitaIVA) LogValue() slog.Value { return riservato() }
