package formio_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
)

// misura gives the mean time of one submission, in nanoseconds.
func misura(m *formio.Modulo, d map[string]any, o formio.Opzioni, giri int) float64 {
	for range giri / 2 {
		m.Elabora(d, o)
	}
	da := time.Now()
	for range giri {
		m.Elabora(d, o)
	}
	return float64(time.Since(da).Nanoseconds()) / float64(giri)
}

// TestVelocita measures, beside @formio/core and in the same run, one submission of
// each form of the collection. It says what it found and asserts nothing of it.
func TestVelocita(t *testing.T) {
	moduli := corpus(t)
	const giri = 60
	var casi []casoOracolo
	for i, k := range moduli {
		g := generatore{r: rand.New(rand.NewPCG(7, uint64(i)))}
		casi = append(casi, casoOracolo{ID: i, Components: k.componenti, Data: g.dati(k.componenti, 2), Repeat: giri})
	}
	var noi, fedeli, loro float64
	meglio, peggio, n := 0.0, 1e9, 0
	for i, a := range oracolo(t, casi) {
		if a.Failed != "" || a.NS == 0 {
			continue
		}
		m, _, err := formio.Importa(moduli[i].definito, formio.OpzioniImporta{})
		require.NoError(t, err)
		o := formio.Opzioni{Adesso: adesso}
		x := misura(m, casi[i].Data, o, giri)
		o.Fedele = true
		y := misura(m, casi[i].Data, o, giri)
		noi, fedeli, loro, n = noi+x, fedeli+y, loro+a.NS, n+1
		meglio, peggio = max(meglio, a.NS/y), min(peggio, a.NS/y)
		if testing.Verbose() && a.NS/y < 20 {
			t.Logf("%s: %.0f µs contro %.0f µs", moduli[i].nome, y/1000, a.NS/1000)
		}
	}
	require.Positive(t, n)
	t.Logf("%d moduli, in media: qui %.0f µs (fedele %.0f µs), @formio/core %.0f µs; %.1f volte più svelto (fedele %.1f; da %.1f a %.1f)",
		n, noi/float64(n)/1000, fedeli/float64(n)/1000, loro/float64(n)/1000, loro/noi, loro/fedeli, peggio, meglio)
}

func BenchmarkElabora(b *testing.B) {
	m, _ := iscrizione(b)
	var d map[string]any
	require.NoError(b, json.Unmarshal([]byte(domanda), &d))
	b.ReportAllocs()
	for b.Loop() {
		m.Elabora(d, formio.Opzioni{Adesso: adesso})
	}
}
