package postgres_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// buste gives a Busta whose active key is attiva.
func buste(t testing.TB, attiva string, ammetti bool) *busta.Busta {
	t.Helper()
	k, err := busta.NewChiavi(attiva, map[string][]byte{"uno": bytes.Repeat([]byte{1}, 32), "due": bytes.Repeat([]byte{2}, 32)})
	require.NoError(t, err)
	b, err := busta.New(busta.Config{Portachiavi: k, AmmettiInChiaro: ammetti})
	require.NoError(t, err)
	return b
}

func TestStoreCifrato(t *testing.T) {
	t.Parallel()
	dsn(t)
	storagetest.Verifica(t, func(t *testing.T) storage.Store { return apri(t, postgres.Config{Busta: buste(t, "uno", false)}) })
}
