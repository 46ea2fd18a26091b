package appuntamenti

import (
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Apertura is a weekly opening: on the given days of the week, from Dal to Al,
// from Inizio to Fine, one slot after the other.
type Apertura struct {
	ID     string         `json:"id"`
	Titolo string         `json:"titolo,omitempty"`
	Dal    termini.Giorno `json:"dal"` // first day; zero: since ever
	Al     termini.Giorno `json:"al"`  // last day, included; zero: without end
	// Giorni are the days of the week, each once (0 Sunday … 6 Saturday).
	Giorni []time.Weekday `json:"giorni"`
	// Inizio and Fine are clock readings in Europe/Rome, "09:00"; Fine may be
	// "24:00". An opening does not go past midnight: use two.
	Inizio string `json:"inizio"`
	Fine   string `json:"fine"`
	// Minuti is the length of a slot, from 5 to 720.
	Minuti int `json:"minuti"`
	// Intervallo is the pause in minutes between a slot and the next, from 0 to 720.
	Intervallo int `json:"intervallo,omitempty"`
	// Capienza is how many bookings a slot takes. Defaults to 1, at most 1000.
	Capienza int `json:"capienza,omitempty"`
}

// Bounds of an Apertura, in minutes.
const (
	MinimoMinuti  = 5
	MassimoMinuti = 720
)

// DurataMassima is the longest a slot can be: whoever searches for the bookings
// that overlap an instant need not look further back.
const DurataMassima = MassimoMinuti * time.Minute

// Posti is the capacity with its default: at least 1.
func (a Apertura) Posti() int { return max(a.Capienza, 1) }

// aperta says whether the opening holds on that day.
func (a Apertura) aperta(g termini.Giorno) bool {
	return (a.Dal.IsZero() || !g.Prima(a.Dal)) &&
		(a.Al.IsZero() || !a.Al.Prima(g)) &&
		slices.Contains(a.Giorni, g.GiornoSettimana())
}

// orario gives opening and closing as minutes from midnight on the clock.
func (a Apertura) orario() (inizio, fine int, ok bool) {
	inizio, primo := minuti(a.Inizio)
	fine, secondo := minuti(a.Fine)
	return inizio, fine, primo && secondo && inizio < fine
}

// minuti reads "HH:MM" from "00:00" to "24:00" as minutes from midnight.
func minuti(s string) (int, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	h, m := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	if m > 59 || h*60+m > 24*60 {
		return 0, false
	}
	return h*60 + m, true
}
