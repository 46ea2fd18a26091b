package allegato_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/allegato"
)

var le = binary.LittleEndian

// BenchmarkEsamina passes 8 MiB through the examination into a sha256, and says
// how many times as long it takes as the same bytes into the same sha256.
func BenchmarkEsamina(b *testing.B) {
	for nome, fai := range map[string]func(io.Writer, int){
		"a.pdf": pdfLungo, "a.docx": docxLungo, "a.p7m": p7mLungo,
		"a.txt": func(w io.Writer, n int) { _, _ = io.Copy(w, io.LimitReader(ripeti("Buongiorno\n"), int64(n))) },
		"a.png": func(w io.Writer, n int) {
			_, p := immagini(b, immagineGrande)
			_, _ = io.WriteString(w, p)
			_, _ = io.WriteString(w, rumore(n))
		},
	} {
		b.Run(nome, func(b *testing.B) {
			var file bytes.Buffer
			fai(&file, 8<<20)
			b.SetBytes(int64(file.Len()))
			b.ReportAllocs()
			var nudo, esaminato time.Duration
			for b.Loop() {
				inizio := time.Now()
				_, _ = io.Copy(sha256.New(), solo{bytes.NewReader(file.Bytes())})
				mezzo := time.Now()
				l := allegato.New(bytes.NewReader(file.Bytes()), allegato.Opzioni{Nome: nome, Tipi: tutti, Massimo: 1 << 30})
				if _, err := io.Copy(sha256.New(), solo{l}); err != nil {
					b.Fatal(err)
				}
				_ = l.Close()
				nudo, esaminato = nudo+mezzo.Sub(inizio), esaminato+time.Since(mezzo)
			}
			b.ReportMetric(float64(esaminato)/float64(nudo), "volte-il-minimo")
		})
	}
}

type solo struct{ io.Reader }
