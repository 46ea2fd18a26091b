package schema_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/schema"
)

func compila(t require.TestingT, b []byte) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("urn:prova", doc))
	s, err := c.Compile("urn:prova")
	require.NoError(t, err)
	return s
}

// valida tries a document that encoding/json understands.
func valida(t require.TestingT, s *jsonschema.Schema, b []byte) error {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	require.NoError(t, err)
	return s.Validate(v)
}

// esempi are the definitions written in the repository, by file.
func esempi(t require.TestingT) map[string][]byte {
	q := map[string][]byte{}
	for _, g := range []string{"../testdata/*.json", "../html/testdata/*.json", "../../../examples/portale/servizi/configurazioni/*.json"} {
		nomi, err := filepath.Glob(g)
		require.NoError(t, err)
		for _, n := range nomi {
			b, err := os.ReadFile(n)
			require.NoError(t, err)
			var servizio struct {
				Modulo  json.RawMessage `json:"modulo"`
				Sezioni json.RawMessage `json:"sezioni"`
			}
			require.NoError(t, json.Unmarshal(b, &servizio), n)
			switch {
			case servizio.Sezioni != nil:
				q[n] = b
			case servizio.Modulo != nil:
				q[n] = servizio.Modulo
			}
		}
	}
	require.GreaterOrEqual(t, len(q), 6)
	return q
}

func TestEsempi(t *testing.T) {
	t.Parallel()
	s := compila(t, schema.JSON())
	for n, b := range esempi(t) {
		require.NoError(t, valida(t, s, b), n)
		d, err := modulo.Leggi(bytes.NewReader(b))
		require.NoError(t, err, n)
		j, err := json.Marshal(d)
		require.NoError(t, err)
		require.NoError(t, valida(t, s, j), n)
		dopo, err := modulo.Leggi(bytes.NewReader(j))
		require.NoError(t, err, n)
		require.Equal(t, d, dopo, n)
	}
}

func documento(t require.TestingT) map[string]any {
	var s map[string]any
	require.NoError(t, json.Unmarshal(schema.JSON(), &s))
	return s
}

func oggetto(v any, chiavi ...string) map[string]any {
	m, _ := v.(map[string]any)
	for _, c := range chiavi {
		m, _ = m[c].(map[string]any)
	}
	return m
}

// Every key of the Go types is in the schema and the other way round.
func TestChiavi(t *testing.T) {
	t.Parallel()
	doc := documento(t)
	require.Equal(t, schema.URN, doc["$id"])
	for tipo, dove := range map[reflect.Type]map[string]any{
		reflect.TypeFor[modulo.Definizione](): doc,
		reflect.TypeFor[modulo.Sezione]():     oggetto(doc, "$defs", "sezione"),
		reflect.TypeFor[modulo.Campo]():       oggetto(doc, "$defs", "campo"),
		reflect.TypeFor[modulo.Opzione]():     oggetto(doc, "$defs", "opzione"),
		reflect.TypeFor[modulo.Blocco]():      oggetto(doc, "$defs", "blocco"),
		reflect.TypeFor[modulo.Regola]():      oggetto(doc, "$defs", "regola"),
	} {
		require.Equal(t, false, dove["additionalProperties"], tipo.Name())
		scritte := oggetto(dove, "properties")
		var mie []string
		for i := range tipo.NumField() {
			chiave, _, _ := strings.Cut(tipo.Field(i).Tag.Get("json"), ",")
			mie = append(mie, chiave)
			require.Contains(t, scritte, chiave, tipo.Name())
			p := oggetto(scritte, chiave)
			require.NotEmpty(t, p["title"], chiave)
			require.NotEmpty(t, p["description"], chiave)
			if tipoJSON, ok := p["type"].(string); ok {
				require.Equal(t, map[reflect.Kind]string{
					reflect.String: "string", reflect.Bool: "boolean", reflect.Int: "integer", reflect.Int64: "integer", reflect.Slice: "array",
				}[tipo.Field(i).Type.Kind()], tipoJSON, chiave)
			}
		}
		for _, c := range slices.Sorted(maps.Keys(scritte)) {
			require.Contains(t, mie, c, tipo.Name())
		}
	}
	var enum []string
	voci, _ := oggetto(doc, "$defs", "campo", "properties", "tipo")["enum"].([]any)
	for _, v := range voci {
		s, _ := v.(string)
		enum = append(enum, s)
		require.True(t, modulo.Tipo(s).Valido(), s)
	}
	for _, tipo := range append(modulo.Tipi(), modulo.TipiComposti()...) {
		require.Contains(t, enum, string(tipo))
	}
}

// What Leggi refuses as unknown key the schema refuses too, wherever it stands.
func TestChiaviIgnote(t *testing.T) {
	t.Parallel()
	s := compila(t, schema.JSON())
	for n, b := range esempi(t) {
		posti := 0
		for i := 0; ; i++ {
			var d map[string]any
			require.NoError(t, json.Unmarshal(b, &d))
			if !inserisci(d, &[]int{i}[0]) {
				break
			}
			posti++
			j, err := json.Marshal(d)
			require.NoError(t, err)
			_, err = modulo.Leggi(bytes.NewReader(j))
			require.ErrorIs(t, err, modulo.ErrDefinizione, n)
			require.Error(t, valida(t, s, j), n)
		}
		require.Greater(t, posti, 5, n)
	}
}

// inserisci puts an unknown key into the n-th object.
func inserisci(v any, n *int) bool {
	switch v := v.(type) {
	case map[string]any:
		if *n == 0 {
			v["ignota"] = 1
			return true
		}
		*n--
		for _, c := range slices.Sorted(maps.Keys(v)) {
			if inserisci(v[c], n) {
				return true
			}
		}
	case []any:
		for _, x := range v {
			if inserisci(x, n) {
				return true
			}
		}
	}
	return false
}

func conCampo(campo string) []byte {
	return []byte(`{"id":"m","versione":1,"titolo":"M","sezioni":[{"id":"s","titolo":"S","campi":[` + campo + `]}]}`)
}

func TestRotte(t *testing.T) {
	t.Parallel()
	s := compila(t, schema.JSON())
	require.NoError(t, valida(t, s, conCampo(`{"id":"x","etichetta":"X","tipo":"testo"}`)))
	for _, b := range []string{
		`[]`, `{}`, `"x"`, `{"id":"m","versione":1,"titolo":"M","sezioni":[]}`,
		`{"id":"M","versione":1,"titolo":"M","sezioni":[{"id":"s","titolo":"S","campi":[{"id":"x","etichetta":"X","tipo":"testo"}]}]}`,
		`{"id":"m","versione":0,"titolo":"M","sezioni":[{"id":"s","titolo":"S","campi":[{"id":"x","etichetta":"X","tipo":"testo"}]}]}`,
		`{"id":"m","versione":1.5,"titolo":"M","sezioni":[{"id":"s","titolo":"S","campi":[{"id":"x","etichetta":"X","tipo":"testo"}]}]}`,
		`{"id":"m","versione":1,"titolo":" ","sezioni":[{"id":"s","titolo":"S","campi":[{"id":"x","etichetta":"X","tipo":"testo"}]}]}`,
		`{"id":"m","versione":1,"titolo":"M","sezioni":[{"id":"s","titolo":"S","campi":[]}]}`,
		`{"id":"m","versione":1,"titolo":"M","sezioni":[{"id":"s","titolo":"S","campi":[{"id":"x","etichetta":"X","tipo":"testo"}]}],"regole":[{"se":"true"}]}`,
		`{"id":"m","versione":1,"titolo":"M","sezioni":[{"id":"s","titolo":"S","campi":[{"id":"x","etichetta":"X","tipo":"testo"}]}],"regole":[{"se":" ","messaggio":"m"}]}`,
	} {
		rifiutata(t, s, []byte(b))
	}
	for _, c := range []string{
		`{"etichetta":"X","tipo":"testo"}`, `{"id":"x","tipo":"testo"}`, `{"id":"x","etichetta":"X"}`,
		`{"id":"x","etichetta":" ","tipo":"testo"}`, `{"id":"1x","etichetta":"X","tipo":"testo"}`,
		`{"id":"x","etichetta":"X","tipo":"colore"}`, `{"id":"x","etichetta":"X","tipo":"testo","obbligatorio":"si"}`,
		`{"id":"x","etichetta":"X","tipo":"testo","opzioni":[{"valore":"a","etichetta":"A"}]}`,
		`{"id":"x","etichetta":"X","tipo":"testo","minimo":"1"}`, `{"id":"x","etichetta":"X","tipo":"importo","minimo":1}`,
		`{"id":"x","etichetta":"X","tipo":"importo","massimo_caratteri":3}`,
		`{"id":"x","etichetta":"X","tipo":"testo","massimo_caratteri":50001}`,
		`{"id":"x","etichetta":"X","tipo":"decimale","decimali":11}`, `{"id":"x","etichetta":"X","tipo":"importo","decimali":1}`,
		`{"id":"x","etichetta":"X","tipo":"scelta","opzioni":[{"valore":"","etichetta":"A"}]}`,
		`{"id":"x","etichetta":"X","tipo":"scelta","opzioni":[{"valore":"a"}]}`,
		`{"id":"x","etichetta":"X","tipo":"dichiarazione"}`, `{"id":"x","tipo":"nota"}`,
		`{"id":"x","etichetta":"X","tipo":"gruppo","etichetta_riga":"R"}`,
		`{"id":"x","etichetta":"X","tipo":"gruppo","campi":[{"id":"y","etichetta":"Y","tipo":"testo"}]}`,
		`{"id":"x","etichetta":"X","tipo":"file","tipi_file":["pdf"]}`, `{"id":"x","etichetta":"X","tipo":"file","massimo_file":51}`,
		`{"id":"x","etichetta":"X","tipo":"file","predefinito":"a"}`, `{"id":"x","etichetta":"X","tipo":"email","calcolo":"1"}`,
		`{"id":"x","etichetta":"X","tipo":"testo","schema":"[a-z]"}`,
		`{"id":"x","etichetta":"X","tipo":"testo","unico":"mese"}`, `{"id":"x","etichetta":"X","tipo":"testo","norma":"N"}`, `{"id":"x","etichetta":"X","tipo":"nota","testo":"T","versione_testo":"1"}`,
		`{"id":"x","etichetta":"X","tipo":"file","elenco":"comuni"}`, `{"id":"x","etichetta":"X","tipo":"bollo","predefinito":"a"}`,
	} {
		rifiutata(t, s, conCampo(c))
	}
}

// rifiutata: by the schema, and by the package that reads and compiles, so that
// the corpus holds nothing that is fine.
func rifiutata(t *testing.T, s *jsonschema.Schema, b []byte) {
	t.Helper()
	require.Error(t, valida(t, s, b), "%s", b)
	d, err := modulo.Leggi(bytes.NewReader(b))
	if err == nil {
		_, err = modulo.Compila(d)
	}
	require.ErrorIs(t, err, modulo.ErrDefinizione, "%s", b)
}

// The schema never refuses what compiles: every setting on every type.
func TestMaiPiuSevero(t *testing.T) {
	t.Parallel()
	s := compila(t, schema.JSON())
	impostazioni := []string{"",
		`"opzioni":[{"valore":"a","etichetta":"A"}]`, `"minimo_scelte":1`, `"massimo_scelte":1`, `"minimo_caratteri":1`, `"massimo_caratteri":9`,
		`"schema":"[a-z]+","messaggio_schema":"m"`, `"minimo":"1"`, `"massimo":"9"`, `"minimo":"oggi"`, `"massimo":"2026-03-31"`, `"minimo":"08:30"`,
		`"decimali":2`, `"campi":[{"id":"y","etichetta":"Y","tipo":"testo"}]`, `"etichetta_riga":"R"`, `"etichetta_aggiungi":"A"`, `"minimo_righe":1`,
		`"massimo_righe":3`, `"tipi_file":["application/pdf"]`, `"massimo_byte":9`, `"massimo_file":2`, `"testo":"T"`, `"calcolo":"1"`,
		`"calcolo":"\"a\""`, `"calcolo":"oggi()"`, `"calcolo":"true"`, `"predefinito":"a"`, `"predefinito":true`, `"predefinito":"12"`,
		`"predefinito":["a"]`, `"obbligatorio":true`, `"autocompletamento":"email"`, `"norma":"N"`, `"unico":"anno"`, `"insieme":"i","etichetta_insieme":"I"`, `"versione_testo":"2"`, `"elenco":"comuni"`, `"elenco":"comuni","dipende_da":"y"`, `"opzioni":[],"campi":[],"massimo_file":0,"minimo":"","testo":""`,
	}
	basi := []string{"", `,"opzioni":[{"valore":"b","etichetta":"B"}]`, `,"testo":"T"`, `,"blocco":"b"`, `,"etichetta_riga":"R","campi":[{"id":"z","etichetta":"Z","tipo":"testo"}]`}
	buone, rifiutate := 0, 0
	for _, tipo := range append(modulo.Tipi(), modulo.TipiComposti()...) {
		for _, base := range basi {
			for _, i := range impostazioni {
				if i != "" {
					i = "," + i
				}
				b := conCampo(`{"id":"x","etichetta":"X","tipo":"` + string(tipo) + `"` + base + i + `}`)
				d, err := modulo.Leggi(bytes.NewReader(b))
				if err == nil {
					_, err = modulo.Compila(d)
				}
				errSchema := valida(t, s, b)
				if err == nil {
					buone++
					require.NoError(t, errSchema, "%s", b)
				} else if errSchema != nil {
					rifiutate++
				}
			}
		}
	}
	require.Greater(t, buone, 100)
	require.Greater(t, rifiutate, 1000)
}

func TestCopia(t *testing.T) {
	t.Parallel()
	schema.JSON()[0] = 'x'
	require.Equal(t, byte('{'), schema.JSON()[0])
}
