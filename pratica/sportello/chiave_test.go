package sportello_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

// TestStessaChiave: a double click and a request repeated sixteen times have one
// effect and one answer.
func TestStessaChiave(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for nome, c := range map[string]struct {
		prepara func(*banco) pratica.ID
		chi     string
		dati    pratica.Dati
	}{
		"invia":        {inBozza, richiedente, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}}},
		"messaggio":    {arrivata, richiedente, pratica.ScriviMessaggio{Testo: "Buongiorno"}},
		"presa":        {arrivata, incaricato, pratica.PrendiInCarico{}},
		"nota":         {presa, incaricato, pratica.Annota{Testo: "Vista"}},
		"integrazioni": {presa, incaricato, pratica.RichiediIntegrazione{Testo: "Serve altro"}},
		"risposta":     {daIntegrare, richiedente, pratica.InviaIntegrazione{Testo: "Ecco"}},
		"approva":      {presa, incaricato, pratica.Approva{}},
		"rifiuta":      {scadutoPreavviso, incaricato, pratica.Rifiuta{Motivazione: "No"}},
		"pagamento":    {presa, incaricato, pratica.RichiediPagamento{}},
		"ritira":       {arrivata, richiedente, pratica.Ritira{}},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			b := nuovoBanco(t)
			id, a := c.prepara(b), b.attori()[c.chi]
			prima := b.carica(id).Versione
			esiti := make([]sportello.Esito, 16)
			var gruppo sync.WaitGroup
			for i := range esiti {
				gruppo.Go(func() {
					var err error
					esiti[i], err = b.s.Esegui(ctx, a, id, c.dati, sportello.ConChiave("modulo-1"))
					if err != nil {
						t.Error(err)
					}
				})
			}
			gruppo.Wait()
			nuovi := slices.DeleteFunc(slices.Clone(esiti), func(e sportello.Esito) bool { return e.Ripetuta })
			require.Len(t, nuovi, 1)
			for _, e := range esiti {
				e.Ripetuta = false
				require.Equal(t, nuovi[0], e)
			}
			p := b.carica(id)
			require.Equal(t, nuovi[0].Versione, p.Versione)
			require.Greater(t, p.Versione, prima)
			effetti, err := b.store.Effetti(ctx, ente, id)
			require.NoError(t, err)
			b.svuota()
			e, err := b.s.Esegui(ctx, a, id, c.dati, sportello.ConChiave("modulo-1"))
			require.NoError(t, err, "much later too")
			require.True(t, e.Ripetuta)
			require.Equal(t, nuovi[0].Stato, e.Stato)
			dopo, err := b.store.Effetti(ctx, ente, id)
			require.NoError(t, err)
			require.GreaterOrEqual(t, len(dopo), len(effetti))
		})
	}
}

func TestApriBozzaConChiave(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	ids := make([]pratica.ID, 16)
	var gruppo sync.WaitGroup
	for i := range ids {
		gruppo.Go(func() {
			var err error
			if ids[i], err = b.s.ApriBozza(ctx, b.cittadino, "spoglio", sportello.ConChiave("k")); err != nil {
				t.Error(err)
			}
		})
	}
	gruppo.Wait()
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(ids))), 1)
	b.esegui(b.cittadino, ids[0], pratica.SalvaBozza{Risposte: modulo.Risposte{"metri": "1"}})
	id, err := b.s.ApriBozza(ctx, b.cittadino, "spoglio", sportello.ConChiave("k"))
	require.NoError(t, err)
	require.Equal(t, ids[0], id, "also once it went on")
	for _, altra := range []func() (pratica.ID, error){
		func() (pratica.ID, error) { return b.s.ApriBozza(ctx, b.cittadino, "pieno", sportello.ConChiave("k")) },
		func() (pratica.ID, error) {
			return b.s.ApriBozza(ctx, b.cittadino, "spoglio", sportello.ConChiave("k2"))
		},
		func() (pratica.ID, error) {
			return b.s.ApriBozza(ctx, b.attori()[altroCittadino], "spoglio", sportello.ConChiave("k"))
		},
		func() (pratica.ID, error) { return b.s.ApriBozza(ctx, b.cittadino, "spoglio") },
	} {
		id, err := altra()
		require.NoError(t, err)
		require.NotContains(t, ids, id)
	}
	_, err = b.s.ApriBozza(ctx, b.cittadino, "ignoto")
	require.ErrorIs(t, err, pratica.ErrNonTrovato)
}

// TestDueOperatori: two take charge at once; one does, the other learns who.
func TestDueOperatori(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	for i := range 8 {
		id := b.protocollata(fmt.Sprintf("0123456789012%d", i))
		errori := make([]error, 4)
		var gruppo sync.WaitGroup
		for j := range errori {
			a := b.operatore
			a.ID = fmt.Sprintf("op-%d", j)
			gruppo.Go(func() { _, errori[j] = b.s.Esegui(ctx, a, id, pratica.PrendiInCarico{}) })
		}
		gruppo.Wait()
		chi := b.carica(id).Operatore
		vinti := 0
		for j, err := range errori {
			if err == nil {
				require.Equal(t, fmt.Sprintf("op-%d", j), chi)
				vinti++
				continue
			}
			require.ErrorIs(t, err, pratica.ErrNonAmmesso)
			var e *pratica.Errore
			require.True(t, errors.As(err, &e))
			require.Equal(t, chi, e.Motivi[0].Operatore)
		}
		require.Equal(t, 1, vinti)
	}
}

func TestSeVersione(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	id := b.bozza("spoglio")
	for range 10 {
		v := b.carica(id).Versione
		errori := make([]error, 2)
		var gruppo sync.WaitGroup
		for i := range errori {
			gruppo.Go(func() {
				_, errori[i] = b.s.Esegui(ctx, b.cittadino, id, pratica.SalvaBozza{Risposte: modulo.Risposte{"metri": fmt.Sprint(i)}}, sportello.SeVersione(v))
			})
		}
		gruppo.Wait()
		conflitti := slices.DeleteFunc(errori, func(err error) bool { return err == nil })
		require.Len(t, conflitti, 1)
		require.ErrorIs(t, conflitti[0], pratica.ErrConflitto)
		require.Equal(t, v+1, b.carica(id).Versione)
	}
	e := b.esegui(b.cittadino, id, pratica.SalvaBozza{Risposte: modulo.Risposte{"metri": "3"}}, sportello.SeVersione(b.carica(id).Versione), sportello.ConChiave("k"))
	ripetuta := b.esegui(b.cittadino, id, pratica.SalvaBozza{Risposte: modulo.Risposte{"metri": "4"}}, sportello.SeVersione(e.Versione-1), sportello.ConChiave("k"))
	require.True(t, ripetuta.Ripetuta, "the key comes before the version")
	_, err := b.s.Esegui(ctx, b.cittadino, id, pratica.SalvaBozza{}, sportello.ConChiave(string(bytes.Repeat([]byte("k"), 201))))
	require.ErrorIs(t, err, pratica.ErrTroppoGrande)
}

// TestRichiestaTardiva: the late duplicate of a booking does not move it back,
// that of an upload does not name a file that is not there.
func TestRichiestaTardiva(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	id := inBozza(b)
	f := b.fasce(id)
	prenota := func(i int, chiave string) {
		_, err := b.s.PrenotaAppuntamento(ctx, b.cittadino, id, f[i], sportello.ConChiave(chiave))
		require.NoError(t, err)
	}
	liberi := func() (n int) {
		for _, x := range b.fasce(id) {
			n += x.Liberi
		}
		return n
	}
	prenota(0, "primo")
	prenota(0, "primo")
	prenota(2, "secondo")
	prenota(0, "primo")
	ap := b.carica(id).AppuntamentoAttivo()
	require.True(t, f[2].Inizio.Equal(ap.Inizio))
	vera, err := b.config.Agenda.Leggi(ctx, ente, ap.ID)
	require.NoError(t, err)
	require.True(t, f[2].Inizio.Equal(vera.Inizio), "the agenda agrees")
	require.Equal(t, 5, liberi())
	for range 2 {
		_, err = b.s.DisdiciAppuntamento(ctx, b.cittadino, id, sportello.ConChiave("terzo"))
		require.NoError(t, err)
	}
	prenota(0, "primo")
	require.Nil(t, b.carica(id).AppuntamentoAttivo())
	require.Equal(t, 6, liberi())
	vera, err = b.config.Agenda.Leggi(ctx, ente, ap.ID)
	require.NoError(t, err)
	require.Equal(t, appuntamenti.Annullato, vera.Stato)

	allega := func() (pratica.Allegato, error) {
		return b.s.Allega(ctx, b.cittadino, id, sportello.NuovoAllegato{Nome: "x.jpg", Campo: "pianta", Origine: pratica.OrigineRichiesta}, bytes.NewReader(foto(t)), sportello.ConChiave("file"))
	}
	var gruppo sync.WaitGroup
	visti := make([]string, 8)
	for i := range visti {
		gruppo.Go(func() {
			al, err := allega()
			if err != nil {
				t.Error(err)
			}
			visti[i] = al.ID
		})
	}
	gruppo.Wait()
	p := b.carica(id)
	require.Len(t, p.Allegati, 1)
	require.Len(t, slices.Compact(visti), 1)
	require.Equal(t, []string{p.Allegati[0].ID}, p.Risposte.Elenco("pianta"))
	for range 2 {
		require.NoError(t, b.s.RimuoviAllegato(ctx, b.cittadino, id, p.Allegati[0].ID, sportello.ConChiave("via")))
	}
	_, err = allega()
	require.ErrorIs(t, err, pratica.ErrConflitto)
	p = b.carica(id)
	require.Empty(t, p.Allegati)
	require.Empty(t, p.Risposte.Elenco("pianta"))
}

// TestNumeroUnaVolta: a request that comes back to a draft keeps its number, and
// takes none of the year in which it is sent again.
func TestNumeroUnaVolta(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	b.orologio.Avanza(capodanno(-24 * 3600e9).Sub(b.orologio.Ora()))
	id := daPagare(b)
	b.esegui(b.cittadino, id, pratica.TornaInBozza{})
	b.orologio.Avanza(48 * 3600e9)
	b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
	require.Equal(t, "2026-000001", b.carica(id).Numero.String())
	require.Equal(t, "2027-000001", b.carica(b.inviata("spoglio")).Numero.String())
}
