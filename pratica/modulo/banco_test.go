package modulo_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/expr-lang/expr"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// mille is a form of 1,000 fields in 20 sections: one in four with a condition,
// one in four computed, a hundred in gruppi of five rows.
func mille() (modulo.Definizione, modulo.Risposte) {
	d := modulo.Definizione{ID: "mille", Versione: 1, Titolo: "Mille"}
	r := modulo.Risposte{}
	for s := range 20 {
		sez := modulo.Sezione{ID: fmt.Sprintf("s%d", s), Titolo: "S"}
		for i := range 44 {
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
		g := gruppo(fmt.Sprintf("g%d", s), "Riga", campo("a", modulo.Testo), campo("b", modulo.Importo), campo("c", modulo.Importo), campo("d", modulo.SiNo), campo("e", modulo.CodiceFiscale))
		g.Campi[2].Calcolo = "riga.b * 2"
		g.Campi[3].Se = "riga.b > 1"
		var rr []map[string]any
		for range 5 {
			rr = append(rr, map[string]any{"a": "x", "b": "1,5", "d": "si", "e": "RSSMRA80A01H501U"})
		}
		r[g.ID] = rr
		sez.Campi = append(sez.Campi, g)
		d.Sezioni = append(d.Sezioni, sez)
	}
	return d, r
}

func BenchmarkCompila1000(b *testing.B) {
	d, _ := mille()
	b.Run("modulo", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := modulo.Compila(d); err != nil {
				b.Fatal(err)
			}
		}
	})
	// The floor: the same expressions, each compiled by itself with the fields that
	// it names, nothing checked of the form.
	b.Run("espressioni", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			espressioni(b, d)
		}
	})
}

func BenchmarkValuta1000(b *testing.B) {
	d, r := mille()
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

// espressioni compiles every expression of the form with the library alone.
func espressioni(b *testing.B, d modulo.Definizione) {
	b.Helper()
	ambiente := map[string]any{"x": 1.0, "riga": map[string]any{"b": 1.0}}
	uno := func(c modulo.Campo) {
		for _, s := range []string{c.Se, c.Calcolo} {
			if i := strings.IndexAny(s, " "); s != "" && !strings.HasPrefix(s, "riga") {
				s = "x" + s[i:]
			}
			if s == "" {
				continue
			}
			if _, err := expr.Compile(s, expr.Env(ambiente)); err != nil {
				b.Fatal(err)
			}
		}
	}
	for _, s := range d.Sezioni {
		for _, c := range s.Campi {
			uno(c)
			for _, f := range c.Campi {
				uno(f)
			}
		}
	}
}
