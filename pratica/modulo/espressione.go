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
	cfg    *conf.Config
}

func nuovoAmbito(campi map[string]*campo, gruppo *campo) *ambito {
	env := map[string]any{chiaveOggi: termini.Giorno{}}
	for id, c := range campi {
		env[id] = vuotoDi(c.Tipo.genere())
	}
	if gruppo != nil {
		for _, c := range gruppo.figli {
			env[prefissoRiga+c.ID] = vuotoDi(c.Tipo.genere())
		}
		if gruppo.padre != nil {
			for _, c := range gruppo.padre.figli {
				env[prefissoSopra+c.ID] = vuotoDi(c.Tipo.genere())
			}
		}
	}
	cfg := conf.CreateNew()
	expr.DisableAllBuiltins()(cfg)
	for nome := range cfg.Disabled {
		delete(cfg.Builtins, nome)
	}
	expr.Env(env)(cfg)
	expr.MaxNodes(LimiteNodi)(cfg)
	conFunzioni(cfg)
	return &ambito{campi: campi, gruppo: gruppo, cfg: cfg}
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
	albero, err := parser.ParseWithConfig(testo, a.cfg)
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
	if _, err := checker.Check(albero, a.cfg); err != nil {
		return nil, err
	}
	if err := optimizer.Optimize(&albero.Node, a.cfg); err != nil {
		return nil, err
	}
	p, err := compiler.Compile(albero, a.cfg)
	if err != nil {
		return nil, err
	}
	return &espressione{programma: p, genere: g, campi: an.campi, riga: an.riga, sopra: an.sopra}, nil
}
