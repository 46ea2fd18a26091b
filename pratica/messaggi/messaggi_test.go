package messaggi_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sportello-digitale/pratiche/pratica/messaggi"
	"github.com/stretchr/testify/require"
)

func ExampleComponi() {
	fmt.Println(messaggi.Componi("La richiesta {numero} è {stato}. {altro}", map[string]string{"numero": "2026-000123", "stato": "protocollata"}))
	// Output: La richiesta 2026-000123 è protocollata. {altro}
}

func TestComponi(t *testing.T) {
	t.Parallel()
	v := map[string]string{"a": "{b}", "b": "x"}
	for testo, atteso := range map[string]string{
		"":          "",
		"{a}":       "{b}",
		"{{a}":      "{{b}",
		"{a":        "{a",
		"}{b}{":     "}x{",
		"{c}{b}{c}": "{c}x{c}",
	} {
		require.Equal(t, atteso, messaggi.Componi(testo, v), testo)
	}
}

func TestMemoriaUnaVolta(t *testing.T) {
	t.Parallel()
	var m messaggi.Memoria
	for range 2 {
		require.NoError(t, m.Invia(context.Background(), messaggi.Avviso{ID: "1", Oggetto: "o"}))
	}
	require.Len(t, m.Avvisi(), 1)
	m.Avvisi()[0].Oggetto = "altro"
	require.Equal(t, "o", m.Avvisi()[0].Oggetto)
	ctx, annulla := context.WithCancel(context.Background())
	annulla()
	require.ErrorIs(t, m.Invia(ctx, messaggi.Avviso{ID: "2"}), context.Canceled)
}
