package modulo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// ErrFonte is the cause of a Fonte that broke.
var ErrFonte = errors.New("modulo: fonte di precompilazione non disponibile")

// Precompilato is an answer known from elsewhere.
type Precompilato struct {
	Valore any `json:"valore"` // as the field would be answered
	// Provenienza says to people where it comes from: "SPID", "Pratica 2025-000123".
	Provenienza string `json:"provenienza"`
	// Blocca locks the field: what is posted for it does not count. Otherwise the
	// value is a first answer, that the citizen may change.
	Blocca bool `json:"blocca"`
}

// LogValue leaves the value out.
func (p Precompilato) LogValue() slog.Value {
	return slog.GroupValue(slog.String("provenienza", p.Provenienza), slog.Bool("blocca", p.Blocca))
}

// Fonte knows answers before anybody is asked: an identity, a register, the
// earlier pratiche of the same person. Precompila gives values by the id of
// top-level fields; ids that the form does not have are ignored. It may do I/O
// and must obey ctx; it must not keep or change m. Errors must not hold
// personal data.
type Fonte interface {
	Precompila(ctx context.Context, m *Modulo) (map[string]Precompilato, error)
}

// Precompilazione is what the sources knew, by field id.
type Precompilazione map[string]Precompilato

// LogValue tells how many fields, never what they hold.
func (p Precompilazione) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("campi", len(p)))
}

// Precompila asks the sources in order: of each field, the first that gives a
// value which is neither empty nor wrong for the type of the field wins. No
// source answers for a computed field, for a dichiarazione or a consenso, which
// only the citizen can make, nor for files, appointments and stamps, which belong
// to one pratica. An option that its Elenco does not have, given the other values,
// is dropped.
//
// A source that fails (or panics) is passed over: the error, an ErrFonte that
// wraps its own, comes with what the others knew.
func (m *Modulo) Precompila(ctx context.Context, fonti ...Fonte) (Precompilazione, error) {
	q := Precompilazione{}
	var errs []error
	for i, f := range fonti {
		noti, err := interroga(ctx, f, m)
		if err != nil {
			errs = append(errs, fmt.Errorf("%w: la numero %d: %w", ErrFonte, i+1, err))
			continue
		}
		for id, p := range noti {
			c := m.campi[id]
			if _, gia := q[id]; gia || c == nil || !c.precompilabile() || c.nullo(p.Valore) || c.leggi(p.Valore).codice != "" {
				continue
			}
			if c.elenco != nil && c.dipende == nil && !c.presenti("", p.Valore) {
				continue
			}
			p.Valore = copiaValore(p.Valore)
			q[id] = p
		}
	}
	m.scarta(q)
	return q, errors.Join(errs...)
}

// scarta drops the values that are not among the options of an Elenco, as they
// depend on one another: locked, nobody could mend them.
func (m *Modulo) scarta(q Precompilazione) {
	prime := q.Prime()
	for tolti := true; tolti; {
		tolti = false
		for id := range q {
			c := m.campi[id]
			if c.elenco == nil {
				continue
			}
			if padre, ok := c.padreIn(prime, nil); !ok || !c.presenti(padre, q[id].Valore) {
				delete(q, id)
				delete(prime, id)
				tolti = true
			}
		}
	}
}

func interroga(ctx context.Context, f Fonte, m *Modulo) (noti map[string]Precompilato, err error) {
	defer func() {
		if recover() != nil {
			noti, err = nil, errors.New("si è interrotta")
		}
	}()
	return f.Precompila(ctx, m)
}

func (c *campo) precompilabile() bool {
	return c.calcolo == nil && c.Tipo != Nota && c.Tipo != File && !c.Tipo.sottoscritto() && !c.Tipo.riferimento()
}

// presenti: the options that v names were all there on some day.
func (c *campo) presenti(padre string, v any) bool {
	for _, s := range elenco(c.leggi(v).valore) {
		if _, ok, _ := c.voceDi(padre, s, termini.Giorno{}); !ok {
			return false
		}
	}
	return true
}

// Bloccate gives the locked values, for Opzioni.Precompilate.
func (p Precompilazione) Bloccate() Risposte {
	r := Risposte{}
	for id, x := range p {
		if x.Blocca {
			r[id] = copiaValore(x.Valore)
		}
	}
	return r
}

// Prime gives all the values, as the first answers of a new draft; put them over
// those of Modulo.Predefinite. In an old draft they are not to be put again: the
// citizen may have changed them.
func (p Precompilazione) Prime() Risposte {
	r := Risposte{}
	for id, x := range p {
		r[id] = copiaValore(x.Valore)
	}
	return r
}

// Provenienze gives where each value comes from, for Opzioni.Provenienze.
func (p Precompilazione) Provenienze() map[string]string {
	q := make(map[string]string, len(p))
	for id, x := range p {
		q[id] = x.Provenienza
	}
	return q
}
