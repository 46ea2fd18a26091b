package modulo_test

import (
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

func TestLetturaPerTipo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tipo    modulo.Tipo
		scritto any
		tenuto  any
		codice  string
	}{
		{modulo.Importo, "1.234,56", "1234.56", ""}, {modulo.Importo, "1234.5", "1234.50", ""}, {modulo.Importo, "1 234,5", "1234.50", ""}, {modulo.Importo, "€ 12", "12.00", ""}, {modulo.Importo, "-3,5", "-3.50", ""}, {modulo.Importo, "1.234.567", "1234567.00", ""},
		{modulo.Importo, "1.234", "1.234", "ambiguo"}, {modulo.Importo, "0.125", "0.125", "decimali"}, {modulo.Importo, "1,234", "1,234", "decimali"}, {modulo.Importo, "1,234.56", "1,234.56", "formato"}, {modulo.Importo, "12.34,5", "12.34,5", "formato"},
		{modulo.Importo, "1,", "1,", "formato"}, {modulo.Importo, ",5", ",5", "formato"}, {modulo.Importo, "1e3", "1e3", "formato"}, {modulo.Importo, "1.23a", "1.23a", "formato"}, {modulo.Importo, "a.123", "a.123", "formato"}, {modulo.Importo, "--1", "--1", "formato"}, {modulo.Importo, "1234567890123456", "1234567890123456", "cifre"},
		{modulo.Importo, 12, "12.00", ""}, {modulo.Importo, int64(12), "12.00", ""}, {modulo.Importo, float64(12), "12.00", ""}, {modulo.Importo, 12.5, nil, "formato"}, {modulo.Importo, json.Number("12.5"), "12.50", ""}, {modulo.Importo, decimal.RequireFromString("1.25"), "1.25", ""}, {modulo.Importo, true, nil, "formato"},
		{modulo.Decimale, "0.125", "0.1250", ""}, {modulo.Decimale, "1,234", "1.2340", ""}, {modulo.Decimale, "1.2340", "1.2340", ""}, {modulo.Decimale, "0,1234567", "0,1234567", "decimali"}, {modulo.Decimale, "007", "7", ""}, {modulo.Decimale, "−2", "-2", ""}, {modulo.Decimale, "+2", "2", ""},
		{modulo.Intero, "1.234", "1234", ""}, {modulo.Intero, "12,0", "12", ""}, {modulo.Intero, "12,5", "12,5", "decimali"}, {modulo.Intero, "-", "-", "formato"},
		{modulo.Data, "31/3/2026", "2026-03-31", ""}, {modulo.Data, "2026-03-31", "2026-03-31", ""}, {modulo.Data, "31.03.2026", "2026-03-31", ""}, {modulo.Data, oggi, "2026-03-31", ""}, {modulo.Data, "31/02/2026", "31/02/2026", "formato"}, {modulo.Data, "31//2026", "31//2026", "formato"}, {modulo.Data, "1/1/0026", "0026-01-01", "formato"}, {modulo.Data, "1/1/20260", "1/1/20260", "formato"}, {modulo.Data, "1/1/26", "1/1/26", "formato"},
		{modulo.Ora, "9:05", "09:05", ""}, {modulo.Ora, "09.05", "09:05", ""}, {modulo.Ora, "24:00", "24:00", "formato"}, {modulo.Ora, "9", "9", "formato"}, {modulo.Ora, "9:60", "9:60", "formato"},
		{modulo.SiNo, "sì", true, ""}, {modulo.SiNo, "no", false, ""}, {modulo.SiNo, false, false, ""}, {modulo.SiNo, "", nil, ""}, {modulo.SiNo, "forse", nil, "opzione"}, {modulo.SiNo, 1, nil, "opzione"},
		{modulo.Testo, "  a\r\nb\tc\x00\u202e ", "a b c", ""}, {modulo.Testo, []string{"a", "b"}, "b", ""}, {modulo.Testo, []string{}, nil, ""}, {modulo.Testo, 5, nil, "formato"}, {modulo.Testo, "a\xff", "a\uFFFD", ""}, {modulo.TestoLungo, "a\r\nb", "a\nb", ""},
		{modulo.Email, " a@Example.it ", "a@example.it", ""}, {modulo.Email, "a@", "a@", "formato"}, {modulo.PEC, "a@pec.it", "a@pec.it", ""}, {modulo.PEC, "pec", "pec", "formato"},
		{modulo.Telefono, "06 1234-567", "061234567", ""}, {modulo.Telefono, "x", "x", "formato"}, {modulo.CAP, "00184", "00184", ""}, {modulo.CAP, "184", "184", "formato"},
		{modulo.CodiceFiscale, "bncdaa80a41h501x", "bncdaa80a41h501x", "formato"}, {modulo.CodiceFiscale, "rssmra80a01h501u", "RSSMRA80A01H501U", ""}, {modulo.PartitaIVA, "00743110157", "00743110157", ""}, {modulo.PartitaIVA, "00743110158", "00743110158", "formato"},
		{modulo.IBAN, "it60 x054 2811 1010 0000 0123 456", "IT60X0542811101000000123456", ""}, {modulo.IBAN, "IT61X0542811101000000123456", "IT61X0542811101000000123456", "formato"}, {modulo.IBAN, strings.Repeat("1", 400), strings.Repeat("1", 300), "troppo_lungo"},
	} {
		m := daCampi(t, campo("x", c.tipo))
		e := m.Valuta(modulo.Risposte{"x": c.scritto}, modulo.Opzioni{Oggi: oggi})
		require.Equal(t, c.tenuto, e.Valori["x"], "%s %v", c.tipo, c.scritto)
		atteso := []string{}
		if c.codice != "" {
			atteso = append(atteso, "x:"+c.codice)
			require.NotEmpty(t, e.Errori[0].Messaggio)
			require.Equal(t, "X", e.Errori[0].Etichetta)
		}
		require.Equal(t, atteso, codici(e.Errori), "%s %v", c.tipo, c.scritto)
		b := m.Valuta(modulo.Risposte{"x": c.scritto}, modulo.Opzioni{Oggi: oggi, Bozza: true})
		require.Empty(t, b.Errori)
		require.Equal(t, e.Valori, b.Valori, "a draft keeps the same")
	}
}

func TestLimiti(t *testing.T) {
	t.Parallel()
	con := func(tipo modulo.Tipo, f func(*modulo.Campo)) modulo.Campo {
		c := campo("x", tipo)
		f(&c)
		return c
	}
	opz := []modulo.Opzione{{Valore: "a", Etichetta: "A"}, {Valore: "b", Etichetta: "B"}, {Valore: "c", Etichetta: "C"}}
	file := map[string]modulo.InfoFile{
		"p": {Nome: "p.pdf", Tipo: "application/pdf", Byte: 10, SHA256: "1"}, "q": {Nome: "q.pdf", Tipo: "application/pdf", Byte: 10, SHA256: "1"},
		"w": {Nome: "w.doc", Tipo: "application/msword", Byte: 5000, SHA256: "2"},
	}
	for _, c := range []struct {
		campo    modulo.Campo
		v        any
		codice   string
		contiene string
	}{
		{con(modulo.Importo, func(c *modulo.Campo) { c.Minimo = "1234.5" }), "1234,49", "minimo", "almeno 1.234,50 euro"},
		{con(modulo.Importo, func(c *modulo.Campo) { c.Massimo = "10" }), "10,01", "massimo", "al massimo 10,00 euro"},
		{con(modulo.Importo, func(c *modulo.Campo) { c.Minimo, c.Massimo = "10", "10" }), "10", "", ""},
		{con(modulo.Decimale, func(c *modulo.Campo) { c.Massimo = "0.5" }), "1", "massimo", "0,5"},
		{con(modulo.Intero, func(*modulo.Campo) {}), "1,5", "decimali", "numero intero"},
		{con(modulo.Data, func(c *modulo.Campo) { c.Minimo = "oggi+1" }), "31/03/2026", "minimo", "non prima del 01/04/2026"},
		{con(modulo.Data, func(c *modulo.Campo) { c.Massimo = "oggi" }), "01/04/2026", "massimo", "non dopo il 31/03/2026"},
		{con(modulo.Data, func(c *modulo.Campo) { c.Minimo, c.Massimo = "2026-03-31", "oggi" }), "31/03/2026", "", ""},
		{con(modulo.Ora, func(c *modulo.Campo) { c.Minimo = "08:00" }), "7:59", "minimo", "08:00"},
		{con(modulo.Ora, func(c *modulo.Campo) { c.Massimo = "08:00" }), "8:01", "massimo", "08:00"},
		{con(modulo.Testo, func(c *modulo.Campo) { c.MinimoCaratteri = 3 }), "àà", "troppo_corto", "almeno 3 caratteri"},
		{con(modulo.Testo, func(c *modulo.Campo) { c.MassimoCaratteri = 3 }), "àààà", "troppo_lungo", "al massimo 3 caratteri"},
		{con(modulo.Testo, func(c *modulo.Campo) { c.MassimoCaratteri = 3 }), "ààà", "", ""},
		{con(modulo.Testo, func(c *modulo.Campo) { c.Schema, c.MessaggioSchema = "a|b", "Scrivi a o b" }), "ab", "schema", "Scrivi a o b"},
		{con(modulo.Scelta, func(c *modulo.Campo) { c.Opzioni = opz }), "z", "opzione", "una delle opzioni"},
		{con(modulo.SceltaMultipla, func(c *modulo.Campo) { c.Opzioni = opz }), []any{"a", "z"}, "opzione", "una delle opzioni"},
		{con(modulo.SceltaMultipla, func(c *modulo.Campo) { c.Opzioni, c.MinimoScelte = opz, 2 }), []string{"a", "", "a"}, "scelte", "almeno 2 opzioni"},
		{con(modulo.SceltaMultipla, func(c *modulo.Campo) { c.Opzioni, c.MassimoScelte = opz, 1 }), []string{"b", "a"}, "scelte", "al massimo 1 opzione"},
		{con(modulo.File, func(*modulo.Campo) {}), []string{"altro"}, "file_assente", "caricalo di nuovo"},
		{con(modulo.File, func(*modulo.Campo) {}), []string{"p", "w"}, "file_numero", "al massimo 1 file"},
		{con(modulo.File, func(c *modulo.Campo) {
			c.TipiFile = []string{"application/pdf", "text/plain", "application/pkcs7-mime"}
		}), "w", "file_tipo", "PDF, testo, P7M"},
		{con(modulo.File, func(c *modulo.Campo) { c.MassimoByte = 4999 }), "w", "file_grande", "5 kB"},
		{con(modulo.File, func(c *modulo.Campo) { c.MassimoFile = 2 }), []string{"p", "q"}, "file_doppio", "due volte"},
		{con(modulo.File, func(c *modulo.Campo) { c.MassimoFile = 2 }), []string{"p", "p", ""}, "", ""},
	} {
		e := daCampi(t, c.campo).Valuta(modulo.Risposte{"x": c.v}, modulo.Opzioni{Oggi: oggi, Allegati: file})
		if c.codice == "" {
			require.Empty(t, e.Errori)
			continue
		}
		require.Equal(t, []string{"x:" + c.codice}, codici(e.Errori), "%v", c.v)
		require.Contains(t, e.Errori[0].Messaggio, c.contiene)
	}
}

func TestObbligatori(t *testing.T) {
	t.Parallel()
	attesi := map[modulo.Tipo]string{
		modulo.SiNo: "Scegli Sì o No", modulo.Scelta: "Scegli un'opzione", modulo.SceltaMultipla: "Scegli almeno un'opzione", modulo.Data: "Inserisci la data",
		modulo.Ora: "Inserisci l'ora", modulo.File: "Carica il file richiesto", modulo.Dichiarazione: "Per proseguire spunta la casella", modulo.Gruppo: "Aggiungi almeno 1 riga",
		modulo.Consenso: "Scegli se dare il consenso oppure no", modulo.Appuntamento: "Scegli un appuntamento", modulo.Bollo: "Indica la marca da bollo",
	}
	for _, tipo := range modulo.Tipi() {
		if tipo == modulo.Nota {
			continue
		}
		c := campo("x", tipo)
		c.Obbligatorio = tipo != modulo.Dichiarazione // a statement is always required
		switch tipo {
		case modulo.Scelta, modulo.SceltaMultipla:
			c.Opzioni = []modulo.Opzione{{Valore: "a", Etichetta: "A"}}
		case modulo.Dichiarazione:
			c.Testo = "Dichiaro"
		case modulo.Gruppo:
			c.EtichettaRiga, c.Campi = "Riga", []modulo.Campo{campo("y", modulo.Testo)}
		default:
		}
		m := daCampi(t, c)
		for _, v := range []any{nil, "", " "} {
			e := m.Valuta(modulo.Risposte{"x": v}, modulo.Opzioni{})
			require.Equal(t, []string{"x:obbligatorio"}, codici(e.Errori), tipo)
			require.True(t, e.Obbligatorio("x"))
			atteso := attesi[tipo]
			if atteso == "" {
				atteso = "Compila questo campo"
			}
			require.Equal(t, atteso, e.Errori[0].Messaggio)
			require.Empty(t, m.Valuta(nil, modulo.Opzioni{Bozza: true}).Errori)
		}
	}
	require.Equal(t, []string{"x:obbligatorio"}, codici(daCampi(t, modulo.Campo{ID: "x", Etichetta: "X", Tipo: modulo.Dichiarazione, Testo: "D"}).
		Valuta(modulo.Risposte{"x": false}, modulo.Opzioni{}).Errori))
}

// What is hidden is gone before anybody else looks at it, however late its
// condition comes in the form.
func TestNascosti(t *testing.T) {
	t.Parallel()
	a := modulo.Campo{ID: "a", Etichetta: "A", Tipo: modulo.Testo, Se: `not vuoto(b)`, Obbligatorio: true}
	b := modulo.Campo{ID: "b", Etichetta: "B", Tipo: modulo.Intero, Se: "c", Minimo: "100"}
	c := campo("c", modulo.SiNo)
	m := daCampi(t, a, b, c)
	r := modulo.Risposte{"a": "segreto", "b": "5", "c": "no"}
	e := m.Valuta(r, modulo.Opzioni{})
	require.Equal(t, modulo.Risposte{"c": false}, e.Valori)
	require.Empty(t, e.Errori)
	require.Equal(t, "segreto", r["a"], "the answers posted are not changed")
	require.False(t, e.Visibile("a"))
	r["c"] = "si"
	e = m.Valuta(r, modulo.Opzioni{})
	require.Equal(t, modulo.Risposte{"a": "segreto", "b": "5", "c": true}, e.Valori)
	require.Equal(t, []string{"b:minimo"}, codici(e.Errori))
}

func TestRegole(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	r := nucleo()
	r["nascita"] = "1/1/2011"
	r["email"] = ""
	r["figli"] = []any{map[string]any{"nome": "Zoe", "nascita": "2010-03-31"}, map[string]any{"nome": "", "nascita": "2012-03-31"}, "intrusa"}
	e := m.Valuta(r, modulo.Opzioni{Oggi: oggi})
	require.Equal(t, []string{"codice_fiscale:formato", "nascita:eta_richiedente", "email:obbligatorio",
		"figli[0].nascita:figlio_piu_vecchio", "figli[1].nome:obbligatorio", "figli[2].nome:obbligatorio", "figli[2].nascita:obbligatorio"}, codici(e.Errori))
	require.Equal(t, "Figlio 2: Nome", e.Errori[4].Etichetta)
	require.Equal(t, "Inserisci il nome del figlio", e.Errori[4].Messaggio)
	require.Equal(t, "nucleo", e.Errori[4].Sezione)
	require.Len(t, e.Errori.Di("email"), 1)
	require.NotContains(t, e.Errori.Error(), "Zoe")
	require.Contains(t, e.Errori.Error(), "email:obbligatorio")

	r = nucleo()
	delete(r, "figli")
	e = m.Valuta(r, modulo.Opzioni{Oggi: oggi})
	require.Equal(t, "", e.Errori[len(e.Errori)-1].Percorso, "the rules of the whole form come last")
	require.Equal(t, "scuolabus", e.Errori[len(e.Errori)-1].Codice)
	require.NotContains(t, e.SezioniVisibili(), "pagamento")
	require.NotContains(t, e.Valori, "iban")
}

// The condition of a row sees its own row and the fields outside.
func TestRighe(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	r := nucleo()
	r["figli"] = []map[string]any{{"nome": "Ugo", "nascita": "2000-01-01", "studente": "si"}, {"nome": "Ada", "nascita": "2001-01-01", "studente": "no", "certificato": []string{"z"}}}
	e := m.Valuta(r, modulo.Opzioni{Oggi: oggi})
	require.Contains(t, codici(e.Errori), "figli[0].certificato:obbligatorio")
	require.True(t, e.Obbligatorio("figli[0].certificato"))
	require.False(t, e.Visibile("figli[1].certificato"))
	require.NotContains(t, e.Valori.Righe("figli")[1], "certificato")
	r["isee"] = "30000"
	require.NotContains(t, codici(m.Valuta(r, modulo.Opzioni{Oggi: oggi}).Errori), "figli[0].certificato:obbligatorio")

	tante := make([]map[string]any, 11)
	for i := range tante {
		tante[i] = map[string]any{"nome": "N", "nascita": "2010-01-01"}
	}
	r["figli"] = tante
	e = m.Valuta(r, modulo.Opzioni{Oggi: oggi})
	require.Contains(t, codici(e.Errori), "figli:righe")
	require.Len(t, e.Valori.Righe("figli"), 10)

	g := campo("g", modulo.Gruppo)
	g.EtichettaRiga, g.MinimoRighe, g.Campi = "Riga", 2, []modulo.Campo{campo("y", modulo.Testo)}
	e = daCampi(t, g).Valuta(modulo.Risposte{"g": []modulo.Risposte{{"y": "1"}}}, modulo.Opzioni{})
	require.Equal(t, []string{"g:righe"}, codici(e.Errori))
}

func TestPrecompilate(t *testing.T) {
	t.Parallel()
	m := daFile(t, "occupazione_suolo")
	pre := modulo.Risposte{"qualita": "privato", "cap": "00184", "telefono": "", "canone": "1"}
	r := modulo.Risposte{"qualita": "impresa", "cap": "10100", "telefono": "061234567"}
	e := m.Valuta(r, modulo.Opzioni{Bozza: true, Oggi: oggi, Precompilate: pre})
	require.Equal(t, modulo.Risposte{"qualita": "privato", "cap": "00184", "telefono": "061234567"}, e.Valori)
	require.True(t, m.Bloccato("cap", pre))
	require.False(t, m.Bloccato("telefono", pre), "empty")
	require.False(t, m.Bloccato("canone", pre), "computed")
	require.False(t, m.Bloccato("boh", pre))
	require.Equal(t, modulo.Risposte{"qualita": "privato"}, m.Predefinite())
	require.NotContains(t, m.Valuta(nil, modulo.Opzioni{}).Valori, "qualita", "a default nobody saw is no answer")
}

func TestCanone(t *testing.T) {
	t.Parallel()
	m := daFile(t, "occupazione_suolo")
	e := m.Valuta(modulo.Risposte{"qualita": "privato", "cap": "00184", "dal": "10/04/2026", "al": "12/04/2026", "lunghezza": "2,35", "larghezza": "1.5", "canone": "0"}, modulo.Opzioni{Oggi: oggi})
	require.Empty(t, codici(e.Errori))
	require.Equal(t, "3.5250", e.Valori["superficie"])
	require.Equal(t, "6.56", e.Valori["canone"]) // 3.525 × 3 × 0.62 = 6.5565
	e = m.Valuta(modulo.Risposte{"qualita": "privato", "cap": "00184", "dal": "05/04/2026", "al": "04/04/2026", "lunghezza": "1", "larghezza": "1", "targa": "xx"}, modulo.Opzioni{Oggi: oggi})
	require.Equal(t, []string{"dal:minimo", "al:fine_prima_inizio", "targa:schema"}, codici(e.Errori))
}

func TestTotaleLimitato(t *testing.T) {
	t.Parallel()
	g := campo("g", modulo.Gruppo)
	g.EtichettaRiga, g.MassimoRighe, g.Campi = "Riga", 500, []modulo.Campo{campo("y", modulo.Testo)}
	m := daCampi(t, g)
	rr := make([]map[string]any, 500)
	for i := range rr {
		rr[i] = map[string]any{"y": strings.Repeat("x", 9000)}
	}
	for _, bozza := range []bool{true, false} {
		e := m.Valuta(modulo.Risposte{"g": rr}, modulo.Opzioni{Bozza: bozza})
		n := 0
		for _, r := range e.Valori.Righe("g") {
			s, _ := r["y"].(string)
			n += len(s)
		}
		require.LessOrEqual(t, n, modulo.LimiteRisposte)
		require.Greater(t, n, modulo.LimiteRisposte-10_000)
		require.Equal(t, bozza, len(e.Errori) == 0)
	}
}

func TestRiepilogo(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	file := map[string]modulo.InfoFile{"a": {Nome: "delega.pdf", Tipo: "application/pdf", Byte: 1_240_000}}
	r := nucleo()
	r["intestatario"] = "no"
	r["delega"] = []string{"a", "b"}
	e := m.Valuta(r, modulo.Opzioni{Oggi: oggi, Allegati: file, Bozza: true})
	rp := m.Riepiloga(e.Valori, file)
	require.Equal(t, "Contributo al nucleo familiare", rp.Titolo)
	require.Len(t, rp.Sezioni, 4)
	per := map[string]modulo.VoceRiepilogo{}
	for _, s := range rp.Sezioni {
		for _, v := range s.Voci {
			per[v.Percorso] = v
		}
	}
	require.Equal(t, "01/01/1980", per["nascita"].Valore)
	require.Equal(t, "Per e-mail", per["canale"].Valore)
	require.Equal(t, "12.000,00 €", per["isee"].Valore)
	require.Equal(t, "Mensa\nScuolabus", per["servizi"].Valore)
	require.Equal(t, "No", per["intestatario"].Valore)
	require.Equal(t, modulo.VoceRiepilogo{Percorso: "delega", Etichetta: "Delega dell'intestatario", Valore: "delega.pdf (1,2 MB)\nFile non più disponibile", File: true}, per["delega"])
	require.Contains(t, per["veridicita"].Etichetta, "DPR 445/2000")
	require.Equal(t, "Figlio 2 di 2", per["figli"].Righe[1].Titolo)
	require.Equal(t, "500,10 €", per["figli"].Righe[0].Voci[3].Valore)
	require.NotContains(t, per, "note")
	require.Empty(t, m.Riepiloga(nil, nil).Sezioni)

	require.Equal(t, "Mensa, Scuolabus", m.Leggibile("servizi", e.Valori["servizi"]))
	require.Equal(t, "12.000,00", m.Scritto("isee", "12000.00"))
	require.Equal(t, "1.234", m.Scritto("isee", "1.234"), "what is ambiguous comes back as typed")
	require.Equal(t, "", m.Scritto("boh", "x")+m.Leggibile("boh", "x")+m.Leggibile("figli", nil))
	require.Equal(t, "999 byte 1 kB 2 MB", modulo.Dimensione(999)+" "+modulo.Dimensione(1000)+" "+modulo.Dimensione(2_000_000))
}

func TestFile(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	r := modulo.Risposte{"figli": []any{map[string]any{"nome": "A"}, nil}}
	q, err := m.ConFile(r, "figli[1].certificato", "x")
	require.NoError(t, err)
	require.Equal(t, []string{"x"}, q.Elenco("figli[1].certificato"))
	require.Empty(t, r.Elenco("figli[1].certificato"))
	_, err = m.ConFile(q, "figli[1].certificato", "y")
	require.ErrorIs(t, err, modulo.ErrFile, "one only")
	q2, err := m.ConFile(q, "figli[1].certificato", "x")
	require.NoError(t, err)
	require.Equal(t, q, q2)
	q, err = m.SenzaFile(q, "figli[1].certificato", "x")
	require.NoError(t, err)
	require.Empty(t, q.Elenco("figli[1].certificato"))
	q, err = m.ConFile(nil, "delega", "d")
	require.NoError(t, err)
	require.Equal(t, modulo.Risposte{"delega": []string{"d"}}, q)
	for _, p := range []string{"boh", "nome", "figli[2].certificato", "figli.certificato", "figli[01].certificato", "figli[-1].certificato", "figli[x].certificato", "figli[0]certificato", "delega[0].x", "", strings.Repeat("x", 300)} {
		_, err := m.ConFile(r, p, "x")
		require.ErrorIs(t, err, modulo.ErrFile, p)
		_, err = m.SenzaFile(r, p, "x")
		require.ErrorIs(t, err, modulo.ErrFile, p)
	}
	_, err = m.ConFile(r, "delega", "")
	require.ErrorIs(t, err, modulo.ErrFile)
	s, ok := m.SezioneDi("figli[0].nome")
	require.True(t, ok)
	require.Equal(t, "nucleo", s)
	_, ok = m.SezioneDi("x.y")
	require.False(t, ok)
	require.Nil(t, m.Iniziale("nome"))
}

func TestRegistroSenzaDati(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	e := m.Valuta(nucleo(), modulo.Opzioni{Oggi: oggi})
	rp := m.Riepiloga(e.Valori, nil)
	var b strings.Builder
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "e", e, "v", e.Valori, "r", rp, "voce", rp.Sezioni[0].Voci[0], "errori", e.Errori, "f", modulo.InfoFile{Nome: "Bianchi.pdf"})
	for _, s := range []string{"Ada", "Bianchi", "1980", "IT60"} {
		require.NotContains(t, b.String(), s)
	}
}

func TestConcorrenza(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	atteso := m.Valuta(nucleo(), modulo.Opzioni{Oggi: oggi})
	r := nucleo()
	var g sync.WaitGroup
	for range 8 {
		g.Go(func() {
			for range 20 {
				e := m.Valuta(r, modulo.Opzioni{Oggi: oggi})
				if len(e.Errori) != len(atteso.Errori) || e.Valori["contributo"] != atteso.Valori["contributo"] {
					t.Error("another outcome")
				}
			}
		})
	}
	g.Wait()
}
