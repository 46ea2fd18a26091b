package appuntamentitest_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/appuntamenti/appuntamentitest"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/stretchr/testify/require"
)

const ente = "c_f205"

func sportello() []appuntamenti.Calendario {
	return []appuntamenti.Calendario{{ID: "sportello", Ente: ente, Titolo: "Sportello", Aperture: []appuntamenti.Apertura{
		{ID: "martedi", Giorni: []time.Weekday{time.Tuesday}, Inizio: "09:00", Fine: "12:00", Minuti: 30},
	}}}
}

func nuova(t testing.TB) (*appuntamentitest.Finta, *appuntamentitest.Orologio) {
	t.Helper()
	o := appuntamentitest.NuovoOrologio(time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC))
	f, err := appuntamentitest.NuovaFinta(sportello(), o.Ora)
	require.NoError(t, err)
	return f, o
}

func richiesta(id string) appuntamenti.Prenotazione {
	f := appuntamenti.Fasce(sportello()[0], martedi(), martedi())[0]
	return appuntamenti.Prenotazione{ID: id, Ente: ente, Calendario: "sportello", Apertura: "martedi", Inizio: f.Inizio}
}

func martedi() termini.Giorno { return termini.Giorno{Anno: 2026, Mese: 3, Giorno: 3} }

func TestCopione(t *testing.T) {
	t.Parallel()
	f, _ := nuova(t)
	ctx := t.Context()
	mio := errors.New("mio")
	f.Copione(appuntamentitest.Guasto{Metodo: "Blocca", Modo: appuntamentitest.PrimaEffetto}, appuntamentitest.Guasto{Metodo: "Blocca", Modo: appuntamentitest.DopoEffetto}, appuntamentitest.Guasto{Modo: appuntamentitest.PrimaEffetto, Errore: mio})

	_, err := f.Blocca(ctx, richiesta("a"))
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	_, err = f.Leggi(ctx, ente, "a")
	require.ErrorIs(t, err, mio, "a line without method is for whatever comes")
	_, err = f.Leggi(ctx, ente, "a")
	require.ErrorIs(t, err, appuntamenti.ErrNonTrovata, "before the effect means no effect")

	_, err = f.Blocca(ctx, richiesta("a"))
	require.Equal(t, guasto.EsitoIgnoto, guasto.Di(err))
	p, err := f.Blocca(ctx, richiesta("a"))
	require.NoError(t, err)
	require.Equal(t, appuntamenti.Bloccato, p.Stato)
	require.Equal(t, []appuntamentitest.Chiamata{
		{"Blocca", ente, "a", appuntamentitest.PrimaEffetto}, {"Leggi", ente, "a", appuntamentitest.PrimaEffetto}, {"Leggi", ente, "a", ""},
		{"Blocca", ente, "a", appuntamentitest.DopoEffetto}, {"Blocca", ente, "a", ""},
	}, f.Chiamate())

	f.Copione(appuntamentitest.Guasto{Modo: appuntamentitest.DopoEffetto})
	_, err = f.Blocca(ctx, richiesta("b"))
	require.ErrorIs(t, err, appuntamenti.ErrFasciaPiena, "a refusal stays a refusal")
}

func TestAppeso(t *testing.T) {
	t.Parallel()
	for modo, atteso := range map[appuntamentitest.Modo]error{appuntamentitest.AppesoPrima: appuntamenti.ErrNonTrovata, appuntamentitest.AppesoDopo: nil} {
		f, _ := nuova(t)
		f.Copione(appuntamentitest.Guasto{Metodo: "Blocca", Modo: modo})
		ctx, chiudi := context.WithCancel(t.Context())
		esito := make(chan error)
		go func() {
			_, err := f.Blocca(ctx, richiesta("a"))
			esito <- err
		}()
		// The context ends once the call hangs: received, and done if it is to be.
		for len(f.Chiamate()) == 0 {
			runtime.Gosched()
		}
		for atteso == nil {
			if _, err := f.Leggi(t.Context(), ente, "a"); err == nil {
				break
			}
			runtime.Gosched()
		}
		chiudi()
		err := <-esito
		require.Equal(t, guasto.EsitoIgnoto, guasto.Di(err))
		require.ErrorIs(t, err, context.Canceled)
		_, err = f.Leggi(t.Context(), ente, "a")
		if atteso == nil {
			require.NoError(t, err, modo)
		} else {
			require.ErrorIs(t, err, atteso, modo)
		}
	}
	f, _ := nuova(t)
	f.Copione(appuntamentitest.Guasto{Modo: appuntamentitest.AppesoDopo})
	_, err := f.Leggi(t.Context(), ente, "a")
	require.ErrorIs(t, err, appuntamenti.ErrNonTrovata, "a refusal does not hang")
}

func TestBloccoPerso(t *testing.T) {
	t.Parallel()
	f, _ := nuova(t)
	ctx := t.Context()
	_, err := f.Blocca(ctx, richiesta("a"))
	require.NoError(t, err)
	f.Copione(appuntamentitest.Guasto{Modo: appuntamentitest.BloccoPerso}, appuntamentitest.Guasto{Modo: appuntamentitest.BloccoPerso}, appuntamentitest.Guasto{Metodo: "Conferma", Modo: appuntamentitest.BloccoPerso})
	p, err := f.Leggi(ctx, ente, "a")
	require.NoError(t, err)
	require.Equal(t, appuntamenti.Bloccato, p.Stato, "on other methods nothing happens")
	_, err = f.Conferma(ctx, ente, "a")
	require.ErrorIs(t, err, appuntamenti.ErrBloccoScaduto)
	_, err = f.Prolunga(ctx, ente, "a", p.Inizio)
	require.ErrorIs(t, err, appuntamenti.ErrBloccoScaduto)
	p, err = f.Leggi(ctx, ente, "a")
	require.NoError(t, err)
	require.Equal(t, appuntamenti.Scaduto, p.Stato)
	p, err = f.Blocca(ctx, richiesta("a"))
	require.NoError(t, err)
	require.Equal(t, appuntamenti.Scaduto, p.Stato)
	_, err = f.Blocca(ctx, richiesta("b"))
	require.NoError(t, err, "the place is free")
	p, err = f.Annulla(ctx, ente, "a")
	require.NoError(t, err)
	require.Equal(t, appuntamenti.Annullato, p.Stato)
	_, err = f.Conferma(ctx, ente, "ignota") // the last line finds no hold to lose
	require.ErrorIs(t, err, appuntamenti.ErrNonTrovata)
}

// The same seed gives the same faults; a caller that repeats gets there.
func TestCaso(t *testing.T) {
	t.Parallel()
	esegui := func(seme uint64) []appuntamentitest.Chiamata {
		f, _ := nuova(t)
		f.Caso(seme, 0.7)
		for i := range 3 {
			id := fmt.Sprint(i)
			r := richiesta(id)
			r.Inizio = r.Inizio.Add(time.Duration(i) * 30 * time.Minute)
			for range 200 {
				if _, err := f.Blocca(t.Context(), r); err == nil {
					break
				}
			}
			p, err := f.Annulla(t.Context(), ente, "x")
			require.Error(t, err)
			require.Empty(t, p.ID)
		}
		f.Caso(0, 0)
		fasce, err := f.Disponibili(t.Context(), ente, "sportello", martedi(), martedi())
		require.NoError(t, err)
		occupate := 0
		for _, x := range fasce {
			occupate += 1 - x.Liberi
		}
		require.Equal(t, 3, occupate, "three bookings, whatever the faults")
		return f.Chiamate()
	}
	require.Equal(t, esegui(7), esegui(7))
	require.NotEqual(t, esegui(7), esegui(8))
}

func TestNuovaFintaCalendarioNonValido(t *testing.T) {
	t.Parallel()
	_, err := appuntamentitest.NuovaFinta([]appuntamenti.Calendario{{}}, nil)
	var p appuntamenti.Problemi
	require.ErrorAs(t, err, &p)
}

func ExampleFinta() {
	ora := appuntamentitest.NuovoOrologio(time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC))
	f, err := appuntamentitest.NuovaFinta(sportello(), ora.Ora)
	if err != nil {
		fmt.Println(err)
		return
	}
	f.Copione(appuntamentitest.Guasto{Metodo: "Blocca", Modo: appuntamentitest.DopoEffetto})

	_, err = f.Blocca(context.Background(), richiesta("a"))
	fmt.Println(guasto.Di(err))
	p, err := f.Blocca(context.Background(), richiesta("a")) // the same ID: safe to repeat
	fmt.Println(p.Stato, err)
	// Output:
	// esito_ignoto
	// bloccato <nil>
}
