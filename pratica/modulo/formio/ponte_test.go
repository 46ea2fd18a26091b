package formio_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// ponteDelPortale imports the form that the example portal has, and compiles it
// as a form of the library.
func ponteDelPortale(t testing.TB) (*formio.Ponte, *modulo.Modulo) {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash("../../../examples/portale/servizi/configurazioni/centri-estivi.formio.json"))
	require.NoError(t, err)
	d, err := formio.Leggi(b)
	require.NoError(t, err)
	fm, _, err := formio.Importa(d, formio.OpzioniImporta{})
	require.NoError(t, err)
	p, err := fm.Ponte(formio.OpzioniPonte{ID: "prova"})
	require.NoError(t, err)
	m, err := modulo.Compila(p.Definizione(), modulo.ConEstensione(p))
	require.NoError(t, err)
	return p, m
}

func oggi(t testing.TB) termini.Giorno {
	t.Helper()
	g, err := termini.LeggiGiorno("2026-06-01")
	require.NoError(t, err)
	return g
}

func codici(e modulo.Errori) map[string][]string {
	q := map[string][]string{}
	for _, x := range e {
		q[x.Percorso] = append(q[x.Percorso], x.Codice)
	}
	return q
}

func buone() modulo.Risposte {
	return modulo.Risposte{
		"applicant_name": "Ada", "applicant_surname": "Rossi", "applicant_fiscal_code": "RSSDAA80A41H501X", "email_address": "ada@esempio.it",
		"isee_presente": "si", "isee": "12.500,50",
		"figli":         []map[string]any{{"nome": "Leo Bianchi", "eta": "7", "settimane": "3"}, {"nome": "Mia Bianchi", "eta": "9", "settimane": "2", "disabilita": true}},
		"centro_scelto": "altro", "altro_centro": "La fattoria", "servizi": []string{"mensa"}, "dal": "15/06/2026",
		"iban": "IT60X0542811101000000123456", "ricevuta": []string{"a1"}, "vero": true,
	}
}

func opzioniPonte(t testing.TB) modulo.Opzioni {
	return modulo.Opzioni{Oggi: oggi(t), Allegati: map[string]modulo.InfoFile{"a1": {Nome: "ricevuta.pdf", Tipo: "application/pdf", Byte: 1200}}}
}

func TestPonte(t *testing.T) {
	t.Parallel()
	_, m := ponteDelPortale(t)
	var sezioni []string
	for _, s := range m.Definizione().Sezioni {
		sezioni = append(sezioni, s.ID)
	}
	require.Equal(t, []string{"richiedente", "famiglia", "centro", "contributo"}, sezioni)
	e := m.Valuta(buone(), opzioniPonte(t))
	require.Empty(t, codici(e.Errori))
	require.Equal(t, "5", e.Valori["settimane_totali"])
	require.Equal(t, "200.00", e.Valori["contributo_stimato"], "five weeks at 40 euro, whatever was posted")
	require.True(t, e.Calcolato("contributo_stimato"))
	require.True(t, e.Visibile("altro_centro"))
	require.False(t, e.Visibile("avviso_isee"))

	r := buone()
	r["isee_presente"], r["centro_scelto"], r["iban"], r["contributo_stimato"] = "no", "pini", "IT60", "9000"
	r["figli"] = []map[string]any{{"nome": "Leo", "eta": "2", "settimane": "tre"}}
	e = m.Valuta(r, opzioniPonte(t))
	require.False(t, e.Visibile("isee"))
	require.NotContains(t, e.Valori, "isee")
	require.True(t, e.Visibile("avviso_isee"))
	require.NotContains(t, e.Valori, "altro_centro")
	c := codici(e.Errori)
	require.Equal(t, []string{"minimo"}, c["figli[0].eta"])
	require.Contains(t, c["figli[0].settimane"], "formato")
	require.Equal(t, []string{"custom"}, c["iban"])
	for _, x := range e.Errori {
		if x.Percorso == "iban" {
			require.Equal(t, "L'IBAN italiano ha 27 caratteri e comincia con IT", x.Messaggio)
		}
	}
	require.NotEqual(t, "9000.00", e.Valori["contributo_stimato"])
}

// TestPonteSolaLettura: what a form disables is locked in every row, and in the
// rows of rows.
func TestPonteSolaLettura(t *testing.T) {
	t.Parallel()
	fm, _ := importa(t, `[{"type":"datagrid","key":"figli","label":"Figli","input":true,"components":[
		{"type":"textfield","key":"nome","label":"Nome","input":true},
		{"type":"datagrid","key":"vaccini","label":"Vaccini","input":true,"components":[
			{"type":"textfield","key":"lotto","label":"Lotto","input":true,"disabled":true},{"type":"textfield","key":"sede","label":"Sede","input":true}]}]}]`, formio.OpzioniImporta{})
	p, err := fm.Ponte(formio.OpzioniPonte{ID: "prova", Titolo: "Prova"})
	require.NoError(t, err)
	m, err := modulo.Compila(p.Definizione(), modulo.ConEstensione(p))
	require.NoError(t, err)
	e := m.Valuta(modulo.Risposte{"figli": []map[string]any{
		{"nome": "Leo"}, {"nome": "Mia", "vaccini": []map[string]any{{"lotto": "A"}, {"lotto": "B", "sede": "x"}}},
	}}, modulo.Opzioni{})
	require.True(t, e.SolaLettura("figli[1].vaccini[0].lotto"))
	require.True(t, e.SolaLettura("figli[1].vaccini[1].lotto"))
	require.False(t, e.SolaLettura("figli[1].vaccini[1].sede"))
	require.False(t, e.SolaLettura("figli[1].nome"))
}
