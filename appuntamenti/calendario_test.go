package appuntamenti_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/stretchr/testify/require"
)

func buona() appuntamenti.Apertura {
	return appuntamenti.Apertura{ID: "a", Giorni: []time.Weekday{time.Monday}, Inizio: "09:00", Fine: "12:00", Minuti: 30}
}

func TestVerifica(t *testing.T) {
	t.Parallel()
	lungo := strings.Repeat("x", appuntamenti.MassimoTesto+1)
	ora := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	tante := func(n int) (tutte []appuntamenti.Apertura) {
		for i := range n {
			a := buona()
			a.ID = "a" + strings.Repeat("x", i%60) + string(rune('a'+i/60))
			tutte = append(tutte, a)
		}
		return tutte
	}
	for nome, caso := range map[string]struct {
		rompi  func(c *appuntamenti.Calendario, a *appuntamenti.Apertura)
		attesi []string
	}{
		"giusto":                 {func(*appuntamenti.Calendario, *appuntamenti.Apertura) {}, nil},
		"id":                     {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) { c.ID = "a/b" }, []string{"id id_non_valido"}},
		"ente":                   {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) { c.Ente = strings.Repeat("a", 65) }, []string{"ente id_non_valido"}},
		"titolo vuoto":           {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) { c.Titolo = " " }, []string{"titolo testo_non_valido"}},
		"luogo":                  {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) { c.Luogo = lungo }, []string{"luogo testo_non_valido"}},
		"anticipo negativo":      {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) { c.AnticipoMinimo = -1 }, []string{"anticipo_minimo fuori_limite"}},
		"anticipo come tutto":    {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) { c.AnticipoMinimo = 30 * 24 * time.Hour }, []string{"anticipo_minimo oltre_giorni_massimi"}},
		"181 giorni":             {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) { c.GiorniMassimi = 181 }, []string{"giorni_massimi fuori_limite"}},
		"annullo":                {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) { c.GiorniAnnullo = 366 }, []string{"giorni_annullo fuori_limite"}},
		"annullo fino alla fine": {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) { c.GiorniAnnullo = -1 }, nil},
		"blocco":                 {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) { c.DurataBlocco = time.Second }, []string{"durata_blocco fuori_limite"}},
		"senza aperture":         {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) { c.Aperture = nil }, []string{"aperture numero_fuori_limite"}},
		"troppe aperture": {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) {
			c.Aperture, c.Sovrapposizioni = tante(51), true
		}, []string{"aperture numero_fuori_limite"}},
		"troppe chiusure": {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) {
			c.Chiusure = slices.Repeat([]appuntamenti.Chiusura{{Inizio: ora, Fine: ora.Add(1)}}, 1001)
		}, []string{"chiusure numero_fuori_limite"}},
		"chiusura": {func(c *appuntamenti.Calendario, _ *appuntamenti.Apertura) {
			c.Chiusure = []appuntamenti.Chiusura{{Inizio: ora, Fine: ora, Motivo: lungo}, {Fine: ora}}
		}, []string{"chiusure[0] periodo_non_valido", "chiusure[0].motivo testo_non_valido", "chiusure[1] periodo_non_valido"}},
		"id di apertura":  {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) { a.ID = "" }, []string{"aperture[0].id id_non_valido"}},
		"titolo apertura": {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) { a.Titolo = lungo }, []string{"aperture[0].titolo testo_non_valido"}},
		"giorno che non c'è": {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) {
			a.Dal = termini.Giorno{Anno: 2026, Mese: 2, Giorno: 30}
		}, []string{"aperture[0].dal giorno_non_valido"}},
		"al prima di dal": {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) {
			a.Dal, a.Al = termini.GiornoDi(ora), termini.GiornoDi(ora).Piu(-1)
		}, []string{"aperture[0].al periodo_non_valido"}},
		"nessun giorno":     {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) { a.Giorni = nil }, []string{"aperture[0].giorni giorni_non_validi"}},
		"giorno ripetuto":   {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) { a.Giorni = []time.Weekday{1, 1} }, []string{"aperture[0].giorni giorni_non_validi"}},
		"ottavo giorno":     {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) { a.Giorni = []time.Weekday{7} }, []string{"aperture[0].giorni giorni_non_validi"}},
		"orari":             {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) { a.Inizio, a.Fine = "24:00", "24:01" }, []string{"aperture[0].inizio orario_non_valido", "aperture[0].fine orario_non_valido"}},
		"orari con lettere": {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) { a.Inizio, a.Fine = "09.00", "1a:00" }, []string{"aperture[0].inizio orario_non_valido", "aperture[0].fine orario_non_valido"}},
		"rovescio":          {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) { a.Fine = "09:00" }, []string{"aperture[0].fine orario_rovesciato"}},
		"minuti":            {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) { a.Minuti = 4 }, []string{"aperture[0].minuti fuori_limite"}},
		"senza fasce":       {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) { a.Minuti = 181 }, []string{"aperture[0].minuti senza_fasce"}},
		"intervallo":        {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) { a.Intervallo = -1 }, []string{"aperture[0].intervallo fuori_limite"}},
		"capienza":          {func(_ *appuntamenti.Calendario, a *appuntamenti.Apertura) { a.Capienza = 1001 }, []string{"aperture[0].capienza fuori_limite"}},
		"id ripetuto": {func(c *appuntamenti.Calendario, a *appuntamenti.Apertura) {
			b := *a
			b.Giorni = []time.Weekday{time.Tuesday}
			c.Aperture = append(c.Aperture, b)
		}, []string{"aperture[1].id id_ripetuto"}},
		"tutto insieme": {func(c *appuntamenti.Calendario, a *appuntamenti.Apertura) { c.ID, c.Ente, a.Minuti = "", "", 0 }, []string{"id id_non_valido", "ente id_non_valido", "aperture[0].minuti fuori_limite"}},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			c := con(buona())
			caso.rompi(&c, &c.Aperture[:1][0])
			err := c.Verifica()
			if caso.attesi == nil {
				require.NoError(t, err)
				return
			}
			var p appuntamenti.Problemi
			require.ErrorAs(t, err, &p)
			var trovati []string
			for _, x := range p {
				trovati = append(trovati, x.Campo+" "+x.Codice)
				require.NotEmpty(t, x.Testo)
			}
			require.Equal(t, caso.attesi, trovati)
			require.Equal(t, "appuntamenti: calendario non valido: "+strings.Join(caso.attesi, ", "), err.Error())
		})
	}
}

func TestVerificaSovrapposizioni(t *testing.T) {
	t.Parallel()
	for nome, caso := range map[string]struct {
		cambia func(a, b *appuntamenti.Apertura)
		sopra  bool
	}{
		"uguali":           {func(*appuntamenti.Apertura, *appuntamenti.Apertura) {}, true},
		"una dopo l'altra": {func(_, b *appuntamenti.Apertura) { b.Inizio, b.Fine = "12:00", "13:00" }, false},
		"altro giorno":     {func(_, b *appuntamenti.Apertura) { b.Giorni = []time.Weekday{time.Tuesday} }, false},
		"una finisce, l'altra dopo": {func(a, b *appuntamenti.Apertura) {
			a.Al, b.Dal = termini.Giorno{Anno: 2026, Mese: 5, Giorno: 31}, termini.Giorno{Anno: 2026, Mese: 6, Giorno: 1}
		}, false},
		"in comune senza lunedì": {func(a, b *appuntamenti.Apertura) {
			a.Al, b.Dal = termini.Giorno{Anno: 2026, Mese: 6, Giorno: 5}, termini.Giorno{Anno: 2026, Mese: 6, Giorno: 2}
		}, false},
		"in comune con un lunedì": {func(a, b *appuntamenti.Apertura) {
			a.Al, b.Dal = termini.Giorno{Anno: 2026, Mese: 6, Giorno: 8}, termini.Giorno{Anno: 2026, Mese: 6, Giorno: 2}
		}, true},
		"al rovescio": {func(a, b *appuntamenti.Apertura) {
			a.Dal, b.Al = termini.Giorno{Anno: 2026, Mese: 6, Giorno: 2}, termini.Giorno{Anno: 2026, Mese: 6, Giorno: 8}
		}, true},
		"da sempre fino a": {func(a, b *appuntamenti.Apertura) {
			a.Al, b.Al = termini.Giorno{Anno: 2026, Mese: 6, Giorno: 2}, termini.Giorno{Anno: 2025, Mese: 6, Giorno: 8}
		}, true},
		"da sempre, una senza fine": {func(_, b *appuntamenti.Apertura) { b.Al = termini.Giorno{Anno: 2025, Mese: 6, Giorno: 8} }, true},
		"illeggibile":               {func(a, _ *appuntamenti.Apertura) { a.Inizio = "x" }, false},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			for _, scambia := range []bool{false, true} {
				a, b := buona(), buona()
				b.ID = "b"
				caso.cambia(&a, &b)
				if scambia {
					a, b = b, a
				}
				c := con(a, b)
				var p appuntamenti.Problemi
				if err := c.Verifica(); err != nil {
					require.ErrorAs(t, err, &p)
				}
				sopra := slices.ContainsFunc(p, func(x appuntamenti.Problema) bool { return x.Codice == "sovrapposta" })
				require.Equal(t, caso.sopra, sopra)
			}
		})
	}
}

func TestLimiti(t *testing.T) {
	t.Parallel()
	c := con(buona())
	inizio := time.Date(2026, 3, 30, 7, 0, 0, 0, time.UTC) // 09:00 in Rome, the day after the clock changed
	require.Equal(t, time.Date(2026, 3, 27, 8, 0, 0, 0, time.UTC), c.LimiteAnnullo(inizio), "three days before, at nine on the clock")
	c.GiorniAnnullo = -1
	require.Equal(t, inizio, c.LimiteAnnullo(inizio))

	c.AnticipoMinimo = time.Hour
	require.ErrorIs(t, c.Prenotabile(inizio, inizio), appuntamenti.ErrTroppoTardi)
	require.ErrorIs(t, c.Prenotabile(inizio, inizio.Add(-time.Hour+1)), appuntamenti.ErrTroppoTardi)
	require.NoError(t, c.Prenotabile(inizio, inizio.Add(-time.Hour)))
	require.NoError(t, c.Prenotabile(inizio, inizio.AddDate(0, 0, -30)))
	require.ErrorIs(t, c.Prenotabile(inizio, inizio.AddDate(0, 0, -31)), appuntamenti.ErrFasciaNonOfferta)
	c.AnticipoMinimo = 0
	require.ErrorIs(t, c.Prenotabile(inizio, inizio), appuntamenti.ErrTroppoTardi, "begun")
}

func TestJSON(t *testing.T) {
	t.Parallel()
	c := con(buona()).ConPredefiniti()
	c.Chiusure = []appuntamenti.Chiusura{appuntamenti.ChiusuraGiorni(giorno(t, "2026-08-14"), giorno(t, "2026-08-16"), "Ferragosto")}
	b, err := json.Marshal(c)
	require.NoError(t, err)
	var letto appuntamenti.Calendario
	require.NoError(t, json.Unmarshal(b, &letto))
	require.Equal(t, c, letto)
}
