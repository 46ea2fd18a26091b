package servizio_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

type chiuso struct{}

func (chiuso) Valuta(modulo.Risposte, modulo.Opzioni) modulo.Giudizio {
	return modulo.Giudizio{Errori: []modulo.Errore{{Codice: "chiuso", Messaggio: "Il modulo è chiuso"}}}
}

// TestForniture: what a form needs from Go reaches it.
func TestForniture(t *testing.T) {
	t.Parallel()
	s, err := servizio.Nuovo(valida(), modulo.ConEstensione(chiuso{}))
	require.NoError(t, err)
	errori := s.Modulo().Valuta(nil, modulo.Opzioni{}).Errori
	require.Contains(t, errori.Error(), ":chiuso")
}
