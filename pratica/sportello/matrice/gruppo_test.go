package matrice_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// gruppo is the rows of a scena on one store.
type gruppo struct {
	tb    *tabella
	d     deposito
	nuovo func(*testing.T) string // an empty store
	n     int                     // among the scene
	s     scena

	modello incarico // as it was prepared
	effetto string   // to be carried out
	base    quadro   // in the end, if nobody dies
}

// prova finds the steps in a run where nobody dies, then runs once for each.
func (g *gruppo) prova(t *testing.T) {
	g.modello, g.effetto = g.prepara(t)
	i := g.copia(t)
	traccia := g.manda(t, i, 1, 0)
	b := g.esamina(t, i)
	g.base = fotografa(t, b, i)
	controllaBase(t, g.s, g.base)
	controllaRichieste(t, g.s, b, 1)
	require.NoError(t, b.chiudi())

	suoi := g.suoi(traccia)
	require.GreaterOrEqual(t, len(suoi), 4)
	g.tb.confronta(t, g.n, suoi)
	for _, p := range suoi {
		t.Run(p.String(), func(t *testing.T) {
			t.Parallel()
			g.cella(t, p)
		})
	}
}

// suoi are the points of the effect that the scena is about.
func (g *gruppo) suoi(traccia []punto) []punto {
	return slices.DeleteFunc(slices.Clone(traccia), func(p punto) bool { return p.Effetto != g.effetto })
}

// prepara makes the scena in a folder of its own.
func (g *gruppo) prepara(t *testing.T) (i incarico, effetto string) {
	t.Helper()
	i = incarico{Cartella: t.TempDir(), Deposito: g.d.nome, Indirizzo: g.nuovo(t), Scena: g.s.String(), Ora: inizio}
	b, err := apriBanco(context.Background(), i)
	require.NoError(t, err)
	id := g.s.prepara(t, b)
	i.Pratica = string(id)
	effetto = b.avvicina(t, id, g.s.genere)
	require.NoError(t, b.chiudi())
	return i, effetto
}

// copia gives the scena as it was prepared, in another folder.
func (g *gruppo) copia(t *testing.T) incarico {
	t.Helper()
	if !g.d.copiabile {
		i, effetto := g.prepara(t)
		require.Equal(t, g.effetto, effetto, "a scena is always the same")
		return i
	}
	i := g.modello
	i.Cartella = t.TempDir()
	require.NoError(t, os.CopyFS(i.Cartella, os.DirFS(g.modello.Cartella)))
	return i
}

// manda gives the task to its n-th process, and waits for its end. The second
// begins while the first still holds its lease.
func (g *gruppo) manda(t *testing.T, i incarico, n, colpo int) []punto {
	t.Helper()
	i.Processo, i.Colpo = n, colpo
	i.Ora = inizio.Add([]time.Duration{1: time.Minute, 2: 90 * time.Second, 3: time.Hour}[n])
	g.tb.posti <- struct{}{}
	defer func() { <-g.tb.posti }()
	return manda(t, i)
}

func (g *gruppo) esamina(t *testing.T, i incarico) *banco {
	t.Helper()
	i.Ora = inizio.Add(6 * time.Hour)
	b, err := apriBanco(context.Background(), i)
	require.NoError(t, err)
	return b
}

// cella kills one process after the other at the points given, lets the last one
// end the work, and looks at what there is then.
func (g *gruppo) cella(t *testing.T, colpi ...punto) {
	i := g.copia(t)
	esito := "NON PASSA"
	defer func() { g.tb.segna(g.d.nome, g.n, g.s.String(), colpi, esito) }()
	var tracce [][]punto
	for n, p := range colpi {
		traccia := g.manda(t, i, n+1, p.N)
		ultimo := traccia[len(traccia)-1]
		require.Equal(t, [2]string{p.Quando, p.Metodo}, [2]string{ultimo.Quando, ultimo.Metodo}, "the steps are always the same")
		tracce = append(tracce, traccia)
	}
	processi := len(colpi) + 1
	ripresa := g.manda(t, i, processi, 0)
	g.controllaRipresa(t, tracce, ripresa)

	b := g.esamina(t, i)
	defer func() { require.NoError(t, b.chiudi()) }()
	visto := g.esito(t, b, i, tracce, ripresa)
	q := fotografa(t, b, i)
	if len(q.Allegati) == 0 && strings.Contains(visto, adotta) { // an operator types a number, no ids
		q.Allegati = g.base.Allegati
	}
	require.Equal(t, g.base, q)
	controllaRichieste(t, g.s, b, processi)
	esito = visto

	if len(colpi) == 1 && g.s.ripresa && colpi[0].Metodo == "Registro.Registra" && !ridotta() {
		for _, p := range g.suoi(ripresa) {
			t.Run("e poi "+p.String(), func(t *testing.T) {
				t.Parallel()
				g.cella(t, colpi[0], p)
			})
		}
	}
}
