package servizio

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// CampoElenco is a field of the form in the lists of the desk. At least one of
// Colonna, Cerca and Somma is set:
//
//	"elenco": [
//	  {"campo": "luogo", "titolo": "Luogo", "colonna": true, "cerca": true},
//	  {"campo": "superficie", "titolo": "Superficie (m²)", "colonna": true, "somma": true},
//	  {"campo": "bambini.nascita", "titolo": "Nati il", "colonna": true}
//	]
//
// What is chosen here is kept beside the pratica for the database to search and
// to add up, so in clear, also where the store encrypts the pratica itself. Take
// what lists need and no more (Regulation EU 2016/679, art. 5, par. 1, c);
// Avvertenze names the fields to think about. A change holds for the pratiche
// pinned to the version that makes it, from their next command on.
type CampoElenco struct {
	// Campo is the id of a field, or "gruppo.campo" for one of a repeatable group:
	// its values in all the rows are then shown one after the other, or as their
	// total where Somma is set.
	Campo   string `json:"campo" validate:"required,max=129"`
	Titolo  string `json:"titolo,omitempty" validate:"max=80"` // heading of the column; defaults to the label of the field
	Colonna bool   `json:"colonna,omitempty"`                  // lists show it, and the CSV has it
	Cerca   bool   `json:"cerca,omitempty"`                    // the search of lists looks into it
	Somma   bool   `json:"somma,omitempty"`                    // it is added up and averaged: numbers and amounts
}

// Elenco gives the fields that lists show, search and add up, with their headings.
func (s *Servizio) Elenco() []CampoElenco {
	e := slices.Clone(s.c.Elenco)
	for i := range e {
		if c, ok := s.m.Campo(e[i].Campo); ok {
			e[i].Titolo = cmp.Or(e[i].Titolo, c.Etichetta, c.Testo)
		}
	}
	return e
}

// Avvertenze gives what is admitted, and better thought over by whoever
// publishes the service: identifiers and contacts of people that lists would
// keep in clear.
func (s *Servizio) Avvertenze() []Campo {
	var a []Campo
	for i, x := range s.c.Elenco {
		c, _ := s.m.Campo(x.Campo)
		switch c.Tipo {
		case modulo.CodiceFiscale, modulo.IBAN, modulo.Email, modulo.PEC, modulo.Telefono:
			a = append(a, Campo{percorsoElenco(i), "dato_personale", fmt.Sprintf("Il campo %q è un dato personale: gli elenchi lo conservano in chiaro. Toglilo se l'ufficio non ne ha bisogno.", x.Campo)})
		default:
		}
	}
	return a
}

func percorsoElenco(i int) string { return fmt.Sprintf("elenco[%d].campo", i) }

// elenco checks the fields of lists against the form.
func (e *Errore) elenco(campi []CampoElenco, m *modulo.Modulo) {
	for i, x := range campi {
		c, ok := m.Campo(x.Campo)
		no := func(codice, messaggio string, altro ...any) {
			e.aggiungi(percorsoElenco(i), codice, fmt.Sprintf("Il campo %q "+messaggio, append([]any{x.Campo}, altro...)...))
		}
		switch {
		case x.Campo == "":
		case !ok || strings.Contains(x.Campo, "["): // of one row of a group
			e.aggiungi(percorsoElenco(i), "campo_ignoto", fmt.Sprintf("Il modulo non ha un campo %q.", x.Campo))
		case c.Tipo == modulo.Gruppo:
			no("tipo_campo", "è un gruppo: indica quale dei suoi campi, come %s.nome.", x.Campo)
		case c.Tipo == modulo.File, c.Tipo == modulo.Nota:
			no("tipo_campo", "è di tipo %s, che un elenco non mostra.", c.Tipo)
		case !x.Colonna && !x.Cerca && !x.Somma:
			no("vuoto", "non serve a nulla: chiedi la colonna, la ricerca o la somma, oppure togli la voce.")
		case x.Somma && c.Tipo != modulo.Intero && c.Tipo != modulo.Decimale && c.Tipo != modulo.Importo:
			no("tipo_campo", "è di tipo %s: si sommano solo numeri e importi.", c.Tipo)
		case x.Cerca && (c.Tipo == modulo.SiNo || c.Tipo == modulo.Dichiarazione):
			no("tipo_campo", "è di tipo %s: a cercarlo si troverebbero tutte le pratiche.", c.Tipo)
		}
	}
}
