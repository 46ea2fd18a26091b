package cittadino_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
)

// inviaNido fills in and sends a request for a nursery place.
func inviaNido(t *testing.T, n *navigatore) pratica.ID {
	t.Helper()
	n.inizia("iscrizione-nido").avanti("privacy", "si").su(t, "/compila/richiedente")
	n.dice("Galbiati", "Dato fornito dalla tua identità digitale")
	n.avanti("email", "anna@example.it", "qualita", "genitore").su(t, "/compila/bambini")
	n.avanti("bambini._righe", "1", "bambini[0].nome", "Zoe Galbiati", "bambini[0].codice_fiscale", "GLBZOE25A41F205X",
		"bambini[0].nascita.giorno", "1", "bambini[0].nascita.mese", "1", "bambini[0].nascita.anno", "2025", "bambini[0].nido", "aquilone", "bambini[0].disabilita", "no", "orario", "lungo")
	if n.stato == http.StatusUnprocessableEntity { // the check character is not made by hand
		n.avanti("bambini._righe", "1", "bambini[0].nome", "Zoe Galbiati", "bambini[0].codice_fiscale", codiceBambina(t),
			"bambini[0].nascita.giorno", "1", "bambini[0].nascita.mese", "1", "bambini[0].nascita.anno", "2025", "bambini[0].nido", "aquilone", "bambini[0].disabilita", "no", "orario", "lungo")
	}
	n.su(t, "/compila/economia").avanti("presenta_isee", "si", "isee", "12.000,00").su(t, "/compila/allegati")
	n.dice("Attestazione ISEE")
	n.carica(n.url.Path, []allegato{{"documento", "carta.pdf", pdf(t, "carta")}, {"documento", "retro.jpg", foto(t)}}, "_azione", "avanti").su(t, "/compila/dichiarazioni")
	n.avanti("veridicita", "si", "vaccinazioni", "si").su(t, "/riepilogo")
	n.dice("Zoe Galbiati", "carta.pdf", "retro.jpg", "180,00 €", "Verifica che siano corrette")
	n.invia(n.url.Path).su(t, "/area/pratiche/")
	n.dice("Richiesta inviata")
	return n.id()
}

func TestNidoDallInizioAllaFine(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna")
	id := inviaNido(t, n)
	base := "/area/pratiche/" + string(id)
	n.dice("2026-000001", "in preparazione", "Aggiorna la pagina")
	i.lavora()
	n.vai(base).dice("Protocollata", "0000001/2026", "La tua richiesta è protocollata")
	require.NotContains(t, n.corpo, "Aggiorna la pagina")

	// Downloads are attachments, whatever their name.
	n.vai(base + "/file/istanza")
	require.Equal(t, "application/pdf", n.testa.Get("Content-Type"))
	require.True(t, strings.HasPrefix(n.testa.Get("Content-Disposition"), "attachment;"), n.testa.Get("Content-Disposition"))
	require.Equal(t, "nosniff", n.testa.Get("X-Content-Type-Options"))
	require.True(t, strings.HasPrefix(n.corpo, "%PDF-"))

	// A message with a file; without a text it is refused and the file is kept.
	i.ufficio("op-ferri", id, pratica.PrendiInCarico{})
	n.vai(base).carica(base+"/messaggi", []allegato{{"file", "foto.jpg", foto(t)}}, "testo", "")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("Scrivi il testo del messaggio", "foto.jpg")
	n.invia(base+"/messaggi", "testo", "Ecco la foto <b>nuova</b>").dice("Messaggio inviato", "foto.jpg (").scrive("Ecco la foto &lt;b&gt;nuova&lt;/b&gt;")

	// Additions: only the reopened field can change.
	i.ufficio("op-ferri", id, pratica.RichiediIntegrazione{Testo: "Correggi l'ISEE e manda l'attestazione", Campi: []string{"isee", "attestazione"}})
	n.vai("/area").dice("Rispondi alla richiesta di integrazioni")
	n.vai(base+"/integrazione").dice("Correggi l'ISEE", "Valore ISEE", "8 aprile 2026")
	n.invia(base + "/integrazione")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	economia, allegati := base+"/integrazione/dati/economia", base+"/integrazione/dati/allegati"
	n.vai(base+"/integrazione/dati").su(t, economia).dice("Situazione economica (passo 1 di 3)", "Correggi l'ISEE e manda l'attestazione", "08/04/2026").scrive(`name="isee" value="12.000,00"`)
	for _, chiuso := range []string{"presenta_isee", "orario", "retta"} {
		require.NotContains(t, n.corpo, `name="`+chiuso+`"`)
	}
	n.invia(economia, "isee", "tanti", "presenta_isee", "no", "_azione", "avanti")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.invia(economia, "isee", "10000", "presenta_isee", "no", "orario", "breve", "_azione", "salva").su(t, economia).dice("Correzioni conservate", "10.000,00")
	n.invia(economia, "isee", "10000", "presenta_isee", "no", "orario", "breve", "_azione", "avanti").su(t, allegati).dice("Allegati (passo 2 di 3)")
	require.NotContains(t, n.corpo, `name="note"`, "it was not reopened")
	n.carica(allegati, []allegato{{"attestazione", "isee.pdf", pdf(t, "isee")}, {"documento", "intruso.pdf", pdf(t, "intruso")}}, "note", "intruse", "_azione", "elimina-file:documento:"+i.risposte("anna", id).Elenco("documento")[0])
	n.carica(allegati, nil, "note", "intruse", "_azione", "avanti").su(t, "/integrazione").dice("Hai corretto i dati", "isee.pdf")
	for _, chiusa := range []string{"richiedente", "bambini", "boh"} { // nothing in them was reopened
		n.vai(base+"/integrazione/dati/"+chiusa).su(t, "/integrazione")
		v := n.valori(base+"/integrazione", "orario", "breve", "_azione", "avanti")
		n.spedisci(base+"/integrazione/dati/"+chiusa, v).su(t, "/integrazione")
	}
	n.carica(base+"/integrazione", []allegato{{"file", "altro.pdf", pdf(t, "altro")}}, "testo", "Ecco tutto").dice("Integrazioni inviate")
	i.lavora()
	n.vai(base).dice("10.000,00 €", "Tempo lungo", "isee.pdf", "altro.pdf", "carta.pdf", "retro.jpg", "Presa in carico")
	require.NotContains(t, n.corpo, "intrus")

	// Notice of refusal, observations, refusal.
	i.ufficio("op-ferri", id, pratica.PreavvisaRigetto{Motivi: "Residenza fuori Comune"})
	n.vai(base).dice("Residenza fuori Comune", "Presenta osservazioni")
	n.vai(base+"/osservazioni").invia(base+"/osservazioni", "testo", " ")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.invia(base+"/osservazioni", "testo", "Mi sono appena trasferita").dice("Osservazioni presentate")
	i.ufficio("op-ferri", id, pratica.Rifiuta{Motivazione: "Residenza non dimostrata"})
	n.vai(base).dice("Richiesta non accolta", "Residenza non dimostrata", "Provvedimento di rifiuto")
	require.NotContains(t, n.corpo, "Scrivi all'ufficio")
}

func TestRitiro(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna")
	id := inviaNido(t, n)
	i.lavora()
	base := "/area/pratiche/" + string(id)
	n.vai(base+"/ritira").dice("2026-000001").invia(base+"/ritira", "motivo", "Ci ho ripensato").dice("Richiesta ritirata")
	i.lavora()
	n.vai(base).dice("Ritirata", "Ritiro della richiesta")
}

func TestErroriDellaSezione(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna").inizia("iscrizione-nido")
	n.avanti()
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("C'è 1 errore da correggere").scrive("<title>Errore: Informativa (passo 1 di 7)")
	n.avanti("privacy", "si").avanti("email", "non è una mail", "qualita", "")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("Ci sono 2 errori da correggere").scrive(`value="non è una mail"`)

	// Saving never blocks, and what was typed is there again.
	sezione := n.url.Path
	n.invia(sezione, "email", "anna@", "_azione", "salva").su(t, "/compila/richiedente").dice("Bozza salvata alle 10:00").scrive(`value="anna@"`)
	n.vai("/area").dice("Bozze", "Riprendi")
	elenco := "/area/pratiche/" + string(n.idDi(sezione)) + "/compila"
	n.vai(elenco).dice("Sezioni da compilare", "Quando le sezioni sono complete").scrive(`href="`+elenco+`/richiedente"`, `href="`+elenco+`/dichiarazioni"`, "Completata", "In corso", "Da compilare")
	require.NotContains(t, n.corpo, "Vai al riepilogo")
	n.vai(elenco+"?lingua=en").su(t, elenco).dice("In progress").scrive(`<div lang="en">`)
	n.vai(elenco + "?lingua=it")

	// The summary says what is missing and does not send.
	riepilogo := "/area/pratiche/" + string(n.idDi(sezione)) + "/riepilogo"
	n.vai(riepilogo).dice("Prima di inviare completa la richiesta", "Carica il documento di identità")
	require.NotContains(t, n.corpo, "Conferma e invia</button>")
	v := n.nascosti("/uscita")
	v.Set("_chiave", strings.Repeat("a", 64))
	n.spedisci(riepilogo, v)
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("La richiesta non è stata inviata")

	// A hidden section cannot be reached, nor one that is not there.
	n.vai("/area/pratiche/"+string(n.idDi(sezione))+"/compila/altro").su(t, "/compila/richiedente")
}

func (n *navigatore) idDi(percorso string) pratica.ID {
	return pratica.ID(strings.Split(percorso, "/")[3])
}

func TestFileRespinti(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna").inizia("iscrizione-nido")
	n.vai("/area/pratiche/" + string(n.id()) + "/compila/allegati")
	sezione := n.url.Path

	n.carica(sezione, []allegato{{"documento", "finto.pdf", []byte("<html>ciao</html>")}}, "_azione", "carica:documento")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("finto.pdf: Questo tipo di file non è ammesso")
	n.carica(sezione, []allegato{{"documento", "vuoto.pdf", nil}}, "_azione", "carica:documento")
	n.dice("vuoto.pdf: Il file è vuoto")
	grande := append(pdf(t, "x"), make([]byte, 5_000_001)...)
	n.carica(sezione, []allegato{{"documento", "grande.pdf", grande}}, "_azione", "carica:documento")
	n.dice("grande.pdf: Il file supera il massimo di 5 MB")

	// Three are taken, the fourth not; the three are kept on the page of the error.
	var quattro []allegato
	for _, x := range []string{"a", "b", "c", "d"} {
		quattro = append(quattro, allegato{"documento", x + ".pdf", pdf(t, x)})
	}
	n.carica(sezione, quattro, "note", "scritto prima", "_azione", "carica:documento")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("a.pdf (", "b.pdf (", "c.pdf (", "d.pdf: non è stato caricato", "scritto prima")
	require.NotContains(t, n.corpo, "d.pdf (")

	// One goes away.
	_, resto, _ := strings.Cut(n.corpo, `value="elimina-file:documento:`)
	file, _, _ := strings.Cut(resto, `"`)
	n.invia(sezione, "_azione", "elimina-file:documento:"+file).su(t, "/compila/allegati")
	require.NotContains(t, n.corpo, "a.pdf (")
	n.dice("b.pdf (")

	// A file for a field of another section, or for none, is not looked at.
	n.carica(sezione, []allegato{{"nomina", "x.pdf", pdf(t, "x")}, {"boh", "y.pdf", pdf(t, "y")}}, "_azione", "salva").su(t, "/compila/allegati")
}

func TestRigheEFileNelleRighe(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna").inizia("iscrizione-nido")
	n.vai("/area/pratiche/" + string(n.id()) + "/compila/bambini")
	sezione := n.url.Path
	n.invia(sezione, "_azione", "aggiungi:bambini").dice("Bambino 2 di 2")
	n.invia(sezione, "bambini[1].disabilita", "si", "_azione", "salva").dice("Certificazione")
	n.carica(sezione, []allegato{{"bambini[1].certificazione", "verbale.pdf", pdf(t, "verbale")}}, "bambini[1].disabilita", "si", "_azione", "carica:bambini[1].certificazione")
	require.Equal(t, http.StatusOK, n.stato, n.corpo)
	n.dice("verbale.pdf (")
	n.invia(sezione, "bambini[1].disabilita", "si", "_azione", "rimuovi:bambini:0").dice("Bambino 1 di 1", "verbale.pdf (")
	n.vai(strings.TrimSuffix(sezione, "/compila/bambini") + "/riepilogo").dice("e altre 2 informazioni")
}

func TestEliminaBozza(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna").inizia("iscrizione-nido")
	base := "/area/pratiche/" + string(n.id())
	n.vai(base+"/elimina").dice("Perderai tutto").invia(base+"/elimina").su(t, "/area").dice("Bozza eliminata")
	require.Zero(t, i.quante("anna"))
	n.vai(base)
	require.Equal(t, http.StatusNotFound, n.stato)
}

func TestDoppioInvio(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna")
	// Opening: the same form twice is one draft.
	n.vai("/servizi/segnalazione")
	v := n.valori("/servizi/segnalazione/richieste")
	n.spedisci("/servizi/segnalazione/richieste", v)
	primo := n.id()
	n.spedisci("/servizi/segnalazione/richieste", v)
	require.Equal(t, primo, n.id())
	require.Equal(t, 1, i.quante("anna"))

	n.avanti("categoria", "verde", "luogo", "Via dei Tigli", "descrizione", "Ramo caduto", "pericolo", "no").avanti("privacy", "si").su(t, "/riepilogo")
	riepilogo := n.url.Path
	v = n.valori(riepilogo)
	n.spedisci(riepilogo, v).dice("Richiesta inviata")
	n.spedisci(riepilogo, v).su(t, "/area/pratiche/"+string(primo)).dice("Richiesta inviata", "2026-000001")
	require.Equal(t, 1, i.quante("anna"))

	// With another key the request is no longer a draft.
	w := url.Values{"_csrf": v["_csrf"], "_chiave": {strings.Repeat("b", 64)}}
	n.spedisci(riepilogo, w).su(t, "/area/pratiche/"+string(primo)).dice("La richiesta è già stata inviata")
}
