package pratica

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/bolli/cartacea"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// importoBollo is the value of one stamp: that of the service, or of the law.
func importoBollo(configurato decimal.Decimal, atto bolli.Atto, ora time.Time) (decimal.Decimal, error) {
	if configurato.IsPositive() {
		return configurato, nil
	}
	v, _, err := bolli.Importo(atto, termini.GiornoDi(ora))
	if err != nil {
		return decimal.Zero, &Errore{Codice: CodiceNonConfigurato, Causa: err}
	}
	return v, nil
}

// controllaBolli gives every mistake in the stamps given for one moment.
func controllaBolli(r bolli.Richiesto, forniti []bolli.Contrassegno, esenzione string, ora time.Time) []ErroreCampo {
	err := cartacea.Controlla(r, forniti, esenzione, termini.GiornoDi(ora))
	if err == nil {
		return nil
	}
	var nv *bolli.NonValido
	if !errors.As(err, &nv) {
		return []ErroreCampo{{"bolli", "bolli", "Controlla le marche da bollo."}}
	}
	campi := make([]ErroreCampo, len(nv.Problemi))
	for i, p := range nv.Problemi {
		campi[i] = ErroreCampo{"bolli." + p.Campo, p.Codice, p.Messaggio}
	}
	return campi
}

func richiesto(b Bollo, esenzioni []string) bolli.Richiesto {
	return bolli.Richiesto{Momento: bolli.Momento(b.Momento), Quantita: b.Quantita, Importo: b.Importo, EsenzioniAmmesse: esenzioni}
}

// bolloDaChiedere is the stamp that an approval must ask for, because nobody did before.
func bolloDaChiedere(x *contesto) *servizio.Bollo {
	b := x.s.BolloRilascio()
	if b == nil || slices.ContainsFunc(x.p.Bolli, func(b Bollo) bool { return b.Momento == AlRilascio }) {
		return nil
	}
	return b
}

func (d *decisione) chiediBollo(quantita int) error {
	b := d.s.BolloRilascio()
	importo, err := importoBollo(b.Importo, bolli.Provvedimento, d.ora)
	if err != nil {
		return err
	}
	if err := d.nuovoID(func(id string) bool {
		return slices.ContainsFunc(d.p.Bolli, func(b Bollo) bool { return b.ID == "bollo-"+id })
	}); err != nil {
		return err
	}
	d.inoltre(BolloRichiesto{ID: "bollo-" + d.c.ID, Momento: AlRilascio, Quantita: quantita, Importo: importo})
	return nil
}

func (d *decisione) richiediBollo(c RichiediBollo) error {
	if c.Quantita < 0 || c.Quantita > 20 {
		return nonValido(ErroreCampo{"quantita", "quantita", "Indica da 1 a 20 marche da bollo."})
	}
	if c.Quantita == 0 {
		c.Quantita = d.s.BolloRilascio().Quantita
	}
	return d.chiediBollo(c.Quantita)
}

func (d *decisione) fornisciBollo(c FornisciBollo) error {
	i := slices.IndexFunc(d.p.Bolli, func(b Bollo) bool { return !b.Assolto() && (c.Bollo == "" || b.ID == c.Bollo) })
	b := d.p.Bolli[i]
	var esenzioni []string
	if cfg := d.s.BolloRilascio(); cfg != nil && b.Momento == AlRilascio {
		esenzioni = cfg.Esenzioni
	}
	campi := controllaBolli(richiesto(b, esenzioni), c.Forniti, c.Esenzione, d.ora)
	if len(campi) == 0 {
		campi = giaUsati(d.p.Bolli, c.Forniti)
	}
	if len(campi) > 0 {
		return nonValido(campi...)
	}
	d.accade(BolloFornito{ID: b.ID, Forniti: slices.Clone(c.Forniti), Esenzione: c.Esenzione})
	return d.prosegui()
}

// giaUsati finds the stamps that the pratica has used already: the store keeps
// them apart across pratiche, not within one (DM 10/11/2011, art. 3).
func giaUsati(dati []Bollo, forniti []bolli.Contrassegno) []ErroreCampo {
	var campi []ErroreCampo
	for i, c := range forniti {
		for _, b := range dati {
			if slices.ContainsFunc(b.Forniti, func(v bolli.Contrassegno) bool { return v.Chiave() == c.Chiave() }) {
				campi = append(campi, ErroreCampo{fmt.Sprintf("bolli.forniti[%d].seriale", i), "gia_usato", "Questa marca da bollo è già stata usata per questa richiesta: indicane un'altra."})
			}
		}
	}
	return campi
}

// Seriali gives the keys of the stamps that an event uses: the store keeps each
// of them unique across all the pratiche of the ente (DM 10/11/2011, art. 3).
func Seriali(e Evento) []string {
	var forniti []bolli.Contrassegno
	switch f := e.Fatto.(type) {
	case RichiestaInviata:
		if f.Bollo != nil {
			forniti = f.Bollo.Forniti
		}
	case BolloFornito:
		forniti = f.Forniti
	}
	chiavi := make([]string, 0, len(forniti))
	for _, c := range forniti {
		chiavi = append(chiavi, c.Chiave())
	}
	return chiavi
}
