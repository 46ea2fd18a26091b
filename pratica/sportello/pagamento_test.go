package sportello_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pagamenti/pagamentitest"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage"
)

// conPagamentiFinti puts a payment system in the bench that follows a script.
func conPagamentiFinti(t testing.TB, f **pagamentitest.Finto, passi ...pagamentitest.Passo) scelta {
	return func(c *sportello.Config) {
		var err error
		*f, err = pagamentitest.NuovoFinto(pagamentitest.Config{Orologio: c.Orologio, Copione: passi})
		require.NoError(t, err)
		c.Tramite = *f
	}
}

func (b *banco) notifica(id pratica.ID) {
	b.t.Helper()
	for _, x := range b.carica(id).Pagamenti {
		_, err := b.s.NotificaPagamento(context.Background(), ente, id, x.ID)
		require.NoError(b.t, err)
	}
}

func idCreati(f *pagamentitest.Finto) (ids []string) {
	for _, c := range f.Chiamate() {
		if c.Metodo == pagamentitest.Crea {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// TestCreaIncerta: a position whose creation failed or was not answered is asked
// for again under the same id.
func TestCreaIncerta(t *testing.T) {
	t.Parallel()
	for nome, p := range map[string][]pagamentitest.Passo{
		"prima":    {{Metodo: pagamentitest.Crea, Accidente: pagamentitest.PrimaEffetto}},
		"dopo":     {{Metodo: pagamentitest.Crea, Accidente: pagamentitest.DopoEffetto}, {Metodo: pagamentitest.Crea, Accidente: pagamentitest.DopoEffetto}},
		"sessione": {{Metodo: pagamentitest.Crea, Accidente: pagamentitest.PrimaEffetto, Classe: guasto.Sessione}},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			var f *pagamentitest.Finto
			b := nuovoBanco(t, conPagamentiFinti(t, &f, p...))
			id := daPagare(b)
			require.Equal(t, pagamenti.DaCreare, b.carica(id).Pagamenti[0].Posizione.Stato)
			b.notifica(id) // what is not known yet is no error
			b.drena(id)
			x := b.carica(id).Pagamenti
			require.Len(t, x, 1)
			require.Len(t, idCreati(f), len(p)+1)
			require.Len(t, slices.Compact(idCreati(f)), 1)
			require.NoError(t, f.Paga(context.Background(), ente, x[0].ID))
			b.notifica(id)
			b.drena(id)
			require.Equal(t, pratica.Protocollata, b.stato(id))
		})
	}
}

// TestNotificheDisordinate: twice, late, and a failure told after the payment.
func TestNotificheDisordinate(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var f *pagamentitest.Finto
	b := nuovoBanco(t, conPagamentiFinti(t, &f))
	id := daPagare(b)
	x := b.carica(id).Pagamenti[0].ID
	require.NoError(t, f.Avvia(ctx, ente, x))
	b.notifica(id)
	_, err := b.s.Esegui(ctx, b.cittadino, id, pratica.TornaInBozza{})
	require.ErrorIs(t, err, pratica.ErrNonAmmesso, "while the payer is at the counter")
	require.NoError(t, f.Fallisci(ctx, ente, x))
	fallita, err := f.Stato(ctx, ente, x)
	require.NoError(t, err)
	require.NoError(t, f.Paga(ctx, ente, x))
	b.notifica(id)
	versione := b.carica(id).Versione
	b.notifica(id)
	b.esegui(b.attori()[sistema], id, pratica.AggiornaPagamento{Posizione: fallita})
	require.Equal(t, versione, b.carica(id).Versione, "old news")
	b.drena(id)
	b.notifica(id)
	p := b.carica(id)
	require.Equal(t, pratica.Protocollata, p.Stato)
	require.True(t, p.Pagamenti[0].Saldato())
	f.Aggiungi(pagamentitest.Passo{Metodo: pagamentitest.Stato, Accidente: pagamentitest.PrimaEffetto})
	_, err = b.s.NotificaPagamento(ctx, ente, id, x)
	require.ErrorIs(t, err, pratica.ErrEsterno)
}

// TestPagamentoFallito: a failed attempt is no dead end.
func TestPagamentoFallito(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var f *pagamentitest.Finto
	b := nuovoBanco(t, conPagamentiFinti(t, &f))
	id := daPagare(b)
	x := b.carica(id).Pagamenti[0].ID
	require.NoError(t, f.Fallisci(ctx, ente, x))
	b.notifica(id)
	b.esegui(b.cittadino, id, pratica.RigeneraPagamento{})
	_, err := b.s.Esegui(ctx, b.cittadino, id, pratica.RigeneraPagamento{})
	require.ErrorIs(t, err, pratica.ErrNonAmmesso, "one at a time")
	b.drena(id)
	ps := b.carica(id).Pagamenti
	require.Len(t, ps, 2)
	require.True(t, ps[0].Sostituito)
	vecchia, err := f.Stato(ctx, ente, x)
	require.NoError(t, err)
	require.Equal(t, pagamenti.Annullato, vecchia.Stato)
	require.NoError(t, f.Paga(ctx, ente, ps[1].ID))
	b.notifica(id)
	b.drena(id)
	require.Equal(t, pratica.Protocollata, b.stato(id))
}

// TestPagatoFraDueTentativi: the one that was given up is paid after all: nobody
// is asked twice, and the other position goes.
func TestPagatoFraDueTentativi(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var f *pagamentitest.Finto
	b := nuovoBanco(t, conPagamentiFinti(t, &f))
	id := daPagare(b)
	x := b.carica(id).Pagamenti[0].ID
	require.NoError(t, f.Fallisci(ctx, ente, x))
	b.notifica(id)
	require.NoError(t, f.Paga(ctx, ente, x)) // and nobody has told yet
	b.esegui(b.cittadino, id, pratica.RigeneraPagamento{})
	b.drena(id)
	require.Equal(t, pratica.Protocollata, b.stato(id))
	seconda, err := f.Stato(ctx, ente, b.carica(id).Pagamenti[1].ID)
	if err == nil {
		require.Equal(t, pagamenti.Annullato, seconda.Stato)
	} else {
		require.ErrorIs(t, err, pagamenti.ErrIgnota)
	}
}

// TestRegistratoAMano: paid at the counter; the pending position is withdrawn.
func TestRegistratoAMano(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, creata := range []bool{true, false} {
		var f *pagamentitest.Finto
		b := nuovoBanco(t, conPagamentiFinti(t, &f, pagamentitest.Passo{Metodo: pagamentitest.Annulla, Accidente: pagamentitest.DopoEffetto}))
		id := b.bozza("pieno")
		b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
		if creata {
			b.svuota()
		}
		x := b.carica(id).Pagamenti[0].ID
		b.esegui(b.operatore, id, pratica.RegistraPagamento{Pagamento: x, Motivo: "contanti da Anna", Riferimento: "R1"})
		b.drena(id)
		require.Equal(t, pratica.Protocollata, b.stato(id))
		pos, err := f.Stato(ctx, ente, x)
		if creata {
			require.NoError(t, err)
			require.Equal(t, pagamenti.Annullato, pos.Stato)
		} else {
			require.ErrorIs(t, err, pagamenti.ErrIgnota, "never created")
		}
		v, err := b.s.Apri(ctx, b.cittadino, id)
		require.NoError(t, err)
		require.Empty(t, v.Pagamenti.Pagamenti[0].Manuale.Motivo)
		require.Empty(t, v.Pagamenti.Pagamenti[0].Manuale.Di.ID)
		require.Equal(t, "R1", v.Pagamenti.Pagamenti[0].Manuale.Riferimento)
		v, err = b.s.Apri(ctx, b.operatore, id)
		require.NoError(t, err)
		require.Equal(t, "contanti da Anna", v.Pagamenti.Pagamenti[0].Manuale.Motivo)
	}
}

// TestPagatoDopoIlRipensamento: the payment lands on a request that went back to
// a draft: it counts when the request is sent again, and is not asked again.
func TestPagatoDopoIlRipensamento(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var f *pagamentitest.Finto
	b := nuovoBanco(t, conPagamentiFinti(t, &f))
	id := daPagare(b)
	x := b.carica(id).Pagamenti[0].ID
	b.esegui(b.cittadino, id, pratica.TornaInBozza{})
	require.NoError(t, f.Paga(ctx, ente, x))
	b.drena(id) // the cancellation finds it paid
	require.True(t, b.carica(id).Pagamenti[0].Saldato())
	require.Equal(t, pratica.Bozza, b.stato(id))
	_, err := b.s.Esegui(ctx, b.cittadino, id, pratica.EliminaBozza{})
	require.ErrorIs(t, err, pratica.ErrNonAmmesso, "money is in it")
	b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
	b.drena(id)
	require.Equal(t, pratica.Protocollata, b.stato(id))
	require.Len(t, b.carica(id).Pagamenti, 1)
}

// TestMarcaGiaUsata: a stamp is used once in all the pratiche of the ente.
func TestMarcaGiaUsata(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuovoBanco(t)
	m := pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}}
	mai := inBozza(b) // a draft claims nothing
	b.esegui(b.cittadino, mai, pratica.EliminaBozza{})
	prima, seconda := inBozza(b), inBozza(b)
	b.esegui(b.cittadino, prima, m)
	versione := b.carica(seconda).Versione
	_, err := b.s.Esegui(ctx, b.cittadino, seconda, m)
	require.ErrorIs(t, err, pratica.ErrNonValido)
	var unico *storage.ErroreUnico
	require.ErrorAs(t, err, &unico)
	var e *pratica.Errore
	require.ErrorAs(t, err, &e)
	require.Equal(t, "bolli", e.Campi[0].Percorso)
	require.Equal(t, "gia_usato", e.Campi[0].Codice)
	require.NotContains(t, err.Error(), "0123456789")
	require.Equal(t, versione, b.carica(seconda).Versione)
	b.esegui(b.cittadino, prima, pratica.TornaInBozza{})
	_, err = b.s.Esegui(ctx, b.cittadino, seconda, m)
	require.ErrorIs(t, err, pratica.ErrNonValido, "still of the first")
	b.esegui(b.cittadino, prima, m)
	b.esegui(b.cittadino, prima, pratica.TornaInBozza{})
	b.esegui(b.cittadino, prima, pratica.EliminaBozza{})
	b.esegui(b.cittadino, seconda, m)
	b.svuota()
	b.paga(seconda)
	b.svuota()
	b.esegui(b.cittadino, seconda, pratica.Ritira{})
	_, err = b.s.Esegui(ctx, b.cittadino, inBozza(b), m)
	require.ErrorIs(t, err, pratica.ErrNonValido, "a request that was presented has used its stamp")
}

// TestTramiteAssente: a host without payments stops the pratica where it asks for one.
func TestTramiteAssente(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuovoBanco(t, func(c *sportello.Config) { c.Tramite = nil })
	id := daPagare(b)
	b.orologio.Avanza(time.Hour)
	b.svuota()
	v, err := b.s.Apri(ctx, b.operatore, id)
	require.NoError(t, err)
	require.Len(t, v.InSospeso, 1)
	require.Contains(t, v.InSospeso[0].Errore, "tramite_assente")
	_, err = b.s.NotificaPagamento(ctx, ente, id, b.carica(id).Pagamenti[0].ID)
	require.ErrorIs(t, err, pratica.ErrNonTrovato)
	b.esegui(b.operatore, id, pratica.Annulla{Motivo: "errore"})
	require.Equal(t, pratica.Annullata, b.stato(id))
}
