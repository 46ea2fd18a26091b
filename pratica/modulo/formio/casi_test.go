package formio_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
)

var aggiorna = flag.Bool("update", false, "scrive testdata/casi.golden.json con le risposte di @formio/core")

// casoScritto is a small form and what is sent to it.
type casoScritto struct {
	Nome       string           `json:"nome"`
	Componenti []any            `json:"componenti"`
	Dati       []map[string]any `json:"dati"`
}

// TestCasi holds the forms of testdata/casi.json, which have something of all,
// against what @formio/core answered; where it is installed, -update asks again.
func TestCasi(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("testdata", "casi.json"))
	require.NoError(t, err)
	var casi []casoScritto
	require.NoError(t, json.Unmarshal(b, &casi))
	golden := filepath.Join("testdata", "casi.golden.json")
	if *aggiorna {
		var domande []casoOracolo
		for _, k := range casi {
			for i, d := range k.Dati {
				q := casoOracolo{ID: len(domande), Data: d}
				if i == 0 {
					q.Components = k.Componenti
				}
				domande = append(domande, q)
			}
		}
		b, err := json.MarshalIndent(oracolo(t, domande), "", " ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(golden, append(b, '\n'), 0o600))
	}
	b, err = os.ReadFile(golden)
	require.NoError(t, err)
	var attesi []esitoOracolo
	require.NoError(t, json.Unmarshal(b, &attesi))
	n := 0
	for _, k := range casi {
		testo, err := json.Marshal(k.Componenti)
		require.NoError(t, err)
		m, r := importa(t, string(testo), formio.OpzioniImporta{})
		require.Len(t, r.Righe, conta(k.Componenti))
		for _, d := range k.Dati {
			a := attesi[n]
			n++
			nostro := m.Elabora(d, formio.Opzioni{Adesso: adesso})
			require.NoError(t, nostro.Guasto)
			if a.Failed != "" {
				continue // @formio/core throws: what is sent gets no answer at all
			}
			e := m.Elabora(d, formio.Opzioni{Adesso: adesso, Fedele: true})
			sent, err := json.Marshal(d)
			require.NoError(t, err)
			if avuti := giro(t, e.Dati); !reflect.DeepEqual(a.Data, avuti) {
				t.Errorf("%s, %s: dati %s", k.Nome, sent, scarto("", a.Data, avuti))
			}
			if !ugualiSenzaOrdine(a.Hidden, e.Nascosti) {
				t.Errorf("%s, %s: nascosti %s", k.Nome, sent, scartoElenchi(a.Hidden, e.Nascosti))
			}
			if x, y := coppie(a.Errors), coppieDi(e.Errori); !reflect.DeepEqual(x, y) {
				t.Errorf("%s, %s: errori %s", k.Nome, sent, scartoElenchi(x, y))
			}
		}
	}
	require.Len(t, attesi, n)
}
