package storagetest_test

import (
	"flag"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/memoria"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// TestMisura runs each measure once, on a store that is empty and on one that
// was measured before. Not in parallel: it sets a flag of the whole program.
func TestMisura(t *testing.T) {
	require.NoError(t, flag.Set("test.benchtime", "1x"))
	s := memoria.New()
	for range 2 {
		var mediane map[string]time.Duration
		r := testing.Benchmark(func(b *testing.B) {
			mediane = storagetest.Misura(b, func(testing.TB) storage.Store { return s }, 300)
		})
		require.Positive(t, r.N)
		for _, nome := range []string{"registra", "registra_64", "carica", "eventi_50", "pagina", "pagina_1000", "testo_comune", "riassumi_stato", "effetto", "prenota_a_vuoto"} {
			require.Positive(t, mediane[nome], nome)
		}
	}
	p, err := s.Cerca(t.Context(), storage.Filtro{Ente: storagetest.Comune, Testo: "via17 niccolo"})
	require.NoError(t, err)
	require.NotEmpty(t, p.Righe, "what is measured finds something")
}
