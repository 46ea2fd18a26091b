package lingua_test

import (
	"fmt"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

func Example() {
	m, err := modulo.Compila(modulo.Definizione{ID: "residenza", Versione: 1, Titolo: "Residenza", Sezioni: []modulo.Sezione{{
		ID: "dove", Titolo: "Dove", Campi: []modulo.Campo{
			{ID: "comune", Etichetta: "Comune", Tipo: modulo.Scelta, Opzioni: []modulo.Opzione{{Valore: "021008", Etichetta: "Bolzano"}}},
		},
	}}})
	if err != nil {
		panic(err)
	}
	traduzioni, err := lingua.Compila(m, map[lingua.Lingua]lingua.Testi{
		"de": {"campi.comune.etichetta": "Gemeinde", "campi.comune.opzioni.021008": "Bozen"},
	})
	if err != nil {
		panic(err)
	}
	x := lingua.Per(lingua.Tedesco, m, traduzioni)
	c, _ := m.Campo("comune")
	fmt.Println(x.Campo("comune", "etichetta", c.Etichetta).Valore, x.Leggibile("comune", c, "021008")[0].Valore)
	fmt.Println(x.Titolo()) // not translated: Italian, and marked so
	for _, v := range traduzioni.Mancanti(lingua.Tedesco) {
		fmt.Println(v.Chiave)
	}
	fmt.Println(lingua.Sloveno.Conta(lingua.ErroriDaCorreggere, 2))
	// Output:
	// Gemeinde Bozen
	// {Residenza it}
	// titolo
	// sezioni.dove.titolo
	// Popraviti je treba 2 napaki
}
