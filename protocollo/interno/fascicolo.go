package interno

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// TrovaFascicolo implements protocollo.Fascicolatore.
func (r *Registro) TrovaFascicolo(ctx context.Context, ente, chiave string) (protocollo.Fascicolo, error) {
	var f protocollo.Fascicolo
	err := r.lettura(ctx, "protocollo.TrovaFascicolo", ente, func(tx cassetto.Tx) error {
		err := cassetto.LeggiJSON(tx, tabellaFascicolo, r.aoo+"/"+chiave, &f)
		if errors.Is(err, cassetto.ErrAssente) {
			return protocollo.ErrNonTrovato
		}
		return err
	})
	return f, err
}

// CreaFascicolo implements protocollo.Fascicolatore: an atomic get-or-create on
// f.Chiave. A new fascicolo is numbered within its class and year, from 1
// (Allegato 5 of the AgID guidelines: Anno\Titolo\Classe\…\Progressivo), and its
// Codice is "anno/classifica/numero". f.Anno 0 is the year of the clock. One that
// is there is returned as it is, whatever else f says.
func (r *Registro) CreaFascicolo(ctx context.Context, ente string, f protocollo.Fascicolo) (protocollo.Fascicolo, error) {
	if f.Chiave == "" {
		return protocollo.Fascicolo{}, protocollo.Problemi{{Codice: protocollo.CodiceMancante, Campo: "fascicolo.chiave"}}
	}
	f.Codice, f.Numero = "", ""
	if err := f.Verifica(); err != nil {
		return protocollo.Fascicolo{}, err
	}
	var esito protocollo.Fascicolo
	err := r.transazione(ctx, "protocollo.CreaFascicolo", ente, func(tx cassetto.Tx) error {
		var err error
		esito, err = r.apri(tx, f, termini.Anno(r.orologio()))
		return err
	})
	if err != nil {
		return protocollo.Fascicolo{}, err
	}
	return esito, nil
}

// fascicoloDi gives the fascicolo of a request, opening it if its key is new.
func (r *Registro) fascicoloDi(tx cassetto.Tx, q protocollo.Richiesta, anno int) (protocollo.Fascicolo, error) {
	f := *q.Fascicolo
	if f.Chiave == "" {
		return f, nil
	}
	if f.Classifica == "" {
		f.Classifica = q.Classifica
	}
	return r.apri(tx, f, anno)
}

// apri keeps the code and number that f brings, if any: a fascicolo opened
// elsewhere does not take a number of this series.
func (r *Registro) apri(tx cassetto.Tx, f protocollo.Fascicolo, anno int) (protocollo.Fascicolo, error) {
	var gia protocollo.Fascicolo
	err := cassetto.LeggiJSON(tx, tabellaFascicolo, r.aoo+"/"+f.Chiave, &gia)
	if !errors.Is(err, cassetto.ErrAssente) {
		return gia, err
	}
	if f.Anno == 0 {
		f.Anno = anno
	}
	if f.Codice == "" && f.Numero == "" {
		n, err := cassetto.Conta(tx, tabellaNumero, fmt.Sprintf("%s/%04d/%s", r.aoo, f.Anno, f.Classifica))
		if err != nil {
			return protocollo.Fascicolo{}, err
		}
		f.Numero = strconv.FormatInt(n, 10)
		f.Codice = fmt.Sprintf("%d/%s/%d", f.Anno, f.Classifica, n)
	}
	return f, cassetto.InserisciJSON(tx, tabellaFascicolo, r.aoo+"/"+f.Chiave, f)
}
