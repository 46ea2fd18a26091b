package allegato_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"image"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/allegato"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

// tutti are the types that the tests admit.
var tutti = []string{
	"application/pdf", "image/jpeg", "image/png", "image/gif", "image/tiff", "image/webp", "text/plain", "application/zip", "application/pkcs7-mime",
	odt, docx, xlsx, asice, "application/msword", "text/rtf",
}

const (
	odt   = "application/vnd.oasis.opendocument.text"
	docx  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsx  = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	asice = "application/vnd.etsi.asic-e+zip"
)

func esamina(nome string, b []byte, scelte ...func(*allegato.Opzioni)) (allegato.Esito, error) {
	o := allegato.Opzioni{Nome: nome, Tipi: tutti, Contenuti: append([]string{"application/pkcs7-mime", "application/zip"}, tutti...)}
	for _, f := range scelte {
		f(&o)
	}
	return allegato.Esamina(bytes.NewReader(b), o)
}

// rifiutato gives the code of a refusal, "" for none.
func rifiutato(t testing.TB, err error) allegato.Codice {
	t.Helper()
	if err == nil {
		return ""
	}
	var r *allegato.Rifiuto
	require.ErrorAs(t, err, &r)
	require.NotEmpty(t, r.Messaggio())
	return r.Codice
}

func TestTipo(t *testing.T) {
	t.Parallel()
	jpg, png := immagini(t, image.Rect(0, 0, 8, 8))
	for nome, c := range map[string]struct {
		file   string
		b      string
		tipo   string
		codice allegato.Codice
	}{
		"vuoto":                   {"a.pdf", "", "", allegato.CodiceVuoto},
		"eseguibile":              {"a.pdf", "MZ\x90\x00\x03" + strings.Repeat("\x00", 200), "", allegato.CodiceTipo},
		"html":                    {"a.txt", "<!DOCTYPE html><html><script>alert(1)</script></html>", "", allegato.CodiceTipo},
		"html dopo un testo":      {"a.txt", "Gentile ufficio,\n<ScRiPt>alert(1)</script>", "", allegato.CodiceTipo},
		"html in UTF-16":          {"a.txt", "\xff\xfec\x00i\x00a\x00o\x00<\x00s\x00v\x00g\x00 \x00", "", allegato.CodiceTipo},
		"svg":                     {"a.png", `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`, "", allegato.CodiceTipo},
		"xml":                     {"a.txt", `<?xml version="1.0"?><a/>`, "", allegato.CodiceTipo},
		"testo":                   {"a.txt", "Buongiorno, ecco il 5 < 6", "text/plain", ""},
		"testo con virgole":       {"a.txt", "a,b,c\nd,e,f\ng,h,i\n", "text/plain", ""},
		"testo in UTF-16":         {"a.txt", "\xff\xfec\x00i\x00a\x00o\x00", "text/plain", ""},
		"testo senza nome":        {"verbale del 12.3.2026", "Buongiorno", "text/plain", ""},
		"testo eseguibile":        {"a.txt.exe", "Buongiorno", "", allegato.CodiceEstensione},
		"testo poi binario":       {"a.txt", strings.Repeat("Buongiorno ", 1000) + "\x00\x01\x02", "", allegato.CodiceMalformato},
		"testo chiamato pdf":      {"a.pdf", "Buongiorno", "", allegato.CodiceEstensione},
		"pdf chiamato eseguibile": {"a.pdf.exe", pdf("1 0 obj<<>>endobj"), "", allegato.CodiceEstensione},
		"pdf":                     {"A.PDF", pdf("1 0 obj<<>>endobj"), "application/pdf", ""},
		"jpeg":                    {"a.jpeg", jpg, "image/jpeg", ""},
		"png":                     {"a.png", png, "image/png", ""},
		"png chiamato jpg":        {"a.jpg", png, "", allegato.CodiceEstensione},
		"ole":                     {"a", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "", allegato.CodiceTipo},
		"rtf":                     {"a.rtf", `{\rtf1 ciao}`, "text/rtf", ""},
		"rtf con oggetti":         {"a.rtf", `{\rtf1 ciao {\object{\*\objdata 00}}}`, "", allegato.CodiceMacro},
	} {
		e, err := esamina(c.file, []byte(c.b))
		require.Equal(t, c.codice, rifiutato(t, err), nome)
		if c.codice == "" {
			require.Equal(t, c.tipo, e.MIME, nome)
			require.Equal(t, c.tipo, e.Contenuto, nome)
			require.EqualValues(t, len(c.b), e.Byte, nome)
		}
	}
	_, err := allegato.Esamina(strings.NewReader("ciao"), allegato.Opzioni{})
	require.ErrorIs(t, err, &allegato.Rifiuto{Codice: allegato.CodiceTipo}, "nothing is admitted unless said")
	e, err := allegato.Esamina(strings.NewReader("a;b\n1;2\n"), allegato.Opzioni{Nome: "a.csv", Tipi: []string{"text/csv"}})
	require.NoError(t, err)
	require.Equal(t, "text/csv", e.MIME)
	e, err = allegato.Esamina(strings.NewReader(`<svg xmlns="http://www.w3.org/2000/svg"/>`), allegato.Opzioni{Nome: "a.svg", Tipi: []string{"image/svg+xml"}})
	require.NoError(t, err)
	require.True(t, e.Ha(allegato.NonEsaminato))
}

func TestMassimo(t *testing.T) {
	t.Parallel()
	massimo := func(o *allegato.Opzioni) { o.Massimo = 1000 }
	_, err := esamina("a.txt", bytes.Repeat([]byte("x"), 1000), massimo)
	require.NoError(t, err, "exactly the bound")
	_, err = esamina("a.txt", bytes.Repeat([]byte("x"), 1001), massimo)
	require.Equal(t, allegato.CodiceTroppoGrande, rifiutato(t, err))
}

// TestPassaUguale: a file that is not refused comes out as it went in, whatever
// the sizes of the reads, and with the same verdict.
func TestPassaUguale(t *testing.T) {
	t.Parallel()
	campioni := buoni(t)
	for nome, b := range campioni {
		intero, err := esamina(nome, b)
		require.NoError(t, err, nome)
		for tipo, r := range map[string]io.Reader{
			"un byte": iotest.OneByteReader(bytes.NewReader(b)), "metà": iotest.HalfReader(bytes.NewReader(b)), "fine coi dati": iotest.DataErrReader(bytes.NewReader(b)),
		} {
			l := allegato.New(r, allegato.Opzioni{Nome: nome, Tipi: tutti})
			letti, err := io.ReadAll(l)
			require.NoError(t, err, nome+" "+tipo)
			require.Equal(t, sha256.Sum256(b), sha256.Sum256(letti), nome+" "+tipo)
			e, err := l.Esito()
			require.NoError(t, err)
			require.Equal(t, intero, e, nome+" "+tipo)
			require.NoError(t, l.Close())
			e, err = l.Esito()
			require.NoError(t, err)
			require.Equal(t, intero, e, "still there")
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		nome := rapid.SampledFrom([]string{"a.pdf", "a.docx", "a.p7m", "im.png", "a.txt"}).Draw(t, "nome")
		l := allegato.New(bytes.NewReader(campioni[nome]), allegato.Opzioni{Nome: nome, Tipi: tutti})
		defer func() { _ = l.Close() }()
		var letti []byte
		for {
			p := make([]byte, rapid.IntRange(1, 5000).Draw(t, "n"))
			n, err := l.Read(p)
			letti = append(letti, p[:n]...)
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
		}
		require.True(t, bytes.Equal(campioni[nome], letti))
	})
}

// TestTronchi: no file that is cut passes, and what is cut or altered ends with a refusal.
func TestTronchi(t *testing.T) {
	t.Parallel()
	for nome, b := range buoni(t) {
		if strings.HasSuffix(nome, ".txt") || strings.HasPrefix(nome, "im.") {
			continue
		}
		for _, n := range []int{1, 3, 10, 40, len(b) / 3, len(b) / 2, len(b) - 9} {
			_, err := esamina(nome, b[:n])
			require.NotEmpty(t, rifiutato(t, err), "%s %d", nome, n)
		}
	}
}

func TestLettore(t *testing.T) {
	t.Parallel()
	rotto := errors.New("rotto")
	l := allegato.New(iotest.ErrReader(rotto), allegato.Opzioni{Nome: "a.txt", Tipi: tutti})
	_, err := io.ReadAll(l)
	require.ErrorIs(t, err, rotto)
	_, err = l.Esito()
	require.ErrorIs(t, err, rotto)
	require.NoError(t, l.Close())
	l = allegato.New(strings.NewReader(strings.Repeat("a", 10_000)), allegato.Opzioni{Nome: "a.txt", Tipi: tutti})
	_, err = l.Read(make([]byte, 10))
	require.NoError(t, err)
	_, err = l.Esito()
	require.ErrorIs(t, err, io.ErrUnexpectedEOF, "no verdict before the end")
	require.NoError(t, l.Close())
	require.NoError(t, l.Close())
	_, err = l.Read(make([]byte, 10))
	require.Error(t, err)
	_, err = l.Esito()
	require.Error(t, err)
	l = allegato.New(strings.NewReader("MZ\x90\x00\x03\x00\x00\x00"), allegato.Opzioni{Nome: "a.txt", Tipi: tutti})
	for range 2 {
		_, err = io.ReadAll(l)
		require.ErrorIs(t, err, &allegato.Rifiuto{Codice: allegato.CodiceTipo}, "again")
	}
	require.NotErrorIs(t, err, &allegato.Rifiuto{Codice: allegato.CodiceVirus})
	require.Equal(t, "allegato: tipo", err.Error())
}

// TestMemoria: what is allocated in all, an upper bound of what is held, does
// not grow with the file.
func TestMemoria(t *testing.T) {
	for nome, fai := range map[string]func(io.Writer, int){
		"a.pdf":  pdfLungo,
		"a.docx": docxLungo,
		"a.p7m":  p7mLungo,
		"a.txt":  func(w io.Writer, n int) { _, _ = io.Copy(w, io.LimitReader(ripeti("Buongiorno\n"), int64(n))) },
	} {
		misura := func(n int) uint64 {
			var file bytes.Buffer
			fai(&file, n)
			b := make([]byte, 32<<10)
			l := allegato.New(bytes.NewReader(file.Bytes()), allegato.Opzioni{Nome: nome, Tipi: tutti, Massimo: 1 << 30})
			defer l.Close()
			var prima, dopo runtime.MemStats
			massimo := uint64(0)
			runtime.GC()
			runtime.ReadMemStats(&prima)
			for i := 0; ; i++ {
				_, err := l.Read(b)
				if errors.Is(err, io.EOF) {
					break
				}
				require.NoError(t, err, nome)
				if i%200 == 0 {
					runtime.GC()
					runtime.ReadMemStats(&dopo)
					if dopo.HeapAlloc > prima.HeapAlloc {
						massimo = max(massimo, dopo.HeapAlloc-prima.HeapAlloc)
					}
				}
			}
			return massimo
		}
		vivi := misura(24 << 20)
		t.Log(nome, vivi)
		require.Less(t, vivi, uint64(1<<20), fmt.Sprintf("%s: 24 MiB", nome))
	}
}
