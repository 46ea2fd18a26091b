package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

//go:embed migrazioni/*.sql
var fileMigrazioni embed.FS

var (
	errEstranea = errors.New("postgres: lo schema contiene altro: ne serve uno proprio")
	errNuova    = errors.New("postgres: lo schema è stato aggiornato da una versione più recente del programma: aggiorna il programma")
)

// migra examines the server and brings the schema to the version of this program, on connections of its
// own: without time limit, since a migration may take long; ctx ends it. Each
// migration is one transaction.
func migra(ctx context.Context, pc *pgxpool.Config, c *Config) error {
	cc := pc.ConnConfig.Copy()
	db := stdlib.OpenDB(*cc, stdlib.OptionAfterConnect(func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.PgConn().Exec(ctx, `SELECT set_config('search_path', '`+c.Schema+`', false), set_config('statement_timeout', '0', false),
			set_config('TimeZone', 'UTC', false)`).ReadAll()
		return err
	}))
	err := esamina(ctx, db, c.Logger)
	if err == nil {
		err = portaAvanti(ctx, db, c)
	}
	if e := db.Close(); err == nil && e != nil {
		err = e
	}
	var classificato *guasto.Errore
	if errors.Is(err, errEstranea) || errors.Is(err, errNuova) || errors.As(err, &classificato) {
		return err
	}
	return traduci(ctx, "apertura", err, false)
}

func portaAvanti(ctx context.Context, db *sql.DB, c *Config) error {
	cartella, err := fs.Sub(fileMigrazioni, "migrazioni")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, cartella,
		goose.WithDisableGlobalRegistry(true), goose.WithTableName("migrazioni"), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	fonti := p.ListSources()
	ultima := fonti[len(fonti)-1].Version
	// Usually there is nothing to do and nothing to wait for.
	if attuale, err := versione(ctx, db); err != nil || attuale >= ultima {
		return nonOltre(attuale, ultima, err)
	}
	// goose has locks of its own, which ask again and again, and looks at the
	// tables before it takes them.
	turno, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = turno.Close() }()
	if err := prendiTurno(ctx, turno, c.Schema); err != nil {
		return err
	}
	if attuale, err := versione(ctx, db); err != nil || attuale >= ultima {
		return nonOltre(attuale, ultima, err)
	}
	fatte, err := p.Up(ctx)
	for _, m := range fatte {
		c.Logger.Info("postgres: migrazione applicata", slog.Int64("versione", m.Source.Version))
	}
	return err
}

func nonOltre(attuale, ultima int64, err error) error {
	if err == nil && attuale > ultima {
		return errNuova
	}
	return err
}

// versione of the schema, 0 where it is empty or not there.
func versione(ctx context.Context, db *sql.DB) (int64, error) {
	var nostra bool
	var tabelle int
	if err := db.QueryRowContext(ctx, `SELECT to_regclass('migrazioni') IS NOT NULL, (SELECT count(*) FROM pg_tables WHERE schemaname = current_schema())`).
		Scan(&nostra, &tabelle); err != nil {
		return 0, err
	}
	switch {
	case nostra:
	case tabelle > 0:
		return 0, errEstranea
	default:
		return 0, nil
	}
	var v int64
	err := db.QueryRowContext(ctx, `SELECT max(version_id) FROM migrazioni`).Scan(&v)
	return v, err
}

// prendiTurno waits until no other host migrates the schema, and creates it
// where it does not exist. The turn ends with the session.
func prendiTurno(ctx context.Context, conn *sql.Conn, schema string) error {
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(hashtextextended($1, 0))`, "pratiche: migrazioni di "+schema); err != nil {
		return err
	}
	var c bool
	if err := conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)`, schema).Scan(&c); err != nil || c {
		return err
	}
	_, err := conn.ExecContext(ctx, fmt.Sprintf(`CREATE SCHEMA %q`, schema)) // schemaValido
	return err
}
