package pratica_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The rules on who may import whom. Each rule is a function on a graph, so that
// TestArchitetturaSiAccorge can give it a bad one.

const moduloGo = "github.com/sportello-digitale/pratiche"

// pacchetto is one package, its path relative to the module ("pratica/guasto")
// if it is of the module, whole otherwise.
type pacchetto struct {
	Nome    string
	Doc     string
	Importa []string // by production code only
}

// grafo holds the packages of the module and all that they link.
type grafo map[string]pacchetto

var porte = []string{"protocollo", "pagamenti", "bolli", "appuntamenti"}

// condivisi is what the ports may take from the rest of the module.
var condivisi = []string{"pratica/guasto", "pratica/termini", "storage/cassetto"}

// ammessi is the whole of what a pure package may import from the module.
var ammessi = map[string][]string{
	"pratica/guasto":           {},
	"pratica/termini":          {},
	"pratica/anagrafica":       {"pratica/guasto", "pratica/termini"},
	"pratica/allegato":         {},
	"pratica/modulo":           {"pratica/anagrafica", "pratica/guasto", "pratica/termini"},
	"pratica/modulo/confronto": {"pratica/modulo"},
	"pratica/modulo/formio": {
		"pratica/modulo", "pratica/termini", "pratica/modulo/formio/internal/jsonlogic", "pratica/modulo/formio/internal/script", "pratica/modulo/formio/internal/valore",
	},
	"pratica/modulo/lingua":    {"pratica/modulo", "pratica/termini"},
	"pratica/modulo/revisione": {"pratica/modulo"},
	"pratica/modulo/schema":    {"pratica/modulo"},
	"pratica/servizio": {
		"pratica/anagrafica", "pratica/guasto", "pratica/modulo", "pratica/termini",
		"protocollo", "pagamenti", "bolli", "appuntamenti",
	},
	"pratica": {
		"pratica/anagrafica", "pratica/guasto", "pratica/modulo", "pratica/servizio", "pratica/termini",
		"protocollo", "pagamenti", "bolli", "bolli/cartacea", "appuntamenti",
	},
	"protocollo":   condivisi,
	"pagamenti":    condivisi,
	"bolli":        condivisi,
	"appuntamenti": condivisi,
}

// vietatiAiPuri reach the world outside.
var vietatiAiPuri = []string{"database/sql", "net", "net/http", "os", "os/exec"}

// soloProve are linked by tests and by kits, never by a host.
var soloProve = []string{
	"testing", "github.com/stretchr/testify", "pgregory.net/rapid", "github.com/chromedp/chromedp", "github.com/santhosh-tekuri/jsonschema",
}

// fornitori says which adapters alone bring a driver into the host that imports them.
var fornitori = map[string][]string{
	"modernc.org/sqlite":          {"storage/sqlite"},
	"github.com/pressly/goose":    {"storage/sqlite", "storage/postgres"},
	"github.com/jackc/pgx":        {"storage/postgres"},
	"github.com/minio/minio-go":   {"storage/s3"},
	"github.com/dop251/goja":      {"pratica/modulo/formio"},
	"github.com/wneessen/go-mail": {"pratica/messaggi/smtp"},
}

// soloRegole are sub-packages of a port that call nobody, so that every adapter
// may use them, and the aggregate those that hold its rules.
var soloRegole = []string{"bolli/cartacea", "storage/busta"}

var cartelle = []string{"appuntamenti", "bolli", "examples", "pagamenti", "pratica", "protocollo", "storage"}

var fileDiTesta = []string{
	".editorconfig", ".gitattributes", ".gitignore", ".golangci.yml",
	"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "go.mod", "go.sum", "publiccode.yml",
}

func staSotto(nome, cartella string) bool {
	return nome == cartella || strings.HasPrefix(nome, cartella+"/")
}

func staSottoUna(nome string, cartelle []string) bool {
	return slices.ContainsFunc(cartelle, func(c string) bool { return staSotto(nome, c) })
}

func nelModulo(nome string) bool { return staSottoUna(nome, cartelle) }

func eBanco(nome string) bool { return nelModulo(nome) && strings.HasSuffix(path.Base(nome), "test") }

// adattatore gives the adapter that a package belongs to: the folder just below
// a port or below storage. Rules, kits and what adapters share are none.
func adattatore(nome string) string {
	parti := strings.Split(nome, "/")
	if len(parti) < 2 || !slices.Contains(append([]string{"storage"}, porte...), parti[0]) {
		return ""
	}
	a := parti[0] + "/" + parti[1]
	if eBanco(a) || parti[1] == "internal" || slices.Contains(condivisi, a) || slices.Contains(soloRegole, a) {
		return ""
	}
	return a
}

func (g grafo) nomi() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(g)), func(n string) bool { return !nelModulo(n) })
}

// raggiunti gives what a package links, itself excluded, and by which path.
// Packages that entra refuses are reached but not entered.
func (g grafo) raggiunti(da string, entra func(string) bool) map[string]string {
	visti := map[string]string{}
	var visita func(nome, via string)
	visita = func(nome, via string) {
		for _, i := range g[nome].Importa {
			if _, gia := visti[i]; gia || i == da {
				continue
			}
			visti[i] = via + " → " + i
			if entra(i) {
				visita(i, visti[i])
			}
		}
	}
	visita(da, da)
	return visti
}

func ovunque(string) bool { return true }

func cicli(g grafo) (v []string) {
	const aperto, chiuso = 1, 2
	stato := map[string]int{}
	var visita func(nome, via string)
	visita = func(nome, via string) {
		stato[nome] = aperto
		for _, i := range g[nome].Importa {
			switch stato[i] {
			case aperto:
				v = append(v, fmt.Sprintf("ciclo: %s → %s", via, i))
			case 0:
				visita(i, via+" → "+i)
			}
		}
		stato[nome] = chiuso
	}
	for _, n := range g.nomi() {
		if stato[n] == 0 {
			visita(n, n)
		}
	}
	return v
}

// porteIsolate: a port and what lies below it take from the module only the
// shared leaves, their own parents and their own adapter. Kits also take the
// adapters that they are tried on.
func porteIsolate(g grafo) (v []string) {
	for _, n := range g.nomi() {
		porta := strings.Split(n, "/")[0]
		if !slices.Contains(porte, porta) {
			continue
		}
		for _, i := range g[n].Importa {
			genitore := staSotto(n, i)
			fratello := staSotto(i, porta) && (eBanco(n) || adattatore(i) == "" || adattatore(i) == adattatore(n)) && n != porta
			if nelModulo(i) && !genitore && !fratello && !slices.Contains(condivisi, i) {
				v = append(v, fmt.Sprintf("la porta %s importa %s", n, i))
			}
		}
	}
	return v
}

func puriSenzaMondo(g grafo) (v []string) {
	for _, n := range slices.Sorted(maps.Keys(ammessi)) {
		for _, i := range g[n].Importa {
			if nelModulo(i) && !slices.Contains(ammessi[n], i) {
				v = append(v, fmt.Sprintf("%s importa %s", n, i))
			}
		}
		for i, via := range g.raggiunti(n, nelModulo) {
			if slices.Contains(vietatiAiPuri, i) {
				v = append(v, "un pacchetto puro esce dal processo: "+via)
			}
		}
	}
	return v
}

func produzioneSenzaProve(g grafo) (v []string) {
	for _, n := range g.nomi() {
		if eBanco(n) {
			continue
		}
		for i, via := range g.raggiunti(n, ovunque) {
			// The standard library of others is theirs: "testing" counts where we import it.
			if i == "testing" && !slices.Contains(g[n].Importa, i) {
				continue
			}
			if eBanco(i) || staSottoUna(i, soloProve) {
				v = append(v, "codice di prova in produzione: "+via)
			}
		}
	}
	return v
}

func fornitoriInCasa(g grafo) (v []string) {
	for _, n := range g.nomi() {
		for i, via := range g.raggiunti(n, ovunque) {
			for libreria, casa := range fornitori {
				if staSotto(i, libreria) && !staSottoUna(n, casa) && !staSotto(n, "examples") {
					v = append(v, "un fornitore collegato da chi non lo ha chiesto: "+via)
				}
			}
		}
	}
	return v
}

// adattatoriEstranei: no adapter reaches another one, and below pratica nobody
// reaches any: the host chooses them.
func adattatoriEstranei(g grafo) (v []string) {
	for _, n := range g.nomi() {
		mio := adattatore(n)
		if mio == "" && !staSotto(n, "pratica") {
			continue
		}
		for i, via := range g.raggiunti(n, nelModulo) {
			if a := adattatore(i); a != "" && a != mio {
				v = append(v, "un adattatore dentro un altro pacchetto: "+via)
			}
		}
	}
	return v
}

// versoIlBasso: hosts import the use cases, the use cases import the storage
// port, and nobody looks up.
func versoIlBasso(g grafo) (v []string) {
	for _, n := range g.nomi() {
		for _, i := range g[n].Importa {
			su := staSotto(i, "examples") && !staSotto(n, "examples") ||
				staSotto(i, "pratica/sportello") && !staSotto(n, "pratica/sportello") && !staSotto(n, "examples")
			if su {
				v = append(v, fmt.Sprintf("%s importa %s, che gli sta sopra", n, i))
			}
		}
	}
	return v
}

func documentati(g grafo) (v []string) {
	for _, n := range g.nomi() {
		if strings.TrimSpace(g[n].Doc) == "" {
			v = append(v, n+" non ha il commento del pacchetto")
		}
	}
	return v
}

// inTesta looks at the names at the top of the module; folders end in "/".
func inTesta(nomi []string) (v []string) {
	for _, c := range cartelle {
		if !slices.Contains(nomi, c+"/") {
			v = append(v, "manca la cartella "+c)
		}
	}
	for _, n := range nomi {
		c, cartella := strings.CutSuffix(n, "/")
		// Nobody builds from these: the repository's own, and what .gitignore names.
		deposito := c == ".git" || c == ".ci" || c == "dati" || c == "node_modules" || strings.HasPrefix(c, "dati-")
		prodotto := !cartella && (c == ".git" || strings.HasSuffix(c, ".test") || strings.HasSuffix(c, ".out"))
		switch {
		case cartella && !deposito && !slices.Contains(cartelle, c):
			v = append(v, "cartella di troppo: "+n)
		case !cartella && !prodotto && !slices.Contains(fileDiTesta, c):
			v = append(v, "file di troppo: "+n)
		}
	}
	return v
}

func leggiGrafo(t *testing.T, radice string) grafo {
	t.Helper()
	comando, err := exec.LookPath("go")
	if err != nil {
		t.Skip("comando go assente: architettura non verificata")
	}
	cmd := exec.CommandContext(t.Context(), comando, "list", "-mod=readonly", "-deps", "-json=ImportPath,Name,Doc,Imports", "./...")
	cmd.Dir = radice
	var errori strings.Builder
	cmd.Stderr = &errori
	out, err := cmd.Output()
	require.NoError(t, err, errori.String())
	relativo := func(p string) string { return strings.TrimPrefix(p, moduloGo+"/") }
	g := grafo{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath, Name, Doc string
			Imports               []string
		}
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return g
		}
		require.NoError(t, err)
		for i := range p.Imports {
			p.Imports[i] = relativo(p.Imports[i])
		}
		g[relativo(p.ImportPath)] = pacchetto{Nome: p.Name, Doc: p.Doc, Importa: p.Imports}
	}
}

var regoleArchitettura = []struct {
	nome  string
	trova func(grafo) []string
}{
	{"cicli", cicli},
	{"porte isolate", porteIsolate},
	{"puri senza mondo", puriSenzaMondo},
	{"produzione senza prove", produzioneSenzaProve},
	{"fornitori in casa", fornitoriInCasa},
	{"adattatori estranei", adattatoriEstranei},
	{"verso il basso", versoIlBasso},
	{"documentati", documentati},
}

func TestArchitettura(t *testing.T) {
	t.Parallel()
	radice, err := filepath.Abs("..")
	require.NoError(t, err)
	g := leggiGrafo(t, radice)
	for n := range ammessi {
		require.Contains(t, g, n)
	}
	require.Contains(t, g, "os", "le dipendenze della libreria standard sono nel grafo")
	require.Contains(t, g["storage/sqlite"].Importa, "modernc.org/sqlite")
	for _, r := range regoleArchitettura {
		require.Empty(t, r.trova(g), r.nome)
	}
	voci, err := os.ReadDir(radice)
	require.NoError(t, err)
	var nomi []string
	for _, v := range voci {
		if v.IsDir() {
			nomi = append(nomi, v.Name()+"/")
		} else {
			nomi = append(nomi, v.Name())
		}
	}
	require.Empty(t, inTesta(nomi))
}

// A rule that no graph breaks would prove nothing.
func TestArchitetturaSiAccorge(t *testing.T) {
	t.Parallel()
	// buono is small and keeps every rule; each case adds one import to it.
	buono := func() grafo {
		g := grafo{
			"pratica/guasto": {}, "pratica/termini": {}, "pratica/anagrafica": {}, "pratica/modulo": {}, "pratica/servizio": {},
			"storage/cassetto": {}, "bolli": {}, "appuntamenti": {}, "bolli/cartacea": {Importa: []string{"bolli"}},
			"protocollo":                  {Importa: []string{"pratica/guasto", "context"}},
			"protocollo/interno":          {Importa: []string{"protocollo", "storage/cassetto"}},
			"protocollo/docarea":          {Importa: []string{"protocollo", "protocollo/docarea/soap", "net/http"}},
			"protocollo/docarea/soap":     {Importa: []string{"protocollo"}},
			"protocollo/protocollotest":   {Importa: []string{"protocollo", "protocollo/interno", "testing", "github.com/stretchr/testify/require"}},
			"pagamenti":                   {Importa: []string{"pratica/guasto"}},
			"pratica":                     {Importa: []string{"protocollo", "bolli/cartacea", "github.com/google/uuid"}},
			"pratica/sportello":           {Importa: []string{"pratica", "storage", "protocollo"}},
			"storage":                     {Importa: []string{"pratica", "storage/cassetto"}},
			"storage/sqlite":              {Importa: []string{"storage", "storage/internal/proiezione", "modernc.org/sqlite"}},
			"storage/memoria":             {Importa: []string{"storage", "storage/internal/proiezione"}},
			"storage/internal/proiezione": {Importa: []string{"storage"}},
			"examples/portale":            {Importa: []string{"pratica/sportello", "storage/sqlite", "protocollo/interno", "net/http"}},
			"github.com/google/uuid":      {Importa: []string{"net", "os"}},
			"modernc.org/sqlite":          {Importa: []string{"os"}},
			"terzi/a":                     {Importa: []string{"terzi/b"}},
			"terzi/b":                     {},
		}
		for n, p := range g {
			p.Doc = "Package " + path.Base(n) + "."
			g[n] = p
		}
		return g
	}
	for _, r := range regoleArchitettura {
		require.Empty(t, r.trova(buono()), r.nome)
	}
	for _, c := range []struct {
		trova   func(grafo) []string
		da, a   string
		rilievo string
	}{
		{cicli, "protocollo", "pratica/sportello", "ciclo"},
		{cicli, "pratica/guasto", "pratica/guasto", "ciclo"},
		{porteIsolate, "protocollo", "pratica/modulo", "la porta protocollo importa"},
		{porteIsolate, "protocollo", "pagamenti", "la porta protocollo importa"},
		{porteIsolate, "protocollo", "protocollo/interno", "la porta protocollo importa"},
		{porteIsolate, "protocollo/interno", "storage", "la porta protocollo/interno importa"},
		{porteIsolate, "protocollo/interno", "protocollo/docarea/soap", "la porta protocollo/interno importa"},
		{porteIsolate, "protocollo/protocollotest", "pratica/servizio", "la porta protocollo/protocollotest importa"},
		{puriSenzaMondo, "pratica", "net/http", "pratica → net/http"},
		{puriSenzaMondo, "pratica/modulo", "os", "pratica/modulo → os"},
		{puriSenzaMondo, "bolli/cartacea", "os", "pratica → bolli/cartacea → os"},
		{puriSenzaMondo, "pratica", "storage", "pratica importa storage"},
		{puriSenzaMondo, "pratica/termini", "pratica/guasto", "pratica/termini importa pratica/guasto"},
		{produzioneSenzaProve, "storage/memoria", "protocollo/protocollotest", "storage/memoria → protocollo/protocollotest"},
		{produzioneSenzaProve, "storage/memoria", "testing", "storage/memoria → testing"},
		{produzioneSenzaProve, "terzi/b", "github.com/stretchr/testify/assert", ""},
		{produzioneSenzaProve, "github.com/google/uuid", "github.com/stretchr/testify/assert", "pratica → github.com/google/uuid → github.com/stretchr/testify/assert"},
		{fornitoriInCasa, "pratica/sportello", "storage/sqlite", "pratica/sportello → storage/sqlite → modernc.org/sqlite"},
		{fornitoriInCasa, "storage", "github.com/jackc/pgx/v5", "storage → github.com/jackc/pgx/v5"},
		{adattatoriEstranei, "storage/sqlite", "storage/memoria", "storage/sqlite → storage/memoria"},
		{adattatoriEstranei, "storage/internal/proiezione", "protocollo/docarea/soap", "storage/sqlite → storage/internal/proiezione → protocollo/docarea/soap"},
		{adattatoriEstranei, "pratica/sportello", "protocollo/interno", "pratica/sportello → protocollo/interno"},
		{versoIlBasso, "storage", "pratica/sportello", "storage importa pratica/sportello"},
		{versoIlBasso, "pratica/sportello", "examples/portale", "pratica/sportello importa examples/portale"},
	} {
		g := buono()
		p := g[c.da]
		p.Importa = append(slices.Clone(p.Importa), c.a)
		g[c.da] = p
		v := strings.Join(c.trova(g), "\n")
		if c.rilievo == "" { // nobody of the module links it
			require.Empty(t, v, "%s → %s", c.da, c.a)
			continue
		}
		require.Contains(t, v, c.rilievo, "%s → %s", c.da, c.a)
	}
	g := buono()
	g["pagamenti/pagopa"] = pacchetto{}
	require.Equal(t, []string{"pagamenti/pagopa non ha il commento del pacchetto"}, documentati(g))

	require.Empty(t, inTesta([]string{
		"appuntamenti/", "bolli/", "examples/", "pagamenti/", "pratica/", "protocollo/", "storage/", ".git/", ".ci/", "dati-prova/", "go.mod", "LICENSE",
	}))
	require.Equal(t, []string{"manca la cartella storage", "cartella di troppo: util/", "file di troppo: main.go"}, inTesta([]string{
		"appuntamenti/", "bolli/", "examples/", "pagamenti/", "pratica/", "protocollo/", "util/", "main.go",
	}))
}
