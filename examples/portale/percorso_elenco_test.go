package main_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pagamenti/interno"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// occupa sends a request for the occupation of public space, without the pages.
func (n *navigatore) occupa(chi int, luogo, metri string, stampo int) pratica.ID {
	n.t.Helper()
	ctx, s := context.Background(), n.portale.Sportello
	cittadini, err := servizi.Cittadini()
	require.NoError(n.t, err)
	a := cittadini[chi].Attore
	id, err := s.ApriBozza(ctx, a, servizi.OccupazioneSuolo)
	require.NoError(n.t, err)
	p, _, err := s.Leggi(ctx, a, id)
	require.NoError(n.t, err)
	r := p.Risposte.Copia()
	oggi := termini.GiornoDi(time.Now())
	for k, v := range (modulo.Risposte{"qualita": "privato", "telefono": "021234567", "motivo": "banco", "zona": "centro", "luogo": luogo, "dal": oggi.Piu(10).String(), "al": oggi.Piu(12).String(),
		"lunghezza": metri, "larghezza": "2", "veridicita": true}) {
		r[k] = v
	}
	_, err = s.Esegui(ctx, a, id, pratica.SalvaBozza{Risposte: r})
	require.NoError(n.t, err)
	pdf, err := os.ReadFile(planimetria(n.t))
	require.NoError(n.t, err)
	_, err = s.Allega(ctx, a, id, sportello.NuovoAllegato{Nome: "planimetria.pdf", Campo: "planimetria", Origine: pratica.OrigineRichiesta}, bytes.NewReader(pdf))
	require.NoError(n.t, err)
	_, err = s.Esegui(ctx, a, id, pratica.Invia{Bolli: []bolli.Contrassegno{{Tipo: bolli.Cartaceo, Seriale: fmt.Sprintf("%014d", 1180045120000+stampo), Emissione: oggi.Piu(-1), Importo: decimal.NewFromInt(16), Dichiarato: true}}})
	require.NoError(n.t, err)
	return id
}

// TestPercorsoElenco walks through the list of the desk: what its service chose
// to show and to add up, the states, the filters.
func TestPercorsoElenco(t *testing.T) {
	t.Run("tema nostro", func(t *testing.T) { percorsoElenco(t, nuovoNavigatore(t, "")) })
	t.Run("tema vero", func(t *testing.T) { percorsoElenco(t, nuovoNavigatore(t, pacchetto(t))) })
}

func percorsoElenco(t *testing.T, n *navigatore) {
	t.Helper()
	for i := range 28 {
		id := n.occupa(i%2, fmt.Sprintf("Piazza del Mercato Vecchio %d, lato fontana", i+1), strconv.Itoa(i+1), i)
		if i%3 != 0 {
			n.paga(id)
		}
		if i%5 == 1 {
			n.prendi(id)
		}
	}
	n.accedi("Luca Conti")
	require.Contains(t, n.testo(), "28 pratiche")
	require.Contains(t, n.testo(), "In attesa di pagamento 10")
	n.scatta("elenco-tutte")
	n.fai(chromedp.SendKeys(campo("Servizio"), "Occupazione"))
	n.premi("Filtra")
	require.Contains(t, n.testo(), "Somme e medie")
	require.Contains(t, n.testo(), "812", "square metres on both pages: 2 × (1 + … + 28)")
	n.scatta("elenco-servizio")
	n.premi("Successiva")
	require.Contains(t, n.testo(), "Mercato Vecchio 1,")
	require.Contains(t, n.testo(), "Torna all'inizio")
	n.scatta("elenco-seconda-pagina")
	n.premi("In attesa di pagamento 10")
	require.Contains(t, n.testo(), "10 pratiche con questi filtri")
	n.scatta("elenco-stato")

	n.fai(chromedp.Click(chromedp.CSS("details > summary")))
	n.scrivi("Nome del richiedente", "galb")
	n.scrivi("Da pagare almeno", "100")
	n.scrivi("Da pagare al massimo", "tanto")
	n.premi("Filtra")
	require.Contains(t, n.testo(), "Scrivi un importo in euro")
	n.scatta("elenco-errore")
	n.svuota("Da pagare al massimo")
	n.scrivi("Da pagare al massimo", "1.000,00")
	n.premi("Filtra")
	require.Contains(t, n.testo(), "Richiedente: galb")
	require.Contains(t, n.testo(), "Da pagare almeno 100,00 €")
	require.NotContains(t, n.indirizzo(), "galb")
	n.scatta("elenco-filtri")
	n.premi("Togli tutti")
	require.Contains(t, n.testo(), "28 pratiche")
	n.scrivi("Numero, nome", "mercato vecchio 28")
	n.premi("Filtra")
	require.Contains(t, n.testo(), "1 pratica con questi filtri", "the services have their fields searched")
}

// stato waits until the worker brought a pratica to a state.
func (n *navigatore) stato(id pratica.ID, s pratica.Stato) {
	n.t.Helper()
	require.Eventually(n.t, func() bool {
		p, _, err := n.portale.Sportello.Leggi(context.Background(), n.luca(), id)
		return err == nil && p.Stato == s && (s != pratica.AttesaPagamento || p.Pagamenti[0].Posizione.Stato == pagamenti.InAttesa)
	}, time.Minute, 10*time.Millisecond)
}

func (n *navigatore) luca() pratica.Attore {
	a, _ := n.portale.Rubrica.Operatore(context.Background(), n.portale.Ente.Codice, "op-conti")
	return a
}

func (n *navigatore) paga(id pratica.ID) {
	n.t.Helper()
	n.stato(id, pratica.AttesaPagamento)
	ctx := context.Background()
	p, _, err := n.portale.Sportello.Leggi(ctx, n.luca(), id)
	require.NoError(n.t, err)
	_, err = n.portale.Pagamenti.Simula(ctx, p.Ente, p.Pagamenti[0].ID, interno.Paga)
	require.NoError(n.t, err)
	_, err = n.portale.Sportello.NotificaPagamento(ctx, p.Ente, id, p.Pagamenti[0].ID)
	require.NoError(n.t, err)
	n.stato(id, pratica.Protocollata)
}

func (n *navigatore) prendi(id pratica.ID) {
	n.t.Helper()
	_, err := n.portale.Sportello.Esegui(context.Background(), n.luca(), id, pratica.PrendiInCarico{})
	if !errors.Is(err, pratica.ErrNonAmmesso) { // not paid yet
		require.NoError(n.t, err)
	}
}
