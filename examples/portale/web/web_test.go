package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

type orologio struct {
	mu  sync.Mutex
	ora time.Time
}

func (o *orologio) Ora() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ora
}

func (o *orologio) avanti(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ora = o.ora.Add(d)
}

// prova is a portal with a few pages of the test's own.
type prova struct {
	t        *testing.T
	p        *web.Portale
	mux      *http.ServeMux
	server   *httptest.Server
	orologio *orologio
	registro *bytes.Buffer
}

func monta(t *testing.T) *prova {
	t.Helper()
	x := &prova{t: t, orologio: &orologio{ora: time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC)}, registro: &bytes.Buffer{}, mux: http.NewServeMux()}
	base, err := servizi.Monta(servizi.Impianto{Store: memoria.New(), Archivio: memoria.NewArchivio(), Indirizzo: "https://portale.invalid", Orologio: x.orologio.Ora})
	require.NoError(t, err)
	c := base.Config
	c.Sicuro, c.MassimoCorpo = false, 1000
	c.Logger = slog.New(slog.NewTextHandler(x.registro, nil))
	x.p, err = web.Nuovo(c)
	require.NoError(t, err)
	require.NoError(t, x.p.Aggiungi(fstest.MapFS{
		"a/prova.html": {Data: []byte(`{{define "prova/modulo"}}<h1>{{.}}</h1><form method="post" action="/prova">{{csrf}}{{chiave}}</form>{{end}}`)},
		"stato.html":   {Data: []byte(`{{define "prova/stato"}}{{etichetta .}}|{{classe .}}|{{range righe "a\nb"}}<p>{{.}}</p>{{end}}|{{piu 1 2}}{{end}}`)},
		"rotto.html":   {Data: []byte(`{{define "prova/rotto"}}prima {{.Boh.Mah}}{{end}}`)},
	}))
	x.p.Registra(x.mux)
	x.mux.Handle("GET /prova", x.p.Cittadino(func(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
		x.p.Mostra(w, r, http.StatusOK, "prova/modulo", web.Pagina{Titolo: "Prova", Dati: a.Persona.Nome})
	}))
	x.mux.HandleFunc("GET /aperta", func(w http.ResponseWriter, r *http.Request) {
		x.p.Mostra(w, r, http.StatusOK, "prova/modulo", web.Pagina{Titolo: "Aperta", Dati: "<b>"})
	})
	x.mux.Handle("POST /prova", x.p.Cittadino(func(w http.ResponseWriter, r *http.Request, _ pratica.Attore) {
		x.p.Vai(w, r, r.PostFormValue("dove"), "Fatto <"+fmt.Sprint(len(web.Chiave(r)))+">")
	}))
	x.mux.Handle("GET /scrivania", x.p.Operatore(func(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
		x.p.Mostra(w, r, http.StatusOK, "prova/modulo", web.Pagina{Titolo: "Scrivania", Sezione: web.SezioneScrivania, Dati: a.ID})
	}))
	x.mux.HandleFunc("GET /chi", func(w http.ResponseWriter, r *http.Request) {
		a, ok := x.p.Attore(r)
		x.p.Mostra(w, r, http.StatusOK, "prova/modulo", web.Pagina{Titolo: "Chi", Dati: fmt.Sprintf("%t %s %d", ok, a.Ruolo, len(a.Anonimo))})
	})
	x.mux.HandleFunc("GET /stato", func(w http.ResponseWriter, r *http.Request) {
		x.p.Mostra(w, r, http.StatusOK, "prova/stato", web.Pagina{Titolo: "Stato", Dati: pratica.AttesaPagamento})
	})
	x.mux.HandleFunc("GET /rotta", func(w http.ResponseWriter, r *http.Request) {
		x.p.Mostra(w, r, http.StatusOK, "prova/rotto", web.Pagina{Dati: struct{}{}})
	})
	x.mux.HandleFunc("GET /cade", func(http.ResponseWriter, *http.Request) {
		panic("segreto")
	})
	x.mux.HandleFunc("GET /guasta", func(w http.ResponseWriter, r *http.Request) {
		x.p.Errore(w, r, errors.New("dettaglio interno"))
	})
	x.server = httptest.NewServer(x.p.Gestore(x.mux))
	t.Cleanup(x.server.Close)
	return x
}

func (x *prova) navigatore() *http.Client {
	x.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(x.t, err)
	return &http.Client{Jar: jar}
}

func (x *prova) esegui(c *http.Client, metodo, percorso, tipo string, corpo io.Reader) (*http.Response, string) {
	x.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), metodo, x.server.URL+percorso, corpo)
	require.NoError(x.t, err)
	if tipo != "" {
		req.Header.Set("Content-Type", tipo)
	}
	resp, err := c.Do(req)
	require.NoError(x.t, err)
	b, err := io.ReadAll(resp.Body)
	require.NoError(x.t, err)
	require.NoError(x.t, resp.Body.Close())
	return resp, string(b)
}

func (x *prova) vai(c *http.Client, percorso string) (*http.Response, string) {
	x.t.Helper()
	return x.esegui(c, http.MethodGet, percorso, "", nil)
}

const modulo = "application/x-www-form-urlencoded"

func (x *prova) invia(c *http.Client, percorso string, v url.Values) (*http.Response, string) {
	x.t.Helper()
	return x.esegui(c, http.MethodPost, percorso, modulo, strings.NewReader(v.Encode()))
}

var nascosto = regexp.MustCompile(`name="(_csrf|_chiave)" value="([0-9a-f]{64})"`)

func nascosti(corpo string) url.Values {
	v := url.Values{}
	for _, m := range nascosto.FindAllStringSubmatch(corpo, -1) {
		v.Set(m[1], m[2])
	}
	return v
}

func (x *prova) entra(chi string) *http.Client {
	x.t.Helper()
	c := x.navigatore()
	_, corpo := x.vai(c, "/accesso")
	v := nascosti(corpo)
	v.Set("identita", chi)
	v.Set("poi", "/prova")
	resp, _ := x.invia(c, "/accesso", v)
	require.Equal(x.t, http.StatusOK, resp.StatusCode)
	return c
}

func TestNuovoChiedeIlNecessario(t *testing.T) {
	t.Parallel()
	_, err := web.Nuovo(web.Config{})
	require.Error(t, err)
}

func TestModelli(t *testing.T) {
	t.Parallel()
	x := monta(t)
	require.ErrorContains(t, x.p.Aggiungi(fstest.MapFS{"x.html": {Data: []byte(`{{define "web/cornice"}}{{end}}`)}}), "già usato")
	require.Error(t, x.p.Aggiungi(fstest.MapFS{"x.html": {Data: []byte(`{{define "y"}}`)}}))
}

func TestGettoniDiversiPerSessione(t *testing.T) {
	t.Parallel()
	x := monta(t)
	_, anna := x.vai(x.entra("anna"), "/prova")
	_, bruno := x.vai(x.entra("bruno"), "/prova")
	require.Contains(t, anna, "<h1>Anna</h1>")
	require.NotEqual(t, nascosti(anna).Get("_csrf"), nascosti(bruno).Get("_csrf"))
	require.NotEqual(t, nascosti(anna).Get("_chiave"), nascosti(bruno).Get("_chiave"))
	require.NotContains(t, anna, x.p.Gettone(), "the stand-in never reaches a browser")
}

func TestLampoUnaVoltaSola(t *testing.T) {
	t.Parallel()
	x := monta(t)
	c := x.entra("anna")
	_, corpo := x.vai(c, "/prova")
	v := nascosti(corpo)
	v.Set("dove", "/prova")
	_, corpo = x.invia(c, "/prova", v)
	require.Contains(t, corpo, "Fatto &lt;64&gt;")
	_, corpo = x.vai(c, "/prova")
	require.NotContains(t, corpo, "Fatto")

	// Nobody is sent out of the portal, and a key that is none of ours is none.
	for _, fuori := range []string{"https://altrove.example/", "//altrove.example", `/\altrove.example`, "javascript:alert(1)"} {
		v.Set("dove", fuori)
		v.Set("_chiave", "corta")
		c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		resp, _ := x.invia(c, "/prova", v)
		require.Equal(t, "/", resp.Header.Get("Location"))
	}
	c.CheckRedirect = nil
	_, corpo = x.vai(c, "/prova")
	require.Contains(t, corpo, "Fatto &lt;0&gt;")
}

func TestRuoli(t *testing.T) {
	t.Parallel()
	x := monta(t)
	c := x.entra("op-ferri") // asked for a page of citizens: gets his own home
	resp, corpo := x.vai(c, "/scrivania")
	require.Equal(t, "/scrivania", resp.Request.URL.Path)
	require.Contains(t, corpo, "op-ferri")
	resp, _ = x.vai(c, "/prova")
	require.Equal(t, "/accesso", resp.Request.URL.Path)
	resp, _ = x.vai(x.entra("anna"), "/scrivania")
	require.Equal(t, "/accesso", resp.Request.URL.Path)
	require.Equal(t, "/scrivania", resp.Request.URL.Query().Get("poi"))
}

func TestAccessoCambiaSessione(t *testing.T) {
	t.Parallel()
	x := monta(t)
	c := x.navigatore()
	u, err := url.Parse(x.server.URL)
	require.NoError(t, err)
	_, corpo := x.vai(c, "/accesso")
	prima := c.Jar.Cookies(u)
	require.Len(t, prima, 1)
	v := nascosti(corpo)
	v.Set("identita", "anna")
	resp, _ := x.invia(c, "/accesso", v)
	require.Equal(t, http.StatusNotFound, resp.StatusCode) // /area is not mounted here
	dopo := c.Jar.Cookies(u)
	require.NotEqual(t, prima[0].Value, dopo[0].Value)

	// The old session ended with it, and so did its token.
	ladro := x.navigatore()
	ladro.Jar.SetCookies(u, prima)
	resp, _ = x.vai(ladro, "/prova")
	require.Equal(t, "/accesso", resp.Request.URL.Path)
	resp, _ = x.invia(c, "/prova", v)
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
}

func TestSessioneScade(t *testing.T) {
	t.Parallel()
	x := monta(t)
	c := x.entra("anna")
	x.orologio.avanti(119 * time.Minute)
	resp, corpo := x.vai(c, "/prova")
	require.Equal(t, "/prova", resp.Request.URL.Path)
	x.orologio.avanti(119 * time.Minute) // counted from the last page
	resp, _ = x.vai(c, "/prova")
	require.Equal(t, "/prova", resp.Request.URL.Path)
	x.orologio.avanti(2 * time.Hour)
	resp, _ = x.invia(c, "/prova", nascosti(corpo))
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
	resp, _ = x.vai(c, "/prova")
	require.Equal(t, "/accesso", resp.Request.URL.Path)
}

func TestUscita(t *testing.T) {
	t.Parallel()
	x := monta(t)
	c := x.entra("anna")
	_, corpo := x.vai(c, "/prova")
	x.invia(c, "/uscita", nascosti(corpo))
	resp, _ := x.vai(c, "/prova")
	require.Equal(t, "/accesso", resp.Request.URL.Path)
}

func TestCookie(t *testing.T) {
	t.Parallel()
	x := monta(t)
	resp, _ := x.vai(x.navigatore(), "/accesso")
	cookie := resp.Header.Get("Set-Cookie")
	require.Contains(t, cookie, "HttpOnly")
	require.Contains(t, cookie, "SameSite=Lax")
	resp, _ = x.vai(x.navigatore(), "/boh")
	require.Empty(t, resp.Header.Get("Set-Cookie"))
	resp, corpo := x.vai(x.navigatore(), "/aperta")
	require.NotEmpty(t, resp.Header.Get("Set-Cookie"), "a form needs a session")
	require.Contains(t, corpo, "<h1>&lt;b&gt;</h1>")
}

func TestRicordi(t *testing.T) {
	t.Parallel()
	x := monta(t)
	var w http.ResponseWriter = httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	_, ok := x.p.Ricordato(r, "a")
	require.False(t, ok)
	x.p.Ricorda(w, r, "a", 1) // opens a session, whose cookie comes back
	for _, c := range w.(*httptest.ResponseRecorder).Result().Cookies() {
		r.AddCookie(c)
	}
	v, ok := x.p.Ricordato(r, "a")
	require.True(t, ok)
	require.Equal(t, 1, v)
	for i := range 8 {
		x.p.Ricorda(w, r, fmt.Sprint(i), i)
	}
	_, ok = x.p.Ricordato(r, "a")
	require.False(t, ok, "a session does not remember without bound")
	v, ok = x.p.Ricordato(r, "7")
	require.True(t, ok)
	require.Equal(t, 7, v)
}
