package formio_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
)

// moduloCorpus is one definition of the collection of real forms.
type moduloCorpus struct {
	nome       string
	testo      []byte
	definito   *formio.Definizione
	componenti []any
}

// corpus reads every definition of the collection; it skips where there is none.
func corpus(t testing.TB) []moduloCorpus {
	t.Helper()
	cartella := ""
	dove, err := os.Getwd()
	require.NoError(t, err)
	for d := dove; d != filepath.Dir(d); d = filepath.Dir(d) {
		q := filepath.Join(filepath.Dir(d), "shared", "data", "formio")
		if _, err := os.Stat(q); err == nil {
			cartella = q
			break
		}
	}
	if cartella == "" {
		t.Skip("manca la raccolta di moduli Form.io accanto al progetto")
	}
	var q []moduloCorpus
	require.NoError(t, filepath.WalkDir(cartella, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".json" {
			return err
		}
		testo, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		dd, err := formio.LeggiTutte(testo)
		if err != nil {
			return nil // submissions, translations and catalogues: see TestCorpus
		}
		nome, err := filepath.Rel(cartella, p)
		for _, d := range dd {
			n := strings.TrimSuffix(filepath.ToSlash(nome), ".json")
			if len(dd) > 1 {
				n += "#" + d.Nome
			}
			q = append(q, moduloCorpus{nome: n, testo: testo, definito: d, componenti: d.Componenti()})
		}
		return err
	}))
	return q
}

func conta(vv []any) int {
	n := 0
	var conta1 func(v any)
	elenco := func(v any) {
		vv, _ := v.([]any)
		for _, v := range vv {
			conta1(v)
		}
	}
	conta1 = func(v any) {
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		n++
		elenco(m["components"])
		colonne, _ := m["columns"].([]any)
		righe, _ := m["rows"].([]any)
		for _, r := range righe {
			cc, _ := r.([]any)
			colonne = append(append([]any{}, colonne...), cc...)
		}
		for _, c := range colonne {
			if c, ok := c.(map[string]any); ok {
				elenco(c["components"])
			}
		}
	}
	elenco(vv)
	return n
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	moduli := corpus(t)
	require.GreaterOrEqual(t, len(moduli), 80)
	componenti, portati, diversi, no := 0, 0, 0, 0
	for _, k := range moduli {
		_, r, err := formio.Importa(k.definito, formio.OpzioniImporta{})
		require.NoError(t, err, k.nome)
		// text is the whole of the report: a component lost would be lost from it too
		require.Len(t, r.Righe, conta(k.componenti), k.nome)
		for _, x := range r.Righe {
			require.Equal(t, x.Portata == formio.Portato, len(x.Motivi) == 0, "%s: %s", k.nome, x.Percorso)
		}
		_, bis, err := formio.Importa(k.definito, formio.OpzioniImporta{})
		require.NoError(t, err)
		require.Equal(t, r.String(), bis.String())
		componenti += len(r.Righe)
		portati += r.Conta(formio.Portato)
		diversi += r.Conta(formio.PortatoConDifferenza)
		no += r.Conta(formio.NonPortato)
		var prova any
		require.NoError(t, json.Unmarshal(k.testo, &prova))
	}
	t.Logf("%d moduli, %d componenti: %d portati, %d con differenza, %d non portati", len(moduli), componenti, portati, diversi, no)
}
