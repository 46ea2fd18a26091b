package valore_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

var (
	fuso = time.FixedZone("CET", 3600)
	ora  = time.Date(2026, 3, 15, 10, 30, 0, 0, fuso)
)

func TestLeggiData(t *testing.T) {
	t.Parallel()
	for s, atteso := range map[string]string{
		"2023-04-01":                    "2023-04-01T00:00:00.000Z",
		"2023-04":                       "2023-04-01T00:00:00.000Z",
		"2023":                          "2023-01-01T00:00:00.000Z",
		"2023-04-01T12:00":              "2023-04-01T11:00:00.000Z",
		"2023-04-01T12:00:30.5Z":        "2023-04-01T12:00:30.500Z",
		"2023-04-01T12:00:30-02:00":     "2023-04-01T14:00:30.000Z",
		"2023-04-01T24:00:00Z":          "2023-04-02T00:00:00.000Z",
		"03/23/2023":                    "2023-03-22T23:00:00.000Z",
		"03/23/2023 01:05 PM":           "2023-03-23T12:05:00.000Z",
		"Sat, 01 Apr 2023 00:00:00 GMT": "2023-04-01T00:00:00.000Z",
		"Sat Apr 01 2023 02:00:00 GMT+0200 (CEST)": "2023-04-01T00:00:00.000Z",
		"Apr 1, 2023": "2023-03-31T23:00:00.000Z",
	} {
		d, ok := valore.LeggiData(s, fuso)
		require.True(t, ok, s)
		require.Equal(t, atteso, valore.ScriviISO(d), s)
	}
	for _, s := range []string{"", "Invalid date", "ciao", "2023-13-01", "2023-01-32", "2023-01-01T25:00", "2023-01-01T24:01", "13/32/2023", "03/23/2023 13:00 PM", string(make([]byte, 200))} {
		_, ok := valore.LeggiData(s, fuso)
		require.False(t, ok, s)
	}
}

func TestLeggiGiorno(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v      any
		atteso string
	}{
		{"2023-04-01", "2023-03-31T23:00:00.000Z"},
		{"20230401", "2023-03-31T23:00:00.000Z"},
		{"2023", "2022-12-31T23:00:00.000Z"},
		{"2023-04-01 10:05:06.7", "2023-04-01T09:05:06.700Z"},
		{"2023-04-01T10:00:00Z", "2023-04-01T10:00:00.000Z"},
		{1000.0, "1970-01-01T00:00:01.000Z"},
	} {
		d, ok := valore.LeggiGiorno(c.v, fuso)
		require.True(t, ok, c.v)
		require.Equal(t, c.atteso, valore.ScriviISO(d), c.v)
	}
	for _, v := range []any{nil, "x", 1e20, true, string(make([]byte, 200))} {
		_, ok := valore.LeggiGiorno(v, fuso)
		require.False(t, ok, v)
	}
}

func TestLeggiFormato(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s, formato string
		forma      valore.FormaData
		atteso     string // empty where it is no date
	}{
		{"12:00:00", "HH:mm:ss", valore.FormaDayjsRigorosa, "2026-03-15 12:00:00.000"},
		{"25:00:00", "HH:mm:ss", valore.FormaDayjsRigorosa, ""},
		{"12:00", "HH:mm:ss", valore.FormaDayjsRigorosa, ""},
		{"12:", "HH:mm:ss", valore.FormaDayjsRigorosa, ""},
		{"03/23/2023", "MM-DD-YYYY", valore.FormaDayjs, "2023-03-23 00:00:00.000"},
		{"32/01/2023", "DD-MM-YYYY", valore.FormaDayjs, "2023-02-01 00:00:00.000"},
		{"2023", "YYYY", valore.FormaDayjs, "2023-01-01 00:00:00.000"},
		{"04", "MM", valore.FormaDayjs, "2026-04-01 00:00:00.000"},
		{"03:04 pm", "hh:mm a", valore.FormaDayjs, "2026-03-15 15:04:00.000"},
		{"13:04 pm", "hh:mm a", valore.FormaDayjs, ""},
		{"31/12", "DD/MM", valore.FormaMoment, "2026-12-31 00:00:00.000"},
		{"32/12", "DD/MM", valore.FormaMoment, ""},
		{"29/02/2023", "DD/MM/YYYY", valore.FormaMoment, ""},
		{"29/02/2024", "DD/MM/YYYY", valore.FormaMoment, "2024-02-29 00:00:00.000"},
		{"1/2/99", "DD/MM/YYYY", valore.FormaMoment, "1999-02-01 00:00:00.000"},
		{"1/2/24", "D/M/YY", valore.FormaMoment, "2024-02-01 00:00:00.000"},
		{"01/02/1990", "DD-MM-YYYY", valore.FormaMoment, "1990-02-01 00:00:00.000"},
		{"01/02/1990", "DD-MM-YYYY", valore.FormaMomentRigorosa, ""},
		{"01-02-1990", "DD-MM-YYYY", valore.FormaMomentRigorosa, "1990-02-01 00:00:00.000"},
		{"01-02-1990 ", "DD-MM-YYYY", valore.FormaMomentRigorosa, ""},
		{"5", "DD", valore.FormaMoment, "2026-03-05 00:00:00.000"},
		{"testo", "DD/MM/YYYY", valore.FormaMoment, ""},
		{"", "DD/MM/YYYY", valore.FormaMoment, ""},
		{"10 March 2020", "DD MMMM YYYY", valore.FormaMoment, "2020-03-10 00:00:00.000"},
		{"10 Foo 2020", "DD MMM YYYY", valore.FormaDayjs, ""},
		{"10:20:30.123", "HH:mm:ss.SSS", valore.FormaMoment, "2026-03-15 10:20:30.123"},
		{"10.5", "HH.S", valore.FormaMoment, "2026-03-15 10:00:00.500"},
		{"10.50", "HH.SS", valore.FormaMoment, "2026-03-15 10:00:00.500"},
		{"24:30", "HH:mm", valore.FormaMoment, ""},
		{"x10", "[x]DD", valore.FormaMoment, "2026-03-10 00:00:00.000"},
		{"10 xx", "DD A", valore.FormaDayjs, ""},
		{string(make([]byte, 200)), "DD", valore.FormaMoment, ""},
	} {
		d, ok := valore.LeggiFormato(c.s, c.formato, c.forma, ora, fuso)
		require.Equal(t, c.atteso != "", ok, "%q %q %v", c.s, c.formato, d)
		if ok {
			require.Equal(t, c.atteso, valore.ScriviData(d, "YYYY-MM-DD HH:mm:ss.SSS"), "%q %q", c.s, c.formato)
		}
	}
}

func TestScriviData(t *testing.T) {
	t.Parallel()
	d := time.Date(2026, 3, 1, 15, 4, 5, 7e6, fuso)
	require.Equal(t, "26 March Mar 3 1st Sunday Sun 0 03 3 4 5 PM pm +01:00 +0100 x-1772373845",
		valore.ScriviData(d, "YY MMMM MMM M Do dddd ddd d hh h m s A a Z ZZ [x]-X"))
	require.Equal(t, "1 15 1772373845007", valore.ScriviData(d, "D H x"))
	for n, s := range map[int]string{2: "2nd", 3: "3rd", 11: "11th", 22: "22nd", 4: "4th"} {
		require.Equal(t, s, valore.ScriviData(time.Date(2026, 5, n, 0, 0, 0, 0, fuso), "Do"))
	}
}
