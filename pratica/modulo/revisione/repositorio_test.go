package revisione_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/revisione"
)

// The forms of the example portal have no errors, only warnings and advice.
func TestPortale(t *testing.T) {
	t.Parallel()
	nomi, err := filepath.Glob("../../../examples/portale/servizi/configurazioni/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, nomi)
	for _, n := range nomi {
		b, err := os.ReadFile(n)
		require.NoError(t, err)
		var s struct {
			Modulo modulo.Definizione `json:"modulo"`
		}
		require.NoError(t, json.Unmarshal(b, &s))
		m, err := modulo.Compila(s.Modulo)
		if err != nil {
			t.Logf("%s vuole altro da chi lo ospita: non rivisto", filepath.Base(n))
			continue
		}
		for _, r := range revisione.Rivedi(m) {
			t.Log(filepath.Base(n), r)
			require.NotEqual(t, revisione.Errore, r.Gravita, r.String())
		}
	}
}
