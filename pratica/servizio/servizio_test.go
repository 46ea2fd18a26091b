package servizio_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

func euro(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func valida() servizio.Configurazione {
	return servizio.Configurazione{
		ID: "mensa", Versione: 1, Nome: "Mensa",
		Modulo: modulo.Definizione{ID: "mensa", Versione: 1, Titolo: "Mensa", Sezioni: []modulo.Sezione{{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
			{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo},
			{ID: "scuola", Etichetta: "Scuola", Tipo: modulo.Scelta, Opzioni: []modulo.Opzione{{Valore: "a", Etichetta: "A"}, {Valore: "b", Etichetta: "B"}}},
			{ID: "quota", Etichetta: "Quota", Tipo: modulo.Importo},
		}}}},
		Uffici:       []servizio.Ufficio{{ID: "scuole", Nome: "Scuole"}},
		Precompila:   map[string]string{"nome": "nome"},
		Protocollo:   &servizio.Protocollo{Classifica: "7.1", Parametri: map[string]string{"flusso": "E"}},
		Pagamenti:    &servizio.Pagamenti{Anticipato: &servizio.Onere{Origine: servizio.ImportoDalModulo, Campo: "quota", Causale: "Quota", Capitoli: []servizio.Capitolo{{Capitolo: "1", Quota: euro("100")}}}, Posticipato: &servizio.Onere{Origine: servizio.ImportoOperatore, Causale: "Saldo"}},
		Bolli:        &servizio.Bolli{Richiesta: &servizio.Bollo{Quantita: 1, Esenzioni: []string{"B16"}}, Rilascio: &servizio.Bollo{Quantita: 1}},
		Appuntamenti: &servizio.Appuntamenti{Calendari: []string{"cal"}, Obbligatorio: true},
		Integrazioni: &servizio.Integrazioni{}, Preavviso: &servizio.Preavviso{},
		Assegnazione: &servizio.Assegnazione{Campo: "scuola", PerValore: map[string]string{"a": "scuole"}},
		Ritiro:       true, Riapertura: true,
		Messaggi: map[string]servizio.Messaggio{"inviata": {Oggetto: "o", Testo: "t"}},
	}
}

func TestRegole(t *testing.T) {
	t.Parallel()
	type C = servizio.Configurazione
	lungo := strings.Repeat("x", 20_000)
	ob, slug, pos := "Il valore è obbligatorio.", "Usa solo lettere minuscole", "Indica un importo in euro"
	for _, c := range []struct {
		percorso, codice, messaggio string
		altera                      func(*C)
	}{
		{"id", "required", ob, func(c *C) { c.ID = "" }},
		{"id", "slug", slug, func(c *C) { c.ID = "Mensa scolastica" }},
		{"id", "slug", slug, func(c *C) { c.ID = "mensa-" }},
		{"id", "max", "Il valore supera il massimo di 64.", func(c *C) { c.ID = strings.Repeat("a", 65) }},
		{"versione", "min", "Il valore è inferiore al minimo di 1.", func(c *C) { c.Versione = 0 }},
		{"nome", "required", ob, func(c *C) { c.Nome = "" }},
		{"nome", "max", "massimo di 200", func(c *C) { c.Nome = lungo }},
		{"descrizione", "max", "massimo di 4000", func(c *C) { c.Descrizione = lungo }},
		{"oggetto", "max", "massimo di 200", func(c *C) { c.Oggetto = lungo }},
		{"flusso", "oneof", "Scegli fra: approvazione, inoltro.", func(c *C) { c.Flusso = "altro" }},
		{"accesso", "oneof", "Scegli fra: 0, 1000", func(c *C) { c.Accesso = 5 }},
		{"tempo_massimo", "max", "massimo di 730", func(c *C) { c.TempoMassimo = 731 }},
		{"tempo_massimo", "min", "minimo di 0", func(c *C) { c.TempoMassimo = -1 }},
		{"uffici", "unique", "Gli elementi devono essere diversi fra loro.", func(c *C) { c.Uffici = append(c.Uffici, c.Uffici[0]) }},
		{"uffici", "max", "massimo di 50", func(c *C) {
			for i := range 60 {
				c.Uffici = append(c.Uffici, servizio.Ufficio{ID: fmt.Sprint("u", i), Nome: "U"})
			}
		}},
		{"uffici[0].id", "slug", slug, func(c *C) { c.Uffici[0].ID = "È"; c.Assegnazione = nil }},
		{"uffici[0].nome", "required", ob, func(c *C) { c.Uffici[0].Nome = "" }},
		{"precompila[nome]", "oneof", "Scegli fra: nome, cognome", func(c *C) { c.Precompila["nome"] = "altezza" }},
		{"precompila[boh]", "campo_ignoto", `Il modulo non ha un campo "boh".`, func(c *C) { c.Precompila["boh"] = "nome" }},
		{"modulo", "modulo", "Il modulo contiene errori", func(c *C) { c.Modulo.Sezioni[0].Campi[0].Tipo = "strano" }},
		{"protocollo.classifica", "required", ob, func(c *C) { c.Protocollo.Classifica = "" }},
		{"protocollo.fascicolo", "oneof", "Scegli fra: per_servizio_anno", func(c *C) { c.Protocollo.Fascicolo = "mio" }},
		{"protocollo.codice_fascicolo", "required_if", ob, func(c *C) { c.Protocollo.Fascicolo = servizio.Fisso }},
		{"protocollo.parametri[flusso]", "max", "massimo di 1000", func(c *C) { c.Protocollo.Parametri["flusso"] = lungo }},
		{"pagamenti", "vuoto", "Indica un pagamento", func(c *C) { c.Pagamenti = &servizio.Pagamenti{} }},
		{"pagamenti.anticipato.origine", "required", ob, func(c *C) { c.Pagamenti.Anticipato.Origine = "" }},
		{"pagamenti.anticipato.origine", "origine", "Prima dell'invio", func(c *C) { c.Pagamenti.Anticipato.Origine = servizio.ImportoOperatore }},
		{"pagamenti.anticipato.campo", "required_if", ob, func(c *C) { c.Pagamenti.Anticipato.Campo = "" }},
		{"pagamenti.anticipato.campo", "campo_ignoto", "Il modulo non ha", func(c *C) { c.Pagamenti.Anticipato.Campo = "boh" }},
		{"pagamenti.anticipato.campo", "tipo_campo", "è di tipo testo", func(c *C) { c.Pagamenti.Anticipato.Campo = "nome" }},
		{"pagamenti.anticipato.causale", "required", ob, func(c *C) { c.Pagamenti.Anticipato.Causale = "" }},
		{"pagamenti.anticipato.giorni_scadenza", "max", "massimo di 365", func(c *C) { c.Pagamenti.Anticipato.GiorniScadenza = 400 }},
		{"pagamenti.anticipato.importo", "importo", "solo se è fisso", func(c *C) { c.Pagamenti.Anticipato.Importo = euro("1") }},
		{"pagamenti.posticipato.importo", "importo", pos, func(c *C) { c.Pagamenti.Posticipato.Origine = servizio.ImportoFisso }},
		{"pagamenti.posticipato.importo", "importo", pos, func(c *C) {
			c.Pagamenti.Posticipato.Origine, c.Pagamenti.Posticipato.Importo = servizio.ImportoFisso, euro("1.001")
		}},
		{"pagamenti.posticipato.importo", "importo", pos, func(c *C) {
			c.Pagamenti.Posticipato.Origine, c.Pagamenti.Posticipato.Importo = servizio.ImportoFisso, decimal.New(1, 2_000_000_000)
		}},
		{"pagamenti.anticipato.capitoli", "somma", "sommano a 99 e non a 100.", func(c *C) { c.Pagamenti.Anticipato.Capitoli[0].Quota = euro("99") }},
		{"pagamenti.anticipato.capitoli[0].quota", "quota", "maggiore di zero", func(c *C) { c.Pagamenti.Anticipato.Capitoli[0].Quota = euro("-1") }},
		{"pagamenti.anticipato.capitoli[0].quota", "quota", "10 decimali", func(c *C) { c.Pagamenti.Anticipato.Capitoli[0].Quota = decimal.New(1, 2_000_000_000) }},
		{"pagamenti.anticipato.capitoli[0].capitolo", "required", ob, func(c *C) { c.Pagamenti.Anticipato.Capitoli[0].Capitolo = "" }},
		{"bolli", "vuoto", "Indica una marca", func(c *C) { c.Bolli = &servizio.Bolli{} }},
		{"bolli.richiesta.quantita", "min", "minimo di 1", func(c *C) { c.Bolli.Richiesta.Quantita = 0 }},
		{"bolli.richiesta.importo", "importo", pos, func(c *C) { c.Bolli.Richiesta.Importo = euro("-16") }},
		{"bolli.richiesta.importo", "importo", pos, func(c *C) { c.Bolli.Richiesta.Importo = decimal.New(1, 2_000_000_000) }},
		{"bolli.richiesta.esenzioni[0]", "esenzione_ignota", `"ZZZ" non è in elenco`, func(c *C) { c.Bolli.Richiesta.Esenzioni[0] = "ZZZ" }},
		{"appuntamenti.calendari", "required", ob, func(c *C) { c.Appuntamenti.Calendari = nil }},
		{"appuntamenti.calendari", "unique", "diversi", func(c *C) { c.Appuntamenti.Calendari = []string{"a", "a"} }},
		{"integrazioni.giorni", "max", "massimo di 365", func(c *C) { c.Integrazioni.Giorni = 366 }},
		{"preavviso.giorni", "max", "massimo di 60", func(c *C) { c.Preavviso.Giorni = 61 }},
		{"assegnazione.campo", "required", ob, func(c *C) { c.Assegnazione.Campo = "" }},
		{"assegnazione.campo", "tipo_campo", "è di tipo importo", func(c *C) { c.Assegnazione.Campo = "quota" }},
		{"assegnazione.per_valore[a]", "ufficio_ignoto", `L'ufficio "no"`, func(c *C) { c.Assegnazione.PerValore["a"] = "no" }},
		{"assegnazione.predefinito", "ufficio_ignoto", `L'ufficio "no"`, func(c *C) { c.Assegnazione.Predefinito = "no" }},
		{"messaggi[bozza]", "oneof", "Scegli fra: attesa_pagamento", func(c *C) { c.Messaggi["bozza"] = servizio.Messaggio{Oggetto: "o", Testo: "t"} }},
		{"messaggi[inviata].testo", "required", ob, func(c *C) { c.Messaggi["inviata"] = servizio.Messaggio{Oggetto: "o"} }},
		{"messaggi[inviata].testo", "max", "massimo di 10000", func(c *C) { c.Messaggi["inviata"] = servizio.Messaggio{Oggetto: "o", Testo: lungo} }},
		{"integrazioni", "inoltro", "Il flusso di inoltro", func(c *C) { c.Flusso = servizio.Inoltro }},
		{"preavviso", "inoltro", "Il flusso di inoltro", func(c *C) { c.Flusso = servizio.Inoltro }},
		{"riapertura", "inoltro", "Il flusso di inoltro", func(c *C) { c.Flusso = servizio.Inoltro }},
		{"pagamenti.posticipato", "inoltro", "Il flusso di inoltro", func(c *C) { c.Flusso = servizio.Inoltro }},
		{"bolli.rilascio", "inoltro", "Il flusso di inoltro", func(c *C) { c.Flusso = servizio.Inoltro }},
	} {
		t.Run(c.percorso+" "+c.codice, func(t *testing.T) {
			t.Parallel()
			cfg := valida()
			c.altera(&cfg)
			_, err := servizio.Nuovo(cfg)
			var e *servizio.Errore
			require.ErrorAs(t, err, &e)
			i := slices.IndexFunc(e.Campi, func(x servizio.Campo) bool { return x.Percorso == c.percorso && x.Codice == c.codice })
			require.GreaterOrEqual(t, i, 0, "%v", e.Campi)
			require.Contains(t, e.Campi[i].Messaggio, c.messaggio)
			require.Contains(t, err.Error(), c.percorso)
			require.True(t, slices.IsSortedFunc(e.Campi, func(a, b servizio.Campo) int { return strings.Compare(a.Percorso, b.Percorso) }))
			if c.codice == "modulo" {
				require.ErrorIs(t, err, modulo.ErrDefinizione)
			}
		})
	}
}

func TestMessaggiPerOgniStato(t *testing.T) {
	t.Parallel()
	m := servizio.Messaggio{Oggetto: "o", Testo: "t"}
	for _, s := range append(pratica.Stati(), "sospesa", "") {
		c := valida()
		c.Messaggi = map[string]servizio.Messaggio{string(s): m}
		_, err := servizio.Nuovo(c)
		require.Equal(t, s.Valido() && s != pratica.Bozza, err == nil, "%s: %v", s, err)
	}
}

func TestPredefinitiECopie(t *testing.T) {
	t.Parallel()
	c := valida()
	s, err := servizio.Nuovo(c)
	require.NoError(t, err)
	d := s.Configurazione()
	require.Equal(t, []any{servizio.Approvazione, "Mensa", 30, servizio.PerServizioAnno, 30, 10, 90, 90}, []any{d.Flusso, d.Oggetto, d.TempoMassimo, d.Protocollo.Fascicolo, d.Integrazioni.Giorni, d.Preavviso.Giorni, d.Pagamenti.Anticipato.GiorniScadenza, d.Pagamenti.Posticipato.GiorniScadenza})
	require.Zero(t, c.Integrazioni.Giorni, "the caller's own is left as it was")
	prima, err := json.Marshal(d)
	require.NoError(t, err)

	altera := func(c *servizio.Configurazione) {
		c.Uffici[0].ID, c.Precompila["nome"], c.Protocollo.Classifica, c.Protocollo.Parametri["flusso"] = "x", "x", "x", "x"
		c.Pagamenti.Anticipato.Causale, c.Pagamenti.Anticipato.Capitoli[0].Capitolo, c.Bolli.Richiesta.Esenzioni[0], c.Bolli.Rilascio.Quantita = "x", "x", "x", 9
		c.Appuntamenti.Calendari[0], c.Integrazioni.Giorni, c.Preavviso.Giorni, c.Assegnazione.PerValore["a"] = "x", 99, 99, "x"
		c.Modulo.Sezioni[0].Titolo, c.Modulo.Sezioni[0].Campi[0].Etichetta, c.Modulo.Sezioni[0].Campi[1].Opzioni[0].Valore = "x", "x", "x"
		maps.DeleteFunc(c.Messaggi, func(string, servizio.Messaggio) bool { return true })
	}
	altera(&c)
	altera(&d)
	ap, _ := s.Appuntamenti()
	ap.Calendari[0] = "x"
	pr, _ := s.Protocollo()
	pr.Parametri["flusso"] = "x"
	s.Anticipato().Capitoli[0].Capitolo, s.BolloRichiesta().Esenzioni[0], s.Uffici()[0].ID, s.Precompila()["nome"] = "x", "x", "x", "x"
	dopo, err := json.Marshal(s.Configurazione())
	require.NoError(t, err)
	require.JSONEq(t, string(prima), string(dopo))

	vuoto, err := servizio.Nuovo(servizio.Configurazione{ID: "v", Versione: 2, Nome: "V", Oggetto: "Altro", Modulo: valida().Modulo})
	require.NoError(t, err)
	_, conProtocollo := vuoto.Protocollo()
	_, conAgenda := vuoto.Appuntamenti()
	_, conAvviso := vuoto.Messaggio("inviata")
	_, conUfficio := vuoto.Ufficio("scuole")
	for i, b := range []bool{conProtocollo, conAgenda, conAvviso, conUfficio, vuoto.HaProtocollo(), vuoto.HaPagamenti(), vuoto.HaBolli(), vuoto.HaUffici(), vuoto.Inoltro(), vuoto.Ritiro(), vuoto.Riapertura(), vuoto.AppuntamentoObbligatorio(), vuoto.Anticipato() != nil, vuoto.Posticipato() != nil, vuoto.BolloRichiesta() != nil, vuoto.BolloRilascio() != nil} {
		require.False(t, b, i)
	}
	require.Zero(t, vuoto.GiorniIntegrazione()+vuoto.GiorniPreavviso()+int(vuoto.Accesso()))
	require.Empty(t, vuoto.UfficioPer(modulo.Risposte{"scuola": "a"}))
	require.Equal(t, "v 2 V Altro mensa 30", fmt.Sprint(vuoto.ID(), " ", vuoto.Versione(), " ", vuoto.Nome(), " ", vuoto.Oggetto(), " ", vuoto.Modulo().ID(), " ", vuoto.TempoMassimo()))
	require.Equal(t, "scuole", s.UfficioPer(modulo.Risposte{"scuola": "a"}))
	require.True(t, s.HaUffici() && s.HaBolli() && s.HaPagamenti() && s.AppuntamentoObbligatorio())
}

func TestImportoDaModulo(t *testing.T) {
	t.Parallel()
	o := servizio.Onere{Campo: "quota"}
	for v, atteso := range map[any]string{"12.505": "12.51", "-1": "0", "x": "0", 7: "0", nil: "0", "1e5000": "0", "1e-5000": "0"} {
		require.Equal(t, atteso, o.ImportoDaModulo(modulo.Risposte{"quota": v}).String(), v)
	}
}

func TestLeggi(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(valida())
	require.NoError(t, err)
	s, err := servizio.Leggi(strings.NewReader(string(b)))
	require.NoError(t, err)
	require.Equal(t, "mensa", s.ID())
	for nome, testo := range map[string]string{
		"vuoto": "", "non JSON": "{", "chiave ignota": `{"id":"x","colore":"blu"}`, "coda": string(b) + " {}", "altro tipo": `{"id":7}`, "elenco": "[]", "nulla": "null",
	} {
		_, err := servizio.Leggi(strings.NewReader(testo))
		var e *servizio.Errore
		require.ErrorAs(t, err, &e, nome)
		require.NotEmpty(t, e.Campi, nome)
	}
	_, err = servizio.Leggi(strings.NewReader(string(b) + strings.Repeat(" ", servizio.MassimoByte)))
	require.ErrorContains(t, err, "4 MiB")
	_, err = servizio.Leggi(rotto{})
	require.ErrorIs(t, err, errRotto)
}

var errRotto = errors.New("rotto")

type rotto struct{}

func (rotto) Read([]byte) (int, error) { return 0, errRotto }

func FuzzLeggi(f *testing.F) {
	b, err := json.Marshal(valida())
	require.NoError(f, err)
	f.Add(string(b))
	f.Add(`{"id":"x","versione":1,"nome":"X","pagamenti":{"anticipato":{"origine":"fisso","importo":"1e9999","causale":"c","capitoli":[{"capitolo":"1","quota":"1e-9999"}]}}}`)
	f.Add(`{"messaggi":{"\xff":{}},"assegnazione":{"per_valore":{"":""}}}`)
	f.Fuzz(func(t *testing.T, testo string) {
		s, err := servizio.Leggi(strings.NewReader(testo))
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		c, err := json.Marshal(s.Configurazione())
		require.NoError(t, err)
		d, err := servizio.Leggi(strings.NewReader(string(c)))
		require.NoError(t, err, "what was accepted is accepted again")
		e, err := json.Marshal(d.Configurazione())
		require.NoError(t, err)
		require.JSONEq(t, string(c), string(e))
	})
}

func ExampleNuovo() {
	s, err := servizio.Nuovo(servizio.Configurazione{
		ID: "certificato-residenza", Versione: 1, Nome: "Certificato di residenza", Accesso: servizio.SPID2,
		Modulo: modulo.Definizione{ID: "residenza", Versione: 1, Titolo: "Residenza", Sezioni: []modulo.Sezione{{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
			{ID: "uso", Etichetta: "Uso", Tipo: modulo.Testo, Obbligatorio: true},
		}}}},
		Preavviso: &servizio.Preavviso{},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Oggetto(), s.TempoMassimo(), s.GiorniPreavviso(), s.HaProtocollo())
	// Output: Certificato di residenza 30 10 false
}

func ExampleNuovo_errori() {
	c := valida()
	c.ID, c.Accesso = "Mensa Scolastica", 7
	c.Assegnazione.Predefinito = "tributi"
	_, err := servizio.Nuovo(c)
	var e *servizio.Errore
	if errors.As(err, &e) {
		for _, campo := range e.Campi {
			fmt.Printf("%s (%s): %s\n", campo.Percorso, campo.Codice, campo.Messaggio)
		}
	}
	// Output:
	// accesso (oneof): Scegli fra: 0, 1000, 2000, 3000, 4000.
	// assegnazione.predefinito (ufficio_ignoto): L'ufficio "tributi" non è fra quelli del servizio.
	// id (slug): Usa solo lettere minuscole senza accenti, cifre, trattini o trattini bassi.
}
