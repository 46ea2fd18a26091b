// Package documento makes the documents that the formal steps of a pratica
// (administrative procedure) produce by themselves, as PDF: the istanza (the
// filled form), the richiesta di integrazioni (request for additions), the
// integrazione (its answer), the preavviso di rigetto (notice of refusal, L.
// 241/1990 art. 10-bis), the esito (outcome), the ritiro (withdrawal), the
// annullamento (cancellation) and the ricevuta (receipt, L. 241/1990 art. 18-bis).
//
// A builder (Istanza, Esito, …) turns typed data into a Documento, which is plain
// data; a Produttore writes it. Equal input gives equal bytes, in any process:
// there is no clock and no randomness inside, so the SHA-256 of a document may be
// registered. The file declares PDF/A (ISO 19005), its fonts are embedded, and no
// text that arrives can make it fail: what cannot be printed is replaced by □ and
// reported.
//
// Documents hold personal data. File names, metadata, errors and log values do not.
package documento

import (
	"log/slog"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Tipo is the kind of a document. The values are stable in JSON and databases.
type Tipo string

// The kinds of document.
const (
	TipoIstanza               Tipo = "istanza"
	TipoRichiestaIntegrazione Tipo = "richiesta_integrazione"
	TipoIntegrazione          Tipo = "integrazione"
	TipoPreavvisoRigetto      Tipo = "preavviso_rigetto"
	TipoOsservazioni          Tipo = "osservazioni"
	TipoEsitoPositivo         Tipo = "esito_positivo"
	TipoEsitoNegativo         Tipo = "esito_negativo"
	TipoRitiro                Tipo = "ritiro"
	TipoAnnullamento          Tipo = "annullamento"
	TipoRicevuta              Tipo = "ricevuta"
)

// Tipi gives every kind, in the order of a procedure.
func Tipi() []Tipo {
	return []Tipo{
		TipoIstanza, TipoRicevuta, TipoRichiestaIntegrazione, TipoIntegrazione, TipoPreavvisoRigetto, TipoOsservazioni,
		TipoEsitoPositivo, TipoEsitoNegativo, TipoRitiro, TipoAnnullamento,
	}
}

// Titolo is the name of the kind as it is printed; "" for an unknown kind.
func (t Tipo) Titolo() string {
	switch t {
	case TipoIstanza:
		return "Istanza"
	case TipoRichiestaIntegrazione:
		return "Richiesta di integrazioni"
	case TipoIntegrazione:
		return "Integrazione"
	case TipoPreavvisoRigetto:
		return "Preavviso di rigetto"
	case TipoOsservazioni:
		return "Osservazioni al preavviso di rigetto"
	case TipoEsitoPositivo:
		return "Provvedimento di accoglimento"
	case TipoEsitoNegativo:
		return "Provvedimento di diniego"
	case TipoRitiro:
		return "Ritiro dell’istanza"
	case TipoAnnullamento:
		return "Annullamento della pratica"
	case TipoRicevuta:
		return "Ricevuta di presentazione"
	default:
		return ""
	}
}

// motivato reports whether the law wants the reasons in the act (L. 241/1990,
// art. 3; art. 10-bis for the notice).
func (t Tipo) motivato() bool {
	switch t {
	case TipoPreavvisoRigetto, TipoEsitoNegativo, TipoAnnullamento, TipoRichiestaIntegrazione:
		return true
	default:
		return false
	}
}

// Intestazione is the head of a document. Ente, Oggetto, NumeroPratica and Data
// are required. It holds no applicant's data, except what a service may put in
// Oggetto; that is why Oggetto stays out of the metadata.
type Intestazione struct {
	Ente          string    // "Comune di Vattelapesca"
	Ufficio       string    // responsible office
	Servizio      string    // name of the service
	Oggetto       string    // subject line
	NumeroPratica string    // "2026-000123"
	Data          time.Time // instant of the document, printed in Europe/Rome to the minute
	Protocollo    string    // "n. 0001234 del 31/03/2026", printed only where known
}

// Voce is a label with its value, or with the rows of a repeatable group.
// Values may hold line breaks.
type Voce struct {
	Etichetta string
	Valore    string
	Righe     []Riga
}

// Riga is one row of a repeatable group.
type Riga struct {
	Titolo string // "Figlio 1 di 2"; where empty the row's number is printed
	Voci   []Voce
}

// Sezione is a section of the filled form, with the text that its summary shows.
type Sezione struct {
	Titolo string
	Voci   []Voce
}

// Parte is a block of content. What is filled is printed in the order of the
// fields.
type Parte struct {
	Titolo    string
	Paragrafi []string
	Punti     []string // bulleted list
	Voci      []Voce
	Tabella   *Tabella
	Allegati  []Allegato
}

// Tabella is a table with a heading row, repeated on each page.
type Tabella struct {
	Colonne []Colonna
	Righe   [][]string // missing cells are empty, cells beyond the columns are an error
}

// Colonna is a column of a Tabella.
type Colonna struct {
	Titolo string
	Peso   float64 // share of the width, relative to the other columns; 0 counts as 1
	Destra bool    // aligned right, for numbers
}

// Allegato is an attachment as documents quote it.
type Allegato struct {
	Nome       string
	Dimensione int64  // bytes
	SHA256     string // 64 lower-case hexadecimal digits; "" where not computed
}

// Firma is what is printed at the foot of the act in the place of the signature.
type Firma struct {
	Luogo     string // "Vattelapesca", printed with the date of the document
	Qualifica string // "Il responsabile del procedimento"
	Nome      string
	Nota      string // "Documento firmato digitalmente ai sensi …"
}

// Documento is everything that is printed. Builders fill it; a caller may add to
// it before writing.
type Documento struct {
	Tipo         Tipo
	Intestazione Intestazione
	Destinatario []string // lines of the addressee
	Formula      string   // heading of the applicant's data: "Il/la sottoscritto/a"
	Richiedente  []Voce
	Dispositivo  string // what the document says in one sentence, printed in evidence
	Motivazione  string // required where the law wants reasons
	Parti        []Parte
	Allegati     []Allegato
	Identita     string // how the applicant was identified: "SPID livello 2, 31/03/2026 ore 10:15"
	Firma        Firma
}

// NomeFile suggests a file name without personal data: the kind and the number
// of the pratica, "istanza-2026-000123.pdf".
func (d Documento) NomeFile() string {
	var b strings.Builder
	for _, r := range string(d.Tipo) + "-" + d.Intestazione.NumeroPratica {
		switch {
		case b.Len() >= 80:
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-") + ".pdf"
}

// LogValue keeps personal data out of logs: kind, number and date only.
func (d Documento) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("tipo", string(d.Tipo)),
		slog.String("numero_pratica", d.Intestazione.NumeroPratica),
		slog.Time("data", d.Intestazione.Data.UTC()),
	)
}

const riservato = "[riservato]"

// LogValue redacts.
func (Voce) LogValue() slog.Value { return slog.StringValue(riservato) }

// LogValue redacts.
func (Riga) LogValue() slog.Value { return slog.StringValue(riservato) }

// LogValue redacts.
func (Sezione) LogValue() slog.Value { return slog.StringValue(riservato) }

// LogValue redacts.
func (Parte) LogValue() slog.Value { return slog.StringValue(riservato) }

// LogValue redacts the name of the file, which people fill with their own.
func (a Allegato) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("dimensione", a.Dimensione), slog.String("sha256", a.SHA256))
}

// LogValue redacts the subject line.
func (i Intestazione) LogValue() slog.Value {
	return slog.GroupValue(slog.String("ente", i.Ente), slog.String("numero_pratica", i.NumeroPratica))
}

// LogValue redacts.
func (Firma) LogValue() slog.Value { return slog.StringValue(riservato) }

func istante(t time.Time) string {
	return t.In(termini.Roma()).Format("02/01/2006 ore 15:04")
}

func giorno(t time.Time) string { return termini.GiornoDi(t).Italiano() }
