package cassetto_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/stretchr/testify/require"
)

func ExampleConta() {
	var c cassetto.Memoria
	for range 3 {
		err := c.Transazione(context.Background(), "c_h501", func(tx cassetto.Tx) error {
			n, err := cassetto.Conta(tx, "numeri", "2026")
			fmt.Println(n)
			return err
		})
		if err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// 1
	// 2
	// 3
}

func TestMemoriaAtomica(t *testing.T) {
	t.Parallel()
	var c cassetto.Memoria
	ctx := context.Background()
	boh := errors.New("boh")
	require.NoError(t, c.Transazione(ctx, "a", func(tx cassetto.Tx) error { return tx.Scrivi("t", "1", []byte("x")) }))
	require.ErrorIs(t, c.Transazione(ctx, "a", func(tx cassetto.Tx) error {
		require.NoError(t, tx.Scrivi("t", "2", nil))
		require.NoError(t, tx.Elimina("t", "1"))
		_, err := tx.Leggi("t", "1")
		require.ErrorIs(t, err, cassetto.ErrAssente)
		require.ErrorIs(t, tx.Inserisci("t", "2", nil), cassetto.ErrPresente)
		require.ErrorIs(t, tx.Scrivi("t", strings.Repeat("k", cassetto.MassimoChiave+1), nil), cassetto.ErrLimite)
		return boh
	}), boh)
	require.NoError(t, c.Lettura(ctx, "a", func(tx cassetto.Tx) error {
		v, err := tx.Leggi("t", "1")
		require.NoError(t, err)
		require.Equal(t, "x", string(v))
		v[0] = 'y'
		require.ErrorIs(t, tx.Scrivi("t", "1", v), cassetto.ErrSolaLettura)
		require.ErrorIs(t, tx.Elimina("t", "1"), cassetto.ErrSolaLettura)
		voci, err := tx.Elenca("t", cassetto.Intervallo{})
		require.NoError(t, err)
		require.Equal(t, []cassetto.Voce{{Chiave: "1", Valore: []byte("x")}}, voci)
		return nil
	}))
	require.NoError(t, c.Lettura(ctx, "b", func(tx cassetto.Tx) error {
		_, err := tx.Leggi("t", "1")
		require.ErrorIs(t, err, cassetto.ErrAssente, "another ente sees nothing")
		return nil
	}))
	annullato, annulla := context.WithCancel(ctx)
	annulla()
	require.ErrorIs(t, c.Transazione(annullato, "a", func(cassetto.Tx) error { return nil }), context.Canceled)
	require.ErrorIs(t, c.Lettura(ctx, "", func(cassetto.Tx) error { return nil }), cassetto.ErrLimite)
}

func TestMemoriaElenca(t *testing.T) {
	t.Parallel()
	var c cassetto.Memoria
	require.NoError(t, c.Transazione(context.Background(), "a", func(tx cassetto.Tx) error {
		for _, k := range []string{"2026/3", "2026/1", "2027/1", "2026/2"} {
			require.NoError(t, cassetto.InserisciJSON(tx, "t", k, k))
		}
		for nome, caso := range map[string]struct {
			i      cassetto.Intervallo
			attese []string
		}{
			"prefisso": {cassetto.Intervallo{Prefisso: "2026/"}, []string{"2026/1", "2026/2", "2026/3"}},
			"dopo":     {cassetto.Intervallo{Dopo: "2026/2"}, []string{"2026/3", "2027/1"}},
			"inverso":  {cassetto.Intervallo{Dopo: "2026/3", Inverso: true}, []string{"2026/2", "2026/1"}},
			"limite":   {cassetto.Intervallo{Limite: 1, Inverso: true}, []string{"2027/1"}},
		} {
			voci, err := tx.Elenca("t", caso.i)
			require.NoError(t, err)
			chiavi := []string{}
			for _, v := range voci {
				chiavi = append(chiavi, v.Chiave)
			}
			require.Equal(t, caso.attese, chiavi, nome)
		}
		return nil
	}))
}

func TestContaSenzaBuchi(t *testing.T) {
	t.Parallel()
	var c cassetto.Memoria
	var gruppo sync.WaitGroup
	for range 50 {
		gruppo.Go(func() {
			_ = c.Transazione(context.Background(), "a", func(tx cassetto.Tx) error {
				_, err := cassetto.Conta(tx, "n", "2026")
				return err
			})
		})
	}
	gruppo.Wait()
	var n int64
	require.NoError(t, c.Lettura(context.Background(), "a", func(tx cassetto.Tx) error {
		return cassetto.LeggiJSON(tx, "n", "2026", &n)
	}))
	require.EqualValues(t, 50, n)
}
