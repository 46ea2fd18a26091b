package html_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

var ostili = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`,
	`</textarea><script>alert(1)</script>`, `javascript:alert(1)`, `{{.}}<svg/onload=alert(1)>`, "`${alert(1)}`", `</option></select><style>*{}</style>`,
}

// ostile builds a form with the same text in every slot that takes text.
func ostile(t *testing.T, x string) (*modulo.Modulo, modulo.Risposte, map[string]modulo.InfoFile) {
	t.Helper()
	var campi []modulo.Campo
	v := modulo.Risposte{}
	for _, tipo := range modulo.Tipi() {
		c := modulo.Campo{ID: "c_" + string(tipo), Etichetta: x, Aiuto: x, Tipo: tipo, Obbligatorio: tipo != modulo.Nota}
		v[c.ID] = x
		switch tipo {
		case modulo.Scelta, modulo.SceltaMultipla:
			for i := range 9 {
				c.Opzioni = append(c.Opzioni, modulo.Opzione{Valore: fmt.Sprint(x, i), Etichetta: x})
			}
			v[c.ID] = []string{x + "1"}
		case modulo.Dichiarazione, modulo.Consenso, modulo.Nota:
			c.Testo = x
		case modulo.File:
			v[c.ID] = []string{x, "assente" + x}
			c.MassimoFile = 5
		case modulo.Gruppo:
			c.EtichettaRiga, c.EtichettaAggiungi = x, x
			c.Campi = []modulo.Campo{{ID: "nome", Etichetta: x, Aiuto: x, Tipo: modulo.Testo}}
			v[c.ID] = []map[string]any{{"nome": x}}
		default:
		}
		campi = append(campi, c)
	}
	m, err := modulo.Compila(modulo.Definizione{ID: "ostile", Versione: 1, Titolo: x,
		Sezioni: []modulo.Sezione{{ID: "s", Titolo: x, Descrizione: x, Campi: campi}}})
	require.NoError(t, err)
	return m, v, map[string]modulo.InfoFile{x: {Nome: x, Tipo: x, Byte: 1}}
}

func TestTestiOstili(t *testing.T) {
	t.Parallel()
	for _, x := range ostili {
		m, v, file := ostile(t, x)
		r, err := html.New(html.Config{Azione: x, CSRFCampo: x, CSRFValore: x})
		require.NoError(t, err)
		e := m.Valuta(v, modulo.Opzioni{Oggi: oggi, Allegati: file})
		for i := range e.Errori {
			e.Errori[i].Messaggio = x
		}
		e.Errori = append(e.Errori, modulo.Errore{Messaggio: x, Etichetta: x})
		passi := []html.Passo{{ID: "s", Titolo: x, Stato: html.PassoAttivo}, {ID: x, Titolo: x, URL: x, Stato: html.PassoCompletato}}
		testi := lingua.Testi{}
		for _, v := range lingua.Voci(m) {
			testi[v.Chiave] = x
		}
		tr, err := lingua.Compila(m, map[lingua.Lingua]lingua.Testi{"de": testi, "lld": testi})
		require.NoError(t, err)
		rif := map[string]modulo.InfoRiferimento{x: {Descrizione: x}, "altro": {Descrizione: x}}
		for _, st := range []html.StatoModulo{
			{}, {Precompilate: v, Provenienza: x}, {Riaperti: []string{}, Richiesta: x, Scadenza: oggi}, {Lingua: "de"}, {Lingua: "lld", Traduzioni: tr}, {Lingua: "de", Traduzioni: tr, Riaperti: []string{"c_gruppo.nome", x}, Richiesta: x},
			{Lingua: lingua.Lingua(x), Traduzioni: tr, Azione: x, CSRFValore: x},
		} {
			st.Allegati, st.Appuntamenti, st.Bolli, st.Passi, st.Oggi, st.Fuoco = file, rif, rif, passi, oggi, x
			r := r.In(st.Lingua, st.Traduzioni)
			var b strings.Builder
			require.NoError(t, r.Sezione(&b, m, "s", v, e.Errori, st))
			controllaMarcatura(t, b.String())
			require.NoError(t, r.Stepper(&b, passi))
			require.NoError(t, r.Riepilogo(&b, m.Riepiloga(e.Valori, file), func(string) string { return x }))
			require.NoError(t, r.Lettura(&b, m, e.Valori, html.StatoLettura{Allegati: file, Appuntamenti: rif, Bolli: rif, Prima: modulo.Risposte{"c_testo": "z" + x, "c_gruppo": []map[string]any{{"nome": x + x}}}, Data: oggi, Avviso: true, Modifica: func(string) string { return x }}))
			require.NoError(t, r.Compiti(&b, []html.Compito{{ID: x, Titolo: x, URL: x, Stato: html.CompitoInCorso}, {ID: "s", Titolo: x}}))
			innocuo(t, b.String(), x)
		}
	}
}

// innocuo: the text is in the page, and no tag or attribute of its own is.
func innocuo(t *testing.T, pagina, x string) {
	t.Helper()
	require.Contains(t, pagina, "alert")
	if strings.ContainsAny(x, `<>"`) {
		require.NotContains(t, pagina, x)
	}
	for _, e := range albero(t, pagina) {
		require.NotContains(t, []string{"script", "style", "img", "svg", "iframe", "object", "base", "link", "meta"}, e.nome)
		for k, v := range e.a {
			require.False(t, strings.HasPrefix(strings.ToLower(k), "on") || strings.EqualFold(k, "style"), "%s=%s", k, v)
			if k == "href" || k == "action" {
				require.False(t, strings.HasPrefix(v, "javascript:"))
			}
		}
	}
}

// Two fragments with prefixes of their own share a page without an id in common.
func TestPrefissi(t *testing.T) {
	t.Parallel()
	m := completo(t, "X")
	e := m.Valuta(nil, modulo.Opzioni{Oggi: oggi}).Errori
	var b strings.Builder
	for _, p := range []string{"a", "b"} {
		r, err := html.New(html.Config{Prefisso: p})
		require.NoError(t, err)
		var solo strings.Builder
		require.NoError(t, r.Sezione(&solo, m, "s", pieni(), e, statoCompleto()))
		require.NoError(t, r.Lettura(&solo, m, pieni(), html.StatoLettura{}))
		require.NoError(t, r.Compiti(&solo, html.Compiti(m, m.Valuta(nil, modulo.Opzioni{}), html.OpzioniCompiti{})))
		// The focus belongs to one of the two; the host gives errors to one.
		b.WriteString(strings.Replace(solo.String(), " autofocus", "", 1))
	}
	controllaMarcatura(t, b.String())
}
