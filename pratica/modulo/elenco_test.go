package modulo_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

func voci(ss ...string) []modulo.Opzione {
	q := make([]modulo.Opzione, 0, len(ss))
	for _, s := range ss {
		q = append(q, modulo.Opzione{Valore: s, Etichetta: "Comune di " + s})
	}
	return q
}

var comuni = modulo.ElencoPer(map[string][]modulo.Opzione{"": voci("RM", "MI"), "RM": voci("H501", "A132"), "MI": voci("F205")})

func conComuni() modulo.Definizione {
	scelta := func(id, dipende string) modulo.Campo {
		c := campo(id, modulo.Scelta)
		c.Elenco, c.DipendeDa = "comuni", dipende
		return c
	}
	multi := scelta("scelti", "provincia")
	multi.Tipo, multi.MassimoScelte = modulo.SceltaMultipla, 1
	g := campo("sedi", modulo.Gruppo)
	g.EtichettaRiga = "Sede"
	g.Campi = []modulo.Campo{scelta("comune", "prov"), scelta("prov", ""), scelta("vicino", "provincia")}
	return conCampi(scelta("comune", "provincia"), scelta("provincia", ""), multi, g)
}

func TestElenco(t *testing.T) {
	t.Parallel()
	m, err := modulo.Compila(conComuni(), modulo.ConElenco("comuni", comuni))
	require.NoError(t, err)
	r := modulo.Risposte{"comune": "H501", "provincia": "RM", "scelti": []string{"A132", "F205", "A132"}, "sedi": []any{map[string]any{"prov": "MI", "comune": "F205", "vicino": "A132"}, map[string]any{"prov": "MI", "comune": "H501", "vicino": "F205"}, map[string]any{"comune": "F205"}}}
	e := m.Valuta(r, modulo.Opzioni{})
	require.Equal(t, []string{"scelti:opzione", "sedi[1].comune:opzione", "sedi[1].vicino:opzione", "sedi[2].comune:opzione"}, codici(e.Errori))
	require.Equal(t, modulo.Risposte{"comune": "H501", "provincia": "RM", "scelti": []string{"A132"}, "sedi": []map[string]any{{"prov": "MI", "comune": "F205", "vicino": "A132"}, {"prov": "MI"}, {}}}, e.Valori)
	rp := m.Riepiloga(e.Valori, nil)
	require.Equal(t, "Comune di H501", rp.Sezioni[0].Voci[0].Valore)
	require.Equal(t, "Comune di A132", rp.Sezioni[0].Voci[2].Valore)
	require.Equal(t, "Comune di F205", rp.Sezioni[0].Voci[3].Righe[0].Voci[0].Valore)
	require.Equal(t, "Comune di RM H501", m.Leggibile("provincia", "RM")+" "+m.Leggibile("comune", "H501"))

	// A changed parent drops the child, in a draft too.
	r["provincia"] = "MI"
	b := m.Valuta(r, modulo.Opzioni{Bozza: true})
	require.NotContains(t, b.Valori, "comune")
	require.Equal(t, []string{"F205"}, b.Valori["scelti"])
	delete(r, "provincia")
	require.NotContains(t, m.Valuta(r, modulo.Opzioni{Bozza: true}).Valori, "comune")

	require.Equal(t, voci("H501", "A132"), m.Voci("comune", e.Valori, oggi))
	require.Equal(t, voci("F205"), m.Voci("sedi[1].comune", e.Valori, oggi))
	require.Equal(t, voci("H501", "A132"), m.Voci("sedi[1].vicino", e.Valori, oggi))
	require.Equal(t, voci("RM", "MI"), m.Voci("provincia", nil, oggi))
	for _, p := range []string{"sedi[2].comune", "sedi[9].comune", "sedi.comune", "sedi", "boh", "comune.x"} {
		require.Nil(t, m.Voci(p, e.Valori, oggi), p)
	}
	o := modulo.Campo{ID: "x", Etichetta: "X", Tipo: modulo.Scelta, Opzioni: voci("a")}
	require.Equal(t, voci("a"), daCampi(t, o).Voci("x", nil, oggi))
}

// annata is an Elenco that changes with the day and breaks on request.
type annata struct{}

func (annata) Voci(padre string, giorno termini.Giorno) []modulo.Opzione {
	if padre == "rotto" {
		panic("x")
	}
	if giorno.Anno < 2026 && !giorno.IsZero() {
		return nil
	}
	return voci(padre + "-26")
}

func (a annata) Voce(padre, v string, giorno termini.Giorno) (modulo.Opzione, bool) {
	for _, o := range a.Voci(padre, giorno) {
		if o.Valore == v {
			return o, true
		}
	}
	return modulo.Opzione{}, false
}

func TestElencoDelGiorno(t *testing.T) {
	t.Parallel()
	c := campo("scuola", modulo.Scelta)
	c.Elenco, c.DipendeDa, c.Obbligatorio = "scuole", "zona", true
	m, err := modulo.Compila(conCampi(campo("zona", modulo.Testo), c), modulo.ConElenco("scuole", annata{}))
	require.NoError(t, err)
	r := modulo.Risposte{"zona": "nord", "scuola": "nord-26"}
	require.Empty(t, m.Valuta(r, modulo.Opzioni{Oggi: oggi}).Errori)
	require.Equal(t, []string{"scuola:opzione"}, codici(m.Valuta(r, modulo.Opzioni{Oggi: termini.Giorno{Anno: 2025, Mese: time.May, Giorno: 1}}).Errori))
	require.Equal(t, "Comune di nord-26", m.Riepiloga(r, nil).Sezioni[0].Voci[1].Valore, "an old answer has a label on any day")
	r["zona"] = "rotto"
	e := m.Valuta(r, modulo.Opzioni{Oggi: oggi})
	require.Equal(t, []string{"scuola:calcolo"}, codici(e.Errori))
	require.Equal(t, "nord-26", e.Valori["scuola"], "nobody said that it is wrong")
	require.Nil(t, m.Voci("scuola", r, oggi))
	require.Equal(t, "nord-26", m.Riepiloga(r, nil).Sezioni[0].Voci[1].Valore)
	for _, s := range []string{strings.Repeat("x", 101), "\xff\xfe", "a\u202eb"} {
		r["scuola"], r["zona"] = s, "nord"
		require.Equal(t, []string{"scuola:opzione"}, codici(m.Valuta(r, modulo.Opzioni{Oggi: oggi}).Errori))
	}
}

func TestElencoGrande(t *testing.T) {
	t.Parallel()
	tante := make([]modulo.Opzione, modulo.LimiteVoci+5)
	for i := range tante {
		tante[i] = modulo.Opzione{Valore: fmt.Sprintf("v%d", i), Etichetta: "V"}
	}
	c := campo("x", modulo.SceltaMultipla)
	c.Elenco = "e"
	m, err := modulo.Compila(conCampi(c), modulo.ConElenco("e", modulo.ElencoFisso(tante...)))
	require.NoError(t, err)
	require.Len(t, m.Voci("x", nil, oggi), modulo.LimiteVoci)
	scelte := make([]string, len(tante))
	for i := range scelte {
		scelte[i] = tante[i].Valore
	}
	e := m.Valuta(modulo.Risposte{"x": scelte}, modulo.Opzioni{})
	require.Equal(t, []string{"x:opzione"}, codici(e.Errori))
	require.Len(t, e.Valori["x"], modulo.LimiteOpzioni)
	e = m.Valuta(modulo.Risposte{"x": "v3"}, modulo.Opzioni{})
	require.Empty(t, e.Errori)
	require.Equal(t, []string{"v3"}, e.Valori["x"])
}

func TestElencoProblemi(t *testing.T) {
	t.Parallel()
	con := func(f func(*modulo.Campo)) modulo.Definizione {
		c := campo("x", modulo.Scelta)
		c.Elenco = "comuni"
		f(&c)
		return conCampi(c, campo("n", modulo.Intero), campo("nota", modulo.SiNo))
	}
	for _, c := range []struct {
		d    modulo.Definizione
		dove string
	}{
		{con(func(c *modulo.Campo) { c.Elenco = "boh" }), "elenco"},
		{con(func(c *modulo.Campo) { c.Tipo = modulo.Testo }), "elenco"},
		{con(func(c *modulo.Campo) { c.Opzioni = voci("a") }), "opzioni"},
		{con(func(c *modulo.Campo) { c.DipendeDa = "boh" }), "dipende_da"},
		{con(func(c *modulo.Campo) { c.DipendeDa = "n" }), "dipende_da"},
		{con(func(c *modulo.Campo) { c.DipendeDa = "nota" }), "dipende_da"},
		{con(func(c *modulo.Campo) { c.Tipo, c.MinimoScelte, c.MassimoScelte = modulo.SceltaMultipla, 3, 2 }), "massimo_scelte"},
		{con(func(c *modulo.Campo) { c.Elenco, c.Opzioni, c.DipendeDa = "", voci("a"), "n" }), "dipende_da"},
	} {
		_, err := modulo.Compila(c.d, modulo.ConElenco("comuni", comuni))
		require.ErrorContains(t, err, "sezioni[0].campi[0]."+c.dove)
	}
	_, err := modulo.Compila(conComuni())
	require.ErrorContains(t, err, `l'elenco "comuni" non è fornito`)

	// Dependencies and conditions together make cycles.
	d := conComuni()
	d.Sezioni[0].Campi[1].DipendeDa = "comune"
	_, err = modulo.Compila(d, modulo.ConElenco("comuni", comuni))
	require.ErrorContains(t, err, "comune → provincia → comune")
	d = conComuni()
	d.Sezioni[0].Campi[1].Se = `comune != ""`
	_, err = modulo.Compila(d, modulo.ConElenco("comuni", comuni))
	require.ErrorContains(t, err, "comune → provincia → comune")
	d = conComuni()
	d.Sezioni[0].Campi[3].Campi[1].DipendeDa = "comune"
	_, err = modulo.Compila(d, modulo.ConElenco("comuni", comuni))
	require.ErrorContains(t, err, "comune → prov → comune")
	d = conComuni()
	d.Sezioni[0].Campi[0].DipendeDa = "comune"
	_, err = modulo.Compila(d, modulo.ConElenco("comuni", comuni))
	require.ErrorContains(t, err, "comune → comune")
}
