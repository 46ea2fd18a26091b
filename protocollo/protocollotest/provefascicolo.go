package protocollotest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// provaFascicolo: a key names one fascicolo, whoever opens it at the same time.
func provaFascicolo(ctx context.Context, p *prova) {
	fasc, ok := p.reg.(protocollo.Fascicolatore)
	if !ok {
		return
	}
	_, err := fasc.TrovaFascicolo(ctx, p.f.Ente, "nido/1999")
	p.esige(errors.Is(err, protocollo.ErrNonTrovato), "TrovaFascicolo di ciò che non c'è non dà ErrNonTrovato")
	_, err = fasc.CreaFascicolo(ctx, p.f.Ente, protocollo.Fascicolo{Oggetto: "Zqxoggetto"})
	p.guasto(err, "CreaFascicolo senza chiave né classifica", guasto.Permanente)
	classifica := p.richiesta(0).Classifica
	nuovo := func(n int) protocollo.Fascicolo {
		return protocollo.Fascicolo{Chiave: fmt.Sprintf("nido/%d", n), Oggetto: "Iscrizioni al nido", Classifica: classifica}
	}
	n := 1
	if p.cap.FascicoliUnici {
		n = min(p.f.Concorrenti, 32)
	}
	esiti, errori := make([]protocollo.Fascicolo, n), make([]error, n)
	var gruppo sync.WaitGroup
	for i := range n {
		gruppo.Go(func() { esiti[i], errori[i] = fasc.CreaFascicolo(ctx, p.f.Ente, nuovo(1)) })
	}
	gruppo.Wait()
	for i := range n {
		if p.riesce(errori[i], "CreaFascicolo") {
			p.esige(esiti[i] == esiti[0], "CreaFascicolo in concorrenza: fascicoli diversi per la stessa chiave")
		}
	}
	uno := esiti[0]
	p.esige(uno.Chiave == nuovo(1).Chiave && (uno.Codice != "" || uno.Numero != ""), "il fascicolo non ha la sua chiave, o non ha né codice né numero")
	trovato, err := fasc.TrovaFascicolo(ctx, p.f.Ente, nuovo(1).Chiave)
	if p.riesce(err, "TrovaFascicolo") {
		p.esige(trovato.Codice == uno.Codice && trovato.Numero == uno.Numero, "TrovaFascicolo ne trova un altro")
	}
	due, err := fasc.CreaFascicolo(ctx, p.f.Ente, nuovo(2))
	if p.riesce(err, "CreaFascicolo, un'altra chiave") {
		p.esige(due.Codice != uno.Codice || due.Numero != uno.Numero, "due chiavi, un fascicolo solo")
	}
	q := p.richiesta(0)
	q.Fascicolo = &uno
	if reg, ok := p.registra(ctx, q, "Registra in un fascicolo"); ok {
		p.esige(reg.Fascicolo != nil && reg.Fascicolo.Codice == uno.Codice && reg.Fascicolo.Numero == uno.Numero,
			"la registrazione non è nel suo fascicolo")
	}
}

// provaAnnullamento: the entry stays, with its mark (DPR 445/2000, art. 54).
func provaAnnullamento(ctx context.Context, p *prova) {
	a, ok := p.reg.(protocollo.Annullatore)
	if !ok {
		return
	}
	q := p.richiesta(0)
	reg, ok := p.registra(ctx, q, "Registra")
	if !ok {
		return
	}
	perche := protocollo.Annullamento{Motivo: "Registrata per errore", Provvedimento: "Det. 12/2026", Operatore: "op-1"}
	_, err := a.Annulla(ctx, reg.Estremi, protocollo.Annullamento{Motivo: "Zqxoggetto"})
	p.guasto(err, "Annulla senza provvedimento", guasto.Permanente)
	ignoti := reg.Estremi
	ignoti.Numero = "987654321"
	_, err = a.Annulla(ctx, ignoti, perche)
	p.esige(errors.Is(err, protocollo.ErrNonTrovato), "Annulla di un numero che non c'è non dà ErrNonTrovato")
	annullata, err := a.Annulla(ctx, reg.Estremi, perche)
	if !p.riesce(err, "Annulla") {
		return
	}
	p.segnata(annullata, reg, perche)
	if letta, ok := p.rilegge(ctx, reg); ok {
		p.segnata(letta, reg, perche)
	}
	if trovate, ok := p.cerca(ctx, q.Ente, q.Correlazione); ok && p.cap.CercaAffidabile {
		p.esige(len(trovate) == 1 && trovate[0].Annullata != nil, "la registrazione annullata non si trova più")
	}
	_, err = a.Annulla(ctx, reg.Estremi, perche)
	p.guasto(err, "Annulla due volte", guasto.GiaFatto)
	if dopo, ok := p.registra(ctx, p.richiesta(0), "Registra dopo un annullamento"); ok {
		p.esige(!dopo.Stessi(reg.Estremi), "il numero annullato è stato dato di nuovo")
	}
}

func (p *prova) segnata(r, prima protocollo.Registrazione, a protocollo.Annullamento) {
	p.esige(r.Stessi(prima.Estremi), "l'annullamento ha cambiato gli estremi")
	if p.esige(r.Annullata != nil, "l'annullamento non si vede") {
		p.esige(r.Annullata.Motivo == a.Motivo && r.Annullata.Provvedimento == a.Provvedimento && r.Annullata.Operatore == a.Operatore,
			"l'annullamento ha perso motivo, provvedimento od operatore")
		p.esige(!r.Annullata.Data.IsZero(), "l'annullamento non ha data")
	}
}

// provaEnti: one body never sees another's registrations and fascicoli.
func provaEnti(ctx context.Context, p *prova) {
	if p.f.AltroEnte == "" {
		return
	}
	q := p.richiesta(0)
	reg, ok := p.registra(ctx, q, "Registra")
	if !ok {
		return
	}
	if trovate, ok := p.cerca(ctx, p.f.AltroEnte, q.Correlazione); ok {
		p.esige(len(trovate) == 0, "un ente trova le registrazioni di un altro")
	}
	altrui := reg.Estremi
	altrui.Ente = p.f.AltroEnte
	if l, ok := p.reg.(protocollo.Lettore); ok {
		_, err := l.Leggi(ctx, altrui)
		p.guasto(err, "Leggi con l'ente sbagliato", guasto.Permanente, guasto.Configurazione)
	}
	if a, ok := p.reg.(protocollo.Annullatore); ok {
		_, err := a.Annulla(ctx, altrui, protocollo.Annullamento{Motivo: "m", Provvedimento: "p", Operatore: "o"})
		p.guasto(err, "Annulla con l'ente sbagliato", guasto.Permanente, guasto.Configurazione)
	}
	if f, ok := p.reg.(protocollo.Fascicolatore); ok {
		_, err := f.CreaFascicolo(ctx, p.f.Ente, protocollo.Fascicolo{Chiave: "nido/1", Classifica: q.Classifica})
		p.riesce(err, "CreaFascicolo")
		_, err = f.TrovaFascicolo(ctx, p.f.AltroEnte, "nido/1")
		p.esige(errors.Is(err, protocollo.ErrNonTrovato), "un ente trova i fascicoli di un altro")
	}
	altra := q
	altra.Ente = p.f.AltroEnte
	if suo, ok := p.registra(ctx, altra, "Registra lo stesso token per un altro ente"); ok {
		p.esige(suo.Ente == p.f.AltroEnte, "la registrazione è di un altro ente")
	}
	p.effetti(ctx, q, 1, "Registra per un altro ente")
}
