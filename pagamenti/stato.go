package pagamenti

import "slices"

// Stato is the state of a payment position. The values are stable in the
// database and in JSON.
type Stato string

const (
	DaCreare  Stato = "da_creare" // decided here, not yet known to the payment system
	InAttesa  Stato = "in_attesa" // it may be paid
	Avviato   Stato = "avviato"   // the payer is at a PSP; the outcome is not known yet
	Pagato    Stato = "pagato"    // collected; never goes back
	Fallito   Stato = "fallito"   // an attempt failed; it may be tried again
	Scaduto   Stato = "scaduto"   // the term passed without a payment
	Annullato Stato = "annullato" // withdrawn by the ente
)

// transizioni is the whole state machine: from → to. Stato methods read
// nothing else. A pair that is missing is refused; a state to itself is never
// a transition. Scaduto and Annullato still become Pagato, because a payment
// begun before may land after: money that arrived cannot be refused.
var transizioni = []struct{ da, a Stato }{
	{DaCreare, InAttesa}, {DaCreare, Avviato}, {DaCreare, Pagato},
	{DaCreare, Fallito}, {DaCreare, Scaduto}, {DaCreare, Annullato},

	{InAttesa, Avviato}, {InAttesa, Pagato}, {InAttesa, Fallito},
	{InAttesa, Scaduto}, {InAttesa, Annullato},

	{Avviato, InAttesa}, // the payer left, the activation lapsed at the PSP
	{Avviato, Pagato}, {Avviato, Fallito}, {Avviato, Scaduto}, {Avviato, Annullato},

	{Fallito, InAttesa}, {Fallito, Avviato}, {Fallito, Pagato},
	{Fallito, Scaduto}, {Fallito, Annullato},

	{Scaduto, Pagato}, {Scaduto, Annullato},
	{Annullato, Pagato},
}

// Stati gives every state, in the order of a payment's life.
func Stati() []Stato {
	return []Stato{DaCreare, InAttesa, Avviato, Fallito, Pagato, Scaduto, Annullato}
}

// Valido reports whether s is one of Stati.
func (s Stato) Valido() bool { return slices.Contains(Stati(), s) }

// PuoDiventare reports whether a position in s may become a.
func (s Stato) PuoDiventare(a Stato) bool {
	for _, t := range transizioni {
		if t.da == s && t.a == a {
			return true
		}
	}
	return false
}

// Successivi gives the states that s may become, in the order of Stati; none
// for Pagato.
func (s Stato) Successivi() []Stato {
	var v []Stato
	for _, a := range Stati() {
		if s.PuoDiventare(a) {
			v = append(v, a)
		}
	}
	return v
}

// Pagabile reports whether the citizen may still be sent to pay.
func (s Stato) Pagabile() bool { return s == InAttesa || s == Avviato || s == Fallito }

// Chiuso reports whether nothing more is expected: Pagato, Scaduto, Annullato.
// A late payment may still arrive on the last two.
func (s Stato) Chiuso() bool { return s == Pagato || s == Scaduto || s == Annullato }

// Etichetta is the Italian label that citizens and operators read.
func (s Stato) Etichetta() string {
	switch s {
	case DaCreare:
		return "In preparazione"
	case InAttesa:
		return "In attesa di pagamento"
	case Avviato:
		return "Pagamento in corso"
	case Pagato:
		return "Pagato"
	case Fallito:
		return "Pagamento non riuscito: puoi riprovare"
	case Scaduto:
		return "Scaduto"
	case Annullato:
		return "Annullato"
	default:
		return string(s)
	}
}
