package appuntamentitest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
)

const concorrenti = 64

// insieme runs fn n times at once, starting together.
func insieme(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	via := make(chan struct{})
	var g sync.WaitGroup
	for i := range n {
		g.Go(func() {
			<-via
			errs[i] = fn(i)
		})
	}
	close(via)
	g.Wait()
	return errs
}

// contati checks that as many calls as attesi succeeded and all the others were
// refused with one of the given errors.
func contati(errs []error, attesi int, cosa string, rifiuti ...error) error {
	riusciti := 0
	for _, err := range errs {
		if err == nil {
			riusciti++
		} else if err := rifiutato(err, cosa, rifiuti...); err != nil {
			return err
		}
	}
	if riusciti != attesi {
		return fmt.Errorf("%s: riusciti %d di %d, attesi %d", cosa, riusciti, len(errs), attesi)
	}
	return nil
}

func capienzaConcorrente(b *banco) error {
	errs := insieme(concorrenti, func(i int) error {
		id := fmt.Sprint("c", i)
		if _, err := b.agenda.Blocca(b.ctx, richiesta(id, 0)); err != nil {
			return err
		}
		_, err := b.agenda.Conferma(b.ctx, enteA, id)
		return err
	})
	return primo(contati(errs, capienza, "blocchi concorrenti", appuntamenti.ErrFasciaPiena),
		b.attendiLiberi(0, 0, "fascia piena"), b.attendiLiberi(1, capienza, "fascia accanto"))
}

// ripresaConcorrente confirms expired holds while others take their places.
func ripresaConcorrente(b *banco) error {
	if err := b.riempi("vecchio", 0, capienza); err != nil {
		return err
	}
	b.orologio.Avanza(11 * time.Minute)
	if err := b.riempi("nuovo", 0, capienza-1); err != nil {
		return err
	}
	errs := insieme(concorrenti, func(i int) error {
		if i < capienza {
			_, err := b.agenda.Conferma(b.ctx, enteA, fmt.Sprint("vecchio", i))
			return err
		}
		_, err := b.agenda.Blocca(b.ctx, richiesta(fmt.Sprint("altro", i), 0))
		return err
	})
	return primo(contati(errs, 1, "conferme di blocchi scaduti e blocchi nuovi insieme", appuntamenti.ErrFasciaPiena, appuntamenti.ErrBloccoScaduto),
		b.attendiLiberi(0, 0, "dopo le conferme"))
}

func idempotenza(b *banco) error {
	r := richiesta("uno", 0)
	r.Riferimento = "pratica-1"
	diversa := r
	diversa.Inizio, diversa.Fine = richiesta("", 1).Inizio, richiesta("", 1).Fine
	altrui := r
	altrui.Riferimento = "pratica-2"
	prima, err := b.agenda.Blocca(b.ctx, r)
	if err != nil {
		return con(err, "Blocca")
	}
	b.orologio.Avanza(time.Minute)
	seconda, err := b.agenda.Blocca(b.ctx, r)
	if err != nil {
		return con(err, "Blocca ripetuta")
	}
	_, errDiversa := b.agenda.Blocca(b.ctx, diversa)
	_, errAltrui := b.agenda.Blocca(b.ctx, altrui)
	err = primo(uguali(seconda, prima, "Blocca ripetuta"),
		rifiutato(errDiversa, "stesso ID, altra fascia", appuntamenti.ErrIDUsato),
		rifiutato(errAltrui, "stesso ID, altro riferimento", appuntamenti.ErrIDUsato),
		b.attendiLiberi(0, capienza-1, "dopo Blocca ripetuta"))
	if err != nil {
		return err
	}
	for range 3 {
		p, err := b.agenda.Conferma(b.ctx, enteA, "uno")
		if err == nil && p.Stato != appuntamenti.Confermato {
			err = fmt.Errorf("stato %q", p.Stato)
		}
		if err != nil {
			return con(err, "Conferma ripetuta")
		}
	}
	dopo, err := b.agenda.Blocca(b.ctx, r)
	if err == nil && dopo.Stato != appuntamenti.Confermato {
		err = fmt.Errorf("stato %q, non quello che ha adesso", dopo.Stato)
	}
	if err != nil {
		return con(err, "Blocca ripetuta dopo la conferma")
	}
	for range 3 {
		p, err := b.agenda.Annulla(b.ctx, enteA, "uno")
		if err == nil && p.Stato != appuntamenti.Annullato {
			err = fmt.Errorf("stato %q", p.Stato)
		}
		if err != nil {
			return con(err, "Annulla ripetuta")
		}
	}
	return b.attendiLiberi(0, capienza, "dopo Annulla ripetuta")
}

// idempotenzaConcorrente is a double click, and many.
func idempotenzaConcorrente(b *banco) error {
	r := richiesta("uno", 0)
	r.Riferimento = "pratica-1"
	errs := insieme(concorrenti, func(int) error {
		_, err := b.agenda.Blocca(b.ctx, r)
		return err
	})
	if err := primo(con(errors.Join(errs...), "Blocca concorrente con lo stesso ID"),
		b.attendiLiberi(0, capienza-1, "dopo Blocca concorrente con lo stesso ID")); err != nil {
		return err
	}
	// One ID for two slots: whoever comes first has it.
	errs = insieme(concorrenti, func(i int) error {
		_, err := b.agenda.Blocca(b.ctx, richiesta("due", 1+i%2))
		return err
	})
	if err := contati(errs, concorrenti/2, "Blocca concorrente con lo stesso ID per due fasce", appuntamenti.ErrIDUsato); err != nil {
		return err
	}
	prima, err := b.liberi(enteA, 1)
	if err != nil {
		return err
	}
	return b.attendiLiberi(2, 2*capienza-1-prima, "dopo Blocca concorrente con lo stesso ID per due fasce")
}

func riferimento(b *banco) error {
	r := func(id string, n int) appuntamenti.Prenotazione {
		p := richiesta(id, n)
		p.Riferimento = "pratica-1"
		return p
	}
	if _, err := b.agenda.Blocca(b.ctx, r("uno", 0)); err != nil {
		return con(err, "Blocca")
	}
	_, doppia := b.agenda.Blocca(b.ctx, r("due", 1))
	if err := rifiutato(doppia, "seconda prenotazione di un riferimento", appuntamenti.ErrRiferimentoOccupato); err != nil {
		return err
	}
	if err := b.attendiLiberi(1, capienza, "dopo il rifiuto"); err != nil {
		return err
	}
	b.orologio.Avanza(11 * time.Minute)
	if _, err := b.agenda.Blocca(b.ctx, r("tre", 1)); err != nil {
		return con(err, "Blocca dopo la scadenza della prima")
	}
	_, ripresa := b.agenda.Conferma(b.ctx, enteA, "uno")
	if err := rifiutato(ripresa, "Conferma della prima, scaduta", appuntamenti.ErrBloccoScaduto); err != nil {
		return err
	}
	// What happens to the first, by now past, must not make room for a third.
	if _, err := b.agenda.Annulla(b.ctx, enteA, "uno"); err != nil {
		return con(err, "Annulla della prima, scaduta")
	}
	_, doppia = b.agenda.Blocca(b.ctx, r("altra", 2))
	if err := rifiutato(doppia, "seconda prenotazione dopo l'annullo di quella scaduta", appuntamenti.ErrRiferimentoOccupato); err != nil {
		return err
	}
	if _, err := b.agenda.Conferma(b.ctx, enteA, "tre"); err != nil {
		return con(err, "Conferma")
	}
	_, doppia = b.agenda.Blocca(b.ctx, r("quattro", 2))
	if err := rifiutato(doppia, "seconda prenotazione dopo la conferma", appuntamenti.ErrRiferimentoOccupato); err != nil {
		return err
	}
	if _, err := b.agenda.Annulla(b.ctx, enteA, "tre"); err != nil {
		return con(err, "Annulla")
	}
	_, err := b.agenda.Blocca(b.ctx, r("cinque", 2))
	return con(err, "Blocca dopo l'annullo")
}

func riferimentoConcorrente(b *banco) error {
	errs := insieme(concorrenti, func(i int) error {
		p := richiesta(fmt.Sprint("r", i), i%3)
		p.Riferimento = "pratica-1"
		_, err := b.agenda.Blocca(b.ctx, p)
		return err
	})
	return contati(errs, 1, "prenotazioni concorrenti di un riferimento", appuntamenti.ErrRiferimentoOccupato, appuntamenti.ErrFasciaPiena)
}

// enti uses the same ids in two enti.
func enti(b *banco) error {
	if err := b.riempi("e", 0, capienza); err != nil {
		return err
	}
	_, leggi := b.agenda.Leggi(b.ctx, enteB, "e0")
	_, annulla := b.agenda.Annulla(b.ctx, enteB, "e0")
	err := primo(rifiutato(leggi, "Leggi da un altro ente", appuntamenti.ErrNonTrovata),
		rifiutato(annulla, "Annulla da un altro ente", appuntamenti.ErrNonTrovata))
	if err != nil {
		return err
	}
	l, err := b.liberi(enteB, 0)
	if err == nil && l != capienza {
		err = fmt.Errorf("posti liberi dell'altro ente %d, attesi %d", l, capienza)
	}
	if err != nil {
		return err
	}
	r := richiesta("e0", 0)
	r.Ente = enteB
	if _, err := b.agenda.Blocca(b.ctx, r); err != nil {
		return con(err, "stesso ID in un altro ente")
	}
	if _, err := b.agenda.Annulla(b.ctx, enteB, "e0"); err != nil {
		return con(err, "Annulla nell'altro ente")
	}
	return b.attendiStato("e0", appuntamenti.Bloccato, "dopo l'annullo dell'altro ente")
}
