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
// default, storage/postgres where one machine is not enough. Files:
// storage/cartella, storage/s3. Each passes the kit in storage/storagetest.
//
// # Measured
//
// Beside a floor that does the same by hand, in one run on two cores; ratios
// travel, times do not. Medians; 1,000,000 pratiche against 10,000, pages of ten
// rows.
//
//	what                                                  SQLite      PostgreSQL
//	rate of commits of the floor's, new / next event      0.87 / 0.91
//	the same, 1 / 8 / 32 workers                                      0.85 / 0.86 / 0.83
//	load of a pratica of 50 events, × one row decoded     0.99        1.15
//	first and 1000th page, lists that fill it on both     ≤ 1.2 ×     ≤ 1.4 ×
//	longest of them                                       0.8 ms      0.7 ms
//	search of words, median of the searches tried         2.4 ms      0.7 ms
//	longest of them                                       129 ms      20 ms
//	effects done by 8 workers, of the rate of commits                 0.72
//	CSV of all, growth of the process                     13 MiB      7 MiB
//
// Not all is as quick. On SQLite forty services with five states took 1.1 ms, 3.6
// times as long as on 10,000; a month of presentation in the order of the oldest
// change 0.5 ms, 3 times as long; a search for a year alone, which a third of all
// have, 129 ms (the next longest 14 ms).
//
//	go test -run '^$' -bench 'Registra|Carica' ./storage/sqlite
//	PRATICHE_RIGHE=1000000 go test -run '^$' -bench 'Elenco|Testo' -benchtime 20x -timeout 3h ./storage/sqlite
//
// and the same of ./storage/postgres, where Effetti is as well.
package storage

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/shopspring/decimal"

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
	// ErrNonValido: a commit, an effect or a name (UTF-8, 1–512 bytes) is not well
	// formed, a mistake of the caller: nothing was done.
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
	// It costs what the page costs, however many rows the filter selects.
	Cerca(ctx context.Context, f Filtro) (Pagina, error)
	// Riassumi counts all that a filter selects, by state, and adds up the
	// numbers of the Campi named, at most MassimoCampi. Order, Limite and Cursore
	// of f do not matter. It reads every row that f selects. ErrFiltro as Cerca.
	Riassumi(ctx context.Context, f Filtro, campi ...string) (Riepilogo, error)
	// InUso reports whether a pratica of the ente refers to the file with that
	// SHA-256 (hex): as an attachment or as a document. One whose personal data
	// were erased needs no file any more.
	InUso(ctx context.Context, ente, sha256 string) (bool, error)
	// Numera reserves the next number of a series for a pratica: 1, 2, 3… per
	// ente, series and year. The same pratica asking again for the same series
	// and year gets the same number, so that a number is lost only with the
	// pratica that reserved it, and which one it was is on record.
	Numera(ctx context.Context, ente, serie string, anno int, id pratica.ID) (int64, error)

	// Prenota leases effects that are due, of any ente, those due longest first, and
	// gives them with Stato InCorso, Tentativi one higher and their lease filled in.
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
	Effetti []Effetto        // ID, Genere, Riferimento (each at most 512 bytes), Prossimo (zero: at Ora); the rest is filled in
	Chiave  string           // idempotency key, optional, at most 512 bytes
	Unici   []Unico          // claims; one already held by this pratica is no conflict
	// Liberi are claims that the pratica gives back: another one may make them as
	// soon as the commit is done. One that it does not hold, whoever does, is left
	// alone and is no error. ErrNonValido where one is in Unici as well.
	Liberi []Unico
	// Campi are the values of the form that lists show, add up and search, at
	// most MassimoCampi with different names. They replace those of the commit before.
	Campi []Campo
	// Oscurati are all earlier events, 1…Attesa, without their content (Fatto,
	// Sale), else ErrNonValido: they take the place of those stored, and the
	// journals of the effects of the pratica are emptied. For the erasure of
	// personal data; empty otherwise.
	Oscurati []pratica.Evento
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

// Campo is the value of one field of the form, as the service chose it for lists.
type Campo struct {
	Nome      string              // name of the field, 1–512 bytes
	Testo     string              // as people read it, at most MassimoCampo bytes
	Numero    decimal.NullDecimal // where it is a number: what Riassumi adds up
	Cercabile bool                // Filtro.Testo looks into it
}

// Bounds of the fields of a commit.
const (
	MassimoCampi = 64  // of a pratica
	MassimoCampo = 512 // bytes of Campo.Testo
)

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
	Ente        string   // required
	Servizi     []string // only these services; nil means all, an empty slice none
	Stati       []pratica.Stato
	Lavorazione Lavorazione
	Operatore   string // for Mie
	Ufficio     string
	Richiedente string // codice fiscale, exact
	Anonimo     string // SHA-256 of an anonymous applicant's capability, exact
	// Testo looks into number, protocol number, name, codice fiscale, subject and
	// the Campi that are Cercabile: each of its words must begin one of theirs, a
	// word of digits must be one of theirs. Words are runs of letters and digits,
	// and each symbol by itself; case, accents, punctuation and zeros before a
	// number do not matter. Of a word the first 32 letters count, of all texts
	// together the first 1,000 different words. White space alone is no text; other
	// text without a word selects nothing. At most 200 bytes.
	Testo string
	Nome  string // the same in the name of the applicant alone
	// Protocollo is the protocol number of the request, "123/2026" or "123" for
	// any year; zeros before it, white space and case do not matter. At most 200
	// bytes.
	Protocollo          string
	DovutoMin           decimal.NullDecimal // at least so much is still to pay, in euro
	DovutoMax           decimal.NullDecimal // at most so much is
	Numero              pratica.Numero
	Dal, Al             time.Time // presented in [Dal, Al)
	CambioDal, CambioAl time.Time // last change of state in [CambioDal, CambioAl)
	Attenzione          bool      // only those with an effect in EsitoIgnoto or Fallito
	Bozze               bool
	ConDati             bool // only those whose personal data were not erased
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
	PerAggiornamentoVecchie Ordine = "ferma"      // longest unchanged first
)

// Pagina is one page of a list.
type Pagina struct {
	Righe    []Riga
	Seguente string // cursor of the next page, "" at the end
}

// Riepilogo is what a filter selects, in figures.
type Riepilogo struct {
	Totale   int
	PerStato map[pratica.Stato]int // states without a pratica are not in it
	Campi    map[string]Somma      // of the fields asked for
}

// Somma is what the numbers of a field add up to, exactly.
type Somma struct {
	Valori          int // pratiche that have a number in the field
	Totale          decimal.Decimal
	Minimo, Massimo decimal.NullDecimal // not valid where Valori is 0
}

// Media gives the average with two digits, rounded half away from zero; false
// where there is no value.
func (s Somma) Media() (decimal.Decimal, bool) {
	if s.Valori == 0 {
		return decimal.Decimal{}, false
	}
	return s.Totale.DivRound(decimal.NewFromInt(int64(s.Valori)), 2), true
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
	Attenzione    bool            // an effect needs somebody
	Dovuto        decimal.Decimal // still to pay, in euro
	Campi         map[string]string
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

// Sveglia is a Store that tells when there may be something to do, also what
// another process caused, so that workers need not ask all the time. A call may
// be missed: whoever waits looks by himself now and then.
type Sveglia interface {
	// Attendi returns nil once effects were committed since the call before by
	// the same caller returned, the error of ctx where that ends first, and any
	// other error where it cannot listen. One goroutine at a time.
	Attendi(ctx context.Context) error
}

// Riavvolgitore is a Store or an Archivio that keeps its contents encrypted.
type Riavvolgitore interface {
	// Riavvolgi brings all that is not under the active key of the key ring
	// under it, and seals what is not sealed yet; it says how many contents it
	// changed. It works in small steps beside all other operations, and can be
	// stopped and called again. After it returned nil, older keys are needed no
	// more.
	Riavvolgi(ctx context.Context) (int, error)
}
