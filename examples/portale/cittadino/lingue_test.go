package cittadino_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
)

// TestLingua fills in a form in German: the words of the library change, those
// of the form stay Italian and say so, the draft and its answers do not change.
func TestLingua(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("chiara")
	n.inizia("carta-identita").avanti("telefono", "3331234567").su(t, "/compila/motivo")
	id, motivo := n.id(), n.url.Path
	n.invia(motivo, "motivo", "scadenza", "_azione", "salva")
	n.vai(motivo+"?lingua=de").su(t, motivo)
	require.Empty(t, n.url.RawQuery, "the address is the same as before")
	n.dice("Weiter").scrive(`<html lang="it">`, `lang="de" hreflang="de" aria-current="true"`, `aria-labelledby="m-titolo" lang="de"`, `<span lang="it">`, `value="scadenza" checked`)
	require.Equal(t, 2, strings.Count(n.corpo, `aria-current="true"`)+strings.Count(n.corpo, `aria-current="step"`))
	n.invia(motivo, "motivo", "", "_azione", "avanti")
	require.Equal(t, http.StatusUnprocessableEntity, n.stato)
	n.dice("1 Fehler").scrive(`<title>Errore: Motivo`, `href="`+motivo+`?lingua=sl"`)
	n.vai(motivo+"?lingua=sl").dice("Naprej").invia(motivo, "motivo", "scadenza", "_azione", "avanti").su(t, "/appuntamento")
	require.Equal(t, "scadenza", i.risposte("chiara", id)["motivo"], "a code, whatever the language")
	base := "/area/pratiche/" + string(id)
	n.vai(base+"/riepilogo").scrive(`<div lang="sl">`, `<span class="steppers-text">Povzetek`).dice("Spremeni")
	n.vai(base + "/compila/motivo?lingua=en&ritorna=_riepilogo").dice("Next").scrive("?lingua=fr&amp;ritorna=_riepilogo")
	require.Equal(t, "ritorna=_riepilogo", n.url.RawQuery)

	// Another browser, and the pages of the pratica, know nothing of it.
	i.navigatore("chiara").vai(motivo).dice("Avanti").scrive(`lang="it" hreflang="it" aria-current="true"`)

	for _, falsa := range []string{"xx", "DE", "de-AT", "../it", "", `"><script>`} {
		n.vai(motivo + "?lingua=" + strings.ReplaceAll(falsa, `"`, "%22"))
		n.su(t, motivo).dice("Next").scrive(`lang="en" hreflang="en" aria-current="true"`)
		require.NotContains(t, n.corpo, "<script")
	}
}

func TestLinguaNelleIntegrazioni(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("anna")
	id := inviaNido(t, n)
	i.lavora()
	i.ufficio("op-ferri", id, pratica.PrendiInCarico{})
	i.ufficio("op-ferri", id, pratica.RichiediIntegrazione{Testo: "Correggi l'ISEE", Campi: []string{"isee"}})
	economia := "/area/pratiche/" + string(id) + "/integrazione/dati/economia"
	n.vai(economia+"?lingua=fr").su(t, economia).dice("Correggi l'ISEE", "Envoi de la réponse").scrive("name=\"isee\" value=\"12\u202f000,00\"")
	n.invia(economia, "isee", "10\u202f000,00", "_azione", "avanti").su(t, "/integrazione").dice("Hai corretto i dati")
	n.invia("/area/pratiche/"+string(id)+"/integrazione", "testo", "").dice("Integrazioni inviate")
	i.lavora()
	require.Equal(t, "10000.00", i.risposte("anna", id)["isee"])
}
