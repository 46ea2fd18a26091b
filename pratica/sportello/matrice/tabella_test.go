package matrice_test

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"github.com/stretchr/testify/require"
)

// tabella is the matrix as people read it, filled by whoever comes first.
type tabella struct {
	mu      sync.Mutex
	colonne []string
	righe   []*riga
	passi   map[int][]string // of each scena, as the first store had them
	posti   chan struct{}    // so many processes at once
}

type riga struct {
	scena  int
	gruppo string
	colpi  []punto
	esiti  map[string]string // by column
}

// confronta: what a worker does does not depend on the store.
func (tb *tabella) confronta(t *testing.T, scena int, punti []punto) {
	t.Helper()
	nomi := make([]string, 0, len(punti))
	for _, p := range punti {
		nomi = append(nomi, p.String())
	}
	tb.mu.Lock()
	defer tb.mu.Unlock()
	if tb.passi[scena] == nil {
		tb.passi[scena] = nomi
	}
	require.Equal(t, tb.passi[scena], nomi)
}

func (tb *tabella) segna(colonna string, scena int, gruppo string, colpi []punto, esito string) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	stessa := func(r *riga) bool {
		return r.scena == scena && slices.EqualFunc(r.colpi, colpi, func(a, b punto) bool { return a.N == b.N })
	}
	n := slices.IndexFunc(tb.righe, stessa)
	if n < 0 {
		tb.righe = append(tb.righe, &riga{scena, gruppo, colpi, map[string]string{}})
		n = len(tb.righe) - 1
	}
	tb.righe[n].esiti[colonna] = esito
}

// String prints the table in the order of scenes and steps.
func (tb *tabella) String() string {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	slices.SortFunc(tb.righe, func(a, b *riga) int {
		if a.scena != b.scena {
			return a.scena - b.scena
		}
		return slices.CompareFunc(a.colpi, b.colpi, func(p, q punto) int { return p.N - q.N })
	})
	var testo strings.Builder
	testo.WriteString("matrice dei crolli, " + strconv.Itoa(len(tb.righe)) + " righe\n")
	w := tabwriter.NewWriter(&testo, 0, 1, 2, ' ', 0)
	scrivi := func(celle ...string) {
		if _, err := w.Write([]byte(strings.Join(celle, "\t") + "\n")); err != nil {
			testo.WriteString(err.Error())
		}
	}
	scrivi(append([]string{"effetto", "processo ucciso"}, tb.colonne...)...)
	ultimo := ""
	for _, r := range tb.righe {
		nome := r.gruppo
		if nome == ultimo {
			nome = ""
		}
		ultimo = r.gruppo
		passo := r.colpi[len(r.colpi)-1].String()
		if len(r.colpi) > 1 {
			passo = "  e poi " + passo
		}
		celle := []string{nome, passo}
		for _, c := range tb.colonne {
			celle = append(celle, cmp.Or(r.esiti[c], "–"))
		}
		scrivi(celle...)
	}
	if err := w.Flush(); err != nil {
		return err.Error()
	}
	return testo.String()
}
