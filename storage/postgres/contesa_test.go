package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// TestStallo has a transaction and somebody else wait for each other. The server
// ends the transaction, which is run again without a word.
func TestStallo(t *testing.T) {
	t.Parallel()
	ctx, fine := context.WithTimeout(context.Background(), pazienza)
	defer fine()
	schema := nuovoSchema(t)
	s := apri(t, postgres.Config{Connessione: conParametro(t, "deadlock_timeout", "5ms"), Schema: schema})
	altro, osserva := collega(t, schema), collega(t, "")
	defer altro.Close(ctx)
	defer osserva.Close(ctx)
	for _, f := range []string{`BEGIN`, `SET LOCAL deadlock_timeout = '1min'`, `LOCK TABLE cassetto`} {
		_, err := altro.Exec(ctx, f)
		require.NoError(t, err)
	}
	libera := make(chan error, 1)
	giri := 0
	err := s.Transazione(ctx, ente, func(tx cassetto.Tx) error {
		if giri++; giri == 1 {
			go func() { // waits for us, and then lets go
				_, err := altro.Exec(ctx, `SELECT pg_advisory_xact_lock(serratura('cassetto', '`+ente+`', ''))`)
				if err == nil {
					_, err = altro.Exec(ctx, `ROLLBACK`)
				}
				libera <- err
			}()
			require.Eventually(t, func() bool {
				var n int
				err := osserva.QueryRow(ctx, `SELECT cardinality(pg_blocking_pids($1))`, int32(altro.PgConn().PID())).Scan(&n)
				return err == nil && n == 1
			}, pazienza, time.Millisecond)
		}
		_, err := cassetto.Conta(tx, "t", "n")
		return err
	})
	require.NoError(t, err)
	require.NoError(t, <-libera)
	require.Equal(t, 2, giri)
	var n int
	require.NoError(t, s.Lettura(ctx, ente, func(tx cassetto.Tx) error { return cassetto.LeggiJSON(tx, "t", "n", &n) }))
	require.Equal(t, 1, n)
}

// TestPrenotaNonAspetta has somebody hold an effect, and its pratica: what else
// is due is given, and nobody waits.
func TestPrenotaNonAspetta(t *testing.T) {
	t.Parallel()
	ctx, fine := context.WithTimeout(context.Background(), pazienza)
	defer fine()
	schema := nuovoSchema(t)
	s := apri(t, postgres.Config{Schema: schema})
	bozza(t, s, 1, storage.Effetto{ID: "e1", Genere: pratica.EffettoAvviso})
	bozza(t, s, 2, storage.Effetto{ID: "e2", Genere: pratica.EffettoAvviso})
	altro := collega(t, schema)
	defer altro.Close(ctx)
	for _, f := range []string{`BEGIN`, `SELECT 1 FROM effetti WHERE id = 'e1' FOR UPDATE`, `SELECT 1 FROM pratiche FOR UPDATE`} {
		_, err := altro.Exec(ctx, f)
		require.NoError(t, err)
	}
	p := storage.Prenotazione{Titolare: "w", Ora: storagetest.Ora(), Durata: time.Minute, Limite: 10, Solo: "e1"}
	presi, err := s.Prenota(ctx, p)
	require.NoError(t, err)
	require.Empty(t, presi)
	p.Solo, p.Escludi = "", []pratica.GenereEffetto{pratica.EffettoDocumento}
	presi, err = s.Prenota(ctx, p)
	require.NoError(t, err)
	require.Len(t, presi, 1)
	require.Equal(t, "e2", presi[0].ID)
	presi[0].Stato = storage.Fatto
	require.NoError(t, s.Aggiorna(ctx, presi[0]), "nor does the end of an effect wait for the pratica")
	_, err = altro.Exec(ctx, `ROLLBACK`)
	require.NoError(t, err)
	p.Escludi = nil
	presi, err = s.Prenota(ctx, p)
	require.NoError(t, err)
	require.Len(t, presi, 1)
}
