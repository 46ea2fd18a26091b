package tema_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/examples/portale/tema"
)

func chiedi(t *testing.T, h http.Handler, metodo, percorso string, testate ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(metodo, "http://portale.example/", nil)
	r.URL.Path, r.URL.RawPath = percorso, ""
	for i := 0; i+1 < len(testate); i += 2 {
		r.Header.Set(testate[i], testate[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func corpo(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	return string(b)
}

func scrivi(t *testing.T, radice, nome, testo string) {
	t.Helper()
	p := filepath.Join(radice, filepath.FromSlash(nome))
	require.NoError(t, os.MkdirAll(filepath.Dir(p), 0o755))
	require.NoError(t, os.WriteFile(p, []byte(testo), 0o600))
}

// falsoPacchetto makes a folder with the shape of the npm package.
func falsoPacchetto(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	scrivi(t, dir, "package.json", `{"name":"bootstrap-italia","version":"2.18.3"}`)
	scrivi(t, dir, "dist/css/bootstrap-italia.min.css", ".btn{}")
	scrivi(t, dir, "dist/css/.nascosto.css", "segreto")
	scrivi(t, dir, "dist/svg/sprites.svg", "<svg/>")
	scrivi(t, dir, "dist/fonts/Titillium_Web/t.woff2", "wOF2")
	scrivi(t, dir, "dist/js/bootstrap-italia.min.js", "alert(1)")
	scrivi(t, dir, "dist/plugins/x.css", "segreto")
	scrivi(t, dir, "segreto.css", "segreto")
	return dir
}

func conPacchetto(t *testing.T, dir string) *tema.Tema {
	t.Helper()
	h, err := tema.Handler(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Close()) })
	return h
}

func TestTemaInterno(t *testing.T) {
	t.Parallel()
	h, err := tema.Handler("")
	require.NoError(t, err)
	require.Equal(t, []string{"/tema/portale.css"}, h.Fogli())
	require.Equal(t, "'self'", h.Immagini())

	r := chiedi(t, h, http.MethodGet, "/tema/portale.css")
	require.Equal(t, http.StatusOK, r.StatusCode)
	require.Equal(t, "text/css; charset=utf-8", r.Header.Get("Content-Type"))
	require.Equal(t, "nosniff", r.Header.Get("X-Content-Type-Options"))
	require.Contains(t, corpo(t, r), ".it-header-wrapper")

	r = chiedi(t, h, http.MethodGet, "/tema/portale.css", "If-None-Match", r.Header.Get("ETag"))
	require.Equal(t, http.StatusNotModified, r.StatusCode)

	r = chiedi(t, h, http.MethodHead, "/tema/portale.css")
	require.Equal(t, http.StatusOK, r.StatusCode)
	require.Empty(t, corpo(t, r))

	r = chiedi(t, h, http.MethodPost, "/tema/portale.css")
	require.Equal(t, http.StatusMethodNotAllowed, r.StatusCode)
	require.Equal(t, "GET, HEAD", r.Header.Get("Allow"))

	for _, p := range []string{
		"/tema/", "/tema", "/", "/portale.css", "/tema/tema.go", "/tema/../portale.css",
		"/tema/portale-integrazioni.css", "/tema/bootstrap-italia/css/bootstrap-italia.min.css",
	} {
		require.Equal(t, http.StatusNotFound, chiedi(t, h, http.MethodGet, p).StatusCode, p)
	}
	require.NoError(t, h.Close())
}

func TestTemaPacchetto(t *testing.T) {
	t.Parallel()
	h := conPacchetto(t, falsoPacchetto(t))
	require.Equal(t, []string{
		"/tema/bootstrap-italia/css/bootstrap-italia.min.css", "/tema/portale-integrazioni.css",
	}, h.Fogli())
	require.Equal(t, "'self' data:", h.Immagini())

	for _, f := range h.Fogli() {
		r := chiedi(t, h, http.MethodGet, f)
		require.Equal(t, http.StatusOK, r.StatusCode, f)
		require.Equal(t, "text/css; charset=utf-8", r.Header.Get("Content-Type"), f)
		again := chiedi(t, h, http.MethodGet, f, "If-None-Match", r.Header.Get("ETag"))
		require.Equal(t, http.StatusNotModified, again.StatusCode, f)
	}
	for p, mime := range map[string]string{
		"/tema/bootstrap-italia/svg/sprites.svg":             "image/svg+xml",
		"/tema/bootstrap-italia/fonts/Titillium_Web/t.woff2": "font/woff2",
	} {
		r := chiedi(t, h, http.MethodGet, p)
		require.Equal(t, http.StatusOK, r.StatusCode, p)
		require.Equal(t, mime, r.Header.Get("Content-Type"), p)
	}
	require.Equal(t, http.StatusNotFound, chiedi(t, h, http.MethodGet, "/tema/portale.css").StatusCode)
}

func TestTemaNonEsceDalPacchetto(t *testing.T) {
	t.Parallel()
	dir := falsoPacchetto(t)
	fuori := filepath.Join(t.TempDir(), "fuori.css")
	require.NoError(t, os.WriteFile(fuori, []byte("segreto"), 0o600))
	require.NoError(t, os.Symlink(fuori, filepath.Join(dir, "dist", "css", "legame.css")))
	require.NoError(t, os.Symlink(dir, filepath.Join(dir, "dist", "css", "su")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "dist", "css", "cartella.css"), 0o755))
	h := conPacchetto(t, dir)
	const base = "/tema/bootstrap-italia/"
	for _, p := range []string{
		base, base + "css", base + "css/", base + "css/cartella.css", base + "css/cartella.css/",
		base + "../segreto.css", base + "css/../../segreto.css", base + "css//bootstrap-italia.min.css",
		base + "css/./bootstrap-italia.min.css", base + "css\\..\\..\\segreto.css",
		base + "css/%2e%2e/%2e%2e/segreto.css", base + "/etc/passwd.css", base + "css/legame.css",
		base + "css/su/segreto.css", base + "css/.nascosto.css", base + "plugins/x.css",
		base + "js/bootstrap-italia.min.js", base + "css/manca.css", base + "css/\x00.css", base + ".css",
	} {
		r := chiedi(t, h, http.MethodGet, p)
		require.Equal(t, http.StatusNotFound, r.StatusCode, "%q", p)
		require.NotContains(t, corpo(t, r), "segreto", "%q", p)
	}
}

func TestPacchettoMancante(t *testing.T) {
	t.Parallel()
	for nome, prepara := range map[string]func(t *testing.T, dir string){
		"cartella vuota": func(*testing.T, string) {},
		"altro pacchetto": func(t *testing.T, dir string) {
			scrivi(t, dir, "package.json", `{"name":"bootstrap","version":"2.3.2"}`)
			scrivi(t, dir, "dist/css/bootstrap-italia.min.css", ".btn{}")
		},
		"altra versione": func(t *testing.T, dir string) {
			scrivi(t, dir, "package.json", `{"name":"bootstrap-italia","version":"1.6.0"}`)
			scrivi(t, dir, "dist/css/bootstrap-italia.min.css", ".btn{}")
		},
		"manifesto illeggibile": func(t *testing.T, dir string) { scrivi(t, dir, "package.json", `{"name":`) },
		"senza dist": func(t *testing.T, dir string) {
			scrivi(t, dir, "package.json", `{"name":"bootstrap-italia","version":"2.18.3"}`)
		},
		"senza foglio": func(t *testing.T, dir string) {
			scrivi(t, dir, "package.json", `{"name":"bootstrap-italia","version":"2.18.3"}`)
			scrivi(t, dir, "dist/svg/sprites.svg", "<svg/>")
		},
		"foglio che è una cartella": func(t *testing.T, dir string) {
			scrivi(t, dir, "package.json", `{"name":"bootstrap-italia","version":"2.18.3"}`)
			scrivi(t, dir, "dist/css/bootstrap-italia.min.css/x", "")
		},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			prepara(t, dir)
			h, err := tema.Handler(dir)
			require.Nil(t, h)
			require.ErrorIs(t, err, tema.ErrPacchetto)
			require.Contains(t, err.Error(), "bootstrap-italia")
		})
	}
}

// With a strict Content-Security-Policy a stylesheet may fetch nothing from
// elsewhere.
func TestFoglioSenzaRichiesteEsterne(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("portale.css")
	require.NoError(t, err)
	require.LessOrEqual(t, len(css), 40_000)
	require.NotRegexp(t, `url\(|@import|data:|https?:`, strings.Replace(string(css), "no data: URI", "", 1))
	require.Equal(t, strings.Count(string(css), "{"), strings.Count(string(css), "}"))

	integra, err := os.ReadFile("portale-integrazioni.css")
	require.NoError(t, err)
	for _, m := range regexp.MustCompile(`url\("([^"]*)"\)`).FindAllStringSubmatch(string(integra), -1) {
		require.Regexp(t, `^bootstrap-italia/fonts/`, m[1])
	}
	require.Equal(t, strings.Count(string(integra), "{"), strings.Count(string(integra), "}"))
}

// The specimen page uses no class that the stylesheet ignores.
func TestCampionarioVestito(t *testing.T) {
	t.Parallel()
	pagina, err := os.ReadFile("testdata/campionario.html")
	require.NoError(t, err)
	require.NotRegexp(t, `<script| style="`, string(pagina))
	css, err := os.ReadFile("portale.css")
	require.NoError(t, err)
	// Names that only the real package, a script or a test looks at.
	neutre := map[string]bool{
		"it-nav-wrapper": true, "nav-item": true, "list-item": true, "altrui": true, "table-striped": true,
		"steppers-btn-prev": true, "steppers-btn-save": true, "text": true, "alert-info": true, "card-text": true,
	}
	visti, spoglie := 0, []string{}
	for _, m := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(string(pagina), -1) {
		for _, c := range strings.Fields(m[1]) {
			visti++
			if !neutre[c] && !regexp.MustCompile(`\.`+regexp.QuoteMeta(c)+`[^\w-]`).Match(css) {
				spoglie = append(spoglie, c)
			}
		}
	}
	require.Greater(t, visti, 200)
	require.Empty(t, spoglie, "classi senza regole")
}

// The real package is not in the repository: whoever has it names its folder.
func TestPacchettoVero(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("PRATICHE_BOOTSTRAP_ITALIA")
	if dir == "" {
		t.Skip("PRATICHE_BOOTSTRAP_ITALIA non indica la cartella del pacchetto bootstrap-italia")
	}
	h := conPacchetto(t, dir)
	indirizzi := append(h.Fogli(), "/tema/bootstrap-italia/svg/sprites.svg")
	integra, err := os.ReadFile("portale-integrazioni.css")
	require.NoError(t, err)
	for _, m := range regexp.MustCompile(`url\("([^"]*)"\)`).FindAllStringSubmatch(string(integra), -1) {
		indirizzi = append(indirizzi, tema.Prefisso+m[1])
	}
	require.Greater(t, len(indirizzi), 6)
	for _, p := range indirizzi {
		require.Equal(t, http.StatusOK, chiedi(t, h, http.MethodGet, p).StatusCode, p)
	}
}
