// Package jsonlogic evaluates JSONLogic rules as json-logic-js 2 does, with the
// operators that Form.io adds to it: those of lodash under an underscore
// ("_sum", "_map") and getDate, relativeMinDate, relativeMaxDate.
//
// [Compila] reads a rule once; a [Regola] is immutable and safe for concurrent
// use. Everything is bounded: the nodes and the nesting of a rule, the steps of
// an evaluation, the text it may write. There is no clock inside: the instant is
// given with [Regola.ApplicaCon].
//
// Operators that take or give functions (_flow, _partial, _reduce, …) or that
// chance would decide (_random, _shuffle, …) are not carried: a rule cannot pass
// functions, so that they mean nothing there. Compila names them.
package jsonlogic

import (
	"errors"
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

const (
	// MaxProfondita is how deep a rule may nest.
	MaxProfondita = 100
	// MaxNodi is how many operators and values a rule may hold.
	MaxNodi = 10_000
	// MaxPassi is how many steps an evaluation may take; each element that a list operator reads or makes is one.
	MaxPassi = 200_000
	// MaxTesto is how many bytes of text an evaluation may write in all.
	MaxTesto = 4 << 20
)

var (
	// ErrTroppoGrande is a rule, or an evaluation, beyond the limits.
	ErrTroppoGrande = errors.New("regola JSONLogic troppo grande")
	// ErrOperatore is an operator that does not exist, or that is not carried.
	ErrOperatore = errors.New("operatore JSONLogic sconosciuto")
	// ErrArgomento is an operator that cannot work on what it was given.
	ErrArgomento = errors.New("argomento JSONLogic non ammesso")
)

// Contesto is what an evaluation knows of the world.
type Contesto struct {
	// Ora is the present instant; where it is zero, relativeMinDate and
	// relativeMaxDate are ErrArgomento.
	Ora time.Time
	// Fuso is where dates without an offset are read; defaults to UTC.
	Fuso *time.Location
}

// Regola is a rule ready to be evaluated.
type Regola struct {
	radice *nodo
}

// nodo is a constant, a list (elements in argomenti) or an operation.
type nodo struct {
	nome      string
	operatore operatore
	speciale  speciale
	argomenti []*nodo
	costante  any
	lista     bool
}

// operatore works on arguments already evaluated.
type operatore func(e *esecuzione, a argomenti) (any, error)

// speciale decides by itself what to evaluate, and on which data.
type speciale func(e *esecuzione, n *nodo, dati any) (any, error)

// argomenti are the values of an operation.
type argomenti []any

// su gives the i-th argument, undefined where there is none.
func (a argomenti) su(i int) any {
	if i < len(a) {
		return a[i]
	}
	return valore.Undefined{}
}

// Compila reads a rule decoded from JSON; the rule is copied.
// Errors: ErrTroppoGrande, ErrOperatore.
func Compila(regola any) (*Regola, error) {
	regola, err := valore.Copia(regola, valore.Limiti{Nodi: MaxNodi, Testo: MaxTesto})
	if err != nil {
		return nil, ErrTroppoGrande
	}
	n, err := compila(regola, 0)
	if err != nil {
		return nil, err
	}
	return &Regola{radice: n}, nil
}

func compila(regola any, livello int) (*nodo, error) {
	if livello > MaxProfondita {
		return nil, ErrTroppoGrande
	}
	if a, ok := regola.([]any); ok {
		n := &nodo{lista: true}
		return n, n.aggiungi(a, livello)
	}
	m, ok := regola.(map[string]any)
	if !ok || len(m) != 1 {
		return &nodo{costante: regola}, nil
	}
	n := &nodo{}
	for k, v := range m {
		n.nome = k
		a, ok := v.([]any)
		if !ok {
			a = []any{v}
		}
		if n.speciale = speciali(k); n.speciale == nil {
			if n.operatore = operazione(k); n.operatore == nil {
				return nil, fmt.Errorf("%w: %.40q", ErrOperatore, k)
			}
		}
		if err := n.aggiungi(a, livello); err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (n *nodo) aggiungi(a []any, livello int) error {
	n.argomenti = make([]*nodo, len(a))
	for i, v := range a {
		var err error
		if n.argomenti[i], err = compila(v, livello+1); err != nil {
			return err
		}
	}
	return nil
}

// Applica evaluates the rule on data, which is not written to. The result may share parts with data,
// and is valore.Undefined{} where JavaScript would give undefined.
// Errors: ErrTroppoGrande, ErrArgomento.
func (r *Regola) Applica(dati any) (any, error) {
	return r.ApplicaCon(Contesto{}, dati)
}

// ApplicaCon is Applica with an instant and a time zone.
func (r *Regola) ApplicaCon(c Contesto, dati any) (any, error) {
	if c.Fuso == nil {
		c.Fuso = time.UTC
	}
	e := &esecuzione{Contesto: c, passi: MaxPassi, testo: MaxTesto}
	return e.valuta(r.radice, dati)
}

// esecuzione is one evaluation and what it may still spend.
type esecuzione struct {
	Contesto
	passi, testo int
}

func (e *esecuzione) spendi(n int) error {
	if n < 0 || e.passi < n {
		return ErrTroppoGrande
	}
	e.passi -= n
	return nil
}

// scrivi accounts for a text made here.
func (e *esecuzione) scrivi(s string) (any, error) {
	if e.testo -= len(s); e.testo < 0 {
		return nil, ErrTroppoGrande
	}
	return s, nil
}

// stringa is String(v), accounted for.
func (e *esecuzione) stringa(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, e.spendi(1)
	}
	s := valore.Testo(v)
	_, err := e.scrivi(s)
	return s, err
}

func (e *esecuzione) valuta(n *nodo, dati any) (any, error) {
	if err := e.spendi(1); err != nil {
		return nil, err
	}
	switch {
	case n.speciale != nil:
		return n.speciale(e, n, dati)
	case n.operatore != nil:
		a, err := e.valori(n, dati)
		if err != nil {
			return nil, err
		}
		return n.operatore(e, a)
	case n.lista:
		return e.valori(n, dati)
	}
	return n.costante, nil
}

func (e *esecuzione) valori(n *nodo, dati any) ([]any, error) {
	a := make([]any, len(n.argomenti))
	for i, v := range n.argomenti {
		var err error
		if a[i], err = e.valuta(v, dati); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// argomento evaluates the i-th argument, undefined where there is none.
func (e *esecuzione) argomento(n *nodo, i int, dati any) (any, error) {
	if i >= len(n.argomenti) {
		return valore.Undefined{}, nil
	}
	return e.valuta(n.argomenti[i], dati)
}
