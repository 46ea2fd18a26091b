package sportello_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// TestVitaIntera follows a pratica of a service with everything from its draft
// to its outcome: four registrations, all in one fascicolo.
func TestVitaIntera(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	id := b.bozza("pieno")

	al, err := b.s.Allega(ctx, b.cittadino, id, sportello.NuovoAllegato{Nome: "casa.jpg", Campo: "pianta", Origine: pratica.OrigineRichiesta}, bytes.NewReader(foto(t)))
	require.NoError(t, err)
	require.Equal(t, "image/jpeg", al.MIME)
	fasce, err := b.s.Fasce(ctx, b.cittadino, id, "anagrafe", termini.Giorno{Anno: 2026, Mese: 3, Giorno: 12}, termini.Giorno{Anno: 2026, Mese: 3, Giorno: 12})
	require.NoError(t, err)
	require.Len(t, fasce, 6)
	_, err = b.s.PrenotaAppuntamento(ctx, b.cittadino, id, fasce[0])
	require.NoError(t, err)
	_, err = b.s.PrenotaAppuntamento(ctx, b.cittadino, id, fasce[2])
	require.NoError(t, err, "a draft may change its mind")

	b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
	require.Equal(t, pratica.AttesaPagamento, b.stato(id))
	b.svuota()
	b.paga(id)
	b.svuota()
	p := b.carica(id)
	require.Equal(t, pratica.Protocollata, p.Stato)
	require.Equal(t, "2026-000001", p.Numero.String())
	require.Equal(t, appuntamenti.Confermato, p.AppuntamentoAttivo().Stato)

	b.esegui(b.operatore, id, pratica.PrendiInCarico{})
	b.esegui(b.operatore, id, pratica.RichiediIntegrazione{Testo: "Serve la zona giusta", Campi: []string{"zona"}})
	b.svuota()
	require.Equal(t, pratica.AttesaIntegrazione, b.stato(id))
	_, err = b.s.Allega(ctx, b.cittadino, id, sportello.NuovoAllegato{Nome: "prova.jpg", Origine: pratica.OrigineIntegrazione}, bytes.NewReader(foto(t)))
	require.NoError(t, err)
	b.esegui(b.cittadino, id, pratica.InviaIntegrazione{Testo: "Ecco", Risposte: modulo.Risposte{"zona": "sud", "metri": "999"}})
	b.svuota()
	require.Equal(t, pratica.InCarico, b.stato(id))
	p = b.carica(id)
	require.Equal(t, "sud", p.Risposte["zona"])
	require.Equal(t, "10", p.Risposte["metri"], "only the reopened field changes")

	b.esegui(b.operatore, id, pratica.Approva{Motivazione: "Tutto in regola"})
	require.Equal(t, pratica.AttesaPagamentoFinale, b.stato(id))
	b.svuota()
	b.paga(id)
	require.Equal(t, pratica.AttesaPagamentoFinale, b.stato(id), "the stamp is still missing")
	b.esegui(b.cittadino, id, pratica.FornisciBollo{Forniti: []bolli.Contrassegno{marca("99999999999999")}})
	b.svuota()
	p = b.carica(id)
	require.Equal(t, pratica.Accettata, p.Stato)

	direzioni := map[pratica.TipoDocumento]protocollo.Direzione{}
	fascicoli := map[string]bool{}
	numeri := map[string]bool{}
	for _, d := range p.Documenti {
		require.NotEmpty(t, d.SHA256, d.ID)
		if d.Tipo == pratica.DocRicevuta {
			require.Nil(t, d.Registrazione)
			continue
		}
		require.NotNil(t, d.Registrazione, d.ID)
		direzioni[d.Tipo] = d.Direzione
		fascicoli[d.Registrazione.Fascicolo.Codice] = true
		numeri[d.Registrazione.Numero] = true
	}
	require.Equal(t, map[pratica.TipoDocumento]protocollo.Direzione{
		pratica.DocIstanza: protocollo.Arrivo, pratica.DocRichiestaIntegrazione: protocollo.Partenza,
		pratica.DocIntegrazione: protocollo.Arrivo, pratica.DocEsitoPositivo: protocollo.Partenza,
	}, direzioni)
	require.Len(t, fascicoli, 1)
	require.Len(t, numeri, 4)

	eventi, err := b.store.Eventi(ctx, ente, id)
	require.NoError(t, err)
	require.NoError(t, pratica.Verifica(eventi))
	ripiegata, err := pratica.Ripiega(eventi)
	require.NoError(t, err)
	require.Equal(t, p.Impronta, ripiegata.Impronta)

	v, err := b.s.Apri(ctx, b.operatore, id)
	require.NoError(t, err)
	require.NotNil(t, v.Protocollo)
	require.NotNil(t, v.Pagamenti)
	require.NotNil(t, v.Bolli)
	require.NotNil(t, v.Appuntamenti)
	require.Len(t, v.Protocollo.Documenti, 4)
	require.Empty(t, v.InSospeso)
	require.Len(t, v.Allegati, 2)
	require.Len(t, b.canale.Avvisi(), 3)
}

// TestVitaSpoglia follows one of a service with nothing: no page appears that
// nobody configured, and nothing waits for a registry that is not there.
func TestVitaSpoglia(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t, func(c *sportello.Config) { c.Registro, c.Tramite, c.Agenda, c.Canali = nil, nil, nil, nil }), context.Background()
	id := b.inviata("spoglio")
	require.Equal(t, pratica.Inviata, b.stato(id))
	b.esegui(b.operatore, id, pratica.PrendiInCarico{})
	b.esegui(b.operatore, id, pratica.RichiediIntegrazione{Testo: "Serve altro"})
	b.svuota()
	require.Equal(t, pratica.AttesaIntegrazione, b.stato(id))
	b.esegui(b.cittadino, id, pratica.InviaIntegrazione{Testo: "Ecco"})
	b.svuota()
	b.esegui(b.operatore, id, pratica.Approva{})
	b.svuota()
	require.Equal(t, pratica.Accettata, b.stato(id))
	v, err := b.s.Apri(ctx, b.operatore, id)
	require.NoError(t, err)
	require.Nil(t, v.Protocollo)
	require.Nil(t, v.Pagamenti)
	require.Nil(t, v.Bolli)
	require.Nil(t, v.Appuntamenti)
	require.NotNil(t, v.FileDiRichiesta)
	require.Empty(t, v.Allegati)
}
