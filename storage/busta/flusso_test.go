package busta_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/storage/busta"
)

const (
	segmento = 64 << 10
	sigillo  = 16
)

// contenuto gives n bytes that differ from segment to segment.
func contenuto(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i>>16 + i>>8 ^ i)
	}
	return b
}

// lunghezza draws sizes, most of them near the border of a segment.
func lunghezza() *rapid.Generator[int] {
	return rapid.Custom(func(t *rapid.T) int {
		intorno := rapid.IntRange(-20, 20).Draw(t, "intorno")
		return max(0, rapid.IntRange(0, 3).Draw(t, "segmenti")*segmento+intorno)
	})
}

// spezzato reads and writes in pieces of lengths that a test draws.
type spezzato struct {
	t *rapid.T
	r io.Reader
}

func (s spezzato) Read(b []byte) (int, error) {
	n := rapid.SampledFrom([]int{1, 7, 4096, segmento - 1, segmento, segmento + sigillo, 1 << 20}).Draw(s.t, "pezzo")
	return s.r.Read(b[:min(n, len(b))])
}

// TestAndataERitorno: whatever is sealed, and however it is cut into pieces,
// comes back; memory and streams speak the same format.
func TestAndataERitorno(t *testing.T) {
	t.Parallel()
	b := nuova(t, "2026")
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		chiaro := contenuto(lunghezza().Draw(rt, "lunghezza"))
		var dati bytes.Buffer
		w, err := b.Scrittore(ctx, ente, contesto, &dati)
		require.NoError(rt, err)
		for r := (spezzato{rt, bytes.NewReader(chiaro)}); ; {
			pezzo := make([]byte, 1<<20)
			n, err := r.Read(pezzo)
			if errors.Is(err, io.EOF) {
				break
			}
			scritti, err := w.Write(pezzo[:n])
			require.NoError(rt, err)
			require.Equal(rt, n, scritti)
			clear(pezzo) // the writer keeps nothing of it
		}
		require.NoError(rt, w.Close())
		require.NoError(rt, w.Close())
		_, err = w.Write([]byte("oltre"))
		require.Error(rt, err)
		require.Len(rt, chiudi(t, b, chiaro), dati.Len())

		letto, err := b.Apri(ctx, ente, contesto, dati.Bytes())
		require.NoError(rt, err)
		require.True(rt, bytes.Equal(chiaro, letto))
		letto, err = tutto(b, spezzato{rt, iotest.DataErrReader(bytes.NewReader(dati.Bytes()))})
		require.NoError(rt, err)
		require.True(rt, bytes.Equal(chiaro, letto))
		letto, err = tutto(b, spezzato{rt, bytes.NewReader(chiudi(t, b, chiaro))})
		require.NoError(rt, err)
		require.True(rt, bytes.Equal(chiaro, letto))
	})
}

// TestRotazione: through any series of active keys the content stays.
func TestRotazione(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		anni := rapid.SampledFrom([]string{"2025", "2026"})
		chiaro := contenuto(lunghezza().Draw(rt, "lunghezza"))
		attiva := anni.Draw(rt, "prima")
		dati := chiudi(t, nuova(t, attiva), chiaro)
		for range rapid.IntRange(1, 5).Draw(rt, "volte") {
			nuovaAttiva := anni.Draw(rt, "poi")
			nuovi, cambiati, err := nuova(t, nuovaAttiva).Riavvolgi(ctx, ente, contesto, dati)
			require.NoError(rt, err)
			require.Equal(rt, nuovaAttiva != attiva, cambiati)
			attiva, dati = nuovaAttiva, nuovi
			letto, err := tutto(nuova(t, "2025"), bytes.NewReader(dati))
			require.NoError(rt, err)
			require.True(rt, bytes.Equal(chiaro, letto))
		}
	})
}

// rifiutati checks that nobody takes dati for the content; a stream may give
// what stands in its place before it fails, never other bytes, never the end.
func rifiutati(t require.TestingT, b *busta.Busta, chiaro, dati []byte, nome string) {
	ctx := context.Background()
	_, err := b.Apri(ctx, ente, contesto, dati)
	require.Error(t, err, nome)
	if busta.Sigillata(dati) {
		require.True(t, errors.Is(err, busta.ErrAlterata) || errors.Is(err, busta.ErrChiave), nome)
	} else {
		require.ErrorIs(t, err, busta.ErrInChiaro, nome)
	}
	letto, errFlusso := tutto(b, bytes.NewReader(dati))
	require.EqualError(t, errFlusso, err.Error(), nome)
	require.True(t, bytes.HasPrefix(chiaro, letto), nome)
}

// TestOgniBit turns each bit of a small content, head and body.
func TestOgniBit(t *testing.T) {
	t.Parallel()
	b := nuova(t, "2026")
	chiaro := []byte("riservato")
	dati := chiudi(t, b, chiaro)
	for i := range len(dati) * 8 {
		dati[i/8] ^= 1 << (i % 8)
		rifiutati(t, b, chiaro, dati, "bit")
		dati[i/8] ^= 1 << (i % 8)
	}
	letto, err := b.Apri(context.Background(), ente, contesto, dati)
	require.NoError(t, err)
	require.Equal(t, chiaro, letto)
}

// TestManomissione changes contents of several segments in one place or another.
func TestManomissione(t *testing.T) {
	t.Parallel()
	b := nuova(t, "2026")
	rapid.Check(t, func(rt *rapid.T) {
		chiaro := contenuto(lunghezza().Draw(rt, "lunghezza"))
		dati := chiudi(t, b, chiaro)
		dove := rapid.IntRange(0, len(dati)-1).Draw(rt, "dove")
		switch rapid.IntRange(0, 2).Draw(rt, "come") {
		case 0:
			dati[dove] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
		case 1:
			dati = dati[:dove]
		default:
			dati = append(dati, rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(rt, "coda")...)
		}
		rifiutati(rt, b, chiaro, dati, "manomesso")
	})
}

// TestSegmenti takes, moves, repeats and cuts whole segments.
func TestSegmenti(t *testing.T) {
	t.Parallel()
	b := nuova(t, "2026")
	for _, n := range []int{2 * segmento, 3 * segmento, 3*segmento + 5} {
		chiaro := contenuto(n)
		dati := chiudi(t, b, chiaro)
		testa, err := busta.LunghezzaTesta(dati)
		require.NoError(t, err)
		inizio := dati[:testa+7]
		var pezzi [][]byte
		for resto := dati[testa+7:]; len(resto) > 0; {
			m := min(len(resto), segmento+sigillo)
			pezzi = append(pezzi, resto[:m])
			resto = resto[m:]
		}
		ultimo := len(pezzi) - 1
		componi := func(ordine ...int) []byte {
			d := bytes.Clone(inizio)
			for _, i := range ordine {
				d = append(d, pezzi[i]...)
			}
			return d
		}
		tutti := make([]int, len(pezzi))
		for i := range tutti {
			tutti[i] = i
		}
		letto, err := tutto(b, bytes.NewReader(componi(tutti...)))
		require.NoError(t, err)
		require.True(t, bytes.Equal(chiaro, letto))
		for i := range pezzi { // cut at every border
			rifiutati(t, b, chiaro, componi(tutti[:i]...), "troncato")
			rifiutati(t, b, chiaro, append(componi(tutti[:i]...), pezzi[i][:sigillo]...), "troncato")
		}
		rifiutati(t, b, chiaro, componi(append([]int{1, 0}, tutti[2:]...)...), "scambiati")
		rifiutati(t, b, chiaro, componi(append([]int{0, 0}, tutti[1:]...)...), "ripetuto")
		rifiutati(t, b, chiaro, componi(tutti[1:]...), "senza il primo")
		rifiutati(t, b, chiaro, componi(ultimo), "il solo ultimo")
		rifiutati(t, b, chiaro, componi(append(tutti, ultimo)...), "ultimo due volte")
		rifiutati(t, b, chiaro, append(componi(tutti...), 0), "un byte in coda")
		rifiutati(t, b, chiaro, append(componi(tutti...), dati...), "due contenuti in fila")
	}
}

func TestGuastiDelFlusso(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuova(t, "2026")
	boh := errors.New("boh")
	dati := chiudi(t, b, contenuto(3*segmento))
	for _, n := range []int{0, 5, 9, 40, 90, segmento, segmento + 90 + sigillo, len(dati) - 1} {
		for _, e := range []error{boh, io.ErrUnexpectedEOF} {
			_, err := tutto(b, io.MultiReader(bytes.NewReader(dati[:n]), iotest.ErrReader(e)))
			require.ErrorIs(t, err, e, "what the source says is not taken for a change: %d", n)
			require.NotErrorIs(t, err, busta.ErrAlterata)
		}
	}
	_, err := tutto(b, fermo{})
	require.ErrorIs(t, err, io.ErrNoProgress)
	l, err := b.Lettore(ctx, ente, contesto, bytes.NewReader(dati))
	require.NoError(t, err)
	require.NoError(t, iotest.TestReader(l, contenuto(3*segmento)))
	n, err := l.Read(nil)
	require.Zero(t, n)
	require.NoError(t, err)

	for _, dopo := range []int{0, 1, 2, 3} { // the head, then segments
		w := &pieno{dopo: dopo, err: boh}
		s, err := b.Scrittore(ctx, ente, contesto, w)
		if dopo == 0 {
			require.ErrorIs(t, err, boh)
			require.Nil(t, s)
			continue
		}
		require.NoError(t, err)
		n, err := s.Write(contenuto(3 * segmento))
		if dopo < 3 {
			require.ErrorIs(t, err, boh)
			require.Equal(t, dopo*segmento, n, "what it took before")
			_, err = s.Write([]byte("x"))
			require.ErrorIs(t, err, boh)
		} else {
			require.NoError(t, err)
		}
		require.ErrorIs(t, s.Close(), boh)
		require.ErrorIs(t, s.Close(), boh)
		require.Equal(t, dopo+1, w.chiamate, "nothing more is written after an error")
	}
	_, err = b.Scrittore(ctx, ente, contesto, &pieno{})
	require.ErrorIs(t, err, io.ErrShortWrite)
}

// TestSenzaClose: a stream that nobody closed is no content.
func TestSenzaClose(t *testing.T) {
	t.Parallel()
	b := nuova(t, "2026")
	for _, n := range []int{0, 1, segmento, segmento + 1} {
		var dati bytes.Buffer
		s, err := b.Scrittore(context.Background(), ente, contesto, &dati)
		require.NoError(t, err)
		_, err = s.Write(contenuto(n))
		require.NoError(t, err)
		rifiutati(t, b, contenuto(n), dati.Bytes(), "aperto")
	}
}

// TestMemoriaCostante is not parallel: it counts what the whole process allocates.
func TestMemoriaCostante(t *testing.T) { //nolint:paralleltest // see above
	b := nuova(t, "2026")
	ctx := context.Background()
	var prima, dopo runtime.MemStats
	runtime.ReadMemStats(&prima)
	r, w := io.Pipe()
	go func() { // ends with the stream
		s, err := b.Scrittore(ctx, ente, contesto, w)
		if err == nil {
			_, err = io.CopyN(s, zeri{}, 32<<20)
			err = errors.Join(err, s.Close())
		}
		_ = w.CloseWithError(err)
	}()
	l, err := b.Lettore(ctx, ente, contesto, r)
	require.NoError(t, err)
	n, err := io.Copy(io.Discard, l)
	require.NoError(t, err)
	require.EqualValues(t, 32<<20, n)
	runtime.ReadMemStats(&dopo)
	require.Less(t, dopo.TotalAlloc-prima.TotalAlloc, uint64(1<<20), "bytes")
}

// pieno takes that many writes, then gives err; with none it takes half of each.
type pieno struct {
	dopo, chiamate int
	err            error
}

func (p *pieno) Write(b []byte) (int, error) {
	p.chiamate++
	if p.chiamate <= p.dopo {
		return len(b), nil
	}
	return len(b) / 2, p.err
}

type fermo struct{}

func (fermo) Read([]byte) (int, error) { return 0, nil }

type zeri struct{}

func (zeri) Read(b []byte) (int, error) { clear(b); return len(b), nil }
