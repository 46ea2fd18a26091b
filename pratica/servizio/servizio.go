// Package servizio holds what a municipality configures for one service
// (servizio): the form, the flow, who may ask and who decides, and — each of
// them absent unless configured — registry, payments, stamps and appointments.
//
// A Configurazione is plain data, in Go or JSON; Nuovo checks all of it at once
// and gives an immutable Servizio, safe for concurrent use. The package is pure.
package servizio

import (
	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// Flusso is what happens after the request arrived.
type Flusso string

const (
	// Approvazione: an operator takes the pratica in charge and decides. Defaults
	// to this where empty.
	Approvazione Flusso = "approvazione"
	// Inoltro: the request is only forwarded (a report, a communication). Nobody
	// takes it in charge; it ends archived. No integrations, messages or outcome.
	Inoltro Flusso = "inoltro"
)

// Livello is how surely the applicant must have been identified. Levels are
// ordered; the numbers are those of the OpenCity Italia API.
type Livello int

// Access levels. SPID levels are those of DPCM 24/10/2014, art. 6.
const (
	Anonimo Livello = 0
	Social  Livello = 1000
	SPID1   Livello = 2000
	SPID2   Livello = 3000
	CIE     Livello = 4000
)

// Configurazione is a service as its author writes it.
type Configurazione struct {
	ID          string             `json:"id" validate:"required,slug,max=64"`
	Versione    int                `json:"versione" validate:"min=1"` // grows with every published change; a pratica keeps the one it began with
	Nome        string             `json:"nome" validate:"required,max=200"`
	Descrizione string             `json:"descrizione,omitempty" validate:"max=4000"`
	Modulo      modulo.Definizione `json:"modulo" validate:"-"` // modulo.Compila checks it
	Flusso      Flusso             `json:"flusso,omitempty" validate:"omitempty,oneof=approvazione inoltro"`
	Accesso     Livello            `json:"accesso" validate:"oneof=0 1000 2000 3000 4000"`
	// Uffici are the offices that handle the service; empty means that operators
	// act without an office.
	Uffici []Ufficio `json:"uffici,omitempty" validate:"max=50,unique=ID,dive"`
	// Precompila fills and locks form fields from the applicant's identity:
	// field id → attribute (nome, cognome, codice_fiscale, nascita, luogo_nascita, email, pec, telefono).
	Precompila map[string]string `json:"precompila,omitempty" validate:"max=20,dive,keys,required,endkeys,oneof=nome cognome codice_fiscale nascita luogo_nascita email pec telefono"`
	// Oggetto is the subject of the request in the registry; defaults to Nome.
	Oggetto string `json:"oggetto,omitempty" validate:"max=200"`
	// TempoMassimo is the term of the procedure in calendar days (L. 241/1990,
	// art. 2); 0 means the 30 days of the law.
	TempoMassimo int `json:"tempo_massimo,omitempty" validate:"min=0,max=730"`
	// Elenco are the form fields that the lists of the desk show as columns, search
	// in and add up, in the order of the columns.
	Elenco []CampoElenco `json:"elenco,omitempty" validate:"max=64,unique=Campo,dive"`

	Protocollo   *Protocollo   `json:"protocollo,omitempty"`
	Pagamenti    *Pagamenti    `json:"pagamenti,omitempty"`
	Bolli        *Bolli        `json:"bolli,omitempty"`
	Appuntamenti *Appuntamenti `json:"appuntamenti,omitempty"`
	Integrazioni *Integrazioni `json:"integrazioni,omitempty"` // nil: the office may not ask for any
	Preavviso    *Preavviso    `json:"preavviso,omitempty"`    // nil: refusal without notice (the service declares that art. 10-bis does not apply)
	Assegnazione *Assegnazione `json:"assegnazione,omitempty"`

	Conservazione *Conservazione `json:"conservazione,omitempty"` // nil: personal data and drafts are kept for ever

	Ritiro     bool `json:"ritiro,omitempty"`     // the applicant may withdraw
	Riapertura bool `json:"riapertura,omitempty"` // an operator may reopen what was closed

	// Messaggi are the notices sent by themselves when a pratica enters a state,
	// by the state's name; a state without an entry sends none.
	Messaggi map[string]Messaggio `json:"messaggi,omitempty" validate:"max=17,dive,keys,oneof=attesa_pagamento inviata protocollata in_carico integrazione_richiesta attesa_integrazione integrazione_inviata attesa_osservazioni attesa_pagamento_finale esito_positivo esito_negativo accettata rifiutata ritirata annullata archiviata,endkeys"`
}

// Ufficio is an office of the ente.
type Ufficio struct {
	ID   string `json:"id" validate:"required,slug,max=64"`
	Nome string `json:"nome" validate:"required,max=200"`
}

// StrategiaFascicolo says which documents share a fascicolo.
type StrategiaFascicolo string

const (
	// PerServizioAnno: one fascicolo per service and calendar year (Europe/Rome),
	// of the day on which the pratica was presented; documents of a later year
	// stay with their pratica. Defaults to this where empty. (Fascicolo of type
	// "attività", Linee guida AgID, Allegato 5, §4.)
	PerServizioAnno StrategiaFascicolo = "per_servizio_anno"
	// PerPratica: one fascicolo per pratica (type "procedimento amministrativo").
	PerPratica StrategiaFascicolo = "per_pratica"
	// Fisso: always the fascicolo named in CodiceFascicolo, opened by hand.
	Fisso StrategiaFascicolo = "fisso"
)

// Protocollo says how documents of the service are registered.
type Protocollo struct {
	Classifica      string             `json:"classifica" validate:"required,max=64"` // entry of the titolario: mandatory (DPR 445/2000, art. 56)
	Ufficio         string             `json:"ufficio,omitempty" validate:"max=64"`   // office to which the registry assigns
	Fascicolo       StrategiaFascicolo `json:"fascicolo,omitempty" validate:"omitempty,oneof=per_servizio_anno per_pratica fisso"`
	CodiceFascicolo string             `json:"codice_fascicolo,omitempty" validate:"required_if=Fascicolo fisso,max=64"`
	Parametri       map[string]string  `json:"parametri,omitempty" validate:"max=50,dive,keys,required,max=64,endkeys,max=1000"` // for the registry's adapter, as they are
}

// Pagamenti are the payments of the service; each moment is absent where nil.
type Pagamenti struct {
	Anticipato  *Onere `json:"anticipato,omitempty"`  // paid before the request counts as presented
	Posticipato *Onere `json:"posticipato,omitempty"` // asked by the office, due before the release
}

// OrigineImporto says where an amount comes from.
type OrigineImporto string

// Where an amount comes from.
const (
	ImportoFisso     OrigineImporto = "fisso"     // Onere.Importo
	ImportoDalModulo OrigineImporto = "modulo"    // the form field Onere.Campo; zero means nothing is due
	ImportoOperatore OrigineImporto = "operatore" // typed by the operator; only for Posticipato
)

// Onere is something to pay. Amounts are euro with two decimals.
type Onere struct {
	Origine        OrigineImporto  `json:"origine" validate:"required,oneof=fisso modulo operatore"`
	Importo        decimal.Decimal `json:"importo,omitzero"`
	Campo          string          `json:"campo,omitempty" validate:"required_if=Origine modulo,max=64"`
	Causale        string          `json:"causale" validate:"required,max=100"` // without personal data; the number of the pratica is added
	Capitoli       []Capitolo      `json:"capitoli,omitempty" validate:"max=5,dive"`
	GiorniScadenza int             `json:"giorni_scadenza,omitempty" validate:"min=0,max=365"` // 0 means 90
}

// Capitolo is one line of the split over the accounts of the ente. Quote are
// percentages and must sum to 100.
type Capitolo struct {
	Capitolo     string          `json:"capitolo" validate:"required,max=64"`
	Ufficio      string          `json:"ufficio,omitempty" validate:"max=64"`
	Accertamento string          `json:"accertamento,omitempty" validate:"max=64"`
	Quota        decimal.Decimal `json:"quota"`
}

// Bolli are the stamps of the service; each moment is absent where nil.
type Bolli struct {
	Richiesta *Bollo `json:"richiesta,omitempty"` // on the request (DPR 642/1972, Tariffa, art. 3)
	Rilascio  *Bollo `json:"rilascio,omitempty"`  // on the act that is released (art. 4), asked by the operator
}

// Bollo says how many stamps are due at one moment.
type Bollo struct {
	Quantita  int             `json:"quantita" validate:"min=1,max=20"`
	Importo   decimal.Decimal `json:"importo,omitzero"`                             // each, in euro; zero means what the law says on that day
	Esenzioni []string        `json:"esenzioni,omitempty" validate:"max=20,unique"` // codes of bolli.Esenzioni that the applicant may claim
}

// Appuntamenti lets the applicant book with the request.
type Appuntamenti struct {
	Calendari    []string `json:"calendari" validate:"required,min=1,max=20,unique,dive,required,max=64"`
	Obbligatorio bool     `json:"obbligatorio,omitempty"` // no submission without one
}

// Integrazioni lets the office ask for additions.
type Integrazioni struct {
	Giorni int `json:"giorni,omitempty" validate:"min=0,max=365"` // term for the answer; 0 means 30
}

// Preavviso configures the notice of refusal.
type Preavviso struct {
	Giorni int `json:"giorni,omitempty" validate:"omitempty,min=10,max=60"` // term for observations; 0 means the 10 days of L. 241/1990, art. 10-bis, which are the least
}

// Assegnazione assigns a request to an office by the value of a form field.
type Assegnazione struct {
	Campo       string            `json:"campo" validate:"required,max=64"`
	PerValore   map[string]string `json:"per_valore" validate:"required,min=1,max=500"` // value → office id
	Predefinito string            `json:"predefinito,omitempty" validate:"max=64"`      // office where no value matches; "" leaves it unassigned
}

// Messaggio is the text of a notice. Both parts may hold the placeholders
// {numero}, {servizio}, {stato}, {protocollo}, {data_protocollo},
// {presentata_il}, {scadenza}, {motivo}, {importo}.
type Messaggio struct {
	Oggetto string `json:"oggetto" validate:"required,max=200"`
	Testo   string `json:"testo" validate:"required,max=10000"`
}
