package scrivania_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
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
	uno(cert, "nome", "luc", "servizio", "spoglio")
	require.Empty(t, righe(n.filtra("nome", "VRDLCU80A41H501X")), "the name alone")
	require.Empty(t, righe(n.filtra("protocollo", "999")))
	reg, ok := b.carica(suolo).Protocollo()
	require.True(t, ok)
	r1 := uno(suolo, "protocollo", " "+reg.String(), "ordine", "ferma")
	require.NotContains(t, r1.dove, url.QueryEscape(reg.String()))
	require.Contains(t, r1.corpo, "Protocollo: "+reg.String())
	require.Contains(t, r1.corpo, "in quest'ordine: Ferme da più tempo")
	require.Contains(t, r1.corpo, "<details class=\"accordion-item mb-3\" open>")
	require.NotContains(t, n.filtra("testo", "x").corpo, "mb-3\" open>")
	require.Equal(t, []string{string(suolo), string(cert)}, righe(n.filtra("ordine", "presentata")))
	require.Len(t, righe(n.filtra("dovuto_max", "0")), 2)
	r1 = n.filtra("dovuto_min", "1.234,5", "dovuto_max", "2000")
	require.Empty(t, righe(r1))
	require.Contains(t, r1.corpo, "Da pagare almeno 1.234,50 €")
	require.Contains(t, r1.corpo, `value="1.234,50"`)
	for coppia, errore := range map[[4]string]string{
		{"dovuto_min", "molto", "", ""}:                     "Scrivi un importo in euro, per esempio 16,50.",
		{"dovuto_min", "20", "dovuto_max", "10"}:            "più basso di quello minimo",
		{"nome", strings.Repeat("è", 101), "", ""}:          "al massimo 200 caratteri",
		{"protocollo", "1\x002", "nome", "a"}:               "al massimo 200 caratteri",
		{"dal", "2026-03-12", "al", "2026-03-10"}:           "viene prima",
		{"testo", "\x00", "nome", strings.Repeat("x", 200)}: "al massimo 200 caratteri",
	} {
		r1 = n.filtra(coppia[:]...)
		require.Equal(t, http.StatusUnprocessableEntity, r1.stato, coppia)
		require.Contains(t, r1.corpo, errore, coppia)
	}
	lungo := strings.Repeat("x", 200)
	require.Equal(t, http.StatusOK, n.filtra("testo", lungo, "nome", lungo, "protocollo", lungo).stato, "as long as they may be")
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

var formaConto = regexp.MustCompile(`<a class="chip (bg-primary|chip-primary)"(?: aria-current="true")? href="([^"]+)"><span class="chip-label(?: text-white)?">([^<×]+)</span>`)

// conti gives the states with their counts, and the link of each.
func conti(r risposta) (nomi []string, link map[string]string) {
	link = map[string]string{}
	for _, m := range formaConto.FindAllStringSubmatch(r.corpo, -1) {
		nomi = append(nomi, m[3])
		link[m[3]] = strings.ReplaceAll(m[2], "&amp;", "&")
	}
	return nomi, link
}

func TestCifre(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	b.fermo = true
	n := b.entra("ferri")
	b.inviataDa(b.mario, "spoglio", "via", "Via dell'Olmo 2", "quota", "1.000,50", "metri", "2,5")
	due := b.inviataDa(b.mario, "spoglio", "quota", "1")
	b.inviataDa(b.persona("Ada", "VRDLCU80A41H501X"), "spoglio")
	tutte := n.vai("/scrivania")
	require.NotContains(t, tutte.corpo, "Luogo")
	require.NotContains(t, tutte.corpo, "Somme e medie")
	nomi, _ := conti(tutte)
	require.Empty(t, nomi, "all are in one state")
	b.fermo = false
	b.svuota()
	n.riesce(due, pratica.AzionePrendiInCarico)

	r := n.filtra("servizio", "spoglio")
	require.NotContains(t, r.corpo, `<th scope="col">Servizio</th>`, "all rows are of one")
	require.Contains(t, r.corpo, `<th scope="col">Luogo</th><th scope="col" class="num">Quota</th>`)
	require.Contains(t, r.corpo, `<td data-label="Luogo" class="testo">Via dell&#39;Olmo 2</td>`)
	require.Contains(t, r.corpo, `<td data-label="Quota" class="num"><span class="text-nowrap">1.000,50 €</span></td>`)
	require.Contains(t, r.corpo, `<tr><th scope="row">Quota</th><td class="num" data-label="Totale">1.001,50 €</td><td class="num" data-label="Media">500,75 €</td><td class="num" data-label="Minimo">1,00 €</td><td class="num" data-label="Massimo">1.000,50 €</td><td class="num" data-label="Pratiche che lo hanno">2</td></tr>`)
	require.Contains(t, r.corpo, `<tr><th scope="row">Metri quadrati</th><td class="num" data-label="Totale">2,5</td>`)
	nomi, link := conti(r)
	require.Equal(t, []string{"Tutti gli stati 3", "Inviata 2", "Presa in carico 1"}, nomi)
	r = n.vai(link["Presa in carico 1"])
	require.Equal(t, []string{string(due)}, righe(r))
	require.Contains(t, r.corpo, `<td class="num" data-label="Totale">1,00 €</td>`)
	require.NotContains(t, r.corpo, "Metri quadrati", "nobody answered it")
	nomi, link = conti(r)
	require.Equal(t, []string{"Tutti gli stati 3", "Inviata 2", "Presa in carico 1"}, nomi, "the others are a link away")
	require.Len(t, righe(n.vai(link["Tutti gli stati 3"])), 3)
	nomi, _ = conti(n.filtra("servizio", "spoglio", "stato", "rifiutata"))
	require.Contains(t, nomi, "Rifiutata 0", "the one that is chosen is there")
	require.Len(t, righe(n.filtra("testo", "olmo")), 1)
	require.Contains(t, b.entra("sala").vai("/scrivania").corpo, "Somme e medie", "his only service")
	require.NotContains(t, b.entra("sala").vai("/scrivania?servizio=pieno").corpo, "Somme e medie")
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
	require.Len(t, tutte, 208)
	require.Equal(t, "Numero richiesta", tutte[0][0])
	require.Equal(t, "Zoe 204;\" Verdi", tutte[1][2])
	ultima := tutte[206]
	require.Equal(t, "2026-000001", ultima[0])
	require.Equal(t, "'=HYPERLINK(1) Verdi", ultima[2])
	require.Equal(t, []string{"10/03/2026 09:00", "Inviata"}, []string{ultima[4], ultima[6]})
	require.Equal(t, []string{"Fine dell'elenco", "206 pratiche"}, tutte[207][:2])
	solo := n.vai("/scrivania/esporta.csv?servizio=spoglio")
	require.Equal(t, 3, strings.Count(solo.corpo, "\r\n"))
	require.Contains(t, solo.corpo, `;"Luogo";"Quota"`+"\r\n")
	require.Contains(t, solo.corpo, `;"Via Roma 1";""`+"\r\n")

	b.guasta("Cerca", 0)
	r = n.vai("/scrivania/esporta.csv")
	require.Equal(t, http.StatusInternalServerError, r.stato, "nothing was sent yet: a page says so")
	b.guasta("Cerca", 1)
	c2, err := n.c.Get(b.server.URL + "/scrivania/esporta.csv")
	require.NoError(t, err)
	meta, err := io.ReadAll(c2.Body)
	require.Error(t, err, "the browser must know that it has not all of it")
	require.NoError(t, c2.Body.Close())
	require.NotContains(t, string(meta), "Fine dell'elenco")
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
