// Package storage holds the two ports on which everything rests: Store keeps
// pratiche, their events and the effects still to be carried out; Archivio
// keeps files.
//
// A Store commits the events of a command, the effects that they cause, the
// projection and the uniqueness claims in one transaction, or nothing of it.
// No method ever calls out of the store. Everything is kept per ente (the
// public body, the tenant): no method sees two of them at once, but Prenota.
//
// Implementations: storage/memoria for tests, storage/sqlite as the embedded
// default. Files: storage/cartella. Each passes the kit in storage/storagetest.
package storage

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

var (
	// ErrNonTrovata: no such pratica, effect or file in that ente.
	ErrNonTrovata = errors.New("storage: non trovata")
	// ErrConflitto: the pratica is no longer at the expected version. Load it
	// and decide again.
	ErrConflitto = errors.New("storage: versione superata")
	// ErrPrenotazione: the lease of an effect is no longer ours. Whoever holds
	// it now goes on; stop.
	ErrPrenotazione = errors.New("storage: prenotazione scaduta")
	// ErrFiltro: a filter, cursor or bound is not valid.
	ErrFiltro = errors.New("storage: filtro non valido")
	// ErrNonValido: a commit, an effect or a name is not well formed, a mistake
	// of the caller: nothing was done.
	ErrNonValido = errors.New("storage: dati non validi")
	// ErrTroppoGrande: a file or a journal exceeds its bound.
	ErrTroppoGrande = errors.New("storage: file troppo grande")
	// ErrCorrotto: what was read is not what was written.
	ErrCorrotto = errors.New("storage: contenuto alterato")
)

// ErroreUnico: another pratica already made the same claim.
type ErroreUnico struct{ Unico Unico }

// Error gives the scope of the claim, not its key.
func (e *ErroreUnico) Error() string { return "storage: già usato (" + e.Unico.Ambito + ")" }

// Store keeps pratiche. Safe for concurrent use by any number of goroutines
// and, where the implementation says so, of processes. What it returns is the
// caller's: changing it changes nothing stored.
type Store interface {
	// Carica gives the pratica at its last version, or ErrNonTrovata.
	Carica(ctx context.Context, ente string, id pratica.ID) (*pratica.Pratica, error)
	// Registra commits all of c or nothing. Where c.Chiave was already
	// committed for the same pratica it does nothing and gives the receipt of
	// that commit with Ripetuta set, whatever else c holds: this comes before
	// every other check. Otherwise ErrNonValido where c is not well formed,
	// ErrConflitto where the pratica is not at c.Attesa, *ErroreUnico where
	// another pratica holds a claim, ErrPrenotazione where c.Concluso is no
	// longer leased to its holder, in this order.
	// After an error from ctx or from the connection the outcome is unknown:
	// the same commit with the same Chiave tells.
	Registra(ctx context.Context, c Commit) (Ricevuta, error)
	// Ripetuta gives the receipt of an earlier commit with that key, with
	// Ripetuta set; false where there is none.
	Ripetuta(ctx context.Context, ente string, id pratica.ID, chiave string) (Ricevuta, bool, error)
	// Eventi gives the iter from its first entry, or ErrNonTrovata.
	Eventi(ctx context.Context, ente string, id pratica.ID) ([]pratica.Evento, error)
	// Cerca gives one page of a list. ErrFiltro for a malformed cursor or bound.
	Cerca(ctx context.Context, f Filtro) (Pagina, error)
	// Numera reserves the next number of a series for a pratica: 1, 2, 3… per
	// ente, series and year. The same pratica asking again for the same series
	// and year gets the same number, so that a number is lost only with the
	// pratica that reserved it, and which one it was is on record.
	Numera(ctx context.Context, ente, serie string, anno int, id pratica.ID) (int64, error)

	// Prenota leases effects that are due, of any ente, oldest first, and gives
	// them with Stato InCorso, Tentativi one higher and their lease filled in.
	// An effect is due at Prossimo or when its lease expired; only the first
	// unfinished effect of each (pratica, corsia) is ever given, and none of a
	// pratica's lane while another one of it is leased. An effect in EsitoIgnoto
	// or Fallito is never given and blocks its lane, and so does one of a kind in
	// p.Escludi. ErrFiltro where a field of p is out of its bounds.
	Prenota(ctx context.Context, p Prenotazione) ([]Effetto, error)
	// Aggiorna writes Stato, Prossimo, Diario, UltimoErrore (and Concluso where
	// Fatto) and, in states other than InCorso, ends the lease; the effect is
	// found by Ente and ID and must still be leased to e.Titolare with e.Gettone,
	// else ErrPrenotazione. A lease that expired holds until somebody else takes
	// it: the store has no clock, the token decides. While InCorso it writes only
	// the journal and extends the lease to e.Scadenza. ErrTroppoGrande where the
	// journal exceeds MassimoDiario.
	Aggiorna(ctx context.Context, e Effetto) error
	// Effetto gives one effect, or ErrNonTrovata.
	Effetto(ctx context.Context, ente, id string) (Effetto, error)
	// Effetti gives all effects of a pratica in the order in which they were
	// caused; none is no error.
	Effetti(ctx context.Context, ente string, id pratica.ID) ([]Effetto, error)
	// Sblocca puts an effect that is EsitoIgnoto or Fallito back to DaFare, due
	// at once (Prossimo zero), with Tentativi 0 and the journal given (nil keeps
	// it); UltimoErrore stays. ErrConflitto in any other state.
	Sblocca(ctx context.Context, ente, id string, diario []byte) error

	cassetto.Cassetto
}

// Commit is what one command changes.
type Commit struct {
	Pratica *pratica.Pratica // as it is after the events
	Attesa  int              // version before them; 0: the pratica must not exist
	Eventi  []pratica.Evento // sealed, Attesa+1…
	Effetti []Effetto        // ID, Genere, Riferimento, Prossimo (zero: at Ora); the rest is filled in
	Chiave  string           // idempotency key, optional, at most 512 bytes
	Unici   []Unico          // claims; one already held by this pratica is no conflict
	// Concluso, an effect of this pratica, is marked as done in the same
	// transaction; its Diario is written with it (nil keeps the one stored).
	Concluso *Effetto
	// Elimina removes the pratica with its events, effects, keys and claims: the
	// deletion of a draft. Eventi is then not kept. What this very commit brings
	// stays: Effetti (to give a booking back) and Chiave (so that the same commit
	// again tells that it was done).
	Elimina bool
	// Ora is the instant of the command (UTC).
	Ora time.Time
}

// Unico is a claim that no two pratiche of an ente may make: a stamp serial, a
// value that a service wants unique.
type Unico struct{ Ambito, Chiave string } // each 1–512 bytes

// Ricevuta is the result of a commit.
type Ricevuta struct {
	Versione int           // of the pratica after it
	Stato    pratica.Stato // of the pratica after it
	Ripetuta bool          // the key was committed before; nothing was done now
}

// StatoEffetto is how far an effect is.
type StatoEffetto string

// States of an effect.
const (
	DaFare      StatoEffetto = "da_fare"
	InCorso     StatoEffetto = "in_corso"
	Fatto       StatoEffetto = "fatto"
	EsitoIgnoto StatoEffetto = "esito_ignoto" // nobody knows whether it happened: an operator decides
	Fallito     StatoEffetto = "fallito"      // refused for good, or too many attempts: an operator may retry
)

// MassimoDiario bounds the journal of an effect, in bytes.
const MassimoDiario = 64 << 10

// Effetto is the durable record of something to do outside.
type Effetto struct {
	ID          string // UUID
	Ente        string
	Pratica     pratica.ID
	Genere      pratica.GenereEffetto
	Riferimento string
	Corsia      string    // Genere.Corsia()
	Causato     time.Time // instant of the command
	Ordine      int64     // position among the effects of the pratica

	Stato        StatoEffetto
	Tentativi    int       // leases so far
	Prossimo     time.Time // not before
	Diario       []byte    // write-ahead journal of the executor, JSON, at most MassimoDiario
	UltimoErrore string    // class and code of the last failure; no personal data
	Concluso     time.Time // when it was done

	Titolare string    // holder of the lease
	Gettone  int64     // fencing token, grows with every lease
	Scadenza time.Time // end of the lease
}

// Prenotazione asks for effects.
type Prenotazione struct {
	Titolare string        // who asks: unique per worker
	Ora      time.Time     // now, UTC
	Durata   time.Duration // of the lease
	Limite   int           // at most so many; 1–1000
	// Escludi are kinds not to give: destinations that are paused.
	Escludi []pratica.GenereEffetto
	// Solo, if not empty, gives only this effect, also where Prossimo is in the future.
	Solo string
}

// Lavorazione selects by who has a pratica in charge.
type Lavorazione string

// Values of Lavorazione.
const (
	Tutte        Lavorazione = ""
	Mie          Lavorazione = "mie"           // in charge to Filtro.Operatore, which is then required
	NonAssegnate Lavorazione = "non_assegnate" // in charge to nobody, and still open
)

// Filtro selects the pratiche of a list. Zero fields do not select. Drafts
// (Bozza, AttesaPagamento) are given only where Bozze is set.
type Filtro struct {
	Ente                string   // required
	Servizi             []string // only these services; nil means all, an empty slice none
	Stati               []pratica.Stato
	Lavorazione         Lavorazione
	Operatore           string // for Mie
	Ufficio             string
	Richiedente         string // codice fiscale, exact
	Anonimo             string // SHA-256 of an anonymous applicant's capability, exact
	Testo               string // number, protocol number, name, codice fiscale or subject; words all present, case and accents do not matter; at most 200 bytes
	Numero              pratica.Numero
	Dal, Al             time.Time // presented in [Dal, Al)
	CambioDal, CambioAl time.Time // last change of state in [CambioDal, CambioAl)
	Attenzione          bool      // only those with an effect in EsitoIgnoto or Fallito
	Bozze               bool
	Escludi             pratica.ID

	Ordine  Ordine
	Limite  int    // rows of a page; 0 means 25, at most 200
	Cursore string // Pagina.Seguente of the page before
}

// Ordine is the order of a list.
type Ordine string

// Orders. Ties are broken by ID, so that pages neither skip nor repeat.
const (
	PerPresentazione        Ordine = ""           // newest first; drafts by creation
	PerPresentazioneVecchie Ordine = "presentata" // oldest first
	PerAggiornamento        Ordine = "aggiornata" // last changed first
)

// Pagina is one page of a list.
type Pagina struct {
	Righe    []Riga
	Seguente string // cursor of the next page, "" at the end
	Totale   int    // rows that the filter selects, without the cursor
}

// Riga is what a list shows of a pratica.
type Riga struct {
	ID            pratica.ID
	Versione      int
	Servizio      string
	Stato         pratica.Stato
	Numero        pratica.Numero
	Oggetto       string
	Richiedente   string // "Nome Cognome"
	CodiceFiscale string
	Ufficio       string
	Operatore     string
	Protocollo    string // "0000123/2026", "" if none
	Creata        time.Time
	PresentataIl  time.Time
	CambioStato   time.Time
	Aggiornata    time.Time
	Attenzione    bool // an effect needs somebody
}

// Archivio keeps files by the SHA-256 of their content. Streams only: no
// method holds a file whole in memory. Safe for concurrent use.
type Archivio interface {
	// Scrivi stores what r gives and says what it was. When it returns without
	// error the bytes are durable. More than massimo bytes: ErrTroppoGrande, and
	// nothing is kept. The same content twice is stored once.
	Scrivi(ctx context.Context, ente string, r io.Reader, massimo int64) (File, error)
	// Apri gives the content; reading to the end verifies it and fails with
	// ErrCorrotto where it was altered. ErrNonTrovata where there is none.
	Apri(ctx context.Context, ente, sha256 string) (io.ReadCloser, error)
}

// File is what Archivio knows of a content.
type File struct {
	SHA256     string // hex
	Dimensione int64  // bytes
}

// Spazzino is an Archivio that can remove files which nothing refers to.
type Spazzino interface {
	// Spazza removes the files of the ente older than prima for which serve is
	// false, and says how many. A file that is being written is never removed.
	Spazza(ctx context.Context, ente string, prima time.Time, serve func(sha256 string) (bool, error)) (int, error)
}
