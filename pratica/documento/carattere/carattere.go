// Package carattere holds the typefaces (caratteri) of the documents and their
// metrics: Liberation Sans 2.1.5, Regular and Bold, embedded in the binary under
// the SIL Open Font License 1.1 (see OFL.txt). The files are those of the
// authors, unmodified, because the licence reserves the name.
//
// A Carattere answers the two questions that the layout of a page asks, whether
// a character can be printed and how wide it is, without any PDF library.
package carattere

import (
	_ "embed" // the two files below
)

//go:embed LiberationSans-Regular.ttf
var fileNormale string

//go:embed LiberationSans-Bold.ttf
var fileGrassetto string

//go:embed OFL.txt
var licenza string

// Carattere is one parsed typeface. It is immutable and safe for concurrent use.
type Carattere struct {
	file      string
	nome      string
	larghezze map[rune]int32
	latine    [256]int32
}

// Normale parses Liberation Sans Regular. It takes about a millisecond: keep
// the result.
func Normale() (*Carattere, error) { return Leggi("LiberationSans", fileNormale) }

// Grassetto parses Liberation Sans Bold.
func Grassetto() (*Carattere, error) { return Leggi("LiberationSans-Bold", fileGrassetto) }

// Licenza gives the text of the licence of the two embedded typefaces.
func Licenza() string { return licenza }

// Nome gives the PostScript name, as a PDF writes it.
func (c *Carattere) Nome() string { return c.nome }

// File gives a new copy of the TrueType file. A copy, because PDF writers
// scribble on the bytes that they are given.
func (c *Carattere) File() []byte { return []byte(c.file) }

// Ha reports whether the typeface has a glyph of its own for r. Characters
// beyond U+FFFF never have one.
func (c *Carattere) Ha(r rune) bool {
	_, ok := c.larghezze[r]
	return ok
}

// Larghezza gives the advance of r in thousandths of the font size; 0 where
// the typeface lacks it.
func (c *Carattere) Larghezza(r rune) int {
	if r >= 0 && r < 256 {
		return int(c.latine[r])
	}
	return int(c.larghezze[r])
}

// LarghezzaTesto gives the advance of s in thousandths of the font size.
func (c *Carattere) LarghezzaTesto(s string) int {
	n := 0
	for _, r := range s {
		n += c.Larghezza(r)
	}
	return n
}
