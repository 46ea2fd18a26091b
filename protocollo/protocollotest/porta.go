package protocollotest

import (
	"context"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// Porta gives the registry to hand to the code under test, with the optional
// interfaces that Copione.Livello says and no others.
func (f *Finto) Porta() protocollo.Registro {
	nuda := porta{f}
	switch f.copione.Livello {
	case SoloRegistra:
		return nuda
	case ConCerca:
		return portaCerca{nuda}
	default:
		return portaCompleta{portaCerca{nuda}}
	}
}

type porta struct{ f *Finto }

func (p porta) Capacita() protocollo.Capacita { return p.f.capacita() }

func (p porta) Registra(ctx context.Context, r protocollo.Richiesta) (protocollo.Registrazione, error) {
	return p.f.registra(ctx, r)
}

func (f *Finto) capacita() protocollo.Capacita {
	c := f.copione.Limiti
	completo := f.copione.Livello == Completo
	_, annulla := f.registro.(protocollo.Annullatore)
	_, fascicoli := f.registro.(protocollo.Fascicolatore)
	c.Cerca = f.copione.Livello != SoloRegistra
	c.CercaAffidabile = c.Cerca && !f.copione.CercaInaffidabile
	c.Idempotente = f.copione.Idempotente
	c.AllegatiNellaChiamata = true
	c.AllegatiDopo, c.Legge = completo, completo
	c.Annulla = completo && annulla
	c.Fascicoli = completo && fascicoli
	c.FascicoliUnici = c.Fascicoli && f.registro.Capacita().FascicoliUnici
	c.Riclassifica, c.Predispone = false, false
	return c
}

// recitaAltra runs one scripted call that is not Registra. Reads have no effect to
// lose: for them DopoEffetto is a failure like another.
func (f *Finto) recitaAltra(ctx context.Context, op Operazione, ente, token string, fai func(Guasto) error) (err error) {
	n, p := f.inizia(op, ente, token)
	defer func() { f.finisci(n, err) }()
	if err := guasto.DaContesto(ctx, "protocollo."+string(op), false); err != nil {
		return err
	}
	scrive := op == OpCrea || op == OpAnnulla || op == OpAllega
	switch p.Guasto {
	case PrimaEffetto:
		return prima(op, p)
	case DopoEffetto:
		if !scrive {
			return prima(op, p)
		}
		return persa(op, fai(p.Guasto))
	case Blocco:
		if scrive && p.ConEffetto {
			if err := fai(p.Guasto); err != nil {
				return err
			}
		}
		<-ctx.Done()
		return guasto.DaContesto(ctx, "protocollo."+string(op), scrive)
	case Ritardo:
		if !scrive {
			return fallito(op, guasto.Transitorio, "tempo_scaduto")
		}
		f.rimanda(n, p, func() { _ = fai(p.Guasto) }) // nobody is there to hear its error
		return fallito(op, guasto.EsitoIgnoto, "tempo_scaduto")
	default:
		return fai(p.Guasto)
	}
}

type portaCerca struct{ porta }

// Cerca implements protocollo.Cercatore.
func (p portaCerca) Cerca(ctx context.Context, c protocollo.Criteri) (trovate []protocollo.Registrazione, err error) {
	err = p.f.recitaAltra(ctx, OpCerca, c.Ente, c.Correlazione, func(g Guasto) error {
		if err := c.Verifica(); err != nil {
			return err
		}
		for _, e := range p.f.Effetti() {
			if len(trovate) < c.Limite() && c.Corrisponde(e.Registrazione) != (g == Spazzatura) {
				trovate = append(trovate, e.Registrazione)
			}
		}
		return nil
	})
	return trovate, err
}

type portaCompleta struct{ portaCerca }

var (
	_ protocollo.Cercatore     = portaCompleta{}
	_ protocollo.Lettore       = portaCompleta{}
	_ protocollo.Allegatore    = portaCompleta{}
	_ protocollo.Annullatore   = portaCompleta{}
	_ protocollo.Fascicolatore = portaCompleta{}
	_ protocollo.Pinger        = portaCompleta{}
)

// Ping implements protocollo.Pinger.
func (p portaCompleta) Ping(ctx context.Context) error {
	return p.f.recitaAltra(ctx, OpPing, "", "", func(Guasto) error { return nil })
}

// Leggi implements protocollo.Lettore.
func (p portaCompleta) Leggi(ctx context.Context, e protocollo.Estremi) (reg protocollo.Registrazione, err error) {
	err = p.f.recitaAltra(ctx, OpLeggi, e.Ente, "", func(Guasto) error {
		p.f.mu.Lock()
		defer p.f.mu.Unlock()
		i := p.f.trova(e)
		if i < 0 {
			return protocollo.ErrNonTrovato
		}
		reg = p.f.effetti[i].Registrazione.Clone()
		return nil
	})
	return reg, err
}

// Allega implements protocollo.Allegatore.
func (p portaCompleta) Allega(ctx context.Context, e protocollo.Estremi, d protocollo.Documento) (id string, err error) {
	err = p.f.recitaAltra(ctx, OpAllega, e.Ente, "", func(Guasto) error {
		p.f.mu.Lock()
		defer p.f.mu.Unlock()
		i := p.f.trova(e)
		if i < 0 {
			return protocollo.ErrNonTrovato
		}
		reg := p.f.effetti[i].Registrazione.Clone()
		if _, ok := reg.Allegati[d.ID]; ok {
			return guasto.Nuovo(guasto.GiaFatto, "protocollo.Allega", "gia_allegato", nil)
		}
		if reg.Allegati == nil {
			reg.Allegati = map[string]string{}
		}
		if reg.Impronte == nil {
			reg.Impronte = map[string]protocollo.Impronta{}
		}
		id = reg.IDDocumento + "+" + d.ID
		reg.Allegati[d.ID], reg.Impronte[d.ID] = id, d.Impronta
		p.f.effetti[i].Registrazione = reg
		return nil
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// Annulla implements protocollo.Annullatore.
func (p portaCompleta) Annulla(ctx context.Context, e protocollo.Estremi, a protocollo.Annullamento) (reg protocollo.Registrazione, err error) {
	err = p.f.recitaAltra(ctx, OpAnnulla, e.Ente, "", func(Guasto) error {
		sotto, ok := p.f.registro.(protocollo.Annullatore)
		if !ok {
			return guasto.Nuovo(guasto.NonSupportata, "protocollo.Annulla", "", nil)
		}
		p.f.mu.Lock()
		defer p.f.mu.Unlock()
		i := p.f.trova(e)
		if i < 0 {
			return protocollo.ErrNonTrovato
		}
		annullata, err := sotto.Annulla(context.WithoutCancel(ctx), p.f.effetti[i].Registrazione.Estremi, a)
		if err != nil {
			return err
		}
		p.f.effetti[i].Registrazione.Annullata = annullata.Annullata
		reg = p.f.effetti[i].Registrazione.Clone()
		return nil
	})
	if err != nil {
		return protocollo.Registrazione{}, err
	}
	return reg, nil
}

// TrovaFascicolo implements protocollo.Fascicolatore.
func (p portaCompleta) TrovaFascicolo(ctx context.Context, ente, chiave string) (f protocollo.Fascicolo, err error) {
	err = p.f.fascicolo(ctx, OpTrova, ente, func(sotto protocollo.Fascicolatore) error {
		var err error
		f, err = sotto.TrovaFascicolo(context.WithoutCancel(ctx), ente, chiave)
		return err
	})
	return f, err
}

// CreaFascicolo implements protocollo.Fascicolatore.
func (p portaCompleta) CreaFascicolo(ctx context.Context, ente string, nuovo protocollo.Fascicolo) (f protocollo.Fascicolo, err error) {
	err = p.f.fascicolo(ctx, OpCrea, ente, func(sotto protocollo.Fascicolatore) error {
		var err error
		f, err = sotto.CreaFascicolo(context.WithoutCancel(ctx), ente, nuovo)
		return err
	})
	if err != nil {
		return protocollo.Fascicolo{}, err
	}
	return f, nil
}

func (f *Finto) fascicolo(ctx context.Context, op Operazione, ente string, fai func(protocollo.Fascicolatore) error) error {
	return f.recitaAltra(ctx, op, ente, "", func(Guasto) error {
		sotto, ok := f.registro.(protocollo.Fascicolatore)
		if !ok {
			return guasto.Nuovo(guasto.NonSupportata, "protocollo."+string(op), "", nil)
		}
		return fai(sotto)
	})
}
