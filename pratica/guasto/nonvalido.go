package guasto

import "strings"

// Problema is one thing that is wrong with what was given to a port. Campo is
// the path of the field ("voci[1].importo"), Codice a stable machine code,
// Messaggio what a person reads, in Italian: what to do. None of them repeats
// the value.
type Problema struct {
	Campo     string `json:"campo"`
	Codice    string `json:"codice"`
	Messaggio string `json:"messaggio"`
}

// NonValido lists everything that is wrong with a value, in the order of its
// fields. Its class is Permanente. Make it with NuovoNonValido.
type NonValido struct {
	Problemi []Problema
	tipo     error
}

// NuovoNonValido gives the error for these problems, nil where there are none.
// errors.Is finds tipo in it: the sentinel of the package that refuses, whose
// text begins what Error says.
func NuovoNonValido(tipo error, problemi []Problema) error {
	if len(problemi) == 0 {
		return nil
	}
	return &NonValido{Problemi: problemi, tipo: tipo}
}

// Error gives the sentinel's text, fields and codes, never values.
func (e *NonValido) Error() string {
	parti := make([]string, 0, len(e.Problemi))
	for _, p := range e.Problemi {
		parti = append(parti, p.Campo+" "+p.Codice)
	}
	testo := strings.Join(parti, ", ")
	if e.tipo != nil {
		testo = e.tipo.Error() + ": " + testo
	}
	return testo
}

// Unwrap gives the sentinel of the package that refuses.
func (e *NonValido) Unwrap() error { return e.tipo }

// ClasseGuasto implements Classificato.
func (e *NonValido) ClasseGuasto() Classe { return Permanente }
