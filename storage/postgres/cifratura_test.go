package postgres_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// buste gives a Busta whose active key is attiva.
func buste(t testing.TB, attiva string, ammetti bool) *busta.Busta {
	t.Helper()
	k, err := busta.NewChiavi(attiva, map[string][]byte{"uno": bytes.Repeat([]byte{1}, 32), "due": bytes.Repeat([]byte{2}, 32)})
	require.NoError(t, err)
	b, err := busta.New(busta.Config{Portachiavi: k, AmmettiInChiaro: ammetti})
	require.NoError(t, err)
	return b
}

// TestStoreCifrato runs the kit on two hosts of one schema, with contents sealed.
func TestStoreCifrato(t *testing.T) {
	t.Parallel()
	dsn(t)
	storagetest.Verifica(t, func(t *testing.T) storage.Store {
		c := postgres.Config{Schema: nuovoSchema(t), Busta: buste(t, "uno", false)}
		return storagetest.Gemelli(apri(t, c), apri(t, c))
	})
}

// scorta writes what is sealed, of every kind, and gives a function that reads
// it with a Store and wants it as it was.
func scorta(t *testing.T, s storage.Store) (legge func(storage.Store), contenuti int) {
	t.Helper()
	ctx := context.Background()
	p := bozza(t, s, 1, storage.Effetto{ID: "e1", Genere: pratica.EffettoAvviso}, storage.Effetto{ID: "e2", Genere: pratica.EffettoDocumento})
	presi, err := s.Prenota(ctx, storage.Prenotazione{Titolare: "w", Ora: storagetest.Ora(), Durata: time.Minute, Limite: 9})
	require.NoError(t, err)
	presi[0].Stato, presi[0].Diario = storage.Fallito, []byte(`{"segreto":1}`)
	require.NoError(t, s.Aggiorna(ctx, presi[0]))
	lunga := strings.Repeat("k", cassetto.MassimoChiave)
	require.NoError(t, s.Transazione(ctx, ente, func(tx cassetto.Tx) error {
		for chiave, v := range map[string][]byte{"vuota": nil, "a\x00b": []byte("segreto"), lunga: bytes.Repeat([]byte("segreto"), 20_000)} {
			if err := tx.Scrivi(lunga, chiave, v); err != nil {
				return err
			}
		}
		return nil
	}))
	return func(s storage.Store) {
		t.Helper()
		q, err := s.Carica(ctx, ente, p.ID)
		require.NoError(t, err)
		require.Equal(t, p.Impronta, q.Impronta)
		iter, err := s.Eventi(ctx, ente, p.ID)
		require.NoError(t, err)
		require.Len(t, iter, 2)
		e, err := s.Effetto(ctx, ente, presi[0].ID)
		require.NoError(t, err)
		require.Equal(t, `{"segreto":1}`, string(e.Diario))
		require.NoError(t, s.Lettura(ctx, ente, func(tx cassetto.Tx) error {
			v, err := tx.Elenca(lunga, cassetto.Intervallo{})
			require.NoError(t, err)
			require.Len(t, v, 3)
			require.Equal(t, "segreto", string(v[0].Valore))
			require.Len(t, v[1].Valore, 140_000)
			require.Empty(t, v[2].Valore)
			return nil
		}))
	}, 1 + 2 + 1 + 3 // pratica, events, journal, drawer
}

// TestRiavvolgi changes the key, and seals what was in clear, beside writers.
func TestRiavvolgi(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	schema := nuovoSchema(t)
	inChiaro := apri(t, postgres.Config{Schema: schema})
	legge, contenuti := scorta(t, inChiaro)
	n, err := inChiaro.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Zero(t, n, "there are no keys")
	severa := apri(t, postgres.Config{Schema: schema, Busta: buste(t, "uno", false)})
	_, err = severa.Carica(ctx, ente, storagetest.ID(1))
	require.ErrorIs(t, err, busta.ErrInChiaro)
	_, err = severa.Riavvolgi(ctx)
	require.ErrorIs(t, err, busta.ErrInChiaro)
	uno := apri(t, postgres.Config{Schema: schema, Busta: buste(t, "uno", true)})
	legge(uno)

	n, err = uno.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Equal(t, contenuti, n)
	legge(severa)
	_, err = inChiaro.Carica(ctx, ente, storagetest.ID(1))
	require.Equal(t, guasto.Configurazione, guasto.Di(err), "%v", err)
	require.NotContains(t, grezzo(t, schema), "segreto")

	due := apri(t, postgres.Config{Schema: schema, Busta: buste(t, "due", false)})
	legge(due)
	// Beside writers, who use the old key and the new one.
	p := bozza(t, uno, 2)
	var gruppo sync.WaitGroup
	finito := make(chan struct{})
	gruppo.Go(func() {
		for i := 0; ; i++ {
			s := []*postgres.Store{uno, due}[i%2]
			c, err := storagetest.Poi(p, pratica.Bozza, storagetest.Ora(), pratica.NotaScritta{ID: fmt.Sprint(i), Testo: "x"})
			if err == nil {
				_, err = s.Registra(ctx, c)
			}
			if err != nil {
				t.Error(err)
				return
			}
			p = c.Pratica
			select {
			case <-finito:
				return
			default:
			}
		}
	})
	for range 3 {
		_, err = due.Riavvolgi(ctx)
		require.NoError(t, err)
	}
	close(finito)
	gruppo.Wait()
	_, err = due.Riavvolgi(ctx)
	require.NoError(t, err)
	k, err := busta.NewChiavi("due", map[string][]byte{"due": bytes.Repeat([]byte{2}, 32)})
	require.NoError(t, err)
	b, err := busta.New(busta.Config{Portachiavi: k})
	require.NoError(t, err)
	solo := apri(t, postgres.Config{Schema: schema, Busta: b})
	legge(solo)
	iter, err := solo.Eventi(ctx, ente, p.ID)
	require.NoError(t, err, "the old key is needed no more")
	require.Len(t, iter, p.Versione)

	// Altered or moved, it is not given out.
	esegui(t, schema, `UPDATE proiezioni SET dati = set_byte(dati, length(dati) - 1, get_byte(dati, length(dati) - 1) # 1) WHERE id LIKE '%1'`)
	_, err = solo.Carica(ctx, ente, storagetest.ID(1))
	require.ErrorIs(t, err, storage.ErrCorrotto)
	esegui(t, schema, `UPDATE eventi SET evento = (SELECT evento FROM eventi WHERE pratica LIKE '%2' AND progressivo = 1) WHERE pratica LIKE '%1' AND progressivo = 1`)
	_, err = solo.Eventi(ctx, ente, storagetest.ID(1))
	require.ErrorIs(t, err, storage.ErrCorrotto)
	esegui(t, schema, `UPDATE cassetto SET valore = substring(valore FROM 1 FOR 20)`)
	_, err = solo.Riavvolgi(ctx)
	require.ErrorIs(t, err, storage.ErrCorrotto)
}

// grezzo gives all that the tables with sealed contents hold, as text.
func grezzo(t *testing.T, schema string) string {
	t.Helper()
	conn := collega(t, schema)
	defer conn.Close(context.Background())
	var s string
	for _, x := range []string{"dati FROM proiezioni", "evento FROM eventi", "diario FROM effetti", "valore FROM cassetto"} {
		r, err := conn.Query(context.Background(), `SELECT `+x)
		require.NoError(t, err)
		for r.Next() {
			s += string(r.RawValues()[0])
		}
		require.NoError(t, r.Err())
	}
	return s
}
