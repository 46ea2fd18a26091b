package sportello_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

// guasto makes the store fail once, at the operation given.
func (b *banco) guasta() *atomic.Value {
	var v atomic.Value
	v.Store("")
	b.store.Guasto = func(op string) error {
		if v.CompareAndSwap(op, "") {
			return errCrollo
		}
		return nil
	}
	return &v
}

// TestArchivioGuasto: an error before the commit leaves nothing, one after it
// everything; with the same key the second try gives the first result.
func TestArchivioGuasto(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuovoBanco(t)
	prossimo := b.guasta()
	for _, op := range []string{"Carica", "Carica/dopo", "Ripetuta", "Ripetuta/dopo", "Numera", "Numera/dopo", "Registra", "Registra/dopo"} {
		id := b.bozza("spoglio")
		prima := b.carica(id)
		prossimo.Store(op)
		_, err := b.s.Esegui(ctx, b.cittadino, id, pratica.Invia{}, sportello.ConChiave("k"))
		require.ErrorIs(t, err, errCrollo, op)
		require.Empty(t, prossimo.Load())
		p := b.carica(id)
		eventi, err := b.store.Eventi(ctx, ente, id)
		require.NoError(t, err)
		effetti, err := b.store.Effetti(ctx, ente, id)
		require.NoError(t, err)
		require.Len(t, eventi, p.Versione)
		if op == "Registra/dopo" {
			require.Equal(t, pratica.Inviata, p.Stato)
			require.NotEmpty(t, effetti)
		} else {
			require.Equal(t, prima, p, op)
			require.Empty(t, effetti, op)
		}
		e, err := b.s.Esegui(ctx, b.cittadino, id, pratica.Invia{}, sportello.ConChiave("k"))
		require.NoError(t, err, op)
		require.Equal(t, op == "Registra/dopo", e.Ripetuta)
		require.Equal(t, pratica.Inviata, e.Stato)
	}
	numeri := map[string]bool{}
	pg, err := b.s.MiePratiche(ctx, b.cittadino, filtro())
	require.NoError(t, err)
	for _, r := range pg.Righe {
		require.False(t, numeri[r.Numero.String()])
		numeri[r.Numero.String()] = true
		require.LessOrEqual(t, r.Numero.Progressivo, int64(8), "no number is lost")
	}
}

// TestGuastiDiLettura: a store that fails is an error of the store, and shows nothing.
func TestGuastiDiLettura(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuovoBanco(t)
	id := b.inviata("spoglio")
	b.inviata("spoglio")
	prossimo := b.guasta()
	for _, op := range []string{"Carica", "Eventi", "Cerca", "Effetti"} {
		prossimo.Store(op)
		v, err := b.s.Apri(ctx, b.operatore, id)
		require.ErrorIs(t, err, errCrollo, op)
		require.Nil(t, v)
	}
	prossimo.Store("Cerca")
	_, err := b.s.Elenca(ctx, b.operatore, filtro())
	require.ErrorIs(t, err, errCrollo)
	prossimo.Store("Prenota")
	_, err = b.s.Svuota(ctx)
	require.ErrorIs(t, err, errCrollo)
	prossimo.Store("Prenota")
	_, err = b.s.EseguiEffetto(ctx, ente, b.effetti(id)[0].ID)
	require.ErrorIs(t, err, errCrollo)
	prossimo.Store("Ripetuta")
	_, err = b.s.Esegui(ctx, b.operatore, id, pratica.Annota{Testo: "x"}, sportello.ConChiave("k"))
	require.ErrorIs(t, err, errCrollo)
}

// TestBozzaEliminata: nothing of it is left, not even what it held elsewhere.
func TestBozzaEliminata(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuovoBanco(t)
	id := inBozza(b)
	_, err := b.s.PrenotaAppuntamento(ctx, b.cittadino, id, b.fasce(id)[0])
	require.NoError(t, err)
	b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
	b.svuota()
	x := b.carica(id).Pagamenti[0].ID
	b.esegui(b.cittadino, id, pratica.TornaInBozza{}) // its cancellation is not carried out yet
	e := b.esegui(b.cittadino, id, pratica.EliminaBozza{}, sportello.ConChiave("via"))
	ripetuta := b.esegui(b.cittadino, id, pratica.EliminaBozza{}, sportello.ConChiave("via"))
	require.True(t, ripetuta.Ripetuta)
	require.Equal(t, e.Versione, ripetuta.Versione)
	for nome, f := range map[string]func() error{
		"altra chiave": func() error {
			_, err := b.s.Esegui(ctx, b.cittadino, id, pratica.EliminaBozza{}, sportello.ConChiave("no"))
			return err
		},
		"senza chiave": func() error { _, err := b.s.Esegui(ctx, b.cittadino, id, pratica.EliminaBozza{}); return err },
		"altro comando": func() error {
			_, err := b.s.Esegui(ctx, b.cittadino, id, pratica.Invia{}, sportello.ConChiave("via"))
			return err
		},
		"apri": func() error { _, err := b.s.Apri(ctx, b.cittadino, id); return err },
	} {
		require.ErrorIs(t, f(), pratica.ErrNonTrovato, nome)
	}
	b.svuota()
	pos, err := b.tramite.Stato(ctx, ente, x)
	require.NoError(t, err)
	require.Equal(t, "annullato", string(pos.Stato), "nobody pays for what is gone")
	altra := b.bozza("pieno")
	liberi := 0
	for _, f := range b.fasce(altra) {
		liberi += f.Liberi
	}
	require.Equal(t, 6, liberi, "its place is free")
	b.esegui(b.cittadino, altra, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}}) // and so is its stamp
	for _, ef := range b.effetti(id) {
		require.Equal(t, "fatto", string(ef.Stato))
		require.False(t, ef.Concluso.IsZero())
	}
	terza := b.bozza("spoglio")
	b.esegui(b.cittadino, terza, pratica.SalvaBozza{Risposte: modulo.Risposte{}}, sportello.ConChiave("via"))
	_, err = b.s.Esegui(ctx, b.attori()[altroCittadino], terza, pratica.EliminaBozza{}, sportello.ConChiave("via"))
	require.ErrorIs(t, err, pratica.ErrNonTrovato, "a stranger does not learn which keys were used")
	_, err = b.s.Esegui(ctx, b.cittadino, pratica.ID(strings.Repeat("x", 36)), pratica.EliminaBozza{}, sportello.ConChiave("via"))
	require.ErrorIs(t, err, pratica.ErrNonTrovato)
}
