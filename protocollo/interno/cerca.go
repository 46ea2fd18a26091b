package interno

import (
	"context"
	"errors"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// pagina is how many index records are read at a time.
const pagina = 500

// Leggi implements protocollo.Lettore.
func (r *Registro) Leggi(ctx context.Context, e protocollo.Estremi) (protocollo.Registrazione, error) {
	var v voce
	err := r.lettura(ctx, "protocollo.Leggi", e.Ente, func(tx cassetto.Tx) error {
		chiave, ok := r.chiaveDi(e)
		if !ok {
			return protocollo.ErrNonTrovato
		}
		var err error
		v, err = r.leggiVoce(tx, chiave)
		return err
	})
	if err != nil {
		return protocollo.Registrazione{}, err
	}
	return v.Registrazione, nil
}

// Cerca implements protocollo.Cercatore. An empty result is reliable.
func (r *Registro) Cerca(ctx context.Context, c protocollo.Criteri) ([]protocollo.Registrazione, error) {
	if err := c.Verifica(); err != nil {
		return nil, err
	}
	var trovate []protocollo.Registrazione
	err := r.lettura(ctx, "protocollo.Cerca", c.Ente, func(tx cassetto.Tx) error {
		trovate = nil
		prendi := func(v voce) bool {
			if c.Corrisponde(v.Registrazione) {
				trovate = append(trovate, v.Registrazione)
			}
			return len(trovate) < c.Limite()
		}
		if c.Correlazione != "" {
			return r.perToken(tx, c.Correlazione, prendi)
		}
		dal := termini.GiornoDi(c.Dal).String()
		return r.scorri(ctx, tx, tabellaGiorno, r.serie()+"/", dal, func(chiave string) (bool, error) {
			v, err := r.leggiVoce(tx, chiave)
			if err != nil {
				return false, err
			}
			if !c.Al.IsZero() && !v.Registrazione.Data.Before(c.Al) { // entries are in order of date
				return false, nil
			}
			return prendi(v), nil
		})
	})
	return trovate, err
}

func (r *Registro) perToken(tx cassetto.Tx, token string, prendi func(voce) bool) error {
	var chiave string
	err := cassetto.LeggiJSON(tx, tabellaCorrelazione, r.serie()+"/"+token, &chiave)
	if errors.Is(err, cassetto.ErrAssente) {
		return nil
	}
	if err != nil {
		return err
	}
	v, err := r.leggiVoce(tx, chiave)
	if err == nil {
		prendi(v)
	}
	return err
}

// scorri walks an index by day from a day (or from its beginning), and gives the
// key of each entry until avanti says stop.
func (r *Registro) scorri(ctx context.Context, tx cassetto.Tx, tabella, prefisso, dal string, avanti func(chiave string) (bool, error)) error {
	dopo := prefisso + dal
	for {
		if err := guasto.DaContesto(ctx, "protocollo.Cerca", false); err != nil {
			return err
		}
		voci, err := tx.Elenca(tabella, cassetto.Intervallo{Prefisso: prefisso, Dopo: dopo, Limite: pagina})
		if err != nil {
			return err
		}
		for _, x := range voci {
			chiave := strings.TrimPrefix(x.Chiave, prefisso)
			if i := strings.IndexByte(chiave, '/'); i == len("2006-01-02") {
				chiave = chiave[i+1:]
			}
			segue, err := avanti(chiave)
			if err != nil || !segue {
				return err
			}
		}
		if len(voci) < pagina {
			return nil
		}
		dopo = voci[len(voci)-1].Chiave
	}
}
