package guasto_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/stretchr/testify/require"
)

func TestDi(t *testing.T) {
	t.Parallel()
	base := guasto.Nuovo(guasto.Sessione, "protocollo.Registra", "dst_scaduto", errors.New("risposta di Mario Rossi"))
	for nome, caso := range map[string]struct {
		err        error
		classe     guasto.Classe
		ripetibile bool
	}{
		"nessuno":          {nil, "", false},
		"avvolto":          {fmt.Errorf("effetto: %w", base), guasto.Sessione, true},
		"non_classificato": {errors.New("boh"), guasto.EsitoIgnoto, false},
		"permanente":       {guasto.Nuovo(guasto.Permanente, "x", "", nil), guasto.Permanente, false},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, caso.classe, guasto.Di(caso.err))
			require.Equal(t, caso.ripetibile, guasto.Ripetibile(caso.err))
		})
	}
	require.NotContains(t, base.Error(), "Rossi", "the text of a remote system is never printed")
	require.Equal(t, "protocollo.Registra: sessione (dst_scaduto)", base.Error())
}

func TestDaContesto(t *testing.T) {
	t.Parallel()
	require.NoError(t, guasto.DaContesto(context.Background(), "x", true))
	ctx, annulla := context.WithCancel(context.Background())
	annulla()
	require.Equal(t, guasto.Transitorio, guasto.Di(guasto.DaContesto(ctx, "x", false)))
	err := guasto.DaContesto(ctx, "x", true)
	require.Equal(t, guasto.EsitoIgnoto, guasto.Di(err))
	require.ErrorIs(t, err, context.Canceled)
}

func TestNonValido(t *testing.T) {
	t.Parallel()
	tipo := errors.New("pagamenti: dati non validi")
	require.NoError(t, guasto.NuovoNonValido(tipo, nil))
	err := fmt.Errorf("crea: %w", guasto.NuovoNonValido(tipo, []guasto.Problema{{"importo", "importo", "Indica l'importo di Rossi."}, {"causale", "lunga", "Accorcia."}}))
	require.ErrorIs(t, err, tipo)
	require.Equal(t, guasto.Permanente, guasto.Di(err))
	require.Equal(t, "crea: pagamenti: dati non validi: importo importo, causale lunga", err.Error())
	require.Equal(t, "a b", (&guasto.NonValido{Problemi: []guasto.Problema{{"a", "b", "c"}}}).Error())
}
