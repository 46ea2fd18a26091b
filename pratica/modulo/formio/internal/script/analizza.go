package script

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// globali are the built-ins that a script may name.
var globali = []string{"undefined", "NaN", "Infinity", "Math", "JSON", "Object", "Array", "String", "Number", "Boolean",
	"Date", "RegExp", "Error", "TypeError", "RangeError", "isNaN", "isFinite", "parseInt", "parseFloat",
	"encodeURIComponent", "decodeURIComponent", "encodeURI", "decodeURI", "Map", "Set", "console", "_", "moment", "arguments"}

// Funzioni lists what "_", "moment" and instance have here.
func Funzioni() map[string][]string {
	return map[string][]string{
		"_": {"get", "has", "isEmpty", "isEqual", "isNil", "isNull", "isUndefined", "isString", "isNumber", "isBoolean", "isArray",
			"isObject", "isPlainObject", "find", "findIndex", "filter", "map", "some", "every", "reduce", "sum", "sumBy", "size", "includes",
			"keys", "values", "first", "head", "last", "uniq", "compact", "toNumber", "toString", "trim", "cloneDeep"},
		"moment":   {"isMoment", "utc"},
		"instance": {"getValue"},
		"console":  {"log", "info", "warn", "error", "debug"},
	}
}

// analisi is what a walk over the source finds.
type analisi struct {
	nominati, dichiarati, mancano map[string]bool
	visti                         map[any]bool
}

func analizza(f *ast.FunctionLiteral) *analisi {
	a := &analisi{nominati: map[string]bool{}, dichiarati: map[string]bool{}, mancano: map[string]bool{}, visti: map[any]bool{}}
	a.visita(reflect.ValueOf(f.Body))
	return a
}

func (a *analisi) variabili() []string {
	return slices.DeleteFunc(Variabili(), func(v string) bool { return !a.nominati[v] && !a.nominati["arguments"] && !a.nominati["eval"] })
}

func (a *analisi) bisogni() []string {
	noti := slices.Concat(globali, Variabili(), []string{"instance"})
	for n := range a.nominati {
		if !a.dichiarati[n] && !slices.Contains(noti, n) {
			a.mancano[n] = true
		}
	}
	return slices.Sorted(maps.Keys(a.mancano))
}

// visita walks the tree by reflection: goja's parser has no visitor.
func (a *analisi) visita(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			a.visita(v.Elem())
		}
	case reflect.Pointer:
		if v.IsNil() || a.visti[v.Interface()] {
			return
		}
		a.visti[v.Interface()] = true
		a.nodo(v.Interface())
		if v.Elem().Kind() == reflect.Struct && fuoriAlbero(v.Interface()) {
			return
		}
		a.visita(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name == "Identifier" {
				continue // a member's name
			}
			a.visita(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			a.visita(v.Index(i))
		}
	default:
	}
}

// fuoriAlbero are nodes with nothing below to look at.
func fuoriAlbero(n any) bool {
	switch n.(type) {
	case *ast.Identifier, *ast.StringLiteral, *ast.NumberLiteral, *ast.RegExpLiteral, *ast.TemplateElement:
		return true
	}
	return false
}

func (a *analisi) dichiara(t ast.Node) {
	switch x := t.(type) {
	case *ast.Identifier:
		a.dichiarati[x.Name.String()] = true
	case *ast.Binding:
		a.dichiara(x.Target)
	case *ast.ArrayPattern:
		for _, e := range x.Elements {
			a.dichiara(e)
		}
		if x.Rest != nil {
			a.mancano["..."] = true
		}
	case *ast.ObjectPattern:
		for _, p := range x.Properties {
			switch q := p.(type) {
			case *ast.PropertyShort:
				a.dichiarati[q.Name.Name.String()] = true
			case *ast.PropertyKeyed:
				a.dichiara(q.Value)
			}
		}
		a.dichiara(x.Rest)
	case *ast.AssignExpression:
		a.dichiara(x.Left)
	case *ast.DotExpression, *ast.BracketExpression, *ast.PrivateDotExpression:
		a.mancano["destrutturazione in un membro"] = true
	}
}

// nodo looks at one node: what it names, what it needs.
func (a *analisi) nodo(n any) {
	switch x := n.(type) {
	case *ast.Identifier:
		a.nominati[x.Name.String()] = true
	case *ast.PropertyShort:
		a.nominati[x.Name.Name.String()] = true
	case *ast.Binding:
		a.dichiara(x)
	case *ast.ForDeclaration:
		a.dichiara(x.Target)
	case *ast.ForIntoExpression:
		a.dichiara(x.Expression)
	case *ast.CatchStatement:
		if x.Parameter != nil {
			a.dichiara(x.Parameter)
		}
	case *ast.LabelledStatement:
		a.dichiara(x.Label)
	case *ast.ParameterList:
		if x.Rest != nil {
			a.dichiara(x.Rest)
		}
	case *ast.FunctionLiteral:
		if x.Name != nil {
			a.dichiarati[x.Name.Name.String()] = true
		}
		a.funzione(x.Async, x.Generator)
	case *ast.ArrowFunctionLiteral:
		a.funzione(x.Async, false)
	case *ast.AssignExpression:
		a.assegna(x)
	case *ast.ClassLiteral:
		a.mancano["class"] = true
	case *ast.WithStatement:
		a.mancano["with"] = true
	case *ast.DotExpression:
		a.membro(x.Left, x.Identifier.Name.String())
	case *ast.BracketExpression:
		if s, ok := x.Member.(*ast.StringLiteral); ok {
			a.membro(x.Left, s.Value.String())
		} else if i, ok := x.Left.(*ast.Identifier); ok && Funzioni()[i.Name.String()] != nil {
			a.mancano[i.Name.String()+"[…]"] = true
		}
	case *ast.PropertyKeyed:
		if s, ok := x.Key.(*ast.StringLiteral); ok && s.Value == "__proto__" {
			a.mancano["__proto__"] = true
		}
	case *ast.NumberLiteral:
		if strings.HasSuffix(x.Literal, "n") {
			a.mancano["BigInt"] = true
		}
	case *ast.TemplateLiteral:
		if x.Tag != nil {
			a.mancano["template con etichetta"] = true
		}
	case *ast.RegExpLiteral:
		if len(x.Pattern) > 2000 {
			a.mancano["espressione regolare lunga"] = true
		}
	case *ast.MetaProperty:
		a.mancano["new.target"] = true
	}
}

func (a *analisi) funzione(asincrona, generatrice bool) {
	if asincrona {
		a.mancano["async"] = true
	}
	if generatrice {
		a.mancano["function*"] = true
	}
}

// assegna: a name assigned and never declared is a global of this evaluation alone.
func (a *analisi) assegna(x *ast.AssignExpression) {
	switch l := x.Left.(type) {
	case *ast.Identifier:
		if n := l.Name.String(); slices.Contains(globali, n) || n == "instance" {
			a.mancano[n+" ="] = true
		}
		a.dichiara(l)
	case *ast.ArrayPattern, *ast.ObjectPattern:
		a.dichiara(l)
	case *ast.DotExpression:
		if l.Identifier.Name == "length" {
			a.mancano["length ="] = true
		}
	}
}

func (a *analisi) membro(sinistra ast.Expression, nome string) {
	if nome == "__proto__" {
		a.mancano[nome] = true
	}
	if o, ok := sinistra.(*ast.Optional); ok {
		sinistra = o.Expression
	}
	i, ok := sinistra.(*ast.Identifier)
	if !ok {
		return
	}
	n := i.Name.String()
	if f := Funzioni()[n]; f != nil && !slices.Contains(f, nome) {
		a.mancano[n+"."+nome] = true
	}
}

// The guards, named so that no source can name them.
const (
	nomeLimite = unistring.String("_limite ")
	nomeChiave = unistring.String("_chiave ")
)

// proteggi writes guards around what can make a text or an array grow:
// additions, templates, calls, spreads, and the keys that are assigned.
func proteggi(albero *ast.Program) {
	g := &guardia{visti: map[any]bool{}}
	g.visita(reflect.ValueOf(albero))
}

type guardia struct{ visti map[any]bool }

var tipoEspressione = reflect.TypeFor[ast.Expression]()

func chiama(nome unistring.String, e ast.Expression) ast.Expression {
	return &ast.CallExpression{
		Callee:       &ast.Identifier{Name: nome, Idx: e.Idx0()},
		ArgumentList: []ast.Expression{e}, LeftParenthesis: e.Idx0(), RightParenthesis: e.Idx1(),
	}
}

func (g *guardia) visita(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		dentro := v.Elem()
		g.visita(dentro)
		if v.Type() == tipoEspressione && v.CanSet() && cresce(dentro.Interface()) {
			e, ok := dentro.Interface().(ast.Expression)
			if ok {
				v.Set(reflect.ValueOf(chiama(nomeLimite, e)))
			}
		}
	case reflect.Pointer:
		if v.IsNil() || g.visti[v.Interface()] {
			return
		}
		g.visti[v.Interface()] = true
		if c, ok := v.Interface().(*ast.OptionalChain); ok {
			g.catena(c.Expression)
			return
		}
		if fuoriAlbero(v.Interface()) {
			return
		}
		g.visita(v.Elem())
		switch x := v.Interface().(type) {
		case *ast.AssignExpression:
			if l, ok := x.Left.(*ast.BracketExpression); ok {
				l.Member = chiama(nomeChiave, l.Member)
			}
		case *ast.FunctionLiteral:
			g.parametri(x)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			g.visita(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			g.visita(v.Index(i))
		}
	default:
	}
}

// parametri gives the outermost function's parameters their true names.
func (g *guardia) parametri(f *ast.FunctionLiteral) {
	if len(f.ParameterList.List) != 2 {
		return
	}
	for i, da := range []struct{ finto, vero unistring.String }{{"_limite", nomeLimite}, {"_chiave", nomeChiave}} {
		n, ok := f.ParameterList.List[i].Target.(*ast.Identifier)
		if !ok || n.Name != da.finto || f.Function > 5 {
			return
		}
		n.Name = da.vero
	}
}

// catena walks an optional chain, where a guard on the way would change what is skipped.
func (g *guardia) catena(e ast.Expression) {
	switch x := e.(type) {
	case *ast.CallExpression:
		g.catena(x.Callee)
		g.visita(reflect.ValueOf(x).Elem().FieldByName("ArgumentList"))
	case *ast.DotExpression:
		g.catena(x.Left)
	case *ast.BracketExpression:
		g.catena(x.Left)
		g.visita(reflect.ValueOf(x).Elem().FieldByName("Member"))
	case *ast.Optional:
		g.catena(x.Expression)
	default:
		g.visita(reflect.ValueOf(e))
	}
}

// cresce says whether an expression may give a longer text or array than it was given.
func cresce(n any) bool {
	switch x := n.(type) {
	case *ast.BinaryExpression:
		return x.Operator == token.PLUS
	case *ast.AssignExpression:
		return x.Operator == token.PLUS
	case *ast.ArrayLiteral:
		return slices.ContainsFunc(x.Value, func(e ast.Expression) bool { _, ok := e.(*ast.SpreadElement); return ok })
	case *ast.TemplateLiteral, *ast.NewExpression, *ast.OptionalChain:
		return true
	case *ast.CallExpression:
		i, ok := x.Callee.(*ast.Identifier)
		_, super := x.Callee.(*ast.SuperExpression)
		return !super && (!ok || (i.Name != nomeLimite && i.Name != nomeChiave))
	}
	return false
}
