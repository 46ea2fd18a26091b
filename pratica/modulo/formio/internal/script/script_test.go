package script_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/script"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

var _ = flag.Set("rapid.seed", "1")

type oggetto = map[string]any

var adesso = script.Contesto{Ora: time.Date(2026, 3, 15, 10, 30, 0, 0, time.UTC), Fuso: time.FixedZone("CET", 3600), Tempo: time.Minute}

// poco is for scripts that never end.
var poco = script.Contesto{Ora: adesso.Ora, Tempo: 100 * time.Millisecond}

var insieme script.Insieme

func esegui(t require.TestingT, g script.Genere, sorgente string, vv oggetto) (any, error) {
	return eseguiIn(t, adesso, g, sorgente, vv)
}

func eseguiIn(t require.TestingT, c script.Contesto, g script.Genere, sorgente string, vv oggetto) (any, error) {
	p, err := insieme.Compila(g, sorgente)
	require.NoError(t, err, sorgente)
	require.Empty(t, p.Bisogni(), sorgente)
	return p.Esegui(context.Background(), c, vv)
}

func TestGeneri(t *testing.T) {
	t.Parallel()
	d := oggetto{"x": "y", "l": []any{1.0, 2.0}, "vuoto": ""}
	for _, c := range []struct {
		g        script.Genere
		sorgente string
		vv       oggetto
		atteso   any
	}{
		{script.Condizione, `show = data.x === "y"`, nil, true},
		{script.Condizione, `data.x === "z"`, nil, true}, // a plain expression changes nothing
		{script.Condizione, `return data.x === "z"`, nil, false},
		{script.Condizione, `show = data.l.length > 5;`, nil, false},
		{script.Innesco, `result = !data.vuoto`, nil, true},
		{script.Innesco, `var f = data; if (!f) { result = false; return result; }`, nil, true},
		{script.Calcolo, `value = data.x.toUpperCase()`, nil, "Y"},
		{script.Calcolo, `console.log(data)`, oggetto{"value": 7.0}, 7.0},
		{script.Calcolo, `value = ""`, oggetto{"value": 7.0}, ""},
		{script.Predefinito, `let v = null; value = v`, nil, nil},
		{script.Predefinito, ``, nil, valore.Undefined{}},
		{script.Controllo, `valid = (input > 3) ? true : "messaggio"`, oggetto{"input": 2.0}, "messaggio"},
		{script.Controllo, `if (input.length > 3) { valid = 'lungo' }`, oggetto{"input": "abc", "valid": true}, true},
		{script.Controllo, `valid = /^\d+$/.test(input)`, oggetto{"input": "12"}, true},
		{script.Schema, `schema = {label: 'A', validate: {required: true}}`, nil, oggetto{"label": "A", "validate": oggetto{"required": true}}},
		{script.Opzioni, `values = data.l.map(x => ({value: x}))`, nil, []any{oggetto{"value": 1.0}, oggetto{"value": 2.0}}},
		{script.Azione, "value = `${data.x}-${data.l.join('/')}`", nil, "y-1/2"},
		{script.Azione, `value = instance.getValue()`, oggetto{"value": oggetto{"a": 1.0}}, oggetto{"a": 1.0}},
		{script.Azione, `value = data.l?.[0] ?? 'no'`, nil, 1.0},
		{script.Azione, `value = data.q?.r.s() ?? 'no'`, nil, "no"},
		{script.Azione, `value = new Date(0)`, nil, "1970-01-01T00:00:00.000Z"},
		{script.Azione, `value = moment().format('DD/MM/YYYY HH:mm')`, nil, "15/03/2026 11:30"},
		{script.Azione, `value = {a: undefined, b: [undefined]}`, nil, oggetto{"b": []any{nil}}},
		{script.Azione, `province = ["A", "B"]; value = province.includes("B")`, nil, true},
	} {
		vv := oggetto{"data": d}
		for k, v := range c.vv {
			vv[k] = v
		}
		v, err := esegui(t, c.g, c.sorgente, vv)
		require.NoError(t, err, c.sorgente)
		require.Equal(t, c.atteso, v, c.sorgente)
	}
}

func TestLibrerie(t *testing.T) {
	t.Parallel()
	d := oggetto{"l": []any{oggetto{"k": "a", "v": 2.0}, oggetto{"k": "b", "v": 3.0}}, "o": oggetto{"p": []any{oggetto{"q": 1.0}}}, "s": " ciao "}
	for sorgente, atteso := range map[string]any{
		`_.get(data, 'o.p[0].q')`: 1.0, `_.get(data, 'o.z', 'no')`: "no", `_.has(data, 'o.p')`: true, `_.has(data, 'z.p')`: false,
		`_.isEmpty(data.o)`: false, `_.isEmpty('')`: true, `_.isEqual(data.o, {p: [{q: 1}]})`: true, `_.isEqual([1], [2])`: false, `_.isNil(data.z)`: true,
		`_.find(data.l, {k: 'b'}).v`: 3.0, `_.filter(data.l, 'v').length`: 2.0, `_.map(data.l, 'k').join('')`: "ab", `_.some(data.l, ['k', 'a'])`: true,
		`_.every(data.l, x => x.v > 2)`: false, `_.reduce(data.l, (a, x) => a + x.v, 1)`: 6.0, `_.sumBy(data.l, 'v')`: 5.0, `_.sum([1, 2])`: 3.0,
		`_.size(data.o)`: 1.0, `_.includes('abc', 'b')`: true, `_.includes(data.l, 1)`: false, `_.keys(data.o).length`: 1.0, `_.first(data.l).k`: "a", `_.last(data.l).k`: "b",
		`_.uniq([1, 1, 2]).length`: 2.0, `_.compact([0, 1]).length`: 1.0, `_.toNumber('3')`: 3.0, `_.toString(null)`: "", `_.trim(data.s)`: "ciao",
		`_.cloneDeep(data.o) !== data.o`: true, `_.isPlainObject({}) && !_.isPlainObject([])`: true, `_.isString('') && _.isNumber(1) && _.isBoolean(true) && _.isArray([]) && _.isObject({}) && _.isNull(null) && _.isUndefined(undefined)`: true,
		`_.findIndex(data.l, {k: 'b'})`: 1.0, `_.values(data.o).length`: 1.0, `_.head([])`: valore.Undefined{}, `_.isEqual(new Date(1), new Date(1))`: true,
		`moment('31/12/2020', 'DD/MM/YYYY').isValid()`: true, `moment('31/02/2020', 'DD/MM/YYYY').isValid()`: false, `moment(null).isValid()`: false, `moment('x', 'DD').format()`: "Invalid date",
		`moment('01-01-1999', 'DD-MM-YYYY').isBetween(moment('01-01-1900', 'DD-MM-YYYY'), moment(), 'day', '[]')`: true,
		`moment('2020-01-31').add(1, 'months').format('DD/MM/YYYY')`:                                              "29/02/2020", `moment('2020-03-15').subtract(2, 'years').year()`: 2018.0,
		`moment('2020-03-15').diff('2000-03-16', 'years')`: 19.0, `moment('2020-03-15').diff('2020-03-01', 'days')`: 14.0, `moment('2020-03-15').diff(moment('2020-02-01'), 'months', true) > 1.4`: true,
		`moment('2020-01-01').diff('2020-03-31', 'months')`: -2.0, `moment('2020-01-01').diff('2020-01-02')`: -86400000.0,
		`moment('2020-03-15').startOf('month').date()`: 1.0, `moment('2020-02-15').endOf('month').format('DD HH:mm:ss')`: "29 23:59:59", `moment('2020-03-18').startOf('week').day()`: 0.0,
		`moment('2020-03-15').endOf('year').month()`: 11.0, `moment('2020-03-15').startOf('year').isSame('2020-01-01')`: true, `moment('2020-03-15').isSameOrBefore('2020-03-15', 'day') && moment('2020-03-15').isSameOrAfter('2020-03-15')`: true,
		`moment('2020-03-15').isBefore('2020-03-16') && moment('2020-03-15').isAfter('2020-03-14')`: true, `moment(moment('2020-03-15')).hour()`: 0.0, `moment('2020-03-15 10:20:30').minute() + moment('2020-03-15 10:20:30').second()`: 50.0,
		`moment('2020-03-15').toISOString()`: "2020-03-14T23:00:00.000Z", `moment(['x']).isValid()`: false, `moment('15/03/2020', ['YYYY-MM-DD', 'DD/MM/YYYY'], true).isValid()`: true,
		`moment.isMoment(moment()) && moment.utc('2020').isValid()`: true, `moment(0).unix() + moment(5).valueOf()`: 5.0, `moment(new Date(7)).toDate().getTime()`: 7.0, `moment('2020-03-15T10:00').endOf('hour').format('HH:mm:ss')`: "10:59:59",
		`moment('2020-03-15').endOf('day').add(1, 'ms').clone().add(1, 'week').add(1, 'h').startOf('minute').format('DD HH')`: "23 01", `moment('2020-03-15').endOf('week').date()`: 21.0,
		`'a-b_c'.replace(/[-_]/g, '+')`: "a+b+c", `'abc'.replace('b', '[$&]')`: "a[b]c", `'abc'.replace(/(b)(c)/, "$2$1$$$'$` + "`" + `")`: "acb$a", `'aXbX'.replaceAll('X', x => x.toLowerCase())`: "axbx",
		`'a1b22'.match(/\d+/g).join()`: "1,22", `'a1b'.match('[0-9]').index`: 1.0, `'abc'.match(/z/)`: nil, `[...'a1b2'.matchAll(/\d/g)].length`: 2.0, `'abc'.search(/c/)`: 2.0, `'a, b,c'.split(/,\s*/).length`: 3.0,
		`'a-b-c'.split('-', 2).join('')`: "ab", `'ab'.split('').length`: 2.0, `'😀x'.match(/x/).index`: 2.0, `/a/i.test('A')`: true, `''.split(/x/).length`: 1.0, `'ab'.split(/(?:)/).join('|')`: "a|b",
		`[1, [2, [3]]].flat().length`: 3.0, `[1, 2].flatMap(x => [x, x]).length`: 4.0, `String([1, null, [2]])`: "1,,2", `Object.keys(Object.assign({}, {a: 1}, null, {b: 2})).join()`: "a,b", `Object.fromEntries(Object.entries({a: 1})).a`: 1.0,
		`JSON.stringify({b: [1, 'è<']})`: `{"b":[1,"è<"]}`, `JSON.parse('{"a": [1]}').a[0]`: 1.0, `JSON.stringify(undefined)`: valore.Undefined{}, `'a'.repeat(3).padStart(5, '-').concat('z')`: "--aaaz", `[3, 1, 2].sort().concat([4], 5).join('')`: "12345",
		`Math.max.apply(null, [1, 3])`: 3.0, `Array.from({length: 2}, (_, i) => i).length`: 2.0, `Math.random()`: 0.5, `new Set([1, 1]).size`: 1.0, `(() => { try { null.x } catch (e) { return e instanceof TypeError } })()`: true,
	} {
		v, err := esegui(t, script.Azione, "value = "+sorgente, oggetto{"data": d})
		require.NoError(t, err, sorgente)
		require.Equal(t, atteso, v, sorgente)
	}
}

func TestEspressioniVere(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.FromSlash("../../../../../../shared/data/formio/js-exprs.json"))
	if err != nil {
		t.Skip("la cartella shared non è accanto al progetto: le espressioni vere non si provano")
	}
	var ee [][2]string
	require.NoError(t, json.Unmarshal(b, &ee))
	require.Len(t, ee, 200)
	generi := map[string]script.Genere{"validate.custom": script.Controllo, "customConditional": script.Condizione, "calculateValue": script.Calcolo,
		"customDefaultValue": script.Predefinito, "logic.trigger": script.Innesco, "logic.value": script.Azione, "logic.customAction": script.Azione, "select.custom": script.Opzioni}
	nativi, fuori := 0, map[string]int{}
	for _, e := range ee {
		g, ok := generi[e[0]]
		require.True(t, ok, e[0])
		p, err := insieme.Compila(g, e[1])
		require.NoError(t, err, e[1])
		if p.Nativo() {
			nativi++
		}
		if bb := p.Bisogni(); len(bb) > 0 {
			fuori[strings.Join(bb, " ")]++
			continue
		}
		_, err = p.Esegui(context.Background(), adesso, oggetto{"data": oggetto{}, "input": "", "row": oggetto{}})
		if err != nil {
			require.ErrorIs(t, err, script.ErrEsecuzione, e[1])
		}
	}
	t.Logf("compilate 200 su 200, native %d, con bisogni %v", nativi, fuori)
	require.Greater(t, nativi, 130)
	n := 0
	for _, k := range fuori {
		n += k
	}
	require.Equal(t, 8, n)
}

func TestBisogni(t *testing.T) {
	t.Parallel()
	for sorgente, atteso := range map[string]string{
		`value = window.x`:                            "window",
		`fetch('/x')`:                                 "fetch",
		`new XMLHttpRequest()`:                        "XMLHttpRequest",
		`instance.setItems([])`:                       "instance.setItems",
		`value = _.debounce(x => x)`:                  "_.debounce",
		`value = utils.sum(1)`:                        "utils",
		`value = moment.duration(1)`:                  "moment.duration",
		`async function f() {}`:                       "async",
		`class A {}`:                                  "class",
		`data.l.length = 1e9`:                         "length =",
		`value = {__proto__: data}`:                   "__proto__",
		`data.__proto__.x = 1`:                        "__proto__",
		`[data.l.length] = [4]`:                       "destrutturazione in un membro",
		`for (data.x of [1]) {}`:                      "destrutturazione in un membro",
		`eval('1')`:                                   "eval",
		`globalThis.x = 1`:                            "globalThis",
		`function* g() {}`:                            "function*",
		`Math = 1`:                                    "Math =",
		`_[data.x](1)`:                                "_[…]",
		`with (data) {}`:                              "with",
		`let [a, ...b] = data.l`:                      "...",
		"value = String.raw`a`":                       "template con etichetta",
		`function f() { return new.target }`:          "new.target",
		`value = /` + strings.Repeat("a", 2001) + `/`: "espressione regolare lunga",
		`value = x instanceof Foo ? a : document`:     "Foo a document x",
	} {
		p, err := script.Compila(script.Calcolo, sorgente)
		require.NoError(t, err, sorgente)
		require.Contains(t, strings.Join(p.Bisogni(), " "), atteso, sorgente)
		_, err = p.Esegui(context.Background(), adesso, nil)
		require.ErrorIs(t, err, script.ErrBisogni)
	}
	p, err := script.Compila(script.Controllo, `valid = "{{ data.x }}" === "a"`)
	require.NoError(t, err)
	require.Equal(t, []string{"{{…}}"}, p.Bisogni())
	require.Equal(t, script.Controllo, p.Genere())
	p, err = script.Compila(script.Calcolo, `fuori: for (const {a, b: [c]} of data.l) { try { value = a + c; break fuori } catch (e) { value = e } } function q(...r) { return r }`)
	require.NoError(t, err)
	require.Empty(t, p.Bisogni())
}

func TestSintassi(t *testing.T) {
	t.Parallel()
	for _, s := range []string{`value = `, `}`, `}}); (function(){ return function() {`, `} ; x = function() {`, `if (`, strings.Repeat("a;", script.MaxSorgente), `value = /(/`} {
		_, err := script.Compila(script.Calcolo, s)
		require.ErrorIs(t, err, script.ErrSintassi, "%.50s", s)
		require.NotContains(t, err.Error(), "function")
	}
}

func TestOstili(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		`while (true) {}`,
		`for (;;) { try { while (true) {} } catch (e) {} finally { continue } }`,
		`value = "a".repeat(1e9)`,
		`value = "a"; while (true) value += value`,
		`value = "a"; while (true) value = value + value`,
		"value = 'a'; while (true) value = `${value}${value}`",
		`value = [1]; while (true) value = value.concat(value)`,
		`value = []; while (true) value.push(value)`,
		`value = new Array(1e9).fill(0)`,
		`const A = Array; value = A(1e9).join('x')`,
		`value = Array.from({length: 1e9})`,
		`value = Array.prototype.join.call({length: 1e9}, 'x')`,
		`value = Array.prototype.indexOf.call({length: 1e15}, 'x')`,
		`value = []; value['len' + 'gth'] = 1e9; value = [...value]`,
		`value = []; value[1e6] = 1`,
		`function f() { return f() } f()`,
		`value = []; for (let i = 0; i < 1e6; i++) value = [value]; String(value)`,
		`value = []; for (let i = 0; i < 1e5; i++) value = [value]; JSON.stringify(value)`,
		`value = []; value[0] = value`,
		`value = []; for (let i = 0; i < 60; i++) value = [value, value]`,
		`value = JSON.parse('['.repeat(1e5))`,
		`value = /(a+)+$/.test('a'.repeat(50) + 'b')`,
		`value = /(?=(a+)+b)a/.test('a'.repeat(50))`,
		`value = 'a'.repeat(50).match('(a*)*\\1b')`,
		`value = 'a'.repeat(1e5).replace(/a/g, 'b'.repeat(1e5))`,
		`value = 'a'.repeat(1e5).replace(/a/g, "$'")`,
		`value = 'a'.padEnd(1e9)`,
		`const a = Array.from({length: 15000}); value = []; for (;;) value.push([...a])`,
		`value = ['a'.repeat(1e5)]; for (let i = 0; i < 20; i++) value = value.concat(value); value.join()`,
		`const s = 'a'.repeat(2e5); value = Object.fromEntries(Array.from({length: 5000}, (_, i) => [i, s]))`,
		`value = Math.max.apply(null, {length: 1e9})`,
		`const a = Array.from({length: 2e4}); value = Array(2e4).fill(a).flat()`,
		`value = Object.assign([], {length: 1e9})`,
	} {
		v, err := eseguiIn(t, poco, script.Azione, s, oggetto{"data": oggetto{}})
		require.Error(t, err, "%s: %.50v", s, v)
	}
	for _, s := range []string{
		`value = {get a() { throw new Error('segreto') }}`,
		`throw new Error(data.nome)`,
		`value = () => 1`,
		`value = data.x.y.z`,
		`value = {toJSON() { throw 1 }}`,
		`(function(){}).constructor('return 1')()`,
		`value = (() => 1).constructor('return globalThis')()`,
		`arguments[0].x.y`,
		`value = JSON.parse('{')`,
		`value = new RegExp('(')`,
		`null.f()`,
	} {
		_, err := esegui(t, script.Azione, s, oggetto{"data": oggetto{"nome": "Mario"}})
		require.ErrorIs(t, err, script.ErrEsecuzione, s)
		require.NotContains(t, err.Error(), "Mario")
	}
	for _, s := range []string{
		`value = {}; for (let i = 0; i < 1e6; i++) value[i] = 'a'.repeat(2e5) + i`,
		`const a = Array.from({length: 15000}); value = []; for (;;) value.push(a.slice())`,
		"const a = 'a'.repeat(2e5); value = []; for (;;) value.push(`${a}b`)",
		`value = new RegExp('a{1000}'.repeat(2000))`,
		`value = 'a'.match('a{1000}'.repeat(2000))`,
	} {
		p, err := insieme.Compila(script.Azione, s)
		require.NoError(t, err)
		v, err := p.Esegui(context.Background(), script.Contesto{Tempo: time.Minute}, nil)
		require.ErrorIs(t, err, script.ErrTroppoGrande, "%s: %.50v", s, v)
	}
	p, err := script.Compila(script.Azione, `value = data.a`)
	require.NoError(t, err)
	_, err = p.Esegui(context.Background(), adesso, oggetto{"data": oggetto{"a": make([]any, script.MaxNodi+1)}})
	require.ErrorIs(t, err, script.ErrTroppoGrande)
	ctx, basta := context.WithCancel(context.Background())
	basta()
	_, err = p.Esegui(ctx, adesso, nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestNienteResta(t *testing.T) {
	t.Parallel()
	var s script.Insieme
	corri := func(sorgente string) any {
		p, err := s.Compila(script.Azione, sorgente)
		require.NoError(t, err)
		v, err := p.Esegui(context.Background(), adesso, oggetto{"data": oggetto{}})
		if err != nil {
			return err
		}
		return v
	}
	for range 20 { // the pool gives the same runtime again
		corri(`Array.prototype.map = function() { return 'veleno' }`)
		corri(`Object.prototype.veleno = 1`)
		corri(`[].constructor.prototype.includes = () => true`)
		corri(`String.prototype.toUpperCase = null; 'a'.constructor.prototype.x = 1`)
		corri(`_.get = () => 'veleno'; moment.prototype = null; instance.getValue = () => 'veleno'`)
		corri(`moment().constructor; Math.max = () => 0; JSON.parse = 1; delete Math.min`)
		corri(`resta = 'veleno'; data.resta = resta; var f = function() { this.resta2 = 'veleno' }; f()`)
		corri(`(function() { this.undefinito = 'veleno' })()`)
		corri(`new RegExp('x').constructor.prototype.test = () => true; Error.prototype.message = 'veleno'`)
		require.Equal(t, "1,2||false|A|3|no|5|1|undefined|undefined|undefined|false|",
			corri(`value = [[1, 2].map(x => x).join(), {}.veleno, [1].includes(2), 'a'.toUpperCase(), _.get({a: 3}, 'a'), _.get(data, 'q', 'no'), Math.max(5, 1), Math.min(5, 1), (function() { return typeof this.resta })(), (function() { return typeof this.resta2 })(), (function() { return typeof this.undefinito })(), new RegExp('x').test('y'), new Error().message].join('|')`))
		require.Equal(t, valore.Undefined{}, corri(`value = instance.getValue()`))
	}
}

func TestIngressiIntatti(t *testing.T) {
	t.Parallel()
	d := oggetto{"a": []any{1.0}, "toString": "x", "constructor": 1.0}
	v, err := esegui(t, script.Azione, `data.a.push(2); data.b = 1; value = [data.a.length, data.toString, data.constructor]`, oggetto{"data": d})
	require.NoError(t, err)
	require.Equal(t, []any{2.0, "x", 1.0}, v)
	require.Equal(t, oggetto{"a": []any{1.0}, "toString": "x", "constructor": 1.0}, d)
	v, err = esegui(t, script.Azione, `value = data.a`, oggetto{"data": d})
	require.NoError(t, err)
	v.([]any)[0] = "altro"
	require.Equal(t, 1.0, d["a"].([]any)[0])
}

func TestConcorrenza(t *testing.T) {
	t.Parallel()
	p, err := script.Compila(script.Calcolo, `somma = 0; data.l.forEach(x => { somma += x }); value = somma`)
	require.NoError(t, err)
	var g sync.WaitGroup
	for i := range 8 {
		g.Go(func() {
			for range 50 {
				v, err := p.Esegui(context.Background(), script.Contesto{Tempo: 10 * time.Second}, oggetto{"data": oggetto{"l": []any{float64(i), 1.0}}})
				if err != nil || v != float64(i)+1 {
					t.Error(v, err)
				}
			}
		})
	}
	g.Wait()
}

// The native evaluator and goja must agree: the same source, made unfit for
// the first by a harmless statement, goes to the second.
func TestNativoComeGoja(t *testing.T) {
	t.Parallel()
	atomo := rapid.SampledFrom([]string{`data.a`, `data.b`, `data.c`, `data.l`, `data.l[0]`, `data.l.length`, `data.o`, `data.o.p`, `data["a"]`, `input`, `value`, `undefined`, `null`, `true`, `false`,
		`1`, `0`, `2.5`, `"y"`, `""`, `"10"`, `"abc"`, `NaN`, `data.manca.x`, `data.a.length`, `row`, `data.toString`, `[1]`, `data.l[data.a]`})
	op := rapid.SampledFrom([]string{"===", "!==", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "+", "-", "*", "/", "%", "??"})
	var espr func(n int) *rapid.Generator[string]
	espr = func(n int) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			if n == 0 {
				return atomo.Draw(t, "atomo")
			}
			x := espr(n - 1)
			switch rapid.IntRange(0, 4).Draw(t, "forma") {
			case 0:
				return x.Draw(t, "x")
			case 1:
				return "!(" + x.Draw(t, "x") + ")"
			case 2:
				return "(" + x.Draw(t, "x") + " ? " + x.Draw(t, "y") + " : " + x.Draw(t, "z") + ")"
			case 3:
				return "-(" + x.Draw(t, "x") + ")"
			}
			return "(" + x.Draw(t, "x") + " " + op.Draw(t, "op") + " " + x.Draw(t, "y") + ")"
		})
	}
	dati := rapid.SampledFrom([]any{nil, true, 0.0, 3.0, "", "y", "10", " ", valore.Undefined{}})
	nativi := 0
	rapid.Check(t, func(t *rapid.T) {
		s := "if (" + espr(1).Draw(t, "se") + ") { value = " + espr(3).Draw(t, "e") + " } else value = " + espr(2).Draw(t, "f")
		vv := oggetto{"data": oggetto{"a": dati.Draw(t, "a"), "b": dati.Draw(t, "b"), "c": "y", "l": []any{1.0, "y"}, "o": oggetto{"p": "q"}}, "input": dati.Draw(t, "input"), "value": dati.Draw(t, "value")}
		p, err := insieme.Compila(script.Azione, s)
		require.NoError(t, err, s)
		q, err := insieme.Compila(script.Azione, "[].length = 0;\n"[:0]+"while (false) {}\n"+s)
		require.NoError(t, err, s)
		require.False(t, q.Nativo())
		if p.Nativo() {
			nativi++
		}
		v, err1 := p.Esegui(context.Background(), adesso, vv)
		w, err2 := q.Esegui(context.Background(), adesso, vv)
		require.Equal(t, err2, err1, s)
		require.True(t, valore.UgualeProfondo(v, w), "%s: %#v %#v", s, v, w)
	})
	require.Greater(t, nativi, 10)
}

func FuzzCompila(f *testing.F) {
	for _, s := range []string{`show = data.x === "y"`, `valid = (input > 3) ? true : "msg"`, "value = `${data.x}`", `value = data.l.map(x => x + 1)`, `if (a) { value = /x/g.exec(input) }`, `value = data?.x?.[0]?.()`} {
		f.Add(s)
	}
	var s script.Insieme
	f.Fuzz(func(t *testing.T, sorgente string) {
		p, err := s.Compila(script.Controllo, sorgente)
		if err != nil {
			require.ErrorIs(t, err, script.ErrSintassi)
			return
		}
		_, err = p.Esegui(context.Background(), script.Contesto{Tempo: 50 * time.Millisecond}, oggetto{"data": oggetto{"x": "y", "l": []any{1.0}}, "input": "5"})
		if err != nil {
			t.Log(err)
		}
	})
}

func BenchmarkGoja(b *testing.B) {
	p, err := script.Compila(script.Calcolo, `value = data.l.map(x => x + 1).length`)
	require.NoError(b, err)
	for b.Loop() {
		if _, err := p.Esegui(context.Background(), adesso, oggetto{"data": oggetto{"l": []any{1.0}}}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNativo(b *testing.B) {
	p, err := script.Compila(script.Condizione, `show = data.x === "y" && !data.z`)
	require.NoError(b, err)
	for b.Loop() {
		if _, err := p.Esegui(context.Background(), adesso, oggetto{"data": oggetto{"x": "y"}}); err != nil {
			b.Fatal(err)
		}
	}
}

func Example() {
	p, err := script.Compila(script.Condizione, `show = data.figli.some(f => f.eta < 3)`)
	if err != nil {
		panic(err)
	}
	fmt.Println(p.Esegui(context.Background(), script.Contesto{}, oggetto{"data": oggetto{"figli": []any{oggetto{"eta": 2}}}}))
	// Output: true <nil>
}
