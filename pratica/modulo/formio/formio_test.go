package formio_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
)

var adesso = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)

func importa(t testing.TB, testo string, o formio.OpzioniImporta) (*formio.Modulo, *formio.Rapporto) {
	t.Helper()
	d, err := formio.Leggi([]byte(testo))
	require.NoError(t, err)
	m, r, err := formio.Importa(d, o)
	require.NoError(t, err)
	return m, r
}

func iscrizione(t testing.TB) (*formio.Modulo, *formio.Rapporto) {
	t.Helper()
	testo, err := os.ReadFile(filepath.Join("testdata", "iscrizione.json"))
	require.NoError(t, err)
	return importa(t, string(testo), formio.OpzioniImporta{})
}

func dati(t testing.TB, testo string) map[string]any {
	t.Helper()
	var q map[string]any
	require.NoError(t, json.Unmarshal([]byte(testo), &q))
	return q
}

const domanda = `{
  "applicant": {"data": {"nome": "Ada", "fiscal_code": "rssmra80a01h501u", "email": " Ada@Example.IT ", "straniero": false, "stato": "Francia"}},
  "isee": "21000.50", "fascia": "2",
  "figli": [{"nome": "Leo", "nascita": "01/02/2024", "disabile": false, "note": "non si vede"},
            {"nome": "Lia", "nascita": "29/02/2024", "disabile": true, "note": "sedia a rotelle"}],
  "quanti": 99, "servizi": {"mensa": false, "bus": true}, "sede": "mare", "fermata": "12", "iban": "IT60X",
  "allegati": [{"originalName": "a.pdf", "signature_validation": "ok"}],
  "calendar": "21/06/2026 @ 09:00-09:15 (c1#m1#o1)",
  "payment_amount": 1, "payment_financial_report": [{"codCapitolo": "1", "codUfficio": "2", "importo": "20.00"}, {"codCapitolo": "1", "codUfficio": "2", "importo": 12}],
  "estraneo": "x"
}`

func TestDomanda(t *testing.T) {
	t.Parallel()
	m, _ := iscrizione(t)
	in := dati(t, domanda)
	e := m.Elabora(in, formio.Opzioni{Adesso: adesso})
	require.Empty(t, e.Errori)
	require.True(t, e.Valido())
	require.Equal(t, dati(t, domanda), in, "i dati ricevuti non si toccano")
	require.Equal(t, dati(t, `{
	  "applicant": {"data": {"nome": "Ada", "fiscal_code": "RSSMRA80A01H501U", "email": "ada@example.it", "straniero": false}},
	  "isee": 21000.5, "fascia": "2",
	  "figli": [{"nome": "Leo", "nascita": "01/02/2024", "disabile": false},
	            {"nome": "Lia", "nascita": "29/02/2024", "disabile": true, "note": "sedia a rotelle"}],
	  "quanti": 2, "servizi": {"mensa": false, "bus": true}, "sede": "mare", "fermata": "12", "iban": "IT60X",
	  "allegati": [{"originalName": "a.pdf", "signature_validation": "ok"}],
	  "calendar": "21/06/2026 @ 09:00-09:15 (c1#m1#o1)",
	  "payment_amount": 32, "payment_financial_report": [{"codCapitolo": "1", "codUfficio": "2", "importo": "20.00"}, {"codCapitolo": "1", "codUfficio": "2", "importo": 12}]
	}`), e.Dati)
	require.Equal(t, []string{"applicant.data.stato", "figli[0].note"}, e.Nascosti)
	require.Equal(t, []formio.Calcolato{{"applicant.data.fiscal_code", "RSSMRA80A01H501U"}, {"quanti", 2.0}, {"payment_amount", 32.0}}, e.Calcolati)
}

// errori gives "path rule" of each error.
func errori(e formio.Esito) []string {
	q := []string{}
	for _, x := range e.Errori {
		q = append(q, x.Percorso+" "+x.Regola)
	}
	return q
}

func TestErrori(t *testing.T) {
	t.Parallel()
	m, _ := iscrizione(t)
	casi := []struct {
		nome, percorso string
		valore         any
		attesi         []string
	}{
		{"obbligatorio nel sottomodulo", "applicant", map[string]any{"data": map[string]any{"nome": "", "fiscal_code": "RSSMRA80A01H501U", "email": "a@b.it"}}, []string{"applicant.data.nome required"}},
		{"condizione nel sottomodulo", "applicant", map[string]any{"data": map[string]any{"nome": "A", "fiscal_code": "RSSMRA80A01H501U", "email": "a@b.it", "straniero": true}}, []string{"applicant.data.stato required"}},
		{"maschera", "applicant", map[string]any{"data": map[string]any{"nome": "A", "fiscal_code": "12", "email": "a@b.it"}}, []string{"applicant.data.fiscal_code mask"}},
		{"posta", "applicant", map[string]any{"data": map[string]any{"nome": "A", "fiscal_code": "RSSMRA80A01H501U", "email": "a@b"}}, []string{"applicant.data.email email"}},
		{"non è un numero", "isee", "abc", []string{"isee number", "payment_financial_report quadratura"}},
		{"numero troppo grande", "isee", 1e6, []string{"isee max"}},
		{"fuori elenco", "fascia", "9", []string{"fascia onlyAvailableItems"}},
		{"riga senza nome", "figli", []any{map[string]any{"nascita": "01/01/2020"}}, []string{"figli[0].nome required"}},
		{"giorno che non esiste", "figli", []any{map[string]any{"nome": "L", "nascita": "30/02/2020"}}, []string{"figli[0].nascita day"}},
		{"parole", "figli", []any{map[string]any{"nome": "L", "nascita": "01/01/2020", "disabile": true, "note": "a b c d e f"}}, []string{"figli[0].note maxWords"}},
		{"troppe caselle", "servizi", map[string]any{"mensa": true, "bus": true}, []string{"servizi maxSelectedCount"}},
		{"casella estranea", "servizi", map[string]any{"nave": true}, []string{"servizi onlyAvailableItems"}},
		{"select estraneo", "sede", "lago", []string{"sede onlyAvailableItems"}},
		{"obbligo della logica", "fermata", "", []string{"fermata required"}},
		{"espressione con sguardo", "fermata", "012", []string{"fermata pattern"}},
		{"script", "iban", "FR76", []string{"iban custom"}},
		{"script che chiede il browser", "remoto", "x", []string{"remoto nonVerificabile"}},
		{"tipo che non si conosce", "olo", "x", []string{"olo nonVerificabile"}},
		{"firma", "allegati", []any{map[string]any{"name": "a", "signature_validation": "none"}}, []string{"allegati firma"}},
		{"nomi uguali", "allegati", []any{map[string]any{"name": "a"}, map[string]any{"name": "a"}}, []string{"allegati nomiUguali"}},
		{"file che non lo sono", "allegati", "a", []string{"allegati array"}},
		{"appuntamento", "calendar", "21/06/2026 @ 09:15-09:00 (c1#m1#o1)", []string{"calendar appuntamento"}},
		{"quadratura", "payment_financial_report", []any{map[string]any{"codCapitolo": "1", "codUfficio": "2", "importo": 31.99}}, []string{"payment_financial_report quadratura"}},
		{"righe che non lo sono", "figli", "x", []string{"figli forma"}},
		{"riga che non lo è", "figli", []any{[]any{}}, []string{"figli[0].nome required", "figli[0].nascita day", "figli forma"}},
		{"sottomodulo che non lo è", "applicant", "x", []string{"applicant.data.nome required", "applicant.data.fiscal_code required", "applicant.data.email required", "applicant forma"}},
		{"testo come oggetto", "iban", map[string]any{"a": "b"}, []string{"iban nonarray"}},
	}
	for _, k := range casi {
		t.Run(k.nome, func(t *testing.T) {
			t.Parallel()
			in := dati(t, domanda)
			in[k.percorso] = k.valore
			e := m.Elabora(in, formio.Opzioni{Adesso: adesso})
			require.Equal(t, k.attesi, errori(e))
			require.False(t, e.Valido())
			for _, x := range e.Errori {
				require.NotEmpty(t, x.Messaggio)
				require.NotContains(t, x.Messaggio, "{{")
			}
		})
	}
}

func TestMessaggi(t *testing.T) {
	t.Parallel()
	m, _ := iscrizione(t)
	in := dati(t, domanda)
	in["sede"], in["iban"], in["fermata"], in["isee"] = "lago", "FR", "xx", -1.0
	e := m.Elabora(in, formio.Opzioni{Adesso: adesso, Testi: map[string]string{"ISEE": "Indikator", "min": "{{field}}: mindestens {{min}}"}})
	q := map[string]string{}
	for _, x := range e.Errori {
		q[x.Percorso] = x.Messaggio
	}
	require.Equal(t, "Scegli una Sede del comune", q["sede"])
	require.Equal(t, "Serve un IBAN italiano", q["iban"])
	require.Equal(t, "Scrivi il numero della fermata", q["fermata"])
	require.Equal(t, "Indikator: mindestens 0", q["isee"])
}

func TestRapporto(t *testing.T) {
	t.Parallel()
	_, r := iscrizione(t)
	per := map[string]formio.RigaRapporto{}
	for _, x := range r.Righe {
		per[x.Percorso] = x
	}
	require.Equal(t, formio.Portato, per["richiedente.applicant.nome"].Portata)
	require.Equal(t, formio.NonPortato, per["famiglia.remoto"].Portata)
	require.Equal(t, formio.NonPortato, per["fine.olo"].Portata)
	require.Equal(t, formio.PortatoConDifferenza, per["fine.allegati"].Portata)
	require.Contains(t, r.String(), "XMLHttpRequest")
	require.Contains(t, r.String(), "famiglia.colonne.isee")
	for _, k := range []string{"calcolo", "elenco", "numero", "prima-riga", "script", "tipo"} {
		require.Contains(t, r.Differenze, k)
	}
	m, r2 := importa(t, `[{"type":"ologramma","key":"olo","label":"O","input":true,"validate":{"required":true}}]`,
		formio.OpzioniImporta{Tipi: map[string]string{"ologramma": "textfield"}})
	require.Equal(t, 1, r2.Conta(formio.Portato))
	require.Empty(t, errori(m.Elabora(map[string]any{"olo": "x"}, formio.Opzioni{})))
	require.Equal(t, []string{"olo required"}, errori(m.Elabora(nil, formio.Opzioni{})))
}

// TestDifferenze shows each deliberate difference, and that Fedele takes it away.
func TestDifferenze(t *testing.T) {
	t.Parallel()
	casi := map[string]struct{ modulo, dati, nostro, fedele string }{
		"numero":      {`[{"type":"number","key":"n","input":true}]`, `{"n":"abc"}`, `["n number"]`, `[]`},
		"elenco":      {`[{"type":"radio","key":"r","input":true,"values":[{"value":"a"}]}]`, `{"r":"b"}`, `["r onlyAvailableItems"]`, `[]`},
		"prima-riga":  {`[{"type":"datagrid","key":"g","input":true,"components":[{"type":"textfield","key":"t","input":true,"validate":{"required":true}}]}]`, `{}`, `[]`, `["g[0].t required"]`},
		"forma":       {`[{"type":"container","key":"c","input":true,"components":[]}]`, `{"c":[1]}`, `["c forma"]`, `[]`},
		"script":      {`[{"type":"textfield","key":"t","input":true,"validate":{"custom":"valid = instance.root.x"}}]`, `{"t":"a"}`, `["t nonVerificabile"]`, `[]`},
		"tipo":        {`[{"type":"boh","key":"b","input":true}]`, `{"b":"a"}`, `["b nonVerificabile"]`, `[]`},
		"calcolo":     {`[{"type":"number","key":"c","input":true,"calculateValue":"value = 1","validate":{"max":5}}]`, `{"c":9}`, `[]`, `["c max"]`},
		"librerie":    {`[{"type":"textfield","key":"t","input":true,"validate":{"custom":"valid = _.isEmpty(input) ? true : 'no'"}}]`, `{"t":"a"}`, `["t custom"]`, `[]`},
		"radio-vuoto": {`[{"type":"radio","key":"r","input":true,"dataType":"string","values":[{"value":"a"}],"validate":{"required":true}}]`, `{}`, `["r required"]`, `[]`},
		"logica-riga": {`[{"type":"datagrid","key":"g","input":true,"components":[{"type":"checkbox","key":"c","input":true},{"type":"textfield","key":"t","input":true,
			"logic":[{"trigger":{"type":"javascript","javascript":"result = row.c"},"actions":[{"type":"property","property":{"type":"boolean","value":"validate.required"},"state":true}]}]}]}]`,
			`{"g":[{"c":true,"t":"x"},{"c":false}]}`, `[]`, `["g[1].t required"]`},
	}
	for _, d := range formio.Differenze() {
		k, ok := casi[d.Codice]
		require.True(t, ok, "manca la prova della differenza %s", d.Codice)
		m, r := importa(t, k.modulo, formio.OpzioniImporta{})
		require.Contains(t, r.Differenze, d.Codice)
		for _, x := range []struct {
			fedele bool
			attesi string
		}{{false, k.nostro}, {true, k.fedele}} {
			b, err := json.Marshal(errori(m.Elabora(dati(t, k.dati), formio.Opzioni{Fedele: x.fedele})))
			require.NoError(t, err)
			require.JSONEq(t, x.attesi, string(b), "%s, fedele %v", d.Codice, x.fedele)
		}
	}
}
