package matrice_test

import (
	"runtime/debug"
	"slices"
	"testing"
	"time"
)

// inizio is the instant of all scenes, a Tuesday.
var inizio = time.Date(2026, 3, 10, 8, 0, 0, 0, time.UTC)

// TestMatriceDeiCrolli kills a worker at every step of every kind of effect, on
// every store, and lets another one go on. With -v it prints the matrix. With
// -short, and under the race detector, who takes over is not killed as well.
func TestMatriceDeiCrolli(t *testing.T) {
	t.Parallel()
	tb := &tabella{passi: map[int][]string{}, posti: make(chan struct{}, 4)}
	t.Cleanup(func() { t.Log(tb.String()) })
	for _, d := range depositi() {
		tb.colonne = append(tb.colonne, d.nome)
		t.Run(d.nome, func(t *testing.T) {
			t.Parallel()
			if d.manca != "" {
				t.Skip(d.manca)
			}
			nuovo := d.prepara(t)
			for n, s := range scene() {
				t.Run(s.String(), func(t *testing.T) {
					t.Parallel()
					(&gruppo{tb: tb, d: d, nuovo: nuovo, n: n, s: s}).prova(t)
				})
			}
		})
	}
}

// ridotta reports whether the rows that begin with "e poi" are left out.
func ridotta() bool {
	b, ok := debug.ReadBuildInfo()
	return testing.Short() || ok && slices.Contains(b.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
