package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// scrive runs fn in the one write transaction.
func (s *Store) scrive(ctx context.Context, operazione string, fn func(tx *sql.Tx) error) error {
	err := inTx(ctx, s.scrittura, operazione, fn)
	if err == nil {
		s.contieni()
	}
	return err
}

func (s *Store) legge(ctx context.Context, operazione string, fn func(tx *sql.Tx) error) error {
	return inTx(ctx, s.lettura, operazione, fn)
}

// errUtente carries through inTx, untouched, what is no failure of the database.
type errUtente struct{ error }

func inTx(ctx context.Context, db *sql.DB, operazione string, fn func(tx *sql.Tx) error) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return traduci(ctx, operazione, err)
	}
	finita := false
	defer func() {
		if finita {
			return
		}
		if r := tx.Rollback(); r != nil && !errors.Is(r, sql.ErrTxDone) && err == nil {
			err = traduci(ctx, operazione, r)
		}
	}()
	if err := fn(tx); err != nil {
		return esito(ctx, operazione, err)
	}
	finita = true
	return traduci(ctx, operazione, tx.Commit())
}

// esito is traduci for what may be an errUtente.
func esito(ctx context.Context, operazione string, err error) error {
	var u errUtente
	if errors.As(err, &u) {
		return u.error
	}
	return traduci(ctx, operazione, err)
}

// Carica implements storage.Store.
func (s *Store) Carica(ctx context.Context, ente string, id pratica.ID) (*pratica.Pratica, error) {
	var dati []byte
	err := s.q.carica.QueryRowContext(ctx, ente, string(id)).Scan(&dati)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, storage.ErrNonTrovata
	}
	if err != nil {
		return nil, traduci(ctx, "Carica", err)
	}
	if dati, err = s.apre(ctx, ente, luogoPratica(id), dati); err != nil {
		return nil, err
	}
	p := &pratica.Pratica{}
	if err := json.Unmarshal(dati, p); err != nil {
		return nil, fmt.Errorf("sqlite.Carica: %w: %w", storage.ErrCorrotto, err)
	}
	return p, nil
}

// Eventi implements storage.Store.
func (s *Store) Eventi(ctx context.Context, ente string, id pratica.ID) ([]pratica.Evento, error) {
	righe, err := s.q.eventi.QueryContext(ctx, ente, string(id))
	if err != nil {
		return nil, traduci(ctx, "Eventi", err)
	}
	var iter []pratica.Evento
	err = scorri(righe, func() error {
		var b []byte
		if err := righe.Scan(&b); err != nil {
			return err
		}
		b, err := s.apre(ctx, ente, luogoEvento(id, len(iter)+1), b)
		if err != nil {
			return errUtente{err}
		}
		var e pratica.Evento
		if err := json.Unmarshal(b, &e); err != nil {
			return fmt.Errorf("%w: %w", storage.ErrCorrotto, err)
		}
		iter = append(iter, e)
		return nil
	})
	if err != nil {
		return nil, esito(ctx, "Eventi", err)
	}
	if len(iter) == 0 { // every pratica has at least one
		return nil, storage.ErrNonTrovata
	}
	return iter, nil
}

// scorri reads rows to the end and closes them.
func scorri(righe *sql.Rows, fn func() error) error {
	for righe.Next() {
		if err := fn(); err != nil {
			return errors.Join(err, righe.Close())
		}
	}
	return errors.Join(righe.Err(), righe.Close())
}

// Ripetuta implements storage.Store.
func (s *Store) Ripetuta(ctx context.Context, ente string, id pratica.ID, chiave string) (storage.Ricevuta, bool, error) {
	r, ok, err := ricevuta(s.q.ripetuta.QueryRowContext(ctx, ente, string(id), chiave))
	return r, ok, traduci(ctx, "Ripetuta", err)
}

func ricevuta(riga *sql.Row) (storage.Ricevuta, bool, error) {
	r := storage.Ricevuta{Ripetuta: true}
	err := riga.Scan(&r.Versione, &r.Stato)
	if errors.Is(err, sql.ErrNoRows) {
		return storage.Ricevuta{}, false, nil
	}
	if err != nil {
		return storage.Ricevuta{}, false, err
	}
	return r, true, nil
}

// Numera implements storage.Store.
func (s *Store) Numera(ctx context.Context, ente, serie string, anno int, id pratica.ID) (int64, error) {
	if err := proiezione.Nomi(ente, serie); err != nil {
		return 0, err
	}
	if err := proiezione.Nomi(ente, string(id)); err != nil {
		return 0, err
	}
	var n int64
	err := s.scrive(ctx, "Numera", func(tx *sql.Tx) error {
		if _, err := tx.StmtContext(ctx, s.q.numera).ExecContext(ctx, ente, serie, anno, string(id)); err != nil {
			return err
		}
		return tx.StmtContext(ctx, s.q.numero).QueryRowContext(ctx, ente, serie, anno, string(id)).Scan(&n)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}
