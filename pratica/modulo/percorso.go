package modulo

import (
	"strconv"
	"strings"
)

// percorso is a path read from text: "nome", "figli", "figli[1].nome" (rows
// count from zero).
type percorso struct {
	campo  string
	inRiga bool
	indice int
	figlio string
}

func leggiPercorso(s string) (percorso, bool) {
	if len(s) > 200 {
		return percorso{}, false
	}
	testa, coda, trovata := strings.Cut(s, "[")
	if !trovata {
		return percorso{campo: s}, s != ""
	}
	n, figlio, trovata := strings.Cut(coda, "].")
	if !trovata || figlio == "" || testa == "" || len(n) > 4 {
		return percorso{}, false
	}
	i, err := strconv.Atoi(n)
	if err != nil || i < 0 || strconv.Itoa(i) != n {
		return percorso{}, false
	}
	return percorso{campo: testa, inRiga: true, indice: i, figlio: figlio}, true
}

// Percorso writes the path of a field in a row (rows count from zero):
// "figli[1].nome".
func Percorso(gruppo string, riga int, campo string) string {
	return gruppo + "[" + strconv.Itoa(riga) + "]." + campo
}
