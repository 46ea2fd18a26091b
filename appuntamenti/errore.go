package appuntamenti

import (
	"errors"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// The refusals of an Agenda, to be tested with errors.Is. An Agenda gives them
// inside a guasto.Errore, which Rifiuto builds.
var (
	// ErrFasciaPiena: no place left in the slot.
	ErrFasciaPiena = errors.New("appuntamenti: fascia piena")
	// ErrFasciaNonOfferta: the calendar has no such slot, is closed then, or does not offer it yet.
	ErrFasciaNonOfferta = errors.New("appuntamenti: fascia non offerta")
	// ErrTroppoTardi: the slot has begun, is within the least notice, or the limit to cancel or move is past.
	ErrTroppoTardi = errors.New("appuntamenti: troppo tardi")
	// ErrNonTrovata: the ente has no booking with that id.
	ErrNonTrovata = errors.New("appuntamenti: prenotazione non trovata")
	// ErrBloccoScaduto: the hold has expired and its place could not be taken again.
	ErrBloccoScaduto = errors.New("appuntamenti: blocco scaduto")
	// ErrRiferimentoOccupato: the riferimento has another active booking.
	ErrRiferimentoOccupato = errors.New("appuntamenti: riferimento con una prenotazione attiva")
	// ErrIDUsato: the id belongs to a booking with other data.
	ErrIDUsato = errors.New("appuntamenti: id già usato")
	// ErrStato: the state of the booking does not admit the operation.
	ErrStato = errors.New("appuntamenti: stato che non ammette l'operazione")
	// ErrCalendarioIgnoto: the ente has no calendar with that id.
	ErrCalendarioIgnoto = errors.New("appuntamenti: calendario ignoto")
	// ErrNonValida: an argument is missing, malformed or out of bounds.
	ErrNonValida = errors.New("appuntamenti: richiesta non valida")
)

type rifiuto struct {
	err           error
	codice, testo string
}

// rifiuti is a function so that nobody can change the table.
func rifiuti() []rifiuto {
	return []rifiuto{
		{ErrFasciaPiena, "fascia_piena", "L'orario scelto non è più disponibile: scegli un altro orario."},
		{ErrFasciaNonOfferta, "fascia_non_offerta", "L'orario scelto non è prenotabile: scegli un orario tra quelli proposti."},
		{ErrTroppoTardi, "troppo_tardi", "Il termine per questa operazione è passato: contatta l'ufficio."},
		{ErrNonTrovata, "non_trovata", "L'appuntamento non è stato trovato: controlla di avere aperto la pratica giusta o contatta l'ufficio."},
		{ErrBloccoScaduto, "blocco_scaduto", "L'orario scelto non è stato confermato in tempo e ora è occupato: scegli un altro orario."},
		{ErrRiferimentoOccupato, "riferimento_occupato", "C'è già un appuntamento per questa pratica: per cambiarlo, spostalo o annullalo."},
		{ErrIDUsato, "id_gia_usato", "La richiesta è già stata usata per un altro appuntamento: ricarica la pagina e riprova."},
		{ErrStato, "stato_non_ammesso", "L'appuntamento non può più essere modificato in questo modo: ricarica la pagina per vedere a che punto è."},
		{ErrCalendarioIgnoto, "calendario_ignoto", "Il calendario richiesto non esiste: torna all'elenco e sceglilo di nuovo."},
		{ErrNonValida, "non_valida", "La richiesta di appuntamento non è completa: controlla i dati e riprova."},
	}
}

// Rifiuto wraps one of the refusals above as a guasto.Errore of class
// Permanente: nothing was done, and the same call will be refused again until
// somebody changes its data or the booking. operazione is the method,
// "appuntamenti.Blocca". Another error becomes EsitoIgnoto, nil stays nil.
func Rifiuto(operazione string, err error) error {
	if err == nil {
		return nil
	}
	for _, r := range rifiuti() {
		if errors.Is(err, r.err) {
			return guasto.Nuovo(guasto.Permanente, operazione, r.codice, err)
		}
	}
	return guasto.Nuovo(guasto.EsitoIgnoto, operazione, "", err)
}

// EUnRifiuto reports whether err is, or wraps, one of the refusals.
func EUnRifiuto(err error) bool {
	for _, r := range rifiuti() {
		if errors.Is(err, r.err) {
			return true
		}
	}
	return false
}

// Spiega tells a citizen, in Italian, what happened and what to do. nil gives "".
func Spiega(err error) string {
	if err == nil {
		return ""
	}
	for _, r := range rifiuti() {
		if errors.Is(err, r.err) {
			return r.testo
		}
	}
	return "Il servizio di prenotazione non risponde: riprova tra qualche minuto."
}
