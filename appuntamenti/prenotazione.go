package appuntamenti

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Stato is the state of a booking. The values are stable: they are written in
// the database and in JSON.
type Stato string

const (
	// Bloccato: a hold; it keeps its place until ScadenzaBlocco.
	Bloccato Stato = "bloccato"
	// Confermato: the appointment is taken.
	Confermato Stato = "confermato"
	// Annullato: cancelled by the citizen or by the ente; final.
	Annullato Stato = "annullato"
	// Scaduto: a hold that nobody confirmed in time. Its place is free.
	Scaduto Stato = "scaduto"
	// Svolto: it took place.
	Svolto Stato = "svolto"
	// Assente: the citizen did not come.
	Assente Stato = "assente"
)

// Stati gives every state.
func Stati() []Stato { return []Stato{Bloccato, Confermato, Annullato, Scaduto, Svolto, Assente} }

// Etichetta is the label that people read.
func (s Stato) Etichetta() string {
	switch s {
	case Bloccato:
		return "In attesa di conferma"
	case Confermato:
		return "Confermato"
	case Annullato:
		return "Annullato"
	case Scaduto:
		return "Non confermato in tempo"
	case Svolto:
		return "Svolto"
	case Assente:
		return "Cittadino assente"
	default:
		return "Stato sconosciuto"
	}
}

// Prenotazione is a booking. It holds no personal data.
type Prenotazione struct {
	// ID is given by the caller, a UUID, unique in the ente: it is what makes
	// Blocca idempotent. At most 128 bytes.
	ID         string    `json:"id"`
	Ente       string    `json:"ente"`
	Calendario string    `json:"calendario"`
	Apertura   string    `json:"apertura"`
	Inizio     time.Time `json:"inizio"` // UTC
	Fine       time.Time `json:"fine"`   // UTC, excluded
	// Riferimento is what the booking is for, usually the id of a pratica;
	// opaque, at most 128 bytes, never personal data. A riferimento has at most
	// one active booking in its ente. Empty: no such limit.
	Riferimento string `json:"riferimento,omitempty"`
	Stato       Stato  `json:"stato"`
	// ScadenzaBlocco (UTC) is when the hold ends: from that instant on the place
	// is free. It stays as it was once the booking is confirmed.
	ScadenzaBlocco time.Time `json:"scadenza_blocco,omitzero"`
	// Spostamenti counts how many times the appointment was moved.
	Spostamenti int `json:"spostamenti,omitempty"`
	// FuoriTermini: asked by an operator; least notice and last bookable day are
	// not applied. The slot must still exist and lie in the future.
	FuoriTermini bool `json:"fuori_termini,omitempty"`
}

const massimoOpaco = 128

// Fascia gives the slot that is booked; Liberi is 0.
func (p Prenotazione) Fascia() Fascia {
	return Fascia{Calendario: p.Calendario, Apertura: p.Apertura, Inizio: p.Inizio, Fine: p.Fine}
}

// StatoA gives the state as it is at ora: a hold whose expiry has come is Scaduto.
func (p Prenotazione) StatoA(ora time.Time) Stato {
	if p.Stato == Bloccato && !ora.Before(p.ScadenzaBlocco) {
		return Scaduto
	}
	return p.Stato
}

// Occupa reports whether the booking counts against the capacity of its slot at ora.
func (p Prenotazione) Occupa(ora time.Time) bool {
	switch p.StatoA(ora) {
	case Bloccato, Confermato, Svolto, Assente:
		return true
	default:
		return false
	}
}

// Attiva reports whether the booking is the one its riferimento may have: a hold
// that has not expired, or a confirmed appointment that is not over. One that is
// over without an outcome does not keep the citizen from booking again.
func (p Prenotazione) Attiva(ora time.Time) bool {
	switch p.StatoA(ora) {
	case Bloccato:
		return true
	case Confermato:
		return p.Fine.After(ora)
	default:
		return false
	}
}

// Verifica checks what a caller of Blocca gives: ids present and within bounds,
// a beginning, an end after it (or none). The error is ErrNonValida.
func (p Prenotazione) Verifica() error {
	if !IDValido(p.Ente) || !IDValido(p.Calendario) || !IDValido(p.Apertura) ||
		p.ID == "" || !opaco(p.ID) || !opaco(p.Riferimento) ||
		p.Inizio.IsZero() || !p.Fine.IsZero() && !p.Fine.After(p.Inizio) {
		return ErrNonValida
	}
	return nil
}

// IDValido reports whether s can be the id of an ente, a calendar or an opening:
// 1 to 64 ASCII letters, digits and ". _ - :".
func IDValido(s string) bool {
	return s != "" && len(s) <= MassimoID && strings.Trim(s, lettereID) == ""
}

const lettereID = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:"

func opaco(s string) bool {
	return len(s) <= massimoOpaco && utf8.ValidString(s) && strings.IndexFunc(s, unicode.IsControl) < 0
}
