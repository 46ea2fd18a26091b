package html_test

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
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
