package cittadino_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

func codiceBambina(t *testing.T) string {
	t.Helper()
	cf, err := anagrafica.Calcola("Galbiati", "Zoe", termini.Giorno{Anno: 2025, Mese: time.January, Giorno: 1}, anagrafica.Femminile, "F205")
	require.NoError(t, err)
	return string(cf)
}

// compilaSuolo fills in a request of 2 m × 5 m for 3 days in the centre: 36,00 €.
func compilaSuolo(t *testing.T, n *navigatore) {
	t.Helper()
	n.inizia("occupazione-suolo").avanti("qualita", "privato", "telefono", "06 1234567").su(t, "/compila/occupazione")
	n.avanti("motivo", "evento", "zona", "centro", "luogo", "Piazza Grande 1", "lunghezza", "2", "larghezza", "5",
		"dal.giorno", "1", "dal.mese", "4", "dal.anno", "2026", "al.giorno", "3", "al.mese", "4", "al.anno", "2026").su(t, "/compila/allegati")
	n.carica(n.url.Path, []allegato{{"planimetria", "pianta.pdf", pdf(t, "pianta")}}, "veridicita", "si", "_azione", "avanti").su(t, "/bollo")
}

func marcaBollo(seriale string) []string {
	return []string{"bolli.forniti[0].seriale", seriale, "bolli.forniti[0].emissione", "01/03/2026", "bolli.forniti[0].ora", "9.30", "dichiarato", "si"}
}

var collegamentoPaga = regexp.MustCompile(`href="(/paga/[^"]+)"`)

func (n *navigatore) paginaPaga(t *testing.T) string {
	t.Helper()
	m := collegamentoPaga.FindStringSubmatch(n.corpo)
	require.NotNil(t, m, n.corpo)
	return m[1]
}

func TestSuoloConPagamentoEBolli(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("bruno")
	compilaSuolo(t, n)
	bollo := n.url.Path
	base := strings.TrimSuffix(bollo, "/bollo")

	n.invia(bollo, "bolli.forniti[0].seriale", "12")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("14 cifre", "Ci sono 3 errori da correggere").scrive(`href="#c-bolli-forniti-0-seriale"`, `value="12"`)
	n.invia(bollo, marcaBollo("01234567890123")...).su(t, "/riepilogo").dice("01234567890123", "36,00 €", "1º marzo 2026")

	n.invia(n.url.Path).su(t, "/area/pratiche/").dice("In attesa di pagamento", "In preparazione")
	i.lavora()
	n.vai(base).dice("Paga 36,00 €")

	// Failure, then success.
	paga := n.paginaPaga(t)
	n.vai(paga).dice("36,00 €", "Codice avviso").invia(paga, "esito", "fallisce").dice("Il pagamento non è riuscito", "Riprova il pagamento")
	_, resto, _ := strings.Cut(n.corpo, `action="`+base+`/riprova/`)
	riprova, _, _ := strings.Cut(resto, `"`)
	n.invia(base + "/riprova/" + riprova).dice("nuovo avviso di pagamento")
	i.lavora()
	n.vai(base)
	nuova := n.paginaPaga(t)
	require.NotEqual(t, paga, nuova)
	n.vai(nuova).invia(nuova, "esito", "annulla").dice("Pagamento annullato")
	n.vai(nuova).invia(nuova, "esito", "paga").dice("Pagamento eseguito", "Pagato")
	n.vai(nuova).dice("Torna alla tua richiesta")
	i.lavora()
	n.vai(base).dice("Protocollata", "Ufficio Suolo pubblico - Centro")

	// At the release: a fee and another stamp.
	id := pratica.ID(strings.TrimPrefix(base, "/area/pratiche/"))
	i.ufficio("op-conti", id, pratica.PrendiInCarico{})
	i.ufficio("op-conti", id, pratica.Approva{Motivazione: "Si concede"})
	n.vai("/area").dice("Completa pagamento e marca da bollo per il rilascio")
	n.vai(base).dice("Paga 30,00 €", "Per il rilascio serve una marca da bollo")
	n.vai(bollo).invia(bollo, marcaBollo("01234567890123")...)
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("già stata usata")
	n.invia(bollo, marcaBollo("98765432109876")...).dice("Marca da bollo inserita")
	ultima := n.paginaPaga(t)
	n.vai(ultima).invia(ultima, "esito", "paga")
	i.lavora()
	n.vai(base).dice("Richiesta accolta", "Provvedimento di accoglimento", "Si concede", "98765432109876")

	// A stamp serves once, for whoever.
	altro := i.navigatore("anna")
	compilaSuolo(t, altro)
	altro.invia(altro.url.Path, marcaBollo("98765432109876")...).invia(altro.url.Path)
	require.Equal(t, http.StatusUnprocessableEntity, altro.stato)
	altro.dice("già stata usata per un'altra richiesta")
}

func TestSuoloConEsenzioneERitornoInBozza(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("bruno")
	compilaSuolo(t, n)
	bollo := n.url.Path
	n.invia(bollo, "esenzione", "ETS")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("Dichiara di avere diritto all'esenzione")
	n.invia(bollo, "esenzione", "ETS", "dichiarato", "si").su(t, "/riepilogo").dice("Enti del Terzo settore")
	n.vai(bollo).scrive(`value="ETS" selected`)
	riepilogo := strings.TrimSuffix(bollo, "/bollo") + "/riepilogo"
	n.vai(riepilogo).invia(riepilogo).dice("In attesa di pagamento", "Esente: Enti del Terzo settore")
	base := strings.TrimSuffix(bollo, "/bollo")
	n.invia(base+"/modifica").su(t, "/riepilogo").dice("di nuovo una bozza")
	n.invia(riepilogo).dice("2026-000001")
}

func TestCartaConAppuntamento(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("chiara")
	n.inizia("carta-identita").avanti("telefono", "3331234567").su(t, "/compila/motivo").avanti("motivo", "scadenza").su(t, "/appuntamento")
	n.dice("Sportello Anagrafe - Municipio", "martedì 10 marzo 2026")
	appuntamento := n.url.Path
	base := strings.TrimSuffix(appuntamento, "/appuntamento")

	n.vai(base + "/riepilogo").dice("Non hai ancora scelto").invia(base + "/riepilogo")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("Scegli un appuntamento prima di inviare")
	n.vai(appuntamento).invia(appuntamento)
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("Scegli l'orario dell'appuntamento")

	n.vai(appuntamento + "?" + url.Values{"calendario": {"anagrafe-municipio"}, "giorno": {"2026-03-17"}}.Encode())
	n.dice("martedì 17 marzo 2026", "15:00")
	n.invia(appuntamento, "fascia", "pomeriggio|2026-03-17T14:00:00Z").su(t, "/riepilogo").dice("martedì 17 marzo 2026, dalle 15:00 alle 15:30", "fino alle 10:30")

	// The place is taken: nobody else gets it.
	altro := i.navigatore("bruno")
	altro.inizia("carta-identita").avanti("telefono", "3331234567").avanti("motivo", "primo").su(t, "/appuntamento")
	altro.invia(altro.url.Path, "fascia", "pomeriggio|2026-03-17T14:00:00Z", "giorno", "2026-03-17")
	require.Equal(t, http.StatusUnprocessableEntity, altro.stato)
	altro.dice("non è più disponibile")

	n.invia(n.url.Path).dice("Richiesta inviata")
	i.lavora()
	n.vai(base).dice("Confermato")
	require.NotContains(t, n.corpo, "Protocollo</dt>")
	require.NotContains(t, n.corpo, `id="pagamenti"`)
	require.NotContains(t, n.corpo, `id="bolli"`)
	n.vai(appuntamento).dice("Sposta l'appuntamento").invia(appuntamento, "fascia", "mattina|2026-03-18T08:00:00Z").dice("Appuntamento registrato", "mercoledì 18 marzo 2026, dalle 09:00")
	i.lavora()
	n.vai(base).invia(base+"/disdici").dice("Appuntamento disdetto", "Annullato")
	i.lavora()
	n.vai(base).dice("Scegli un appuntamento")

	// Within a day of the appointment it is too late to move it.
	n.vai(appuntamento).invia(appuntamento, "fascia", "mattina|2026-03-18T08:00:00Z").dice("Appuntamento registrato")
	i.lavora()
	i.orologio.avanti(8 * 24 * time.Hour)
	n = i.navigatore("chiara")
	n.vai(base).invia(base + "/disdici")
	require.Equal(t, http.StatusConflict, n.stato)
	n.dice("È troppo tardi")
}

func TestSegnalazioneAnonima(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anonimo")
	n.inizia("segnalazione")
	n.carica(n.url.Path, []allegato{{"foto", "buca.jpg", foto(t)}}, "categoria", "strade", "luogo", "Via Roma 3", "descrizione", "Buca", "pericolo", "si", "_azione", "avanti").su(t, "/compila/contatti")
	n.avanti("privacy", "si").su(t, "/riepilogo").dice("buca.jpg").invia(n.url.Path).dice("Richiesta inviata")
	base := n.url.Path
	i.lavora()
	n.vai(base).dice("Inviata")
	require.NotContains(t, n.corpo, "Scrivi all'ufficio")
	require.NotContains(t, n.corpo, "Protocollo</dt>")

	// He leaves and comes back with the same browser; another cannot see it.
	n.invia("/uscita")
	n.vai("/accesso").invia("/accesso", "identita", "anonimo").dice("Segnalazione di un disservizio", "Non ti sei identificato")
	n.vai(base).su(t, base)
	altro := i.navigatore("anonimo").vai(base)
	require.Equal(t, http.StatusNotFound, altro.stato)

	// Where the service wants an identity he is refused.
	n.vai("/servizi/iscrizione-nido").invia("/servizi/iscrizione-nido/richieste")
	require.Equal(t, http.StatusConflict, n.stato)
	n.dice("occorre identificarsi")
}
