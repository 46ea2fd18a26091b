package cartacea_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/bolli/cartacea"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/stretchr/testify/require"
)

var (
	oggi   = termini.Giorno{Anno: 2026, Mese: 3, Giorno: 31}
	sedici = decimal.New(1600, -2)
)

func Example() {
	c, err := cartacea.Leggi(cartacea.Digitato{Seriale: "0124 0002-1860 93", Data: "30/3/2026", Ora: "9.30", Dichiarato: true}, sedici, oggi)
	fmt.Println(cartacea.Seriale(c.Seriale), c.Emissione.Italiano(), c.Ora, err)

	richiesto := bolli.Richiesto{Momento: bolli.AllaRichiesta, Quantita: 2, Importo: sedici, EsenzioniAmmesse: []string{"B16"}}
	err = cartacea.Controlla(richiesto, []bolli.Contrassegno{c, c}, "", oggi)
	var e *bolli.NonValido
	if errors.As(err, &e) {
		fmt.Println(e.Problemi[0].Messaggio)
	}
	fmt.Println(cartacea.Controlla(richiesto, nil, "B16", oggi))
	// Output:
	// 0124 0002 1860 93 30/03/2026 09:30 <nil>
	// Hai indicato due volte lo stesso contrassegno: ognuno può essere usato una volta sola.
	// <nil>
}

func TestLeggiSeriale(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"01240002186093", " 0124 0002 1860 93 ", "0124-0002-1860-93", "0124\u00a00002.1860/93"} {
		n, err := cartacea.LeggiSeriale(s)
		require.NoError(t, err, s)
		require.Equal(t, "01240002186093", n)
	}
	for _, s := range []string{"", "0124000218609", "012400021860931", "O1240002186093", "01240002186093\x00", "+1240002186093", strings.Repeat(" ", 200), strings.Repeat("١", 7)} {
		_, err := cartacea.LeggiSeriale(s)
		require.ErrorIs(t, err, cartacea.ErrSeriale, s)
	}
	require.Equal(t, "breve", cartacea.Seriale("breve"))
}

func FuzzLeggiSeriale(f *testing.F) {
	for _, s := range []string{"01240002186093", "0124 0002 1860 93", "", "–", "0\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := cartacea.LeggiSeriale(s)
		if err != nil {
			require.ErrorIs(t, err, cartacea.ErrSeriale)
			return
		}
		ancora, err := cartacea.LeggiSeriale(cartacea.Seriale(n))
		require.NoError(t, err)
		require.Equal(t, n, ancora)
		require.Equal(t, bolli.Contrassegno{Tipo: bolli.Cartaceo, Seriale: s}.Chiave(), bolli.Contrassegno{Tipo: bolli.Cartaceo, Seriale: n}.Chiave())
	})
}

func FuzzLeggi(f *testing.F) {
	f.Add("01240002186093", "31/03/2026", "09:30")
	f.Add("x", "2026-02-30", "9.5")
	f.Add(strings.Repeat("è", 200), strings.Repeat("1", 200), strings.Repeat("9", 200))
	f.Fuzz(func(t *testing.T, seriale, data, ora string) {
		c, err := cartacea.Leggi(cartacea.Digitato{Seriale: seriale, Data: data, Ora: ora, Dichiarato: true}, sedici, oggi)
		require.Equal(t, c.Verifica(oggi) == nil, err == nil)
		require.LessOrEqual(t, len(c.Seriale), 128)
		require.LessOrEqual(t, len(c.Ora), 128)
	})
}

func TestLeggi(t *testing.T) {
	t.Parallel()
	for nome, caso := range map[string]struct {
		d      cartacea.Digitato
		attesi string
	}{
		"buono":            {cartacea.Digitato{"01240002186093", "2026-03-31", "", true}, ""},
		"con secondi":      {cartacea.Digitato{"01240002186093", " 31-3-2026 ", "09.30.15", true}, ""},
		"vuoto":            {cartacea.Digitato{}, "seriale mancante, emissione mancante, dichiarato mancante"},
		"data illeggibile": {cartacea.Digitato{"01240002186093", "ieri", "", true}, "emissione formato"},
		"data lunga":       {cartacea.Digitato{"01240002186093", strings.Repeat("1", 200), "", true}, "emissione formato"},
		"data americana":   {cartacea.Digitato{"01240002186093", "03/31/2026", "", true}, "emissione formato"},
		"domani":           {cartacea.Digitato{"01240002186093", "01/04/2026", "", true}, "emissione futura"},
		"ora":              {cartacea.Digitato{"01240002186093", "31/03/2026", "nove", true}, "ora formato"},
		"ora impossibile":  {cartacea.Digitato{"01240002186093", "31/03/2026", "9:75", true}, "ora formato"},
		"tutto":            {cartacea.Digitato{"12", "x", "y", false}, "seriale formato, emissione formato, ora formato, dichiarato mancante"},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			c, err := cartacea.Leggi(caso.d, sedici, oggi)
			if caso.attesi == "" {
				require.NoError(t, err)
				require.Equal(t, oggi, c.Emissione)
				return
			}
			require.EqualError(t, err, "bolli: dati non validi: "+caso.attesi)
		})
	}
}

func TestTesto(t *testing.T) {
	t.Parallel()
	require.Equal(t, "DM 10/11/2011, art. 3; DPR 642/1972, art. 37", cartacea.Dichiarazione(termini.Giorno{Anno: 2026, Mese: 12, Giorno: 31}).Norma.Testo)
	nuova := cartacea.Dichiarazione(termini.Giorno{Anno: 2027, Mese: 1, Giorno: 1})
	require.Contains(t, nuova.Norma.Testo, "D.Lgs. 123/2025")
	require.Contains(t, nuova.Testo, "tre anni")
	require.Contains(t, nuova.Testo, "esclusivamente per questo atto")
	e, err := bolli.CatalogoBase().Trova("B16", oggi)
	require.NoError(t, err)
	d := cartacea.DichiarazioneEsenzione(e)
	require.Contains(t, d.Testo, e.Titolo)
	require.Contains(t, d.Testo, e.Norma.Testo)
	require.Contains(t, d.Norma.Testo, "DPR 445/2000")
	for _, a := range []string{cartacea.AiutoSeriale, cartacea.AiutoData, cartacea.AiutoOra, cartacea.AiutoUso} {
		require.True(t, strings.HasSuffix(a, "."))
	}
}

func TestControlla(t *testing.T) {
	t.Parallel()
	bollo := func(seriale string) bolli.Contrassegno {
		return bolli.Contrassegno{Tipo: bolli.Cartaceo, Seriale: seriale, Emissione: oggi, Importo: sedici, Dichiarato: true}
	}
	a, b := bollo("01240002186093"), bollo("01240002186094")
	due := bolli.Richiesto{Momento: bolli.AllaRichiesta, Quantita: 2, Importo: sedici, EsenzioniAmmesse: []string{"B16", "NOSTRA"}}
	uno, nessuno := due, due
	uno.Quantita, nessuno.Quantita = 1, 0
	ricco, povero := bollo("01240002186095"), bollo("01240002186096")
	ricco.Importo, povero.Importo = decimal.NewFromInt(20), decimal.New(1462, -2)
	rotto := bollo("12")
	rotto.Importo = decimal.New(1, 2_000_000_000)
	digitale := bolli.Contrassegno{Tipo: bolli.Digitale, Seriale: "01240002186093", Emissione: oggi, Importo: sedici, Impronta: bolli.Impronta(nil)}
	molti := make([]bolli.Contrassegno, 5000)
	for nome, caso := range map[string]struct {
		richiesto bolli.Richiesto
		forniti   []bolli.Contrassegno
		esenzione string
		attesi    string
	}{
		"giusti":              {due, []bolli.Contrassegno{a, b}, "", ""},
		"valore maggiore":     {uno, []bolli.Contrassegno{ricco}, "", ""},
		"nulla dovuto":        {nessuno, nil, "", ""},
		"carta e digitale":    {due, []bolli.Contrassegno{a, digitale}, "", ""},
		"esenzione":           {due, nil, "B16", ""},
		"nessuno":             {uno, nil, "", "forniti mancanti"},
		"pochi":               {due, []bolli.Contrassegno{a}, "", "forniti mancanti"},
		"troppi":              {uno, []bolli.Contrassegno{a, b}, "", "forniti troppi"},
		"inutili":             {nessuno, []bolli.Contrassegno{a}, "", "forniti troppi"},
		"moltissimi":          {uno, molti, "", "forniti troppi"},
		"ripetuti":            {due, []bolli.Contrassegno{a, a}, "", "forniti[1].seriale duplicato"},
		"ripetuti con spazi":  {due, []bolli.Contrassegno{a, bollo("0124 0002186093")}, "", "forniti[1].seriale formato, forniti[1].seriale duplicato"},
		"valore minore":       {uno, []bolli.Contrassegno{povero}, "", "forniti[0].importo insufficiente"},
		"rotti":               {due, []bolli.Contrassegno{rotto, {}}, "", "forniti[0].seriale formato, forniti[0].importo importo, forniti[1].tipo tipo, forniti[1].emissione mancante, forniti[1].importo importo"},
		"esenzione e bolli":   {due, []bolli.Contrassegno{a}, "B16", "forniti esenzione"},
		"non ammessa":         {due, nil, "B8", "esenzione non_ammessa"},
		"non in catalogo":     {due, nil, "NOSTRA", "esenzione non_vigente"},
		"richiesta sbagliata": {bolli.Richiesto{}, nil, "", "momento momento"},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			err := cartacea.Controlla(caso.richiesto, caso.forniti, caso.esenzione, oggi)
			if caso.attesi == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, "bolli: dati non validi: "+caso.attesi)
			require.ErrorIs(t, err, bolli.ErrNonValido)
		})
	}
	mio := bolli.CatalogoBase().Con(bolli.Esenzione{Codice: "NOSTRA", Titolo: "Nostra", Norma: bolli.Norma{Testo: "Delibera 1/2026"}})
	require.NoError(t, cartacea.ControllaCon(mio, due, nil, "NOSTRA", oggi))
}
