package bolli_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/stretchr/testify/require"
)

var oggi = termini.Giorno{Anno: 2026, Mese: 3, Giorno: 31}

func euro(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func cartaceo() bolli.Contrassegno {
	return bolli.Contrassegno{Tipo: bolli.Cartaceo, Seriale: "01240002186093", Emissione: oggi, Ora: "09:30", Importo: euro("16"), Dichiarato: true}
}

func ExampleContrassegno_Verifica() {
	c := bolli.Contrassegno{Tipo: bolli.Cartaceo, Seriale: "0124000218609", Importo: decimal.NewFromInt(16), Emissione: termini.Giorno{Anno: 2026, Mese: 4, Giorno: 1}}
	fmt.Println(c.Verifica(termini.Giorno{Anno: 2026, Mese: 3, Giorno: 31}))
	// Output: bolli: dati non validi: seriale formato, emissione futura, dichiarato mancante
}

func TestContrassegnoVerifica(t *testing.T) {
	t.Parallel()
	require.NoError(t, cartaceo().Verifica(oggi))
	digitale := cartaceo()
	digitale.Tipo, digitale.Seriale, digitale.Dichiarato, digitale.Impronta = bolli.Digitale, "0124-AB", false, bolli.Impronta([]byte("x"))
	require.NoError(t, digitale.Verifica(oggi))
	for nome, caso := range map[string]struct {
		guasta func(*bolli.Contrassegno)
		attesi string
	}{
		"tipo":                {func(c *bolli.Contrassegno) { c.Tipo = "" }, "tipo tipo"},
		"seriale vuoto":       {func(c *bolli.Contrassegno) { c.Seriale = "" }, "seriale mancante"},
		"seriale lungo":       {func(c *bolli.Contrassegno) { c.Seriale += "1" }, "seriale formato"},
		"seriale con spazi":   {func(c *bolli.Contrassegno) { c.Seriale = "0124 0002 1860 93" }, "seriale formato"},
		"seriale con lettere": {func(c *bolli.Contrassegno) { c.Seriale = "O1240002186093" }, "seriale formato"},
		"seriale arabo":       {func(c *bolli.Contrassegno) { c.Seriale = strings.Repeat("١", 14) }, "seriale formato"},
		"seriale a capo":      {func(c *bolli.Contrassegno) { c.Seriale += "\n" }, "seriale formato"},
		"seriale di zeri":     {func(c *bolli.Contrassegno) { c.Seriale = strings.Repeat("0", 14) }, "seriale fittizio"},
		"senza data":          {func(c *bolli.Contrassegno) { c.Emissione = termini.Giorno{} }, "emissione mancante"},
		"data inesistente":    {func(c *bolli.Contrassegno) { c.Emissione = termini.Giorno{Anno: 2026, Mese: 2, Giorno: 30} }, "emissione formato"},
		"domani":              {func(c *bolli.Contrassegno) { c.Emissione = oggi.Piu(1) }, "emissione futura"},
		"remota":              {func(c *bolli.Contrassegno) { c.Emissione = termini.Giorno{Anno: 1926, Mese: 3, Giorno: 1} }, "emissione remota"},
		"ora":                 {func(c *bolli.Contrassegno) { c.Ora = "24:00" }, "ora formato"},
		"ora breve":           {func(c *bolli.Contrassegno) { c.Ora = "9:30" }, "ora formato"},
		"zero":                {func(c *bolli.Contrassegno) { c.Importo = decimal.Decimal{} }, "importo importo"},
		"millesimi":           {func(c *bolli.Contrassegno) { c.Importo = euro("16.001") }, "importo importo"},
		"smisurato":           {func(c *bolli.Contrassegno) { c.Importo = decimal.New(1, 2_000_000_000) }, "importo importo"},
		"minuscolo":           {func(c *bolli.Contrassegno) { c.Importo = decimal.New(1, -2_000_000_000) }, "importo importo"},
		"impronta":            {func(c *bolli.Contrassegno) { c.Impronta = "x" }, "impronta formato"},
		"non dichiarato":      {func(c *bolli.Contrassegno) { c.Dichiarato = false }, "dichiarato mancante"},
		"digitale nudo":       {func(c *bolli.Contrassegno) { c.Tipo, c.Seriale = bolli.Digitale, "a/b" }, "seriale formato, impronta mancante"},
		"tutto insieme":       {func(c *bolli.Contrassegno) { *c = bolli.Contrassegno{Tipo: bolli.Cartaceo} }, "seriale mancante, emissione mancante, importo importo, dichiarato mancante"},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			c := cartaceo()
			caso.guasta(&c)
			err := c.Verifica(oggi)
			require.EqualError(t, err, "bolli: dati non validi: "+caso.attesi)
			require.ErrorIs(t, err, bolli.ErrNonValido)
			require.Equal(t, guasto.Permanente, guasto.Di(err))
		})
	}
}

func TestChiave(t *testing.T) {
	t.Parallel()
	a, b := cartaceo(), cartaceo()
	b.Seriale, b.Ora, b.Importo = " 0124-0002–1860.93 ", "", euro("2")
	require.Equal(t, a.Chiave(), b.Chiave(), "the same stamp written in two ways")
	require.Equal(t, "cartaceo/01240002186093", a.Chiave())
	b.Tipo = bolli.Digitale
	require.NotEqual(t, a.Chiave(), b.Chiave())
	b.Seriale = "0124-1"
	uno := b.Chiave()
	b.Seriale = "01241"
	require.NotEqual(t, uno, b.Chiave(), "the id of a digital stamp is opaque")
}

func TestContrassegnoNelLog(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	l := slog.New(slog.NewTextHandler(&buf, nil))
	corto := cartaceo()
	corto.Seriale = "1234"
	l.Info("x", "bollo", cartaceo(), "corto", corto)
	require.NotContains(t, buf.String(), "0124000218")
	require.NotContains(t, buf.String(), "1234")
	require.Contains(t, buf.String(), "…6093")
}

func TestContrassegnoJSON(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(cartaceo())
	require.NoError(t, err)
	require.JSONEq(t, `{"tipo":"cartaceo","seriale":"01240002186093","emissione":"2026-03-31","ora":"09:30","importo":"16","dichiarato":true}`, string(b))
	var c bolli.Contrassegno
	require.NoError(t, json.Unmarshal(b, &c))
	require.NoError(t, c.Verifica(oggi))
	require.Equal(t, cartaceo().Chiave(), c.Chiave())
}

func TestImpronta(t *testing.T) {
	t.Parallel()
	require.Equal(t, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", bolli.Impronta(nil))
	// Fingerprints seen in public documentation and tests; some are wrong.
	for s, buona := range map[string]bool{
		"a/CWqtFtCEyA/ymBySahGSaqKMiak5mlX3BoX0jupy8=":                     true,
		"wHpFSLCGZjIvNSXxqtGbxg7275t446DRTk5ZrsdUQ6E=":                     true,
		"1trA5qyjSZNwiwtGG46dyjRpL16TFgGCFvnfFzQrFHbB":                     false,
		"cXVlc3RhIMOoIHVuYSBtYXJjYSBkYSBib2xsbw==":                         false,
		"f2aca93b80cae681221f04":                                           false,
		"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=":                     false, // not canonical
		"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=":                     false, // URL alphabet
		base64.StdEncoding.EncodeToString([]byte(strings.Repeat("a", 64))): false, // of the hexadecimal form
		"": false,
	} {
		require.Equal(t, buona, bolli.ImprontaValida(s), s)
	}
}

func FuzzNormalizzaSeriale(f *testing.F) {
	for _, s := range []string{"0124 0002 1860 93", "0124-0002-1860-93", "\u00a0", "–", "a\xff", "01240002186093"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := bolli.NormalizzaSeriale(s)
		require.Equal(t, n, bolli.NormalizzaSeriale(n))
		c := cartaceo()
		c.Seriale = s
		d := cartaceo()
		d.Seriale = n
		require.Equal(t, d.Chiave(), c.Chiave())
		if c.Verifica(oggi) == nil {
			require.Equal(t, s, n)
			require.Len(t, s, bolli.CifreSeriale)
		}
	})
}
