package appuntamenti

import (
	"time"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Bounds and defaults of a Calendario.
const (
	MassimoAperture       = 50
	MassimoChiusure       = 1000
	MassimoCapienza       = 1000
	MassimoTesto          = 500 // bytes of a title, a place, a reason
	MassimoID             = 64  // bytes of the id of an ente, a calendar, an opening
	MassimoGiorniAnticipo = 180 // upper bound of GiorniMassimi

	GiorniMassimiPredefiniti = 30
	GiorniAnnulloPredefiniti = 3
	DurataBloccoPredefinita  = 10 * time.Minute
)

// Calendario is what can be booked at one place. The zero value of a rule is
// its documented default. It is a plain value; its methods never change it.
type Calendario struct {
	ID     string `json:"id"`
	Ente   string `json:"ente"`
	Titolo string `json:"titolo"`
	Luogo  string `json:"luogo,omitempty"` // address, desk or link that the citizen is told

	Aperture []Apertura `json:"aperture"`
	// Chiusure holds the closures of this calendar; those of the whole ente are
	// added by whoever builds the Calendario.
	Chiusure []Chiusura `json:"chiusure,omitempty"`
	// Sovrapposizioni allows openings that overlap in time: each is then a
	// counter of its own, and its places are counted apart. Otherwise Verifica
	// refuses them, and the places of the calendar are counted together, also
	// against bookings made under an opening that was replaced since.
	Sovrapposizioni bool `json:"sovrapposizioni,omitempty"`

	// AnticipoMinimo is the least notice: a slot that begins sooner is not
	// offered. Defaults to 0: until the slot begins.
	AnticipoMinimo time.Duration `json:"anticipo_minimo,omitempty"`
	// GiorniMassimi is how many civil days ahead of today the last bookable day
	// is. Defaults to 30, at most 180.
	GiorniMassimi int `json:"giorni_massimi,omitempty"`
	// GiorniAnnullo is how many days before the appointment a citizen may still
	// cancel or move it. Defaults to 3; a negative value means until it begins.
	GiorniAnnullo int `json:"giorni_annullo,omitempty"`
	// DurataBlocco is the life of a hold. Defaults to 10 minutes; from 1 minute to 30 days.
	DurataBlocco time.Duration `json:"durata_blocco,omitempty"`
}

// Chiusura is a period [Inizio, Fine) of instants in which nothing is offered.
// A slot that shares even one instant with it is not offered; a slot that ends
// when it begins is.
type Chiusura struct {
	Inizio time.Time `json:"inizio"`
	Fine   time.Time `json:"fine"`
	Motivo string    `json:"motivo,omitempty"`
}

// ChiusuraGiorni closes the civil days from dal to al, both included.
func ChiusuraGiorni(dal, al termini.Giorno, motivo string) Chiusura {
	return Chiusura{Inizio: dal.Inizio(), Fine: al.Fine(), Motivo: motivo}
}

// ConPredefiniti gives a copy with the defaults written in.
func (c Calendario) ConPredefiniti() Calendario {
	if c.GiorniMassimi == 0 {
		c.GiorniMassimi = GiorniMassimiPredefiniti
	}
	if c.GiorniAnnullo == 0 {
		c.GiorniAnnullo = GiorniAnnulloPredefiniti
	}
	if c.DurataBlocco == 0 {
		c.DurataBlocco = DurataBloccoPredefinita
	}
	return c
}

// Prenotabile says whether a slot that begins at inizio may be booked at ora,
// as far as notice is concerned: ErrTroppoTardi within the least notice,
// ErrFasciaNonOfferta beyond the last bookable day.
func (c Calendario) Prenotabile(inizio, ora time.Time) error {
	c = c.ConPredefiniti()
	if !inizio.After(ora) || inizio.Before(ora.Add(c.AnticipoMinimo)) {
		return ErrTroppoTardi
	}
	if c.UltimoGiorno(ora).Prima(termini.GiornoDi(inizio)) {
		return ErrFasciaNonOfferta
	}
	return nil
}

// UltimoGiorno is the last bookable day at ora.
func (c Calendario) UltimoGiorno(ora time.Time) termini.Giorno {
	return termini.GiornoDi(ora).Piu(c.ConPredefiniti().GiorniMassimi)
}

// LimiteAnnullo is the instant (UTC) until which a citizen may cancel or move an
// appointment that begins at inizio: GiorniAnnullo civil days before, at the
// same hour in Europe/Rome.
func (c Calendario) LimiteAnnullo(inizio time.Time) time.Time {
	c = c.ConPredefiniti()
	if c.GiorniAnnullo < 0 {
		return inizio.UTC()
	}
	return inizio.In(termini.Roma()).AddDate(0, 0, -c.GiorniAnnullo).UTC()
}

// Apertura gives the opening with that id.
func (c Calendario) Apertura(id string) (Apertura, bool) {
	for _, a := range c.Aperture {
		if a.ID == id {
			return a, true
		}
	}
	return Apertura{}, false
}
