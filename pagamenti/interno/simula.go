package interno

import (
	"context"
	"fmt"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// Esito is what happens to a position in a simulation.
type Esito string

const (
	Avvia    Esito = "avvia"    // the payer opened the payment page
	Paga     Esito = "paga"     // the payer paid
	Fallisce Esito = "fallisce" // the attempt failed; it may be tried again
	Scade    Esito = "scade"    // the term passes now
)

// Simula makes an outcome happen: what the payment page of a demonstration
// calls. It is idempotent: the same outcome again changes nothing (no second
// collection) and tells Ricevente once more.
//
// Paga succeeds in every state, as money may arrive late: on an expired or
// cancelled position it is marked FuoriTermine. Any other outcome on a paid
// position fails with guasto.GiaFatto over pagamenti.ErrPagato and gives the
// paid position; on an expired or cancelled one it fails with guasto.Permanente
// and code "transizione". An unknown id fails with pagamenti.ErrIgnota, an
// unknown outcome with guasto.Permanente and code "esito". An error of Ricevente
// is returned beside the position, which is kept: call again to tell it again.
func (t *Tramite) Simula(ctx context.Context, ente, id string, esito Esito) (pagamenti.Posizione, error) {
	const operazione = "pagamenti/interno.Simula"
	stato, ok := map[Esito]pagamenti.Stato{
		Avvia: pagamenti.Avviato, Paga: pagamenti.Pagato, Fallisce: pagamenti.Fallito, Scade: pagamenti.Scaduto,
	}[esito]
	if !ok {
		return pagamenti.Posizione{}, guasto.Nuovo(guasto.Permanente, operazione, "esito", nil)
	}
	p, err := t.cambia(ctx, operazione, ente, id, func(p pagamenti.Posizione) (pagamenti.Posizione, error) {
		if p.Stato == stato {
			return p, nil
		}
		if p.Stato == pagamenti.Pagato {
			return p, pagamenti.GiaPagato(operazione)
		}
		if !p.Stato.PuoDiventare(stato) {
			return p, guasto.Nuovo(guasto.Permanente, operazione, "transizione", nil)
		}
		ora := t.c.Orologio().UTC()
		notizia := p
		notizia.Stato, notizia.Esito = stato, pagamenti.Esito{}
		switch esito {
		case Paga:
			iur := t.c.NuovoIUR()
			notizia.Pagata = ora
			notizia.Esito = pagamenti.Esito{PSP: "Pagamento simulato", Ricevuta: iur, IUR: iur, ImportoPagato: p.Importo}
		case Fallisce:
			notizia.Esito.Motivo = "simulato"
		case Scade:
			if ora.Before(p.Scadenza) {
				p.Scadenza, notizia.Scadenza = ora, ora
			}
		case Avvia:
		}
		p, _ = p.Concilia(notizia)
		return p, nil
	})
	if err != nil || t.c.Ricevente == nil {
		return p, err
	}
	if err := t.c.Ricevente(ctx, p); err != nil {
		return p, fmt.Errorf("%s: avviso al ricevente: %w", operazione, err)
	}
	return p, nil
}
