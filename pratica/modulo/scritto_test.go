package modulo_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// TestScrittoRiletto: what a text input shows is read back as it was.
func TestScrittoRiletto(t *testing.T) {
	t.Parallel()
	m, err := modulo.Compila(modulo.Definizione{ID: "m", Versione: 1, Titolo: "M", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "S", Campi: []modulo.Campo{
		{ID: "n", Etichetta: "N", Tipo: modulo.Decimale}, {ID: "e", Etichetta: "E", Tipo: modulo.Importo}, {ID: "i", Etichetta: "I", Tipo: modulo.Intero},
	}}}})
	require.NoError(t, err)
	require.Equal(t, "1000", m.Scritto("n", "1000"))
	require.Equal(t, "1.000,00", m.Scritto("e", "1000.00"))
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.New(rapid.Int64Range(-1e12, 1e12).Draw(t, "cifre"), -rapid.Int32Range(0, 6).Draw(t, "decimali"))
		prima := m.Valuta(modulo.Risposte{"n": strings.Replace(d.String(), ".", ",", 1), "e": strings.Replace(d.Round(2).String(), ".", ",", 1), "i": d.Truncate(0).String()}, modulo.Opzioni{}).Valori
		scritte := modulo.Risposte{}
		for id, v := range prima {
			scritte[id] = m.Scritto(id, v)
		}
		e := m.Valuta(scritte, modulo.Opzioni{})
		require.Empty(t, e.Errori)
		require.Equal(t, prima, e.Valori)
	})
}
