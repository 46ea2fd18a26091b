package pagamentitest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pagamenti/pagamentitest"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/stretchr/testify/require"
)

func ExampleNuovoFinto() {
	f, err := pagamentitest.NuovoFinto(pagamentitest.Config{
		Copione: []pagamentitest.Passo{{Metodo: pagamentitest.Crea, Accidente: pagamentitest.DopoEffetto}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	d := pagamentitest.Dovuto("c_h501", "a-1")
	_, err = f.Crea(ctx, d)
	fmt.Println(guasto.Di(err))
	p, err := f.Crea(ctx, d) // idempotent: it may be called again
	fmt.Println(p.Stato, err)
	// Output:
	// esito_ignoto
	// in_attesa <nil>
}

func TestCopione(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	f, err := pagamentitest.NuovoFinto(pagamentitest.Config{Copione: []pagamentitest.Passo{
		{Metodo: pagamentitest.Crea, Accidente: pagamentitest.PrimaEffetto},
		{Metodo: pagamentitest.Crea, Accidente: pagamentitest.PrimaEffetto, Classe: guasto.Sessione},
		{Metodo: pagamentitest.Crea, Accidente: pagamentitest.Blocco},
		{Metodo: pagamentitest.Crea, Accidente: pagamentitest.BloccoEffetto},
		{Metodo: pagamentitest.Annulla, Accidente: pagamentitest.DopoEffetto},
	}})
	require.NoError(t, err)
	d := pagamentitest.Dovuto("c_h501", "a-1")
	ignota := func() {
		_, err := f.Stato(ctx, d.Ente, d.ID)
		require.ErrorIs(t, err, pagamenti.ErrIgnota)
	}
	_, err = f.Crea(ctx, d)
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	require.ErrorIs(t, err, pagamentitest.ErrAccidente)
	_, err = f.Crea(ctx, d)
	require.Equal(t, guasto.Sessione, guasto.Di(err))
	ignota()
	breve := func() context.Context {
		c, annulla := context.WithTimeout(ctx, 1e6)
		t.Cleanup(annulla)
		return c
	}
	_, err = f.Crea(breve(), d)
	require.Equal(t, guasto.EsitoIgnoto, guasto.Di(err))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	ignota()
	lento, annulla := context.WithCancel(ctx)
	finita := make(chan error)
	go func() {
		_, err := f.Crea(lento, d)
		finita <- err
	}()
	require.Eventually(t, func() bool { _, err := f.Stato(ctx, d.Ente, d.ID); return err == nil }, 10e9, 1e6, "the effect comes before the hang")
	annulla()
	require.Equal(t, guasto.EsitoIgnoto, guasto.Di(<-finita))
	_, err = f.Annulla(ctx, d.Ente, d.ID)
	require.Equal(t, guasto.EsitoIgnoto, guasto.Di(err))
	p, err := f.Stato(ctx, d.Ente, d.ID)
	require.NoError(t, err)
	require.Equal(t, pagamenti.Annullato, p.Stato)

	f.Aggiungi(pagamentitest.Passo{Accidente: pagamentitest.DopoEffetto}, pagamentitest.Passo{Accidente: pagamentitest.PrimaEffetto})
	_, err = f.Stato(ctx, d.Ente, "altro")
	require.ErrorIs(t, err, pagamenti.ErrIgnota, "the true failure shows through")
	f.Guarisci()
	_, err = f.Stato(ctx, d.Ente, d.ID)
	require.NoError(t, err)
	prima := f.Chiamate()[0]
	require.Equal(t, pagamentitest.Crea, prima.Metodo)
	require.Equal(t, pagamentitest.PrimaEffetto, prima.Accidente)
	require.Equal(t, d.ID, prima.ID)
	require.Error(t, prima.Errore)
	bloccato := pagamentitest.Passo{Metodo: pagamentitest.Annulla, Accidente: pagamentitest.BloccoEffetto}
	f.Aggiungi(bloccato)
	_, err = f.Annulla(ctx, d.Ente, "altro")
	require.ErrorIs(t, err, pagamenti.ErrIgnota)
}

func TestSeme(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	corsa := func(seme uint64) (esiti []pagamentitest.Accidente) {
		f, err := pagamentitest.NuovoFinto(pagamentitest.Config{Seme: seme, Frequenza: 50})
		require.NoError(t, err)
		for range 60 {
			_, err := f.Crea(ctx, pagamentitest.Dovuto("c_h501", "a-1"))
			if err != nil {
				require.ErrorIs(t, err, pagamentitest.ErrAccidente)
			}
		}
		for _, c := range f.Chiamate() {
			esiti = append(esiti, c.Accidente)
		}
		return esiti
	}
	a := corsa(7)
	require.Equal(t, a, corsa(7))
	require.NotEqual(t, a, corsa(8))
	for _, x := range []pagamentitest.Accidente{pagamentitest.Nessuno, pagamentitest.PrimaEffetto, pagamentitest.DopoEffetto} {
		require.Contains(t, a, x)
	}
}

func TestNotifica(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for consegna, attesi := range map[pagamentitest.Consegna][]pagamenti.Stato{
		pagamentitest.InOrdine: {"avviato", "fallito", "pagato"},
		pagamentitest.Doppia:   {"avviato", "avviato", "fallito", "fallito", "pagato", "pagato"},
		pagamentitest.Inversa:  {"pagato", "fallito", "avviato"},
	} {
		t.Run(string(consegna), func(t *testing.T) {
			t.Parallel()
			var saputi []pagamenti.Stato
			var nota pagamenti.Posizione
			occupato := errors.New("occupato")
			rifiuta := 1
			f, err := pagamentitest.NuovoFinto(pagamentitest.Config{Consegna: consegna, Ricevente: func(_ context.Context, p pagamenti.Posizione) error {
				if rifiuta == 0 {
					rifiuta--
					return occupato
				}
				rifiuta--
				saputi = append(saputi, p.Stato)
				nota, _ = nota.Concilia(p)
				return nil
			}})
			require.NoError(t, err)
			d := pagamentitest.Dovuto("c_h501", "a-1")
			nota, err = f.Crea(ctx, d)
			require.NoError(t, err)
			require.NoError(t, f.Avvia(ctx, d.Ente, d.ID))
			require.NoError(t, f.Fallisci(ctx, d.Ente, d.ID))
			require.NoError(t, f.Paga(ctx, d.Ente, d.ID))
			require.NoError(t, f.Fallisci(ctx, d.Ente, d.ID))
			require.NoError(t, f.Scadi(ctx, d.Ente, d.ID))
			require.Len(t, f.Notizie(), 3)
			require.ErrorIs(t, f.Notifica(ctx), occupato)
			require.NotEmpty(t, f.Notizie(), "what was not taken is kept")
			require.NoError(t, f.Notifica(ctx))
			require.Empty(t, f.Notizie())
			if consegna == pagamentitest.Doppia { // refused at its second delivery, told twice again
				require.Equal(t, append([]pagamenti.Stato{"avviato"}, attesi...), saputi)
			} else {
				require.Equal(t, attesi, saputi)
			}
			require.Equal(t, pagamenti.Pagato, nota.Stato)
			vera, err := f.Stato(ctx, d.Ente, d.ID)
			require.NoError(t, err)
			require.Equal(t, vera.Esito, nota.Esito)
			require.Equal(t, vera.Pagata, nota.Pagata)
			_, err = f.Ricevuta(ctx, d.Ente, d.ID)
			require.NoError(t, err)
		})
	}
	f, err := pagamentitest.NuovoFinto(pagamentitest.Config{})
	require.NoError(t, err)
	require.NoError(t, f.Notifica(ctx))
}
