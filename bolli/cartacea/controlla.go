package cartacea

import (
	"errors"
	"fmt"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Controlla tells whether the stamps given satisfy what is asked, as of today's
// day: their number, each one by itself (bolli.Contrassegno.Verifica), its value
// at least the one asked, none given twice; or, in place of all stamps, a claimed
// exemption (its code, or "") that the request admits and the catalogue of the
// library knows. All that is wrong comes back at once, a *bolli.NonValido with
// paths such as "forniti[1].seriale".
//
// A stamp worth more than asked is accepted. A digital stamp counts as a paper
// one; whether its fingerprint is that of the document is for the caller.
func Controlla(richiesto bolli.Richiesto, forniti []bolli.Contrassegno, esenzione string, oggi termini.Giorno) error {
	return ControllaCon(bolli.CatalogoBase(), richiesto, forniti, esenzione, oggi)
}

// ControllaCon is Controlla with the catalogue of an ente.
func ControllaCon(catalogo bolli.Catalogo, richiesto bolli.Richiesto, forniti []bolli.Contrassegno, esenzione string, oggi termini.Giorno) error {
	if err := richiesto.Verifica(); err != nil {
		return err
	}
	var e elenco
	if esenzione != "" {
		e.esenzione(catalogo, richiesto, forniti, esenzione, oggi)
		return e.errore()
	}
	switch n := len(forniti); {
	case n < richiesto.Quantita && richiesto.Quantita == 1:
		e.aggiungi("forniti", "mancanti", "Serve un contrassegno: indicane gli estremi.")
	case n < richiesto.Quantita:
		e.aggiungi("forniti", "mancanti", fmt.Sprintf("Servono %d contrassegni: ne hai indicati %d.", richiesto.Quantita, n))
	case richiesto.Quantita == 0 && n > 0:
		e.aggiungi("forniti", "troppi", "Non è richiesto alcun contrassegno: togli quelli indicati, così potrai usarli per altri atti.")
	case n > richiesto.Quantita:
		e.aggiungi("forniti", "troppi", fmt.Sprintf("Hai indicato %d contrassegni ma ne servono %d: togli quelli in più, così potrai usarli per altri atti.", n, richiesto.Quantita))
	}
	if len(forniti) > bolli.MassimaQuantita {
		return e.errore()
	}
	e.ciascuno(richiesto, forniti, oggi)
	return e.errore()
}

type elenco []bolli.Problema

func (e *elenco) aggiungi(campo, codice, messaggio string) {
	*e = append(*e, bolli.Problema{Campo: campo, Codice: codice, Messaggio: messaggio})
}

func (e elenco) errore() error { return guasto.NuovoNonValido(bolli.ErrNonValido, e) }

func (e *elenco) esenzione(catalogo bolli.Catalogo, richiesto bolli.Richiesto, forniti []bolli.Contrassegno, codice string, oggi termini.Giorno) {
	if !richiesto.Ammette(codice) {
		e.aggiungi("esenzione", "non_ammessa", "L'esenzione scelta non è ammessa per questo servizio: scegline un'altra o indica i contrassegni.")
	} else if _, err := catalogo.Trova(codice, oggi); err != nil {
		e.aggiungi("esenzione", "non_vigente", "L'esenzione scelta non è in vigore: scegline un'altra o indica i contrassegni.")
	}
	if len(forniti) > 0 {
		e.aggiungi("forniti", "esenzione", "Hai chiesto l'esenzione: togli i contrassegni indicati, così potrai usarli per altri atti.")
	}
}

func (e *elenco) ciascuno(richiesto bolli.Richiesto, forniti []bolli.Contrassegno, oggi termini.Giorno) {
	visti := map[string]bool{}
	for i, c := range forniti {
		campo := fmt.Sprintf("forniti[%d].", i)
		var n *bolli.NonValido
		leggibile := true
		if errors.As(c.Verifica(oggi), &n) {
			for _, p := range n.Problemi {
				e.aggiungi(campo+p.Campo, p.Codice, p.Messaggio)
				leggibile = leggibile && p.Campo != "importo"
			}
		}
		if leggibile && richiesto.Quantita > 0 && c.Importo.LessThan(richiesto.Importo) {
			e.aggiungi(campo+"importo", "insufficiente", "Il valore del contrassegno è inferiore a quello dovuto: usane uno del valore richiesto.")
		}
		k := c.Chiave()
		if c.Seriale != "" && visti[k] {
			e.aggiungi(campo+"seriale", "duplicato", "Hai indicato due volte lo stesso contrassegno: ognuno può essere usato una volta sola.")
		}
		visti[k] = true
	}
}
