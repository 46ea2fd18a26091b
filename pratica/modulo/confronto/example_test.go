package confronto_test

import (
	"fmt"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/confronto"
)

func Example() {
	forma := func(versione int, campi ...modulo.Campo) *modulo.Modulo {
		m, err := modulo.Compila(modulo.Definizione{ID: "orto", Versione: versione, Titolo: "Orti", Sezioni: []modulo.Sezione{
			{ID: "dati", Titolo: "Dati", Campi: campi},
		}})
		if err != nil {
			fmt.Println(err)
		}
		return m
	}
	d := confronto.Confronta(
		forma(1,
			modulo.Campo{ID: "motivo", Etichetta: "Motivo", Tipo: modulo.Testo, MassimoCaratteri: 200},
			modulo.Campo{ID: "fax", Etichetta: "Fax", Tipo: modulo.Telefono}),
		forma(2,
			modulo.Campo{ID: "motivo", Etichetta: "Motivo", Tipo: modulo.Testo, MassimoCaratteri: 100},
			modulo.Campo{ID: "email", Etichetta: "E-mail", Tipo: modulo.Email, Obbligatorio: true}))
	fmt.Print(d)
	fmt.Print(d.Per(modulo.Risposte{"motivo": "Ho tempo", "fax": "0612345678"}, modulo.Opzioni{}))
	// Output:
	// Incompatibili
	//   fax: non c'è più il campo «Fax»
	//     Le bozze aperte perdono la risposta.
	// Da rivedere
	//   motivo: il massimo di caratteri passa da 200 a 100
	//     Nelle bozze aperte la risposta può diventare non valida.
	//   email: nuovo campo «E-mail» da compilare
	//     Le bozze aperte non si possono inviare finché non è compilato.
	// Risposte perse
	//   Fax (fax): campo_tolto
	// Risposte da dare
	//   E-mail (email): obbligatorio
}
