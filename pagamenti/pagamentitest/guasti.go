package pagamentitest

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// Metodo names a method of pagamenti.Tramite.
type Metodo string

// The methods, as they are called in Go.
const (
	Crea    Metodo = "Crea"
	Stato   Metodo = "Stato"
	Annulla Metodo = "Annulla"
)

// Accidente is what goes wrong in a call.
type Accidente string

const (
	Nessuno       Accidente = "nessuno"        // the call works; useful to skip one in a script
	PrimaEffetto  Accidente = "prima_effetto"  // fails without an effect
	DopoEffetto   Accidente = "dopo_effetto"   // works, but the answer is lost: guasto.EsitoIgnoto
	Blocco        Accidente = "blocco"         // hangs until the context ends, without an effect: guasto.EsitoIgnoto
	BloccoEffetto Accidente = "blocco_effetto" // works, then hangs until the context ends: guasto.EsitoIgnoto
)

// ErrAccidente is the cause of every failure that a script makes.
var ErrAccidente = errors.New("pagamentitest: guasto voluto")

// Passo is one step of a script: the next call of Metodo (of any, if empty)
// suffers Accidente. A step is used once.
type Passo struct {
	Metodo    Metodo
	Accidente Accidente
	// Classe is that of the failure of PrimaEffetto. Defaults to guasto.Transitorio.
	Classe guasto.Classe
}

// Chiamata is a call that was made, with what the caller was told.
type Chiamata struct {
	Metodo    Metodo
	Ente, ID  string
	Accidente Accidente
	Errore    error
}

// Guasti is a pagamenti.Tramite that stands before another one and makes its
// calls fail by a script. Safe for concurrent use.
type Guasti struct {
	vero      pagamenti.Tramite
	frequenza int

	mu       sync.Mutex
	caso     *rand.Rand
	copione  []Passo
	chiamate []Chiamata
}

var _ pagamenti.Tramite = (*Guasti)(nil)

// Guasta puts failures before a Tramite. First the steps of copione are used;
// calls that find no step fail by chance, frequenza times in a hundred, either
// before or after the effect, always in the same way for the same seed and
// order of calls.
func Guasta(vero pagamenti.Tramite, seme uint64, frequenza int, copione ...Passo) *Guasti {
	return &Guasti{vero: vero, frequenza: frequenza, caso: rand.New(rand.NewPCG(seme, seme)), copione: slices.Clone(copione)}
}

// Aggiungi puts steps at the end of the script.
func (g *Guasti) Aggiungi(passi ...Passo) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.copione = append(g.copione, passi...)
}

// Guarisci drops the script and the failures by chance.
func (g *Guasti) Guarisci() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.copione, g.frequenza = nil, 0
}

// Chiamate gives the calls made so far, in the order in which they ended.
func (g *Guasti) Chiamate() []Chiamata {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.chiamate)
}

// Crea implements pagamenti.Tramite.
func (g *Guasti) Crea(ctx context.Context, d pagamenti.Dovuto) (pagamenti.Posizione, error) {
	return g.esegui(ctx, Crea, d.Ente, d.ID, func() (pagamenti.Posizione, error) { return g.vero.Crea(ctx, d) })
}

// Stato implements pagamenti.Tramite.
func (g *Guasti) Stato(ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
	return g.esegui(ctx, Stato, ente, id, func() (pagamenti.Posizione, error) { return g.vero.Stato(ctx, ente, id) })
}

// Annulla implements pagamenti.Tramite.
func (g *Guasti) Annulla(ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
	return g.esegui(ctx, Annulla, ente, id, func() (pagamenti.Posizione, error) { return g.vero.Annulla(ctx, ente, id) })
}

func (g *Guasti) prossimo(m Metodo) Passo {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, p := range g.copione {
		if p.Metodo == "" || p.Metodo == m {
			g.copione = slices.Delete(g.copione, i, i+1)
			return p
		}
	}
	if g.frequenza > 0 && g.caso.IntN(100) < g.frequenza {
		return Passo{Accidente: []Accidente{PrimaEffetto, DopoEffetto}[g.caso.IntN(2)]}
	}
	return Passo{Accidente: Nessuno}
}

func (g *Guasti) esegui(ctx context.Context, m Metodo, ente, id string, vera func() (pagamenti.Posizione, error)) (pagamenti.Posizione, error) {
	passo := g.prossimo(m)
	p, err := passo.subisci(ctx, "pagamentitest."+string(m), vera)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.chiamate = append(g.chiamate, Chiamata{m, ente, id, passo.Accidente, err})
	return p, err
}

func (p Passo) subisci(ctx context.Context, operazione string, vera func() (pagamenti.Posizione, error)) (pagamenti.Posizione, error) {
	switch p.Accidente {
	case PrimaEffetto:
		classe := p.Classe
		if classe == "" {
			classe = guasto.Transitorio
		}
		return pagamenti.Posizione{}, guasto.Nuovo(classe, operazione, "voluto", ErrAccidente)
	case DopoEffetto:
		if _, err := vera(); err != nil {
			return pagamenti.Posizione{}, err
		}
		return pagamenti.Posizione{}, guasto.Nuovo(guasto.EsitoIgnoto, operazione, "voluto", ErrAccidente)
	case Blocco, BloccoEffetto:
		if p.Accidente == BloccoEffetto {
			if _, err := vera(); err != nil {
				return pagamenti.Posizione{}, err
			}
		}
		<-ctx.Done()
		return pagamenti.Posizione{}, guasto.DaContesto(ctx, operazione, true)
	case Nessuno:
	}
	return vera()
}
