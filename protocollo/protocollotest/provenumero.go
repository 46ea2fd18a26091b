package protocollotest

import (
	"context"
	"errors"
	"sync"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// provaCapacita: what is declared is there, and what is there is declared.
func provaCapacita(_ context.Context, p *prova) {
	_, cerca := p.reg.(protocollo.Cercatore)
	_, fascicoli := p.reg.(protocollo.Fascicolatore)
	_, legge := p.reg.(protocollo.Lettore)
	_, annulla := p.reg.(protocollo.Annullatore)
	_, allega := p.reg.(protocollo.Allegatore)
	_, riclassifica := p.reg.(protocollo.Riclassificatore)
	_, predispone := p.reg.(protocollo.Predispositore)
	for _, x := range []struct {
		nome                 string
		dichiarata, presente bool
	}{
		{"Cerca", p.cap.Cerca, cerca}, {"Fascicoli", p.cap.Fascicoli, fascicoli}, {"Legge", p.cap.Legge, legge},
		{"Annulla", p.cap.Annulla, annulla}, {"AllegatiDopo", p.cap.AllegatiDopo, allega},
		{"Riclassifica", p.cap.Riclassifica, riclassifica}, {"Predispone", p.cap.Predispone, predispone},
	} {
		p.esige(x.dichiarata == x.presente, "Capacita.%s è %v, ma l'interfaccia c'è: %v", x.nome, x.dichiarata, x.presente)
	}
	p.esige(!p.cap.CercaAffidabile || p.cap.Cerca, "CercaAffidabile senza Cerca")
	p.esige(!p.cap.FascicoliUnici || p.cap.Fascicoli, "FascicoliUnici senza Fascicoli")
	r := p.richiesta(1)
	p.riesce(p.cap.Verifica(r), "i limiti dichiarati non lasciano passare una richiesta minima")
}

// provaNumero: there is a number, it stays the same, and the next is another.
func provaNumero(ctx context.Context, p *prova) {
	q := p.richiesta(0)
	prima, ok := p.registra(ctx, q, "Registra")
	if !ok {
		return
	}
	p.esige(prima.String() != "", "gli estremi non si possono mostrare")
	seconda, ok := p.registra(ctx, p.richiesta(0), "Registra, un altro documento")
	if !ok {
		return
	}
	p.esige(!prima.Stessi(seconda.Estremi), "due documenti con lo stesso numero")
	for range 2 {
		if letta, ok := p.rilegge(ctx, prima); ok {
			p.esige(letta.Stessi(prima.Estremi), "il numero è cambiato alla rilettura")
			p.esige(letta.Data.Equal(prima.Data), "la data è cambiata alla rilettura")
		}
	}
	if l, ok := p.reg.(protocollo.Lettore); ok {
		ignoti := prima.Estremi
		ignoti.Numero = "987654321"
		_, err := l.Leggi(ctx, ignoti)
		p.esige(errors.Is(err, protocollo.ErrNonTrovato), "Leggi di un numero che non c'è non dà ErrNonTrovato")
	}
	// What was returned belongs to the caller.
	if prima.Impronte != nil {
		clear(prima.Impronte)
		if letta, ok := p.rilegge(ctx, prima); ok && p.f.Abilita.ImpronteFedeli {
			p.esige(len(letta.Impronte) > 0, "la registrazione restituita condivide memoria con il registro")
		}
	}
}

// provaConcorrenza: callers at the same time get distinct numbers, each its own.
func provaConcorrenza(ctx context.Context, p *prova) {
	n := p.f.Concorrenti
	richieste := make([]protocollo.Richiesta, n)
	esiti := make([]protocollo.Registrazione, n)
	errori := make([]error, n)
	var gruppo sync.WaitGroup
	for i := range n {
		richieste[i] = p.richiesta(0)
		gruppo.Go(func() { esiti[i], errori[i] = p.reg.Registra(ctx, richieste[i]) })
	}
	gruppo.Wait()
	visti := map[string]bool{}
	for i := range n {
		if !p.riesce(errori[i], "Registra in concorrenza") || !p.riesce(esiti[i].Risponde(richieste[i]), "Registra in concorrenza") {
			continue
		}
		k := esiti[i].AOO + "/" + esiti[i].Registro + "/" + esiti[i].String()
		p.esige(!visti[k], "in concorrenza lo stesso numero è stato dato due volte: %s", k)
		visti[k] = true
		p.effetti(ctx, richieste[i], 1, "Registra in concorrenza")
	}
	if p.i.Effetti != nil {
		p.esige(p.i.Effetti() == n, "%d chiamate in concorrenza, %d numeri assegnati", n, p.i.Effetti())
	}
}

// provaAnno: year and date are the registry's.
func provaAnno(ctx context.Context, p *prova) {
	reg, ok := p.registra(ctx, p.richiesta(0), "Registra")
	if !ok {
		return
	}
	if p.f.Anno != 0 {
		p.esige(reg.Anno == p.f.Anno, "anno %d, il registro ha risposto %d", reg.Anno, p.f.Anno)
	}
	if !reg.Data.IsZero() {
		p.esige(termini.Anno(reg.Data) == reg.Anno, "anno %d, ma la data è del %d", reg.Anno, termini.Anno(reg.Data))
	}
}

// provaCorrelazione: the token finds its registration and no other, and is
// recognised if the registry says so.
func provaCorrelazione(ctx context.Context, p *prova) {
	q, altra := p.richiesta(0), p.richiesta(0)
	// A citizen may write anything in an oggetto, also the token of another.
	altra.Oggetto = p.cap.Adatta(protocollo.Richiesta{Correlazione: altra.Correlazione,
		Oggetto: "Oggetto [" + q.Correlazione + "]"}).Oggetto
	if trovate, ok := p.cerca(ctx, q.Ente, q.Correlazione); ok {
		p.esige(len(trovate) == 0, "trovata una registrazione prima di registrare")
	}
	reg, ok := p.registra(ctx, q, "Registra")
	if !ok {
		return
	}
	if _, ok := p.registra(ctx, altra, "Registra, un altro documento"); !ok {
		return
	}
	if trovate, ok := p.cerca(ctx, q.Ente, q.Correlazione); ok && (p.cap.CercaAffidabile || len(trovate) > 0) {
		p.esige(len(trovate) == 1 && trovate[0].Stessi(reg.Estremi) && trovate[0].Correlazione == q.Correlazione,
			"il token non trova la sua registrazione, e quella sola: %d trovate", len(trovate))
	}
	if c, ok := p.reg.(protocollo.Cercatore); ok {
		_, err := c.Cerca(ctx, protocollo.Criteri{})
		p.guasto(err, "Cerca senza criteri", guasto.Permanente)
	}
	if !p.cap.Idempotente {
		return
	}
	_, err := p.reg.Registra(ctx, q)
	p.guasto(err, "Registra con un token già usato", guasto.GiaFatto)
	var gia protocollo.GiaRegistrata
	p.esige(errors.As(err, &gia) && gia.Registrazione.Stessi(reg.Estremi), "GiaRegistrata non porta gli estremi della prima")
	p.effetti(ctx, q, 1, "Registra con un token già usato")
}
