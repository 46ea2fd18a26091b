package revisione_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/revisione"
)

func opzioni(n int) (q []modulo.Opzione) {
	for i := range n {
		q = append(q, modulo.Opzione{Valore: fmt.Sprint("v", i), Etichetta: fmt.Sprint("Voce ", i)})
	}
	return q
}

// buono is a form with which nobody finds fault; each case spoils one field.
func buono() modulo.Definizione {
	return modulo.Definizione{
		ID: "nido", Versione: 1, Titolo: "Iscrizione al nido",
		Sezioni: []modulo.Sezione{
			{ID: "richiedente", Titolo: "Richiedente", Campi: []modulo.Campo{
				{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Autocompletamento: "given-name"},
				{ID: "cf", Etichetta: "Codice fiscale", Aiuto: "16 caratteri, come sulla tessera sanitaria", Tipo: modulo.CodiceFiscale},
				{ID: "nascita", Etichetta: "Data di nascita", Tipo: modulo.Data, Massimo: "oggi", Autocompletamento: "bday"},
				{ID: "qualita", Etichetta: "Qualità", Tipo: modulo.Scelta, Opzioni: opzioni(3)},
				{ID: "delega", Etichetta: "Hai una delega?", Tipo: modulo.SiNo, Se: `qualita == "v0"`},
			}},
			{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
				{ID: "isee", Etichetta: "Valore ISEE", Tipo: modulo.Importo, Massimo: "1000000"},
				{ID: "motivo", Etichetta: "Motivo", Aiuto: "Al massimo 200 caratteri: un po' di parole", Tipo: modulo.TestoLungo, MassimoCaratteri: 200},
				{ID: "servizi", Etichetta: "Servizi", Tipo: modulo.SceltaMultipla, Opzioni: opzioni(4)},
				{ID: "carta", Etichetta: "Carta d'identità", Aiuto: "Fronte e retro", Tipo: modulo.File, TipiFile: []string{"application/pdf"}, MassimoByte: 1000},
				{ID: "figli", Etichetta: "Figli", Tipo: modulo.Gruppo, EtichettaRiga: "Figlio", Campi: []modulo.Campo{
					{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo},
					{ID: "disabile", Etichetta: "Ha una disabilità?", Tipo: modulo.SiNo},
					{ID: "ore", Etichetta: "Ore di sostegno", Tipo: modulo.Intero, Se: `riga.disabile and "v1" in servizi`},
				}},
				{ID: "vero", Etichetta: "Veridicità", Tipo: modulo.Dichiarazione, Testo: "Dichiaro ai sensi della L. n. 15 che è vero", Norma: "DPR 445/2000, art. 46", VersioneTesto: "1"},
			}},
		},
		Regole: []modulo.Regola{{ID: "adulto", Se: "eta(nascita) < 18", Messaggio: "Serve un adulto", Campo: "nascita"}},
	}
}

func rivedi(t require.TestingT, d modulo.Definizione, senza ...string) []revisione.Rilievo {
	m, err := modulo.Compila(d)
	require.NoError(t, err)
	return revisione.Rivedi(m, senza...)
}

func TestBuono(t *testing.T) {
	t.Parallel()
	require.Empty(t, rivedi(t, buono()))
}

func TestRegole(t *testing.T) {
	t.Parallel()
	chi := func(d *modulo.Definizione, i int) *modulo.Campo { return &d.Sezioni[0].Campi[i] }
	dati := func(d *modulo.Definizione, i int) *modulo.Campo { return &d.Sezioni[1].Campi[i] }
	visti := map[string]bool{}
	for _, c := range []struct {
		nome    string
		guasta  func(*modulo.Definizione)
		rilievi []string // "codice posizione"
	}{
		{"lunga", func(d *modulo.Definizione) { chi(d, 3).Etichetta = strings.Repeat("abcd ", 17) + "fine" }, []string{"etichetta_lunga sezioni[0].campi[3].etichetta"}},
		{"doppia", func(d *modulo.Definizione) { dati(d, 0).Etichetta = "motivo" }, []string{"etichetta_doppia sezioni[1].campi[1].etichetta"}},
		{"segni", func(d *modulo.Definizione) { dati(d, 0).Etichetta = "Valore:"; dati(d, 1).Etichetta = "Motivo *" },
			[]string{"etichetta_segni sezioni[1].campi[0].etichetta", "etichetta_segni sezioni[1].campi[1].etichetta"}},
		{"maiuscola", func(d *modulo.Definizione) { d.Sezioni[1].Titolo = "DATI UTILI" }, []string{"etichetta_maiuscola sezioni[1].titolo"}},
		{"aiuto", func(d *modulo.Definizione) { chi(d, 1).Aiuto = ""; dati(d, 3).Aiuto = ""; chi(d, 0).Tipo = modulo.IBAN },
			[]string{"aiuto_mancante sezioni[0].campi[0].aiuto", "aiuto_mancante sezioni[0].campi[1].aiuto", "aiuto_mancante sezioni[1].campi[3].aiuto"}},
		{"parole", func(d *modulo.Definizione) { dati(d, 1).Aiuto = "Al massimo 200 parole" }, []string{"numero_diverso sezioni[1].campi[1].aiuto"}},
		{"altro numero", func(d *modulo.Definizione) { dati(d, 1).Aiuto = "Al massimo 1.000 caratteri" }, []string{"numero_diverso sezioni[1].campi[1].aiuto"}},
		{"nessun limite", func(d *modulo.Definizione) { dati(d, 1).MassimoCaratteri = 0 }, []string{"numero_diverso sezioni[1].campi[1].aiuto"}},
		{"forma a parte", func(d *modulo.Definizione) {
			dati(d, 1).Schema, dati(d, 1).MessaggioSchema = "[a-z]{7}", "Scrivi 7 caratteri"
		}, nil},
		{"file", func(d *modulo.Definizione) { dati(d, 3).TipiFile, dati(d, 3).MassimoByte = nil, 0 },
			[]string{"file_senza_tipi sezioni[1].campi[3].tipi_file", "file_senza_dimensione sezioni[1].campi[3].massimo_byte"}},
		{"opzioni", func(d *modulo.Definizione) { dati(d, 2).Opzioni = opzioni(16) }, []string{"scelta_lunga sezioni[1].campi[2].opzioni"}},
		{"opzione", func(d *modulo.Definizione) { chi(d, 3).Opzioni = opzioni(1) }, []string{"scelta_unica sezioni[0].campi[3].opzioni"}},
		{"mai", func(d *modulo.Definizione) {
			chi(d, 4).Se = `qualita == "v0" and qualita == "v1"`
			chi(d, 4).Obbligatorio = true
		}, []string{"condizione_impossibile sezioni[0].campi[4].se"}},
		{"mai la sezione", func(d *modulo.Definizione) { d.Sezioni[1].Se = "1 > 2" }, []string{"condizione_impossibile sezioni[1].se"}},
		{"mai nella riga", func(d *modulo.Definizione) {
			dati(d, 4).Campi[2].Se = `riga.disabile and vuoto(servizi) and conta(servizi) > 0`
		}, []string{"condizione_impossibile sezioni[1].campi[4].campi[2].se"}},
		{"mai obbligatorio", func(d *modulo.Definizione) { chi(d, 0).ObbligatorioSe = "delega and not delega" }, []string{"condizione_impossibile sezioni[0].campi[0].obbligatorio_se"}},
		{"sempre", func(d *modulo.Definizione) {
			chi(d, 4).Se = `qualita != "v0" or qualita != "v1"`
			chi(d, 0).ObbligatorioSe, d.Sezioni[1].Se = "true", "delega or not delega"
		}, []string{"condizione_inutile sezioni[0].campi[0].obbligatorio_se", "condizione_inutile sezioni[0].campi[4].se", "condizione_inutile sezioni[1].se"}},
		{"regole", func(d *modulo.Definizione) {
			d.Regole = append(d.Regole, modulo.Regola{Se: `delega and not delega`, Messaggio: "Mai"}, modulo.Regola{Se: `true`, Messaggio: "Sempre"},
				modulo.Regola{Se: `riga.disabile and not riga.disabile`, Campo: "figli.ore", Messaggio: "Mai"})
		}, []string{"regola_costante regole[1].se", "regola_costante regole[2].se", "regola_costante regole[3].se"}},
		{"aperte", func(d *modulo.Definizione) {
			chi(d, 4).Se, chi(d, 3).Se = "isee > 5 and isee < 3", "oggi() < nascita and nascita < oggi()"
			dati(d, 1).Se = `conta(figli, "disabile") > 3 ? true : somma(figli, "ore") > 2`
		}, nil},
		{"inutile", func(d *modulo.Definizione) {
			d.Sezioni[1].Campi = append(d.Sezioni[1].Campi, modulo.Campo{ID: "alto", Etichetta: "Alto", Tipo: modulo.SiNo, Calcolo: "isee > 5"})
		}, []string{"campo_inutile sezioni[1].campi[6].calcolo"}},
		{"usato", func(d *modulo.Definizione) {
			d.Sezioni[1].Campi = append(d.Sezioni[1].Campi, modulo.Campo{ID: "alto", Etichetta: "Alto", Tipo: modulo.SiNo, Calcolo: "isee > 5"})
			d.Regole[0].Se = "alto"
		}, nil},
		{"token mancante", func(d *modulo.Definizione) {
			chi(d, 0).Autocompletamento = ""
			chi(d, 3).Tipo, chi(d, 3).Opzioni = modulo.Email, nil
			chi(d, 4).Se = ""
		},
			[]string{"autocompletamento_mancante sezioni[0].campi[0].autocompletamento", "autocompletamento_mancante sezioni[0].campi[3].autocompletamento"}},
		{"token altrui", func(d *modulo.Definizione) { dati(d, 4).Campi[0].Autocompletamento = "given-name" }, []string{"autocompletamento_altrui sezioni[1].campi[4].campi[0].autocompletamento"}},
		{"sezione altrui", func(d *modulo.Definizione) {
			d.Sezioni[0].ID, d.Sezioni[0].Titolo = "minore", "Il minore"
		}, []string{"autocompletamento_altrui sezioni[0].campi[0].autocompletamento", "autocompletamento_altrui sezioni[0].campi[2].autocompletamento"}},
		{"token ignoto", func(d *modulo.Definizione) { chi(d, 0).Autocompletamento = "nome" }, []string{"autocompletamento_ignoto sezioni[0].campi[0].autocompletamento"}},
		{"nascita", func(d *modulo.Definizione) { chi(d, 2).Massimo = "" }, []string{"nascita_senza_massimo sezioni[0].campi[2].massimo"}},
		{"importo", func(d *modulo.Definizione) { dati(d, 0).Massimo = "" }, []string{"importo_senza_massimo sezioni[1].campi[0].massimo"}},
		{"sezione", func(d *modulo.Definizione) {
			for i := range 10 {
				d.Sezioni[1].Campi = append(d.Sezioni[1].Campi, modulo.Campo{ID: fmt.Sprint("x", i), Etichetta: fmt.Sprint("X ", i), Tipo: modulo.Testo})
			}
		}, []string{"sezione_lunga sezioni[1].campi"}},
		{"norma", func(d *modulo.Definizione) { dati(d, 5).Norma, dati(d, 5).VersioneTesto = "", "" },
			[]string{"dichiarazione_senza_norma sezioni[1].campi[5].norma", "dichiarazione_senza_versione sezioni[1].campi[5].versione_testo"}},
		{"abbreviazioni", func(d *modulo.Definizione) { chi(d, 1).Etichetta = "C.F."; dati(d, 0).Etichetta = "Totale n. ca." },
			[]string{"abbreviazione sezioni[0].campi[1].etichetta", "abbreviazione sezioni[1].campi[0].etichetta", "abbreviazione sezioni[1].campi[0].etichetta"}},
		{"qui", func(d *modulo.Definizione) { d.Descrizione = "Cliccando qui si apre l'informativa" }, []string{"clicca_qui descrizione"}},
		{"spazi", func(d *modulo.Definizione) { d.Regole[0].Messaggio = "Serve  un adulto" }, []string{"spazi_doppi regole[0].messaggio"}},
		{"accenti", func(d *modulo.Definizione) {
			d.Titolo, d.Descrizione, chi(d, 3).Aiuto = "E' utile", "Qual'è, perchè e un pò", "La citta' e l'attivita', non 'la carta' da' fa' po'"
		}, []string{"accento titolo", "accento descrizione", "accento descrizione", "accento descrizione", "accento sezioni[0].campi[3].aiuto", "accento sezioni[0].campi[3].aiuto"}},
	} {
		t.Run(c.nome, func(t *testing.T) {
			d := buono()
			c.guasta(&d)
			var trovati, codici []string
			for _, r := range rivedi(t, d) {
				visti[r.Codice] = true
				trovati, codici = append(trovati, r.Codice+" "+r.Posizione), append(codici, r.Codice)
				require.NotEmpty(t, r.Testo)
				require.True(t, strings.HasPrefix(r.String(), string(r.Gravita)+" "+r.Codice), r.String())
			}
			require.Equal(t, c.rilievi, trovati)
			require.Empty(t, rivedi(t, d, codici...))
			require.Equal(t, rivedi(t, d), rivedi(t, d))
		})
	}
	var codici []string
	for _, r := range revisione.Regole() {
		require.True(t, visti[r.Codice], "nessuna prova per %s", r.Codice)
		require.NotEmpty(t, r.Titolo)
		require.Contains(t, []revisione.Gravita{revisione.Errore, revisione.Avviso, revisione.Consiglio}, r.Gravita)
		codici = append(codici, r.Codice)
	}
	slices.Sort(codici)
	require.Equal(t, slices.Compact(slices.Clone(codici)), codici)
}

// A condition that reads too many answers to try them all is left alone.
func TestTroppeProve(t *testing.T) {
	t.Parallel()
	d := buono()
	var mai []string
	for i := range 8 {
		id := fmt.Sprint("b", i)
		d.Sezioni[1].Campi = append(d.Sezioni[1].Campi, modulo.Campo{ID: id, Etichetta: id, Tipo: modulo.SiNo})
		mai = append(mai, id, "not "+id)
	}
	d.Sezioni[0].Campi[4].Se = strings.Join(mai[:8], " and ")
	require.Len(t, rivedi(t, d), 1)
	d.Sezioni[0].Campi[4].Se = strings.Join(mai, " and ")
	require.Empty(t, rivedi(t, d))
}

// Of what a block gives, the place is that of its use, or of its text; of what
// a persona gives there is nothing to say.
func TestBlocchi(t *testing.T) {
	t.Parallel()
	d := buono()
	d.Blocchi = []modulo.Blocco{{ID: "conto", Campi: []modulo.Campo{
		{ID: "iban", Etichetta: "IBAN  del conto", Tipo: modulo.IBAN},
		{ID: "quote", Etichetta: "Quote", Tipo: modulo.Gruppo, EtichettaRiga: "Quota", Campi: []modulo.Campo{{ID: "euro", Etichetta: "E' la quota", Tipo: modulo.Importo}}},
	}}}
	d.Sezioni[1].Campi = append([]modulo.Campo{
		{ID: "padre", Etichetta: "Padre", Tipo: modulo.Persona}, {ID: "madre", Etichetta: "Madre", Tipo: modulo.Persona},
		{ID: "primo", Etichetta: "Primo conto", Tipo: modulo.DaBlocco, Blocco: "conto"}, {ID: "secondo", Etichetta: "Secondo conto", Tipo: modulo.DaBlocco, Blocco: "conto"},
	}, d.Sezioni[1].Campi...)
	d.Sezioni[1].Campi[7].Aiuto = ""
	var trovati []string
	for _, r := range rivedi(t, d, "sezione_lunga") {
		trovati = append(trovati, r.Codice+" "+r.Posizione+" "+r.Campo)
	}
	require.Equal(t, []string{
		"aiuto_mancante sezioni[1].campi[2] primo_iban", "importo_senza_massimo sezioni[1].campi[2] primo_quote.euro",
		"aiuto_mancante sezioni[1].campi[3] secondo_iban", "importo_senza_massimo sezioni[1].campi[3] secondo_quote.euro",
		"aiuto_mancante sezioni[1].campi[7].aiuto carta",
		"spazi_doppi blocchi[0].campi[0].etichetta conto.iban", "accento blocchi[0].campi[1].campi[0].etichetta conto.quote.euro",
	}, trovati)
}
