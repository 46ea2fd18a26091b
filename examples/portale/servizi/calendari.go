package servizi

import (
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
)

// Calendari gives the calendars of the registry office: every working day, for
// the coming four weeks.
func Calendari() []appuntamenti.Calendario {
	feriali := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	return []appuntamenti.Calendario{
		{
			ID: "anagrafe-municipio", Ente: Ente().Codice, Titolo: "Sportello Anagrafe - Municipio", Luogo: "Piazza del Municipio 1, piano terra, sportello 3",
			AnticipoMinimo: 24 * time.Hour, GiorniMassimi: 28, GiorniAnnullo: 1, DurataBlocco: 30 * time.Minute,
			Aperture: []appuntamenti.Apertura{
				{ID: "mattina", Titolo: "Mattina", Giorni: feriali, Inizio: "08:30", Fine: "12:30", Minuti: 30, Capienza: 2},
				{ID: "pomeriggio", Titolo: "Pomeriggio", Giorni: []time.Weekday{time.Tuesday, time.Thursday}, Inizio: "15:00", Fine: "17:00", Minuti: 30},
			},
		},
		{
			ID: "anagrafe-quartieri", Ente: Ente().Codice, Titolo: "Sportello Anagrafe - Quartieri", Luogo: "Via dei Tigli 20",
			AnticipoMinimo: 24 * time.Hour, GiorniMassimi: 28, GiorniAnnullo: 1, DurataBlocco: 30 * time.Minute,
			Aperture: []appuntamenti.Apertura{
				{ID: "mattina", Titolo: "Mattina", Giorni: []time.Weekday{time.Monday, time.Wednesday, time.Friday}, Inizio: "09:00", Fine: "12:00", Minuti: 20},
			},
		},
	}
}
