package servizi_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/phpdave11/gofpdf"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

// TestImportato carries a request on an imported form from draft to outcome:
// what Form.io would refuse is refused, what it computes is computed here.
func TestImportato(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p, err := servizi.Monta(servizi.Impianto{Store: memoria.New(), Archivio: memoria.NewArchivio(), Indirizzo: "http://portale.example"})
	require.NoError(t, err)
	s := p.Sportello
	cittadini, err := servizi.Cittadini()
	require.NoError(t, err)
	anna := cittadini[0].Attore
	id, err := s.ApriBozza(ctx, anna, servizi.CentriEstivi)
	require.NoError(t, err)
	risposte := modulo.Risposte{
		"applicant_name": "Un'Altra", "email_address": "anna@esempio.it", "isee_presente": "si", "isee": "12.500,50",
		"figli":         []map[string]any{{"nome": "Leo", "eta": "2", "settimane": "3"}, {"nome": "Mia", "eta": "9", "settimane": "2"}},
		"centro_scelto": "altro", "dal": "2026-06-15", "iban": "IT60X0542811101000000123456", "vero": true, "contributo_stimato": "9000.00",
	}
	_, err = s.Esegui(ctx, anna, id, pratica.SalvaBozza{Risposte: risposte})
	require.NoError(t, err)
	_, err = s.Esegui(ctx, anna, id, pratica.Invia{})
	var rifiuto *pratica.Errore
	require.True(t, errors.As(err, &rifiuto), "%v", err)
	var percorsi []string
	for _, c := range rifiuto.Campi {
		percorsi = append(percorsi, c.Percorso)
	}
	slices.Sort(percorsi)
	require.Equal(t, []string{"altro_centro", "figli[0].eta", "ricevuta"}, percorsi)

	var pdf bytes.Buffer
	f := gofpdf.New("P", "mm", "A4", "")
	f.AddPage()
	require.NoError(t, f.Output(&pdf))
	_, err = s.Allega(ctx, anna, id, sportello.NuovoAllegato{Nome: "ricevuta.pdf", Campo: "ricevuta", Origine: pratica.OrigineRichiesta}, &pdf)
	require.NoError(t, err)
	risposte["altro_centro"] = "La fattoria"
	risposte.Righe("figli")[0]["eta"] = "5"
	bozza, _, err := s.Leggi(ctx, anna, id)
	require.NoError(t, err)
	risposte["ricevuta"] = bozza.Risposte["ricevuta"]
	_, err = s.Esegui(ctx, anna, id, pratica.SalvaBozza{Risposte: risposte})
	require.NoError(t, err)
	_, err = s.Esegui(ctx, anna, id, pratica.Invia{})
	require.NoError(t, err)
	_, err = s.Svuota(ctx)
	require.NoError(t, err)

	operatori := servizi.Rubrica().Operatori()
	o := operatori[slices.IndexFunc(operatori, func(o web.Operatore) bool { return o.ID == "op-riva" })]
	riva := pratica.Attore{Ruolo: pratica.Operatore, ID: o.ID, Ente: servizi.Ente().Codice, Servizi: o.Servizi, Uffici: o.Uffici}
	v, err := s.Apri(ctx, riva, id)
	require.NoError(t, err)
	require.Equal(t, pratica.Protocollata, v.Stato)
	inviata, _, err := s.Leggi(ctx, riva, id)
	require.NoError(t, err)
	require.Equal(t, "200.00", inviata.Risposte["contributo_stimato"], "five weeks at 40 euro")
	require.Equal(t, "Anna", inviata.Risposte["applicant_name"], "from the identity")
	_, err = s.Esegui(ctx, riva, id, pratica.PrendiInCarico{})
	require.NoError(t, err)
	_, err = s.Esegui(ctx, riva, id, pratica.Approva{Motivazione: "Spetta."})
	require.NoError(t, err)
	_, err = s.Svuota(ctx)
	require.NoError(t, err)
	v, err = s.Apri(ctx, riva, id)
	require.NoError(t, err)
	require.Equal(t, pratica.Accettata, v.Stato)
}
