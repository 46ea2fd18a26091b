package pratica

import (
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// ID names a pratica: a UUID in its canonical lower-case text form.
type ID string

var formaID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// LeggiID checks that s is a UUID in canonical form. The refusal is that of an
// unknown pratica, so that a malformed link says no more than a wrong one.
func LeggiID(s string) (ID, error) {
	if !formaID.MatchString(s) {
		return "", ErrNonTrovato
	}
	return ID(s), nil
}

// Numero is the readable number of a request (Numero richiesta): a progressive
// per ente and calendar year in Europe/Rome. The zero value is "none yet".
type Numero struct {
	Anno        int   `json:"anno"`
	Progressivo int64 `json:"progressivo"`
}

// String gives "2026-000123", or "" for the zero value.
func (n Numero) String() string {
	if n == (Numero{}) {
		return ""
	}
	return fmt.Sprintf("%04d-%06d", n.Anno, n.Progressivo)
}

var formaNumero = regexp.MustCompile(`^([0-9]{4})-([0-9]{1,12})$`)

// LeggiNumero reads what String wrote, also with fewer zeros.
func LeggiNumero(s string) (Numero, error) {
	m := formaNumero.FindStringSubmatch(s)
	if m == nil {
		return Numero{}, nonValido(ErroreCampo{"numero", "numero", "Scrivi il numero della richiesta come 2026-000123."})
	}
	anno, err := strconv.Atoi(m[1])
	if err != nil {
		return Numero{}, err
	}
	p, err := strconv.ParseInt(m[2], 10, 64)
	if err != nil {
		return Numero{}, err
	}
	return Numero{anno, p}, nil
}

// Pratica is one request and all that happened to it. Only Applica changes it;
// what a store keeps is its JSON. It holds personal data: log it only through
// its LogValue.
type Pratica struct {
	ID       ID     `json:"id"`
	Ente     string `json:"ente"`
	Versione int    `json:"versione"`           // Progressivo of the last event
	Impronta string `json:"impronta,omitempty"` // of the last event: the end of the chain

	Servizio         string `json:"servizio"`
	VersioneServizio int    `json:"versione_servizio"`
	Stato            Stato  `json:"stato"`
	Numero           Numero `json:"numero,omitzero"`
	Oggetto          string `json:"oggetto,omitempty"`

	Richiedente    anagrafica.Persona `json:"richiedente"`
	Autenticazione Autenticazione     `json:"autenticazione"`
	Creata         time.Time          `json:"creata"`
	Aggiornata     time.Time          `json:"aggiornata"`             // last event
	CambioStato    time.Time          `json:"cambio_stato"`           // last change of state
	PresentataIl   time.Time          `json:"presentata_il,omitzero"` // Richiesta presentata il
	ConclusaIl     time.Time          `json:"conclusa_il,omitzero"`
	Oscurata       time.Time          `json:"oscurata,omitzero"` // its personal data were erased

	Risposte  modulo.Risposte `json:"risposte,omitempty"`
	Allegati  []Allegato      `json:"allegati,omitempty"`
	Documenti []Documento     `json:"documenti,omitempty"`

	Ufficio   string `json:"ufficio,omitempty"`
	Operatore string `json:"operatore,omitempty"` // who has it in charge

	Integrazioni []Integrazione `json:"integrazioni,omitempty"`
	Preavviso    *Preavviso     `json:"preavviso,omitempty"`
	Esito        *Esito         `json:"esito,omitempty"`
	Pagamenti    []Pagamento    `json:"pagamenti,omitempty"`
	Bolli        []Bollo        `json:"bolli,omitempty"`
	Appuntamenti []Appuntamento `json:"appuntamenti,omitempty"`
	Chiusure     []Chiusura     `json:"chiusure,omitempty"`
	Messaggi     []Messaggio    `json:"messaggi,omitempty"`
	Note         []Nota         `json:"note,omitempty"`
}

// Autenticazione is how the applicant was identified when he opened the draft.
type Autenticazione struct {
	Metodo  string    `json:"metodo,omitempty"`
	Livello int       `json:"livello"`
	Quando  time.Time `json:"quando"`
	// Anonimo is the capability of an anonymous applicant, as its SHA-256 in hex.
	Anonimo string `json:"anonimo,omitempty"`
}

// Origine says with what an attachment came.
type Origine string

// Origins of attachments.
const (
	OrigineRichiesta    Origine = "richiesta"    // a field of the form
	OrigineIntegrazione Origine = "integrazione" // an answer to a request for integrations
	OrigineOsservazioni Origine = "osservazioni" // observations on a notice of refusal
	OrigineMessaggio    Origine = "messaggio"
	OrigineEnte         Origine = "ente" // put by an operator: requests, outcome
)

// Allegato is an uploaded file. The bytes are in the Archivio under SHA256.
type Allegato struct {
	ID         string    `json:"id"`
	Nome       string    `json:"nome"`
	MIME       string    `json:"mime"`
	Dimensione int64     `json:"dimensione"`      // bytes
	SHA256     string    `json:"sha256"`          // hex
	Campo      string    `json:"campo,omitempty"` // form field, for OrigineRichiesta and for fields reopened by an integration
	Origine    Origine   `json:"origine"`
	Di         Firma     `json:"di"`
	Quando     time.Time `json:"quando"`
	// Riferimento is what it was sent with: id of the integration, of the
	// message, "esito"… Empty while it waits: then only who put it sees it.
	Riferimento string `json:"riferimento,omitempty"`
}

// TipoDocumento is the kind of a document that a formal step produces.
type TipoDocumento string

// Kinds of documents; values as in package documento.
const (
	DocIstanza               TipoDocumento = "istanza"
	DocRicevuta              TipoDocumento = "ricevuta"
	DocRichiestaIntegrazione TipoDocumento = "richiesta_integrazione"
	DocIntegrazione          TipoDocumento = "integrazione"
	DocPreavviso             TipoDocumento = "preavviso_rigetto"
	DocOsservazioni          TipoDocumento = "osservazioni"
	DocEsitoPositivo         TipoDocumento = "esito_positivo"
	DocEsitoNegativo         TipoDocumento = "esito_negativo"
	DocRitiro                TipoDocumento = "ritiro"
	DocAnnullamento          TipoDocumento = "annullamento"
)

// Documento is a document of the pratica: from the moment a formal step asks
// for it, through its production, to its registration.
type Documento struct {
	ID          string               `json:"id"` // "istanza", "richiesta_integrazione-2", …: unique in the pratica
	Tipo        TipoDocumento        `json:"tipo"`
	Direzione   protocollo.Direzione `json:"direzione,omitempty"`   // empty: not to be registered
	Riferimento string               `json:"riferimento,omitempty"` // id of the integration it is about
	Chiesto     time.Time            `json:"chiesto"`               // the formal step: date of the document
	Di          Firma                `json:"di"`
	Allegati    []string             `json:"allegati,omitempty"` // ids of the attachments registered with it

	Nome       string    `json:"nome,omitempty"` // file name; empty until produced
	SHA256     string    `json:"sha256,omitempty"`
	Dimensione int64     `json:"dimensione,omitempty"`
	Prodotto   time.Time `json:"prodotto,omitzero"`

	Registrazione *protocollo.Registrazione `json:"registrazione,omitempty"`
}

// Integrazione is one round of additions.
type Integrazione struct {
	ID        string    `json:"id"`
	Testo     string    `json:"testo"`
	Campi     []string  `json:"campi,omitempty"` // form fields the applicant may change; empty: only files and text
	Richiesta time.Time `json:"richiesta"`
	Scadenza  time.Time `json:"scadenza,omitzero"`
	Allegati  []string  `json:"allegati,omitempty"` // of the office

	Risposta         string          `json:"risposta,omitempty"`
	AllegatiRisposta []string        `json:"allegati_risposta,omitempty"`
	Messaggi         []string        `json:"messaggi,omitempty"` // messages accepted as the answer
	Prima            modulo.Risposte `json:"prima,omitempty"`    // the changed fields as they were
	Inviata          time.Time       `json:"inviata,omitzero"`
	Annullata        time.Time       `json:"annullata,omitzero"`
}

// Preavviso is a notice of refusal (L. 241/1990, art. 10-bis).
type Preavviso struct {
	Motivi       string    `json:"motivi"`
	Inviato      time.Time `json:"inviato"`
	Scadenza     time.Time `json:"scadenza"`
	Osservazioni string    `json:"osservazioni,omitempty"`
	Allegati     []string  `json:"allegati,omitempty"`
	Presentate   time.Time `json:"presentate,omitzero"`
}

// Esito is the decision.
type Esito struct {
	Positivo    bool      `json:"positivo"`
	Motivazione string    `json:"motivazione,omitempty"`
	Allegati    []string  `json:"allegati,omitempty"`
	Deciso      time.Time `json:"deciso"`
	Di          Firma     `json:"di"`
}

// Chiusura is an end without a decision: withdrawn, annulled, archived.
type Chiusura struct {
	Stato  Stato     `json:"stato"`
	Motivo string    `json:"motivo,omitempty"`
	Quando time.Time `json:"quando"`
}

// Momento is when something is owed: with the request or at the release.
type Momento string

// Moments of payments and stamps.
const (
	AllaRichiesta Momento = "richiesta"
	AlRilascio    Momento = "rilascio"
)

// Pagamento is an amount owed and what became of it.
type Pagamento struct {
	ID         string              `json:"id"` // also the id of the Dovuto: one attempt, one id
	Momento    Momento             `json:"momento"`
	Importo    decimal.Decimal     `json:"importo"`
	Causale    string              `json:"causale"`
	Voci       []pagamenti.Voce    `json:"voci,omitempty"`
	Richiesto  time.Time           `json:"richiesto"`
	Scadenza   time.Time           `json:"scadenza"`
	Posizione  pagamenti.Posizione `json:"posizione"`
	Manuale    *PagamentoManuale   `json:"manuale,omitempty"`
	Sostituito bool                `json:"sostituito,omitempty"` // another attempt took its place
}

// PagamentoManuale is a payment that an operator registered by hand. It cannot be undone.
type PagamentoManuale struct {
	Motivo      string    `json:"motivo"`
	Riferimento string    `json:"riferimento,omitempty"` // receipt number, other IUV
	Quando      time.Time `json:"quando"`
	Di          Firma     `json:"di"`
}

// Saldato reports whether the amount was paid, by either way.
func (p Pagamento) Saldato() bool {
	return p.Manuale != nil || p.Posizione.Stato == pagamenti.Pagato
}

// Aperto reports whether the amount still waits to be paid.
func (p Pagamento) Aperto() bool { return !p.Sostituito && !p.Saldato() }

// Bollo is stamp duty owed at one moment, and the stamps given for it.
type Bollo struct {
	ID        string               `json:"id"`
	Momento   Momento              `json:"momento"`
	Quantita  int                  `json:"quantita"`
	Importo   decimal.Decimal      `json:"importo"` // of each stamp
	Esenzione string               `json:"esenzione,omitempty"`
	Forniti   []bolli.Contrassegno `json:"forniti,omitempty"`
	Richiesto time.Time            `json:"richiesto"`
	Fornito   time.Time            `json:"fornito,omitzero"`
}

// Assolto reports whether the stamps were given, or an exemption claimed.
func (b Bollo) Assolto() bool { return !b.Fornito.IsZero() }

// Appuntamento is a booking linked to the pratica.
type Appuntamento struct {
	appuntamenti.Prenotazione
	Perso bool `json:"perso,omitempty"` // the place could not be confirmed: somebody must book again
}

// Messaggio is one message. Automatico marks the notices sent by themselves.
type Messaggio struct {
	ID         string    `json:"id"`
	Di         Firma     `json:"di"`
	Oggetto    string    `json:"oggetto,omitempty"`
	Testo      string    `json:"testo"`
	Allegati   []string  `json:"allegati,omitempty"`
	Quando     time.Time `json:"quando"`
	Automatico bool      `json:"automatico,omitempty"`
	Stato      Stato     `json:"stato,omitempty"` // of a notice: the state it is about
}

// Nota is an internal note; the applicant never sees it.
type Nota struct {
	ID     string    `json:"id"`
	Di     Firma     `json:"di"`
	Testo  string    `json:"testo"`
	Quando time.Time `json:"quando"`
}

// LogValue gives id, state and version.
func (p *Pratica) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", string(p.ID)), slog.String("stato", string(p.Stato)), slog.Int("versione", p.Versione))
}

// Allegato gives an attachment by its id.
func (p *Pratica) Allegato(id string) (Allegato, bool) {
	i := slices.IndexFunc(p.Allegati, func(a Allegato) bool { return a.ID == id })
	if i < 0 {
		return Allegato{}, false
	}
	return p.Allegati[i], true
}

// Documento gives a document by its id.
func (p *Pratica) Documento(id string) (Documento, bool) {
	if d := p.documento(id); d != nil {
		return *d, true
	}
	return Documento{}, false
}

// Pagamento gives a payment by its id.
func (p *Pratica) Pagamento(id string) (Pagamento, bool) {
	if x := p.pagamento(id); x != nil {
		return *x, true
	}
	return Pagamento{}, false
}

func (p *Pratica) documento(id string) *Documento {
	for i := range p.Documenti {
		if p.Documenti[i].ID == id {
			return &p.Documenti[i]
		}
	}
	return nil
}

// Protocollo gives the registration of the request itself; false until there is one.
func (p *Pratica) Protocollo() (protocollo.Registrazione, bool) {
	for i := range p.Documenti {
		if d := &p.Documenti[i]; d.Tipo == DocIstanza && d.Registrazione != nil {
			return *d.Registrazione, true
		}
	}
	return protocollo.Registrazione{}, false
}

// IntegrazioneAperta gives the round that waits for an answer; nil where none does.
func (p *Pratica) IntegrazioneAperta() *Integrazione {
	if n := len(p.Integrazioni); n > 0 {
		if i := &p.Integrazioni[n-1]; i.Inviata.IsZero() && i.Annullata.IsZero() {
			return i
		}
	}
	return nil
}

// DaPagare gives the payments of a moment that still wait.
func (p *Pratica) DaPagare(m Momento) []Pagamento {
	var aperti []Pagamento
	for _, x := range p.Pagamenti {
		if x.Momento == m && x.Aperto() {
			aperti = append(aperti, x)
		}
	}
	return aperti
}

// Dovuto is what is still to pay, of all moments.
func (p *Pratica) Dovuto() decimal.Decimal {
	var totale decimal.Decimal
	for i := range p.Pagamenti {
		if x := &p.Pagamenti[i]; x.Aperto() {
			totale = totale.Add(x.Importo)
		}
	}
	return totale
}

func (p *Pratica) saldato(m Momento) bool {
	for i := range p.Pagamenti {
		if p.Pagamenti[i].Momento == m && p.Pagamenti[i].Aperto() {
			return false
		}
	}
	for i := range p.Bolli {
		if p.Bolli[i].Momento == m && !p.Bolli[i].Assolto() {
			return false
		}
	}
	return true
}

// AppuntamentoAttivo gives the booking that holds a place; nil where none does.
func (p *Pratica) AppuntamentoAttivo() *Appuntamento {
	for i := range p.Appuntamenti {
		switch a := &p.Appuntamenti[i]; a.Stato {
		case appuntamenti.Bloccato, appuntamenti.Confermato:
			if !a.Perso {
				return a
			}
		default:
		}
	}
	return nil
}

// FileModulo describes for package modulo the attachments that an answer of the
// form may name: those that the applicant put for the form or for an
// integration.
func (p *Pratica) FileModulo() map[string]modulo.InfoFile {
	m := make(map[string]modulo.InfoFile, len(p.Allegati))
	for _, a := range p.Allegati {
		if a.Di.Ruolo != Cittadino || a.Origine != OrigineRichiesta && a.Origine != OrigineIntegrazione {
			continue
		}
		m[a.ID] = modulo.InfoFile{Nome: a.Nome, Tipo: a.MIME, Byte: a.Dimensione, SHA256: a.SHA256}
	}
	return m
}
