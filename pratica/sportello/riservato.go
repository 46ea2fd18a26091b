package sportello

import (
	"slices"

	"github.com/sportello-digitale/pratiche/pratica"
)

// inEmissione is what the applicant reads between the decision and its issue.
const inEmissione = "Decisione in corso di emissione"

// decisa reports whether the state says which way a decision went that is not
// issued yet.
func decisa(s pratica.Stato) bool {
	return s == pratica.EsitoPositivo || s == pratica.EsitoNegativo
}

// emessa reports whether the decision in force was issued. One that was revoked
// before is never told.
func emessa(p *pratica.Pratica) bool {
	return p.Stato == pratica.Accettata || p.Stato == pratica.Rifiutata
}

// riservato reports whether the actor must not see a decision yet: he is the
// applicant, and it was not issued.
func riservato(a pratica.Attore, p *pratica.Pratica) bool {
	return a.Ruolo == pratica.Cittadino && p.Esito != nil && !emessa(p)
}

// vedeDocumento: the act of a decision is seen by the applicant when it is issued.
func vedeDocumento(a pratica.Attore, p *pratica.Pratica, d pratica.Documento) bool {
	esito := d.Tipo == pratica.DocEsitoPositivo || d.Tipo == pratica.DocEsitoNegativo
	return !esito || !riservato(a, p) || d.Chiesto.Before(p.Esito.Deciso)
}

// vedeAllegatoDi adds to vedeAllegato the files of a decision.
func vedeAllegatoDi(a pratica.Attore, p *pratica.Pratica, al pratica.Allegato) bool {
	return vedeAllegato(a, al) && !(riservato(a, p) && slices.Contains(p.Esito.Allegati, al.ID))
}

// statoPer is the state as the actor may know it: for the applicant a decision
// that is not issued is not taken.
func statoPer(a pratica.Attore, s pratica.Stato) pratica.Stato {
	if a.Ruolo == pratica.Cittadino && decisa(s) {
		return pratica.InCarico
	}
	return s
}

// firmaPer leaves out who it was where an operator acted and the applicant asks.
func (c *costruttore) firmaPer(f pratica.Firma) pratica.Firma {
	if !c.operatore && f.Ruolo == pratica.Operatore {
		f.ID = ""
	}
	return f
}

// pagamenti gives the payments without what operators wrote for each other.
func (c *costruttore) pagamenti() []pratica.Pagamento {
	ps := slices.Clone(c.p.Pagamenti)
	for i := range ps {
		if m := ps[i].Manuale; m != nil && !c.operatore {
			ps[i].Manuale = &pratica.PagamentoManuale{Riferimento: m.Riferimento, Quando: m.Quando, Di: c.firmaPer(m.Di)}
		}
	}
	return ps
}

// ultimaEmissione gives the entry of the iter with which the last decision was
// issued; what was decided before it is known, what came after is not.
func ultimaEmissione(eventi []pratica.Evento) int {
	for _, e := range slices.Backward(eventi) {
		if e.Da != e.A && (e.A == pratica.Accettata || e.A == pratica.Rifiutata) {
			return e.Progressivo
		}
	}
	return 0
}
