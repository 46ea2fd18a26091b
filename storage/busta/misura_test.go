package busta_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Each measure runs, turn by turn, its floor: one call of crypto/cipher's GCM on
// the same bytes under a key that is ready. "rapporto" is the ratio of the
// medians of one run; machines differ, it does not.

type misura struct{ nostri, pavimento []time.Duration }

func (m *misura) giro(b *testing.B, nostro, pavimento func() error) {
	b.Helper()
	inizio := time.Now()
	err := nostro()
	m.nostri = append(m.nostri, time.Since(inizio))
	require.NoError(b, err)
	inizio = time.Now()
	err = pavimento()
	m.pavimento = append(m.pavimento, time.Since(inizio))
	require.NoError(b, err)
}

func (m *misura) riporta(b *testing.B) {
	b.Helper()
	slices.Sort(m.nostri)
	slices.Sort(m.pavimento)
	a, f := m.nostri[len(m.nostri)/2], m.pavimento[len(m.pavimento)/2]
	b.ReportMetric(float64(a.Nanoseconds())/1e3, "µs/busta")
	b.ReportMetric(float64(f.Nanoseconds())/1e3, "µs/pavimento")
	b.ReportMetric(float64(a)/float64(f), "rapporto")
}

func nudoGCM(b *testing.B) (cipher.AEAD, []byte) {
	b.Helper()
	c, err := aes.NewCipher(chiave(26))
	require.NoError(b, err)
	g, err := cipher.NewGCM(c)
	require.NoError(b, err)
	return g, make([]byte, g.NonceSize())
}

// 2 KiB is a small projection, 16 KiB a large one, 1 MiB an attachment.
var taglie = []int{2 << 10, 16 << 10, 1 << 20}

func BenchmarkChiudi(b *testing.B) {
	for _, n := range taglie {
		b.Run(fmt.Sprintf("%dKiB", n>>10), func(b *testing.B) {
			ctx, bu, chiaro := context.Background(), nuova(b, "2026"), contenuto(n)
			g, nonce := nudoGCM(b)
			var m misura
			for b.Loop() {
				m.giro(b, func() error {
					_, err := bu.Chiudi(ctx, ente, contesto, chiaro)
					return err
				}, func() error {
					if _, err := rand.Read(nonce); err != nil {
						return err
					}
					g.Seal(nil, nonce, chiaro, nil)
					return nil
				})
			}
			m.riporta(b)
		})
	}
}

func BenchmarkApri(b *testing.B) {
	for _, n := range taglie {
		b.Run(fmt.Sprintf("%dKiB", n>>10), func(b *testing.B) {
			ctx, bu, chiaro := context.Background(), nuova(b, "2026"), contenuto(n)
			dati := chiudi(b, bu, chiaro)
			g, nonce := nudoGCM(b)
			nudi := g.Seal(nil, nonce, chiaro, nil)
			var m misura
			for b.Loop() {
				m.giro(b, func() error {
					_, err := bu.Apri(ctx, ente, contesto, dati)
					return err
				}, func() error {
					_, err := g.Open(nil, nonce, nudi, nil)
					return err
				})
			}
			m.riporta(b)
		})
	}
}

// BenchmarkFlusso seals and opens 16 MiB as streams; the floor does both at once
// in memory.
func BenchmarkFlusso(b *testing.B) {
	ctx, bu, chiaro := context.Background(), nuova(b, "2026"), contenuto(16<<20)
	g, nonce := nudoGCM(b)
	dati := bytes.NewBuffer(make([]byte, 0, 17<<20))
	nudi, aperti := make([]byte, 0, 17<<20), make([]byte, 0, 17<<20)
	var m misura
	for b.Loop() {
		m.giro(b, func() error {
			dati.Reset()
			w, err := bu.Scrittore(ctx, ente, contesto, dati)
			if err != nil {
				return err
			}
			if _, err := w.Write(chiaro); err != nil {
				return err
			}
			if err := w.Close(); err != nil {
				return err
			}
			r, err := bu.Lettore(ctx, ente, contesto, bytes.NewReader(dati.Bytes()))
			if err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, r)
			return err
		}, func() error {
			nudi = g.Seal(nudi[:0], nonce, chiaro, nil)
			_, err := g.Open(aperti[:0], nonce, nudi, nil)
			return err
		})
	}
	b.SetBytes(2 * int64(len(chiaro)))
	m.riporta(b)
}

func BenchmarkRiavvolgiTesta(b *testing.B) {
	ctx, prima, dopo := context.Background(), nuova(b, "2025"), nuova(b, "2026")
	testa := chiudi(b, prima, nil)[:74]
	for b.Loop() {
		if _, _, err := dopo.RiavvolgiTesta(ctx, ente, contesto, testa); err != nil {
			b.Fatal(err)
		}
	}
}
