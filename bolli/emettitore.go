package bolli

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"regexp"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// StatoEmissione is the state of a digital stamp being bought. Stable in the
// database and in JSON.
type StatoEmissione string

const (
	DaAcquistare StatoEmissione = "da_acquistare" // send the payer to URLAcquisto
	Emessa       StatoEmissione = "emessa"        // the stamp exists; never goes back
	NonRiuscita  StatoEmissione = "non_riuscita"  // the attempt failed; Emetti with a new ID tries again
)

// Acquirente is who pays for a digital stamp. It holds personal data: redacted
// in logs and by fmt.
type Acquirente struct {
	Giuridica     bool   `json:"giuridica,omitempty"`
	CodiceFiscale string `json:"codice_fiscale"`
	Nome          string `json:"nome"` // name and surname, or company name; ≤ 70 characters
	Email         string `json:"email,omitempty"`
}

// LogValue implements slog.LogValuer.
func (a Acquirente) LogValue() slog.Value { return slog.StringValue(a.String()) }

// String redacts.
func (Acquirente) String() string { return "Acquirente{[riservato]}" }

// GoString redacts.
func (a Acquirente) GoString() string { return a.String() }

// Richiesta asks for one digital stamp on one document. The document
// must not change any more, by a single byte: the stamp holds only for the
// fingerprint (Provv. AdE 19/09/2014, 2.3).
type Richiesta struct {
	ID       string `json:"id"` // ours, stable: correlation and idempotency; 1–64 letters, digits, "-" and "_"
	Ente     string `json:"ente"`
	Impronta string `json:"impronta"` // see Impronta
	// Provincia is the two-letter code of the payer's province of residence; for
	// who lives abroad the province of the ente.
	Provincia  string          `json:"provincia"`
	Importo    decimal.Decimal `json:"importo"` // euro; issuers sell 16.00 only
	Acquirente Acquirente      `json:"acquirente"`
	RitornoURL string          `json:"ritorno_url,omitempty"` // where the browser comes back, absolute http(s); proves nothing
}

// LogValue implements slog.LogValuer: nothing of who pays.
func (r Richiesta) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", r.ID), slog.String("ente", r.Ente), slog.String("impronta", r.Impronta))
}

var (
	formaID        = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)
	formaProvincia = regexp.MustCompile(`^[A-Z]{2}$`)
	formaCF        = regexp.MustCompile(`^(?:[A-Z0-9]{16}|[0-9]{11})$`)
)

// Verifica finds everything that is wrong with the request. The error is nil or
// a *NonValido.
func (r Richiesta) Verifica() error {
	var e problemi
	if !formaID.MatchString(r.ID) {
		e.aggiungi("id", "formato", "L'identificativo deve avere da 1 a 64 lettere, cifre o trattini.")
	}
	if r.Ente == "" || len(r.Ente) > 128 {
		e.aggiungi("ente", "mancante", "Indica l'ente.")
	}
	if !ImprontaValida(r.Impronta) {
		e.aggiungi("impronta", "formato", "L'impronta del documento non è un SHA-256 in base64.")
	}
	if !formaProvincia.MatchString(r.Provincia) {
		e.aggiungi("provincia", "formato", "Indica la sigla della provincia di residenza, due lettere maiuscole.")
	}
	if !importoValido(r.Importo) {
		e.aggiungi("importo", "importo", "Indica il valore del bollo in euro, maggiore di zero e con due decimali al più.")
	}
	if !formaCF.MatchString(r.Acquirente.CodiceFiscale) {
		e.aggiungi("acquirente.codice_fiscale", "formato", "Indica il codice fiscale di chi acquista il bollo.")
	}
	if n := utf8.RuneCountInString(r.Acquirente.Nome); n == 0 || n > 70 {
		e.aggiungi("acquirente.nome", "mancante", "Indica il nome di chi acquista il bollo, al più 70 caratteri.")
	}
	if r.RitornoURL != "" && !indirizzoCompleto(r.RitornoURL) {
		e.aggiungi("ritorno_url", "formato", "L'indirizzo di ritorno deve essere completo e iniziare con https://.")
	}
	return e.errore()
}

func indirizzoCompleto(s string) bool {
	u, err := url.Parse(s)
	return len(s) <= 2048 && err == nil && u.Host != "" && u.User == nil && (u.Scheme == "http" || u.Scheme == "https")
}

// Emissione is what the issuer knows of a request. It holds no personal data
// but, possibly, inside Originale.
type Emissione struct {
	ID          string         `json:"id"` // = Richiesta.ID
	Ente        string         `json:"ente"`
	Stato       StatoEmissione `json:"stato"`
	URLAcquisto string         `json:"url_acquisto,omitempty"` // while DaAcquistare
	// Contrassegno is there once Emessa: Tipo Digitale, Impronta that of the request.
	Contrassegno Contrassegno `json:"contrassegno,omitzero"`
	// Originale is the signed file of the stamp (marcaDaBollo XML), to be kept
	// as it is beside the document; nil where the issuer gives none. At most
	// MassimoOriginale bytes.
	Originale []byte `json:"originale,omitempty"`
}

// MassimoOriginale bounds Emissione.Originale.
const MassimoOriginale = 1 << 20

// Codes and sentinels of an Emettitore's failures.
const (
	CodiceEmissioneIgnota  = "emissione_ignota"
	CodiceRichiestaDiversa = "richiesta_diversa"
)

var (
	// ErrIgnota: the ente asked for no stamp with that id.
	ErrIgnota = errors.New("bolli: emissione ignota")
	// ErrDiversa: the id was already used for another document or amount.
	ErrDiversa = errors.New("bolli: richiesta diversa con lo stesso identificativo")
)

// Ignota builds guasto.Permanente over ErrIgnota.
func Ignota(operazione string) error {
	return guasto.Nuovo(guasto.Permanente, operazione, CodiceEmissioneIgnota, ErrIgnota)
}

// Diversa builds guasto.Permanente over ErrDiversa.
func Diversa(operazione string) error {
	return guasto.Nuovo(guasto.Permanente, operazione, CodiceRichiestaDiversa, ErrDiversa)
}

// Emettitore issues digital stamps. It is safe for concurrent use. Every error
// has a class (guasto.Di) and holds no personal data. There is no cancellation:
// a request nobody pays lapses, and a stamp that was paid is never given back
// (Provv. AdE 19/09/2014).
type Emettitore interface {
	// Emetti asks for a stamp. It is idempotent by Richiesta.ID within
	// the ente: the same id gives the same Emissione in its present state and
	// buys nothing more, so it may be called again after guasto.EsitoIgnoto. The
	// same id with another Impronta or Importo fails with ErrDiversa; a request
	// that Verifica refuses fails with ErrNonValido and has no effect.
	Emetti(ctx context.Context, r Richiesta) (Emissione, error)
	// Stato gives the request as the issuer knows it now, or ErrIgnota. It has
	// no effect.
	Stato(ctx context.Context, ente, id string) (Emissione, error)
}
