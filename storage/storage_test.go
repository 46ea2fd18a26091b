package storage_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage"
)

func ExampleErroreUnico() {
	err := fmt.Errorf("invio: %w", &storage.ErroreUnico{Unico: storage.Unico{Ambito: "contrassegno", Chiave: "01260000000000"}})
	var gia *storage.ErroreUnico
	fmt.Println(errors.As(err, &gia), gia.Unico.Ambito)
	fmt.Println(err)
	// Output:
	// true contrassegno
	// invio: storage: già usato (contrassegno)
}

func TestErroreUnicoSenzaChiave(t *testing.T) {
	t.Parallel()
	err := &storage.ErroreUnico{Unico: storage.Unico{Ambito: "a", Chiave: "RSSMRA80A01H501U"}}
	require.NotContains(t, err.Error(), "RSSMRA", "the key may be personal data")
}

func TestMedia(t *testing.T) {
	t.Parallel()
	_, ok := storage.Somma{}.Media()
	require.False(t, ok)
	for totale, attesa := range map[string]string{"2": "0.67", "-2": "-0.67", "0.015": "0.01", "0.045": "0.02", "-0.045": "-0.02", "0": "0"} {
		m, ok := storage.Somma{Valori: 3, Totale: decimal.RequireFromString(totale)}.Media()
		require.True(t, ok)
		require.True(t, m.Equal(decimal.RequireFromString(attesa)), "%s: %s", totale, m)
	}
}
