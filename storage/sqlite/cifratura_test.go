package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// sigilli gives a Busta with these keys, of which the first is active.
func sigilli(t testing.TB, ammetti bool, chiavi ...string) *busta.Busta {
	t.Helper()
	m := map[string][]byte{}
	for _, k := range chiavi {
		m[k] = bytes.Repeat([]byte(k), 32)[:32]
	}
	k, err := busta.NewChiavi(chiavi[0], m)
	require.NoError(t, err)
	b, err := busta.New(busta.Config{Portachiavi: k, AmmettiInChiaro: ammetti})
	require.NoError(t, err)
	return b
}

func apriCon(t testing.TB, percorso string, b *busta.Busta) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: percorso, Busta: b})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestStoreCifrato(t *testing.T) {
	if testing.Short() {
		t.Skip("lungo: gira senza -short")
	}
	t.Parallel()
	storagetest.Verifica(t, func(t *testing.T) storage.Store {
		return apriCon(t, filepath.Join(t.TempDir(), "pratiche.db"), sigilli(t, false, "uno"))
	})
}

// scriviContenuti puts something into every table that keeps contents.
func scriviContenuti(t testing.TB, s *sqlite.Store, da, a int) {
	t.Helper()
	ctx := context.Background()
	for n := da; n < a; n++ {
		c, err := storagetest.Scheda{Ente: ente, ID: storagetest.ID(n), Stato: pratica.Bozza, Nome: "Segretissimo", Creata: storagetest.Ora(), Cambio: storagetest.Ora()}.Commit()
		require.NoError(t, err)
		c.Effetti = []storage.Effetto{{ID: fmt.Sprint("e", n), Genere: pratica.EffettoAvviso}}
		_, err = s.Registra(ctx, c)
		require.NoError(t, err)
		presi, err := s.Prenota(ctx, storage.Prenotazione{Titolare: "w", Ora: storagetest.Ora(), Durata: 1, Limite: 1, Solo: fmt.Sprint("e", n)})
		require.NoError(t, err)
		presi[0].Stato, presi[0].Diario = storage.EsitoIgnoto, []byte(`{"segreto":1}`)
		require.NoError(t, s.Aggiorna(ctx, presi[0]))
		require.NoError(t, s.Transazione(ctx, ente, func(tx cassetto.Tx) error {
			return errors.Join(tx.Scrivi("t", fmt.Sprintf("%06d", n), []byte("segreto")), tx.Scrivi("vuoti", fmt.Sprintf("%06d", n), nil))
		}))
	}
}

// leggiContenuti reads all of it.
func leggiContenuti(s *sqlite.Store, quanti int) error {
	ctx := context.Background()
	for n := range quanti {
		p, err := s.Carica(ctx, ente, storagetest.ID(n))
		if err != nil {
			return err
		}
		if p.Richiedente.Nome != "Segretissimo" {
			return errors.New("pratica")
		}
		if _, err = s.Eventi(ctx, ente, storagetest.ID(n)); err != nil {
			return err
		}
		e, err := s.Effetto(ctx, ente, fmt.Sprint("e", n))
		if err != nil {
			return err
		}
		if string(e.Diario) != `{"segreto":1}` {
			return errors.New("diario")
		}
		err = s.Lettura(ctx, ente, func(tx cassetto.Tx) error {
			b, err := tx.Leggi("t", fmt.Sprintf("%06d", n))
			if err == nil && string(b) != "segreto" {
				err = errors.New("cassetto")
			}
			_, err2 := tx.Leggi("vuoti", fmt.Sprintf("%06d", n))
			return errors.Join(err, err2)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func TestCifrato(t *testing.T) {
	t.Parallel()
	percorso := filepath.Join(t.TempDir(), "p.db")
	s, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: percorso, Busta: sigilli(t, false, "uno")})
	require.NoError(t, err)
	scriviContenuti(t, s, 0, 3)
	require.NoError(t, leggiContenuti(s, 3))
	require.NoError(t, s.Close())
	b, err := os.ReadFile(percorso)
	require.NoError(t, err)
	require.NotContains(t, string(b), `"segreto`)
	require.NotContains(t, string(b), `"nome"`)

	// Without the key nothing opens, and the error says why.
	for _, senza := range []*busta.Busta{nil, sigilli(t, false, "due")} {
		err = leggiContenuti(apriCon(t, percorso, senza), 1)
		require.ErrorIs(t, err, busta.ErrChiave)
		require.Equal(t, guasto.Configurazione, guasto.Di(err))
	}
	// A content put in the place of another does not open.
	esegui(t, percorso, "UPDATE proiezioni SET dati = (SELECT dati FROM proiezioni WHERE riga = 2) WHERE riga = 1")
	err = leggiContenuti(apriCon(t, percorso, sigilli(t, false, "uno")), 1)
	require.ErrorIs(t, err, storage.ErrCorrotto)
	// Nor does one in the clear.
	esegui(t, percorso, "UPDATE proiezioni SET dati = CAST('{}' AS BLOB) WHERE riga = 1", "UPDATE cassetto SET valore = CAST('' AS BLOB)")
	s = apriCon(t, percorso, sigilli(t, false, "uno"))
	require.ErrorIs(t, leggiContenuti(s, 1), busta.ErrInChiaro)
	err = s.Lettura(context.Background(), ente, func(tx cassetto.Tx) error { _, err := tx.Elenca("t", cassetto.Intervallo{}); return err })
	require.ErrorIs(t, err, busta.ErrInChiaro)
}

// chiFerma is a ring of keys that stops everything after some calls.
type chiFerma struct {
	busta.Portachiavi
	dopo  int
	ferma func()
}

func (c *chiFerma) Attiva(ctx context.Context, ente string) (string, error) {
	if c.dopo--; c.dopo == 0 {
		c.ferma()
	}
	return c.Portachiavi.Attiva(ctx, ente)
}

func TestRiavvolgi(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	const quante = 70
	percorso := filepath.Join(t.TempDir(), "p.db")
	chiaro := apriCon(t, percorso, nil)
	scriviContenuti(t, chiaro, 0, quante)
	n, err := chiaro.Riavvolgi(ctx)
	require.NoError(t, err, "nothing is sealed")
	require.Zero(t, n)

	// From the clear to a key, stopped half way and called again.
	s := apriCon(t, percorso, sigilli(t, true, "uno"))
	fermo, ferma := context.WithCancel(ctx)
	defer ferma()
	k, err := busta.NewChiavi("uno", map[string][]byte{"uno": bytes.Repeat([]byte("uno"), 32)[:32]})
	require.NoError(t, err)
	b, err := busta.New(busta.Config{Portachiavi: &chiFerma{Portachiavi: k, dopo: 150, ferma: ferma}, AmmettiInChiaro: true})
	require.NoError(t, err)
	primi, err := apriCon(t, percorso, b).Riavvolgi(fermo)
	require.ErrorIs(t, err, context.Canceled)
	require.GreaterOrEqual(t, primi, quante, "what is done is done")
	n, err = s.Riavvolgi(ctx)
	require.NoError(t, err)
	eventi := conta(t, percorso, "SELECT count(*) FROM eventi")
	require.Equal(t, quante*4+eventi, primi+n, "projection, journal and two values of each, and the events")
	require.NoError(t, leggiContenuti(apriCon(t, percorso, sigilli(t, false, "uno")), quante))
	n, err = s.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Zero(t, n)
	_, err = chiaro.Riavvolgi(ctx)
	require.ErrorIs(t, err, busta.ErrChiave)

	// From one key to the next, beside a writer and readers.
	nuovo := apriCon(t, percorso, sigilli(t, false, "due", "uno"))
	var gruppo sync.WaitGroup
	gruppo.Go(func() { scriviContenuti(t, nuovo, quante, 2*quante) })
	gruppo.Go(func() {
		for range 3 {
			if err := leggiContenuti(nuovo, quante); err != nil {
				t.Error(err)
			}
		}
	})
	gruppo.Go(func() {
		for i := range quante { // the same contents that are being changed
			err := nuovo.Transazione(ctx, ente, func(tx cassetto.Tx) error { return tx.Scrivi("t", fmt.Sprintf("%06d", i), []byte("segreto")) })
			if err != nil {
				t.Error(err)
			}
		}
	})
	_, err = nuovo.Riavvolgi(ctx)
	require.NoError(t, err)
	gruppo.Wait()
	require.NoError(t, leggiContenuti(apriCon(t, percorso, sigilli(t, false, "due")), 2*quante), "the old key is needed no more")
	sana(t, percorso)
}

// chiCambia is a ring of keys that does something else the first time that it is asked.
type chiCambia struct {
	busta.Portachiavi
	una  sync.Once
	cosa func()
}

func (c *chiCambia) Attiva(ctx context.Context, ente string) (string, error) {
	c.una.Do(c.cosa)
	return c.Portachiavi.Attiva(ctx, ente)
}

// TestRiavvolgiConteso changes and removes contents between the moment in which
// Riavvolgi reads them and that in which it writes.
func TestRiavvolgiConteso(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	percorso := filepath.Join(t.TempDir(), "p.db")
	altro := apriCon(t, percorso, sigilli(t, true, "uno", "due")) // still seals under the old key
	scrivi := func(valori map[string]string) {
		require.NoError(t, altro.Transazione(ctx, ente, func(tx cassetto.Tx) error {
			for k, v := range valori {
				if v == "" {
					if err := tx.Elimina("t", k); err != nil {
						return err
					}
				} else if err := tx.Scrivi("t", k, []byte(v)); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	scrivi(map[string]string{"a": "prima", "b": "prima", "c": "prima"})
	k, err := busta.NewChiavi("due", map[string][]byte{"uno": bytes.Repeat([]byte("uno"), 32)[:32], "due": bytes.Repeat([]byte("due"), 32)[:32]})
	require.NoError(t, err)
	b, err := busta.New(busta.Config{Portachiavi: &chiCambia{Portachiavi: k, cosa: func() { scrivi(map[string]string{"a": "dopo", "b": ""}) }}})
	require.NoError(t, err)
	n, err := apriCon(t, percorso, b).Riavvolgi(ctx)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	err = apriCon(t, percorso, sigilli(t, false, "due")).Lettura(ctx, ente, func(tx cassetto.Tx) error {
		v, err := tx.Elenca("t", cassetto.Intervallo{})
		require.Equal(t, []cassetto.Voce{{Chiave: "a", Valore: []byte("dopo")}, {Chiave: "c", Valore: []byte("prima")}}, v)
		return err
	})
	require.NoError(t, err, "what was written meanwhile stays, under the new key")
}
