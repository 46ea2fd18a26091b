package main_test

import (
	"bytes"
	"html"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

func leggi(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	return b
}

func paginaDi(id pratica.ID, parti ...string) string {
	return strings.Join(append([]string{"/area/pratiche/" + string(id)}, parti...), "/")
}

func delBanco(id pratica.ID) string { return "/scrivania/pratica/" + string(id) }

// giro walks through every page of the portal, on both sides, and stops at each.
func (x *teatro) giro() {
	x.t.Helper()
	pdf, foto := leggi(x.t, planimetria(x.t)), leggi(x.t, fotografia(x.t))
	x.aperte()
	nido := x.nido(pdf, foto)
	suolo := x.suolo(pdf)
	carta := x.carta()
	segnalazione := x.segnalazione()
	x.area(nido)
	x.banco(nido, suolo, carta, segnalazione, pdf)
	x.errori(nido, suolo)
}

// aperte are the pages that need nobody.
func (x *teatro) aperte() {
	x.t.Helper()
	n := x.entra("")
	n.vai("/").ferma("catalogo", 200, "Servizi digitali")
	for _, s := range []string{"iscrizione-nido", "carta-identita"} {
		n.vai("/servizi/"+s).ferma("servizio-"+s, 200, "A chi è rivolto")
	}
	n.vai("/accesso").ferma("accesso", 200, "Senza identificarti")
	n.invia("/accesso", "identita", "boh").ferma("accesso-errore", http.StatusUnprocessableEntity)
	n.vai("/area").ferma("area-senza-accesso", 200, "Accedi")
	n.vai("/accesso").invia("/accesso", "identita", "anonimo").vai("/area").ferma("area-anonima", 200, "Non ti sei identificato")
	n.vai("/servizi/segnalazione").ferma("servizio-segnalazione", 200)
	n.invia("/uscita").ferma("uscita", 200)
	x.entra("op-conti").vai("/servizi/occupazione-suolo").ferma("servizio-operatore", 200, "come operatore")
}

// nido fills in the richest form, wrong first in every section.
func (x *teatro) nido(pdf, foto []byte) pratica.ID {
	x.t.Helper()
	cf, err := anagrafica.Calcola("Galbiati", "Zoe", termini.Giorno{Anno: 2025, Mese: time.January, Giorno: 1}, anagrafica.Femminile, "F205")
	require.NoError(x.t, err)
	n := x.entra("anna")
	n.vai("/servizi/iscrizione-nido").invia("/servizi/iscrizione-nido/richieste").ferma("nido-informativa", 200)
	id := n.id()
	n.avanti().ferma("nido-informativa-errore", 422)
	n.avanti("privacy", "si").ferma("nido-richiedente", 200, "Dato fornito dalla tua identità")
	n.avanti("email", "anna@", "qualita", "").ferma("nido-richiedente-errore", 422)
	n.invia(n.qui(), "email", "anna@example.it", "qualita", "tutore", "_azione", "salva").ferma("nido-richiedente-salvata", 200, "Bozza salvata", "Atto di nomina")
	n.avanti("email", "anna@example.it", "qualita", "genitore").ferma("nido-bambini", 200)
	n.avanti("bambini._righe", "1", "bambini[0].nome", "Zoe", "bambini[0].codice_fiscale", "GLBZOE25A41F205X", "bambini[0].nascita.giorno", "31", "bambini[0].nascita.mese", "2", "bambini[0].nascita.anno", "25").
		ferma("nido-bambini-errore", 422)
	bimba := []string{"bambini._righe", "1", "bambini[0].nome", "Zoe Galbiati", "bambini[0].codice_fiscale", string(cf), "bambini[0].nascita.giorno", "1", "bambini[0].nascita.mese", "1",
		"bambini[0].nascita.anno", "2025", "bambini[0].nido", "aquilone", "bambini[0].disabilita", "no", "orario", "lungo"}
	n.invia(n.qui(), append(bimba, "_azione", "aggiungi:bambini")...).ferma("nido-bambini-aggiunto", 200, "Bambino 2")
	n.invia(n.qui(), append(append([]string{}, bimba...), "bambini._righe", "2", "_azione", "rimuovi:bambini:1")...)
	n.vai(paginaDi(id, "compila", "bambini")).avanti(bimba...).ferma("nido-economia", 200)
	n.avanti("presenta_isee", "si", "isee", "tanti").ferma("nido-economia-errore", 422)
	n.vai(n.qui()+"?lingua=de").ferma("nido-economia-de", 200, "Weiter")
	n.avanti("presenta_isee", "si", "isee", "tanti").ferma("nido-economia-errore-de", 422)
	n.vai(n.qui() + "?lingua=it")
	n.avanti("presenta_isee", "si", "isee", "12.000,00").ferma("nido-allegati", 200)
	n.avanti().ferma("nido-allegati-errore", 422)
	n.carica(n.qui(), []documento{{"documento", "carta.pdf", pdf}, {"documento", "retro-del-documento-di-identità-fotografato-in-salotto.jpg", foto}}, "_azione", "carica:documento").ferma("nido-allegati-caricati", 200, "carta.pdf")
	n.carica(n.qui(), []documento{{"attestazione", "virus.exe", []byte("MZ\x00\x01")}}, "_azione", "avanti").ferma("nido-allegati-rifiutato", 422)
	n.vai(paginaDi(id, "riepilogo")).ferma("nido-riepilogo-incompleto", 200, "Prima di inviare completa la richiesta")
	n.vai(paginaDi(id, "compila")).ferma("nido-compiti", 200, "Sezioni da compilare")
	n.vai(paginaDi(id, "compila")+"?lingua=de").ferma("nido-compiti-de", 200, "Sezioni da compilare")
	n.vai(n.qui() + "?lingua=it")
	n.vai(paginaDi(id, "elimina")).ferma("nido-elimina", 200, "Elimina la bozza")
	n.vai(paginaDi(id, "compila", "dichiarazioni")).ferma("nido-dichiarazioni", 200)
	n.avanti().ferma("nido-dichiarazioni-errore", 422)
	n.avanti("veridicita", "si", "vaccinazioni", "si").ferma("nido-riepilogo", 200, "Zoe Galbiati", "Verifica che siano corrette")
	n.vai(n.qui()+"?lingua=sl").ferma("nido-riepilogo-sl", 200, "Povzetek")
	n.vai(n.qui() + "?lingua=it")
	n.vai(paginaDi(id, "compila")).ferma("nido-compiti-fatti", 200, "Vai al riepilogo e invia")
	n.vai(paginaDi(id, "riepilogo"))
	n.invia(paginaDi(id, "riepilogo")).ferma("nido-inviata", 200, "Richiesta inviata")
	x.lavora()
	n.vai(paginaDi(id)).ferma("nido-protocollata", 200, "Protocollata")
	n.carica(paginaDi(id, "messaggi"), []documento{{"file", "foto.jpg", foto}}, "testo", "").ferma("nido-messaggio-errore", 422, "foto.jpg")
	n.invia(paginaDi(id, "messaggi"), "testo", "Ecco la fotografia.\nGrazie.").ferma("nido-messaggio", 200, "Messaggio inviato")
	n.vai(paginaDi(id, "ritira")).ferma("nido-ritira", 200, "si chiude senza una decisione")
	n.invia(paginaDi(id, "ritira"), "motivo", strings.Repeat("troppo ", 9000)).ferma("nido-ritira-errore", 422)
	return id
}

// suolo pays in advance and has stamps.
func (x *teatro) suolo(pdf []byte) pratica.ID {
	x.t.Helper()
	n := x.entra("anna")
	n.vai("/servizi/occupazione-suolo").invia("/servizi/occupazione-suolo/richieste").ferma("suolo-richiedente", 200)
	id := n.id()
	n.avanti("qualita", "impresa", "telefono", "06 1234567").ferma("suolo-impresa-errore", 422, "Partita IVA")
	n.avanti("qualita", "privato", "telefono", "06 1234567").ferma("suolo-occupazione", 200)
	n.avanti("motivo", "evento", "zona", "centro", "luogo", "", "lunghezza", "0,1", "larghezza", "molto").ferma("suolo-occupazione-errore", 422)
	n.avanti("motivo", "evento", "zona", "centro", "luogo", "Piazza Grande 1", "lunghezza", "2", "larghezza", "5",
		"dal.giorno", "1", "dal.mese", "4", "dal.anno", "2026", "al.giorno", "3", "al.mese", "4", "al.anno", "2026").ferma("suolo-allegati", 200)
	n.carica(n.qui(), []documento{{"planimetria", "area.pdf", pdf}}, "veridicita", "si", "_azione", "avanti").ferma("suolo-bollo", 200, "Marca da bollo")
	n.invia(n.qui()).ferma("suolo-bollo-errore", 422)
	n.invia(n.qui(), "esenzione", "ETS").ferma("suolo-esenzione-errore", 422)
	marca := []string{"bolli.forniti[0].seriale", "01180045123456", "bolli.forniti[0].emissione", "01/03/2026", "dichiarato", "si"}
	n.invia(n.qui(), marca...).ferma("suolo-riepilogo", 200, "36,00 €")
	n.invia(paginaDi(id, "riepilogo"))
	x.lavora()
	n.vai(paginaDi(id)).ferma("suolo-da-pagare", 200, "Paga ora")
	n.invia(paginaDi(id, "modifica")).ferma("suolo-di-nuovo-bozza", 200)
	n.vai(paginaDi(id, "bollo")).ferma("suolo-bollo-fornito", 200, "0118")
	n.invia(n.qui(), marca...).invia(paginaDi(id, "riepilogo"))
	x.lavora()
	n.vai(paginaDi(id))
	paga := trova(x.t, n, "/paga/")
	n.vai(paga).ferma("paga", 200, "Pagamento dimostrativo")
	n.invia(paga, "esito", "fallisce").ferma("suolo-pagamento-fallito", 200, "Riprova il pagamento")
	n.invia(paginaDi(id, "riprova"))
	return x.paga(n, id)
}

// trova gives the address of a link or form of the page that begins so.
func trova(t *testing.T, n *persona, inizio string) string {
	t.Helper()
	corpo := string(n.x.ultima().corpo)
	i := strings.Index(corpo, `="`+inizio)
	require.Positive(t, i, "%s in %s", inizio, corpo)
	dove, _, _ := strings.Cut(corpo[i+2:], `"`)
	return html.UnescapeString(dove)
}

// paga pays what there is to pay, and lets the registry be silent about it.
func (x *teatro) paga(n *persona, id pratica.ID) pratica.ID {
	x.t.Helper()
	n.vai(paginaDi(id))
	riprova := trova(x.t, n, paginaDi(id, "riprova"))
	n.invia(riprova).ferma("suolo-nuovo-avviso", 200)
	x.lavora()
	n.vai(paginaDi(id))
	paga := trova(x.t, n, "/paga/")
	n.vai(paga).invia(paga, "esito", "paga").ferma("suolo-pagata", 200, "Pagamento eseguito")
	n.vai(paga).ferma("paga-pagato", 200, "Torna alla tua richiesta")
	x.lavora()
	return id
}

// carta books an appointment.
func (x *teatro) carta() pratica.ID {
	x.t.Helper()
	n := x.entra("bruno")
	n.vai("/servizi/carta-identita").invia("/servizi/carta-identita/richieste")
	id := n.id()
	n.avanti("telefono", "333 1234567").ferma("carta-motivo", 200)
	n.avanti("motivo", "furto").ferma("carta-motivo-errore", 422)
	n.avanti("motivo", "scadenza", "lingua", "it", "lingua", "fr").ferma("carta-appuntamento", 200, "Orari liberi")
	n.invia(n.qui()).ferma("carta-appuntamento-errore", 422, "Scegli l'orario")
	n.invia(n.qui(), "fascia", "mattina|2026-03-18T08:00:00Z").ferma("carta-riepilogo", 200, "Ti abbiamo riservato il posto")
	n.vai(paginaDi(id, "appuntamento")).ferma("carta-appuntamento-riservato", 200, "È riservato fino alle")
	n.vai(paginaDi(id, "riepilogo")).invia(paginaDi(id, "riepilogo"))
	x.lavora()
	n.vai(paginaDi(id)).ferma("carta-inviata", 200, "Disdici l'appuntamento")
	n.invia(paginaDi(id, "disdici")).ferma("carta-disdetta", 200, "disdetto")
	x.lavora()
	n.vai(paginaDi(id, "appuntamento")).ferma("carta-appuntamento-dopo", 200)
	return id
}

func (x *teatro) segnalazione() pratica.ID {
	x.t.Helper()
	n := x.entra("")
	n.vai("/accesso").invia("/accesso", "identita", "anonimo").vai("/servizi/segnalazione").invia("/servizi/segnalazione/richieste")
	id := n.id()
	n.avanti("pericolo", "si").ferma("segnalazione-errore", 422, "112")
	n.avanti("categoria", "verde", "luogo", "Via dei Tigli 3", "descrizione", "Un ramo spezzato.", "pericolo", "no").ferma("segnalazione-contatti", 200)
	n.avanti("privacy", "si").invia(paginaDi(id, "riepilogo"))
	x.lavora()
	n.vai(paginaDi(id)).ferma("segnalazione-inviata", 200)
	return id
}

// area is the home of a citizen, with drafts, and what follows a request of the office.
func (x *teatro) area(nido pratica.ID) {
	x.t.Helper()
	n := x.entra("anna")
	n.vai("/servizi/segnalazione").invia("/servizi/segnalazione/richieste")
	bozza := n.id()
	n.vai("/area").ferma("area", 200, "Bozze", "Le mie richieste")
	n.vai("/area?testo=nulla+del+genere").ferma("area-vuota", 200, "Nessuna richiesta corrisponde")
	n.vai(paginaDi(bozza, "elimina")).invia(paginaDi(bozza, "elimina")).ferma("area-bozza-eliminata", 200, "Bozza eliminata")
	x.entra("chiara").vai("/area").ferma("area-nuova", 200, "Non hai ancora inviato richieste")

	o := x.entra("op-ferri")
	o.vai(delBanco(nido)).ferma("banco-nido", 200)
	o.invia(atto(nido, pratica.AzionePrendiInCarico)).ferma("banco-nido-presa", 200, "in carico a te")
	o.fa(nido, pratica.AzioneRichiediIntegrazione, "testo", "Correggi l'ISEE e manda l'attestazione.", "campi", "isee", "campi", "attestazione", "giorni", "20")
	n.vai("/area").ferma("area-da-fare", 200, "Da fare")
	base := paginaDi(nido)
	n.vai(base).ferma("nido-integrazione-chiesta", 200, "Rispondi")
	n.vai(base+"/integrazione").ferma("integrazione", 200)
	n.carica(base+"/integrazione", []documento{{"file", "virus.exe", []byte("MZ")}}).ferma("integrazione-errore", 422)
	n.vai(base+"/integrazione/dati").ferma("integrazione-dati", 200)
	n.avanti("isee", "tanti").ferma("integrazione-dati-errore", 422)
	n.avanti("isee", "10000").ferma("integrazione-dati-allegati", 200, "Attestazione ISEE")
	n.avanti().ferma("integrazione-corretta", 200, "Hai corretto i dati")
	n.carica(base+"/integrazione", []documento{{"file", "altro.pdf", leggi(x.t, planimetria(x.t))}, {"file", "virus.exe", []byte("MZ")}}, "testo", "").ferma("integrazione-file-in-attesa", 422, "altro.pdf")
	n.invia(trova(x.t, n, base+"/rimuovi/"), "torna", "integrazione").ferma("integrazione-file-tolto", 200)
	n.invia(base+"/integrazione", "testo", "Ecco tutto.").ferma("integrazione-inviata", 200)
	x.lavora()
	o.vai(delBanco(nido)).ferma("banco-nido-integrata", 200, "Modificato con l'integrazione del 09/03/2026")
	o.fa(nido, pratica.AzionePreavvisaRigetto, "motivi", "Residenza fuori Comune.\nManca il certificato.")
	n.vai(base).ferma("nido-preavviso", 200, "Presenta osservazioni")
	n.vai(base+"/osservazioni").ferma("osservazioni", 200)
	n.invia(base+"/osservazioni", "testo", " ").ferma("osservazioni-errore", 422)
	n.invia(base+"/osservazioni", "testo", "Mi sono appena trasferita.").ferma("osservazioni-presentate", 200)
	x.lavora()
	o.vai(atto(nido, pratica.AzioneRifiuta)).ferma("banco-rifiuta", 200)
	o.invia(atto(nido, pratica.AzioneRifiuta), "motivazione", " ").ferma("banco-rifiuta-errore", 422)
	o.invia(atto(nido, pratica.AzioneRifiuta), "motivazione", "Residenza non dimostrata.").ferma("banco-rifiutata", 200)
	x.lavora()
	n.vai(base).ferma("nido-rifiutata", 200, "Richiesta non accolta")
}

// errori are the pages for what goes wrong.
func (x *teatro) errori(nido, suolo pratica.ID) {
	x.t.Helper()
	n := x.entra("bruno")
	n.vai("/boh").ferma("errore-404", 404)
	n.vai(paginaDi(nido)).ferma("errore-404-altrui", 404)
	n.spedisci("/servizi/segnalazione/richieste", url.Values{}).ferma("errore-403", 403)
	n.vai(atto(suolo, pratica.AzioneApprova)).ferma("errore-accesso-operatore", 200)
	n.vai("/servizi/iscrizione-nido")
	n.carica("/servizi/iscrizione-nido/richieste", []documento{{"file", "grande.bin", bytes.Repeat([]byte{0}, 2<<20)}}).ferma("errore-413", 413)
	req, err := http.NewRequestWithContext(x.t.Context(), http.MethodPut, x.server.URL+"/area", nil)
	require.NoError(x.t, err)
	n.leggi(n.c.Do(req)).ferma("errore-405", 405) //nolint:bodyclose // leggi closes it
	anna := x.entra("chiara").vai("/servizi/iscrizione-nido")
	anna.invia("/servizi/iscrizione-nido/richieste").ferma("errore-livello", 409)
	n.vai("/servizi/segnalazione")
	x.rompi(errFermo)
	n.invia("/servizi/segnalazione/richieste").ferma("errore-500", 500)
	x.rompi(nil)
	a := x.entra("anna").vai(paginaDi(nido))
	a.spedisci(paginaDi(nido, "ritira"), url.Values{"_csrf": a.modulo("/uscita")["_csrf"]}).ferma("errore-409", 409)
}
