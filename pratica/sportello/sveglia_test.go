package sportello_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage"
)

// cheAvvisa is a store that tells of what other processes commit; the first
// call fails.
type cheAvvisa struct {
	storage.Store
	avvisi  chan struct{}
	attese  atomic.Int64
	insieme atomic.Int64
}

func (s *cheAvvisa) Attendi(ctx context.Context) error {
	defer s.insieme.Add(-1)
	if s.insieme.Add(1) > 1 {
		return errors.New("two at once")
	}
	if s.attese.Add(1) == 1 {
		return errors.New("connessione persa")
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.avvisi:
		return nil
	}
}

// TestLavoraAvvisato: a worker that looks by itself once an hour does at once
// what another process caused, and goes on listening after a failure.
func TestLavoraAvvisato(t *testing.T) {
	t.Parallel()
	store := &cheAvvisa{avvisi: make(chan struct{}, 1)}
	b := nuovoBanco(t, func(c *sportello.Config) { store.Store = c.Store })
	c := b.config
	c.Store, c.Lavoro.Intervallo, c.Lavoro.Titolare = store, time.Millisecond, "lavoratore"
	breve, err := sportello.New(c)
	require.NoError(t, err)
	ctx, basta := context.WithCancel(context.Background())
	finiti := make(chan error, 3)
	go func() { finiti <- breve.Lavora(ctx) }()
	require.Eventually(t, func() bool { return store.attese.Load() >= 2 }, 20*time.Second, time.Millisecond, "it listens again")
	basta()
	require.NoError(t, <-finiti)

	c.Lavoro.Intervallo = time.Hour
	lavoratore, err := sportello.New(c)
	require.NoError(t, err)
	ctx, basta = context.WithCancel(context.Background())
	for range 2 {
		go func() { finiti <- lavoratore.Lavora(ctx) }()
	}
	require.Eventually(t, func() bool { return store.attese.Load() >= 3 }, 20*time.Second, time.Millisecond)
	id := b.bozza("spoglio")
	b.esegui(b.cittadino, id, pratica.Invia{}) // another Sportello: it wakes nobody here
	store.avvisi <- struct{}{}
	require.Eventually(t, func() bool {
		d, _ := b.carica(id).Documento("istanza")
		return d.SHA256 != ""
	}, 20*time.Second, time.Millisecond)
	basta()
	require.NoError(t, <-finiti)
	require.NoError(t, <-finiti)
}
