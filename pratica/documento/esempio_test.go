package documento_test

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/documento"
)

func Example() {
	p, err := documento.New(documento.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	d := documento.Istanza(documento.DatiIstanza{
		Atto: documento.Atto{
			Intestazione: documento.Intestazione{
				Ente: "Comune di Vattelapesca", Oggetto: "Iscrizione all’asilo nido",
				NumeroPratica: "2026-000123", Data: time.Date(2026, 3, 31, 8, 15, 0, 0, time.UTC),
			},
			Richiedente: []documento.Voce{{Etichetta: "Nome e cognome", Valore: "Ada Rossi"}},
		},
		Sezioni: []documento.Sezione{{Titolo: "Bambino", Voci: []documento.Voce{{Etichetta: "Nome", Valore: "Leo 🦁"}}}},
	})
	var pdf bytes.Buffer
	out, err := p.Scrivi(context.Background(), &pdf, d)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(out.NomeFile, out.Pagine, out.Dimensione == int64(pdf.Len()))
	for _, s := range out.Sostituzioni {
		fmt.Println("non stampabile:", s.Codice, s.Volte)
	}
	// Output:
	// istanza-2026-000123.pdf 1 true
	// non stampabile: U+1F981 1
}
