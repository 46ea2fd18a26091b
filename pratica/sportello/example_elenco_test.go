package sportello_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

// The desk adds up a field of the form, and takes the list into a spreadsheet.
func ExampleSportello_EsportaCSV() {
	passo := func(err error) {
		if err != nil {
			fmt.Println(err)
		}
	}
	ctx := context.Background()
	orto, err := servizio.Nuovo(servizio.Configurazione{
		ID: "orto", Versione: 1, Nome: "Assegnazione di un orto", Accesso: servizio.SPID2,
		Modulo: modulo.Definizione{ID: "orto", Versione: 1, Titolo: "Richiesta", Sezioni: []modulo.Sezione{{ID: "orto", Titolo: "Orto", Campi: []modulo.Campo{
			{ID: "zona", Etichetta: "Zona", Tipo: modulo.Testo}, {ID: "metri", Etichetta: "Quanti metri quadrati?", Tipo: modulo.Decimale}}}}},
		Elenco: []servizio.CampoElenco{{Campo: "zona", Colonna: true, Cerca: true}, {Campo: "metri", Titolo: "m²", Colonna: true, Somma: true}},
	})
	passo(err)
	s, err := sportello.New(sportello.Config{
		Enti: []sportello.Ente{{Codice: "c_x999", Nome: "Comune di Prova"}}, Servizi: sportello.NuovoCatalogo("c_x999", orto),
		Store: memoria.New(), Archivio: memoria.NewArchivio(),
		Orologio: func() time.Time { return time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC) },
	})
	passo(err)
	cittadina := pratica.Attore{Ruolo: pratica.Cittadino, ID: "42", Ente: "c_x999", Livello: servizio.SPID2,
		Persona: anagrafica.Persona{Nome: "Anna", Cognome: "Bianchi", CodiceFiscale: "BNCNNA80A41H501Y"}}
	for _, r := range []modulo.Risposte{{"zona": "Argine", "metri": "1.030,5"}, {"zona": "=Ponte", "metri": "9,25"}} {
		id, err := s.ApriBozza(ctx, cittadina, "orto")
		passo(err)
		_, err = s.Esegui(ctx, cittadina, id, pratica.SalvaBozza{Risposte: r})
		passo(err)
		_, err = s.Esegui(ctx, cittadina, id, pratica.Invia{})
		passo(err)
	}

	operatore := pratica.Attore{Ruolo: pratica.Operatore, ID: "7", Ente: "c_x999", Servizi: []string{"orto"}}
	cifre, err := s.Riassumi(ctx, operatore, storage.Filtro{}, "metri")
	passo(err)
	media, _ := cifre.Campi["metri"].Media()
	fmt.Println(cifre.Totale, cifre.Campi["metri"].Totale, media)

	var file strings.Builder
	passo(s.EsportaCSV(ctx, operatore, storage.Filtro{Ordine: storage.PerPresentazioneVecchie}, &file, sportello.FormatoCSV{}))
	for riga := range strings.Lines(strings.TrimPrefix(file.String(), "\ufeff")) {
		celle := strings.Split(strings.TrimSpace(riga), ";")
		fmt.Println(celle[0], celle[1], celle[12], celle[13])
	}
	// Output:
	// 2 1039.75 519.88
	// "Numero richiesta" "Servizio" "Zona" "m²"
	// "2026-000001" "Assegnazione di un orto" "Argine" "1030,5"
	// "2026-000002" "Assegnazione di un orto" "'=Ponte" "9,25"
	// "Fine dell'elenco" "2 pratiche" "" ""
}
