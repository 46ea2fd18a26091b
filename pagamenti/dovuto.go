package pagamenti

import (
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"time"

	"github.com/shopspring/decimal"
)

// Bounds of the texts of a Dovuto, in characters.
const (
	MassimaCausale = 140  // SANP: description, remittanceInformation
	MassimoURL     = 2048 // bytes of RitornoURL
	MassimoID      = 64
	MassimoEnte    = 128
	massimoCodice  = 64 // capitolo, ufficio, accertamento
)

// Voce is one accounting line of a debt: the chapter of the budget (capitolo),
// the office and the assessment (accertamento) that receive a part of it.
type Voce struct {
	Capitolo     string          `json:"capitolo,omitempty"`
	Ufficio      string          `json:"ufficio,omitempty"`
	Accertamento string          `json:"accertamento,omitempty"`
	Causale      string          `json:"causale,omitempty"` // ≤ 140 characters, no personal data
	Importo      decimal.Decimal `json:"importo"`           // euro, two digits, > 0
}

// Dovuto is what a citizen owes to an ente.
type Dovuto struct {
	// ID is ours, stable for the life of the debt: the correlation with the
	// payment system. A UUID is meant; letters, digits, "-" and "_", 1–64.
	ID   string `json:"id"`
	Ente string `json:"ente"` // the creditor
	// Causale is the reason for the payment, 1–140 characters. It travels on
	// bank statements: no codice fiscale, no name.
	Causale string          `json:"causale"`
	Importo decimal.Decimal `json:"importo"` // euro, two digits, 0.01–999999999.99
	// Voci divide the amount: they sum to Importo exactly. None means that the
	// payment system's default accounting applies. At most MassimoVoci.
	Voci []Voce `json:"voci,omitempty"`
	// Scadenza is the first instant at which a payment is late; for the end of
	// a civil day use termini.Giorno.Fine. Zero means the Tramite's default.
	Scadenza time.Time `json:"scadenza,omitzero"`
	Pagatore Pagatore  `json:"pagatore"`
	// RitornoURL is where the browser comes back after the payment page:
	// absolute http(s), without personal data. Empty if nobody comes back.
	RitornoURL string `json:"ritorno_url,omitempty"`
}

// LogValue implements slog.LogValuer: id, ente and amount, nothing of the payer.
func (d Dovuto) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", d.ID), slog.String("ente", d.Ente), slog.String("importo", importoNelLog(d.Importo)))
}

func importoNelLog(d decimal.Decimal) string {
	if !limitato(d) {
		return "fuori_limite"
	}
	return d.String()
}

var formaID = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)

// Verifica finds everything that is wrong with the debt; it modifies nothing.
// The error is nil or a *NonValido.
func (d Dovuto) Verifica() error {
	var e problemi
	if !formaID.MatchString(d.ID) {
		e.aggiungi("id", "formato", "L'identificativo deve avere da 1 a 64 lettere, cifre o trattini.")
	}
	testo(&e, "ente", d.Ente, 1, MassimoEnte)
	d.verificaTesto(&e, "causale", d.Causale, 1, MassimaCausale)
	totale, err := Centesimi(d.Importo)
	if err != nil || totale == 0 {
		e.aggiungi("importo", "importo", "L'importo deve essere maggiore di zero, con due decimali al più, fino a 999.999.999,99 €.")
	}
	d.verificaVoci(&e, totale)
	d.Pagatore.verifica(&e)
	d.verificaRitorno(&e)
	return e.errore()
}

func (d Dovuto) verificaTesto(e *problemi, campo, v string, minimo, massimo int) {
	if testo(e, campo, v, minimo, massimo) && d.Pagatore.contieneDati(v) {
		e.aggiungi(campo, "dati_personali", "Togli dal testo il codice fiscale o il nome di chi paga: la causale è letta da terzi.")
	}
}

func (d Dovuto) verificaVoci(e *problemi, totale int64) {
	if len(d.Voci) == 0 {
		return
	}
	if len(d.Voci) > MassimoVoci {
		e.aggiungi("voci", "numero", fmt.Sprintf("Le voci possono essere al più %d.", MassimoVoci))
		return
	}
	var somma int64
	sommabili := true
	for i, v := range d.Voci {
		campo := fmt.Sprintf("voci[%d].", i)
		c, err := Centesimi(v.Importo)
		if err != nil || c == 0 {
			sommabili = false
			e.aggiungi(campo+"importo", "importo", "L'importo di ogni voce deve essere maggiore di zero, con due decimali al più.")
		}
		somma += c
		testo(e, campo+"capitolo", v.Capitolo, 0, massimoCodice)
		testo(e, campo+"ufficio", v.Ufficio, 0, massimoCodice)
		testo(e, campo+"accertamento", v.Accertamento, 0, massimoCodice)
		d.verificaTesto(e, campo+"causale", v.Causale, 0, MassimaCausale)
	}
	if sommabili && totale > 0 && somma != totale {
		e.aggiungi("voci", "somma", "La somma delle voci deve essere uguale all'importo.")
	}
}

func (d Dovuto) verificaRitorno(e *problemi) {
	if d.RitornoURL == "" {
		return
	}
	u, err := url.Parse(d.RitornoURL)
	switch {
	case len(d.RitornoURL) > MassimoURL || err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https":
		e.aggiungi("ritorno_url", "formato", "L'indirizzo di ritorno deve essere completo e iniziare con https://.")
	case d.Pagatore.contieneDati(d.RitornoURL):
		e.aggiungi("ritorno_url", "dati_personali", "L'indirizzo di ritorno non deve contenere dati personali.")
	}
}
