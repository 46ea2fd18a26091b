package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrazioni/*.sql
var fileMigrazioni embed.FS

// identita marks the file as ours (PRAGMA application_id): "PRAT".
const identita = 0x50524154

const tentativiMigrazione = 20

// migra applies the migrations that the file lacks. Each runs in one
// transaction with the record that it ran, so a process that finds another one
// at work fails without harm, looks again and finds it done.
func (s *Store) migra(ctx context.Context, senzaVincoli string) (err error) {
	// Foreign keys cannot be switched within a transaction, and the rebuilding of a
	// table must not delete what points at it: a connection of its own, without them.
	db, err := sql.Open("sqlite", senzaVincoli)
	if err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	for i := range tentativiMigrazione {
		if i > 0 {
			select {
			case <-ctx.Done():
				return fmt.Errorf("sqlite: apertura: %w", ctx.Err())
			case <-time.After(time.Duration(i) * 5 * time.Millisecond):
			}
		}
		err = s.migraUnaVolta(ctx, db)
		if !ritenta(err) {
			break
		}
	}
	if errors.Is(err, errEstranea) || errors.Is(err, errNuova) {
		return err
	}
	return traduci(ctx, "apertura", err)
}

// ritenta reports whether an error may come from another process at work: the
// file is busy, a table is there already, a migration is done.
func ritenta(err error) bool {
	switch codice(err) {
	case codErrore, codOccupata, codBloccata:
		return true
	}
	return errors.Is(err, errGiaFatta)
}

var (
	errEstranea = errors.New("sqlite: la base di dati appartiene a un altro programma")
	errNuova    = errors.New("sqlite: la base di dati è stata aggiornata da una versione più recente del programma: aggiorna il programma")
)

func (s *Store) migraUnaVolta(ctx context.Context, db *sql.DB) error {
	if err := riconosci(ctx, db); err != nil {
		return err
	}
	cartella, err := fs.Sub(fileMigrazioni, "migrazioni")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, cartella,
		goose.WithGoMigrations(goose.NewGoMigration(versioneRiempita, &goose.GoFunc{RunTx: s.riempi}, nil)),
		goose.WithDisableGlobalRegistry(true), goose.WithTableName("migrazioni"), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	attuale, ultima, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if attuale > ultima {
		return errNuova
	}
	if attuale == ultima {
		return nil
	}
	if attuale > 0 {
		// Before, so that a file that does not hold together stays as it is.
		if err := senzaOrfani(ctx, db); err != nil {
			return err
		}
	}
	fatte, err := p.Up(ctx)
	if err != nil {
		return err
	}
	for _, m := range fatte {
		s.logger.Info("sqlite: migrazione applicata", slog.Int64("versione", m.Source.Version))
	}
	return nil
}

// riconosci marks an empty database as ours and refuses that of another program.
func riconosci(ctx context.Context, db *sql.DB) error {
	var id, tabelle int
	if err := db.QueryRowContext(ctx, "SELECT (SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_schema)").Scan(&id, &tabelle); err != nil {
		return err
	}
	switch {
	case id == identita:
		return nil
	case id != 0 || tabelle != 0:
		return errEstranea
	}
	_, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", identita))
	return err
}
