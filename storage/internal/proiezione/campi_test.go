package proiezione_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func num(s string) decimal.NullDecimal { return decimal.NewNullDecimal(dec(s)) }

func TestCentesimi(t *testing.T) {
	t.Parallel()
	for s, n := range map[string]int64{
		"0": 0, "16": 1600, "16.01": 1601, "16.004": 1600, "16.005": 1601, "-16.005": -1601, "0.1": 10,
		"92233720368547758.07": math.MaxInt64, "92233720368547758.08": math.MaxInt64, "-1e30": math.MinInt64,
	} {
		require.Equal(t, n, proiezione.Centesimi(dec(s)), s)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		require.Equal(t, n, proiezione.Centesimi(proiezione.Euro(n)))
		require.EqualValues(t, -2, proiezione.Euro(n).Exponent())
	})
}

func TestDovuto(t *testing.T) {
	t.Parallel()
	minimo, massimo := proiezione.Dovuto(&storage.Filtro{})
	require.Equal(t, []int64{math.MinInt64, math.MaxInt64}, []int64{minimo, massimo})
	rapid.Check(t, func(t *rapid.T) {
		limite := decimal.New(rapid.Int64Range(-100_000, 100_000).Draw(t, "limite"), -int32(rapid.IntRange(0, 4).Draw(t, "cifre")))
		dovuto := proiezione.Euro(rapid.Int64Range(-1_000, 1_000).Draw(t, "dovuto"))
		f := storage.Filtro{DovutoMin: decimal.NewNullDecimal(limite)}
		minimo, massimo := proiezione.Dovuto(&f)
		require.Equal(t, dovuto.GreaterThanOrEqual(limite), proiezione.Centesimi(dovuto) >= minimo && proiezione.Centesimi(dovuto) <= massimo)
		f = storage.Filtro{DovutoMax: decimal.NewNullDecimal(limite)}
		minimo, massimo = proiezione.Dovuto(&f)
		require.Equal(t, dovuto.LessThanOrEqual(limite), proiezione.Centesimi(dovuto) >= minimo && proiezione.Centesimi(dovuto) <= massimo)
	})
}

var campo = rapid.Custom(func(t *rapid.T) storage.Campo {
	c := storage.Campo{Nome: rapid.StringN(1, 8, -1).Draw(t, "nome"), Testo: rapid.String().Draw(t, "testo")}
	if rapid.Bool().Draw(t, "numero?") {
		c.Numero = decimal.NewNullDecimal(decimal.New(rapid.Int64().Draw(t, "numero"), int32(rapid.IntRange(-30, 30).Draw(t, "esponente"))))
	}
	return c
})

// TestCampi: what is written is read, and adds up exactly.
func TestCampi(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		righe := rapid.SliceOfN(rapid.SliceOfNDistinct(campo, 0, 5, func(c storage.Campo) string { return c.Nome }), 0, 5).Draw(t, "righe")
		var nomi []string
		valori := map[string][]*big.Rat{}
		for _, campi := range righe {
			for _, c := range campi {
				nomi = append(nomi, c.Nome)
				if c.Numero.Valid {
					valori[c.Nome] = append(valori[c.Nome], c.Numero.Decimal.Rat())
				}
			}
		}
		somme := proiezione.NuoveSomme(append(nomi, "manca"))
		for _, campi := range righe {
			b, err := proiezione.ScriviCampi(campi)
			require.NoError(t, err)
			letti, err := proiezione.LeggiCampi(b)
			require.NoError(t, err)
			require.Equal(t, proiezione.Riga(&pratica.Pratica{}, campi, false).Campi, letti, "the list shows the same, kept or not")
			require.NoError(t, somme.AggiungiJSON(b))
		}
		for _, n := range append(nomi, "manca") {
			s := somme[n]
			totale := new(big.Rat)
			for _, v := range valori[n] {
				totale.Add(totale, v)
				require.LessOrEqual(t, s.Minimo.Decimal.Rat().Cmp(v), 0)
				require.GreaterOrEqual(t, s.Massimo.Decimal.Rat().Cmp(v), 0)
			}
			require.Len(t, valori[n], s.Valori)
			require.Equal(t, s.Valori > 0, s.Minimo.Valid && s.Massimo.Valid)
			require.Zero(t, totale.Cmp(s.Totale.Rat()))
		}
	})
}

func TestCampiStrani(t *testing.T) {
	t.Parallel()
	b, err := proiezione.ScriviCampi(nil)
	require.NoError(t, err)
	for _, b := range [][]byte{nil, b} {
		letti, err := proiezione.LeggiCampi(b)
		require.NoError(t, err)
		require.Nil(t, letti)
		require.NoError(t, proiezione.NuoveSomme([]string{"a"}).AggiungiJSON(b))
	}
	rotti := []storage.Campo{{Nome: "a\xff\xfe", Testo: "\xf0\x28b"}}
	b, err = proiezione.ScriviCampi(rotti)
	require.NoError(t, err)
	letti, err := proiezione.LeggiCampi(b)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a\xff\xfe": "\ufffd(b"}, proiezione.Riga(&pratica.Pratica{}, rotti, false).Campi)
	require.Equal(t, map[string]string{"a\ufffd\ufffd": "\ufffd(b"}, letti)
	for _, alterato := range []string{"[1]", `{"a":`, `{"a":{"n":"x"}}`} {
		require.ErrorIs(t, proiezione.NuoveSomme([]string{"a"}).AggiungiJSON([]byte(alterato)), storage.ErrCorrotto, alterato)
	}
	_, err = proiezione.LeggiCampi([]byte("[1]"))
	require.ErrorIs(t, err, storage.ErrCorrotto)
	s := proiezione.NuoveSomme([]string{"a"})
	s.Aggiungi("b", dec("1"))
	require.Equal(t, proiezione.Somme{"a": {}}, s, "not asked for")
}

func TestRigaNonUTF8(t *testing.T) {
	t.Parallel()
	r := proiezione.Riga(&pratica.Pratica{Oggetto: "a\xffb", Servizio: "s\xff", Operatore: strings.Repeat("\xff", 2)}, nil, false)
	require.Equal(t, []string{"a\ufffdb", "s\ufffd", "\ufffd\ufffd"}, []string{r.Oggetto, r.Servizio, r.Operatore})
}
