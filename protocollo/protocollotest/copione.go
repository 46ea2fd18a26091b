package protocollotest

import (
	"time"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// Guasto is what goes wrong in one call.
type Guasto string

const (
	// Nessuno: the call works.
	Nessuno Guasto = ""
	// PrimaEffetto: fails before any effect, with class Passo.Classe
	// (Transitorio unless set).
	PrimaEffetto Guasto = "prima_effetto"
	// DopoEffetto: the effect happens and the answer is lost; class EsitoIgnoto.
	DopoEffetto Guasto = "dopo_effetto"
	// Blocco: hangs until ctx ends, then class EsitoIgnoto. Passo.ConEffetto says
	// whether the effect happened. A ctx that never ends never comes back.
	Blocco Guasto = "blocco"
	// Doppio: the registry registers twice for one call, and answers with the
	// first number. Only for Registra.
	Doppio Guasto = "doppio"
	// Ritardo: class EsitoIgnoto at once, and the effect happens later: when
	// Passo.Dopo more calls of any operation have begun (0: one), or at Matura.
	Ritardo Guasto = "ritardo"
	// Parziale: the number is given, the attachments are not there;
	// protocollo.Parziale. Without attachments it works. Only for Registra.
	Parziale Guasto = "parziale"
	// Spazzatura: the effect happens, and the answer is garbage without an error:
	// no number, no year, or somebody else's. For Cerca: registrations of others.
	Spazzatura Guasto = "spazzatura"
	// Riordino: waits until another Registra has taken its number, so that what
	// was asked later is numbered earlier. Ends also at Matura; if ctx ends
	// first there is no effect, with class EsitoIgnoto. Only for Registra.
	Riordino Guasto = "riordino"
)

// Operazione names a method of the port.
type Operazione string

// The operations that Finto has.
const (
	OpRegistra Operazione = "Registra"
	OpCerca    Operazione = "Cerca"
	OpLeggi    Operazione = "Leggi"
	OpAllega   Operazione = "Allega"
	OpAnnulla  Operazione = "Annulla"
	OpTrova    Operazione = "TrovaFascicolo"
	OpCrea     Operazione = "CreaFascicolo"
	OpPing     Operazione = "Ping"
)

// Passo is one step: what happens to the next call of one operation.
type Passo struct {
	Operazione Operazione // defaults to OpRegistra
	Guasto     Guasto
	Classe     guasto.Classe // PrimaEffetto only; defaults to Transitorio
	ConEffetto bool          // Blocco only
	Dopo       int           // Ritardo only: calls; defaults to 1
}

// Livello says which optional interfaces Finto.Porta has.
type Livello int

const (
	// Completo: Cercatore, Lettore, Allegatore, Annullatore, Fascicolatore, Pinger.
	Completo Livello = iota
	// ConCerca: Cercatore only.
	ConCerca
	// SoloRegistra: none.
	SoloRegistra
)

// Copione is the script of a Finto. The zero value is a registry without faults.
type Copione struct {
	// Passi are taken in order, those of each operation by the calls of that
	// operation. After the last one Probabilita decides.
	Passi []Passo
	// Probabilita gives the chance of each fault, 0 to 1, in the calls of
	// Registra after the steps; their sum is at most 1. The sequence depends on
	// Seme only (and, with concurrent calls, on their order).
	Probabilita map[Guasto]float64
	Seme        uint64
	// Livello defaults to Completo.
	Livello Livello
	// CercaInaffidabile: declares that an empty search proves nothing.
	CercaInaffidabile bool
	// Idempotente: recognises the correlation token. Real registries do not.
	Idempotente bool
	// Limiti are merged into the declared Capacita: sizes, counts, names.
	Limiti protocollo.Capacita
	// Registro gives the numbers and keeps the fascicoli. Defaults to an
	// interno.Registro on a cassetto.Memoria.
	Registro protocollo.Registro
	// Orologio is the clock of the default Registro. Defaults to a fixed instant,
	// 31 March 2026 at 10:00 UTC.
	Orologio func() time.Time
}
