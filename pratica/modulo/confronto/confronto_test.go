package confronto_test

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/confronto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

var oggi = termini.Giorno{Anno: 2026, Mese: time.March, Giorno: 31}

// base has one field of most kinds; each test changes a copy of it.
func base() modulo.Definizione {
	return modulo.Definizione{
		ID: "nido", Versione: 1, Titolo: "Nido", Descrizione: "Iscrizione",
		Sezioni: []modulo.Sezione{
			{ID: "chi", Titolo: "Chi", Campi: []modulo.Campo{
				{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true, MassimoCaratteri: 80},
				{ID: "nascita", Etichetta: "Data di nascita", Tipo: modulo.Data, Massimo: "oggi"},
				{ID: "tipo", Etichetta: "Tipo", Tipo: modulo.Scelta, Opzioni: []modulo.Opzione{{Valore: "a", Etichetta: "Alfa"}, {Valore: "b", Etichetta: "Beta"}}},
				{ID: "altro", Etichetta: "Altro", Tipo: modulo.Testo, Se: `tipo == "b"`},
				{ID: "avviso", Etichetta: "Avviso", Tipo: modulo.Nota, Testo: "Leggi bene"},
			}},
			{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
				{ID: "isee", Etichetta: "Valore ISEE", Tipo: modulo.Importo, Minimo: "0", Massimo: "1000"},
				{ID: "ora", Etichetta: "Ora", Tipo: modulo.Ora, Minimo: "08:30"},
				{ID: "retta", Etichetta: "Retta", Tipo: modulo.Importo, Calcolo: "isee * 0.10"},
				{ID: "figli", Etichetta: "Figli", Tipo: modulo.Gruppo, EtichettaRiga: "Figlio", MassimoRighe: 3, Campi: []modulo.Campo{
					{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo},
					{ID: "eta", Etichetta: "Età", Tipo: modulo.Intero},
				}},
				{ID: "carta", Etichetta: "Carta", Tipo: modulo.File, TipiFile: []string{"application/pdf", "image/png"}, MassimoByte: 100},
				{ID: "vero", Etichetta: "Dichiarazione", Tipo: modulo.Dichiarazione, Testo: "Dichiaro il vero"},
			}},
		},
		Regole: []modulo.Regola{{ID: "grande", Se: "eta(nascita) < 18", Messaggio: "Serve un adulto", Campo: "nascita"}},
	}
}

func compila(t require.TestingT, d modulo.Definizione) *modulo.Modulo {
	m, err := modulo.Compila(d)
	require.NoError(t, err)
	return m
}

func conta(t *testing.T, cambia func(*modulo.Definizione)) confronto.Differenze {
	t.Helper()
	d := base()
	d.Versione = 2
	cambia(&d)
	return confronto.Confronta(compila(t, base()), compila(t, d))
}

// What only two forms with an elenco, or with unico, can differ in.
func TestElencoEUnico(t *testing.T) {
	t.Parallel()
	forma := func(versione int, elenco, dipende, unico, testo string) *modulo.Modulo {
		c := modulo.Campo{ID: "comune", Etichetta: "Comune", Tipo: modulo.Scelta, Elenco: elenco, DipendeDa: dipende}
		if elenco == "" {
			c.Opzioni = []modulo.Opzione{{Valore: "a", Etichetta: "A"}}
		}
		m, err := modulo.Compila(modulo.Definizione{ID: "m", Versione: versione, Titolo: "M", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "S", Campi: []modulo.Campo{
			{ID: "provincia", Etichetta: "Provincia", Tipo: modulo.Testo, Unico: unico}, c,
			{ID: "ok", Etichetta: "Ok", Tipo: modulo.Consenso, Testo: "Acconsento", VersioneTesto: testo, Norma: testo},
		}}}}, modulo.ConElenco("comuni", modulo.ElencoFisso()), modulo.ConElenco("altri", modulo.ElencoFisso()))
		require.NoError(t, err)
		return m
	}
	for _, c := range []struct {
		prima, dopo *modulo.Modulo
		codici      []string
	}{
		{forma(1, "comuni", "", "", "1"), forma(2, "altri", "", "", "1"), []string{"elenco comune"}},
		{forma(1, "comuni", "", "", "1"), forma(2, "comuni", "provincia", "", "1"), []string{"elenco comune"}},
		{forma(1, "comuni", "", "", "1"), forma(2, "", "", "", "1"), []string{"opzione_aggiunta comune", "elenco comune"}},
		{forma(1, "comuni", "", "", "1"), forma(2, "comuni", "", "anno", "1"), []string{"limite_stretto provincia"}},
		{forma(1, "comuni", "", "anno", "1"), forma(2, "comuni", "", "servizio", "1"), []string{"limite_stretto provincia"}},
		{forma(1, "comuni", "", "servizio", "1"), forma(2, "comuni", "", "anno", "1"), []string{"limite_largo provincia"}},
		{forma(1, "comuni", "", "anno", "1"), forma(2, "comuni", "", "", "1"), []string{"limite_largo provincia"}},
		{forma(1, "comuni", "", "", "1"), forma(2, "comuni", "", "", "2"), []string{"dichiarazione_numero ok", "impostazione ok"}},
	} {
		var codici []string
		for _, v := range confronto.Confronta(c.prima, c.dopo).Voci {
			codici = append(codici, v.Codice+" "+v.Percorso)
			require.NotEmpty(t, v.Effetto)
		}
		require.Equal(t, c.codici, codici)
	}
}

func TestConfronta(t *testing.T) {
	t.Parallel()
	chi := func(d *modulo.Definizione, i int) *modulo.Campo { return &d.Sezioni[0].Campi[i] }
	dati := func(d *modulo.Definizione, i int) *modulo.Campo { return &d.Sezioni[1].Campi[i] }
	const (
		cos, com, riv, inc = confronto.Cosmetica, confronto.Compatibile, confronto.DaRivedere, confronto.Incompatibile
	)
	visti := map[string]bool{}
	for _, c := range []struct {
		nome   string
		cambia func(*modulo.Definizione)
		codici []string // "codice percorso"
		peso   confronto.Peso
	}{
		{"niente", func(*modulo.Definizione) {}, nil, cos},
		{"id", func(d *modulo.Definizione) { d.ID = "asilo" }, []string{"modulo "}, inc},
		{"titoli", func(d *modulo.Definizione) {
			d.Titolo = "N"
			d.Descrizione = ""
			d.Sezioni[0].Titolo = "X"
			d.Sezioni[0].Descrizione = "y"
		},
			[]string{"titolo ", "testo ", "titolo chi", "testo chi"}, cos},
		{"versione ferma", func(d *modulo.Definizione) { d.Titolo = "N"; d.Versione = 1 }, []string{"titolo ", "versione "}, riv},
		{"sezione in più", func(d *modulo.Definizione) {
			d.Sezioni = append(d.Sezioni, modulo.Sezione{ID: "fine", Titolo: "Fine", Campi: []modulo.Campo{{ID: "note", Etichetta: "Note", Tipo: modulo.Testo}}})
		}, []string{"sezione_aggiunta fine", "campo_aggiunto note"}, com},
		{"sezione in meno", func(d *modulo.Definizione) { d.Sezioni = d.Sezioni[:1] },
			[]string{"sezione_tolta dati", "campo_tolto isee", "campo_tolto ora", "campo_tolto retta", "campo_tolto figli", "campo_tolto figli.nome", "campo_tolto figli.eta", "campo_tolto carta", "campo_tolto vero"}, inc},
		{"sezioni scambiate", func(d *modulo.Definizione) { slices.Reverse(d.Sezioni) }, []string{"ordine "}, cos},
		{"condizione di sezione", func(d *modulo.Definizione) { d.Sezioni[1].Se = `tipo == "a"` }, []string{"condizione dati"}, riv},
		{"condizione tolta", func(d *modulo.Definizione) { chi(d, 3).Se = "" }, []string{"condizione altro"}, riv},
		{"condizione cambiata", func(d *modulo.Definizione) { chi(d, 3).Se = `tipo == "a"` }, []string{"condizione altro"}, riv},
		{"rinominato", func(d *modulo.Definizione) { chi(d, 0).ID = "nome_proprio"; chi(d, 0).Etichetta = "nome:" }, []string{"campo_rinominato nome_proprio"}, inc},
		{"rinominato e spostato", func(d *modulo.Definizione) {
			d.Sezioni[1].Campi = append(d.Sezioni[1].Campi, d.Sezioni[0].Campi[1])
			d.Sezioni[1].Campi[6].ID = "nata"
			d.Sezioni[0].Campi = slices.Delete(d.Sezioni[0].Campi, 1, 2)
			d.Regole = nil
		}, []string{"campo_rinominato nata", "regola_tolta grande"}, inc},
		{"spostato", func(d *modulo.Definizione) {
			d.Sezioni[1].Campi = append(d.Sezioni[1].Campi, d.Sezioni[0].Campi[0])
			d.Sezioni[0].Campi = d.Sezioni[0].Campi[1:]
		}, []string{"campo_spostato nome"}, com},
		{"spostato sotto condizione", func(d *modulo.Definizione) {
			d.Sezioni = append(d.Sezioni, modulo.Sezione{ID: "fine", Titolo: "Fine", Se: `tipo == "a"`, Campi: []modulo.Campo{d.Sezioni[0].Campi[0]}})
			d.Sezioni[0].Campi = d.Sezioni[0].Campi[1:]
		}, []string{"sezione_aggiunta fine", "campo_spostato nome"}, riv},
		{"campi scambiati", func(d *modulo.Definizione) { slices.Reverse(d.Sezioni[1].Campi[3].Campi) }, []string{"ordine figli"}, cos},
		{"campo da compilare", func(d *modulo.Definizione) {
			d.Sezioni[0].Campi = append(d.Sezioni[0].Campi, modulo.Campo{ID: "cf", Etichetta: "Codice fiscale", Tipo: modulo.CodiceFiscale, Obbligatorio: true})
		}, []string{"campo_da_compilare cf"}, riv},
		{"nota in più", func(d *modulo.Definizione) {
			d.Sezioni[0].Campi = append(d.Sezioni[0].Campi, modulo.Campo{ID: "nota", Tipo: modulo.Nota, Testo: "x"})
		}, []string{"testo nota"}, cos},
		{"nota in meno", func(d *modulo.Definizione) { d.Sezioni[0].Campi = d.Sezioni[0].Campi[:4] }, []string{"testo avviso"}, cos},
		{"tipo", func(d *modulo.Definizione) { chi(d, 0).Tipo = modulo.Email; chi(d, 0).MassimoCaratteri = 0 }, []string{"tipo nome", "limite_largo nome"}, inc},
		{"tipo più ampio", func(d *modulo.Definizione) { chi(d, 0).Tipo = modulo.TestoLungo }, []string{"tipo_piu_ampio nome"}, com},
		{"obbligatorio", func(d *modulo.Definizione) { dati(d, 0).Obbligatorio = true }, []string{"obbligatorio isee"}, riv},
		{"obbligatorio se", func(d *modulo.Definizione) { dati(d, 0).ObbligatorioSe = `tipo == "a"` }, []string{"obbligatorio isee"}, riv},
		{"facoltativo", func(d *modulo.Definizione) { chi(d, 0).Obbligatorio = false }, []string{"facoltativo nome"}, com},
		{"facoltativo salvo", func(d *modulo.Definizione) { chi(d, 0).Obbligatorio = false; chi(d, 0).ObbligatorioSe = `tipo == "a"` }, []string{"facoltativo nome"}, com},
		{"stretti", func(d *modulo.Definizione) {
			chi(d, 0).MassimoCaratteri, chi(d, 0).MinimoCaratteri, chi(d, 1).Massimo = 40, 2, "oggi-10"
			dati(d, 0).Minimo, dati(d, 0).Massimo, dati(d, 1).Minimo, dati(d, 1).Massimo = "1", "999", "09:00", "12:00"
			dati(d, 4).TipiFile, dati(d, 4).MassimoByte, dati(d, 3).MassimoRighe = []string{"application/pdf"}, 50, 2
		}, []string{"limite_stretto nome", "limite_stretto nome", "limite_stretto nascita", "limite_stretto isee", "limite_stretto isee",
			"limite_stretto ora", "limite_stretto ora", "limite_stretto figli", "limite_stretto carta", "limite_stretto carta"}, riv},
		{"larghi", func(d *modulo.Definizione) {
			chi(d, 0).MassimoCaratteri, chi(d, 1).Massimo = 0, "oggi+1"
			dati(d, 0).Minimo, dati(d, 0).Massimo, dati(d, 1).Minimo = "", "1000.50", "08:00"
			dati(d, 4).TipiFile, dati(d, 4).MassimoByte, dati(d, 4).MassimoFile, dati(d, 3).MassimoRighe = nil, 0, 2, 4
		}, []string{"limite_largo nome", "limite_largo nascita", "limite_largo isee", "limite_largo isee", "limite_largo ora",
			"limite_largo figli", "limite_largo carta", "limite_largo carta", "limite_largo carta"}, com},
		{"obliqui", func(d *modulo.Definizione) {
			chi(d, 1).Massimo = "2026-01-01"
			dati(d, 4).TipiFile = []string{"application/pdf", "image/jpeg"}
		}, []string{"limite nascita", "limite carta"}, riv},
		{"scritti altrimenti", func(d *modulo.Definizione) {
			dati(d, 0).Massimo, dati(d, 4).MassimoFile = "1000.00", 1
			slices.Reverse(dati(d, 4).TipiFile)
			chi(d, 0).ObbligatorioSe = `tipo == "a"`
		}, []string{"facoltativo nome", "testo isee", "testo carta", "ordine carta"}, cos},
		{"forma", func(d *modulo.Definizione) { chi(d, 0).Schema, chi(d, 0).MessaggioSchema = "[a-z]+", "minuscole" }, []string{"testo nome", "limite_stretto nome"}, riv},
		{"opzioni", func(d *modulo.Definizione) {
			chi(d, 2).Opzioni = []modulo.Opzione{{Valore: "c", Etichetta: "Gamma"}, {Valore: "b", Etichetta: "Bi"}}
		}, []string{"opzione_aggiunta tipo", "opzione_etichetta tipo", "opzione_tolta tipo"}, inc},
		{"opzioni in altro ordine", func(d *modulo.Definizione) { slices.Reverse(chi(d, 2).Opzioni) }, []string{"ordine tipo"}, cos},
		{"calcolo", func(d *modulo.Definizione) { dati(d, 2).Calcolo = "isee" }, []string{"calcolo retta"}, riv},
		{"calcolo tolto", func(d *modulo.Definizione) { dati(d, 2).Calcolo = "" }, []string{"calcolo_tolto retta"}, riv},
		{"calcolo aggiunto", func(d *modulo.Definizione) { chi(d, 3).Calcolo = `"x"` }, []string{"calcolo_aggiunto altro"}, inc},
		{"dichiarazione", func(d *modulo.Definizione) { dati(d, 5).Testo = "Dichiaro tutto" }, []string{"dichiarazione vero"}, riv},
		{"testi", func(d *modulo.Definizione) {
			chi(d, 0).Etichetta, chi(d, 0).Aiuto, chi(d, 0).Predefinito, chi(d, 4).Testo = "Il nome", "Per intero", "Anna", "Leggi"
		}, []string{"testo nome", "testo nome", "testo nome", "testo avviso"}, cos},
		{"regola aggiunta", func(d *modulo.Definizione) {
			d.Regole = append(d.Regole, modulo.Regola{Se: "isee > 5", Messaggio: "m"}, modulo.Regola{Se: "isee > 6", Messaggio: "m"})
		}, []string{"regola_aggiunta ", "regola_aggiunta "}, riv},
		{"regola cambiata", func(d *modulo.Definizione) { d.Regole[0].Se = "eta(nascita) < 16" }, []string{"regola grande"}, riv},
		{"regola detta meglio", func(d *modulo.Definizione) { d.Regole[0].Messaggio = "Solo adulti" }, []string{"testo grande"}, cos},
	} {
		t.Run(c.nome, func(t *testing.T) {
			d := conta(t, c.cambia)
			var codici []string
			for _, v := range d.Voci {
				visti[v.Codice] = true
				codici = append(codici, v.Codice+" "+v.Percorso)
				require.NotEmpty(t, v.Testo)
				require.NotEmpty(t, v.Effetto)
				require.NotEmpty(t, v.Posizione)
				require.Contains(t, confronto.Codici(), v.Codice)
				require.Contains(t, d.Del(v.Percorso), v)
			}
			require.Equal(t, c.codici, codici)
			require.Equal(t, c.peso, d.Peso())
			require.Equal(t, d.String(), conta(t, c.cambia).String())
		})
	}
	for _, c := range confronto.Codici() {
		if c != "impostazione" && c != "dichiarazione_numero" && c != "elenco" {
			require.True(t, visti[c], c)
		}
	}
}

// Whatever setting of a field changes, something is said: also of a setting
// that the format gains after this package was written.
func TestNienteSfugge(t *testing.T) {
	t.Parallel()
	altera := func(v reflect.Value) bool {
		switch v.Kind() {
		case reflect.String:
			v.SetString(v.String() + "x")
		case reflect.Bool:
			v.SetBool(!v.Bool())
		case reflect.Int, reflect.Int64:
			v.SetInt(v.Int() + 1)
		default:
			return false
		}
		return true
	}
	prima := compila(t, base())
	provati := 0
	for s, sezione := range base().Sezioni {
		for c := range sezione.Campi {
			for i := range reflect.TypeFor[modulo.Campo]().NumField() {
				d := base()
				if !altera(reflect.ValueOf(&d.Sezioni[s].Campi[c]).Elem().Field(i)) {
					continue
				}
				m, err := modulo.Compila(d)
				if err != nil {
					continue // a setting that the type does not have
				}
				provati++
				require.NotEmpty(t, confronto.Confronta(prima, m).Voci, reflect.TypeFor[modulo.Campo]().Field(i).Name)
			}
		}
	}
	require.Greater(t, provati, 50)
}

func TestFileDelRepositorio(t *testing.T) {
	t.Parallel()
	for _, n := range []string{"assegno_nucleo", "occupazione_suolo"} {
		b, err := os.ReadFile("../testdata/" + n + ".json")
		require.NoError(t, err)
		d, err := modulo.Leggi(strings.NewReader(string(b)))
		require.NoError(t, err)
		x := confronto.Confronta(compila(t, d), compila(t, d))
		require.Empty(t, x.Voci)
		require.Equal(t, "Nessuna differenza\n", x.String())
		require.True(t, x.Per(modulo.Risposte{"isee": "x"}, modulo.Opzioni{}).Indenne())
	}
}
