package pagamentitest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

func controllaAnnulla(ctx context.Context, b Banco) error {
	d, p, err := b.creata(ctx)
	if err != nil {
		return err
	}
	for range 2 {
		a, err := b.Tramite.Annulla(ctx, d.Ente, d.ID)
		if err := errors.Join(err, stessa(p, a), stato(a, pagamenti.Annullato)); err != nil {
			return fmt.Errorf("Annulla: %w", err)
		}
	}
	letta, err := b.Tramite.Stato(ctx, d.Ente, d.ID)
	if err := errors.Join(err, stato(letta, pagamenti.Annullato)); err != nil {
		return fmt.Errorf("Stato dopo Annulla: %w", err)
	}
	ricreata, err := b.Tramite.Crea(ctx, d)
	if err := errors.Join(err, stessa(p, ricreata), stato(ricreata, pagamenti.Annullato)); err != nil {
		return fmt.Errorf("Crea di una annullata deve darla com'è: %w", err)
	}
	return nil
}

// pagata makes a position and has it paid.
func (b Banco) pagata(ctx context.Context) (pagamenti.Dovuto, pagamenti.Posizione, error) {
	if b.Paga == nil {
		return pagamenti.Dovuto{}, pagamenti.Posizione{}, ErrNonProvato
	}
	d, _, err := b.creata(ctx)
	if err != nil {
		return d, pagamenti.Posizione{}, err
	}
	if err := b.Paga(ctx, d.Ente, d.ID); err != nil {
		return d, pagamenti.Posizione{}, fmt.Errorf("il banco non paga: %w", err)
	}
	p, err := b.Tramite.Stato(ctx, d.Ente, d.ID)
	return d, p, errors.Join(err, stato(p, pagamenti.Pagato))
}

func controllaPaga(ctx context.Context, b Banco) error {
	d, p, err := b.pagata(ctx)
	if err != nil {
		return err
	}
	switch {
	case p.Pagata.IsZero() || p.Pagata.Location() != time.UTC:
		return errors.New("istante del pagamento assente o non UTC")
	case p.Esito.IUR == "" && p.Esito.Ricevuta == "":
		return errors.New("nessun riferimento (IUR, ricevuta) della riscossione")
	case p.FuoriTermine || p.DoppioPagamento:
		return errors.New("pagamento regolare segnato come fuori termine o doppio")
	}
	ricreata, err := b.Tramite.Crea(ctx, d)
	return errors.Join(err, forma(p, d), stessa(p, ricreata), stato(ricreata, pagamenti.Pagato))
}

func controllaAnnullaPagata(ctx context.Context, b Banco) error {
	d, p, err := b.pagata(ctx)
	if err != nil {
		return err
	}
	a, err := b.Tramite.Annulla(ctx, d.Ente, d.ID)
	if err := classe(err, guasto.GiaFatto, pagamenti.ErrPagato); err != nil {
		return fmt.Errorf("Annulla di una pagata: %w", err)
	}
	letta, err := b.Tramite.Stato(ctx, d.Ente, d.ID)
	return errors.Join(err, stessa(p, a), stato(a, pagamenti.Pagato), stato(letta, pagamenti.Pagato))
}

func controllaMonotonia(ctx context.Context, b Banco) error {
	if b.Fallisci == nil {
		return ErrNonProvato
	}
	d, p, err := b.pagata(ctx)
	if err != nil {
		return err
	}
	// A bench may refuse to fail or expire what is paid: only the state counts.
	errFallisci := b.Fallisci(ctx, d.Ente, d.ID)
	var errScadi error
	if b.Scadi != nil {
		errScadi = b.Scadi(ctx, d.Ente, d.ID)
	}
	letta, err := b.Tramite.Stato(ctx, d.Ente, d.ID)
	if err := errors.Join(err, stato(letta, pagamenti.Pagato)); err != nil {
		return errors.Join(err, errFallisci, errScadi)
	}
	if letta.Esito.IUR != p.Esito.IUR || !letta.Pagata.Equal(p.Pagata) {
		return errors.New("gli estremi del pagamento sono cambiati")
	}
	return nil
}

func controllaRitenta(ctx context.Context, b Banco) error {
	if b.Fallisci == nil || b.Paga == nil {
		return ErrNonProvato
	}
	d, p, err := b.creata(ctx)
	if err != nil {
		return err
	}
	if err := b.Fallisci(ctx, d.Ente, d.ID); err != nil {
		return fmt.Errorf("il banco non fallisce: %w", err)
	}
	f, err := b.Tramite.Stato(ctx, d.Ente, d.ID)
	if err := errors.Join(err, stessa(p, f), stato(f, pagamenti.Fallito, pagamenti.InAttesa)); err != nil {
		return err
	}
	if err := b.Paga(ctx, d.Ente, d.ID); err != nil {
		return fmt.Errorf("dopo un tentativo fallito non si può pagare: %w", err)
	}
	letta, err := b.Tramite.Stato(ctx, d.Ente, d.ID)
	return errors.Join(err, stessa(p, letta), stato(letta, pagamenti.Pagato))
}

func controllaFuoriTermine(ctx context.Context, b Banco) error {
	if b.Paga == nil {
		return ErrNonProvato
	}
	chiudi := map[pagamenti.Stato]func(ctx context.Context, ente, id string) error{
		pagamenti.Annullato: func(ctx context.Context, ente, id string) error {
			_, err := b.Tramite.Annulla(ctx, ente, id)
			return err
		},
	}
	if b.Scadi != nil {
		chiudi[pagamenti.Scaduto] = b.Scadi
	}
	for come, fai := range chiudi {
		d := b.dovuto(b.Ente, map[pagamenti.Stato]string{pagamenti.Annullato: "2", pagamenti.Scaduto: "3"}[come])
		if _, err := b.Tramite.Crea(ctx, d); err != nil {
			return err
		}
		if err := fai(ctx, d.Ente, d.ID); err != nil {
			return fmt.Errorf("%s: %w", come, err)
		}
		p, err := b.Tramite.Stato(ctx, d.Ente, d.ID)
		if err := errors.Join(err, stato(p, come)); err != nil {
			return err
		}
		if err := b.Paga(ctx, d.Ente, d.ID); err != nil {
			return fmt.Errorf("pagamento arrivato su %s: %w", come, err)
		}
		p, err = b.Tramite.Stato(ctx, d.Ente, d.ID)
		if err := errors.Join(err, stato(p, pagamenti.Pagato)); err != nil {
			return err
		}
		if !p.FuoriTermine {
			return fmt.Errorf("pagamento su %s non segnato fuori termine", come)
		}
	}
	return nil
}

func controllaRiservatezza(ctx context.Context, b Banco) error {
	d, p, err := b.creata(ctx)
	if err != nil {
		return err
	}
	testo, err := json.Marshal(p)
	if err != nil {
		return err
	}
	tutti := []error{riservato("la posizione", string(testo), d)}
	diverso, sbagliato := d, d
	diverso.Importo, diverso.Voci = d.Importo.Add(decimal.New(100, -2)), nil
	sbagliato.Causale = d.Pagatore.Nome + " " + d.Pagatore.CodiceFiscale
	for _, q := range []pagamenti.Dovuto{diverso, sbagliato} {
		if _, err := b.Tramite.Crea(ctx, q); err != nil {
			tutti = append(tutti, riservato("un errore", err.Error(), d))
		} else {
			tutti = append(tutti, errors.New("Crea ha accettato un dovuto da rifiutare"))
		}
	}
	return errors.Join(tutti...)
}

func controllaRicevuta(ctx context.Context, b Banco) error {
	r, ok := b.Tramite.(pagamenti.Ricevutatore)
	if !ok || b.Paga == nil {
		return ErrNonProvato
	}
	d, _, err := b.creata(ctx)
	if err != nil {
		return err
	}
	_, err = r.Ricevuta(ctx, d.Ente, d.ID)
	if err := classe(err, guasto.Permanente, pagamenti.ErrDocumento); err != nil {
		return fmt.Errorf("ricevuta prima del pagamento: %w", err)
	}
	_, err = r.Ricevuta(ctx, d.Ente, idBase+"9")
	if err := classe(err, guasto.Permanente, pagamenti.ErrIgnota); err != nil {
		return fmt.Errorf("ricevuta di una ignota: %w", err)
	}
	if err := b.Paga(ctx, d.Ente, d.ID); err != nil {
		return err
	}
	doc, err := r.Ricevuta(ctx, d.Ente, d.ID)
	return errors.Join(err, documento(doc, d))
}

func controllaAvviso(ctx context.Context, b Banco) error {
	a, ok := b.Tramite.(pagamenti.Avvisatore)
	if !ok {
		return ErrNonProvato
	}
	d, _, err := b.creata(ctx)
	if err != nil {
		return err
	}
	_, err = a.Avviso(ctx, d.Ente, idBase+"9")
	if err := classe(err, guasto.Permanente, pagamenti.ErrIgnota); err != nil {
		return fmt.Errorf("avviso di una ignota: %w", err)
	}
	doc, err := a.Avviso(ctx, d.Ente, d.ID)
	return errors.Join(err, documento(doc, d))
}

func documento(doc pagamenti.Documento, d pagamenti.Dovuto) error {
	if doc.NomeFile == "" || doc.TipoMIME == "" || len(doc.Contenuto) == 0 || len(doc.Contenuto) > pagamenti.MassimoDocumento {
		return errors.New("documento senza nome, tipo o contenuto, o troppo grande")
	}
	return riservato("il nome del file", doc.NomeFile, d)
}
