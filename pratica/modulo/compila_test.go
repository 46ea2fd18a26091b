package modulo_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

func problemi(t *testing.T, d modulo.Definizione) []string {
	t.Helper()
	_, err := modulo.Compila(d)
	require.ErrorIs(t, err, modulo.ErrDefinizione)
	var e *modulo.ErroreCompilazione
	require.ErrorAs(t, err, &e)
	q := []string{}
	for _, p := range e.Problemi {
		require.NotEmpty(t, p.Messaggio)
		require.Contains(t, err.Error(), p.Posizione)
		q = append(q, p.Posizione)
	}
	return q
}

func TestCompilaCampo(t *testing.T) {
	t.Parallel()
	con := func(tipo modulo.Tipo, f func(*modulo.Campo)) modulo.Campo {
		c := campo("x", tipo)
		f(&c)
		return c
	}
	sub := []modulo.Campo{campo("y", modulo.Testo)}
	opz := []modulo.Opzione{{Valore: "a", Etichetta: "A"}, {Valore: "b", Etichetta: "B"}}
	for nome, c := range map[string]struct {
		campo  modulo.Campo
		dove   string
		quante int
	}{
		"tipo":              {campo("x", "boh"), "tipo", 1},
		"id maiuscolo":      {campo("Xx", modulo.Testo), "id", 1},
		"id riservato":      {campo("not", modulo.Testo), "id", 1},
		"id riservato let":  {campo("let", modulo.Testo), "id", 1},
		"id true":           {campo("true", modulo.Testo), "id", 1},
		"id riga":           {campo("riga", modulo.Testo), "id", 1},
		"id lungo":          {campo(strings.Repeat("a", 65), modulo.Testo), "id", 1},
		"etichetta":         {modulo.Campo{ID: "x", Tipo: modulo.Testo}, "etichetta", 1},
		"opzioni":           {campo("x", modulo.Scelta), "opzioni", 1},
		"opzioni estranee":  {con(modulo.Testo, func(c *modulo.Campo) { c.Opzioni = opz }), "opzioni", 1},
		"opzione doppia":    {con(modulo.Scelta, func(c *modulo.Campo) { c.Opzioni = append(opz, opz[0]) }), "opzioni[2].valore", 1},
		"opzione vuota":     {con(modulo.Scelta, func(c *modulo.Campo) { c.Opzioni = []modulo.Opzione{{}} }), "opzioni[0].valore", 2},
		"massimo scelte":    {con(modulo.SceltaMultipla, func(c *modulo.Campo) { c.Opzioni, c.MassimoScelte = opz, 3 }), "massimo_scelte", 1},
		"minimo scelte":     {con(modulo.SceltaMultipla, func(c *modulo.Campo) { c.Opzioni, c.MinimoScelte = opz, -1 }), "minimo_scelte", 1},
		"schema":            {con(modulo.Testo, func(c *modulo.Campo) { c.Schema, c.MessaggioSchema = "(?=a)", "m" }), "schema", 1},
		"schema muto":       {con(modulo.Testo, func(c *modulo.Campo) { c.Schema = "a" }), "messaggio_schema", 1},
		"schema lungo":      {con(modulo.Testo, func(c *modulo.Campo) { c.Schema, c.MessaggioSchema = strings.Repeat("a", 1001), "m" }), "schema", 1},
		"caratteri":         {con(modulo.Testo, func(c *modulo.Campo) { c.MassimoCaratteri = 100_000 }), "massimo_caratteri", 1},
		"caratteri min":     {con(modulo.Testo, func(c *modulo.Campo) { c.MinimoCaratteri, c.MassimoCaratteri = 5, 4 }), "minimo_caratteri", 1},
		"numero":            {con(modulo.Importo, func(c *modulo.Campo) { c.Minimo = "1,5" }), "minimo", 1},
		"numero rovescio":   {con(modulo.Importo, func(c *modulo.Campo) { c.Minimo, c.Massimo = "5", "4" }), "massimo", 1},
		"decimali":          {con(modulo.Decimale, func(c *modulo.Campo) { c.Decimali = 11 }), "decimali", 1},
		"decimali estranei": {con(modulo.Importo, func(c *modulo.Campo) { c.Decimali = 3 }), "decimali", 1},
		"data":              {con(modulo.Data, func(c *modulo.Campo) { c.Minimo = "domani" }), "minimo", 1},
		"data oggi":         {con(modulo.Data, func(c *modulo.Campo) { c.Minimo = "oggi10" }), "minimo", 1},
		"data rovescia":     {con(modulo.Data, func(c *modulo.Campo) { c.Minimo, c.Massimo = "oggi+2", "oggi+1" }), "massimo", 1},
		"ora":               {con(modulo.Ora, func(c *modulo.Campo) { c.Minimo = "8:00" }), "minimo", 1},
		"ora rovescia":      {con(modulo.Ora, func(c *modulo.Campo) { c.Minimo, c.Massimo = "09:00", "08:00" }), "massimo", 1},
		"gruppo vuoto":      {con(modulo.Gruppo, func(c *modulo.Campo) { c.EtichettaRiga = "R" }), "campi", 1},
		"gruppo anonimo":    {con(modulo.Gruppo, func(c *modulo.Campo) { c.Campi = sub }), "etichetta_riga", 1},
		"righe":             {con(modulo.Gruppo, func(c *modulo.Campo) { c.Campi, c.EtichettaRiga, c.MassimoRighe = sub, "R", 501 }), "massimo_righe", 1},
		"righe minime":      {con(modulo.Gruppo, func(c *modulo.Campo) { c.Campi, c.EtichettaRiga, c.MinimoRighe = sub, "R", 101 }), "minimo_righe", 1},
		"gruppo annidato": {con(modulo.Gruppo, func(c *modulo.Campo) {
			g := campo("g", modulo.Gruppo)
			g.EtichettaRiga, g.Campi = "R", []modulo.Campo{campo("h", modulo.Gruppo)}
			c.EtichettaRiga, c.Campi = "R", []modulo.Campo{g}
		}), "campi[0].campi[0].tipo", 1},
		"riga doppia":       {con(modulo.Gruppo, func(c *modulo.Campo) { c.EtichettaRiga, c.Campi = "R", append(sub, sub...) }), "campi[1].id", 1},
		"file tipo":         {con(modulo.File, func(c *modulo.Campo) { c.TipiFile = []string{".pdf"} }), "tipi_file[0]", 1},
		"file byte":         {con(modulo.File, func(c *modulo.Campo) { c.MassimoByte = -1 }), "massimo_byte", 1},
		"file numero":       {con(modulo.File, func(c *modulo.Campo) { c.MassimoFile = 51 }), "massimo_file", 1},
		"dichiarazione":     {campo("x", modulo.Dichiarazione), "testo", 1},
		"nota":              {con(modulo.Nota, func(c *modulo.Campo) { c.Testo, c.Obbligatorio = "t", true }), "obbligatorio", 1},
		"autocomplete":      {con(modulo.Testo, func(c *modulo.Campo) { c.Autocompletamento = "Nome!" }), "autocompletamento", 1},
		"predefinito":       {con(modulo.Intero, func(c *modulo.Campo) { c.Predefinito = "tre" }), "predefinito", 1},
		"predef. scelta":    {con(modulo.Scelta, func(c *modulo.Campo) { c.Opzioni, c.Predefinito = opz, "z" }), "predefinito", 1},
		"predef. calcolo":   {con(modulo.Intero, func(c *modulo.Campo) { c.Predefinito, c.Calcolo = "3", "1+1" }), "predefinito", 1},
		"calcolo richiesto": {con(modulo.Intero, func(c *modulo.Campo) { c.Obbligatorio, c.Calcolo = true, "1+1" }), "obbligatorio", 1},
		"calcolo tipo":      {con(modulo.Intero, func(c *modulo.Campo) { c.Calcolo = `"a"` }), "calcolo", 1},
		"calcolo estraneo":  {con(modulo.Email, func(c *modulo.Campo) { c.Calcolo = `"a"` }), "calcolo", 1},
		"se non sì/no":      {con(modulo.Intero, func(c *modulo.Campo) { c.Se = `1` }), "se", 1},
		"se di sé":          {con(modulo.Intero, func(c *modulo.Campo) { c.Se = `x > 1` }), "", 1},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			atteso := "sezioni[0].campi[0]"
			if c.dove != "" {
				atteso += "." + c.dove
			}
			pp := problemi(t, conCampi(c.campo))
			require.Contains(t, pp, atteso)
			require.Len(t, pp, c.quante)
		})
	}
}

// Everything wrong is said in one go, in order.
func TestCompilaTutto(t *testing.T) {
	t.Parallel()
	d := modulo.Definizione{ID: "X", Sezioni: []modulo.Sezione{
		{ID: "a", Titolo: "A", Se: "manca", Campi: []modulo.Campo{campo("x", modulo.Testo), campo("x", modulo.Testo)}},
		{ID: "a"},
		{ID: "B b", Titolo: "B", Campi: []modulo.Campo{campo("z", modulo.Testo)}},
	}, Regole: []modulo.Regola{{Campo: "assente"}, {ID: "Due", Se: "z ==", Messaggio: "m"}}}
	require.Equal(t, []string{"id", "versione", "titolo", "sezioni[0].campi[1].id", "sezioni[1].id", "sezioni[1].titolo", "sezioni[1].campi",
		"sezioni[2].id", "sezioni[0].se", "regole[0].messaggio", "regole[0].se", "regole[0].campo", "regole[1].id", "regole[1].se"}, problemi(t, d))
	require.Equal(t, []string{"id", "versione", "titolo", "sezioni"}, problemi(t, modulo.Definizione{}))

	var tanti []modulo.Campo
	for i := range modulo.LimiteCampi + 5 {
		tanti = append(tanti, campo(fmt.Sprintf("c%d", i), modulo.Testo))
	}
	require.Len(t, problemi(t, conCampi(tanti...)), 1)
	d = conCampi(campo("x", modulo.Testo))
	for i := range modulo.LimiteSezioni + 1 {
		d.Sezioni = append(d.Sezioni, modulo.Sezione{ID: fmt.Sprintf("s%d", i), Titolo: "S", Campi: []modulo.Campo{campo(fmt.Sprintf("y%d", i), modulo.Testo)}})
	}
	d.Regole = make([]modulo.Regola, modulo.LimiteRegole+1)
	require.Equal(t, []string{"sezioni", "regole"}, problemi(t, d)[:2])
}

func TestCicli(t *testing.T) {
	t.Parallel()
	con := func(id, se, calcolo string) modulo.Campo {
		c := campo(id, modulo.Intero)
		c.Se, c.Calcolo = se, calcolo
		return c
	}
	_, err := modulo.Compila(conCampi(con("a", "", "b + 1"), con("b", "c > 0", ""), con("c", "", "a * 2")))
	require.ErrorContains(t, err, "a → b → c → a")

	d := conCampi(con("a", "", ""))
	d.Sezioni[0].Se = "a > 1"
	_, err = modulo.Compila(d)
	require.ErrorContains(t, err, "sezione sezione → a → sezione sezione")

	g := campo("g", modulo.Gruppo)
	g.EtichettaRiga, g.Campi = "R", []modulo.Campo{con("p", "", "riga.q"), con("q", "", "riga.p")}
	_, err = modulo.Compila(conCampi(g))
	require.ErrorContains(t, err, "p → q → p")

	g.Campi = []modulo.Campo{con("p", "", `somma(g, "q")`), con("q", "", "")}
	_, err = modulo.Compila(conCampi(g))
	require.ErrorContains(t, err, "g → g")

	// What is required is judged last: no cycle.
	x, y := con("x", "", ""), con("y", "", "")
	x.ObbligatorioSe, y.ObbligatorioSe = "vuoto(y)", "vuoto(x)"
	m := daCampi(t, x, y)
	require.Equal(t, []string{"x:obbligatorio", "y:obbligatorio"}, codici(m.Valuta(nil, modulo.Opzioni{}).Errori))
	require.Empty(t, m.Valuta(modulo.Risposte{"x": "1"}, modulo.Opzioni{}).Errori)
}

func TestLeggi(t *testing.T) {
	t.Parallel()
	buono, err := os.ReadFile("testdata/occupazione_suolo.json")
	require.NoError(t, err)
	d, err := modulo.Leggi(bytes.NewReader(buono))
	require.NoError(t, err)
	b, err := json.Marshal(d)
	require.NoError(t, err)
	d2, err := modulo.Leggi(bytes.NewReader(b))
	require.NoError(t, err)
	require.Equal(t, d, d2)

	for nome, s := range map[string]string{
		"vuoto": "", "ignota": `{"boh": 1}`, "doppia": `{"id":"a","id":"b"}`, "maiuscola": `{"ID":"a"}`,
		"coda": `{"id":"a"} {}`, "tipo": `{"id":1}`, "utf8": "{\"id\":\"\xff\"}", "tronco": `{"id":"a"`, "lista": `[`,
		"profondo": `{"sezioni":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`,
		"grande":   `{"id":"` + strings.Repeat("a", modulo.LimiteDefinizione) + `"}`,
	} {
		_, err := modulo.Leggi(strings.NewReader(s))
		require.ErrorIs(t, err, modulo.ErrDefinizione, nome)
	}
	_, err = modulo.Leggi(rotto{})
	require.ErrorIs(t, err, errRotto)
}

var errRotto = errors.New("rotto")

type rotto struct{}

func (rotto) Read([]byte) (int, error) { return 0, errRotto }

// The form keeps nothing of what it was given and gives nothing of its own.
func TestModuloImmutabile(t *testing.T) {
	t.Parallel()
	d := conCampi(modulo.Campo{ID: "x", Etichetta: "X", Tipo: modulo.Scelta, Opzioni: []modulo.Opzione{{Valore: "a", Etichetta: "A"}}})
	m, err := modulo.Compila(d)
	require.NoError(t, err)
	d.Sezioni[0].Campi[0].Opzioni[0].Valore = "z"
	c, ok := m.Campo("x")
	require.True(t, ok)
	c.Opzioni[0].Valore = "z"
	s, ok := m.Sezione("sezione")
	require.True(t, ok)
	s.Campi[0].Opzioni[0].Valore = "z"
	m.Definizione().Sezioni[0].Campi[0].ID = "z"
	require.Equal(t, "a", m.Definizione().Sezioni[0].Campi[0].Opzioni[0].Valore)
	require.Equal(t, "a", m.Valuta(modulo.Risposte{"x": "a"}, modulo.Opzioni{}).Valori["x"])
	require.Equal(t, "prova", m.ID())
	require.Equal(t, 1, m.Versione())
	require.Equal(t, "Prova", m.Titolo())
}
