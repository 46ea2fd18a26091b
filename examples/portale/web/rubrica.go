package web

import (
	"context"
	"slices"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

// Operatore is one entry of the directory.
type Operatore struct {
	ID      string
	Nome    string
	Ruolo   string   // what colleagues call his job, "Ufficio Scuola"
	Servizi []string // that he is enabled for
	Uffici  []string
}

// Rubrica is the directory of the operators of one ente. Immutable; safe for
// concurrent use.
type Rubrica struct {
	ente      string
	operatori []Operatore
}

var _ sportello.Rubrica = (*Rubrica)(nil)

// NuovaRubrica makes a directory.
func NuovaRubrica(ente string, operatori ...Operatore) *Rubrica {
	return &Rubrica{ente, slices.Clone(operatori)}
}

// Operatori gives all of them, in order.
func (b *Rubrica) Operatori() []Operatore { return slices.Clone(b.operatori) }

// Nome implements sportello.Rubrica.
func (b *Rubrica) Nome(_ context.Context, ente, operatore string) (string, bool) {
	o, ok := b.trova(ente, operatore)
	return o.Nome, ok
}

// Operatore implements sportello.Rubrica.
func (b *Rubrica) Operatore(_ context.Context, ente, operatore string) (pratica.Attore, bool) {
	o, ok := b.trova(ente, operatore)
	if !ok {
		return pratica.Attore{}, false
	}
	return b.attore(o), true
}

// Identita gives the operators as the access page lists them.
func (b *Rubrica) Identita() []Identita {
	v := make([]Identita, len(b.operatori))
	for i, o := range b.operatori {
		v[i] = Identita{Codice: o.ID, Nome: o.Nome, Descrizione: o.Ruolo, Attore: b.attore(o)}
	}
	return v
}

func (b *Rubrica) attore(o Operatore) pratica.Attore {
	return pratica.Attore{Ruolo: pratica.Operatore, ID: o.ID, Ente: b.ente, Servizi: slices.Clone(o.Servizi), Uffici: slices.Clone(o.Uffici)}
}

func (b *Rubrica) trova(ente, id string) (Operatore, bool) {
	i := slices.IndexFunc(b.operatori, func(o Operatore) bool { return o.ID == id })
	if i < 0 || ente != b.ente {
		return Operatore{}, false
	}
	return b.operatori[i], true
}
