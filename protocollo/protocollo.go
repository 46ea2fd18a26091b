// Package protocollo is the port towards the registry (protocollo informatico)
// of a public body: the system that gives each document received or sent its
// number and date (DPR 445/2000, art. 53). It holds the value types, the rules
// that bind every registry, and the interfaces that an adapter implements.
//
// Terms: an ente is the public body; an AOO (area organizzativa omogenea) is the
// part of it that shares one registry; a registro is one numbered series of an
// AOO; the estremi are what identifies a registration (ente, AOO, registro,
// year, number, date); the oggetto is its subject line; the classifica is its
// place in the filing plan (titolario); a fascicolo is the file that keeps
// together the documents of one matter; the impronta is a document's digest;
// the mittente sends and the destinatari receive.
//
// One rule comes before all others: a document must never get two numbers and a
// number must never be lost. No real registry takes an idempotency key, so the
// subject line carries a correlation token (see OggettoConToken), an answer that
// is not clear has class guasto.EsitoIgnoto, and Cercatore finds what happened.
//
// The package knows nothing of pratica and can be used alone.
package protocollo

import "context"

// Direzione is the direction of a registration. Stable in JSON and databases.
type Direzione string

// The three directions (flussi) of a registry.
const (
	Arrivo   Direzione = "arrivo"   // received by the ente
	Partenza Direzione = "partenza" // sent by the ente
	Interno  Direzione = "interno"  // between offices of the same AOO
)

// Valida reports whether d is one of the three.
func (d Direzione) Valida() bool {
	switch d {
	case Arrivo, Partenza, Interno:
		return true
	default:
		return false
	}
}

// Registro is the port that every adapter implements. One value serves any
// number of enti and is safe for concurrent use.
type Registro interface {
	// Capacita says what this registry can do and which limits it sets. It does
	// no I/O and always gives the same answer.
	Capacita() Capacita
	// Registra gives one document, with its attachments, a number.
	//
	// It first runs Capacita().Verifica(r) and refuses, with no effect, what
	// does not pass. Then it makes at most one call that may assign a number: it
	// never repeats that call by itself, whatever happens. Year and date come
	// from the registry's answer, never from the caller's clock.
	//
	// It is NOT idempotent, unless Capacita().Idempotente: the same r twice gives
	// two numbers. A registry that recognises r.Correlazione returns GiaRegistrata.
	//
	// Every error has a class (guasto.Di): Transitorio and Sessione only where
	// certainly no number was assigned; EsitoIgnoto from the moment the call that
	// assigns it was written and no clear answer came, including the end of ctx;
	// Permanente and Configurazione where the registry refused; GiaFatto as
	// GiaRegistrata; Parziale as the type Parziale, when the number is there and
	// attachments or fascicolo are missing. No error text holds personal data.
	Registra(ctx context.Context, r Richiesta) (Registrazione, error)
}

// Cercatore is implemented by registries that can be searched. The result holds
// annulled registrations too, oldest first, and is empty (no error) when nothing
// matches. A search by token gives only registrations whose oggetto carries that
// very token as TokenDi reads it: a citizen may have typed somebody else's token
// in a text. What an empty result is worth is said by Capacita().CercaAffidabile.
// Errors as for Registro, but never EsitoIgnoto: a search has no effect.
type Cercatore interface {
	Cerca(ctx context.Context, c Criteri) ([]Registrazione, error)
}

// Fascicolatore is implemented by registries in which fascicoli can be found and
// opened.
type Fascicolatore interface {
	// TrovaFascicolo finds by our key (Fascicolo.Chiave), or gives ErrNonTrovato.
	TrovaFascicolo(ctx context.Context, ente, chiave string) (Fascicolo, error)
	// CreaFascicolo opens a fascicolo. Where Capacita().FascicoliUnici, it is an
	// atomic get-or-create on f.Chiave and concurrent callers all receive the
	// same one; elsewhere callers look first, and hold a lock on the key.
	// Classes of errors as for Registra.
	CreaFascicolo(ctx context.Context, ente string, f Fascicolo) (Fascicolo, error)
}

// Lettore is implemented by registries that can read one registration back.
type Lettore interface {
	// Leggi gives the registration, annulled or not, or ErrNonTrovato. e.Data is
	// not looked at.
	Leggi(ctx context.Context, e Estremi) (Registrazione, error)
}

// Allegatore is implemented by registries that take attachments after the number
// is assigned.
type Allegatore interface {
	// Allega adds one document and gives the id that the registry assigned to it.
	// A document whose Documento.ID is already there is not added twice where
	// the registry can tell; then the error has class GiaFatto.
	Allega(ctx context.Context, e Estremi, d Documento) (string, error)
}

// Annullatore is implemented by registries that annul through their interface.
type Annullatore interface {
	// Annulla marks a registration as annulled. The entry stays readable with
	// its mark, date, operator and authorising act (DPR 445/2000, art. 54); the
	// date is the registry's. Annulling again is an error of class GiaFatto.
	Annulla(ctx context.Context, e Estremi, a Annullamento) (Registrazione, error)
}

// Riclassificatore is implemented by registries that let the two modifiable
// elements of a registration be changed: classification and assignment (Linee
// guida AgID on the documento informatico, chapter 3). Everything else is fixed.
// The operatore is an opaque code, never a person's name.
type Riclassificatore interface {
	Riclassifica(ctx context.Context, e Estremi, classifica, operatore string) (Registrazione, error)
	Riassegna(ctx context.Context, e Estremi, ufficio, operatore string) (Registrazione, error)
}

// Bozza is a registration prepared and not yet numbered. ID is the registry's.
type Bozza struct {
	Ente         string `json:"ente"`
	ID           string `json:"id"`
	Correlazione string `json:"correlazione"`
}

// Predispositore is implemented by registries that register in two phases.
// Where it is there, callers prefer it: Predisponi may be repeated, because a
// draft has no number, and only Conferma follows the rules of Registra.
type Predispositore interface {
	Predisponi(ctx context.Context, r Richiesta) (Bozza, error)
	Conferma(ctx context.Context, b Bozza) (Registrazione, error)
}

// Pinger is implemented by registries whose reachability and credentials can be
// checked without effect.
type Pinger interface {
	Ping(ctx context.Context) error
}
