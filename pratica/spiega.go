package pratica

import (
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// Spiegazione says whether an action is allowed, and if not, why.
type Spiegazione struct {
	Azione Azione
	// Ammessa: the command would be accepted, as far as its content is not what
	// is wrong.
	Ammessa bool
	// Offerta: a page shows the action to this actor in this state, though it
	// may be refused for the reasons in Motivi; false where the table has no row
	// for him, or the service is not configured for it.
	Offerta bool
	Motivi  []Motivo
}

// Spiega says whether a command is allowed now and, if not, every unmet
// condition. It follows the same table as Decidi, so that what is shown and
// what is accepted cannot differ. With c.Dati empty of content (as in Azioni)
// the conditions on the content are not asked.
func Spiega(p *Pratica, s *servizio.Servizio, c Comando, ora time.Time) Spiegazione {
	if c.Dati == nil {
		return Spiegazione{}
	}
	return spiega(&contesto{p: p, s: s, c: &c, ora: ora.UTC()}, c.Dati.Azione())
}

func spiega(x *contesto, az Azione) Spiegazione {
	sp := Spiegazione{Azione: az}
	for _, t := range Possibili(x.p.Stato, az) {
		if x.puo(t.Chi) && x.prevista(&t) {
			sp.Offerta = true
		}
	}
	_, err := x.transizione(az)
	if err == nil {
		sp.Ammessa = true
		return sp
	}
	if e, ok := err.(*Errore); ok { //nolint:errorlint // transizione makes it
		sp.Motivi = e.Motivi
	}
	return sp
}

// prevista reports whether the service is configured for a transition at all:
// what it never allows is not offered, not even as refused for now.
func (x *contesto) prevista(t *Transizione) bool {
	for _, se := range t.Se {
		if slices.Contains(delServizio, se) && !se.vale(x) {
			return false
		}
	}
	return true
}

// AzioniPer gives every action that the table offers to the actor in the state
// of the pratica, with the reasons of those that are refused for now.
func AzioniPer(p *Pratica, s *servizio.Servizio, a Attore, ora time.Time) []Spiegazione {
	var offerte []Spiegazione
	x := contesto{p: p, s: s, c: &Comando{Attore: a}, ora: ora.UTC(), spiega: true}
	for _, az := range Azioni() {
		if sp := spiega(&x, az); sp.Offerta {
			offerte = append(offerte, sp)
		}
	}
	return offerte
}
