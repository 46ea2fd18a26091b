package sportello_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/sportello-digitale/pratiche/storage"
)

// conFinto puts a registry in the bench that follows a script.
func conFinto(t testing.TB, f **protocollotest.Finto, c protocollotest.Copione) scelta {
	return func(k *sportello.Config) {
		var err error
		if c.Orologio == nil {
			c.Orologio = k.Orologio
		}
		*f, err = protocollotest.New(c)
		require.NoError(t, err)
		k.Registro = (*f).Porta()
	}
}

// sospeso gives the effect of a pratica that needs somebody.
func (b *banco) sospeso(id pratica.ID) storage.Effetto {
	b.t.Helper()
	effetti, err := b.store.Effetti(context.Background(), ente, id)
	require.NoError(b.t, err)
	for _, e := range effetti {
		if e.Stato == storage.EsitoIgnoto || e.Stato == storage.Fallito {
			return e
		}
	}
	require.Fail(b.t, "nessun effetto in sospeso")
	return storage.Effetto{}
}

func filtro() storage.Filtro { return storage.Filtro{} }

// conEsitoIgnoto brings a request to a registration that was never answered, at
// a registry that cannot be searched.
func conEsitoIgnoto(b *banco) pratica.ID {
	var f *protocollotest.Finto
	c := b.config
	conFinto(b.t, &f, protocollotest.Copione{Livello: protocollotest.SoloRegistra, Passi: []protocollotest.Passo{{Guasto: protocollotest.DopoEffetto}}})(&c)
	s, err := sportello.New(c)
	require.NoError(b.t, err)
	b.s = s
	return arrivata(b)
}

func (b *banco) effetti(id pratica.ID) []storage.Effetto {
	b.t.Helper()
	e, err := b.store.Effetti(context.Background(), ente, id)
	require.NoError(b.t, err)
	return e
}
