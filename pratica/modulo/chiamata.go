package modulo

import (
	"fmt"

	"github.com/expr-lang/expr/ast"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// firma is the signature of a function with arguments of fixed genus.
type firma struct {
	nome  string
	vuole []genere
	rende genere
}

// firmaDi looks a simple function up by its name and number of arguments.
func firmaDi(nome string, n int) (firma, bool) {
	for _, f := range []struct {
		scritto string
		firma
	}{
		{"giorni", firma{fnGiorni, []genere{gGiorno, gGiorno}, gNumero}},
		{"eta", firma{fnEta, []genere{gGiorno, gGiorno}, gNumero}},
		{"anno", firma{fnAnno, []genere{gGiorno}, gNumero}},
		{"minimo", firma{fnMinimo, []genere{gNumero, gNumero}, gNumero}},
		{"massimo", firma{fnMassimo, []genere{gNumero, gNumero}, gNumero}},
		{"arrotonda", firma{fnArrotonda, []genere{gNumero, gNumero}, gNumero}},
	} {
		if f.scritto == nome && len(f.vuole) == n {
			return f.firma, true
		}
	}
	return firma{}, false
}

func (a *analisi) oggi() ast.Node {
	a.usaOggi = true
	return &ast.IdentifierNode{Value: chiaveOggi}
}

func (a *analisi) chiamata(n *ast.CallNode) (ast.Node, genere, error) {
	id, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return rifiuta("chiamata non ammessa: %s", taglia(n.String()))
	}
	nome, args := id.Value, n.Arguments
	switch {
	case nome == "oggi" && len(args) == 0:
		return a.oggi(), gGiorno, nil
	case nome == "giorno" && len(args) == 1:
		s, ok := args[0].(*ast.StringNode)
		if !ok {
			return rifiuta(`giorno vuole una data ISO fra virgolette, per esempio giorno("2026-03-31")`)
		}
		g, err := termini.LeggiGiorno(s.Value)
		if err != nil || g.IsZero() {
			return rifiuta("%q non è una data ISO", s.Value)
		}
		return &ast.ConstantNode{Value: g}, gGiorno, nil
	case nome == "somma" && len(args) == 2:
		return a.sommaRighe(args)
	case nome == "conta" && (len(args) == 1 || len(args) == 2):
		return a.conta(args)
	case nome == "vuoto" && len(args) == 1:
		x, g, err := a.nodo(args[0])
		if err != nil {
			return nil, gNessuno, err
		}
		if g == gVero {
			return rifiuta("vuoto non si applica a un sì/no: si scrive not %s", taglia(args[0].String()))
		}
		return chiama(fnVuoto, x), gVero, nil
	}
	vv := make([]ast.Node, 0, 2)
	gg := make([]genere, 0, 2)
	for _, x := range args {
		v, g, err := a.nodo(x)
		if err != nil {
			return nil, gNessuno, err
		}
		vv, gg = append(vv, v), append(gg, g)
	}
	if nome == "eta" && len(vv) == 1 {
		vv, gg = append(vv, a.oggi()), append(gg, gGiorno)
	}
	f, ok := firmaDi(nome, len(vv))
	if !ok {
		return rifiuta("la funzione %s con %d argomenti non esiste", taglia(nome), len(args))
	}
	for i, g := range gg {
		if g != f.vuole[i] {
			return rifiuta("%s: l'argomento %d è di genere %s, ci vuole %s", nome, i+1, g, f.vuole[i])
		}
	}
	return chiama(f.nome, vv...), f.rende, nil
}

func (a *analisi) colonna(args []ast.Node, ok func(Tipo) bool, cosa string) (gruppo ast.Node, col ast.Node, err error) {
	g := a.campoDi(args[0])
	s, isTesto := args[1].(*ast.StringNode)
	if id, ok := args[0].(*ast.IdentifierNode); ok && g == nil {
		return nil, nil, fmt.Errorf("%q non è un gruppo", id.Value)
	}
	if g == nil || !isTesto {
		return nil, nil, fmt.Errorf(`ci vogliono un gruppo e il nome di un suo campo: somma(figli, "eta")`)
	}
	if g.Tipo != Gruppo {
		return nil, nil, fmt.Errorf("%q non è un gruppo", g.ID)
	}
	c := g.figlio(s.Value)
	if c == nil || !ok(c.Tipo) {
		return nil, nil, fmt.Errorf("il gruppo %q non ha un campo %s %q", g.ID, cosa, s.Value)
	}
	gruppo, _, err = a.nodo(args[0])
	return gruppo, s, err
}

func (a *analisi) sommaRighe(args []ast.Node) (ast.Node, genere, error) {
	g, c, err := a.colonna(args, Tipo.numerico, "numerico")
	if err != nil {
		return nil, gNessuno, err
	}
	return chiama(fnSomma, g, c), gNumero, nil
}

func (a *analisi) conta(args []ast.Node) (ast.Node, genere, error) {
	if len(args) == 2 {
		g, c, err := a.colonna(args, func(t Tipo) bool { return t.genere() == gVero }, "sì/no")
		if err != nil {
			return nil, gNessuno, err
		}
		return chiama(fnContaVeri, g, c), gNumero, nil
	}
	x, g, err := a.nodo(args[0])
	if err != nil {
		return nil, gNessuno, err
	}
	switch g {
	case gGruppo:
		return chiama(fnContaRighe, x), gNumero, nil
	case gElenco:
		return chiama(fnContaVoci, x), gNumero, nil
	default:
		return rifiuta("conta vuole un gruppo, un file o una scelta multipla")
	}
}
