package documento

import (
	"context"
	"fmt"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/documento/internal/tela"
)

// Measures of the page, in millimetres.
const (
	sinistra  = 20.0
	destra    = tela.Larghezza - 20
	giustezza = destra - sinistra
	alto      = 24.0  // first line of the pages after the first
	fondo     = 272.0 // last line of text
)

var (
	nero    = tela.Colore{R: 0x17, G: 0x1D, B: 0x24}
	grigio  = tela.Colore{R: 0x45, G: 0x51, B: 0x5E} // 8:1 on white
	blu     = tela.Colore{R: 0x00, G: 0x40, B: 0x80} // 10:1 on white
	accento = tela.Colore{R: 0x00, G: 0x66, B: 0xCC}
	filo    = tela.Colore{R: 0xD5, G: 0xDB, B: 0xE1}
	velo    = tela.Colore{R: 0xF1, G: 0xF5, B: 0xF9}
)

var (
	stileTesto       = tela.Stile{Corpo: 10, Colore: nero}
	stileEvidenza    = tela.Stile{Corpo: 10.5, Colore: nero}
	stileDispositivo = tela.Stile{Corpo: 10.5, Grassetto: true, Colore: nero}
	stileForte       = tela.Stile{Corpo: 10, Grassetto: true, Colore: nero}
	stileEtichetta   = tela.Stile{Corpo: 9, Colore: grigio}
	stilePiccolo     = tela.Stile{Corpo: 8, Colore: grigio}
	stileEnte        = tela.Stile{Corpo: 15, Grassetto: true, Colore: blu}
	stileTitolo      = tela.Stile{Corpo: 18, Grassetto: true, Colore: blu}
	stileSezione     = tela.Stile{Corpo: 12, Grassetto: true, Colore: blu}
	stileGruppo      = tela.Stile{Corpo: 10, Grassetto: true, Colore: blu}
	stileColonna     = tela.Stile{Corpo: 9, Grassetto: true, Colore: nero}
)

// interlinea is the distance between two baselines.
func interlinea(s tela.Stile) float64 { return s.Corpo * 1.35 / tela.PuntiPerMillimetro }

// foglio is the sheet being filled: a position that goes down and breaks pages.
// After the first failure it draws nothing more and keeps the error.
type foglio struct {
	ctx       context.Context
	tela      *tela.Tela
	caratteri tela.Caratteri
	pulitore  *pulitore
	massimo   int
	testatina string // running head, already cleaned
	y         float64
	guasto    error
}

// nuova begins a page, unless the caller went away or the document is too long.
func (f *foglio) nuova() bool {
	if f.guasto != nil {
		return false
	}
	if f.guasto = f.ctx.Err(); f.guasto != nil {
		return false
	}
	if f.guasto = f.tela.Guasto(); f.guasto != nil {
		f.guasto = fmt.Errorf("%w: %w", ErrInterno, f.guasto)
		return false
	}
	if f.tela.Pagine() >= f.massimo {
		f.guasto = fmt.Errorf("%w: oltre %d pagine", ErrTroppoGrande, f.massimo)
		return false
	}
	f.tela.Pagina()
	f.y = alto
	if f.tela.Pagine() > 1 {
		f.tela.Testo(sinistra, 15, stilePiccolo, f.accorcia(f.testatina, stilePiccolo, giustezza))
		f.tela.Linea(sinistra, 17.5, destra, 17.5, 0.2, filo)
	}
	return true
}

// spazio makes sure that h millimetres are left on the page. It is false when
// drawing must stop.
func (f *foglio) spazio(h float64) bool {
	if f.guasto != nil {
		return false
	}
	if f.y+h <= fondo || f.y <= alto {
		return true
	}
	return f.nuova()
}

// scendi leaves white, except at the head of a page.
func (f *foglio) scendi(h float64) {
	if f.y > alto {
		f.y += h
	}
}

func (f *foglio) spezza(testo string, s tela.Stile, larghezza float64) []string {
	return aCapo(testo, larghezza, func(r rune) float64 { return f.caratteri.LarghezzaRuna(s, r) })
}

// accorcia cuts a running line that does not fit; the whole text is elsewhere.
func (f *foglio) accorcia(testo string, s tela.Stile, larghezza float64) string {
	if f.caratteri.LarghezzaTesto(s, testo) <= larghezza {
		return testo
	}
	return strings.TrimSpace(f.spezza(testo, s, larghezza-f.caratteri.LarghezzaTesto(s, "…"))[0]) + "…"
}

// blocco writes lines one below the other, going to new pages as needed. Short
// blocks are kept together.
func (f *foglio) blocco(x float64, s tela.Stile, linee []string) {
	h := interlinea(s)
	if len(linee) <= 4 {
		f.spazio(h * float64(len(linee)))
	}
	for _, l := range linee {
		if !f.spazio(h) {
			return
		}
		f.tela.Testo(x, f.y+ascesa(s), s, l)
		f.y += h
	}
}

// ascesa is the distance of the baseline from the top of its line.
func ascesa(s tela.Stile) float64 { return s.Corpo * 1.02 / tela.PuntiPerMillimetro }

// paragrafo writes a text on the whole measure from x.
func (f *foglio) paragrafo(x float64, s tela.Stile, testo string) {
	f.blocco(x, s, f.spezza(f.pulitore.testo(testo), s, destra-x))
}

// cella is one of the cells that stand side by side in a row.
type cella struct {
	x      float64
	stile  tela.Stile
	linee  []string
	destra float64 // right edge, where the text is aligned to it; else 0
}

// fila writes cells side by side. A row that does not fit in what is left goes
// to the next page whole if it can, else it is broken between its lines; ripeti,
// if any, is called at the head of each page that the row reaches.
func (f *foglio) fila(celle []cella, ripeti func()) {
	righe, h := 1, 0.0
	for _, c := range celle {
		righe, h = max(righe, len(c.linee)), max(h, interlinea(c.stile))
	}
	const margine = 1.1
	intera := h*float64(righe) + 2*margine
	cambia := func(serve float64) bool {
		prima := f.tela.Pagine()
		if !f.spazio(serve) {
			return false
		}
		if f.tela.Pagine() != prima && ripeti != nil {
			ripeti()
		}
		return true
	}
	serve := h*float64(min(righe, 3)) + 2*margine
	if intera <= (fondo-alto)/3 {
		serve = intera
	}
	if !cambia(serve) {
		return
	}
	f.y += margine
	for i := range righe {
		if !cambia(h) {
			return
		}
		for _, c := range celle {
			if i >= len(c.linee) {
				continue
			}
			x := c.x
			if c.destra > 0 {
				x = c.destra - f.caratteri.LarghezzaTesto(c.stile, c.linee[i])
			}
			f.tela.Testo(x, f.y+ascesa(stileTesto), c.stile, c.linee[i])
		}
		f.y += h
	}
	f.y += margine
	f.tela.Linea(celle[0].x, f.y, destra, f.y, 0.15, filo)
}
