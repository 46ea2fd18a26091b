package pagamenti

import (
	"time"

	"github.com/shopspring/decimal"
)

// Esito is what the payment system says about a collection. It names no payer.
type Esito struct {
	PSP           string          `json:"psp,omitempty"`      // name of the payment service provider
	Ricevuta      string          `json:"ricevuta,omitempty"` // id of the receipt (ricevuta telematica)
	IUR           string          `json:"iur,omitempty"`      // identificativo univoco di riscossione
	ImportoPagato decimal.Decimal `json:"importo_pagato"`     // may exceed the amount asked, for instance by notification costs; zero if not said
	Motivo        string          `json:"motivo,omitempty"`   // machine code of the last failure
}

// Posizione is what the payment system knows of a Dovuto. It holds no personal
// data. Instants are UTC.
type Posizione struct {
	ID           string          `json:"id"` // = Dovuto.ID
	Ente         string          `json:"ente"`
	IUV          string          `json:"iuv,omitempty"`
	NAV          string          `json:"nav,omitempty"` // 18 digits
	IUD          string          `json:"iud,omitempty"`
	Stato        Stato           `json:"stato"`
	Importo      decimal.Decimal `json:"importo"`
	Creata       time.Time       `json:"creata,omitzero"`
	Pagata       time.Time       `json:"pagata,omitzero"`         // when the payer paid
	Scadenza     time.Time       `json:"scadenza,omitzero"`       // first instant at which a payment is late
	URLPagamento string          `json:"url_pagamento,omitempty"` // page where the citizen pays; carries no personal data
	URLAvviso    string          `json:"url_avviso,omitempty"`    // the notice to print, if the system offers one
	Esito        Esito           `json:"esito,omitzero"`
	// FuoriTermine: paid after the term or after the cancellation. The office
	// decides whether the payment counts or is given back.
	FuoriTermine bool `json:"fuori_termine,omitempty"`
	// DoppioPagamento: a second collection, with another IUR, was reported. The
	// office has to give one back.
	DoppioPagamento bool `json:"doppio_pagamento,omitempty"`
}

// Concilia merges what was just reported into what was known and says whether
// anything changed. Reports may come twice, late or out of order, so it is
// idempotent and never goes back: a report whose state the known one may not
// become (Stato.PuoDiventare) leaves the state as it is, in silence, and a paid
// position stays as it was paid. A payment on a Scaduto or Annullato position,
// or made after Scadenza, is taken and marked FuoriTermine; a payment made
// before Scadenza is not late even where the news is. A second collection with
// another IUR is marked DoppioPagamento and the first one is kept.
//
// Both must have the same ID and Ente, else p comes back unchanged.
func (p Posizione) Concilia(notizia Posizione) (Posizione, bool) {
	if p.ID != notizia.ID || p.Ente != notizia.Ente {
		return p, false
	}
	prima := p
	p.completa(notizia)
	switch {
	case p.Stato == Pagato && notizia.Stato == Pagato:
		if p.Esito.IUR != "" && notizia.Esito.IUR != "" && p.Esito.IUR != notizia.Esito.IUR {
			p.DoppioPagamento = true
		}
		p.FuoriTermine = p.FuoriTermine || notizia.FuoriTermine
		p.DoppioPagamento = p.DoppioPagamento || notizia.DoppioPagamento
	case !p.Stato.PuoDiventare(notizia.Stato):
	case notizia.Stato == Pagato:
		p.paga(notizia)
	default:
		p.Stato, p.Esito = notizia.Stato, notizia.Esito
	}
	return p, !p.uguale(prima)
}

// completa fills what was not known yet; what was known is kept.
func (p *Posizione) completa(n Posizione) {
	for _, c := range []struct {
		qui *string
		la  string
	}{{&p.IUV, n.IUV}, {&p.NAV, n.NAV}, {&p.IUD, n.IUD}, {&p.URLPagamento, n.URLPagamento}, {&p.URLAvviso, n.URLAvviso}} {
		if *c.qui == "" {
			*c.qui = c.la
		}
	}
	if p.Creata.IsZero() {
		p.Creata = n.Creata
	}
	if p.Scadenza.IsZero() {
		p.Scadenza = n.Scadenza
	}
	if p.Importo.IsZero() {
		p.Importo = n.Importo
	}
}

func (p *Posizione) paga(n Posizione) {
	tardi := p.Stato == Scaduto // unless both instants are known, and say otherwise
	if !n.Pagata.IsZero() && !p.Scadenza.IsZero() {
		tardi = !n.Pagata.Before(p.Scadenza)
	}
	p.FuoriTermine = n.FuoriTermine || tardi || p.Stato == Annullato
	p.DoppioPagamento = p.DoppioPagamento || n.DoppioPagamento
	p.Stato, p.Pagata, p.Esito = Pagato, n.Pagata, n.Esito
}

func (p Posizione) uguale(q Posizione) bool {
	stessi := p.Importo.Equal(q.Importo) && p.Esito.ImportoPagato.Equal(q.Esito.ImportoPagato) &&
		p.Creata.Equal(q.Creata) && p.Pagata.Equal(q.Pagata) && p.Scadenza.Equal(q.Scadenza)
	q.Importo, q.Esito.ImportoPagato, q.Creata, q.Pagata, q.Scadenza = p.Importo, p.Esito.ImportoPagato, p.Creata, p.Pagata, p.Scadenza
	return stessi && p == q
}
