package formio_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
)

// regoleDiCore are the names that @formio/core gives its errors, by rule.
var regoleDiCore = map[string][]string{
	"validateAvailableItems": {"onlyAvailableItems"}, "validateRequired": {"required"}, "validateMask": {"mask"}, "validateDate": {"date"}, "validateRequiredDay": {"day"},
	"validateUrl": {"url"}, "validateDay": {"day"}, "validateJson": {"json"}, "validateMaximumDay": {"maxDate"}, "validateMaximumSelectedCount": {"maxSelectedCount"},
	"validateMaximumValue": {"max"}, "validateMaximumYear": {"maxYear"}, "validateMinimumDay": {"minDate"}, "validateMinimumSelectedCount": {"minSelectedCount"},
	"validateMinimumValue": {"min"}, "validateMinimumYear": {"minYear"}, "validateRegexPattern": {"pattern"}, "validateUrlSelectValue": {"select"},
	"validateMaximumLength": {"maxLength"}, "validateMaximumWords": {"maxWords"}, "validateMinimumLength": {"minLength"}, "validateMinimumWords": {"minWords"},
	"validateTime": {"time"}, "validateCustom": {"custom"}, "validateValueProperty": {"select", "invalidValueProperty"}, "validateEmail": {"email"}, "validateNumber": {"number"},
	"validateMultiple": {"array", "nonarray", "array_nonempty"},
}

const (
	daServer = "l'elenco sta su un altro server: @formio/core nel processo intero lo lascia passare, qui il valore è rifiutato"
	senzaNum = "nel processo intero @formio/core scarta quello che non è un numero; qui è un errore"
	intero   = "nel processo intero @formio/core normalizza prima il valore, e risponde come qui"
	data     = "JSON non ha oggetti Date: nel file il valore è null"
	istanza  = "chiede l'istanza del browser, che qui non c'è"
)

// diversi are the cases of single rules that do not come out the same, and why.
var diversi = map[string]string{
	"Validating a simple radio component with url data source with the available items validation parameter will return FieldError if the item is invalid/false":          daServer,
	"Validating a simple select component with url data source with the available items validation parameter will return FieldError if the item is invalid/false":         daServer,
	"Validating a select boxes component with url data source with the available items validation parameter will return FieldError if the selected item is invalid/false": daServer,
	"Validating a select component with the remote validation parameter will return a FieldError if the value does not exist and the API returns an array/false":          daServer,
	"Validating a select component with the remote validation parameter will return a FieldError if the value does not exist and the API returns an object/false":         daServer,
	"Validating an invalid number will return a FieldError/false":                                                                      senzaNum,
	"Validating a simple selectbox that is required and present in the data with value set to 0 will return null/true":                 intero,
	"Should return a FieldError when validating a time component with a valid format but one that does not match the dataFormat/false": intero,
	"Validating a date/time component with an invalid Date object will return a FieldError/false":                                      data,
	"Validating a day component with an invalid Date object will return a FieldError/false":                                            data,
	"Validating a mask component should return null if the instance contains a skipMaskValidation property/true":                       istanza,
}

// TestCasiDiCore holds the engine against the validation cases of @formio/core.
func TestCasiDiCore(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.FromSlash("../../../../shared/data/formio/formio-core-validation-cases.json"))
	if err != nil {
		t.Skip("la cartella shared non è accanto al progetto: i casi di @formio/core non si provano")
	}
	var casi []struct {
		Rule, Description string
		Component         json.RawMessage
		Data              map[string]any
		Expect            struct{ Valid bool }
	}
	require.NoError(t, json.Unmarshal(b, &casi))
	require.Len(t, casi, 166)
	uguali, usati := 0, map[string]bool{}
	for i, c := range casi {
		nome := fmt.Sprintf("%s/%v", c.Description, c.Expect.Valid)
		d, err := formio.Leggi(append(append([]byte("["), c.Component...), ']'))
		require.NoError(t, err, nome)
		m, _, err := formio.Importa(d, formio.OpzioniImporta{})
		require.NoError(t, err, nome)
		nomi := regoleDiCore[c.Rule]
		require.NotEmpty(t, nomi, c.Rule)
		e := m.Elabora(c.Data, formio.Opzioni{Adesso: adesso, Fedele: true})
		male := slices.ContainsFunc(e.Errori, func(x formio.Errore) bool { return slices.Contains(nomi, x.Regola) })
		if diversi[nome] != "" {
			require.Equal(t, c.Expect.Valid, male, "non più diverso: %s", nome)
			if diversi[nome] == daServer || diversi[nome] == senzaNum {
				require.NotEmpty(t, m.Elabora(c.Data, formio.Opzioni{Adesso: adesso}).Errori, nome)
			}
			usati[nome] = true
			continue
		}
		if male == c.Expect.Valid {
			t.Errorf("%d %s %s: atteso valido %v, avuto %v", i, c.Rule, nome, c.Expect.Valid, e.Errori)
			continue
		}
		uguali++
	}
	require.Len(t, usati, len(diversi))
	t.Logf("uguali %d su %d, diversi %d", uguali, len(casi), len(diversi))
}

// TestModelloDiJavaScript: a pattern means what it means in a browser.
func TestModelloDiJavaScript(t *testing.T) {
	t.Parallel()
	for modello, casi := range map[string]map[string]bool{
		`a\\sb`:               {"a\u00a0b": true, "a b": true, "ab": false},
		`\\Qa\\E`:             {"QaE": true, "a": false},
		`[^]`:                 {"\n": true},
		`(?<anno>\\d{4})-\\d`: {"2026-1": true, "26-1": false},
		`x(?!y)z?`:            {"xz": true, "x": true, "xyz": false},
	} {
		m, _ := importa(t, `[{"type":"textfield","key":"a","input":true,"validate":{"pattern":"`+modello+`"}}]`, formio.OpzioniImporta{})
		for s, bene := range casi {
			e := m.Elabora(map[string]any{"a": s}, formio.Opzioni{Adesso: adesso})
			require.Equal(t, bene, e.Valido(), "%s su %q: %v", modello, s, e.Errori)
		}
	}
}
