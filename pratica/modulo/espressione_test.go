package modulo_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// banco is a form with a field of each kind and one computed by expr.
func banco(tipo modulo.Tipo, expr string) modulo.Definizione {
	c := campo("esito", tipo)
	c.Calcolo = expr
	g := campo("righe", modulo.Gruppo)
	g.EtichettaRiga, g.Campi = "Riga", []modulo.Campo{campo("n", modulo.Importo), campo("s", modulo.SiNo)}
	opz := []modulo.Opzione{{Valore: "a", Etichetta: "A"}, {Valore: "b", Etichetta: "B"}}
	sc, sm := campo("sc", modulo.Scelta), campo("sm", modulo.SceltaMultipla)
	sc.Opzioni, sm.Opzioni = opz, opz
	n := campo("no", modulo.Nota)
	n.Testo = "n"
	return conCampi(campo("i", modulo.Importo), campo("v", modulo.Importo), campo("t", modulo.Testo), campo("g", modulo.Data), campo("data", modulo.Data),
		campo("b", modulo.SiNo), campo("f", modulo.File), campo("o", modulo.Ora), g, sc, sm, n, c)
}

var bancoRisposte = modulo.Risposte{
	"i": "0,10", "t": "Àbc", "g": "29/02/2008", "b": true, "f": []string{"x", "y"}, "o": "9:05", "sc": "a", "sm": []string{"b"},
	"righe": []map[string]any{{"n": "0,20", "s": true}, {"n": "0,10"}, {"n": ""}},
}

func TestEspressioni(t *testing.T) {
	t.Parallel()
	const d, s, b, g = modulo.Decimale, modulo.Testo, modulo.SiNo, modulo.Data
	for _, c := range []struct {
		expr   string
		tipo   modulo.Tipo
		atteso any
	}{
		{"i + 0.2", d, "0.3"}, {"0.1 + 0.2", d, "0.3"}, {`somma(righe, "n")`, d, "0.3"}, {"1 / 3 * 3", d, "1"}, {"-i - 1", d, "-1.1"}, {"+i", d, "0.1"},
		{"2 / 3", modulo.Importo, "0.67"}, {"0.005 + 0", modulo.Importo, "0.01"}, {"-0.005 + 0", modulo.Importo, "-0.01"},
		{"1.234 * 1", d, "1.2340"}, {"0.1234567 * 1", d, "0.123457"}, {"2.5 * 1", modulo.Intero, "3"},
		{"i + v", d, "0.1"}, {"v + v", d, nil}, {"i * v", d, nil}, {"i / 0", d, nil}, {"i / v", d, nil}, {"v - i", d, "-0.1"},
		{"i < 1", b, true}, {"v < 1", b, false}, {"v >= 1", b, false}, {"v == v", b, true}, {"v != 1", b, true}, {"v == 0", b, false}, {"i == 0.1", b, true}, {"i >= 0.10 and i <= 0.1", b, true},
		{"minimo(i, 5)", d, "0.1"}, {"massimo(i, 5)", d, "5"}, {"minimo(v, 5)", d, "5"}, {"massimo(5, v)", d, "5"}, {"arrotonda(2.345, 2)", d, "2.35"}, {"arrotonda(v, 2)", d, nil},
		{"eta(g)", d, "18"}, {`eta(g, giorno("2026-02-28"))`, d, "17"}, {`eta(g, giorno("2026-03-01"))`, d, "18"}, {"eta(data)", d, nil}, {"anno(oggi())", d, "2026"}, {"anno(data)", d, nil},
		{`giorni(giorno("2026-03-01"), oggi())`, d, "30"}, {"giorni(oggi(), g) < 0", b, true}, {"giorni(data, g)", d, nil},
		{"g < oggi()", b, true}, {"data < oggi()", b, false}, {"data == data", b, true}, {"data != g", b, true}, {"g", g, "2008-02-29"}, {"data", g, nil}, {"b ? g : data", g, "2008-02-29"},
		{"conta(righe)", d, "3"}, {`conta(righe, "s")`, d, "1"}, {"conta(f)", d, "2"}, {"conta(sm)", d, "1"},
		{"vuoto(v) and vuoto(data) and not vuoto(t) and not vuoto(righe) and not vuoto(f) and not vuoto(i) and not vuoto(g)", b, true},
		{`t + " " + o`, s, "Àbc 09:05"}, {`t startsWith "À" and t contains "b" and t endsWith "c"`, b, true}, {`o < "10:00"`, b, true},
		{`sc == "a"`, b, true}, {`sc in ["a", "b"]`, b, true}, {`sc not in ["b"]`, b, true}, {`"a" in sm`, b, false}, {`t in sm`, b, false}, {`sc == ""`, b, false},
		{"b == true", b, true}, {"!b || b && false", b, false}, {`b ? "sì" : "no"`, s, "sì"}, {`"  "`, s, nil},
	} {
		m, err := modulo.Compila(banco(c.tipo, c.expr))
		require.NoError(t, err, c.expr)
		r := bancoRisposte.Copia()
		r["esito"] = "999"
		require.Equal(t, c.atteso, m.Valuta(r, modulo.Opzioni{Oggi: oggi}).Valori["esito"], c.expr)
	}
}

func TestEspressioniRifiutate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ expr, dice string }{
		{"manca + 1", `"manca" non esiste`}, {"i +", "colonna"}, {"i + t", "generi diversi"}, {"t * t", "non si applica"}, {"b < b", "non si applica"}, {"no == 1", "nota"},
		{"map(righe, 1)", "non ammesso"}, {"righe[0]", "accesso non ammesso"}, {"t.Len()", "non ammessa"}, {"g.Anno", "accesso non ammesso"}, {"$env", "non"}, {"let q = 1; q", "non ammesso"},
		{"righe | map(1)", "non"}, {"1..1000", "non si applica"}, {"i ** 2", "non si applica"}, {"i % 2", "non si applica"}, {`t matches "a"`, "non si applica"}, {"nil", "non ammesso"}, {"{a: 1}", "non ammesso"}, {"[1]", "non ammesso"},
		{`sc == "z"`, "non è fra le opzioni"}, {`"z" == sc`, "non è fra le opzioni"}, {`"z" in sm`, "non è fra le opzioni"}, {`sc in ["z"]`, "non è fra le opzioni"}, {"i in [1]", "ci vuole un testo"}, {"t in [i]", "solo testi"}, {"t in i", "elenco"},
		{"vuoto(b)", "not b"}, {"vuoto()", "non esiste"}, {"eta(i)", "genere numero"}, {"boh(1)", "non esiste"}, {"oggi(1)", "non esiste"}, {`giorno("31/3/2026")`, "data ISO"}, {"giorno(t)", "data ISO"},
		{"somma(i, t)", "nome di un suo campo"}, {`somma(i, "n")`, "non è un gruppo"}, {`somma(righe, "s")`, "numerico"}, {`conta(righe, "n")`, "sì/no"}, {"conta(i)", "vuole un gruppo"},
		{"riga.n", "solo dentro un gruppo"}, {"i ? 1 : 2", "prima di ?"}, {"b ? 1 : t", "rami"}, {"not i", "non si applica"}, {"-t", "non si applica"},
		{"1.2345678901234567", "15 cifre"}, {strings.Repeat("1+", 400) + "1", "nodes"}, {strings.Repeat(" ", 1999) + "i+1", "caratteri"}, {"i; i", "non ammesso"}, {"t?.x", "non"}, {"i ?? 1", "non si applica"},
	} {
		_, err := modulo.Compila(banco(modulo.Decimale, c.expr))
		require.ErrorContains(t, err, c.dice, c.expr)
		require.ErrorContains(t, err, "sezioni[0].campi[12].calcolo", c.expr)
	}
	// Inside a gruppo the fields of the row have their own name.
	g := campo("righe", modulo.Gruppo)
	g.EtichettaRiga, g.Campi = "Riga", []modulo.Campo{campo("n", modulo.Importo), {ID: "m", Etichetta: "M", Tipo: modulo.Testo, Se: "n > 1"}, {ID: "k", Etichetta: "K", Tipo: modulo.Testo, Se: "riga.z"}}
	_, err := modulo.Compila(conCampi(g))
	require.ErrorContains(t, err, "si scrive riga.n")
	require.ErrorContains(t, err, `non ha il campo "z"`)
}

// A chain of squares would need more digits than there is memory.
func TestEspressioneFuoriMisura(t *testing.T) {
	t.Parallel()
	cc := []modulo.Campo{campo("a0", modulo.Importo)}
	for i := range 60 {
		c := campo("a"+strings.Repeat("x", i+1), modulo.Importo)
		c.Calcolo = cc[i].ID + " * " + cc[i].ID
		cc = append(cc, c)
	}
	e := daCampi(t, cc...).Valuta(modulo.Risposte{"a0": "999999999"}, modulo.Opzioni{})
	require.Equal(t, []string{"axx:calcolo"}, codici(e.Errori))
	require.Equal(t, "999999998000000001.00", e.Valori["ax"])
	require.NotContains(t, e.Valori, "axx")
}
