package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// TestNomiStrani lists services whose names hold the character that stands
// between the values of a condition.
func TestNomiStrani(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := apri(t, filepath.Join(t.TempDir(), "p.db"))
	nomi := []string{"a", "b", "a\x1fb", "\x1f", "a\x1f"}
	for i, nome := range nomi {
		c, err := storagetest.Scheda{Ente: ente, ID: storagetest.ID(i), Servizio: nome, Stato: pratica.AttesaPagamento, Creata: storagetest.Ora(), Cambio: storagetest.Ora()}.Commit()
		require.NoError(t, err)
		_, err = s.Registra(ctx, c)
		require.NoError(t, err)
	}
	for i, nome := range nomi {
		f := storage.Filtro{Ente: ente, Servizi: []string{nome, "manca"}, Bozze: true}
		p, err := s.Cerca(ctx, f)
		require.NoError(t, err)
		require.Len(t, p.Righe, 1, "%q", nome)
		require.Equal(t, storagetest.ID(i), p.Righe[0].ID)
		r, err := s.Riassumi(ctx, f)
		require.NoError(t, err)
		require.Equal(t, 1, r.Totale, "%q", nome)
	}
}
