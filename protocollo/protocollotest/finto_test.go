package protocollotest_test

import (
	"context"
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

func ExampleFinto() {
	f, err := protocollotest.New(protocollotest.Copione{Passi: []protocollotest.Passo{
		{Guasto: protocollotest.DopoEffetto}, // the first answer is lost
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, r := context.Background(), protocollotest.Richiesta("c_h501", "2f0c1e7a", 1)
	_, err = f.Porta().Registra(ctx, r)
	fmt.Println(guasto.Di(err))
	_, _ = f.Porta().Registra(ctx, r) // what must never be done
	fmt.Println(f.MaiDueNumeri())
	// Output:
	// esito_ignoto
	// protocollotest: due numeri per 2f0c1e7a: 0000001/2026 e 0000002/2026
}

func finto(t testing.TB, c protocollotest.Copione) *protocollotest.Finto {
	t.Helper()
	f, err := protocollotest.New(c)
	require.NoError(t, err)
	return f
}

func passi(p ...protocollotest.Passo) protocollotest.Copione { return protocollotest.Copione{Passi: p} }

func TestFintoGuasti(t *testing.T) {
	t.Parallel()
	for nome, caso := range map[string]struct {
		passo   protocollotest.Passo
		classe  guasto.Classe
		effetti int
	}{
		"prima":              {protocollotest.Passo{Guasto: protocollotest.PrimaEffetto}, guasto.Transitorio, 0},
		"prima, config":      {protocollotest.Passo{Guasto: protocollotest.PrimaEffetto, Classe: guasto.Configurazione}, guasto.Configurazione, 0},
		"dopo":               {protocollotest.Passo{Guasto: protocollotest.DopoEffetto}, guasto.EsitoIgnoto, 1},
		"blocco":             {protocollotest.Passo{Guasto: protocollotest.Blocco}, guasto.EsitoIgnoto, 0},
		"blocco con effetto": {protocollotest.Passo{Guasto: protocollotest.Blocco, ConEffetto: true}, guasto.EsitoIgnoto, 1},
		"doppio":             {protocollotest.Passo{Guasto: protocollotest.Doppio}, "", 2},
		"ritardo":            {protocollotest.Passo{Guasto: protocollotest.Ritardo}, guasto.EsitoIgnoto, 0},
		"parziale":           {protocollotest.Passo{Guasto: protocollotest.Parziale}, guasto.Parziale, 1},
		"riordino solo":      {protocollotest.Passo{Guasto: protocollotest.Riordino}, guasto.EsitoIgnoto, 0},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			f, err := conTempo(t, caso.passo, 5*time.Millisecond)
			require.Equal(t, caso.classe, guasto.Di(err))
			require.Len(t, f.Effetti(), caso.effetti)
			require.NoError(t, f.MaiDueNumeri())
			c := f.Chiamate()
			require.Equal(t, protocollotest.Chiamata{N: 1, Operazione: protocollotest.OpRegistra, Ente: "c_h501", Correlazione: "abcd",
				Guasto: caso.passo.Guasto, Conclusa: true, Classe: caso.classe}, c[0])
			require.Len(t, f.Perduti(), caso.effetti)
		})
	}
}

// conTempo registers under a step that may hang. On a slow machine the time may
// be over before the call begins: then it tries with more.
func conTempo(t *testing.T, p protocollotest.Passo, d time.Duration) (*protocollotest.Finto, error) {
	t.Helper()
	f := finto(t, passi(p))
	ctx, annulla := t.Context(), context.CancelFunc(func() {})
	if p.Guasto == protocollotest.Blocco || p.Guasto == protocollotest.Riordino {
		ctx, annulla = context.WithTimeout(ctx, d)
	}
	defer annulla()
	_, err := f.Porta().Registra(ctx, protocollotest.Richiesta("c_h501", "abcd", 2))
	if ctx.Err() != nil && guasto.Di(err) == guasto.Transitorio {
		return conTempo(t, p, 2*d)
	}
	return f, err
}

func TestFintoSpazzatura(t *testing.T) {
	t.Parallel()
	for seme := range uint64(8) {
		f := finto(t, protocollotest.Copione{Seme: seme, Probabilita: map[protocollotest.Guasto]float64{protocollotest.Spazzatura: 1}})
		q := protocollotest.Richiesta("c_h501", "abcd", 0)
		reg, err := f.Porta().Registra(t.Context(), q)
		require.NoError(t, err)
		require.Equal(t, guasto.EsitoIgnoto, guasto.Di(reg.Risponde(q)))
		require.NoError(t, f.Effetti()[0].Registrazione.Risponde(q))
		require.Empty(t, f.Perduti(f.Effetti()[0].Registrazione.Estremi))
	}
}

func TestFintoRitardo(t *testing.T) {
	t.Parallel()
	f := finto(t, passi(protocollotest.Passo{Guasto: protocollotest.Ritardo, Dopo: 1}, protocollotest.Passo{Guasto: protocollotest.Ritardo, Dopo: 9}))
	p := f.Porta().(protocollo.Cercatore)
	_, err := f.Porta().Registra(t.Context(), protocollotest.Richiesta("c_h501", "abcd", 0))
	require.Equal(t, guasto.EsitoIgnoto, guasto.Di(err))
	c := protocollo.Criteri{Ente: "c_h501", Correlazione: "abcd"}
	trovate, err := p.Cerca(t.Context(), c)
	require.NoError(t, err)
	require.Empty(t, trovate, "not yet there: the search that finds nothing is followed by the effect")
	trovate, err = p.Cerca(t.Context(), c)
	require.NoError(t, err)
	require.Len(t, trovate, 1)
	_, err = f.Porta().Registra(t.Context(), protocollotest.Richiesta("c_h501", "efgh", 0))
	require.Equal(t, guasto.EsitoIgnoto, guasto.Di(err))
	require.Len(t, f.Effetti(), 1)
	f.Matura()
	require.Len(t, f.Effetti(), 2)
}

func TestFintoRiordino(t *testing.T) {
	t.Parallel()
	f := finto(t, passi(protocollotest.Passo{Guasto: protocollotest.Riordino}))
	prima := make(chan error, 1)
	go func() {
		_, err := f.Porta().Registra(t.Context(), protocollotest.Richiesta("c_h501", "prima", 0))
		prima <- err
	}()
	for len(f.Chiamate()) == 0 {
		time.Sleep(time.Millisecond)
	}
	// The first call may not be waiting yet: numbers go on until it has got its own.
	for n := 0; len(f.Effetti()) == 0 || f.Effetti()[len(f.Effetti())-1].Correlazione != "prima"; n++ {
		_, err := f.Porta().Registra(t.Context(), protocollotest.Richiesta("c_h501", fmt.Sprintf("dopo-%d", n), 0))
		require.NoError(t, err)
		time.Sleep(time.Millisecond)
	}
	require.NoError(t, <-prima)
	require.NotEqual(t, "prima", f.Effetti()[0].Correlazione, "what was asked first is not numbered first")

	f = finto(t, passi(protocollotest.Passo{Guasto: protocollotest.Riordino}))
	fatto := make(chan error, 1)
	go func() {
		_, err := f.Porta().Registra(t.Context(), protocollotest.Richiesta("c_h501", "sola", 0))
		fatto <- err
	}()
	for len(f.Effetti()) == 0 {
		f.Matura()
		time.Sleep(time.Millisecond)
	}
	require.NoError(t, <-fatto)
}

func TestFintoRiprende(t *testing.T) {
	t.Parallel()
	f := finto(t, passi(protocollotest.Passo{Guasto: protocollotest.Parziale}))
	q := protocollotest.Richiesta("c_h501", "abcd", 2)
	_, err := f.Porta().Registra(t.Context(), q)
	var parziale protocollo.Parziale
	require.ErrorAs(t, err, &parziale)
	require.Equal(t, []string{"allegato-0", "allegato-1"}, parziale.Mancanti)
	require.NotContains(t, err.Error(), "Zqx")
	a := f.Porta().(protocollo.Allegatore)
	for _, d := range q.Allegati {
		_, err := a.Allega(t.Context(), parziale.Registrazione.Estremi, d)
		require.NoError(t, err)
		_, err = a.Allega(t.Context(), parziale.Registrazione.Estremi, d)
		require.Equal(t, guasto.GiaFatto, guasto.Di(err))
	}
	letta, err := f.Porta().(protocollo.Lettore).Leggi(t.Context(), parziale.Registrazione.Estremi)
	require.NoError(t, err)
	require.Len(t, letta.Allegati, 2)
	require.NoError(t, f.Porta().(protocollo.Pinger).Ping(t.Context()))
}

func TestFintoAltreOperazioni(t *testing.T) {
	t.Parallel()
	op := func(o protocollotest.Operazione, g protocollotest.Guasto) protocollotest.Passo {
		return protocollotest.Passo{Operazione: o, Guasto: g, ConEffetto: true}
	}
	f := finto(t, passi(
		op(protocollotest.OpCrea, protocollotest.PrimaEffetto), op(protocollotest.OpCrea, protocollotest.DopoEffetto),
		op(protocollotest.OpCrea, protocollotest.Ritardo), op(protocollotest.OpCrea, protocollotest.Blocco),
		op(protocollotest.OpTrova, protocollotest.DopoEffetto), op(protocollotest.OpTrova, protocollotest.Ritardo),
		op(protocollotest.OpCerca, protocollotest.Spazzatura)))
	fasc := f.Porta().(protocollo.Fascicolatore)
	breve, annulla := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer annulla()
	for i, classe := range []guasto.Classe{guasto.Transitorio, guasto.EsitoIgnoto, guasto.EsitoIgnoto} {
		_, err := fasc.CreaFascicolo(t.Context(), "c_h501", protocollo.Fascicolo{Chiave: fmt.Sprint(i), Classifica: "6"})
		require.Equal(t, classe, guasto.Di(err))
	}
	_, err := fasc.CreaFascicolo(breve, "c_h501", protocollo.Fascicolo{Chiave: "3", Classifica: "6"})
	require.Error(t, err)
	for range 2 {
		_, err := fasc.TrovaFascicolo(t.Context(), "c_h501", "0")
		require.Equal(t, guasto.Transitorio, guasto.Di(err))
	}
	_, err = fasc.TrovaFascicolo(t.Context(), "c_h501", "0")
	require.ErrorIs(t, err, protocollo.ErrNonTrovato)
	for _, k := range []string{"1", "2"} {
		_, err = fasc.TrovaFascicolo(t.Context(), "c_h501", k)
		require.NoError(t, err, k)
	}
	_, err = f.Porta().Registra(t.Context(), protocollotest.Richiesta("c_h501", "altra", 0))
	require.NoError(t, err)
	trovate, err := f.Porta().(protocollo.Cercatore).Cerca(t.Context(), protocollo.Criteri{Ente: "c_h501", Correlazione: "abcd"})
	require.NoError(t, err)
	require.Len(t, trovate, 1, "garbage: somebody else's")
}

// TestFintoSeme: the same seed gives the same story.
func TestFintoSeme(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := protocollotest.Copione{Seme: rapid.Uint64().Draw(t, "seme"), Probabilita: map[protocollotest.Guasto]float64{
			protocollotest.PrimaEffetto: 0.2, protocollotest.DopoEffetto: 0.2, protocollotest.Doppio: 0.1,
			protocollotest.Ritardo: 0.2, protocollotest.Spazzatura: 0.1}}
		storia := func() []protocollotest.Chiamata {
			f, err := protocollotest.New(c)
			require.NoError(t, err)
			for i := range 10 {
				_, _ = f.Porta().Registra(context.Background(), protocollotest.Richiesta("c_h501", fmt.Sprintf("doc-%d", i), 0))
			}
			f.Matura()
			require.NoError(t, f.MaiDueNumeri())
			return f.Chiamate()
		}
		require.Equal(t, storia(), storia())
	})
}
