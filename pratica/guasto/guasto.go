// Package guasto classifies the failures (guasti) of the systems at the other
// side of a port: registry, payment, stamps, appointments, channels.
//
// What a caller may do after a failure depends on one question only: may the
// remote side have done the work? The eight classes answer it. They are the
// same for every port, so an adapter learns them once.
//
// The package imports nothing of this module and may be used alone.
package guasto

import (
	"context"
	"errors"
)

// Classe says what a failure means for the caller. The values are stable: they
// are written in the database and in JSON.
type Classe string

const (
	// Transitorio: the call certainly had no effect and may work later (no
	// route, connection refused, 503 before the body was read). Retry with backoff.
	Transitorio Classe = "transitorio"
	// Sessione: credentials or token of the session expired, no effect. Log in
	// again once, then retry.
	Sessione Classe = "sessione"
	// EsitoIgnoto: nobody knows whether the call had an effect (timeout,
	// connection lost, unreadable answer after the request was written). Never
	// repeat it: search for its effect, or ask an operator.
	EsitoIgnoto Classe = "esito_ignoto"
	// Permanente: refused, and it will be refused again with the same data.
	Permanente Classe = "permanente"
	// Configurazione: a parameter of the ente or of the service is wrong or
	// missing; every call to that destination will fail until somebody mends it.
	Configurazione Classe = "configurazione"
	// GiaFatto: the effect asked for was already there; equivalent to success.
	GiaFatto Classe = "gia_fatto"
	// Parziale: part of the effect was obtained; the rest can be resumed.
	Parziale Classe = "parziale"
	// NonSupportata: the system on the other side has no such function.
	NonSupportata Classe = "non_supportata"
)

// Errore is a classified failure. Codice is a short machine code of the
// adapter ("timeout", "titolario_ignoto"), Operazione names the call that
// failed ("protocollo.Registra"). Neither holds personal data, and Error does
// not print Causa's text, because a remote system may echo personal data in it;
// errors.Is and errors.As reach it through Unwrap.
type Errore struct {
	Classe     Classe
	Codice     string
	Operazione string
	Causa      error
}

// Nuovo builds an Errore.
func Nuovo(c Classe, operazione, codice string, causa error) *Errore {
	return &Errore{Classe: c, Operazione: operazione, Codice: codice, Causa: causa}
}

// Error gives operation, class and code, never personal data.
func (e *Errore) Error() string {
	s := e.Operazione + ": " + string(e.Classe)
	if e.Codice != "" {
		s += " (" + e.Codice + ")"
	}
	return s
}

// Unwrap gives the cause.
func (e *Errore) Unwrap() error { return e.Causa }

// ClasseGuasto makes Errore recognisable by Di; an adapter's own error types
// may implement the same method instead of wrapping an Errore.
func (e *Errore) ClasseGuasto() Classe { return e.Classe }

// Classificato is implemented by every error that knows its class.
type Classificato interface {
	error
	ClasseGuasto() Classe
}

// Di gives the class of err, found anywhere in its chain. An error that nobody
// classified is EsitoIgnoto: the safe reading, because it is never repeated
// blindly. A nil error gives the empty class.
func Di(err error) Classe {
	if err == nil {
		return ""
	}
	var c Classificato
	if errors.As(err, &c) {
		return c.ClasseGuasto()
	}
	return EsitoIgnoto
}

// Ripetibile reports whether the same call may be made again without asking
// anybody: only where it certainly had no effect.
func Ripetibile(err error) bool {
	switch Di(err) {
	case Transitorio, Sessione:
		return true
	default:
		return false
	}
}

// DaContesto classifies the end of a context around a call that writes: before
// the request left (scritta false) it had no effect, after it nobody knows.
func DaContesto(ctx context.Context, operazione string, scritta bool) error {
	err := context.Cause(ctx)
	if err == nil {
		return nil
	}
	c := Transitorio
	if scritta {
		c = EsitoIgnoto
	}
	return Nuovo(c, operazione, "tempo_scaduto", err)
}
