package formio_test

import (
	"fmt"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
)

// A form is imported once; what each citizen sends is then processed by it.
func ExampleModulo_Elabora() {
	d, err := formio.Leggi([]byte(`{"title": "Iscrizione", "components": [
	  {"type": "textfield", "key": "nome", "label": "Nome", "input": true, "validate": {"required": true}},
	  {"type": "number", "key": "figli", "label": "Figli", "input": true},
	  {"type": "number", "key": "quota", "label": "Quota", "input": true, "calculateValue": "value = data.figli > 2 ? 10 : 20"},
	  {"type": "textfield", "key": "altro", "label": "Altro", "input": true, "customConditional": "show = data.figli === 0"}
	]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	m, _, err := formio.Importa(d, formio.OpzioniImporta{})
	if err != nil {
		fmt.Println(err)
		return
	}
	e := m.Elabora(map[string]any{"figli": 3, "quota": 0.01, "altro": "x", "intruso": "y"}, formio.Opzioni{})
	fmt.Println(e.Dati, e.Nascosti)
	for _, x := range e.Errori {
		fmt.Println(x.Percorso, x.Regola, "-", x.Messaggio)
	}
	// Output:
	// map[figli:3 quota:10] [altro]
	// nome required - Nome: è obbligatorio
}

// The report says what became of every component.
func ExampleRapporto() {
	d, err := formio.Leggi([]byte(`[
	  {"type": "email", "key": "posta", "label": "Posta", "input": true},
	  {"type": "ologramma", "key": "olo", "label": "Ologramma", "input": true}
	]`))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, r, err := formio.Importa(d, formio.OpzioniImporta{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(r)
	// Output:
	// PERCORSO  TIPO       ESITO        ETICHETTA
	// posta     email      portato      Posta
	// olo       ologramma  non_portato  Ologramma
	//     - il tipo ologramma non si conosce: quello che vi è scritto è rifiutato
	// 2 componenti: 1 portati, 0 con differenza, 1 non portati
	// Differenza voluta: quello che non ha la forma del suo tipo (un testo dove va un elenco) è un errore: Form.io lo scarta o lo lascia passare
	// Differenza voluta: un valore di un tipo che non si conosce è rifiutato, se chi importa non dice come trattarlo
}
