package appuntamentitest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

func disponibili(b *banco) error {
	tutto, err := b.agenda.Disponibili(b.ctx, enteA, anagrafe, lunedi().Piu(-7), lunedi().Piu(7))
	if err != nil {
		return con(err, "Disponibili")
	}
	var attese []appuntamenti.Fascia
	for _, f := range appuntamenti.Fasce(calendari()[0], lunedi().Piu(-7), lunedi().Piu(7)) {
		if !f.Inizio.Before(adesso().Add(2 * time.Hour)) {
			attese = append(attese, f)
		}
	}
	if len(tutto) != len(attese) {
		return fmt.Errorf("fasce offerte %d, attese %d (anticipo minimo, chiusure, aperture)", len(tutto), len(attese))
	}
	for i, f := range tutto {
		if !f.Stessa(attese[i]) || f.Liberi != attese[i].Liberi {
			return fmt.Errorf("fascia %d: %v, attesa %v", i, f, attese[i])
		}
		if f.Inizio.Location() != time.UTC || f.Fine.Location() != time.UTC {
			return fmt.Errorf("fascia %d non in UTC", i)
		}
	}
	_, ignoto := b.agenda.Disponibili(b.ctx, enteA, "ignoto", lunedi(), lunedi())
	_, rovescio := b.agenda.Disponibili(b.ctx, enteA, anagrafe, lunedi(), lunedi().Piu(-1))
	_, lungo := b.agenda.Disponibili(b.ctx, enteA, anagrafe, lunedi(), lunedi().Piu(appuntamenti.MassimoGiorni))
	_, vuoto := b.agenda.Disponibili(b.ctx, enteA, anagrafe, termini.Giorno{}, lunedi())
	return primo(
		rifiutato(ignoto, "calendario ignoto", appuntamenti.ErrCalendarioIgnoto),
		rifiutato(rovescio, "periodo rovesciato", appuntamenti.ErrNonValida),
		rifiutato(lungo, "periodo troppo lungo", appuntamenti.ErrNonValida),
		rifiutato(vuoto, "periodo senza inizio", appuntamenti.ErrNonValida),
		b.riempi("d", 0, capienza-1),
		b.attendiLiberi(0, 1, "dopo due blocchi"),
		b.attendiLiberi(1, capienza, "fascia accanto"),
	)
}

func blocco(b *banco) error {
	r := richiesta("uno", 0)
	r.Riferimento = "pratica-1"
	r.Inizio = r.Inizio.In(termini.Roma())
	r.Fine = time.Time{}
	p, err := b.agenda.Blocca(b.ctx, r)
	if err != nil {
		return con(err, "Blocca")
	}
	attesa := richiesta("uno", 0)
	attesa.Riferimento, attesa.Stato = "pratica-1", appuntamenti.Bloccato
	attesa.ScadenzaBlocco = adesso().Add(10 * time.Minute)
	letta, err := b.agenda.Leggi(b.ctx, enteA, "uno")
	if err != nil {
		return con(err, "Leggi")
	}
	if p.Inizio.Location() != time.UTC || letta.ScadenzaBlocco.Location() != time.UTC {
		return errors.New("istanti non in UTC")
	}
	lunga := richiesta("lunga", 1)
	lunga.ScadenzaBlocco = lunga.Inizio.Add(time.Hour)
	l, err := b.agenda.Blocca(b.ctx, lunga)
	if err == nil && !l.ScadenzaBlocco.Equal(lunga.Inizio) {
		err = errors.New("il blocco dura oltre l'inizio della fascia")
	}
	if err != nil {
		return con(err, "Blocca con scadenza")
	}
	c, err := b.agenda.Conferma(b.ctx, enteA, "uno")
	if err != nil {
		return con(err, "Conferma")
	}
	attesaC := attesa
	attesaC.Stato = appuntamenti.Confermato
	b.orologio.Avanza(time.Hour) // once confirmed the expiry means nothing
	return primo(uguali(p, attesa, "Blocca"), uguali(letta, attesa, "Leggi"), uguali(c, attesaC, "Conferma"),
		b.attendiStato("uno", appuntamenti.Confermato, "un'ora dopo la conferma"),
		b.attendiLiberi(0, capienza-1, "un'ora dopo la conferma"))
}

// uguali compares two bookings; instants as instants.
func uguali(p, attesa appuntamenti.Prenotazione, cosa string) error {
	stessi := p.Inizio.Equal(attesa.Inizio) && p.Fine.Equal(attesa.Fine) && p.ScadenzaBlocco.Equal(attesa.ScadenzaBlocco)
	p.Inizio, p.Fine, p.ScadenzaBlocco = attesa.Inizio, attesa.Fine, attesa.ScadenzaBlocco
	if !stessi || p != attesa {
		return fmt.Errorf("%s: %+v, attesa %+v", cosa, p, attesa)
	}
	return nil
}

// limiti asks for slots that are not offered.
func limiti(b *banco) error {
	oggi := termini.GiornoDi(adesso())
	prova := func(nome string, f appuntamenti.Fascia, fuori bool, atteso error) error {
		r := appuntamenti.Prenotazione{ID: nome, Ente: enteA, Calendario: anagrafe, Apertura: f.Apertura, Inizio: f.Inizio, Fine: f.Fine, FuoriTermini: fuori}
		_, err := b.agenda.Blocca(b.ctx, r)
		if atteso == nil {
			return con(err, nome)
		}
		return rifiutato(err, nome, atteso)
	}
	chiusa := fasce(chiuso().Piu(7))[0]
	chiusa.Inizio, chiusa.Fine = chiusa.Inizio.AddDate(0, 0, -7), chiusa.Fine.AddDate(0, 0, -7)
	spostata := fasce(lunedi())[0]
	spostata.Inizio, spostata.Fine = spostata.Inizio.Add(10*time.Minute), spostata.Fine.Add(10*time.Minute)
	corta := fasce(lunedi())[0]
	corta.Fine = corta.Fine.Add(-10 * time.Minute)
	altra := fasce(lunedi())[0]
	altra.Apertura = notte
	passata, lontana := fasce(oggi.Piu(-7))[0], fasce(oggi.Piu(63))[0]
	return primo(
		prova("chiusura", chiusa, false, appuntamenti.ErrFasciaNonOfferta),
		prova("fascia_spostata", spostata, false, appuntamenti.ErrFasciaNonOfferta),
		prova("fascia_corta", corta, false, appuntamenti.ErrFasciaNonOfferta),
		prova("altra_apertura", altra, false, appuntamenti.ErrFasciaNonOfferta),
		prova("lontana", lontana, false, appuntamenti.ErrFasciaNonOfferta),
		prova("lontana_operatore", lontana, true, nil),
		prova("passata", passata, false, appuntamenti.ErrTroppoTardi),
		prova("passata_operatore", passata, true, appuntamenti.ErrTroppoTardi),
		prova("anticipo", fasce(oggi)[0], false, appuntamenti.ErrTroppoTardi),
		prova("anticipo_operatore", fasce(oggi)[0], true, nil),
		prova("appena_in_tempo", fasce(oggi)[2], false, nil), // 10:20 in Rome, notice until 10:00
	)
}

func rifiuti(b *banco) error {
	ctx := b.ctx
	_, leggi := b.agenda.Leggi(ctx, enteA, "nessuna")
	_, conferma := b.agenda.Conferma(ctx, enteA, "nessuna")
	_, annulla := b.agenda.Annulla(ctx, enteA, "nessuna")
	_, prolunga := b.agenda.Prolunga(ctx, enteA, "nessuna", adesso().Add(time.Hour))
	senza := richiesta("", 0)
	_, senzaID := b.agenda.Blocca(ctx, senza)
	vecchio := richiesta("vecchio", 0)
	vecchio.ScadenzaBlocco = adesso()
	_, scaduto := b.agenda.Blocca(ctx, vecchio)
	ignoto := richiesta("ignoto", 0)
	ignoto.Calendario = "ignoto"
	_, calendario := b.agenda.Blocca(ctx, ignoto)
	return primo(
		rifiutato(leggi, "Leggi", appuntamenti.ErrNonTrovata),
		rifiutato(conferma, "Conferma", appuntamenti.ErrNonTrovata),
		rifiutato(annulla, "Annulla", appuntamenti.ErrNonTrovata),
		rifiutato(prolunga, "Prolunga", appuntamenti.ErrNonTrovata),
		rifiutato(senzaID, "Blocca senza ID", appuntamenti.ErrNonValida),
		rifiutato(scaduto, "Blocca già scaduto", appuntamenti.ErrNonValida),
		rifiutato(calendario, "Blocca in calendario ignoto", appuntamenti.ErrCalendarioIgnoto),
		b.attendiLiberi(0, capienza, "dopo i rifiuti"),
	)
}

// contesto calls with a context that has ended: nothing may happen.
func contesto(b *banco) error {
	finito, chiudi := context.WithCancel(b.ctx)
	chiudi()
	_, err := b.agenda.Blocca(finito, richiesta("uno", 0))
	if err == nil {
		return errors.New("chiamata a Blocca con un contesto finito è riuscita")
	}
	if c := guasto.Di(err); c != guasto.Transitorio {
		return fmt.Errorf("chiamata a Blocca con un contesto finito: classe %q, attesa %q", c, guasto.Transitorio)
	}
	_, leggi := b.agenda.Leggi(b.ctx, enteA, "uno")
	return primo(rifiutato(leggi, "Leggi dopo un contesto finito", appuntamenti.ErrNonTrovata),
		b.attendiLiberi(0, capienza, "dopo un contesto finito"))
}
