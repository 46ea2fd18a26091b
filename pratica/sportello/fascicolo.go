package sportello

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

const tabellaFascicoli = "sportello.fascicoli"

// voceFascicolo is what the store knows of a fascicolo: the fascicolo, or who
// is opening it and until when that is believed.
type voceFascicolo struct {
	Fascicolo *protocollo.Fascicolo `json:"fascicolo,omitempty"`
	Apre      string                `json:"apre,omitempty"`
	Fino      time.Time             `json:"fino,omitzero"`
}

// fascicolo gives the fascicolo in which the documents of a pratica go, opening
// it where it is not there. The year is that of the presentation in Europe/Rome:
// a pratica decided in another year stays where it began.
func (s *Sportello) fascicolo(ctx context.Context, p *pratica.Pratica, sv *servizio.Servizio, cfg servizio.Protocollo) (*protocollo.Fascicolo, error) {
	anno := termini.Anno(p.PresentataIl)
	f := protocollo.Fascicolo{Classifica: cfg.Classifica, Anno: anno}
	switch cfg.Fascicolo {
	case servizio.Fisso:
		f.Codice = cfg.CodiceFascicolo
		return &f, nil
	case servizio.PerPratica:
		f.Chiave, f.Oggetto = "pratica/"+string(p.ID), fmt.Sprintf("%s - n. %s", sv.Nome(), p.Numero)
	default:
		f.Chiave, f.Oggetto = fmt.Sprintf("%s/%d", p.Servizio, anno), fmt.Sprintf("%s - anno %d", sv.Nome(), anno)
	}
	fas, ok := s.c.Registro.(protocollo.Fascicolatore)
	if !ok || !s.c.Registro.Capacita().Fascicoli {
		return &f, nil // the registry makes do with our key
	}
	chi := s.c.NuovoID()
	noto, err := s.impegna(ctx, p.Ente, f.Chiave, chi)
	if err != nil || noto != nil {
		return noto, err
	}
	aperto, err := s.apriFascicolo(ctx, fas, p.Ente, f)
	if err != nil {
		s.lascia(ctx, p.Ente, f.Chiave, chi, err)
		return nil, err
	}
	aperto.Chiave = f.Chiave
	err = s.c.Store.Transazione(ctx, p.Ente, func(tx cassetto.Tx) error {
		return cassetto.ScriviJSON(tx, tabellaFascicoli, f.Chiave, voceFascicolo{Fascicolo: &aperto})
	})
	if err != nil {
		return nil, transitorio("sportello.fascicolo", err)
	}
	return &aperto, nil
}

// apriFascicolo looks before it opens: an earlier call may have been answered
// to nobody.
func (s *Sportello) apriFascicolo(ctx context.Context, fas protocollo.Fascicolatore, ente string, f protocollo.Fascicolo) (protocollo.Fascicolo, error) {
	if !s.c.Registro.Capacita().FascicoliUnici {
		trovato, err := fas.TrovaFascicolo(ctx, ente, f.Chiave)
		if err == nil || !errors.Is(err, protocollo.ErrNonTrovato) {
			return trovato, senzaEffetto(err)
		}
	}
	aperto, err := fas.CreaFascicolo(ctx, ente, f)
	return aperto, senzaEffetto(err)
}

// senzaEffetto: an unknown outcome around a fascicolo is not one of the
// registration that waits for it; the next attempt looks for the fascicolo first.
func senzaEffetto(err error) error {
	if guasto.Di(err) == guasto.EsitoIgnoto {
		return guasto.Nuovo(guasto.Transitorio, "protocollo.Fascicolo", "senza_risposta", err)
	}
	return err
}

// impegna gives the fascicolo if it is known, or makes this worker the only one
// that may open it: at midnight of 1 January many pratiche want the new one.
func (s *Sportello) impegna(ctx context.Context, ente, chiave, chi string) (*protocollo.Fascicolo, error) {
	ora := s.ora()
	var v voceFascicolo
	err := s.c.Store.Transazione(ctx, ente, func(tx cassetto.Tx) error {
		v = voceFascicolo{}
		err := cassetto.LeggiJSON(tx, tabellaFascicoli, chiave, &v)
		if err != nil && !errors.Is(err, cassetto.ErrAssente) {
			return err
		}
		if v.Fascicolo != nil || v.Apre != "" && ora.Before(v.Fino) {
			return nil
		}
		v = voceFascicolo{Apre: chi, Fino: ora.Add(s.c.Lavoro.Durata)}
		return cassetto.ScriviJSON(tx, tabellaFascicoli, chiave, v)
	})
	switch {
	case err != nil:
		return nil, transitorio("sportello.fascicolo", err)
	case v.Fascicolo != nil:
		return v.Fascicolo, nil
	case v.Apre != chi:
		return nil, &Rinvio{Fino: ora.Add(min(s.c.Lavoro.Intervallo, time.Second)), Motivo: "fascicolo in apertura"}
	default:
		return nil, nil //nolint:nilnil // nobody has it: it is ours to open
	}
}

// lascia lets somebody else open the fascicolo after a clear failure. Where the
// outcome is unknown the claim stays until it ends by itself; one that somebody
// else has taken since is not touched.
func (s *Sportello) lascia(ctx context.Context, ente, chiave, chi string, causa error) {
	var g *guasto.Errore
	if errors.As(causa, &g) && g.Codice == "senza_risposta" {
		return
	}
	err := s.c.Store.Transazione(context.WithoutCancel(ctx), ente, func(tx cassetto.Tx) error {
		var v voceFascicolo
		err := cassetto.LeggiJSON(tx, tabellaFascicoli, chiave, &v)
		if errors.Is(err, cassetto.ErrAssente) || err == nil && (v.Fascicolo != nil || v.Apre != chi) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.Elimina(tabellaFascicoli, chiave)
	})
	if err != nil {
		s.c.Logger.WarnContext(ctx, "apertura del fascicolo non rilasciata", "errore", testoGuasto(err))
	}
}
