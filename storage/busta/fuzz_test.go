package busta_test

import (
	"bytes"
	"context"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage/busta"
)

func semi(f *testing.F) (mite *busta.Busta, autentici map[string][]byte) {
	f.Helper()
	mite, err := busta.New(busta.Config{Portachiavi: portachiavi(f, "2026"), AmmettiInChiaro: true, Casuale: new(contatore)})
	require.NoError(f, err)
	autentici = map[string][]byte{}
	for _, n := range []int{0, 1, 100, segmento, segmento + 1} {
		dati := chiudi(f, mite, contenuto(n))
		autentici[string(dati)] = contenuto(n)
		f.Add(dati)
		f.Add(dati[:len(dati)-1])
		f.Add(dati[:min(len(dati), busta.MassimaTesta)])
	}
	f.Add([]byte(`{"a":1}`))
	f.Add([]byte("\x9bBUSTA\r\n"))
	f.Add([]byte("\x9bBUSTA\r\n\x01\xff"))
	return mite, autentici
}

// FuzzApri: nothing panics, and only what was sealed here is opened.
func FuzzApri(f *testing.F) {
	b, autentici := semi(f)
	f.Fuzz(func(t *testing.T, dati []byte) {
		ctx := context.Background()
		originali := bytes.Clone(dati)
		chiaro, err := b.Apri(ctx, ente, contesto, dati)
		switch {
		case !busta.Sigillata(dati):
			require.NoError(t, err)
			require.True(t, bytes.Equal(dati, chiaro))
		case err == nil:
			atteso, ok := autentici[string(dati)]
			require.True(t, ok, "a forgery")
			require.True(t, bytes.Equal(atteso, chiaro))
		}
		if nuovi, cambiati, e := b.Riavvolgi(ctx, ente, contesto, dati); e == nil && cambiati {
			ancora, e := b.Apri(ctx, ente, contesto, nuovi)
			require.Equal(t, err == nil, e == nil)
			require.True(t, bytes.Equal(chiaro, ancora))
		}
		require.True(t, bytes.Equal(originali, dati), "what is given is not changed")
	})
}

// FuzzLettore: a stream opens exactly what Apri opens, and says the same where
// it does not.
func FuzzLettore(f *testing.F) {
	b, _ := semi(f)
	f.Fuzz(func(t *testing.T, dati []byte) {
		chiaro, err := b.Apri(context.Background(), ente, contesto, dati)
		letto, errFlusso := tutto(b, iotest.HalfReader(bytes.NewReader(dati)))
		if err != nil {
			require.EqualError(t, errFlusso, err.Error())
			return
		}
		require.NoError(t, errFlusso)
		require.True(t, bytes.Equal(chiaro, letto))
	})
}
