package revisione

import (
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// massimoProve bounds the combinations tried for one condition.
const massimoProve = 1024

// lettura is what an expression is made of.
type lettura struct {
	campi  []string // fields it names at the top
	riga   []string // fields of the row it names
	chiusa bool     // nothing in it but fields, texts, numbers and operators
}

// sempre lists the functions whose value depends on their arguments alone.
var sempre = []string{"vuoto", "minimo", "massimo", "arrotonda", "conta"}

func (l *lettura) nodo(n ast.Node) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		l.campi = append(l.campi, n.Value)
	case *ast.MemberNode:
		if s, ok := n.Property.(*ast.StringNode); ok {
			l.riga = append(l.riga, s.Value)
		}
	case *ast.UnaryNode:
		l.nodo(n.Node)
	case *ast.BinaryNode:
		l.nodo(n.Left)
		l.nodo(n.Right)
	case *ast.ConditionalNode:
		l.nodo(n.Cond)
		l.nodo(n.Exp1)
		l.nodo(n.Exp2)
	case *ast.ArrayNode:
		for _, x := range n.Nodes {
			l.nodo(x)
		}
	case *ast.CallNode:
		f, ok := n.Callee.(*ast.IdentifierNode)
		if !ok || !slices.Contains(sempre, f.Value) || f.Value == "conta" && len(n.Arguments) > 1 {
			l.chiusa = false
		}
		for _, x := range n.Arguments {
			l.nodo(x)
			if s, ok := x.(*ast.StringNode); ok {
				l.riga = append(l.riga, s.Value) // somma(figli, "spesa")
			}
		}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode:
	default:
		l.chiusa = false
	}
}

func leggiEspressione(testo string) lettura {
	l := lettura{chiusa: true}
	albero, err := parser.Parse(testo)
	if err != nil {
		return lettura{}
	}
	l.nodo(albero.Node)
	return l
}

// casi gives the answers that a field may have, nil among them; false if they
// are too many to try or not closed.
func casi(c modulo.Campo) ([]any, bool) {
	if c.Calcolo != "" {
		return nil, false
	}
	switch c.Tipo {
	case modulo.SiNo, modulo.Consenso:
		return []any{nil, true, false}, true
	case modulo.Dichiarazione:
		return []any{nil, true}, true
	case modulo.Scelta:
		q := []any{nil}
		for _, o := range c.Opzioni {
			q = append(q, o.Valore)
		}
		return q, c.Elenco == ""
	case modulo.SceltaMultipla:
		if len(c.Opzioni) > 6 || c.Elenco != "" {
			return nil, false
		}
		var q []any
		for n := range 1 << len(c.Opzioni) {
			var scelte []string
			for i, o := range c.Opzioni {
				if n&(1<<i) != 0 {
					scelte = append(scelte, o.Valore)
				}
			}
			q = append(q, scelte)
		}
		return q, true
	default:
		return nil, false
	}
}

// nudo is a field without what would hide it or refuse it.
func nudo(c modulo.Campo) modulo.Campo {
	return modulo.Campo{ID: c.ID, Etichetta: "x", Tipo: c.Tipo, Opzioni: c.Opzioni, Testo: c.Testo}
}

const (
	idSonda = "sonda_della_revisione"
	idRighe = "righe_della_revisione"
)

// prova evaluates a condition on every combination of the answers it reads, by
// a form made of nothing else. nota is false where that is not possible: the
// condition reads open fields, the day, or too many fields.
func (v *visita) prova(condizione string, gruppo *posto) (vera, falsa, nota bool) {
	if strings.TrimSpace(condizione) == "" {
		return false, false, false
	}
	l := leggiEspressione(condizione)
	if !l.chiusa {
		return false, false, false
	}
	var letti []modulo.Campo
	var valori [][]any
	quanti := 1
	aggiungi := func(nome string, padre *posto) bool {
		if slices.ContainsFunc(letti, func(c modulo.Campo) bool { return c.ID == nome }) {
			return true
		}
		for _, p := range v.campi {
			if p.ID == nome && p.gruppo == padre {
				q, ok := casi(p.Campo)
				letti, valori = append(letti, nudo(p.Campo)), append(valori, q)
				quanti *= max(1, len(q))
				return ok && quanti <= massimoProve
			}
		}
		return false
	}
	for _, n := range l.riga {
		if gruppo == nil || slices.Contains(l.campi, n) || !aggiungi(n, gruppo) {
			return false, false, false
		}
	}
	inRiga := len(letti)
	for _, n := range l.campi {
		if !aggiungi(n, nil) {
			return false, false, false
		}
	}
	m, err := sonda(condizione, letti, inRiga, gruppo != nil)
	if err != nil {
		return false, false, false
	}
	for i := range quanti {
		r, riga := modulo.Risposte{}, map[string]any{}
		for j, c := range letti {
			x := valori[j][i%len(valori[j])]
			i /= len(valori[j])
			if j < inRiga {
				riga[c.ID] = x
			} else {
				r[c.ID] = x
			}
		}
		r[idRighe] = []map[string]any{riga}
		dove := idSonda
		if gruppo != nil {
			dove = modulo.Percorso(idRighe, 0, idSonda)
		}
		if m.Valuta(r, modulo.Opzioni{Bozza: true}).Visibile(dove) {
			vera = true
		} else {
			falsa = true
		}
	}
	return vera, falsa, true
}

// sonda compiles the form that tries one condition.
func sonda(condizione string, letti []modulo.Campo, inRiga int, righe bool) (*modulo.Modulo, error) {
	bersaglio := modulo.Campo{ID: idSonda, Etichetta: "x", Tipo: modulo.Testo, Se: condizione}
	campi := slices.Clone(letti[inRiga:])
	if righe {
		campi = append(campi, modulo.Campo{ID: idRighe, Etichetta: "x", Tipo: modulo.Gruppo, EtichettaRiga: "x", Campi: append(slices.Clone(letti[:inRiga]), bersaglio)})
	} else {
		campi = append(campi, bersaglio)
	}
	return modulo.Compila(modulo.Definizione{ID: "sonda", Versione: 1, Titolo: "x", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "x", Campi: campi}}})
}

func condizioneImpossibile(v *visita) {
	for i, s := range v.def.Sezioni {
		if vera, _, nota := v.prova(s.Se, nil); nota && !vera {
			v.sezione(i, "se", "la condizione non è mai vera, la sezione non si vede mai: correggi "+virgolette(s.Se))
		}
	}
	for _, p := range v.campi {
		if vera, _, nota := v.prova(p.Se, p.gruppo); nota && !vera {
			testo := "la condizione non è mai vera, il campo non si vede mai: correggi " + virgolette(p.Se)
			if p.Obbligatorio || p.Tipo == modulo.Dichiarazione {
				testo += " (ed è obbligatorio)"
			}
			v.campo(p, "se", testo)
		}
		if vera, _, nota := v.prova(p.ObbligatorioSe, p.gruppo); nota && !vera {
			v.campo(p, "obbligatorio_se", "la condizione non è mai vera, il campo non è mai obbligatorio: correggi "+virgolette(p.ObbligatorioSe))
		}
	}
}

func condizioneInutile(v *visita) {
	for i, s := range v.def.Sezioni {
		if _, falsa, nota := v.prova(s.Se, nil); nota && !falsa {
			v.sezione(i, "se", "la condizione è sempre vera: toglila")
		}
	}
	for _, p := range v.campi {
		if _, falsa, nota := v.prova(p.Se, p.gruppo); nota && !falsa {
			v.campo(p, "se", "la condizione è sempre vera: toglila")
		}
		if _, falsa, nota := v.prova(p.ObbligatorioSe, p.gruppo); nota && !falsa {
			v.campo(p, "obbligatorio_se", "la condizione è sempre vera: al suo posto scrivi obbligatorio")
		}
	}
}

func regolaCostante(v *visita) {
	for i, r := range v.def.Regole {
		var gruppo *posto
		for _, p := range v.campi {
			if p.percorso == r.Campo {
				gruppo = p.gruppo
			}
		}
		vera, falsa, nota := v.prova(r.Se, gruppo)
		pos := "regole[" + strconv.Itoa(i) + "].se"
		switch {
		case !nota:
		case !vera:
			v.scrivi(v.ultimo, pos, r.Campo, "la regola non scatta mai: correggi "+virgolette(r.Se))
		case !falsa:
			v.scrivi(v.ultimo, pos, r.Campo, "la regola scatta sempre, la richiesta non si può inviare: correggi "+virgolette(r.Se))
		}
	}
}

// campoInutile: numbers and texts are computed to be read; a computed yes/no
// that no expression reads only adds a line to the page.
func campoInutile(v *visita) {
	usati := map[string]bool{}
	segna := func(espressioni ...string) {
		for _, e := range espressioni {
			l := leggiEspressione(e)
			for _, n := range append(l.campi, l.riga...) {
				usati[n] = true
			}
		}
	}
	for _, s := range v.def.Sezioni {
		segna(s.Se)
	}
	for _, p := range v.campi {
		segna(p.Se, p.ObbligatorioSe, p.Calcolo)
	}
	for _, r := range v.def.Regole {
		segna(r.Se)
	}
	for _, p := range v.campi {
		if p.Tipo == modulo.SiNo && p.Calcolo != "" && !usati[p.ID] {
			v.campo(p, "calcolo", "nessuna condizione, calcolo o regola lo usa: toglilo, o usalo")
		}
	}
}
