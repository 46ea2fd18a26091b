package interno

import (
	"context"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// Annulla implements protocollo.Annullatore. The entry stays, with its number
// and all its data, and carries the mark with the register's date.
func (r *Registro) Annulla(ctx context.Context, e protocollo.Estremi, a protocollo.Annullamento) (protocollo.Registrazione, error) {
	const op = "protocollo.Annulla"
	if err := a.Verifica(); err != nil {
		return protocollo.Registrazione{}, err
	}
	return r.varia(ctx, op, e, func(reg *protocollo.Registrazione, ora time.Time) error {
		if reg.Annullata != nil {
			return guasto.Nuovo(guasto.GiaFatto, op, "gia_annullata", nil)
		}
		a.Data = ora
		reg.Annullata = &a
		return nil
	})
}

// Riclassifica implements protocollo.Riclassificatore. An annulled entry does not
// change any more: error of class Permanente, code "annullata".
func (r *Registro) Riclassifica(ctx context.Context, e protocollo.Estremi, classifica, operatore string) (protocollo.Registrazione, error) {
	return r.modifica(ctx, "protocollo.Riclassifica", e, "classifica", classifica, operatore,
		func(reg *protocollo.Registrazione) *string { return &reg.Classifica })
}

// Riassegna implements protocollo.Riclassificatore, as Riclassifica does.
func (r *Registro) Riassegna(ctx context.Context, e protocollo.Estremi, ufficio, operatore string) (protocollo.Registrazione, error) {
	return r.modifica(ctx, "protocollo.Riassegna", e, "ufficio", ufficio, operatore,
		func(reg *protocollo.Registrazione) *string { return &reg.Ufficio })
}

// massimoModifiche keeps an entry within the bounds of the Cassetto.
const massimoModifiche = 200

func (r *Registro) modifica(ctx context.Context, op string, e protocollo.Estremi, campo, valore, operatore string,
	di func(*protocollo.Registrazione) *string) (protocollo.Registrazione, error) {
	var problemi protocollo.Problemi
	for _, c := range []struct{ campo, valore string }{{campo, valore}, {"operatore", operatore}} {
		switch {
		case c.valore == "":
			problemi = append(problemi, protocollo.Problema{Codice: protocollo.CodiceMancante, Campo: c.campo})
		case len(c.valore) > protocollo.MassimoCodice:
			problemi = append(problemi, protocollo.Problema{Codice: protocollo.CodiceTroppoLungo, Campo: c.campo, Massimo: protocollo.MassimoCodice})
		}
	}
	if len(problemi) > 0 {
		return protocollo.Registrazione{}, problemi
	}
	return r.varia(ctx, op, e, func(reg *protocollo.Registrazione, ora time.Time) error {
		posto := di(reg)
		switch {
		case reg.Annullata != nil:
			return guasto.Nuovo(guasto.Permanente, op, "annullata", nil)
		case *posto == valore:
			return guasto.Nuovo(guasto.GiaFatto, op, "gia_modificata", nil)
		case len(reg.Modifiche) >= massimoModifiche:
			return guasto.Nuovo(guasto.Permanente, op, "troppe_modifiche", nil)
		}
		reg.Modifiche = append(reg.Modifiche, protocollo.Modifica{Campo: campo, Da: *posto, A: valore, Operatore: operatore, Data: ora})
		*posto = valore
		return nil
	})
}

// varia rewrites one entry and lists it among the variations of the day.
func (r *Registro) varia(ctx context.Context, op string, e protocollo.Estremi,
	fn func(*protocollo.Registrazione, time.Time) error) (protocollo.Registrazione, error) {
	var esito protocollo.Registrazione
	err := r.transazione(ctx, op, e.Ente, func(tx cassetto.Tx) error {
		chiave, ok := r.chiaveDi(e)
		if !ok {
			return protocollo.ErrNonTrovato
		}
		v, err := r.leggiVoce(tx, chiave)
		if err != nil {
			return err
		}
		ora := r.orologio().UTC().Round(0)
		if ora.Before(v.Registrazione.Data) { // nothing happens to an entry before it is there
			ora = v.Registrazione.Data
		}
		if err := fn(&v.Registrazione, ora); err != nil {
			return err
		}
		if err := r.scriviVoce(tx, chiave, v); err != nil {
			return err
		}
		esito = v.Registrazione
		return tx.Scrivi(tabellaVariazione, r.serie()+"/"+termini.GiornoDi(ora).String()+"/"+chiave, []byte(presenza))
	})
	if err != nil {
		return protocollo.Registrazione{}, err
	}
	return esito, nil
}
