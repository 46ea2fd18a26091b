package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/sportello-digitale/pratiche/storage"
)

// Riversa commits in one transaction what commit gives for 0…n-1, by the same
// statements as Registra.
func (s *Store) Riversa(ctx context.Context, n int, commit func(i int) storage.Commit) error {
	return s.scrive(ctx, "Riversa", func(tx *sql.Tx) error {
		for i := range n {
			c := commit(i)
			g := registrazione{s: s, ctx: ctx, tx: tx, c: &c, ente: c.Pratica.Ente, id: string(c.Pratica.ID)}
			if err := g.prepara(); err != nil {
				return err
			}
			if _, err := g.scrivi(); err != nil {
				return err
			}
		}
		return nil
	})
}

// MassimePagine bounds the file, as a full disk does.
func (s *Store) MassimePagine(ctx context.Context, n int) error {
	_, err := s.scrittura.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", n))
	return err
}
