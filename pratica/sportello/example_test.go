package sportello_test

import (
	"context"
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

// A service with one question, from the draft to the decision. Where nothing is
// configured nothing is needed: no registry, no payments, no calendars.
func Example() {
	passo := func(err error) {
		if err != nil {
			fmt.Println(err)
		}
	}
	ctx := context.Background()
	orto, err := servizio.Nuovo(servizio.Configurazione{
		ID: "orto", Versione: 1, Nome: "Assegnazione di un orto", Accesso: servizio.SPID2,
		Modulo: modulo.Definizione{ID: "orto", Versione: 1, Titolo: "Richiesta", Sezioni: []modulo.Sezione{{ID: "orto", Titolo: "Orto", Campi: []modulo.Campo{
			{ID: "metri", Etichetta: "Metri quadrati", Tipo: modulo.Intero, Obbligatorio: true}}}}},
	})
	passo(err)
	s, err := sportello.New(sportello.Config{
		Enti:    []sportello.Ente{{Codice: "c_x999", Nome: "Comune di Prova"}},
		Servizi: sportello.NuovoCatalogo("c_x999", orto),
		Store:   memoria.New(), Archivio: memoria.NewArchivio(),
		Orologio: func() time.Time { return time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC) },
	})
	passo(err)

	// The host has authenticated both.
	cittadina := pratica.Attore{Ruolo: pratica.Cittadino, ID: "42", Ente: "c_x999", Livello: servizio.SPID2, Metodo: "SPID",
		Persona: anagrafica.Persona{Nome: "Anna", Cognome: "Bianchi", CodiceFiscale: "BNCNNA80A41H501Y"}}
	operatore := pratica.Attore{Ruolo: pratica.Operatore, ID: "7", Ente: "c_x999", Servizi: []string{"orto"}}

	id, err := s.ApriBozza(ctx, cittadina, "orto")
	passo(err)
	_, err = s.Esegui(ctx, cittadina, id, pratica.SalvaBozza{Risposte: modulo.Risposte{"metri": "30"}})
	passo(err)
	_, err = s.Esegui(ctx, cittadina, id, pratica.Invia{}, sportello.ConChiave("modulo-1"))
	passo(err)
	_, err = s.Esegui(ctx, operatore, id, pratica.PrendiInCarico{})
	passo(err)
	_, err = s.Esegui(ctx, operatore, id, pratica.Approva{Motivazione: "C'è posto"})
	passo(err)
	_, err = s.Svuota(ctx) // a server runs s.Lavora(ctx) instead
	passo(err)

	v, err := s.Apri(ctx, cittadina, id)
	passo(err)
	fmt.Println(v.Generali.Numero, v.NomeServizio, "-", v.Etichetta)
	for _, d := range v.Documenti {
		fmt.Println(d.Titolo)
	}
	// Output:
	// 2026-000001 Assegnazione di un orto - Accettata
	// Richiesta
	// Ricevuta di presentazione
	// Provvedimento di accoglimento
}
