package rifinitura_test

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/documento/internal/rifinitura"
	"github.com/sportello-digitale/pratiche/pratica/documento/internal/tela"
)

func grezzo(t testing.TB) []byte {
	t.Helper()
	c, err := tela.NuoviCaratteri()
	require.NoError(t, err)
	x, err := tela.Nuova(c, time.Unix(1_780_000_000, 0))
	require.NoError(t, err)
	x.Pagina()
	x.Testo(20, 20, tela.Stile{Corpo: 10}, "perché")
	x.Testo(20, 30, tela.Stile{Corpo: 10, Grassetto: true}, "così")
	b, err := x.Chiudi()
	require.NoError(t, err)
	return b
}

func dati(l rifinitura.Livello) rifinitura.Dati {
	return rifinitura.Dati{
		Livello: l, Lingua: "it-IT", Titolo: "Istanza – n. 1", Autore: "Comune di <Forlì & Cesena>", Oggetto: "Servizio (prova) \\", Produttore: "prova",
		Istante: time.Date(2026, 3, 31, 10, 15, 42, 7, time.FixedZone("", -3*3600-1800)),
		Font:    []rifinitura.Font{{Interno: tela.NomeInternoGrassetto, Nome: "Nero"}, {Interno: tela.NomeInternoNormale, Nome: "Chiaro"}},
	}
}

func TestRifinisci(t *testing.T) {
	t.Parallel()
	in := grezzo(t)
	prima := bytes.Clone(in)
	for _, l := range []rifinitura.Livello{rifinitura.PDFA1B, rifinitura.PDFA2B} {
		out, err := rifinitura.Rifinisci(in, dati(l))
		require.NoError(t, err)
		altro, err := rifinitura.Rifinisci(in, dati(l))
		require.NoError(t, err)
		require.Equal(t, out, altro)
		require.Equal(t, prima, in, "the input is left alone")
		s := string(out)
		require.True(t, strings.HasPrefix(s, "%PDF-"+l.VersionePDF+"\n%\xe2\xe3\xcf\xd3\n"))
		for _, c := range []string{
			"/Lang (it-IT)", "/S /GTS_PDFA1", "/DisplayDocTitle true", "/CreationDate (D:20260331101542-03'30')", "<xmp:CreateDate>2026-03-31T10:15:42-03:30<",
			"<dc:language><rdf:Bag><rdf:li>it-IT<", "Comune di &lt;Forlì &amp; Cesena&gt;", "+Chiaro\n", "+Nero\n", "<pdfaid:conformance>B<",
		} {
			require.Contains(t, s, c)
		}
		require.Contains(t, s, "<pdfaid:part>"+string(rune('0'+l.Parte))+"<")
		require.Equal(t, l.Parte == 1, strings.Contains(s, "/CIDSet "))
		for _, c := range []string{"/EmbeddedFiles", "/utf8", "/Transparency"} {
			require.NotContains(t, s, c)
		}
		posizioniGiuste(t, out)
		_, dopo, _ := strings.Cut(s, "/ID [<")
		require.Equal(t, dopo[:32], dopo[35:67], "both halves of /ID")
		require.NoError(t, xmlIntero(s[strings.Index(s, "<x:xmpmeta"):strings.Index(s, "<?xpacket end")]))

		d := dati(l)
		d.Titolo = "altro"
		diverso, err := rifinitura.Rifinisci(in, d)
		require.NoError(t, err)
		require.NotEqual(t, id(out), id(diverso), "/ID follows the content")
	}
}

func id(b []byte) string {
	_, dopo, _ := strings.Cut(string(b), "/ID [<")
	return dopo[:32]
}

func xmlIntero(s string) error {
	for d := xml.NewDecoder(strings.NewReader(s)); ; {
		if _, err := d.Token(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// Each entry of the cross-reference table leads to its object.
func posizioniGiuste(t *testing.T, b []byte) {
	t.Helper()
	var inizio, n int
	i := bytes.LastIndex(b, []byte("startxref\n"))
	_, err := fmt.Sscan(string(b[i+10:]), &inizio)
	require.NoError(t, err)
	righe := strings.Split(string(b[inizio:i]), "\n")
	require.Equal(t, "xref", righe[0])
	_, err = fmt.Sscan(righe[1][2:], &n)
	require.NoError(t, err)
	for k := 1; k < n; k++ {
		var posto int
		_, err = fmt.Sscan(strings.TrimLeft(righe[2+k][:10], "0"), &posto)
		require.NoError(t, err)
		require.True(t, bytes.HasPrefix(b[posto:], []byte(strconv.Itoa(k)+" 0 obj\n")), "object %d", k)
	}
}

func TestRifinisciRifiuta(t *testing.T) {
	t.Parallel()
	in := string(grezzo(t))
	for nome, b := range map[string]string{
		"vuoto": "", "senza coda": in[:len(in)/2], "altro formato": "<html>",
		"xref spostata":    strings.Replace(in, "startxref\n", "startxref\n9", 1),
		"xref non numero":  strings.Replace(in, "startxref\n", "startxref\nx", 1),
		"xref con sezioni": strings.Replace(in, "xref\n0 ", "xref\n1 ", 1),
		"troppi oggetti":   strings.Replace(in, "xref\n0 ", "xref\n0 99", 1),
		"riga guasta":      strings.Replace(in, " 00000 n", " 00000 f", 1),
		"posto guasto":     strings.Replace(in, "\n3 0 obj", "\n9 0 obj", 1),
		"senza radice":     strings.Replace(in, "/Root ", "/Rood ", 1),
		"senza pagine":     strings.Replace(in, "/Pages 1 0 R", "/Pages 0 0 R", 1),
		"senza info":       strings.Replace(in, "/Info ", "/Inf0 ", 1),
		"mappa assente":    strings.Replace(in, "/CIDToGIDMap ", "/CIDToGIDMaq ", 1),
		"mappa altrove":    strings.Replace(in, "/CIDToGIDMap ", "/CIDToGIDMap 1 0 R ", 1),
		"mappa guasta":     strings.Replace(in, "/Filter /FlateDecode>>\nstream\nx", "/Filter /FlateDecode>>\nstreax\nx", 1),
	} {
		require.NotEqual(t, in, b, nome)
		_, err := rifinitura.Rifinisci([]byte(b), dati(rifinitura.PDFA1B))
		require.ErrorIs(t, err, rifinitura.ErrStruttura, nome)
	}
}

func FuzzRifinisci(f *testing.F) {
	in := grezzo(f)
	f.Add(len(in)-20, []byte("99"))
	f.Add(9, []byte("\n4 0 obj"))
	f.Fuzz(func(t *testing.T, posto int, pezzo []byte) {
		b := bytes.Clone(in)
		copy(b[(posto&0x7fffffff)%len(b):], pezzo)
		if _, err := rifinitura.Rifinisci(b, dati(rifinitura.PDFA1B)); err != nil {
			require.ErrorIs(t, err, rifinitura.ErrStruttura)
		}
	})
}

func TestProfiloSRGB(t *testing.T) {
	t.Parallel()
	p := rifinitura.ProfiloSRGB()
	require.EqualValues(t, len(p), binary.BigEndian.Uint32(p))
	require.Equal(t, "mntrRGB XYZ ", string(p[12:24]))
	require.Equal(t, "acsp", string(p[36:40]))
	somma := [3]uint32{} // the three primaries add up to the white point
	bianco := [3]uint32{}
	for i := range int(binary.BigEndian.Uint32(p[128:])) {
		v := p[132+12*i:]
		da, quanto := binary.BigEndian.Uint32(v[4:]), binary.BigEndian.Uint32(v[8:])
		require.LessOrEqual(t, int(da+quanto), len(p))
		for k := range 3 {
			switch string(v[:4]) {
			case "rXYZ", "gXYZ", "bXYZ":
				somma[k] += binary.BigEndian.Uint32(p[int(da)+8+4*k:])
			case "wtpt":
				bianco[k] = binary.BigEndian.Uint32(p[int(da)+8+4*k:])
			}
		}
	}
	for k := range 3 {
		require.InDelta(t, bianco[k], somma[k], 70)
	}
}
