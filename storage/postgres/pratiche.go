package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

const (
	fraseCarica   = `SELECT dati FROM proiezioni WHERE ente = $1 AND id = $2`
	fraseEventi   = `SELECT evento FROM eventi WHERE ente = $1 AND pratica = $2 ORDER BY progressivo`
	fraseRipetuta = `SELECT versione, stato FROM chiavi WHERE ente = $1 AND pratica = $2 AND chiave = $3`
	fraseNumera   = `SELECT numera($1, $2, $3, $4)`
	fraseInUso    = `SELECT EXISTS (SELECT 1 FROM riferimenti WHERE ente = $1 AND sha256 = $2)`
)

// Carica implements storage.Store.
func (s *Store) Carica(ctx context.Context, ente string, id pratica.ID) (*pratica.Pratica, error) {
	var dati []byte
	err := s.legge(ctx, "Carica", func(ctx context.Context, c *pgxpool.Conn) error {
		return assente(c.QueryRow(ctx, fraseCarica, nome(ente), nome(string(id))).Scan(&dati))
	})
	if err != nil {
		return nil, err
	}
	p := &pratica.Pratica{}
	if err := s.apriJSON(ctx, "Carica", ente, contestoPratica(string(id)), dati, p); err != nil {
		return nil, err
	}
	return p, nil
}

// assente says that there is no such row.
func assente(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return errUtente{storage.ErrNonTrovata}
	}
	return err
}

func (s *Store) apriJSON(ctx context.Context, operazione, ente, contesto string, dati []byte, v any) error {
	dati, err := s.apri(ctx, operazione, ente, contesto, dati)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(dati, v); err != nil { // its text may repeat what it read
		return fmt.Errorf("postgres.%s: %w", operazione, storage.ErrCorrotto)
	}
	return nil
}

// Eventi implements storage.Store.
func (s *Store) Eventi(ctx context.Context, ente string, id pratica.ID) ([]pratica.Evento, error) {
	var dati [][]byte
	err := s.legge(ctx, "Eventi", func(ctx context.Context, c *pgxpool.Conn) (err error) {
		dati, err = righe(ctx, c, leggiByte, fraseEventi, nome(ente), nome(string(id)))
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(dati) == 0 { // every pratica has at least one
		return nil, storage.ErrNonTrovata
	}
	iter := make([]pratica.Evento, len(dati))
	for i := range dati {
		if err := s.apriJSON(ctx, "Eventi", ente, contestoEvento(string(id), i+1), dati[i], &iter[i]); err != nil {
			return nil, err
		}
	}
	return iter, nil
}

func leggiByte(r pgx.Rows) (b []byte, err error) {
	err = r.Scan(&b)
	return b, err
}

// Ripetuta implements storage.Store.
func (s *Store) Ripetuta(ctx context.Context, ente string, id pratica.ID, chiave string) (storage.Ricevuta, bool, error) {
	r := storage.Ricevuta{Ripetuta: true}
	var stato string
	err := s.legge(ctx, "Ripetuta", func(ctx context.Context, c *pgxpool.Conn) error {
		return assente(c.QueryRow(ctx, fraseRipetuta, nome(ente), nome(string(id)), nome(chiave)).Scan(&r.Versione, &stato))
	})
	if errors.Is(err, storage.ErrNonTrovata) {
		return storage.Ricevuta{}, false, nil
	}
	if err != nil {
		return storage.Ricevuta{}, false, err
	}
	r.Stato = pratica.Stato(leggi(stato))
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
	err := s.scrive(ctx, "Numera", func(ctx context.Context, c *pgxpool.Conn) error {
		return c.QueryRow(ctx, fraseNumera, nome(ente), nome(serie), anno, nome(string(id))).Scan(&n)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// InUso implements storage.Store.
func (s *Store) InUso(ctx context.Context, ente, sha256 string) (bool, error) {
	var si bool
	err := s.legge(ctx, "InUso", func(ctx context.Context, c *pgxpool.Conn) error {
		return c.QueryRow(ctx, fraseInUso, nome(ente), nome(sha256)).Scan(&si)
	})
	return si && err == nil, err
}
