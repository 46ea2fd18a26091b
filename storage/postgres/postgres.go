// Package postgres is the Store on PostgreSQL 13 or later, for where one machine
// is not enough: any number of hosts, each with a Store of its own, on one
// schema.
//
// A commit is one round trip and one transaction, durable when it returns as
// far as the server is: with synchronous_commit or fsync off it is not, and Open
// says so to the logger. Writers of different pratiche do not wait for each
// other; numbers of one series and the drawer (cassetto) of one ente are written
// one at a time.
//
// The schema is the program's own: nothing else may be in it. It holds personal
// data, in clear but for what a Busta seals. After an erasure the old content is
// in the files of the server until VACUUM and in its log (WAL) and backups as
// long as those are kept.
//
// The connection must keep its session: directly to the server, or through a
// pooler in session mode. The role needs the right to create the schema, or to
// create objects in it where it exists; afterwards it owns them.
package postgres

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

// Config says which database, and how it is used.
type Config struct {
	// Connessione is the connection string, as URL ("postgres://…") or as key=value
	// pairs. It holds a secret: it is in no error and in no log. Settings of the
	// session given there (statement_timeout, application_name) are kept; what it
	// does not say (host, password) the driver takes where libpq does. Required.
	Connessione string
	// Schema that holds the tables; created where it does not exist. Lower-case
	// letters, digits and "_", not a digit first, at most 63. Defaults to "pratiche".
	Schema string
	// Connessioni is how many connections may be open at once; one more listens
	// while somebody is in Attendi. Defaults to 16.
	Connessioni int
	// Attesa is the longest that a statement may run, and that a transaction may
	// stay idle. Defaults to 30 seconds.
	Attesa time.Duration
	// Logger hears what an administrator should know: migrations applied, a server
	// that does not write to disk, a connection lost. Never personal data, never
	// secrets. Defaults to nothing.
	Logger *slog.Logger
	// Busta seals contents: the JSON of pratiche, events and journals, and the
	// values of the drawer. Columns that lists show and search, and the words of
	// the search, stay in clear. Defaults to no encryption.
	Busta *busta.Busta
}

// Store is a storage.Store in a schema of PostgreSQL. Make it with Open. Safe
// for concurrent use by goroutines; any number of processes may have one.
//
// Failures have a class of package guasto. Transitorio: nothing was done.
// EsitoIgnoto: the connection was lost after a write was sent; the same call
// again tells, or does it. Conflicts between transactions are tried again
// without telling, and so are reads on a connection that turns out to be lost.
// Where ctx ends, the server is made to stop and the call waits to hear how it
// ended, for 5 seconds at most.
type Store struct {
	pool   *pgxpool.Pool
	attesa time.Duration
	logger *slog.Logger
	busta  *busta.Busta
	misure misure

	vita    context.Context //nolint:containedctx // ends with Close
	chiudi  context.CancelFunc
	gruppo  sync.WaitGroup
	causati chan struct{} // holds one where effects were caused that nobody was told of
	canale  string
	orecchio
}

var (
	_ storage.Store         = (*Store)(nil)
	_ storage.Sveglia       = (*Store)(nil)
	_ storage.Riavvolgitore = (*Store)(nil)
)

var errChiuso = errors.New("postgres: lo store è chiuso")

var schemaValido = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`)

// Open connects, creates the schema where it does not exist, and brings its
// tables to the version of this program; hosts that start together wait for the
// one that does it. It refuses a schema that a newer version wrote, or another
// program. It starts one goroutine, which tells other hosts of new effects; the
// pool of connections has one as well. Both end with Close.
func Open(ctx context.Context, c Config) (*Store, error) {
	if c.Connessione == "" {
		return nil, errors.New("postgres: manca la stringa di connessione")
	}
	if c.Schema == "" {
		c.Schema = "pratiche"
	}
	if !schemaValido.MatchString(c.Schema) {
		return nil, errors.New("postgres: nome dello schema non valido")
	}
	if c.Connessioni <= 0 {
		c.Connessioni = 16
	}
	if c.Attesa <= 0 {
		c.Attesa = 30 * time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	pc, err := pgxpool.ParseConfig(c.Connessione)
	if err != nil { // its text repeats the string
		return nil, guasto.Nuovo(guasto.Configurazione, "postgres.apertura", "stringa_di_connessione", nil)
	}
	sessione(pc, &c)
	if err := migra(ctx, pc, &c); err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, traduci(ctx, "apertura", err, false)
	}
	s := &Store{pool: pool, attesa: c.Attesa, logger: c.Logger, busta: c.Busta, misure: misureNormali(), causati: make(chan struct{}, 1), canale: canale(c.Schema)}
	s.vita, s.chiudi = context.WithCancel(context.WithoutCancel(ctx))
	s.preso = make(chan struct{}, 1)
	s.gruppo.Go(s.avvisa)
	return s, nil
}

// Close waits for running operations, ends what Open started and closes the
// connections. Whoever is in Attendi is sent back. The Store is of no use
// afterwards.
func (s *Store) Close() error {
	s.chiudi()
	s.gruppo.Wait()
	s.zittisci()
	s.pool.Close()
	return nil
}
