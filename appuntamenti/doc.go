// Package appuntamenti books appointments (appuntamenti) with an office of an
// ente, the public body that offers them.
//
// The words:
//
//	calendario     what can be booked: a place, its openings, its closures, its rules
//	apertura       a weekly opening: days, hours, length of a slot, places per slot
//	chiusura       a period in which nothing is offered
//	fascia         a slot: one interval [Inizio, Fine) of instants
//	prenotazione   a booking: first a hold with an expiry (bloccato), then confermato
//	riferimento    what the booking is for, opaque here: usually the id of a pratica
//	capienza       how many bookings a slot takes at the same time
//
// # Time
//
// A slot is an interval of UTC instants; the opening hours are clock readings
// in Europe/Rome. See Fasce for the two days a year on which they disagree.
//
// # Life of a booking
//
//	            Blocca            Conferma             Esita
//	(nothing) ────────► bloccato ──────────► confermato ──────► svolto | assente
//	                      │  ▲ │                 │
//	              expiry  │  │ │ Annulla         │ Annulla
//	                      ▼  │ ▼                 ▼
//	                  scaduto  └─► annullato ◄───┘
//
// A hold that expires frees its place by itself; nobody has to sweep. Agenda is
// the port: the package calendario implements it on the library's own store,
// a vendor's booking system implements it with an adapter, and the package
// appuntamentitest says whether the adapter is right.
//
// The types hold no personal data: who comes to the appointment is known to
// whoever knows the riferimento.
package appuntamenti
