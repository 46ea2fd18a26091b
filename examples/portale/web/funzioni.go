package web

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// funzioni are what templates may call:
//
//	csrf       the hidden field of the token; every form that posts has it
//	chiave     a hidden field with a fresh idempotency key
//	data       an instant as "13 marzo 2026", in Europe/Rome; "" for the zero value
//	entro      the last day of a term, given the instant at which it ends
//	ora        as "09:02"
//	dataora    as "13 marzo 2026, 09:02"
//	giorno     a civil day as "13 marzo 2026"
//	settimana  an instant as "venerdì 13 marzo 2026"
//	iso        an instant for the attribute datetime
//	euro       an amount as "1.234,50 €"
//	dimensione bytes as "412 kB"
//	etichetta  the Italian label of a state or of an action
//	classe     the class of the badge of a state
//	righe      the lines of a text
//	piu        a + b
func (p *Portale) funzioni() template.FuncMap {
	return template.FuncMap{
		"csrf":      func() template.HTML { return nascosto(campoCSRF, p.gettone) },
		"chiave":    func() template.HTML { return nascosto(campoChiave, casuale()) },
		"data":      Data,
		"entro":     Entro,
		"ora":       Ora,
		"dataora":   DataOra,
		"giorno":    Giorno,
		"settimana": GiornoSettimana,
		"iso": func(t time.Time) string {
			return t.UTC().Format(time.RFC3339)
		},
		"euro":       Euro,
		"dimensione": modulo.Dimensione,
		"etichetta":  etichetta,
		"classe":     Classe,
		"righe":      func(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") },
		"piu":        func(a, b int) int { return a + b },
	}
}

func nascosto(nome, valore string) template.HTML {
	return template.HTML(`<input type="hidden" name="` + nome + `" value="` + valore + `">`) //nolint:gosec // both are ours
}

// Gettone is the value to write into the hidden field NomeGettone of a form
// that is not a template of the portal, before Mostra prints it.
func (p *Portale) Gettone() string { return p.gettone }

// NomeGettone names the hidden field of the CSRF token.
const NomeGettone = campoCSRF

var mesi = [...]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}

var giorni = [...]string{"domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"}

// Giorno writes a civil day: "13 marzo 2026", "" for none.
func Giorno(g termini.Giorno) string {
	if g.IsZero() {
		return ""
	}
	numero := strconv.Itoa(g.Giorno)
	if g.Giorno == 1 {
		numero = "1º"
	}
	return numero + " " + mesi[g.Mese-1] + " " + strconv.Itoa(g.Anno)
}

// Data writes the day of an instant in Europe/Rome.
func Data(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return Giorno(termini.GiornoDi(t))
}

// Entro writes the last day on which something may be done, given the first
// instant at which it is late: midnight belongs to the day before.
func Entro(fine time.Time) string {
	if fine.IsZero() {
		return ""
	}
	return Data(fine.Add(-1))
}

// GiornoSettimana is Data with the day of the week before it.
func GiornoSettimana(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return giorni[t.In(termini.Roma()).Weekday()] + " " + Data(t)
}

// Ora writes the time of day in Europe/Rome: "09:02".
func Ora(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(termini.Roma()).Format("15:04")
}

// DataOra writes "13 marzo 2026, 09:02".
func DataOra(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return Data(t) + ", " + Ora(t)
}

// Euro writes an amount: "1.234,50 €".
func Euro(d decimal.Decimal) string {
	intero, cent, _ := strings.Cut(d.Abs().StringFixed(2), ".")
	for i := len(intero) - 3; i > 0; i -= 3 {
		intero = intero[:i] + "." + intero[i:]
	}
	segno := ""
	if d.IsNegative() {
		segno = "-"
	}
	return segno + intero + "," + cent + " €"
}

func etichetta(v any) string {
	switch v := v.(type) {
	case pratica.Stato:
		return v.Etichetta()
	case pratica.Azione:
		return v.Etichetta()
	default:
		return ""
	}
}

// Classe is the class of the badge of a state.
func Classe(s pratica.Stato) string {
	switch s {
	case pratica.AttesaPagamento, pratica.AttesaIntegrazione, pratica.AttesaOsservazioni, pratica.AttesaPagamentoFinale:
		return "bg-warning"
	case pratica.EsitoPositivo, pratica.Accettata:
		return "bg-success"
	case pratica.EsitoNegativo, pratica.Rifiutata:
		return "bg-danger"
	case pratica.Bozza, pratica.Ritirata, pratica.Annullata, pratica.Archiviata:
		return "bg-secondary"
	case pratica.Inviata, pratica.Protocollata, pratica.InCarico, pratica.IntegrazioneRichiesta, pratica.IntegrazioneInviata:
		return "bg-primary"
	default:
		return "bg-secondary"
	}
}
