package html_test

import (
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

var aggiorna = flag.Bool("update", false, "rewrite the golden files")

var oggi = termini.Giorno{Anno: 2026, Mese: time.March, Giorno: 31}

func daFile(t testing.TB, nome string) *modulo.Modulo {
	t.Helper()
	f, err := os.Open("../testdata/" + nome + ".json")
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	d, err := modulo.Leggi(f)
	require.NoError(t, err)
	m, err := modulo.Compila(d)
	require.NoError(t, err)
	return m
}

func renderer(t testing.TB) *html.Renderer {
	t.Helper()
	r, err := html.New(html.Config{Azione: "/pratiche/1", CSRFCampo: "_csrf", CSRFValore: "gettone"})
	require.NoError(t, err)
	return r
}

func sezione(t testing.TB, m *modulo.Modulo, id string, v modulo.Risposte, errori modulo.Errori, st html.StatoModulo) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, renderer(t).Sezione(&b, m, id, v, errori, st))
	controllaMarcatura(t, b.String())
	return b.String()
}

func oro(t *testing.T, nome, ottenuto string) {
	t.Helper()
	p := filepath.Join("testdata", nome)
	if *aggiorna {
		require.NoError(t, os.WriteFile(p, []byte(ottenuto), 0o600))
	}
	atteso, err := os.ReadFile(p)
	require.NoError(t, err)
	require.Equal(t, string(atteso), ottenuto)
}

func allegati() map[string]modulo.InfoFile {
	return map[string]modulo.InfoFile{
		"f1": {Nome: "iscrizione.pdf", Tipo: "application/pdf", Byte: 120_400},
		"f2": {Nome: "foto.png", Tipo: "image/png", Byte: 9_000_000},
	}
}

func risposte() modulo.Risposte {
	return modulo.Risposte{
		"nome": "Ada", "cognome": "", "codice_fiscale": "BNCDAA80A41H501X", "nascita": "31/02/1980", "canale": "email",
		"isee": "12.000,00", "email": "ada@",
		"figli": []map[string]any{
			{"nome": "Zoe", "nascita": "31/03/2010", "spesa": "1.234"},
			{"nome": "", "nascita": "2007-03-31", "studente": true, "certificato": []string{"f2"}},
		},
	}
}

func TestSezioneOro(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	e := m.Valuta(risposte(), modulo.Opzioni{Oggi: oggi, Allegati: allegati()})
	passi := html.Passi(m, e.SezioniVisibili(), "nucleo", func(s string) string { return "?passo=" + s })
	for _, s := range []string{"richiedente", "nucleo"} {
		passi := html.Passi(m, e.SezioniVisibili(), s, func(s string) string { return "?passo=" + s })
		oro(t, s+".html", sezione(t, m, s, risposte(), e.Errori, html.StatoModulo{Allegati: allegati(), Passi: passi, Oggi: oggi}))
	}
	require.Equal(t, "Errore: Nucleo familiare (passo 2 di 3)", html.Titolo(m, "nucleo", e.Errori, passi))

	var b strings.Builder
	require.NoError(t, renderer(t).Stepper(&b, passi))
	controllaMarcatura(t, b.String())
	oro(t, "stepper.html", b.String())

	b.Reset()
	require.NoError(t, renderer(t).Riepilogo(&b, m.Riepiloga(e.Valori, allegati()), func(s string) string { return "?passo=" + s + "&ritorna=riepilogo" }))
	controllaMarcatura(t, b.String())
	oro(t, "riepilogo.html", b.String())
	require.Contains(t, b.String(), "Modifica")
	b.Reset()
	require.NoError(t, renderer(t).Riepilogo(&b, m.Riepiloga(e.Valori, allegati()), nil))
	require.NotContains(t, b.String(), "Modifica")
}

// Every error of the section is in the summary, beside its field, and marked.
func TestErroriCoerenti(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	for _, s := range []string{"richiedente", "nucleo", "conferma"} {
		e := m.Valuta(risposte(), modulo.Opzioni{Oggi: oggi, Allegati: allegati()})
		testo := sezione(t, m, s, risposte(), e.Errori, html.StatoModulo{Allegati: allegati(), Oggi: oggi})
		collegamenti, segnati := 0, map[string]bool{}
		for _, x := range albero(t, testo) {
			if x.nome == "a" && strings.HasPrefix(x.a["href"], "#") {
				collegamenti++
			}
			if x.a["aria-invalid"] == "true" || x.nome == "ul" { // a full list of files has no control to mark
				for _, id := range strings.Fields(x.a["aria-describedby"]) {
					if strings.HasSuffix(id, "-errore") {
						segnati[id] = true
					}
				}
			}
		}
		n := len(e.Errori.DellaSezione(s))
		require.Positive(t, n)
		require.Equal(t, n, collegamenti, s)
		campi := map[string]bool{}
		for _, v := range e.Errori.DellaSezione(s) {
			campi[v.Percorso] = true
		}
		require.Len(t, segnati, len(campi), s)
		for _, v := range e.Errori.DellaSezione(s) {
			require.NotContains(t, v.Messaggio, "<")
		}
		require.Contains(t, testo, `role="alert" tabindex="-1" autofocus`)
	}
}

// What was typed comes back, also where it means nothing, and posting the page
// as it is changes nothing.
func TestAndataRitorno(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	st := html.StatoModulo{Allegati: allegati(), Oggi: oggi}
	o := modulo.Opzioni{Bozza: true, Oggi: oggi, Allegati: allegati()}
	v := risposte()
	prima := m.Valuta(v, o).Valori
	for _, s := range m.Valuta(v, o).SezioniVisibili() {
		pagina := sezione(t, m, s, v, nil, st)
		var a html.Azione
		v, a = html.Leggi(m, s, v, invia(t, pagina))
		require.Equal(t, html.Avanti, a.Genere)
	}
	require.Equal(t, prima, m.Valuta(v, o).Valori)

	pagina := sezione(t, m, "richiedente", v, nil, st)
	for _, typed := range []string{`value="31"`, `value="02"`, `value="1980"`, `value="ada@"`, `value="BNCDAA80A41H501X"`} {
		require.Contains(t, pagina, typed)
	}
	require.Contains(t, sezione(t, m, "nucleo", v, nil, st), `value="1.234"`)
}

func TestLeggiConserva(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	prec := modulo.Risposte{"iban": "X", "figli": []map[string]any{{"nome": "Zoe", "certificato": []string{"f1"}}}, "veridicita": true, "servizi": []string{"mensa"}}
	r, a := html.Leggi(m, "nucleo", prec, url.Values{
		"figli._righe": {"1"}, "figli[0].nome": {"Zoe Maria"}, "figli[5].nome": {"intruso"}, "nome": {"intruso"},
		"spesa_totale": {"9"}, "figli[0].minorenne": {"si"}, "figli[0].certificato": {"altro"}, "_azione": {"salva"},
	})
	require.Equal(t, html.Salva, a.Genere)
	require.Equal(t, modulo.Risposte{"iban": "X", "veridicita": true, "servizi": []string{"mensa"},
		"figli": []map[string]any{{"nome": "Zoe Maria", "certificato": []string{"f1"}}}}, r)
	require.Equal(t, "Zoe", prec.Righe("figli")[0]["nome"], "earlier answers unchanged")

	// An unticked box was in the page: its answer goes.
	r, _ = html.Leggi(m, "conferma", prec, url.Values{"servizi": {""}, "veridicita": {""}})
	require.Equal(t, []string{}, r["servizi"])
	require.Empty(t, r["veridicita"])
	// A box that was not in the page keeps it.
	r, _ = html.Leggi(m, "conferma", prec, url.Values{})
	require.Equal(t, prec, r)
	r, a = html.Leggi(m, "inesistente", nil, url.Values{"nome": {"x"}})
	require.Empty(t, r)
	require.Equal(t, html.Salva, a.Genere)
	// A hostile number of rows is held to the maximum.
	r, _ = html.Leggi(m, "nucleo", nil, url.Values{"figli._righe": {"1000000"}})
	require.Len(t, r.Righe("figli"), 10)
}

func TestLeggiData(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	for _, c := range []struct{ g, m, a, atteso string }{
		{"31", "3", "1980", "31/3/1980"}, {"", "", "", ""}, {"31", "", "1980", "31//1980"},
		{"31/03/1980", "", "", "31/03/1980"}, {" 1 ", "x", "", "1/x/"},
	} {
		r, _ := html.Leggi(m, "richiedente", nil, url.Values{"nascita.giorno": {c.g}, "nascita.mese": {c.m}, "nascita.anno": {c.a}})
		require.Equal(t, modulo.Risposte{"nascita": c.atteso}, r)
	}
}

func TestAzioni(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	prec := modulo.Risposte{"figli": []map[string]any{{"nome": "A", "certificato": []string{"f1"}}, {"nome": "B"}}}
	for _, c := range []struct {
		valore string
		azione html.Azione
		fuoco  string
		righe  int
	}{
		{"", html.Azione{Genere: html.Avanti}, "", 2},
		{"avanti", html.Azione{Genere: html.Avanti}, "", 2},
		{"indietro", html.Azione{Genere: html.Indietro}, "", 2},
		{"salva", html.Azione{Genere: html.Salva}, "", 2},
		{"aggiungi:figli", html.Azione{Genere: html.Aggiungi, Campo: "figli", Indice: 2}, "figli[2]", 3},
		{"rimuovi:figli:0", html.Azione{Genere: html.Rimuovi, Campo: "figli"}, "figli", 1},
		{"rimuovi:figli:9", html.Azione{Genere: html.Salva}, "", 2},
		{"rimuovi:figli:-1", html.Azione{Genere: html.Salva}, "", 2},
		{"rimuovi:isee:0", html.Azione{Genere: html.Salva}, "", 2},
		{"aggiungi:delega", html.Azione{Genere: html.Salva}, "", 2},
		{"carica:figli[1].certificato", html.Azione{Genere: html.Carica, Campo: "figli[1].certificato"}, "figli[1].certificato", 2},
		{"carica:delega", html.Azione{Genere: html.Salva}, "", 2}, // of another section
		{"elimina-file:figli[0].certificato:f1", html.Azione{Genere: html.EliminaFile, Campo: "figli[0].certificato", File: "f1"}, "figli[0].certificato", 2},
		{"elimina-file:figli[0].certificato:f9", html.Azione{Genere: html.Salva}, "", 2},
		{"elimina-file:figli.certificato:f1", html.Azione{Genere: html.Salva}, "", 2},
		{"cancella tutto", html.Azione{Genere: html.Salva}, "", 2},
	} {
		r, a := html.Leggi(m, "nucleo", prec, url.Values{"_azione": {c.valore}})
		require.Equal(t, c.azione, a, c.valore)
		require.Equal(t, c.fuoco, a.Fuoco())
		require.Len(t, r.Righe("figli"), c.righe)
		if a.Genere == html.EliminaFile {
			require.Empty(t, r.Elenco("figli[0].certificato"))
		}
		require.Equal(t, []string{"f1"}, prec.Elenco("figli[0].certificato"))
		if a.Genere == html.Rimuovi {
			require.Equal(t, "B", r.Righe("figli")[0]["nome"])
		}
		pagina := sezione(t, m, "nucleo", r, nil, html.StatoModulo{Fuoco: a.Fuoco(), Oggi: oggi, Allegati: allegati()})
		if a.Genere == html.Aggiungi {
			require.Contains(t, pagina, `name="figli[2].nome" value="" autocomplete="off" required autofocus`)
		}
	}
}

func TestBloccati(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	st := html.StatoModulo{Oggi: oggi, Provenienza: "Dato fornito da SPID", Allegati: allegati(), Precompilate: modulo.Risposte{
		"nome": "Ada", "canale": "posta", "nascita": "1980-01-01", "cognome": "",
		"figli": []map[string]any{{"nome": "Zoe", "nascita": "2010-01-01", "certificato": []string{"f1"}}},
	}, Azione: "/altra", CSRFValore: "nuovo"}
	p := sezione(t, m, "richiedente", modulo.Risposte{"nome": "Eva"}, nil, st)
	require.Contains(t, p, `value="Ada" readonly`)
	require.Contains(t, p, `value="Per posta" readonly`)
	require.Contains(t, p, `value="01/01/1980" readonly`)
	require.NotContains(t, p, `name="nome"`)
	require.Contains(t, p, `name="cognome"`, "an empty prefilled value locks nothing")
	require.Contains(t, p, "Dato fornito da SPID")
	require.Contains(t, p, `action="/altra"`)
	require.Contains(t, p, `name="_csrf" value="nuovo"`)
	p = sezione(t, m, "nucleo", nil, nil, st)
	require.NotContains(t, p, "rimuovi:")
	require.NotContains(t, p, "aggiungi:")
	require.NotContains(t, p, "figli._righe")
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for _, c := range []html.Config{{Prefisso: "A b"}, {LivelloTitolo: 6}, {SogliaMenu: -1}} {
		_, err := html.New(c)
		require.ErrorIs(t, err, html.ErrConfig)
	}
	require.ErrorIs(t, renderer(t).Sezione(&strings.Builder{}, daFile(t, "assegno_nucleo"), "x", nil, nil, html.StatoModulo{}), html.ErrSezione)
}

// What concerns the form as a whole is said on every section, without a link;
// what concerns another section is not.
func TestErroriGenerali(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	errori := modulo.Errori{{Percorso: "iban", Sezione: "pagamento", Etichetta: "IBAN", Messaggio: "altrove"}, {Codice: "regola", Messaggio: "Indica i figli"}}
	p := sezione(t, m, "richiedente", nil, errori, html.StatoModulo{Oggi: oggi})
	require.Contains(t, p, "<li>Indica i figli</li>")
	require.Contains(t, p, "C&#39;è 1 errore da correggere")
	require.NotContains(t, p, "altrove")
}

func FuzzLeggi(f *testing.F) {
	m := daFile(f, "assegno_nucleo")
	f.Add("figli._righe=2&figli[0].nome=a&figli[1].nascita.mese=x&_azione=aggiungi:figli", "nucleo")
	f.Add("_azione=elimina-file:figli[0].certificato:f1&servizi=mensa&servizi=", "conferma")
	f.Fuzz(func(t *testing.T, corpo, sez string) {
		v, err := url.ParseQuery(corpo)
		if err != nil {
			return
		}
		r, a := html.Leggi(m, sez, risposte(), v)
		require.NotEmpty(t, a.Genere)
		require.LessOrEqual(t, len(r.Righe("figli")), 10)
		if _, ok := m.Sezione(sez); ok {
			var b strings.Builder
			require.NoError(t, renderer(t).Sezione(&b, m, sez, r, nil, html.StatoModulo{Oggi: oggi, Fuoco: a.Fuoco()}))
		}
	})
}

func BenchmarkSezione(b *testing.B) {
	m := daFile(b, "assegno_nucleo")
	r := renderer(b)
	v := risposte()
	b.ReportAllocs()
	for b.Loop() {
		var s strings.Builder
		if err := r.Sezione(&s, m, "nucleo", v, nil, html.StatoModulo{Oggi: oggi}); err != nil {
			b.Fatal(err)
		}
	}
}
