package modulotest_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/modulotest"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// finto is a testing.TB that keeps what it is told.
type finto struct {
	testing.TB
	errori []string
}

func (f *finto) Helper() {}

func (f *finto) Errorf(formato string, a ...any) {
	f.errori = append(f.errori, fmt.Sprintf(formato, a...))
}

func mensa(t require.TestingT) *modulo.Modulo {
	m, err := modulo.Compila(modulo.Definizione{
		ID: "mensa", Versione: 1, Titolo: "Mensa",
		Sezioni: []modulo.Sezione{
			{ID: "chi", Titolo: "Chi", Campi: []modulo.Campo{
				{ID: "avviso", Tipo: modulo.Nota, Testo: "Serve l'ISEE"},
				{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true},
				{ID: "nascita", Etichetta: "Nascita", Tipo: modulo.Data},
				{ID: "riduzione", Etichetta: "Riduzione", Tipo: modulo.SiNo, Obbligatorio: true},
				{ID: "isee", Etichetta: "ISEE", Tipo: modulo.Importo, Se: "riduzione", Obbligatorio: true},
				{ID: "molti", Etichetta: "Molti", Tipo: modulo.SiNo},
				{ID: "motivo", Etichetta: "Motivo", Tipo: modulo.Testo, Se: "not riduzione", ObbligatorioSe: "molti"},
			}},
			{ID: "figli", Titolo: "Figli", Se: "not vuoto(nome)", Campi: []modulo.Campo{
				{ID: "figli", Etichetta: "Figli", Tipo: modulo.Gruppo, EtichettaRiga: "Figlio", MinimoRighe: 1, Campi: []modulo.Campo{
					{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true},
					{ID: "pasti", Etichetta: "Pasti", Tipo: modulo.Intero},
					{ID: "dieta", Etichetta: "Dieta", Tipo: modulo.SiNo},
					{ID: "certificato", Etichetta: "Certificato", Tipo: modulo.File, Se: "riga.dieta", Obbligatorio: true},
				}},
				{ID: "totale", Etichetta: "Totale", Tipo: modulo.Importo, Calcolo: `somma(figli, "pasti") * 2`},
			}},
		},
		Regole: []modulo.Regola{
			{ID: "adulto", Se: "eta(nascita) < 18", Messaggio: "Serve un adulto", Campo: "nascita"},
			{Se: "totale > 70", Messaggio: "Troppi pasti"},
			{ID: "pasto", Se: "riga.pasti > 50", Messaggio: "Troppi pasti", Campo: "figli.pasti"},
		},
	})
	require.NoError(t, err)
	return m
}

func scenari(t require.TestingT) []modulotest.Scenario {
	f, err := os.Open("testdata/mensa.json")
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	q, err := modulotest.Leggi(f)
	require.NoError(t, err)
	return q
}

func TestEsegui(t *testing.T) {
	t.Parallel()
	c := modulotest.Esegui(t, mensa(t), scenari(t)...)
	require.Equal(t, []string{"sezione figli: condizione falsa", "regola 3 pasto: violata"}, c.Mancanti())
	require.Equal(t, 93, c.Percentuale())
	c.Pretendi(t, 93)

	f := &finto{}
	c.Pretendi(f, 94)
	require.Equal(t, []string{"copertura 93%, 27 di 29, mancano:\n\tsezione figli: condizione falsa\n\tregola 3 pasto: violata, ne serve 94%"}, f.errori)

	tutti := append(scenari(t), modulotest.Scenario{
		Attesi: modulotest.Attesi{Sezioni: []string{"chi"}},
	}, modulotest.Scenario{
		Risposte: modulo.Risposte{"nome": "A", "riduzione": false, "figli": []map[string]any{{"nome": "B", "pasti": 51}}},
		Attesi:   modulotest.Attesi{Errori: []string{"figli[0].pasti:pasto", ":regola"}},
	})
	c = modulotest.Esegui(t, mensa(t), tutti...)
	require.Equal(t, "copertura 100%, 29 di 29", c.String())
}

// Without one of the scenarios something is not covered: none of them covers by chance.
func TestCoperturaPerScenario(t *testing.T) {
	t.Parallel()
	for i := range scenari(t) {
		altri := append(scenari(t)[:i:i], scenari(t)[i+1:]...)
		require.Less(t, modulotest.Esegui(t, mensa(t), altri...).Percentuale(), 93)
	}
	// Nothing is said of a field that is hidden.
	mancanti := modulotest.Esegui(t, mensa(t), scenari(t)[0]).Mancanti()
	require.Contains(t, mancanti, "campo motivo: obbligatorio_se falsa")
	require.Contains(t, mancanti, "campo motivo: obbligatorio_se vera")
	require.NotContains(t, mancanti, "campo motivo: condizione falsa")
	m, err := modulo.Compila(modulo.Definizione{ID: "m", Versione: 1, Titolo: "M", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "S", Campi: []modulo.Campo{
		{ID: "x", Etichetta: "X", Tipo: modulo.Testo}}}}})
	require.NoError(t, err)
	c := modulotest.Esegui(t, m, modulotest.Scenario{Bozza: true, Attesi: modulotest.Attesi{Visibili: []string{"x"}}})
	require.Zero(t, c.Percentuale())
}

// Rows in rows, and the fields of a block.
func TestAnnidati(t *testing.T) {
	t.Parallel()
	m, err := modulo.Compila(modulo.Definizione{
		ID: "m", Versione: 1, Titolo: "M",
		Blocchi: []modulo.Blocco{{ID: "cane", Campi: []modulo.Campo{{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true}}}},
		Sezioni: []modulo.Sezione{{ID: "s", Titolo: "S", Campi: []modulo.Campo{
			{ID: "mio", Etichetta: "Il tuo cane", Tipo: modulo.DaBlocco, Blocco: "cane"},
			{ID: "altri", Etichetta: "Altri", Tipo: modulo.Gruppo, EtichettaRiga: "Cane", Campi: []modulo.Campo{
				{ID: "dosi", Etichetta: "Dosi", Tipo: modulo.Gruppo, EtichettaRiga: "Dose", Campi: []modulo.Campo{
					{ID: "fatta", Etichetta: "Fatta", Tipo: modulo.SiNo},
					{ID: "giorno", Etichetta: "Giorno", Tipo: modulo.Data, Se: "riga.fatta"},
				}},
			}},
		}}},
	})
	require.NoError(t, err)
	c := modulotest.Esegui(t, m, modulotest.Scenario{
		Risposte: modulo.Risposte{"altri": []map[string]any{{"dosi": []map[string]any{{"fatta": "no"}, {"fatta": "si", "giorno": "1/2/2026"}}}}},
		Attesi: modulotest.Attesi{
			Errori: []string{"mio_nome:obbligatorio"}, Nascosti: []string{"altri[0].dosi[0].giorno"},
			Valori: map[string]any{"altri[0].dosi[1].giorno": "2026-02-01"}, Riepilogo: map[string]string{"altri[0].dosi[1].giorno": "01/02/2026"},
		},
	})
	require.Equal(t, []string{"campo mio_nome"}, c.Mancanti())
}

func TestSiAccorge(t *testing.T) {
	t.Parallel()
	righe := []map[string]any{{"nome": "Zoe", "pasti": 20}}
	for _, c := range []struct {
		attesi  modulotest.Attesi
		rilievi []string
	}{
		{modulotest.Attesi{}, []string{"lo scenario non si aspetta niente"}},
		{modulotest.Attesi{Visibili: []string{"isee", "nome"}}, []string{"visibili: isee è nascosto"}},
		{modulotest.Attesi{Nascosti: []string{"isee", "nome"}}, []string{"nascosti: nome si vede"}},
		{modulotest.Attesi{Nascosti: []string{"iseee", "figli.nome", "figli[3].nome", "figli[x].nome", "figli[0"}}, []string{
			"nascosti: il modulo non ha il campo iseee", "nascosti: figli.nome è in un gruppo, di' la riga: figli[0].nome",
			"nascosti: la riga di figli[3].nome non c'è", "nascosti: la riga di figli[x].nome non c'è"}},
		{modulotest.Attesi{Sezioni: []string{"figli", "chi"}}, []string{"sezioni: attese [figli chi], si vedono [chi figli]"}},
		{modulotest.Attesi{Sezioni: []string{}}, []string{"sezioni: attese [], si vedono [chi figli]"}},
		{modulotest.Attesi{Obbligatori: []string{"nome", "nascita", "isee"}}, []string{"obbligatori: nascita è facoltativo", "obbligatori: isee è nascosto"}},
		{modulotest.Attesi{Facoltativi: []string{"nascita", "nome", "isee", "x"}}, []string{
			"facoltativi: nome è obbligatorio", "facoltativi: isee è nascosto", "facoltativi: il modulo non ha il campo x"}},
		{modulotest.Attesi{Valori: map[string]any{"totale": "41.00", "isee": "1", "nome": nil, "z": 1, "figli[0].pasti": "20"}}, []string{
			`valori: isee doveva essere "1", non c'è`, `valori: nome non doveva esserci, è "Anna"`, `valori: totale doveva essere "41.00", è "40.00"`,
			"valori: il modulo non ha il campo z"}},
		{modulotest.Attesi{Valori: map[string]any{"nome": func() {}}}, []string{`valori: nome doveva essere json: unsupported type: func(), è "Anna"`}},
		{modulotest.Attesi{Errori: []string{"nome:obbligatorio", "nascita:adulto"}}, []string{"errori: manca nome:obbligatorio"}},
		{modulotest.Attesi{Errori: []string{}}, []string{"errori: di troppo nascita:adulto"}},
		{modulotest.Attesi{Riepilogo: map[string]string{"totale": "40 €", "isee": "1", "nascita": "", "y": ""}}, []string{
			`riepilogo: isee doveva dire "1", non c'è`, `riepilogo: nascita doveva dire "", dice "01/01/2020"`, `riepilogo: totale doveva dire "40 €", dice "40,00 €"`,
			"riepilogo: il modulo non ha il campo y"}},
	} {
		f := &finto{}
		modulotest.Esegui(f, mensa(t), modulotest.Scenario{
			Nome: "prova", Giorno: termini.Giorno{Anno: 2026, Mese: time.March, Giorno: 31},
			Risposte: modulo.Risposte{"nome": "Anna", "nascita": "2020-01-01", "riduzione": false, "figli": righe}, Attesi: c.attesi,
		})
		var voluti []string
		if c.rilievi != nil {
			voluti = []string{"prova:\n\t" + strings.Join(c.rilievi, "\n\t")}
		}
		require.Equal(t, voluti, f.errori)
	}
	f := &finto{}
	modulotest.Esegui(f, mensa(t))
	modulotest.Esegui(f, mensa(t), modulotest.Scenario{
		Risposte: modulo.Risposte{"nom": "x"}, Precompilate: modulo.Risposte{"k": 1},
		Attesi: modulotest.Attesi{Errori: []string{"riduzione:obbligatorio", "nome:obbligatorio"}},
	})
	require.Equal(t, []string{"nessuno scenario", "scenario 1:\n\trisposte: il modulo non ha il campo nom\n\tprecompilate: il modulo non ha il campo k" +
		"\n\terrori: in altro ordine, [nome:obbligatorio riduzione:obbligatorio]"}, f.errori)
}

func TestLeggi(t *testing.T) {
	t.Parallel()
	for testo, errore := range map[string]string{
		`[{"nome":"a","attesi":{"visibile":["x"]}}]`: "unknown field",
		`{`:                         "unexpected EOF",
		`[] []`:                     "testo dopo gli scenari",
		`[{"giorno":"2026-02-30"}]`: "giorno",
	} {
		_, err := modulotest.Leggi(strings.NewReader(testo))
		require.ErrorContains(t, err, errore)
	}
	_, err := modulotest.Leggi(iotest.ErrReader(errors.ErrUnsupported))
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = modulotest.Leggi(strings.NewReader(strings.Repeat(" ", 16<<20+1)))
	require.ErrorContains(t, err, "oltre")
	q, err := modulotest.Leggi(strings.NewReader(`[{"attesi":{"errori":[]}}]`))
	require.NoError(t, err)
	require.NotNil(t, q[0].Attesi.Errori)
}

func FuzzLeggi(f *testing.F) {
	b, err := os.ReadFile("testdata/mensa.json")
	require.NoError(f, err)
	f.Add(string(b))
	f.Add(`[{"risposte":{"figli":[1,null,{"nome":{}}]},"attesi":{"valori":{"figli[0].nome":null,"[":1,"figli[":2,"a.b.c":3},"nascosti":["","]","figli[9999999].nome"]}}]`)
	m := mensa(f)
	f.Fuzz(func(t *testing.T, s string) {
		q, err := modulotest.Leggi(strings.NewReader(s))
		if err != nil {
			return
		}
		c := modulotest.Esegui(&finto{}, m, q...)
		require.LessOrEqual(t, c.Percentuale(), 100)
	})
}
