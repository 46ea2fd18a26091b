package anagrafica_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

func ExampleLeggiCodiceFiscale() {
	oggi := termini.Giorno{Anno: 2026, Mese: time.March, Giorno: 31}
	cf, err := anagrafica.LeggiCodiceFiscale(" rssmra 80a01 h501u ")
	if err != nil {
		fmt.Println(err)
		return
	}
	nascita, err := cf.Nascita(oggi)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(cf, nascita.Italiano(), cf.Sesso().Descrizione(), cf.Luogo())

	_, err = anagrafica.LeggiCodiceFiscale("RSSMRA80A01H501X")
	var e *anagrafica.Errore
	if errors.As(err, &e) {
		fmt.Println(e.Messaggio())
	}
	// Output:
	// RSSMRA80A01H501U 01/01/1980 maschile H501
	// Il codice fiscale contiene un errore di scrittura: l'ultimo carattere non corrisponde agli altri. Lo ricopi dalla tessera sanitaria.
}

func ExampleCalcola() {
	nascita := termini.Giorno{Anno: 1980, Mese: time.January, Giorno: 1}
	cf, err := anagrafica.Calcola("Rossi", "Mario", nascita, anagrafica.Maschile, "H501")
	fmt.Println(cf, err)
	// Output: RSSMRA80A01H501U <nil>
}

func ExampleCodiceFiscale_Confronta() {
	oggi := termini.Giorno{Anno: 2026, Mese: time.March, Giorno: 31}
	cf := anagrafica.CodiceFiscale("RSSMRA80A01H501U")
	p := anagrafica.Persona{Nome: "Mario", Cognome: "Bianchi", Sesso: anagrafica.Maschile}
	for _, d := range cf.Confronta(p, oggi) {
		fmt.Println(d.Campo, "–", d.Messaggio())
	}
	// Output: cognome – Il cognome non corrisponde al codice fiscale: controlli entrambi.
}

func ExampleLeggiIBAN() {
	i, err := anagrafica.LeggiIBAN("it60 x054 2811 1010 0000 0123 456")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(i.Gruppi(), i.ABI(), i.SEPA())
	// Output: IT60 X054 2811 1010 0000 0123 456 05428 true
}

func ExamplePersona_LogValue() {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
	p := anagrafica.Persona{Nome: "Mario", Cognome: "Rossi"}
	fmt.Println(p.Denominazione())
	log.Info("presentata", "richiedente", p)
	// Output:
	// Mario Rossi
	// level=INFO msg=presentata richiedente=[riservato]
}

func ExampleRegistra() {
	v := validator.New(validator.WithRequiredStructEnabled())
	if err := anagrafica.Registra(v); err != nil {
		fmt.Println(err)
		return
	}
	dati := struct {
		CodiceFiscale string `validate:"required,cf"`
		PartitaIVA    string `validate:"omitempty,piva"`
	}{CodiceFiscale: "RSSMRA80A01H501X"}
	var errs validator.ValidationErrors
	if errors.As(v.Struct(dati), &errs) {
		fmt.Println(errs[0].Field(), errs[0].Tag())
	}
	// Output: CodiceFiscale cf
}
