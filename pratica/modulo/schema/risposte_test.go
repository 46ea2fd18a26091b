package schema_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/schema"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

var oggi = termini.Giorno{Anno: 2026, Mese: time.March, Giorno: 31}

// tutti has a field of every type that needs no more than itself.
func tutti(t require.TestingT) *modulo.Modulo {
	opzioni := []modulo.Opzione{{Valore: "a", Etichetta: "Alfa"}, {Valore: "b", Etichetta: "Beta"}, {Valore: "c", Etichetta: "Gamma"}}
	m, err := modulo.Compila(modulo.Definizione{ID: "tutti", Versione: 3, Titolo: "Tutti", Descrizione: "Un campo per tipo", Sezioni: []modulo.Sezione{
		{ID: "uno", Titolo: "Uno", Campi: []modulo.Campo{
			{ID: "testo", Etichetta: "Testo", Tipo: modulo.Testo, Obbligatorio: true, MinimoCaratteri: 2, MassimoCaratteri: 5, Schema: "[A-Za-z ]+", MessaggioSchema: "Solo lettere"},
			{ID: "lungo", Etichetta: "Lungo", Tipo: modulo.TestoLungo, Schema: `(?s).*[\n ].*`, MessaggioSchema: "Due parole"},
			{ID: "intero", Etichetta: "Intero", Tipo: modulo.Intero, Minimo: "0"},
			{ID: "decimale", Etichetta: "Decimale", Tipo: modulo.Decimale},
			{ID: "importo", Etichetta: "Importo", Tipo: modulo.Importo, Massimo: "1000"},
			{ID: "doppio", Etichetta: "Doppio", Tipo: modulo.Importo, Calcolo: "importo * 2"},
			{ID: "data", Etichetta: "Data", Tipo: modulo.Data, Massimo: "oggi"},
			{ID: "ora", Etichetta: "Ora", Tipo: modulo.Ora},
			{ID: "sino", Etichetta: "Sì o no", Tipo: modulo.SiNo, Obbligatorio: true},
			{ID: "scelta", Etichetta: "Scelta", Tipo: modulo.Scelta, Opzioni: opzioni},
			{ID: "multipla", Etichetta: "Multipla", Tipo: modulo.SceltaMultipla, Opzioni: opzioni, MassimoScelte: 2},
			{ID: "sito", Etichetta: "Sito", Tipo: modulo.URL},
			{ID: "novita", Etichetta: "Novità", Tipo: modulo.Consenso},
			{ID: "nota", Tipo: modulo.Nota, Testo: "Nota"},
		}},
		{ID: "due", Titolo: "Due", Se: "sino", Campi: []modulo.Campo{
			{ID: "email", Etichetta: "E-mail", Tipo: modulo.Email, Obbligatorio: true},
			{ID: "pec", Etichetta: "PEC", Tipo: modulo.PEC},
			{ID: "telefono", Etichetta: "Telefono", Tipo: modulo.Telefono},
			{ID: "cf", Etichetta: "Codice fiscale", Tipo: modulo.CodiceFiscale},
			{ID: "piva", Etichetta: "Partita IVA", Tipo: modulo.PartitaIVA},
			{ID: "iban", Etichetta: "IBAN", Tipo: modulo.IBAN},
			{ID: "cap", Etichetta: "CAP", Tipo: modulo.CAP},
			{ID: "file", Etichetta: "File", Tipo: modulo.File, MassimoFile: 2, TipiFile: []string{"application/pdf"}},
			{ID: "vero", Etichetta: "Dichiarazione", Tipo: modulo.Dichiarazione, Testo: "Dichiaro"},
			{ID: "righe", Etichetta: "Righe", Tipo: modulo.Gruppo, EtichettaRiga: "Riga", MinimoRighe: 1, MassimoRighe: 2, Campi: []modulo.Campo{
				{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true},
				{ID: "eta", Etichetta: "Età", Tipo: modulo.Intero},
				{ID: "dosi", Etichetta: "Dosi", Tipo: modulo.Gruppo, EtichettaRiga: "Dose", Campi: []modulo.Campo{{ID: "giorno", Etichetta: "Giorno", Tipo: modulo.Data}}},
			}},
			{ID: "casa", Etichetta: "Casa", Tipo: modulo.Indirizzo},
		}},
	}})
	require.NoError(t, err)
	return m
}

// Answers that Valuta accepts validate, in the form that Valori has; and what
// comes back through JSON is accepted again.
func TestRisposte(t *testing.T) {
	t.Parallel()
	m := tutti(t)
	s := compila(t, schema.Risposte(m))
	o := modulo.Opzioni{Oggi: oggi, Allegati: map[string]modulo.InfoFile{"f1": {Tipo: "application/pdf"}, "f2": {Tipo: "application/pdf"}}}
	accettate, rifiutate := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		pesca := func(nome string, v ...any) any { return rapid.SampledFrom(append(v, v...)).Draw(t, nome) }
		r := modulo.Risposte{
			"testo": pesca("testo", "Anna", "Anna", "Anna", " Zoe ", "x"), "lungo": pesca("lungo", "", "a\r\nb", "due parole"),
			"intero": pesca("intero", "1.234", 12, ""), "decimale": pesca("decimale", "1,5", "", "0.5", "1234,125"),
			"importo": pesca("importo", "12,5", "€ 3", ""), "data": pesca("data", "31/3/2020", "2020-01-02", ""), "ora": pesca("ora", "9:05", "", "23.59"),
			"sino": pesca("sino", "si", true, "no", false), "scelta": pesca("scelta", "a", "", "c"),
			"multipla": pesca("multipla", []string{"b", "a"}, nil, []any{"c"}), "ignota": "x",
			"casa_via": pesca("via", "Via Roma", ""), "casa_civico": "1", "casa_cap": pesca("casa_cap", "00185", ""),
			"sito": pesca("sito", "https://www.example.org/a", ""), "novita": pesca("novita", true, "no", ""),
			"email": pesca("email", "a@example.org", "A@Example.org", "a@example.org"), "pec": pesca("pec", "a@pec.example.org", ""),
			"telefono": pesca("telefono", "06 12345678", ""), "cf": pesca("cf", "rssmra85t10a562s", ""), "piva": pesca("piva", "00743110157", ""),
			"iban": pesca("iban", "IT60 X054 2811 1010 0000 0123 456", ""), "cap": pesca("cap", "00185", ""),
			"file": pesca("file", "f1", []string{"f1", "f2"}, nil), "vero": pesca("vero", "on", true, "on", ""),
			"righe": pesca("righe", []any{map[string]any{"nome": "A", "eta": "3", "dosi": []any{map[string]any{"giorno": "1/2/2026"}}}}, []any{map[string]any{"nome": "A"}, map[string]any{"nome": "B"}}, []any{map[string]any{"nome": "A"}}),
		}
		e := m.Valuta(r, o)
		if len(e.Errori) > 0 {
			rifiutate++
			return
		}
		accettate++
		b, err := json.Marshal(e.Valori)
		require.NoError(t, err)
		require.NoError(t, valida(t, s, b), "%s", b)
		var dopo modulo.Risposte
		require.NoError(t, json.Unmarshal(b, &dopo))
		require.Empty(t, m.Valuta(dopo, o).Errori)
	})
	require.Greater(t, accettate, 10)
	require.Positive(t, rifiutate)
}

func TestRisposteSbagliate(t *testing.T) {
	t.Parallel()
	m := tutti(t)
	s := compila(t, schema.Risposte(m))
	require.Equal(t, schema.Risposte(m), schema.Risposte(m))
	buone := `{"testo":"Anna","sino":false}`
	require.NoError(t, valida(t, s, []byte(buone)))
	for _, b := range []string{
		`{}`, `{"testo":"Anna"}`, `{"testo":"A","sino":true}`, `{"testo":"Annamaria","sino":true}`, `{"testo":"Ann4","sino":true}`, `{"testo":"Anna","sino":"si"}`,
		`{"testo":"Anna","sino":true,"altro":1}`, `{"testo":"Anna","sino":true,"nota":"x"}`, `{"testo":"Anna","sino":true,"importo":"12,50"}`,
		`{"testo":"Anna","sino":true,"importo":12.5}`, `{"testo":"Anna","sino":true,"decimale":"1,5"}`, `{"testo":"Anna","sino":true,"intero":"1.5"}`,
		`{"testo":"Anna","sino":true,"data":"31/03/2026"}`, `{"testo":"Anna","sino":true,"ora":"24:00"}`, `{"testo":"Anna","sino":true,"scelta":"d"}`,
		`{"testo":"Anna","sino":true,"multipla":["a","b","c"]}`, `{"testo":"Anna","sino":true,"multipla":["a","a"]}`, `{"testo":"Anna","sino":true,"vero":false}`,
		`{"testo":"Anna","sino":true,"file":["a","b","c"]}`, `{"testo":"Anna","sino":true,"righe":[]}`, `{"testo":"Anna","sino":true,"righe":[{"eta":"3"}]}`,
		`{"testo":"Anna","sino":true,"righe":[{"nome":"A","x":1}]}`, `{"testo":"Anna","sino":true,"righe":[{"nome":"A"},{"nome":"B"},{"nome":"C"}]}`,
	} {
		require.Error(t, valida(t, s, []byte(b)), b)
	}
	require.NotContains(t, string(schema.Risposte(m)), `(?s)`)
	require.Contains(t, string(schema.Risposte(m)), `"readOnly": true`)
}

func TestRisposteDegliEsempi(t *testing.T) {
	t.Parallel()
	provati := 0
	for n, b := range esempi(t) {
		d, err := modulo.Leggi(bytes.NewReader(b))
		require.NoError(t, err)
		m, err := modulo.Compila(d)
		if err != nil {
			continue // it wants an elenco from its host
		}
		provati++
		s := compila(t, schema.Risposte(m))
		require.Error(t, valida(t, s, []byte(`{"chiave_che_non_c_e":1}`)), n)
	}
	require.GreaterOrEqual(t, provati, 6)
}
