package anagrafica

import (
	"log/slog"
	"strings"
)

// Indirizzo is a postal address. Stato is an ISO 3166-1 alpha-2 code, where ""
// means Italy; Provincia the two-letter sign of an Italian province. Abroad CAP
// holds the post code of that country, which is not checked.
type Indirizzo struct {
	Presso    string `json:"presso,omitempty"`
	Via       string `json:"via,omitempty"` // with its kind: "Via", "Piazza"
	Civico    string `json:"civico,omitempty"`
	CAP       CAP    `json:"cap,omitempty"`
	Comune    string `json:"comune,omitempty"`
	Provincia string `json:"provincia,omitempty"`
	Stato     string `json:"stato,omitempty"`
}

// IsZero reports whether nothing is given.
func (i Indirizzo) IsZero() bool { return i == Indirizzo{} }

// Estero reports whether the address is outside Italy.
func (i Indirizzo) Estero() bool { return i.Stato != "" && i.Stato != "IT" }

// String gives the address in one line: "presso Bianchi, Via Appia 1, 00184
// Roma (RM)". Not for logs.
func (i Indirizzo) String() string {
	presso := ""
	if i.Presso != "" {
		presso = "presso " + i.Presso
	}
	comune := i.Comune
	if i.Provincia != "" {
		comune = unisci(" ", comune, "("+i.Provincia+")")
	}
	stato := ""
	if i.Estero() {
		stato = i.Stato
	}
	return unisci(", ", presso, unisci(" ", i.Via, i.Civico), unisci(" ", string(i.CAP), comune), stato)
}

// unisci joins the parts that are not empty.
func unisci(mezzo string, parti ...string) string {
	pieni := make([]string, 0, len(parti))
	for _, p := range parti {
		if p != "" {
			pieni = append(pieni, p)
		}
	}
	return strings.Join(pieni, mezzo)
}

// LogValue keeps the address out of logs.
func (i Indirizzo) LogValue() slog.Value { return riservato() }

// Verifica checks the fields that are given, none of which is required: bounded
// printable text, CAP and province for Italian addresses, sign of the state. All
// errors come at once; their fields have campo before them ("residenza.cap").
func (i Indirizzo) Verifica(campo string) Errori {
	if campo != "" {
		campo += "."
	}
	var errs Errori
	for _, t := range [...]struct{ nome, valore string }{
		{"presso", i.Presso}, {"via", i.Via}, {"civico", i.Civico}, {"comune", i.Comune},
	} {
		if cod := difettoTesto(t.valore, massimoTesto); cod != "" {
			errs = append(errs, errore(cod, campo+t.nome))
		}
	}
	if i.Estero() {
		if cod := difettoTesto(string(i.CAP), massimoCAPEstero); cod != "" {
			errs = append(errs, errore(cod, campo+CampoCAP))
		}
	} else if i.CAP != "" && !i.CAP.Valido() {
		errs = append(errs, errore(ErrCAPFormato, campo+CampoCAP))
	}
	return append(errs, verificaSigle(campo, i.Provincia, i.Stato)...)
}

func verificaSigle(campo, provincia, stato string) Errori {
	var errs Errori
	if provincia != "" && !sigla(provincia) {
		errs = append(errs, errore(ErrProvinciaFormato, campo+"provincia"))
	}
	if stato != "" && !sigla(stato) {
		errs = append(errs, errore(ErrStatoFormato, campo+"stato"))
	}
	return errs
}

func sigla(s string) bool { return len(s) == 2 && tutte(s, lettera) }
