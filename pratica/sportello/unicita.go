package sportello

import (
	"context"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/storage"
)

// A value that a service wants unique (modulo.Campo.Unico) is claimed in the
// store by the command that ends the draft, also where a payment in advance
// follows: nobody is to pay for a request that is then refused. It is given back
// when the pratica goes back to a draft, is refused, withdrawn or annulled, and
// claimed again when it is reopened, which is then refused where another pratica
// has it. A refusal counts once it is issued: before, that the value is free
// would tell the decision.
//
// The period of a value is that of the day, in Europe/Rome, on which the request
// was last sent: an answer changed later by an integration, or a reopening in
// another year, does not move the request to that year.
//
// A claim holds a digest of the value, without a key, and so personal data: it
// goes with them (OscuraDati), and from then on the value may be used again, also
// where it was to be unique for ever.

// ambitoModulo is the scope of the claims of a service.
func ambitoModulo(servizio string) string { return "modulo/" + servizio }

// impegna reports whether the pratica keeps its unique values for itself.
func impegna(p *pratica.Pratica) bool {
	return p.Oscurata.IsZero() && !slices.Contains([]pratica.Stato{"", pratica.Bozza, pratica.Rifiutata, pratica.Ritirata, pratica.Annullata}, p.Stato)
}

func conUnici(campi []modulo.Campo) bool {
	return slices.ContainsFunc(campi, func(c modulo.Campo) bool { return c.Unico != "" || conUnici(c.Campi) })
}

// impegno is a claim and the answer that it is for.
type impegno struct {
	storage.Unico
	modulo.Univoco
}

// impegni gives the claims of the answers of p, sent at that instant.
func impegni(p *pratica.Pratica, sv *servizio.Servizio, inviata time.Time) []impegno {
	esito := pratica.Valuta(p, sv, inviata)
	var v []impegno
	for _, u := range esito.Univoci() {
		v = append(v, impegno{storage.Unico{Ambito: ambitoModulo(p.Servizio), Chiave: u.Campo + "/" + u.Periodo + "/" + u.Impronta}, u})
	}
	return v
}

// unici puts into the commit that brings p to c.Pratica the claims that it makes
// and those that it gives back. It gives those it makes.
func (s *Sportello) unici(ctx context.Context, p *pratica.Pratica, sv *servizio.Servizio, c *storage.Commit) ([]impegno, error) {
	poi := impegna(c.Pratica)
	if poi == impegna(p) && !(poi && cambiaRisposte(c.Eventi)) || !slices.ContainsFunc(sv.Modulo().Sezioni(), func(x modulo.Sezione) bool { return conUnici(x.Campi) }) {
		return nil, nil
	}
	passati, inviata, err := s.impegniPassati(ctx, p, sv, c.Eventi)
	if err != nil {
		return nil, err
	}
	var nuovi []impegno
	if poi {
		nuovi = impegni(c.Pratica, sv, inviata)
	}
	tiene := map[storage.Unico]bool{}
	for _, x := range nuovi {
		tiene[x.Unico] = true
		c.Unici = append(c.Unici, x.Unico)
	}
	for _, x := range passati {
		if !tiene[x.Unico] {
			tiene[x.Unico] = true
			c.Liberi = append(c.Liberi, x.Unico)
		}
	}
	return nuovi, nil
}

// cambiaRisposte reports whether an integration replaces answers.
func cambiaRisposte(eventi []pratica.Evento) bool {
	return slices.ContainsFunc(eventi, func(e pratica.Evento) bool {
		f, ok := e.Fatto.(pratica.IntegrazioneConclusa)
		return ok && len(f.Risposte) > 0
	})
}

// impegniPassati gives all claims that the iter of p made, held or not, and when
// the request was last sent, by one of the new events or before. They are found
// by going through it: with a form that reads the day or the files, what was
// claimed cannot be told from the pratica as it is now. Where the iter goes on
// meanwhile, the commit is a conflict.
func (s *Sportello) impegniPassati(ctx context.Context, p *pratica.Pratica, sv *servizio.Servizio, nuovi []pratica.Evento) (passati []impegno, inviata time.Time, err error) {
	for _, e := range nuovi {
		if _, ok := e.Fatto.(pratica.RichiestaInviata); ok { // of a draft, which holds nothing
			return nil, e.Quando, nil
		}
	}
	eventi, err := s.c.Store.Eventi(ctx, p.Ente, p.ID)
	if err != nil {
		return nil, inviata, err
	}
	q := &pratica.Pratica{}
	for i := range eventi {
		e := eventi[i]
		if err := q.Applica(e); err != nil {
			return nil, inviata, err
		}
		_, invio := e.Fatto.(pratica.RichiestaInviata)
		if invio {
			inviata = e.Quando
		}
		if invio || cambiaRisposte(eventi[i:i+1]) {
			passati = append(passati, impegni(q, sv, inviata)...)
		}
	}
	return passati, inviata, nil
}

// giaPresente is the refusal where another pratica has the value: it names the
// field and nobody. A value that the caller may not change (a reopening) is not
// his to mend.
func giaPresente(err error, u storage.Unico, miei []impegno, sv *servizio.Servizio, di pratica.Ruolo) error {
	e := &pratica.Errore{Codice: pratica.CodiceNonValido, Causa: err}
	for _, x := range miei {
		if x.Unico != u {
			continue
		}
		c, _ := sv.Modulo().Campo(x.Campo)
		m := "Esiste già una richiesta con questo valore per «" + c.Etichetta + "»: controllala fra le tue pratiche o scrivi all'ufficio."
		if di != pratica.Cittadino {
			m = "Un'altra richiesta ha ora lo stesso valore per «" + c.Etichetta + "»: questa si può riaprire quando l'altra è rifiutata, ritirata o annullata."
		}
		e.Campi = append(e.Campi, pratica.ErroreCampo{Percorso: x.Percorso, Codice: "gia_presente", Messaggio: m})
		break
	}
	return e
}
