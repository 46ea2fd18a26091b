package protocollotest

import (
	"context"
	"errors"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// provaRiclassificazione: classification and assignment change, nothing else.
func provaRiclassificazione(ctx context.Context, p *prova) {
	x, ok := p.reg.(protocollo.Riclassificatore)
	if !ok {
		return
	}
	reg, ok := p.registra(ctx, p.richiesta(0), "Registra")
	if !ok {
		return
	}
	prima, riletta := p.rilegge(ctx, reg)
	classifica, ufficio := p.f.AltraClassifica, p.f.AltroUfficio
	dopo, err := x.Riclassifica(ctx, reg.Estremi, classifica, "op-1")
	if p.riesce(err, "Riclassifica") {
		p.esige(dopo.Classifica == classifica && dopo.Stessi(reg.Estremi), "Riclassifica non cambia la classifica, o cambia gli estremi")
		p.esige(!riletta || dopo.Oggetto == prima.Oggetto && dopo.Ufficio == prima.Ufficio, "Riclassifica cambia altro")
	}
	dopo, err = x.Riassegna(ctx, reg.Estremi, ufficio, "op-1")
	if p.riesce(err, "Riassegna") {
		p.esige(dopo.Ufficio == ufficio && dopo.Classifica == classifica && dopo.Stessi(reg.Estremi), "Riassegna non cambia l'ufficio, o cambia altro")
		p.esige(!riletta || dopo.Oggetto == prima.Oggetto, "Riassegna cambia l'oggetto")
	}
	ignoti := reg.Estremi
	ignoti.Numero = "987654321"
	_, err = x.Riclassifica(ctx, ignoti, classifica, "op-1")
	p.esige(errors.Is(err, protocollo.ErrNonTrovato), "Riclassifica di un numero che non c'è non dà ErrNonTrovato")
}

// provaPredisposizione: a draft has no number, may be made again, and becomes
// one registration.
func provaPredisposizione(ctx context.Context, p *prova) {
	x, ok := p.reg.(protocollo.Predispositore)
	if !ok {
		return
	}
	q := p.richiesta(1)
	var bozza protocollo.Bozza
	p.senzaEffetto(ctx, q, "Predisponi", func() {
		for range 2 {
			b, err := x.Predisponi(ctx, q)
			if p.riesce(err, "Predisponi") {
				p.esige(b.ID != "" && b.Ente == q.Ente && b.Correlazione == q.Correlazione, "la bozza non dice di chi è")
			}
			bozza = b
		}
	})
	storta := q
	storta.Oggetto = ""
	_, err := x.Predisponi(ctx, storta)
	p.guasto(err, "Predisponi senza oggetto", guasto.Permanente)
	reg, err := x.Conferma(ctx, bozza)
	if p.riesce(err, "Conferma") && p.riesce(reg.Risponde(q), "Conferma") {
		p.effetti(ctx, q, 1, "Conferma")
	}
}
