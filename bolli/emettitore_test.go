package bolli_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/stretchr/testify/require"
)

func richiesta() bolli.Richiesta {
	return bolli.Richiesta{
		ID: "a-1", Ente: "c_h501", Impronta: bolli.Impronta([]byte("x")), Provincia: "RM", Importo: euro("16"),
		Acquirente: bolli.Acquirente{CodiceFiscale: "VRDMRN92A12H501Z", Nome: "Marina Verdi"},
	}
}

func TestRichiestaVerifica(t *testing.T) {
	t.Parallel()
	require.NoError(t, richiesta().Verifica())
	for u, buono := range map[string]bool{
		"https://portale.example/r?t=1": true, "http://localhost:8080/": true,
		"/r": false, "javascript://x/": false, "https://a:b@portale.example": false, "https://[": false,
		"https://portale.example/" + strings.Repeat("a", 2048): false,
	} {
		r := richiesta()
		r.RitornoURL = u
		if buono {
			require.NoError(t, r.Verifica(), u)
		} else {
			require.EqualError(t, r.Verifica(), "bolli: dati non validi: ritorno_url formato", u)
		}
	}
	require.EqualError(t, bolli.Richiesta{}.Verifica(), "bolli: dati non validi: id formato, ente mancante, impronta formato, provincia formato, importo importo, acquirente.codice_fiscale formato, acquirente.nome mancante")
}

func TestRichiestaRiservata(t *testing.T) {
	t.Parallel()
	r := richiesta()
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "richiesta", r, "acquirente", r.Acquirente)
	_, err := fmt.Fprintf(&b, "%v %+v %#v", r.Acquirente, r.Acquirente, r.Acquirente)
	require.NoError(t, err)
	require.NotContains(t, b.String(), "VRDMRN")
	require.NotContains(t, b.String(), "Verdi")
	require.Contains(t, b.String(), "a-1")
}

func TestErroriEmettitore(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, bolli.Ignota("x"), bolli.ErrIgnota)
	require.ErrorIs(t, bolli.Diversa("x"), bolli.ErrDiversa)
	require.Equal(t, guasto.Permanente, guasto.Di(bolli.Ignota("x")))
	require.EqualError(t, bolli.Diversa("x"), "x: permanente (richiesta_diversa)")
}
