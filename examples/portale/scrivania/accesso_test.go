package scrivania_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
)

func TestSoloAbilitati(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	suolo, cert := b.inviata("pieno"), b.inviata("spoglio")
	sala, nessuno, ferri := b.entra("sala"), b.entra("nessuno"), b.entra("ferri")

	for _, dove := range []string{"", "?pagina=protocollo", "/azione/approva", "/azione/prendi_in_carico", "/file/istanza", "/sospeso/x"} {
		r := sala.vai(pagina(suolo) + dove)
		require.Equal(t, http.StatusNotFound, r.stato, dove)
		require.NotContains(t, r.corpo, "Rossi")
	}
	v := sala.modulo(cert, pratica.AzionePrendiInCarico)
	for _, az := range []pratica.Azione{pratica.AzionePrendiInCarico, pratica.AzioneAnnulla, pratica.AzioneAnnota} {
		require.Equal(t, http.StatusNotFound, sala.invia(azione(suolo, az), v).stato)
	}
	require.Equal(t, http.StatusNotFound, sala.invia(pagina(suolo)+"/sospeso/x", v).stato)
	require.Equal(t, http.StatusNotFound, sala.invia(pagina(suolo)+"/allegato/x/rimuovi", v).stato)
	require.Equal(t, pratica.Protocollata, b.carica(suolo).Stato)
	require.Equal(t, http.StatusNotFound, ferri.vai("/scrivania/pratica/non-un-id").stato)
	require.Equal(t, http.StatusNotFound, ferri.vai(pagina(suolo)+"/azione/ritira").stato, "an act of the applicant")
	require.Equal(t, http.StatusNotFound, ferri.vai(pagina(suolo)+"/azione/inesistente").stato)

	elenco := sala.vai("/scrivania").corpo
	require.Contains(t, elenco, pagina(cert))
	require.NotContains(t, elenco, pagina(suolo))
	require.NotContains(t, elenco, "Occupazione di suolo")
	require.NotContains(t, sala.vai("/scrivania?servizio=pieno").corpo, pagina(suolo))
	require.NotContains(t, sala.vai("/scrivania/esporta.csv").corpo, "Occupazione")
	require.Contains(t, nessuno.vai("/scrivania").corpo, "Non sei abilitato a nessun servizio")
	tutte := ferri.vai("/scrivania").corpo
	require.Contains(t, tutte, pagina(cert))
	require.Contains(t, tutte, pagina(suolo))

	estraneo := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := estraneo.Get(b.server.URL + "/scrivania")
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	require.Equal(t, http.StatusSeeOther, r.StatusCode)
	r, err = estraneo.PostForm(b.server.URL+azione(cert, pratica.AzioneAnnulla), url.Values{"motivo": {"x"}})
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	require.Equal(t, http.StatusForbidden, r.StatusCode)
	v.Set("_csrf", strings.Repeat("0", 64))
	require.Equal(t, http.StatusForbidden, sala.invia(azione(cert, pratica.AzionePrendiInCarico), v).stato)
	require.Empty(t, b.carica(cert).Operatore)
}

// The other applicant's requests of a service that the operator has not are
// named, and cannot be reached.
func TestUltimePratiche(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	suolo, cert, altro := b.inviata("pieno"), b.inviata("spoglio"), b.inviata("spoglio")
	sala, ferri := b.entra("sala").vai(pagina(cert)).corpo, b.entra("ferri").vai(pagina(cert)).corpo
	numero := b.carica(suolo).Numero.String()
	require.Contains(t, sala, numero)
	require.NotContains(t, sala, string(suolo))
	require.Contains(t, sala, `href="`+pagina(altro)+`"`)
	require.Contains(t, ferri, `href="`+pagina(suolo)+`"`)
	require.Contains(t, ferri, azione(suolo, pratica.AzionePrendiInCarico))
	_, err := b.s.Esegui(context.Background(), pratica.Attore{Ruolo: pratica.Operatore, ID: "riva", Ente: ente, Servizi: []string{"pieno"}, Uffici: []string{"tecnico"}}, suolo, pratica.PrendiInCarico{})
	require.NoError(t, err)
	require.NotContains(t, b.entra("ferri").vai(pagina(cert)).corpo, azione(suolo, pratica.AzionePrendiInCarico))
}

func TestPagineSoloSeConfigurate(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	n := b.entra("ferri")
	suolo, cert := b.inviata("pieno"), b.inviata("spoglio")
	for _, s := range []string{"protocollo", "pagamenti", "bolli", "appuntamenti"} {
		require.Contains(t, n.vai(pagina(suolo)).corpo, "?pagina="+s)
		require.Equal(t, http.StatusOK, n.vai(pagina(suolo)+"?pagina="+s).stato)
		require.NotContains(t, n.vai(pagina(cert)).corpo, "?pagina="+s)
		require.Equal(t, http.StatusNotFound, n.vai(pagina(cert)+"?pagina="+s).stato)
	}
	for _, id := range []pratica.ID{suolo, cert} {
		for _, s := range []string{"modulo", "allegati", "messaggi"} {
			r := n.vai(pagina(id) + "?pagina=" + s)
			require.Equal(t, http.StatusOK, r.stato)
			require.Contains(t, r.corpo, `aria-current="page" href="`+pagina(id)+`?pagina=`+s)
		}
	}
	require.Contains(t, n.vai(pagina(suolo)).corpo, "Via Roma 1")
	require.Contains(t, n.vai(pagina(cert)).corpo, "SPID, livello 2")
	require.Contains(t, n.vai(pagina(cert)).corpo, "9 aprile 2026", "30 days from 10 March, the last of them")
	require.NotContains(t, n.vai(pagina(cert)).corpo, "<dt>Protocollo</dt>")
	require.Contains(t, n.vai(pagina(suolo)+"?pagina=protocollo").corpo, "Protocollo in arrivo")
	require.Contains(t, n.vai(pagina(suolo)+"?pagina=bolli").corpo, "16,00 €")
	require.Equal(t, http.StatusNotFound, n.vai(pagina(suolo)+"?pagina=altro").stato)
}

func TestFileDiRichiesta(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	n := b.entra("ferri")
	cert := b.inviata("spoglio")
	r := n.vai(pagina(cert) + "?pagina=allegati")
	require.Contains(t, r.corpo, "File di richiesta")
	require.Contains(t, r.corpo, "/file/istanza")
	r = n.vai(pagina(cert) + "/file/istanza")
	require.Equal(t, http.StatusOK, r.stato)
	require.True(t, strings.HasPrefix(r.corpo, "%PDF-"))
	require.Equal(t, "nosniff", r.header.Get("X-Content-Type-Options"))
	require.True(t, strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment; filename="))
	require.Equal(t, "private, no-store", r.header.Get("Cache-Control"))
	require.Equal(t, http.StatusNotFound, n.vai(pagina(cert)+"/file/altro").stato)

	id, err := b.s.ApriBozza(context.Background(), b.mario, "spoglio")
	require.NoError(t, err)
	_, err = b.s.Allega(context.Background(), b.mario, id, sportello.NuovoAllegato{Nome: "piano più.txt", Campo: "pianta", Origine: pratica.OrigineRichiesta}, strings.NewReader("ciao, testo"))
	require.NoError(t, err)
	risposte := b.carica(id).Risposte.Copia()
	risposte["via"] = "Via Roma 2"
	b.cittadino(id, pratica.SalvaBozza{Risposte: risposte})
	b.cittadino(id, pratica.Invia{})
	r = n.vai(pagina(id) + "?pagina=allegati")
	require.NotContains(t, r.corpo, "File di richiesta")
	require.Contains(t, r.corpo, "piano più.txt")
	al := b.carica(id).Allegati[0]
	r = n.vai(pagina(id) + "/file/" + al.ID)
	require.Contains(t, r.corpo, "testo")
	require.Contains(t, r.header.Get("Content-Disposition"), "attachment; filename*=utf-8''")
	require.NotContains(t, r.header.Get("Content-Type"), "html")
}

func TestRiprova(t *testing.T) {
	t.Parallel()
	b := nuovoBancoCon(t, protocollotest.Copione{Passi: []protocollotest.Passo{{Guasto: protocollotest.PrimaEffetto}, {Guasto: protocollotest.PrimaEffetto}}})
	n := b.entra("ferri")
	id := b.inviata("pieno")
	require.Equal(t, pratica.Inviata, b.carica(id).Stato)
	r := n.vai(pagina(id))
	require.Contains(t, r.corpo, "In sospeso")
	require.Contains(t, r.corpo, "Il sistema collegato non è raggiungibile.")
	require.Contains(t, r.corpo, "attendi il numero di protocollo", "why it cannot be taken in charge")
	require.Contains(t, n.vai("/scrivania").corpo, `<span class="badge bg-danger">Da risolvere</span>`)
	require.Contains(t, n.vai("/scrivania?attenzione=1").corpo, pagina(id))
	effetti, err := b.store.Effetti(context.Background(), ente, id)
	require.NoError(t, err)
	var dove string
	for _, e := range effetti {
		if e.UltimoErrore != "" {
			dove = pagina(id) + "/sospeso/" + e.ID
		}
	}
	require.Contains(t, r.corpo, dove)
	v := url.Values{"_csrf": {csrf(t, r.corpo)}, "modo": {"riprova"}}
	r = n.invia(dove, v)
	require.Contains(t, r.corpo, "rimessa in lavorazione")
	b.svuota()
	require.Equal(t, pratica.Inviata, b.carica(id).Stato, "the second attempt fails too")
	require.Equal(t, http.StatusOK, n.vai(dove).stato)
	n.invia(dove, v)
	b.svuota()
	require.Equal(t, pratica.Protocollata, b.carica(id).Stato)
	require.Contains(t, n.invia(dove, v).corpo, "già stata ripresa")
	require.NotContains(t, n.vai("/scrivania").corpo, `<span class="badge bg-danger">Da risolvere</span>`)
	require.Contains(t, n.vai("/scrivania?attenzione=1").corpo, "Niente da risolvere")
	require.Len(t, b.registro.Effetti(), 1)
	require.NoError(t, b.registro.MaiDueNumeri())
}
