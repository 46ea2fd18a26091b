package calendario_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/appuntamenti/calendario"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

func Example() {
	calendari, err := calendario.Fissi(appuntamenti.Calendario{
		ID: "anagrafe", Ente: "c_f205", Titolo: "Carta d'identità",
		Aperture: []appuntamenti.Apertura{{
			ID: "martedi", Giorni: []time.Weekday{time.Tuesday}, Inizio: "09:00", Fine: "10:00", Minuti: 30,
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	adesso := time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)
	agenda, err := calendario.New(calendario.Config{
		Cassetto:  &cassetto.Memoria{},
		Calendari: calendari,
		Orologio:  func() time.Time { return adesso },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	domani := termini.GiornoDi(adesso).Piu(1)
	fasce, err := agenda.Disponibili(ctx, "c_f205", "anagrafe", domani, domani)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range fasce {
		fmt.Println(f.Inizio.In(termini.Roma()).Format("15:04"), "posti liberi", f.Liberi)
	}
	p, err := agenda.Blocca(ctx, appuntamenti.Prenotazione{
		ID: "0195e9a2-6d1f-7c3e-9d57-2f1f6a1f0001", Ente: "c_f205", Riferimento: "pratica-1",
		Calendario: "anagrafe", Apertura: fasce[0].Apertura, Inizio: fasce[0].Inizio,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Stato, "fino alle", p.ScadenzaBlocco.In(termini.Roma()).Format("15:04"))
	p, err = agenda.Conferma(ctx, "c_f205", p.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Stato)
	_, err = agenda.AnnullaCittadino(ctx, "c_f205", p.ID)
	fmt.Println(errors.Is(err, appuntamenti.ErrTroppoTardi), appuntamenti.Spiega(err))
	// Output:
	// 09:00 posti liberi 1
	// 09:30 posti liberi 1
	// bloccato fino alle 08:10
	// confermato
	// true Il termine per questa operazione è passato: contatta l'ufficio.
}
