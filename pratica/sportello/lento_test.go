package sportello_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// lento is a registry that answers when it is allowed to.
type lento struct {
	protocollo.Registro
	chiamato chan struct{}
	lascia   chan struct{}
}

func (l *lento) Capacita() protocollo.Capacita {
	c := l.Registro.Capacita()
	c.Fascicoli = false
	return c
}

func (l *lento) Registra(ctx context.Context, r protocollo.Richiesta) (protocollo.Registrazione, error) {
	l.chiamato <- struct{}{}
	select {
	case <-l.lascia:
		return l.Registro.Registra(ctx, r)
	case <-ctx.Done():
		return protocollo.Registrazione{}, ctx.Err()
	}
}

// A registry that is slow holds back what waits for it and nothing else.
func TestRegistroLentoNonFermaGliAltri(t *testing.T) {
	t.Parallel()
	reg := &lento{chiamato: make(chan struct{}, 10), lascia: make(chan struct{})}
	b := nuovoBanco(t, func(c *sportello.Config) {
		reg.Registro, c.Registro = c.Registro, reg
		c.Lavoro = sportello.Lavoro{Paralleli: 4, PerGenere: 2, Intervallo: time.Millisecond}
	})
	ctx, ferma := context.WithCancel(context.Background())
	finito := make(chan error, 1)
	go func() { finito <- b.s.Lavora(ctx) }()

	var lente []pratica.ID
	for _, seriale := range []string{"00000000000001", "00000000000002", "00000000000003"} {
		id := b.bozza("pieno")
		b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca(seriale)}})
		require.Eventually(t, func() bool { return b.carica(id).Pagamenti[0].Posizione.IUV != "" }, time.Minute, time.Millisecond)
		b.paga(id)
		lente = append(lente, id)
	}
	<-reg.chiamato
	<-reg.chiamato // as many as the registry is given at once

	svelta := b.bozza("spoglio")
	b.esegui(b.cittadino, svelta, pratica.Invia{})
	require.Eventually(t, func() bool {
		d, _ := b.carica(svelta).Documento("istanza")
		return d.SHA256 != ""
	}, time.Minute, time.Millisecond, "its document waited for the registry of others")
	for _, id := range lente {
		require.Equal(t, pratica.Inviata, b.stato(id))
	}
	require.Empty(t, reg.chiamato, "no more than two at once")

	close(reg.lascia)
	for _, id := range lente {
		require.Eventually(t, func() bool { return b.stato(id) == pratica.Protocollata }, time.Minute, time.Millisecond)
	}
	ferma()
	require.NoError(t, <-finito)
}
