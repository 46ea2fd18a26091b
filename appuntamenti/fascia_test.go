package appuntamenti_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

func ogniGiorno() []time.Weekday { return []time.Weekday{0, 1, 2, 3, 4, 5, 6} }

func con(a ...appuntamenti.Apertura) appuntamenti.Calendario {
	return appuntamenti.Calendario{ID: "anagrafe", Ente: "c_f205", Titolo: "Anagrafe", Aperture: a}
}

func giorno(t require.TestingT, s string) termini.Giorno {
	g, err := termini.LeggiGiorno(s)
	require.NoError(t, err)
	return g
}

// elenco writes slots as UTC instants.
func elenco(fasce []appuntamenti.Fascia) string {
	var s []string
	for _, f := range fasce {
		s = append(s, f.Inizio.Format("15:04")+"-"+f.Fine.Format("15:04"))
	}
	return strings.Join(s, " ")
}

func TestFasceGiorniDiCambio(t *testing.T) {
	t.Parallel()
	for nome, caso := range map[string]struct {
		giorno, inizio, fine string
		minuti, intervallo   int
		attese               string
	}{
		"giorno qualsiasi":                    {"2026-03-03", "09:00", "10:30", 30, 0, "08:00-08:30 08:30-09:00 09:00-09:30"},
		"d'estate":                            {"2026-07-07", "09:00", "10:00", 30, 0, "07:00-07:30 07:30-08:00"},
		"con pausa, ultima entro la fine":     {"2026-03-03", "09:00", "10:30", 30, 10, "08:00-08:30 08:40-09:10"},
		"la sera":                             {"2026-03-03", "23:00", "24:00", 30, 0, "22:00-22:30 22:30-23:00"},
		"marzo: l'ora saltata":                {"2026-03-29", "01:30", "03:30", 30, 0, "00:30-01:00 01:00-01:30"},
		"marzo: attraverso il salto":          {"2026-03-29", "01:30", "04:00", 60, 0, ""},
		"marzo: le altre restano al loro ora": {"2026-03-29", "00:00", "10:00", 120, 0, "23:00-01:00 02:00-04:00 04:00-06:00 06:00-08:00"},
		"marzo: la mattina":                   {"2026-03-29", "09:00", "10:00", 60, 0, "07:00-08:00"},
		"ottobre: una volta, la seconda":      {"2026-10-25", "01:30", "03:30", 30, 0, "23:30-00:00 01:00-01:30 01:30-02:00 02:00-02:30"},
		"ottobre: finisce nell'ora doppia":    {"2026-10-25", "01:30", "03:30", 60, 0, "23:30-00:30 01:30-02:30"},
		"ottobre: attraverso tutta l'ora":     {"2026-10-25", "01:30", "07:30", 120, 0, "02:30-04:30 04:30-06:30"},
		"ottobre: la mattina":                 {"2026-10-25", "09:00", "10:00", 60, 0, "08:00-09:00"},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			c := con(appuntamenti.Apertura{ID: "a", Giorni: ogniGiorno(), Inizio: caso.inizio, Fine: caso.fine, Minuti: caso.minuti, Intervallo: caso.intervallo})
			require.NoError(t, c.Verifica())
			g := giorno(t, caso.giorno)
			fasce := appuntamenti.Fasce(c, g, g)
			require.Equal(t, caso.attese, elenco(fasce))
			for _, f := range fasce {
				trovata, err := appuntamenti.Trova(c, "a", f.Inizio, time.Time{})
				require.NoError(t, err)
				require.Equal(t, f, trovata)
			}
		})
	}
}

func TestFasceChiusure(t *testing.T) {
	t.Parallel()
	c := con(appuntamenti.Apertura{ID: "a", Dal: giorno(t, "2026-03-03"), Al: giorno(t, "2026-03-06"), Giorni: ogniGiorno(), Inizio: "09:00", Fine: "11:00", Minuti: 30, Capienza: 4})
	dieci := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	c.Chiusure = []appuntamenti.Chiusura{
		{Inizio: dieci.Add(-time.Second), Fine: dieci.Add(10 * time.Minute)}, // touches 09:30 by a second, and 10:00
		appuntamenti.ChiusuraGiorni(giorno(t, "2026-03-04"), giorno(t, "2026-03-05"), "Inventario"),
	}
	fasce := appuntamenti.Fasce(c, giorno(t, "2026-03-01"), giorno(t, "2026-03-31"))
	require.Equal(t, "08:00-08:30 09:30-10:00 08:00-08:30 08:30-09:00 09:00-09:30 09:30-10:00", elenco(fasce))
	require.Equal(t, 4, fasce[0].Liberi)
	c.Chiusure[0].Inizio = dieci // who ends when the closure begins is not touched
	require.Equal(t, "08:00-08:30 08:30-09:00 09:30-10:00", elenco(appuntamenti.Fasce(c, giorno(t, "2026-03-03"), giorno(t, "2026-03-03"))))

	_, err := appuntamenti.Trova(c, "a", dieci, time.Time{})
	require.ErrorIs(t, err, appuntamenti.ErrFasciaNonOfferta, "closed")
	_, err = appuntamenti.Trova(c, "b", dieci.Add(-time.Hour), time.Time{})
	require.ErrorIs(t, err, appuntamenti.ErrFasciaNonOfferta, "no such opening")
	_, err = appuntamenti.Trova(c, "a", dieci.AddDate(0, 0, 7), time.Time{})
	require.ErrorIs(t, err, appuntamenti.ErrFasciaNonOfferta, "past the last day")
	_, err = appuntamenti.Trova(c, "a", dieci.Add(-time.Hour), dieci)
	require.ErrorIs(t, err, appuntamenti.ErrFasciaNonOfferta, "another end")
}

func TestFasceLimiti(t *testing.T) {
	t.Parallel()
	a := appuntamenti.Apertura{ID: "a", Giorni: ogniGiorno(), Inizio: "09:00", Fine: "10:00", Minuti: 60}
	g := giorno(t, "2026-01-01")
	require.Len(t, appuntamenti.Fasce(con(a), g, g.Piu(10_000)), appuntamenti.MassimoGiorni)
	require.Empty(t, appuntamenti.Fasce(con(a), g, g.Piu(-1)))
	require.Empty(t, appuntamenti.Fasce(con(a), termini.Giorno{}, g))
	require.Empty(t, appuntamenti.Fasce(con(a), g, termini.Giorno{}))
	for _, rompi := range []func(*appuntamenti.Apertura){
		func(a *appuntamenti.Apertura) { a.Minuti = 0 },
		func(a *appuntamenti.Apertura) { a.Intervallo = -60 },
		func(a *appuntamenti.Apertura) { a.Inizio = "9:00" },
		func(a *appuntamenti.Apertura) { a.Fine = "09:60" },
		func(a *appuntamenti.Apertura) { a.Giorni = nil },
	} {
		b := a
		rompi(&b)
		require.Empty(t, appuntamenti.Fasce(con(b), g, g))
	}
}

func orologio(t time.Time) int {
	l := t.In(termini.Roma())
	return l.Hour()*3600 + l.Minute()*60 + l.Second()
}

// Whatever the openings and the day, daylight saving included: slots lie inside
// their opening on the clock in Rome, last as long as they should, follow each
// other without overlapping, and are all there when the day has 24 hours.
func TestFasceProprieta(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var aperture []appuntamenti.Apertura
		da := map[string][2]int{}
		inizio := 0
		for i := range rapid.IntRange(1, 3).Draw(t, "aperture") {
			if inizio > 23*60 {
				break
			}
			dalle := rapid.IntRange(inizio, 23*60).Draw(t, "dalle")
			alle := rapid.IntRange(dalle+30, 24*60).Draw(t, "alle")
			inizio = alle
			id := fmt.Sprint("a", i)
			da[id] = [2]int{dalle, alle}
			aperture = append(aperture, appuntamenti.Apertura{
				ID: id, Giorni: ogniGiorno(), Inizio: fmt.Sprintf("%02d:%02d", dalle/60, dalle%60), Fine: fmt.Sprintf("%02d:%02d", alle/60, alle%60),
				Minuti: rapid.IntRange(5, min(alle-dalle, 180)).Draw(t, "minuti"), Intervallo: rapid.IntRange(0, 60).Draw(t, "intervallo"),
				Capienza: rapid.IntRange(0, 5).Draw(t, "capienza"),
			})
		}
		c := con(aperture...)
		require.NoError(t, c.Verifica())
		anno := rapid.IntRange(2020, 2037).Draw(t, "anno")
		g := termini.Giorno{Anno: anno, Mese: 1, Giorno: 1}.Piu(rapid.IntRange(0, 365).Draw(t, "giorno"))
		if rapid.Bool().Draw(t, "cambio") { // the last Sunday of March or of October
			g = termini.Giorno{Anno: anno, Mese: []time.Month{3, 10}[rapid.IntRange(0, 1).Draw(t, "mese")], Giorno: 31}
			g = g.Piu(-int(g.GiornoSettimana()))
		}
		fasce := appuntamenti.Fasce(c, g, g)
		per := map[string]int{}
		for i, f := range fasce {
			a, ok := c.Apertura(f.Apertura)
			require.True(t, ok)
			per[a.ID]++
			require.Equal(t, time.UTC, f.Inizio.Location())
			require.Equal(t, time.Duration(a.Minuti)*time.Minute, f.Fine.Sub(f.Inizio))
			require.Equal(t, g, termini.GiornoDi(f.Inizio))
			require.Equal(t, g, termini.GiornoDi(f.Fine.Add(-1)))
			da := da[a.ID]
			require.Zero(t, (orologio(f.Inizio)/60-da[0])%(a.Minuti+a.Intervallo), "at its usual clock time")
			require.GreaterOrEqual(t, orologio(f.Inizio), da[0]*60)
			require.Less(t, orologio(f.Fine.Add(-1)), da[1]*60)
			require.Equal(t, max(a.Capienza, 1), f.Liberi)
			if i > 0 {
				require.False(t, f.Inizio.Before(fasce[i-1].Fine), "%s overlaps the one before", f.Inizio)
			}
		}
		for _, a := range aperture {
			o := da[a.ID]
			piene := (o[1] - o[0] + a.Intervallo) / (a.Minuti + a.Intervallo)
			require.LessOrEqual(t, per[a.ID], piene)
			if g.Fine().Sub(g.Inizio()) == 24*time.Hour || o[0] >= 3*60 {
				require.Equal(t, piene, per[a.ID])
			}
		}
	})
}

func FuzzFasce(f *testing.F) {
	f.Add("09:00", "12:30", 30, 5, 20000)
	f.Add("00:00", "24:00", 5, 0, 20541)
	f.Add("24:00", "24:00", 5, 0, 0)
	f.Add("9:00", "99:99", -1, -1, -1)
	f.Add("01:30", "03:30", 720, 720, 20751)
	f.Fuzz(func(t *testing.T, inizio, fine string, minuti, intervallo, giorno int) {
		c := con(appuntamenti.Apertura{ID: "a", Giorni: ogniGiorno(), Inizio: inizio, Fine: fine, Minuti: minuti, Intervallo: intervallo})
		g := termini.Giorno{Anno: 1970, Mese: 1, Giorno: 1}.Piu(max(min(giorno, 40000), 0))
		fasce := appuntamenti.Fasce(c, g, g)
		require.LessOrEqual(t, len(fasce), 24*60/appuntamenti.MinimoMinuti)
		if c.Verifica() != nil {
			return
		}
		for i, x := range fasce {
			require.Equal(t, time.Duration(minuti)*time.Minute, x.Fine.Sub(x.Inizio))
			require.GreaterOrEqual(t, x.Inizio.In(termini.Roma()).Format("15:04"), inizio)
			require.LessOrEqual(t, x.Fine.Add(-time.Minute).In(termini.Roma()).Format("15:04"), fine)
			if i > 0 {
				require.False(t, x.Inizio.Before(fasce[i-1].Fine))
			}
		}
	})
}
