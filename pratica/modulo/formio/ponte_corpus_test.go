package formio_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
)

// TestPonteCollezione carries every form of the collection over and sends it
// generated submissions: what the engine refuses the form refuses, and answers
// written and read again stay as they are.
func TestPonteCollezione(t *testing.T) {
	t.Parallel()
	portati, provati, rifiutati := 0, 0, 0
	var senza []string
	for i, k := range corpus(t) {
		fm, _, err := formio.Importa(k.definito, formio.OpzioniImporta{})
		require.NoError(t, err, k.nome)
		p, err := fm.Ponte(formio.OpzioniPonte{ID: "prova", Titolo: "Prova"})
		if err != nil {
			require.ErrorIs(t, err, formio.ErrPonte, k.nome)
			var rotta *modulo.ErroreCompilazione
			require.False(t, errors.As(err, &rotta), "%s: %v", k.nome, err)
			senza = append(senza, k.nome)
			continue
		}
		portati++
		m, err := modulo.Compila(p.Definizione(), modulo.ConEstensione(p))
		require.NoError(t, err, k.nome)
		o := modulo.Opzioni{Oggi: oggi(t)}
		g := generatore{r: rand.New(rand.NewPCG(3, uint64(i)))}
		for n := range 10 {
			r := p.Risposte(g.dati(k.componenti, n))
			dati := p.Dati(r, o)
			require.Equal(t, dati, p.Dati(p.Risposte(dati), o), k.nome)
			e := fm.Elabora(dati, formio.Opzioni{Adesso: o.Oggi.Inizio()})
			esito := m.Valuta(r, o)
			provati++
			if !e.Valido() {
				rifiutati++
				require.NotEmpty(t, esito.Errori, "%s: %v", k.nome, e.Errori)
			}
			require.False(t, slices.ContainsFunc(esito.Errori, func(x modulo.Errore) bool { return x.Codice == "calcolo" }), "%s: %v", k.nome, esito.Errori)
		}
	}
	require.Greater(t, rifiutati, provati/10)
	t.Logf("%d moduli portati, %d invii di cui %d rifiutati; senza campi: %v", portati, provati, rifiutati, senza)
}
