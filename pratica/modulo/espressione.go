package modulo

import (
	"errors"
	"fmt"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// memoriaEspressione bounds what one run may allocate, in the units of vm.VM.
const memoriaEspressione = 10_000

// ambito is what an expression may name: the fields of the form and, inside a
// gruppo, those of its row and of the row around it.
type ambito struct {
	campi  map[string]*campo
	gruppo *campo
	base   *conf.Config
}

// configurazione is what all the expressions of a form share: the functions.
func configurazione() *conf.Config {
	cfg := conf.CreateNew()
	expr.DisableAllBuiltins()(cfg)
	for nome := range cfg.Disabled {
		delete(cfg.Builtins, nome)
	}
	expr.MaxNodes(LimiteNodi)(cfg)
	conFunzioni(cfg)
	return cfg
}

// con gives the configuration of one expression, which knows only the names
// that it uses: a form has too many to list them every time.
func (a *ambito) con(usati *analisi) *conf.Config {
	env := make(map[string]any, len(usati.campi)+len(usati.riga)+len(usati.sopra)+1)
	if usati.usaOggi {
		env[chiaveOggi] = termini.Giorno{}
	}
	for id := range usati.campi {
		env[id] = vuotoDi(a.campi[id].Tipo.genere())
	}
	for id := range usati.riga {
		env[prefissoRiga+id] = vuotoDi(a.gruppo.figlio(id).Tipo.genere())
	}
	for id := range usati.sopra {
		env[prefissoSopra+id] = vuotoDi(a.gruppo.padre.figlio(id).Tipo.genere())
	}
	cfg := *a.base
	expr.Env(env)(&cfg)
	return &cfg
}

// espressione is a compiled expression. The program is read-only: any number
// of goroutines may run it, each with its own vm.VM.
type espressione struct {
	programma *vm.Program
	genere    genere
	campi     map[string]bool
	riga      map[string]bool
	sopra     map[string]bool
}

func (a *ambito) compila(testo string) (*espressione, error) {
	if len(testo) > LimiteEspressione {
		return nil, fmt.Errorf("oltre %d caratteri", LimiteEspressione)
	}
	albero, err := parser.ParseWithConfig(testo, a.base)
	if err != nil {
		var fe *file.Error
		if errors.As(err, &fe) {
			return nil, fmt.Errorf("colonna %d: %s", fe.Column+1, fe.Message)
		}
		return nil, err
	}
	an := &analisi{ambito: a, campi: map[string]bool{}, riga: map[string]bool{}, sopra: map[string]bool{}}
	nodo, g, err := an.nodo(albero.Node)
	if err != nil {
		return nil, err
	}
	albero.Node = nodo
	cfg := a.con(an)
	if _, err := checker.Check(albero, cfg); err != nil {
		return nil, err
	}
	if err := optimizer.Optimize(&albero.Node, cfg); err != nil {
		return nil, err
	}
	p, err := compiler.Compile(albero, cfg)
	if err != nil {
		return nil, err
	}
	return &espressione{programma: p, genere: g, campi: an.campi, riga: an.riga, sopra: an.sopra}, nil
}
