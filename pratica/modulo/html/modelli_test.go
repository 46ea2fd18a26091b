package html_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
)

func file(coppie ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(coppie); i += 2 {
		m[coppie[i]] = &fstest.MapFile{Data: []byte(coppie[i+1])}
	}
	return m
}

const testoProprio = `<p class="mio"><label for="{{.ID}}">{{.Etichetta}}</label> <input type="text" {{.Attributi}}>{{template "aiuto" .}}{{template "errore" .}}</p>`

func TestModelli(t *testing.T) {
	t.Parallel()
	r, err := html.New(html.Config{Modelli: file("testo.html", testoProprio, "tipo-iban.html", strings.Replace(testoProprio, "mio", "iban", 1), "note.txt", "{{")})
	require.NoError(t, err)
	m := completo(t, "<b>X</b>")
	e := m.Valuta(nil, modulo.Opzioni{Oggi: oggi}).Errori
	var b strings.Builder
	require.NoError(t, r.Sezione(&b, m, "s", modulo.Risposte{"c_iban": `"><script>`}, e, statoCompleto()))
	controllaMarcatura(t, b.String())
	coerenti(t, b.String(), len(e.DellaSezione("s")))
	require.Contains(t, b.String(), `<p class="mio"><label for="m-c-c_testo">`)
	require.Contains(t, b.String(), `<p class="iban"><label for="m-c-c_iban">&lt;b&gt;X&lt;/b&gt;</label>`)
	require.Equal(t, 1, strings.Count(b.String(), `class="iban"`))
	require.NotContains(t, b.String(), "<script>")
	require.Contains(t, b.String(), `<select`, "what is not replaced stays")

	// A locked field is read-only, whatever its type prints when it is open.
	b.Reset()
	st := statoCompleto()
	st.Riaperti = []string{}
	require.NoError(t, r.Sezione(&b, m, "s", nil, nil, st))
	require.NotContains(t, b.String(), `class="iban"`)
}

// A template that is broken is refused when the host starts, by name.
func TestModelliRotti(t *testing.T) {
	t.Parallel()
	for nome, c := range map[string][2]string{
		"sintassi":     {"testo.html", "{{if}}"},
		"campo ignoto": {"menu.html", "{{.Boh}}"},
		"funzione":     {"testo.html", "{{sicuro .Etichetta}}"},
		"ignoto":       {"tasto.html", "x"},
		"tipo ignoto":  {"tipo-colore.html", "x"},
		"contesto":     {"radio.html", `<a href="{{.Nome}}`},
		"senza id":     {"tipo-iban.html", `<input type="text" name="{{.Nome}}">`},
		"senza gruppo": {"caselle.html", `{{range .Opzioni}}<input type="checkbox">{{end}}`},
		"enorme":       {"testo.html", strings.Repeat("x", 65<<10)},
		"riepilogo":    {"voci.html", `{{.X}}`},
		"compiti":      {"compiti.html", `{{.X}}`},
		"stepper":      {"passo.html", `{{.X}}`},
	} {
		_, err := html.New(html.Config{Modelli: file(c[0], c[1])})
		require.ErrorIs(t, err, html.ErrConfig, nome)
		parola := strings.TrimSuffix(strings.TrimPrefix(c[0], "tipo-"), ".html")
		if nome == "senza gruppo" {
			parola = "scelta_multipla"
		}
		require.ErrorContains(t, err, parola, nome)
	}
	_, err := html.New(html.Config{Modelli: file("cartella.html/x", "x")})
	require.ErrorIs(t, err, html.ErrConfig)
	tanti := fstest.MapFS{}
	for i := range 101 {
		tanti[strings.Repeat("a", i+1)+".html"] = &fstest.MapFile{}
	}
	_, err = html.New(html.Config{Modelli: tanti})
	require.ErrorIs(t, err, html.ErrConfig)
	_, err = html.New(html.Config{Modelli: file()})
	require.NoError(t, err)
}
