// Package tela is the canvas (tela) on which documents are drawn: the ten calls
// that the layout needs, over phpdave11/gofpdf. Another PDF writer can take its
// place by offering the same calls.
//
// Lengths are millimetres from the top left corner of an A4 page; text is placed
// by its baseline. The canvas draws what it is told: line breaking, page breaking
// and the cleaning of text are the caller's.
package tela

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/phpdave11/gofpdf"

	"github.com/sportello-digitale/pratiche/pratica/documento/carattere"
)

// Size of the page, ISO 216 A4, in millimetres.
const (
	Larghezza = 210.0
	Altezza   = 297.0
)

// PuntiPerMillimetro converts millimetres to the typographic point of PDF.
const PuntiPerMillimetro = 72 / 25.4

// ErrTela is the cause of every failure of the PDF library. Its own message may
// quote the text that it was drawing, so it is not repeated.
var ErrTela = errors.New("tela: la libreria PDF ha rifiutato il disegno")

// Colore is an RGB colour.
type Colore struct{ R, G, B uint8 }

// Stile is how a text is written; comparable with ==.
type Stile struct {
	Grassetto bool
	Corpo     float64 // points
	Colore    Colore
}

// Caratteri are the two typefaces of a document, parsed once and shared.
type Caratteri struct {
	Normale, Grassetto *carattere.Carattere
}

// NuoviCaratteri parses the embedded typefaces.
func NuoviCaratteri() (Caratteri, error) {
	n, err := carattere.Normale()
	if err != nil {
		return Caratteri{}, fmt.Errorf("tela: %w", err)
	}
	g, err := carattere.Grassetto()
	if err != nil {
		return Caratteri{}, fmt.Errorf("tela: %w", err)
	}
	return Caratteri{Normale: n, Grassetto: g}, nil
}

func (c Caratteri) di(s Stile) *carattere.Carattere {
	if s.Grassetto {
		return c.Grassetto
	}
	return c.Normale
}

// LarghezzaRuna gives the advance of one character in millimetres.
func (c Caratteri) LarghezzaRuna(s Stile, r rune) float64 {
	return float64(c.di(s).Larghezza(r)) * s.Corpo / 1000 / PuntiPerMillimetro
}

// LarghezzaTesto gives the width of a line of text in millimetres.
func (c Caratteri) LarghezzaTesto(s Stile, testo string) float64 {
	return float64(c.di(s).LarghezzaTesto(testo)) * s.Corpo / 1000 / PuntiPerMillimetro
}

// Ha reports whether both typefaces can print r.
func (c Caratteri) Ha(r rune) bool { return c.Normale.Ha(r) && c.Grassetto.Ha(r) }

// NomeInterno of the two typefaces inside the PDF as the library writes it, for
// the finishing step that gives them their right name.
const (
	NomeInternoNormale   = "utf8normale"
	NomeInternoGrassetto = "utf8normaleB"
)

const famiglia = "normale"

// Tela is the canvas of one document. Not safe for concurrent use.
type Tela struct {
	pdf      *gofpdf.Fpdf
	stile    Stile
	stileVal bool
}

// Nuova opens an empty document. The instant stands for the clock wherever the
// library would read it.
func Nuova(c Caratteri, istante time.Time) (*Tela, error) {
	f := gofpdf.New("P", "mm", "A4", "")
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(0, 0, 0)
	f.SetCatalogSort(true)
	f.SetCompression(true)
	f.SetCreationDate(istante)
	f.SetModificationDate(istante)
	f.AddUTF8FontFromBytes(famiglia, "", c.Normale.File())
	f.AddUTF8FontFromBytes(famiglia, "B", c.Grassetto.File())
	if f.Err() {
		return nil, ErrTela
	}
	return &Tela{pdf: f}, nil
}

// Pagina adds an empty page and goes to it.
func (t *Tela) Pagina() {
	t.pdf.AddPage()
	t.stileVal = false
}

// Pagine counts the pages.
func (t *Tela) Pagine() int { return t.pdf.PageCount() }

// VaiA goes back to page n, from 1, to draw more on it.
func (t *Tela) VaiA(n int) {
	t.pdf.SetPage(n)
	t.stileVal = false
}

// Testo writes one line with its baseline at y. Every character must be one
// that the typeface has.
func (t *Tela) Testo(x, y float64, s Stile, testo string) {
	if testo == "" {
		return
	}
	if !t.stileVal || s != t.stile {
		variante := ""
		if s.Grassetto {
			variante = "B"
		}
		t.pdf.SetFont(famiglia, variante, s.Corpo)
		t.pdf.SetTextColor(int(s.Colore.R), int(s.Colore.G), int(s.Colore.B))
		t.stile, t.stileVal = s, true
	}
	t.pdf.Text(x, y, testo)
}

// Linea draws a straight line; its thickness is in millimetres.
func (t *Tela) Linea(x1, y1, x2, y2, spessore float64, c Colore) {
	t.pdf.SetDrawColor(int(c.R), int(c.G), int(c.B))
	t.pdf.SetLineWidth(spessore)
	t.pdf.Line(x1, y1, x2, y2)
}

// Fondo fills a rectangle.
func (t *Tela) Fondo(x, y, larghezza, altezza float64, c Colore) {
	t.pdf.SetFillColor(int(c.R), int(c.G), int(c.B))
	t.pdf.Rect(x, y, larghezza, altezza, "F")
}

// Guasto gives the first failure so far, or nil.
func (t *Tela) Guasto() error {
	if t.pdf.Err() {
		return ErrTela
	}
	return nil
}

// Chiudi closes the document and gives its bytes, before finishing.
func (t *Tela) Chiudi() ([]byte, error) {
	t.pdf.SetPage(t.pdf.PageCount())
	var b bytes.Buffer
	if err := t.pdf.Output(&b); err != nil {
		return nil, ErrTela
	}
	return b.Bytes(), nil
}
