// Package sqlite is the embedded Store: one file, no server, written in Go
// alone. It is the default where one machine is enough.
//
// Commits are durable when they return (WAL, synchronous=FULL) and survive the
// sudden end of the process or of the machine. Any number of processes of one
// machine may open the same file; it must not be on a network file system. On a
// full disk a commit fails as a whole with a guasto.Configurazione, code
// "disco_pieno", and the store goes on once there is room.
//
// The file holds personal data: it is created readable by its owner only. With a
// Busta the contents are sealed: pratiche, events, journals of effects and the
// values of the cassetto. In the clear stay the columns of lists (among them
// name, codice fiscale, subject, the form fields that lists show), the words in
// which a search looks, keys, and the SHA-256 of files. What is erased is
// overwritten in the pages that it was in; its words leave the full-text index as
// that is merged, at once in a small file, in a large one with the erasures and
// deletions that follow. Copies of the file, and the -wal file until it is taken
// in, still hold it.
//
// Copy the file with SQLite's own backup, or while no process has it open. VACUUM
// is safe.
//
// Open brings a file of an earlier version to the tables of this one, step by
// step, each in one transaction: where a process dies meanwhile the next one goes
// on from the last whole step. It takes time, and for the while about as much
// free room as the file has; other processes wait, or fail with a
// guasto.Transitorio. Those of the earlier version must be stopped first.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

// Config says which file, and how it is used.
type Config struct {
	// Percorso of the file. Created, with mode 0600, where it does not exist; its
	// directory must exist. Required.
	Percorso string
	// Logger hears what an administrator should know: migrations applied, a file
	// that others can read. Never personal data. Defaults to nothing.
	Logger *slog.Logger
	// Attesa is how long an operation waits for a writer of another process.
	// Defaults to 10 seconds.
	Attesa time.Duration
	// Lettori is how many reads may run at once. Defaults to 4.
	Lettori int
	// Busta seals what the file holds, but for what lists and searches need in the
	// clear (see the package). For a file that was in use without, it must admit
	// what is not sealed until Riavvolgi went through. Defaults to no sealing.
	Busta *busta.Busta
}

// Store is a storage.Store in a SQLite file, and a storage.Riavvolgitore. Make it
// with Open. Safe for concurrent use by goroutines and, on one machine, by
// processes. Writers run one at a time; readers do not wait for them. A read
// that lasts long, as a Lettura may, keeps the -wal file from being cut.
type Store struct {
	scrittura, lettura *sql.DB
	q                  frasi
	logger             *slog.Logger
	busta              *busta.Busta
	percorso           string
	attesa             time.Duration
	soglie             soglie
	scritture          atomic.Int64
}

var _ storage.Store = (*Store)(nil)

// Open opens the file, or creates it, and brings its tables to the version of
// this program. It refuses with storage.ErrCorrotto a file that is not a
// database or is damaged, and a database that another program or a newer
// version of this one wrote. It starts no goroutine of its own, but
// database/sql keeps one for each of two pools until Close.
func Open(ctx context.Context, c Config) (*Store, error) {
	if c.Percorso == "" {
		return nil, errors.New("sqlite: manca il percorso")
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Attesa <= 0 {
		c.Attesa = 10 * time.Second
	}
	if c.Lettori <= 0 {
		c.Lettori = 4
	}
	percorso, err := filepath.Abs(c.Percorso)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	if err := prepara(percorso, c.Logger); err != nil {
		return nil, err
	}
	s := &Store{logger: c.Logger, busta: c.Busta, percorso: percorso, attesa: c.Attesa, soglie: soglieUsuali()}
	if s.scrittura, err = sql.Open("sqlite", dsn(percorso, c.Attesa, false, true)); err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	s.scrittura.SetMaxOpenConns(1)
	if s.lettura, err = sql.Open("sqlite", dsn(percorso, c.Attesa, true, true)); err != nil {
		return nil, errors.Join(fmt.Errorf("sqlite: %w", err), s.scrittura.Close())
	}
	s.lettura.SetMaxOpenConns(c.Lettori)
	s.lettura.SetMaxIdleConns(c.Lettori)
	if err := s.avvia(ctx, dsn(percorso, c.Attesa, false, false)); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) avvia(ctx context.Context, senzaVincoli string) error {
	if err := s.migra(ctx, senzaVincoli); err != nil {
		return err
	}
	return traduci(ctx, "apertura", s.q.prepara(ctx, s.scrittura, s.lettura))
}

// Close waits for running operations and closes the file. The Store is of no
// use afterwards.
func (s *Store) Close() error {
	s.q.chiudi()
	err := s.lettura.Close()
	s.raccogliWAL(attesaWAL) // SQLite does where no other process has the file open
	return errors.Join(err, s.scrittura.Close())
}

// prepara creates the file so that only its owner can read it; SQLite gives
// the files beside it (-wal, -shm) the same mode. The new file gets its name
// only once it is closed: closing a descriptor of a file drops the locks that
// this process holds on it.
func prepara(percorso string, logger *slog.Logger) error {
	info, err := os.Stat(percorso)
	if err == nil {
		if info.IsDir() {
			return errors.New("sqlite: il percorso è una cartella, serve un file")
		}
		if info.Mode().Perm()&0o077 != 0 {
			logger.Warn("sqlite: la base di dati contiene dati personali ed è accessibile ad altri utenti", slog.String("permessi", info.Mode().Perm().String()))
		}
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("sqlite: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(percorso), ".pratiche-*") // 0600
	if err != nil {
		return fmt.Errorf("sqlite: creazione: %w", err)
	}
	err = f.Close()
	if err == nil {
		if err = os.Link(f.Name(), percorso); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	if err := errors.Join(err, os.Remove(f.Name())); err != nil {
		return fmt.Errorf("sqlite: creazione: %w", err)
	}
	return nil
}

func dsn(percorso string, attesa time.Duration, legge, vincoli bool) string {
	v := url.Values{"_txlock": {"immediate"}, "_defensive": {"1"}, "_dqs": {"0"}}
	pragma := []string{
		"busy_timeout(" + strconv.FormatInt(attesa.Milliseconds(), 10) + ")",
		"journal_mode(WAL)", "synchronous(FULL)", "trusted_schema(OFF)", "cell_size_check(ON)",
		"secure_delete(ON)", // what is erased leaves nothing in the pages that it was in
		"wal_autocheckpoint(" + strconv.Itoa(passoWAL/pagina) + ")", "journal_size_limit(" + strconv.Itoa(passoWAL) + ")",
	}
	if vincoli {
		pragma = append(pragma, "foreign_keys(ON)")
	}
	if legge {
		v.Set("_txlock", "deferred")
		pragma = append(pragma, "query_only(ON)")
	}
	v["_pragma"] = pragma
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(percorso)}).EscapedPath(), RawQuery: v.Encode()}
	return u.String()
}
