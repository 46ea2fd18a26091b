package interno

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

const opRegistra = "protocollo.Registra"

// Registra implements protocollo.Registro. It is idempotent: a Correlazione
// already registered gives protocollo.GiaRegistrata, annulled or not; if the
// main document is not the same, a Permanente error with code
// "correlazione_discorde", because that number belongs to other bytes. An entry
// too large for the Cassetto is refused with code "troppo_grande".
//
// A fascicolo with a Chiave is opened in the same transaction if it is not
// there; without a Chiave it is kept as given.
func (r *Registro) Registra(ctx context.Context, q protocollo.Richiesta) (protocollo.Registrazione, error) {
	if err := r.Capacita().Verifica(q); err != nil {
		return protocollo.Registrazione{}, err
	}
	var esito protocollo.Registrazione
	err := r.transazione(ctx, opRegistra, q.Ente, func(tx cassetto.Tx) error {
		if err := r.giaRegistrata(tx, q); err != nil {
			return err
		}
		u, err := r.prossimo(tx, r.orologio())
		if err != nil {
			return err
		}
		esito, err = r.iscrivi(tx, q, u)
		return err
	})
	if err != nil {
		return protocollo.Registrazione{}, err
	}
	return esito, nil
}

func (r *Registro) giaRegistrata(tx cassetto.Tx, q protocollo.Richiesta) error {
	var chiave string
	err := cassetto.LeggiJSON(tx, tabellaCorrelazione, r.serie()+"/"+q.Correlazione, &chiave)
	if errors.Is(err, cassetto.ErrAssente) {
		return nil
	}
	if err != nil {
		return err
	}
	v, err := r.leggiVoce(tx, chiave)
	if err != nil {
		return err
	}
	if len(v.Documenti) == 0 || v.Documenti[0].Impronta != q.Principale.Impronta {
		return guasto.Nuovo(guasto.Permanente, opRegistra, "correlazione_discorde", nil)
	}
	return protocollo.GiaRegistrata{Registrazione: v.Registrazione}
}

// prossimo moves the series on by one.
func (r *Registro) prossimo(tx cassetto.Tx, ora time.Time) (ultimo, error) {
	var u ultimo
	if err := cassetto.LeggiJSON(tx, tabellaUltimo, r.serie(), &u); err != nil && !errors.Is(err, cassetto.ErrAssente) {
		return ultimo{}, err
	}
	data, err := r.data(u, ora)
	if err != nil {
		return ultimo{}, err
	}
	if anno := termini.Anno(data); anno != u.Anno {
		u.Anno, u.Numero = anno, 0
	}
	u.Numero++
	u.Data = data
	return u, cassetto.ScriviJSON(tx, tabellaUltimo, r.serie(), u)
}

// data gives the date of the next entry: now, but never before the last one.
func (r *Registro) data(u ultimo, ora time.Time) (time.Time, error) {
	ora = ora.UTC().Round(0)
	if !ora.Before(u.Data) {
		return ora, nil
	}
	if u.Data.Sub(ora) > r.tolleranza {
		return time.Time{}, guasto.Nuovo(guasto.Configurazione, opRegistra, "orologio_indietro", nil)
	}
	return u.Data, nil
}

func (r *Registro) iscrivi(tx cassetto.Tx, q protocollo.Richiesta, u ultimo) (protocollo.Registrazione, error) {
	numero := fmt.Sprintf("%07d", u.Numero)
	reg := protocollo.Registrazione{
		Estremi: protocollo.Estremi{Ente: q.Ente, AOO: r.aoo, Registro: r.registro,
			Anno: u.Anno, Numero: numero, Data: u.Data},
		Correlazione: q.Correlazione, Direzione: q.Direzione, Oggetto: q.Oggetto,
		Mittente: q.Mittente, Destinatari: slices.Clone(q.Destinatari),
		DataPresentazione: q.DataPresentazione.UTC().Round(0),
		Classifica:        q.Classifica, Ufficio: q.Ufficio, Riferimenti: slices.Clone(q.Riferimenti),
		Impronte: map[string]protocollo.Impronta{},
	}
	if q.DataPresentazione.IsZero() {
		reg.DataPresentazione = time.Time{}
	}
	if q.Fascicolo != nil {
		f, err := r.fascicoloDi(tx, q, u.Anno)
		if err != nil {
			return protocollo.Registrazione{}, err
		}
		reg.Fascicolo = &f
	}
	documenti := q.Documenti()
	if len(q.Allegati) > 0 {
		reg.Allegati = map[string]string{}
	}
	for i, d := range documenti {
		id := fmt.Sprintf("%d-%s-%d", u.Anno, numero, i)
		reg.Impronte[d.ID] = d.Impronta
		if i == 0 {
			reg.IDDocumento = id
			continue
		}
		reg.Allegati[d.ID] = id
	}
	chiave := chiaveVoce(u.Anno, u.Numero)
	if err := cassetto.InserisciJSON(tx, tabellaVoce, r.serie()+"/"+chiave, voce{reg, documenti}); err != nil {
		return protocollo.Registrazione{}, err
	}
	if err := cassetto.InserisciJSON(tx, tabellaCorrelazione, r.serie()+"/"+q.Correlazione, chiave); err != nil {
		return protocollo.Registrazione{}, err
	}
	return reg, tx.Inserisci(tabellaGiorno, r.serie()+"/"+termini.GiornoDi(u.Data).String()+"/"+chiave, []byte(presenza))
}
