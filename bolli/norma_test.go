package bolli_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

func giorno(s string) termini.Giorno {
	g, err := termini.LeggiGiorno(s)
	if err != nil {
		return termini.Giorno{}
	}
	return g
}

func ExampleImporto() {
	for _, g := range []termini.Giorno{{Anno: 2013, Mese: 6, Giorno: 25}, {Anno: 2013, Mese: 6, Giorno: 26}, {Anno: 2027, Mese: 1, Giorno: 1}} {
		importo, norma, err := bolli.Importo(bolli.Istanza, g)
		fmt.Println(importo.StringFixed(2), norma.Testo, err)
	}
	// Output:
	// 14.62 DPR 642/1972, Tariffa parte I, art. 3 (DM 24/05/2005) <nil>
	// 16.00 DPR 642/1972, Tariffa parte I, art. 3 (DL 43/2013, art. 7-bis) <nil>
	// 16.00 D.Lgs. 123/2025 (già DPR 642/1972, Tariffa parte I, art. 3) <nil>
}

func TestImporto(t *testing.T) {
	t.Parallel()
	for _, caso := range []struct {
		atto  bolli.Atto
		g     string
		somma string
	}{
		{bolli.Provvedimento, "2005-06-01", "14.62"}, {bolli.Provvedimento, "2026-12-31", "16"}, {bolli.Ricevuta, "2026-12-31", "2"},
		{bolli.Ricevuta, "2030-01-01", "2"}, {bolli.Istanza, "2005-05-31", ""}, {bolli.Ricevuta, "2013-06-25", ""}, {"boh", "2026-01-01", ""}, {bolli.Istanza, "", ""},
	} {
		importo, norma, err := bolli.Importo(caso.atto, giorno(caso.g))
		if caso.somma == "" {
			require.ErrorIs(t, err, bolli.ErrTariffa)
			continue
		}
		require.NoError(t, err)
		require.True(t, importo.Equal(euro(caso.somma)))
		require.True(t, norma.Vigente(giorno(caso.g)))
	}
	// The table of the ente wins, and the library's does not change.
	mia := append(bolli.TariffaBase(), bolli.Riga{Atto: bolli.Istanza, Importo: euro("20"), Norma: bolli.Norma{Testo: "prova", Dal: giorno("2028-01-01")}})
	importo, _, err := mia.Importo(bolli.Istanza, giorno("2028-01-01"))
	require.NoError(t, err)
	require.True(t, importo.Equal(euro("20")))
	base := bolli.TariffaBase()
	base[0].Importo = euro("1")
	require.NotEqual(t, base[0].Importo, bolli.TariffaBase()[0].Importo)
}

// Every day since the table begins has one amount, whatever the row.
func TestTariffaSenzaBuchi(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := giorno("2005-06-01").Piu(rapid.IntRange(0, 20_000).Draw(t, "giorni"))
		for _, a := range []bolli.Atto{bolli.Istanza, bolli.Provvedimento} {
			n := 0
			for _, r := range bolli.TariffaBase() {
				if r.Atto == a && r.Norma.Vigente(g) {
					n++
				}
			}
			require.Equal(t, 1, n, "%s %s", a, g)
		}
	})
}

func ExampleEsenzioni() {
	for _, e := range bolli.Esenzioni(termini.Giorno{Anno: 2026, Mese: 3, Giorno: 31}) {
		if e.Codice == "B27bis" {
			fmt.Println(e.Dicitura())
		}
	}
	// Output: Esente da imposta di bollo ai sensi di: DPR 642/1972, Tabella (allegato B), art. 27-bis
}

func TestCatalogo(t *testing.T) {
	t.Parallel()
	base := bolli.CatalogoBase()
	require.NoError(t, base.Verifica())
	oggi, domani := bolli.Esenzioni(giorno("2026-12-31")), bolli.Esenzioni(giorno("2027-01-01"))
	require.Len(t, oggi, 30)
	codici := func(v []bolli.Esenzione) (c []string) {
		for _, e := range v {
			c = append(c, e.Codice)
		}
		return c
	}
	require.Equal(t, codici(oggi), codici(domani), "the codes outlive the change of law")
	for i, e := range domani {
		if strings.HasPrefix(e.Codice, "B") {
			require.Contains(t, e.Norma.Testo, "D.Lgs. 123/2025")
			require.True(t, e.Incerta)
			require.NotContains(t, oggi[i].Norma.Testo, "123/2025")
		}
	}
	for _, c := range []string{"B7", "B12", "B14", "B17", "B22", "ETS", "L537_16"} {
		e, err := base.Trova(c, giorno("2026-01-01"))
		require.NoError(t, err)
		require.True(t, e.Incerta, c)
	}
	_, err := base.Trova("B99", giorno("2026-01-01"))
	require.ErrorIs(t, err, bolli.ErrEsenzione)

	mia := base.Con(bolli.Esenzione{Codice: "B17", Titolo: "Confermata", Norma: bolli.Norma{Testo: "x"}}, bolli.Esenzione{Codice: "C_H501", Titolo: "Nostra", Norma: bolli.Norma{Testo: "y", Dal: giorno("2026-06-01")}})
	require.NoError(t, mia.Verifica())
	e, err := mia.Trova("B17", giorno("2030-01-01"))
	require.NoError(t, err)
	require.False(t, e.Incerta)
	_, err = mia.Trova("C_H501", giorno("2026-05-31"))
	require.ErrorIs(t, err, bolli.ErrEsenzione)
	require.True(t, slices.ContainsFunc(bolli.CatalogoBase(), func(e bolli.Esenzione) bool { return e.Codice == "B17" && e.Incerta }), "the library's does not change")

	rovescio := bolli.Catalogo{
		{Codice: "D2", Titolo: "x", Norma: bolli.Norma{Testo: "x", Dal: giorno("2027-01-01")}},
		{Codice: "D2", Titolo: "x", Norma: bolli.Norma{Testo: "x", Al: giorno("2026-12-31")}},
	}
	require.NoError(t, rovescio.Verifica(), "the order of the rows does not matter")
	rotto := bolli.Catalogo{
		{Codice: "a b", Titolo: "x", Norma: bolli.Norma{Testo: "x"}},
		{Codice: "D1", Norma: bolli.Norma{Testo: "x", Al: giorno("2026-01-01")}},
		{Codice: "D1", Titolo: "x", Norma: bolli.Norma{Testo: "x", Dal: giorno("2026-01-01")}},
		{Codice: "D1", Titolo: "x", Norma: bolli.Norma{Testo: "x", Al: giorno("2020-01-01")}},
	}
	require.EqualError(t, rotto.Verifica(), "bolli: dati non validi: catalogo formato, D1 mancante, D1 duplicato, D1 duplicato")
	require.ErrorContains(t, slices.Repeat(rotto, 300).Verifica(), "catalogo numero")
}

func TestRichiesto(t *testing.T) {
	t.Parallel()
	r := bolli.Richiesto{Momento: bolli.AllaRichiesta, Quantita: 2, Importo: euro("16"), EsenzioniAmmesse: []string{"B27bis"}}
	require.NoError(t, r.Verifica())
	require.NoError(t, bolli.Richiesto{Momento: bolli.AlRilascio}.Verifica())
	require.True(t, r.Totale().Equal(euro("32")))
	require.True(t, bolli.Richiesto{Importo: euro("16")}.Totale().IsZero())
	require.True(t, r.Ammette("B27bis"))
	require.False(t, r.Ammette("B16"))
	require.False(t, bolli.Richiesto{EsenzioniAmmesse: []string{""}}.Ammette(""))
	for attesi, guasto := range map[string]bolli.Richiesto{
		"momento momento":             {Quantita: 1, Importo: euro("16")},
		"quantita quantita":           {Momento: bolli.AlRilascio, Quantita: 101, Importo: euro("16")},
		"importo importo":             {Momento: bolli.AlRilascio, Quantita: 1},
		"esenzioni_ammesse formato":   {Momento: bolli.AlRilascio, EsenzioniAmmesse: []string{"a b"}},
		"esenzioni_ammesse duplicato": {Momento: bolli.AlRilascio, EsenzioniAmmesse: []string{"a", "a"}},
		"esenzioni_ammesse numero":    {Momento: bolli.AlRilascio, EsenzioniAmmesse: make([]string, 1001)},
	} {
		require.EqualError(t, guasto.Verifica(), "bolli: dati non validi: "+attesi)
	}
}
