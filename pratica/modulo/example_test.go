package modulo_test

import (
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

func Example() {
	m, err := modulo.Compila(modulo.Definizione{
		ID: "mensa", Versione: 1, Titolo: "Iscrizione alla mensa",
		Sezioni: []modulo.Sezione{{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
			{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true, MessaggioObbligatorio: "Inserisci il nome"},
			{ID: "pasti", Etichetta: "Pasti al mese", Tipo: modulo.Intero, Obbligatorio: true, Minimo: "1"},
			{ID: "prezzo", Etichetta: "Prezzo di un pasto", Tipo: modulo.Importo, Obbligatorio: true},
			{ID: "totale", Etichetta: "Totale", Tipo: modulo.Importo, Calcolo: "pasti * prezzo"},
		}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	oggi := termini.Giorno{Anno: 2026, Mese: time.March, Giorno: 31}

	e := m.Valuta(modulo.Risposte{"pasti": "20", "prezzo": "4,35", "totale": "0"}, modulo.Opzioni{Oggi: oggi})
	fmt.Println(e.Valori["totale"])
	for _, v := range e.Errori {
		fmt.Println(v.Percorso, "–", v.Messaggio)
	}
	for _, v := range m.Riepiloga(e.Valori, nil).Sezioni[0].Voci {
		fmt.Printf("%s: %s\n", v.Etichetta, v.Valore)
	}
	// Output:
	// 87.00
	// nome – Inserisci il nome
	// Pasti al mese: 20
	// Prezzo di un pasto: 4,35 €
	// Totale: 87,00 €
}
