package interno

import (
	"context"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// MassimoGiornale bounds the entries of one day that Giornale lists.
const MassimoGiornale = 100_000

// Giornale is the daily register (registro giornaliero) as data: what was
// registered on one day of Europe/Rome, and what was changed or annulled on it.
// AgID guidelines on the documento informatico, 3.1.6: it goes to preservation
// within the next working day.
type Giornale struct {
	Ente     string         `json:"ente"`
	AOO      string         `json:"aoo"`
	Registro string         `json:"registro"`
	Giorno   termini.Giorno `json:"giorno"`
	Primo    string         `json:"primo,omitempty"` // first number of the day
	Ultimo   string         `json:"ultimo,omitempty"`
	// Registrazioni are in the order of their numbers, as they are now.
	Registrazioni []protocollo.Registrazione `json:"registrazioni"`
	// Variate are the entries, of that day or of another, reclassified,
	// reassigned or annulled on that day.
	Variate []protocollo.Registrazione `json:"variate"`
}

// Giornale lists one day. A day without entries gives empty lists. More than
// MassimoGiornale entries are an error of class Permanente, code "troppe_voci".
func (r *Registro) Giornale(ctx context.Context, ente string, giorno termini.Giorno) (Giornale, error) {
	g := Giornale{Ente: ente, AOO: r.aoo, Registro: r.registro, Giorno: giorno}
	if giorno.IsZero() {
		return Giornale{}, protocollo.Problemi{{Codice: protocollo.CodiceMancante, Campo: "giorno"}}
	}
	err := r.lettura(ctx, "protocollo.Giornale", ente, func(tx cassetto.Tx) error {
		var err error
		if g.Registrazioni, err = r.delGiorno(ctx, tx, tabellaGiorno, giorno); err != nil {
			return err
		}
		g.Variate, err = r.delGiorno(ctx, tx, tabellaVariazione, giorno)
		return err
	})
	if err != nil {
		return Giornale{}, err
	}
	if n := len(g.Registrazioni); n > 0 {
		g.Primo, g.Ultimo = g.Registrazioni[0].Numero, g.Registrazioni[n-1].Numero
	}
	return g, nil
}

func (r *Registro) delGiorno(ctx context.Context, tx cassetto.Tx, tabella string, giorno termini.Giorno) ([]protocollo.Registrazione, error) {
	voci := []protocollo.Registrazione{}
	err := r.scorri(ctx, tx, tabella, r.serie()+"/"+giorno.String()+"/", "", func(chiave string) (bool, error) {
		if len(voci) == MassimoGiornale {
			return false, guasto.Nuovo(guasto.Permanente, "protocollo.Giornale", "troppe_voci", nil)
		}
		v, err := r.leggiVoce(tx, chiave)
		voci = append(voci, v.Registrazione)
		return true, err
	})
	return voci, err
}
