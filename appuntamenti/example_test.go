package appuntamenti_test

import (
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// The clock in Rome goes forward on Sunday 29 March 2026: the office opens at
// nine on Friday and on Monday, an hour earlier in UTC.
func ExampleFasce() {
	c := appuntamenti.Calendario{
		ID: "anagrafe", Ente: "c_f205", Titolo: "Anagrafe",
		Aperture: []appuntamenti.Apertura{{
			ID: "mattina", Giorni: []time.Weekday{time.Monday, time.Friday},
			Inizio: "09:00", Fine: "10:00", Minuti: 30,
		}},
	}
	if err := c.Verifica(); err != nil {
		fmt.Println(err)
		return
	}
	venerdi := termini.Giorno{Anno: 2026, Mese: time.March, Giorno: 27}
	for _, f := range appuntamenti.Fasce(c, venerdi, venerdi.Piu(3)) {
		fmt.Println(f.Inizio.Format("02/01 15:04 MST"), "=", f.Inizio.In(termini.Roma()).Format("15:04"))
	}
	// Output:
	// 27/03 08:00 UTC = 09:00
	// 27/03 08:30 UTC = 09:30
	// 30/03 07:00 UTC = 09:00
	// 30/03 07:30 UTC = 09:30
}

func ExampleCalendario_Verifica() {
	err := appuntamenti.Calendario{ID: "anagrafe", Ente: "c_f205", Aperture: []appuntamenti.Apertura{{ID: "a", Inizio: "9"}}}.Verifica()
	fmt.Println(err)
	// Output:
	// appuntamenti: calendario non valido: titolo testo_non_valido, aperture[0].giorni giorni_non_validi, aperture[0].inizio orario_non_valido, aperture[0].fine orario_non_valido, aperture[0].minuti fuori_limite
}
