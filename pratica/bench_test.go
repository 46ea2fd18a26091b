package pratica_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
)

// decisioni are the two commands measured: what an operator and an applicant do most.
func decisioni(t require.TestingT) map[string]func() error {
	presa := nuovoGiro(t, completa()).bozza().invia().paga().documenti()
	messaggio := presa.clona(t).preso()
	prendi := pratica.Comando{Attore: incarica, ID: "0197f000-0000-7000-9000-00000000aaaa", Dati: pratica.PrendiInCarico{}}
	scrivi := pratica.Comando{Attore: mario, ID: "0197f000-0000-7000-9000-00000000aaaa", Dati: pratica.ScriviMessaggio{Oggetto: "Domanda", Testo: "A che punto è la pratica?"}}
	return map[string]func() error{
		"PrendiInCarico":  func() error { _, err := pratica.Decidi(presa.p, presa.s, prendi, presa.ora); return err },
		"ScriviMessaggio": func() error { _, err := pratica.Decidi(messaggio.p, messaggio.s, scrivi, messaggio.ora); return err },
	}
}

// TestAllocazioni holds the goals that do not depend on the machine.
func TestAllocazioni(t *testing.T) { //nolint:paralleltest // AllocsPerRun counts those of the whole process
	for nome, f := range decisioni(t) {
		require.NoError(t, f())
		require.LessOrEqual(t, testing.AllocsPerRun(200, func() { _ = f() }), 4.0, nome)
	}
	var n int
	require.Zero(t, testing.AllocsPerRun(200, func() { n += len(pratica.Possibili(pratica.InCarico, pratica.AzioneApprova)) }))
	require.Positive(t, n)
}

func BenchmarkDecidi(b *testing.B) {
	for nome, f := range decisioni(b) {
		b.Run(nome, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPossibili measures the look-up beside its floor, a bare map.
func BenchmarkPossibili(b *testing.B) {
	type passo struct {
		da pratica.Stato
		az pratica.Azione
	}
	nuda := map[passo][]pratica.Transizione{}
	for _, x := range pratica.Transizioni() {
		nuda[passo{x.Da, x.Azione}] = append(nuda[passo{x.Da, x.Azione}], x)
	}
	tutti := make([]passo, 0, len(nuda))
	for k := range nuda {
		tutti = append(tutti, k)
	}
	b.ReportAllocs()
	var i, n int
	for b.Loop() {
		k := tutti[i%len(tutti)]
		n += len(pratica.Possibili(k.da, k.az))
		i++
	}
	tabella := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	da := time.Now()
	for i := range b.N {
		k := tutti[i%len(tutti)]
		n += len(nuda[k])
	}
	b.ReportMetric(tabella/(float64(time.Since(da).Nanoseconds())/float64(b.N)), "ratio")
	if n == 0 {
		b.Fatal("nothing was found")
	}
}
