package jsonlogic_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/jsonlogic"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

var _ = flag.Set("rapid.seed", "1")

type oggetto = map[string]any

func leggi(t *testing.T, s string) any {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal([]byte(s), &v), s)
	return v
}

// semplice gives the value as JSON would.
func semplice(v any) any {
	switch x := v.(type) {
	case valore.Undefined:
		return "undefined"
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return valore.ScriviNumero(x)
		}
	case []any:
		q := make([]any, len(x))
		for i, w := range x {
			if q[i] = semplice(w); q[i] == "undefined" {
				q[i] = nil
			}
		}
		return q
	case oggetto:
		q := oggetto{}
		for k, w := range x {
			if w = semplice(w); w != "undefined" {
				q[k] = w
			}
		}
		return q
	}
	return v
}

func TestCasiClassici(t *testing.T) {
	t.Parallel()
	const file = "../../../../../../shared/data/jsonlogic/compatible.json"
	b, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Skip("la cartella shared non è accanto al progetto: i casi classici di JSONLogic non si provano")
	}
	var casi []json.RawMessage
	require.NoError(t, json.Unmarshal(b, &casi))
	n := 0
	for _, grezzo := range casi {
		var c struct {
			Description        string
			Rule, Data, Result any
		}
		if json.Unmarshal(grezzo, &c) != nil {
			continue // a title
		}
		n++
		r, err := jsonlogic.Compila(c.Rule)
		require.NoError(t, err, c.Description)
		v, err := r.Applica(c.Data)
		require.NoError(t, err, c.Description)
		require.Equal(t, c.Result, semplice(v), c.Description)
	}
	require.Equal(t, 278, n)
	t.Logf("casi classici: %d su %d", n, n)
}

func TestComeFormIO(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join("testdata", "form.io.json"))
	require.NoError(t, err)
	var f struct {
		Dati any
		Casi []struct{ Regola, Atteso any }
	}
	require.NoError(t, json.Unmarshal(b, &f))
	for _, c := range f.Casi {
		r, err := jsonlogic.Compila(c.Regola)
		require.NoError(t, err, "%v", c.Regola)
		v, err := r.Applica(f.Dati)
		require.NoError(t, err, "%v", c.Regola)
		require.Equal(t, c.Atteso, semplice(v), "%v", c.Regola)
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	c := jsonlogic.Contesto{Ora: time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC)}
	for regola, atteso := range map[string]string{
		`{"relativeMinDate": 5}`:   "2026-03-10T10:00:00.000Z",
		`{"relativeMaxDate": [1]}`: "2026-03-16T10:00:00.000Z",
		`{"getDate": []}`:          "2026-03-15T10:00:00.000Z",
	} {
		r, err := jsonlogic.Compila(leggi(t, regola))
		require.NoError(t, err)
		v, err := r.ApplicaCon(c, nil)
		require.NoError(t, err)
		require.Equal(t, atteso, v, regola)
		_, err = r.Applica(nil)
		require.ErrorIs(t, err, jsonlogic.ErrArgomento, "no clock is given")
	}
}

func TestRifiuti(t *testing.T) {
	t.Parallel()
	for _, s := range []string{`{"nessuno": 1}`, `{"_nessuno": 1}`, `{"_random": [1, 2]}`, `{"_flow": []}`, `[1, {"if": [{"boh": 1}]}]`, `{"__proto__": 1}`, `{"toString": 1}`} {
		_, err := jsonlogic.Compila(leggi(t, s))
		require.ErrorIs(t, err, jsonlogic.ErrOperatore, s)
	}
	for _, s := range []string{`{"*": []}`, `{"missing_some": [1, 2]}`, `{"getDate": ["x"]}`, `{"_xor": [[1], [2], [3]]}`} {
		r, err := jsonlogic.Compila(leggi(t, s))
		require.NoError(t, err, s)
		_, err = r.Applica(nil)
		require.ErrorIs(t, err, jsonlogic.ErrArgomento, s)
	}
	_, err := jsonlogic.Compila(leggi(t, strings.Repeat(`{"!":[`, 200)+strings.Repeat(`]}`, 200)))
	require.ErrorIs(t, err, jsonlogic.ErrTroppoGrande)
	_, err = jsonlogic.Compila(make([]any, jsonlogic.MaxNodi))
	require.ErrorIs(t, err, jsonlogic.ErrTroppoGrande)
}

func TestOstili(t *testing.T) {
	t.Parallel()
	lista := make([]any, 3000)
	for i := range lista {
		lista[i] = fmt.Sprintf("voce numero %d", i)
	}
	dati := oggetto{"l": lista, "s": strings.Repeat("a", 100_000)}
	for _, s := range []string{
		`{"map": [{"var": "l"}, {"map": [{"var": ""}, 1]}, {"var": "l"}]}`,
		`{"_repeat": ["a", 1e9]}`, `{"_padStart": ["a", 1e9]}`, `{"_range": [1e9]}`,
		`{"_uniq": [{"_range": [20000]}]}`,
		`{"reduce": [{"_range": [60]}, {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]}, "ciao"]}`,
		`{"reduce": [{"_range": [60]}, {"merge": [{"var": "accumulator"}, {"var": "accumulator"}]}, [1]]}`,
		`{"cat": {"reduce": [{"_range": [60]}, {"_castArray": [[{"var": "accumulator"}, {"var": "accumulator"}]]}, [1]]}}`,
		`{"_flattenDeep": {"reduce": [{"_range": [60]}, [[{"var": "accumulator"}, {"var": "accumulator"}]], [1]]}}`,
		`{"_map": [{"_range": [50]}, "x"]}`,
		`{"_split": [{"_repeat": ["a", 1000000]}, ""]}`,
		`{"_sumBy": [{"_map": [{"_range": [150000]}, ""]}, ""]}`,
	} {
		r, err := jsonlogic.Compila(leggi(t, s))
		require.NoError(t, err)
		if _, err = r.Applica(dati); err != nil {
			require.ErrorIs(t, err, jsonlogic.ErrTroppoGrande, s)
		}
	}
	r, err := jsonlogic.Compila(leggi(t, `{"_isEqual": [{"reduce": [{"_range": [60]}, [{"var": "accumulator"}, {"var": "accumulator"}], 1]}, {"reduce": [{"_range": [60]}, [{"var": "accumulator"}, {"var": "accumulator"}], 1]}]}`))
	require.NoError(t, err)
	v, err := r.Applica(dati)
	require.NoError(t, err)
	require.Equal(t, false, v, "too large to compare")
}

func TestConcorrenza(t *testing.T) {
	t.Parallel()
	r, err := jsonlogic.Compila(leggi(t, `{"_sortBy": [{"var": "a"}]}`))
	require.NoError(t, err)
	dati := oggetto{"a": []any{3.0, 1.0, 2.0}}
	var g sync.WaitGroup
	for range 8 {
		g.Go(func() {
			for range 100 {
				v, err := r.Applica(dati)
				if err != nil || !valore.UgualeProfondo(v, []any{1.0, 2.0, 3.0}) {
					t.Error(v, err)
				}
			}
		})
	}
	g.Wait()
	require.Equal(t, []any{3.0, 1.0, 2.0}, dati["a"], "the data are not written to")
}

func FuzzApplica(f *testing.F) {
	f.Add(`{"if": [{"==": [{"var": "a"}, 1]}, "sì", {"cat": ["n", "o"]}]}`, `{"a": 1}`)
	f.Add(`{"reduce": [{"var": "l"}, {"+": [{"var": "current"}, {"var": "accumulator"}]}, 0]}`, `{"l": [1, "2"]}`)
	f.Add(`{"_orderBy": [{"_map": [{"var": ""}, "x"]}, ["y"], ["desc"]]}`, `[{"x": {"y": 1}}]`)
	f.Fuzz(func(t *testing.T, regola, dati string) {
		var r, d any
		if json.Unmarshal([]byte(regola), &r) != nil || json.Unmarshal([]byte(dati), &d) != nil {
			return
		}
		c, err := jsonlogic.Compila(r)
		if err != nil {
			return
		}
		v, err := c.Applica(d)
		w, err2 := c.Applica(d)
		require.Equal(t, err, err2)
		require.Equal(t, fmt.Sprint(v), fmt.Sprint(w))
	})
}

func ExampleRegola_Applica() {
	var regola any
	if err := json.Unmarshal([]byte(`{">": [{"_sumBy": [{"var": "data.figli"}, "spesa"]}, 100]}`), &regola); err != nil {
		panic(err)
	}
	r, err := jsonlogic.Compila(regola)
	if err != nil {
		panic(err)
	}
	fmt.Println(r.Applica(oggetto{"data": oggetto{"figli": []any{oggetto{"spesa": 80.0}, oggetto{"spesa": 30.0}}}}))
	// Output: true <nil>
}
