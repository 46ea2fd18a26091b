package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

const pazienza = 20 * time.Second // for what must happen at once

// inAscolto waits until the Store listens: it is then in pg_stat_activity.
func inAscolto(t testing.TB, nome string) {
	t.Helper()
	conn := collega(t, "")
	defer conn.Close(context.Background())
	require.Eventually(t, func() bool {
		var n int
		err := conn.QueryRow(context.Background(), `SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND query LIKE 'LISTEN%' AND state = 'idle'`, nome).Scan(&n)
		return err == nil && n == 1
	}, pazienza, time.Millisecond)
}

// TestSvegliaTraProcessi has one Store hear of what another one caused, over a
// connection that is ended in between.
func TestSvegliaTraProcessi(t *testing.T) {
	t.Parallel()
	ctx, fine := context.WithTimeout(context.Background(), pazienza)
	defer fine()
	schema := nuovoSchema(t)
	ascolta := apri(t, postgres.Config{Connessione: conParametro(t, "application_name", schema), Schema: schema})
	causa := apri(t, postgres.Config{Schema: schema})
	altrove := apri(t, postgres.Config{}) // another schema of the same database
	attendi := func() chan error {
		esito := make(chan error, 1)
		go func() { esito <- ascolta.Attendi(ctx) }()
		inAscolto(t, schema)
		return esito
	}
	esito := attendi()
	bozza(t, altrove, 1, storage.Effetto{ID: "e", Genere: pratica.EffettoAvviso})
	v := bozza(t, causa, 1)
	select {
	case err := <-esito:
		t.Fatalf("woken for nothing: %v", err)
	default:
	}
	bozza(t, causa, 2, storage.Effetto{ID: "e", Genere: pratica.EffettoAvviso})
	require.NoError(t, <-esito)

	esito = attendi()
	esegui(t, "", `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '`+schema+`' AND query LIKE 'LISTEN%'`)
	require.NoError(t, <-esito, "it listens again, and what it may have missed is to be looked for")
	esito = attendi()
	c := nota(t, v, "k")
	c.Effetti = []storage.Effetto{{ID: "f", Genere: pratica.EffettoAvviso}}
	_, err := causa.Registra(ctx, c)
	require.NoError(t, err)
	require.NoError(t, <-esito)

	// Giving up and coming back loses nothing of what happened in between.
	breve, basta := context.WithCancel(ctx)
	basta()
	require.ErrorIs(t, ascolta.Attendi(breve), context.Canceled)
	presi, err := causa.Prenota(ctx, storage.Prenotazione{Titolare: "w", Ora: storagetest.Ora().Add(time.Hour), Durata: time.Minute, Limite: 10})
	require.NoError(t, err)
	require.Len(t, presi, 2)
	presi[0].Stato = storage.Fallito
	require.NoError(t, causa.Aggiorna(ctx, presi[0]))
	require.NoError(t, causa.Sblocca(ctx, ente, presi[0].ID, nil))
	require.NoError(t, ascolta.Attendi(ctx))
}

// TestSvegliaSenzaServer has whoever waits told that he cannot, and wakes him
// when he can again.
func TestSvegliaSenzaServer(t *testing.T) {
	t.Parallel()
	ctx, fine := context.WithTimeout(context.Background(), pazienza)
	defer fine()
	p, via := nuovoPonte(t)
	s := apri(t, postgres.Config{Connessione: via})
	prima := make(chan error, 1)
	go func() { prima <- s.Attendi(ctx) }()
	for n := 1; ; n++ { // what was caused before he listened is not his
		bozza(t, s, n, storage.Effetto{ID: string(storagetest.ID(n)), Genere: pratica.EffettoAvviso})
		select {
		case err := <-prima:
			require.NoError(t, err)
		default:
			continue
		}
		break
	}
	p.abbassa()
	for { // notices that were on their way come first
		if err := s.Attendi(ctx); err != nil {
			require.Equal(t, guasto.Transitorio, guasto.Di(err), "%v", err)
			break
		}
	}
	p.alza(p.indirizzo)
	require.NoError(t, s.Attendi(ctx), "it may have missed something")
}

func TestSvegliaEChiusura(t *testing.T) {
	t.Parallel()
	schema := nuovoSchema(t)
	s, err := postgres.Open(context.Background(), postgres.Config{Connessione: conParametro(t, "application_name", schema), Schema: schema})
	require.NoError(t, err)
	esiti := make(chan error, 2)
	for range 2 { // the second waits for the first
		go func() { esiti <- s.Attendi(context.Background()) }()
	}
	inAscolto(t, schema)
	require.NoError(t, s.Close())
	for range 2 {
		require.ErrorContains(t, <-esiti, "chiuso")
	}
	require.ErrorContains(t, s.Attendi(context.Background()), "chiuso")
	conn := collega(t, "")
	defer conn.Close(context.Background())
	require.Eventually(t, func() bool { // the server notices
		var n int
		err := conn.QueryRow(context.Background(), `SELECT count(*) FROM pg_stat_activity WHERE application_name = $1`, schema).Scan(&n)
		return err == nil && n == 0
	}, pazienza, time.Millisecond)
}
