package appuntamentitest

import (
	"errors"
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

func scadenza(b *banco) error {
	if err := b.riempi("s", 0, capienza); err != nil {
		return err
	}
	b.orologio.Avanza(10*time.Minute - time.Second)
	if err := primo(b.attendiLiberi(0, 0, "un secondo prima della scadenza"),
		b.attendiStato("s0", appuntamenti.Bloccato, "un secondo prima della scadenza"),
		rifiutato(b.blocca("presto", 0), "Blocca un secondo prima della scadenza", appuntamenti.ErrFasciaPiena)); err != nil {
		return err
	}
	b.orologio.Avanza(time.Second)
	return primo(b.attendiStato("s0", appuntamenti.Scaduto, "alla scadenza"),
		b.attendiLiberi(0, capienza, "alla scadenza"),
		b.riempi("t", 0, capienza),
		b.attendiLiberi(0, 0, "occupata di nuovo"))
}

// confermaScaduta confirms and prolongs expired holds: where the slot is full it
// must fail, where it is free it may take the place again.
func confermaScaduta(b *banco) error {
	if err := primo(b.riempi("a", 0, capienza), b.blocca("b", 1), b.blocca("c", 2), b.blocca("d", 3)); err != nil {
		return err
	}
	b.orologio.Avanza(11 * time.Minute)
	if err := b.riempi("n", 0, capienza); err != nil {
		return err
	}
	_, piena := b.agenda.Conferma(b.ctx, enteA, "a0")
	_, pienaProlunga := b.agenda.Prolunga(b.ctx, enteA, "a1", b.orologio.Ora().Add(time.Hour))
	if err := primo(rifiutato(piena, "Conferma di un blocco scaduto, fascia piena", appuntamenti.ErrBloccoScaduto),
		rifiutato(pienaProlunga, "Prolunga di un blocco scaduto, fascia piena", appuntamenti.ErrBloccoScaduto),
		b.attendiStato("a0", appuntamenti.Scaduto, "dopo la conferma rifiutata")); err != nil {
		return err
	}
	ripreso := func(id string, n int, s appuntamenti.Stato, err error) error {
		if err != nil {
			return primo(rifiutato(err, "blocco scaduto, fascia libera", appuntamenti.ErrBloccoScaduto),
				b.attendiStato(id, appuntamenti.Scaduto, "dopo il rifiuto"), b.attendiLiberi(n, capienza, "dopo il rifiuto"))
		}
		return primo(b.attendiStato(id, s, "blocco ripreso"), b.attendiLiberi(n, capienza-1, "blocco ripreso"))
	}
	_, conferma := b.agenda.Conferma(b.ctx, enteA, "b")
	_, prolunga := b.agenda.Prolunga(b.ctx, enteA, "c", b.orologio.Ora().Add(time.Hour))
	if err := primo(ripreso("b", 1, appuntamenti.Confermato, conferma), ripreso("c", 2, appuntamenti.Bloccato, prolunga)); err != nil {
		return err
	}
	b.orologio.Vai(richiesta("", 3).Inizio)
	_, tardi := b.agenda.Conferma(b.ctx, enteA, "d")
	return rifiutato(tardi, "Conferma a fascia iniziata", appuntamenti.ErrTroppoTardi, appuntamenti.ErrBloccoScaduto)
}

func prolunga(b *banco) error {
	if err := primo(b.blocca("uno", 0), b.blocca("due", 1)); err != nil {
		return err
	}
	dura := func(quanto, atteso time.Duration) error {
		p, err := b.agenda.Prolunga(b.ctx, enteA, "uno", adesso().Add(quanto))
		if err == nil && !p.ScadenzaBlocco.Equal(adesso().Add(atteso)) {
			err = fmt.Errorf("scadenza %s, attesa %s", p.ScadenzaBlocco, adesso().Add(atteso))
		}
		return con(err, fmt.Sprintf("Prolunga di %s", quanto))
	}
	inizio := richiesta("", 0).Inizio.Sub(adesso())
	if err := primo(dura(time.Hour, time.Hour), dura(time.Hour, time.Hour), dura(time.Minute, time.Hour)); err != nil {
		return err
	}
	b.orologio.Avanza(30 * time.Minute)
	if err := primo(b.attendiStato("uno", appuntamenti.Bloccato, "entro il prolungamento"), b.attendiLiberi(0, capienza-1, "entro il prolungamento"),
		dura(1000*time.Hour, inizio)); err != nil {
		return err
	}
	if _, err := b.agenda.Conferma(b.ctx, enteA, "uno"); err != nil {
		return con(err, "Conferma")
	}
	p, err := b.agenda.Prolunga(b.ctx, enteA, "uno", adesso().Add(2*time.Hour))
	if err == nil && p.Stato != appuntamenti.Confermato {
		err = fmt.Errorf("stato %q", p.Stato)
	}
	if err != nil {
		return con(err, "Prolunga di un appuntamento confermato")
	}
	if _, err := b.agenda.Annulla(b.ctx, enteA, "due"); err != nil {
		return con(err, "Annulla di un blocco scaduto")
	}
	_, annullata := b.agenda.Prolunga(b.ctx, enteA, "due", adesso().Add(2*time.Hour))
	return rifiutato(annullata, "Prolunga di una prenotazione annullata", appuntamenti.ErrStato)
}

func annullo(b *banco) error {
	if err := b.riempi("a", 0, capienza); err != nil {
		return err
	}
	if _, err := b.agenda.Conferma(b.ctx, enteA, "a0"); err != nil {
		return con(err, "Conferma")
	}
	for i, id := range []string{"a0", "a1"} { // an appointment and a hold
		if _, err := b.agenda.Annulla(b.ctx, enteA, id); err != nil {
			return con(err, "Annulla")
		}
		if err := primo(b.attendiStato(id, appuntamenti.Annullato, "dopo l'annullo"), b.attendiLiberi(0, i+1, "dopo l'annullo")); err != nil {
			return err
		}
	}
	_, conferma := b.agenda.Conferma(b.ctx, enteA, "a1")
	if err := primo(rifiutato(conferma, "Conferma di una prenotazione annullata", appuntamenti.ErrStato), b.blocca("a3", 0), b.blocca("a4", 0)); err != nil {
		return err
	}
	p, err := b.agenda.Blocca(b.ctx, richiesta("a0", 0)) // a late repetition must not bring it back
	if err == nil && p.Stato != appuntamenti.Annullato {
		err = fmt.Errorf("stato %q", p.Stato)
	}
	// A cancelled hold does not come back, even after the hour it would have lasted.
	b.orologio.Avanza(time.Hour)
	return primo(con(err, "Blocca ripetuta dopo l'annullo"), b.attendiStato("a1", appuntamenti.Annullato, "dopo un'ora"))
}

// oraLegale: on 29 March 2026 the clock in Rome goes from 02:00 to 03:00.
func oraLegale(b *banco) error {
	return cambioOra(b, termini.Giorno{Anno: 2026, Mese: 3, Giorno: 29}, 8, 8)
}

// oraSolare: on 25 October 2026 it goes from 03:00 back to 02:00. An Agenda may
// offer the hour that comes twice once or twice.
func oraSolare(b *banco) error {
	b.orologio.Vai(time.Date(2026, 10, 1, 7, 0, 0, 0, time.UTC))
	return cambioOra(b, termini.Giorno{Anno: 2026, Mese: 10, Giorno: 25}, 10, 12)
}

func cambioOra(b *banco, g termini.Giorno, minimo, massimo int) error {
	elenco, err := b.agenda.Disponibili(b.ctx, enteA, anagrafe, g, g)
	if err != nil {
		return con(err, "Disponibili")
	}
	if len(elenco) < minimo || len(elenco) > massimo {
		return fmt.Errorf("il %s fasce %d, attese da %d a %d", g, len(elenco), minimo, massimo)
	}
	for i, f := range elenco {
		inizio := f.Inizio.In(termini.Roma())
		switch {
		case f.Fine.Sub(f.Inizio) != 30*time.Minute:
			return fmt.Errorf("il %s la fascia delle %s dura %s", g, inizio, f.Fine.Sub(f.Inizio))
		case termini.GiornoDi(f.Inizio) != g || inizio.Hour() >= 5 || inizio.Minute()%30 != 0:
			return fmt.Errorf("il %s la fascia delle %s è fuori apertura", g, inizio)
		case i > 0 && f.Inizio.Before(elenco[i-1].Fine):
			return fmt.Errorf("il %s la fascia delle %s si sovrappone alla precedente", g, inizio)
		}
		r := appuntamenti.Prenotazione{ID: fmt.Sprint("o", i), Ente: enteA, Calendario: anagrafe, Apertura: f.Apertura, Inizio: f.Inizio, Fine: f.Fine}
		p, err := b.agenda.Blocca(b.ctx, r)
		if err == nil && !p.Inizio.Equal(f.Inizio) {
			err = errors.New("l'istante è cambiato")
		}
		if err != nil {
			return con(err, fmt.Sprintf("il %s Blocca alle %s", g, inizio))
		}
		r.ID += "bis"
		_, piena := b.agenda.Blocca(b.ctx, r)
		if err := rifiutato(piena, fmt.Sprintf("il %s seconda Blocca alle %s", g, inizio), appuntamenti.ErrFasciaPiena); err != nil {
			return err
		}
	}
	return nil
}
