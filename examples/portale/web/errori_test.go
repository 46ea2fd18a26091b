package web_test

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
)

func TestErrori(t *testing.T) {
	t.Parallel()
	x := monta(t)
	c := x.navigatore()
	for percorso, dettaglio := range map[string]string{"/rotta": "Boh", "/cade": "nil map", "/guasta": "dettaglio interno"} {
		resp, corpo := x.vai(c, percorso)
		require.Equal(t, http.StatusInternalServerError, resp.StatusCode, percorso)
		require.Contains(t, corpo, "Riprova tra qualche minuto")
		require.NotContains(t, corpo, dettaglio)
		require.NotContains(t, corpo, "prima ")
		require.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
	}
	require.Contains(t, x.registro.String(), "dettaglio interno")
	require.NotContains(t, x.registro.String(), "segreto")
}

func TestStato(t *testing.T) {
	t.Parallel()
	for err, atteso := range map[error]int{
		pratica.ErrNonTrovato: 404, pratica.ErrNonAutorizzato: 403, pratica.ErrConflitto: 409, pratica.ErrNonAmmesso: 409, pratica.ErrNonConfigurato: 409,
		pratica.ErrNonValido: 422, pratica.ErrTroppoGrande: 422, pratica.ErrEsterno: 502, storage.ErrNonTrovata: 404,
		guasto.Nuovo(guasto.Transitorio, "prova", "giu", nil): 502, errors.New("altro"): 500, &pratica.Errore{Codice: "nuovo"}: 500,
	} {
		stato, messaggio := web.Stato(fmt.Errorf("avvolto: %w", err))
		require.Equal(t, atteso, stato, err.Error())
		require.NotEmpty(t, messaggio)
	}
	require.Len(t, web.Campi(&pratica.Errore{Codice: pratica.CodiceNonValido, Campi: []pratica.ErroreCampo{{Percorso: "a"}}}), 1)
	require.Nil(t, web.Campi(errors.New("altro")))
}

func TestCorpoLimitato(t *testing.T) {
	t.Parallel()
	x := monta(t)
	c := x.entra("anna")
	_, corpo := x.vai(c, "/prova")
	for _, quanti := range []int{10, 2000} {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for k, v := range nascosti(corpo) {
			require.NoError(t, m.WriteField(k, v[0]))
		}
		require.NoError(t, m.WriteField("dove", "/prova"))
		f, err := m.CreateFormFile("file", "a.txt")
		require.NoError(t, err)
		_, err = f.Write(bytes.Repeat([]byte("x"), quanti))
		require.NoError(t, err)
		require.NoError(t, m.Close())
		resp, _ := x.esegui(c, http.MethodPost, "/prova", m.FormDataContentType(), &b)
		require.Equal(t, map[int]int{10: 200, 2000: 413}[quanti], resp.StatusCode)
	}
	resp, _ := x.esegui(c, http.MethodPost, "/prova", "multipart/form-data; boundary=x", strings.NewReader("storto"))
	require.Equal(t, http.StatusBadRequest, resp.StatusCode)
	resp, _ = x.esegui(c, http.MethodPost, "/prova", modulo, strings.NewReader("%zz"))
	require.Equal(t, http.StatusBadRequest, resp.StatusCode)
}
