package protocollotest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/protocollo/interno"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// Chiamata is one call that Finto received.
type Chiamata struct {
	N            int // from 1, over all operations
	Operazione   Operazione
	Ente         string
	Correlazione string // Registra, Cerca
	Guasto       Guasto // what the script did to it
	Conclusa     bool   // false while it runs
	Classe       guasto.Classe
}

// Effetto is one number that Finto gave.
type Effetto struct {
	Chiamata      int // N of the call
	Correlazione  string
	Principale    protocollo.Impronta
	Guasto        Guasto // Doppio marks the second number of one call
	Registrazione protocollo.Registrazione
}

// Finto is a fake registry. It is safe for concurrent use. Hand Porta to the
// code under test, and ask Finto what happened.
type Finto struct {
	copione  Copione
	registro protocollo.Registro

	mu       sync.Mutex
	caso     *rand.Rand
	passi    map[Operazione][]Passo
	chiamate []Chiamata
	effetti  []Effetto
	pendenti []pendente
	numerati chan struct{} // closed and renewed at every number: wakes Riordino
	maturato chan struct{} // the same at every Matura
}

// pendente is an effect that Ritardo put off.
type pendente struct {
	quando int // N of the call before which it happens
	fai    func()
}

// New gives a Finto. The error is that of the default Registro.
func New(c Copione) (*Finto, error) {
	if c.Orologio == nil {
		c.Orologio = func() time.Time { return time.Date(2026, 3, 31, 10, 0, 0, 0, time.UTC) }
	}
	if c.Registro == nil {
		r, err := interno.New(interno.Config{Cassetto: new(cassetto.Memoria), Orologio: c.Orologio})
		if err != nil {
			return nil, err
		}
		c.Registro = r
	}
	f := &Finto{copione: c, registro: c.Registro, caso: rand.New(rand.NewPCG(c.Seme, 1)),
		passi: map[Operazione][]Passo{}, numerati: make(chan struct{}), maturato: make(chan struct{})}
	for _, p := range c.Passi {
		if p.Operazione == "" {
			p.Operazione = OpRegistra
		}
		f.passi[p.Operazione] = append(f.passi[p.Operazione], p)
	}
	return f, nil
}

// Chiamate gives the calls received, in the order in which they began.
func (f *Finto) Chiamate() []Chiamata {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.chiamate)
}

// Effetti gives the numbers assigned, in order.
func (f *Finto) Effetti() []Effetto {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := slices.Clone(f.effetti)
	for i := range e {
		e[i].Registrazione = e[i].Registrazione.Clone()
	}
	return e
}

// MaiDueNumeri gives an error if the caller had one document registered twice:
// two numbers, neither annulled, for one ente and token. The second number of a
// Doppio is the registry's doing and does not count.
func (f *Finto) MaiDueNumeri() error {
	visti := map[[2]string]protocollo.Estremi{}
	for _, e := range f.Effetti() {
		if e.Guasto == Doppio || e.Registrazione.Annullata != nil {
			continue
		}
		k := [2]string{e.Registrazione.Ente, e.Correlazione}
		if primo, ok := visti[k]; ok {
			return fmt.Errorf("protocollotest: due numeri per %s: %s e %s", e.Correlazione, primo, e.Registrazione.Estremi)
		}
		visti[k] = e.Registrazione.Estremi
	}
	return nil
}

// Perduti gives the numbers assigned and not annulled that nobody recorded: those
// not among the estremi given.
func (f *Finto) Perduti(annotati ...protocollo.Estremi) []Effetto {
	return slices.DeleteFunc(f.Effetti(), func(e Effetto) bool {
		return e.Registrazione.Annullata != nil ||
			slices.ContainsFunc(annotati, e.Registrazione.Stessi)
	})
}

// Matura makes every effect that Ritardo put off happen now, and lets every
// Riordino go on.
func (f *Finto) Matura() {
	f.mu.Lock()
	pronti := f.pendenti
	f.pendenti = nil
	close(f.maturato)
	f.maturato = make(chan struct{})
	f.mu.Unlock()
	for _, p := range pronti {
		p.fai()
	}
}

// inizia writes the call down, lets the effects that are due happen, and gives
// the step for it.
func (f *Finto) inizia(op Operazione, ente, correlazione string) (int, Passo) {
	f.mu.Lock()
	n := len(f.chiamate) + 1
	p := f.passo(op)
	f.chiamate = append(f.chiamate, Chiamata{N: n, Operazione: op, Ente: ente, Correlazione: correlazione, Guasto: p.Guasto})
	var pronti []pendente
	f.pendenti = slices.DeleteFunc(f.pendenti, func(x pendente) bool {
		if x.quando >= n {
			return false
		}
		pronti = append(pronti, x)
		return true
	})
	f.mu.Unlock()
	for _, x := range pronti {
		x.fai()
	}
	return n, p
}

func (f *Finto) finisci(n int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.chiamate[n-1].Conclusa = true
	f.chiamate[n-1].Classe = guasto.Di(err)
}

func (f *Finto) passo(op Operazione) Passo {
	if resto := f.passi[op]; len(resto) > 0 {
		f.passi[op] = resto[1:]
		return resto[0]
	}
	if op != OpRegistra || len(f.copione.Probabilita) == 0 {
		return Passo{}
	}
	x, somma := f.caso.Float64(), 0.0
	for _, g := range []Guasto{PrimaEffetto, DopoEffetto, Blocco, Doppio, Ritardo, Parziale, Spazzatura, Riordino} {
		if somma += f.copione.Probabilita[g]; x < somma {
			return Passo{Guasto: g, ConEffetto: f.caso.IntN(2) == 0}
		}
	}
	return Passo{}
}

// numera makes the registry give one number, whatever the script says.
func (f *Finto) numera(n int, r protocollo.Richiesta, g Guasto, conAllegati bool) (protocollo.Registrazione, error) {
	vera := r
	f.mu.Lock()
	defer f.mu.Unlock()
	// The Registro below may recognise tokens; this registry does not.
	vera.Correlazione = fmt.Sprintf("finto-%d", len(f.effetti)+1)
	vera.Oggetto = protocollo.OggettoConToken("-", vera.Correlazione, 0)
	reg, err := f.registro.Registra(context.Background(), vera)
	if err != nil {
		return protocollo.Registrazione{}, err
	}
	reg.Correlazione, reg.Oggetto = r.Correlazione, r.Oggetto
	if !conAllegati {
		reg.Allegati = nil
		for _, a := range r.Allegati {
			delete(reg.Impronte, a.ID)
		}
	}
	f.effetti = append(f.effetti, Effetto{Chiamata: n, Correlazione: r.Correlazione,
		Principale: r.Principale.Impronta, Guasto: g, Registrazione: reg.Clone()})
	close(f.numerati)
	f.numerati = make(chan struct{})
	return reg, nil
}
