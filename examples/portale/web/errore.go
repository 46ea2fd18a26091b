package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
)

const (
	messaggioInterno = "Si è verificato un problema e l'operazione non è stata completata. Riprova tra qualche minuto: se il problema continua, contatta l'ufficio."
	messaggioCSRF    = "La pagina da cui hai inviato i dati è scaduta o non è di questo portale: torna indietro, ricaricala e riprova."
)

// Stato gives the HTTP status of an error and what to tell the person.
func Stato(err error) (int, string) {
	var e *pratica.Errore
	if errors.As(err, &e) {
		if stato := statoDi(e.Codice); stato != http.StatusInternalServerError {
			return stato, e.Messaggio()
		}
		return http.StatusInternalServerError, messaggioInterno
	}
	var c guasto.Classificato
	switch {
	case errors.Is(err, storage.ErrNonTrovata):
		return http.StatusNotFound, pratica.ErrNonTrovato.Messaggio()
	case errors.As(err, &c):
		return http.StatusBadGateway, pratica.ErrEsterno.Messaggio()
	default:
		return http.StatusInternalServerError, messaggioInterno
	}
}

func statoDi(c pratica.Codice) int {
	switch c {
	case pratica.CodiceNonTrovato:
		return http.StatusNotFound
	case pratica.CodiceNonAutorizzato:
		return http.StatusForbidden
	case pratica.CodiceConflitto, pratica.CodiceNonAmmesso, pratica.CodiceNonConfigurato:
		return http.StatusConflict
	case pratica.CodiceNonValido, pratica.CodiceTroppoGrande:
		return http.StatusUnprocessableEntity
	case pratica.CodiceEsterno:
		return http.StatusBadGateway
	default:
		return http.StatusInternalServerError
	}
}

// Campi gives the wrong fields of an error, by path; nil where it names none.
func Campi(err error) []pratica.ErroreCampo {
	var e *pratica.Errore
	if errors.As(err, &e) {
		return append([]pratica.ErroreCampo(nil), e.Campi...)
	}
	return nil
}

// Errore answers with a page that says what happened and what to do, with the
// status of the error. What is unexpected is logged, never shown.
func (p *Portale) Errore(w http.ResponseWriter, r *http.Request, err error) {
	stato, messaggio := Stato(err)
	if stato >= http.StatusInternalServerError && !errors.Is(err, context.Canceled) {
		p.Logger.ErrorContext(r.Context(), "operazione non riuscita", "percorso", r.Pattern, "errore", err)
	}
	p.errore(w, r, stato, messaggio)
}

func (p *Portale) errore(w http.ResponseWriter, r *http.Request, stato int, messaggio string) {
	titolo := "Operazione non riuscita"
	switch stato {
	case http.StatusNotFound:
		titolo = "Pagina non trovata"
	case http.StatusForbidden:
		titolo = "Accesso non consentito"
	case http.StatusConflict:
		titolo = "Operazione non possibile"
	default:
	}
	p.Mostra(w, r, stato, "web/errore", Pagina{Titolo: titolo, Dati: messaggio})
}

func (p *Portale) nonTrovata(w http.ResponseWriter, r *http.Request) {
	p.errore(w, r, http.StatusNotFound, "La pagina che cerchi non esiste. Controlla l'indirizzo o torna all'elenco dei servizi.")
}
