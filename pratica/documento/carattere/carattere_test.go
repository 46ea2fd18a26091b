package carattere_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/phpdave11/gofpdf"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/documento/carattere"
)

func ExampleNormale() {
	c, err := carattere.Normale()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Nome(), c.Ha('è'), c.Ha('€'), c.Ha('漢'), c.Ha('😀'))
	fmt.Println(c.LarghezzaTesto("Comune"))
	// Output:
	// LiberationSans true true false false
	// 3779
}

// The widths must be those that the PDF library will use to place the glyphs.
func TestLarghezzeComeGofpdf(t *testing.T) {
	t.Parallel()
	for stile, leggi := range map[string]func() (*carattere.Carattere, error){"": carattere.Normale, "B": carattere.Grassetto} {
		c, err := leggi()
		require.NoError(t, err)
		f := gofpdf.New("P", "pt", "A4", "")
		f.AddUTF8FontFromBytes("x", stile, c.File())
		f.SetFont("x", stile, 1000)
		require.NoError(t, f.Error())
		for r := rune(32); r < 0x2600; r++ {
			if c.Ha(r) && c.Larghezza(r) > 0 {
				require.InDelta(t, f.GetStringSymbolWidth(string(r)), c.Larghezza(r), 1, "U+%04X", r)
			}
		}
	}
}

func TestCoperturaItaliana(t *testing.T) {
	t.Parallel()
	for _, leggi := range []func() (*carattere.Carattere, error){carattere.Normale, carattere.Grassetto} {
		c, err := leggi()
		require.NoError(t, err)
		for _, r := range "àèéìòùÀÈÉÌÒÙçñßäöüčšžćđłőșț€«»“”‘’–—…•□°ªº№" {
			require.True(t, c.Ha(r), "%c", r)
		}
		require.False(t, c.Ha(0x1F600))
		require.Zero(t, c.Larghezza(0x6F22))
	}
	require.Contains(t, carattere.Licenza(), "SIL OPEN FONT LICENSE Version 1.1")
}

// The bytes given out are the caller's: writing on them harms nobody.
func TestFileCopia(t *testing.T) {
	t.Parallel()
	c, err := carattere.Normale()
	require.NoError(t, err)
	b := c.File()
	clear(b)
	require.NotEqual(t, b, c.File())
}

func TestLeggiRifiuta(t *testing.T) {
	t.Parallel()
	c, err := carattere.Normale()
	require.NoError(t, err)
	buono := string(c.File())
	for nome, file := range map[string]string{
		"vuoto":          "",
		"otf":            "OTTO" + buono[4:],
		"senza tavole":   "\x00\x01\x00\x00\x00\x00" + strings.Repeat("\x00", 20),
		"troncato":       buono[:200],
		"dati troncati":  buono[:1000],
		"troppo grande":  strings.Repeat("a", 33<<20),
		"em zero":        cambia(buono, "head", 18, "\x00\x00"),
		"senza metriche": cambia(buono, "hhea", 34, "\x00\x00"),
		"senza glifi":    cambia(buono, "maxp", 4, "\x00\x00"),
		"cmap in fondo":  cambia(buono, "cmap", 2, "\xff\xff\xff\xff\xff\xff\xff\xff"),
		"senza unicode":  cambia(buono, "cmap", 2, "\x00\x00"),
		"indice fasullo": "\x00\x01\x00\x00\xff\xff" + strings.Repeat("\xff", 40),
	} {
		_, err := carattere.Leggi(nome, file)
		require.ErrorIs(t, err, carattere.ErrCarattere, nome)
	}
}

// cambia overwrites bytes inside a table.
func cambia(file, tavola string, posto int, nuovi string) string {
	i := strings.Index(file, tavola)
	da := int(file[i+8])<<24 | int(file[i+9])<<16 | int(file[i+10])<<8 | int(file[i+11])
	return file[:da+posto] + nuovi + file[da+posto+len(nuovi):]
}

// Any byte changed in the tables that are read must not bring the parser down.
func FuzzLeggi(f *testing.F) {
	c, err := carattere.Normale()
	require.NoError(f, err)
	buono := c.File()
	f.Add(4, []byte{0, 1})
	f.Add(12, []byte("cmap\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff"))
	f.Add(300, []byte{0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, posto int, pezzo []byte) {
		b := append([]byte(nil), buono...)
		posto &= 0x7fffffff
		for i, v := range pezzo {
			b[(posto+i)%len(b)] = v
		}
		got, err := carattere.Leggi("x", string(b))
		if err != nil {
			require.ErrorIs(t, err, carattere.ErrCarattere)
			return
		}
		require.False(t, got.Ha(0x10FFFF))
	})
}
