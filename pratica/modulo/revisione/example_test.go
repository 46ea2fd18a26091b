package revisione_test

import (
	"fmt"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/revisione"
)

func Example() {
	m, err := modulo.Compila(modulo.Definizione{ID: "orto", Versione: 1, Titolo: "Orti comunali", Sezioni: []modulo.Sezione{
		{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
			{ID: "motivo", Etichetta: "Motivo:", Aiuto: "Al massimo 200 parole", Tipo: modulo.TestoLungo, MassimoCaratteri: 200},
		}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range revisione.Rivedi(m) {
		fmt.Println(r)
	}
	fmt.Println(len(revisione.Rivedi(m, "etichetta_segni", "numero_diverso")))
	// Output:
	// avviso etichetta_segni sezioni[0].campi[0].etichetta (motivo): togli i due punti in fondo all'etichetta [WCAG 3.3.2]
	// errore numero_diverso sezioni[0].campi[0].aiuto (motivo): il testo dice parole, il limite conta i caratteri: scrivi quanti caratteri [WCAG 3.3.2]
	// 0
}
