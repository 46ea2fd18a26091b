// Package bollitest helps to test what stands on bolli.Emettitore, on both
// sides: Finto is an issuer of digital stamps that fails on demand, for those
// who use one; Verifica is the conformance kit, for those who write one.
//
// Only tests import it.
package bollitest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Metodo names a method of bolli.Emettitore.
type Metodo string

// The methods, as they are called in Go.
const (
	Emetti Metodo = "Emetti"
	Stato  Metodo = "Stato"
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
var ErrAccidente = errors.New("bollitest: guasto voluto")

// Passo is one step of a script: the next call of Metodo (of any, if empty)
// suffers Accidente. A step is used once.
type Passo struct {
	Metodo    Metodo
	Accidente Accidente
	// Classe is that of the failure of PrimaEffetto. Defaults to guasto.Transitorio.
	Classe guasto.Classe
}

// Config sets up a Finto. The zero value works without failures.
type Config struct {
	Orologio  func() time.Time // Defaults to 15 January 2026, 10:00 UTC, standing still.
	Copione   []Passo          // calls that fail by script, before those by chance
	Seme      uint64           // of the failures by chance
	Frequenza int              // calls in a hundred that fail by chance, before or after the effect
}

// Finto is an issuer in memory. Stamps are bought only when Acquista says so.
// Safe for concurrent use.
type Finto struct {
	c Config

	mu      sync.Mutex
	caso    *rand.Rand
	voci    map[chiave]*voce
	emesse  int
	copione []Passo
}

type chiave struct{ ente, id string }

type voce struct {
	emissione bolli.Emissione
	impronta  string
	importo   decimal.Decimal
}

var _ bolli.Emettitore = (*Finto)(nil)

// NuovoFinto makes an issuer that nobody asked anything yet.
func NuovoFinto(c Config) *Finto {
	if c.Orologio == nil {
		c.Orologio = func() time.Time { return time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC) }
	}
	return &Finto{c: c, caso: rand.New(rand.NewPCG(c.Seme, c.Seme)), voci: map[chiave]*voce{}, copione: slices.Clone(c.Copione)}
}

// Richiesta gives a request that bolli.Richiesta.Verifica accepts, made by an
// invented person.
func Richiesta(ente, id string) bolli.Richiesta {
	return bolli.Richiesta{
		ID: id, Ente: ente, Impronta: bolli.Impronta([]byte("istanza")), Provincia: "RM", Importo: decimal.New(1600, -2),
		Acquirente: bolli.Acquirente{CodiceFiscale: "VRDMRN92A12H501Z", Nome: "Marina Verdi", Email: "marina.verdi@example.it"},
		RitornoURL: "https://portale.example/ritorno",
	}
}

// Emetti implements bolli.Emettitore.
func (f *Finto) Emetti(ctx context.Context, r bolli.Richiesta) (bolli.Emissione, error) {
	const operazione = "bollitest.Emetti"
	if err := r.Verifica(); err != nil {
		return bolli.Emissione{}, err
	}
	return f.subisci(ctx, Emetti, operazione, func() (bolli.Emissione, error) {
		k := chiave{r.Ente, r.ID}
		v, c := f.voci[k]
		if !c {
			v = &voce{
				emissione: bolli.Emissione{ID: r.ID, Ente: r.Ente, Stato: bolli.DaAcquistare, URLAcquisto: "https://bolli.example/" + r.ID},
				impronta:  r.Impronta, importo: r.Importo,
			}
			f.voci[k] = v
		}
		if v.impronta != r.Impronta || !v.importo.Equal(r.Importo) {
			return bolli.Emissione{}, bolli.Diversa(operazione)
		}
		return v.copia(), nil
	})
}

// Stato implements bolli.Emettitore.
func (f *Finto) Stato(ctx context.Context, ente, id string) (bolli.Emissione, error) {
	const operazione = "bollitest.Stato"
	return f.subisci(ctx, Stato, operazione, func() (bolli.Emissione, error) {
		v, c := f.voci[chiave{ente, id}]
		if !c {
			return bolli.Emissione{}, bolli.Ignota(operazione)
		}
		return v.copia(), nil
	})
}

// Acquista makes the payer buy the stamp. Idempotent. Fails with bolli.ErrIgnota.
func (f *Finto) Acquista(_ context.Context, ente, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	v, c := f.voci[chiave{ente, id}]
	if !c {
		return bolli.Ignota("bollitest.Acquista")
	}
	if v.emissione.Stato == bolli.Emessa {
		return nil
	}
	f.emesse++
	ora := f.c.Orologio()
	v.emissione.Stato, v.emissione.URLAcquisto = bolli.Emessa, ""
	v.emissione.Contrassegno = bolli.Contrassegno{
		Tipo: bolli.Digitale, Seriale: fmt.Sprintf("%014d", f.emesse), Emissione: termini.GiornoDi(ora),
		Ora: ora.In(termini.Roma()).Format(time.TimeOnly), Importo: v.importo, Impronta: v.impronta,
	}
	v.emissione.Originale = []byte("<marcaDaBollo/>")
	return nil
}

// Rinuncia makes the purchase fail; on a stamp already issued it does nothing.
// Fails with bolli.ErrIgnota.
func (f *Finto) Rinuncia(_ context.Context, ente, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	v, c := f.voci[chiave{ente, id}]
	if !c {
		return bolli.Ignota("bollitest.Rinuncia")
	}
	if v.emissione.Stato == bolli.DaAcquistare {
		v.emissione.Stato, v.emissione.URLAcquisto = bolli.NonRiuscita, ""
	}
	return nil
}

func (v *voce) copia() bolli.Emissione {
	e := v.emissione
	e.Originale = slices.Clone(e.Originale)
	return e
}

// prossimo is called under the lock.
func (f *Finto) prossimo(m Metodo) Passo {
	for i, p := range f.copione {
		if p.Metodo == "" || p.Metodo == m {
			f.copione = slices.Delete(f.copione, i, i+1)
			return p
		}
	}
	if f.c.Frequenza > 0 && f.caso.IntN(100) < f.c.Frequenza {
		return Passo{Accidente: []Accidente{PrimaEffetto, DopoEffetto}[f.caso.IntN(2)]}
	}
	return Passo{Accidente: Nessuno}
}

func (f *Finto) subisci(ctx context.Context, m Metodo, operazione string, vera func() (bolli.Emissione, error)) (bolli.Emissione, error) {
	f.mu.Lock()
	passo := f.prossimo(m)
	if ctx.Err() != nil && passo.Accidente == Nessuno {
		f.mu.Unlock()
		return bolli.Emissione{}, guasto.DaContesto(ctx, operazione, false)
	}
	var e bolli.Emissione
	var err error
	if passo.Accidente != PrimaEffetto && passo.Accidente != Blocco {
		e, err = vera()
	}
	f.mu.Unlock()
	if err != nil {
		return bolli.Emissione{}, err
	}
	switch passo.Accidente {
	case PrimaEffetto:
		classe := passo.Classe
		if classe == "" {
			classe = guasto.Transitorio
		}
		return bolli.Emissione{}, guasto.Nuovo(classe, operazione, "voluto", ErrAccidente)
	case DopoEffetto:
		return bolli.Emissione{}, guasto.Nuovo(guasto.EsitoIgnoto, operazione, "voluto", ErrAccidente)
	case Blocco, BloccoEffetto:
		<-ctx.Done()
		return bolli.Emissione{}, guasto.DaContesto(ctx, operazione, true)
	case Nessuno:
	}
	return e, nil
}
