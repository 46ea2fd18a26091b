package sportello_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

var errCrollo = errors.New("processo caduto")

// processo is the store as a process sees it that dies at its n-th write: before
// it or after it, and from then on nothing works.
type processo struct {
	*memoria.Store
	quando int64
	dopo   bool
	fatte  atomic.Int64
	morto  atomic.Bool
}

func (p *processo) scrive(fn func() error) error {
	if p.morto.Load() {
		return errCrollo
	}
	n := p.fatte.Add(1)
	if n == p.quando && !p.dopo {
		p.morto.Store(true)
		return errCrollo
	}
	err := fn()
	if n == p.quando {
		p.morto.Store(true)
		return errCrollo
	}
	return err
}

func (p *processo) Registra(ctx context.Context, c storage.Commit) (r storage.Ricevuta, err error) {
	err = p.scrive(func() error { r, err = p.Store.Registra(ctx, c); return err })
	return r, err
}

func (p *processo) Aggiorna(ctx context.Context, e storage.Effetto) error {
	return p.scrive(func() error { return p.Store.Aggiorna(ctx, e) })
}

func (p *processo) Transazione(ctx context.Context, e string, fn func(cassetto.Tx) error) error {
	return p.scrive(func() error { return p.Store.Transazione(ctx, e, fn) })
}

func (p *processo) Prenota(ctx context.Context, q storage.Prenotazione) ([]storage.Effetto, error) {
	if p.morto.Load() {
		return nil, errCrollo
	}
	return p.Store.Prenota(ctx, q)
}

// risolvi is the operator: he looks in the registry, adopts what he finds and
// lets the rest be tried again.
func (b *banco) risolvi(f *protocollotest.Finto, ids ...pratica.ID) {
	b.t.Helper()
	ctx := context.Background()
	for range 20 {
		b.drena(ids...)
		trovati := 0
		for _, id := range ids {
			effetti, err := b.store.Effetti(ctx, ente, id)
			require.NoError(b.t, err)
			for _, e := range effetti {
				if e.Stato != storage.EsitoIgnoto && e.Stato != storage.Fallito {
					continue
				}
				trovati++
				if es, ok := b.cerca(f, id, e.Riferimento); ok {
					require.NoError(b.t, b.s.AdottaProtocollo(ctx, b.operatore, id, e.ID, es))
					continue
				}
				require.NoError(b.t, b.s.Riprova(ctx, b.operatore, id, e.ID, true))
			}
		}
		if trovati == 0 {
			return
		}
	}
	require.Fail(b.t, "restano effetti in sospeso")
}

// cerca looks for the document of a pratica among the numbers given, by its digest.
func (b *banco) cerca(f *protocollotest.Finto, id pratica.ID, documento string) (protocollo.Estremi, bool) {
	d, ok := b.carica(id).Documento(documento)
	require.True(b.t, ok)
	for _, e := range f.Effetti() {
		if e.Principale.Valore == d.SHA256 && e.Guasto != protocollotest.Doppio {
			return e.Registrazione.Estremi, true
		}
	}
	return protocollo.Estremi{}, false
}

// TestCrollo: the process dies around each of its writes while it registers, and
// another takes over. Never two numbers, never one lost.
func TestCrollo(t *testing.T) {
	t.Parallel()
	for _, livello := range []protocollotest.Livello{protocollotest.Completo, protocollotest.SoloRegistra} {
		for quando := int64(1); ; quando++ {
			vivo := false
			for _, dopo := range []bool{false, true} {
				var f *protocollotest.Finto
				b := nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{Livello: livello, Passi: []protocollotest.Passo{{Guasto: protocollotest.Parziale}}}))
				id := b.conFile()
				p := &processo{Store: b.store, quando: quando, dopo: dopo}
				c := b.config
				c.Store = p
				s, err := sportello.New(c)
				require.NoError(t, err)
				_, err = s.Svuota(context.Background())
				vivo = vivo || err == nil
				b.orologio.Avanza(4 * time.Minute) // its leases end
				b.risolvi(f, id)
				require.Equal(t, pratica.Protocollata, b.stato(id), "scrittura %d, dopo %v", quando, dopo)
				require.Zero(t, persi(f, b.numeri(f, id)), "scrittura %d, dopo %v", quando, dopo)
				require.Len(t, f.Effetti(), 1, "scrittura %d, dopo %v", quando, dopo)
				if livello == protocollotest.Completo { // no operator had to step in
					r, _ := b.carica(id).Protocollo()
					require.Len(t, r.Allegati, 1, "scrittura %d, dopo %v", quando, dopo)
				}
			}
			if vivo { // all its writes were tried
				require.Greater(t, quando, int64(5))
				break
			}
		}
	}
}

// TestNumeroNonAnnotato: the number came and one entry of the journal failed: it
// is not lost, also where the registry cannot be searched.
func TestNumeroNonAnnotato(t *testing.T) {
	t.Parallel()
	var f *protocollotest.Finto
	var rotto atomic.Bool
	b := nuovoBanco(t, func(c *sportello.Config) {
		conFinto(t, &f, protocollotest.Copione{Livello: protocollotest.SoloRegistra})(c)
	})
	b.store.Guasto = func(op string) error {
		if op == "Aggiorna" && registrazioni(f) == 1 && rotto.CompareAndSwap(false, true) {
			return errCrollo
		}
		return nil
	}
	id := b.conFile()
	b.drena(id)
	require.True(t, rotto.Load())
	require.Equal(t, pratica.Protocollata, b.stato(id))
	require.Equal(t, 1, registrazioni(f))
	require.Zero(t, persi(f, b.numeri(f, id)))
}

// TestCaos: many pratiche, several workers on one store, a registry and a store
// that fail at random. In the end every document has its one number.
func TestCaos(t *testing.T) {
	t.Parallel()
	for seme := range uint64(4) {
		t.Run(fmt.Sprint(seme), func(t *testing.T) {
			t.Parallel()
			var f *protocollotest.Finto
			livello := []protocollotest.Livello{protocollotest.Completo, protocollotest.ConCerca, protocollotest.SoloRegistra}[seme%3]
			b := nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{Seme: seme, Livello: livello, Probabilita: map[protocollotest.Guasto]float64{
				protocollotest.PrimaEffetto: .15, protocollotest.DopoEffetto: .15, protocollotest.Ritardo: .1, protocollotest.Doppio: .1, protocollotest.Parziale: .1, protocollotest.Spazzatura: .1}}))
			var guasti atomic.Bool
			var mu sync.Mutex
			caso := rand.New(rand.NewPCG(seme, 7))
			b.store.Guasto = func(op string) error {
				if !guasti.Load() {
					return nil
				}
				mu.Lock()
				defer mu.Unlock()
				if caso.IntN(100) < 4 {
					return errCrollo
				}
				return nil
			}
			var ids []pratica.ID
			for i := range 10 {
				if i%2 == 0 {
					ids = append(ids, b.conFile())
					continue
				}
				id := b.bozza("registrato")
				b.esegui(b.cittadino, id, pratica.Invia{})
				ids = append(ids, id)
			}
			guasti.Store(true)
			for range 6 {
				var gruppo sync.WaitGroup
				for n := range 3 {
					c := b.config
					c.Lavoro.Titolare = fmt.Sprintf("lavoratore-%d", n)
					s, err := sportello.New(c)
					require.NoError(t, err)
					gruppo.Go(func() { _, _ = s.Svuota(context.Background()) }) // the store fails on purpose
				}
				gruppo.Wait()
				f.Matura()
				b.orologio.Avanza(time.Minute)
				for _, e := range f.Effetti() { // never advanced without, even in the middle
					require.NotEmpty(t, e.Correlazione)
				}
			}
			guasti.Store(false)
			b.orologio.Avanza(4 * time.Minute)
			b.risolvi(f, ids...)
			for _, id := range ids {
				require.Equal(t, pratica.Protocollata, b.stato(id))
				eventi, err := b.store.Eventi(context.Background(), ente, id)
				require.NoError(t, err)
				require.NoError(t, pratica.Verifica(eventi))
			}
			require.Len(t, b.numeri(f, ids...), len(ids))
			require.Zero(t, persi(f, b.numeri(f, ids...)))
		})
	}
}
