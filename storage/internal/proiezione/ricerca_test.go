package proiezione_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

const ente = "c_h501"

func TestLessemi(t *testing.T) {
	t.Parallel()
	r := storage.Riga{Numero: pratica.Numero{Anno: 2026, Progressivo: 42}, Protocollo: "0000123/2026", Richiedente: "Anna D'Aquì", CodiceFiscale: "DQANNA80A41H501U", Oggetto: "Suolo: €50 c/o, via Roma"}
	campi := []storage.Campo{{Nome: "via", Testo: "Roma 012 東京", Cercabile: true}, {Nome: "nascosto", Testo: "segreto"}}
	h := "438f58b56d" // of the ente: written into every database
	require.Equal(t, []string{
		h + "nanna", h + "naqui", h + "nd", h + "p123_2f2026",
		h + "t12", h + "t123", h + "t2026", h + "t42", h + "t50", h + "t_e2_82_ac", h + "t_e6_9d_b1_e4_ba_ac",
		h + "tanna", h + "taqui", h + "tc", h + "td", h + "tdqanna80a41h501u", h + "to", h + "troma", h + "tsuolo", h + "tvia",
	}, proiezione.Lessemi(ente, &r, campi))
	require.Empty(t, proiezione.Lessemi(ente, &storage.Riga{}, nil))
}

func TestRicerca(t *testing.T) {
	t.Parallel()
	h := "438f58b56d"
	for nome, caso := range map[string]struct {
		f       storage.Filtro
		termini []proiezione.Termine
		niente  bool
	}{
		"nulla":            {},
		"spazi":            {f: storage.Filtro{Testo: " \t\x00 ", Nome: "\u00a0", Protocollo: "  "}},
		"testo":            {f: storage.Filtro{Testo: "Roma 007 roma"}, termini: []proiezione.Termine{{h + "troma", false}, {h + "t7", true}}},
		"nome":             {f: storage.Filtro{Nome: "D'Aquì"}, termini: []proiezione.Termine{{h + "nd", false}, {h + "naqui", false}}},
		"punteggiatura":    {f: storage.Filtro{Testo: "-- %"}, niente: true},
		"solo_nel_nome":    {f: storage.Filtro{Testo: "roma", Nome: "%"}, niente: true},
		"protocollo":       {f: storage.Filtro{Protocollo: " 000123 / 2026 "}, termini: []proiezione.Termine{{h + "p123_2f2026", true}}},
		"ogni_anno":        {f: storage.Filtro{Protocollo: "A-12"}, termini: []proiezione.Termine{{h + "pa_2d12_2f", false}}},
		"zero":             {f: storage.Filtro{Protocollo: "0"}, termini: []proiezione.Termine{{h + "p_2f", false}}},
		"lunga":            {f: storage.Filtro{Testo: strings.Repeat("x", 200)}, termini: []proiezione.Termine{{h + "t" + strings.Repeat("x", 32), false}}},
		"senza_barra":      {f: storage.Filtro{Protocollo: strings.Repeat("7", 100)}, termini: []proiezione.Termine{{h + "p" + strings.Repeat("7", 64), false}}},
		"protocollo_lungo": {f: storage.Filtro{Protocollo: strings.Repeat("7", 60) + "/2026"}, termini: []proiezione.Termine{{h + "p" + strings.Repeat("7", 60) + "_2f202", true}}},
	} {
		caso.f.Ente = ente
		termini, niente := proiezione.Ricerca(&caso.f)
		require.Equal(t, caso.termini, termini, nome)
		require.Equal(t, caso.niente, niente, nome)
	}
}

// trova searches as a store does.
func trova(f storage.Filtro, r storage.Riga, campi ...storage.Campo) bool {
	if f.Ente == "" {
		f.Ente = ente
	}
	termini, niente := proiezione.Ricerca(&f)
	return !niente && proiezione.Contiene(proiezione.Lessemi(ente, &r, campi), termini)
}

func soloCifre(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// parola draws what is one word: letters and digits of several scripts.
var parola = rapid.StringOfN(rapid.RuneFrom([]rune("abzèÉßσΣжЖשם東京한ﬁ²0189")), 1, 40, -1)

func TestUnaParolaSiTrovaDaOgniSuoInizio(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parole := rapid.SliceOfN(parola, 1, 6).Draw(t, "parole")
		testo := strings.Join(parole, rapid.SampledFrom([]string{" ", ", ", "-", "'", "\n", "/"}).Draw(t, "fra"))
		cercata := rapid.SampledFrom(parole).Draw(t, "cercata")
		inizio := string([]rune(cercata)[:rapid.IntRange(1, utf8.RuneCountInString(cercata)).Draw(t, "fino")])
		if soloCifre(proiezione.Piega(inizio)) { // a number is whole
			t.Skip()
		}
		require.True(t, trova(storage.Filtro{Testo: inizio}, storage.Riga{Oggetto: testo}), "%q in %q", inizio, testo)
		require.True(t, trova(storage.Filtro{Testo: strings.ToUpper(inizio)}, storage.Riga{}, storage.Campo{Testo: testo, Cercabile: true}))
		require.True(t, trova(storage.Filtro{Nome: strings.ToLower(inizio)}, storage.Riga{Richiedente: testo}))
		require.True(t, trova(storage.Filtro{Testo: inizio}, storage.Riga{Richiedente: testo}), "the name is text too")
		require.False(t, trova(storage.Filtro{Nome: inizio}, storage.Riga{Oggetto: testo}), "the text is no name")
		require.False(t, trova(storage.Filtro{Testo: inizio}, storage.Riga{}, storage.Campo{Testo: testo}))
		require.False(t, trova(storage.Filtro{Testo: inizio, Ente: "altro"}, storage.Riga{Oggetto: testo}))
	})
}

func TestUnNumeroSiTrovaIntero(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint64Range(0, 2000).Draw(t, "a"), rapid.Uint64Range(0, 2000).Draw(t, "b")
		scritto := strings.Repeat("0", rapid.IntRange(0, 5).Draw(t, "zeri")) + fmt.Sprint(a)
		cercato := strings.Repeat("0", rapid.IntRange(0, 5).Draw(t, "altri_zeri")) + fmt.Sprint(b)
		require.Equal(t, a == b, trova(storage.Filtro{Testo: cercato}, storage.Riga{Oggetto: "n. " + scritto}))
		require.True(t, trova(storage.Filtro{Testo: scritto}, storage.Riga{Oggetto: "n. " + scritto}))
		require.Equal(t, a == b, trova(storage.Filtro{Protocollo: cercato}, storage.Riga{Protocollo: scritto + "/2026"}))
		require.Equal(t, a == b, trova(storage.Filtro{Protocollo: cercato + "/2026"}, storage.Riga{Protocollo: scritto + "/2026"}))
		require.False(t, trova(storage.Filtro{Protocollo: cercato + "/202"}, storage.Riga{Protocollo: scritto + "/2026"}))
	})
}

func TestContiene(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		voce := rapid.StringMatching(`[ab_]{1,3}`)
		lessemi := rapid.SliceOfN(voce, 0, 6).Draw(t, "lessemi")
		slices.Sort(lessemi)
		termini := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) proiezione.Termine {
			return proiezione.Termine{Lessema: voce.Draw(t, "lessema"), Intero: rapid.Bool().Draw(t, "intero")}
		}), 0, 3).Draw(t, "termini")
		attesa := true
		for _, c := range termini {
			attesa = attesa && slices.ContainsFunc(lessemi, func(l string) bool { return l == c.Lessema || !c.Intero && strings.HasPrefix(l, c.Lessema) })
		}
		require.Equal(t, attesa, proiezione.Contiene(lessemi, termini))
	})
}

// TestTestiEnormi: however long the texts, what names the pratica is found.
func TestTestiEnormi(t *testing.T) {
	t.Parallel()
	mille := func(lettera string) string {
		var b strings.Builder
		for i := range 5000 {
			fmt.Fprintf(&b, "%s%dx ", lettera, i)
		}
		return b.String()
	}
	r := storage.Riga{Numero: pratica.Numero{Anno: 2026, Progressivo: 42}, Protocollo: "0000123/2026", Richiedente: "Anna " + mille("n"), CodiceFiscale: "DQANNA80A41H501U", Oggetto: "Suolo " + mille("o")}
	campi := []storage.Campo{{Nome: "a", Testo: mille("c"), Cercabile: true}}
	for _, f := range []storage.Filtro{{Protocollo: "123"}, {Protocollo: "123/2026"}, {Nome: "anna n1x"}, {Testo: "42 123 dqanna80a41h501u anna"}} {
		require.True(t, trova(f, r, campi...), "%+v", f)
	}
	l := proiezione.Lessemi(ente, &r, campi)
	require.Len(t, l, 1000)
	require.Equal(t, l, slices.Compact(slices.Clone(l)))
	r.Richiedente = "Anna"
	require.True(t, trova(storage.Filtro{Testo: "suolo o1x", Nome: "anna"}, r, campi...))
	// The same word a thousand times is one.
	r.Oggetto = strings.Repeat("via ", 5000) + "fine"
	require.True(t, trova(storage.Filtro{Testo: "fine"}, r))
}

var formaLessema = regexp.MustCompile(`^[0-9a-f]{10}[tnp](?:[a-z0-9]|_[0-9a-f]{2})*$`)

func FuzzRicerca(f *testing.F) {
	for _, s := range []string{"", "Anna D'Aquì", "0000123/2026", "a\x00\xff", "👩‍👧 €", "东京\u202e", "İ ǅ ﬃ ½", "ͅΑ͡", strings.Repeat("0", 99), "\u0345", "Ꮳ ᏸ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		require.Equal(t, proiezione.Piega(s), proiezione.Piega(proiezione.Piega(s)), "folding twice is folding once")
		r := storage.Riga{Oggetto: s, Richiedente: s, Protocollo: s}
		lessemi := proiezione.Lessemi(ente, &r, nil)
		require.True(t, slices.IsSorted(lessemi))
		require.LessOrEqual(t, len(lessemi), 1001)
		for _, l := range lessemi {
			require.Regexp(t, formaLessema, l)
			require.LessOrEqual(t, len(l), 11+64*utf8.UTFMax*3)
		}
		filtro := storage.Filtro{Ente: ente, Testo: s, Nome: s}
		termini, niente := proiezione.Ricerca(&filtro)
		for _, c := range termini {
			require.Regexp(t, formaLessema, c.Lessema)
		}
		if niente {
			require.False(t, strings.ContainsFunc(proiezione.Piega(s), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }), "%q has a word", s)
			return
		}
		if len(lessemi) < 500 {
			require.True(t, proiezione.Contiene(lessemi, termini), "%q does not find itself", s)
		}
		filtro = storage.Filtro{Ente: ente, Protocollo: s}
		if termini, _ := proiezione.Ricerca(&filtro); strings.Contains(s, "/") && strings.TrimSpace(s) != "" {
			require.True(t, proiezione.Contiene(lessemi, termini), "the protocol number %q does not find itself", s)
		}
	})
}
