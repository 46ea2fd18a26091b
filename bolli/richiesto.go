package bolli

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Momento is when a stamp is due in the life of a request.
type Momento string

const (
	AllaRichiesta Momento = "richiesta" // on filing the istanza
	AlRilascio    Momento = "rilascio"  // on the release of the act
)

// MassimaQuantita bounds the stamps due at one moment.
const MassimaQuantita = 100

// Richiesto is what an ente asks for: how many stamps, when, of which value,
// and which exemptions it admits.
type Richiesto struct {
	Momento  Momento         `json:"momento"`
	Quantita int             `json:"quantita"` // 0–MassimaQuantita; none means that nothing is due
	Importo  decimal.Decimal `json:"importo"`  // euro, of each stamp
	// EsenzioniAmmesse are codes of Esenzione that the citizen may claim; none
	// means that no exemption is admitted.
	EsenzioniAmmesse []string `json:"esenzioni_ammesse,omitempty"`
}

// Totale is what is due in all.
func (r Richiesto) Totale() decimal.Decimal {
	if r.Quantita <= 0 || !importoValido(r.Importo) {
		return decimal.Decimal{}
	}
	return r.Importo.Mul(decimal.New(int64(r.Quantita), 0))
}

// Ammette reports whether the exemption may be claimed.
func (r Richiesto) Ammette(esenzione string) bool {
	return esenzione != "" && slices.Contains(r.EsenzioniAmmesse, esenzione)
}

// Verifica finds everything that is wrong with the request itself, as an ente
// configured it. The error is nil or a *NonValido.
func (r Richiesto) Verifica() error {
	var e problemi
	if r.Momento != AllaRichiesta && r.Momento != AlRilascio {
		e.aggiungi("momento", "momento", "Indica se il bollo è dovuto alla richiesta o al rilascio.")
	}
	if r.Quantita < 0 || r.Quantita > MassimaQuantita {
		e.aggiungi("quantita", "quantita", "Indica un numero di bolli da 0 a 100.")
	}
	if r.Quantita != 0 && !importoValido(r.Importo) {
		e.aggiungi("importo", "importo", "Indica il valore di ogni bollo in euro, maggiore di zero e con due decimali al più.")
	}
	if len(r.EsenzioniAmmesse) > massimoCatalogo {
		e.aggiungi("esenzioni_ammesse", "numero", "Le esenzioni ammesse sono troppe.")
		return e.errore()
	}
	for i, c := range r.EsenzioniAmmesse {
		if !formaCodice.MatchString(c) {
			e.aggiungi("esenzioni_ammesse", "formato", "Il codice di un'esenzione ammessa non è valido.")
			break
		}
		if slices.Contains(r.EsenzioniAmmesse[:i], c) {
			e.aggiungi("esenzioni_ammesse", "duplicato", "Un'esenzione ammessa è indicata due volte.")
			break
		}
	}
	return e.errore()
}
