package documento_test

import (
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/phpdave11/gofpdf"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/documento"
	"github.com/sportello-digitale/pratiche/pratica/documento/carattere"
)

// moduloDuePagine is a form whose document has two pages.
func moduloDuePagine() documento.DatiIstanza {
	in := istanza()
	var v []documento.Voce
	for i := range 20 {
		v = append(v, documento.Voce{Etichetta: fmt.Sprint("Domanda numero ", i), Valore: "Risposta del cittadino, di media lunghezza"})
	}
	in.Sezioni = []documento.Sezione{{Titolo: "Dati", Voci: v}}
	return in
}

// BenchmarkScrivi makes a two-page form and, in the same run, its floor: bare
// gofpdf drawing the same words in the same typefaces, with nothing checked,
// cleaned, broken or finished. The ratio is the cost of everything else.
func BenchmarkScrivi(b *testing.B) {
	p := produttore(b, documento.Config{})
	d := documento.Istanza(moduloDuePagine())
	_, out := scrivi(b, p, d)
	require.Equal(b, 2, out.Pagine)
	var nostro, base float64
	b.Run("documento", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.Scrivi(context.Background(), io.Discard, d); err != nil {
				b.Fatal(err)
			}
		}
		nostro = float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	})
	n, err := carattere.Normale()
	require.NoError(b, err)
	g, err := carattere.Grassetto()
	require.NoError(b, err)
	normale, grassetto := n.File(), g.File()
	b.Run("gofpdf", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := disegnoNudo(d, normale, grassetto); err != nil {
				b.Fatal(err)
			}
		}
		base = float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	})
	b.Run("rapporto", func(b *testing.B) {
		b.ReportMetric(nostro/base, "documento/gofpdf")
		b.ReportMetric(0, "ns/op")
	})
}

func disegnoNudo(d documento.Documento, normale, grassetto []byte) error {
	f := gofpdf.New("P", "mm", "A4", "")
	f.AddUTF8FontFromBytes("x", "", normale)
	f.AddUTF8FontFromBytes("x", "B", grassetto)
	f.SetCreationDate(quando)
	f.SetAutoPageBreak(true, 20)
	f.AddPage()
	titolo := func(s string) {
		f.SetFont("x", "B", 12)
		f.MultiCell(170, 6, s, "", "L", false)
		f.SetFont("x", "", 10)
	}
	i := d.Intestazione
	for _, s := range []string{i.Ente, i.Ufficio, i.Servizio, i.Oggetto, i.NumeroPratica, i.Protocollo, d.Tipo.Titolo(), d.Dispositivo, d.Identita} {
		titolo(s)
	}
	voci := func(vv []documento.Voce) {
		for _, v := range vv {
			f.CellFormat(60, 6, v.Etichetta, "B", 0, "L", false, 0, "")
			f.CellFormat(110, 6, v.Valore, "B", 1, "L", false, 0, "")
		}
	}
	voci(d.Richiedente)
	for _, p := range d.Parti {
		titolo(p.Titolo)
		for _, s := range append(p.Paragrafi, p.Punti...) {
			f.MultiCell(170, 5, s, "", "L", false)
		}
		voci(p.Voci)
	}
	for _, a := range d.Allegati {
		f.MultiCell(170, 5, a.Nome+" "+a.SHA256, "", "L", false)
	}
	return f.Output(io.Discard)
}
