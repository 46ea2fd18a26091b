package pagamenti

import (
	"log/slog"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// TipoPagatore says whether the debtor is a natural or a legal person.
type TipoPagatore string

const (
	PersonaFisica    TipoPagatore = "fisica"    // pagoPA: F
	PersonaGiuridica TipoPagatore = "giuridica" // pagoPA: G
)

// Pagatore is the debtor (soggetto pagatore) as the notice and the receipt name
// them. It holds personal data: it is redacted in logs and by fmt. The address
// is optional; payment systems that print a notice ask for it.
type Pagatore struct {
	Tipo          TipoPagatore `json:"tipo"`
	CodiceFiscale string       `json:"codice_fiscale"` // 16 characters, or 11 digits (legal persons, provisional codes); only its shape is checked here
	Nome          string       `json:"nome"`           // name and surname, or company name; ≤ 70 characters (SANP, fullName)
	Email         string       `json:"email,omitempty"`
	Indirizzo     string       `json:"indirizzo,omitempty"`
	Civico        string       `json:"civico,omitempty"`
	CAP           string       `json:"cap,omitempty"`
	Localita      string       `json:"localita,omitempty"`
	Provincia     string       `json:"provincia,omitempty"` // two letters
	Nazione       string       `json:"nazione,omitempty"`   // ISO 3166 alpha-2
}

// LogValue implements slog.LogValuer: only the kind of person.
func (p Pagatore) LogValue() slog.Value { return slog.StringValue(p.String()) }

// String gives only the kind of person.
func (p Pagatore) String() string { return "Pagatore{" + string(p.Tipo) + " [riservato]}" }

// GoString is as String.
func (p Pagatore) GoString() string { return p.String() }

var (
	formaCF    = regexp.MustCompile(`^(?:[A-Z0-9]{16}|[0-9]{11})$`)
	cfNelTesto = regexp.MustCompile(`(?i)(?:^|[^A-Z0-9])[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z](?:[^A-Z0-9]|$)`)
	formaEmail = regexp.MustCompile(`^[^@\s]{1,64}@[^@\s]{1,190}$`)
	dueLettere = regexp.MustCompile(`^[A-Z]{2}$`)
)

func (p Pagatore) verifica(e *problemi) {
	if p.Tipo != PersonaFisica && p.Tipo != PersonaGiuridica {
		e.aggiungi("pagatore.tipo", "tipo", "Indica se paga una persona fisica o giuridica.")
	}
	if !formaCF.MatchString(p.CodiceFiscale) {
		e.aggiungi("pagatore.codice_fiscale", "formato", "Indica il codice fiscale di chi paga: 16 caratteri, oppure 11 cifre.")
	}
	testo(e, "pagatore.nome", p.Nome, 1, 70)
	if p.Email != "" && !formaEmail.MatchString(p.Email) {
		e.aggiungi("pagatore.email", "formato", "Indica un indirizzo email valido.")
	}
	for _, c := range []struct{ campo, valore string }{{"indirizzo", p.Indirizzo}, {"civico", p.Civico}, {"cap", p.CAP}, {"localita", p.Localita}} {
		testo(e, "pagatore."+c.campo, c.valore, 0, 70)
	}
	for _, c := range []struct{ campo, valore string }{{"provincia", p.Provincia}, {"nazione", p.Nazione}} {
		if c.valore != "" && !dueLettere.MatchString(c.valore) {
			e.aggiungi("pagatore."+c.campo, "formato", "Indica una sigla di due lettere maiuscole.")
		}
	}
}

// contieneDati reports whether a text that leaves for other systems would show
// who pays: any codice fiscale of a person, or this payer's code or full name.
func (p Pagatore) contieneDati(s string) bool {
	s = strings.ToUpper(s)
	if cfNelTesto.MatchString(s) {
		return true
	}
	if p.Tipo != PersonaFisica {
		return false
	}
	nome := strings.ToUpper(strings.Join(strings.Fields(p.Nome), " "))
	return len(p.CodiceFiscale) >= 11 && strings.Contains(s, strings.ToUpper(p.CodiceFiscale)) ||
		strings.Contains(nome, " ") && strings.Contains(strings.Join(strings.Fields(s), " "), nome)
}

// testo checks length in characters and refuses control characters.
func testo(e *problemi, campo, v string, minimo, massimo int) bool {
	n := utf8.RuneCountInString(v)
	switch {
	case minimo > 0 && strings.TrimSpace(v) == "":
		e.aggiungi(campo, "mancante", "Questo dato è necessario.")
	case len(v) > 4*massimo || n > massimo:
		e.aggiungi(campo, "lungo", "Il testo è troppo lungo: abbrevialo.")
	case !utf8.ValidString(v) || strings.IndexFunc(v, unicode.IsControl) >= 0:
		e.aggiungi(campo, "caratteri", "Il testo contiene caratteri non ammessi.")
	default:
		return true
	}
	return false
}
