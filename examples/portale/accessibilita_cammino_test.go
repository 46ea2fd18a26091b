package main_test

import (
	"bytes"
	"context"
	"errors"
	"html"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/examples/portale/cittadino"
	"github.com/sportello-digitale/pratiche/examples/portale/scrivania"
	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

// pagina is an answer that the portal gave, kept as it was so that a browser can
// be shown it again: a page that follows a form has no address of its own.
type pagina struct {
	nome    string // "" until the walk stops here
	rotta   string // pattern that answered
	url     string
	stato   int
	testata http.Header
	corpo   []byte
}

func (p *pagina) eHTML() bool {
	return strings.HasPrefix(p.testata.Get("Content-Type"), "text/html") && len(p.corpo) > 0
}

var titoloPagina = regexp.MustCompile(`<title>([^<]*)</title>`)

func (p *pagina) titolo() string {
	m := titoloPagina.FindSubmatch(p.corpo)
	if m == nil {
		return ""
	}
	return html.UnescapeString(string(m[1]))
}

// rivista begins the addresses where pages are shown again.
const rivista = "/_rivista/"

// teatro is a portal on parts in memory, with a clock that stands still, that
// keeps what it answers.
type teatro struct {
	t      *testing.T
	p      *web.Portale
	server *httptest.Server
	rotte  []string // patterns that were mounted
	ora    time.Time

	mu     sync.Mutex
	guasto error // of every write of the store, while it is set
	viste  []*pagina
}

func (x *teatro) orologio() time.Time { return x.ora }

func (x *teatro) rompi(err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.guasto = err
}

// registraRotte takes note of what is mounted.
type registraRotte struct {
	*http.ServeMux
	rotte *[]string
}

func (m registraRotte) Handle(rotta string, h http.Handler) {
	*m.rotte = append(*m.rotte, rotta)
	m.ServeMux.Handle(rotta, h)
}

func (m registraRotte) HandleFunc(rotta string, h func(http.ResponseWriter, *http.Request)) {
	m.Handle(rotta, http.HandlerFunc(h))
}

func nuovoTeatro(t *testing.T, tema string) *teatro {
	t.Helper()
	x := &teatro{t: t, ora: time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC)} // a Monday
	store := memoria.New()
	store.Guasto = func(operazione string) error {
		x.mu.Lock()
		defer x.mu.Unlock()
		if operazione != "Registra" {
			return nil
		}
		return x.guasto
	}
	// The registry works, then on one document falls silent after it gave a number.
	registro, err := protocollotest.New(protocollotest.Copione{Livello: protocollotest.SoloRegistra, Orologio: x.orologio, Passi: []protocollotest.Passo{{}, {Guasto: protocollotest.DopoEffetto}}})
	require.NoError(t, err)
	var porta http.Handler
	x.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n, trovato := strings.CutPrefix(r.URL.Path, rivista); trovato {
			x.rivedi(w, n)
			return
		}
		if strings.HasPrefix(r.URL.Path, "/tema/") {
			porta.ServeHTTP(w, r)
			return
		}
		v := httptest.NewRecorder()
		porta.ServeHTTP(v, r)
		x.mu.Lock()
		x.viste = append(x.viste, &pagina{rotta: r.Pattern, url: r.URL.RequestURI(), stato: v.Code, testata: v.Header().Clone(), corpo: bytes.Clone(v.Body.Bytes())})
		x.mu.Unlock()
		maps.Copy(w.Header(), v.Header())
		w.WriteHeader(v.Code)
		_, _ = w.Write(v.Body.Bytes())
	}))
	t.Cleanup(x.server.Close)
	x.p, err = servizi.Monta(servizi.Impianto{Store: store, Archivio: memoria.NewArchivio(), Registro: registro.Porta(), Indirizzo: x.server.URL, CartellaTema: tema, Orologio: x.orologio})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, x.p.Tema.Close()) })
	x.p.MassimoCorpo = 1 << 20
	mux := registraRotte{http.NewServeMux(), &x.rotte}
	x.p.Registra(mux)
	require.NoError(t, cittadino.Monta(mux, x.p))
	require.NoError(t, scrivania.Monta(mux, x.p))
	porta = x.p.Gestore(mux)
	return x
}

// rivedi shows a page again, under the headers that it had.
func (x *teatro) rivedi(w http.ResponseWriter, numero string) {
	n, err := strconv.Atoi(numero)
	x.mu.Lock()
	defer x.mu.Unlock()
	if err != nil || n < 0 || n >= len(x.viste) {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	p := x.viste[n]
	for k, v := range p.testata {
		if k != "Set-Cookie" {
			w.Header()[k] = v
		}
	}
	w.WriteHeader(p.stato)
	_, _ = w.Write(p.corpo)
}

// lavora does what the worker would, to the end.
func (x *teatro) lavora() {
	x.t.Helper()
	_, err := x.p.Sportello.Svuota(context.Background())
	require.NoError(x.t, err)
}

// ultima gives the last answer.
func (x *teatro) ultima() *pagina {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.viste[len(x.viste)-1]
}

// persona walks through the portal as a browser without scripts does.
type persona struct {
	x *teatro
	c *http.Client
}

var errFermo = errors.New("guasto del disco")

// entra gives a browser in which somebody was chosen; nobody where chi is "".
func (x *teatro) entra(chi string) *persona {
	x.t.Helper()
	barattolo, err := cookiejar.New(nil)
	require.NoError(x.t, err)
	n := &persona{x, &http.Client{Jar: barattolo}}
	if chi != "" {
		n.vai("/accesso").invia("/accesso", "identita", chi)
	}
	return n
}

func (n *persona) leggi(r *http.Response, err error) *persona {
	n.x.t.Helper()
	require.NoError(n.x.t, err)
	_, err = io.Copy(io.Discard, r.Body)
	require.NoError(n.x.t, errors.Join(err, r.Body.Close()))
	return n
}

func (n *persona) vai(dove string) *persona {
	n.x.t.Helper()
	return n.leggi(n.c.Get(n.x.server.URL + dove)) //nolint:bodyclose,noctx // leggi closes it
}

// qui is the path of the page.
func (n *persona) qui() string {
	u, err := url.Parse(n.x.ultima().url)
	require.NoError(n.x.t, err)
	return u.Path
}

func (n *persona) id() pratica.ID {
	n.x.t.Helper()
	for _, p := range strings.Split(n.qui(), "/") {
		if id, err := pratica.LeggiID(p); err == nil {
			return id
		}
	}
	require.FailNow(n.x.t, "no pratica in "+n.qui())
	return ""
}

var nascosto = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// modulo gives the hidden fields of the form of the page that posts to azione,
// and the pairs given.
func (n *persona) modulo(azione string, coppie ...string) url.Values {
	n.x.t.Helper()
	v := url.Values{}
	trovato := false
	for _, f := range strings.Split(string(n.x.ultima().corpo), "<form ")[1:] {
		f, _, _ = strings.Cut(f, "</form>")
		testa, _, _ := strings.Cut(f, ">")
		if trovato || !strings.Contains(html.UnescapeString(testa), `action="`+azione) || !strings.Contains(testa, `method="post"`) {
			continue
		}
		trovato = true
		for _, m := range nascosto.FindAllStringSubmatch(f, -1) {
			v.Add(m[1], html.UnescapeString(m[2]))
		}
	}
	require.True(n.x.t, trovato, "no form posts to %s in %.3000s", azione, n.x.ultima().corpo)
	dati := map[string]bool{}
	for i := 0; i+1 < len(coppie); i += 2 {
		if !dati[coppie[i]] {
			v.Del(coppie[i])
			dati[coppie[i]] = true
		}
		v.Add(coppie[i], coppie[i+1])
	}
	return v
}

func (n *persona) invia(azione string, coppie ...string) *persona {
	n.x.t.Helper()
	return n.spedisci(azione, n.modulo(azione, coppie...))
}

func (n *persona) spedisci(azione string, v url.Values) *persona {
	n.x.t.Helper()
	return n.leggi(n.c.PostForm(n.x.server.URL+azione, v)) //nolint:bodyclose,noctx // leggi closes it
}

// avanti fills the section of the page and goes on.
func (n *persona) avanti(coppie ...string) *persona {
	n.x.t.Helper()
	return n.invia(n.qui(), append(coppie, "_azione", "avanti")...)
}

// documento is a file to upload.
type documento struct {
	campo, nome string
	contenuto   []byte
}

func (n *persona) carica(azione string, file []documento, coppie ...string) *persona {
	n.x.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, vv := range n.modulo(azione, coppie...) {
		for _, v := range vv {
			require.NoError(n.x.t, m.WriteField(k, v))
		}
	}
	for _, f := range file {
		w, err := m.CreateFormFile(f.campo, f.nome)
		require.NoError(n.x.t, err)
		_, err = w.Write(f.contenuto)
		require.NoError(n.x.t, err)
	}
	require.NoError(n.x.t, m.Close())
	return n.leggi(n.c.Post(n.x.server.URL+azione, m.FormDataContentType(), &b)) //nolint:bodyclose,noctx // leggi closes it
}

// ferma keeps the page that is shown, which must have a status and say things.
func (n *persona) ferma(nome string, stato int, dice ...string) *persona {
	n.x.t.Helper()
	p := n.x.ultima()
	testo := html.UnescapeString(string(p.corpo))
	_, dentro, _ := strings.Cut(testo, "<main")
	require.Equal(n.x.t, stato, p.stato, "%s: %.2000s", nome, dentro)
	require.True(n.x.t, p.eHTML(), nome)
	require.Empty(n.x.t, p.nome, "%s is %s already", nome, p.nome)
	for _, d := range dice {
		require.True(n.x.t, strings.Contains(testo, d), "%s non dice %q: %.2000s", nome, d, dentro)
	}
	p.nome = nome
	return n
}

// fa does an act of the desk as its page asks for it.
func (n *persona) fa(id pratica.ID, a pratica.Azione, coppie ...string) *persona {
	n.x.t.Helper()
	dove := atto(id, a)
	n.vai(dove).invia(dove, coppie...)
	n.x.lavora()
	return n
}

func atto(id pratica.ID, a pratica.Azione) string {
	return "/scrivania/pratica/" + string(id) + "/azione/" + string(a)
}
