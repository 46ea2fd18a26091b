package appuntamentitest

import (
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
)

func sposta(b *banco) error {
	s, ok := b.agenda.(appuntamenti.Spostatore)
	if !ok {
		return ErrNonApplicabile
	}
	fascia := fasce(lunedi())
	if err := primo(b.riempi("pieno", 2, capienza), b.riempi("uno", 0, capienza)); err != nil {
		return err
	}
	prima, err := b.agenda.Conferma(b.ctx, enteA, "uno0")
	if err != nil {
		return con(err, "Conferma")
	}
	attesa := prima
	attesa.Inizio, attesa.Fine, attesa.Spostamenti = fascia[1].Inizio, fascia[1].Fine, 1
	for range 2 { // the second time it does nothing
		p, err := s.Sposta(b.ctx, enteA, "uno0", fascia[1])
		if err != nil {
			return con(err, "Sposta")
		}
		if err := uguali(p, attesa, "Sposta"); err != nil {
			return err
		}
	}
	letta, err := b.agenda.Leggi(b.ctx, enteA, "uno0")
	if err != nil {
		return con(err, "Leggi")
	}
	if err := primo(uguali(letta, attesa, "Leggi dopo Sposta"), b.attendiLiberi(0, 1, "fascia lasciata"), b.attendiLiberi(1, capienza-1, "fascia presa")); err != nil {
		return err
	}
	_, piena := s.Sposta(b.ctx, enteA, "uno0", fascia[2])
	fuori := fascia[1]
	fuori.Inizio, fuori.Fine = fuori.Inizio.Add(time.Minute), fuori.Fine.Add(time.Minute)
	_, nonOfferta := s.Sposta(b.ctx, enteA, "uno0", fuori)
	passata := fasce(lunedi().Piu(-14))[0]
	_, tardi := s.Sposta(b.ctx, enteA, "uno0", passata)
	_, nessuna := s.Sposta(b.ctx, enteA, "nessuna", fascia[1])
	if err := primo(rifiutato(piena, "Sposta in una fascia piena", appuntamenti.ErrFasciaPiena),
		rifiutato(nonOfferta, "Sposta in una fascia che non c'è", appuntamenti.ErrFasciaNonOfferta),
		rifiutato(tardi, "Sposta nel passato", appuntamenti.ErrTroppoTardi),
		rifiutato(nessuna, "Sposta di ciò che non c'è", appuntamenti.ErrNonTrovata),
		b.attendiLiberi(1, capienza-1, "dopo i rifiuti")); err != nil {
		return err
	}
	// A hold moves with its expiry.
	h, err := s.Sposta(b.ctx, enteA, "uno1", fascia[1])
	if err == nil && (h.Stato != appuntamenti.Bloccato || !h.ScadenzaBlocco.Equal(adesso().Add(10*time.Minute))) {
		err = fmt.Errorf("stato %q, scadenza %s", h.Stato, h.ScadenzaBlocco)
	}
	if err != nil {
		return con(err, "Sposta di un blocco")
	}
	// Its expiry does not go past the beginning of an earlier slot.
	lungo := richiesta("lungo", 3)
	lungo.ScadenzaBlocco = lungo.Inizio
	if _, err := b.agenda.Blocca(b.ctx, lungo); err != nil {
		return con(err, "Blocca")
	}
	h, err = s.Sposta(b.ctx, enteA, "lungo", fascia[0])
	if err == nil && !h.ScadenzaBlocco.Equal(fascia[0].Inizio) {
		err = fmt.Errorf("scadenza %s oltre l'inizio", h.ScadenzaBlocco)
	}
	if err != nil {
		return con(err, "Sposta di un blocco a una fascia precedente")
	}
	b.orologio.Avanza(10 * time.Minute)
	_, scaduta := s.Sposta(b.ctx, enteA, "uno1", fascia[0])
	if _, err := b.agenda.Annulla(b.ctx, enteA, "uno0"); err != nil {
		return con(err, "Annulla")
	}
	_, annullata := s.Sposta(b.ctx, enteA, "uno0", fascia[0])
	return primo(rifiutato(scaduta, "Sposta di un blocco scaduto", appuntamenti.ErrBloccoScaduto),
		rifiutato(annullata, "Sposta di una prenotazione annullata", appuntamenti.ErrStato),
		b.attendiLiberi(1, capienza, "alla fine"))
}

// spostaConcorrente moves many into a slot at once.
func spostaConcorrente(b *banco) error {
	s, ok := b.agenda.(appuntamenti.Spostatore)
	if !ok {
		return ErrNonApplicabile
	}
	if err := primo(b.riempi("a", 0, capienza), b.riempi("b", 1, capienza), b.blocca("c", 3)); err != nil {
		return err
	}
	errs := insieme(2*capienza, func(i int) error {
		id := fmt.Sprint("a", i)
		if i >= capienza {
			id = fmt.Sprint("b", i-capienza)
		}
		_, err := s.Sposta(b.ctx, enteA, id, fasce(lunedi())[3])
		return err
	})
	if err := contati(errs, capienza-1, "spostamenti concorrenti", appuntamenti.ErrFasciaPiena); err != nil {
		return err
	}
	primi, err := b.liberi(enteA, 0)
	if err != nil {
		return err
	}
	secondi, err := b.liberi(enteA, 1)
	if err == nil && primi+secondi != capienza-1 {
		err = fmt.Errorf("posti lasciati %d, attesi %d", primi+secondi, capienza-1)
	}
	return primo(err, b.attendiLiberi(3, 0, "dopo gli spostamenti"))
}

func limiteCittadino(b *banco) error {
	l, ok := b.agenda.(appuntamenti.LimiteCittadino)
	if !ok {
		return ErrNonApplicabile
	}
	fascia := fasce(lunedi())
	for i, id := range []string{"uno", "due", "tre", "quattro"} {
		if err := b.blocca(id, i); err != nil {
			return err
		}
	}
	for _, id := range []string{"uno", "due", "tre"} {
		if _, err := b.agenda.Conferma(b.ctx, enteA, id); err != nil {
			return con(err, "Conferma")
		}
	}
	lontana := fasce(lunedi().Piu(56))[0]
	vicina := fasce(lunedi().Piu(-7))[0] // today, within the notice
	_, oltre := l.SpostaCittadino(b.ctx, enteA, "uno", lontana)
	_, anticipo := l.SpostaCittadino(b.ctx, enteA, "uno", vicina)
	if err := primo(rifiutato(oltre, "SpostaCittadino oltre l'ultimo giorno", appuntamenti.ErrFasciaNonOfferta),
		rifiutato(anticipo, "SpostaCittadino entro l'anticipo minimo", appuntamenti.ErrTroppoTardi)); err != nil {
		return err
	}
	// At the limit of the first it is still time; a moment later no more.
	b.orologio.Vai(calendari()[0].LimiteAnnullo(fascia[0].Inizio))
	p, err := l.AnnullaCittadino(b.ctx, enteA, "uno")
	if err == nil && p.Stato != appuntamenti.Annullato {
		err = fmt.Errorf("stato %q", p.Stato)
	}
	if err != nil {
		return con(err, "AnnullaCittadino al limite")
	}
	b.orologio.Vai(calendari()[0].LimiteAnnullo(fascia[1].Inizio))
	p, err = l.SpostaCittadino(b.ctx, enteA, "due", fasce(lunedi().Piu(7))[0])
	if err == nil && p.Spostamenti != 1 {
		err = fmt.Errorf("spostamenti %d", p.Spostamenti)
	}
	if err != nil {
		return con(err, "SpostaCittadino al limite")
	}
	b.orologio.Vai(calendari()[0].LimiteAnnullo(fascia[2].Inizio).Add(time.Second))
	_, annulla := l.AnnullaCittadino(b.ctx, enteA, "tre")
	_, sposta := l.SpostaCittadino(b.ctx, enteA, "tre", fasce(lunedi().Piu(7))[0])
	if err := primo(rifiutato(annulla, "AnnullaCittadino dopo il limite", appuntamenti.ErrTroppoTardi),
		rifiutato(sposta, "SpostaCittadino dopo il limite", appuntamenti.ErrTroppoTardi),
		b.attendiStato("tre", appuntamenti.Confermato, "dopo i rifiuti")); err != nil {
		return err
	}
	_, ripetuta := l.AnnullaCittadino(b.ctx, enteA, "uno")
	_, blocco := l.AnnullaCittadino(b.ctx, enteA, "quattro")
	_, ente := b.agenda.Annulla(b.ctx, enteA, "tre")
	return primo(con(ripetuta, "AnnullaCittadino ripetuta"), con(blocco, "AnnullaCittadino di un blocco"), con(ente, "Annulla dell'ente dopo il limite"))
}

func esita(b *banco) error {
	e, ok := b.agenda.(appuntamenti.Esitatore)
	if !ok {
		return ErrNonApplicabile
	}
	if err := primo(b.blocca("uno", 0), b.blocca("due", 1)); err != nil {
		return err
	}
	if _, err := b.agenda.Conferma(b.ctx, enteA, "uno"); err != nil {
		return con(err, "Conferma")
	}
	_, presto := e.Esita(b.ctx, enteA, "uno", appuntamenti.Svolto)
	_, stato := e.Esita(b.ctx, enteA, "uno", appuntamenti.Annullato)
	b.orologio.Vai(richiesta("", 0).Inizio) // it has just begun
	_, mai := e.Esita(b.ctx, enteA, "due", appuntamenti.Assente)
	if err := primo(rifiutato(presto, "Esita prima dell'inizio", appuntamenti.ErrStato),
		rifiutato(stato, "Esita con uno stato che non è un esito", appuntamenti.ErrNonValida),
		rifiutato(mai, "Esita di un blocco", appuntamenti.ErrStato)); err != nil {
		return err
	}
	for _, s := range []appuntamenti.Stato{appuntamenti.Assente, appuntamenti.Assente, appuntamenti.Svolto} {
		if _, err := e.Esita(b.ctx, enteA, "uno", s); err != nil {
			return con(err, "Esita")
		}
		if err := b.attendiStato("uno", s, "dopo Esita"); err != nil {
			return err
		}
	}
	_, annulla := b.agenda.Annulla(b.ctx, enteA, "uno")
	_, conferma := b.agenda.Conferma(b.ctx, enteA, "uno")
	return primo(rifiutato(annulla, "Annulla dopo l'esito", appuntamenti.ErrStato), con(conferma, "Conferma ripetuta dopo l'esito"),
		b.attendiStato("uno", appuntamenti.Svolto, "alla fine"))
}

func elenca(b *banco) error {
	e, ok := b.agenda.(appuntamenti.Elencatore)
	if !ok {
		return ErrNonApplicabile
	}
	if err := primo(b.blocca("z", 0), b.blocca("a", 1), b.blocca("b", 0), b.blocca("scade", 2), b.blocca("annullata", 0)); err != nil {
		return err
	}
	for _, id := range []string{"z", "a", "b"} {
		if _, err := b.agenda.Conferma(b.ctx, enteA, id); err != nil {
			return con(err, "Conferma")
		}
	}
	if _, err := b.agenda.Annulla(b.ctx, enteA, "annullata"); err != nil {
		return con(err, "Annulla")
	}
	b.orologio.Avanza(10 * time.Minute)
	elenco, err := e.Elenca(b.ctx, enteA, anagrafe, lunedi(), lunedi())
	if err != nil {
		return con(err, "Elenca")
	}
	var id []string
	for _, p := range elenco {
		id = append(id, p.ID)
	}
	if fmt.Sprint(id) != "[b z a]" {
		return fmt.Errorf("elenco: %v, attese [b z a]", id)
	}
	altro, err := e.Elenca(b.ctx, enteB, anagrafe, lunedi(), lunedi())
	if err == nil && len(altro) > 0 {
		err = fmt.Errorf("%d prenotazioni di un altro ente", len(altro))
	}
	if err != nil {
		return con(err, "Elenca dell'altro ente")
	}
	vuoto, err := e.Elenca(b.ctx, enteA, anagrafe, lunedi().Piu(1), lunedi().Piu(2))
	if err == nil {
		var prima []appuntamenti.Prenotazione
		prima, err = e.Elenca(b.ctx, enteA, anagrafe, lunedi().Piu(-2), lunedi().Piu(-1))
		vuoto = append(vuoto, prima...)
	}
	if err == nil && len(vuoto) > 0 {
		err = fmt.Errorf("%d prenotazioni di altri giorni", len(vuoto))
	}
	_, rovescio := e.Elenca(b.ctx, enteA, anagrafe, lunedi(), lunedi().Piu(-1))
	return primo(con(err, "Elenca di altri giorni"), rifiutato(rovescio, "Elenca di un periodo rovesciato", appuntamenti.ErrNonValida))
}
