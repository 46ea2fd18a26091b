package sportello_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// aFasi is a registry that takes the main document first, gives the number at
// the confirmation, and the attachments one by one after it.
type aFasi struct {
	protocollo.Registro
	bozze, conferme, allegati int
	cadePrima                 int // so many first Predisponi get no answer
	richieste                 map[string]protocollo.Richiesta
}

func (f *aFasi) Capacita() protocollo.Capacita {
	c := f.Registro.Capacita()
	c.Predispone, c.AllegatiDopo, c.AllegatiNellaChiamata = true, true, false
	c.Cerca, c.Fascicoli, c.FascicoliUnici = false, false, false
	return c
}

func (f *aFasi) Registra(context.Context, protocollo.Richiesta) (protocollo.Registrazione, error) {
	return protocollo.Registrazione{}, errors.New("chi sa predisporre non si chiama così")
}

func (f *aFasi) Predisponi(_ context.Context, r protocollo.Richiesta) (protocollo.Bozza, error) {
	f.bozze++
	if f.bozze <= f.cadePrima {
		return protocollo.Bozza{}, errors.New("nessuna risposta")
	}
	f.richieste[r.Correlazione] = r
	return protocollo.Bozza{Ente: r.Ente, ID: r.Correlazione, Correlazione: r.Correlazione}, nil
}

func (f *aFasi) Conferma(ctx context.Context, b protocollo.Bozza) (protocollo.Registrazione, error) {
	f.conferme++
	r := f.richieste[b.ID]
	r.Allegati = nil
	return f.Registro.Registra(ctx, r)
}

func (f *aFasi) Allega(_ context.Context, _ protocollo.Estremi, d protocollo.Documento) (string, error) {
	f.allegati++
	return "all-" + d.ID, nil
}

func TestRegistroADueFasi(t *testing.T) {
	t.Parallel()
	f := &aFasi{cadePrima: 1, richieste: map[string]protocollo.Richiesta{}}
	b := nuovoBanco(t, func(c *sportello.Config) { f.Registro, c.Registro = c.Registro, f })
	ctx := context.Background()
	id := b.bozza("pieno")
	_, err := b.s.Allega(ctx, b.cittadino, id, sportello.NuovoAllegato{Nome: "casa.jpg", Campo: "pianta", Origine: pratica.OrigineRichiesta}, bytes.NewReader(foto(t)))
	require.NoError(t, err)
	b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
	b.svuota()
	b.paga(id)
	b.svuota()
	require.Equal(t, pratica.Inviata, b.stato(id), "the first preparation got no answer")
	b.orologio.Avanza(time.Hour)
	b.svuota()
	p := b.carica(id)
	require.Equal(t, pratica.Protocollata, p.Stato)
	require.Equal(t, 2, f.bozze, "a preparation has no number: it may be repeated")
	require.Equal(t, 1, f.conferme, "a confirmation may not")
	require.Equal(t, 1, f.allegati)
	r, ok := p.Protocollo()
	require.True(t, ok)
	require.Len(t, r.Allegati, 1)
}
