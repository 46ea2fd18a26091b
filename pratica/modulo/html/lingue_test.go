package html_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

// completo is a form with every type, rows in rows and options from a provider,
// all required; x is the text in every slot.
func completo(t testing.TB, x string) *modulo.Modulo {
	t.Helper()
	var campi []modulo.Campo
	for _, tipo := range modulo.Tipi() {
		c := modulo.Campo{ID: "c_" + string(tipo), Etichetta: x, Aiuto: x, Tipo: tipo, Obbligatorio: tipo != modulo.Nota}
		switch tipo {
		case modulo.Scelta, modulo.SceltaMultipla:
			for i := range 9 {
				c.Opzioni = append(c.Opzioni, modulo.Opzione{Valore: fmt.Sprint("v", i), Etichetta: x})
			}
		case modulo.Dichiarazione, modulo.Consenso, modulo.Nota:
			c.Testo = x
			if tipo != modulo.Nota {
				c.Norma = "DPR 445/2000, art. 46"
			}
		case modulo.File:
			c.MassimoFile, c.TipiFile, c.MassimoByte = 3, []string{"application/pdf"}, 5_000_000
		case modulo.Gruppo:
			c.EtichettaRiga, c.EtichettaAggiungi, c.MinimoRighe = x, x, 2
			c.Campi = []modulo.Campo{
				{ID: "nome", Etichetta: x, Aiuto: x, Tipo: modulo.Testo, Obbligatorio: true},
				{ID: "dentro", Etichetta: x, Tipo: modulo.Gruppo, EtichettaRiga: x, MinimoRighe: 1, Campi: []modulo.Campo{{ID: "data", Etichetta: x, Tipo: modulo.Data, Obbligatorio: true}}},
			}
		default:
		}
		campi = append(campi, c)
	}
	campi = append(campi,
		modulo.Campo{ID: "breve", Etichetta: x, Tipo: modulo.Scelta, Obbligatorio: true, Opzioni: []modulo.Opzione{{Valore: "BZ", Etichetta: x}, {Valore: "TN", Etichetta: x}}},
		modulo.Campo{ID: "comune", Etichetta: x, Tipo: modulo.Scelta, Obbligatorio: true, Elenco: "comuni", DipendeDa: "breve"},
		modulo.Campo{ID: "calcolato", Etichetta: x, Tipo: modulo.Importo, Calcolo: "1234.5"},
		modulo.Campo{ID: "sciolta", Etichetta: x, Aiuto: x, Tipo: modulo.TestoLungo, MassimoCaratteri: 200},
	)
	m, err := modulo.Compila(modulo.Definizione{ID: "completo", Versione: 1, Titolo: x, Sezioni: []modulo.Sezione{{ID: "s", Titolo: x, Descrizione: x, Campi: campi}, {ID: "altra", Titolo: x, Campi: []modulo.Campo{{ID: "fine", Etichetta: x, Tipo: modulo.Testo, Obbligatorio: true}}}}},
		modulo.ConElenco("comuni", modulo.ElencoPer(map[string][]modulo.Opzione{"BZ": {{Valore: "021008", Etichetta: x}}})))
	require.NoError(t, err)
	return m
}

func statoCompleto() html.StatoModulo {
	return html.StatoModulo{
		Oggi: oggi, Allegati: allegati(), Appuntamenti: map[string]modulo.InfoRiferimento{"a1": {Descrizione: "giovedì 9 aprile 2026, ore 10:30"}, "a2": {Descrizione: "venerdì"}},
		Bolli: map[string]modulo.InfoRiferimento{"b1": {Descrizione: "marca 01234567890123"}},
		Passi: []html.Passo{{ID: "s", Titolo: "Sezione", Stato: html.PassoAttivo}, {ID: "altra", Titolo: "Altra"}},
	}
}

// vuoti and pieni are the answers that make every error, and none.
func pieni() modulo.Risposte {
	riga := map[string]any{"nome": "A", "dentro": []map[string]any{{"data": "2026-03-31"}}}
	return modulo.Risposte{
		"c_testo": "a", "c_testo_lungo": "a\nb", "c_intero": "1234", "c_decimale": "1,5", "c_importo": "1.234,50", "c_data": "31/3/2026", "c_ora": "9:05", "c_si_no": "si", "c_scelta": "v1", "c_scelta_multipla": []string{"v0", "v2"},
		"c_email": "a@b.it", "c_pec": "a@pec.b.it", "c_telefono": "0612345678", "c_codice_fiscale": "BNCDAA80A41H501X", "c_partita_iva": "x", "c_iban": "x", "c_cap": "00184", "c_file": []string{"f1"}, "c_dichiarazione": "si",
		"c_gruppo": []map[string]any{riga, riga}, "c_url": "https://example.org", "c_consenso": "no", "c_appuntamento": "a1", "c_bollo": "b1", "breve": "BZ", "comune": "021008",
	}
}

// In every language each type keeps its errors, its labels and its marks; what
// is not translated says that it is Italian, and nothing else does.
func TestOgniTipoOgniLingua(t *testing.T) {
	t.Parallel()
	m := completo(t, "Parole italiane")
	st := statoCompleto()
	for _, l := range append(lingua.Lingue(), "lld") {
		st.Lingua = l
		o := modulo.Opzioni{Oggi: oggi, Allegati: st.Allegati, Appuntamenti: st.Appuntamenti, Bolli: st.Bolli}
		for _, v := range []modulo.Risposte{{"c_gruppo": []map[string]any{{}, {}}}, pieni()} {
			e := m.Valuta(v, o).Errori
			pagina := sezione(t, m, "s", v, e, st)
			require.Contains(t, pagina, fmt.Sprintf(`lang="%s"`, l.Fissa()))
			require.Contains(t, pagina, l.Conta(lingua.ErroriDaCorreggere, len(e.DellaSezione("s"))))
			coerenti(t, pagina, len(e.DellaSezione("s")))
			italiane(t, pagina, l.Fissa())
			for _, x := range albero(t, pagina) {
				if x.a["type"] == "checkbox" {
					require.Equal(t, len(e.Di(x.a["name"])) > 0, x.a["aria-invalid"] == "true", x.a["id"])
				}
			}
			require.Equal(t, pagina, sezione(t, m, "s", v, e, st), "the same twice")
		}
		pagina := sezione(t, m, "s", nil, nil, st)
		for _, k := range []lingua.Chiave{lingua.Obbligatori, lingua.Avanti, lingua.SalvaRichiesta, lingua.Carica, lingua.ScegliOpzione, lingua.AiutoCalcolo, lingua.AggiornaElenco} {
			require.Contains(t, strings.ReplaceAll(pagina, "&#39;", "'"), l.Testo(k), "%s %s", l, k)
		}
	}
}

// italiane: outside of an element with lang="it" there is no Italian, inside one nothing else.
func italiane(t *testing.T, pagina string, base lingua.Lingua) {
	t.Helper()
	for _, e := range albero(t, pagina) {
		if strings.Contains(e.testo, "Parole italiane") && base != lingua.Italiano {
			require.Equal(t, "it", e.a["lang"], e.testo)
		}
		if base == lingua.Italiano && e.nome != "form" {
			require.Empty(t, e.a["lang"])
		}
	}
}

// coerenti: aria-invalid, the text of the error and the link of the summary go together.
func coerenti(t *testing.T, pagina string, errori int) {
	t.Helper()
	ee := albero(t, pagina)
	collegati, segnati, testi := map[string]int{}, map[string]bool{}, map[string]bool{}
	var ordine []string
	posti := map[string]int{}
	for i, e := range ee {
		if id := e.a["id"]; id != "" {
			posti[id] = i
		}
		if h := e.a["href"]; strings.HasPrefix(h, "#") {
			collegati[h[1:]]++
			ordine = append(ordine, h[1:])
		}
		if strings.HasSuffix(e.a["id"], "-errore") {
			testi[e.a["id"]] = true
		}
		invalido := e.a["aria-invalid"] == "true"
		descritto := slices.ContainsFunc(strings.Fields(e.a["aria-describedby"]), func(id string) bool { return strings.HasSuffix(id, "-errore") })
		if descritto {
			for _, id := range strings.Fields(e.a["aria-describedby"]) {
				segnati[id] = segnati[id] || strings.HasSuffix(id, "-errore")
			}
		}
		if e.nome == "input" && e.a["type"] == "text" || e.nome == "select" || e.nome == "textarea" {
			require.Equal(t, descritto, invalido, e.a["id"])
		}
	}
	n := 0
	for _, v := range collegati {
		n += v
	}
	require.Equal(t, errori, n, "one link for each error")
	for id := range testi {
		require.True(t, segnati[id], "nobody is described by %s", id)
	}
	require.LessOrEqual(t, len(testi), errori)
	// The summary follows the order of the page, which is that of the focus.
	for i := 1; i < len(ordine); i++ {
		require.LessOrEqual(t, posti[ordine[i-1]], posti[ordine[i]], "%s before %s", ordine[i-1], ordine[i])
	}
}

// Posting a page as it is, whatever its language, changes no answer.
func TestLinguaNonCambiaRisposte(t *testing.T) {
	t.Parallel()
	m := completo(t, "X")
	st := statoCompleto()
	o := modulo.Opzioni{Bozza: true, Oggi: oggi, Allegati: st.Allegati, Appuntamenti: st.Appuntamenti, Bolli: st.Bolli}
	prima := m.Valuta(pieni(), o).Valori
	require.Greater(t, len(prima), 25)
	for _, l := range lingua.Lingue() {
		st.Lingua = l
		v, a := html.Leggi(m, "s", prima, invia(t, sezione(t, m, "s", prima, nil, st)))
		require.Equal(t, html.Avanti, a.Genere)
		require.Equal(t, prima, m.Valuta(v, o).Valori, l)
	}
}

func tradotto(t *testing.T) (*modulo.Modulo, *lingua.Traduzioni) {
	t.Helper()
	m := daFile(t, "assegno_nucleo")
	tr, err := lingua.Compila(m, map[lingua.Lingua]lingua.Testi{"de": {
		"sezioni.nucleo.titolo": "Familie", "sezioni.richiedente.titolo": "Antragsteller", "campi.figli.etichetta_riga": "Kind", "campi.figli.nome.etichetta": "Name", "campi.canale.etichetta": "Kanal", "campi.canale.opzioni.email": "Per E-Mail",
	}})
	require.NoError(t, err)
	return m, tr
}

func TestTradotto(t *testing.T) {
	t.Parallel()
	m, tr := tradotto(t)
	r := renderer(t).In(lingua.Tedesco, tr)
	e := m.Valuta(risposte(), modulo.Opzioni{Oggi: oggi, Allegati: allegati()})
	passi := html.Passi(m, e.SezioniVisibili(), "nucleo", func(s string) string { return "?passo=" + s })
	var b strings.Builder
	require.NoError(t, r.Sezione(&b, m, "nucleo", risposte(), e.Errori, html.StatoModulo{Oggi: oggi, Allegati: allegati(), Passi: passi}))
	controllaMarcatura(t, b.String())
	oro(t, "nucleo_de.html", b.String())
	require.Equal(t, "Fehler: Familie (Schritt 2 von 3)", r.Titolo(m, "nucleo", e.Errori, passi))
	b.Reset()
	require.NoError(t, r.Stepper(&b, passi))
	require.Contains(t, b.String(), "Antragsteller")
	require.Contains(t, b.String(), "(abgeschlossen)")
	require.Contains(t, b.String(), `<span lang="it">`)
	b.Reset()
	require.NoError(t, r.Lettura(&b, m, e.Valori, html.StatoLettura{Allegati: allegati(), Avviso: true, Modifica: func(s string) string { return "?passo=" + s + "&ritorna=riepilogo" }}))
	controllaMarcatura(t, b.String())
	oro(t, "lettura_de.html", b.String())
	require.Contains(t, b.String(), "Per E-Mail")
	require.Contains(t, b.String(), "foto.png (9 MB)")
	require.Contains(t, b.String(), "31. 3. 2010")
}
