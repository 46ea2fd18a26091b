package cartella_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage/busta"
)

// Each measure runs, turn by turn, its floor: the same content by bare means of
// the standard library, not encrypted. "rapporto" is the ratio of the medians of
// one run; machines differ, it does not.
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
	b.ReportMetric(float64(a.Microseconds()), "µs/file")
	b.ReportMetric(float64(f.Microseconds()), "µs/pavimento")
	b.ReportMetric(float64(a)/float64(f), "rapporto")
}

func forme(b *testing.B) map[string]*busta.Busta {
	b.Helper()
	return map[string]*busta.Busta{"in_chiaro": nil, "sigillato": nuovaBusta(b, "k1", false)}
}

// BenchmarkScrivi stores 1 MiB; the floor writes, flushes and renames it, flushes
// the folder and computes the hash.
func BenchmarkScrivi(b *testing.B) {
	for nome, bu := range forme(b) {
		b.Run(nome, func(b *testing.B) {
			ctx, chiaro := context.Background(), []byte(strings.Repeat("0123456789abcdef", 1<<16))
			a, dir, n := apriCon(b, filepath.Join(b.TempDir(), "file"), bu), b.TempDir(), 0
			var m misura
			for b.Loop() {
				n++
				copy(chiaro, strconv.Itoa(n)) // every one is new
				m.giro(b, func() error {
					_, err := a.Scrivi(ctx, ente, bytes.NewReader(chiaro), 10<<20)
					return err
				}, func() error { return pavimentoScrivi(dir, strconv.Itoa(n), chiaro) })
			}
			m.riporta(b)
		})
	}
}

func pavimentoScrivi(dir, nome string, chiaro []byte) error {
	sha256.Sum256(chiaro)
	f, err := os.Create(filepath.Join(dir, "aparte"))
	if err != nil {
		return err
	}
	_, err = f.Write(chiaro)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), filepath.Join(dir, nome)); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// BenchmarkApri reads 1 MiB to the end; the floor reads the file and computes the
// hash.
func BenchmarkApri(b *testing.B) {
	for nome, bu := range forme(b) {
		b.Run(nome, func(b *testing.B) {
			ctx, chiaro := context.Background(), strings.Repeat("0123456789abcdef", 1<<16)
			dir := filepath.Join(b.TempDir(), "file")
			a := apriCon(b, dir, bu)
			sha, file := scrivi(b, a, chiaro), unico(b, dir)
			var m misura
			for b.Loop() {
				m.giro(b, func() error {
					r, err := a.Apri(ctx, ente, sha)
					if err != nil {
						return err
					}
					_, err = io.Copy(io.Discard, r)
					return errors.Join(err, r.Close())
				}, func() error {
					f, err := os.Open(file)
					if err != nil {
						return err
					}
					_, err = io.Copy(sha256.New(), f)
					return errors.Join(err, f.Close())
				})
			}
			m.riporta(b)
		})
	}
}

// BenchmarkRiavvolgi brings 100 files of 100 KiB under the other key; "µs/file"
// is the time of one. Looking at files that are under it already is measured too.
func BenchmarkRiavvolgi(b *testing.B) {
	ctx, dir := context.Background(), filepath.Join(b.TempDir(), "file")
	a := apriCon(b, dir, nuovaBusta(b, "k1", false))
	for i := range 100 {
		scrivi(b, a, strconv.Itoa(i)+strings.Repeat("x", 100<<10))
	}
	altra := apriCon(b, dir, nuovaBusta(b, "k2", false))
	b.Run("cambia", func(b *testing.B) {
		for b.Loop() {
			a, altra = altra, a
			n, err := a.Riavvolgi(ctx)
			require.NoError(b, err)
			require.Equal(b, 100, n)
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100, "µs/file")
	})
	b.Run("guarda", func(b *testing.B) {
		for b.Loop() {
			n, err := a.Riavvolgi(ctx)
			require.NoError(b, err)
			require.Zero(b, n)
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100, "µs/file")
	})
}
