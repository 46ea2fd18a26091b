package bolli

import (
	"errors"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// ErrNonValido is matched by errors.Is for every NonValido of this package.
var ErrNonValido = errors.New("bolli: dati non validi")

// Problema is one thing that is wrong.
type Problema = guasto.Problema

// NonValido lists everything that is wrong; errors.Is finds ErrNonValido in it.
type NonValido = guasto.NonValido

type problemi []Problema

func (p *problemi) aggiungi(campo, codice, messaggio string) {
	*p = append(*p, Problema{Campo: campo, Codice: codice, Messaggio: messaggio})
}

func (p problemi) errore() error { return guasto.NuovoNonValido(ErrNonValido, p) }
