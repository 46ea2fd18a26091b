package schema_test

import (
	"fmt"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/schema"
)

func ExampleRisposte() {
	m, err := modulo.Compila(modulo.Definizione{ID: "mensa", Versione: 2, Titolo: "Mensa", Sezioni: []modulo.Sezione{
		{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{{ID: "prezzo", Etichetta: "Prezzo", Tipo: modulo.Importo, Obbligatorio: true}}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", schema.Risposte(m))
	// Output:
	// {
	//   "$id": "urn:sportello-digitale:pratiche:risposte:mensa:2",
	//   "$schema": "https://json-schema.org/draft/2020-12/schema",
	//   "additionalProperties": false,
	//   "properties": {
	//     "prezzo": {
	//       "pattern": "^-?[0-9]+\\.[0-9]{2}$",
	//       "title": "Prezzo",
	//       "type": "string"
	//     }
	//   },
	//   "required": [
	//     "prezzo"
	//   ],
	//   "title": "Mensa",
	//   "type": "object"
	// }
}
