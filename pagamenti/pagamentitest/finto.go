package pagamentitest

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pagamenti/interno"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// Consegna is how a Finto delivers its notifications.
type Consegna string

const (
	InOrdine Consegna = "in_ordine" // once, in the order of the facts
	Doppia   Consegna = "doppia"    // each twice
	Inversa  Consegna = "inversa"   // the last fact first: a failed attempt is told after the payment that followed it
)

// Config sets up a Finto. The zero value works without failures.
type Config struct {
	Orologio  func() time.Time // Defaults to Adesso, standing still.
	Seme      uint64           // of the failures by chance
	Frequenza int              // calls in a hundred that fail by chance
	Copione   []Passo          // calls that fail by script
	// Ricevente is given the notifications when Notifica is called. Defaults to
	// nobody.
	Ricevente pagamenti.Ricevente
	Consegna  Consegna // Defaults to InOrdine.
}

// Finto is a payment system in memory that fails on demand. Time and payments
// do nothing by themselves: Paga, Fallisci, Scadi make them happen, Notifica
// tells of them. Safe for concurrent use.
type Finto struct {
	*Guasti
	interno *interno.Tramite
	c       Config

	mu      sync.Mutex
	notizie []pagamenti.Posizione
}

var (
	_ pagamenti.Tramite      = (*Finto)(nil)
	_ pagamenti.Ricevutatore = (*Finto)(nil)
)

// NuovoFinto makes an empty payment system.
func NuovoFinto(c Config) (*Finto, error) {
	if c.Orologio == nil {
		c.Orologio = Adesso
	}
	f := &Finto{c: c}
	var n atomic.Int64
	t, err := interno.New(interno.Config{
		Cassetto: &cassetto.Memoria{}, BaseURL: "https://pagamenti.example", Orologio: c.Orologio,
		NuovoIUR: func() string { return "iur-" + strconv.FormatInt(n.Add(1), 10) },
		Ricevente: func(_ context.Context, p pagamenti.Posizione) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.notizie = append(f.notizie, p)
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	f.interno, f.Guasti = t, Guasta(t, c.Seme, c.Frequenza, c.Copione...)
	return f, nil
}

// Ricevuta implements pagamenti.Ricevutatore, without failures.
func (f *Finto) Ricevuta(ctx context.Context, ente, id string) (pagamenti.Documento, error) {
	return f.interno.Ricevuta(ctx, ente, id)
}

// Paga makes the payer pay.
func (f *Finto) Paga(ctx context.Context, ente, id string) error {
	return f.simula(ctx, ente, id, interno.Paga)
}

// Avvia makes the payer open the payment page.
func (f *Finto) Avvia(ctx context.Context, ente, id string) error {
	return f.simula(ctx, ente, id, interno.Avvia)
}

// Fallisci makes an attempt of the payer fail; on a paid position it does nothing.
func (f *Finto) Fallisci(ctx context.Context, ente, id string) error {
	return f.simula(ctx, ente, id, interno.Fallisce)
}

// Scadi makes the term pass; on a paid position it does nothing.
func (f *Finto) Scadi(ctx context.Context, ente, id string) error {
	return f.simula(ctx, ente, id, interno.Scade)
}

func (f *Finto) simula(ctx context.Context, ente, id string, e interno.Esito) error {
	_, err := f.interno.Simula(ctx, ente, id, e)
	if guasto.Di(err) == guasto.GiaFatto {
		return nil
	}
	return err
}

// Notizie gives the notifications not delivered yet, in the order of the facts.
func (f *Finto) Notizie() []pagamenti.Posizione {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.notizie)
}

// Notifica delivers the notifications to Config.Ricevente in the way that
// Config.Consegna says and forgets those that were taken. It stops at the first
// error, and gives it back.
func (f *Finto) Notifica(ctx context.Context) error {
	f.mu.Lock()
	coda := f.notizie
	f.notizie = nil
	f.mu.Unlock()
	if f.c.Ricevente == nil {
		return nil
	}
	volte := 1
	switch f.c.Consegna {
	case Inversa:
		slices.Reverse(coda)
	case Doppia:
		volte = 2
	case InOrdine:
	}
	for i, p := range coda {
		for range volte {
			if err := f.c.Ricevente(ctx, p); err != nil {
				resto := slices.Clone(coda[i:])
				if f.c.Consegna == Inversa {
					slices.Reverse(resto)
				}
				f.mu.Lock()
				f.notizie = append(resto, f.notizie...)
				f.mu.Unlock()
				return err
			}
		}
	}
	return nil
}
