package html_test

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

// mille builds a form of a thousand fields in one section, of every type that is answered.
func mille(t testing.TB) (*modulo.Modulo, modulo.Risposte) {
	t.Helper()
	var campi []modulo.Campo
	v := modulo.Risposte{}
	for i := range 1000 {
		c := modulo.Campo{ID: fmt.Sprintf("c%d", i), Etichetta: fmt.Sprintf("Campo numero %d", i), Tipo: modulo.Testo, Obbligatorio: i%2 == 0}
		if i%3 == 0 {
			c.Aiuto = "Come scritto sul documento"
		}
		switch i % 10 {
		case 1:
			c.Tipo = modulo.Data
			v[c.ID] = "2026-03-31"
		case 2:
			c.Tipo = modulo.Scelta
			for j := range 4 {
				c.Opzioni = append(c.Opzioni, modulo.Opzione{Valore: fmt.Sprint("v", j), Etichetta: fmt.Sprint("Voce ", j)})
			}
			v[c.ID] = "v1"
		case 3:
			c.Tipo = modulo.Importo
			v[c.ID] = "12.50"
		case 4:
			c.Tipo = modulo.SiNo
			v[c.ID] = true
		case 5:
			c.Tipo = modulo.TestoLungo
			v[c.ID] = "due\nrighe"
		case 6:
			c.Tipo = modulo.Email
			v[c.ID] = "ada@example.org"
		default:
			v[c.ID] = "risposta"
		}
		campi = append(campi, c)
	}
	m, err := modulo.Compila(modulo.Definizione{ID: "mille", Versione: 1, Titolo: "Mille", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "S", Campi: campi}}})
	require.NoError(t, err)
	return m, v
}

// BenchmarkMille renders a form of 1 000 fields in one section.
func BenchmarkMille(b *testing.B) {
	m, v := mille(b)
	for _, l := range []lingua.Lingua{"", lingua.Tedesco} {
		b.Run("lingua="+string(l), func(b *testing.B) {
			r := renderer(b).In(l, nil)
			b.ReportAllocs()
			for b.Loop() {
				if err := r.Sezione(io.Discard, m, "s", v, nil, html.StatoModulo{Oggi: oggi}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMillePavimento is the floor: the evaluation of the same answers, and
// as many bytes escaped and written without any template.
func BenchmarkMillePavimento(b *testing.B) {
	m, v := mille(b)
	var s strings.Builder
	require.NoError(b, renderer(b).Sezione(&s, m, "s", v, nil, html.StatoModulo{Oggi: oggi}))
	righe := strings.Split(s.String(), "\n")
	b.SetBytes(int64(s.Len()))
	b.ReportAllocs()
	for b.Loop() {
		_, _ = m.Sezione("s")
		_ = m.Valuta(v, modulo.Opzioni{Bozza: true, Oggi: oggi})
		var w bytes.Buffer
		for _, r := range righe {
			template.HTMLEscape(&w, []byte(r))
		}
	}
}

func BenchmarkLettura(b *testing.B) {
	m, v := mille(b)
	valori := m.Valuta(v, modulo.Opzioni{Bozza: true, Oggi: oggi}).Valori
	r := renderer(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Lettura(io.Discard, m, valori, html.StatoLettura{Prima: modulo.Risposte{}}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestMille(t *testing.T) {
	t.Parallel()
	m, v := mille(t)
	pagina := sezione(t, m, "s", v, nil, html.StatoModulo{Oggi: oggi})
	require.Equal(t, 1000, strings.Count(pagina, `class="form-control" id="m-c-c`), "700 texts, 100 days of three inputs")
}
