package valore_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

var _ = flag.Set("rapid.seed", "1")

type oggetto = map[string]any

// motore answers with JavaScript's own answer.
func motore(t require.TestingT, f string) func(a, b any) any {
	rt := goja.New()
	v, err := rt.RunString("(function(a, b) { a = a === undefined ? a : JSON.parse(a); b = b === undefined ? b : JSON.parse(b); return " + f + " })")
	require.NoError(t, err)
	fn, ok := goja.AssertFunction(v)
	require.True(t, ok)
	in := func(x any) goja.Value {
		if valore.Indefinito(x) {
			return goja.Undefined()
		}
		b, err := json.Marshal(x)
		require.NoError(t, err)
		return rt.ToValue(string(b))
	}
	return func(a, b any) any {
		r, err := fn(nil, in(a), in(b))
		require.NoError(t, err)
		return r.Export()
	}
}

func numero(x any) float64 {
	switch n := x.(type) {
	case int64:
		return float64(n)
	case float64:
		return n
	}
	panic(fmt.Sprintf("%T", x))
}

var scalare = rapid.OneOf(
	rapid.Just[any](nil), rapid.Just[any](valore.Undefined{}), rapid.Just[any](true), rapid.Just[any](false),
	rapid.Map(rapid.Float64(), func(f float64) any { return f }),
	rapid.Map(rapid.IntRange(-3, 300), func(n int) any { return float64(n) }),
	rapid.Map(rapid.StringMatching(`[ \t]?[-+]?(0[xob])?[0-9]{0,24}\.?[0-9]{0,3}(e[-+]?[0-9]{1,3})?[ a\n]?`), func(s string) any { return s }),
	rapid.Map(rapid.SampledFrom([]string{"", " ", "Infinity", "-Infinity", "inf", "nan", "NaN", "0x1p-2", "1_000", "è", "😀", "true", "null", ".", "+", "-.5", "5.", "1,2", "\ufeff7"}), func(s string) any { return s }),
)

var qualsiasi = rapid.OneOf(scalare, rapid.Map(rapid.SliceOfN(scalare, 0, 3), func(a []any) any {
	for i, v := range a {
		if valore.Indefinito(v) {
			a[i] = nil
		}
	}
	return a
}), rapid.Just[any](oggetto{"a": 1.0}), rapid.Just[any](oggetto{}), rapid.Just[any]([]any{[]any{1.0, nil}, oggetto{}}))

func TestComeJavaScript(t *testing.T) {
	t.Parallel()
	testo, num, boo := motore(t, "String(a)"), motore(t, "Number(a)"), motore(t, "Boolean(a)")
	dec, intero := motore(t, "parseFloat(a)"), motore(t, "parseInt(a, 10)")
	ug, id := motore(t, "a == b"), motore(t, "a === b")
	minore, minug := motore(t, "a < b"), motore(t, "a <= b")
	lung := motore(t, "String(a).length")
	rapid.Check(t, func(t *rapid.T) {
		a, b := qualsiasi.Draw(t, "a"), qualsiasi.Draw(t, "b")
		stesso := func(atteso any, avuto float64) {
			w := numero(atteso)
			require.True(t, w == avuto || math.Abs(w-avuto) <= math.Abs(w)*1e-15 || math.IsNaN(w) && math.IsNaN(avuto), "%v %v", w, avuto)
		}
		require.Equal(t, testo(a, b), valore.Testo(a))
		stesso(num(a, b), valore.Numero(a))
		stesso(dec(a, b), valore.LeggiDecimale(a))
		stesso(intero(a, b), valore.LeggiIntero(a))
		stesso(lung(a, b), float64(valore.Lunghezza(valore.Testo(a))))
		require.Equal(t, boo(a, b), valore.Booleano(a))
		if !valore.Oggetto(a) || !valore.Oggetto(b) {
			require.Equal(t, ug(a, b), valore.Uguale(a, b))
			require.Equal(t, id(a, b), valore.Identico(a, b))
		}
		require.Equal(t, minore(a, b), valore.Minore(a, b))
		require.Equal(t, minug(a, b), valore.MinoreUguale(a, b))
	})
}

func TestIdentitaDiOggetti(t *testing.T) {
	t.Parallel()
	o, a := oggetto{}, []any{1.0}
	require.True(t, valore.Identico(o, o))
	require.True(t, valore.Identico(a, a))
	require.False(t, valore.Identico(a, []any{1.0}))
	require.False(t, valore.Identico(o, oggetto{}))
	require.False(t, valore.Uguale(o, a))
	require.True(t, valore.Minore("\U0001F600", "\uffff"), "UTF-16 units, not code points")
	require.True(t, valore.Minore("\U0001F600", "\U0001F601"))
	require.True(t, valore.Identico(json.Number("1"), 1))
	require.Equal(t, "object", valore.Tipo(struct{}{}))
}

func TestVuotoENullo(t *testing.T) {
	t.Parallel()
	for _, v := range []any{nil, valore.Undefined{}, 1.0, true, "", []any{}, oggetto{}} {
		require.True(t, valore.Vuoto(v), "%v", v)
	}
	for _, v := range []any{"a", []any{nil}, oggetto{"a": nil}} {
		require.False(t, valore.Vuoto(v), "%v", v)
	}
	require.True(t, valore.Nullo(nil) && valore.Nullo(valore.Undefined{}) && !valore.Nullo(""))
	require.True(t, valore.OggettoSemplice(oggetto{}) && !valore.OggettoSemplice([]any{}))
}

func TestPercorso(t *testing.T) {
	t.Parallel()
	// As answered by lodash 4.
	for s, atteso := range map[string][]string{
		"":                {},
		"a.b":             {"a", "b"},
		"a[0].b":          {"a", "0", "b"},
		"a[0][1]":         {"a", "0", "1"},
		`a['x.y'].z`:      {"a", "x.y", "z"},
		`a["x\"y"]`:       {"a", `x"y`},
		"a..b":            {"a", "", "b"},
		".a":              {"", "a"},
		"[0]":             {"0"},
		"form.data[10].q": {"form", "data", "10", "q"},
		"a.":              {"a", ""},
		"a[":              {"a"},
		"a]b":             {"a", "b"},
		"a.[0]":           {"a", "0"},
		"a[].b":           {"a", "", "b"},
		"a[b.c]":          {"a", "b", "c"},
		`a['b`:            {"a", "'b"},
		`a['b'c]`:         {"a", "'b'c"},
	} {
		require.Equal(t, atteso, valore.Percorso(s), s)
	}
}

func TestPrendiContieneImposta(t *testing.T) {
	t.Parallel()
	d := oggetto{"a": []any{oggetto{"b": nil, "c": "è"}}, "x.y": 1.0}
	require.Equal(t, 1.0, valore.Prendi(d, "x.y"))
	require.Nil(t, valore.Prendi(d, "a[0].b"))
	require.Equal(t, valore.Undefined{}, valore.Prendi(d, "a[1].b"))
	require.Equal(t, valore.Undefined{}, valore.Prendi(d, "a[0].b.c"))
	require.Equal(t, 1.0, valore.Prendi(d, "a.length"))
	require.Equal(t, "è", valore.Prendi(d, "a[0].c[0]"))
	require.Equal(t, "no", valore.PrendiOppure(d, "z", "no"))
	require.Nil(t, valore.PrendiOppure(d, "a[0].b", "no"))
	require.True(t, valore.Contiene(d, "a[0].b"))
	require.False(t, valore.Contiene(d, "a[0].z") || valore.Contiene(d, "a[7]") || valore.Contiene(d, "a[0].c.d") || valore.Contiene(d, ""))

	r, err := valore.Imposta(d, "n[1].m", true)
	require.NoError(t, err)
	require.Equal(t, []any{nil, oggetto{"m": true}}, r.(oggetto)["n"])
	r, err = valore.Imposta([]any{}, "[2]", 1.0)
	require.NoError(t, err)
	require.Equal(t, []any{nil, nil, 1.0}, r)
	for _, p := range []string{"__proto__.x", "a.constructor.prototype.x", ""} {
		prima, err := valore.Copia(d, valore.Limiti{})
		require.NoError(t, err)
		_, err = valore.Imposta(d, p, 1.0)
		require.NoError(t, err)
		require.Equal(t, prima, any(d), p)
	}
	_, err = valore.Imposta(d, "q[99999]", 1.0)
	require.ErrorIs(t, err, valore.ErrPercorso)
	_, err = valore.Imposta(d, strings.Repeat("a.", 300), 1.0)
	require.ErrorIs(t, err, valore.ErrPercorso)
}

func TestUgualeProfondo(t *testing.T) {
	t.Parallel()
	a := oggetto{"x": []any{1.0, nil, oggetto{"y": math.NaN()}}}
	b, err := valore.Copia(a, valore.Limiti{})
	require.NoError(t, err)
	require.True(t, valore.UgualeProfondo(a, b))
	for _, v := range []any{oggetto{}, oggetto{"x": []any{}}, oggetto{"z": []any{1.0}}, oggetto{"x": []any{1.0, nil, oggetto{"y": 1.0}}}, nil} {
		require.False(t, valore.UgualeProfondo(a, v), "%v", v)
	}
}

func annida(n int) any {
	var v any = 1.0
	for range n {
		v = []any{v}
	}
	return v
}

func TestCopiaELimiti(t *testing.T) {
	t.Parallel()
	d := oggetto{"a": []any{1, int64(2), json.Number("3"), "x", true, nil, valore.Undefined{}, struct{}{}}}
	c, err := valore.Copia(d, valore.Limiti{})
	require.NoError(t, err)
	require.Equal(t, []any{1.0, 2.0, 3.0, "x", true, nil, valore.Undefined{}, oggetto{}}, c.(oggetto)["a"])
	c.(oggetto)["a"].([]any)[0] = "altro"
	require.Equal(t, 1, d["a"].([]any)[0])

	_, err = valore.Copia(annida(300), valore.Limiti{})
	require.ErrorIs(t, err, valore.ErrLimiti)
	_, err = valore.Copia(make([]any, 11), valore.Limiti{Nodi: 10})
	require.ErrorIs(t, err, valore.ErrLimiti)
	_, err = valore.Copia(oggetto{"abc": "defg"}, valore.Limiti{Testo: 6})
	require.ErrorIs(t, err, valore.ErrLimiti)
	require.Equal(t, "", valore.Testo(annida(300)))
	require.False(t, valore.UgualeProfondo(annida(300), annida(300)))
	molti := make([]any, 0, 64)
	for range 64 {
		molti = append(molti, strings.Repeat("a", 1<<20))
	}
	require.Less(t, len(valore.Testo(molti)), 2*valore.MaxTesto)
}

func TestChiaviECaratteri(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"2", "10", "01", "a", "b"}, valore.Chiavi(oggetto{"b": 1, "a": 1, "10": 1, "2": 1, "01": 1}))
	require.Equal(t, []string{"0", "1"}, valore.Chiavi([]any{1, 2}))
	require.Empty(t, valore.Chiavi("ab"))
	require.Equal(t, "b", valore.Carattere("a😀b", 3))
	require.Equal(t, "\ufffd", valore.Carattere("a😀b", 2))
	require.Equal(t, valore.Undefined{}, valore.Carattere("a", 4))
	require.Equal(t, 4.0, valore.Membro("a😀b", "length"))
	require.Equal(t, valore.Undefined{}, valore.Membro(3.0, "x"))
	require.True(t, valore.Spazio('\u00a0') && !valore.Spazio('a'))
	require.Equal(t, "a b", valore.Pota("\u2028 a b\ufeff"))
}

func ExamplePrendi() {
	dati := map[string]any{"figli": []any{map[string]any{"nome": "Ada"}}}
	fmt.Println(valore.Prendi(dati, "figli[0].nome"), valore.Indefinito(valore.Prendi(dati, "figli[1].nome")))
	// Output: Ada true
}
