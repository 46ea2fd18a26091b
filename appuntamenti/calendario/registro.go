package calendario

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// Tables in the drawer. A booking is kept for good under its id; a place taken
// is a small record ordered by calendar and beginning, which is all that
// counting reads; a riferimento points to the last booking made for it.
const (
	tabPrenotazione = "appuntamenti.prenotazione"
	tabPosto        = "appuntamenti.posto"
	tabRiferimento  = "appuntamenti.riferimento"
)

const formatoChiave = "20060102T150405Z" // sorts like the instants it writes

// posto is a place taken in a calendar.
type posto struct {
	ID       string    `json:"id"`
	Apertura string    `json:"a"`
	Inizio   time.Time `json:"i"`
	Fine     time.Time `json:"f"`
	Scadenza time.Time `json:"s,omitzero"` // of a hold; zero once confirmed
	chiave   string
}

// registro is the drawer within a transaction, at one instant.
type registro struct {
	tx  cassetto.Tx
	ora time.Time
}

// leggi gives the booking with the state it has now.
func (r registro) leggi(id string) (appuntamenti.Prenotazione, error) {
	var p appuntamenti.Prenotazione
	if id == "" || len(id) > cassetto.MassimoChiave {
		return p, appuntamenti.ErrNonTrovata
	}
	if err := cassetto.LeggiJSON(r.tx, tabPrenotazione, id, &p); err != nil {
		if errors.Is(err, cassetto.ErrAssente) {
			err = appuntamenti.ErrNonTrovata
		}
		return appuntamenti.Prenotazione{}, err
	}
	p.Stato = p.StatoA(r.ora)
	return p, nil
}

// scrivi replaces vecchia (zero: nothing) by nuova in all the tables.
func (r registro) scrivi(vecchia, nuova appuntamenti.Prenotazione) error {
	if vecchia.ID != "" {
		if err := r.tx.Elimina(tabPosto, chiavePosto(vecchia)); err != nil {
			return err
		}
	}
	if nuova.Occupa(r.ora) {
		p := posto{ID: nuova.ID, Apertura: nuova.Apertura, Inizio: nuova.Inizio, Fine: nuova.Fine}
		if nuova.Stato == appuntamenti.Bloccato {
			p.Scadenza = nuova.ScadenzaBlocco
		}
		if err := cassetto.ScriviJSON(r.tx, tabPosto, chiavePosto(nuova), p); err != nil {
			return err
		}
	}
	if nuova.Riferimento != "" && nuova.Attiva(r.ora) {
		if err := cassetto.ScriviJSON(r.tx, tabRiferimento, nuova.Riferimento, nuova.ID); err != nil {
			return err
		}
	}
	return cassetto.ScriviJSON(r.tx, tabPrenotazione, nuova.ID, nuova)
}

func chiavePosto(p appuntamenti.Prenotazione) string {
	return p.Calendario + "/" + p.Inizio.UTC().Format(formatoChiave) + "/" + p.ID
}

// posti gives the places of a calendar taken now that begin in [dal, al), and
// the keys of the holds that have expired in the meantime.
func (r registro) posti(calendario string, dal, al time.Time) (presi []posto, scaduti []string, err error) {
	prefisso := calendario + "/"
	fine := prefisso + al.UTC().Format(formatoChiave)
	dopo := prefisso + dal.UTC().Format(formatoChiave)
	const pagina = 500
	for {
		voci, err := r.tx.Elenca(tabPosto, cassetto.Intervallo{Prefisso: prefisso, Dopo: dopo, Limite: pagina})
		if err != nil {
			return nil, nil, err
		}
		for _, v := range voci {
			dopo = v.Chiave
			if strings.Compare(dopo, fine) >= 0 {
				return presi, scaduti, nil
			}
			p := posto{chiave: v.Chiave}
			if err := json.Unmarshal(v.Valore, &p); err != nil {
				return nil, nil, fmt.Errorf("calendario: posto illeggibile: %w", err)
			}
			if !p.Scadenza.IsZero() && !r.ora.Before(p.Scadenza) {
				scaduti = append(scaduti, p.chiave)
				continue
			}
			presi = append(presi, p)
		}
		if len(voci) < pagina {
			return presi, scaduti, nil
		}
	}
}

// liberi gives how many places of the slot are free: its capacity less the
// greatest number of places taken at one instant of it. salvo is the id of a
// booking not to be counted.
func liberi(c appuntamenti.Calendario, f appuntamenti.Fascia, presi []posto, salvo string) int {
	type passo struct {
		t time.Time
		n int
	}
	var passi []passo
	for _, p := range presi {
		if p.ID == salvo || c.Sovrapposizioni && p.Apertura != f.Apertura ||
			!p.Inizio.Before(f.Fine) || !f.Inizio.Before(p.Fine) {
			continue
		}
		passi = append(passi, passo{p.Inizio, 1}, passo{p.Fine, -1})
	}
	// At the same instant who leaves comes first: the intervals are half-open.
	slices.SortFunc(passi, func(a, b passo) int {
		if n := a.t.Compare(b.t); n != 0 {
			return n
		}
		return a.n - b.n
	})
	adesso, massimo := 0, 0
	for _, p := range passi {
		adesso += p.n
		massimo = max(massimo, adesso)
	}
	return max(f.Liberi-massimo, 0)
}

// occupa checks that the slot has a place for booking id, and clears away the
// expired holds it meets.
func (r registro) occupa(c appuntamenti.Calendario, f appuntamenti.Fascia, id string) error {
	presi, scaduti, err := r.posti(c.ID, f.Inizio.Add(-appuntamenti.DurataMassima), f.Fine)
	if err != nil {
		return err
	}
	for _, k := range scaduti {
		if err := r.tx.Elimina(tabPosto, k); err != nil {
			return err
		}
	}
	if liberi(c, f, presi, id) == 0 {
		return appuntamenti.ErrFasciaPiena
	}
	return nil
}

// unica checks that the riferimento of p has no other active booking.
func (r registro) unica(p appuntamenti.Prenotazione) error {
	if p.Riferimento == "" {
		return nil
	}
	var id string
	err := cassetto.LeggiJSON(r.tx, tabRiferimento, p.Riferimento, &id)
	if errors.Is(err, cassetto.ErrAssente) || err == nil && id == p.ID {
		return nil
	}
	if err != nil {
		return err
	}
	altra, err := r.leggi(id)
	if err != nil {
		return err
	}
	if altra.Attiva(r.ora) {
		return appuntamenti.ErrRiferimentoOccupato
	}
	return nil
}
