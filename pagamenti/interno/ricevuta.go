package interno

import (
	"context"
	"strings"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Ricevuta implements pagamenti.Ricevutatore: a plain text (UTF-8, Italian) with
// the data that a receipt has to show, and the warning that no money moved. It
// does not name the payer.
func (t *Tramite) Ricevuta(ctx context.Context, ente, id string) (pagamenti.Documento, error) {
	const operazione = "pagamenti/interno.Ricevuta"
	g, err := t.Pagina(ctx, ente, id)
	if err != nil {
		return pagamenti.Documento{}, err
	}
	p := g.Posizione
	if p.Stato != pagamenti.Pagato {
		return pagamenti.Documento{}, guasto.Nuovo(guasto.Permanente, operazione, pagamenti.CodiceDocumentoMancante, pagamenti.ErrDocumento)
	}
	righe := []string{
		"RICEVUTA DI PAGAMENTO SIMULATO",
		"Documento di prova: nessuna somma è stata versata.",
		"",
		"Ente creditore: " + p.Ente,
		"Causale: " + g.Causale,
		"Importo: " + pagamenti.Euro(p.Esito.ImportoPagato),
		"Pagato il: " + p.Pagata.In(termini.Roma()).Format("02/01/2006 alle 15:04"),
		"Numero avviso: " + pagamenti.NAV(p.NAV).Gruppi(),
		"IUV: " + p.IUV,
		"Prestatore del servizio di pagamento: " + p.Esito.PSP,
		"Identificativo della riscossione (IUR): " + p.Esito.IUR,
	}
	if p.FuoriTermine {
		righe = append(righe, "Il pagamento è arrivato fuori termine.")
	}
	return pagamenti.Documento{
		NomeFile: "ricevuta-" + p.NAV + ".txt", TipoMIME: "text/plain; charset=utf-8",
		Contenuto: []byte(strings.Join(righe, "\n") + "\n"),
	}, nil
}
