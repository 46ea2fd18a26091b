package storage_test

import (
	"errors"
	"fmt"
	"testing"

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
