package sqlite

import (
	"context"
	"slices"

	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// InUso implements storage.Store.
func (s *Store) InUso(ctx context.Context, ente, sha256 string) (bool, error) {
	var si bool
	if err := s.q.inUso.QueryRowContext(ctx, ente, sha256).Scan(&si); err != nil {
		return false, traduci(ctx, "InUso", err)
	}
	return si, nil
}

// scriviRiferimenti brings the files that the pratica refers to up to date.
func (g *registrazione) scriviRiferimenti() error {
	if g.c.Elimina {
		return nil
	}
	nuovi := proiezione.File(g.c.Pratica)
	for _, sha := range nuovi {
		if _, c := slices.BinarySearch(g.file, sha); !c {
			if _, err := g.esegui(g.s.q.riferisci, g.ente, sha, g.riga); err != nil {
				return err
			}
		}
	}
	for _, sha := range g.file {
		if _, c := slices.BinarySearch(nuovi, sha); !c {
			if _, err := g.esegui(g.s.q.dimentica, g.ente, sha, g.riga); err != nil {
				return err
			}
		}
	}
	return nil
}
