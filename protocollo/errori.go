package protocollo

import (
	"strconv"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// ErrNonTrovato: no such registration or fascicolo. Class Permanente.
var ErrNonTrovato error = guasto.Nuovo(guasto.Permanente, "protocollo", "non_trovato", nil)

// GiaRegistrata: the registry already has a registration for that correlation
// token; it is as good as success, and Registrazione is the one to adopt (look
// at its Annullata first). Returned by value.
type GiaRegistrata struct{ Registrazione Registrazione }

// Error gives the estremi, which are not personal data.
func (g GiaRegistrata) Error() string {
	return "protocollo: già registrata con n. " + g.Registrazione.Estremi.String()
}

// ClasseGuasto implements guasto.Classificato.
func (g GiaRegistrata) ClasseGuasto() guasto.Classe { return guasto.GiaFatto }

// Parziale: the number was assigned, and part of the rest is missing. Record
// Registrazione at once; resume with Allegatore or Fascicolatore. Returned by value.
type Parziale struct {
	Registrazione Registrazione
	// Mancanti are the Documento.ID not yet attached, or "fascicolo".
	Mancanti []string
	Causa    error
}

// Error gives the estremi and how many parts are missing.
func (p Parziale) Error() string {
	return "protocollo: registrata in parte con n. " + p.Registrazione.Estremi.String() +
		", elementi mancanti: " + strconv.Itoa(len(p.Mancanti))
}

// Unwrap gives the cause.
func (p Parziale) Unwrap() error { return p.Causa }

// ClasseGuasto implements guasto.Classificato.
func (p Parziale) ClasseGuasto() guasto.Classe { return guasto.Parziale }

var (
	_ guasto.Classificato = GiaRegistrata{}
	_ guasto.Classificato = Parziale{}
	_ guasto.Classificato = Problemi(nil)
)
