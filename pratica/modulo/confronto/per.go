package confronto

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// Ragioni of a Conseguenza that do not come from an error of package modulo.
const (
	RagioneRiga       = "riga_di_troppo" // the gruppo takes fewer rows
	RagioneTolto      = "campo_tolto"    // the field is no longer there
	RagioneNascosto   = "nascosto"       // the field is there and the answers do not show it
	RagioneIllegibile = "illeggibile"    // its type or its options do not take the answer
)

// Conseguenza is what happens to one answer. It never holds the answer.
type Conseguenza struct {
	Percorso  string `json:"percorso"` // "reddito", "figli[1].nome"
	Etichetta string `json:"etichetta"`
	// Codice is a Ragione, or the code of the error under the newer version.
	Codice string `json:"codice"`
	// Forse is the path that the answer may go to, for a lost one whose field
	// seems to be renamed.
	Forse string `json:"forse,omitempty"`
}

// Impatto is what the newer version does to the answers of one pratica. Each
// list is in the order of the form; a path is in at most one of Perse and
// NonValide, and may be both in Perse and in Mancanti.
type Impatto struct {
	Perse       []Conseguenza `json:"perse,omitempty"`       // answers that the newer version drops
	NonValide   []Conseguenza `json:"non_valide,omitempty"`  // accepted before, refused now
	Mancanti    []Conseguenza `json:"mancanti,omitempty"`    // to be answered now, not to be answered (or answered) before
	Ricalcolate []Conseguenza `json:"ricalcolate,omitempty"` // kept, with another value
}

// Indenne reports whether nothing happens to the answers.
func (i Impatto) Indenne() bool {
	return len(i.Perse)+len(i.NonValide)+len(i.Mancanti)+len(i.Ricalcolate) == 0
}

// String lists paths and reasons, for people, without any answer.
func (i Impatto) String() string {
	if i.Indenne() {
		return "Nessuna conseguenza\n"
	}
	var b strings.Builder
	for _, v := range []struct {
		titolo string
		voci   []Conseguenza
	}{{"Risposte perse", i.Perse}, {"Risposte non più valide", i.NonValide}, {"Risposte da dare", i.Mancanti}, {"Valori ricalcolati", i.Ricalcolate}} {
		if len(v.voci) == 0 {
			continue
		}
		b.WriteString(v.titolo + "\n")
		for _, c := range v.voci {
			fmt.Fprintf(&b, "  %s (%s): %s", c.Etichetta, c.Percorso, c.Codice)
			if c.Forse != "" {
				b.WriteString(", forse ora " + c.Forse)
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// Per evaluates the answers of one open pratica under both versions, with the
// same options (Bozza is ignored), and says what changes for them. Errors that
// the answers have under the older version too are not reported. r is not
// changed.
func (d Differenze) Per(r modulo.Risposte, o modulo.Opzioni) Impatto {
	o.Bozza = false
	prima, dopo := d.vecchia.Valuta(r, o), d.nuova.Valuta(r, o)
	a, b := foglie(prima.Valori), foglie(dopo.Valori)
	x, y := leggi(d.vecchia), leggi(d.nuova)
	k := &confronto{prima: x, dopo: y}
	k.cercaRinominati()
	var q Impatto
	perse := map[string]bool{}
	for _, p := range ordinate(&x, a) {
		c := Conseguenza{Percorso: p, Etichetta: etichetta(&x, p)}
		v, resta := b[p]
		switch {
		case resta && !reflect.DeepEqual(a[p], v):
			c.Etichetta = etichetta(&y, p)
			c.Codice = "calcolo"
			q.Ricalcolate = append(q.Ricalcolate, c)
		case !resta:
			perse[p] = true
			c.Codice, c.Forse = ragione(&y, dopo, p), k.forse(p)
			q.Perse = append(q.Perse, c)
		}
	}
	gia := map[string]bool{}
	for _, e := range prima.Errori {
		gia[e.Percorso+"\x00"+e.Codice] = true
	}
	for _, e := range dopo.Errori {
		c := Conseguenza{Percorso: e.Percorso, Etichetta: e.Etichetta, Codice: e.Codice}
		switch {
		case gia[e.Percorso+"\x00"+e.Codice]:
		case e.Codice == "obbligatorio":
			q.Mancanti = append(q.Mancanti, c)
		case perse[e.Percorso]:
			if dopo.Obbligatorio(e.Percorso) {
				q.Mancanti = append(q.Mancanti, c)
			}
		default:
			q.NonValide = append(q.NonValide, c)
		}
	}
	return q
}

func ragione(y *indice, dopo modulo.Esito, percorso string) string {
	_, c := y.campo(senzaRighe(percorso))
	switch {
	case !c:
		return RagioneTolto
	case rigaTagliata(dopo, percorso):
		return RagioneRiga
	case !dopo.Visibile(percorso):
		return RagioneNascosto
	default:
		return RagioneIllegibile
	}
}

// rigaTagliata: the newer version keeps fewer rows than this one's place.
func rigaTagliata(dopo modulo.Esito, percorso string) bool {
	for da := 0; ; {
		k := strings.Index(percorso[da:], "[")
		if k < 0 {
			return false
		}
		gruppo := percorso[:da+k]
		n, _, _ := strings.Cut(percorso[da+k+1:], "]")
		if i, err := strconv.Atoi(n); err == nil && dopo.Visibile(gruppo) && i >= len(dopo.Valori.Righe(gruppo)) {
			return true
		}
		da += k + 1
	}
}

// forse gives the path of the likely renaming, with the rows of the old one.
func (k *confronto) forse(percorso string) string {
	nudo := senzaRighe(percorso)
	for _, nuovo := range slices.Sorted(maps.Keys(k.rinominati)) {
		if k.rinominati[nuovo] != nudo {
			continue
		}
		i, j := strings.LastIndex(percorso, "."), strings.LastIndex(nuovo, ".")
		if i >= 0 && j >= 0 && senzaRighe(percorso[:i]) == nuovo[:j] {
			return percorso[:i] + nuovo[j:]
		}
		return nuovo
	}
	return ""
}

// senzaRighe turns the path of an answer into that of its field.
func senzaRighe(p string) string {
	var b strings.Builder
	dentro := false
	for _, c := range p {
		switch {
		case c == '[':
			dentro = true
		case c == ']':
			dentro = false
		case !dentro:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// etichetta names the field of an answer; a part of a composed value takes the
// name of the whole.
func etichetta(x *indice, percorso string) string {
	for p := senzaRighe(percorso); p != ""; {
		if c, ok := x.campo(p); ok {
			return c.Etichetta
		}
		i := strings.LastIndex(p, ".")
		if i < 0 {
			break
		}
		p = p[:i]
	}
	return percorso
}

// foglie lays the answers out by path: rows and composed values are opened,
// lists of choices and of files stay whole.
func foglie(r modulo.Risposte) map[string]any {
	q := map[string]any{}
	var apri func(percorso string, v any)
	apri = func(percorso string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for c, w := range v {
				apri(percorso+"."+c, w)
			}
		case []map[string]any:
			for i, w := range v {
				apri(fmt.Sprintf("%s[%d]", percorso, i), w)
			}
		default:
			q[percorso] = v
		}
	}
	for c, v := range r {
		apri(c, v)
	}
	return q
}

// ordinate gives the paths in the order of the form: rows one after the other,
// in each the fields as they are written.
func ordinate(x *indice, a map[string]any) []string {
	return slices.SortedFunc(maps.Keys(a), func(p, q string) int {
		return strings.Compare(x.chiave(p), x.chiave(q))
	})
}

// chiave gives a text that sorts as the path stands in the form.
func (x *indice) chiave(percorso string) string {
	var b strings.Builder
	nudo := ""
	for _, passo := range strings.Split(percorso, ".") {
		nome, riga, _ := strings.Cut(passo, "[")
		n, err := strconv.Atoi(strings.TrimSuffix(riga, "]"))
		if err != nil {
			n = 0
		}
		nudo = strings.TrimPrefix(nudo+"."+nome, ".")
		i, ok := x.per[nudo]
		if !ok {
			i = len(x.campi)
		}
		fmt.Fprintf(&b, "%05d %05d ", i, n)
	}
	return b.String() + percorso
}
