package appuntamenti

import (
	"cmp"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// MassimoGiorni is the longest period, in days, for which slots are generated
// in one call.
const MassimoGiorni = 92

// Fascia is a slot: the instants [Inizio, Fine), in UTC, of one opening. Two
// slots are the same if calendar, opening and instants are (Stessa), never by
// their "HH:MM".
type Fascia struct {
	Calendario string    `json:"calendario"`
	Apertura   string    `json:"apertura"`
	Inizio     time.Time `json:"inizio"`
	Fine       time.Time `json:"fine"`
	Liberi     int       `json:"liberi"` // free places; as Fasce gives them, all
}

// Stessa reports whether f and g are the same slot; free places do not count.
func (f Fascia) Stessa(g Fascia) bool {
	return f.Calendario == g.Calendario && f.Apertura == g.Apertura &&
		f.Inizio.Equal(g.Inizio) && f.Fine.Equal(g.Fine)
}

// Fasce generates the slots of c that begin on the days from dal to al, both
// included, ordered by beginning, end and opening. It knows nothing of bookings,
// notice or present time. It is pure, and meant for a calendar that Verifica
// accepts: an opening that cannot be read gives no slot. A period longer than
// MassimoGiorni is cut there; a period with a zero day gives nothing.
//
// In an opening the slots follow each other on the clock of Europe/Rome:
// Inizio, Inizio + (Minuti + Intervallo), … and the last ends at Fine or
// before. Where daylight saving begins or ends, a slot is offered only if both
// its clock readings exist and as many minutes really pass between them:
//
//   - in the hour that is skipped in March there is no slot, and none runs across it;
//   - the hour that comes twice in October is offered once, at its second passage
//     (solar time): a citizen who reads "02:30" on the reminder cannot mistake
//     one for the other. A slot that begins before that hour and ends in it keeps
//     to the first passage; one that would run across the whole of it is not offered.
//
// The other slots of the day stay at their usual clock time.
func Fasce(c Calendario, dal, al termini.Giorno) []Fascia {
	if dal.IsZero() || al.IsZero() {
		return nil
	}
	if limite := dal.Piu(MassimoGiorni - 1); limite.Prima(al) {
		al = limite
	}
	var fasce []Fascia
	for g := dal; !al.Prima(g); g = g.Piu(1) {
		for _, a := range c.Aperture {
			if a.aperta(g) {
				fasce = a.fasce(fasce, c, g)
			}
		}
	}
	slices.SortStableFunc(fasce, func(a, b Fascia) int {
		return cmp.Or(a.Inizio.Compare(b.Inizio), a.Fine.Compare(b.Fine), cmp.Compare(a.Apertura, b.Apertura))
	})
	return fasce
}

// fasce appends the slots of one day.
func (a Apertura) fasce(fasce []Fascia, c Calendario, g termini.Giorno) []Fascia {
	inizio, fine, ok := a.orario()
	if !ok || a.Minuti < MinimoMinuti || a.Minuti > MassimoMinuti || a.Intervallo < 0 {
		return fasce
	}
	for m := inizio; m+a.Minuti <= fine; m += a.Minuti + a.Intervallo {
		dalle, alle, ok := istanti(g, m, a.Minuti)
		if ok && !c.chiuso(dalle, alle) {
			fasce = append(fasce, Fascia{Calendario: c.ID, Apertura: a.ID, Inizio: dalle, Fine: alle, Liberi: a.Posti()})
		}
	}
	return fasce
}

func (c Calendario) chiuso(inizio, fine time.Time) bool {
	return slices.ContainsFunc(c.Chiusure, func(ch Chiusura) bool {
		return ch.Inizio.Before(fine) && inizio.Before(ch.Fine)
	})
}

// istanti turns a slot on the clock into instants: m minutes from midnight of
// day g, n minutes long. Of two passages it takes the second.
func istanti(g termini.Giorno, m, n int) (inizio, fine time.Time, ok bool) {
	t := time.Date(g.Anno, g.Mese, g.Giorno, 0, m, 0, 0, termini.Roma())
	for _, sposta := range []time.Duration{time.Hour, 0, -time.Hour} {
		inizio = t.Add(sposta)
		fine = inizio.Add(time.Duration(n) * time.Minute)
		// The end is excluded, so it is its last minute that must exist.
		if legge(inizio, g, m) && legge(fine.Add(-time.Minute), g, m+n-1) {
			return inizio.UTC(), fine.UTC(), true
		}
	}
	return time.Time{}, time.Time{}, false
}

// legge says whether at t the clock in Rome reads m minutes from midnight of g.
func legge(t time.Time, g termini.Giorno, m int) bool {
	l := t.In(termini.Roma())
	return termini.GiornoDi(t) == g && l.Hour()*60+l.Minute() == m
}

// Trova gives the slot of c with that opening and those instants, whatever its
// bookings; a zero fine means the end that the opening says. ErrFasciaNonOfferta
// if c has no such slot or is closed then.
func Trova(c Calendario, apertura string, inizio, fine time.Time) (Fascia, error) {
	a, ok := c.Apertura(apertura)
	if !ok {
		return Fascia{}, ErrFasciaNonOfferta
	}
	g := termini.GiornoDi(inizio)
	if !a.aperta(g) {
		return Fascia{}, ErrFasciaNonOfferta
	}
	for _, f := range a.fasce(nil, c, g) {
		if f.Inizio.Equal(inizio) && (fine.IsZero() || f.Fine.Equal(fine)) {
			return f, nil
		}
	}
	return Fascia{}, ErrFasciaNonOfferta
}
