package pagamenti_test

import (
	"fmt"
	"testing"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func ExampleNuovoNAV() {
	n, err := pagamenti.NuovoNAV(1, 42)
	fmt.Println(n.Gruppi(), n.IUV(), err)
	// Output: 3010 0000 0000 0042 85 01000000000004285 <nil>
}

func TestNAV(t *testing.T) {
	t.Parallel()
	// Numbers published by PagoPA in documentation and tests; several of its
	// own samples have wrong check digits.
	for n, giusto := range map[string]bool{
		"301000000000004285": true, "300000000000000003": true, "348175498304559315": true, "302032002700000251": true,
		"300996299640641032": true, "382202100000000101": true,
		"302012387654312384": false, "302012387654312385": false, "311111111112222222": false, "348175074887444364": false,
		"310119120748198567": false, "311101751670642134": false, "301000000000004293": false, "301000000000004299": false,
	} {
		nav, err := pagamenti.LeggiNAV(n)
		require.NoError(t, err)
		require.Equal(t, n[1:], nav.IUV())
		if giusto {
			require.NoError(t, nav.Verifica(), n)
		} else {
			require.ErrorIs(t, nav.Verifica(), pagamenti.ErrNAV, n)
		}
	}
	zero, err := pagamenti.LeggiNAV("0010 0000 0000 0000 42")
	require.NoError(t, err)
	require.Equal(t, "000000000000042", zero.IUV(), "the application code is not part of the IUV")
	uno, err := pagamenti.LeggiNAV("112345678901234567")
	require.NoError(t, err)
	require.NoError(t, uno.Verifica(), "no check digits")
	for _, s := range []string{"", "30100000000000428", "3010000000000042855", "401000000000004285", "30100000000000428a", "301000000000004285\n", fmt.Sprintf("%100s", "301000000000004285")} {
		_, err := pagamenti.LeggiNAV(s)
		require.ErrorIs(t, err, pagamenti.ErrNAV, s)
		require.ErrorIs(t, pagamenti.NAV(s).Verifica(), pagamenti.ErrNAV, s)
	}
	require.ErrorIs(t, pagamenti.NAV("3010 0000 0000 0042 85").Verifica(), pagamenti.ErrNAV)
	require.Empty(t, pagamenti.NAV("3").IUV())
	for _, c := range [][2]int64{{-1, 0}, {100, 0}, {0, -1}, {0, pagamenti.MassimaBase + 1}} {
		_, err := pagamenti.NuovoNAV(int(c[0]), c[1])
		require.ErrorIs(t, err, pagamenti.ErrNAV)
	}
}

func TestNAVAndataRitorno(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, err := pagamenti.NuovoNAV(rapid.IntRange(0, 99).Draw(t, "segregazione"), rapid.Int64Range(0, pagamenti.MassimaBase).Draw(t, "base"))
		require.NoError(t, err)
		require.NoError(t, n.Verifica())
		letto, err := pagamenti.LeggiNAV(n.Gruppi())
		require.NoError(t, err)
		require.Equal(t, n, letto)
	})
}

func FuzzLeggiNAV(f *testing.F) {
	for _, s := range []string{"301000000000004285", "3010 0000 0000 0042 85", "", "0", "999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := pagamenti.LeggiNAV(s)
		if err != nil {
			require.ErrorIs(t, err, pagamenti.ErrNAV)
			return
		}
		require.Len(t, string(n), 18)
		ancora, err := pagamenti.LeggiNAV(n.Gruppi())
		require.NoError(t, err)
		require.Equal(t, n, ancora)
		require.NotEmpty(t, n.IUV())
	})
}
