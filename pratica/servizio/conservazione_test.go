package servizio_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

func TestConservazione(t *testing.T) {
	t.Parallel()
	giorno := func(s string) time.Time {
		g, err := termini.LeggiGiorno(s)
		require.NoError(t, err)
		return g.Inizio()
	}
	for _, c := range []struct {
		c                servizio.Conservazione
		conclusa, finita string
	}{
		{servizio.Conservazione{Anni: 10}, "2026-03-10", "2036-03-11"},
		{servizio.Conservazione{Anni: 10}, "2028-02-29", "2038-03-01"},
		{servizio.Conservazione{Mesi: 1}, "2026-01-31", "2026-03-01"},
		{servizio.Conservazione{Anni: 1, Mesi: 18}, "2026-08-31", "2029-03-01"},
		{servizio.Conservazione{Mesi: 1}, "2026-02-28", "2026-03-29"},
		{servizio.Conservazione{Anni: 200}, "2026-12-31", "2227-01-01"},
	} {
		require.Equal(t, giorno(c.finita), c.c.Scadenza(giorno(c.conclusa)), "%v", c)
		require.Equal(t, giorno(c.finita), c.c.Scadenza(giorno(c.conclusa).Add(23*time.Hour)), "%v", c)
		require.Zero(t, c.c.Scadenza(time.Time{}), "not ended")
	}
	bozze := servizio.Conservazione{GiorniBozza: 30}
	require.Equal(t, giorno("2026-04-10"), bozze.ScadenzaBozza(giorno("2026-03-10")))
	for _, z := range []time.Time{bozze.Scadenza(giorno("2026-03-10")), bozze.Limite(giorno("2026-03-10")),
		servizio.Conservazione{Anni: 1}.ScadenzaBozza(giorno("2026-03-10")), servizio.Conservazione{Anni: 1}.LimiteBozza(giorno("2026-03-10"))} {
		require.Zero(t, z, "what is not given never ends")
	}
}

// TestConservazioneLimite: the limit that a list uses selects exactly those
// whose term has passed.
func TestConservazioneLimite(t *testing.T) {
	t.Parallel()
	base := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		c := servizio.Conservazione{Anni: rapid.IntRange(0, 3).Draw(t, "anni"), Mesi: rapid.IntRange(0, 14).Draw(t, "mesi"), GiorniBozza: rapid.IntRange(1, 400).Draw(t, "giorni")}
		if c.Anni+c.Mesi == 0 {
			c.Mesi = 1
		}
		ora := base.Add(time.Duration(rapid.Int64Range(0, 40_000).Draw(t, "ora")) * time.Hour)
		passata := func(fine time.Time) bool { return !ora.Before(fine) }
		limite, limiteBozza := c.Limite(ora), c.LimiteBozza(ora)
		quando := []time.Time{limite, limite.Add(-1), limiteBozza, limiteBozza.Add(-1)}
		for _, d := range []int64{rapid.Int64Range(-60*24, 60*24).Draw(t, "attorno"), rapid.Int64Range(-4*366*24, 24).Draw(t, "lontano")} {
			quando = append(quando, limite.Add(time.Duration(d)*time.Hour), limiteBozza.Add(time.Duration(d)*time.Hour))
		}
		for _, q := range quando {
			require.Equal(t, q.Before(limite), passata(c.Scadenza(q)), "ended %s, limit %s", q, limite)
			require.Equal(t, q.Before(limiteBozza), passata(c.ScadenzaBozza(q)), "changed %s, limit %s", q, limiteBozza)
		}
	})
}

func TestConservazioneRegole(t *testing.T) {
	t.Parallel()
	c := valida()
	s, err := servizio.Nuovo(c)
	require.NoError(t, err)
	_, ok := s.Conservazione()
	require.False(t, ok, "for ever, unless the service says so")
	for _, x := range []struct {
		c                servizio.Conservazione
		percorso, codice string
	}{
		{servizio.Conservazione{}, "conservazione", "vuoto"}, {servizio.Conservazione{Anni: -1}, "conservazione.anni", "min"}, {servizio.Conservazione{Anni: 201}, "conservazione.anni", "max"},
		{servizio.Conservazione{Anni: 1, Mesi: -1}, "conservazione.mesi", "min"}, {servizio.Conservazione{Mesi: 2401}, "conservazione.mesi", "max"},
		{servizio.Conservazione{GiorniBozza: 3661}, "conservazione.giorni_bozza", "max"}, {servizio.Conservazione{GiorniBozza: -3}, "conservazione.giorni_bozza", "min"},
	} {
		c.Conservazione = &x.c
		_, err := servizio.Nuovo(c)
		var e *servizio.Errore
		require.ErrorAs(t, err, &e, "%+v", x)
		require.Equal(t, []string{x.percorso, x.codice}, []string{e.Campi[0].Percorso, e.Campi[0].Codice})
	}
	c.Conservazione = &servizio.Conservazione{Anni: 5}
	s, err = servizio.Nuovo(c)
	require.NoError(t, err)
	c.Conservazione.Anni = 1
	s.Configurazione().Conservazione.Anni = 2
	v, ok := s.Conservazione()
	require.True(t, ok)
	require.Equal(t, servizio.Conservazione{Anni: 5}, v)
}

func ExampleConservazione() {
	s, err := servizio.Leggi(strings.NewReader(`{"id": "orto", "versione": 1, "nome": "Orto", "accesso": 3000, "conservazione": {"anni": 10, "giorni_bozza": 60},
		"modulo": {"id": "orto", "versione": 1, "titolo": "Orto", "sezioni": [{"id": "s", "titolo": "S", "campi": [{"id": "metri", "etichetta": "Metri", "tipo": "intero"}]}]}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	c, _ := s.Conservazione()
	fmt.Println(termini.GiornoDi(c.Scadenza(time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC))))
	// Output: 2036-03-11
}
