package scrivania_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
)

// filtra sends the form of the filters.
func (n *navigatore) filtra(coppie ...string) risposta {
	n.b.t.Helper()
	v := url.Values{"_csrf": {csrf(n.b.t, n.vai("/scrivania").corpo)}}
	for i := 0; i < len(coppie); i += 2 {
		v.Set(coppie[i], coppie[i+1])
	}
	return n.invia("/scrivania", v)
}

var formaRiga = regexp.MustCompile(`<th scope="row"><a class="text-nowrap" href="/scrivania/pratica/([0-9a-f-]+)"`)

func righe(r risposta) []string {
	var ids []string
	for _, m := range formaRiga.FindAllStringSubmatch(r.corpo, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

func (b *banco) persona(nome, cf string) pratica.Attore {
	a := b.mario
	a.Persona = anagrafica.Persona{Nome: nome, Cognome: "Verdi", CodiceFiscale: anagrafica.CodiceFiscale(cf)}
	return a
}

func TestFiltri(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	n := b.entra("ferri")
	require.Contains(t, n.vai("/scrivania").corpo, "Non è ancora arrivata nessuna pratica.")
	suolo := b.inviata("pieno")
	b.avanza(48 * time.Hour)
	n = b.entra("ferri")
	cert := b.inviataDa(b.persona("Lucìa", "VRDLCU80A41H501X"), "spoglio")
	uno := func(id pratica.ID, coppie ...string) risposta {
		t.Helper()
		r := n.filtra(coppie...)
		require.Equal(t, http.StatusOK, r.stato)
		require.Equal(t, []string{string(id)}, righe(r), r.dove)
		return r
	}
	require.Equal(t, []string{string(cert), string(suolo)}, righe(n.filtra()))
	uno(suolo, "servizio", "pieno")
	uno(suolo, "stato", "protocollata")
	uno(cert, "dal", "2026-03-12")
	uno(suolo, "al", "2026-03-10")
	uno(suolo, "testo", "2026-1")
	uno(suolo, "testo", b.carica(suolo).Numero.String())
	for _, testo := range []string{"lucia", "VRDLCU80A41H501X"} {
		r := uno(cert, "testo", testo, "stato", "inviata")
		require.NotContains(t, strings.ToLower(r.dove), strings.ToLower(testo), "nothing personal in an address")
		require.Contains(t, r.corpo, `value="`+testo+`"`)
		require.Contains(t, r.corpo, "1 pratica con questi filtri")
		require.Equal(t, []string{string(cert)}, righe(n.vai(r.dove)), "the link keeps the filters")
		require.Empty(t, righe(b.entra("riva").vai(r.dove)), "a sealed text is of one operator")
	}
	require.Contains(t, n.filtra("testo", "nessuno così").corpo, "Nessuna pratica corrisponde ai filtri scelti.")
	r := n.filtra("dal", "31/02/2026", "testo", "verdi")
	require.Equal(t, http.StatusUnprocessableEntity, r.stato)
	require.Contains(t, r.corpo, `value="verdi"`)
	require.Contains(t, r.corpo, "Scrivi un giorno esistente")
	require.Equal(t, http.StatusUnprocessableEntity, n.filtra("dal", "2026-03-12", "al", "2026-03-10").stato)
	require.Equal(t, http.StatusUnprocessableEntity, n.filtra("testo", strings.Repeat("è", 101)).stato)
	require.Equal(t, http.StatusUnprocessableEntity, n.vai("/scrivania?cerca=AAAA").stato)
	require.Equal(t, http.StatusUnprocessableEntity, n.vai("/scrivania/esporta.csv?cerca=AAAA").stato)
	require.Equal(t, http.StatusUnprocessableEntity, n.vai("/scrivania?pagina=inventata").stato)
	require.Len(t, righe(n.vai("/scrivania?stato=inventato&lavorazione=boh")), 2, "what is unknown selects nothing")
}

func TestPagineDellElenco(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	b.fermo = true
	n := b.entra("sala")
	attese := map[string]bool{}
	for range 28 {
		attese[string(b.inviata("spoglio"))] = true
	}
	b.inviata("pieno")
	prima := n.filtra("testo", "rossi")
	require.Len(t, righe(prima), 25)
	require.Contains(t, prima.corpo, "28 pratiche con questi filtri")
	require.NotContains(t, prima.corpo, "Torna all'inizio")
	link := regexp.MustCompile(`href="([^"]+)" rel="next"`).FindStringSubmatch(prima.corpo)
	require.Len(t, link, 2)
	seconda := n.vai(strings.ReplaceAll(link[1], "&amp;", "&"))
	require.Len(t, righe(seconda), 3)
	require.NotContains(t, seconda.corpo, `rel="next"`)
	require.Contains(t, seconda.corpo, "Torna all'inizio")
	for _, id := range append(righe(prima), righe(seconda)...) {
		require.True(t, attese[id])
		delete(attese, id)
	}
	require.Empty(t, attese)
}

func TestEsporta(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	b.fermo = true
	n := b.entra("ferri")
	b.inviataDa(b.persona("=HYPERLINK(1)", "VRDLCU80A41H501X"), "spoglio")
	for i := range 205 {
		b.inviataDa(b.persona(fmt.Sprintf("Zoe %d;\"", i), "VRDLCU80A41H501X"), "inoltro")
	}
	r := n.vai("/scrivania/esporta.csv")
	require.Equal(t, "text/csv; charset=utf-8", r.header.Get("Content-Type"))
	require.Contains(t, r.header.Get("Content-Disposition"), `filename="pratiche-2026-03-10.csv"`)
	corpo, ok := strings.CutPrefix(r.corpo, "\ufeff")
	require.True(t, ok)
	c := csv.NewReader(strings.NewReader(corpo))
	c.Comma = ';'
	tutte, err := c.ReadAll()
	require.NoError(t, err)
	require.Len(t, tutte, 207)
	require.Equal(t, "Numero richiesta", tutte[0][0])
	require.Equal(t, "Zoe 204;\" Verdi", tutte[1][2])
	ultima := tutte[206]
	require.Equal(t, "2026-000001", ultima[0])
	require.Equal(t, "'=HYPERLINK(1) Verdi", ultima[2])
	require.Equal(t, []string{"10/03/2026 09:00", "Inviata"}, []string{ultima[4], ultima[6]})
	solo := n.vai("/scrivania/esporta.csv?servizio=spoglio")
	require.Equal(t, 2, strings.Count(solo.corpo, "\r\n"))
}

func TestEsitoIgnoto(t *testing.T) {
	t.Parallel()
	b := nuovoBancoCon(t, protocollotest.Copione{Passi: []protocollotest.Passo{{Guasto: protocollotest.DopoEffetto}}, Livello: protocollotest.SoloRegistra})
	n := b.entra("ferri")
	id := b.inviata("pieno")
	effetti, err := b.store.Effetti(context.Background(), ente, id)
	require.NoError(t, err)
	var dove string
	for _, e := range effetti {
		if e.UltimoErrore != "" {
			dove = pagina(id) + "/sospeso/" + e.ID
		}
	}
	require.NotEmpty(t, dove)
	r := n.vai(pagina(id))
	require.Contains(t, r.corpo, "Esito ignoto")
	require.Contains(t, r.corpo, "Verifica e risolvi")
	r = n.vai(dove)
	require.Contains(t, r.corpo, "Il documento è già protocollato")
	v := url.Values{"_csrf": {csrf(t, r.corpo)}, "modo": {"riprova"}}
	r = n.invia(dove, v)
	require.Equal(t, http.StatusUnprocessableEntity, r.stato, "not without having looked")
	require.Contains(t, r.corpo, "verifica prima nel registro")
	v = url.Values{"_csrf": v["_csrf"], "modo": {"adotta"}, "numero": {" "}, "data": {"10/13/2026"}}
	r = n.invia(dove, v)
	require.Equal(t, http.StatusUnprocessableEntity, r.stato)
	require.Contains(t, r.corpo, "Scrivi il numero di protocollo.")
	require.Contains(t, r.corpo, `value="10/13/2026"`)
	numero := b.registro.Effetti()[0].Registrazione.Numero
	v.Set("numero", numero)
	v.Set("data", "10/03/2026")
	require.Contains(t, n.invia(dove, v).corpo, "Il numero di protocollo è stato registrato.")
	b.svuota()
	p := b.carica(id)
	require.Equal(t, pratica.Protocollata, p.Stato)
	reg, ok := p.Protocollo()
	require.True(t, ok)
	require.Equal(t, numero, reg.Numero)
	require.Len(t, b.registro.Effetti(), 1, "nothing was sent again")
	require.Contains(t, n.vai(pagina(id)+"?pagina=messaggi").corpo, "indicato a mano")
}
