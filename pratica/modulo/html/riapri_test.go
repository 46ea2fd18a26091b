package html_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// nomiPagina are the names of the controls that can be changed in a page.
func nomiPagina(t *testing.T, pagina string) map[string]bool {
	t.Helper()
	q := map[string]bool{}
	for _, e := range albero(t, pagina) {
		if n := e.a["name"]; n != "" && n != "_azione" && n != "_csrf" {
			q[strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(n, ".giorno"), ".mese"), ".anno")] = true
		}
	}
	return q
}

func TestRiaperti(t *testing.T) {
	t.Parallel()
	m := completo(t, "X")
	st := statoCompleto()
	st.Richiesta, st.Scadenza = "Manca il nome.\nCorreggilo.", termini.Giorno{Anno: 2026, Mese: time.April, Giorno: 20}
	prima := m.Valuta(pieni(), modulo.Opzioni{Bozza: true, Oggi: oggi, Allegati: st.Allegati, Appuntamenti: st.Appuntamenti, Bolli: st.Bolli}).Valori
	for _, c := range []struct {
		riaperti []string
		aperti   []string
	}{
		{[]string{}, nil},
		{[]string{"c_testo"}, []string{"c_testo"}},
		{[]string{"c_gruppo[1].nome"}, []string{"c_gruppo[1].nome"}},
		{[]string{"c_gruppo.nome"}, []string{"c_gruppo[0].nome", "c_gruppo[1].nome"}},
		{[]string{"c_gruppo[0].dentro"}, []string{"c_gruppo[0].dentro._righe", "c_gruppo[0].dentro[0].data"}},
		{[]string{"c_data", "c_file", "boh"}, []string{"c_data", "c_file"}},
		{[]string{"altra"}, nil},
	} {
		st.Riaperti = c.riaperti
		pagina := sezione(t, m, "s", prima, nil, st)
		nomi := nomiPagina(t, pagina)
		require.Len(t, nomi, len(c.aperti), "%v: %v", c.riaperti, nomi)
		for _, n := range c.aperti {
			require.True(t, nomi[n], n)
		}
		require.Contains(t, pagina, "<p>Manca il nome.</p>")
		require.Contains(t, pagina, "Rispondi entro il 20/04/2026")
		require.Contains(t, pagina, "Richiesta dell&#39;ufficio")

		// Whatever is posted, only what is open changes.
		manomesso := url.Values{"c_gruppo._righe": {"9"}, "c_gruppo[0].dentro._righe": {"1"}, "_azione": {"salva"}}
		for n := range nomiPagina(t, sezione(t, m, "s", prima, nil, statoCompleto())) {
			if !strings.HasSuffix(n, "._righe") {
				manomesso[n] = []string{"v3"}
				manomesso[n+".giorno"] = []string{"9"}
			}
		}
		dopo, _ := st.Leggi(m, "s", prima, manomesso)
		for _, p := range []string{"c_testo", "c_importo", "c_data", "c_scelta", "c_consenso", "c_appuntamento", "c_file", "c_gruppo[0].nome", "c_gruppo[1].nome", "c_gruppo[0].dentro[0].data", "c_gruppo[1].dentro[0].data"} {
			aperto := nomi[p] && p != "c_file" // files are the host's to keep
			require.Equal(t, !aperto, uguali(prima, dopo, p), "%v %s", c.riaperti, p)
			require.Equal(t, nomi[p], st.Modificabile(m, p), "%v %s", c.riaperti, p)
		}
		require.Len(t, dopo.Righe("c_gruppo"), 2)
	}
}

func uguali(a, b modulo.Risposte, p string) bool {
	x, y := a.Elenco(p), b.Elenco(p)
	return strings.Join(x, "\x00") == strings.Join(y, "\x00")
}

// Rows and files of what is closed cannot be touched by a button either.
func TestRiapertiAzioni(t *testing.T) {
	t.Parallel()
	m := completo(t, "X")
	prima := m.Valuta(pieni(), modulo.Opzioni{Bozza: true, Oggi: oggi, Allegati: allegati()}).Valori
	for _, azione := range []string{"aggiungi:c_gruppo", "rimuovi:c_gruppo:0", "elimina-file:c_file:f1", "carica:c_file", "aggiungi:c_gruppo[0].dentro", "rimuovi:c_gruppo[1].dentro:0"} {
		form := url.Values{"_azione": {azione}}
		dopo, a := html.StatoModulo{Riaperti: []string{"c_testo", "c_gruppo[0].nome"}}.Leggi(m, "s", prima, form)
		require.Equal(t, html.Azione{Genere: html.Salva}, a, azione)
		require.Equal(t, prima, dopo)
		_, a = html.StatoModulo{Riaperti: []string{"s"}}.Leggi(m, "s", prima, form)
		require.NotEqual(t, html.Salva, a.Genere, azione)
		// A locked answer is closed, reopened or not.
		bloccati := html.StatoModulo{Precompilate: modulo.Risposte{"c_gruppo": prima["c_gruppo"], "c_file": "f1"}}
		dopo, a = bloccati.Leggi(m, "s", prima, form)
		require.Equal(t, html.Azione{Genere: html.Salva}, a, azione)
		require.Equal(t, prima, dopo)
	}
	dopo, _ := html.StatoModulo{Precompilate: modulo.Risposte{"c_testo": "Ada"}}.Leggi(m, "s", modulo.Risposte{"c_testo": "Eva"}, url.Values{"c_testo": {"Zoe"}, "c_intero": {"1"}})
	require.Equal(t, modulo.Risposte{"c_testo": "Eva", "c_intero": "1"}, dopo)
	_, a := html.Leggi(m, "s", prima, url.Values{"_azione": {"aggiorna:comune"}})
	require.Equal(t, html.Azione{Genere: html.Aggiorna, Campo: "comune"}, a)
	require.Equal(t, "comune", a.Fuoco())
	_, a = html.Leggi(m, "s", prima, url.Values{"_azione": {"aggiorna:c_testo"}})
	require.Equal(t, html.Salva, a.Genere)
}

// Rows in rows are added and taken away where they are.
func TestRigheDentroRighe(t *testing.T) {
	t.Parallel()
	m := completo(t, "X")
	v := modulo.Risposte{"c_gruppo": []map[string]any{{"nome": "A"}, {"nome": "B", "dentro": []map[string]any{{"data": "1/1/2026"}, {"data": "2/1/2026"}}}}}
	r, a := html.Leggi(m, "s", v, url.Values{"_azione": {"rimuovi:c_gruppo[1].dentro:0"}})
	require.Equal(t, html.Azione{Genere: html.Rimuovi, Campo: "c_gruppo[1].dentro"}, a)
	require.Equal(t, []map[string]any{{"data": "2/1/2026"}}, modulo.Risposte(r.Righe("c_gruppo")[1]).Righe("dentro"))
	r, a = html.Leggi(m, "s", r, url.Values{"_azione": {"aggiungi:c_gruppo[0].dentro"}})
	require.Equal(t, "c_gruppo[0].dentro[0]", a.Fuoco())
	pagina := sezione(t, m, "s", r, nil, html.StatoModulo{Oggi: oggi, Fuoco: a.Fuoco()})
	require.Contains(t, pagina, `name="c_gruppo[0].dentro[0].data.giorno" value="" size="2" inputmode="numeric" autocomplete="off" required autofocus`)
	require.Contains(t, pagina, `value="rimuovi:c_gruppo[1].dentro:0"`)
	for _, s := range []string{"aggiungi:c_gruppo[7].dentro", "rimuovi:c_gruppo[7].dentro:0", "rimuovi:c_gruppo[x].dentro:0", "aggiungi:c_gruppo[0].nome"} {
		_, a = html.Leggi(m, "s", v, url.Values{"_azione": {s}})
		require.Equal(t, html.Salva, a.Genere, s)
	}
}

// However a form is reopened and whatever is posted, what is closed stays.
func TestRiapertiProprieta(t *testing.T) {
	t.Parallel()
	m := completo(t, "X")
	o := modulo.Opzioni{Bozza: true, Oggi: oggi, Allegati: allegati()}
	prima := m.Valuta(pieni(), o).Valori
	percorsi := []string{"c_testo", "c_scelta_multipla", "c_si_no", "c_gruppo[0].nome", "c_gruppo[1].nome", "c_gruppo[1].dentro[0].data", "breve", "comune"}
	rapid.Check(t, func(rt *rapid.T) {
		st := html.StatoModulo{Oggi: oggi, Riaperti: rapid.SliceOf(rapid.SampledFrom(append(percorsi, "c_gruppo", "c_gruppo.nome", "altra", ""))).Draw(rt, "riaperti")}
		if st.Riaperti == nil {
			st.Riaperti = []string{}
		}
		form := url.Values{}
		for _, p := range percorsi {
			form[p] = rapid.SliceOfN(rapid.SampledFrom([]string{"", "v5", "si", "z"}), 0, 3).Draw(rt, p)
			form[p+".giorno"] = []string{"7"}
		}
		form.Set("c_gruppo._righe", rapid.SampledFrom([]string{"0", "2", "3", "x"}).Draw(rt, "righe"))
		form.Set("_azione", rapid.SampledFrom([]string{"", "rimuovi:c_gruppo:0", "aggiungi:c_gruppo", "rimuovi:c_gruppo[1].dentro:0"}).Draw(rt, "azione"))
		dopo, _ := st.Leggi(m, "s", prima, form)
		if !st.Modificabile(m, "c_gruppo") {
			require.Len(rt, dopo.Righe("c_gruppo"), 2)
			for _, p := range percorsi {
				if !st.Modificabile(m, p) {
					require.True(rt, uguali(prima, dopo, p), p)
				}
			}
		}
	})
}

func TestDalRiepilogo(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	p := sezione(t, m, "nucleo", nil, nil, html.StatoModulo{Oggi: oggi, DalRiepilogo: true})
	require.Contains(t, p, "Salva e torna al riepilogo</button>")
	require.NotContains(t, p, `value="indietro"`)
}

// A choice that depends on another says what to answer first, and can be asked again.
func TestSceltaDipendente(t *testing.T) {
	t.Parallel()
	m := completo(t, "Provincia")
	p := sezione(t, m, "s", nil, nil, statoCompleto())
	require.Contains(t, p, "Prima rispondi a: Provincia")
	require.Contains(t, p, `value="aggiorna:comune"`)
	require.NotContains(t, p, "021008")
	p = sezione(t, m, "s", modulo.Risposte{"breve": "BZ", "comune": "021008"}, nil, statoCompleto())
	require.Contains(t, p, `<option value="021008" selected>`)
	require.NotContains(t, p, "Prima rispondi")
	st := statoCompleto()
	st.Riaperti = []string{}
	p = sezione(t, m, "s", modulo.Risposte{"breve": "BZ", "comune": "021008"}, nil, st)
	require.Contains(t, p, `id="m-c-comune" value="Provincia" readonly`, "by label, not by code")
}

// Appointments and stamps are those of the pratica; without any the page says what to do.
func TestRiferimenti(t *testing.T) {
	t.Parallel()
	m := completo(t, "X")
	p := sezione(t, m, "s", modulo.Risposte{"c_appuntamento": "a1"}, nil, statoCompleto())
	require.Contains(t, p, `name="c_appuntamento" value="a1" checked`)
	require.Contains(t, p, "giovedì 9 aprile 2026, ore 10:30")
	require.Contains(t, p, `name="c_bollo" value="b1"`)
	st := html.StatoModulo{Oggi: oggi, Lingua: lingua.Tedesco}
	e := m.Valuta(nil, modulo.Opzioni{Oggi: oggi}).Errori
	p = sezione(t, m, "s", nil, e, st)
	require.Contains(t, p, "Sie haben noch keinen Termin gebucht")
	require.Contains(t, p, `href="#m-c-c_appuntamento"`)
}

// A consent is asked in whole sentences, and neither answer is given before.
func TestConsenso(t *testing.T) {
	t.Parallel()
	m := completo(t, "Acconsento a tutto")
	st := statoCompleto()
	st.Documenti = map[string]string{"c_consenso": "/informativa", "c_testo": "/no"}
	p := sezione(t, m, "s", nil, nil, st)
	require.Contains(t, p, `<legend class="px-0">Acconsento a tutto`)
	require.Contains(t, p, "</div>\n<p><a href=\"/informativa\">Leggi il documento<span class=\"visually-hidden\">: Acconsento a tutto</span></a></p>\n</fieldset>", "outside of every label")
	require.NotContains(t, p, `href="/no"`)
	var b strings.Builder
	st.Documenti["c_dichiarazione"] = "javascript:alert(1)"
	require.NoError(t, renderer(t).Sezione(&b, m, "s", nil, nil, st))
	require.NotContains(t, b.String(), "javascript:")
	for _, e := range albero(t, p) {
		if e.a["name"] == "c_consenso" || e.a["name"] == "c_dichiarazione" {
			require.False(t, e.ha("checked"))
		}
	}
}

// The fields of a block stand in a fieldset of their own, and are reopened together.
func TestInsieme(t *testing.T) {
	t.Parallel()
	m, err := modulo.Compila(modulo.Definizione{ID: "m", Versione: 1, Titolo: "M", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "S", Campi: []modulo.Campo{
		{ID: "primo", Etichetta: "Primo", Tipo: modulo.Testo}, {ID: "madre", Etichetta: "Madre", Tipo: modulo.Persona, Obbligatorio: true}, {ID: "padre", Etichetta: "Padre", Tipo: modulo.Persona},
		{ID: "figli", Etichetta: "Figli", Tipo: modulo.Gruppo, EtichettaRiga: "Figlio", MinimoRighe: 1, Campi: []modulo.Campo{{ID: "casa", Etichetta: "Casa", Tipo: modulo.Indirizzo}, {ID: "fine", Etichetta: "Fine", Tipo: modulo.Testo}}},
	}}}})
	require.NoError(t, err)
	tr, err := lingua.Compila(m, map[lingua.Lingua]lingua.Testi{"de": {"insiemi.madre": "Mutter"}})
	require.NoError(t, err)
	e := m.Valuta(nil, modulo.Opzioni{Oggi: oggi}).Errori
	require.NotEmpty(t, e)
	p := sezione(t, m, "s", nil, e, html.StatoModulo{Oggi: oggi, Lingua: "de", Traduzioni: tr, Provenienze: map[string]string{"madre_nome": "SPID"}, Precompilate: modulo.Risposte{"madre_nome": "Ada"}})
	oro(t, "insieme_de.html", p)
	require.Contains(t, p, `<legend class="h5 px-0 mb-5">Mutter</legend>`)
	require.Contains(t, p, ">Mutter: Nachname: Füllen Sie dieses Feld aus</a>")
	require.Contains(t, p, `id="m-c-madre_nome-aiuto">SPID<`)
	require.Equal(t, 3, strings.Count(p, "-insieme\""))
	p = sezione(t, m, "s", nil, nil, html.StatoModulo{Oggi: oggi, Riaperti: []string{"padre"}})
	for n := range nomiPagina(t, p) {
		require.True(t, strings.HasPrefix(n, "padre_"), n)
	}
	require.Contains(t, p, `name="padre_nome"`)
	dopo, _ := html.StatoModulo{Riaperti: []string{"padre"}}.Leggi(m, "s", nil, url.Values{"padre_nome": {"Ugo"}, "madre_nome": {"Eva"}, "primo": {"x"}})
	require.Equal(t, modulo.Risposte{"padre_nome": "Ugo"}, dopo)
}
