package termini_test

import (
	"encoding/json"
	"flag"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

func TestAnnoRoma(t *testing.T) {
	t.Parallel()
	// 23:30 UTC of 31 December is already the new year in Rome.
	require.Equal(t, 2027, termini.Anno(time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)))
	require.Equal(t, 2026, termini.Anno(time.Date(2026, 12, 31, 22, 59, 59, 0, time.UTC)))
}

func TestGiornoLettura(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "31/12/2026", "2026-12-3x", "+026-12-31", "0000-01-01"} {
		_, err := termini.LeggiGiorno(s)
		require.ErrorIs(t, err, termini.ErrGiorno, s)
	}
	g, err := termini.LeggiGiornoItaliano("1/3/2028")
	require.NoError(t, err)
	require.Equal(t, "2028-03-01", g.String())
	require.Equal(t, "01/03/2028", g.Italiano())
	for _, s := range []string{"1/3/28", "29/02/2027", "1//2027", "1/2/3/2027", "a/2/2027"} {
		_, err := termini.LeggiGiornoItaliano(s)
		require.ErrorIs(t, err, termini.ErrGiorno, s)
	}
	z, err := termini.LeggiGiorno("")
	require.NoError(t, err)
	require.True(t, z.IsZero())
	require.Empty(t, z.Italiano())
}

func TestGiornoOraLegale(t *testing.T) {
	t.Parallel()
	// 29 March 2026 has 23 hours in Italy, 25 October has 25.
	corto := termini.Giorno{Anno: 2026, Mese: 3, Giorno: 29}
	require.Equal(t, 23*time.Hour, corto.Fine().Sub(corto.Inizio()))
	lungo := termini.Giorno{Anno: 2026, Mese: 10, Giorno: 25}
	require.Equal(t, 25*time.Hour, lungo.Fine().Sub(lungo.Inizio()))
}

// Until 1980 the clocks of Italy changed at midnight: on 28 September 1969 they
// went back from 1:00 to 0:00, and midnight came twice; on 22 May 1966 forward
// from 0:00 to 1:00, and there was none.
func TestGiornoCheCominciaConIlCambioOra(t *testing.T) {
	t.Parallel()
	for giorno, inizio := range map[termini.Giorno]time.Time{
		{Anno: 1969, Mese: 9, Giorno: 28}: time.Date(1969, 9, 27, 22, 0, 0, 0, time.UTC),
		{Anno: 1966, Mese: 5, Giorno: 22}: time.Date(1966, 5, 21, 23, 0, 0, 0, time.UTC),
	} {
		require.Equal(t, inizio, giorno.Inizio(), giorno)
		require.Equal(t, inizio, giorno.Piu(-1).Fine(), giorno)
		require.Equal(t, giorno, termini.GiornoDi(inizio))
		require.Equal(t, giorno.Piu(-1), termini.GiornoDi(inizio.Add(-1)))
	}
}

func TestGiornoAndataRitorno(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		istante := time.Unix(rapid.Int64Range(-2e9, 4e9).Draw(t, "secondi"), 0)
		g := termini.GiornoDi(istante)
		require.False(t, istante.Before(g.Inizio()))
		require.True(t, istante.Before(g.Fine()))
		b, err := json.Marshal(g)
		require.NoError(t, err)
		var letto termini.Giorno
		require.NoError(t, json.Unmarshal(b, &letto))
		require.Equal(t, g, letto)
		it, err := termini.LeggiGiornoItaliano(g.Italiano())
		require.NoError(t, err)
		require.Equal(t, g, it)
		n := rapid.IntRange(-5000, 5000).Draw(t, "giorni")
		require.Equal(t, g, g.Piu(n).Piu(-n))
		require.Equal(t, n > 0, g.Prima(g.Piu(n)))
	})
}
