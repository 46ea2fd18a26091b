package main_test

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

//go:embed testdata/controlli.js
var controlli string

// senzaPagina are the addresses that answer with no page of their own.
var senzaPagina = map[string]string{
	"GET /tema/":                                "fogli di stile e caratteri",
	"GET /area/pratiche/{id}/file/{file}":       "un file da scaricare",
	"GET /scrivania/pratica/{id}/file/{file}":   "un file da scaricare",
	"GET /scrivania/esporta.csv":                "un file da scaricare",
	"GET /area/pratiche/{id}/integrazione/dati": "porta alla prima sezione da correggere",
}

// TestOgniPagina walks through the portal: no page of it stays outside the walk,
// and none has the title of another.
func TestOgniPagina(t *testing.T) {
	t.Parallel()
	x := nuovoTeatro(t, "")
	x.giro()
	viste, chiamate := map[string]bool{}, map[string]bool{}
	titoli, nomi := map[string]string{}, map[string]string{}
	for _, p := range x.viste {
		chiamate[p.rotta] = true
		if p.nome == "" {
			continue
		}
		viste[p.rotta] = true
		require.Empty(t, nomi[p.nome], "due pagine %s", p.nome)
		nomi[p.nome] = p.url
		if p.stato == 200 || p.stato == 422 {
			dove, titolo := senzaID(t, p.url), p.titolo()
			if di, gia := titoli[titolo]; gia {
				require.Equal(t, di, dove, "due pagine si chiamano %q", titolo)
			}
			titoli[titolo] = dove
		}
	}
	for _, r := range x.rotte {
		perche, elencata := senzaPagina[r]
		switch {
		case elencata:
			require.NotEmpty(t, perche)
			require.False(t, viste[r], "%s è fra quelle senza pagina e ne mostra una", r)
		case strings.HasPrefix(r, "POST "): // leads elsewhere, or shows its page again
			require.True(t, chiamate[r], "il giro non passa da %s", r)
		default:
			require.True(t, viste[r], "il giro non si ferma a %s", r)
		}
	}
}

var identificativi = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// senzaID is the address of a page, the same for every pratica and filter.
func senzaID(t *testing.T, indirizzo string) string {
	t.Helper()
	u, err := url.Parse(indirizzo)
	require.NoError(t, err)
	return identificativi.ReplaceAllString(u.Path, "") + u.Query().Get("pagina")
}

// axe runs it and measures by itself the contrasts that it could not: the
// colour of the text against the first opaque one behind it.
const axe = `(() => {
	const canale = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
	const luce = c => 0.2126 * canale(c[0]) + 0.7152 * canale(c[1]) + 0.0722 * canale(c[2]);
	const numeri = s => (s.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
	const sfondo = e => { for (; e; e = e.parentElement) { const c = numeri(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
	const contrasto = e => { const a = luce(numeri(getComputedStyle(e).color)) + 0.05, b = luce(sfondo(e)) + 0.05; return Math.max(a, b) / Math.min(a, b); };
	return axe.run(document, {
		runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']},
		rules: {'target-size': {enabled: true}}, resultTypes: ['violations', 'incomplete'],
	}).then(r => ({
		violazioni: r.violations.flatMap(v => v.nodes.map(n => ({regola: v.id, dove: n.target.join(' '), testo: n.failureSummary}))),
		incerti: r.incomplete.flatMap(v => v.nodes.map(n => ({regola: v.id, dove: n.target.join(' '), testo: [...n.any, ...n.all, ...n.none].map(c => c.message).join(' '),
			contrasto: v.id === 'color-contrast' ? contrasto(document.querySelector(n.target.join(' '))) : 0}))),
	}));
})()`

type rilievo struct {
	Regola string `json:"regola"`
	Dove   string `json:"dove"`
	Testo  string `json:"testo"`

	Contrasto float64 `json:"contrasto"` // measured where axe could not
}

type referto struct {
	Violazioni []rilievo `json:"violazioni"`
	Incerti    []rilievo `json:"incerti"`
}

// contrastoMinimo is that of WCAG 2.1, 1.4.3, for text of any size.
const contrastoMinimo = 4.5

// revisionato is a doubt of axe that a person looked at: a rule, what axe says of
// it, where, and why it is none. Of a contrast the measure must be enough besides.
type revisionato struct{ regola, testo, dove, perche string }

// revisionati are the doubts of axe that are none. Each must still occur, in one theme at least.
var revisionati = []revisionato{
	{"color-contrast", "background image", `.`, "le icone degli avvisi stanno accanto al testo, non sotto"},
	{"color-contrast", "too short", `badge|bg-|steppers-number`, "i numeri nei contrassegni sono testo: si misura il contrasto"},
	{"color-contrast", "partially obscured", `badge|bg-|\.h6|-compito-`, "il riquadro dei caratteri è più alto del contrassegno, o la legenda sta sul bordo del gruppo: le lettere no"},
	{"color-contrast", "no value", `.`, "il campo è vuoto: si misura il contrasto di ciò che vi si scriverà"},
	{"color-contrast", "pseudo element", `steppers|label|a\[|a$`, "il filetto accanto al testo è uno pseudo-elemento: si misura il contrasto"},
}

func (r revisionato) vale(v rilievo) bool {
	return r.regola == v.Regola && strings.Contains(v.Testo, r.testo) && regexp.MustCompile(r.dove).MatchString(v.Dove) &&
		(v.Regola != "color-contrast" || v.Contrasto >= contrastoMinimo)
}

const quieto = `(() => { const s = new CSSStyleSheet(); s.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important }'); document.adoptedStyleSheets = [s]; })()`

// spaziato spaces the text out as a reader may (WCAG 2.1, 1.4.12).
const spaziato = `(() => { const s = new CSSStyleSheet(); s.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }'); document.adoptedStyleSheets.push(s); })()`

// TestAccessibilita shows every page of the walk to a real browser, in both
// themes, at the width of a phone and of a desk: axe finds nothing and has no
// doubt that nobody looked at, and what axe does not see is in order.
func TestAccessibilita(t *testing.T) {
	file := os.Getenv("PRATICHE_AXE")
	if file == "" {
		t.Skip("per controllare l'accessibilità delle pagine: PRATICHE_AXE=percorso di axe.min.js (axe-core 4.14.1), con PRATICHE_BROWSER")
	}
	libreria := string(leggi(t, file))
	browser := apriBrowser(t)
	temi := map[string]string{"tema nostro": "", "tema vero": pacchetto(t)}
	var mu sync.Mutex
	usati := make([]int, len(revisionati))
	t.Run("pagine", func(t *testing.T) {
		for nome, tema := range temi {
			t.Run(nome, func(t *testing.T) {
				t.Parallel()
				x := nuovoTeatro(t, tema)
				x.giro()
				qui := x.controlla(browser, libreria)
				mu.Lock()
				defer mu.Unlock()
				for i, n := range qui {
					usati[i] += n
				}
			})
		}
	})
	for i, r := range revisionati {
		t.Logf("%d volte: %s, %s: %s", usati[i], r.regola, r.testo, r.perche)
		require.Positive(t, usati[i], "il dubbio non c'è più: %s, %s", r.regola, r.testo)
	}
}

// controlla gives how often each of revisionati occurred.
func (x *teatro) controlla(browser context.Context, libreria string) (usati []int) {
	x.t.Helper()
	scatti := os.Getenv("PRATICHE_SCATTI")
	if scatti != "" {
		scatti = filepath.Join(scatti, x.t.Name())
		require.NoError(x.t, os.MkdirAll(scatti, 0o700))
	}
	ctx, fine := chromedp.NewContext(browser)
	defer fine()
	_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	require.NoError(x.t, err)
	var guasti []string
	pagine, esami := 0, 0
	usati = make([]int, len(revisionati))
	inizio := time.Now()
	for i, p := range x.viste {
		if p.nome == "" {
			continue
		}
		pagine++
		require.NoError(x.t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(x.server.URL+rivista+strconv.Itoa(i)),
			chromedp.Evaluate[chromedp.Void](quieto), chromedp.Evaluate[chromedp.Void](libreria)), p.nome)
		if !x.diventa(ctx, `!document.querySelector('[autofocus]') || document.activeElement.autofocus`) {
			guasti = append(guasti, "il fuoco non va dove deve | "+p.nome)
		}
		for _, larghezza := range []int64{1280, 360, 320} {
			require.NoError(x.t, chromedp.Do(ctx, chromedp.EmulateViewport(larghezza, 900)))
			propri, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](controlli))
			require.NoError(x.t, err, p.nome)
			for _, g := range propri {
				guasti = append(guasti, fmt.Sprintf("%s | %s | %d", g, p.nome, larghezza))
			}
			if larghezza == 320 {
				require.NoError(x.t, chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](spaziato)))
				propri, err = chromedp.Run(ctx, chromedp.Evaluate[[]string](controlli))
				require.NoError(x.t, err, p.nome)
				for _, g := range propri {
					guasti = append(guasti, fmt.Sprintf("%s | %s | spaziato", g, p.nome))
				}
				break
			}
			if larghezza == 1280 {
				guasti = append(guasti, x.riassunto(ctx, p.nome)...)
			}
			esami++
			r, err := chromedp.Run(ctx, chromedp.Evaluate[referto](axe, chromedp.EvalAwaitPromise))
			require.NoError(x.t, err, p.nome)
			for _, v := range r.Violazioni {
				guasti = append(guasti, fmt.Sprintf("axe %s | %s | %s | %s | %d", v.Regola, v.Dove, v.Testo, p.nome, larghezza))
			}
			for _, v := range r.Incerti {
				j := slices.IndexFunc(revisionati, func(y revisionato) bool { return y.vale(v) })
				if j < 0 {
					guasti = append(guasti, fmt.Sprintf("axe incerto %s | %s | %s | contrasto %.1f | %s | %d", v.Regola, v.Dove, v.Testo, v.Contrasto, p.nome, larghezza))
					continue
				}
				usati[j]++
			}
			if scatti != "" {
				b, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
				require.NoError(x.t, err)
				require.NoError(x.t, os.WriteFile(filepath.Join(scatti, fmt.Sprintf("%s-%d.png", p.nome, larghezza)), b, 0o600))
			}
		}
	}
	x.t.Logf("%d pagine, %d esami di axe, %d guasti, %.0f s", pagine, esami, len(guasti), time.Since(inizio).Seconds())
	require.Empty(x.t, guasti, "%s", strings.Join(guasti, "\n"))
	return usati
}

// diventa waits for a condition that the browser fulfils a moment later; false
// where it does not.
func (x *teatro) diventa(ctx context.Context, condizione string) bool {
	x.t.Helper()
	for range 500 {
		vero, err := chromedp.Run(ctx, chromedp.Evaluate[bool](condizione))
		require.NoError(x.t, err, condizione)
		if vero {
			return true
		}
		require.NoError(x.t, chromedp.Do(ctx, chromedp.Sleep(10*time.Millisecond)))
	}
	return false
}

// riassunto presses Enter on every link of the summary of errors: each moves the
// focus to its field.
func (x *teatro) riassunto(ctx context.Context, nome string) []string {
	x.t.Helper()
	const voci = `[...document.querySelectorAll('.alert-danger[autofocus] a[href^="#"]')]`
	dove, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](voci+`.map(a => a.hash.slice(1))`))
	require.NoError(x.t, err, nome)
	var guasti []string
	for i, id := range dove {
		require.NoError(x.t, chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](fmt.Sprintf("%s[%d].focus()", voci, i))), nome)
		require.NoError(x.t, invioSuLink(ctx), nome)
		if !x.diventa(ctx, fmt.Sprintf("document.activeElement.id === %q", id)) {
			guasti = append(guasti, fmt.Sprintf("il riassunto non porta al campo | %s | %s", id, nome))
		}
	}
	return guasti
}
