package pratica

import (
	"log/slog"
	"slices"

	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// Ruolo is in which quality somebody acts.
type Ruolo string

// Roles. The zero value may do nothing.
const (
	Cittadino Ruolo = "cittadino"
	Operatore Ruolo = "operatore"
	Sistema   Ruolo = "sistema"
)

// Attore is who acts, as the host authenticated him. Deny by default: the zero
// Attore may do nothing, an operator without services sees none.
type Attore struct {
	Ruolo Ruolo
	// ID names the account at the host: stable, opaque, not the codice fiscale.
	// It is written in the iter for operators and for the system; for citizens
	// only the role is.
	ID string
	// Ente is the public body at whose desk he acts; a pratica of another one is
	// never seen.
	Ente string

	// Of citizens: who they are and how they were identified. A zero Persona
	// is an anonymous user, admitted only where the service says so.
	Persona anagrafica.Persona
	Livello servizio.Livello
	Metodo  string // "SPID", "CIE", …: printed on the request
	Anonimo string // capability of an anonymous applicant: a long random secret that the host keeps for him

	// Of operators.
	Servizi []string // services that he is enabled for
	Uffici  []string // offices he belongs to
}

// AbilitatoA reports whether the operator is enabled for the service.
func (a Attore) AbilitatoA(servizio string) bool {
	return a.Ruolo == Operatore && slices.Contains(a.Servizi, servizio)
}

// DellUfficio reports whether the operator belongs to the office.
func (a Attore) DellUfficio(ufficio string) bool {
	return a.Ruolo == Operatore && ufficio != "" && slices.Contains(a.Uffici, ufficio)
}

// LogValue gives role and account, never the person.
func (a Attore) LogValue() slog.Value {
	if a.Ruolo == Cittadino {
		return slog.GroupValue(slog.String("ruolo", string(a.Ruolo)))
	}
	return slog.GroupValue(slog.String("ruolo", string(a.Ruolo)), slog.String("id", a.ID))
}

// Firma is who did something, as the iter keeps it: no personal data of the
// applicant, ids and not names of operators.
type Firma struct {
	Ruolo   Ruolo  `json:"ruolo"`
	ID      string `json:"id,omitempty"`
	Ufficio string `json:"ufficio,omitempty"`
}

func (a Attore) firma(ufficio string) Firma {
	if a.Ruolo == Cittadino {
		return Firma{Ruolo: a.Ruolo}
	}
	return Firma{Ruolo: a.Ruolo, ID: a.ID, Ufficio: ufficio}
}
