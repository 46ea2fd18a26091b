package protocollo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

func ExampleEstremi() {
	e := protocollo.Estremi{Ente: "c_h501", AOO: "AOO1", Registro: "PG", Anno: 2026, Numero: "123",
		Data: time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)}
	fmt.Println(e)
	fmt.Println(e.Segnatura())
	// Output:
	// 0000123/2026
	// c_h501 - AOO1 - PG - 0000123 - 01/01/2027
}

func ExampleOggettoConToken() {
	o := protocollo.OggettoConToken("Iscrizione al nido d'infanzia comunale", "2f0c1e7a", 30)
	fmt.Println(o)
	fmt.Println(protocollo.TokenDi(strings.ToUpper(o) + " - prot. web"))
	// Output:
	// Iscrizione al nido [2f0c1e7a]
	// 2f0c1e7a
}

// documento is the smallest good one.
func documento(id string) protocollo.Documento {
	contenuto := "contenuto di " + id
	i, n, err := protocollo.ImprontaDi(strings.NewReader(contenuto))
	if err != nil {
		return protocollo.Documento{}
	}
	return protocollo.Documento{ID: id, Nome: id + ".pdf", MIME: "application/pdf", Dimensione: n, Impronta: i,
		Apri: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(contenuto)), nil }}
}

func richiesta() protocollo.Richiesta {
	return protocollo.Richiesta{Ente: "c_h501", Correlazione: "2f0c1e7a", Direzione: protocollo.Arrivo, Oggetto: "Istanza",
		Mittente:          protocollo.Soggetto{Tipo: protocollo.PersonaFisica, Nome: "Ada", Cognome: "Neri", CodiceFiscale: "NREDAA80A41H501W"},
		Destinatari:       []protocollo.Soggetto{{Tipo: protocollo.PA, Denominazione: "Comune"}},
		DataPresentazione: time.Date(2026, 3, 31, 9, 0, 0, 0, time.UTC), Classifica: "6.5",
		Fascicolo:  &protocollo.Fascicolo{Chiave: "nido/2026"},
		Principale: documento("p"), Allegati: []protocollo.Documento{documento("a"), documento("b")},
		Riferimenti: []protocollo.Estremi{{Ente: "c_h501", Anno: 2025, Numero: "9"}},
		Parametri:   map[string]string{"uo": "12"}}.ConToken(0)
}

func TestRichiestaVerifica(t *testing.T) {
	t.Parallel()
	require.NoError(t, richiesta().Verifica())
	lungo := strings.Repeat("x", 3000)
	for campo, caso := range map[string]struct {
		codice string
		guasta func(*protocollo.Richiesta)
	}{
		"ente":                    {"mancante", func(r *protocollo.Richiesta) { r.Ente = "" }},
		"oggetto":                 {"mancante", func(r *protocollo.Richiesta) { r.Oggetto = "" }},
		"correlazione":            {"token", func(r *protocollo.Richiesta) { r.Correlazione = "MAIUSCOLO" }},
		"direzione":               {"sconosciuto", func(r *protocollo.Richiesta) { r.Direzione = "" }},
		"mittente":                {"mancante", func(r *protocollo.Richiesta) { r.Mittente = protocollo.Soggetto{} }},
		"mittente.tipo":           {"sconosciuto", func(r *protocollo.Richiesta) { r.Mittente.Tipo = "boh" }},
		"mittente.cognome":        {"mancante", func(r *protocollo.Richiesta) { r.Mittente.Nome, r.Mittente.Cognome = "", "" }},
		"mittente.pec":            {"troppo_lungo", func(r *protocollo.Richiesta) { r.Mittente.PEC = lungo }},
		"mittente.denominazione":  {"mancante", func(r *protocollo.Richiesta) { r.Mittente.Tipo = protocollo.PersonaGiuridica }},
		"data_presentazione":      {"mancante", func(r *protocollo.Richiesta) { r.DataPresentazione = time.Time{} }},
		"destinatari":             {"mancante", func(r *protocollo.Richiesta) { r.Direzione, r.Destinatari = protocollo.Partenza, nil }},
		"destinatari[0].email":    {"caratteri", func(r *protocollo.Richiesta) { r.Destinatari[0].Email = "a\x00b" }},
		"principale.id":           {"mancante", func(r *protocollo.Richiesta) { r.Principale.ID = "" }},
		"principale.nome":         {"caratteri", func(r *protocollo.Richiesta) { r.Principale.Nome = "../a.pdf" }},
		"principale.dimensione":   {"vuoto", func(r *protocollo.Richiesta) { r.Principale.Dimensione = -1 }},
		"principale.impronta":     {"impronta", func(r *protocollo.Richiesta) { r.Principale.Impronta.Valore = strings.Repeat("Z", 64) }},
		"allegati[1].id":          {"doppio", func(r *protocollo.Richiesta) { r.Allegati[1].ID = "a" }},
		"allegati[0].nome":        {"mancante", func(r *protocollo.Richiesta) { r.Allegati[0].Nome = "" }},
		"allegati":                {"troppi", func(r *protocollo.Richiesta) { r.Allegati = make([]protocollo.Documento, 201) }},
		"fascicolo.chiave":        {"mancante", func(r *protocollo.Richiesta) { r.Fascicolo = &protocollo.Fascicolo{} }},
		"fascicolo.classifica":    {"mancante", func(r *protocollo.Richiesta) { r.Classifica = "" }},
		"fascicolo.anno":          {"sconosciuto", func(r *protocollo.Richiesta) { r.Fascicolo = &protocollo.Fascicolo{Chiave: "k", Anno: -1} }},
		"riferimenti[0]":          {"mancante", func(r *protocollo.Richiesta) { r.Riferimenti = []protocollo.Estremi{{}} }},
		"riferimenti":             {"troppi", func(r *protocollo.Richiesta) { r.Riferimenti = make([]protocollo.Estremi, 51) }},
		"parametri":               {"troppo_lungo", func(r *protocollo.Richiesta) { r.Parametri = map[string]string{"k": lungo} }},
		"classifica":              {"caratteri", func(r *protocollo.Richiesta) { r.Classifica = "6\n5" }},
		"allegati[0].descrizione": {"caratteri", func(r *protocollo.Richiesta) { r.Allegati[0].Descrizione = "\xff" }},
		"principale.descrizione":  {"troppo_lungo", func(r *protocollo.Richiesta) { r.Principale.Descrizione = lungo }},
		"mittente.codice_fiscale": {"troppo_lungo", func(r *protocollo.Richiesta) { r.Mittente.CodiceFiscale = lungo }},
	} {
		r := richiesta()
		caso.guasta(&r)
		err := r.Verifica()
		var p protocollo.Problemi
		require.ErrorAs(t, err, &p, campo)
		trovato := false
		for _, x := range p {
			require.NotEmpty(t, x.Testo())
			trovato = trovato || x.Campo == campo && x.Codice == caso.codice
		}
		require.True(t, trovato, "%s: %v", campo, err)
		require.Equal(t, guasto.Permanente, guasto.Di(err))
		require.NotContains(t, err.Error(), "NREDAA")
	}
	r := richiesta()
	r.Oggetto = "Istanza senza riferimento"
	require.Equal(t, protocollo.Problemi{{Codice: protocollo.CodiceToken, Campo: "oggetto"}}, r.Verifica())
	tutti := protocollo.Richiesta{Allegati: make([]protocollo.Documento, 30)}.Verifica()
	require.Contains(t, tutti.Error(), "…", "the text is bounded")
	r = richiesta()
	r.Direzione, r.Mittente, r.Destinatari, r.DataPresentazione = protocollo.Interno, protocollo.Soggetto{}, nil, time.Time{}
	require.NoError(t, r.Verifica())
}

func TestProblemaTesto(t *testing.T) {
	t.Parallel()
	visti := map[string]bool{}
	for _, c := range []string{protocollo.CodiceMancante, protocollo.CodiceSconosciuto, protocollo.CodiceToken, protocollo.CodiceCaratteri,
		protocollo.CodiceTroppoLungo, protocollo.CodiceTroppi, protocollo.CodiceTroppoPeso, protocollo.CodiceVuoto,
		protocollo.CodiceImpronta, protocollo.CodiceDoppio, protocollo.CodiceEstensione, "altro"} {
		testo := protocollo.Problema{Codice: c}.Testo()
		require.False(t, visti[testo], c)
		visti[testo] = true
	}
}

func TestCapacitaVerifica(t *testing.T) {
	t.Parallel()
	r := richiesta()
	require.NoError(t, protocollo.Capacita{}.Verifica(r))
	c := protocollo.Capacita{MassimoByteDocumento: 5, MassimoByteTotale: 20, MassimoAllegati: 1, MassimoOggetto: 12,
		MassimoNome: 4, EstensioniAmmesse: []string{"p7m"}, CaratteriVietatiNome: "b"}
	var p protocollo.Problemi
	require.ErrorAs(t, c.Verifica(r), &p)
	require.Equal(t, protocollo.Problemi{
		{Codice: "troppo_lungo", Campo: "oggetto", Massimo: 12},
		{Codice: "troppi", Campo: "allegati", Massimo: 1},
		{Codice: "troppo_peso", Campo: "principale.dimensione", Massimo: 5},
		{Codice: "troppo_lungo", Campo: "principale.nome", Massimo: 4},
		{Codice: "estensione", Campo: "principale.nome"},
		{Codice: "troppo_peso", Campo: "allegati[0].dimensione", Massimo: 5},
		{Codice: "troppo_lungo", Campo: "allegati[0].nome", Massimo: 4},
		{Codice: "estensione", Campo: "allegati[0].nome"},
		{Codice: "troppo_peso", Campo: "allegati[1].dimensione", Massimo: 5},
		{Codice: "troppo_lungo", Campo: "allegati[1].nome", Massimo: 4},
		{Codice: "caratteri", Campo: "allegati[1].nome"},
		{Codice: "estensione", Campo: "allegati[1].nome"},
		{Codice: "troppo_peso", Campo: "documenti", Massimo: 20},
	}, p)
	require.Error(t, protocollo.Capacita{MassimoAllegati: -1}.Verifica(r))
	r.Principale.Dimensione, r.Allegati[0].Dimensione = 1<<62, 1<<62
	require.Error(t, protocollo.Capacita{MassimoByteTotale: 1}.Verifica(r), "overflow does not pass")
}

func TestCapacitaAdatta(t *testing.T) {
	t.Parallel()
	r := richiesta()
	r.Principale.Nome, r.Allegati[0].Nome, r.Allegati[1].Nome = "perché/così.pdf", "PERCHÉ_così.pdf", ""
	c := protocollo.Capacita{CaratteriVietatiNome: "àèìòùé&'", MassimoNome: 10}
	a := c.Adatta(r)
	require.Equal(t, []string{"perch_.pdf", "PERCHÉ.pdf", "docume"}, []string{a.Principale.Nome, a.Allegati[0].Nome, a.Allegati[1].Nome[:6]})
	require.Equal(t, "perché/così.pdf", r.Principale.Nome, "a copy")
	r.Allegati[0].Nome, r.Allegati[1].Nome = "p.pdf", "P.PDF"
	r.Principale.Nome = "p.pdf"
	a = c.Adatta(r)
	require.Equal(t, []string{"p.pdf", "p_2.pdf", "P_3.PDF"}, []string{a.Principale.Nome, a.Allegati[0].Nome, a.Allegati[1].Nome})
	r.Principale.Nome, r.Allegati[0].Nome, r.Allegati[1].Nome = ".lunghis", ".lunghis", ".lunghis"
	a = protocollo.Capacita{MassimoNome: 9}.Adatta(r)
	require.Equal(t, []string{"d.lunghis", "documen_2", "documen_3"}, []string{a.Principale.Nome, a.Allegati[0].Nome, a.Allegati[1].Nome},
		"an extension that leaves no room to tell twins apart goes")
	rapid.Check(t, func(t *rapid.T) {
		c := protocollo.Capacita{MassimoNome: rapid.IntRange(8, 40).Draw(t, "massimo"), MassimoOggetto: rapid.IntRange(12, 99).Draw(t, "oggetto"),
			CaratteriVietatiNome: rapid.SampledFrom([]string{"", "àè'", "_", "_-", "aeiou"}).Draw(t, "vietati")}
		r := richiesta()
		r.Oggetto = rapid.String().Draw(t, "testo")
		r.Principale.Nome = rapid.String().Draw(t, "nome")
		r.Allegati[0].Nome = rapid.SampledFrom([]string{r.Principale.Nome, "a", ".x"}).Draw(t, "allegato")
		r.Allegati[1].Nome = "b"
		a := c.Adatta(r)
		if c.CaratteriVietatiNome != "aeiou" { // it forbids the default name too
			require.NoError(t, c.Verifica(a))
		}
		require.Equal(t, a.Oggetto, c.Adatta(a).Oggetto)
		require.NotEqual(t, strings.ToLower(a.Principale.Nome), strings.ToLower(a.Allegati[0].Nome))
	})
}

func TestOggettoConToken(t *testing.T) {
	t.Parallel()
	require.Equal(t, "[2f0c1e7a]", protocollo.OggettoConToken("Istanza", "2f0c1e7a", 5), "never the token")
	require.Equal(t, "[2f0c1e7a]", protocollo.OggettoConToken(" \x00\t ", "2f0c1e7a", 0))
	require.Equal(t, "a b [2f0c1e7a]", protocollo.OggettoConToken("a\r\n\x00 b", "2f0c1e7a", 0))
	require.Equal(t, "👩 [2f0c1e7a]", protocollo.OggettoConToken("👩\u200d👧", "2f0c1e7a", 13))
	for o, atteso := range map[string]string{
		"": "", "senza": "", "[]": "", "][": "", "[abcd": "", "abcd]": "", "[ab]": "", "[per èè]": "",
		"x [abcd] [no!]": "abcd", "[primo-1] e [secondo-2]": "secondo-2", "[[abcd]]": "abcd", "x [\u212abcd]": "",
	} {
		require.Equal(t, atteso, protocollo.TokenDi(o), o)
	}
	rapid.Check(t, func(t *rapid.T) {
		oggetto, token := rapid.String().Draw(t, "oggetto"), rapid.StringMatching(`[0-9a-z-]{4,36}`).Draw(t, "token")
		massimo := rapid.IntRange(-1, 3000).Draw(t, "massimo")
		o := protocollo.OggettoConToken(oggetto, token, massimo)
		require.Equal(t, token, protocollo.TokenDi(o))
		require.True(t, utf8.ValidString(o))
		if massimo <= 0 {
			massimo = protocollo.MassimoOggetto
		}
		require.LessOrEqual(t, utf8.RuneCountInString(o), max(massimo, len(token)+2))
		require.Equal(t, o, protocollo.OggettoConToken(o, token, massimo))
	})
}

func FuzzTokenDi(f *testing.F) {
	for _, s := range []string{"Istanza [2f0c1e7a]", "[[[[]]]]", "\xff[abcd]", "[ABCD] x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if token := protocollo.TokenDi(s); token != "" {
			require.True(t, protocollo.TokenValido(token))
			require.Contains(t, strings.ToLower(s), "["+token+"]")
		}
		require.Equal(t, "abcd", protocollo.TokenDi(protocollo.OggettoConToken(s, "abcd", 0)))
	})
}

func TestEstremi(t *testing.T) {
	t.Parallel()
	require.Empty(t, protocollo.Estremi{}.String())
	require.Empty(t, protocollo.Estremi{}.Segnatura())
	for n, atteso := range map[string]string{"1": "0000001/2026", "0000123": "0000123/2026", "123456789012345678901": "123456789012345678901/2026", "12-E": "12-E/2026"} {
		e := protocollo.Estremi{Anno: 2026, Numero: n}
		require.Equal(t, atteso, e.String())
		require.True(t, e.Stessi(protocollo.Estremi{Anno: 2026, Numero: e.NumeroEsteso()}))
		require.False(t, e.Stessi(protocollo.Estremi{Anno: 2025, Numero: n}))
		require.False(t, e.Stessi(protocollo.Estremi{Ente: "x", Anno: 2026, Numero: n}))
	}
	require.False(t, protocollo.Estremi{}.Stessi(protocollo.Estremi{}))
	require.Equal(t, "0000005 - 2026", protocollo.Estremi{Numero: "5", Anno: 2026}.Segnatura())
}

func TestImpronta(t *testing.T) {
	t.Parallel()
	i, n, err := protocollo.ImprontaDi(strings.NewReader("abc"))
	require.NoError(t, err)
	require.EqualValues(t, 3, n)
	require.Equal(t, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", i.Valore, "FIPS 180-4, the example")
	require.Equal(t, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", i.Base64())
	require.True(t, i.Valida())
	require.True(t, protocollo.Impronta{}.IsZero())
	require.Empty(t, protocollo.Impronta{Algoritmo: "SHA-256", Valore: "zz"}.Base64())
	_, _, err = protocollo.ImprontaDi(iotest.ErrReader(io.ErrClosedPipe))
	require.ErrorIs(t, err, io.ErrClosedPipe)
}

func TestApriVerificato(t *testing.T) {
	t.Parallel()
	leggi := func(d protocollo.Documento) error {
		r, err := d.ApriVerificato(t.Context())
		if err != nil {
			return err
		}
		_, err = io.ReadAll(r)
		return errors.Join(err, r.Close())
	}
	d := documento("p")
	require.NoError(t, leggi(d))
	require.NoError(t, leggi(d), "re-openable")
	require.Equal(t, "pdf", d.Estensione())
	corto := d
	corto.Dimensione--
	require.ErrorIs(t, leggi(corto), protocollo.ErrImpronta)
	lungo := d
	lungo.Dimensione++
	require.ErrorIs(t, leggi(lungo), protocollo.ErrImpronta)
	senzaFine := d
	senzaFine.Apri = func(context.Context) (io.ReadCloser, error) { return io.NopCloser(zeri{}), nil }
	r, err := senzaFine.ApriVerificato(t.Context())
	require.NoError(t, err)
	_, err = io.CopyN(io.Discard, r, 1<<20)
	require.ErrorIs(t, err, protocollo.ErrImpronta, "it stops at the first byte too many")
	altro := d
	altro.Impronta = documento("q").Impronta
	require.ErrorIs(t, leggi(altro), protocollo.ErrImpronta)
	r, err = altro.ApriVerificato(t.Context())
	require.NoError(t, err)
	_, err = io.ReadFull(r, make([]byte, altro.Dimensione-1))
	require.NoError(t, err)
	_, err = r.Read(make([]byte, 1))
	require.ErrorIs(t, err, protocollo.ErrImpronta, "also whoever reads no further than the size")
	altro.Apri = nil
	require.Equal(t, guasto.Permanente, guasto.Di(leggi(altro)))
	altro.Apri = func(context.Context) (io.ReadCloser, error) { return nil, io.ErrClosedPipe }
	require.Equal(t, guasto.Transitorio, guasto.Di(leggi(altro)))
	require.ErrorIs(t, leggi(altro), io.ErrClosedPipe)
	altro.Apri = func(context.Context) (io.ReadCloser, error) {
		return nil, guasto.Nuovo(guasto.Configurazione, "archivio", "", nil)
	}
	require.Equal(t, guasto.Configurazione, guasto.Di(leggi(altro)))
}

// zeri is a stream without end.
type zeri struct{}

func (zeri) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func registrazione() protocollo.Registrazione {
	return protocollo.Registrazione{
		Estremi:      protocollo.Estremi{Ente: "c_h501", AOO: "A", Registro: "PG", Anno: 2026, Numero: "0000001", Data: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
		Correlazione: "2f0c1e7a", Oggetto: "Istanza di Ada Neri", Mittente: protocollo.Soggetto{Tipo: protocollo.PersonaFisica, Nome: "Ada", Cognome: "Neri"},
		Allegati: map[string]string{"a": "1"}, Impronte: map[string]protocollo.Impronta{"a": {Algoritmo: "SHA-256"}},
		Fascicolo: &protocollo.Fascicolo{Chiave: "k"}, Annullata: &protocollo.Annullamento{Motivo: "m"},
		Destinatari: []protocollo.Soggetto{{Tipo: protocollo.PA}}, Riferimenti: []protocollo.Estremi{{Numero: "1"}}, Modifiche: []protocollo.Modifica{{Campo: "ufficio"}},
	}
}

func TestRegistrazione(t *testing.T) {
	t.Parallel()
	r := registrazione()
	c := r.Clone()
	require.Equal(t, r, c)
	c.Allegati["a"], c.Impronte["b"] = "2", protocollo.Impronta{}
	c.Fascicolo.Chiave, c.Annullata.Motivo = "", ""
	c.Destinatari[0].Tipo, c.Riferimenti[0].Numero, c.Modifiche[0].Campo = "", "", ""
	require.Equal(t, registrazione(), r)

	b, err := json.Marshal(r)
	require.NoError(t, err)
	var letta protocollo.Registrazione
	require.NoError(t, json.Unmarshal(b, &letta))
	require.Equal(t, r, letta)
	require.Contains(t, string(b), `"numero":"0000001"`)

	q := protocollo.Richiesta{Ente: "c_h501", Correlazione: "2f0c1e7a"}
	require.NoError(t, r.Risponde(q))
	for _, guasta := range []func(*protocollo.Registrazione){
		func(r *protocollo.Registrazione) { r.Numero = "" }, func(r *protocollo.Registrazione) { r.Numero = " 1" },
		func(r *protocollo.Registrazione) { r.Anno = 0 }, func(r *protocollo.Registrazione) { r.Ente = "x" },
		func(r *protocollo.Registrazione) { r.Correlazione = "" },
	} {
		x := registrazione()
		guasta(&x)
		require.Equal(t, guasto.EsitoIgnoto, guasto.Di(x.Risponde(q)))
	}
}

func TestErrori(t *testing.T) {
	t.Parallel()
	for _, caso := range []struct {
		err    error
		classe guasto.Classe
		testo  string
	}{
		{protocollo.GiaRegistrata{Registrazione: registrazione()}, guasto.GiaFatto, "protocollo: già registrata con n. 0000001/2026"},
		{protocollo.Parziale{Registrazione: registrazione(), Mancanti: []string{"a"}, Causa: io.EOF}, guasto.Parziale, "protocollo: registrata in parte con n. 0000001/2026, elementi mancanti: 1"},
		{protocollo.ErrNonTrovato, guasto.Permanente, "protocollo: permanente (non_trovato)"},
	} {
		avvolto := fmt.Errorf("x: %w", caso.err)
		require.Equal(t, caso.classe, guasto.Di(avvolto))
		require.EqualError(t, caso.err, caso.testo)
	}
	require.ErrorIs(t, protocollo.Parziale{Causa: io.EOF}, io.EOF)
	var g protocollo.GiaRegistrata
	require.ErrorAs(t, fmt.Errorf("x: %w", protocollo.GiaRegistrata{Registrazione: registrazione()}), &g)
	require.Equal(t, "0000001", g.Registrazione.Numero)
}

func TestSenzaDatiPersonaliNeiLog(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	r := richiesta()
	r.Principale.Nome, r.Principale.Descrizione = "Ada.pdf", "di Ada"
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "richiesta", r, "soggetto", r.Mittente, "documento", r.Principale, "registrazione", registrazione())
	require.NotContains(t, b.String(), "Ada")
	require.NotContains(t, b.String(), "Neri")
	require.NotContains(t, b.String(), "NREDAA")
	require.Contains(t, b.String(), "0000001/2026")
	require.Contains(t, b.String(), "2f0c1e7a")
	require.NotContains(t, fmt.Sprint(registrazione()), "Ada")
}

func TestSoggetto(t *testing.T) {
	t.Parallel()
	for s, atteso := range map[protocollo.Soggetto]string{
		{Tipo: protocollo.PersonaFisica, Nome: "Ada", Cognome: "Neri"}: "Neri Ada",
		{Tipo: protocollo.PersonaFisica, Nome: "Ada"}:                  "Ada",
		{Tipo: protocollo.PersonaFisica, Cognome: "Neri"}:              "Neri",
		{Tipo: protocollo.PA, Denominazione: "Comune"}:                 "Comune",
	} {
		require.Equal(t, atteso, s.NomeCompleto())
	}
}

func TestCriteri(t *testing.T) {
	t.Parallel()
	r := registrazione()
	c := protocollo.Criteri{Ente: "c_h501", Correlazione: "2f0c1e7a", Dal: r.Data, Al: r.Data.Add(1)}
	require.NoError(t, c.Verifica())
	require.True(t, c.Corrisponde(r))
	for _, x := range []protocollo.Criteri{
		{Ente: "x"}, {Ente: "c_h501", Correlazione: "altro"}, {Ente: "c_h501", Direzione: protocollo.Arrivo},
		{Ente: "c_h501", Dal: r.Data.Add(1)}, {Ente: "c_h501", Al: r.Data},
	} {
		require.False(t, x.Corrisponde(r))
	}
	var p protocollo.Problemi
	require.ErrorAs(t, protocollo.Criteri{}.Verifica(), &p)
	require.Len(t, p, 2)
	require.ErrorAs(t, protocollo.Criteri{Ente: "e", Correlazione: "A", Direzione: "x"}.Verifica(), &p)
	require.Len(t, p, 2)
	require.Equal(t, protocollo.MassimoRisultati, protocollo.Criteri{Massimo: 1 << 30}.Limite())
	require.Equal(t, 3, protocollo.Criteri{Massimo: 3}.Limite())
	require.Error(t, protocollo.Annullamento{}.Verifica())
	require.NoError(t, protocollo.Annullamento{Motivo: "m", Provvedimento: "p", Operatore: "o"}.Verifica())
	require.NoError(t, protocollo.Fascicolo{Chiave: "k", Classifica: "6"}.Verifica())
}
