package confronto

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// posto is a field where it stands in a definition.
type posto struct {
	modulo.Campo
	percorso  string // "reddito", "figli.nome"
	posizione string // "sezioni[0].campi[2]"
	sezione   string
	gruppo    string // path of the gruppo that holds it; empty at the top
}

// indice is a definition with its fields by path.
type indice struct {
	def   modulo.Definizione
	campi []posto
	per   map[string]int
}

// leggi takes the form with its blocks written out: what counts for the answers
// is where a field ends up.
func leggi(m *modulo.Modulo) indice {
	d := m.Definizione()
	d.Sezioni = m.Sezioni()
	x := indice{def: d, per: map[string]int{}}
	for i, s := range d.Sezioni {
		x.aggiungi(s.Campi, s.ID, "", posSezione(i))
	}
	return x
}

func (x *indice) aggiungi(campi []modulo.Campo, sezione, gruppo, dove string) {
	for j, c := range campi {
		p := posto{Campo: c, percorso: c.ID, posizione: dove + ".campi[" + strconv.Itoa(j) + "]", sezione: sezione, gruppo: gruppo}
		if gruppo != "" {
			p.percorso = gruppo + "." + c.ID
		}
		x.per[p.percorso] = len(x.campi)
		x.campi = append(x.campi, p)
		x.aggiungi(c.Campi, sezione, p.percorso, p.posizione)
	}
}

func (x *indice) campo(percorso string) (posto, bool) {
	i, ok := x.per[percorso]
	if !ok {
		return posto{}, false
	}
	return x.campi[i], true
}

func (x *indice) sezione(id string) int {
	return slices.IndexFunc(x.def.Sezioni, func(s modulo.Sezione) bool { return s.ID == id })
}

// mostra gives the condition of a section.
func (x *indice) mostra(sezione string) string {
	return strings.TrimSpace(x.def.Sezioni[x.sezione(sezione)].Se)
}

func posSezione(i int) string { return "sezioni[" + strconv.Itoa(i) + "]" }
func posRegola(i int) string  { return "regole[" + strconv.Itoa(i) + "]" }

func virgolette(s string) string { return "«" + s + "»" }

// altro reports the settings (by JSON key) that differ and that nobody has
// looked at: one that the format gains later is not passed over in silence.
func (k *confronto) altro(percorso, posizione string, prima, dopo any, visti ...string) {
	a, b := reflect.ValueOf(prima), reflect.ValueOf(dopo)
	for i := range a.NumField() {
		chiave, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("json"), ",")
		if chiave == "" || slices.Contains(visti, chiave) || uguali(a.Field(i).Interface(), b.Field(i).Interface()) {
			continue
		}
		dove := chiave
		if posizione != "" {
			dove = posizione + "." + chiave
		}
		if chiave == "versione_testo" {
			k.scrivi("dichiarazione_numero", DaRivedere, percorso, dove, "cambia la versione del testo")
			continue
		}
		k.scrivi("impostazione", DaRivedere, percorso, dove, "cambia "+chiave)
	}
}

// uguali compares as JSON does: nil and empty are the same.
func uguali(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	vuoto := func(s string) bool { return s == "null" || s == "[]" || s == "{}" }
	return errX == nil && errY == nil && (string(x) == string(y) || vuoto(string(x)) && vuoto(string(y)))
}
