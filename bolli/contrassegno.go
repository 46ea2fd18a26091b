package bolli

import (
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Tipo is the kind of a stamp.
type Tipo string

const (
	Cartaceo Tipo = "cartaceo" // contrassegno telematico bought on paper, 14-digit identificativo
	Digitale Tipo = "digitale" // marca da bollo digitale @e.bollo, bound to one document (Provv. AdE 19/09/2014)
)

// Ambito names the space in which a store keeps Contrassegno.Chiave unique.
const Ambito = "bollo"

// CifreSeriale is the length of the identificativo of a paper stamp.
const CifreSeriale = 14

// Contrassegno is a stamp given for an act.
type Contrassegno struct {
	Tipo Tipo `json:"tipo"`
	// Seriale is the identificativo of a paper stamp, 14 digits, or the IUBD
	// (identificativo univoco bollo digitale) of a digital one, 1–64 letters,
	// digits and dashes.
	Seriale   string          `json:"seriale"`
	Emissione termini.Giorno  `json:"emissione"`          // day of issue, printed on the stamp
	Ora       string          `json:"ora,omitempty"`      // time of issue in Europe/Rome, "15:04" or "15:04:05"
	Importo   decimal.Decimal `json:"importo"`            // face value, euro
	Impronta  string          `json:"impronta,omitempty"` // base64 of the SHA-256 of the document it is bound to; necessary if Digitale
	// Dichiarato: the applicant declares that the stamp is used for this act
	// only and that the original, annulled, is kept for three years (DM
	// 10/11/2011, art. 3; DPR 642/1972, art. 37). Necessary if Cartaceo.
	Dichiarato bool `json:"dichiarato,omitempty"`
}

// LogValue implements slog.LogValuer. A serial spends a stamp: only its last
// four characters are shown.
func (c Contrassegno) LogValue() slog.Value {
	s := NormalizzaSeriale(c.Seriale)
	if len(s) > 4 && len(s) <= massimoSeriale {
		s = "…" + s[len(s)-4:]
	} else {
		s = "…"
	}
	return slog.GroupValue(slog.String("tipo", string(c.Tipo)), slog.String("seriale", s), slog.String("emissione", c.Emissione.String()))
}

const massimoSeriale = 64

var (
	formaCartaceo = regexp.MustCompile(`^[0-9]{14}$`)
	formaIUBD     = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)
	formaOra      = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$`)
)

// NormalizzaSeriale takes away what people put between the digits: spaces
// (also the non-breaking one), dots, dashes of every kind, slashes and
// underscores. It judges nothing.
func NormalizzaSeriale(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\u00a0', '\u2009', '\u202f', '.', '/', '_', '-', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212':
			return -1
		default:
			return r
		}
	}, s)
}

// Chiave is the key of the stamp among all those given to an ente, for the
// space Ambito: the same stamp written in two ways has one key. At most 80
// bytes for a stamp that passes Verifica.
func (c Contrassegno) Chiave() string {
	if c.Tipo == Digitale {
		return string(c.Tipo) + "/" + strings.TrimSpace(c.Seriale)
	}
	return string(c.Tipo) + "/" + NormalizzaSeriale(c.Seriale)
}

// Verifica finds everything that is wrong with the stamp by itself, as of
// today's day; it modifies nothing and does not know whether the stamp was used
// before. The serial of a paper stamp must already be normalised. The error is
// nil or a *NonValido.
func (c Contrassegno) Verifica(oggi termini.Giorno) error {
	var e problemi
	c.verificaSeriale(&e)
	switch {
	case c.Emissione.IsZero():
		e.aggiungi("emissione", "mancante", "Indica la data di emissione stampata sul contrassegno.")
	case !esiste(c.Emissione):
		e.aggiungi("emissione", "formato", "La data di emissione non esiste: controllala sul contrassegno.")
	case oggi.Prima(c.Emissione):
		e.aggiungi("emissione", "futura", "La data di emissione non può essere nel futuro: controllala sul contrassegno.")
	case c.Emissione.Prima(primoContrassegno):
		e.aggiungi("emissione", "remota", "La data di emissione è precedente all'introduzione dei contrassegni: controllala.")
	}
	if c.Ora != "" && !formaOra.MatchString(c.Ora) {
		e.aggiungi("ora", "formato", "Scrivi l'ora di emissione come sul contrassegno, per esempio 09:30.")
	}
	if !importoValido(c.Importo) {
		e.aggiungi("importo", "importo", "Indica il valore del contrassegno in euro, maggiore di zero e con due decimali al più.")
	}
	switch {
	case c.Impronta != "" && !ImprontaValida(c.Impronta):
		e.aggiungi("impronta", "formato", "L'impronta del documento non è un SHA-256 in base64.")
	case c.Impronta == "" && c.Tipo == Digitale:
		e.aggiungi("impronta", "mancante", "Un bollo digitale deve riportare l'impronta del documento a cui è legato.")
	}
	if c.Tipo == Cartaceo && !c.Dichiarato {
		e.aggiungi("dichiarato", "mancante", "Dichiara che il contrassegno è usato solo per questo atto e che conservi l'originale annullato per tre anni.")
	}
	return e.errore()
}

// Paper stamps issued by terminal exist since the DM 5 May 2005 (the day is
// used as a bound of plausibility, not as a rule).
var primoContrassegno = termini.Giorno{Anno: 2005, Mese: 5, Giorno: 5}

func (c Contrassegno) verificaSeriale(e *problemi) {
	switch c.Tipo {
	case Cartaceo:
		switch {
		case c.Seriale == "":
			e.aggiungi("seriale", "mancante", "Indica l'identificativo del contrassegno: 14 cifre, sotto il codice a barre.")
		case !formaCartaceo.MatchString(c.Seriale):
			e.aggiungi("seriale", "formato", "L'identificativo del contrassegno ha 14 cifre: controlla di averle scritte tutte.")
		case strings.Trim(c.Seriale, "0") == "":
			e.aggiungi("seriale", "fittizio", "L'identificativo non può essere di soli zeri: copialo dal contrassegno.")
		}
	case Digitale:
		if !formaIUBD.MatchString(c.Seriale) {
			e.aggiungi("seriale", "formato", "L'identificativo del bollo digitale (IUBD) non è valido.")
		}
	default:
		e.aggiungi("tipo", "tipo", "Indica se il bollo è cartaceo o digitale.")
	}
}

func esiste(g termini.Giorno) bool {
	_, err := termini.NuovoGiorno(g.Anno, g.Mese, g.Giorno)
	return err == nil
}

// importoValido: positive, two decimals at most, below a million euro; bounds
// exponent and coefficient first, because a decimal from JSON may be enormous.
func importoValido(d decimal.Decimal) bool {
	if e := d.Exponent(); e < -18 || e > 18 || d.Coefficient().BitLen() > 128 {
		return false
	}
	return d.IsPositive() && d.Shift(2).IsInteger() && d.LessThan(decimal.New(1, 6))
}

// Impronta gives the fingerprint that binds a digital stamp to a document: the
// base64 of the 32 bytes of its SHA-256.
func Impronta(documento []byte) string {
	h := sha256.Sum256(documento)
	return base64.StdEncoding.EncodeToString(h[:])
}

// ImprontaValida reports whether s is the base64 of 32 bytes, written in the
// one canonical way. The base64 of the hexadecimal form, a usual mistake, is not.
func ImprontaValida(s string) bool {
	if len(s) != 44 {
		return false
	}
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	return err == nil && len(b) == sha256.Size
}
