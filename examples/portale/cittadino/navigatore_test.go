package cittadino_test

import (
	"bytes"
	"context"
	"html"
	"image"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/phpdave11/gofpdf"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/examples/portale/cittadino"
	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

// orologio is a clock that a test moves.
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

// impianto is a portal under test.
type impianto struct {
	t        *testing.T
	p        *web.Portale
	server   *httptest.Server
	orologio *orologio
	cade     func(operazione string) error // scripts failures of store and archive; set it between requests
}

func monta(t *testing.T) *impianto {
	t.Helper()
	o := &orologio{ora: time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC)} // a Monday
	i := &impianto{t: t, orologio: o}
	store, archivio := memoria.New(), memoria.NewArchivio()
	guasto := func(operazione string) error {
		if i.cade == nil {
			return nil
		}
		return i.cade(operazione)
	}
	store.Guasto, archivio.Guasto = guasto, guasto
	p, err := servizi.Monta(servizi.Impianto{Store: store, Archivio: archivio, Indirizzo: "http://portale.invalid", Orologio: o.Ora})
	require.NoError(t, err)
	mux := http.NewServeMux()
	p.Registra(mux)
	require.NoError(t, cittadino.Monta(mux, p))
	s := httptest.NewServer(p.Gestore(mux))
	t.Cleanup(s.Close)
	i.p, i.server = p, s
	return i
}

// lavora does what the worker would, to the end.
func (i *impianto) lavora() {
	i.t.Helper()
	_, err := i.p.Sportello.Svuota(context.Background())
	require.NoError(i.t, err)
}

// navigatore is a browser: cookies, and the page that it shows.
type navigatore struct {
	t     *testing.T
	base  string
	c     *http.Client
	url   *url.URL
	stato int
	corpo string
	testa http.Header
}

func (i *impianto) navigatore(chi string) *navigatore {
	i.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(i.t, err)
	n := &navigatore{t: i.t, base: i.server.URL, c: &http.Client{Jar: jar}}
	if chi != "" {
		n.vai("/accesso").invia("/accesso", "identita", chi)
		require.Equal(i.t, http.StatusOK, n.stato)
	}
	return n
}

func (n *navigatore) esegui(req *http.Request) *navigatore {
	n.t.Helper()
	resp, err := n.c.Do(req)
	require.NoError(n.t, err)
	b, err := io.ReadAll(resp.Body)
	require.NoError(n.t, err)
	require.NoError(n.t, resp.Body.Close())
	n.url, n.stato, n.corpo, n.testa = resp.Request.URL, resp.StatusCode, string(b), resp.Header
	return n
}

func (n *navigatore) vai(percorso string) *navigatore {
	n.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, n.base+percorso, nil)
	require.NoError(n.t, err)
	return n.esegui(req)
}

var campoNascosto = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// nascosti gives the hidden fields of the form on the page that posts to action.
func (n *navigatore) nascosti(action string) url.Values {
	n.t.Helper()
	v := url.Values{}
	for _, form := range strings.Split(n.corpo, "<form ")[1:] {
		form, _, _ = strings.Cut(form, "</form>")
		if !strings.Contains(form, `action="`+html.EscapeString(action)+`"`) || !strings.Contains(form, `method="post"`) {
			continue
		}
		for _, m := range campoNascosto.FindAllStringSubmatch(form, -1) {
			v.Add(m[1], html.UnescapeString(m[2]))
		}
		return v
	}
	require.FailNow(n.t, "no form posts to "+action, n.corpo)
	return nil
}

// valori makes the fields of a form of the page: the hidden ones, then the pairs given.
func (n *navigatore) valori(action string, coppie ...string) url.Values {
	n.t.Helper()
	v := n.nascosti(action)
	for i := 0; i+1 < len(coppie); i += 2 {
		v.Set(coppie[i], coppie[i+1])
	}
	return v
}

func (n *navigatore) invia(action string, coppie ...string) *navigatore {
	n.t.Helper()
	return n.spedisci(action, n.valori(action, coppie...))
}

func (n *navigatore) spedisci(action string, v url.Values) *navigatore {
	n.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, n.base+action, strings.NewReader(v.Encode()))
	require.NoError(n.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return n.esegui(req)
}

type allegato struct {
	campo, nome string
	contenuto   []byte
}

func (n *navigatore) carica(action string, file []allegato, coppie ...string) *navigatore {
	n.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, vv := range n.valori(action, coppie...) {
		for _, v := range vv {
			require.NoError(n.t, m.WriteField(k, v))
		}
	}
	for _, f := range file {
		w, err := m.CreateFormFile(f.campo, f.nome)
		require.NoError(n.t, err)
		_, err = w.Write(f.contenuto)
		require.NoError(n.t, err)
	}
	require.NoError(n.t, m.Close())
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, n.base+action, &b)
	require.NoError(n.t, err)
	req.Header.Set("Content-Type", m.FormDataContentType())
	return n.esegui(req)
}

// avanti fills the section on the page and goes on.
func (n *navigatore) avanti(coppie ...string) *navigatore {
	n.t.Helper()
	return n.invia(n.url.Path, append(coppie, "_azione", "avanti")...)
}

func (n *navigatore) su(t *testing.T, pezzo string) *navigatore {
	t.Helper()
	require.Equal(t, http.StatusOK, n.stato, n.corpo)
	require.Contains(t, n.url.Path, pezzo)
	return n
}

// dice checks what a person reads.
func (n *navigatore) dice(pezzi ...string) *navigatore {
	n.t.Helper()
	testo := html.UnescapeString(n.corpo)
	for _, p := range pezzi {
		require.Contains(n.t, testo, p)
	}
	return n
}

// scrive checks the markup as it is.
func (n *navigatore) scrive(pezzi ...string) *navigatore {
	n.t.Helper()
	for _, p := range pezzi {
		require.Contains(n.t, n.corpo, p)
	}
	return n
}

// inizia opens a draft of a service and stands on its first section.
func (n *navigatore) inizia(servizio string) *navigatore {
	n.t.Helper()
	n.vai("/servizi/" + servizio).invia("/servizi/" + servizio + "/richieste")
	require.Contains(n.t, n.url.Path, "/compila/", n.corpo)
	return n
}

func (n *navigatore) id() pratica.ID {
	n.t.Helper()
	parti := strings.Split(n.url.Path, "/")
	require.Greater(n.t, len(parti), 3, n.url.Path)
	return pratica.ID(parti[3])
}

func pdf(t *testing.T, testo string) []byte {
	t.Helper()
	d := gofpdf.New("P", "mm", "A4", "")
	d.AddPage()
	d.SetFont("Helvetica", "", 12)
	d.Cell(40, 10, testo)
	var b bytes.Buffer
	require.NoError(t, d.Output(&b))
	return b.Bytes()
}

func foto(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil))
	return b.Bytes()
}

// attore gives a demo identity as the library knows it.
func (i *impianto) attore(codice string) pratica.Attore {
	i.t.Helper()
	for _, c := range append(append([]web.Identita{}, i.p.Cittadini...), i.p.Rubrica.Identita()...) {
		if c.Codice == codice {
			return c.Attore
		}
	}
	require.FailNow(i.t, "nobody is "+codice)
	return pratica.Attore{}
}

// ufficio does an act of an operator.
func (i *impianto) ufficio(chi string, id pratica.ID, d pratica.Dati) {
	i.t.Helper()
	_, err := i.p.Sportello.Esegui(context.Background(), i.attore(chi), id, d)
	require.NoError(i.t, err)
	i.lavora()
}

func (i *impianto) quante(chi string) int {
	i.t.Helper()
	n, err := i.p.Sportello.QuanteMie(context.Background(), i.attore(chi), storage.Filtro{})
	require.NoError(i.t, err)
	return n
}

// risposte gives the answers as the library keeps them.
func (i *impianto) risposte(chi string, id pratica.ID) modulo.Risposte {
	i.t.Helper()
	p, _, err := i.p.Sportello.Leggi(context.Background(), i.attore(chi), id)
	require.NoError(i.t, err)
	return p.Risposte
}
