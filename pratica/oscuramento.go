package pratica

import (
	"slices"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// Oscura gives an iter without its content: of each event what is chained stays
// (who by role or account, what kind of action, when, from which state to
// which) with its commitment; Fatto and Sale go. Verifica accepts it, and
// without the salt nobody can try guesses against a commitment. The events given
// are not changed.
//
// Erasure (oscuramento) is one command, OscuraDati, on a pratica that ended. Its
// event, DatiOscurati, carries all that stays: ente, service, number, dates,
// office and operator, of each document its kind, digest and registration, which
// way the decision went, amounts and states of payments, number and value of
// stamps, state and times of appointments. Folding the iter that Oscura gives
// and that event makes the same Pratica as applying the event to the full one.
// Afterwards no command is accepted. The store then keeps in the place of the
// earlier events those of Oscura (storage.Commit.Oscurati).
//
// What stays names nobody by itself. It can still lead to a person by way of
// registers that are kept elsewhere under rules of their own: the number of a
// registration to the registry, whose entries are not erased with the pratica
// (DPR 445/2000, art. 53), amounts and dates to the accounts of the ente. A
// digest gives no content, and confirms a document to whoever has it.
//
// The ground is storage limitation (Regulation EU 2016/679, art. 5, par. 1, e).
// Discarding documents of a public archive (scarto) wants in addition the
// retention plan of the ente (piano di conservazione, DPR 445/2000, art. 68) and
// an authorisation (D.Lgs. 42/2004, art. 21, c. 1, d): the library erases nothing
// by itself, and asks for the ground of every erasure.
func Oscura(iter []Evento) []Evento {
	oscurati := slices.Clone(iter)
	for i := range oscurati {
		oscurati[i].Fatto, oscurati[i].Sale = nil, ""
	}
	return oscurati
}

// resto is what stays of the pratica. It names what is kept, so that a field
// added elsewhere is erased unless it is written here.
func (p *Pratica) resto() DatiOscurati {
	f := DatiOscurati{
		Ente: p.Ente, Servizio: p.Servizio, VersioneServizio: p.VersioneServizio, Numero: p.Numero, Creata: p.Creata,
		Ufficio: p.Ufficio, Operatore: p.Operatore,
	}
	for i := range p.Documenti {
		f.Documenti = append(f.Documenti, p.Documenti[i].resto())
	}
	if e := p.Esito; e != nil {
		f.Esito = &Esito{Positivo: e.Positivo, Deciso: e.Deciso, Di: e.Di}
	}
	for i := range p.Pagamenti {
		f.Pagamenti = append(f.Pagamenti, p.Pagamenti[i].resto())
	}
	for _, b := range p.Bolli { // the serials stay claimed in the store, and are not shown
		f.Bolli = append(f.Bolli, Bollo{Momento: b.Momento, Quantita: b.Quantita, Importo: b.Importo, Richiesto: b.Richiesto, Fornito: b.Fornito})
	}
	for i := range p.Appuntamenti {
		var a Appuntamento
		v := &p.Appuntamenti[i]
		a.Stato, a.Inizio, a.Fine, a.Perso = v.Stato, v.Inizio, v.Fine, v.Perso
		f.Appuntamenti = append(f.Appuntamenti, a)
	}
	return f
}

// resto keeps of a document what proves that it was there, and where its
// registration is: not its name, nor the parties.
func (d *Documento) resto() Documento {
	r := Documento{ID: d.ID, Tipo: d.Tipo, Direzione: d.Direzione, Chiesto: d.Chiesto, Di: d.Di, SHA256: d.SHA256, Prodotto: d.Prodotto}
	g := d.Registrazione
	if g == nil {
		return r
	}
	r.Registrazione = &protocollo.Registrazione{Estremi: g.Estremi}
	if v := g.Fascicolo; v != nil {
		r.Registrazione.Fascicolo = &protocollo.Fascicolo{Chiave: v.Chiave, Codice: v.Codice, Numero: v.Numero, Classifica: v.Classifica, Anno: v.Anno}
	}
	if a := g.Annullata; a != nil {
		r.Registrazione.Annullata = &protocollo.Annullamento{Data: a.Data}
	}
	return r
}

// resto keeps of a payment what sums and states need: neither the IUV, which
// names the debtor to the payment system, nor a text. The accounts of the ente
// and the payment system keep theirs, for as long as their own rules say.
func (p *Pagamento) resto() Pagamento {
	r := Pagamento{
		Momento: p.Momento, Importo: p.Importo, Richiesto: p.Richiesto, Sostituito: p.Sostituito,
		Posizione: pagamenti.Posizione{Stato: p.Posizione.Stato, Pagata: p.Posizione.Pagata},
	}
	if m := p.Manuale; m != nil {
		r.Manuale = &PagamentoManuale{Quando: m.Quando, Di: m.Di}
	}
	return r
}

// oscura leaves what the event carries and what the chained part of the iter
// tells, and nothing else.
func (p *Pratica) oscura(e *Evento, f *DatiOscurati) {
	*p = Pratica{
		ID: p.ID, Versione: p.Versione, Impronta: p.Impronta, Stato: p.Stato,
		Aggiornata: p.Aggiornata, CambioStato: p.CambioStato, PresentataIl: p.PresentataIl, ConclusaIl: p.ConclusaIl, Oscurata: e.Quando,
		Ente: f.Ente, Servizio: f.Servizio, VersioneServizio: f.VersioneServizio, Numero: f.Numero, Creata: f.Creata,
		Ufficio: f.Ufficio, Operatore: f.Operatore,
		Documenti: slices.Clone(f.Documenti), Pagamenti: slices.Clone(f.Pagamenti), Bolli: slices.Clone(f.Bolli), Appuntamenti: slices.Clone(f.Appuntamenti),
	}
	if f.Esito != nil {
		v := *f.Esito
		p.Esito = &v
	}
}
