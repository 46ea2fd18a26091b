package cittadino_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
)

// TestIntegrazioneQuandoIGiorniSonoPassati: the first day of the occupation was
// at least five days ahead when the request was sent; when the office reopens
// the plan it no longer is, and that is not for the applicant to mend.
func TestIntegrazioneQuandoIGiorniSonoPassati(t *testing.T) {
	t.Parallel()
	i := monta(t)
	n := i.navigatore("bruno")
	compilaSuolo(t, n)
	base := strings.TrimSuffix(n.url.Path, "/bollo")
	id := pratica.ID(strings.TrimPrefix(base, "/area/pratiche/"))
	n.invia(base+"/bollo", marcaBollo("01234567890123")...).invia(base + "/riepilogo")
	i.lavora()
	n.vai(base)
	paga := n.paginaPaga(t)
	n.vai(paga).invia(paga, "esito", "paga")
	i.lavora()
	i.ufficio("op-conti", id, pratica.PrendiInCarico{})
	i.orologio.avanti(20 * 24 * time.Hour)
	i.ufficio("op-conti", id, pratica.RichiediIntegrazione{Testo: "La planimetria non si legge", Campi: []string{"planimetria"}})

	n = i.navigatore("bruno")
	n.vai(base+"/integrazione/dati").dice("Planimetria", "pianta.pdf (")
	require.NotContains(t, n.corpo, "Dal giorno")
	n.carica(base+"/integrazione/dati/allegati", []allegato{{"planimetria", "nitida.pdf", pdf(t, "nitida")}}, "_azione", "avanti").dice("Hai corretto i dati")
	n.invia(base + "/integrazione").dice("Integrazioni inviate")
	i.lavora()
	n.vai(base).dice("pianta.pdf (", "nitida.pdf (")

	// What the office reopened is checked as it is today.
	i.ufficio("op-conti", id, pratica.RichiediIntegrazione{Testo: "Indica altri giorni", Campi: []string{"dal", "al"}})
	n.vai(base+"/integrazione/dati").carica(base+"/integrazione/dati/occupazione", nil, "dal.giorno", "1", "dal.mese", "4", "dal.anno", "2026", "_azione", "avanti")
	require.Equal(t, 422, n.stato)
	n.dice("Dal giorno")
}
