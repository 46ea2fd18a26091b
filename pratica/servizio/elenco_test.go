package servizio_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

func conElenco(e ...servizio.CampoElenco) servizio.Configurazione {
	return servizio.Configurazione{ID: "nido", Versione: 1, Nome: "Nido", Elenco: e,
		Modulo: modulo.Definizione{ID: "nido", Versione: 1, Titolo: "Nido", Sezioni: []modulo.Sezione{{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
			{ID: "via", Etichetta: "Via e numero civico", Tipo: modulo.Testo},
			{ID: "isee", Etichetta: "ISEE", Tipo: modulo.Importo},
			{ID: "mensa", Etichetta: "Mensa", Tipo: modulo.SiNo},
			{ID: "email", Etichetta: "E-mail", Tipo: modulo.Email},
			{ID: "atto", Etichetta: "Atto", Tipo: modulo.File},
			{ID: "vero", Etichetta: "Dichiarazione", Testo: "Dichiaro il vero", Tipo: modulo.Dichiarazione},
			{ID: "nota", Etichetta: "Nota", Testo: "Leggi bene", Tipo: modulo.Nota},
			{ID: "figli", Etichetta: "Figli", Tipo: modulo.Gruppo, EtichettaRiga: "Figlio", Campi: []modulo.Campo{
				{ID: "nome", Etichetta: "Nome del figlio", Tipo: modulo.Testo}, {ID: "ore", Etichetta: "Ore", Tipo: modulo.Intero},
			}},
		}}}}}
}

func TestElenco(t *testing.T) {
	t.Parallel()
	c := conElenco(
		servizio.CampoElenco{Campo: "via", Titolo: "Luogo", Colonna: true, Cerca: true},
		servizio.CampoElenco{Campo: "isee", Somma: true},
		servizio.CampoElenco{Campo: "figli.ore", Colonna: true, Somma: true},
		servizio.CampoElenco{Campo: "mensa", Colonna: true},
		servizio.CampoElenco{Campo: "email", Cerca: true})
	s, err := servizio.Nuovo(c)
	require.NoError(t, err)
	attese := []string{"Luogo", "ISEE", "Ore", "Mensa", "E-mail"}
	for i, x := range s.Elenco() {
		require.Equal(t, attese[i], x.Titolo)
		require.Equal(t, c.Elenco[i].Campo, x.Campo)
	}
	require.Empty(t, s.Configurazione().Elenco[1].Titolo, "as its author wrote it")
	s.Elenco()[0].Titolo, s.Configurazione().Elenco[0].Campo, c.Elenco[0].Campo = "x", "x", "x"
	require.Equal(t, servizio.CampoElenco{Campo: "via", Titolo: "Luogo", Colonna: true, Cerca: true}, s.Elenco()[0])
	a := s.Avvertenze()
	require.Len(t, a, 1)
	require.Equal(t, []string{"elenco[4].campo", "dato_personale"}, []string{a[0].Percorso, a[0].Codice})
	vuoto, err := servizio.Nuovo(conElenco())
	require.NoError(t, err)
	require.Empty(t, vuoto.Elenco())
	require.Empty(t, vuoto.Avvertenze())
}

func TestElencoRegole(t *testing.T) {
	t.Parallel()
	col := func(campo string) []servizio.CampoElenco {
		return []servizio.CampoElenco{{Campo: campo, Colonna: true}}
	}
	troppi := make([]servizio.CampoElenco, 65)
	for i := range troppi {
		troppi[i] = servizio.CampoElenco{Campo: fmt.Sprint("c", i), Colonna: true}
	}
	for nome, c := range map[string]struct {
		elenco                      []servizio.CampoElenco
		percorso, codice, messaggio string
	}{
		"senza campo":         {col(""), "elenco[0].campo", "required", "Il valore è obbligatorio."},
		"ignoto":              {col("boh"), "elenco[0].campo", "campo_ignoto", `Il modulo non ha un campo "boh".`},
		"ignoto nel gruppo":   {col("figli.boh"), "elenco[0].campo", "campo_ignoto", `Il modulo non ha un campo "figli.boh".`},
		"una riga":            {col("figli[0].nome"), "elenco[0].campo", "campo_ignoto", "Il modulo non ha un campo"},
		"gruppo":              {col("figli"), "elenco[0].campo", "tipo_campo", "indica quale dei suoi campi, come figli.nome."},
		"file":                {col("atto"), "elenco[0].campo", "tipo_campo", "è di tipo file, che un elenco non mostra."},
		"nota":                {col("nota"), "elenco[0].campo", "tipo_campo", "è di tipo nota"},
		"a che serve":         {[]servizio.CampoElenco{{Campo: "via"}}, "elenco[0].campo", "vuoto", "chiedi la colonna, la ricerca o la somma"},
		"somma di testi":      {[]servizio.CampoElenco{{Campo: "via", Somma: true}}, "elenco[0].campo", "tipo_campo", `Il campo "via" è di tipo testo: si sommano solo numeri e importi.`},
		"somma nel gruppo":    {[]servizio.CampoElenco{{Campo: "figli.nome", Somma: true}}, "elenco[0].campo", "tipo_campo", "si sommano solo"},
		"cerca un sì":         {[]servizio.CampoElenco{{Campo: "mensa", Cerca: true}}, "elenco[0].campo", "tipo_campo", "si troverebbero tutte le pratiche"},
		"cerca dichiarazione": {[]servizio.CampoElenco{{Campo: "vero", Cerca: true}}, "elenco[0].campo", "tipo_campo", "si troverebbero tutte le pratiche"},
		"doppio":              {append(col("via"), col("via")...), "elenco", "unique", "diversi fra loro"},
		"troppi":              {troppi, "elenco", "max", "Il valore supera il massimo di 64."},
	} {
		_, err := servizio.Nuovo(conElenco(c.elenco...))
		var e *servizio.Errore
		require.ErrorAs(t, err, &e, nome)
		require.Contains(t, e.Error(), c.messaggio, nome)
		require.Equal(t, c.percorso, e.Campi[0].Percorso, nome)
		require.Equal(t, c.codice, e.Campi[0].Codice, nome)
	}
	c := conElenco(col("via")...)
	c.Modulo.Sezioni[0].Campi[0].Tipo = "strano"
	_, err := servizio.Nuovo(c)
	var e *servizio.Errore
	require.ErrorAs(t, err, &e)
	require.Len(t, e.Campi, 1, "of a form that is no form nothing else is said")
	require.True(t, errors.Is(err, modulo.ErrDefinizione))
}

func ExampleServizio_Elenco() {
	c := valida()
	c.Elenco = []servizio.CampoElenco{
		{Campo: "scuola", Colonna: true, Cerca: true},
		{Campo: "quota", Titolo: "Quota versata", Colonna: true, Somma: true},
	}
	s, err := servizio.Nuovo(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, x := range s.Elenco() {
		fmt.Println(x.Campo, "→", x.Titolo, x.Cerca, x.Somma)
	}
	// Output:
	// scuola → Scuola true false
	// quota → Quota versata false true
}
