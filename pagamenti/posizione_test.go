package pagamenti_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	mattina  = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
	scadenza = mattina.AddDate(0, 0, 30)
)

func ExamplePosizione_Concilia() {
	p := pagamenti.Posizione{ID: "a-1", Ente: "c_h501", Stato: pagamenti.Annullato}
	pagata := p
	pagata.Stato, pagata.Esito.IUR = pagamenti.Pagato, "iur-1"
	p, cambiata := p.Concilia(pagata)
	fmt.Println(p.Stato, p.FuoriTermine, cambiata)
	_, cambiata = p.Concilia(pagata) // told twice
	fmt.Println(cambiata)
	// Output:
	// pagato true true
	// false
}

func TestStati(t *testing.T) {
	t.Parallel()
	for _, s := range pagamenti.Stati() {
		require.True(t, s.Valido())
		require.NotEqual(t, string(s), s.Etichetta())
		require.False(t, s.PuoDiventare(s))
		require.False(t, s.PuoDiventare(pagamenti.DaCreare), "nothing is uncreated")
		require.Equal(t, s == pagamenti.Pagato, len(s.Successivi()) == 0, "only a paid one is at its end")
		require.Equal(t, s != pagamenti.Pagato, s.PuoDiventare(pagamenti.Pagato), "money may always arrive")
		require.False(t, s.Pagabile() && s.Chiuso())
	}
	require.Equal(t, []pagamenti.Stato{pagamenti.InAttesa, pagamenti.Avviato, pagamenti.Pagato, pagamenti.Scaduto, pagamenti.Annullato}, pagamenti.Fallito.Successivi())
	require.True(t, pagamenti.Fallito.Pagabile())
	require.False(t, pagamenti.DaCreare.Pagabile())
	require.False(t, pagamenti.Annullato.PuoDiventare(pagamenti.Scaduto))
	require.False(t, pagamenti.Scaduto.PuoDiventare(pagamenti.InAttesa))
	boh := pagamenti.Stato("boh")
	require.False(t, boh.Valido())
	require.Empty(t, boh.Successivi())
	require.Equal(t, "boh", boh.Etichetta())
}

func TestConcilia(t *testing.T) {
	t.Parallel()
	base := pagamenti.Posizione{ID: "a-1", Ente: "c_h501", Stato: pagamenti.InAttesa, Scadenza: scadenza, Importo: euro("10")}
	paga := func(quando time.Time, iur string) pagamenti.Posizione {
		return pagamenti.Posizione{ID: "a-1", Ente: "c_h501", Stato: pagamenti.Pagato, Pagata: quando, Esito: pagamenti.Esito{IUR: iur, ImportoPagato: euro("10")}}
	}
	con := func(s pagamenti.Stato) pagamenti.Posizione { p := base; p.Stato = s; return p }
	for nome, caso := range map[string]struct {
		nota, notizia   pagamenti.Posizione
		stato           pagamenti.Stato
		tardi, cambiata bool
	}{
		"in tempo":                  {base, paga(mattina, "1"), "pagato", false, true},
		"un istante prima":          {base, paga(scadenza.Add(-1), "1"), "pagato", false, true},
		"alla scadenza":             {base, paga(scadenza, "1"), "pagato", true, true},
		"scaduto, pagato prima":     {con("scaduto"), paga(mattina, "1"), "pagato", false, true},
		"scaduto, pagato dopo":      {con("scaduto"), paga(scadenza.Add(1), "1"), "pagato", true, true},
		"scaduto, quando non si sa": {con("scaduto"), paga(time.Time{}, "1"), "pagato", true, true},
		"annullato":                 {con("annullato"), paga(mattina, "1"), "pagato", true, true},
		"quando non si sa":          {base, paga(time.Time{}, "1"), "pagato", false, true},
		"fallito":                   {con("fallito"), paga(mattina, "1"), "pagato", false, true},
		"niente di nuovo":           {base, base, "in_attesa", false, false},
		"annullato non scade":       {con("annullato"), con("scaduto"), "annullato", false, false},
		"fallito si ritenta":        {con("fallito"), con("avviato"), "avviato", false, true},
		"stato ignoto":              {base, con("boh"), "in_attesa", false, false},
		"altro id":                  {base, pagamenti.Posizione{ID: "b", Ente: "c_h501", Stato: "pagato"}, "in_attesa", false, false},
		"altro ente":                {base, pagamenti.Posizione{ID: "a-1", Ente: "x", Stato: "pagato"}, "in_attesa", false, false},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			p, cambiata := caso.nota.Concilia(caso.notizia)
			require.Equal(t, caso.stato, p.Stato)
			require.Equal(t, caso.tardi, p.FuoriTermine)
			require.Equal(t, caso.cambiata, cambiata)
		})
	}

	p, _ := base.Concilia(paga(mattina, "1"))
	doppia, cambiata := p.Concilia(paga(mattina.Add(time.Hour), "2"))
	require.True(t, cambiata)
	require.True(t, doppia.DoppioPagamento)
	require.Equal(t, "1", doppia.Esito.IUR, "the first collection is kept")
	require.Equal(t, mattina, doppia.Pagata)
	fallita := con("fallito")
	dopo, cambiata := p.Concilia(fallita)
	require.False(t, cambiata, "a failure told late changes nothing")
	require.Equal(t, p, dopo)

	nuda := pagamenti.Posizione{ID: "a-1", Ente: "c_h501", Stato: pagamenti.DaCreare}
	piena := base
	piena.IUV, piena.NAV, piena.IUD, piena.Creata, piena.URLPagamento, piena.URLAvviso = "1", "2", "3", mattina, "4", "5"
	unita, cambiata := nuda.Concilia(piena)
	require.True(t, cambiata)
	require.Equal(t, piena, unita)
	altra := piena
	altra.NAV = "altro"
	unita, cambiata = piena.Concilia(altra)
	require.False(t, cambiata)
	require.Equal(t, "2", unita.NAV, "what is known is kept")
}

func TestConciliaMonotona(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := pagamenti.Posizione{ID: "a-1", Ente: "c_h501", Stato: rapid.SampledFrom(pagamenti.Stati()).Draw(t, "inizio"), Scadenza: scadenza}
		for range rapid.IntRange(1, 20).Draw(t, "quante") {
			n := pagamenti.Posizione{ID: "a-1", Ente: "c_h501", Stato: rapid.SampledFrom(pagamenti.Stati()).Draw(t, "stato")}
			if n.Stato == pagamenti.Pagato {
				n.Pagata = mattina.AddDate(0, 0, rapid.IntRange(0, 60).Draw(t, "giorno"))
				n.Esito.IUR = rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "iur")
			}
			dopo, cambiata := p.Concilia(n)
			require.True(t, dopo.Stato == p.Stato || p.Stato.PuoDiventare(dopo.Stato))
			if dopo.Stato != p.Stato {
				require.Equal(t, n.Stato, dopo.Stato)
				require.True(t, cambiata)
			}
			if p.Stato.Chiuso() {
				require.True(t, dopo.Stato.Chiuso(), "what is closed is never opened again")
			}
			if p.Stato == pagamenti.Pagato {
				require.Equal(t, pagamenti.Pagato, dopo.Stato)
				require.Equal(t, p.Esito, dopo.Esito)
				require.Equal(t, p.Pagata, dopo.Pagata)
			}
			require.True(t, !p.FuoriTermine || dopo.FuoriTermine)
			require.True(t, !p.DoppioPagamento || dopo.DoppioPagamento)
			ancora, cambiata := dopo.Concilia(n)
			require.False(t, cambiata, "the same news twice")
			require.Equal(t, dopo, ancora)
			p = dopo
		}
	})
}

func TestErroriDelTramite(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, pagamenti.Ignota("x"), pagamenti.ErrIgnota)
	require.Equal(t, guasto.Permanente, guasto.Di(pagamenti.Ignota("x")))
	require.ErrorIs(t, pagamenti.Diverso("x"), pagamenti.ErrDiverso)
	require.Equal(t, guasto.Permanente, guasto.Di(pagamenti.Diverso("x")))
	require.EqualError(t, pagamenti.GiaPagato("x"), "x: gia_fatto (pagato_nel_frattempo)")
	require.ErrorIs(t, pagamenti.GiaPagato("x"), pagamenti.ErrPagato)
}
