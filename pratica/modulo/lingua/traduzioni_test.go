package lingua_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

func nascita(t testing.TB) *modulo.Modulo {
	t.Helper()
	m, err := modulo.Compila(modulo.Definizione{ID: "nascita", Versione: 1, Titolo: "Nascita", Descrizione: "Dichiara", Sezioni: []modulo.Sezione{{
		ID: "dati", Titolo: "Dati", Descrizione: "I dati", Campi: []modulo.Campo{
			{ID: "nome", Etichetta: "Nome", Aiuto: "Tutti i nomi", Tipo: modulo.Testo, Obbligatorio: true, MessaggioObbligatorio: "Inserisci il nome", Schema: "[a-z]+", MessaggioSchema: "Solo minuscole"},
			{ID: "luogo", Etichetta: "Luogo", Tipo: modulo.Scelta, Opzioni: []modulo.Opzione{{Valore: "021008", Etichetta: "Bolzano"}, {Valore: "021051", Etichetta: "Merano"}}},
			{ID: "lingue", Etichetta: "Lingue", Tipo: modulo.SceltaMultipla, Opzioni: []modulo.Opzione{{Valore: "it", Etichetta: "Italiano"}, {Valore: "de", Etichetta: "Tedesco"}}},
			{ID: "figli", Etichetta: "Figli", Tipo: modulo.Gruppo, EtichettaRiga: "Figlio", Campi: []modulo.Campo{{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true}}},
			{ID: "reddito", Etichetta: "Reddito", Tipo: modulo.Importo}, {ID: "giorno", Etichetta: "Giorno", Tipo: modulo.Data}, {ID: "sposato", Etichetta: "Sposato", Tipo: modulo.SiNo}, {ID: "note", Etichetta: "Note", Tipo: modulo.TestoLungo}, {ID: "scuola", Etichetta: "Scuola", Tipo: modulo.Scelta, Elenco: "scuole"}, {ID: "ore", Etichetta: "Ore", Tipo: modulo.Decimale},
		},
	}}, Regole: []modulo.Regola{{Se: `nome == "x"`, Messaggio: "Indica il nome vero", Campo: "nome"}, {ID: "due", Se: `nome == "y"`, Messaggio: "Mancano i figli"}}}, modulo.ConElenco("scuole", modulo.ElencoFisso(modulo.Opzione{Valore: "1", Etichetta: "Scuola Dante"})))
	require.NoError(t, err)
	return m
}

const tedesche = `{"de":{"titolo":"Geburt","sezioni.dati.titolo":"Angaben","campi.nome.etichetta":"Vorname","campi.nome.aiuto":" ",
"campi.nome.messaggio_obbligatorio":"Geben Sie den Vornamen ein","campi.luogo.opzioni.021008":"Bozen","campi.figli.etichetta_riga":"Kind",
"campi.figli.nome.etichetta":"Name des Kindes","regole.0":"Geben Sie den echten Namen an","regole.due":"Es fehlen die Kinder","campi.lingue.opzioni.de":"Deutsch","campi.scuola.opzioni.1":"Dante-Schule"}}`

func tradotte(t testing.TB, m *modulo.Modulo) *lingua.Traduzioni {
	t.Helper()
	per, err := lingua.LeggiTesti(strings.NewReader(tedesche))
	require.NoError(t, err)
	tr, err := lingua.Compila(m, per)
	require.NoError(t, err)
	return tr
}

func TestInterprete(t *testing.T) {
	t.Parallel()
	m := nascita(t)
	x := lingua.Per("de", m, tradotte(t, m))
	require.Equal(t, lingua.Testo{"Geburt", "de"}, x.Titolo())
	s, _ := m.Sezione("dati")
	titolo, descrizione := x.Sezione(s)
	require.Equal(t, lingua.Testo{"Angaben", "de"}, titolo)
	require.Equal(t, lingua.Testo{"I dati", "it"}, descrizione, "missing")
	require.Equal(t, lingua.Testo{"Tutti i nomi", "it"}, x.Campo("nome", "aiuto", "Tutti i nomi"), "empty")
	require.Equal(t, lingua.Testo{"Name des Kindes", "de"}, x.Campo("figli[12].nome", "etichetta", "Nome"))
	g, _ := m.Campo("figli")
	require.Equal(t, []lingua.Testo{{"Kind 1 von 2", "de"}}, x.TitoloRiga("figli", g, 0, 2))
	require.Equal(t, []lingua.Testo{{"Figlio", "it"}, {" 1 von 2", "de"}}, lingua.Per("de", m, nil).TitoloRiga("figli", g, 0, 2))
	require.Equal(t, lingua.Lingua("de"), x.Lingua())
	require.Equal(t, []lingua.Testo{{"Avanti", "it"}}, lingua.Per("lld", m, nil).Componi(lingua.Avanti))

	leggi := func(p string, v any) []lingua.Testo {
		c, _ := m.Campo(p)
		return x.Leggibile(p, c, v)
	}
	require.Equal(t, []lingua.Testo{{"Bozen", "de"}}, leggi("luogo", "021008"))
	require.Equal(t, []lingua.Testo{{"Merano", "it"}}, leggi("luogo", "021051"))
	require.Equal(t, []lingua.Testo{{Valore: "tolta"}}, leggi("luogo", "tolta"))
	require.Equal(t, []lingua.Testo{{"Italiano", "it"}, {"Deutsch", "de"}}, leggi("lingue", []string{"it", "de"}))
	require.Equal(t, []lingua.Testo{{"Dante-Schule", "de"}}, leggi("scuola", "1"), "from a provider")
	require.Equal(t, []lingua.Testo{{"Ja", "de"}}, leggi("sposato", true))
	require.Equal(t, []lingua.Testo{{"Nein", "de"}}, leggi("sposato", false))
	require.Equal(t, []lingua.Testo{{Valore: "1.234,50 €"}}, leggi("reddito", "1234.50"))
	require.Equal(t, []lingua.Testo{{Valore: "2,5"}}, leggi("ore", "2.5"))
	require.Equal(t, []lingua.Testo{{Valore: "31. 3. 2026"}}, leggi("giorno", "2026-03-31"))
	require.Equal(t, []lingua.Testo{{Valore: "31/02"}}, leggi("giorno", "31/02"), "as typed")
	require.Equal(t, []lingua.Testo{{Valore: "a"}, {Valore: "b"}}, leggi("note", "a\nb"))
	for _, v := range []any{nil, "", 3} {
		require.Empty(t, leggi("nome", v))
	}
	require.Empty(t, leggi("figli", "x"))
}

// In Italian every answer is told in the words of modulo: page and PDF say the same.
func TestLeggibileItaliano(t *testing.T) {
	t.Parallel()
	m := nascita(t)
	v := m.Valuta(modulo.Risposte{"nome": "ada", "luogo": "021008", "lingue": []string{"de", "it"}, "reddito": "1.234,5", "giorno": "31/3/2026", "sposato": "si", "ore": "0,125"}, modulo.Opzioni{Bozza: true}).Valori
	require.Len(t, v, 7)
	for k := range v {
		c, _ := m.Campo(k)
		var pezzi []string
		for _, x := range lingua.Per("", m, tradotte(t, m)).Leggibile(k, c, v[k]) {
			pezzi = append(pezzi, x.Valore)
		}
		require.Equal(t, m.Leggibile(k, v[k]), strings.Join(pezzi, ", "), k)
	}
}

func TestCompila(t *testing.T) {
	t.Parallel()
	m := nascita(t)
	troppe := map[lingua.Lingua]lingua.Testi{}
	for i := range 11 {
		troppe[lingua.Lingua(fmt.Sprintf("a%c", 'a'+i))] = nil
	}
	_, err := lingua.Compila(m, troppe)
	require.ErrorIs(t, err, lingua.ErrTraduzioni)
	_, err = lingua.Compila(m, map[lingua.Lingua]lingua.Testi{
		"it": {"titolo": "x"}, "Tedesco": {}, "de": {"campi.boh.etichetta": "segreto", "titolo": "a\x00b", "descrizione": strings.Repeat("x", 20_001), "sezioni.dati.titolo": "\u202ex"},
	})
	require.ErrorIs(t, err, lingua.ErrTraduzioni)
	for _, s := range []string{`"it"`, `"Tedesco"`, "campi.boh.etichetta", `"titolo"`, `"descrizione"`, "sezioni.dati.titolo"} {
		require.ErrorContains(t, err, s)
	}
	require.NotContains(t, err.Error(), "segreto")

	tr := tradotte(t, m)
	require.Equal(t, []lingua.Lingua{"de"}, tr.Lingue())
	mancano := tr.Mancanti("de")
	require.Equal(t, lingua.Voce{"descrizione", "Dichiara"}, mancano[0])
	require.Len(t, mancano, len(lingua.Voci(m))-10, "an empty text is missing too")
	require.Len(t, tr.Mancanti("sl"), len(lingua.Voci(m)))
	require.Empty(t, tr.Mancanti("it"))
	var nessuna *lingua.Traduzioni
	require.Empty(t, nessuna.Mancanti("de"))
	require.Empty(t, nessuna.Lingue())
}

func TestLeggiTesti(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "[]", `{"de":{"a":1}}`, "\xff", `{"de":{}} x`} {
		_, err := lingua.LeggiTesti(strings.NewReader(s))
		require.ErrorIs(t, err, lingua.ErrTraduzioni, s)
	}
	_, err := lingua.LeggiTesti(strings.NewReader(strings.Repeat(" ", lingua.LimiteByte+1)))
	require.ErrorIs(t, err, lingua.ErrTraduzioni)
	rotto := errors.New("rotto")
	_, err = lingua.LeggiDizionari(iotest.ErrReader(rotto))
	require.ErrorIs(t, err, rotto)
}

// The dictionaries of the Stanza del Cittadino are keyed by the Italian text
// and full of empty strings.
func TestDizionario(t *testing.T) {
	t.Parallel()
	m := nascita(t)
	dd, err := lingua.LeggiDizionari(strings.NewReader(`{"it":{"Nome":"Nome"},"en":{"Nome":"Name","Luogo":"","Altro":"Other"},"en-GB":{"Luogo":"Place","Nome":""},"??":{}}`))
	require.NoError(t, err)
	require.Len(t, dd, 1)
	testi, inutili := dd["en"].Testi(m)
	require.Equal(t, lingua.Testi{"campi.nome.etichetta": "Name", "campi.figli.nome.etichetta": "Name", "campi.luogo.etichetta": "Place"}, testi)
	require.Equal(t, []string{"Altro"}, inutili)
	_, err = lingua.Compila(m, map[lingua.Lingua]lingua.Testi{"en": testi})
	require.NoError(t, err)
	_, err = lingua.LeggiDizionari(strings.NewReader("{"))
	require.ErrorIs(t, err, lingua.ErrTraduzioni)
}

// tutti makes every error that package modulo has, by a form of every type and answers that break it.
func tutti(t *testing.T) (*modulo.Modulo, modulo.Errori) {
	t.Helper()
	campo := func(id string, tipo modulo.Tipo, f func(*modulo.Campo)) modulo.Campo {
		c := modulo.Campo{ID: id, Etichetta: "Campo", Tipo: tipo, Obbligatorio: true}
		if f != nil {
			f(&c)
		}
		return c
	}
	opzioni := func(c *modulo.Campo) {
		c.Opzioni = []modulo.Opzione{{Valore: "a", Etichetta: "A"}, {Valore: "b", Etichetta: "B"}, {Valore: "c", Etichetta: "C"}}
	}
	var vuoti []modulo.Campo
	for _, tipo := range modulo.Tipi() {
		vuoti = append(vuoti, campo("v_"+string(tipo), tipo, func(c *modulo.Campo) {
			c.Obbligatorio = tipo != modulo.Nota
			if tipo == modulo.Scelta || tipo == modulo.SceltaMultipla {
				opzioni(c)
			}
			c.Testo = map[modulo.Tipo]string{modulo.Nota: "n", modulo.Dichiarazione: "d"}[tipo]
			if tipo == modulo.Gruppo {
				c.EtichettaRiga, c.Campi = "Riga", []modulo.Campo{{ID: "x", Etichetta: "X", Tipo: modulo.Testo}}
			}
		}))
	}
	guasti := []modulo.Campo{
		campo("intero", modulo.Intero, nil), campo("intero2", modulo.Intero, nil), campo("decimale", modulo.Decimale, nil), campo("decimale2", modulo.Decimale, nil), campo("importo", modulo.Importo, nil), campo("importo2", modulo.Importo, nil), campo("importo3", modulo.Importo, nil),
		campo("cifre", modulo.Intero, nil), campo("data", modulo.Data, nil), campo("anno", modulo.Data, nil), campo("ora", modulo.Ora, nil), campo("email", modulo.Email, nil), campo("pec", modulo.PEC, nil), campo("tel", modulo.Telefono, nil), campo("cf", modulo.CodiceFiscale, nil), campo("piva", modulo.PartitaIVA, nil), campo("iban", modulo.IBAN, nil), campo("cap", modulo.CAP, nil),
		campo("si", modulo.SiNo, nil), campo("scelta", modulo.Scelta, opzioni), campo("lungo", modulo.Testo, func(c *modulo.Campo) { c.MassimoCaratteri = 2 }), campo("lungo2", modulo.CAP, nil), campo("lungo3", modulo.TestoLungo, nil), campo("corto", modulo.Testo, func(c *modulo.Campo) { c.MinimoCaratteri = 5 }), campo("schema", modulo.Testo, func(c *modulo.Campo) { c.Schema, c.MessaggioSchema = "[a-z]+", "Solo minuscole" }),
		campo("min", modulo.Importo, func(c *modulo.Campo) { c.Minimo = "1000" }), campo("max", modulo.Decimale, func(c *modulo.Campo) { c.Massimo = "1.5" }), campo("dmin", modulo.Data, func(c *modulo.Campo) { c.Minimo = "oggi" }), campo("dmax", modulo.Data, func(c *modulo.Campo) { c.Massimo = "oggi-10" }), campo("dfisso", modulo.Data, func(c *modulo.Campo) { c.Massimo = "2020-01-02" }), campo("omin", modulo.Ora, func(c *modulo.Campo) { c.Minimo = "08:30" }), campo("omax", modulo.Ora, func(c *modulo.Campo) { c.Massimo = "12:00" }),
		campo("fassente", modulo.File, nil), campo("ftipo", modulo.File, func(c *modulo.Campo) { c.TipiFile = []string{"application/pdf"} }), campo("fgrande", modulo.File, func(c *modulo.Campo) { c.MassimoByte = 1_500_000 }), campo("ftanti", modulo.File, nil), campo("fdoppio", modulo.File, func(c *modulo.Campo) { c.MassimoFile = 3 }),
		campo("smin", modulo.SceltaMultipla, func(c *modulo.Campo) { opzioni(c); c.MinimoScelte = 2 }), campo("smax", modulo.SceltaMultipla, func(c *modulo.Campo) { opzioni(c); c.MassimoScelte = 1 }), campo("stra", modulo.SceltaMultipla, func(c *modulo.Campo) { opzioni(c); c.MinimoScelte, c.MassimoScelte = 1, 2 }),
		campo("figli", modulo.Gruppo, func(c *modulo.Campo) {
			c.EtichettaRiga, c.MinimoRighe, c.Campi = "Figlio", 3, []modulo.Campo{{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true, MessaggioObbligatorio: "Inserisci il nome"}}
		}),
		campo("rtroppe", modulo.Gruppo, func(c *modulo.Campo) {
			c.EtichettaRiga, c.MassimoRighe, c.Campi = "Riga", 1, []modulo.Campo{{ID: "x", Etichetta: "X", Tipo: modulo.Testo}}
		}),
	}
	m, err := modulo.Compila(modulo.Definizione{ID: "tutti", Versione: 1, Titolo: "T", Sezioni: []modulo.Sezione{{ID: "vuoti", Titolo: "V", Campi: vuoti}, {ID: "guasti", Titolo: "G", Campi: guasti}},
		Regole: []modulo.Regola{{Se: "true", Messaggio: "Regola generale"}}})
	require.NoError(t, err)
	file := map[string]modulo.InfoFile{"f": {Nome: "f", Tipo: "image/png", Byte: 2_000_000, SHA256: "1"}, "g": {Nome: "g", Tipo: "image/png", Byte: 1, SHA256: "1"}}
	e := m.Valuta(modulo.Risposte{
		"intero": "x", "intero2": "1,5", "decimale": "x", "decimale2": "1.234", "importo": "x", "importo2": "1,234", "importo3": "1.234", "cifre": "1234567890123456", "data": "31/2/2026", "anno": "1/1/0026", "ora": "25", "email": "x", "pec": "x", "tel": "x", "cf": "x", "piva": "x", "iban": "x", "cap": "x",
		"si": "boh", "scelta": "z", "lungo": "abc", "lungo2": strings.Repeat("1", 400), "lungo3": strings.Repeat("a", 10_001), "corto": "ab", "schema": "A", "min": "1", "max": "2", "dmin": "1/1/2026", "dmax": "31/3/2026", "dfisso": "31/3/2026", "omin": "7:00", "omax": "13:00",
		"fassente": "zz", "ftipo": "f", "fgrande": "f", "ftanti": []string{"f", "g"}, "fdoppio": []string{"f", "g"}, "smin": []string{"a"}, "smax": []string{"a", "b"}, "stra": []string{"a", "b", "c"},
		"figli": []map[string]any{{"nome": "a"}, {}}, "rtroppe": []map[string]any{{}, {}},
	}, modulo.Opzioni{Oggi: oggi, Allegati: file}).Errori
	return m, e
}

// Every error of package modulo has a message in every language; only the
// author's own texts stay Italian where he has not translated them.
func TestErrori(t *testing.T) {
	t.Parallel()
	m, errori := tutti(t)
	require.Greater(t, len(errori), 60)
	dAutore := map[string]bool{"Inserisci il nome": true, "Solo minuscole": true, "Regola generale": true}
	codici := map[string]bool{}
	for _, e := range errori {
		codici[e.Codice] = true
		etichetta, messaggio := lingua.Per("", m, nil).Errore(e, oggi)
		require.Equal(t, lingua.Testo{e.Messaggio, "it"}, messaggio)
		if e.Etichetta != "" {
			require.Equal(t, []lingua.Testo{{e.Etichetta, "it"}}, etichetta)
		}
		visti := map[string]bool{messaggio.Valore: true}
		for _, l := range lingua.Lingue()[1:] {
			_, messaggio := lingua.Per(l, m, nil).Errore(e, oggi)
			if dAutore[e.Messaggio] {
				require.Equal(t, lingua.Testo{e.Messaggio, "it"}, messaggio)
				continue
			}
			require.Equal(t, l, messaggio.Lingua, "%s %s: %s", l, e.Codice, messaggio.Valore)
			require.NotContains(t, messaggio.Valore, "{")
			require.False(t, visti[messaggio.Valore], "%s: %s", l, messaggio.Valore)
			visti[messaggio.Valore] = true
		}
	}
	for _, c := range []string{"obbligatorio", "formato", "ambiguo", "decimali", "cifre", "opzione", "troppo_lungo", "troppo_corto", "schema", "minimo", "massimo", "file_assente", "file_tipo", "file_grande", "file_numero", "file_doppio", "righe", "scelte", "regola"} {
		require.True(t, codici[c], c)
	}
	tedesco := func(percorso, codice string) string {
		_, s := lingua.Per("de", m, nil).Errore(modulo.Errore{Percorso: percorso, Codice: codice, Etichetta: "x"}, oggi)
		return s.Valore
	}
	require.Equal(t, "Der Wert muss mindestens 1.000,00 € betragen", tedesco("min", "minimo"))
	require.Equal(t, "Der Wert darf höchstens 1,5 betragen", tedesco("max", "massimo"))
	require.Equal(t, "Wählen Sie ein Datum nicht vor dem 31. 3. 2026", tedesco("dmin", "minimo"))
	require.Equal(t, "Wählen Sie ein Datum nicht nach dem 21. 3. 2026", tedesco("dmax", "massimo"))
	require.Equal(t, "Geben Sie höchstens 2 Dezimalstellen ein", tedesco("importo2", "decimali"))
	require.Equal(t, "Geben Sie höchstens 6 Dezimalstellen ein", tedesco("decimale", "decimali"))
	require.Equal(t, "Füllen Sie dieses Feld aus", tedesco("lungo", "obbligatorio"))
	require.Empty(t, tedesco("lungo", "massimo"), "a limit that is not there")
	_, s := lingua.Per("de", m, nil).Errore(modulo.Errore{Percorso: "dmin", Codice: "minimo", Messaggio: "Così"}, termini.Giorno{})
	require.Equal(t, lingua.Testo{"Così", "it"}, s, "no today")
	_, s = lingua.Per("de", m, nil).Errore(modulo.Errore{Codice: "troppo_grande", Messaggio: "Così"}, oggi)
	require.Equal(t, lingua.Tedesco, s.Lingua)
	_, s = lingua.Per("de", m, nil).Errore(modulo.Errore{Percorso: "lungo", Codice: "dell_ospite", Messaggio: "Così"}, oggi)
	require.Equal(t, lingua.Testo{"Così", "it"}, s)
}

func TestErroriTradotti(t *testing.T) {
	t.Parallel()
	m := nascita(t)
	x := lingua.Per("de", m, tradotte(t, m))
	for nome, attesi := range map[string][2]string{"": {"Vorname", "Geben Sie den Vornamen ein"}, "x": {"Vorname", "Geben Sie den echten Namen an"}, "y": {"", "Es fehlen die Kinder"}} {
		e := m.Valuta(modulo.Risposte{"nome": nome}, modulo.Opzioni{Oggi: oggi}).Errori
		require.Len(t, e, 1)
		etichetta, messaggio := x.Errore(e[0], oggi)
		if attesi[0] != "" {
			require.Equal(t, []lingua.Testo{{attesi[0], "de"}}, etichetta)
		}
		require.Equal(t, lingua.Testo{attesi[1], "de"}, messaggio)
	}
	e := m.Valuta(modulo.Risposte{"nome": "ada", "figli": []map[string]any{{"nome": "a"}, {}}}, modulo.Opzioni{Oggi: oggi}).Errori
	require.Len(t, e, 1)
	etichetta, _ := x.Errore(e[0], oggi)
	require.Equal(t, []lingua.Testo{{"Kind", "de"}, {" 2: ", "de"}, {"Name des Kindes", "de"}}, etichetta)
}

func FuzzLeggi(f *testing.F) {
	f.Add(tedesche)
	f.Add(`{"en":{"Nome":"Name"}}`)
	m := nascita(f)
	f.Fuzz(func(t *testing.T, s string) {
		if per, err := lingua.LeggiTesti(strings.NewReader(s)); err == nil {
			if tr, err := lingua.Compila(m, per); err == nil {
				for _, l := range tr.Lingue() {
					require.NotEmpty(t, lingua.Per(l, m, tr).Titolo().Valore)
				}
			}
		}
		if dd, err := lingua.LeggiDizionari(strings.NewReader(s)); err == nil {
			for _, d := range dd {
				testi, _ := d.Testi(m)
				require.LessOrEqual(t, len(testi), len(lingua.Voci(m)))
			}
		}
	})
}

// The words of the ready-made blocks need no translator, but may have one.
func TestBlocchiPronti(t *testing.T) {
	t.Parallel()
	m, err := modulo.Compila(modulo.Definizione{ID: "m", Versione: 1, Titolo: "M", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "S", Campi: []modulo.Campo{
		{ID: "madre", Etichetta: "Madre", Tipo: modulo.Persona}, {ID: "casa", Etichetta: "Casa", Tipo: modulo.Indirizzo}, {ID: "prodotto_nome", Etichetta: "Nome", Tipo: modulo.Testo},
		{ID: "cane", Etichetta: "Cane", Tipo: modulo.DaBlocco, Blocco: "cane"},
	}}}, Blocchi: []modulo.Blocco{{ID: "cane", Campi: []modulo.Campo{{ID: "chip", Etichetta: "Chip", Tipo: modulo.Testo}}, Regole: []modulo.Regola{{Se: `chip == "x"`, Messaggio: "Indica il chip"}}}}})
	require.NoError(t, err)
	tr, err := lingua.Compila(m, map[lingua.Lingua]lingua.Testi{"de": {"insiemi.madre": "Mutter", "campi.madre_cognome.etichetta": "Familienname", "blocchi.cane.regole.0": "Geben Sie den Chip an"}})
	require.NoError(t, err)
	x := lingua.Per("de", m, tr)
	require.Equal(t, lingua.Testo{"Vorname", "de"}, x.Campo("madre_nome", "etichetta", "Nome"))
	require.Equal(t, lingua.Testo{"Familienname", "de"}, x.Campo("madre_cognome", "etichetta", "Cognome"))
	require.Equal(t, lingua.Testo{"Nome", "it"}, x.Campo("prodotto_nome", "etichetta", "Nome"), "of no block")
	c, _ := m.Campo("madre_nome")
	require.Equal(t, lingua.Testo{"Mutter", "de"}, x.Insieme(c))
	require.Equal(t, lingua.Testo{"Geben Sie den Chip an", "de"}, x.Regola("Indica il chip"))
	for _, l := range lingua.Lingue()[1:] {
		require.NotEmpty(t, lingua.Per(l, m, tr).Opzione("madre_sesso", modulo.Opzione{Valore: "F", Etichetta: "Femminile"}).Valore)
		for _, v := range tr.Mancanti(l) {
			require.NotContains(t, []string{"Nome", "CAP", "Comune", "Sesso", "Maschile"}, map[bool]string{true: "", false: v.Italiano}[v.Chiave == "campi.prodotto_nome.etichetta"], v.Chiave)
		}
	}
	var mancano []string
	for _, v := range tr.Mancanti("fr") {
		mancano = append(mancano, v.Chiave)
	}
	require.Equal(t, []string{"titolo", "sezioni.s.titolo", "insiemi.madre", "insiemi.casa", "campi.prodotto_nome.etichetta", "insiemi.cane", "campi.cane_chip.etichetta", "blocchi.cane.regole.0"}, mancano)
}
