package cittadino_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPaginePubbliche(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("")
	n.vai("/").su(t, "/").dice("Iscrizione al nido d'infanzia", "Segnalazione di un disservizio")
	require.Empty(t, n.testa.Values("Set-Cookie"), "nobody is followed before he does something")
	require.Contains(t, n.testa.Get("Content-Security-Policy"), "default-src 'none'")
	require.NotContains(t, n.corpo, "<script")
	require.NotContains(t, n.corpo, "style=")
	n.vai("/servizi/occupazione-suolo").dice("Cosa ti serve", "Costi", "entro 30 giorni")
	n.vai("/servizi/boh")
	require.Equal(t, http.StatusNotFound, n.stato)
	n.vai("/boh")
	require.Equal(t, http.StatusNotFound, n.stato)
	n.vai("/tema/portale.css")
	require.Equal(t, http.StatusOK, n.stato)
}

func TestAccessoEUscita(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("")
	n.vai("/area").su(t, "/accesso")
	require.Equal(t, "/area", n.url.Query().Get("poi"))
	n.invia("/accesso", "identita", "nessuno")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.invia("/accesso", "identita", "anna", "poi", "/servizi/segnalazione").su(t, "/servizi/segnalazione").dice("Anna Galbiati")
	n.invia("/uscita").su(t, "/")
	require.NotContains(t, n.corpo, "Anna Galbiati")
	n.vai("/area").su(t, "/accesso")
	n.invia("/accesso", "identita", "anna", "poi", "//altrove.example/").su(t, "/area")
	n.invia("/uscita").vai("/accesso").invia("/accesso", "identita", "op-ferri")
	require.Equal(t, "/scrivania", n.url.Path)
	n.vai("/area").su(t, "/accesso") // an operator has no personal area
}

func TestCSRF(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna")
	apri := "/servizi/segnalazione/richieste"
	for _, v := range []url.Values{{}, {"_csrf": {""}}, {"_csrf": {strings.Repeat("0", 64)}}} {
		n.spedisci(apri, v)
		require.Equal(t, http.StatusForbidden, n.stato)
		n.dice("è scaduta o non è di questo portale")
	}
	// The token of another session is none of ours.
	altro := i.navigatore("bruno").vai("/servizi/segnalazione")
	n.spedisci(apri, altro.valori(apri))
	require.Equal(t, http.StatusForbidden, n.stato)

	// Another site, with a token that it could not have.
	n.vai("/servizi/segnalazione")
	v := n.valori(apri)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, n.base+apri, strings.NewReader(v.Encode()))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	n.esegui(req)
	require.Equal(t, http.StatusForbidden, n.stato)
	require.Zero(t, i.quante("anna"))

	req, err = http.NewRequestWithContext(t.Context(), http.MethodDelete, n.base+"/area", nil)
	require.NoError(t, err)
	n.esegui(req)
	require.Equal(t, http.StatusMethodNotAllowed, n.stato)
}

func TestAltriNonVedono(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna")
	id := inviaNido(t, n)
	i.lavora()
	base := "/area/pratiche/" + string(id)
	altro := i.navigatore("bruno")
	for _, pagina := range []string{"", "/compila", "/compila/richiedente", "/riepilogo", "/appuntamento", "/bollo", "/integrazione", "/integrazione/dati", "/integrazione/dati/economia", "/osservazioni", "/ritira", "/elimina", "/file/istanza"} {
		altro.vai(base + pagina)
		require.Equal(t, http.StatusNotFound, altro.stato, pagina)
		require.NotContains(t, altro.corpo, "Galbiati")
	}
	altro.vai("/area")
	v := altro.nascosti("/uscita")
	for _, azione := range []string{"/compila/richiedente", "/riepilogo", "/appuntamento", "/bollo", "/integrazione", "/integrazione/dati/economia", "/osservazioni", "/ritira", "/elimina", "/modifica", "/disdici", "/messaggi", "/riprova/x", "/rimuovi/x"} {
		altro.spedisci(base+azione, v)
		require.Equal(t, http.StatusNotFound, altro.stato, azione)
	}
	for _, storto := range []string{"/area/pratiche/1", "/area/pratiche/../area", "/paga/boh", "/area/pratiche/" + strings.ToUpper(string(id))} {
		altro.vai(storto)
		require.Equal(t, http.StatusNotFound, altro.stato, storto)
	}
	n.vai(base).su(t, base)
}

func TestFiltriDellArea(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna")
	n.vai("/area").dice("Non hai ancora inviato richieste")
	inviaNido(t, n)
	i.lavora()
	n.vai("/area?stato=protocollata&servizio=iscrizione-nido&testo=2026-000001").dice("2026-000001", "Protocollata")
	n.vai("/area?stato=accettata").dice("Nessuna richiesta corrisponde")
	n.vai("/area?servizio=segnalazione").dice("Nessuna richiesta corrisponde")
	n.vai("/area?cursore=storto")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.vai("/area?stato=boh").dice("2026-000001")
}

func TestTroppoGrande(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna").vai("/servizi/segnalazione")
	v := n.valori("/servizi/segnalazione/richieste", "altro", strings.Repeat("x", 3<<20))
	n.spedisci("/servizi/segnalazione/richieste", v)
	require.Equal(t, http.StatusRequestEntityTooLarge, n.stato)
	n.dice("troppo grande")
	require.Zero(t, i.quante("anna"))
}
