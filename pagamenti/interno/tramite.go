// Package interno is a pagamenti.Tramite without a payment system behind it: it
// keeps the positions in a cassetto.Cassetto and moves no money. It is for
// demonstrations and tests, where a page of the host plays the part of the PSP
// and calls Simula. Numbers are well formed (NAV with auxiliary digit 3, right
// check digits) but no payment system knows them.
//
// Of the debt it keeps amount, causale and return address; nothing of the payer.
package interno

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// Config sets up a Tramite.
type Config struct {
	// Cassetto keeps the positions. Necessary.
	Cassetto cassetto.Cassetto
	// BaseURL is the address of the host's payment page: a position is paid at
	// BaseURL + "/" + id. Necessary; absolute http(s).
	BaseURL string
	// Orologio gives the present. Defaults to time.Now.
	Orologio func() time.Time
	// NuovoIUR gives the id of a collection, different each time. Defaults to a
	// random UUID.
	NuovoIUR func() string
	// ScadenzaGiorni is the term of a debt that sets none: it may be paid until
	// the end of that day, counted from the creation in Europe/Rome. Defaults to 90.
	ScadenzaGiorni int
	// Segregazione is the codice di segregazione of the NAVs, 0–99. Defaults to 0.
	Segregazione int
	// Ricevente is told of every outcome that Simula applies, after it was
	// kept. Defaults to nobody.
	Ricevente pagamenti.Ricevente
}

// Tramite implements pagamenti.Tramite and pagamenti.Ricevutatore. It is safe
// for concurrent use, also by several processes on the same Cassetto.
type Tramite struct{ c Config }

var (
	_ pagamenti.Tramite      = (*Tramite)(nil)
	_ pagamenti.Ricevutatore = (*Tramite)(nil)
)

// ErrConfig is the cause of every failure of New.
var ErrConfig = errors.New("pagamenti/interno: configurazione non valida")

const (
	tabellaPosizioni = "pagamenti.posizione"
	tabellaNumeri    = "pagamenti.numero"
)

// New checks the configuration; fails with guasto.Configurazione over ErrConfig.
func New(c Config) (*Tramite, error) {
	u, err := url.Parse(c.BaseURL)
	male := func(codice string) (*Tramite, error) {
		return nil, guasto.Nuovo(guasto.Configurazione, "pagamenti/interno.New", codice, ErrConfig)
	}
	switch {
	case c.Cassetto == nil:
		return male("cassetto")
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "http" && u.Scheme != "https":
		return male("base_url")
	case c.Segregazione < 0 || c.Segregazione > 99:
		return male("segregazione")
	case c.ScadenzaGiorni < 0 || c.ScadenzaGiorni > 36500:
		return male("scadenza_giorni")
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if c.Orologio == nil {
		c.Orologio = time.Now
	}
	if c.NuovoIUR == nil {
		c.NuovoIUR = uuid.NewString
	}
	if c.ScadenzaGiorni == 0 {
		c.ScadenzaGiorni = 90
	}
	return &Tramite{c}, nil
}

// scheda is one record of the drawer.
type scheda struct {
	Posizione  pagamenti.Posizione `json:"posizione"`
	Causale    string              `json:"causale"`
	RitornoURL string              `json:"ritorno_url,omitempty"`
}

// Crea implements pagamenti.Tramite. A term already past is refused with
// pagamenti.ErrNonValido.
func (t *Tramite) Crea(ctx context.Context, d pagamenti.Dovuto) (pagamenti.Posizione, error) {
	const operazione = "pagamenti/interno.Crea"
	if err := d.Verifica(); err != nil {
		return pagamenti.Posizione{}, err
	}
	var p pagamenti.Posizione
	ora := t.c.Orologio().UTC()
	err := t.scrivi(ctx, operazione, d.Ente, func(tx cassetto.Tx) error {
		var s scheda
		err := cassetto.LeggiJSON(tx, tabellaPosizioni, d.ID, &s)
		if err == nil {
			if !s.Posizione.Importo.Equal(d.Importo) || s.Causale != d.Causale {
				return pagamenti.Diverso(operazione)
			}
			p = attuale(s.Posizione, ora)
			return nil
		}
		if !errors.Is(err, cassetto.ErrAssente) {
			return err
		}
		if p, err = t.nuova(tx, d, ora); err != nil {
			return err
		}
		return cassetto.InserisciJSON(tx, tabellaPosizioni, d.ID, scheda{p, d.Causale, d.RitornoURL})
	})
	if err != nil {
		return pagamenti.Posizione{}, err
	}
	return p, nil
}

func (t *Tramite) nuova(tx cassetto.Tx, d pagamenti.Dovuto, ora time.Time) (pagamenti.Posizione, error) {
	scadenza := d.Scadenza.UTC()
	if d.Scadenza.IsZero() {
		scadenza = termini.GiornoDi(ora).Piu(t.c.ScadenzaGiorni).Fine()
	}
	if !ora.Before(scadenza) {
		return pagamenti.Posizione{}, guasto.NuovoNonValido(pagamenti.ErrNonValido, []pagamenti.Problema{
			{Campo: "scadenza", Codice: "passata", Messaggio: "La scadenza è già passata: indicane una futura."},
		})
	}
	n, err := cassetto.Conta(tx, tabellaNumeri, fmt.Sprintf("%02d", t.c.Segregazione))
	if err != nil {
		return pagamenti.Posizione{}, err
	}
	nav, err := pagamenti.NuovoNAV(t.c.Segregazione, n)
	if err != nil {
		return pagamenti.Posizione{}, guasto.Nuovo(guasto.Configurazione, "pagamenti/interno.Crea", "numeri_esauriti", err)
	}
	iud := d.ID
	if uuid.Validate(d.ID) == nil {
		iud = strings.ReplaceAll(d.ID, "-", "") // 32 characters: an IUD has at most 35
	}
	return pagamenti.Posizione{
		ID: d.ID, Ente: d.Ente, NAV: string(nav), IUV: nav.IUV(), IUD: iud,
		Stato: pagamenti.InAttesa, Importo: d.Importo, Creata: ora, Scadenza: scadenza,
		URLPagamento: t.c.BaseURL + "/" + d.ID,
	}, nil
}

// attuale applies the passing of time: a position nobody paid expires by itself.
func attuale(p pagamenti.Posizione, ora time.Time) pagamenti.Posizione {
	if p.Stato.Pagabile() && !ora.Before(p.Scadenza) {
		p.Stato = pagamenti.Scaduto
	}
	return p
}

// Stato implements pagamenti.Tramite.
func (t *Tramite) Stato(ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
	g, err := t.Pagina(ctx, ente, id)
	return g.Posizione, err
}

// Pagina is what a payment page shows.
type Pagina struct {
	Posizione  pagamenti.Posizione
	Causale    string
	RitornoURL string // where to send the browser afterwards; may be empty
}

// Pagina gives what the payment page needs, or pagamenti.ErrIgnota.
func (t *Tramite) Pagina(ctx context.Context, ente, id string) (Pagina, error) {
	const operazione = "pagamenti/interno.Stato"
	var s scheda
	if !ammissibile(ente, id) {
		return Pagina{}, pagamenti.Ignota(operazione)
	}
	err := t.c.Cassetto.Lettura(ctx, ente, func(tx cassetto.Tx) error {
		s = scheda{}
		return leggi(tx, operazione, id, &s)
	})
	if err != nil {
		return Pagina{}, classifica(operazione, guasto.Transitorio, err)
	}
	return Pagina{attuale(s.Posizione, t.c.Orologio()), s.Causale, s.RitornoURL}, nil
}

// Annulla implements pagamenti.Tramite.
func (t *Tramite) Annulla(ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
	const operazione = "pagamenti/interno.Annulla"
	p, err := t.cambia(ctx, operazione, ente, id, func(p pagamenti.Posizione) (pagamenti.Posizione, error) {
		if p.Stato == pagamenti.Pagato {
			return p, pagamenti.GiaPagato(operazione)
		}
		p.Stato = pagamenti.Annullato
		return p, nil
	})
	return p, err
}

// cambia reads a position, lets fn change it and keeps the change. It gives the
// position also beside a guasto.GiaFatto of fn.
func (t *Tramite) cambia(ctx context.Context, operazione, ente, id string, fn func(pagamenti.Posizione) (pagamenti.Posizione, error)) (pagamenti.Posizione, error) {
	if !ammissibile(ente, id) {
		return pagamenti.Posizione{}, pagamenti.Ignota(operazione)
	}
	var p pagamenti.Posizione
	err := t.scrivi(ctx, operazione, ente, func(tx cassetto.Tx) error {
		var s scheda
		if err := leggi(tx, operazione, id, &s); err != nil {
			return err
		}
		var err error
		if p, err = fn(attuale(s.Posizione, t.c.Orologio())); err != nil {
			return err
		}
		s.Posizione = p
		return cassetto.ScriviJSON(tx, tabellaPosizioni, id, s)
	})
	if err != nil && guasto.Di(err) != guasto.GiaFatto {
		return pagamenti.Posizione{}, err
	}
	return p, err
}

func ammissibile(ente, id string) bool {
	return ente != "" && len(ente) <= 4*pagamenti.MassimoEnte && id != "" && len(id) <= pagamenti.MassimoID
}

func leggi(tx cassetto.Tx, operazione, id string, s *scheda) error {
	err := cassetto.LeggiJSON(tx, tabellaPosizioni, id, s)
	if errors.Is(err, cassetto.ErrAssente) {
		return pagamenti.Ignota(operazione)
	}
	return err
}

// scrivi runs a transaction; where the drawer fails nobody knows whether the
// commit went through, unless the context had ended before it began.
func (t *Tramite) scrivi(ctx context.Context, operazione, ente string, fn func(cassetto.Tx) error) error {
	if ctx.Err() != nil {
		return guasto.DaContesto(ctx, operazione, false)
	}
	return classifica(operazione, guasto.EsitoIgnoto, t.c.Cassetto.Transazione(ctx, ente, fn))
}

func classifica(operazione string, altrimenti guasto.Classe, err error) error {
	var c guasto.Classificato
	switch {
	case err == nil || errors.As(err, &c):
		return err
	case errors.Is(err, cassetto.ErrLimite):
		return guasto.Nuovo(guasto.Permanente, operazione, "limite", err)
	default:
		return guasto.Nuovo(altrimenti, operazione, "cassetto", err)
	}
}
