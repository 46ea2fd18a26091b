package modulo_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

func FuzzLeggi(f *testing.F) {
	for _, n := range []string{"assegno_nucleo", "occupazione_suolo"} {
		b, err := os.ReadFile("testdata/" + n + ".json")
		require.NoError(f, err)
		f.Add(b)
	}
	f.Add([]byte(`{"id":"a","versione":1,"titolo":"t","sezioni":[{"id":"s","titolo":"s","campi":[{"id":"x","etichetta":"x","tipo":"importo","calcolo":"1+1"}]}]}`))
	f.Add([]byte(`{"id":"a","versione":1,"titolo":"t","blocchi":[{"id":"b","campi":[{"id":"x","etichetta":"x","tipo":"url","se":"not vuoto(y)"},{"id":"y","etichetta":"y","tipo":"persona"}]}],
		"sezioni":[{"id":"s","titolo":"s","campi":[{"id":"u","etichetta":"u","tipo":"blocco","blocco":"b","se":"z"},{"id":"z","etichetta":"z","tipo":"consenso"},{"id":"i","etichetta":"i","tipo":"indirizzo"},
		{"id":"g","etichetta":"g","tipo":"gruppo","etichetta_riga":"r","campi":[{"id":"h","etichetta":"h","tipo":"gruppo","etichetta_riga":"r","campi":[{"id":"k","etichetta":"k","tipo":"bollo","unico":"anno","se":"sopra.x == \"1\""}]},{"id":"x","etichetta":"x","tipo":"testo"}]}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := modulo.Leggi(bytes.NewReader(b))
		if err != nil {
			return
		}
		m, err := modulo.Compila(d)
		if err != nil {
			require.ErrorIs(t, err, modulo.ErrDefinizione)
			return
		}
		e := m.Valuta(nil, modulo.Opzioni{Oggi: oggi})
		m.Riepiloga(e.Valori, nil)
	})
}

func FuzzEspressione(f *testing.F) {
	for _, s := range []string{"i + 1", `sc == "a"`, `somma(righe, "n") / conta(righe)`, `t in ["a"]`, "b ? g : oggi()", "eta(g) > 3", "not vuoto(sm)", "-i*-i", "#", "a?.b", "let x = 1; x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, tipo := range []modulo.Tipo{modulo.Importo, modulo.Testo, modulo.SiNo, modulo.Data} {
			m, err := modulo.Compila(banco(tipo, s))
			if err == nil {
				m.Valuta(bancoRisposte, modulo.Opzioni{Oggi: oggi})
			}
		}
	})
}

// FuzzBlocco: what an expression means in a form, it means in a block, in a
// section and in a row.
func FuzzBlocco(f *testing.F) {
	for _, s := range []string{`t == "t"`, `t contains "t" and i > 1`, `vuoto(t) or t in ["i","t"]`, "i.t", "i?.t", "t(i)", "{t: i}", "riga.t", "# t", "/* t */ i > 1", "`t` == t", "eta(g) > i", `"\u0074" == t`} {
		f.Add(s)
	}
	campi := []modulo.Campo{campo("t", modulo.Testo), campo("i", modulo.Intero), campo("g", modulo.Data), campo("esito", modulo.SiNo)}
	r := modulo.Risposte{"t": "t", "i": "2", "g": "2000-01-01", "esito": true}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 200 {
			return
		}
		campi := slices.Clone(campi)
		campi[3].Se = s
		d := conCampi(usa("b", "b"), gruppo("righe", "R", usa("b", "b")))
		d.Blocchi = []modulo.Blocco{{ID: "b", Campi: campi}}
		m, err := modulo.Compila(d)
		piatto, err2 := modulo.Compila(conCampi(campi...))
		if err2 != nil {
			return
		}
		require.NoError(t, err)
		o := modulo.Opzioni{Oggi: oggi}
		con := func(prefisso string) modulo.Risposte {
			q := modulo.Risposte{}
			for k, v := range r {
				q[prefisso+k] = v
			}
			return q
		}
		posti := con("b_")
		posti["righe"] = []modulo.Risposte{con("b_")}
		e := m.Valuta(posti, o)
		atteso := piatto.Valuta(r, o).Visibile("esito")
		require.Equal(t, atteso, e.Visibile("b_esito"))
		require.Equal(t, atteso, e.Visibile("righe[0].b_esito"))
	})
}

func FuzzURL(f *testing.F) {
	for _, s := range []string{"https://www.comune.it/a?b=c#d", "http://a.it:80", "www.x.it", "https://a.it/%2F%zz?x=%", "HTTPS://À.it/è#é"} {
		f.Add(s)
	}
	m := daCampi(f, campo("x", modulo.URL))
	f.Fuzz(func(t *testing.T, s string) {
		stabile(t, m, modulo.Risposte{"x": s})
		e := m.Valuta(modulo.Risposte{"x": s}, modulo.Opzioni{})
		if v, ok := e.Valori["x"].(string); ok && len(e.Errori) == 0 {
			u, err := url.Parse(v)
			require.NoError(t, err)
			require.Contains(t, []string{"http", "https"}, u.Scheme)
			require.Nil(t, u.User)
			require.Contains(t, u.Hostname(), ".")
		}
	})
}

func FuzzValuta(f *testing.F) {
	b, err := json.Marshal(nucleo())
	require.NoError(f, err)
	f.Add(b)
	f.Add([]byte(`{"figli":[1,null,{"nome":{}}],"isee":1e400,"servizi":{"a":[]},"delega":[[],3,"x"],"veridicita":"on"}`))
	m := daFile(f, "assegno_nucleo")
	f.Fuzz(func(t *testing.T, b []byte) {
		var r modulo.Risposte
		if json.Unmarshal(b, &r) != nil {
			return
		}
		stabile(t, m, r)
	})
}

// stabile: a draft reports nothing, the outcome survives JSON and evaluating it
// again changes nothing.
func stabile(t require.TestingT, m *modulo.Modulo, r modulo.Risposte) {
	o := modulo.Opzioni{Oggi: oggi, Bozza: true}
	e := m.Valuta(r, o)
	require.Empty(t, e.Errori)
	j, err := json.Marshal(e.Valori)
	require.NoError(t, err)
	var dopo modulo.Risposte
	require.NoError(t, json.Unmarshal(j, &dopo))
	require.Equal(t, e.Valori, m.Valuta(dopo, o).Valori)
	o.Bozza = false
	for _, v := range m.Valuta(r, o).Errori {
		require.NotEmpty(t, v.Messaggio)
		if v.Percorso != "" {
			require.True(t, e.Visibile(v.Percorso))
		}
	}
	m.Riepiloga(e.Valori, nil)
}

func TestValutaStabile(t *testing.T) {
	t.Parallel()
	forme := []*modulo.Modulo{daFile(t, "assegno_nucleo"), daFile(t, "occupazione_suolo")}
	rapid.Check(t, func(t *rapid.T) {
		testi := rapid.OneOf(rapid.SampledFrom([]string{"", "1,5", "1.234", "1.2345", "0.125", "31/3/2010", "2026-02-30", "si", "no", "email", "impresa", "mensa", "15:3", " x "}), rapid.String())
		scalare := rapid.OneOf(testi.AsAny(), rapid.Bool().AsAny(), rapid.Float64().AsAny(), rapid.SliceOfN(testi, 0, 3).AsAny())
		m := rapid.SampledFrom(forme).Draw(t, "modulo")
		r := modulo.Risposte{}
		for _, s := range m.Definizione().Sezioni {
			for _, c := range s.Campi {
				if c.Tipo != modulo.Gruppo {
					r[c.ID] = scalare.Draw(t, c.ID)
					continue
				}
				var rr []map[string]any
				for range rapid.IntRange(0, 3).Draw(t, "righe") {
					riga := map[string]any{}
					for _, f := range c.Campi {
						riga[f.ID] = scalare.Draw(t, f.ID)
					}
					rr = append(rr, riga)
				}
				r[c.ID] = rr
			}
		}
		stabile(t, m, r)
	})
}

// Whatever cents one writes in the Italian way, the sum is the sum.
func TestSommaEsatta(t *testing.T) {
	t.Parallel()
	m, err := modulo.Compila(banco(modulo.Importo, `somma(righe, "n") + i`))
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		cc := rapid.SliceOfN(rapid.IntRange(0, 999_999_99), 1, 20).Draw(t, "centesimi")
		euro := func(n int, sep string) string { return fmt.Sprintf("%d%s%02d", n/100, sep, n%100) }
		tot, rr := cc[0], []map[string]any{}
		for _, n := range cc[1:] {
			tot += n
			rr = append(rr, map[string]any{"n": euro(n, ",")})
		}
		e := m.Valuta(modulo.Risposte{"i": euro(cc[0], "."), "righe": rr}, modulo.Opzioni{})
		require.Equal(t, euro(tot, "."), e.Valori["esito"])
	})
}

// grande is a form of 200 fields, one in four with a condition, one in four computed.
func grande() (modulo.Definizione, modulo.Risposte) {
	d := modulo.Definizione{ID: "grande", Versione: 1, Titolo: "Grande"}
	r := modulo.Risposte{}
	for s := range 10 {
		sez := modulo.Sezione{ID: fmt.Sprintf("s%d", s), Titolo: "S"}
		for i := range 20 {
			c := campo(fmt.Sprintf("c%d_%d", s, i), []modulo.Tipo{modulo.Testo, modulo.Importo, modulo.Importo, modulo.Data}[i%4])
			switch i % 4 {
			case 0:
				r[c.ID], c.Obbligatorio = strings.Repeat("x", 20), true
			case 1:
				r[c.ID] = "1.234,56"
			case 2:
				c.Calcolo = fmt.Sprintf("c%d_%d * 0.22 + 1", s, i-1)
			default:
				r[c.ID], c.Se = "31/03/2026", fmt.Sprintf("c%d_%d > 10", s, i-1)
			}
			sez.Campi = append(sez.Campi, c)
		}
		d.Sezioni = append(d.Sezioni, sez)
	}
	return d, r
}

func BenchmarkCompila200(b *testing.B) {
	d, _ := grande()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := modulo.Compila(d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkValuta200(b *testing.B) {
	d, r := grande()
	m, err := modulo.Compila(d)
	require.NoError(b, err)
	b.Run("modulo", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if e := m.Valuta(r, modulo.Opzioni{Oggi: oggi}); len(e.Errori) > 0 {
				b.Fatal(e.Errori)
			}
		}
	})
	// The floor: copying the answers, nothing looked at.
	b.Run("copia", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = r.Copia()
		}
	})
}
