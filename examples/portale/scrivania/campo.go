package scrivania

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
)

// tipo says which control a field is.
type tipo string

const (
	area    tipo = "area"    // text of many lines
	unaRiga tipo = "riga"    // text of one line
	intero  tipo = "intero"  // number
	euro    tipo = "euro"    // amount
	menu    tipo = "menu"    // one of many
	radio   tipo = "radio"   // one of few, or of a list with headings
	caselle tipo = "caselle" // any of a list
	carica  tipo = "carica"  // files to upload
)

// campo is one field of the form of an act.
type campo struct {
	Nome, Etichetta, Aiuto string
	Tipo                   tipo
	Obbligatorio           bool
	Valore                 string
	Opzioni                []opzione
	Errori                 []string
}

type opzione struct {
	Valore, Nome, Aiuto string
	Gruppo              string // heading that it stands under
	Scelta              bool
}

// ID is the id of the control in the page; of a list, that of its first option.
func (c campo) ID() string { return "f-" + c.Nome }

// gruppoOpzioni are the options under one heading.
type gruppoOpzioni struct {
	Titolo  string
	Opzioni []opzioneConID
}

type opzioneConID struct {
	opzione
	ID string
}

// Gruppi gives the options under their headings, in order.
func (c campo) Gruppi() []gruppoOpzioni {
	var g []gruppoOpzioni
	for i, o := range c.Opzioni {
		if len(g) == 0 || g[len(g)-1].Titolo != o.Gruppo {
			g = append(g, gruppoOpzioni{Titolo: o.Gruppo})
		}
		id := c.ID()
		if i > 0 {
			id += "-" + strconv.Itoa(i)
		}
		u := &g[len(g)-1]
		u.Opzioni = append(u.Opzioni, opzioneConID{o, id})
	}
	return g
}

// riscrivi puts back what was typed.
func riscrivi(campi []campo, v url.Values) {
	for i := range campi {
		c := &campi[i]
		switch c.Tipo {
		case menu, radio, caselle:
			for j := range c.Opzioni {
				c.Opzioni[j].Scelta = slices.Contains(v[c.Nome], c.Opzioni[j].Valore)
			}
		case area, unaRiga, intero, euro:
			c.Valore = v.Get(c.Nome)
		case carica: // a browser never gives it back
		}
	}
}

// segnala gives each field its errors, and back those that belong to none.
func segnala(campi []campo, errori []pratica.ErroreCampo) []string {
	var altri []string
	for _, e := range errori {
		nome := e.Percorso
		if i := strings.IndexAny(nome, ".["); i >= 0 {
			nome = nome[:i]
		}
		if nome == "file" {
			nome = "nuovi"
		}
		i := slices.IndexFunc(campi, func(c campo) bool { return c.Nome == nome })
		if i < 0 {
			altri = append(altri, e.Messaggio)
			continue
		}
		if !slices.Contains(campi[i].Errori, e.Messaggio) {
			campi[i].Errori = append(campi[i].Errori, e.Messaggio)
		}
	}
	return altri
}

// Vuoto reports whether there is nothing to choose from.
func (c campo) Vuoto() bool {
	return len(c.Opzioni) == 0 && (c.Tipo == menu || c.Tipo == radio || c.Tipo == caselle)
}
