package pratica

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// Evento is one entry of the iter: something that happened. The fields before
// Fatto are chained by hash and hold no personal data; what may hold them is
// in Fatto, of which the chain keeps only a salted commitment, so that erasing
// it leaves the iter verifiable. See Sigilla and Verifica.
type Evento struct {
	Pratica     ID
	Progressivo int // 1, 2, 3…: the version of the pratica after it
	Azione      Azione
	Di          Firma
	Quando      time.Time // UTC
	Da, A       Stato     // equal where the state does not change

	Fatto Fatto // nil once erased

	// Set by Sigilla.
	Sale       string // random, hex; erased with Fatto
	Impegno    string // SHA-256 of Sale and Fatto, hex
	Precedente string // Impronta of the event before, "" for the first
	Impronta   string // SHA-256 of all the above but Sale and Fatto, hex
}

// Fatto is what happened: one of the event types of this package.
type Fatto interface{ genere() string }

// Events. The name of each is the kind written in the database; it never changes.
type (
	// BozzaAperta begins the pratica.
	BozzaAperta struct {
		Ente             string             `json:"ente"`
		Servizio         string             `json:"servizio"`
		VersioneServizio int                `json:"versione_servizio"`
		Richiedente      anagrafica.Persona `json:"richiedente"`
		Autenticazione   Autenticazione     `json:"autenticazione"`
		Risposte         modulo.Risposte    `json:"risposte,omitempty"` // filled in from the identity
	}
	// BozzaSalvata replaces the answers of the draft.
	BozzaSalvata struct {
		Risposte modulo.Risposte `json:"risposte"`
	}
	// BozzaEliminata ends a draft; the store removes all of it.
	BozzaEliminata struct{}
	// AllegatoAggiunto adds a file.
	AllegatoAggiunto struct {
		Allegato Allegato `json:"allegato"`
	}
	// AllegatoRimosso takes a file away that was not sent yet.
	AllegatoRimosso struct {
		ID string `json:"id"`
	}
	// AppuntamentoScelto links a booking; an earlier one gives its place back.
	AppuntamentoScelto struct {
		Prenotazione appuntamenti.Prenotazione `json:"prenotazione"`
	}
	// AppuntamentoAggiornato is news of a booking.
	AppuntamentoAggiornato struct {
		Prenotazione appuntamenti.Prenotazione `json:"prenotazione"`
		Perso        bool                      `json:"perso,omitempty"`
	}
	// RichiestaInviata closes the form.
	RichiestaInviata struct {
		Numero   Numero          `json:"numero"`
		Oggetto  string          `json:"oggetto"`
		Risposte modulo.Risposte `json:"risposte"`
		Bollo    *Bollo          `json:"bollo,omitempty"`
		Ufficio  string          `json:"ufficio,omitempty"` // assigned by itself
	}
	// RichiestaRiaperta brings a request not yet paid back to a draft.
	RichiestaRiaperta struct{}
	// PagamentoRichiesto adds an amount to pay.
	PagamentoRichiesto struct {
		ID       string           `json:"id"`
		Momento  Momento          `json:"momento"`
		Importo  decimal.Decimal  `json:"importo"`
		Causale  string           `json:"causale"`
		Voci     []pagamenti.Voce `json:"voci,omitempty"`
		Scadenza time.Time        `json:"scadenza"`
		Al       string           `json:"al_posto_di,omitempty"` // id of the attempt that it replaces
	}
	// PagamentoAggiornato is news of a payment.
	PagamentoAggiornato struct {
		Posizione pagamenti.Posizione `json:"posizione"`
	}
	// PagamentoRegistrato marks a payment as made elsewhere.
	PagamentoRegistrato struct {
		ID          string `json:"id"`
		Motivo      string `json:"motivo"`
		Riferimento string `json:"riferimento,omitempty"`
	}
	// BolloRichiesto adds stamps to give.
	BolloRichiesto struct {
		ID       string          `json:"id"`
		Momento  Momento         `json:"momento"`
		Quantita int             `json:"quantita"`
		Importo  decimal.Decimal `json:"importo"`
	}
	// BolloFornito gives the stamps, or the exemption.
	BolloFornito struct {
		ID        string               `json:"id"`
		Forniti   []bolli.Contrassegno `json:"forniti,omitempty"`
		Esenzione string               `json:"esenzione,omitempty"`
	}
	// DocumentoChiesto: a formal step asks for its document.
	DocumentoChiesto struct {
		ID          string               `json:"id"`
		Tipo        TipoDocumento        `json:"tipo"`
		Direzione   protocollo.Direzione `json:"direzione,omitempty"`
		Riferimento string               `json:"riferimento,omitempty"`
		Allegati    []string             `json:"allegati,omitempty"`
	}
	// DocumentoProdotto: the PDF of a document is in the archive.
	DocumentoProdotto struct {
		ID         string `json:"id"`
		Nome       string `json:"nome"`
		SHA256     string `json:"sha256"`
		Dimensione int64  `json:"dimensione"`
	}
	// DocumentoProtocollato: the registry gave a number.
	DocumentoProtocollato struct {
		ID            string                   `json:"id"`
		Registrazione protocollo.Registrazione `json:"registrazione"`
	}
	// PresaInCarico: an operator answers for the pratica. Also for a take-over
	// (subentro) and for an assignment that names the operator.
	PresaInCarico struct {
		Operatore string `json:"operatore"`
		Ufficio   string `json:"ufficio,omitempty"`
	}
	// Assegnata: an office must take it in charge.
	Assegnata struct {
		Ufficio string `json:"ufficio"`
	}
	// IntegrazioneChiesta begins a round of additions.
	IntegrazioneChiesta struct {
		ID       string    `json:"id"`
		Testo    string    `json:"testo"`
		Campi    []string  `json:"campi,omitempty"`
		Scadenza time.Time `json:"scadenza,omitzero"`
		Allegati []string  `json:"allegati,omitempty"`
	}
	// IntegrazioneConclusa ends it with an answer: the applicant's own, or the
	// messages that the operator accepted as one.
	IntegrazioneConclusa struct {
		ID       string          `json:"id"`
		Testo    string          `json:"testo,omitempty"`
		Risposte modulo.Risposte `json:"risposte,omitempty"` // only the changed fields
		Allegati []string        `json:"allegati,omitempty"`
		Messaggi []string        `json:"messaggi,omitempty"`
	}
	// IntegrazioneRevocata ends it without an answer.
	IntegrazioneRevocata struct {
		ID     string `json:"id"`
		Motivo string `json:"motivo,omitempty"`
	}
	// PreavvisoInviato tells the applicant the reasons against.
	PreavvisoInviato struct {
		Motivi   string    `json:"motivi"`
		Scadenza time.Time `json:"scadenza"`
	}
	// OsservazioniPresentate answers it.
	OsservazioniPresentate struct {
		Testo    string   `json:"testo"`
		Allegati []string `json:"allegati,omitempty"`
	}
	// EsitoDeciso is the decision.
	EsitoDeciso struct {
		Positivo    bool     `json:"positivo"`
		Motivazione string   `json:"motivazione,omitempty"`
		Allegati    []string `json:"allegati,omitempty"`
	}
	// MessaggioScritto adds a message or a notice.
	MessaggioScritto struct {
		ID         string   `json:"id"`
		Oggetto    string   `json:"oggetto,omitempty"`
		Testo      string   `json:"testo"`
		Allegati   []string `json:"allegati,omitempty"`
		Automatico bool     `json:"automatico,omitempty"`
		Stato      Stato    `json:"stato,omitempty"`
	}
	// NotaScritta adds an internal note.
	NotaScritta struct {
		ID    string `json:"id"`
		Testo string `json:"testo"`
	}
	// PraticaChiusa ends the procedure without a decision: withdrawn, annulled, archived.
	PraticaChiusa struct {
		Motivo string `json:"motivo,omitempty"`
	}
	// PraticaRiaperta brings a closed pratica back in charge; the outcome is cleared.
	PraticaRiaperta struct {
		Motivo string `json:"motivo"`
	}
	// DovutiSaldati: nothing is left to pay; the procedure goes on.
	DovutiSaldati struct{}
	// DatiOscurati erases the personal data. What it carries is all that stays of
	// the pratica, beside the chained part of its iter: see Oscura.
	DatiOscurati struct {
		Motivo           string         `json:"motivo"`
		PrimaDelTermine  bool           `json:"prima_del_termine,omitempty"`
		Ente             string         `json:"ente"`
		Servizio         string         `json:"servizio"`
		VersioneServizio int            `json:"versione_servizio"`
		Numero           Numero         `json:"numero,omitzero"`
		Creata           time.Time      `json:"creata"`
		Ufficio          string         `json:"ufficio,omitempty"`
		Operatore        string         `json:"operatore,omitempty"`
		Documenti        []Documento    `json:"documenti,omitempty"`
		Esito            *Esito         `json:"esito,omitempty"`
		Pagamenti        []Pagamento    `json:"pagamenti,omitempty"`
		Bolli            []Bollo        `json:"bolli,omitempty"`
		Appuntamenti     []Appuntamento `json:"appuntamenti,omitempty"`
	}
)

func (BozzaAperta) genere() string            { return "bozza_aperta" }
func (BozzaSalvata) genere() string           { return "bozza_salvata" }
func (BozzaEliminata) genere() string         { return "bozza_eliminata" }
func (AllegatoAggiunto) genere() string       { return "allegato_aggiunto" }
func (AllegatoRimosso) genere() string        { return "allegato_rimosso" }
func (AppuntamentoScelto) genere() string     { return "appuntamento_scelto" }
func (AppuntamentoAggiornato) genere() string { return "appuntamento_aggiornato" }
func (RichiestaInviata) genere() string       { return "richiesta_inviata" }
func (RichiestaRiaperta) genere() string      { return "richiesta_riaperta" }
func (PagamentoRichiesto) genere() string     { return "pagamento_richiesto" }
func (PagamentoAggiornato) genere() string    { return "pagamento_aggiornato" }
func (PagamentoRegistrato) genere() string    { return "pagamento_registrato" }
func (BolloRichiesto) genere() string         { return "bollo_richiesto" }
func (BolloFornito) genere() string           { return "bollo_fornito" }
func (DocumentoChiesto) genere() string       { return "documento_chiesto" }
func (DocumentoProdotto) genere() string      { return "documento_prodotto" }
func (DocumentoProtocollato) genere() string  { return "documento_protocollato" }
func (PresaInCarico) genere() string          { return "presa_in_carico" }
func (Assegnata) genere() string              { return "assegnata" }
func (IntegrazioneChiesta) genere() string    { return "integrazione_chiesta" }
func (IntegrazioneConclusa) genere() string   { return "integrazione_conclusa" }
func (IntegrazioneRevocata) genere() string   { return "integrazione_revocata" }
func (PreavvisoInviato) genere() string       { return "preavviso_inviato" }
func (OsservazioniPresentate) genere() string { return "osservazioni_presentate" }
func (EsitoDeciso) genere() string            { return "esito_deciso" }
func (MessaggioScritto) genere() string       { return "messaggio_scritto" }
func (NotaScritta) genere() string            { return "nota_scritta" }
func (PraticaChiusa) genere() string          { return "pratica_chiusa" }
func (PraticaRiaperta) genere() string        { return "pratica_riaperta" }
func (DovutiSaldati) genere() string          { return "dovuti_saldati" }
func (DatiOscurati) genere() string           { return "dati_oscurati" }
