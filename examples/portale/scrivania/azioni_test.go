package scrivania_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica"
)

func TestPresaInCaricoDaDue(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	ferri, riva := b.entra("ferri"), b.entra("riva")
	id := b.inviata("pieno")
	tardi := riva.modulo(id, pratica.AzionePrendiInCarico)
	doppio := ferri.modulo(id, pratica.AzionePrendiInCarico)
	for range 2 { // the second press is the same request
		r := ferri.invia(azione(id, pratica.AzionePrendiInCarico), doppio)
		require.Equal(t, http.StatusOK, r.stato)
		require.Contains(t, r.corpo, "La pratica è in carico a te.")
	}
	r := riva.invia(azione(id, pratica.AzionePrendiInCarico), tardi)
	require.Equal(t, http.StatusConflict, r.stato)
	require.Contains(t, r.corpo, "È in carico a Marta Ferri.")
	require.Equal(t, "ferri", b.carica(id).Operatore)
	r = riva.vai(azione(id, pratica.AzioneApprova))
	require.Equal(t, http.StatusConflict, r.stato)
	require.NotContains(t, r.corpo, `action="`+azione(id, pratica.AzioneApprova))
	require.Contains(t, ferri.vai("/scrivania?lavorazione=mie").corpo, pagina(id))
	require.NotContains(t, riva.vai("/scrivania?lavorazione=mie").corpo, pagina(id))

	riva.riesce(id, pratica.AzioneSubentra, "ufficio", "tributi")
	require.Equal(t, "riva", b.carica(id).Operatore)
	require.Equal(t, "tributi", b.carica(id).Ufficio)
	r = riva.fa(id, pratica.AzioneAssegna, "ufficio", "tributi", "operatore", "ferri")
	require.Equal(t, http.StatusUnprocessableEntity, r.stato)
	require.Contains(t, r.corpo, "non appartiene all&#39;ufficio")
	require.Contains(t, r.corpo, `<option value="ferri" selected>`, "what was chosen is kept")
	require.NotContains(t, r.corpo, `value="sala"`, "not enabled for the service")
	riva.riesce(id, pratica.AzioneAssegna, "ufficio", "tecnico", "operatore", "ferri")
	require.Equal(t, "ferri", b.carica(id).Operatore)
	riva.riesce(id, pratica.AzioneAssegna, "ufficio", "tributi")
	require.Empty(t, b.carica(id).Operatore)
	require.Contains(t, riva.vai("/scrivania?lavorazione=non_assegnate").corpo, pagina(id))
}

func TestFlussoCompleto(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	n := b.entra("ferri")
	id := b.inviata("pieno")
	n.riesce(id, pratica.AzionePrendiInCarico)

	r := n.fa(id, pratica.AzioneRichiediIntegrazione, "testo", " ", "giorni", "mille", "campi", "via")
	require.Equal(t, http.StatusUnprocessableEntity, r.stato)
	require.Contains(t, r.corpo, "da 1 a 365")
	require.Contains(t, r.corpo, `value="mille"`)
	require.Contains(t, r.corpo, "Ci sono 2 errori da correggere")
	require.Contains(t, r.corpo, "Scrivi che cosa il richiedente deve integrare.")
	r = n.fa(id, pratica.AzioneRichiediIntegrazione, "testo", "", "giorni", "20", "campi", "via")
	require.Equal(t, http.StatusUnprocessableEntity, r.stato)
	require.Contains(t, r.corpo, "Scrivi che cosa il richiedente deve integrare.")
	require.Contains(t, r.corpo, `value="via" id="f-campi" checked>`, "the box stays ticked")
	require.Contains(t, r.corpo, `value="20"`)
	require.NotContains(t, r.corpo, `value="nome"`, "a field of the identity cannot be reopened")
	require.Equal(t, pratica.InCarico, b.carica(id).Stato)
	n.riesce(id, pratica.AzioneRichiediIntegrazione, "testo", "Manca il civico", "giorni", "20", "campi", "via")
	p := b.carica(id)
	require.Equal(t, pratica.AttesaIntegrazione, p.Stato)
	require.Equal(t, []string{"via"}, p.Integrazioni[0].Campi)
	require.Contains(t, n.vai(pagina(id)).corpo, "Risposta attesa entro il 30 marzo 2026.")
	r = n.vai(azione(id, pratica.AzioneAccettaIntegrazione))
	require.Equal(t, http.StatusConflict, r.stato, "no message to accept")

	b.cittadino(id, pratica.InviaIntegrazione{Testo: "Eccolo", Risposte: map[string]any{"via": "Via Roma 12"}})
	require.Equal(t, pratica.InCarico, b.carica(id).Stato)
	r = n.vai(pagina(id))
	require.Contains(t, r.corpo, "Via Roma 12\n<p class=\"mb-0\"><strong>Modificato con l&#39;integrazione del 10/03/2026</strong>; prima: <del>Via Roma 1</del>")
	require.NotContains(t, r.corpo, "prima «", "it is said once")
	n.riesce(id, pratica.AzioneRichiediIntegrazione, "testo", "E il piano?", "giorni", "5", "campi", "via")
	b.cittadino(id, pratica.InviaIntegrazione{Risposte: map[string]any{"via": "Via Roma 12, piano 2"}})
	r = n.vai(pagina(id))
	require.Contains(t, r.corpo, "<del>Via Roma 12</del>", "the form tells of the last one")
	require.Contains(t, r.corpo, "prima «Via Roma 1», ora «Via Roma 12»")

	n.riesce(id, pratica.AzioneRichiediIntegrazione, "testo", "Ancora una cosa", "giorni", "5")
	b.cittadino(id, pratica.ScriviMessaggio{Testo: "Va bene così?"})
	r = n.fa(id, pratica.AzioneAccettaIntegrazione)
	require.Equal(t, http.StatusUnprocessableEntity, r.stato)
	require.Contains(t, r.corpo, "Scegli almeno un messaggio")
	n.riesce(id, pratica.AzioneAccettaIntegrazione, "messaggi", b.carica(id).Messaggi[0].ID)
	n.riesce(id, pratica.AzioneRichiediIntegrazione, "testo", "Niente più", "giorni", "5")
	n.riesce(id, pratica.AzioneAnnullaIntegrazione, "motivo", "Non serve")
	require.Contains(t, n.vai(pagina(id)).corpo, "Accettata con 1 messaggio")

	r = n.fa(id, pratica.AzioneApprova, "motivazione", "Regolare", "importo", "1.2.3")
	require.Equal(t, http.StatusUnprocessableEntity, r.stato)
	require.Contains(t, r.corpo, "Scrivi un importo in euro")
	require.Contains(t, r.corpo, "Regolare</textarea>")
	v := n.modulo(id, pratica.AzioneApprova, "motivazione", "Regolare", "importo", "20,50")
	var insieme sync.WaitGroup
	for range 4 {
		insieme.Go(func() { n.invia(azione(id, pratica.AzioneApprova), v) })
	}
	insieme.Wait()
	r = n.invia(azione(id, pratica.AzioneApprova), v)
	require.Equal(t, http.StatusOK, r.stato)
	b.svuota()
	p = b.carica(id)
	require.Equal(t, pratica.AttesaPagamentoFinale, p.Stato)
	require.Len(t, p.Pagamenti, 1)
	require.Len(t, p.Bolli, 2)
	require.Contains(t, n.vai(pagina(id)+"?pagina=pagamenti").corpo, "20,50 €")

	r = n.fa(id, pratica.AzioneRegistraPagamento, "pagamento", p.Pagamenti[0].ID)
	require.Equal(t, http.StatusUnprocessableEntity, r.stato)
	r = n.riesce(id, pratica.AzioneRegistraPagamento, "pagamento", p.Pagamenti[0].ID, "motivo", "Allo sportello", "riferimento", "R-7")
	require.Contains(t, r.corpo, "Allo sportello (ricevuta R-7)")
	require.Contains(t, r.corpo, "Marta Ferri")
	require.Contains(t, n.vai(pagina(id)+"?pagina=bolli").corpo, "Da fornire")
	bollo := b.carica(id).Bolli[1]
	b.cittadino(id, pratica.FornisciBollo{Bollo: bollo.ID, Forniti: []bolli.Contrassegno{b.marca()}})
	require.Equal(t, pratica.Accettata, b.carica(id).Stato)
	r = n.vai(pagina(id) + "?pagina=protocollo")
	require.Equal(t, 9, strings.Count(r.corpo, "Numero di protocollo</dt>"), "request, 4 asked, 3 answered, outcome")
	require.NotContains(t, r.corpo, "In attesa di protocollazione")
	require.NoError(t, b.registro.MaiDueNumeri())
}

func TestDecisioneConFile(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	n := b.entra("sala")
	id := b.inviata("spoglio")
	n.riesce(id, pratica.AzionePrendiInCarico)

	v := n.modulo(id, pratica.AzioneRifiuta)
	r := n.carica(azione(id, pratica.AzioneRifiuta), v, file{"perizia.txt", "una perizia"}, file{"virus.exe", "MZ\x00\x01"})
	require.Equal(t, http.StatusUnprocessableEntity, r.stato)
	require.Contains(t, r.corpo, "virus.exe: Questo tipo di file non è ammesso")
	require.Contains(t, r.corpo, "Scrivi la motivazione del rifiuto")
	require.Contains(t, r.corpo, "Ci sono 2 errori da correggere", "all of them at once, and no other")
	al := b.carica(id).Allegati
	require.Len(t, al, 1)
	require.Contains(t, r.corpo, `value="`+al[0].ID+`" id="f-allegati" checked`, "what was uploaded is offered again")

	r = n.vai(pagina(id) + "?pagina=allegati")
	require.Contains(t, r.corpo, "Da inviare")
	n.invia(pagina(id)+"/allegato/"+al[0].ID+"/rimuovi", v)
	require.Empty(t, b.carica(id).Allegati)

	v = n.modulo(id, pratica.AzioneApprova, "motivazione", "Bene")
	for range 2 {
		r = n.carica(azione(id, pratica.AzioneApprova), v, file{"atto.txt", "un atto"})
		require.Equal(t, http.StatusOK, r.stato, r.corpo)
		require.Contains(t, r.corpo, "La pratica è stata approvata.")
	}
	b.svuota()
	p := b.carica(id)
	require.Equal(t, pratica.Accettata, p.Stato)
	require.Len(t, p.Allegati, 1)
	require.Equal(t, []string{p.Allegati[0].ID}, p.Esito.Allegati)
	r = n.vai(pagina(id))
	require.Contains(t, r.corpo, "Decisione favorevole")
	r = n.fa2(id, pratica.AzioneApprova, v)
	require.Equal(t, http.StatusOK, r.stato, "the same key again is the same answer")
	v.Set("_chiave", strings.Repeat("a", 64))
	require.Equal(t, http.StatusConflict, n.fa2(id, pratica.AzioneApprova, v).stato)
}

func TestTestoOstile(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	n := b.entra("sala")
	id := b.inviata("spoglio")
	n.riesce(id, pratica.AzionePrendiInCarico)
	ostile := `<script>alert("x")</script><img src=x onerror=alert(1)>`
	b.cittadino(id, pratica.ScriviMessaggio{Oggetto: ostile, Testo: ostile})
	r := n.carica(azione(id, pratica.AzioneScriviMessaggio), n.modulo(id, pratica.AzioneScriviMessaggio, "oggetto", ostile, "testo", ostile), file{`"><script>.txt`, "ciao"})
	require.Equal(t, http.StatusOK, r.stato)
	n.riesce(id, pratica.AzioneAnnota, "testo", ostile)
	n.riesce(id, pratica.AzioneRichiediIntegrazione, "testo", ostile, "giorni", "5", "campi", "via")
	b.cittadino(id, pratica.InviaIntegrazione{Testo: ostile, Risposte: map[string]any{"via": ostile}})
	v := n.modulo(id, pratica.AzioneRifiuta, "motivazione", "")
	v.Set("_chiave", ostile)
	v.Set("allegati", ostile)
	pagine := []risposta{n.invia(azione(id, pratica.AzioneRifiuta), v)}
	for _, s := range []string{"modulo", "messaggi", "allegati"} {
		pagine = append(pagine, n.vai(pagina(id)+"?pagina="+s))
	}
	require.Contains(t, pagine[1].corpo, "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;\n<p class=\"mb-0\"><strong>Modificato")
	require.Contains(t, pagine[2].corpo, "&lt;script&gt;alert(")
	for _, x := range pagine {
		require.NotContains(t, x.corpo, "<script")
		require.NotContains(t, x.corpo, "<img")
		require.NotContains(t, x.corpo, " style=")
	}
	require.Len(t, b.carica(id).Messaggi[1].Allegati, 1)
}
