package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// chiCade is a context that ends when it is looked at for the n-th time: so that
// a caller gives up at every point of an operation, one after the other.
type chiCade struct {
	context.Context //nolint:containedctx // it is one
	restano         atomic.Int64
	finito          chan struct{}
}

func (c *chiCade) guarda() {
	if c.restano.Add(-1) == 0 {
		close(c.finito)
	}
}

func (c *chiCade) Done() <-chan struct{} {
	c.guarda()
	return c.finito
}

func (c *chiCade) Err() error {
	c.guarda()
	select {
	case <-c.finito:
		return context.Canceled
	default:
		return nil
	}
}

// TestRispostaPersa gives up at every point of a commit, its end included, and
// asks again with the same key: it was done once, whatever the answer was.
func TestRispostaPersa(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := apri(t, filepath.Join(t.TempDir(), "p.db"))
	perse, arrivate := 0, 0
	for n := range 200 {
		c := commitDi(t, n)
		cade := &chiCade{Context: ctx, finito: make(chan struct{})}
		cade.restano.Store(int64(n + 1))
		prima, err := s.Registra(cade, c)
		_, trovata, errRipetuta := s.Ripetuta(ctx, ente, c.Pratica.ID, "k")
		require.NoError(t, errRipetuta)
		if err == nil {
			arrivate++
			require.True(t, trovata)
		} else {
			perse++
			require.ErrorIs(t, err, context.Canceled)
		}
		dopo, err := s.Registra(ctx, c)
		require.NoError(t, err)
		require.Equal(t, trovata, dopo.Ripetuta, "done then, or done now")
		if prima != (storage.Ricevuta{}) {
			dopo.Ripetuta = false
			require.Equal(t, prima, dopo)
		}
	}
	require.Equal(t, 200, quante(t, s, 200))
	require.Greater(t, perse, 10)
	require.Greater(t, arrivate, 10, "it also gave up after the end")
}

// TestOrologioIndietro commits and leases while the clock goes back an hour.
func TestOrologioIndietro(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := apri(t, filepath.Join(t.TempDir(), "p.db"))
	ora, indietro := storagetest.Ora(), storagetest.Ora().Add(-time.Hour)
	prenota := func(chi string, quando time.Time) []string {
		presi, err := s.Prenota(ctx, storage.Prenotazione{Titolare: chi, Ora: quando, Durata: time.Minute, Limite: 100})
		require.NoError(t, err)
		var id []string
		for _, e := range presi {
			id = append(id, fmt.Sprint(e.ID, "/", e.Gettone))
		}
		slices.Sort(id)
		return id
	}
	var pratiche []*pratica.Pratica
	for n := range 3 {
		c := commitDi(t, n) // caused now, with an effect
		_, err := s.Registra(ctx, c)
		require.NoError(t, err)
		pratiche = append(pratiche, c.Pratica)
	}
	require.Equal(t, []string{"e0/1", "e1/1", "e2/1"}, prenota("w1", ora))

	// Back an hour: what is leased stays so, what is committed goes on in order.
	require.Empty(t, prenota("w2", indietro), "nothing twice")
	p, err := s.Cerca(ctx, storage.Filtro{Ente: ente, Ordine: storage.PerAggiornamento, Limite: 1})
	require.NoError(t, err)
	c, err := storagetest.Poi(pratiche[0], pratica.InCarico, indietro, pratica.NotaScritta{ID: "x", Testo: "prima"})
	require.NoError(t, err)
	c.Effetti = []storage.Effetto{{ID: "dopo", Genere: pratica.EffettoAvviso}}
	_, err = s.Registra(ctx, c)
	require.NoError(t, err)
	iter, err := s.Eventi(ctx, ente, pratiche[0].ID)
	require.NoError(t, err)
	require.NoError(t, pratica.Verifica(iter))
	require.Empty(t, prenota("w2", indietro), "first in its lane is the one before, whenever it was caused")
	e, err := s.Effetto(ctx, ente, "e0")
	require.NoError(t, err)
	e.Stato, e.Concluso = storage.Fatto, indietro
	require.NoError(t, s.Aggiorna(ctx, e), "the token decides, not the clock")
	require.Equal(t, []string{"dopo/1"}, prenota("w2", indietro))
	require.Equal(t, []string{"dopo/2", "e1/2", "e2/2"}, prenota("w3", ora.Add(time.Hour)), "leases end by the clock that is now")

	// A page begun before goes on, and skips only what moved in front of it.
	f := storage.Filtro{Ente: ente, Ordine: storage.PerAggiornamento, Limite: 1}
	viste := []pratica.ID{p.Righe[0].ID}
	for f.Cursore = p.Seguente; f.Cursore != ""; f.Cursore = p.Seguente {
		p, err = s.Cerca(ctx, f)
		require.NoError(t, err)
		viste = append(viste, p.Righe[0].ID)
	}
	require.Equal(t, []pratica.ID{storagetest.ID(2), storagetest.ID(1), storagetest.ID(0)}, viste)
	r, err := s.Riassumi(ctx, storage.Filtro{Ente: ente, CambioDal: indietro, CambioAl: ora.Add(time.Second)})
	require.NoError(t, err)
	require.Equal(t, 3, r.Totale)
}
