// Package termini holds the calendar of the administrative procedure: civil
// days in the Italian time zone. Instants are kept in UTC everywhere; a day, a
// year of a register or of a fascicolo is always that of Europe/Rome.
//
// The package is pure and imports nothing of this module.
package termini

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"time"
	_ "time/tzdata" // the zone must be there also where the system has no tz database
)

// ErrGiorno is the cause of every failed parse of a Giorno.
var ErrGiorno = errors.New("termini: giorno non valido")

var roma = caricaRoma()

func caricaRoma() *time.Location {
	l, err := time.LoadLocation("Europe/Rome")
	if err != nil { // unreachable: tzdata is linked in
		return time.FixedZone("CET", 3600)
	}
	return l
}

// Roma gives the time zone Europe/Rome, from the database linked in the binary.
func Roma() *time.Location { return roma }

// Anno gives the calendar year of an instant in Europe/Rome: the year of
// registers and fascicoli (DPR 445/2000, art. 57: numbering is renewed each
// calendar year).
func Anno(t time.Time) int { return t.In(roma).Year() }

// Giorno is a civil day (year 1–9999) in Europe/Rome, without a time of day.
// The zero value is "no day": IsZero is true, String and JSON give "".
// Comparable with ==.
type Giorno struct {
	Anno   int
	Mese   time.Month
	Giorno int
}

// NuovoGiorno checks that the day exists in the Gregorian calendar.
func NuovoGiorno(anno int, mese time.Month, giorno int) (Giorno, error) {
	g := Giorno{anno, mese, giorno}
	if anno < 1 || anno > 9999 || g.mezzanotteUTC().Day() != giorno || g.mezzanotteUTC().Month() != mese {
		return Giorno{}, ErrGiorno
	}
	return g, nil
}

// GiornoDi gives the day in Europe/Rome in which the instant falls.
func GiornoDi(t time.Time) Giorno {
	a, m, g := t.In(roma).Date()
	return Giorno{a, m, g}
}

// LeggiGiorno reads "2026-03-31" (ISO 8601). An empty string is the zero Giorno.
func LeggiGiorno(s string) (Giorno, error) {
	if s == "" {
		return Giorno{}, nil
	}
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return Giorno{}, ErrGiorno
	}
	return daParti(s[0:4], s[5:7], s[8:10])
}

// LeggiGiornoItaliano reads "31/03/2026", the form that people write. Day and
// month may have one digit, the year always four.
func LeggiGiornoItaliano(s string) (Giorno, error) {
	if s == "" {
		return Giorno{}, nil
	}
	var parti []string
	inizio := 0
	for i := 0; i <= len(s); i++ {
		if i == len(s) || s[i] == '/' || s[i] == '-' || s[i] == '.' {
			parti = append(parti, s[inizio:i])
			inizio = i + 1
		}
	}
	if len(parti) != 3 || len(parti[2]) != 4 {
		return Giorno{}, ErrGiorno
	}
	return daParti(parti[2], parti[1], parti[0])
}

func daParti(anno, mese, giorno string) (Giorno, error) {
	n := [3]int{}
	for i, p := range []string{anno, mese, giorno} {
		if p == "" || len(p) > 4 {
			return Giorno{}, ErrGiorno
		}
		for _, c := range []byte(p) {
			if c < '0' || c > '9' {
				return Giorno{}, ErrGiorno
			}
		}
		v, err := strconv.Atoi(p)
		if err != nil {
			return Giorno{}, ErrGiorno
		}
		n[i] = v
	}
	return NuovoGiorno(n[0], time.Month(n[1]), n[2])
}

// IsZero reports whether no day is set.
func (g Giorno) IsZero() bool { return g == Giorno{} }

// String gives ISO 8601, "2026-03-31", or "" for the zero value.
func (g Giorno) String() string {
	if g.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", g.Anno, g.Mese, g.Giorno)
}

// Italiano gives the form people read, "31/03/2026", or "" for the zero value.
func (g Giorno) Italiano() string {
	if g.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", g.Giorno, g.Mese, g.Anno)
}

func (g Giorno) mezzanotteUTC() time.Time {
	return time.Date(g.Anno, g.Mese, g.Giorno, 0, 0, 0, 0, time.UTC)
}

// Inizio is the first instant of the day in Europe/Rome, in UTC.
func (g Giorno) Inizio() time.Time {
	t := time.Date(g.Anno, g.Mese, g.Giorno, 0, 0, 0, 0, roma).UTC()
	if GiornoDi(t) == g && GiornoDi(t.Add(-1)) != g {
		return t
	}
	// The clock changed at midnight, as it did in Italy until 1980: look for the
	// second in which the day begins.
	prima := t.Add(-3 * time.Hour)
	n := sort.Search(6*3600, func(s int) bool { return !GiornoDi(prima.Add(time.Duration(s) * time.Second)).Prima(g) })
	return prima.Add(time.Duration(n) * time.Second)
}

// Fine is the first instant of the next day: the day is [Inizio, Fine).
func (g Giorno) Fine() time.Time { return g.Piu(1).Inizio() }

// Piu adds (or with a negative n takes away) n civil days.
func (g Giorno) Piu(n int) Giorno {
	a, m, d := g.mezzanotteUTC().AddDate(0, 0, n).Date()
	return Giorno{a, m, d}
}

// Prima reports whether g comes before h.
func (g Giorno) Prima(h Giorno) bool { return g.mezzanotteUTC().Before(h.mezzanotteUTC()) }

// GiornoSettimana gives the weekday.
func (g Giorno) GiornoSettimana() time.Weekday { return g.mezzanotteUTC().Weekday() }

// MarshalText writes ISO 8601, or nothing for the zero value.
func (g Giorno) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText reads ISO 8601; nothing is the zero value.
func (g *Giorno) UnmarshalText(b []byte) error {
	v, err := LeggiGiorno(string(b))
	if err != nil {
		return err
	}
	*g = v
	return nil
}
