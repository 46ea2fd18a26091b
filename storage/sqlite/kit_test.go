package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

func apri(t testing.TB, percorso string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: percorso})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	storagetest.Verifica(t, func(t *testing.T) storage.Store { return apri(t, filepath.Join(t.TempDir(), "pratiche.db")) })
}

// TestStoreSoglie takes, with few rows, the ways that are meant for many.
func TestStoreSoglie(t *testing.T) {
	if testing.Short() {
		t.Skip("lungo: gira senza -short")
	}
	t.Parallel()
	storagetest.Verifica(t, func(t *testing.T) storage.Store {
		s := apri(t, filepath.Join(t.TempDir(), "pratiche.db"))
		s.SoglieMinime()
		return s
	})
}
