package matrice_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage"
)

// ha reports whether a process came by a punto.
func ha(traccia []punto, quando, metodo, glossa string) bool {
	return slices.ContainsFunc(traccia, func(p punto) bool {
		return p.Quando == quando && p.Metodo == metodo && strings.HasPrefix(p.Glossa, glossa)
	})
}

// numera reports whether a process came to where a number is given.
func numera(p punto) bool {
	switch p.Metodo {
	case "Registro.Registra", "Registro.Conferma":
		return true
	default:
		return p.Glossa == numeroInterno
	}
}

// incerto reports whether the dead left a registration of which nobody here
// knows how it ended.
func (g *gruppo) incerto(tracce [][]punto) bool {
	incerto := false
	for _, traccia := range tracce {
		for _, p := range g.suoi(traccia) {
			if p.Quando == dopo && p.Metodo == "Store.Aggiorna" && strings.HasPrefix(p.Glossa, "diario: ") {
				incerto = p.Glossa == intento || p.Glossa == nienteTrovato
			}
		}
	}
	return incerto
}

// controllaRipresa checks how the work was taken up: not before the lease of the
// dead ended, and after an unknown outcome by searching first.
func (g *gruppo) controllaRipresa(t *testing.T, tracce [][]punto, ripresa []punto) {
	t.Helper()
	suoi := g.suoi(ripresa)
	for _, p := range g.suoi(tracce[len(tracce)-1]) {
		if p.Quando == dopo && p.Metodo == "Store.Prenota" && len(suoi) > 0 {
			require.False(t, suoi[0].Ora.Before(p.Ora.Add(durataLease-time.Second)), "taken from who still had it")
		}
	}
	if !g.incerto(tracce) {
		return
	}
	for _, p := range suoi {
		if p.Metodo == "Registro.Cerca" {
			return
		}
		require.False(t, !g.s.interno && numera(p), "sent again without a search")
	}
	require.True(t, g.s.interno || g.s.capacita == nil, "it can be searched, and was not")
}

// esito says how it went in the end, after an operator did his part where he is
// waited for.
func (g *gruppo) esito(t *testing.T, b *banco, i incarico, tracce [][]punto, ripresa []punto) string {
	t.Helper()
	e, err := b.store.Effetto(context.Background(), ente, g.effetto)
	require.NoError(t, err)
	suoi := g.suoi(ripresa)
	manda := slices.ContainsFunc(suoi, numera)
	cerca := ha(suoi, dopo, "Registro.Cerca", "") || g.s.interno && g.incerto(tracce) // the library's own is searched without a step
	switch {
	case e.Stato == storage.EsitoIgnoto:
		require.True(t, g.incerto(tracce), "an operator is troubled for nothing")
		require.False(t, g.s.capacita != nil && g.s.capacita.CercaAffidabile)
		return "in attesa di un operatore, che " + g.risolve(t, b, i, e)
	case e.Stato != storage.Fatto:
		require.Fail(t, "effetto non concluso", "%s: %s", e.Stato, e.UltimoErrore)
		return ""
	case len(suoi) == 0:
		return "ok, era già fatto"
	case cerca && manda:
		return "ok, cercato invano e mandato"
	case cerca:
		return "ok, adottato n. " + g.numero(t, b, i, e)
	case g.ripetuto(tracce, suoi):
		return "ok, richiesto di nuovo, fatto una volta"
	default:
		return "ok, ripreso"
	}
}

// ripetuto reports whether a call outside that had its effect was made again.
func (g *gruppo) ripetuto(tracce [][]punto, ripresa []punto) bool {
	for _, p := range ripresa {
		esterno := !strings.HasPrefix(p.Metodo, "Store.") && !strings.HasPrefix(p.Metodo, "Registro.Trova")
		if esterno && p.Quando == dopo && slices.ContainsFunc(tracce, func(traccia []punto) bool { return ha(g.suoi(traccia), dopo, p.Metodo, p.Glossa) }) {
			return true
		}
	}
	return false
}

func (g *gruppo) numero(t *testing.T, b *banco, i incarico, e storage.Effetto) string {
	t.Helper()
	p, err := b.store.Carica(context.Background(), ente, pratica.ID(i.Pratica))
	require.NoError(t, err)
	d, ok := p.Documento(e.Riferimento)
	require.True(t, ok)
	require.NotNil(t, d.Registrazione)
	return d.Registrazione.Estremi.String()
}

const adotta = "adotta n. "

// risolve is the operator: he looks into the registry and adopts what he finds,
// or says that there is nothing and lets it be sent.
func (g *gruppo) risolve(t *testing.T, b *banco, i incarico, e storage.Effetto) string {
	t.Helper()
	ctx, id := context.Background(), pratica.ID(i.Pratica)
	require.NoError(t, b.registro.arriva())
	trovate, err := b.mondo.registrazioni()
	require.NoError(t, err)
	require.LessOrEqual(t, len(trovate), 1)
	fa := "rimanda"
	if len(trovate) == 1 {
		fa = adotta + trovate[0].Estremi.String()
		es := trovate[0].Estremi
		require.NoError(t, b.s.AdottaProtocollo(ctx, b.operatore, id, e.ID, protocollo.Estremi{Numero: es.Numero, Anno: es.Anno, Data: es.Data}))
	} else {
		require.Error(t, b.s.Riprova(ctx, b.operatore, id, e.ID, false), "not without having looked")
		require.NoError(t, b.s.Riprova(ctx, b.operatore, id, e.ID, true))
	}
	require.NoError(t, b.finisci(ctx, id))
	return fa
}
