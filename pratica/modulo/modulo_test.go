package modulo_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

var oggi = termini.Giorno{Anno: 2026, Mese: time.March, Giorno: 31}

func daFile(t testing.TB, nome string) *modulo.Modulo {
	t.Helper()
	f, err := os.Open("testdata/" + nome + ".json")
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	d, err := modulo.Leggi(f)
	require.NoError(t, err)
	m, err := modulo.Compila(d)
	require.NoError(t, err)
	return m
}

// daCampi compiles a form of one section.
func daCampi(t testing.TB, campi ...modulo.Campo) *modulo.Modulo {
	t.Helper()
	m, err := modulo.Compila(conCampi(campi...))
	require.NoError(t, err)
	return m
}

func conCampi(campi ...modulo.Campo) modulo.Definizione {
	return modulo.Definizione{ID: "prova", Versione: 1, Titolo: "Prova",
		Sezioni: []modulo.Sezione{{ID: "sezione", Titolo: "Sezione", Campi: campi}}}
}

func campo(id string, t modulo.Tipo) modulo.Campo {
	return modulo.Campo{ID: id, Etichetta: strings.ToUpper(id), Tipo: t}
}

// codici writes the errors as "percorso:codice".
func codici(e modulo.Errori) []string {
	q := []string{}
	for _, v := range e {
		q = append(q, v.Percorso+":"+v.Codice)
	}
	return q
}

func nucleo() modulo.Risposte {
	return modulo.Risposte{
		"nome": "Ada", "cognome": "Bianchi", "codice_fiscale": "BNCDAA80A41H501N", "nascita": "1/1/1980",
		"email": "ada@example.it", "canale": "email", "isee": "12.000,00",
		"figli": []map[string]any{
			{"nome": "Zoe", "nascita": "31/03/2010", "spesa": "500,10", "studente": "si"},
			{"nome": "Ugo", "nascita": "2008-03-31", "spesa": "99.90", "studente": "no"},
		},
		"iban": "IT60X0542811101000000123456", "intestatario": "si", "veridicita": "si",
		"servizi": []string{"scuolabus", "mensa"}, "estranea": "x",
	}
}

func TestNucleo(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	e := m.Valuta(nucleo(), modulo.Opzioni{Oggi: oggi})
	require.Empty(t, codici(e.Errori.DellaSezione("nucleo")))
	require.Equal(t, "600.00", e.Valori["spesa_totale"])
	require.Equal(t, "160.10", e.Valori["contributo"]) // 0.35×600 = 210, one minor
	require.Equal(t, []map[string]any{
		{"nome": "Zoe", "nascita": "2010-03-31", "spesa": "500.10", "minorenne": true},
		{"nome": "Ugo", "nascita": "2008-03-31", "spesa": "99.90", "minorenne": false, "studente": false},
	}, e.Valori["figli"])
	require.Equal(t, []string{"mensa", "scuolabus"}, e.Valori["servizi"])
	require.NotContains(t, e.Valori, "estranea")
	require.True(t, e.Visibile("figli[1].studente"))
	require.False(t, e.Visibile("figli[0].studente"))
	require.Equal(t, []string{"richiedente", "nucleo", "pagamento", "conferma"}, e.SezioniVisibili())
}
