package script

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
)

// Insieme is a set of programs that share a pool of runtimes, built when a script
// first needs them. It keeps two idle ones as long as it lives. The zero value is
// ready; it is safe for concurrent use and must not be copied.
type Insieme struct {
	ambienti riserva
}

// Programma is a script ready to run: immutable, safe for concurrent use.
type Programma struct {
	insieme   *Insieme
	genere    Genere
	bisogni   []string
	usa       []string // the variables that the source names
	nativo    []istruzione
	compilato *goja.Program
}

// Compila reads a script with a pool of its own. See [Insieme.Compila].
func Compila(genere Genere, sorgente string) (*Programma, error) {
	return new(Insieme).Compila(genere, sorgente)
}

// Compila reads a script. ErrSintassi, with the place, if it is not JavaScript.
// A script that needs what is not here compiles, and has Bisogni.
func (s *Insieme) Compila(genere Genere, sorgente string) (*Programma, error) {
	if len(sorgente) > MaxSorgente {
		return nil, fmt.Errorf("%w: oltre %d byte", ErrSintassi, MaxSorgente)
	}
	ret := genere.variabile()
	inizio := "var " + ret + ";\n"
	if genere == Condizione || genere == Innesco {
		inizio += ret + " = true;\n"
	}
	// The names of the guards hold a space: a script cannot write them.
	testa := "(function(_limite, _chiave) { return function(" + strings.Join(Variabili(), ",") + ",instance) {\n" + inizio
	albero, err := goja.Parse("script", testa+sorgente+"\n;return "+ret+";\n}})", parser.WithDisableSourceMaps)
	if err != nil {
		return nil, sintassi(err)
	}
	// The source alone must parse too: it may not close the function that holds it.
	if _, err := goja.Parse("script", "(function(){\n"+sorgente+"\n})", parser.WithDisableSourceMaps); err != nil {
		return nil, sintassi(err)
	}
	corpo := interna(albero)
	if corpo == nil {
		return nil, fmt.Errorf("%w: più di una funzione", ErrSintassi)
	}
	p := &Programma{insieme: s, genere: genere}
	p.nativo = nativo(corpo, ret, len(genereInizio(genere)))
	a := analizza(corpo)
	p.bisogni, p.usa = a.bisogni(), a.variabili()
	if strings.Contains(sorgente, "{{") && genere == Controllo {
		// Form.io writes the answers into the source there.
		p.bisogni = append(p.bisogni, "{{…}}")
	}
	proteggi(albero)
	if p.compilato, err = goja.CompileAST(albero, false); err != nil {
		return nil, sintassi(err)
	}
	return p, nil
}

// genereInizio lists the statements that come before the source.
func genereInizio(g Genere) []string {
	if g == Condizione || g == Innesco {
		return []string{"var", "true"}
	}
	return []string{"var"}
}

// sintassi keeps the place of the error, and no text of the source.
func sintassi(err error) error {
	var l parser.ErrorList
	if errors.As(err, &l) && len(l) > 0 {
		return fmt.Errorf("%w: riga %d, colonna %d", ErrSintassi, max(1, l[0].Position.Line-3), l[0].Position.Column)
	}
	return ErrSintassi
}

// interna finds the function that holds the source; nil if there is more than that.
func interna(albero *ast.Program) *ast.FunctionLiteral {
	if len(albero.Body) != 1 {
		return nil
	}
	e, ok := albero.Body[0].(*ast.ExpressionStatement)
	if !ok {
		return nil
	}
	fuori, ok := e.Expression.(*ast.FunctionLiteral)
	if !ok || len(fuori.Body.List) != 1 {
		return nil
	}
	r, ok := fuori.Body.List[0].(*ast.ReturnStatement)
	if !ok {
		return nil
	}
	f, _ := r.Argument.(*ast.FunctionLiteral)
	return f
}

// Genere is what the script is for.
func (p *Programma) Genere() Genere { return p.genere }

// Nativo says whether the script runs without goja.
func (p *Programma) Nativo() bool { return p.nativo != nil }

// Bisogni lists what the script needs that is not here, sorted: names of
// browser objects ("window", "XMLHttpRequest"), functions of libraries that are
// not carried ("_.debounce", "utils.x"), parts of the language that are refused
// ("async", "class"). Empty if the script can run.
func (p *Programma) Bisogni() []string { return slices.Clone(p.bisogni) }
