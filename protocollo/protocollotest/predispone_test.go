package protocollotest_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/protocollo/interno"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/stretchr/testify/require"
)

// duefasi registers in two phases over the embedded register.
type duefasi struct {
	*interno.Registro
	frettoloso bool // the fault: the draft takes a number at once

	mu    sync.Mutex
	bozze map[string]ric
}

func (d *duefasi) Capacita() protocollo.Capacita {
	c := d.Registro.Capacita()
	c.Predispone = true
	return c
}

func (d *duefasi) Predisponi(ctx context.Context, q ric) (protocollo.Bozza, error) {
	if err := d.Capacita().Verifica(q); err != nil {
		return protocollo.Bozza{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	id := fmt.Sprint(len(d.bozze) + 1)
	d.bozze[id] = q
	if d.frettoloso {
		if _, err := d.Registra(ctx, q); err != nil {
			return protocollo.Bozza{}, err
		}
	}
	return protocollo.Bozza{Ente: q.Ente, ID: id, Correlazione: q.Correlazione}, nil
}

func (d *duefasi) Conferma(ctx context.Context, b protocollo.Bozza) (reg, error) {
	d.mu.Lock()
	q := d.bozze[b.ID]
	d.mu.Unlock()
	return d.Registra(ctx, q)
}

func fabbricaDueFasi(frettoloso bool) protocollotest.Fabbrica {
	return protocollotest.Fabbrica{AltroEnte: "c_f205", Anno: 1999, Abilita: tutto, Concorrenti: 8,
		Nuovo: func() (protocollotest.Istanza, error) {
			r, err := interno.New(interno.Config{Cassetto: new(cassetto.Memoria), Orologio: annoFisso})
			return protocollotest.Istanza{Registro: &duefasi{Registro: r, frettoloso: frettoloso, bozze: map[string]ric{}}}, err
		}}
}

func TestDueFasi(t *testing.T) {
	t.Parallel()
	protocollotest.Verifica(t, fabbricaDueFasi(false))
}

func TestDueFasiFrettolose(t *testing.T) {
	t.Parallel()
	for _, p := range protocollotest.Prove(fabbricaDueFasi(true)) {
		if p.Nome == "predisposizione" {
			require.NotEmpty(t, p.Esegui(t.Context()))
		}
	}
}

// ExampleProve runs the kit outside of go test, as a vendor's own harness may.
func ExampleProve() {
	for _, p := range protocollotest.Prove(fabbricaDueFasi(false)) {
		fmt.Println(p.Nome, len(p.Esegui(context.Background())))
	}
	// Output:
	// capacita 0
	// numero 0
	// concorrenza 0
	// anno 0
	// correlazione 0
	// contenuto 0
	// documenti 0
	// struttura 0
	// limiti 0
	// contesto 0
	// fascicolo 0
	// annullamento 0
	// riclassificazione 0
	// predisposizione 0
	// testi 0
	// enti 0
}
