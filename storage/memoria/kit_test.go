package memoria_test

import (
	"flag"
	"strconv"
	"testing"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/memoria"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

func TestStore(t *testing.T) {
	t.Parallel()
	storagetest.Verifica(t, func(*testing.T) storage.Store { return memoria.New() })
}

func TestArchivio(t *testing.T) {
	t.Parallel()
	storagetest.VerificaArchivio(t, func(*testing.T) storage.Archivio { return memoria.NewArchivio() })
}

// BenchmarkStore shows how a list that reads all grows with what there is.
func BenchmarkStore(b *testing.B) {
	for _, quante := range []int{1_000, 10_000} {
		b.Run(strconv.Itoa(quante), func(b *testing.B) {
			storagetest.Misura(b, func(testing.TB) storage.Store { return memoria.New() }, quante)
		})
	}
}
