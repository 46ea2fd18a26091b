// Package sportello holds the use cases: what a citizen, an operator and the
// system may do with a pratica, and the worker that carries out the effects.
//
// The host authenticates people and speaks HTTP; it calls a Sportello with an
// Attore that says who acts. Authorisation is here, in one place, and denies by
// default. Every change goes the same way: load, authorise, decide
// (pratica.Decidi), commit events and effects together, answer. Nothing outside
// is called inside a transaction, and nothing that was not written down before.
//
// A Sportello is safe for concurrent use. It starts no goroutine; the host runs
// Lavora, in one or in many processes on the same store.
package sportello

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/documento"
	"github.com/sportello-digitale/pratiche/pratica/messaggi"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage"
)

// Ente is a public body whose pratiche are kept.
type Ente struct {
	Codice string // of the IPA index, "c_h501": key of everything stored
	Nome   string // "Comune di Roma"
	Luogo  string // where acts are dated
}

// Servizi finds the configuration of services. Implementations are safe for
// concurrent use; Catalogo is one in memory.
type Servizi interface {
	// Servizio gives a service in a version, or in its newest where versione is
	// 0. A version once published is never lost: pratiche are pinned to it.
	// pratica.ErrNonTrovato where there is none.
	Servizio(ctx context.Context, ente, id string, versione int) (*servizio.Servizio, error)
	// Elenco gives the newest version of each service of the ente, in the order
	// in which they are offered.
	Elenco(ctx context.Context, ente string) ([]*servizio.Servizio, error)
}

// Rubrica knows the operators. Optional: without it ids stand for names and an
// assignment to an operator is not checked against a directory.
type Rubrica interface {
	// Nome gives the name of an operator, as colleagues see it; false if unknown.
	Nome(ctx context.Context, ente, operatore string) (string, bool)
	// Operatore gives what an operator may do; false if unknown.
	Operatore(ctx context.Context, ente, operatore string) (pratica.Attore, bool)
}

// Config is what a Sportello works with.
type Config struct {
	Enti     []Ente           // required
	Servizi  Servizi          // required
	Store    storage.Store    // required
	Archivio storage.Archivio // required

	// Ports. One may be nil as long as no service configures its use.
	Registro protocollo.Registro
	Tramite  pagamenti.Tramite
	Agenda   appuntamenti.Agenda
	Canali   []messaggi.Canale
	Rubrica  Rubrica

	Documenti *documento.Produttore // defaults to one of PDF/A-2b
	// RitornoPagamento gives the page to which the payer's browser comes back;
	// nil: none.
	RitornoPagamento func(ente string, id pratica.ID) string

	Orologio func() time.Time // defaults to time.Now
	NuovoID  func() string    // UUIDs; defaults to version 7
	Casuale  io.Reader        // salts; defaults to crypto/rand
	Logger   *slog.Logger     // defaults to none
	Segnala  func(Notizia)    // told of each attempt of an effect; defaults to nobody. Called from many goroutines.

	MassimoFile int64 // bytes of one upload; defaults to 20 MiB
	// TipiFile are the MIME types accepted where a form field does not say;
	// defaults to PDF, JPEG, PNG, plain text, ODT, DOCX, P7M.
	TipiFile []string
	Allegati Allegati // examination and controls of uploads

	Lavoro Lavoro // of the worker
}

// Lavoro tunes the worker. The zero value is ready to use.
type Lavoro struct {
	Titolare   string        // name of this worker in leases; defaults to a fresh UUID
	Paralleli  int           // effects carried out at once; defaults to 8
	PerGenere  int           // of one kind at once: the limit for a destination; defaults to 4
	Intervallo time.Duration // between two looks at the store when there is nothing to do; defaults to 1 s
	Durata     time.Duration // of a lease; defaults to 3 min. A call outside gets a third of it.
	Tentativi  int           // before a transient failure becomes Fallito; defaults to 12
	Attesa     time.Duration // before the first retry; doubles each time up to 1 h, ± 20 %; defaults to 5 s
	Pausa      time.Duration // of a destination after a configuration error; defaults to 1 min
	Quiete     time.Duration // after an unknown outcome, between the first empty search and the second, which is believed; defaults to 30 s
}

// Notizia is one attempt of an effect, for metrics.
type Notizia struct {
	Ente      string
	Genere    pratica.GenereEffetto
	Stato     storage.StatoEffetto // as it is after the attempt
	Durata    time.Duration
	Guasto    string // class of the failure, "" for success
	Tentativi int
}

// Sportello is the one door to pratiche.
type Sportello struct {
	c       Config
	enti    map[string]Ente
	sveglia chan struct{} // a commit of this process caused effects
	ascolto chan struct{} // holds the worker that listens to the store
	pause   pause
}

// New checks the configuration and fills in the defaults.
func New(c Config) (*Sportello, error) {
	var mancano []error
	manca := func(cond bool, nome string) {
		if cond {
			mancano = append(mancano, fmt.Errorf("sportello: Config.%s è obbligatorio", nome))
		}
	}
	manca(len(c.Enti) == 0, "Enti")
	manca(c.Servizi == nil, "Servizi")
	manca(c.Store == nil, "Store")
	manca(c.Archivio == nil, "Archivio")
	s := &Sportello{enti: map[string]Ente{}, sveglia: make(chan struct{}, 1), ascolto: make(chan struct{}, 1)}
	for _, e := range c.Enti {
		if e.Codice == "" || e.Nome == "" {
			mancano = append(mancano, errors.New("sportello: ogni ente ha un codice e un nome"))
		}
		s.enti[e.Codice] = e
	}
	if len(mancano) > 0 {
		return nil, &pratica.Errore{Codice: pratica.CodiceNonConfigurato, Causa: errors.Join(mancano...)}
	}
	if c.Documenti == nil {
		d, err := documento.New(documento.Config{})
		if err != nil {
			return nil, fmt.Errorf("sportello: %w", err)
		}
		c.Documenti = d
	}
	predefiniti(&c)
	s.c = c
	return s, nil
}

func predefiniti(c *Config) {
	if c.Orologio == nil {
		c.Orologio = time.Now
	}
	if c.NuovoID == nil {
		c.NuovoID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	if c.Casuale == nil {
		c.Casuale = rand.Reader
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Segnala == nil {
		c.Segnala = func(Notizia) {}
	}
	if c.TipiFile == nil {
		c.TipiFile = []string{"application/pdf", "image/jpeg", "image/png", "text/plain", "application/vnd.oasis.opendocument.text",
			"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/pkcs7-mime"}
	}
	c.MassimoFile = cmp.Or(max(c.MassimoFile, 0), 20<<20)
	c.Allegati.Attesa = cmp.Or(max(c.Allegati.Attesa, 0), time.Minute)
	l := &c.Lavoro
	l.Titolare = cmp.Or(l.Titolare, c.NuovoID())
	l.Paralleli = cmp.Or(max(l.Paralleli, 0), 8)
	l.PerGenere = cmp.Or(max(l.PerGenere, 0), 4)
	l.Intervallo = cmp.Or(max(l.Intervallo, 0), time.Second)
	l.Durata = cmp.Or(max(l.Durata, 0), 3*time.Minute)
	l.Tentativi = cmp.Or(max(l.Tentativi, 0), 12)
	l.Attesa = cmp.Or(max(l.Attesa, 0), 5*time.Second)
	l.Pausa = cmp.Or(max(l.Pausa, 0), time.Minute)
	l.Quiete = cmp.Or(max(l.Quiete, 0), 30*time.Second)
}

func (s *Sportello) ora() time.Time { return s.c.Orologio().UTC() }

func (s *Sportello) sale() ([]byte, error) {
	b := make([]byte, 16)
	_, err := io.ReadFull(s.c.Casuale, b)
	return b, err
}
