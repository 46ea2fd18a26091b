package main_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// TestPercorso walks through the portal in a real browser, from the submission
// of the richest service to its approval, on both sides.
func TestPercorso(t *testing.T) {
	t.Run("tema nostro", func(t *testing.T) { percorso(t, nuovoNavigatore(t, "")) })
	t.Run("tema vero", func(t *testing.T) { percorso(t, nuovoNavigatore(t, pacchetto(t))) })
}

func percorso(t *testing.T, n *navigatore) {
	t.Helper()
	oggi := termini.GiornoDi(time.Now())

	n.scatta("servizi")
	n.accedi("Anna Galbiati")
	n.vai("/servizi/occupazione-suolo")
	n.scatta("scheda")
	n.premi("Compila la richiesta")
	n.segna("Privato cittadino")
	n.premi("Avanti")
	require.Contains(t, n.testo(), "C'è 1 errore da correggere")
	n.scatta("richiedente-errore")
	n.scrivi("Telefono", "02 1234567")
	n.premi("Avanti")
	n.segna("Trasloco")
	n.segna("Centro")
	n.scrivi("Via e numero civico", "Piazza Grande 4")
	n.giorno("dal", oggi.Piu(10))
	n.giorno("al", oggi.Piu(11))
	n.scrivi("Lunghezza", "5")
	n.scrivi("Larghezza", "2,5")
	n.scatta("occupazione")
	n.premi("Avanti")
	n.carica("Planimetria", planimetria(t))
	n.scatta("allegati")
	n.segna("Dichiaro")
	n.premi("Avanti")
	n.scrivi("Identificativo", "01180045123456")
	n.scrivi("Data di emissione", oggi.Italiano())
	n.segna("Dichiaro")
	n.scatta("bollo")
	n.premi("Avanti")
	n.scatta("riepilogo")
	require.Contains(t, n.testo(), "Piazza Grande 4")
	require.Contains(t, n.testo(), "30,00 €", "12,5 square metres, two days, 1,20 € each")
	n.premi("Conferma e invia")
	richiesta := n.indirizzo()

	n.attendi("Paga ora")
	n.scatta("da-pagare")
	n.premi("Paga ora")
	n.premi("Fai fallire")
	n.attendi("Riprova il pagamento")
	n.premi("Riprova il pagamento")
	n.attendi("Paga ora")
	n.premi("Paga ora")
	n.scatta("pagamento")
	n.premi("Paga 30,00")
	n.attendi("Protocollata")
	n.scatta("protocollata")
	n.scrivi("Scrivi all'ufficio", "Buongiorno, arrivo con un furgone.")
	n.carica("Allegati", fotografia(t))
	n.premi("Invia il messaggio")
	require.Contains(t, n.testo(), "arrivo con un furgone")

	n.accedi("Luca Conti")
	n.scatta("scrivania")
	n.premi("2")
	pratica := n.indirizzo()
	n.scatta("scrivania-pratica")
	n.premi("Prendi in carico")
	require.Contains(t, n.testo(), "Luca Conti")
	n.premi("Richiedi integrazioni")
	n.scrivi("Che cosa deve integrare", "Indicare con esattezza il luogo.")
	n.segna("Via e numero civico")
	n.scatta("scrivania-integrazioni")
	n.premi("Richiedi integrazioni")
	n.attendi("In attesa di integrazioni")

	n.accedi("Anna Galbiati")
	n.scatta("area")
	n.vai(richiesta)
	n.scatta("integrazione-chiesta")
	n.vai(richiesta + "/integrazione")
	n.premi("Modifica i dati")
	n.svuota("Via e numero civico")
	n.scrivi("Via e numero civico", "Piazza Grande 4, lato ovest")
	n.scatta("integrazione-dati")
	n.premi("Avanti")
	n.scrivi("La tua risposta", "Ho indicato il lato della piazza.")
	n.scatta("integrazione")
	n.premi("Invia le integrazioni")
	n.attendi("Presa in carico")

	n.accedi("Luca Conti")
	n.vai(pratica)
	require.Contains(t, n.testo(), "lato ovest")
	for _, pagina := range []string{"allegati", "messaggi", "protocollo", "pagamenti", "bolli"} {
		n.vai(pratica + "?pagina=" + pagina)
		n.scatta("scrivania-" + pagina)
	}
	require.NotContains(t, n.testo(), "Appuntamenti", "the service has none")
	n.vai(pratica)
	n.premi("Approva")
	n.scrivi("Motivazione", "Nulla osta all'occupazione.")
	n.scatta("scrivania-approva")
	n.premi("Approva")
	require.Contains(t, n.testo(), "In attesa di pagamento per il rilascio")

	n.accedi("Anna Galbiati")
	n.vai(richiesta)
	n.attendi("Paga ora")
	n.premi("Paga ora")
	n.premi("Paga 30,00")
	n.vai(richiesta + "/bollo")
	n.scrivi("Identificativo", "01180045123457")
	n.scrivi("Data di emissione", oggi.Italiano())
	n.segna("Dichiaro")
	n.premi("Invia la marca da bollo")
	n.attendi("Richiesta accolta")
	n.scatta("accolta")

	n.accedi("Luca Conti")
	n.vai(pratica + "?pagina=protocollo")
	n.scatta("scrivania-accettata")
	for _, documento := range []string{"Richiesta", "Richiesta di integrazioni", "Integrazione", "Provvedimento di accoglimento"} {
		require.Contains(t, n.testo(), documento)
	}
}

// TestPercorsoCarta books: the one thing that this service configures.
func TestPercorsoCarta(t *testing.T) {
	n := nuovoNavigatore(t, "")
	n.accedi("Bruno Ferraris")
	n.vai("/servizi/carta-identita")
	n.premi("Prenota un appuntamento")
	n.scrivi("Telefono", "333 1234567")
	n.premi("Avanti")
	n.segna("È la mia prima carta")
	n.premi("Avanti")
	n.scatta("carta-appuntamento")
	n.fai(chromedp.Click(chromedp.CSS(`[name="fascia"]`)))
	n.premi("Riserva e vai avanti")
	n.scatta("carta-riepilogo")
	n.premi("Conferma e invia")
	n.attendi("Confermato")
	richiesta := n.indirizzo()
	n.scatta("carta-inviata")

	n.accedi("Paola Riva")
	n.premi("2")
	require.Contains(t, n.testo(), "Appuntamenti")
	for _, assente := range []string{"Protocollo 0", "Pagamenti", "Bolli"} {
		require.NotContains(t, n.testo(), assente)
	}
	n.premi("Prendi in carico")
	n.premi("Approva")
	n.premi("Approva")
	n.attendi("Accettata")
	n.scatta("carta-accettata")

	n.accedi("Anna Galbiati")
	n.vai(richiesta)
	require.Contains(t, n.testo(), "non esiste", "another citizen's request is not there")
}

// TestPercorsoSegnalazione needs no identity, and is only forwarded.
func TestPercorsoSegnalazione(t *testing.T) {
	n := nuovoNavigatore(t, "")
	n.vai("/accesso")
	n.premi("Continua senza identificarti")
	n.vai("/servizi/segnalazione")
	n.premi("Compila la richiesta")
	n.segna("Illuminazione")
	n.scrivi("Dove", "Via dei Tigli 3")
	n.scrivi("Descrizione", "Lampione spento da una settimana.")
	n.segna("No")
	n.carica("Fotografie", fotografia(t))
	n.scatta("segnalazione")
	n.premi("Avanti")
	n.segna("Ho letto")
	n.premi("Avanti")
	n.premi("Conferma e invia")
	n.attendi("Inviata")
	n.scatta("segnalazione-inviata")
	n.accedi("Luca Conti")
	n.premi("2")
	require.NotContains(t, n.testo(), "Prendi in carico")
	n.premi("Archivia")
	n.premi("Archivia") // the page that asks for the reason
	n.attendi("Archiviata")
	n.scatta("segnalazione-archiviata")
}
