package protocollotest

import (
	"context"
	"errors"
	"slices"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// errSimulato is the cause of every scripted failure.
var errSimulato = errors.New("protocollotest: guasto simulato")

func fallito(op Operazione, c guasto.Classe, codice string) error {
	return guasto.Nuovo(c, "protocollo."+string(op), codice, errSimulato)
}

// registra is Registra under the script.
func (f *Finto) registra(ctx context.Context, r protocollo.Richiesta) (reg protocollo.Registrazione, err error) {
	n, p := f.inizia(OpRegistra, r.Ente, r.Correlazione)
	defer func() { f.finisci(n, err) }()
	if err := f.capacita().Verifica(r); err != nil {
		return protocollo.Registrazione{}, err
	}
	if err := guasto.DaContesto(ctx, "protocollo.Registra", false); err != nil {
		return protocollo.Registrazione{}, err
	}
	if f.copione.Idempotente {
		if gia, ok := f.giaNumerata(r); ok {
			return protocollo.Registrazione{}, protocollo.GiaRegistrata{Registrazione: gia}
		}
	}
	return f.recita(ctx, n, p, r)
}

func (f *Finto) giaNumerata(r protocollo.Richiesta) (protocollo.Registrazione, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.effetti {
		if e.Correlazione == r.Correlazione && e.Registrazione.Ente == r.Ente {
			return e.Registrazione.Clone(), true
		}
	}
	return protocollo.Registrazione{}, false
}

func (f *Finto) recita(ctx context.Context, n int, p Passo, r protocollo.Richiesta) (protocollo.Registrazione, error) {
	var nulla protocollo.Registrazione
	switch p.Guasto {
	case PrimaEffetto:
		return nulla, prima(OpRegistra, p)
	case DopoEffetto:
		_, err := f.numera(n, r, p.Guasto, true)
		return nulla, persa(OpRegistra, err)
	case Blocco:
		if p.ConEffetto {
			if _, err := f.numera(n, r, p.Guasto, true); err != nil {
				return nulla, err
			}
		}
		<-ctx.Done()
		return nulla, guasto.DaContesto(ctx, "protocollo.Registra", true)
	case Doppio:
		reg, err := f.numera(n, r, Nessuno, true)
		if err == nil {
			_, err = f.numera(n, r, Doppio, true)
		}
		return reg, err
	case Ritardo:
		f.rimanda(n, p, func() { _, _ = f.numera(n, r, Ritardo, true) }) // nobody is there to hear its error
		return nulla, fallito(OpRegistra, guasto.EsitoIgnoto, "tempo_scaduto")
	case Parziale:
		reg, err := f.numera(n, r, p.Guasto, false)
		if err != nil || len(r.Allegati) == 0 {
			return reg, err
		}
		mancanti := make([]string, 0, len(r.Allegati))
		for _, a := range r.Allegati {
			mancanti = append(mancanti, a.ID)
		}
		return nulla, protocollo.Parziale{Registrazione: reg, Mancanti: mancanti, Causa: errSimulato}
	case Spazzatura:
		reg, err := f.numera(n, r, p.Guasto, true)
		if err != nil {
			return nulla, err
		}
		return f.guasta(reg), nil
	case Riordino:
		if err := f.aspettaUnAltro(ctx); err != nil {
			return nulla, err
		}
		return f.numera(n, r, p.Guasto, true)
	default:
		return f.numera(n, r, Nessuno, true)
	}
}

func prima(op Operazione, p Passo) error {
	c := p.Classe
	if c == "" {
		c = guasto.Transitorio
	}
	return fallito(op, c, "prima_effetto")
}

func persa(op Operazione, err error) error {
	if err != nil {
		return err
	}
	return fallito(op, guasto.EsitoIgnoto, "risposta_persa")
}

func (f *Finto) rimanda(n int, p Passo, fai func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pendenti = append(f.pendenti, pendente{quando: n + max(p.Dopo, 1), fai: fai})
}

// guasta gives an answer that cannot be that of the request.
func (f *Finto) guasta(reg protocollo.Registrazione) protocollo.Registrazione {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch f.caso.IntN(4) {
	case 0:
		reg.Numero = ""
	case 1:
		reg.Anno = 0
	case 2:
		reg.Correlazione = "di-un-altro"
	default:
		reg.Ente = ""
	}
	return reg
}

func (f *Finto) aspettaUnAltro(ctx context.Context) error {
	f.mu.Lock()
	numerati, maturato := f.numerati, f.maturato
	f.mu.Unlock()
	select {
	case <-numerati:
	case <-maturato:
	case <-ctx.Done():
		return guasto.DaContesto(ctx, "protocollo.Registra", true)
	}
	return nil
}

// trova gives the index of an effect, or -1. The lock is held.
func (f *Finto) trova(e protocollo.Estremi) int {
	return slices.IndexFunc(f.effetti, func(x Effetto) bool { return x.Registrazione.Stessi(e) })
}
