package scrivania_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
)

func TestAppuntamenti(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	n := b.entra("riva")
	id := b.inviata("pieno")
	n.riesce(id, pratica.AzionePrendiInCarico)
	r := n.vai(azione(id, pratica.AzioneScegliAppuntamento))
	require.Contains(t, r.corpo, "Mercoledì 11 marzo 2026")
	require.Contains(t, r.corpo, "Giorni successivi")
	fasce := formaFascia.FindAllStringSubmatch(r.corpo, -1)
	require.Greater(t, len(fasce), 4)
	r = n.vai(azione(id, pratica.AzioneScegliAppuntamento) + "?dal=2026-03-18")
	require.Contains(t, r.corpo, "Giorni precedenti")
	require.Contains(t, r.corpo, `action="`+azione(id, pratica.AzioneScegliAppuntamento)+`?calendario=anagrafe&amp;dal=2026-03-18"`, "a refusal shows the same days again")
	for _, sbagliata := range []string{"", "anagrafe mattina 1 2 3", "anagrafe mattina x y", "anagrafe mattina 1773133200 1773135000"} {
		r = n.fa(id, pratica.AzioneScegliAppuntamento, "fascia", sbagliata)
		require.Equal(t, http.StatusUnprocessableEntity, r.stato)
		require.Empty(t, b.carica(id).Appuntamenti)
	}
	n.riesce(id, pratica.AzioneScegliAppuntamento, "fascia", fasce[0][1])
	r = n.riesce(id, pratica.AzioneSpostaAppuntamento, "fascia", fasce[1][1])
	require.Contains(t, r.corpo, "Confermato")
	require.NotContains(t, n.vai(azione(id, pratica.AzioneSpostaAppuntamento)).corpo, fasce[1][1], "taken")
	v := n.modulo(id, pratica.AzioneDisdiciAppuntamento)
	for range 2 {
		r = n.invia(azione(id, pratica.AzioneDisdiciAppuntamento), v)
		require.Equal(t, http.StatusOK, r.stato, r.corpo)
	}
	b.svuota()
	require.Nil(t, b.carica(id).AppuntamentoAttivo())
}

func TestAltriAtti(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	n := b.entra("riva")
	id := b.inviata("pieno")
	n.riesce(id, pratica.AzionePrendiInCarico)
	r := n.fa(id, pratica.AzioneRichiediPagamento, "causale", "Marciapiede")
	require.Equal(t, http.StatusUnprocessableEntity, r.stato, "the operator sets the amount")
	require.Contains(t, r.corpo, "Indica l&#39;importo")
	require.Contains(t, r.corpo, `value="Marciapiede"`)
	n.riesce(id, pratica.AzioneRichiediPagamento, "importo", "12,50", "causale", "Marciapiede")
	n.riesce(id, pratica.AzioneRichiediBollo, "quantita", "2")
	p := b.carica(id)
	require.Equal(t, "12.50", p.Pagamenti[0].Importo.StringFixed(2))
	require.Equal(t, 2, p.Bolli[1].Quantita)
	r = n.vai(pagina(id))
	require.Contains(t, r.corpo, "Azioni non possibili ora")
	require.Contains(t, r.corpo, "preavviso di rigetto e il termine per le osservazioni")
	r = n.fa(id, pratica.AzionePreavvisaRigetto, "motivi", "")
	require.Equal(t, http.StatusUnprocessableEntity, r.stato)
	n.riesce(id, pratica.AzionePreavvisaRigetto, "motivi", "Manca lo spazio")
	require.Contains(t, n.vai(pagina(id)).corpo, "Osservazioni attese entro il 20 marzo 2026")
	b.cittadino(id, pratica.PresentaOsservazioni{Testo: "C'è spazio"})
	n.riesce(id, pratica.AzioneRifiuta, "motivazione", "Non c'è")
	require.Equal(t, pratica.Rifiutata, b.carica(id).Stato)
	n.riesce(id, pratica.AzioneRiapri, "motivo", "Riesame")
	n.riesce(id, pratica.AzioneAnnulla, "motivo", "Errore")
	require.Equal(t, pratica.Annullata, b.carica(id).Stato)
	require.Equal(t, http.StatusConflict, n.vai(azione(id, pratica.AzioneApprova)).stato)

	s := b.inviata("inoltro")
	require.NotContains(t, n.vai(pagina(s)).corpo, azione(s, pratica.AzionePrendiInCarico))
	n.riesce(s, pratica.AzioneArchivia)
	require.Equal(t, pratica.Archiviata, b.carica(s).Stato)
}
