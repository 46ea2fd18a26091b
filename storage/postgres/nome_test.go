package postgres_test

import (
	"cmp"
	"flag"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/storage/postgres"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

func TestNome(t *testing.T) {
	t.Parallel()
	for s, scritto := range map[string]string{
		"":                "",
		"c_h501":          "c_h501",
		"a\x00b":          "a\x01\x01b",
		"\x01":            "\x01\x02",
		"\x00\x01\x02":    "\x01\x01\x01\x02\x02",
		"è\u202e👩‍👧%_'\\": "è\u202e👩‍👧%_'\\",
	} {
		require.Equal(t, scritto, postgres.Nome(s), "%q", s)
		require.Equal(t, s, postgres.Leggi(scritto), "%q", s)
	}
	for _, s := range []string{"\xff", "a\xc3", "\xed\xa0\x80"} {
		mai := postgres.Nome(s)
		require.Equal(t, postgres.Nome("\xfe"), mai, "what is not UTF-8 is the name of nothing")
		require.NotContains(t, []string{postgres.Nome("\x00"), postgres.Nome("\x01"), ""}, mai)
	}
	require.Equal(t, "a\ufffdb\x01\x01", postgres.Testo("a\xffb\x00"), "a value loses what is not UTF-8, as in JSON")
}

// strani draws strings with many of the characters that are written otherwise.
func strani() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.OneOf(rapid.RuneFrom([]rune{0, 1, 2, 'a', 'é', 0xD7FF, 0xE000, utf8.MaxRune}), rapid.Rune()), 0, 8, -1)
}

func TestNomeProprieta(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := strani().Draw(t, "a"), strani().Draw(t, "b")
		x, y := postgres.Scrivi(a), postgres.Scrivi(b)
		require.Equal(t, a, postgres.Leggi(x), "it is read back")
		require.Equal(t, cmp.Compare(a, b), cmp.Compare(x, y), "it keeps the order")
		require.Equal(t, strings.HasPrefix(a, b), strings.HasPrefix(x, y), "it keeps beginnings")
		require.NotContains(t, x, "\x00")
		require.True(t, utf8.ValidString(x))
		require.NotEqual(t, postgres.Nome("\xff"), x)
		fine := postgres.Successivo(y)
		require.True(t, utf8.ValidString(fine))
		require.Equal(t, strings.HasPrefix(x, y), x >= y && (fine == "" || x < fine), "%q is after all that begin with %q", fine, y)
	})
}
