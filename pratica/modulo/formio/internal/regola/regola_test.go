package regola_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/regola"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

var _ = flag.Set("rapid.seed", "1")

type oggetto = map[string]any

var opzioni = regola.Opzioni{Ora: time.Date(2026, 3, 15, 10, 30, 0, 0, time.UTC)}

// diverse are the cases of @formio/core where this package gives another
// answer on purpose, or that its file does not tell whole.
var diverse = map[string]string{
	"Validating a mask component should return null if the instance contains a skipMaskValidation property/true": "l'istanza del browser qui non c'è: vale solo validate.skipMaskValidation",
	"Validating a date/time component with an invalid Date object will return a FieldError/false":                "JSON non ha oggetti Date: nel file il valore è null",
	"Validating a day component with an invalid Date object will return a FieldError/false":                      "JSON non ha oggetti Date: nel file il valore è null",
}

func TestCasiDiFormIO(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.FromSlash("../../../../../../shared/data/formio/formio-core-validation-cases.json"))
	if err != nil {
		t.Skip("la cartella shared non è accanto al progetto: i casi di @formio/core non si provano")
	}
	var casi []struct {
		Rule, Description string
		Component         regola.Componente
		Data              oggetto
		Expect            struct {
			Valid    bool
			ErrorKey string
		}
	}
	require.NoError(t, json.Unmarshal(b, &casi))
	require.Len(t, casi, 166)
	var m regola.Motore
	uguali, usate := 0, map[string]bool{}
	for _, c := range casi {
		nome := fmt.Sprintf("%s/%v", c.Description, c.Expect.Valid)
		o := opzioni
		o.Server, o.Fedele = true, true
		// The answers that the tests of @formio/core make their server give.
		o.Elenco = func(context.Context, string) ([]any, error) {
			switch c.Component["type"] {
			case "radio":
				return []any{"1", "2", "3"}, nil
			case "select":
				return []any{oggetto{"id": "opt_1", "value": 1.0}, oggetto{"id": "opt_2", "value": 2.0}}, nil
			}
			return []any{"one", "two", "three"}, nil
		}
		o.Remoto = func(context.Context, string, any) (bool, error) { return c.Expect.Valid, nil }
		v := valore.Prendi(c.Data, c.Component["key"].(string))
		ee := m.VerificaRegola(context.Background(), o, c.Rule, regola.Caso{
			Componente: c.Component, Valore: v, Percorso: c.Component["key"].(string), Dati: c.Data, Riga: c.Data,
			Altre: oggetto{"form": oggetto{"components": []any{c.Component}}},
		})
		ok := len(ee) == 0 == c.Expect.Valid && (c.Expect.ErrorKey == "" || (len(ee) > 0 && ee[0].Chiave == c.Expect.ErrorKey))
		if diverse[nome] != "" {
			require.False(t, ok, "non più diverso: %s", nome)
			usate[nome] = true
			continue
		}
		if !ok {
			t.Errorf("%s: atteso %+v, avuto %v (%v)", nome, c.Expect, ee, v)
			continue
		}
		uguali++
	}
	require.Len(t, usate, len(diverse))
	t.Logf("uguali %d su %d, diversi di proposito %d", uguali, len(casi), len(diverse))
}

func verifica(t *testing.T, o regola.Opzioni, componente string, v any) []regola.Errore {
	t.Helper()
	c, err := regola.Leggi([]byte(componente))
	require.NoError(t, err, componente)
	var m regola.Motore
	return m.Verifica(context.Background(), o, regola.Caso{Componente: c, Valore: v, Percorso: "c", Dati: oggetto{"c": v}})
}

func scritti(ee []regola.Errore) string {
	var q []string
	for _, e := range ee {
		q = append(q, e.Percorso+":"+e.Regola+":"+e.Chiave)
	}
	return strings.Join(q, " ")
}

func TestRegole(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		componente string
		v          any
		atteso     string
	}{
		{`{"type":"textfield","validate":{"required":true}}`, " ", "c:required:required"},
		{`{"type":"textfield","validate":{"required":true}}`, valore.Undefined{}, "c:required:required"},
		{`{"type":"textfield","validate":{"minLength":"3","maxWords":1,"pattern":"[a-z]+"}}`, "A b", "c:maxWords:maxWords c:pattern:pattern"},
		{`{"type":"textfield","validate":{"maxLength":2}}`, "😀😀", "c:maxLength:maxLength"},
		{`{"type":"textfield","validate":{"minWords":2}}`, "uno", "c:minWords:minWords"},
		{`{"type":"textfield","validate":{"pattern":"a|b","patternMessage":"solo a"}}`, "c", "c:pattern:solo a"},
		{`{"type":"textfield","validate":{"pattern":"a|b"}}`, "azzz", ""}, // anchored as core does
		{`{"type":"textfield","validate":{"pattern":"("}}`, "x", "c:validateRegexPattern:nonVerificabile"},
		{`{"type":"textfield","validate":{"required":true,"minLength":3,"pattern":"z","customMessage":"Sbagliato"}}`, "a", "c:minLength:Sbagliato"},
		{`{"type":"textfield","multiple":true,"validate":{"maxLength":2,"required":true}}`, []any{"a", "abc", "", "abcd"}, "c[1]:maxLength:maxLength c[3]:maxLength:maxLength c[2]:required:required"},
		{`{"type":"textfield","multiple":true,"validate":{"required":true}}`, []any{}, "c:array_nonempty:array_nonempty c:required:required"},
		{`{"type":"textfield","multiple":true}`, "a", "c:array:array"},
		{`{"type":"textfield","multiple":true}`, []any{[]any{"a"}}, "c:nonarray:nonarray"},
		{`{"type":"textfield"}`, []any{"a"}, "c:nonarray:nonarray"},
		{`{"type":"tags","storeas":"string"}`, []any{"a"}, "c:nonarray:nonarray"},
		{`{"type":"hidden"}`, []any{"a"}, ""},
		{`{"type":"textarea","as":"json","multiple":true}`, "a", "c:array:array"},
		{`{"type":"datagrid","validate":{"required":true}}`, []any{oggetto{"a": ""}}, "c:required:required"},
		{`{"type":"datagrid","validate":{"required":true}}`, []any{oggetto{"a": oggetto{"b": 1.0}}, oggetto{"a": 0.0}}, ""},
		{`{"type":"editgrid","multiple":true}`, []any{[]any{}}, ""},
		{`{"type":"container","validate":{"required":true}}`, oggetto{"a": oggetto{}}, "c:required:required"},
		{`{"type":"checkbox","validate":{"required":true}}`, false, "c:required:required"},
		{`{"type":"radio","validate":{"required":true}}`, false, ""},
		{`{"type":"number","validate":{"required":true}}`, 0.0, ""},
		{`{"type":"day","validate":{"required":true}}`, "00/00/0000", "c:required:required"},
		{`{"type":"address","validate":{"required":true}}`, oggetto{"mode": "manual", "address": oggetto{"via": ""}}, "c:required:required"},
		{`{"type":"address","validate":{"required":true}}`, oggetto{"mode": "manual", "address": oggetto{"via": "x", "address2": ""}}, ""},
		{`{"type":"number","validate":{"min":"2","max":4}}`, 1.0, "c:min:min"},
		{`{"type":"number","validate":{"min":2,"max":4}}`, 5.0, "c:max:max"},
		{`{"type":"number","validate":{"max":4}}`, "x", "c:validateMaximumValue:nonVerificabile c:number:number"},
		{`{"type":"number","validate":{"max":4}}`, nil, ""},
		{`{"type":"selectboxes","validate":{"minSelectedCount":2}}`, oggetto{"a": true, "b": false}, "c:minSelectedCount:minSelectedCount"},
		{`{"type":"selectboxes","maxSelectedCountMessage":"troppe","validate":{"maxSelectedCount":1}}`, oggetto{"a": true, "b": true}, "c:maxSelectedCount:troppe"},
		{`{"type":"selectboxes","validate":{"maxSelectedCount":1}}`, oggetto{"a": "x"}, "c:validateMaximumSelectedCount:nonVerificabile"},
		{`{"type":"selectboxes","validate":{"maxSelectedCount":1}}`, "x", "c:validateMaximumSelectedCount:nonVerificabile"},
		{`{"type":"email"}`, "a@", "c:email:invalid_email"},
		{`{"type":"url"}`, "a b", "c:url:invalid_url"},
		{`{"type":"url"}`, 3.0, "c:url:invalid_url"},
		{`{"type":"datetime"}`, "ieri", "c:date:invalidDate"},
		{`{"type":"datetime"}`, 3.0, "c:date:invalidDate"},
		{`{"type":"datetime","widget":{"minDate":"moment().add(1, 'day')"}}`, "2026-03-15T12:00:00Z", "c:minDate:minDate"},
		{`{"type":"datetime","widget":{"maxDate":"moment()"}}`, "2026-03-15T23:00:00Z", ""},
		{`{"type":"datetime","widget":{"maxDate":"moment()","enableTime":true}}`, "2026-03-15T23:00:00Z", "c:maxDate:maxDate"},
		{`{"type":"datetime","widget":{"maxDate":"window.moment()"}}`, "2026-03-15T23:00:00Z", "c:validateMaximumDate:nonVerificabile"},
		{`{"type":"datetime","widget":{"minDate":"moment(("}}`, "2026-03-15T23:00:00Z", "c:validateMinimumDate:nonVerificabile"},
		{`{"type":"day","dayFirst":true,"maxDate":"2026-03-15"}`, "16/03/2026", "c:maxDate:maxDate"},
		{`{"type":"day","dayFirst":true,"minDate":"2026-03-15"}`, "15/03/2026", ""},
		{`{"type":"day","dayFirst":true,"minDate":"2026-03-15"}`, "00/03/2020", ""},
		{`{"type":"day","dayFirst":true}`, "29/02/2025", "c:day:invalidDay"},
		{`{"type":"day"}`, true, "c:day:invalidDay"},
		{`{"type":"day","fields":{"day":{"hide":true}}}`, "02/2025", ""},
		{`{"type":"day","fields":{"month":{"hide":true}}}`, "31/2025", ""},
		{`{"type":"day","fields":{"year":{"hide":true}}}`, "12/31", ""},
		{`{"type":"day","dayFirst":true,"fields":{"day":{"required":true},"month":{"required":true},"year":{"required":true}}}`, "01/02/0000", "c:day:requiredYearField"},
		{`{"type":"day","fields":{"day":{"required":true}}}`, true, "c:day:invalidDay c:validateRequiredDay:nonVerificabile"},
		{`{"type":"day","minYear":"2000","maxYear":"2010"}`, "01/02/1999", "c:minYear:minYear"},
		{`{"type":"day","fields":{"year":{"maxYear":"2010"}}}`, "01/02/2011", "c:maxYear:maxYear"},
		{`{"type":"day","maxYear":"2000","fields":{"year":{"maxYear":"2010"}}}`, "01/02/1999", "c:validateMaximumYear:nonVerificabile"},
		{`{"type":"day","maxYear":"2000"}`, "1", "c:day:invalidDay"},
		{`{"type":"time"}`, "09:30:00", ""},
		{`{"type":"time","dataFormat":"HH:mm"}`, "9:30", "c:time:time"},
		{`{"type":"survey","validate":{"required":true},"questions":[{"value":"q"},{"value":"r"}]}`, oggetto{"q": "si"}, "c:required:requiredSurvey"},
		{`{"type":"survey","validate":{"required":true},"questions":[{"value":"q"}]}`, oggetto{"q": 1.0}, "c:validateRequiredSurvey:nonVerificabile"},
		{`{"type":"survey","validate":{"required":true},"questions":[{"value":"q"}]}`, "x", "c:validateRequiredSurvey:nonVerificabile"},
		{`{"type":"textfield","inputMask":"AAAAAA99A99A***A"}`, "RSSMRA80A01H501U", ""},
		{`{"type":"textfield","inputMask":"99[-99]\\9"}`, "12-349", ""},
		{`{"type":"textfield","inputMask":"9{2,3}#&a"}`, "12Fx", "c:mask:mask"},
		{`{"type":"textfield","inputMask":"9["}`, "1", "c:validateMask:nonVerificabile"},
		{`{"type":"phoneNumber","inputMask":"a9A*-"}`, "b1Cx-", ""},
		{`{"type":"phoneNumber","inputMask":"99"}`, 12.0, "c:mask:mask"},
		{`{"type":"phoneNumber","allowMultipleMasks":true,"inputMasks":[{"label":"a","mask":"99"}],"validate":{"required":true}}`, oggetto{"maskName": "a", "value": "1x"}, "c:mask:mask"},
		{`{"type":"textfield","truncateMultipleSpaces":true,"validate":{"maxLength":3}}`, "  a   b  ", ""},
		{`{"type":"textfield","validate":{"custom":"valid = input === 'a' ? true : 'solo a'"}}`, "b", "c:custom:solo a"},
		{`{"type":"textfield","validate":{"custom":"valid = false"}}`, "b", "c:custom:custom"},
		{`{"type":"textfield","validate":{"custom":"valid = window.x"}}`, "b", "c:validateCustom:nonVerificabile"},
		{`{"type":"textfield","validate":{"custom":"valid = ("}}`, "b", "c:validateCustom:nonVerificabile"},
		{`{"type":"textfield","validate":{"json":{"===":[{"var":"input"},"a"]}}}`, "b", "c:json:jsonLogic"},
		{`{"type":"textfield","validate":{"json":{"boh":1}}}`, "b", "c:validateJson:nonVerificabile"},
		{`{"type":"textfield","validate":{"json":{"*":[]}}}`, "b", "c:validateJson:nonVerificabile"},
		{`{"type":"select","data":{"values":[{"value":"a"}]},"validate":{"onlyAvailableItems":true}}`, "b", "c:onlyAvailableItems:invalidOption"},
		{`{"type":"select","dataSrc":"json","valueProperty":"k","data":{"json":"[{\"k\":1}]"},"validate":{"onlyAvailableItems":true}}`, 1.0, ""},
		{`{"type":"select","dataSrc":"json","data":{"json":"["},"validate":{"onlyAvailableItems":true}}`, 1.0, "c:validateAvailableItems:nonVerificabile"},
		{`{"type":"select","dataSrc":"custom","data":{"custom":"values = ['a', 'b']"},"validate":{"onlyAvailableItems":true}}`, "b", ""},
		{`{"type":"select","dataSrc":"custom","data":{"custom":"values = ("},"validate":{"onlyAvailableItems":true}}`, "b", "c:validateAvailableItems:nonVerificabile"},
		{`{"type":"select","dataSrc":"boh","validate":{"onlyAvailableItems":true}}`, "b", "c:validateAvailableItems:nonVerificabile"},
		{`{"type":"select","dataSrc":"url","validate":{"onlyAvailableItems":true}}`, "b", "c:validateAvailableItems:nonVerificabile"},
		{`{"type":"radio","values":[{"value":"1"}],"validate":{"onlyAvailableItems":true}}`, 1.0, "c:onlyAvailableItems:invalidOption"},
		{`{"type":"selectboxes","values":[{"value":"a"}],"validate":{"onlyAvailableItems":true}}`, oggetto{"a": true, "b": false}, "c:onlyAvailableItems:invalidOption"},
		{`{"type":"textfield","validate":{"onlyAvailableItems":true}}`, "b", ""},
	} {
		require.Equal(t, c.atteso, scritti(verifica(t, opzioni, c.componente, c.v)), "%s %v", c.componente, c.v)
	}
	_, err := regola.Leggi([]byte(`[`))
	require.Error(t, err)
}

func TestFedele(t *testing.T) {
	t.Parallel()
	o := opzioni
	o.Fedele = true
	for componente, v := range map[string]any{
		`{"type":"textfield","multiple":true,"validate":{"maxLength":2}}`:                  []any{"abc"},
		`{"type":"textfield","validate":{"pattern":"("}}`:                                  "x",
		`{"type":"radio","values":[{"value":"1"}],"validate":{"onlyAvailableItems":true}}`: 1.0,
		`{"type":"selectboxes","validate":{"maxSelectedCount":1}}`:                         "x",
	} {
		require.Empty(t, verifica(t, o, componente, v), "@formio/core lets it through: %s", componente)
		require.NotEmpty(t, verifica(t, opzioni, componente, v), componente)
	}
	require.Equal(t, "c:required:required", scritti(verifica(t, o, `{"type":"textfield","multiple":true,"validate":{"required":true}}`, []any{"", ""})))
	require.Equal(t, "c:troppe:troppe", scritti(verifica(t, o, `{"type":"selectboxes","maxSelectedCountMessage":"troppe","validate":{"maxSelectedCount":1}}`, oggetto{"a": true, "b": true})))
}

func TestDomandeAllOspite(t *testing.T) {
	t.Parallel()
	chiedi := func(ok bool, err error) regola.Chiamata {
		return func(context.Context, string, any) (bool, error) { return ok, err }
	}
	for _, c := range []struct{ componente, nome string }{
		{`{"type":"textfield","unique":true}`, "c:unique:unique"},
		{`{"type":"select","dataSrc":"url","validate":{"select":true}}`, "c:select:select"},
		{`{"type":"select","dataSrc":"resource","validate":{"select":true}}`, "c:select:select"},
		{`{"type":"captcha"}`, "c:captcha:captcha"},
	} {
		o := opzioni
		require.Empty(t, verifica(t, o, c.componente, "x"), "not on the client")
		o.Server = true
		require.Contains(t, scritti(verifica(t, o, c.componente, "x")), "nonVerificabile", "no hook, no pass")
		o.Unico, o.Remoto, o.Captcha = chiedi(true, nil), chiedi(true, nil), chiedi(true, nil)
		require.Empty(t, verifica(t, o, c.componente, "x"))
		o.Unico, o.Remoto, o.Captcha = chiedi(false, nil), chiedi(false, nil), chiedi(false, nil)
		require.Equal(t, c.nome, scritti(verifica(t, o, c.componente, "x")))
		o.Unico, o.Remoto, o.Captcha = chiedi(true, errors.New("guasto")), chiedi(true, errors.New("guasto")), chiedi(true, errors.New("guasto"))
		require.Contains(t, scritti(verifica(t, o, c.componente, "x")), "nonVerificabile")
	}
	o := opzioni
	o.Elenco = func(context.Context, string) ([]any, error) { return nil, errors.New("guasto") }
	require.Contains(t, scritti(verifica(t, o, `{"type":"select","dataSrc":"url","validate":{"onlyAvailableItems":true}}`, "x")), "nonVerificabile")
}

func TestModello(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fonte, s    string
		ok, lineare bool
	}{
		{`[0-9]{5}`, "00184", true, true},
		{`[0-9]{5}`, "00184x", false, true},
		{`(?=.*\d)[a-z\d]+`, "abc1", true, false},
		{`(a)\1`, "aa", true, false},
		{`\s`, "\u00a0", true, true},
		{`(a+)+`, strings.Repeat("a", 5000) + "b", false, true},
		{`[^]`, "x", true, true},
		{`\d+`, "١", false, true},
	} {
		m, err := regola.CompilaModello(c.fonte)
		require.NoError(t, err, c.fonte)
		require.Equal(t, c.lineare, m.Lineare(), c.fonte)
		ok, err := m.Corrisponde(c.s)
		require.NoError(t, err, c.fonte)
		require.Equal(t, c.ok, ok, c.fonte)
	}
	for _, s := range []string{"(", "[z-a]", strings.Repeat("a", regola.MaxModello+1)} {
		_, err := regola.CompilaModello(s)
		require.ErrorIs(t, err, regola.ErrModello, "%.20s", s)
	}
	m, err := regola.CompilaModello(`(?=a)(a+)+`)
	require.NoError(t, err)
	_, err = m.Corrisponde(strings.Repeat("a", 60) + "b")
	require.ErrorIs(t, err, regola.ErrModello, "catastrophic, and stopped")
	_, err = m.Corrisponde(strings.Repeat("a", 20_000))
	require.ErrorIs(t, err, regola.ErrModello)
}

func TestProblemi(t *testing.T) {
	t.Parallel()
	var m regola.Motore
	for s, ok := range map[string]bool{
		`{"validate":{"pattern":"(","custom":"valid = (","json":{"boh":1}}}`:       false,
		`{"validate":{"custom":"valid = window.x"}}`:                               false,
		`{"validate":{"pattern":"a","custom":"valid = true","json":{"==":[1,1]}}}`: true,
		`{}`: true,
	} {
		c, err := regola.Leggi([]byte(s))
		require.NoError(t, err)
		require.Equal(t, ok, m.Problemi(c) == nil, s)
	}
}

func TestCatalogo(t *testing.T) {
	t.Parallel()
	c := regola.Componente{"label": "Età {{min}}", "errors": oggetto{"max": "Troppo: {{ max }}"}}
	for _, k := range regola.Chiavi() {
		e := regola.Errore{Chiave: k}
		require.NotEqual(t, k, regola.Messaggio(c, e))
		require.NotEmpty(t, regola.Consiglio(c, e), "ogni chiave ha il suo consiglio: %s", k)
		require.True(t, strings.HasSuffix(regola.Consiglio(c, e), "."), k)
	}
	e := regola.Errore{Chiave: "min", Parametri: map[string]string{"min": "18"}}
	require.Equal(t, "Età {{min}}: non può essere meno di 18", regola.Messaggio(c, e), "what is filled in is not filled again")
	require.Equal(t, "Scrivi un numero pari a 18 o maggiore.", regola.Consiglio(c, e))
	require.Equal(t, "Troppo: 5", regola.Messaggio(c, regola.Errore{Chiave: "max", Parametri: map[string]string{"max": "5"}}))
	require.Equal(t, "Testo della regola", regola.Messaggio(c, regola.Errore{Chiave: "Testo della regola"}))
	require.Equal(t, "k", regola.Etichetta(regola.Componente{"label": " ", "key": "k"}))
	require.Empty(t, regola.Etichetta(regola.Componente{}))
}

func TestConcorrenza(t *testing.T) {
	t.Parallel()
	var m regola.Motore
	c := regola.Componente{"type": "textfield", "validate": oggetto{"pattern": "(?=a)a+", "custom": "valid = [input].includes('aa') || 'no'"}}
	var g sync.WaitGroup
	for range 8 {
		g.Go(func() {
			for range 30 {
				if ee := m.Verifica(context.Background(), opzioni, regola.Caso{Componente: c, Valore: "aa", Percorso: "c"}); len(ee) > 0 && ee[0].Chiave == "no" {
					t.Error(ee)
				}
			}
		})
	}
	g.Wait()
}

func FuzzModello(f *testing.F) {
	f.Add(`[0-9]{5}|^$`, "00184")
	f.Add(`(?=a)(a+)+$`, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")
	f.Add(`(a)\1`, "aa")
	f.Fuzz(func(t *testing.T, fonte, s string) {
		m, err := regola.CompilaModello(fonte)
		if err != nil {
			require.ErrorIs(t, err, regola.ErrModello)
			return
		}
		if _, err := m.Corrisponde(s); err != nil {
			require.ErrorIs(t, err, regola.ErrModello)
			require.False(t, m.Lineare())
		}
	})
}

func ExampleMotore_Verifica() {
	c, err := regola.Leggi([]byte(`{"type": "textfield", "key": "cap", "label": "CAP", "validate": {"required": true, "pattern": "[0-9]{5}"}}`))
	if err != nil {
		panic(err)
	}
	var m regola.Motore
	for _, e := range m.Verifica(context.Background(), regola.Opzioni{}, regola.Caso{Componente: c, Valore: "184", Percorso: "cap"}) {
		fmt.Println(e.Percorso, e.Regola, regola.Messaggio(c, e))
	}
	// Output: cap pattern CAP: non è scritto nella forma richiesta
}
