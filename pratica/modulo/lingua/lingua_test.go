package lingua_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

var _ = flag.Set("rapid.seed", "1")

var oggi = termini.Giorno{Anno: 2026, Mese: time.March, Giorno: 31}

// chiavi reads the constants of type Chiave out of the source, so that none can
// be forgotten in a language.
func chiavi(t *testing.T) []lingua.Chiave {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "chiavi.go", nil, 0)
	require.NoError(t, err)
	var q []lingua.Chiave
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			lit, ok := v.Values[0].(*ast.BasicLit)
			require.True(t, ok)
			q = append(q, lingua.Chiave(strings.Trim(lit.Value, `"`)))
		}
		return true
	})
	require.Greater(t, len(q), 90)
	return q
}

var segnaposto = regexp.MustCompile(`\{\d\}`)

// Every fixed text is there in every language, with the same places to fill in.
func TestTestiCompleti(t *testing.T) {
	t.Parallel()
	viste := map[lingua.Chiave]bool{}
	for _, k := range chiavi(t) {
		require.False(t, viste[k], "chiave doppia: %s", k)
		viste[k] = true
		it := lingua.Italiano.Testo(k)
		conta := it == string(k)
		diversi := map[string]bool{}
		for _, l := range lingua.Lingue() {
			if conta {
				for _, n := range []int{0, 1, 2, 3, 5, 1234} {
					s := l.Conta(k, n)
					require.NotEqual(t, string(k), s, "%s %s", l, k)
					require.Contains(t, s, l.Intero(n), "%s %s", l, k)
					require.NotContains(t, s, "{", "%s %s", l, k)
				}
				continue
			}
			s := l.Testo(k)
			require.NotEmpty(t, strings.TrimSpace(s), "%s %s", l, k)
			a, b := segnaposto.FindAllString(it, -1), segnaposto.FindAllString(s, -1)
			slices.Sort(a)
			slices.Sort(b)
			require.Equal(t, a, b, "%s %s", l, k)
			require.NotContains(t, s, "  ")
			diversi[s] = true
		}
		if !conta && len(it) > 12 {
			require.Len(t, diversi, 5, "non tradotto: %s", k)
		}
	}
}

func TestPlurali(t *testing.T) {
	t.Parallel()
	for n, atteso := range map[int]string{0: "napak", 1: "napako", 2: "napaki", 3: "napake", 4: "napake", 5: "napak", 100: "napak", 101: "napako", 102: "napaki", 104: "napake"} {
		require.Equal(t, fmt.Sprintf("Popraviti je treba %d %s", n, atteso), lingua.Sloveno.Conta(lingua.ErroriDaCorreggere, n))
	}
	require.Equal(t, "Il y a 0 erreur à corriger", lingua.Francese.Conta(lingua.ErroriDaCorreggere, 0))
	require.Equal(t, "Ci sono 0 errori da correggere", lingua.Italiano.Conta(lingua.ErroriDaCorreggere, 0))
	require.Equal(t, "C'è 1 errore da correggere", lingua.Lingua("").Conta(lingua.ErroriDaCorreggere, 1))
	require.Equal(t, "1 Fehler muss korrigiert werden", lingua.Tedesco.Conta(lingua.ErroriDaCorreggere, 1))
	require.Equal(t, "There are 2 errors to correct", lingua.Inglese.Conta(lingua.ErroriDaCorreggere, 2))
	require.Equal(t, "boh", lingua.Inglese.Conta("boh", 2))
	require.Equal(t, "boh", lingua.Inglese.Testo("boh"))
}

func TestLingua(t *testing.T) {
	t.Parallel()
	for s, atteso := range map[string]lingua.Lingua{"de": "de", "DE_at": "de", " sl-SI ": "sl", "lld": "lld"} {
		l, ok := lingua.Leggi(s)
		require.True(t, ok, s)
		require.Equal(t, atteso, l)
	}
	for _, s := range []string{"", "d", "tedesco", "../x", "d3", strings.Repeat("de-", 20)} {
		_, ok := lingua.Leggi(s)
		require.False(t, ok, s)
	}
	require.Equal(t, lingua.Italiano, lingua.Lingua("lld").Fissa())
	require.Equal(t, "Avanti", lingua.Lingua("lld").Testo(lingua.Avanti))
	require.Equal(t, "passo {7} di 4", lingua.Italiano.Testo(lingua.Passo, "{7}", "4"), "what is put in is not read again")
}

func TestFormati(t *testing.T) {
	t.Parallel()
	d := decimal.RequireFromString("-1234567.5")
	require.Equal(t, "-1.234.567,50", lingua.Italiano.Numero(d, 2))
	require.Equal(t, "-1.234.567,5", lingua.Tedesco.Numero(d, -1))
	require.Equal(t, "-1\u202f234\u202f567,50", lingua.Francese.Numero(d, 2))
	require.Equal(t, "-1\u202f234\u202f567.5 €", strings.Replace(lingua.Inglese.Importo(d), "50 €", "5 €", 1))
	for l, atteso := range map[lingua.Lingua]string{"": "31/03/2026", "de": "31. 3. 2026", "sl": "31. 3. 2026", "fr": "31/03/2026", "en": "31/03/2026", "lld": "31/03/2026"} {
		require.Equal(t, atteso, l.Data(oggi), l)
		require.Empty(t, l.Data(termini.Giorno{}))
	}
	require.Equal(t, "1,2 MB", lingua.Italiano.Dimensione(1_200_000))
	require.Equal(t, "5 Mo", lingua.Francese.Dimensione(5_000_000))
	require.Equal(t, "1.2 MB", lingua.Inglese.Dimensione(1_200_000))
	require.Equal(t, "12 Byte", lingua.Tedesco.Dimensione(12))
	require.Equal(t, "12 B", lingua.Sloveno.Dimensione(12))
	require.Equal(t, "13 kB", lingua.Sloveno.Dimensione(12_600))
	require.Equal(t, "PDF, Text, Word, P7M", lingua.Tedesco.TipiFile([]string{"application/pdf", "text/plain", "application/msword", "application/pkcs7-mime"}))
}

// What is shown in an input is read back as the same number, in every language.
func TestScrittoRitorna(t *testing.T) {
	t.Parallel()
	m := compila(t, modulo.Campo{ID: "a", Etichetta: "A", Tipo: modulo.Importo}, modulo.Campo{ID: "b", Etichetta: "B", Tipo: modulo.Decimale},
		modulo.Campo{ID: "c", Etichetta: "C", Tipo: modulo.Intero}, modulo.Campo{ID: "d", Etichetta: "D", Tipo: modulo.Data}, modulo.Campo{ID: "e", Etichetta: "E", Tipo: modulo.Testo})
	rapid.Check(t, func(rt *rapid.T) {
		v := modulo.Risposte{
			"a": decimal.New(rapid.Int64Range(-1e12, 1e12).Draw(rt, "a"), -2).StringFixed(2),
			"b": strings.Replace(decimal.New(rapid.Int64Range(-1e12, 1e12).Draw(rt, "b"), -int32(rapid.IntRange(0, 6).Draw(rt, "cifre"))).String(), ".", ",", 1),
			"c": fmt.Sprint(rapid.Int64Range(-1e12, 1e12).Draw(rt, "c")), "d": "2026-03-31", "e": rapid.SampledFrom([]string{"1,2", "1.234", "x"}).Draw(rt, "e"),
		}
		puliti := m.Valuta(v, modulo.Opzioni{}).Valori
		for _, l := range append(lingua.Lingue(), "lld") {
			x := lingua.Per(l, m, nil)
			scritti := modulo.Risposte{}
			for k := range puliti {
				c, _ := m.Campo(k)
				scritti[k] = x.Scritto(k, c, puliti[k])
			}
			e := m.Valuta(scritti, modulo.Opzioni{})
			require.Empty(rt, e.Errori, l)
			require.Equal(rt, puliti, e.Valori, l)
		}
	})
	c, _ := m.Campo("b")
	require.Equal(t, "1.234", lingua.Per("fr", m, nil).Scritto("b", c, "1.234"), "what cannot be read stays as typed")
}

func compila(t testing.TB, campi ...modulo.Campo) *modulo.Modulo {
	t.Helper()
	m, err := modulo.Compila(modulo.Definizione{ID: "m", Versione: 1, Titolo: "Prova", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "Sezione", Campi: campi}}})
	require.NoError(t, err)
	return m
}
