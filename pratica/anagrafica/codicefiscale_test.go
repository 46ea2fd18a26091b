package anagrafica_test

import (
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

var oggi = termini.Giorno{Anno: 2026, Mese: time.March, Giorno: 31}

func TestLeggiCodiceFiscale(t *testing.T) {
	t.Parallel()
	for scritto, atteso := range map[string]struct {
		cf  anagrafica.CodiceFiscale
		err error
	}{
		"RSSMRA80A01H501U":                  {cf: "RSSMRA80A01H501U"},
		" rss mra 80a01\u00a0h501u\u200b\n": {cf: "RSSMRA80A01H501U"},
		"RSSMRA80A41H501Y":                  {cf: "RSSMRA80A41H501Y"},
		"RSSMRAULALMHRLMV":                  {err: anagrafica.ErrCFCarattereControllo},
		"00743110157":                       {cf: "00743110157"},
		" 007 4311 0157":                    {cf: "00743110157"},
		"00743110158":                       {err: anagrafica.ErrCFCarattereControllo},
		"00000000000":                       {err: anagrafica.ErrCFCarattereControllo},
		"0074311015A":                       {err: anagrafica.ErrCFCarattere},
		"":                                  {err: anagrafica.ErrCFVuoto},
		" \t ":                              {err: anagrafica.ErrCFVuoto},
		"RSSMRA80A01H501":                   {err: anagrafica.ErrCFLunghezza},
		"RSSMRA80A01H501UU":                 {err: anagrafica.ErrCFLunghezza},
		strings.Repeat(" ", 1000):           {err: anagrafica.ErrCFLunghezza},
		"RSSMRA80A01H501V":                  {err: anagrafica.ErrCFCarattereControllo},
		"RSSMRA80F01H501U":                  {err: anagrafica.ErrCFCarattere}, // F is no month
		"RSSMRA8AA01H501U":                  {err: anagrafica.ErrCFCarattere}, // A stands for no digit
		"RSSMR180A01H501U":                  {err: anagrafica.ErrCFCarattere},
		"RSSMRA80A0150121":                  {err: anagrafica.ErrCFCarattere},
		conControllo("RSSMRA80A015012"):     {err: anagrafica.ErrCFCarattere}, // the place begins with a letter
		"RSSMRA80A01H5011":                  {err: anagrafica.ErrCFCarattere},
		"RSſMRA80A01H501":                   {err: anagrafica.ErrCFCarattere},
		"RSSMRA80A32H501U":                  {err: anagrafica.ErrCFData},
		"RSSMRA80A00H501U":                  {err: anagrafica.ErrCFData},
		"RSSMRA80A40H501U":                  {err: anagrafica.ErrCFData},
		"RSSMRA80A72H501U":                  {err: anagrafica.ErrCFData},
		"RSSMRA81B29H501U":                  {err: anagrafica.ErrCFData},
		conControllo("RSSMRA80B29H501"):     {cf: anagrafica.CodiceFiscale(conControllo("RSSMRA80B29H501"))},
		conControllo("RSSMRA00B29H501"):     {cf: anagrafica.CodiceFiscale(conControllo("RSSMRA00B29H501"))},
		conControllo("RSSMRA80A01Y999"):     {cf: anagrafica.CodiceFiscale(conControllo("RSSMRA80A01Y999"))},
		conControllo("RSSMRA80A0MH501"):     {cf: anagrafica.CodiceFiscale(conControllo("RSSMRA80A0MH501"))},
		strings.ToLower(conControllo("fxxngx80a01z404")): {cf: anagrafica.CodiceFiscale(conControllo("FXXNGX80A01Z404"))},
	} {
		t.Run(scritto, func(t *testing.T) {
			t.Parallel()
			cf, err := anagrafica.LeggiCodiceFiscale(scritto)
			require.Equal(t, atteso.cf, cf)
			if atteso.err == nil {
				require.NoError(t, err)
				require.True(t, cf.Valido())
				return
			}
			require.ErrorIs(t, err, atteso.err)
			verificaRiservo(t, err, scritto, anagrafica.CampoCodiceFiscale)
		})
	}
}

// conControllo makes the control letter by the tables of the decree written in
// another way than the code under test: letter by letter.
func conControllo(s string) string {
	s = strings.ToUpper(s)
	dispari := map[rune]int{
		'0': 1, '1': 0, '2': 5, '3': 7, '4': 9, '5': 13, '6': 15, '7': 17, '8': 19, '9': 21,
		'A': 1, 'B': 0, 'C': 5, 'D': 7, 'E': 9, 'F': 13, 'G': 15, 'H': 17, 'I': 19, 'J': 21, 'K': 2, 'L': 4, 'M': 18,
		'N': 20, 'O': 11, 'P': 3, 'Q': 6, 'R': 8, 'S': 12, 'T': 14, 'U': 16, 'V': 10, 'W': 22, 'X': 25, 'Y': 24, 'Z': 23,
	}
	somma := 0
	for i, c := range s {
		switch {
		case i%2 == 0:
			somma += dispari[c]
		case c <= '9':
			somma += int(c - '0')
		default:
			somma += int(c - 'A')
		}
	}
	return s + string(rune('A'+somma%26))
}

func TestCodiceFiscaleDati(t *testing.T) {
	t.Parallel()
	uomo := anagrafica.CodiceFiscale("RSSMRA80A01H501U")
	n, err := uomo.Nascita(oggi)
	require.NoError(t, err)
	require.Equal(t, "1980-01-01", n.String())
	require.Equal(t, anagrafica.Maschile, uomo.Sesso())
	require.Equal(t, anagrafica.Belfiore("H501"), uomo.Luogo())
	require.False(t, uomo.Provvisorio())
	require.Equal(t, "RSSMRA80A01H501U", uomo.SenzaOmocodia())
	require.Equal(t, anagrafica.Femminile, anagrafica.CodiceFiscale("RSSMRA80A41H501Y").Sesso())

	numerico := anagrafica.CodiceFiscale("00743110157")
	require.True(t, numerico.Provvisorio())
	require.Empty(t, numerico.Sesso())
	require.Empty(t, numerico.Luogo())
	require.Equal(t, "00743110157", numerico.SenzaOmocodia())
	_, err = numerico.Nascita(oggi)
	require.ErrorIs(t, err, anagrafica.ErrCFNumerico)

	sbagliato := anagrafica.CodiceFiscale("RSSMRA80A01H501V")
	require.False(t, sbagliato.Valido())
	require.False(t, sbagliato.Provvisorio())
	require.Empty(t, sbagliato.Sesso())
	require.Empty(t, sbagliato.Luogo())
	require.Equal(t, "RSSMRA80A01H501V", sbagliato.SenzaOmocodia())
	_, err = sbagliato.Nascita(oggi)
	require.ErrorIs(t, err, anagrafica.ErrCFCarattereControllo)
	require.False(t, anagrafica.CodiceFiscale("rssmra80a01h501u").Valido(), "not canonical")
	require.False(t, anagrafica.CodiceFiscale("00743110158").Provvisorio())

	_, err = uomo.Nascita(termini.Giorno{})
	require.ErrorIs(t, err, anagrafica.ErrOggiMancante)
}

func TestNascitaSecolo(t *testing.T) {
	t.Parallel()
	for _, caso := range []struct{ base, oggi, atteso string }{
		{"RSSMRA26C31H501", "2026-03-31", "2026-03-31"}, // born today
		{"RSSMRA26D01H501", "2026-03-31", "1926-04-01"}, // tomorrow: a century ago
		{"RSSMRA25D01H501", "2026-03-31", "2025-04-01"},
		{"RSSMRA27A01H501", "2026-03-31", "1927-01-01"},
		{"RSSMRA00B69H501", "2026-03-31", "2000-02-29"},
		{"RSSMRA99A01H501", "2100-01-01", "2099-01-01"},
		{"RSSMRA00B29H501", "1999-12-31", ""}, // 1900 had no such day
		{"RSSMRA00B29H501", "2100-12-31", "2000-02-29"},
	} {
		t.Run(caso.base+caso.oggi, func(t *testing.T) {
			t.Parallel()
			cf, err := anagrafica.LeggiCodiceFiscale(conControllo(caso.base))
			require.NoError(t, err)
			g, err := termini.LeggiGiorno(caso.oggi)
			require.NoError(t, err)
			n, err := cf.Nascita(g)
			if caso.atteso == "" {
				require.ErrorIs(t, err, anagrafica.ErrCFData)
				return
			}
			require.NoError(t, err)
			require.Equal(t, caso.atteso, n.String())
		})
	}
}

// datiCasuali draws what Calcola takes, born within the hundred years before oggi.
func datiCasuali(t *rapid.T) (cognome, nome string, nascita termini.Giorno, sesso anagrafica.Sesso, luogo anagrafica.Belfiore) {
	lettere := rapid.StringMatching(`[A-Za-zàèéìòùÄÖÜßçÇčŠñ]['’ -]?[A-Za-zàèéìòùäöü' -]{0,30}`)
	cognome = lettere.Draw(t, "cognome")
	nome = lettere.Draw(t, "nome")
	nascita = oggi.Piu(-rapid.IntRange(0, 36500).Draw(t, "giorni"))
	sesso = rapid.SampledFrom([]anagrafica.Sesso{anagrafica.Maschile, anagrafica.Femminile}).Draw(t, "sesso")
	luogo = anagrafica.Belfiore(rapid.StringMatching(`[A-Z][0-9]{3}`).Draw(t, "luogo"))
	return cognome, nome, nascita, sesso, luogo
}

func TestCalcolaPoiLeggi(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cognome, nome, nascita, sesso, luogo := datiCasuali(t)
		cf, err := anagrafica.Calcola(cognome, nome, nascita, sesso, luogo)
		require.NoError(t, err)
		riletto, err := anagrafica.LeggiCodiceFiscale(strings.ToLower(string(cf)))
		require.NoError(t, err)
		require.Equal(t, cf, riletto)
		n, err := cf.Nascita(oggi)
		require.NoError(t, err)
		require.Equal(t, nascita, n)
		require.Equal(t, sesso, cf.Sesso())
		require.Equal(t, luogo, cf.Luogo())
		require.Equal(t, string(cf), cf.SenzaOmocodia())
		require.Empty(t, cf.Confronta(anagrafica.Persona{
			Nome: nome, Cognome: cognome, Nascita: nascita, Sesso: sesso, CodiceFiscale: cf,
			LuogoNascita: anagrafica.LuogoNascita{Belfiore: luogo},
		}, oggi))
	})
}

func TestOmocodia(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cognome, nome, nascita, sesso, luogo := datiCasuali(t)
		cf, err := anagrafica.Calcola(cognome, nome, nascita, sesso, luogo)
		require.NoError(t, err)
		b := []byte(cf[:15])
		scelta := rapid.IntRange(1, 127).Draw(t, "posti")
		for k, i := range []int{6, 7, 9, 10, 12, 13, 14} {
			if scelta>>k&1 == 1 {
				b[i] = "LMNPQRSTUV"[b[i]-'0']
			}
		}
		variante, err := anagrafica.LeggiCodiceFiscale(conControllo(string(b)))
		require.NoError(t, err)
		require.NotEqual(t, cf, variante)
		require.Equal(t, string(cf), variante.SenzaOmocodia())
		require.Equal(t, sesso, variante.Sesso())
		require.Equal(t, luogo, variante.Luogo())
		n, err := variante.Nascita(oggi)
		require.NoError(t, err)
		require.Equal(t, nascita, n)
	})
}

func TestCarattereControlloUnico(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cf, err := anagrafica.Calcola(datiCasuali(t))
		require.NoError(t, err)
		for c := byte('A'); c <= 'Z'; c++ {
			if c == cf[15] {
				continue
			}
			_, err := anagrafica.LeggiCodiceFiscale(string(cf[:15]) + string(c))
			require.ErrorIs(t, err, anagrafica.ErrCFCarattereControllo)
		}
	})
}

func FuzzLeggiCodiceFiscale(f *testing.F) {
	for _, s := range []string{"RSSMRA80A01H501U", "rss mra 80a41 h501y", "00743110157", "RSSMRAULALMHRLMV", "", "RSSMRA80A01H50ſU", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		cf, err := anagrafica.LeggiCodiceFiscale(s)
		if err != nil {
			verificaRiservo(t, err, s, anagrafica.CampoCodiceFiscale)
			return
		}
		require.True(t, cf.Valido())
		riletto, err := anagrafica.LeggiCodiceFiscale(cf.String())
		require.NoError(t, err)
		require.Equal(t, cf, riletto)
		base, err := anagrafica.LeggiCodiceFiscale(cf.SenzaOmocodia())
		require.NoError(t, err)
		require.Equal(t, cf.Luogo(), base.Luogo())
		require.Equal(t, cf.Provvisorio(), cf.Sesso() == "")
		n, err := cf.Nascita(oggi)
		if err == nil {
			require.False(t, oggi.Prima(n))
		} else {
			require.True(t, cf.Provvisorio())
		}
	})
}
