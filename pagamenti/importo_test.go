package pagamenti_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

func ExampleEuro() {
	importo, err := pagamenti.LeggiImporto("€ 1.234,5")
	fmt.Println(pagamenti.Euro(importo), err)
	_, err = pagamenti.LeggiImporto("1.234")
	fmt.Println(err)
	// Output:
	// 1.234,50 € <nil>
	// pagamenti: importo non valido: scrittura ambigua
}

func ExampleRipartisci() {
	voci, err := pagamenti.Ripartisci(decimal.RequireFromString("100"), []pagamenti.Quota{
		{Capitolo: "3100", Peso: decimal.NewFromInt(1)},
		{Capitolo: "3110", Peso: decimal.NewFromInt(1)},
		{Capitolo: "3120", Peso: decimal.NewFromInt(1)},
	})
	for _, v := range voci {
		fmt.Println(v.Capitolo, pagamenti.Euro(v.Importo))
	}
	fmt.Println(err)
	// Output:
	// 3100 33,34 €
	// 3110 33,33 €
	// 3120 33,33 €
	// <nil>
}

func TestEuro(t *testing.T) {
	t.Parallel()
	for s, attesa := range map[string]string{
		"0": "0,00 €", "0.5": "0,50 €", "16": "16,00 €", "999.99": "999,99 €", "1000": "1.000,00 €",
		"999999999.99": "999.999.999,99 €", "-1234.5": "-1.234,50 €", "0.005": "0,01 €", "-999": "-999,00 €",
	} {
		require.Equal(t, attesa, pagamenti.Euro(euro(s)))
	}
	require.Equal(t, "– €", pagamenti.Euro(decimal.New(1, 2_000_000_000)))
}

func TestLeggiImporto(t *testing.T) {
	t.Parallel()
	for s, atteso := range map[string]string{
		"0": "0", "12": "12", "1234,50": "1234.5", "1.234,50": "1234.5", "1234,5": "1234.5", "1234.50": "1234.5", "0,01": "0.01", "0.29": "0.29",
		"19.99 €": "19.99", "€1,13": "1.13", "EUR 4,35": "4.35", "4,35EUR": "4.35", " 16,00\u00a0€ ": "16", "1.234.567": "1234567",
		"999.999.999,99": "999999999.99", "999999999.99": "999999999.99", "1.234,5": "1234.5", "0.5": "0.5",
	} {
		d, err := pagamenti.LeggiImporto(s)
		require.NoError(t, err, s)
		require.Equal(t, atteso, d.String(), s)
	}
	for _, s := range []string{
		"", " ", "€", "1.234", "12.345", "-1", "+1", "1e3", "1,234", "1,", ",5", ".5", "5.", "1,2,3", "1.23,4", "12.34.567", "1234.567,00", ".123,4",
		"1..234,5", "01", "007,10", "00", "1 000", "1000000000", "999.999.999,995", "1.2345", "١٢", "12a", "0x10", "€ 1 €", strings.Repeat("1", 33), "1.234.56",
	} {
		_, err := pagamenti.LeggiImporto(s)
		require.ErrorIs(t, err, pagamenti.ErrImporto, s)
	}
}

func TestImportoAndataRitorno(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 99_999_999_999).Draw(t, "centesimi")
		d := pagamenti.DaCentesimi(n)
		c, err := pagamenti.Centesimi(d)
		require.NoError(t, err)
		require.Equal(t, n, c)
		for _, s := range []string{pagamenti.Euro(d), d.StringFixed(2), strings.Replace(d.StringFixed(2), ".", ",", 1)} {
			letto, err := pagamenti.LeggiImporto(s)
			require.NoError(t, err, s)
			require.True(t, d.Equal(letto), s)
		}
	})
}

func FuzzLeggiImporto(f *testing.F) {
	for _, s := range []string{"1.234,50 €", "1234.5", "0", "€", "1.2.3", "1,,2", "999.999.999,99", "\u00a0€", "EUREUR1", "1\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := pagamenti.LeggiImporto(s)
		if err != nil {
			require.ErrorIs(t, err, pagamenti.ErrImporto)
			return
		}
		_, err = pagamenti.Centesimi(d)
		require.NoError(t, err)
		letto, err := pagamenti.LeggiImporto(pagamenti.Euro(d))
		require.NoError(t, err)
		require.True(t, d.Equal(letto))
	})
}

func TestRipartisciEsatto(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pesi := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) decimal.Decimal {
			return decimal.New(rapid.Int64Range(1, 1_000_000).Draw(t, "m"), rapid.Int32Range(-6, 6).Draw(t, "e"))
		}), 1, 12).Draw(t, "pesi")
		centesimi := rapid.Int64Range(int64(len(pesi)), 99_999_999_999).Draw(t, "centesimi")
		quote := make([]pagamenti.Quota, len(pesi))
		totale := decimal.Decimal{}
		for i, p := range pesi {
			quote[i] = pagamenti.Quota{Capitolo: fmt.Sprint(i), Peso: p}
			totale = totale.Add(p)
		}
		voci, err := pagamenti.Ripartisci(pagamenti.DaCentesimi(centesimi), quote)
		require.NoError(t, err)
		somma, zeri := int64(0), false
		for i, v := range voci {
			c, err := pagamenti.Centesimi(v.Importo)
			require.NoError(t, err)
			require.Positive(t, c)
			require.Equal(t, quote[i].Capitolo, v.Capitolo)
			somma += c
			zeri = zeri || c == 1
		}
		require.Equal(t, centesimi, somma)
		if zeri { // a share may have been raised to one cent
			return
		}
		for i, v := range voci {
			esatta := pagamenti.DaCentesimi(centesimi).Mul(pesi[i]).DivRound(totale, 20)
			require.True(t, v.Importo.Sub(esatta).Abs().LessThan(decimal.New(1, -2)), "%s invece di %s", v.Importo, esatta)
		}
	})
}

func TestRipartisciPiccolo(t *testing.T) {
	t.Parallel()
	quota := func(p string) pagamenti.Quota { return pagamenti.Quota{Peso: euro(p)} }
	centesimi := func(v []pagamenti.Voce) (c []int64) {
		for _, x := range v {
			n, err := pagamenti.Centesimi(x.Importo)
			require.NoError(t, err)
			c = append(c, n)
		}
		return c
	}
	v, err := pagamenti.Ripartisci(euro("0.05"), []pagamenti.Quota{quota("1000"), quota("1"), quota("1")})
	require.NoError(t, err)
	require.Equal(t, []int64{3, 1, 1}, centesimi(v))
	v, err = pagamenti.Ripartisci(euro("0.10"), []pagamenti.Quota{quota("0.1"), quota("0.6"), quota("0.3")})
	require.NoError(t, err)
	require.Equal(t, []int64{1, 6, 3}, centesimi(v))
	v, err = pagamenti.Ripartisci(euro("0.10"), []pagamenti.Quota{quota("60"), quota("14"), quota("26")})
	require.NoError(t, err)
	require.Equal(t, []int64{6, 1, 3}, centesimi(v), "the cent left goes to the largest remainder")
	v, err = pagamenti.Ripartisci(euro("1"), []pagamenti.Quota{quota("1"), quota("4"), quota("1")})
	require.NoError(t, err)
	require.Equal(t, []int64{17, 67, 16}, centesimi(v), "equal remainders: the first ones win")
	for nome, caso := range map[string]struct {
		importo string
		quote   []pagamenti.Quota
		attesi  string
	}{
		"nessuna quota": {"1", nil, "quote numero"},
		"troppe quote":  {"1", slices.Repeat([]pagamenti.Quota{quota("1")}, 101), "quote numero"},
		"zero":          {"0", []pagamenti.Quota{quota("1")}, "importo importo"},
		"peso zero":     {"1", []pagamenti.Quota{quota("1"), quota("0")}, "quote[1].peso peso"},
		"peso negativo": {"1.001", []pagamenti.Quota{quota("-1")}, "importo importo, quote[0].peso peso"},
		"pochi":         {"0.01", []pagamenti.Quota{quota("1"), quota("1")}, "importo importo_piccolo"},
		"smisurato":     {"1", []pagamenti.Quota{{Peso: decimal.New(1, 1_000_000_000)}}, "quote[0].peso peso"},
	} {
		_, err := pagamenti.Ripartisci(euro(caso.importo), caso.quote)
		require.EqualError(t, err, "pagamenti: dati non validi: "+caso.attesi, nome)
	}
}
