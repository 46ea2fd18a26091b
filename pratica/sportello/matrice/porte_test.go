package matrice_test

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/messaggi"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// tramite is the way to a payment system in the world outside.
type tramite struct {
	pagamenti.Tramite
	m *mondo
	k *colpo
}

func (t *tramite) passo(metodo, id string, fn func() (pagamenti.Posizione, error)) (p pagamenti.Posizione, err error) {
	err = t.k.passo("Tramite."+metodo, "", func(*passo) error {
		if err := t.m.chiesto("Tramite."+metodo, id); err != nil {
			return err
		}
		p, err = fn()
		return err
	})
	return p, err
}

// Crea implements pagamenti.Tramite.
func (t *tramite) Crea(ctx context.Context, d pagamenti.Dovuto) (pagamenti.Posizione, error) {
	return t.passo("Crea", d.ID, func() (pagamenti.Posizione, error) { return t.Tramite.Crea(ctx, d) })
}

// Annulla implements pagamenti.Tramite.
func (t *tramite) Annulla(ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
	return t.passo("Annulla", id, func() (pagamenti.Posizione, error) { return t.Tramite.Annulla(ctx, ente, id) })
}

// agenda is a booking system in the world outside.
type agenda struct {
	appuntamenti.Agenda
	m *mondo
	k *colpo
}

func (a *agenda) passo(metodo, id string, fn func() (appuntamenti.Prenotazione, error)) (p appuntamenti.Prenotazione, err error) {
	err = a.k.passo("Agenda."+metodo, "", func(*passo) error {
		if err := a.m.chiesto("Agenda."+metodo, id); err != nil {
			return err
		}
		p, err = fn()
		return err
	})
	return p, err
}

// Prolunga implements appuntamenti.Agenda.
func (a *agenda) Prolunga(ctx context.Context, ente, id string, fino time.Time) (appuntamenti.Prenotazione, error) {
	return a.passo("Prolunga", id, func() (appuntamenti.Prenotazione, error) { return a.Agenda.Prolunga(ctx, ente, id, fino) })
}

// Conferma implements appuntamenti.Agenda.
func (a *agenda) Conferma(ctx context.Context, ente, id string) (appuntamenti.Prenotazione, error) {
	return a.passo("Conferma", id, func() (appuntamenti.Prenotazione, error) { return a.Agenda.Conferma(ctx, ente, id) })
}

// Annulla implements appuntamenti.Agenda.
func (a *agenda) Annulla(ctx context.Context, ente, id string) (appuntamenti.Prenotazione, error) {
	return a.passo("Annulla", id, func() (appuntamenti.Prenotazione, error) { return a.Agenda.Annulla(ctx, ente, id) })
}

const tabAvvisi = "canale.avviso" // channel/id → text

// canale is a channel that delivers each ID once.
type canale struct {
	nome string
	m    *mondo
	k    *colpo
}

// Invia implements messaggi.Canale.
func (c *canale) Invia(ctx context.Context, v messaggi.Avviso) error {
	return c.k.passo("Canale.Invia", c.nome, func(*passo) error {
		if err := c.m.chiesto("Canale.Invia", c.nome+" "+v.ID); err != nil {
			return err
		}
		return c.m.Transazione(ctx, v.Ente, func(tx cassetto.Tx) error {
			err := tx.Inserisci(tabAvvisi, c.nome+"/"+v.ID, []byte(v.Testo))
			if errors.Is(err, cassetto.ErrPresente) {
				return nil
			}
			return err
		})
	})
}

// archivio is a storage.Archivio whose process can end while it writes.
type archivio struct {
	storage.Archivio
	k *colpo
}

// Scrivi implements storage.Archivio.
func (a *archivio) Scrivi(ctx context.Context, ente string, r io.Reader, massimo int64) (f storage.File, err error) {
	err = a.k.passo("Archivio.Scrivi", "", func(p *passo) error {
		f, err = a.Archivio.Scrivi(ctx, ente, &aMeta{r: r, poi: func() { p.nelMezzo("", nil) }}, massimo)
		return err
	})
	return f, err
}

// aMeta tells when some was read and some was not.
type aMeta struct {
	r   io.Reader
	poi func()
}

func (m *aMeta) Read(b []byte) (int, error) {
	if m.poi == nil {
		return m.r.Read(b)
	}
	n, err := m.r.Read(b[:min(len(b), 1000)])
	m.poi()
	m.poi = nil
	return n, err
}
