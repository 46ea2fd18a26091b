package formio_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
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
	var rapporti []float64
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
		noi, fedeli, loro = noi+x, fedeli+y, loro+a.NS
		rapporti = append(rapporti, a.NS/y)
	}
	require.NotEmpty(t, rapporti)
	slices.Sort(rapporti)
	n := float64(len(rapporti)) * 1000
	t.Logf("%d moduli, in media: qui %.0f µs (fedele %.0f µs), @formio/core %.0f µs; fedele %.1f volte più svelto, per modulo da %.1f a %.1f, mediana %.1f",
		len(rapporti), noi/n, fedeli/n, loro/n, loro/fedeli, rapporti[0], rapporti[len(rapporti)-1], rapporti[len(rapporti)/2])
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
