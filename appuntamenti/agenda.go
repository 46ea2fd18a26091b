package appuntamenti

import (
	"context"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Agenda is the port towards a booking system.
//
// Whoever implements it promises:
//
//   - Concurrency. Every method is safe for concurrent use, by any number of
//     processes. At every instant the bookings that occupy a slot (see
//     Prenotazione.Occupa) are at most its capacity, and a riferimento has at
//     most one active booking, whatever the concurrency.
//   - Tenants. An id means something only within its ente: the same id in two
//     enti names two bookings, and one ente never sees the other's.
//   - Idempotency. The ID of a Prenotazione is chosen by the caller. Every
//     method may be repeated with the same arguments, also after a failure of
//     class guasto.EsitoIgnoto: the effect happens once, the answer is the
//     booking as it is now.
//   - Expiry. A hold frees its place when ScadenzaBlocco comes, without anybody
//     doing anything; from then on Leggi gives it as Scaduto.
//   - Errors. Every error carries a class (package guasto). A refusal is of class
//     Permanente and wraps one of the sentinels of this package; it has no effect.
//     A failure after which the effect may have happened is EsitoIgnoto. A context
//     that ends before anything was written is Transitorio.
//   - Time. Instants are UTC in what is returned; any zone is accepted. No error,
//     key or log holds more than ids.
//
// Who may do what is decided by the caller. The methods of Agenda act for the
// ente: the limit within which a citizen may cancel is in LimiteCittadino.
// Optional abilities are the other interfaces of this file, found by type assertion.
type Agenda interface {
	// Disponibili gives the slots that can be booked now and begin on the days
	// from dal to al (both included, at most MassimoGiorni, else ErrNonValida),
	// ordered by beginning: in an opening, outside closures, within notice and last
	// bookable day. A slot without free places has Liberi 0 or is left out. What
	// it gives may be taken by somebody else a moment later. ErrCalendarioIgnoto.
	Disponibili(ctx context.Context, ente, calendario string, dal, al termini.Giorno) ([]Fascia, error)

	// Blocca holds a place. Of p it reads ID, Ente, Calendario, Apertura, Inizio,
	// Fine (zero: that of the slot), Riferimento, FuoriTermini and ScadenzaBlocco
	// (zero: now plus DurataBlocco of the calendar; never past the beginning of
	// the slot). The same ID with the same slot and riferimento gives the booking as it
	// is now, even if expired or cancelled; with others, ErrIDUsato.
	// ErrFasciaPiena, ErrFasciaNonOfferta, ErrTroppoTardi, ErrRiferimentoOccupato,
	// ErrCalendarioIgnoto, ErrNonValida.
	Blocca(ctx context.Context, p Prenotazione) (Prenotazione, error)

	// Prolunga makes a hold last until fino, never past the beginning of the slot and
	// never less than it already lasts. An expired hold may be taken again if its
	// place is still free; otherwise, or where the system cannot, ErrBloccoScaduto.
	// On a confirmed booking it does nothing. ErrTroppoTardi once the slot has
	// begun; ErrNonTrovata, ErrStato (cancelled, with an outcome).
	Prolunga(ctx context.Context, ente, id string, fino time.Time) (Prenotazione, error)

	// Conferma turns the hold into an appointment. An expired hold is treated as
	// in Prolunga: it takes its place again in the same step, or it fails with
	// ErrBloccoScaduto; never more bookings than places. On a booking that was
	// already confirmed it does nothing. ErrTroppoTardi once the slot has begun;
	// ErrNonTrovata, ErrStato (cancelled).
	Conferma(ctx context.Context, ente, id string) (Prenotazione, error)

	// Annulla cancels a hold, expired or not, or an appointment, and frees its
	// place at once. Final. On a cancelled booking it does nothing. It is not bound
	// by GiorniAnnullo. ErrNonTrovata, ErrStato (with an outcome).
	Annulla(ctx context.Context, ente, id string) (Prenotazione, error)

	// Leggi gives the booking as it is now. ErrNonTrovata.
	Leggi(ctx context.Context, ente, id string) (Prenotazione, error)
}

// Spostatore is an Agenda that moves a booking keeping its ID.
type Spostatore interface {
	// Sposta moves a hold that has not expired or a confirmed appointment to slot f
	// (Calendario, Apertura, Inizio; Fine zero: that of the slot), in one step: the
	// old place is free only if the new one is taken. State and ID stay, Spostamenti
	// grows by one; to the slot where it already is, it does nothing. It acts for
	// the ente: f must exist and lie in the future, notice and last bookable day
	// are not applied. ErrFasciaPiena, ErrFasciaNonOfferta, ErrTroppoTardi,
	// ErrBloccoScaduto, ErrStato, ErrNonTrovata, ErrRiferimentoOccupato (an
	// appointment that is over, moved while its riferimento has another).
	Sposta(ctx context.Context, ente, id string, f Fascia) (Prenotazione, error)
}

// LimiteCittadino is an Agenda that enforces, in the same step as the change,
// the limits that hold for citizens. A caller that acts for a citizen uses
// these methods, and offers no cancellation where the Agenda lacks them unless
// it checks Calendario.LimiteAnnullo itself.
type LimiteCittadino interface {
	// AnnullaCittadino is Annulla, with ErrTroppoTardi for an appointment after
	// Calendario.LimiteAnnullo. A hold may be released at any time.
	AnnullaCittadino(ctx context.Context, ente, id string) (Prenotazione, error)
	// SpostaCittadino is Spostatore.Sposta, with ErrTroppoTardi as above, and with
	// the least notice and the last bookable day applied to the new slot.
	SpostaCittadino(ctx context.Context, ente, id string, f Fascia) (Prenotazione, error)
}

// Esitatore is an Agenda that records how an appointment went.
type Esitatore interface {
	// Esita records Svolto or Assente (another state: ErrNonValida) on an
	// appointment that was confirmed and has begun; the one may be corrected into
	// the other. ErrStato otherwise. ErrNonTrovata.
	Esita(ctx context.Context, ente, id string, esito Stato) (Prenotazione, error)
}

// Elencatore is an Agenda that lists its bookings, for the operator's day.
type Elencatore interface {
	// Elenca gives the bookings that occupy a place of the calendar (held and not
	// expired, confirmed, with an outcome) and begin on the days from dal to al,
	// both included, at most MassimoGiorni (else ErrNonValida), ordered by
	// beginning, then ID.
	Elenca(ctx context.Context, ente, calendario string, dal, al termini.Giorno) ([]Prenotazione, error)
}
