package script

import (
	"errors"
	"math"
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// errGoja is a value that the native evaluator leaves to goja.
var errGoja = errors.New("per goja")

// ambito holds the variables of a native evaluation, the result among them.
type ambito map[string]any

// istruzione runs a statement; espressione gives a value.
type (
	istruzione  func(ambito) error
	espressione func(ambito) (any, error)
)

// nativo compiles a body that only assigns simple expressions to the result;
// nil if it does anything else.
func nativo(f *ast.FunctionLiteral, ret string, prima int) []istruzione {
	lista := f.Body.List
	if len(lista) < prima+1 {
		return nil
	}
	c := costruttore{ret: ret}
	q := make([]istruzione, 0, len(lista))
	if prima > 1 { // the result begins as true
		q = append(q, func(a ambito) error { a[ret] = true; return nil })
	}
	for _, s := range lista[prima : len(lista)-1] {
		i := c.istruzione(s, 0)
		if i == nil {
			return nil
		}
		q = append(q, i)
	}
	return q
}

type costruttore struct{ ret string }

func (c costruttore) istruzione(s ast.Statement, livello int) istruzione {
	if livello > 50 {
		return nil
	}
	switch x := s.(type) {
	case *ast.EmptyStatement:
		return func(ambito) error { return nil }
	case *ast.BlockStatement:
		return c.blocco(x.List, livello)
	case *ast.ExpressionStatement:
		a, ok := x.Expression.(*ast.AssignExpression)
		if !ok {
			e := c.espressione(x.Expression, 0)
			if e == nil {
				return nil
			}
			return func(a ambito) error { _, err := e(a); return err }
		}
		i, ok := a.Left.(*ast.Identifier)
		if !ok || i.Name.String() != c.ret || a.Operator != token.ASSIGN {
			return nil
		}
		e := c.espressione(a.Right, 0)
		if e == nil {
			return nil
		}
		return func(a ambito) error {
			v, err := e(a)
			if err == nil {
				a[c.ret] = v
			}
			return err
		}
	case *ast.IfStatement:
		return c.scelta(x, livello)
	}
	return nil
}

func (c costruttore) blocco(l []ast.Statement, livello int) istruzione {
	var q []istruzione
	for _, s := range l {
		i := c.istruzione(s, livello+1)
		if i == nil {
			return nil
		}
		q = append(q, i)
	}
	return func(a ambito) error {
		for _, i := range q {
			if err := i(a); err != nil {
				return err
			}
		}
		return nil
	}
}

func (c costruttore) scelta(x *ast.IfStatement, livello int) istruzione {
	se, allora := c.espressione(x.Test, 0), c.istruzione(x.Consequent, livello+1)
	altrimenti := func(ambito) error { return nil }
	if x.Alternate != nil {
		altrimenti = c.istruzione(x.Alternate, livello+1)
	}
	if se == nil || allora == nil || altrimenti == nil {
		return nil
	}
	return func(a ambito) error {
		v, err := se(a)
		switch {
		case err != nil:
			return err
		case valore.Booleano(v):
			return allora(a)
		}
		return altrimenti(a)
	}
}

func costante(v any) espressione { return func(ambito) (any, error) { return v, nil } }

func (c costruttore) espressione(e ast.Expression, livello int) espressione {
	if livello > 50 {
		return nil
	}
	livello++
	switch x := e.(type) {
	case *ast.StringLiteral:
		return costante(x.Value.String())
	case *ast.BooleanLiteral:
		return costante(x.Value)
	case *ast.NullLiteral:
		return costante(nil)
	case *ast.NumberLiteral:
		switch n := x.Value.(type) {
		case int64:
			return costante(float64(n))
		case float64:
			return costante(n)
		}
	case *ast.Identifier:
		return c.nome(x.Name.String())
	case *ast.DotExpression:
		return membro(c.espressione(x.Left, livello), costante(x.Identifier.Name.String()))
	case *ast.BracketExpression:
		return membro(c.espressione(x.Left, livello), c.espressione(x.Member, livello))
	case *ast.UnaryExpression:
		return unaria(x, c.espressione(x.Operand, livello))
	case *ast.BinaryExpression:
		return binaria(x.Operator, c.espressione(x.Left, livello), c.espressione(x.Right, livello))
	case *ast.ConditionalExpression:
		se, si, no := c.espressione(x.Test, livello), c.espressione(x.Consequent, livello), c.espressione(x.Alternate, livello)
		if se == nil || si == nil || no == nil {
			return nil
		}
		return func(a ambito) (any, error) {
			v, err := se(a)
			switch {
			case err != nil:
				return nil, err
			case valore.Booleano(v):
				return si(a)
			}
			return no(a)
		}
	}
	return nil
}

func (c costruttore) nome(n string) espressione {
	switch {
	case n == "undefined":
		return costante(valore.Undefined{})
	case n == "NaN":
		return costante(math.NaN())
	case n != c.ret && !slices.Contains(Variabili(), n):
		return nil
	}
	return func(a ambito) (any, error) {
		if v, ok := a[n]; ok {
			return v, nil
		}
		return valore.Undefined{}, nil
	}
}

// ereditati are members that an object has from its prototype.
var ereditati = []string{"constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString",
	"__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"}

func membro(oggetto, chiave espressione) espressione {
	if oggetto == nil || chiave == nil {
		return nil
	}
	return func(a ambito) (any, error) {
		o, err := oggetto(a)
		if err != nil {
			return nil, err
		}
		k, err := chiave(a)
		if err != nil {
			return nil, err
		}
		if valore.Nullo(o) {
			return nil, ErrEsecuzione
		}
		if valore.Oggetto(k) {
			return nil, errGoja
		}
		s := valore.Testo(k)
		v := valore.Membro(o, s)
		switch {
		case !valore.Indefinito(v):
			if v == "\ufffd" {
				return nil, errGoja
			}
			return v, nil
		case !valore.OggettoSemplice(o) || slices.Contains(ereditati, s):
			return nil, errGoja
		}
		return v, nil
	}
}

func unaria(x *ast.UnaryExpression, e espressione) espressione {
	if e == nil {
		return nil
	}
	var f func(any) any
	switch x.Operator {
	case token.NOT:
		return func(a ambito) (any, error) {
			v, err := e(a)
			return !valore.Booleano(v), err
		}
	case token.MINUS:
		f = func(v any) any { return -valore.Numero(v) }
	case token.PLUS:
		f = func(v any) any { return valore.Numero(v) }
	default:
		return nil
	}
	return func(a ambito) (any, error) {
		v, err := e(a)
		if err != nil {
			return nil, err
		}
		if valore.Oggetto(v) {
			return nil, errGoja
		}
		return f(v), nil
	}
}

func binaria(op token.Token, x, y espressione) espressione {
	if x == nil || y == nil {
		return nil
	}
	if op == token.LOGICAL_AND || op == token.LOGICAL_OR || op == token.COALESCE {
		return func(a ambito) (any, error) {
			v, err := x(a)
			if err != nil {
				return nil, err
			}
			basta := !valore.Nullo(v)
			if op != token.COALESCE {
				basta = valore.Booleano(v) == (op == token.LOGICAL_OR)
			}
			if basta {
				return v, nil
			}
			return y(a)
		}
	}
	f := calcolo(op)
	if f == nil {
		return nil
	}
	uguaglianza := op == token.EQUAL || op == token.NOT_EQUAL || op == token.STRICT_EQUAL || op == token.STRICT_NOT_EQUAL
	return func(a ambito) (any, error) {
		v, err := x(a)
		if err != nil {
			return nil, err
		}
		w, err := y(a)
		if err != nil {
			return nil, err
		}
		// An object becomes a number or a text through its methods, and is equal to itself alone.
		ov, ow := valore.Oggetto(v), valore.Oggetto(w)
		if (ov || ow) && (!uguaglianza || (ov && ow) || (!valore.Nullo(v) && !valore.Nullo(w))) {
			return nil, errGoja
		}
		return f(v, w)
	}
}

func calcolo(op token.Token) func(a, b any) (any, error) {
	bool2 := func(f func(a, b any) bool) func(a, b any) (any, error) {
		return func(a, b any) (any, error) { return f(a, b), nil }
	}
	num2 := func(f func(a, b float64) float64) func(a, b any) (any, error) {
		return func(a, b any) (any, error) { return f(valore.Numero(a), valore.Numero(b)), nil }
	}
	switch op {
	case token.EQUAL:
		return bool2(valore.Uguale)
	case token.NOT_EQUAL:
		return bool2(func(a, b any) bool { return !valore.Uguale(a, b) })
	case token.STRICT_EQUAL:
		return bool2(valore.Identico)
	case token.STRICT_NOT_EQUAL:
		return bool2(func(a, b any) bool { return !valore.Identico(a, b) })
	case token.LESS:
		return bool2(valore.Minore)
	case token.LESS_OR_EQUAL:
		return bool2(valore.MinoreUguale)
	case token.GREATER:
		return bool2(func(a, b any) bool { return valore.Minore(b, a) })
	case token.GREATER_OR_EQUAL:
		return bool2(func(a, b any) bool { return valore.MinoreUguale(b, a) })
	case token.MINUS:
		return num2(func(a, b float64) float64 { return a - b })
	case token.MULTIPLY:
		return num2(func(a, b float64) float64 { return a * b })
	case token.SLASH:
		return num2(func(a, b float64) float64 { return a / b })
	case token.REMAINDER:
		return num2(math.Mod)
	case token.PLUS:
		return func(a, b any) (any, error) {
			_, x := a.(string)
			_, y := b.(string)
			if !x && !y {
				return valore.Numero(a) + valore.Numero(b), nil
			}
			s := valore.Testo(a) + valore.Testo(b)
			if len(s) > MaxTesto && valore.Lunghezza(s) > MaxTesto {
				return nil, ErrTroppoGrande
			}
			return s, nil
		}
	default:
		return nil
	}
}
