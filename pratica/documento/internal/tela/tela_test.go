package tela_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/documento/internal/tela"
)

func disegna(t *testing.T, c tela.Caratteri) []byte {
	t.Helper()
	x, err := tela.Nuova(c, time.Unix(1_780_000_000, 0))
	require.NoError(t, err)
	blu := tela.Colore{R: 0, G: 80, B: 160}
	for range 2 {
		x.Pagina()
		x.Testo(20, 20, tela.Stile{Corpo: 10}, "Perché (così) \\ è")
		x.Testo(20, 30, tela.Stile{Grassetto: true, Corpo: 12, Colore: blu}, "Titolo a b\u00a0c")
		x.Testo(20, 30, tela.Stile{Corpo: 10}, "")
		x.Linea(20, 40, 190, 40, 0.2, blu)
		x.Fondo(20, 50, 10, 10, blu)
	}
	x.VaiA(1)
	x.Testo(20, 290, tela.Stile{Corpo: 8}, "Pagina 1 di 2")
	require.Equal(t, 2, x.Pagine())
	require.NoError(t, x.Guasto())
	b, err := x.Chiudi()
	require.NoError(t, err)
	return b
}

func TestTela(t *testing.T) {
	t.Parallel()
	c, err := tela.NuoviCaratteri()
	require.NoError(t, err)
	b := disegna(t, c)
	require.True(t, bytes.HasPrefix(b, []byte("%PDF-1.3")))
	require.Contains(t, string(b), "/Count 2")
	require.Contains(t, string(b), "/"+tela.NomeInternoNormale+"\n")
	require.Contains(t, string(b), "/"+tela.NomeInternoGrassetto+"\n")
	require.Equal(t, b, disegna(t, c), "the same drawing gives the same bytes")
}

func TestTelaInParallelo(t *testing.T) {
	t.Parallel()
	c, err := tela.NuoviCaratteri()
	require.NoError(t, err)
	atteso := disegna(t, c)
	esiti := make(chan []byte, 4)
	for range 4 {
		go func() { esiti <- disegna(t, c) }()
	}
	for range 4 {
		require.Equal(t, atteso, <-esiti)
	}
}

// Going back to a page, the style in force is that page's, not the last one
// used anywhere: the text must set its own again.
func TestVaiARimetteLoStile(t *testing.T) {
	t.Parallel()
	c, err := tela.NuoviCaratteri()
	require.NoError(t, err)
	x, err := tela.Nuova(c, time.Unix(0, 0))
	require.NoError(t, err)
	grande, piccolo := tela.Stile{Corpo: 20}, tela.Stile{Corpo: 8}
	x.Pagina()
	x.Testo(20, 20, grande, "a")
	x.Pagina()
	x.Testo(20, 20, piccolo, "b")
	x.VaiA(1)
	x.Testo(20, 290, piccolo, "c")
	b, err := x.Chiudi()
	require.NoError(t, err)
	_, flusso, ok := bytes.Cut(b, []byte("stream\n"))
	require.True(t, ok)
	z, err := zlib.NewReader(bytes.NewReader(flusso))
	require.NoError(t, err)
	pagina, err := io.ReadAll(z)
	require.NoError(t, err)
	corpi := regexp.MustCompile(`([0-9.]+) Tf`).FindAllSubmatch(pagina, -1)
	require.Equal(t, "8.00", string(corpi[len(corpi)-1][1]))
}

func TestTelaVuota(t *testing.T) {
	t.Parallel()
	c, err := tela.NuoviCaratteri()
	require.NoError(t, err)
	require.False(t, c.Ha('😀'))
	x, err := tela.Nuova(c, time.Unix(0, 0))
	require.NoError(t, err)
	b, err := x.Chiudi()
	require.NoError(t, err)
	require.Contains(t, string(b), "/Count 1", "an empty document has one blank page")
}

func TestVaiAPaginaInesistente(t *testing.T) {
	t.Parallel()
	c, err := tela.NuoviCaratteri()
	require.NoError(t, err)
	x, err := tela.Nuova(c, time.Unix(0, 0))
	require.NoError(t, err)
	x.Pagina()
	x.VaiA(7)
	require.NoError(t, x.Guasto(), "a page that is not there changes nothing")
	require.Equal(t, 1, x.Pagine())
}

func TestLarghezze(t *testing.T) {
	t.Parallel()
	c, err := tela.NuoviCaratteri()
	require.NoError(t, err)
	s := tela.Stile{Corpo: 10}
	require.InDelta(t, c.LarghezzaRuna(s, 'a')+c.LarghezzaRuna(s, 'b'), c.LarghezzaTesto(s, "ab"), 1e-9)
	require.Greater(t, c.LarghezzaTesto(tela.Stile{Corpo: 10, Grassetto: true}, "abc"), c.LarghezzaTesto(s, "abc"))
}
