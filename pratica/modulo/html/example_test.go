package html_test

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

func Example() {
	m, err := modulo.Compila(modulo.Definizione{
		ID: "mensa", Versione: 1, Titolo: "Mensa",
		Sezioni: []modulo.Sezione{{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
			{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true, MessaggioObbligatorio: "Inserisci il nome"},
		}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := html.New(html.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}

	risposte, azione := html.Leggi(m, "dati", nil, url.Values{"nome": {""}, "_azione": {"avanti"}})
	esito := m.Valuta(risposte, modulo.Opzioni{})
	fmt.Println(azione.Genere, len(esito.Errori))

	var pagina strings.Builder
	if err := r.Sezione(&pagina, m, "dati", risposte, esito.Errori, html.StatoModulo{}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(strings.Contains(pagina.String(), `<a href="#m-c-nome">Nome: Inserisci il nome</a>`))
	// Output:
	// avanti 1
	// true
}

// The office asks to correct the name alone: nothing else can be changed,
// whatever is posted, and afterwards the page says what was.
func ExampleStatoModulo_Leggi() {
	m, err := modulo.Compila(modulo.Definizione{
		ID: "mensa", Versione: 1, Titolo: "Mensa",
		Sezioni: []modulo.Sezione{{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
			{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo}, {ID: "reddito", Etichetta: "Reddito", Tipo: modulo.Importo},
		}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	prima := modulo.Risposte{"nome": "Adda", "reddito": "12000.00"}
	stato := html.StatoModulo{Riaperti: []string{"nome"}, Richiesta: "Il nome è scritto male."}
	dopo, _ := stato.Leggi(m, "dati", prima, url.Values{"nome": {"Ada"}, "reddito": {"1"}})
	fmt.Println(dopo["nome"], dopo["reddito"])

	r, err := html.New(html.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var pagina strings.Builder
	if err := r.In(lingua.Tedesco, nil).Lettura(&pagina, m, dopo, html.StatoLettura{Prima: prima}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(strings.Contains(pagina.String(), "Mit der Ergänzung geändert</strong>; vorher: <del>Adda</del>"))
	// Output:
	// Ada 12000.00
	// true
}
