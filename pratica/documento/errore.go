package documento

import (
	"errors"
	"fmt"
)

// The classes of failure of this package, for errors.Is.
var (
	// ErrNonValido: the Documento lacks something or holds something impossible;
	// errors.As finds an *Errore with all the fields.
	ErrNonValido = errors.New("documento: dati non validi")
	// ErrTroppoGrande: beyond the bounds of Config on text or pages.
	ErrTroppoGrande = errors.New("documento: troppo grande")
	// ErrInterno: the PDF could not be made, by no fault of the caller.
	ErrInterno = errors.New("documento: produzione non riuscita")
)

// Campo is a field that was refused, by its path in the Documento
// ("Intestazione.Ente", "Allegati[2].SHA256"), and why.
type Campo struct {
	Percorso string
	Codice   string // obbligatorio | non_valido | troppo_profondo
}

// Errore is an ErrNonValido with every refused field. It holds no value of them.
type Errore struct{ Campi []Campo }

// Error names the first field and how many there are.
func (e *Errore) Error() string {
	if len(e.Campi) == 0 {
		return ErrNonValido.Error()
	}
	return fmt.Sprintf("%s: %s %s (campi: %d)", ErrNonValido, e.Campi[0].Percorso, e.Campi[0].Codice, len(e.Campi))
}

// Is makes every Errore an ErrNonValido.
func (e *Errore) Is(target error) bool { return target == ErrNonValido }
