package bolli

import (
	"errors"
	"regexp"
	"slices"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// ErrEsenzione: the catalogue has no such exemption on that day.
var ErrEsenzione = errors.New("bolli: esenzione non prevista in questo giorno")

// Motivo says what an exemption depends on.
type Motivo string

const (
	PerSoggetto Motivo = "soggetto" // who asks: a charity, a public body
	PerUso      Motivo = "uso"      // what the act is for; the use is declared and printed on the act (Ris. AdE 130/2006)
	PerAtto     Motivo = "atto"     // the kind of act itself
)

// Esenzione is a case in which the duty is not due. The exemption is specific:
// the citizen claims one code and declares that it applies (DPR 445/2000, art.
// 46, 47, 76), and its citation is printed on the act.
type Esenzione struct {
	Codice string `json:"codice"` // stable: "B27bis"; letters, digits and "_", 1–40
	Titolo string `json:"titolo"` // Italian, for the choice
	Motivo Motivo `json:"motivo"`
	Norma  Norma  `json:"norma"`
	Prova  bool   `json:"prova,omitempty"` // the ente should ask for a document that proves it
	// Incerta: nobody has verified the row at the source; the ente should
	// confirm it or replace it with Catalogo.Con.
	Incerta bool `json:"incerta,omitempty"`
}

// Dicitura is what is printed on the act.
func (e Esenzione) Dicitura() string {
	return "Esente da imposta di bollo ai sensi di: " + e.Norma.Testo
}

// Catalogo is a list of exemptions, each code possibly more than once with norms
// of different days.
type Catalogo []Esenzione

const massimoCatalogo = 1000

var formaCodice = regexp.MustCompile(`^[0-9A-Za-z_]{1,40}$`)

// Al gives the exemptions that hold on that day, in the order of the catalogue.
func (c Catalogo) Al(giorno termini.Giorno) []Esenzione {
	var v []Esenzione
	for _, e := range c {
		if e.Norma.Vigente(giorno) {
			v = append(v, e)
		}
	}
	return v
}

// Trova gives the exemption of that code on that day, or ErrEsenzione.
func (c Catalogo) Trova(codice string, giorno termini.Giorno) (Esenzione, error) {
	for _, e := range c {
		if e.Codice == codice && e.Norma.Vigente(giorno) {
			return e, nil
		}
	}
	return Esenzione{}, ErrEsenzione
}

// Con gives a new catalogue in which the given rows take the place of every row
// with their code, or are added at the end. This is how an ente corrects the
// uncertain rows and adds its own.
func (c Catalogo) Con(righe ...Esenzione) Catalogo {
	nuovo := make(Catalogo, 0, len(c)+len(righe))
	for _, e := range c {
		if !slices.ContainsFunc(righe, func(r Esenzione) bool { return r.Codice == e.Codice }) {
			nuovo = append(nuovo, e)
		}
	}
	return append(nuovo, righe...)
}

// Verifica finds the rows that cannot stand: code malformed, title or norm
// missing, the same code twice on the same day. The error is nil or a *NonValido.
func (c Catalogo) Verifica() error {
	var e problemi
	if len(c) > massimoCatalogo {
		e.aggiungi("catalogo", "numero", "Il catalogo ha troppe esenzioni.")
		return e.errore()
	}
	for i, r := range c {
		if !formaCodice.MatchString(r.Codice) {
			e.aggiungi("catalogo", "formato", "Il codice di un'esenzione deve avere da 1 a 40 lettere, cifre o trattini bassi.")
			continue
		}
		if r.Titolo == "" || r.Norma.Testo == "" {
			e.aggiungi(r.Codice, "mancante", "Indica titolo e norma dell'esenzione.")
		}
		if slices.ContainsFunc(c[:i], func(p Esenzione) bool { return p.Codice == r.Codice && sovrapposte(p.Norma, r.Norma) }) {
			e.aggiungi(r.Codice, "duplicato", "L'esenzione è indicata due volte per lo stesso periodo.")
		}
	}
	return e.errore()
}

func sovrapposte(a, b Norma) bool {
	finePrima := func(x, y Norma) bool { return !x.Al.IsZero() && !y.Dal.IsZero() && x.Al.Prima(y.Dal) }
	return !finePrima(a, b) && !finePrima(b, a)
}
