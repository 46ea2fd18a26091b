package formio_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
)

func TestLeggiRifiuta(t *testing.T) {
	t.Parallel()
	molti := `[` + strings.Repeat(`{"type":"textfield","key":"a"},`, formio.LimiteComponenti) + `{"type":"textfield","key":"a"}]`
	casi := map[string]struct {
		testo         string
		riga, colonna int
	}{
		"cento megabyte":     {strings.Repeat(" ", 100<<20), 1, 1},
		"profondo":           {strings.Repeat(`{"components":[`, 10_000), 1, 482},
		"non UTF-8":          {"[\n{\"type\":\"a\xff\"}]", 2, 11},
		"chiave doppia":      {"{\"components\":[],\n \"components\":[]}", 2, 14},
		"niente":             {"", 1, 1},
		"troncato":           {`{"components":[`, 1, 16},
		"altro dopo":         {`[{"type":"a","key":"b"}] x`, 1, 25},
		"non è un modulo":    {`{"data":{"a":1}}`, 1, 1},
		"un numero":          {`12`, 1, 1},
		"elenco di altro":    {`[1,2]`, 1, 1},
		"componenti d'altro": {`{"components":{"a":1}}`, 1, 1},
		"due moduli":         {`{"a":{"components":[]},"b":{"components":[]}}`, 1, 1},
		"troppi":             {molti, 1, 1},
		"troppi valori":      {"[" + strings.Repeat("1,", formio.LimiteNodi) + "1]", 1, 2*formio.LimiteNodi + 1},
	}
	for nome, k := range casi {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			_, err := formio.Leggi([]byte(k.testo))
			require.ErrorIs(t, err, formio.ErrDefinizione)
			var e *formio.ErroreLettura
			require.True(t, errors.As(err, &e))
			require.Equal(t, k.riga, e.Riga, e.Error())
			require.InDelta(t, k.colonna, e.Colonna, 2, e.Error())
			require.Contains(t, e.Error(), "riga ")
		})
	}
}

func TestLeggiInvolucri(t *testing.T) {
	t.Parallel()
	const uno = `{"components":[{"type":"textfield","key":"a","input":true}],"title":"T","display":"form","name":"n"}`
	for _, s := range []string{uno, "\ufeff" + uno, `{"form":` + uno + `,"submission":{}}`, `{"jsonForm":` + uno + `}`,
		`{"versions":[{"schema":{"components":[]}},{"schema":` + uno + `}]}`, `{"form":{"id":1},"version":{"versions":[{"schema":` + uno + `}]}}`} {
		d, err := formio.Leggi([]byte(s))
		require.NoError(t, err, s)
		require.Equal(t, "T", d.Titolo)
		require.Len(t, d.Componenti(), 1)
	}
	dd, err := formio.LeggiTutte([]byte(`{"label":"x","B":` + uno + `,"A":` + uno + `}`))
	require.NoError(t, err)
	require.Equal(t, "A", dd[0].Nome)
	require.Equal(t, "B", dd[1].Nome)
	m, r, err := formio.Importa(dd[0], formio.OpzioniImporta{})
	require.NoError(t, err)
	require.Equal(t, "T", m.Titolo())
	require.Len(t, r.Righe, 1)
}

func TestDatiOltreILimiti(t *testing.T) {
	t.Parallel()
	m, _ := importa(t, `[{"type":"custom","key":"a","input":true}]`, formio.OpzioniImporta{})
	fondo := any("x")
	for range 10_000 {
		fondo = map[string]any{"a": fondo}
	}
	ciclo := map[string]any{}
	ciclo["a"] = ciclo
	largo := make([]any, formio.LimiteValori+1)
	for nome, d := range map[string]map[string]any{
		"profondi": {"a": fondo}, "in cerchio": ciclo, "larghi": {"a": largo}, "lunghi": {"a": strings.Repeat("x", 100<<20)},
	} {
		e := m.Elabora(d, formio.Opzioni{})
		require.ErrorIs(t, e.Guasto, formio.ErrDati, nome)
		require.False(t, e.Valido())
		require.Equal(t, []string{" limite"}, errori(e))
		require.Empty(t, e.Dati)
	}
}

func TestTroppoLavoro(t *testing.T) {
	t.Parallel()
	// each row looks for a field of every row
	m, _ := importa(t, `[{"type":"datagrid","key":"g","input":true,"components":[
	  {"type":"textfield","key":"a","input":true},
	  {"type":"textfield","key":"b","input":true,"conditional":{"show":true,"when":"g.a","eq":"x"}}]}]`, formio.OpzioniImporta{})
	righe := make([]any, 5000)
	for i := range righe {
		righe[i] = map[string]any{"a": "x"}
	}
	e := m.Elabora(map[string]any{"g": righe}, formio.Opzioni{})
	require.ErrorIs(t, e.Guasto, formio.ErrPassi)
	e = m.Elabora(map[string]any{"g": righe[:50]}, formio.Opzioni{})
	require.NoError(t, e.Guasto)
	e = m.Elabora(map[string]any{"g": righe[:50]}, formio.Opzioni{Passi: 10})
	require.ErrorIs(t, e.Guasto, formio.ErrPassi)
}

func TestOstili(t *testing.T) {
	t.Parallel()
	t.Run("proto", func(t *testing.T) {
		t.Parallel()
		m, r := importa(t, `[{"type":"textfield","key":"__proto__.x","input":true},{"type":"textfield","key":"constructor.prototype.y","input":true,"defaultValue":"z"},
		  {"type":"container","key":"c","input":true,"components":[{"type":"textfield","key":"__proto__","input":true,"calculateValue":"value = 'w'"}]}]`, formio.OpzioniImporta{})
		require.Len(t, r.Righe, 4)
		e := m.Elabora(dati(t, `{"__proto__":{"x":"a"},"constructor":{"prototype":{"y":"b"}},"c":{"__proto__":{"a":1}}}`), formio.Opzioni{Adesso: adesso})
		b, err := json.Marshal(e.Dati)
		require.NoError(t, err)
		require.NotContains(t, string(b), "__proto__")
	})
	t.Run("espressione che esplode", func(t *testing.T) {
		t.Parallel()
		m, _ := importa(t, `[{"type":"textfield","key":"a","input":true,"validate":{"pattern":"(?=(a+)+b)(a+)+c"}},
		  {"type":"textfield","key":"b","input":true,"validate":{"pattern":"(((a*)*)*)*b"}},
		  {"type":"textfield","key":"c","input":true,"validate":{"pattern":"("}}]`, formio.OpzioniImporta{})
		e := m.Elabora(map[string]any{"a": strings.Repeat("a", 4000), "b": strings.Repeat("a", 200_000), "c": "x"}, formio.Opzioni{})
		require.Len(t, e.Errori, 3)
		require.Equal(t, []string{"a nonVerificabile", "b pattern", "c nonVerificabile"}, errori(e))
	})
	t.Run("script senza fine", func(t *testing.T) {
		t.Parallel()
		m, _ := importa(t, `[{"type":"textfield","key":"a","input":true,"validate":{"custom":"while(true){}"}},
		  {"type":"textfield","key":"b","input":true,"calculateValue":"var s='x'; while(true) s += s; value = s"}]`, formio.OpzioniImporta{})
		e := m.Elabora(map[string]any{"a": "x", "b": "y"}, formio.Opzioni{})
		require.Equal(t, []string{"a nonVerificabile"}, errori(e))
		require.NotContains(t, e.Dati, "b")
	})
	t.Run("testo non UTF-8", func(t *testing.T) {
		t.Parallel()
		m, _ := importa(t, `[{"type":"textfield","key":"a","input":true,"validate":{"pattern":".*","maxLength":10}}]`, formio.OpzioniImporta{})
		e := m.Elabora(map[string]any{"a": "x\xff\xfe"}, formio.Opzioni{})
		_, err := json.Marshal(e.Dati)
		require.NoError(t, err)
	})
	t.Run("indici", func(t *testing.T) {
		t.Parallel()
		m, _ := importa(t, `[{"type":"textfield","key":"a[99999999].b","input":true,"defaultValue":"x"},{"type":"textfield","key":"a[-1]","input":true,"defaultValue":"x"},{"type":"textfield","key":"","input":true,"defaultValue":"x"}]`, formio.OpzioniImporta{})
		require.NoError(t, m.Elabora(nil, formio.Opzioni{}).Guasto)
	})
}

// TestInsieme runs one form from many sides at once: the answers do not change.
func TestInsieme(t *testing.T) {
	t.Parallel()
	m, _ := iscrizione(t)
	in := dati(t, domanda)
	prima := m.Elabora(in, formio.Opzioni{Adesso: adesso})
	var g sync.WaitGroup
	for range 8 {
		g.Go(func() {
			for range 20 {
				if e := m.Elabora(in, formio.Opzioni{Adesso: adesso}); fmt.Sprint(e) != fmt.Sprint(prima) {
					t.Error("due esiti diversi")
				}
			}
		})
	}
	g.Wait()
}

func FuzzLeggi(f *testing.F) {
	f.Add([]byte(`[{"type":"textfield","key":"a"}]`))
	f.Add([]byte(`{"components":[{"type":"datagrid","key":"g","components":[{"type":"number","key":"n","conditional":{"json":{"==":[1,{"var":"data.x"}]}}}]}]}`))
	f.Add([]byte(`{"form":{"components":[{"type":"day","key":"d","fields":{"day":{"hide":true}},"logic":[{"trigger":{"type":"simple","simple":{"when":"d","eq":"1"}},"actions":[{"type":"value","value":"value=1"}]}]}]}}`))
	f.Fuzz(func(t *testing.T, testo []byte) {
		dd, err := formio.LeggiTutte(testo)
		if err != nil {
			if !errors.Is(err, formio.ErrDefinizione) {
				t.Fatal(err)
			}
			return
		}
		for _, d := range dd {
			m, r, err := formio.Importa(d, formio.OpzioniImporta{})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Righe) != bytesRighe(d) {
				t.Fatal("un componente si è perso")
			}
			e := m.Elabora(map[string]any{"a": "1", "d": "1/2/3", "g": []any{map[string]any{"n": "x"}}}, formio.Opzioni{Passi: 5000})
			if _, err := json.Marshal(e.Dati); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func bytesRighe(d *formio.Definizione) int { return contaTutto(d.Componenti()) }

// contaTutto counts what stands where a component may, components or not.
func contaTutto(vv []any) int {
	n := 0
	for _, v := range vv {
		n++
		m, ok := v.(map[string]any)
		if !ok {
			continue
		}
		n += contaTutto(elenco(m["components"]))
		colonne := append([]any{}, elenco(m["columns"])...)
		for _, r := range elenco(m["rows"]) {
			colonne = append(colonne, elenco(r)...)
		}
		for _, c := range colonne {
			n += contaTutto(elenco(mappa(c)["components"]))
		}
	}
	return n
}

func FuzzElabora(f *testing.F) {
	f.Add([]byte(domanda))
	f.Add([]byte(`{"figli":[null,{"nome":[]}],"servizi":"mensa","isee":{"a":[]},"applicant":{"data":null}}`))
	m, _ := iscrizione(f)
	f.Fuzz(func(t *testing.T, testo []byte) {
		var in map[string]any
		if json.Unmarshal(testo, &in) != nil {
			return
		}
		prima, err := json.Marshal(in)
		if err != nil {
			return
		}
		for _, fedele := range []bool{false, true} {
			o := formio.Opzioni{Adesso: adesso, Fedele: fedele}
			a, b := m.Elabora(in, o), m.Elabora(in, o)
			if fmt.Sprint(a) != fmt.Sprint(b) {
				t.Fatal("due esiti diversi")
			}
			if _, err := json.Marshal(a.Dati); err != nil {
				t.Fatal(err)
			}
			if !fedele && a.Valido() {
				// what is good stays as it is
				c := m.Elabora(a.Dati, o)
				x, _ := json.Marshal(a.Dati)
				y, _ := json.Marshal(c.Dati)
				if !bytes.Equal(x, y) {
					t.Fatalf("non è stabile:\n%s\n%s", x, y)
				}
			}
		}
		if dopo, _ := json.Marshal(in); !bytes.Equal(prima, dopo) {
			t.Fatal("i dati ricevuti sono cambiati")
		}
	})
}
