package protocollotest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// rifiutata checks that a request is refused before any effect.
func (p *prova) rifiutata(ctx context.Context, q protocollo.Richiesta, cosa string) {
	p.senzaEffetto(ctx, q, cosa, func() {
		_, err := p.reg.Registra(ctx, q)
		if p.guasto(err, cosa, guasto.Permanente) {
			var problemi protocollo.Problemi
			p.esige(errors.As(err, &problemi) && len(problemi) > 0, "%s: l'errore non elenca i problemi", cosa)
		}
	})
}

// provaStruttura: what Richiesta.Verifica refuses, the registry refuses.
func provaStruttura(ctx context.Context, p *prova) {
	for nome, guasta := range map[string]func(*protocollo.Richiesta){
		"senza ente":                 func(q *protocollo.Richiesta) { q.Ente = "" },
		"senza oggetto":              func(q *protocollo.Richiesta) { q.Oggetto = "" },
		"senza token":                func(q *protocollo.Richiesta) { q.Correlazione = "" },
		"oggetto senza token":        func(q *protocollo.Richiesta) { q.Oggetto = "Zqxoggetto" },
		"direzione sconosciuta":      func(q *protocollo.Richiesta) { q.Direzione = "andata" },
		"arrivo senza mittente":      func(q *protocollo.Richiesta) { q.Mittente = protocollo.Soggetto{} },
		"partenza a nessuno":         func(q *protocollo.Richiesta) { q.Direzione = protocollo.Partenza },
		"senza documento":            func(q *protocollo.Richiesta) { q.Principale = protocollo.Documento{} },
		"senza impronta":             func(q *protocollo.Richiesta) { q.Principale.Impronta = protocollo.Impronta{} },
		"documento vuoto":            func(q *protocollo.Richiesta) { q.Principale.Dimensione = 0 },
		"oggetto di un romanzo":      func(q *protocollo.Richiesta) { q.Oggetto = strings.Repeat("a", 1<<20) + q.Oggetto },
		"due volte lo stesso":        func(q *protocollo.Richiesta) { q.Allegati = []protocollo.Documento{q.Principale} },
		"percorso al posto del nome": func(q *protocollo.Richiesta) { q.Principale.Nome = "../" + q.Principale.Nome },
	} {
		q := p.richiesta(0)
		guasta(&q)
		p.rifiutata(ctx, q, nome)
	}
}

// provaLimiti: every limit declared is honoured before the effect, and what is
// exactly at the limit is accepted.
func provaLimiti(ctx context.Context, p *prova) {
	c := p.cap
	if c.MassimoOggetto > 0 {
		q := p.richiesta(0)
		corto := protocollo.OggettoConToken(strings.Repeat("è", c.MassimoOggetto), q.Correlazione, c.MassimoOggetto)
		q.Oggetto = strings.Repeat("è", c.MassimoOggetto-utf8.RuneCountInString(corto)) + corto
		p.registra(ctx, q, "oggetto lungo quanto si può")
		q = p.richiesta(0)
		q.Oggetto = "è" + strings.Repeat("è", max(0, c.MassimoOggetto-utf8.RuneCountInString(q.Oggetto))) + q.Oggetto
		p.rifiutata(ctx, q, "oggetto troppo lungo")
	}
	if c.MassimoNome > 0 {
		q := p.richiesta(0)
		q.Principale.Nome = strings.Repeat("n", c.MassimoNome) + q.Principale.Nome
		p.rifiutata(ctx, q, "nome troppo lungo")
	}
	if c.CaratteriVietatiNome != "" {
		for _, x := range c.CaratteriVietatiNome {
			q := p.richiesta(0)
			q.Principale.Nome = string(x) + q.Principale.Nome
			p.rifiutata(ctx, q, fmt.Sprintf("carattere %U nel nome", x))
		}
	}
	if len(c.EstensioniAmmesse) > 0 {
		q := p.richiesta(0)
		q.Principale.Nome += ".zqx"
		p.rifiutata(ctx, q, "estensione non ammessa")
	}
	for cosa, n := range map[string]int64{"documento troppo grande": c.MassimoByteDocumento, "documenti troppo grandi": c.MassimoByteTotale} {
		if n > 0 {
			q := p.richiesta(0)
			q.Principale.Dimensione = n + 1
			p.rifiutata(ctx, q, cosa)
		}
	}
	if c.MassimoAllegati != 0 {
		q := p.richiesta(0)
		for i := range max(c.MassimoAllegati, 0) + 1 {
			q.Allegati = append(q.Allegati, Documento(fmt.Sprintf("a%d", i), fmt.Sprintf("a%d.pdf", i), []byte("%PDF")))
		}
		q = p.adatta(q)
		p.rifiutata(ctx, q, "troppi allegati")
	}
}

// provaContesto: a ctx that is over has no effect; one that ends during the call
// gives an honest class.
func provaContesto(ctx context.Context, p *prova) {
	finito, annulla := context.WithCancel(ctx)
	annulla()
	q := p.richiesta(0)
	p.senzaEffetto(ctx, q, "contesto già finito", func() {
		_, err := p.reg.Registra(finito, q)
		p.guasto(err, "contesto già finito", guasto.Transitorio)
	})
	const giri = 16
	var gruppo sync.WaitGroup
	for range giri {
		q := p.richiesta(1)
		mezzo, annulla := context.WithCancel(ctx)
		gruppo.Go(annulla)
		reg, err := p.reg.Registra(mezzo, q)
		annulla()
		switch guasto.Di(err) {
		case "":
			p.riesce(reg.Risponde(q), "contesto che finisce")
			p.effetti(ctx, q, 1, "contesto che finisce, risposta chiara")
		case guasto.Transitorio:
			p.guasto(err, "contesto che finisce", guasto.Transitorio)
			p.effetti(ctx, q, 0, "contesto che finisce, errore transitorio")
		default:
			p.guasto(err, "contesto che finisce", guasto.EsitoIgnoto, guasto.Parziale)
			if trovate, ok := p.cerca(ctx, q.Ente, q.Correlazione); ok {
				p.esige(len(trovate) <= 1, "contesto che finisce: %d registrazioni", len(trovate))
			}
		}
	}
	gruppo.Wait()
}
