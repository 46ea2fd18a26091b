package html_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
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

func BenchmarkMille(b *testing.B) {
	m, v := mille(b)
	r := renderer(b)
	b.ReportAllocs()
	for b.Loop() {
		var s strings.Builder
		if err := r.Sezione(&s, m, "s", v, nil, html.StatoModulo{Oggi: oggi}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMilleSoloValuta(b *testing.B) {
	m, v := mille(b)
	for b.Loop() {
		_ = m.Valuta(v, modulo.Opzioni{Bozza: true, Oggi: oggi})
	}
}
