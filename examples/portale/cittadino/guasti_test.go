package cittadino_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
)

// cadeOgniVolta makes a request again and again, each time with another
// operation of the store or the archive failing, until none is left to fail. The
// answer is always a page that says what to do, and never the cause.
func (i *impianto) cadeOgniVolta(n *navigatore, fai func()) {
	i.t.Helper()
	for k := 1; ; k++ {
		quante, caduta := 0, ""
		i.cade = func(operazione string) error {
			if quante++; quante == k {
				caduta = operazione
				return errors.New("disco rotto: GLBNNA90C65F205X")
			}
			return nil
		}
		fai()
		i.cade = nil
		require.NotContains(i.t, n.corpo, "disco rotto", caduta)
		if caduta == "" {
			require.Greater(i.t, k, 1, "nothing could fail")
			return
		}
		require.Contains(i.t, []int{200, 404, 409, 422, 500, 502}, n.stato, caduta)
		require.Contains(i.t, n.corpo, "</html>", caduta)
		require.Less(i.t, k, 200)
	}
}

func TestOgniGuastoDelloStore(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna")
	id := inviaNido(t, n)
	i.lavora()
	base := "/area/pratiche/" + string(id)
	i.ufficio("op-ferri", id, pratica.PrendiInCarico{})
	i.ufficio("op-ferri", id, pratica.RichiediIntegrazione{Testo: "Correggi", Campi: []string{"isee", "attestazione"}})
	bozza := "/area/pratiche/" + string(i.bozza(n, "iscrizione-nido"))
	carta := "/area/pratiche/" + string(i.bozza(n, "carta-identita"))
	suolo := "/area/pratiche/" + string(i.bozza(n, "occupazione-suolo"))
	for _, pagina := range []string{"/area", base, base + "/file/istanza", base + "/integrazione/dati/economia", bozza + "/riepilogo", carta + "/appuntamento", suolo + "/bollo"} {
		i.cadeOgniVolta(n, func() { n.vai(pagina) })
		require.Equal(t, http.StatusOK, n.stato, pagina)
	}
	n.vai("/area")
	gettone := n.nascosti("/uscita")
	invio := func(azione string, file []allegato, coppie ...string) func() {
		return func() {
			v := url.Values{"_csrf": gettone["_csrf"]}
			for j := 0; j+1 < len(coppie); j += 2 {
				v.Set(coppie[j], coppie[j+1])
			}
			if file == nil {
				n.spedisci(azione, v)
				return
			}
			n.corpo = `<form method="post" action="` + azione + `"><input type="hidden" name="_csrf" value="` + gettone.Get("_csrf") + `"></form>`
			n.carica(azione, file, coppie...)
		}
	}
	foto, documento := foto(t), pdf(t, "x")
	for _, fai := range []func(){
		invio(bozza+"/compila/allegati", []allegato{{"documento", "a.pdf", documento}}, "_azione", "carica:documento"),
		invio(carta+"/appuntamento", nil, "calendario", "anagrafe-municipio", "fascia", "mattina|2026-03-18T08:00:00Z"),
		invio(suolo+"/bollo", nil, marcaBollo("01234567890123")...),
		invio(base+"/integrazione/dati/economia", nil, "isee", "1000", "_azione", "avanti"),
		invio(base+"/integrazione/dati/allegati", []allegato{{"attestazione", "i.pdf", documento}}, "_azione", "avanti"),
		invio(base+"/integrazione", []allegato{{"file", "g.jpg", foto}}, "testo", "Ecco"),
		invio(bozza+"/elimina", nil),
	} {
		i.cadeOgniVolta(n, fai)
	}
	// Whatever failed on the way, the pratica is sound and the answer arrived once.
	i.lavora()
	n.vai(base).dice("Integrazione", "Ecco", "i.pdf")
	p, _, err := i.p.Sportello.Leggi(t.Context(), i.attore("anna"), id)
	require.NoError(t, err)
	require.Len(t, p.Integrazioni, 1)
	require.Equal(t, pratica.InCarico, p.Stato)
}

func (i *impianto) bozza(n *navigatore, servizio string) pratica.ID {
	i.t.Helper()
	return n.inizia(servizio).id()
}

func TestMessaggioDueVolte(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna")
	id := inviaNido(t, n)
	i.lavora()
	base := "/area/pratiche/" + string(id)
	n.vai(base)
	pagina, file := n.corpo, []allegato{{"file", "f.jpg", foto(t)}}
	n.carica(base+"/messaggi", file, "testo", "Una volta sola").dice("Messaggio inviato")
	n.corpo = pagina // the same form again
	n.carica(base+"/messaggi", file, "testo", "Una volta sola").dice("Messaggio inviato")
	p, _, err := i.p.Sportello.Leggi(t.Context(), i.attore("anna"), id)
	require.NoError(t, err)
	require.Len(t, slices.DeleteFunc(p.Messaggi, func(m pratica.Messaggio) bool { return m.Automatico }), 1)
	require.Len(t, slices.DeleteFunc(p.Allegati, func(a pratica.Allegato) bool { return a.Origine != pratica.OrigineMessaggio }), 1, "the second upload leaves nothing behind")

	// A file of a kind that nobody takes, then one that waits and is taken away.
	n.vai(base).carica(base+"/messaggi", []allegato{{"file", "x.exe", []byte("MZ\x90\x00boh")}, {"file", "y.jpg", foto(t)}}, "testo", "Eccoli")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("x.exe: Questo tipo di file non è ammesso", "y.jpg", "Eccoli")
	_, resto, _ := strings.Cut(n.corpo, `action="`+base+`/rimuovi/`)
	in, _, _ := strings.Cut(resto, `"`)
	n.invia(base + "/rimuovi/" + in).dice("File rimosso")
	n.vai(base)
	require.NotContains(t, n.corpo, "y.jpg")
}

func TestDatiRiapertiPassoPasso(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna")
	id := inviaNido(t, n)
	i.lavora()
	base := "/area/pratiche/" + string(id)
	n.vai(base+"/integrazione").su(t, base) // nobody asked: the page of the pratica
	n.vai(base+"/osservazioni").su(t, base)
	i.ufficio("op-ferri", id, pratica.PrendiInCarico{})
	i.ufficio("op-ferri", id, pratica.RichiediIntegrazione{Testo: "Correggi", Campi: []string{"attestazione", "bambini"}})
	bambini, dati := base+"/integrazione/dati/bambini", base+"/integrazione/dati/allegati"
	n.vai(dati).carica(dati, []allegato{{"attestazione", "finta.pdf", []byte("<html>")}}, "_azione", "carica:attestazione")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("finta.pdf: Questo tipo di file non è ammesso")
	n.carica(dati, []allegato{{"attestazione", "uno.pdf", pdf(t, "1")}, {"attestazione", "due.pdf", pdf(t, "2")}}, "_azione", "carica:attestazione")
	n.dice("uno.pdf (", "al massimo un file")
	n.vai(bambini).invia(bambini, "_azione", "aggiungi:bambini").su(t, bambini).dice("Bambino 2 di 2")
	n.vai(dati).dice("uno.pdf (")
	_, resto, _ := strings.Cut(n.corpo, `value="elimina-file:attestazione:`)
	file, _, _ := strings.Cut(resto, `"`)
	n.invia(dati, "_azione", "elimina-file:attestazione:"+file)
	require.NotContains(t, n.corpo, "uno.pdf (")
	n.invia(dati, "_azione", "indietro").su(t, bambini).invia(bambini, "_azione", "rimuovi:bambini:1").dice("Bambino 1 di 1").invia(bambini, "_azione", "indietro").su(t, base+"/integrazione")
	n.carica(base+"/integrazione", []allegato{{"file", "x.exe", []byte("MZ\x90\x00boh")}, {"file", "y.jpg", foto(t)}}, "testo", "Ecco")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("y.jpg", "x.exe: Questo tipo")
	_, resto, _ = strings.Cut(n.corpo, `action="`+base+`/rimuovi/`)
	in, _, _ := strings.Cut(resto, `"`)
	n.invia(base+"/rimuovi/"+in).su(t, base+"/integrazione").dice("File rimosso")

	// Sent twice by a double click: once.
	n.vai(base + "/integrazione")
	v := n.valori(base+"/integrazione", "testo", "Ecco")
	n.spedisci(base+"/integrazione", v)
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("Hai iniziato a correggere i dati", "Nido preferito: Scegli un'opzione")
	n.vai(base+"/integrazione/dati").invia(bambini, "bambini[0].nido", "girasole", "bambini[0].disabilita", "no", "_azione", "avanti").su(t, dati)
	n.invia(dati, "_azione", "avanti").su(t, base+"/integrazione").dice("Hai corretto i dati")
	v = n.valori(base+"/integrazione", "testo", "Ecco")
	n.spedisci(base+"/integrazione", v).dice("Integrazioni inviate")
	n.spedisci(base+"/integrazione", v).dice("Integrazioni inviate")
	p, _, err := i.p.Sportello.Leggi(t.Context(), i.attore("anna"), id)
	require.NoError(t, err)
	require.Len(t, p.Integrazioni, 1)
}

func TestIndietroEModificaDalRiepilogo(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("chiara")
	n.inizia("carta-identita").avanti("telefono", "3331234567").su(t, "/compila/motivo")
	n.invia(n.url.Path, "motivo", "furto", "_azione", "indietro").su(t, "/compila/richiedente")
	base := "/area/pratiche/" + string(n.id())
	n.vai(base + "/compila/motivo").dice("Denuncia di furto") // what was chosen before going back is kept
	richiedente := base + "/compila/richiedente?ritorna=_riepilogo"
	n.vai(base + "/riepilogo").scrive(`href="` + richiedente + `"`).vai(richiedente)
	n.invia(richiedente, "telefono", "3337654321", "_azione", "salva").su(t, "/compila/richiedente").dice("Bozza salvata")
	n.invia(richiedente, "telefono", "3337654321", "_azione", "avanti").su(t, "/riepilogo").dice("3337654321")
	n.vai(base+"/bollo").su(t, base) // the service has none
	n.vai(base + "/file/boh")
	require.Equal(t, http.StatusNotFound, n.stato)
}

func TestPagamentoGiaEseguito(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("bruno")
	compilaSuolo(t, n)
	base := strings.TrimSuffix(n.url.Path, "/bollo")
	n.invia(base+"/bollo", marcaBollo("01234567890123")...).invia(base + "/riepilogo")
	i.lavora()
	n.vai(base)
	paga := n.paginaPaga(t)
	n.vai(paga)
	v := n.valori(paga, "esito", "paga")
	n.spedisci(paga, v).dice("Pagamento eseguito")
	n.spedisci(paga, v).dice("Pagamento eseguito") // again: nothing new
	v.Set("esito", "fallisce")
	n.spedisci(paga, v).dice("risulta già eseguito")
	altro := i.navigatore("anna").vai(paga)
	require.Equal(t, http.StatusNotFound, altro.stato, "another's payment")
	p, _, err := i.p.Sportello.Leggi(t.Context(), i.attore("bruno"), pratica.ID(strings.TrimPrefix(base, "/area/pratiche/")))
	require.NoError(t, err)
	require.Len(t, p.Pagamenti, 1)
	require.False(t, p.Pagamenti[0].Posizione.DoppioPagamento)
}
