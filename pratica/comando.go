package pratica

import (
	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// Comando is what somebody wants to happen.
type Comando struct {
	Attore Attore
	// ID is a fresh UUID, which becomes the id of whatever the command creates
	// (a message, an integration, a payment).
	ID string
	// Chiave is the idempotency key, optional: the same key again on the same
	// pratica returns the first result and does nothing. A page puts a new one
	// into each form it shows, so that a double click has one effect. At most
	// 200 bytes.
	Chiave string
	Dati   Dati
}

// Dati is what a command asks: one of the command types of this package.
type Dati interface{ Azione() Azione }

// Commands of the applicant.
type (
	// ApriBozza opens a draft. Actor and service give its content.
	ApriBozza struct{}
	// SalvaBozza replaces the answers; nothing is validated, a draft is never blocked.
	SalvaBozza struct{ Risposte modulo.Risposte }
	// EliminaBozza removes the draft for good.
	EliminaBozza struct{}
	// Allega adds a file whose bytes are already in the archive.
	Allega struct{ Allegato Allegato }
	// RimuoviAllegato takes it away while it was not sent.
	RimuoviAllegato struct{ Allegato string }
	// ScegliAppuntamento links a booking that the agenda holds for this pratica.
	ScegliAppuntamento struct{ Prenotazione appuntamenti.Prenotazione }
	// Invia submits the request: the form is validated, the stamps checked.
	Invia struct {
		Numero    Numero // reserved for this pratica in the year of the command
		Bolli     []bolli.Contrassegno
		Esenzione string // code of an exemption from stamp duty, claimed under DPR 445/2000
	}
	// TornaInBozza reopens a request that was not paid.
	TornaInBozza struct{}
	// RigeneraPagamento asks for a new attempt after a failed or expired one.
	RigeneraPagamento struct{ Pagamento string }
	// InviaIntegrazione answers the open request for integrations.
	InviaIntegrazione struct {
		Testo    string
		Risposte modulo.Risposte // only the fields that the request reopened are read
		Allegati []string
	}
	// PresentaOsservazioni answers a notice of refusal.
	PresentaOsservazioni struct {
		Testo    string
		Allegati []string
	}
	// FornisciBollo gives the stamps asked for.
	FornisciBollo struct {
		Bollo     string // id of the Bollo
		Forniti   []bolli.Contrassegno
		Esenzione string
	}
	// Ritira withdraws the request.
	Ritira struct{ Motivo string }
)

// Commands of operators.
type (
	// PrendiInCarico takes the pratica in charge. Ufficio may be empty: then the
	// office it is assigned to, if the operator belongs to it, else the first of
	// the service's offices to which he does.
	PrendiInCarico struct{ Ufficio string }
	// Assegna gives it to an office, and to an operator of it if named.
	Assegna struct{ Ufficio, Operatore string }
	// Subentra takes it over from the operator who has it.
	Subentra struct{ Ufficio string }
	// RichiediIntegrazione asks the applicant for additions. Giorni 0 means the
	// term of the service. Campi are the form fields that he may change.
	RichiediIntegrazione struct {
		Testo    string
		Campi    []string
		Giorni   int
		Allegati []string
	}
	// AccettaIntegrazione closes the round with the messages that the applicant
	// wrote since, as his answer. Messaggi names them; nil means all.
	AccettaIntegrazione struct{ Messaggi []string }
	// AnnullaIntegrazione closes it without an answer.
	AnnullaIntegrazione struct{ Motivo string }
	// PreavvisaRigetto sends the notice of refusal (L. 241/1990, art. 10-bis).
	PreavvisaRigetto struct{ Motivi string }
	// Approva decides in favour. Importo is what is due before the release, where
	// the operator sets it and no payment was asked before.
	Approva struct {
		Motivazione string
		Allegati    []string
		Importo     decimal.Decimal
	}
	// Rifiuta decides against; the reasons are mandatory (L. 241/1990, art. 3).
	Rifiuta struct {
		Motivazione string
		Allegati    []string
	}
	// RichiediPagamento asks for an amount. Zero means the amount of the service.
	RichiediPagamento struct {
		Importo decimal.Decimal
		Causale string // empty: that of the service
	}
	// RegistraPagamento marks a payment as made elsewhere. It cannot be undone.
	RegistraPagamento struct{ Pagamento, Motivo, Riferimento string }
	// RichiediBollo asks for stamps for the release. Zero means the number of the service.
	RichiediBollo struct{ Quantita int }
	// Annota adds an internal note.
	Annota struct{ Testo string }
	// Annulla revokes the pratica.
	Annulla struct{ Motivo string }
	// Riapri brings it back in charge.
	Riapri struct{ Motivo string }
	// Archivia closes a forwarded request.
	Archivia struct{ Motivo string }
)

// Commands of both sides.
type (
	// ScriviMessaggio writes to the other side.
	ScriviMessaggio struct {
		Oggetto, Testo string
		Allegati       []string
	}
	// SpostaAppuntamento records a booking that the agenda has moved.
	SpostaAppuntamento struct{ Prenotazione appuntamenti.Prenotazione }
	// DisdiciAppuntamento gives the place back.
	DisdiciAppuntamento struct{ Appuntamento string }
)

// Commands of the system: outcomes of effects, and the erasure of personal data.
type (
	// RegistraDocumento: a document was produced.
	RegistraDocumento struct {
		ID, Nome, SHA256 string
		Dimensione       int64
	}
	// Protocolla: the registry gave a number to a document.
	Protocolla struct {
		Documento     string
		Registrazione protocollo.Registrazione
	}
	// AggiornaPagamento: news of a payment.
	AggiornaPagamento struct{ Posizione pagamenti.Posizione }
	// AggiornaAppuntamento: news of a booking. Perso: the place is gone.
	AggiornaAppuntamento struct {
		Prenotazione appuntamenti.Prenotazione
		Perso        bool
	}
	// Avvisa: the notice for a state was sent.
	Avvisa struct {
		Stato          Stato
		Oggetto, Testo string
	}
	// OscuraDati erases the personal data of a pratica that ended: see Oscura.
	// Motivo, which stays in the iter, says on what ground and must not name
	// anybody: the number of the authorisation, of the order, of the request.
	// Whether the term of the service passed is for the caller to know;
	// PrimaDelTermine records that it did not.
	OscuraDati struct {
		Motivo          string
		PrimaDelTermine bool
	}
)

// Azione implements Dati.
func (ApriBozza) Azione() Azione { return AzioneApriBozza }

// Azione implements Dati.
func (SalvaBozza) Azione() Azione { return AzioneSalvaBozza }

// Azione implements Dati.
func (EliminaBozza) Azione() Azione { return AzioneEliminaBozza }

// Azione implements Dati.
func (Allega) Azione() Azione { return AzioneAllega }

// Azione implements Dati.
func (RimuoviAllegato) Azione() Azione { return AzioneRimuoviAllegato }

// Azione implements Dati.
func (ScegliAppuntamento) Azione() Azione { return AzioneScegliAppuntamento }

// Azione implements Dati.
func (Invia) Azione() Azione { return AzioneInvia }

// Azione implements Dati.
func (TornaInBozza) Azione() Azione { return AzioneTornaInBozza }

// Azione implements Dati.
func (RigeneraPagamento) Azione() Azione { return AzioneRigeneraPagamento }

// Azione implements Dati.
func (InviaIntegrazione) Azione() Azione { return AzioneInviaIntegrazione }

// Azione implements Dati.
func (PresentaOsservazioni) Azione() Azione { return AzionePresentaOsservazioni }

// Azione implements Dati.
func (FornisciBollo) Azione() Azione { return AzioneFornisciBollo }

// Azione implements Dati.
func (Ritira) Azione() Azione { return AzioneRitira }

// Azione implements Dati.
func (PrendiInCarico) Azione() Azione { return AzionePrendiInCarico }

// Azione implements Dati.
func (Assegna) Azione() Azione { return AzioneAssegna }

// Azione implements Dati.
func (Subentra) Azione() Azione { return AzioneSubentra }

// Azione implements Dati.
func (RichiediIntegrazione) Azione() Azione { return AzioneRichiediIntegrazione }

// Azione implements Dati.
func (AccettaIntegrazione) Azione() Azione { return AzioneAccettaIntegrazione }

// Azione implements Dati.
func (AnnullaIntegrazione) Azione() Azione { return AzioneAnnullaIntegrazione }

// Azione implements Dati.
func (PreavvisaRigetto) Azione() Azione { return AzionePreavvisaRigetto }

// Azione implements Dati.
func (Approva) Azione() Azione { return AzioneApprova }

// Azione implements Dati.
func (Rifiuta) Azione() Azione { return AzioneRifiuta }

// Azione implements Dati.
func (RichiediPagamento) Azione() Azione { return AzioneRichiediPagamento }

// Azione implements Dati.
func (RegistraPagamento) Azione() Azione { return AzioneRegistraPagamento }

// Azione implements Dati.
func (RichiediBollo) Azione() Azione { return AzioneRichiediBollo }

// Azione implements Dati.
func (Annota) Azione() Azione { return AzioneAnnota }

// Azione implements Dati.
func (Annulla) Azione() Azione { return AzioneAnnulla }

// Azione implements Dati.
func (Riapri) Azione() Azione { return AzioneRiapri }

// Azione implements Dati.
func (Archivia) Azione() Azione { return AzioneArchivia }

// Azione implements Dati.
func (ScriviMessaggio) Azione() Azione { return AzioneScriviMessaggio }

// Azione implements Dati.
func (SpostaAppuntamento) Azione() Azione { return AzioneSpostaAppuntamento }

// Azione implements Dati.
func (DisdiciAppuntamento) Azione() Azione { return AzioneDisdiciAppuntamento }

// Azione implements Dati.
func (RegistraDocumento) Azione() Azione { return AzioneDocumentoProdotto }

// Azione implements Dati.
func (Protocolla) Azione() Azione { return AzioneProtocolla }

// Azione implements Dati.
func (AggiornaPagamento) Azione() Azione { return AzioneAggiornaPagamento }

// Azione implements Dati.
func (AggiornaAppuntamento) Azione() Azione { return AzioneAggiornaAppuntamento }

// Azione implements Dati.
func (Avvisa) Azione() Azione { return AzioneAvvisa }

// Azione implements Dati.
func (OscuraDati) Azione() Azione { return AzioneOscuraDati }
