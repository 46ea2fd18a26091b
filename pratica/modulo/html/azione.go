package html

import (
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// GenereAzione is what the citizen asked for with the button pressed.
type GenereAzione string

// The actions. Aggiungi, Rimuovi and EliminaFile are already carried out in
// the answers that Leggi gives; after them and Aggiorna the host shows the
// section again.
const (
	Avanti      GenereAzione = "avanti"   // check the section and go on; also Enter in a field
	Indietro    GenereAzione = "indietro" // go back without checking
	Salva       GenereAzione = "salva"    // save the draft, without checking
	Aggiungi    GenereAzione = "aggiungi" // a row was added at Indice
	Rimuovi     GenereAzione = "rimuovi"  // the row at Indice was taken away
	Carica      GenereAzione = "carica"   // keep the files sent for Campo
	EliminaFile GenereAzione = "elimina_file"
	Aggiorna    GenereAzione = "aggiorna" // show the section again, with the options that now belong to Campo
)

// Azione is the button pressed.
type Azione struct {
	Genere GenereAzione
	Campo  string // path of the gruppo or of the file field
	Indice int    // row, from zero
	File   string // id of the file that was taken away; the host may delete it
}

// Fuoco is the path that should get the focus when the section is shown again;
// for StatoModulo.
func (a Azione) Fuoco() string {
	switch a.Genere {
	case Aggiungi:
		return a.Campo + "[" + strconv.Itoa(a.Indice) + "]"
	case Rimuovi, Carica, EliminaFile, Aggiorna:
		return a.Campo
	default:
		return ""
	}
}

// leggiAzione reads the value of a button. No button is Avanti, as Enter is; a
// value that is not of this section is Salva, which loses nothing and decides nothing.
func leggiAzione(m *modulo.Modulo, sezione string, v string) Azione {
	verbo, resto, _ := strings.Cut(v, ":")
	switch verbo {
	case "", "avanti":
		return Azione{Genere: Avanti}
	case "indietro":
		return Azione{Genere: Indietro}
	case "aggiungi":
		if nellaSezione(m, sezione, resto, modulo.Gruppo) {
			return Azione{Genere: Aggiungi, Campo: resto}
		}
	case "rimuovi":
		campo, n, _ := strings.Cut(resto, ":")
		i, err := strconv.Atoi(n)
		if err == nil && i >= 0 && nellaSezione(m, sezione, campo, modulo.Gruppo) {
			return Azione{Genere: Rimuovi, Campo: campo, Indice: i}
		}
	case "aggiorna":
		if nellaSezione(m, sezione, resto, modulo.Scelta) || nellaSezione(m, sezione, resto, modulo.SceltaMultipla) {
			return Azione{Genere: Aggiorna, Campo: resto}
		}
	case "carica":
		if nellaSezione(m, sezione, resto, modulo.File) {
			return Azione{Genere: Carica, Campo: resto}
		}
	case "elimina-file":
		campo, id, _ := strings.Cut(resto, ":")
		if id != "" && nellaSezione(m, sezione, campo, modulo.File) {
			return Azione{Genere: EliminaFile, Campo: campo, File: id}
		}
	}
	return Azione{Genere: Salva}
}

func nellaSezione(m *modulo.Modulo, sezione, percorso string, t modulo.Tipo) bool {
	c, ok := m.Campo(percorso)
	s, _ := m.SezioneDi(percorso)
	return ok && c.Tipo == t && s == sezione
}
