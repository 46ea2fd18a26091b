package sportello_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/sportello-digitale/pratiche/storage"
)

// drena lets time pass until every effect is done or waits for somebody.
func (b *banco) drena(ids ...pratica.ID) {
	b.t.Helper()
	for range 300 {
		b.svuota()
		aperti := 0
		for _, id := range ids {
			effetti, err := b.store.Effetti(context.Background(), ente, id)
			require.NoError(b.t, err)
			bloccate := map[string]bool{}
			for _, e := range effetti {
				switch e.Stato {
				case storage.EsitoIgnoto, storage.Fallito:
					bloccate[e.Corsia] = true
				case storage.DaFare, storage.InCorso:
					if !bloccate[e.Corsia] {
						aperti++
					}
				}
			}
		}
		if aperti == 0 {
			return
		}
		b.orologio.Avanza(time.Minute)
	}
	require.Fail(b.t, "gli effetti non finiscono")
}

// numeri gives the registrations that pratiche have, and checks that none was
// given twice and that no pratica went on without its own.
func (b *banco) numeri(f *protocollotest.Finto, ids ...pratica.ID) []protocollo.Estremi {
	b.t.Helper()
	require.NoError(b.t, f.MaiDueNumeri())
	var estremi []protocollo.Estremi
	visti := map[string]bool{}
	for _, id := range ids {
		p := b.carica(id)
		for _, d := range p.Documenti {
			if d.Registrazione == nil {
				if d.Tipo == pratica.DocIstanza {
					require.Equal(b.t, pratica.Inviata, p.Stato, "avanti senza numero")
				}
				continue
			}
			require.False(b.t, visti[d.Registrazione.String()], "un numero per due documenti")
			visti[d.Registrazione.String()] = true
			estremi = append(estremi, d.Registrazione.Estremi)
		}
	}
	return estremi
}

// persi are the numbers that nobody recorded, the registry's own doubles apart.
func persi(f *protocollotest.Finto, annotati []protocollo.Estremi) int {
	n := 0
	for _, e := range f.Perduti(annotati...) {
		if e.Guasto != protocollotest.Doppio {
			n++
		}
	}
	return n
}

func registrazioni(f *protocollotest.Finto) int {
	n := 0
	for _, c := range f.Chiamate() {
		if c.Operazione == protocollotest.OpRegistra {
			n++
		}
	}
	return n
}

// conFile sends a request of the registered service with one attachment.
func (b *banco) conFile() pratica.ID {
	b.t.Helper()
	id := b.bozza("registrato")
	b.allega(id, "pianta")
	b.esegui(b.cittadino, id, pratica.Invia{})
	return id
}

// TestGuastiConRicerca: whatever the registry does, a document gets one number.
func TestGuastiConRicerca(t *testing.T) {
	t.Parallel()
	passi := func(p ...protocollotest.Passo) []protocollotest.Passo { return p }
	cerca := func(p protocollotest.Passo) protocollotest.Passo { p.Operazione = protocollotest.OpCerca; return p }
	allega := func(p protocollotest.Passo) protocollotest.Passo {
		p.Operazione = protocollotest.OpAllega
		return p
	}
	prima, dopo := protocollotest.Passo{Guasto: protocollotest.PrimaEffetto}, protocollotest.Passo{Guasto: protocollotest.DopoEffetto}
	for nome, c := range map[string]struct {
		passi    []protocollotest.Passo
		chiamate int // of Registra
	}{
		"nessuno":                         {nil, 1},
		"prima":                           {passi(prima, prima), 3},
		"sessione":                        {passi(protocollotest.Passo{Guasto: protocollotest.PrimaEffetto, Classe: guasto.Sessione}), 2},
		"configurazione corretta":         {passi(protocollotest.Passo{Guasto: protocollotest.PrimaEffetto, Classe: guasto.Configurazione}), 2},
		"dopo":                            {passi(dopo), 1},
		"dopo, ricerca che non risponde":  {passi(dopo, cerca(prima), cerca(prima)), 1},
		"dopo, ricerca di altri":          {passi(dopo, cerca(protocollotest.Passo{Guasto: protocollotest.Spazzatura})), 1},
		"risposta dopo il tempo":          {passi(protocollotest.Passo{Guasto: protocollotest.Ritardo}), 1},
		"risponde due volte":              {passi(protocollotest.Passo{Guasto: protocollotest.Doppio}), 1},
		"spazzatura":                      {passi(protocollotest.Passo{Guasto: protocollotest.Spazzatura}), 1},
		"parziale":                        {passi(protocollotest.Passo{Guasto: protocollotest.Parziale}), 1},
		"parziale, allegato che aspetta":  {passi(protocollotest.Passo{Guasto: protocollotest.Parziale}, allega(prima)), 1},
		"giu' e poi su":                   {passi(prima, prima, prima, prima, prima, prima), 7},
		"di nuovo ignoto dopo la ricerca": {passi(prima, dopo), 2},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			semi := uint64(1)
			if nome == "spazzatura" { // of which there are four kinds
				semi = 5
			}
			for seme := range semi {
				var f *protocollotest.Finto
				b := nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{Seme: seme, Passi: append([]protocollotest.Passo{{}}, c.passi...)}))
				altra := b.conFile() // so that a search may find the number of another
				b.drena(altra)
				id := b.conFile()
				b.drena(id)
				require.Equal(t, pratica.Protocollata, b.stato(id))
				require.Equal(t, c.chiamate, registrazioni(f)-1)
				require.Zero(t, persi(f, b.numeri(f, id, altra)))
				var al int
				for _, e := range f.Effetti() {
					al += len(e.Registrazione.Allegati)
				}
				require.Equal(t, len(f.Effetti()), al, "every registration has its attachment")
			}
		})
	}
}

// TestBlocco: a registry that hangs until the caller goes away.
func TestBlocco(t *testing.T) {
	t.Parallel()
	for _, effetto := range []bool{false, true} {
		var f *protocollotest.Finto
		b := nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{Passi: []protocollotest.Passo{{Guasto: protocollotest.Blocco, ConEffetto: effetto}}}))
		id := b.conFile()
		ctx, basta := context.WithCancel(context.Background())
		finito := make(chan error)
		go func() { _, err := b.s.Svuota(ctx); finito <- err }()
		// The call is written down before its effect happens: a caller that goes away
		// in between was refused, and rightly calls again.
		require.Eventually(t, func() bool { return registrazioni(f) == 1 && (!effetto || len(f.Effetti()) == 1) }, 10*time.Second, time.Millisecond)
		basta()
		<-finito
		b.drena(id)
		require.Equal(t, pratica.Protocollata, b.stato(id))
		require.Zero(t, persi(f, b.numeri(f, id)))
		if effetto {
			require.Equal(t, 1, registrazioni(f))
		}
	}
}

// TestSenzaRicerca: where the registry cannot be asked, an operator is, and
// nothing is sent before he answers.
func TestSenzaRicerca(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for nome, g := range map[string]protocollotest.Guasto{"dopo": protocollotest.DopoEffetto, "spazzatura": protocollotest.Spazzatura, "ritardo": protocollotest.Ritardo} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			var f *protocollotest.Finto
			b := nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{Livello: protocollotest.SoloRegistra, Passi: []protocollotest.Passo{{Guasto: g}}}))
			id := b.conFile()
			b.drena(id)
			f.Matura()
			b.orologio.Avanza(24 * time.Hour)
			b.svuota()
			require.Equal(t, 1, registrazioni(f))
			require.Equal(t, pratica.Inviata, b.stato(id))
			e := b.sospeso(id)
			require.Equal(t, storage.EsitoIgnoto, e.Stato)
			v, err := b.s.Apri(ctx, b.operatore, id)
			require.NoError(t, err)
			require.Len(t, v.InSospeso, 1)
			require.Equal(t, "Protocollazione", v.InSospeso[0].Titolo)
			require.Equal(t, storage.EsitoIgnoto, v.InSospeso[0].Stato)
			pg, err := b.s.Elenca(ctx, b.operatore, storage.Filtro{Attenzione: true})
			require.NoError(t, err)
			require.Len(t, pg.Righe, 1)

			require.ErrorIs(t, b.s.Riprova(ctx, b.operatore, id, e.ID, false), pratica.ErrNonAmmesso)
			for _, es := range []protocollo.Estremi{{}, {Numero: "1"}, {Numero: " ", Data: b.orologio.Ora()}, {Numero: "1", Data: b.orologio.Ora().Add(time.Hour)}} {
				require.ErrorIs(t, b.s.AdottaProtocollo(ctx, b.operatore, id, e.ID, es), pratica.ErrNonValido)
			}
			require.ErrorIs(t, b.s.Riprova(ctx, b.operatore, id, "altro", true), pratica.ErrNonTrovato)
			es := f.Effetti()[0].Registrazione.Estremi
			require.NoError(t, b.s.AdottaProtocollo(ctx, b.operatore, id, e.ID, es))
			require.ErrorIs(t, b.s.AdottaProtocollo(ctx, b.operatore, id, e.ID, es), pratica.ErrConflitto, "once")
			require.ErrorIs(t, b.s.Riprova(ctx, b.operatore, id, e.ID, true), pratica.ErrConflitto)
			b.drena(id)
			require.Equal(t, pratica.Protocollata, b.stato(id))
			require.Zero(t, persi(f, b.numeri(f, id)))
			require.Equal(t, 1, registrazioni(f))
			require.Len(t, b.carica(id).Note, 1, "who decided is on record")
		})
	}
}

func TestVerificatoSiRiprova(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var f *protocollotest.Finto
	b := nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{Livello: protocollotest.SoloRegistra, Passi: []protocollotest.Passo{{Guasto: protocollotest.PrimaEffetto, Classe: guasto.EsitoIgnoto}}}))
	id := b.conFile()
	b.drena(id)
	require.NoError(t, b.s.Riprova(ctx, b.operatore, id, b.sospeso(id).ID, true))
	b.drena(id)
	require.Equal(t, pratica.Protocollata, b.stato(id))
	require.Equal(t, 2, registrazioni(f))
	require.Zero(t, persi(f, b.numeri(f, id)))
}

// TestRicercaInaffidabile: an empty search that proves nothing is not believed.
func TestRicercaInaffidabile(t *testing.T) {
	t.Parallel()
	var f *protocollotest.Finto
	b := nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{CercaInaffidabile: true, Passi: []protocollotest.Passo{
		{Guasto: protocollotest.PrimaEffetto, Classe: guasto.EsitoIgnoto}, {Guasto: protocollotest.DopoEffetto}}}))
	id := b.conFile()
	b.drena(id)
	require.Equal(t, storage.EsitoIgnoto, b.sospeso(id).Stato)
	require.Equal(t, 1, registrazioni(f))
	require.NoError(t, b.s.Riprova(context.Background(), b.operatore, id, b.sospeso(id).ID, true))
	b.drena(id)
	require.Equal(t, pratica.Protocollata, b.stato(id), "a hit is one, however bad the search")
	require.Zero(t, persi(f, b.numeri(f, id)))
}

// TestIdempotente: a registry that recognises the token answers with what it has.
func TestIdempotente(t *testing.T) {
	t.Parallel()
	var f *protocollotest.Finto
	b := nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{Idempotente: true, Livello: protocollotest.SoloRegistra, Passi: []protocollotest.Passo{{Guasto: protocollotest.DopoEffetto}}}))
	id := b.conFile()
	b.drena(id)
	require.NoError(t, b.s.Riprova(context.Background(), b.operatore, id, b.sospeso(id).ID, true))
	b.drena(id)
	require.Equal(t, pratica.Protocollata, b.stato(id))
	require.Len(t, f.Effetti(), 1)
}

// TestAllegatoIgnoto: the number is known and an attachment is not: a retry
// completes it, and never asks for another number.
func TestAllegatoIgnoto(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	nuovo := func(t *testing.T) (*banco, *protocollotest.Finto, pratica.ID) {
		var f *protocollotest.Finto
		b := nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{Passi: []protocollotest.Passo{{Guasto: protocollotest.Parziale},
			{Operazione: protocollotest.OpAllega, Guasto: protocollotest.PrimaEffetto, Classe: guasto.EsitoIgnoto}}}))
		id := b.conFile()
		b.drena(id)
		require.Equal(t, pratica.Protocollata, b.stato(id), "the number counts at once")
		require.Equal(t, storage.EsitoIgnoto, b.sospeso(id).Stato)
		return b, f, id
	}
	t.Run("riprova", func(t *testing.T) {
		t.Parallel()
		b, f, id := nuovo(t)
		require.NoError(t, b.s.Riprova(ctx, b.operatore, id, b.sospeso(id).ID, true))
		b.drena(id)
		require.Len(t, f.Effetti(), 1)
		require.Len(t, f.Effetti()[0].Registrazione.Allegati, 1)
		require.Zero(t, persi(f, b.numeri(f, id)))
	})
	t.Run("a mano", func(t *testing.T) {
		t.Parallel()
		b, f, id := nuovo(t)
		es := f.Effetti()[0].Registrazione.Estremi
		altro := es
		altro.Numero = "999"
		require.ErrorIs(t, b.s.AdottaProtocollo(ctx, b.operatore, id, b.sospeso(id).ID, altro), pratica.ErrNonValido)
		require.NoError(t, b.s.AdottaProtocollo(ctx, b.operatore, id, b.sospeso(id).ID, es))
		b.drena(id)
		require.Len(t, f.Effetti(), 1)
		require.Equal(t, es.Numero, b.numeri(f, id)[0].Numero)
	})
}

// TestRifiutoPermanente: a refusal stops the lane, tells why, and is retried by hand.
func TestRifiutoPermanente(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var f *protocollotest.Finto
	b := nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{Passi: []protocollotest.Passo{{Guasto: protocollotest.PrimaEffetto, Classe: guasto.Permanente}}}))
	id := b.conFile()
	b.drena(id)
	e := b.sospeso(id)
	require.Equal(t, storage.Fallito, e.Stato)
	require.Contains(t, e.UltimoErrore, string(guasto.Permanente))
	v, err := b.s.Apri(ctx, b.cittadino, id)
	require.NoError(t, err)
	require.Empty(t, v.InSospeso, "not his business")
	require.NoError(t, b.s.Riprova(ctx, b.operatore, id, e.ID, false))
	b.drena(id)
	require.Equal(t, pratica.Protocollata, b.stato(id))
	require.Zero(t, persi(f, b.numeri(f, id)))
}

// TestCatenaDiDocumenti: the second document waits for the first, and names it.
func TestCatenaDiDocumenti(t *testing.T) {
	t.Parallel()
	var f *protocollotest.Finto
	b := nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{Passi: []protocollotest.Passo{{}, {Guasto: protocollotest.DopoEffetto}, {Guasto: protocollotest.Spazzatura}, {Guasto: protocollotest.PrimaEffetto}}}))
	id := b.conFile()
	b.drena(id)
	b.esegui(b.operatore, id, pratica.PrendiInCarico{})
	b.esegui(b.operatore, id, pratica.RichiediIntegrazione{Testo: "Serve altro"})
	b.drena(id)
	_, err := b.s.Allega(context.Background(), b.cittadino, id, sportello.NuovoAllegato{Nome: "x.jpg", Origine: pratica.OrigineIntegrazione}, bytes.NewReader(foto(t)))
	require.NoError(t, err)
	b.esegui(b.cittadino, id, pratica.InviaIntegrazione{Testo: "Ecco"})
	b.drena(id)
	b.esegui(b.operatore, id, pratica.Approva{})
	b.drena(id)
	require.Equal(t, pratica.Accettata, b.stato(id))
	require.Len(t, b.numeri(f, id), 4)
	require.Zero(t, persi(f, b.numeri(f, id)))
}
