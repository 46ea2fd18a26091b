package calendario_test

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/appuntamenti/appuntamentitest"
	"github.com/sportello-digitale/pratiche/appuntamenti/calendario"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

// Whatever is asked in whatever order: at every instant held and confirmed are
// at most the places, a riferimento has one active booking, and the free places
// shown are those that are left.
func TestCapienzaSempre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		posti := rapid.IntRange(1, 3).Draw(t, "posti")
		inizio := []time.Time{
			time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC),
			time.Date(2026, 3, 28, 8, 0, 0, 0, time.UTC),  // the clock goes forward
			time.Date(2026, 10, 24, 8, 0, 0, 0, time.UTC), // the clock goes back
		}[rapid.IntRange(0, 2).Draw(t, "quando")]
		ogni := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
		cal := appuntamenti.Calendario{ID: "anagrafe", Ente: ente, Titolo: "Anagrafe", Aperture: []appuntamenti.Apertura{
			{ID: "a", Giorni: ogni, Inizio: "01:00", Fine: "04:00", Minuti: rapid.IntRange(20, 60).Draw(t, "minuti"), Capienza: posti},
		}}
		ricerca, err := calendario.Fissi(cal)
		require.NoError(t, err)
		o := appuntamentitest.NuovoOrologio(inizio)
		a, err := calendario.New(calendario.Config{Cassetto: &cassetto.Memoria{}, Calendari: ricerca, Orologio: o.Ora})
		require.NoError(t, err)

		ctx := t.Context()
		domani := termini.GiornoDi(inizio).Piu(1)
		fasce := appuntamenti.Fasce(cal, domani, domani)
		require.NotEmpty(t, fasce)
		nomi := map[string]bool{}
		fascia := func(t *rapid.T) appuntamenti.Fascia {
			return fasce[rapid.IntRange(0, min(len(fasce)-1, 2)).Draw(t, "fascia")]
		}
		id := func(t *rapid.T) string { return fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "id")) }
		rifiuto := func(t *rapid.T, err error) {
			require.True(t, err == nil || appuntamenti.EUnRifiuto(err), "%v", err)
		}
		t.Repeat(map[string]func(*rapid.T){
			"blocca": func(t *rapid.T) {
				f, i := fascia(t), id(t)
				_, err := a.Blocca(ctx, appuntamenti.Prenotazione{
					ID: i, Ente: ente, Calendario: f.Calendario, Apertura: f.Apertura, Inizio: f.Inizio,
					Riferimento: rapid.SampledFrom([]string{"", "", "x", "y"}).Draw(t, "riferimento"),
				})
				rifiuto(t, err)
				nomi[i] = true
			},
			"conferma": func(t *rapid.T) { _, err := a.Conferma(ctx, ente, id(t)); rifiuto(t, err) },
			"annulla":  func(t *rapid.T) { _, err := a.Annulla(ctx, ente, id(t)); rifiuto(t, err) },
			"prolunga": func(t *rapid.T) {
				_, err := a.Prolunga(ctx, ente, id(t), o.Ora().Add(20*time.Minute))
				rifiuto(t, err)
			},
			"sposta": func(t *rapid.T) { _, err := a.Sposta(ctx, ente, id(t), fascia(t)); rifiuto(t, err) },
			"tempo": func(t *rapid.T) {
				o.Avanza(time.Duration(rapid.IntRange(1, 15).Draw(t, "passa")) * time.Minute)
			},
			"": func(t *rapid.T) {
				presi, rif := map[time.Time]int{}, map[string]int{}
				for i := range nomi {
					p, err := a.Leggi(ctx, ente, i)
					if err != nil {
						continue // its Blocca was refused
					}
					if p.Occupa(o.Ora()) {
						presi[p.Inizio]++
					}
					if p.Riferimento != "" && p.Attiva(o.Ora()) {
						rif[p.Riferimento]++
					}
				}
				for r, n := range rif {
					require.LessOrEqual(t, n, 1, r)
				}
				offerte, err := a.Disponibili(ctx, ente, "anagrafe", domani, domani)
				require.NoError(t, err)
				for _, f := range offerte {
					require.Equal(t, posti-presi[f.Inizio], f.Liberi, "%s", f.Inizio)
				}
				for i, n := range presi {
					require.LessOrEqual(t, n, posti, "%s", i)
				}
			},
		})
	})
}
