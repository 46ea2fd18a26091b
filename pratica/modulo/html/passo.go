package html

import (
	"html/template"
	"io"
	"slices"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

// StatoPasso says how far a step is.
type StatoPasso string

// The states of a step.
const (
	PassoCompletato StatoPasso = "completato"
	PassoAttivo     StatoPasso = "attivo"
	PassoDaFare     StatoPasso = "da_fare"
)

// Passo is a step of the path: a section, or a page of the host (riepilogo).
type Passo struct {
	ID, Titolo string
	// URL leads back to a completed step; without it the step is plain text.
	URL   string
	Stato StatoPasso
}

// Passi gives the steps of the visible sections: those before corrente are
// completed, with the address that indirizzo gives. Where corrente is none of
// them (the summary page) all are completed.
func Passi(m *modulo.Modulo, visibili []string, corrente string, indirizzo func(sezione string) string) []Passo {
	attivo := slices.Index(visibili, corrente)
	if attivo < 0 {
		attivo = len(visibili)
	}
	passi := make([]Passo, 0, len(visibili))
	for i, id := range visibili {
		s, ok := m.Sezione(id)
		if !ok {
			continue
		}
		p := Passo{ID: id, Titolo: s.Titolo, Stato: PassoDaFare}
		switch {
		case i < attivo:
			p.Stato = PassoCompletato
			if indirizzo != nil {
				p.URL = indirizzo(id)
			}
		case i == attivo:
			p.Stato = PassoAttivo
		}
		passi = append(passi, p)
	}
	return passi
}

// posto gives the place of a step counting from one, and how many there are.
func posto(id string, passi []Passo) (int, int) {
	return slices.IndexFunc(passi, func(p Passo) bool { return p.ID == id }) + 1, len(passi)
}

// Stepper writes the bar of the steps. Completed steps with a URL are links.
func (r *Renderer) Stepper(w io.Writer, passi []Passo) error {
	type passo struct {
		Passo
		Titolo   template.HTML
		Posto    int // counting from one
		Classe   string
		Attivo   bool
		Compiuto bool
		voce
	}
	v := struct {
		Passi         []passo
		Numero, Tutti int
	}{Tutti: len(passi)}
	fissi := voce{r.fissa()}
	for i, p := range passi {
		x := passo{Passo: p, Titolo: r.titolo(p.ID, p.Titolo), voce: fissi, Posto: i + 1, Attivo: p.Stato == PassoAttivo, Compiuto: p.Stato == PassoCompletato}
		switch p.Stato {
		case PassoAttivo:
			x.Classe, v.Numero = "active", i+1
		case PassoCompletato:
			x.Classe = "confirmed"
		default:
		}
		v.Passi = append(v.Passi, x)
	}
	return r.esegui(w, "stepper", v)
}

// titolo gives the title of a section in the language of the Renderer; that of
// a page of the host as it is.
func (r *Renderer) titolo(id, italiano string) template.HTML {
	t := lingua.Testo{Valore: italiano}
	if s, ok := r.traduzioni.Sezione(r.lingua, id, italiano); ok {
		t = s
	}
	return scrivi(r.fissa(), t)
}
