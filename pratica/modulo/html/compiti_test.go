package html_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

func TestCompiti(t *testing.T) {
	t.Parallel()
	testo := func(id string, si bool) modulo.Campo {
		return modulo.Campo{ID: id, Etichetta: id, Tipo: modulo.Testo, Obbligatorio: si}
	}
	m, err := modulo.Compila(modulo.Definizione{ID: "m", Versione: 1, Titolo: "M", Sezioni: []modulo.Sezione{
		{ID: "prima", Titolo: "Prima", Campi: []modulo.Campo{testo("a", true), testo("b", true)}},
		{ID: "libera", Titolo: "Libera", Campi: []modulo.Campo{testo("c", false)}},
		{ID: "poi", Titolo: "Poi", Se: `a == "x"`, Campi: []modulo.Campo{testo("d", true)}},
	}})
	require.NoError(t, err)
	const da, in, ok, no = html.CompitoDaCompilare, html.CompitoInCorso, html.CompitoCompletato, html.CompitoNonDisponibile
	for nome, c := range map[string]struct {
		v      modulo.Risposte
		o      html.OpzioniCompiti
		attesi []html.StatoCompito
	}{
		"niente":      {nil, html.OpzioniCompiti{}, []html.StatoCompito{da, da, no}},
		"vista vuota": {nil, html.OpzioniCompiti{Viste: []string{"prima", "libera"}}, []html.StatoCompito{in, ok, no}},
		"a mezzo":     {modulo.Risposte{"a": "z"}, html.OpzioniCompiti{}, []html.StatoCompito{in, da, no}},
		"non serve":   {modulo.Risposte{"a": "z", "b": "z", "c": "z"}, html.OpzioniCompiti{}, []html.StatoCompito{ok, ok}},
		"serve":       {modulo.Risposte{"a": "x", "b": "z"}, html.OpzioniCompiti{}, []html.StatoCompito{ok, da, da}},
		"in ordine":   {modulo.Risposte{"a": "x"}, html.OpzioniCompiti{InOrdine: true}, []html.StatoCompito{in, no, no}},
		"tutto":       {modulo.Risposte{"a": "x", "b": "z", "c": "z", "d": "z"}, html.OpzioniCompiti{InOrdine: true}, []html.StatoCompito{ok, ok, ok}},
	} {
		c.o.Indirizzo = func(s string) string { return "?passo=" + s }
		compiti := html.Compiti(m, m.Valuta(c.v, modulo.Opzioni{Oggi: oggi}), c.o)
		require.Len(t, compiti, len(c.attesi), nome)
		fatti := 0
		var b strings.Builder
		require.NoError(t, renderer(t).In(lingua.Sloveno, nil).Compiti(&b, compiti))
		controllaMarcatura(t, b.String())
		for i, x := range compiti {
			require.Equal(t, c.attesi[i], x.Stato, "%s %s", nome, x.ID)
			// The state is in words, and a link leads where one may go.
			parole := map[html.StatoCompito]string{da: "Za izpolniti", in: "V teku", ok: "Dokončano", no: "Še ni na voljo"}[x.Stato]
			require.Contains(t, b.String(), ">"+parole+"</span>")
			require.Equal(t, x.Stato != no, strings.Contains(b.String(), `href="?passo=`+x.ID+`"`), "%s %s", nome, x.ID)
			if x.Stato == ok {
				fatti++
			}
		}
		require.Contains(t, b.String(), lingua.Sloveno.Conta(lingua.CompitiFatti, fatti)+" od "+lingua.Sloveno.Intero(len(compiti)))
	}
	var b strings.Builder
	compiti := append(html.Compiti(m, m.Valuta(nil, modulo.Opzioni{}), html.OpzioniCompiti{}), html.Compito{ID: "_riepilogo", Titolo: "Riepilogo", Stato: no, URL: "/mai"})
	require.NoError(t, renderer(t).Compiti(&b, compiti))
	oro(t, "compiti.html", b.String())
}
