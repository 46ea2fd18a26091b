package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
)

const centriEstivi = "../portale/servizi/configurazioni/centri-estivi.formio.json"

func prova(t *testing.T, in string, argomenti ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := esegui(context.Background(), argomenti, strings.NewReader(in), &out, io.Discard)
	return out.String(), err
}

func TestRapporto(t *testing.T) {
	t.Parallel()
	out, err := prova(t, "", centriEstivi)
	require.NoError(t, err)
	require.Contains(t, out, "30 componenti: 29 portati, 1 con differenza, 0 non portati")
	require.Contains(t, out, "Nelle pagine:\n    contributo.unique_id (hidden): non si mostra")
	for _, argomenti := range [][]string{{}, {"a", "b"}, {"-ignota"}} {
		_, err := prova(t, "", argomenti...)
		require.Error(t, err)
	}
	_, err = prova(t, "", filepath.Join(t.TempDir(), "assente.json"))
	require.ErrorIs(t, err, os.ErrNotExist)
	rotto := filepath.Join(t.TempDir(), "rotto.json")
	require.NoError(t, os.WriteFile(rotto, []byte(`{"components": [`), 0o600))
	_, err = prova(t, "", rotto)
	require.Error(t, err)
	_, err = prova(t, "", "-h")
	require.ErrorIs(t, err, flag.ErrHelp)
}

// TestRighe sends lines with and without components, good and broken.
func TestRighe(t *testing.T) {
	t.Parallel()
	in := strings.Join([]string{
		`{"id": 1, "components": [{"type": "textfield", "key": "a", "input": true, "validate": {"required": true}}], "data": {"a": "x", "b": 1}}`,
		`{"id": "due", "components": [{"type": "number", "key": "n", "input": true}], "data": {"n": "tre"}}`,
		`{"id": 3, "data": {"isee_presente": "no"}}`,
		``,
		`{"id": 4, "components": "no", "data": {}}`,
		`rotta`,
		`{"id": 6, "components": [{"type": "number", "key": "n", "input": true}], "data": {"n": 2}}`,
	}, "\n")
	leggi := func(out string) []map[string]any {
		var q []map[string]any
		for riga := range strings.Lines(out) {
			var v map[string]any
			require.NoError(t, json.Unmarshal([]byte(riga), &v))
			q = append(q, v)
		}
		return q
	}
	out, err := prova(t, in, "-righe", centriEstivi)
	require.NoError(t, err)
	q := leggi(out)
	require.Len(t, q, 6)
	require.Equal(t, map[string]any{"id": 1.0, "data": map[string]any{"a": "x"}, "hidden": []any{}, "errors": []any{}}, q[0])
	require.Equal(t, []any{map[string]any{"path": "n", "rule": "number"}}, q[1]["errors"])
	require.Contains(t, q[1]["differences"], "numero")
	require.Contains(t, q[2]["errors"], map[string]any{"path": "email_address", "rule": "required"})
	require.Equal(t, []any{"isee", "altro_centro"}, q[2]["hidden"])
	require.NotEmpty(t, q[3]["failed"])
	require.NotEmpty(t, q[4]["failed"])
	require.Equal(t, map[string]any{"n": 2.0}, q[5]["data"])

	out, err = prova(t, in, "-righe", "-fedele")
	require.NoError(t, err)
	q = leggi(out)
	require.Equal(t, []any{}, q[1]["errors"])
	require.Equal(t, "mancano i componenti", q[2]["failed"])
}

// TestServer fills the form in as a browser does, and reads the summary.
func TestServer(t *testing.T) {
	t.Parallel()
	d, err := leggi(centriEstivi)
	require.NoError(t, err)
	m, r, err := formio.Importa(d, formio.OpzioniImporta{})
	require.NoError(t, err)
	a, err := nuovaAnteprima(m, r)
	require.NoError(t, err)
	g, chiudi, err := a.gestore()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, chiudi()) })
	s := httptest.NewServer(g)
	t.Cleanup(s.Close)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	c := &http.Client{Jar: jar}
	leggi := func(res *http.Response, err error) (int, string, string) {
		require.NoError(t, err)
		b, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Contains(t, res.Header.Get("Content-Security-Policy"), "default-src 'none'")
		return res.StatusCode, res.Request.URL.Path, string(b)
	}
	manda := func(sezione string, v url.Values, file string) (int, string, string) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for k, vv := range v {
			for _, x := range vv {
				require.NoError(t, w.WriteField(k, x))
			}
		}
		if file != "" {
			p, err := w.CreateFormFile(file, "ricevuta.pdf")
			require.NoError(t, err)
			_, err = p.Write([]byte("%PDF-1.7\n%%EOF"))
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		return leggi(c.Post(s.URL+"/compila/"+sezione, w.FormDataContentType(), &b))
	}
	_, dove, corpo := leggi(c.Get(s.URL + "/"))
	require.Equal(t, "/compila/richiedente", dove)
	require.Contains(t, corpo, `name="applicant_fiscal_code"`)
	codice, _, corpo := manda("richiedente", url.Values{}, "")
	require.Equal(t, http.StatusUnprocessableEntity, codice)
	require.Contains(t, corpo, "Nome: ")
	_, dove, _ = manda("richiedente", url.Values{"applicant_name": {"Ada"}, "applicant_surname": {"Rossi"}, "applicant_fiscal_code": {"RSSDAA80A41H501X"}, "email_address": {"ada@esempio.it"}}, "")
	require.Equal(t, "/compila/famiglia", dove)
	_, dove, corpo = manda("famiglia", url.Values{"isee_presente": {"no"}, "_azione": {"indietro"}}, "")
	require.Equal(t, "/compila/richiedente", dove)
	require.Contains(t, corpo, "Ada")
	_, _, corpo = manda("famiglia", url.Values{"isee_presente": {"no"}, "_azione": {"aggiungi:figli"}, "figli._righe": {"1"}, "figli[0].nome": {"Leo"}, "figli[0].eta": {"7"}, "figli[0].settimane": {"3"}}, "")
	require.Contains(t, corpo, "Senza ISEE il contributo")
	require.Contains(t, corpo, `name="figli[1].nome"`)
	_, dove, _ = manda("famiglia", url.Values{"isee_presente": {"no"}, "figli._righe": {"2"}, "_azione": {"rimuovi:figli:1"}, "figli[0].nome": {"Leo"}, "figli[0].eta": {"7"}, "figli[0].settimane": {"3"}}, "")
	require.Equal(t, "/compila/famiglia", dove)
	_, dove, _ = manda("famiglia", url.Values{"isee_presente": {"no"}, "figli._righe": {"1"}, "figli[0].nome": {"Leo"}, "figli[0].eta": {"7"}, "figli[0].settimane": {"3"}}, "")
	require.Equal(t, "/compila/centro", dove)
	_, dove, corpo = manda("centro", url.Values{"centro_scelto": {"pini"}, "dal.giorno": {"15"}, "dal.mese": {"6"}, "dal.anno": {"2026"}}, "")
	require.Equal(t, "/compila/contributo", dove)
	require.Contains(t, corpo, "75,00 €", "three weeks at 25 euro")
	codice, _, corpo = manda("contributo", url.Values{"iban": {"IT60"}, "vero": {"true"}}, "ricevuta")
	require.Equal(t, http.StatusUnprocessableEntity, codice)
	require.Contains(t, corpo, "comincia con IT")
	require.Contains(t, corpo, "ricevuta.pdf", "kept across the error")
	_, dove, corpo = manda("contributo", url.Values{"iban": {"IT60X0542811101000000123456"}, "vero": {"true"}}, "")
	require.Equal(t, "/riepilogo", dove)
	require.Contains(t, corpo, "Leo")
	require.Contains(t, corpo, "fiscal_code")
	require.NotContains(t, corpo, "IT60\n")
	_, _, corpo = leggi(c.Get(s.URL + "/rapporto"))
	require.Contains(t, corpo, "30 componenti")
	codice, _, _ = leggi(c.Get(s.URL + "/compila/altra"))
	require.Equal(t, http.StatusNotFound, codice)
	require.NotRegexp(t, regexp.MustCompile(`<script|style=|onclick`), corpo)
	richiesta, err := http.NewRequest(http.MethodPost, s.URL+"/compila/centro", strings.NewReader("centro_scelto=pini"))
	require.NoError(t, err)
	richiesta.Header.Set("Sec-Fetch-Site", "cross-site")
	codice, _, _ = leggi(c.Do(richiesta))
	require.Equal(t, http.StatusForbidden, codice)
}

// TestMostra starts the program and stops it.
func TestMostra(t *testing.T) {
	t.Parallel()
	ctx, ferma := context.WithCancel(context.Background())
	r, w := io.Pipe()
	finito := make(chan error, 1)
	go func() {
		finito <- esegui(ctx, []string{"-server", "-indirizzo", "127.0.0.1:0", centriEstivi}, nil, w, io.Discard)
	}()
	b := make([]byte, 200)
	n, err := r.Read(b)
	require.NoError(t, err)
	require.Contains(t, string(b[:n]), "http://127.0.0.1:")
	ferma()
	require.NoError(t, <-finito)
}
