package busta

import (
	"fmt"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// Sentinels. None of the errors of this package holds a key, a content, an ente
// or a contesto; ids of keys they may.
var (
	// ErrChiave: the ring does not have the key, or what it gives is no key.
	// Class Configurazione.
	ErrChiave error = &errore{"busta: chiave non disponibile", guasto.Configurazione}
	// ErrAlterata: not what was sealed for that ente and contesto: changed, cut
	// off, moved; or the ring has another key under the same id. Class Permanente.
	ErrAlterata error = &errore{"busta: contenuto alterato", guasto.Permanente}
	// ErrInChiaro: not sealed, and Config does not admit it. Class Configurazione.
	ErrInChiaro error = &errore{"busta: contenuto in chiaro, non ammesso", guasto.Configurazione}
	// ErrNonValida: an argument out of its bounds, a mistake of the caller. Class
	// Permanente.
	ErrNonValida error = &errore{"busta: dati non validi", guasto.Permanente}
)

// errore is a sentinel with its class.
type errore struct {
	testo  string
	classe guasto.Classe
}

func (e *errore) Error() string { return e.testo }

// ClasseGuasto implements guasto.Classificato.
func (e *errore) ClasseGuasto() guasto.Classe { return e.classe }

func alterata(come string) error  { return fmt.Errorf("%w: %s", ErrAlterata, come) }
func nonValida(cosa string) error { return fmt.Errorf("%w: %s", ErrNonValida, cosa) }
