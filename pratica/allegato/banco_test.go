package allegato_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/phpdave11/gofpdf"
	"github.com/stretchr/testify/require"
)

// pdf is the least file that is one.
func pdf(corpo string) string {
	return "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + corpo + "\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
}

// flusso is an object with a stream.
func flusso(n int, dizionario, dati string) string {
	return fmt.Sprintf("%d 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n", n, dizionario, len(dati), dati)
}

func sgonfia(s string) string {
	var b bytes.Buffer
	w, _ := zlib.NewWriterLevel(&b, zlib.BestCompression)
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.String()
}

// stampato is a PDF by gofpdf.
func stampato(t testing.TB) []byte {
	t.Helper()
	f := gofpdf.New("P", "mm", "A4", "")
	f.SetFont("Helvetica", "", 12)
	for i := range 3 {
		f.AddPage()
		f.MultiCell(0, 6, strings.Repeat(fmt.Sprintf("Relazione (pagina %d): HTML/JavaScript. ", i), 50), "", "", false)
	}
	f.SetTitle("CSS/JavaScript/Launch", true)
	var b bytes.Buffer
	require.NoError(t, f.Output(&b))
	return b.Bytes()
}

func immagini(t testing.TB, r image.Rectangle) (jpg, ping string) {
	t.Helper()
	m := image.NewGray(r)
	var a, b bytes.Buffer
	require.NoError(t, jpeg.Encode(&a, m, nil))
	require.NoError(t, png.Encode(&b, m))
	return a.String(), b.String()
}

func unaGif(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, gif.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 3)), nil))
	return b.String()
}

// parte is an entry of a ZIP.
type parte struct {
	nome, dati string
	stored     bool
}

func archivio(t testing.TB, parti ...parte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range parti {
		h := &zip.FileHeader{Name: p.nome, Method: zip.Deflate}
		if p.stored { // as office programs write it: sizes first
			h.Method, h.CRC32, h.CompressedSize64, h.UncompressedSize64 = zip.Store, crc(p.dati), uint64(len(p.dati)), uint64(len(p.dati))
			f, err := w.CreateRaw(h)
			require.NoError(t, err)
			_, err = io.WriteString(f, p.dati)
			require.NoError(t, err)
			continue
		}
		f, err := w.CreateHeader(h)
		require.NoError(t, err)
		_, err = io.WriteString(f, p.dati)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func partiDocx(altre ...parte) []parte {
	return append([]parte{
		{nome: "[Content_Types].xml", dati: `<?xml version="1.0"?><Types/>`}, {nome: "_rels/.rels", dati: `<?xml version="1.0"?><Relationships/>`},
		{nome: "word/document.xml", dati: `<?xml version="1.0"?><w:document>` + strings.Repeat("Testo ", 100) + `</w:document>`},
	}, altre...)
}

func partiOdt(altre ...parte) []parte {
	return append([]parte{{nome: "mimetype", dati: odt, stored: true}, {nome: "content.xml", dati: "<?xml version=\"1.0\"?><a/>"},
		{nome: "META-INF/manifest.xml", dati: "<?xml version=\"1.0\"?><m/>"}, {nome: "Basic/script-lc.xml", dati: "<a/>"}, {nome: "Pictures/"}}, altre...)
}

// der is one value: tag, length, contents.
func der(tag byte, parti ...string) string {
	c := strings.Join(parti, "")
	switch n := len(c); {
	case n < 0x80:
		return string([]byte{tag, byte(n)}) + c
	case n < 1<<16:
		return string([]byte{tag, 0x82, byte(n >> 8), byte(n)}) + c
	default:
		return string([]byte{tag, 0x84, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + c
	}
}

// ber is one constructed value of indefinite length.
func ber(tag byte, parti ...string) string {
	return string([]byte{tag, 0x80}) + strings.Join(parti, "") + "\x00\x00"
}

const (
	oidFirmato = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
	oidDati    = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
)

type scrittura func(tag byte, parti ...string) string

// imbusta writes a signedData of one signer around a document.
func imbusta(v scrittura, ottetti string) []byte {
	return []byte(v(0x30, oidFirmato, v(0xa0, v(0x30,
		"\x02\x01\x01", der(0x31, der(0x30, "\x06\x01\x2a")), v(0x30, oidDati, v(0xa0, ottetti)),
		v(0xa0, der(0x30, "certificato")), der(0x31, der(0x30, "firma"))))))
}

// buoni are files that pass, by their names.
func buoni(t testing.TB) map[string][]byte {
	t.Helper()
	jpg, ping := immagini(t, image.Rect(0, 0, 20, 10))
	p := string(stampato(t))
	return map[string][]byte{
		"a.pdf": []byte(p), "im.jpg": []byte(jpg), "im.png": []byte(ping), "im.gif": []byte(unaGif(t)), "a.txt": []byte(strings.Repeat("Buongiorno, è così.\r\n", 500)),
		"a.docx": archivio(t, partiDocx(parte{nome: "word/media/image1.png", dati: ping})...), "a.odt": archivio(t, partiOdt()...),
		"a.zip": archivio(t, parte{nome: "a.pdf", dati: p}, parte{nome: "b/"}, parte{nome: "b/c.txt", dati: "ciao"}),
		"a.p7m": imbusta(der, der(0x04, p)), "a.pdf.p7m": imbusta(ber, ber(0x24, der(0x04, p[:100]), ber(0x24, der(0x04, p[100:200]), der(0x04)), der(0x04, p[200:]))),
	}
}

var immagineGrande = image.Rect(0, 0, 100, 100)

type ripeti string

func (s ripeti) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		n += copy(p[n:], s)
	}
	return n, nil
}

func rumore(n int) string {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

// pdfLungo has pages of noise and of expanded text, and no names by chance.
func pdfLungo(w io.Writer, n int) {
	_, _ = io.WriteString(w, "%PDF-1.7\n")
	dati := flusso(3, "/Filter/FlateDecode", sgonfia(rumore(1<<20))) + flusso(4, "/Filter/DCTDecode", rumore(1<<20)) + flusso(5, "/Filter[/FlateDecode]", sgonfia(strings.Repeat("testo ", 1<<15)))
	for ; n > 0; n -= len(dati) {
		_, _ = io.WriteString(w, dati)
	}
	_, _ = io.WriteString(w, "startxref\n9\n%%EOF\n")
}

func docxLungo(w io.Writer, n int) {
	z := zip.NewWriter(w)
	dati := rumore(1 << 20)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	nomi := []string{"[Content_Types].xml", "word/document.xml"}
	for i := range n >> 20 {
		nomi = append(nomi, fmt.Sprintf("word/media/%d.bin", i))
	}
	for _, nome := range nomi {
		f, _ := z.Create(nome)
		_, _ = io.WriteString(f, dati)
	}
	_ = z.Close()
}

func p7mLungo(w io.Writer, n int) {
	var b bytes.Buffer
	pdfLungo(&b, n)
	_, _ = w.Write(imbusta(ber, ber(0x24, der(0x04, b.String()))))
}
