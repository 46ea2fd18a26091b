package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

const versioneMinima = 130_000

// margine is what the server is given beyond its own time limit before a
// statement is given up: it may be gone without a word.
const margine = 5 * time.Second

// sessione completes how connections are made.
func sessione(pc *pgxpool.Config, c *Config) {
	pc.MaxConns = int32(min(c.Connessioni, 10_000)) //nolint:gosec // bounded
	// With a session go the plans that it made when the tables were smaller.
	pc.MaxConnLifetime = min(pc.MaxConnLifetime, 15*time.Minute)
	pc.MaxConnLifetimeJitter = max(pc.MaxConnLifetimeJitter, pc.MaxConnLifetime/5)
	cc := pc.ConnConfig
	cc.DialFunc = (&net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 4}}).DialContext
	if cc.ConnectTimeout <= 0 {
		cc.ConnectTimeout = 10 * time.Second
	}
	// Who gives up has the server stop, and waits a moment to be told how it
	// ended: what is over cannot still happen behind his back.
	cc.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: margine}
	}
	if _, c := cc.RuntimeParams["application_name"]; !c {
		cc.RuntimeParams["application_name"] = "pratiche"
	}
	delete(cc.RuntimeParams, "search_path")
	imposta := impostazioni(cc.RuntimeParams, c)
	pc.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if _, err := conn.PgConn().Exec(ctx, imposta).ReadAll(); err != nil {
			return err
		}
		for _, f := range []string{fraseRegistra, fraseRestituisce, frasePrenota} { // what every command and every worker says
			if _, err := conn.Prepare(ctx, f, f); err != nil {
				return err
			}
		}
		return nil
	}
}

// impostazioni is the statement that sets up a session; what the host set in
// the connection string stays.
func impostazioni(dellHost map[string]string, c *Config) string {
	millisecondi := strconv.FormatInt(c.Attesa.Milliseconds(), 10)
	var b strings.Builder
	b.WriteString("SELECT 1")
	for _, p := range [][2]string{
		{"search_path", c.Schema},
		{"TimeZone", "UTC"},
		{"statement_timeout", millisecondi},
		{"idle_in_transaction_session_timeout", millisecondi},
		{"default_transaction_isolation", "read committed"},
		// A page costs the same whatever the planner believes of the tables: it
		// takes the index that has the order, always, and plans once. What is joined
		// is few rows, each looked up.
		{"enable_seqscan", "off"},
		{"enable_sort", "off"},
		{"enable_hashjoin", "off"},
		{"enable_mergejoin", "off"},
		{"jit", "off"},
		{"plan_cache_mode", "force_generic_plan"},
	} {
		if _, c := dellHost[p[0]]; !c {
			fmt.Fprintf(&b, ", set_config('%s', '%s', false)", p[0], p[1])
		}
	}
	return b.String()
}

// esamina refuses a server on which the store would not be right, and warns of
// one that may lose commits.
func esamina(ctx context.Context, db *sql.DB, logger *slog.Logger) error {
	var versione int
	var codifica, sincrono, fsync, vacuum string
	if err := db.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_encoding'),
		current_setting('synchronous_commit'), current_setting('fsync'), current_setting('autovacuum')`).Scan(&versione, &codifica, &sincrono, &fsync, &vacuum); err != nil {
		return err
	}
	switch {
	case versione < versioneMinima:
		return guasto.Nuovo(guasto.Configurazione, "postgres.apertura", "versione_del_server", nil)
	case codifica != "UTF8":
		return guasto.Nuovo(guasto.Configurazione, "postgres.apertura", "codifica_della_base", nil)
	}
	if sincrono == "off" || fsync == "off" {
		logger.Warn("postgres: il server conferma prima di aver scritto su disco: un guasto può perdere le ultime operazioni",
			slog.String("synchronous_commit", sincrono), slog.String("fsync", fsync))
	}
	if vacuum == "off" {
		logger.Warn("postgres: il server non fa pulizia da solo (autovacuum): elenchi e lavori rallentano col tempo")
	}
	return nil
}

// errUtente carries through, untouched, what is no failure of the database.
type errUtente struct{ error }

// nonFatta is a failure before anything was committed.
type nonFatta struct{ error }

func (e nonFatta) Unwrap() error { return e.error }

const tentativi = 10

// legge runs fn, which only reads, on a connection. Where the connection turns
// out to be lost it is run again on a new one.
func (s *Store) legge(ctx context.Context, operazione string, fn func(context.Context, *pgxpool.Conn) error) error {
	return s.esegui(ctx, operazione, false, fn)
}

// scrive runs fn, one transaction, on a connection, and again where it gave way
// to another one.
func (s *Store) scrive(ctx context.Context, operazione string, fn func(context.Context, *pgxpool.Conn) error) error {
	return s.esegui(ctx, operazione, true, fn)
}

func (s *Store) esegui(ctx context.Context, operazione string, scrive bool, fn func(context.Context, *pgxpool.Conn) error) error {
	if s.vita.Err() != nil {
		return fmt.Errorf("postgres.%s: %w", operazione, errChiuso)
	}
	dentro, fine := context.WithTimeout(ctx, s.attesa+margine)
	defer fine()
	perse := 0
	for i := 1; ; i++ {
		presa, persa, err := s.unaVolta(dentro, fn)
		var u errUtente
		var prima nonFatta
		// pgconn.SafeToRetry is not asked: it says so of answers that were lost, too.
		forse := scrive && presa && !errors.As(err, &prima)
		switch {
		case err == nil:
			return nil
		case errors.As(err, &u):
			return u.error
		case dentro.Err() != nil, i == tentativi:
		case contesa(err):
			if attendi(dentro, i) {
				continue
			}
		case persa:
			s.pool.Reset() // the others were made with the same server
			if perse++; perse == 1 && !forse {
				continue
			}
		}
		if presa && !persa && stato(err) == "" && dentro.Err() == nil {
			return locale(operazione, err)
		}
		return traduci(ctx, operazione, err, forse)
	}
}

// unaVolta says whether there was a connection at all, and whether it was lost.
func (s *Store) unaVolta(ctx context.Context, fn func(context.Context, *pgxpool.Conn) error) (presa, persa bool, err error) {
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return false, false, err
	}
	defer c.Release()
	err = fn(ctx, c)
	return true, err != nil && c.Conn().IsClosed(), err
}

// attendi waits a little, longer each time; false where ctx ended.
func attendi(ctx context.Context, volte int) bool {
	t := time.NewTimer(time.Duration(rand.Int64N(int64(volte) * int64(5*time.Millisecond)))) //nolint:gosec // jitter
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// righe reads all rows of an answer.
func righe[T any](ctx context.Context, c *pgxpool.Conn, leggiRiga func(pgx.Rows) (T, error), frase string, valori ...any) ([]T, error) {
	r, err := c.Query(ctx, frase, valori...)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var tutte []T
	for r.Next() {
		x, err := leggiRiga(r)
		if err != nil {
			return nil, err
		}
		tutte = append(tutte, x)
	}
	return tutte, r.Err()
}
