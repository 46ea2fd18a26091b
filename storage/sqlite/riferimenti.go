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
	var vecchi []string
	if g.c.Attesa > 0 {
		righe, err := g.tx.StmtContext(g.ctx, g.s.q.riferimenti).QueryContext(g.ctx, g.riga)
		if err != nil {
			return err
		}
		err = scorri(righe, func() error {
			var sha string
			err := righe.Scan(&sha)
			vecchi = append(vecchi, sha)
			return err
		})
		if err != nil {
			return err
		}
		slices.Sort(vecchi)
	}
	for _, sha := range nuovi {
		if _, c := slices.BinarySearch(vecchi, sha); !c {
			if _, err := g.esegui(g.s.q.riferisci, g.ente, sha, g.riga); err != nil {
				return err
			}
		}
	}
	for _, sha := range vecchi {
		if _, c := slices.BinarySearch(nuovi, sha); !c {
			if _, err := g.esegui(g.s.q.dimentica, g.ente, sha, g.riga); err != nil {
				return err
			}
		}
	}
	return nil
}
