package modulo

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/expr-lang/expr/ast"
	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// genere is the type of a value inside an expression.
type genere string

const (
	gNessuno genere = ""
	gNumero  genere = "numero"
	gTesto   genere = "testo"
	gVero    genere = "sì/no"
	gGiorno  genere = "data"
	gElenco  genere = "elenco"
	gGruppo  genere = "gruppo"
)

// vuotoDi gives the value of an unanswered field, which is also the sample that
// tells the type to the compiler.
func vuotoDi(g genere) any {
	switch g {
	case gNumero:
		return numero{}
	case gVero:
		return false
	case gGiorno:
		return termini.Giorno{}
	case gElenco:
		return []string{}
	case gGruppo:
		return []map[string]any{}
	default:
		return ""
	}
}

const (
	prefissoRiga  = "riga."
	prefissoSopra = "sopra."
)

// profonditaMassima is how many gruppi a field may be in.
const profonditaMassima = 2

// analisi types the tree of an expression and rewrites it: operators on
// decimals and days become calls, every other construct of the grammar is
// refused. What is left cannot loop, allocate without bound or call a method.
type analisi struct {
	ambito  *ambito
	campi   map[string]bool // top-level fields it reads
	riga    map[string]bool // fields of its own row it reads
	sopra   map[string]bool // fields of the row around that one
	usaOggi bool
}

func rifiuta(formato string, a ...any) (ast.Node, genere, error) {
	return nil, gNessuno, fmt.Errorf(formato, a...)
}

func (a *analisi) nodo(n ast.Node) (ast.Node, genere, error) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return &ast.ConstantNode{Value: pieno(decimal.NewFromInt(int64(n.Value)))}, gNumero, nil
	case *ast.FloatNode:
		// The shortest text of the float is what the author wrote, up to 15 digits.
		d, err := decimal.NewFromString(strconv.FormatFloat(n.Value, 'f', -1, 64))
		if err != nil || d.NumDigits() > 15 {
			return rifiuta("il numero ha più di 15 cifre")
		}
		return &ast.ConstantNode{Value: pieno(d)}, gNumero, nil
	case *ast.BoolNode:
		return n, gVero, nil
	case *ast.StringNode:
		return n, gTesto, nil
	case *ast.IdentifierNode:
		return a.identificatore(n)
	case *ast.MemberNode:
		return a.membro(n)
	case *ast.UnaryNode:
		return a.unario(n)
	case *ast.BinaryNode:
		return a.binario(n)
	case *ast.ConditionalNode:
		return a.condizionale(n)
	case *ast.CallNode:
		return a.chiamata(n)
	default:
		return rifiuta("costrutto non ammesso: %s", taglia(n.String()))
	}
}

func taglia(s string) string {
	r := []rune(s)
	if len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func (a *analisi) identificatore(n *ast.IdentifierNode) (ast.Node, genere, error) {
	c := a.ambito.campi[n.Value]
	switch {
	case c == nil && a.ambito.gruppo != nil && a.ambito.gruppo.figlio(n.Value) != nil:
		return rifiuta("%q è un campo della riga: si scrive riga.%s", n.Value, n.Value)
	case c == nil:
		return rifiuta("il campo %q non esiste", n.Value)
	case c.Tipo == Nota:
		return rifiuta("%q è una nota: non ha valore", n.Value)
	}
	a.campi[n.Value] = true
	return &ast.IdentifierNode{Value: n.Value}, c.Tipo.genere(), nil
}

func (a *analisi) membro(n *ast.MemberNode) (ast.Node, genere, error) {
	c, prefisso, err := a.campoRiga(n)
	if err != nil {
		return rifiuta("%w", err)
	}
	if c == nil {
		return rifiuta("accesso non ammesso: %s", taglia(n.String()))
	}
	if prefisso == prefissoSopra {
		a.sopra[c.ID] = true
	} else {
		a.riga[c.ID] = true
	}
	return &ast.IdentifierNode{Value: prefisso + c.ID}, c.Tipo.genere(), nil
}

// campoRiga gives the field behind "riga.x" or "sopra.x"; nil if n is something else.
func (a *analisi) campoRiga(n *ast.MemberNode) (c *campo, prefisso string, err error) {
	base, ok := n.Node.(*ast.IdentifierNode)
	prop, ok2 := n.Property.(*ast.StringNode)
	if !ok || !ok2 || n.Optional {
		return nil, "", nil
	}
	g := a.ambito.gruppo
	switch prefisso = base.Value + "."; {
	case prefisso == prefissoRiga && g == nil:
		return nil, "", fmt.Errorf("riga.%s si usa solo dentro un gruppo", prop.Value)
	case prefisso == prefissoRiga:
	case prefisso == prefissoSopra && (g == nil || g.padre == nil):
		return nil, "", fmt.Errorf("sopra.%s si usa solo in un gruppo dentro un gruppo", prop.Value)
	case prefisso == prefissoSopra:
		g = g.padre
	default:
		return nil, "", nil
	}
	c = g.figlio(prop.Value)
	if c == nil || c.Tipo == Nota {
		return nil, "", fmt.Errorf("la riga non ha il campo %q", prop.Value)
	}
	return c, prefisso, nil
}

// campoDi gives the field that a node names directly, if it does.
func (a *analisi) campoDi(n ast.Node) *campo {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return a.ambito.campi[n.Value]
	case *ast.MemberNode:
		if c, _, err := a.campoRiga(n); err == nil {
			return c
		}
	}
	return nil
}

func chiama(fn string, arg ...ast.Node) ast.Node {
	return &ast.CallNode{Callee: &ast.IdentifierNode{Value: fn}, Arguments: arg}
}

func (a *analisi) unario(n *ast.UnaryNode) (ast.Node, genere, error) {
	x, g, err := a.nodo(n.Node)
	if err != nil {
		return nil, gNessuno, err
	}
	switch {
	case (n.Operator == "not" || n.Operator == "!") && g == gVero:
		return &ast.UnaryNode{Operator: "not", Node: x}, gVero, nil
	case n.Operator == "-" && g == gNumero:
		return chiama(fnPer, &ast.ConstantNode{Value: pieno(decimal.NewFromInt(-1))}, x), gNumero, nil
	case n.Operator == "+" && g == gNumero:
		return x, gNumero, nil
	default:
		return rifiuta("%s non si applica a un valore di genere %s", n.Operator, g)
	}
}

func (a *analisi) binario(n *ast.BinaryNode) (ast.Node, genere, error) {
	if n.Operator == "in" {
		return a.appartiene(n)
	}
	x, gx, err := a.nodo(n.Left)
	if err != nil {
		return nil, gNessuno, err
	}
	y, gy, err := a.nodo(n.Right)
	if err != nil {
		return nil, gNessuno, err
	}
	if gx != gy {
		return rifiuta("%s fra generi diversi: %s e %s", n.Operator, gx, gy)
	}
	switch n.Operator {
	case "+", "-", "*", "/":
		fn := map[string]string{"+": fnPiu, "-": fnMeno, "*": fnPer, "/": fnDiviso}[n.Operator]
		switch {
		case gx == gNumero:
			return chiama(fn, x, y), gNumero, nil
		case gx == gTesto && n.Operator == "+":
			return chiama(fnUnisci, x, y), gTesto, nil
		}
	case "and", "&&", "or", "||":
		if gx == gVero {
			return &ast.BinaryNode{Operator: n.Operator, Left: x, Right: y}, gVero, nil
		}
	case "==", "!=", "<", "<=", ">", ">=":
		if err := a.confrontoChiuso(n); err != nil {
			return nil, gNessuno, err
		}
		op := &ast.StringNode{Value: n.Operator}
		switch gx {
		case gNumero:
			return chiama(fnConfronta, op, x, y), gVero, nil
		case gGiorno:
			return chiama(fnConfGiorno, op, x, y), gVero, nil
		case gTesto:
			return &ast.BinaryNode{Operator: n.Operator, Left: x, Right: y}, gVero, nil
		case gVero:
			if n.Operator == "==" || n.Operator == "!=" {
				return &ast.BinaryNode{Operator: n.Operator, Left: x, Right: y}, gVero, nil
			}
		default:
		}
	case "contains", "startsWith", "endsWith":
		if gx == gTesto {
			return &ast.BinaryNode{Operator: n.Operator, Left: x, Right: y}, gVero, nil
		}
	}
	return rifiuta("l'operatore %s non si applica a valori di genere %s", n.Operator, gx)
}

// confrontoChiuso refuses tipo == "x" where x is not among the options.
func (a *analisi) confrontoChiuso(n *ast.BinaryNode) error {
	for _, lati := range [][2]ast.Node{{n.Left, n.Right}, {n.Right, n.Left}} {
		c, s := a.campoDi(lati[0]), lati[1]
		if t, ok := s.(*ast.StringNode); ok && c != nil {
			if err := opzioneEsiste(c, t.Value); err != nil {
				return err
			}
		}
	}
	return nil
}

func opzioneEsiste(c *campo, v string) error {
	if !c.Tipo.conOpzioni() || c.Elenco != "" || v == "" && c.Tipo == Scelta {
		return nil
	}
	if !slices.ContainsFunc(c.Opzioni, func(o Opzione) bool { return o.Valore == v }) {
		return fmt.Errorf("%q non è fra le opzioni di %q", v, c.ID)
	}
	return nil
}

// appartiene is x in ["a","b"] (x a text) or "a" in x (x a scelta_multipla).
func (a *analisi) appartiene(n *ast.BinaryNode) (ast.Node, genere, error) {
	x, gx, err := a.nodo(n.Left)
	if err != nil {
		return nil, gNessuno, err
	}
	if gx != gTesto {
		return rifiuta("a sinistra di in ci vuole un testo")
	}
	if arr, ok := n.Right.(*ast.ArrayNode); ok {
		voci := make([]string, 0, len(arr.Nodes))
		for _, v := range arr.Nodes {
			s, ok := v.(*ast.StringNode)
			if !ok {
				return rifiuta("l'elenco di in contiene solo testi fra virgolette")
			}
			if c := a.campoDi(n.Left); c != nil {
				if err := opzioneEsiste(c, s.Value); err != nil {
					return nil, gNessuno, err
				}
			}
			voci = append(voci, s.Value)
		}
		return chiama(fnUnoDi, x, &ast.ConstantNode{Value: voci}), gVero, nil
	}
	y, gy, err := a.nodo(n.Right)
	if err != nil {
		return nil, gNessuno, err
	}
	if gy != gElenco {
		return rifiuta("a destra di in ci vuole un elenco")
	}
	if s, ok := n.Left.(*ast.StringNode); ok {
		if c := a.campoDi(n.Right); c != nil {
			if err := opzioneEsiste(c, s.Value); err != nil {
				return nil, gNessuno, err
			}
		}
	}
	return chiama(fnContiene, x, y), gVero, nil
}

func (a *analisi) condizionale(n *ast.ConditionalNode) (ast.Node, genere, error) {
	c, gc, err := a.nodo(n.Cond)
	if err != nil {
		return nil, gNessuno, err
	}
	x, gx, err := a.nodo(n.Exp1)
	if err != nil {
		return nil, gNessuno, err
	}
	y, gy, err := a.nodo(n.Exp2)
	if err != nil {
		return nil, gNessuno, err
	}
	if gc != gVero {
		return rifiuta("la condizione prima di ? non è un sì/no")
	}
	if gx != gy {
		return rifiuta("i due rami di ? : hanno generi diversi: %s e %s", gx, gy)
	}
	return &ast.ConditionalNode{Ternary: true, Cond: c, Exp1: x, Exp2: y}, gx, nil
}
