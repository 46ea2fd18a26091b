package modulotest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/modulotest"
)

// stampa takes the place of the *testing.T that a test has.
type stampa struct{ testing.TB }

func (stampa) Helper()                         {}
func (stampa) Errorf(formato string, a ...any) { fmt.Printf(formato+"\n", a...) }

func Example() {
	m, err := modulo.Compila(modulo.Definizione{ID: "orto", Versione: 1, Titolo: "Orti", Sezioni: []modulo.Sezione{
		{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
			{ID: "metri", Etichetta: "Metri quadrati", Tipo: modulo.Intero, Obbligatorio: true},
			{ID: "canone", Etichetta: "Canone", Tipo: modulo.Importo, Calcolo: "metri * 1.50"},
			{ID: "motivo", Etichetta: "Perché così grande", Tipo: modulo.Testo, Se: "metri > 100"},
		}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	scenari, err := modulotest.Leggi(strings.NewReader(`[
		{"nome": "orto piccolo", "risposte": {"metri": "20"},
		 "attesi": {"nascosti": ["motivo"], "valori": {"canone": "30.00"}, "errori": [], "riepilogo": {"canone": "31,00 €"}}}
	]`))
	if err != nil {
		fmt.Println(err)
		return
	}
	t := stampa{} // in a test: its *testing.T
	modulotest.Esegui(t, m, scenari...).Pretendi(t, 90)
	// Output:
	// orto piccolo:
	// 	riepilogo: canone doveva dire "31,00 €", dice "30,00 €"
	// copertura 60%, 3 di 5, mancano:
	// 	campo motivo
	// 	campo motivo: condizione vera, ne serve 90%
}
