package servizio

import (
	"time"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Conservazione says for how long the personal data of a service are kept
// (Regulation EU 2016/679, art. 5, par. 1, e):
//
//	"conservazione": {"anni": 10, "giorni_bozza": 60}
//
// A term that is not given never ends. The one of pratiche runs from the day of
// the end of the procedure, by the common calendar: ten years from 29 February
// 2028 end with 28 February 2038. Where the retention plan of the ente (piano di
// conservazione, DPR 445/2000, art. 68) counts from the year after, add one.
//
// Nothing is erased because a term passed: package sportello lists what may be,
// and the host asks for each erasure. Documents of a public archive need an
// authorisation first (scarto, D.Lgs. 42/2004, art. 21, c. 1, d); drafts that were
// never submitted are not part of it.
//
// The newest version of a service decides for the pratiche of all its versions.
type Conservazione struct {
	Anni int `json:"anni,omitempty" validate:"min=0,max=200"`
	Mesi int `json:"mesi,omitempty" validate:"min=0,max=2400"` // added to Anni
	// GiorniBozza are the days after the last change when a draft that was never
	// submitted counts as abandoned.
	GiorniBozza int `json:"giorni_bozza,omitempty" validate:"min=0,max=3660"`
}

// Conservazione gives the retention terms; false where nothing ever ends.
func (s *Servizio) Conservazione() (Conservazione, bool) {
	if s.c.Conservazione == nil {
		return Conservazione{}, false
	}
	return *s.c.Conservazione, true
}

// Scadenza gives the instant from which the personal data of a pratica that
// ended then may be erased; the zero time where they never may.
func (c Conservazione) Scadenza(conclusa time.Time) time.Time {
	if !c.finisce() || conclusa.IsZero() {
		return time.Time{}
	}
	return c.ultimo(termini.GiornoDi(conclusa)).Fine()
}

// Limite is the inverse of Scadenza: the term of what ended before that instant
// has passed by ora, and of nothing else. The zero time where none ever does.
func (c Conservazione) Limite(ora time.Time) time.Time {
	if !c.finisce() {
		return time.Time{}
	}
	oggi := termini.GiornoDi(ora)
	g := mesiDopo(oggi, -c.mesi())
	for !c.ultimo(g).Prima(oggi) { // the last days of a month may all end on one
		g = g.Piu(-1)
	}
	return g.Fine()
}

// ScadenzaBozza gives the instant from which a draft last changed then counts as
// abandoned; the zero time where it never does.
func (c Conservazione) ScadenzaBozza(ultima time.Time) time.Time {
	if c.GiorniBozza <= 0 {
		return time.Time{}
	}
	return termini.GiornoDi(ultima).Piu(c.GiorniBozza).Fine()
}

// LimiteBozza is the inverse of ScadenzaBozza.
func (c Conservazione) LimiteBozza(ora time.Time) time.Time {
	if c.GiorniBozza <= 0 {
		return time.Time{}
	}
	return termini.GiornoDi(ora).Piu(-c.GiorniBozza).Inizio()
}

func (c Conservazione) finisce() bool { return c.mesi() > 0 }

func (c Conservazione) mesi() int { return 12*c.Anni + c.Mesi }

// ultimo is the last day on which the data are kept.
func (c Conservazione) ultimo(g termini.Giorno) termini.Giorno { return mesiDopo(g, c.mesi()) }

// mesiDopo gives the same day of another month, or its last (code of civil
// procedure, art. 155; civil code, art. 2963).
func mesiDopo(g termini.Giorno, n int) termini.Giorno {
	t := time.Date(g.Anno, g.Mese+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	fine := t.AddDate(0, 1, -1).Day()
	return termini.Giorno{Anno: t.Year(), Mese: t.Month(), Giorno: min(g.Giorno, fine)}
}

// conservazione checks what no single field can.
func (e *Errore) conservazione(c *Conservazione) {
	if c != nil && *c == (Conservazione{}) {
		e.aggiungi("conservazione", "vuoto", "Indica dopo quanto tempo i dati possono essere oscurati o le bozze eliminate, oppure togli la voce.")
	}
}
