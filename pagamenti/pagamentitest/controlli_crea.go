package pagamentitest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

func controllaCrea(ctx context.Context, b Banco) error {
	d, p, err := b.creata(ctx)
	if err != nil {
		return err
	}
	letta, err := b.Tramite.Stato(ctx, d.Ente, d.ID)
	if err != nil {
		return fmt.Errorf("Stato dopo Crea: %w", err)
	}
	return errors.Join(forma(p, d), stato(p, pagamenti.InAttesa, pagamenti.DaCreare), stessa(p, letta), stato(letta, pagamenti.InAttesa, pagamenti.DaCreare))
}

func controllaIdempotenza(ctx context.Context, b Banco) error {
	d, p, err := b.creata(ctx)
	if err != nil {
		return err
	}
	ancora, err := b.Tramite.Crea(ctx, d)
	if err != nil {
		return fmt.Errorf("seconda Crea: %w", err)
	}
	return errors.Join(stessa(p, ancora), stato(ancora, pagamenti.InAttesa, pagamenti.DaCreare))
}

func controllaDiversa(ctx context.Context, b Banco) error {
	d, p, err := b.creata(ctx)
	if err != nil {
		return err
	}
	importo, causale := d, d
	importo.Importo, importo.Voci = d.Importo.Add(decimal.New(1, -2)), nil
	causale.Causale += " bis"
	var tutti []error
	for nome, altro := range map[string]pagamenti.Dovuto{"importo": importo, "causale": causale} {
		_, err := b.Tramite.Crea(ctx, altro)
		if err := classe(err, guasto.Permanente, pagamenti.ErrDiverso); err != nil {
			tutti = append(tutti, fmt.Errorf("Crea con altro importo o causale (%s): %w", nome, err))
		}
	}
	letta, err := b.Tramite.Stato(ctx, d.Ente, d.ID)
	return errors.Join(append(tutti, err, stessa(p, letta))...)
}

// quanti concurrent calls; enough to meet a check-then-act race.
const quanti = 8

func controllaConcorrenza(ctx context.Context, b Banco) error {
	d := b.dovuto(b.Ente, "1")
	var gruppo sync.WaitGroup
	var posizioni [quanti]pagamenti.Posizione
	var errori [quanti]error
	for i := range quanti {
		gruppo.Go(func() { posizioni[i], errori[i] = b.Tramite.Crea(ctx, d) })
	}
	gruppo.Wait()
	if err := errors.Join(errori[:]...); err != nil {
		return fmt.Errorf("Crea concorrente: %w", err)
	}
	for _, p := range posizioni {
		if err := stessa(posizioni[0], p); err != nil {
			return err
		}
	}
	return nil
}

func controllaNumeri(ctx context.Context, b Banco) error {
	var gruppo sync.WaitGroup
	var posizioni [quanti]pagamenti.Posizione
	var errori [quanti]error
	for i := range quanti {
		d := b.dovuto(b.Ente, string(rune('1'+i)))
		gruppo.Go(func() { posizioni[i], errori[i] = b.Tramite.Crea(ctx, d) })
	}
	gruppo.Wait()
	if err := errors.Join(errori[:]...); err != nil {
		return fmt.Errorf("Crea concorrente: %w", err)
	}
	visti := map[string]bool{}
	for _, p := range posizioni {
		for tipo, n := range map[string]string{"IUV": p.IUV, "NAV": p.NAV, "IUD": p.IUD, "URL": p.URLPagamento} {
			if n != "" && visti[tipo+n] {
				return fmt.Errorf("%s usato per due dovuti", tipo)
			}
			visti[tipo+n] = true
		}
	}
	return nil
}

func controllaNonValida(ctx context.Context, b Banco) error {
	d := b.dovuto(b.Ente, "1")
	d.Importo = decimal.Decimal{}
	_, err := b.Tramite.Crea(ctx, d)
	if err := classe(err, guasto.Permanente, pagamenti.ErrNonValido); err != nil {
		return fmt.Errorf("Crea con importo zero: %w", err)
	}
	_, err = b.Tramite.Stato(ctx, d.Ente, d.ID)
	return classe(err, guasto.Permanente, pagamenti.ErrIgnota)
}

func controllaIgnota(ctx context.Context, b Banco) error {
	var tutti []error
	for _, id := range []string{idBase + "9", "", strings.Repeat("x", 10_000)} {
		_, err := b.Tramite.Stato(ctx, b.Ente, id)
		_, errAnnulla := b.Tramite.Annulla(ctx, b.Ente, id)
		tutti = append(tutti, classe(err, guasto.Permanente, pagamenti.ErrIgnota), classe(errAnnulla, guasto.Permanente, pagamenti.ErrIgnota))
	}
	return errors.Join(tutti...)
}

func controllaEnti(ctx context.Context, b Banco) error {
	if b.AltroEnte == "" {
		return ErrNonProvato
	}
	d, _, err := b.creata(ctx)
	if err != nil {
		return err
	}
	_, err = b.Tramite.Stato(ctx, b.AltroEnte, d.ID)
	if err := classe(err, guasto.Permanente, pagamenti.ErrIgnota); err != nil {
		return fmt.Errorf("Stato da un altro ente: %w", err)
	}
	_, err = b.Tramite.Annulla(ctx, b.AltroEnte, d.ID)
	if err := classe(err, guasto.Permanente, pagamenti.ErrIgnota); err != nil {
		return fmt.Errorf("Annulla da un altro ente: %w", err)
	}
	p, err := b.Tramite.Stato(ctx, d.Ente, d.ID)
	return errors.Join(err, stato(p, pagamenti.InAttesa, pagamenti.DaCreare))
}

func controllaContesto(ctx context.Context, b Banco) error {
	finito, annulla := context.WithCancel(ctx)
	annulla()
	d := b.dovuto(b.Ente, "1")
	_, err := b.Tramite.Crea(finito, d)
	if err == nil {
		return errors.New("Crea ignora il contesto finito")
	}
	c := guasto.Di(err)
	if !errors.Is(err, context.Canceled) || c != guasto.Transitorio && c != guasto.EsitoIgnoto {
		return fmt.Errorf("Crea con contesto finito: classe %q, errore %w", c, err)
	}
	if _, err = b.Tramite.Stato(ctx, d.Ente, d.ID); c == guasto.Transitorio {
		if err := classe(err, guasto.Permanente, pagamenti.ErrIgnota); err != nil {
			return fmt.Errorf("un guasto transitorio ha avuto effetto: %w", err)
		}
	}
	if _, err = b.Tramite.Crea(ctx, d); err != nil {
		return fmt.Errorf("Crea ripetuta: %w", err)
	}
	_, err = b.Tramite.Stato(finito, d.Ente, d.ID)
	if err == nil {
		return errors.New("Stato ignora il contesto finito")
	}
	return nil
}
