package modulo_test

import (
	"math"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

type estensione func(modulo.Risposte, modulo.Opzioni) modulo.Giudizio

func (f estensione) Valuta(r modulo.Risposte, o modulo.Opzioni) modulo.Giudizio { return f(r, o) }

// conEstensione is a form of two sections with a gruppo.
func conEstensione(t testing.TB, f estensione) *modulo.Modulo {
	t.Helper()
	g := campo("figli", modulo.Gruppo)
	g.EtichettaRiga, g.MassimoRighe = "Figlio", 3
	g.Campi = []modulo.Campo{campo("nome", modulo.Testo), campo("spesa", modulo.Importo)}
	d := conCampi(campo("a", modulo.Testo), campo("b", modulo.Importo), modulo.Campo{ID: "c", Etichetta: "C", Tipo: modulo.Importo, Calcolo: "b * 2"}, g)
	d.Sezioni = append(d.Sezioni, modulo.Sezione{ID: "altra", Titolo: "Altra", Campi: []modulo.Campo{campo("z", modulo.Testo)}})
	d.Regole = []modulo.Regola{{ID: "di_a", Campo: "a", Se: `a == "x"`, Messaggio: "Non x"}}
	m, err := modulo.Compila(d, nil, modulo.ConEstensione(f))
	require.NoError(t, err)
	return m
}

func TestEstensione(t *testing.T) {
	t.Parallel()
	var volte atomic.Int32
	m := conEstensione(t, func(r modulo.Risposte, o modulo.Opzioni) modulo.Giudizio {
		volte.Add(1)
		require.Equal(t, oggi, o.Oggi)
		require.Equal(t, modulo.Risposte{"a": "x", "b": " 1,5 ", "z": "pre", "figli": []map[string]any{{"nome": "N"}, {"spesa": "3"}, {}}}, r)
		return modulo.Giudizio{
			Nascosti:    map[string]bool{"figli[0].nome": true, "sezione:altra": true},
			Obbligatori: map[string]bool{"figli[1].nome": true, "z": true},
			SolaLettura: map[string]bool{"a": true, "figli": true},
			Calcolati:   map[string]any{"b": 12.345, "figli[0].spesa": "7.5", "c": "999"},
			Errori: []modulo.Errore{
				{Percorso: "figli[1].spesa", Codice: "caro", Messaggio: "Troppo\u202e caro", Etichetta: "falsa", Sezione: "falsa"},
				{Percorso: "figli[0].nome", Codice: "nascosto", Messaggio: "m"}, {Percorso: "z", Codice: "nascosto", Messaggio: "m"},
				{Percorso: "a", Codice: "di_a", Messaggio: "già detto"}, {Percorso: "a", Codice: "suo", Messaggio: "uno"}, {Percorso: "a", Codice: "suo", Messaggio: "uno"}, {Percorso: "a", Codice: "suo", Messaggio: "due"},
				{Percorso: "boh[3", Messaggio: "altrove"}, {Percorso: "figli.nome", Codice: "def"}, {Percorso: "figli", Codice: "g", Messaggio: "gruppo"},
			},
		}
	})
	r := modulo.Risposte{"a": "x", "b": " 1,5 ", "z": "posta", "ignota": "1", "figli": []any{map[string]any{"nome": "N", "ignoto": 1}, map[string]any{"spesa": "3"}, nil, nil, nil}}
	o := modulo.Opzioni{Oggi: oggi, Precompilate: modulo.Risposte{"z": "pre"}}
	e := m.Valuta(r, o)
	require.Equal(t, int32(1), volte.Load())
	require.Equal(t, modulo.Risposte{"a": "x", "b": "12.35", "c": "24.70", "figli": []map[string]any{{"spesa": "7.50"}, {"spesa": "3.00"}, {}}}, e.Valori)
	require.Equal(t, []string{"a:di_a", "a:suo", "a:suo", "figli:righe", "figli:g", "figli[1].nome:obbligatorio", "figli[1].spesa:caro", ":estensione", ":def"}, codici(e.Errori))
	require.Equal(t, modulo.Errore{Percorso: "figli[1].spesa", Sezione: "sezione", Codice: "caro", Etichetta: "Figlio 2: SPESA", Messaggio: "Troppo caro"}, e.Errori[6])
	require.Equal(t, "Controlla quello che hai scritto", e.Errori[8].Messaggio)
	require.Equal(t, []string{"sezione"}, e.SezioniVisibili())
	for p, atteso := range map[string]bool{"a": true, "figli[1].spesa": true, "figli": true, "b": false, "figli[0].nome": false, "boh": false} {
		require.Equal(t, atteso, e.SolaLettura(p), p)
	}
	for p, atteso := range map[string]bool{"b": true, "c": true, "figli[0].spesa": true, "figli[1].spesa": false, "a": false} {
		require.Equal(t, atteso, e.Calcolato(p), p)
	}
	o.Bozza = true
	require.Empty(t, m.Valuta(r, o).Errori)
}

func TestEstensioneCalcolati(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v      any
		tenuto any
		codice string
	}{
		{nil, nil, ""}, {"", nil, ""}, {0.1 + 0.2, "0.30", ""}, {1e20, nil, "b:cifre"}, {math.NaN(), nil, "b:cifre"}, {math.Inf(-1), nil, "b:cifre"}, {"1.234", "1.23", ""},
		{"1.234,5", "1234.50", ""}, {decimal.RequireFromString("2.005"), "2.01", ""}, {decimal.New(1, 30), nil, "b:cifre"}, {7, "7.00", ""}, {"boh", "boh", "b:formato"}, {map[string]any{}, nil, "b:formato"},
	} {
		m := conEstensione(t, func(modulo.Risposte, modulo.Opzioni) modulo.Giudizio {
			return modulo.Giudizio{Calcolati: map[string]any{"b": c.v, "figli": []any{map[string]any{"nome": "calcolato"}}}}
		})
		e := m.Valuta(modulo.Risposte{"b": "5", "figli": []any{map[string]any{"nome": "posto"}, nil}}, modulo.Opzioni{})
		if s, ok := c.tenuto.(string); ok {
			require.Equal(t, s, e.Valori["b"], "%v", c.v)
		} else {
			require.Empty(t, e.Valori["b"], "%v", c.v)
		}
		require.Equal(t, []map[string]any{{"nome": "calcolato"}}, e.Valori.Righe("figli"))
		require.True(t, e.Calcolato("figli"))
		if c.codice == "" {
			require.Empty(t, e.Errori)
		} else {
			require.Equal(t, []string{c.codice}, codici(e.Errori), "%v", c.v)
		}
	}
}

// What breaks in an extension lets nothing through, and nothing out.
func TestEstensioneRotta(t *testing.T) {
	t.Parallel()
	m := conEstensione(t, func(modulo.Risposte, modulo.Opzioni) modulo.Giudizio { panic("dati personali") })
	e := m.Valuta(modulo.Risposte{"a": "y"}, modulo.Opzioni{})
	require.Equal(t, []string{":calcolo"}, codici(e.Errori))
	require.NotContains(t, e.Errori[0].Messaggio, "personali")
	require.Equal(t, "y", e.Valori["a"])
	require.Empty(t, m.Valuta(nil, modulo.Opzioni{Bozza: true}).Errori)
}

// The extension never sees more than the limits allow.
func TestEstensioneOstile(t *testing.T) {
	t.Parallel()
	var viste modulo.Risposte
	m := conEstensione(t, func(r modulo.Risposte, _ modulo.Opzioni) modulo.Giudizio {
		viste = r
		return modulo.Giudizio{}
	})
	lungo, righe := strings.Repeat("è", 400_000), make([]any, 10_000)
	for i := range righe {
		righe[i] = map[string]any{"nome": lungo, "spesa": map[string]any{"x": righe}}
	}
	m.Valuta(modulo.Risposte{"a": "\xff\xfe" + strings.Repeat("x", 3<<20), "b": []any{[]any{[]any{}}, "1"}, "z": struct{}{}, "figli": righe}, modulo.Opzioni{})
	require.Len(t, viste.Righe("figli"), 3)
	tot := 0
	for _, r := range viste.Righe("figli") {
		s, _ := r["nome"].(string)
		tot += len(s)
		require.NotContains(t, r, "spesa")
	}
	a, _ := viste["a"].(string)
	require.True(t, strings.HasPrefix(a, "\uFFFDx"))
	require.LessOrEqual(t, len(a)+tot, modulo.LimiteRisposte)
	require.NotContains(t, viste, "b")
	require.NotContains(t, viste, "z")
}
