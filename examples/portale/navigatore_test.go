package main_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/phpdave11/gofpdf"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/examples/portale/cittadino"
	"github.com/sportello-digitale/pratiche/examples/portale/scrivania"
	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage/cartella"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
)

// navigatore drives a real browser against the portal on SQLite, with scripts
// switched off: no step needs any.
type navigatore struct {
	t       *testing.T
	ctx     context.Context
	portale *web.Portale
	base    string
	dir     string
	n       int
}

// pacchetto is the folder of the npm package bootstrap-italia, for the real theme.
func pacchetto(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("PRATICHE_BOOTSTRAP_ITALIA")
	if dir == "" {
		t.Skip("per provare il portale con il tema vero: PRATICHE_BOOTSTRAP_ITALIA=cartella del pacchetto bootstrap-italia")
	}
	return dir
}

// nuovoNavigatore opens the portal dressed in our stylesheet, or in the real
// package where its folder is given.
func nuovoNavigatore(t *testing.T, tema string) *navigatore {
	t.Helper()
	browser := apriBrowser(t)
	n := &navigatore{t: t, dir: os.Getenv("PRATICHE_SCATTI")}
	n.portale, n.base = avviaPortale(t, tema)
	if n.dir == "" {
		n.dir = t.TempDir()
	}
	n.dir = filepath.Join(n.dir, t.Name())
	require.NoError(t, os.MkdirAll(n.dir, 0o700))
	n.ctx = browser
	n.vai("/")
	_, err := chromedp.Call(n.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	require.NoError(t, err)
	return n
}

// apriBrowser starts a browser of its own, which ends with the test.
func apriBrowser(t *testing.T) context.Context {
	t.Helper()
	programma := os.Getenv("PRATICHE_BROWSER")
	if programma == "" {
		t.Skip("per provare il portale in un navigatore vero: PRATICHE_BROWSER=/usr/bin/chromium")
	}
	opzioni := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	opzioni = append(opzioni, chromedp.ExecPath(programma), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("force-prefers-reduced-motion", true), // a click during a smooth scroll lands beside its button
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 900))
	alloca, fineAlloca := chromedp.NewExecAllocator(context.Background(), opzioni...)
	t.Cleanup(fineAlloca)
	ctx, fine := chromedp.NewContext(alloca)
	t.Cleanup(fine)
	ctx, fine = context.WithTimeout(ctx, 6*time.Minute) // a bound for a browser that hangs, not a measure
	t.Cleanup(fine)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate("about:blank")))
	return ctx
}

// avviaPortale serves the whole portal, worker included, and gives it with its address.
func avviaPortale(t *testing.T, tema string) (*web.Portale, string) {
	t.Helper()
	store, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: filepath.Join(t.TempDir(), "pratiche.db")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	archivio, err := cartella.New(filepath.Join(t.TempDir(), "file"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, archivio.Close()) })
	var porta http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { porta.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	p, err := servizi.Monta(servizi.Impianto{Store: store, Archivio: archivio, Indirizzo: server.URL, CartellaTema: tema})
	require.NoError(t, err)
	mux := http.NewServeMux()
	p.Registra(mux)
	require.NoError(t, cittadino.Monta(mux, p))
	require.NoError(t, scrivania.Monta(mux, p))
	porta = p.Gestore(mux)
	ctx, ferma := context.WithCancel(context.Background())
	finito := make(chan error, 1)
	go func() { finito <- p.Sportello.Lavora(ctx) }()
	t.Cleanup(func() { ferma(); require.NoError(t, <-finito) })
	return p, server.URL
}

func (n *navigatore) fai(passi ...chromedp.Action[chromedp.Void]) {
	n.t.Helper()
	if err := chromedp.Do(n.ctx, passi...); err != nil {
		n.scatta("errore")
		testo, _ := chromedp.Run(n.ctx, chromedp.TextContent(chromedp.CSS("main")))
		require.NoError(n.t, err, "la pagina diceva: %s", testo)
	}
}

func (n *navigatore) vai(percorso string) {
	n.t.Helper()
	n.fai(chromedp.Navigate(n.base + percorso))
}

// premi clicks the button or link whose text begins so and waits for the page
// that follows.
func (n *navigatore) premi(testo string) {
	n.t.Helper()
	n.clicca(`//main//*[self::button or self::a][starts-with(normalize-space(.),"` + testo + `")][not(contains(@class,"visually-hidden"))]`)
}

func (n *navigatore) clicca(cerca string) {
	n.t.Helper()
	_, err := chromedp.RunResponse(n.ctx, chromedp.Click(chromedp.Search(cerca)))
	if err != nil {
		n.scatta("errore")
	}
	require.NoError(n.t, err, cerca)
}

// campo finds a control by the beginning of its label.
func campo(etichetta string) chromedp.Search {
	return chromedp.Search(`//main//*[@id=//label[starts-with(normalize-space(.),"` + etichetta + `")]/@for]`)
}

func (n *navigatore) scrivi(etichetta, testo string) {
	n.t.Helper()
	n.fai(chromedp.SendKeys(campo(etichetta), testo))
}

// segna ticks a box or a radio button by its label.
func (n *navigatore) segna(etichetta string) {
	n.t.Helper()
	n.fai(chromedp.Click(chromedp.Search(`//main//label[starts-with(normalize-space(.),"` + etichetta + `")]`)))
}

func (n *navigatore) svuota(etichetta string) {
	n.t.Helper()
	n.fai(chromedp.Clear(campo(etichetta)))
}

// indirizzo is the page in the browser, without the host.
func (n *navigatore) indirizzo() string {
	n.t.Helper()
	l, err := chromedp.Run(n.ctx, chromedp.Location())
	require.NoError(n.t, err)
	return strings.TrimPrefix(l, n.base)
}

func (n *navigatore) carica(etichetta string, file ...string) {
	n.t.Helper()
	n.fai(chromedp.SetUploadFiles(campo(etichetta), file))
}

func (n *navigatore) accedi(nome string) {
	n.t.Helper()
	n.vai("/accesso")
	n.clicca(`//main//button[contains(normalize-space(.),"` + nome + `")]`)
}

func (n *navigatore) testo() string {
	n.t.Helper()
	s, err := chromedp.Run(n.ctx, chromedp.TextContent(chromedp.CSS("main")))
	require.NoError(n.t, err)
	return strings.Join(strings.Fields(s), " ")
}

// attendi reloads until the page says it: documents and registrations happen by
// themselves, a moment later.
func (n *navigatore) attendi(testo string) {
	n.t.Helper()
	for range 300 {
		if strings.Contains(n.testo(), testo) {
			return
		}
		n.fai(chromedp.Sleep(100*time.Millisecond), chromedp.Reload())
	}
	n.scatta("errore")
	require.Fail(n.t, "la pagina non dice", "%q in %s", testo, n.testo())
}

var livelli = regexp.MustCompile(`<h([1-6])[ >]`)

// titoliInOrdine: one h1, and no level of heading is skipped (WCAG 2.1, 1.3.1).
func (n *navigatore) titoliInOrdine(nome string) {
	n.t.Helper()
	pagina, err := chromedp.Run(n.ctx, chromedp.OuterHTML(chromedp.CSS("main")))
	require.NoError(n.t, err)
	precedente := 0
	for _, m := range livelli.FindAllStringSubmatch(pagina, -1) {
		livello := int(m[1][0] - '0')
		require.LessOrEqual(n.t, livello, precedente+1, "%s: dopo un h%d viene un h%d", nome, precedente, livello)
		require.False(n.t, livello == 1 && precedente > 0, "%s: due h1", nome)
		precedente = livello
	}
}

// scatta takes the page at desktop and phone width; on neither does it scroll sideways.
func (n *navigatore) scatta(nome string) {
	n.t.Helper()
	n.n++
	n.titoliInOrdine(nome)
	for _, m := range []struct {
		larghezza int64
		nome      string
	}{{360, "stretto"}, {1280, "largo"}} {
		require.NoError(n.t, chromedp.Do(n.ctx, chromedp.EmulateViewport(m.larghezza, 900)))
		misure, err := chromedp.Call(n.ctx, page.GetLayoutMetrics, cdp.Empty{})
		require.NoError(n.t, err)
		if nome != "errore" {
			require.LessOrEqual(n.t, int64(misure.CSSContentSize.Width), m.larghezza, "%s scorre di lato a %d px", nome, m.larghezza)
		}
		b, err := chromedp.Run(n.ctx, chromedp.FullScreenshot(100))
		require.NoError(n.t, err)
		require.NoError(n.t, os.WriteFile(filepath.Join(n.dir, fmt.Sprintf("%02d-%s-%s.png", n.n, nome, m.nome)), b, 0o600))
	}
}

func planimetria(t *testing.T) string {
	t.Helper()
	pdf := gofpdf.New("P", "mm", "A4", "")
	pdf.AddPage()
	pdf.SetFont("Helvetica", "", 14)
	pdf.Text(20, 20, "Planimetria")
	f := filepath.Join(t.TempDir(), "planimetria.pdf")
	require.NoError(t, pdf.OutputFileAndClose(f))
	return f
}

func fotografia(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 64, 64)), nil))
	f := filepath.Join(t.TempDir(), "luogo.jpg")
	require.NoError(t, os.WriteFile(f, b.Bytes(), 0o600))
	return f
}

// giorno types a date into its three fields.
func (n *navigatore) giorno(id string, g termini.Giorno) {
	n.t.Helper()
	parti := strings.Split(g.Italiano(), "/")
	for i, p := range []string{"giorno", "mese", "anno"} {
		n.fai(chromedp.SendKeys(chromedp.CSS(`[name="`+id+"."+p+`"]`), parti[i]))
	}
}
