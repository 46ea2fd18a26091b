package s3_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage/s3"
)

// taglie are a form, a photograph, a large plan that goes in parts.
var taglie = []int{100 << 10, 4 << 20, 32 << 20}

func nomeTaglia(n int) string {
	if n < 1<<20 {
		return fmt.Sprintf("%dKiB", n>>10)
	}
	return fmt.Sprintf("%dMiB", n>>20)
}

// misura runs ours and the floor turn by turn. "rapporto" is the ratio of the
// medians of one run; machines differ, it does not.
func misura(b *testing.B, lungo int, nostro, pavimento func(giro int)) {
	var n, p []time.Duration
	giro := 0
	b.SetBytes(int64(lungo))
	for b.Loop() {
		giro++
		inizio := time.Now()
		nostro(giro)
		mezzo := time.Now()
		pavimento(giro)
		n, p = append(n, mezzo.Sub(inizio)), append(p, time.Since(mezzo))
	}
	slices.Sort(n)
	slices.Sort(p)
	a, f := n[len(n)/2], p[len(p)/2]
	b.ReportMetric(float64(a.Microseconds())/1000, "ms/nostro")
	b.ReportMetric(float64(f.Microseconds())/1000, "ms/pavimento")
	b.ReportMetric(float64(a)/float64(f), "rapporto")
}

// perBusta runs a benchmark in the clear and sealed.
func perBusta(b *testing.B, fn func(b *testing.B, a *s3.Archivio, g *grezzo, lungo int)) {
	for _, sigillato := range []bool{false, true} {
		for _, lungo := range taglie {
			nome := nomeTaglia(lungo) + "/chiaro"
			if sigillato {
				nome = nomeTaglia(lungo) + "/sigillato"
			}
			b.Run(nome, func(b *testing.B) {
				c, g := servizio(b)
				if sigillato {
					c.Busta = sigilla(b, "k1", false)
				}
				fn(b, apri(b, c), g, lungo)
			})
		}
	}
}

// BenchmarkScrivi stores contents that are not there yet. The floor is
// minio-go's PutObject of the same bytes, already in memory, under a name known
// before: no hash to find out, no temporary file, no look at what is there.
func BenchmarkScrivi(b *testing.B) {
	ctx := context.Background()
	perBusta(b, func(b *testing.B, a *s3.Archivio, g *grezzo, lungo int) {
		v := acaso(lungo)
		misura(b, lungo, func(giro int) {
			copy(v, fmt.Sprint(giro, " "))
			if _, err := a.Scrivi(ctx, ente, bytes.NewReader(v), 1<<30); err != nil {
				b.Fatal(err)
			}
		}, func(giro int) {
			_, err := g.Client.PutObject(ctx, g.bucket, fmt.Sprint(g.prefix, "pavimento/", giro), bytes.NewReader(v), int64(lungo), minio.PutObjectOptions{})
			if err != nil {
				b.Fatal(err)
			}
		})
	})
}

// BenchmarkApri reads a content to its end. The floor is minio-go's GetObject of
// the same bytes, which verifies nothing.
func BenchmarkApri(b *testing.B) {
	ctx := context.Background()
	perBusta(b, func(b *testing.B, a *s3.Archivio, g *grezzo, lungo int) {
		v := acaso(lungo)
		f, err := a.Scrivi(ctx, ente, bytes.NewReader(v), 1<<30)
		require.NoError(b, err)
		g.scrivi(g.prefix+"pavimento", string(v))
		leggi := func(r io.ReadCloser, err error) {
			if err != nil {
				b.Fatal(err)
			}
			n, err := io.Copy(io.Discard, r)
			if err != nil || n != int64(lungo) || r.Close() != nil {
				b.Fatal(n, err)
			}
		}
		misura(b, lungo, func(int) { leggi(a.Apri(ctx, ente, f.SHA256)) }, func(int) {
			leggi(g.Client.GetObject(ctx, g.bucket, g.prefix+"pavimento", minio.GetObjectOptions{}))
		})
	})
}
