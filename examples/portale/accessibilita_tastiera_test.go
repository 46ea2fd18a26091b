package main_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// attivo is what has the focus, as a person knows it: by its label or its text.
const attivo = `(() => {
	const e = document.activeElement, testo = x => x.textContent.replace(/\s+/g, ' ').trim();
	return e === document.body ? '' : e.labels && e.labels.length ? testo(e.labels[0]) : testo(e);
})()`

func (n *navigatore) attivo() string {
	n.t.Helper()
	s, err := chromedp.Run(n.ctx, chromedp.Evaluate[string](attivo))
	require.NoError(n.t, err)
	return s
}

// fuoco waits until something that says this has the focus: a browser moves it
// a moment after the page came.
func (n *navigatore) fuoco(testo string) {
	n.t.Helper()
	for range 500 {
		if strings.Contains(n.attivo(), testo) {
			return
		}
		n.fai(chromedp.Sleep(10 * time.Millisecond))
	}
	require.Fail(n.t, "il fuoco non ci va", "%q: %q", testo, n.attivo())
}

// tab presses Tab until something whose name begins so has the focus.
func (n *navigatore) tab(nome string) {
	n.t.Helper()
	var passati []string
	for range 60 {
		n.fai(chromedp.KeyEvent(kb.Tab))
		qui := n.attivo()
		if strings.HasPrefix(qui, nome) {
			return
		}
		passati = append(passati, qui)
	}
	n.scatta("errore")
	require.Fail(n.t, "con Tab non ci si arriva", "%q: %q", nome, passati)
}

func (n *navigatore) tasti(tasti string) {
	n.t.Helper()
	n.fai(chromedp.KeyEvent(tasti))
}

// entra presses Enter on what is reached with Tab, and waits for the page that follows.
func (n *navigatore) entra(nome string) {
	n.t.Helper()
	n.tab(nome)
	_, err := chromedp.RunResponse(n.ctx, chromedp.KeyEvent(kb.Enter))
	require.NoError(n.t, err, nome)
}

// invioSuLink presses Enter on a link to a place of the page. It sends no
// character: a keyboard's would be swallowed with the key, and this one would
// come upon the field that has the focus meanwhile.
func invioSuLink(ctx context.Context) error {
	for _, tipo := range []input.DispatchKeyEventType{kb.KeyDown, kb.KeyUp} {
		if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: tipo, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13}); err != nil {
			return err
		}
	}
	return nil
}

// TestTastiera does a whole procedure with Tab, Enter, Space and the arrows,
// mistakes included: no mouse, no script.
func TestTastiera(t *testing.T) {
	for nome, tema := range map[string]func(*testing.T) string{"tema nostro": func(*testing.T) string { return "" }, "tema vero": pacchetto} {
		t.Run(nome, func(t *testing.T) { tastiera(t, nuovoNavigatore(t, tema(t))) })
	}
}

func tastiera(t *testing.T, n *navigatore) {
	t.Helper()
	n.vai("/accesso")
	n.tasti(kb.Tab)
	require.Equal(t, "Vai al contenuto", n.attivo(), "the first stop of every page")
	require.NoError(t, invioSuLink(n.ctx))
	n.tasti(kb.Tab)
	require.Contains(t, n.attivo(), "Home", "the skip link leads to the content")
	n.entra("Continua senza identificarti")
	n.entra("Servizi")
	n.entra("Segnalazione di un disservizio")
	n.entra("Compila la richiesta")

	n.entra("Avanti")
	n.fuoco("errori da correggere") // what is wrong is read at once
	n.tab("Dove:")
	require.NoError(t, invioSuLink(n.ctx))
	n.fuoco("Dove *") // a link of the summary leads to its field
	n.tasti("Via dei Tigli 3")
	n.tab("Descrizione")
	n.tasti("Un lampione è spento.")
	n.tab("Sì")
	n.tasti(kb.ArrowDown) // the radio buttons of a group are one stop
	n.tab("Salva richiesta")
	_, err := chromedp.RunResponse(n.ctx, chromedp.KeyEvent(" "))
	require.NoError(t, err)
	require.Contains(t, n.testo(), "Bozza salvata", "Space presses a button as Enter does")
	n.tab("Strade")
	n.tasti(" ")
	n.tab("Dove")
	_, err = chromedp.RunResponse(n.ctx, chromedp.KeyEvent(kb.Enter)) // in a field it goes on
	require.NoError(t, err)

	n.tab("Ho letto")
	n.tasti(" ")
	n.entra("Avanti")
	require.Contains(t, n.testo(), "Via dei Tigli 3")
	require.Contains(t, n.testo(), "È un pericolo immediato? No")
	n.entra("Modifica la sezione Il problema")
	n.entra("Avanti")
	n.entra("Conferma e invia")
	require.Contains(t, n.testo(), "Richiesta inviata")
}
