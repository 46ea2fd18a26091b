package sportello_test

import (
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// Everybody who may come to the desk.
const (
	richiedente     = "richiedente"
	altroCittadino  = "altro cittadino"
	anonimo         = "anonimo"
	altrove         = "richiedente presso un altro ente"
	nessuno         = "nessuno"
	abilitato       = "operatore abilitato"
	incaricato      = "operatore incaricato"
	altroServizio   = "operatore di un altro servizio"
	altroEnte       = "operatore di un altro ente"
	senzaID         = "operatore senza identificativo"
	sistema         = "sistema"
	sistemaAltrove  = "sistema di un altro ente"
	ruoloInventato  = "ruolo inventato"
	enteInesistente = "operatore di un ente inesistente"
)

func segreto(s string) string { return strings.Repeat(s, 40)[:40] }

func (b *banco) attori() map[string]pratica.Attore {
	con := func(a pratica.Attore, f func(*pratica.Attore)) pratica.Attore {
		f(&a)
		return a
	}
	op := b.operatore
	return map[string]pratica.Attore{
		richiedente:     b.cittadino,
		altroCittadino:  con(b.cittadino, func(a *pratica.Attore) { a.Persona = persona("VRDLGU80A01H501Q", "Luigi", "Verdi") }),
		anonimo:         {Ruolo: pratica.Cittadino, Ente: ente, Anonimo: segreto("a"), Livello: servizio.CIE},
		altrove:         con(b.cittadino, func(a *pratica.Attore) { a.Ente = "c_y888" }),
		nessuno:         {},
		abilitato:       con(op, func(a *pratica.Attore) { a.ID = "op-2" }),
		incaricato:      op,
		altroServizio:   con(op, func(a *pratica.Attore) { a.ID, a.Servizi = "op-3", []string{"altro"} }),
		altroEnte:       con(op, func(a *pratica.Attore) { a.Ente = "c_y888" }),
		senzaID:         con(op, func(a *pratica.Attore) { a.ID = "" }),
		sistema:         {Ruolo: pratica.Sistema, ID: "sistema", Ente: ente},
		sistemaAltrove:  {Ruolo: pratica.Sistema, ID: "sistema", Ente: "c_y888"},
		ruoloInventato:  con(op, func(a *pratica.Attore) { a.Ruolo = "amministratore" }),
		enteInesistente: con(op, func(a *pratica.Attore) { a.Ente = "c_z000" }),
	}
}

// vede says who sees a pratica that is no draft; the applicant sees drafts too.
func vede(chi string, bozza bool) bool {
	switch chi {
	case richiedente, sistema:
		return true
	case abilitato, incaricato:
		return !bozza
	default:
		return false
	}
}
