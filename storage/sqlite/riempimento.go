package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// versioneRiempita is the migration that computes, from the projections, what
// 00002 added to the rows that were there.
const versioneRiempita = 3

const (
	lottoRiempimento = 500    // rows at a time
	avvisoOgni       = 10_000 // rows between two lines in the log
)

var errGiaFatta = errors.New("sqlite: migrazione già applicata")

// riempi runs in one transaction: whoever finds it done by another process fails
// without harm.
func (s *Store) riempi(ctx context.Context, tx *sql.Tx) error {
	var fatta bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM migrazioni WHERE version_id = ?)`, versioneRiempita).Scan(&fatta); err != nil {
		return err
	}
	if fatta {
		return errGiaFatta
	}
	var totale int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM proiezioni`).Scan(&totale); err != nil {
		return err
	}
	var ultima int64
	for fatte := 0; fatte < totale; {
		lotto, err := leggiLotto(ctx, tx, ultima)
		if err != nil {
			return err
		}
		if len(lotto) == 0 {
			break
		}
		for i := range lotto {
			if err := s.riempiRiga(ctx, tx, &lotto[i]); err != nil {
				return err
			}
		}
		ultima = lotto[len(lotto)-1].riga
		prima := fatte
		fatte += len(lotto)
		if prima/avvisoOgni != fatte/avvisoOgni || fatte == totale {
			s.logger.InfoContext(ctx, "sqlite: migrazione in corso", slog.Int("versione", versioneRiempita), slog.Int("fatte", fatte), slog.Int("totale", totale))
		}
	}
	return senzaOrfani(ctx, tx)
}

// daRiempire is a row as the migration before left it.
type daRiempire struct {
	riga int64
	ente string
	id   pratica.ID
	dati []byte
}

func leggiLotto(ctx context.Context, tx *sql.Tx, dopo int64) ([]daRiempire, error) {
	righe, err := tx.QueryContext(ctx, `SELECT x.riga, p.ente, p.id, x.dati FROM proiezioni x CROSS JOIN pratiche p ON p.riga = x.riga
		WHERE x.riga > ? ORDER BY x.riga LIMIT ?`, dopo, lottoRiempimento)
	if err != nil {
		return nil, err
	}
	var lotto []daRiempire
	err = scorri(righe, func() error {
		var d daRiempire
		err := righe.Scan(&d.riga, &d.ente, &d.id, &d.dati)
		lotto = append(lotto, d)
		return err
	})
	return lotto, err
}

func (s *Store) riempiRiga(ctx context.Context, tx *sql.Tx, d *daRiempire) error {
	dati := d.dati
	if busta.Sigillata(dati) { // what is in the clear was written before there was a key
		var err error
		if dati, err = s.apre(ctx, d.ente, luogoPratica(d.id), dati); err != nil {
			return err
		}
	}
	var p pratica.Pratica
	if err := json.Unmarshal(dati, &p); err != nil {
		// It cannot be loaded either, and must not keep all others from being used.
		s.logger.WarnContext(ctx, "sqlite: pratica illeggibile, non compare nelle ricerche di testo", slog.String("ente", d.ente), slog.String("pratica", string(d.id)))
		return nil
	}
	r := proiezione.Riga(&p, nil, false)
	if _, err := tx.ExecContext(ctx, `UPDATE pratiche SET lessemi = ?2, dovuto = ?3, oscurata = ?4 WHERE riga = ?1`, d.riga,
		lessemi(d.ente, &r, nil), proiezione.Centesimi(p.Dovuto()), proiezione.Istante(p.Oscurata)); err != nil {
		return err
	}
	for _, sha := range proiezione.File(&p) {
		if _, err := tx.ExecContext(ctx, `INSERT INTO riferimenti (ente, sha256, riga) VALUES (?, ?, ?)`, d.ente, sha, d.riga); err != nil {
			return err
		}
	}
	return nil
}

// senzaOrfani looks for what foreign keys, where they are on, do not allow.
func senzaOrfani(ctx context.Context, db interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}) error {
	righe, err := db.QueryContext(ctx, `SELECT "table" FROM pragma_foreign_key_check LIMIT 1`)
	if err != nil {
		return err
	}
	return scorri(righe, func() error {
		var tabella string
		if err := righe.Scan(&tabella); err != nil {
			return err
		}
		return fmt.Errorf("%w: righe senza la loro pratica nella tabella %s", storage.ErrCorrotto, tabella)
	})
}
