package pratica

import (
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// GenereEffetto is the kind of an effect: something to do outside of the
// pratica because of an event. The store commits effects with the events;
// package sportello carries them out.
type GenereEffetto string

// Kinds of effects. Riferimento is given in brackets.
const (
	EffettoDocumento            GenereEffetto = "documento"             // produce the PDF of a document [document]
	EffettoProtocollo           GenereEffetto = "protocollo"            // register it [document]
	EffettoPagamento            GenereEffetto = "pagamento"             // create the position of a payment [payment]
	EffettoAnnullaPagamento     GenereEffetto = "annulla_pagamento"     // cancel it [payment]
	EffettoConfermaAppuntamento GenereEffetto = "conferma_appuntamento" // confirm a booking [booking]
	EffettoProlungaAppuntamento GenereEffetto = "prolunga_appuntamento" // keep a hold while the applicant pays [booking]
	EffettoAnnullaAppuntamento  GenereEffetto = "annulla_appuntamento"  // give the place back [booking]
	EffettoAvviso               GenereEffetto = "avviso"                // notify the applicant of a state [state]
)

// Corsia is the lane of an effect: within a pratica the effects of one lane run
// in order, each after the one before is done; lanes do not wait for each other.
func (g GenereEffetto) Corsia() string {
	switch g {
	case EffettoDocumento, EffettoProtocollo:
		return "atti"
	case EffettoPagamento, EffettoAnnullaPagamento:
		return "pagamenti"
	case EffettoConfermaAppuntamento, EffettoProlungaAppuntamento, EffettoAnnullaAppuntamento:
		return "agenda"
	case EffettoAvviso:
		return "avvisi"
	default:
		return string(g)
	}
}

// Effetto is one thing to do.
type Effetto struct {
	Genere      GenereEffetto
	Riferimento string
}

// Effetti gives what the events cause, in order. prima is the pratica as it was
// before them. Pure: the same events always cause the same effects.
func Effetti(prima *Pratica, s *servizio.Servizio, eventi []Evento) []Effetto {
	var ef []Effetto
	fai := func(g GenereEffetto, rif string) { ef = append(ef, Effetto{g, rif}) }
	p := prima.copia()
	for i := range eventi {
		e := &eventi[i]
		switch f := e.Fatto.(type) {
		case DocumentoChiesto:
			fai(EffettoDocumento, f.ID)
			if f.Direzione != "" {
				fai(EffettoProtocollo, f.ID)
			}
		case PagamentoRichiesto:
			if f.Al != "" {
				fai(EffettoAnnullaPagamento, f.Al)
			}
			fai(EffettoPagamento, f.ID)
		case PagamentoAggiornato:
			if x := p.coperto(f); x != nil {
				fai(EffettoAnnullaPagamento, x.ID)
			}
		case PagamentoRegistrato:
			fai(EffettoAnnullaPagamento, f.ID)
		case RichiestaRiaperta, PraticaChiusa:
			annullaAperti(p, fai)
		case EsitoDeciso:
			if !f.Positivo {
				annullaAperti(p, fai)
			}
		case AppuntamentoScelto:
			if v := p.AppuntamentoAttivo(); v != nil && v.ID != f.Prenotazione.ID {
				fai(EffettoAnnullaAppuntamento, v.ID)
			}
			if e.Da != Bozza {
				fai(EffettoConfermaAppuntamento, f.Prenotazione.ID)
			}
		case AppuntamentoAggiornato:
			if e.Azione == AzioneDisdiciAppuntamento {
				fai(EffettoAnnullaAppuntamento, f.Prenotazione.ID)
			}
		}
		p.applica(e)
		if e.Da == e.A {
			continue
		}
		if a := p.AppuntamentoAttivo(); a != nil {
			switch e.A {
			case AttesaPagamento:
				fai(EffettoProlungaAppuntamento, a.ID)
			case Inviata:
				fai(EffettoConfermaAppuntamento, a.ID)
			case EsitoNegativo, Ritirata, Annullata, "":
				fai(EffettoAnnullaAppuntamento, a.ID)
			default:
			}
		}
		if _, c := s.Messaggio(string(e.A)); c {
			fai(EffettoAvviso, string(e.A))
		}
	}
	return ef
}

func annullaAperti(p *Pratica, fai func(GenereEffetto, string)) {
	for _, x := range p.Pagamenti {
		if x.Aperto() {
			fai(EffettoAnnullaPagamento, x.ID)
		}
	}
}
