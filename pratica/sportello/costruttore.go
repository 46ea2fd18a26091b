package sportello

import (
	"context"
	"slices"
	"strconv"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// costruttore builds a Vista from a pratica, for one side.
type costruttore struct {
	s         *Sportello
	ctx       context.Context
	a         pratica.Attore
	p         *pratica.Pratica
	sv        *servizio.Servizio
	operatore bool
	emessa    int // entry of the iter with which the last decision was issued
}

func (c *costruttore) vista(eventi []pratica.Evento) *Vista {
	p, sv := c.p, c.sv
	c.emessa = ultimaEmissione(eventi)
	v := &Vista{
		ID: p.ID, Versione: p.Versione, Servizio: p.Servizio, NomeServizio: sv.Nome(), Stato: statoPer(c.a, p.Stato), Etichetta: p.Stato.Etichetta(), Oscurata: p.Oscurata,
		Generali: c.generali(), Integrazioni: p.Integrazioni, Preavviso: p.Preavviso, EsitoDecisione: p.Esito,
		Modulo: c.riepilogo(),
		Azioni: pratica.AzioniPer(p, sv, c.a, c.s.ora()),
	}
	if v.Stato != p.Stato {
		v.Etichetta = inEmissione
	}
	switch {
	case riservato(c.a, p): // a decision is told when it is issued, not while it is being registered
		v.EsitoDecisione = nil
	case p.Esito != nil:
		esito := *p.Esito
		esito.Di = c.firmaPer(esito.Di)
		v.EsitoDecisione = &esito
	}
	numerati := map[string]bool{}
	for _, e := range eventi {
		if f, ok := e.Fatto.(pratica.DocumentoProtocollato); ok {
			if numerati[f.ID] { // its attachments came after its number
				continue
			}
			numerati[f.ID] = true
		}
		if voce, ok := c.voceIter(e); ok {
			v.Iter = append(v.Iter, voce)
		}
	}
	for _, d := range p.Documenti {
		if !vedeDocumento(c.a, p, d) {
			continue
		}
		d.Di = c.firmaPer(d.Di)
		vd := VoceDocumento{Documento: d, Titolo: titoloDocumento(d.Tipo), Pronto: d.SHA256 != "" && p.Oscurata.IsZero()}
		v.Documenti = append(v.Documenti, vd)
		if d.Tipo == pratica.DocIstanza && vd.Pronto {
			v.FileDiRichiesta = &VoceFile{ID: d.ID, Nome: d.Nome, MIME: "application/pdf", Dimensione: d.Dimensione, SHA256: d.SHA256, Quando: d.Prodotto, DelCittadino: true, NumeroProtocollo: numero(d)}
		}
	}
	for _, a := range p.Allegati {
		if vedeAllegatoDi(c.a, p, a) {
			v.Allegati = append(v.Allegati, c.file(a))
		}
	}
	for _, m := range p.Messaggi {
		m.Di = c.firmaPer(m.Di)
		vm := VoceMessaggio{Messaggio: m, Chi: c.chi(m.Di), DelCittadino: m.Di.Ruolo == pratica.Cittadino}
		for _, id := range m.Allegati {
			if a, ok := p.Allegato(id); ok {
				vm.File = append(vm.File, c.file(a))
			}
		}
		v.Messaggi = append(v.Messaggi, vm)
	}
	if c.operatore {
		for _, n := range p.Note {
			v.Note = append(v.Note, VoceNota{n, c.chi(n.Di)})
		}
	}
	c.pagine(v)
	return v
}

// pagine adds the pages that the service configures, or for which there is something.
func (c *costruttore) pagine(v *Vista) {
	p, sv := c.p, c.sv
	var registrati []VoceDocumento
	for _, d := range v.Documenti {
		if d.Direzione != "" {
			registrati = append(registrati, d)
		}
	}
	if sv.HaProtocollo() || len(registrati) > 0 {
		v.Protocollo = &PaginaProtocollo{Documenti: registrati}
		for _, d := range registrati {
			if d.Registrazione != nil && d.Registrazione.Fascicolo != nil {
				v.Protocollo.Fascicolo = d.Registrazione.Fascicolo
			}
		}
	}
	if sv.HaPagamenti() || len(p.Pagamenti) > 0 {
		v.Pagamenti = &PaginaPagamenti{Pagamenti: c.pagamenti()}
	}
	if sv.HaBolli() || len(p.Bolli) > 0 {
		v.Bolli = &PaginaBolli{Bolli: p.Bolli}
	}
	if ap, ok := sv.Appuntamenti(); ok || len(p.Appuntamenti) > 0 {
		v.Appuntamenti = &PaginaAppuntamenti{Appuntamenti: p.Appuntamenti, Calendari: ap.Calendari}
	}
}

// riepilogo shows a draft as it would be submitted, and afterwards what was submitted.
func (c *costruttore) riepilogo() modulo.Riepilogo {
	valori := c.p.Risposte
	if c.p.Stato == pratica.Bozza {
		valori = pratica.Valuta(c.p, c.sv, c.s.ora()).Valori
	}
	return c.sv.Modulo().Riepiloga(valori, c.p.FileModulo())
}

func (c *costruttore) generali() DatiGenerali {
	p := c.p
	g := DatiGenerali{
		Numero: p.Numero, PresentataIl: p.PresentataIl, Oggetto: p.Oggetto,
		Richiedente: p.Richiedente.Denominazione(), CodiceFiscale: string(p.Richiedente.CodiceFiscale),
		Identificazione: identificazione(p), Ufficio: c.ufficio(p.Ufficio),
	}
	if r, ok := p.Protocollo(); ok {
		g.Protocollo = &r
	}
	if c.operatore && p.Operatore != "" {
		g.Operatore = c.nome(p.Operatore)
	}
	if !p.PresentataIl.IsZero() {
		g.Scadenza = termini.GiornoDi(p.PresentataIl).Piu(c.sv.TempoMassimo()).Fine()
	}
	return g
}

func identificazione(p *pratica.Pratica) string {
	au := p.Autenticazione
	if !p.Oscurata.IsZero() {
		return "Dati personali oscurati"
	}
	if p.Richiedente.CodiceFiscale == "" {
		return "Richiedente non identificato"
	}
	livelli := map[int]string{int(servizio.Social): "", int(servizio.SPID1): ", livello 1", int(servizio.SPID2): ", livello 2", int(servizio.CIE): ", livello 3"}
	metodo := au.Metodo
	if metodo == "" {
		metodo = "Identità digitale"
	}
	return metodo + livelli[au.Livello]
}

func (c *costruttore) ufficio(id string) string {
	if u, ok := c.sv.Ufficio(id); ok {
		return u.Nome
	}
	return id
}

func (c *costruttore) nome(operatore string) string {
	if c.s.c.Rubrica != nil {
		if n, ok := c.s.c.Rubrica.Nome(c.ctx, c.p.Ente, operatore); ok {
			return n
		}
	}
	return operatore
}

// chi names an actor: the applicant does not learn the names of operators.
func (c *costruttore) chi(f pratica.Firma) string {
	switch {
	case f.Ruolo == pratica.Cittadino:
		return "Richiedente"
	case f.Ruolo == pratica.Sistema:
		return "Sistema"
	case c.operatore:
		return c.nome(f.ID)
	default:
		return "Operatore"
	}
}

func (c *costruttore) file(a pratica.Allegato) VoceFile {
	f := VoceFile{ID: a.ID, Nome: a.Nome, MIME: a.MIME, Dimensione: a.Dimensione, SHA256: a.SHA256, Quando: a.Quando, Origine: a.Origine, DelCittadino: a.Di.Ruolo == pratica.Cittadino, InAttesa: a.Riferimento == ""}
	for _, d := range c.p.Documenti {
		if slices.Contains(d.Allegati, a.ID) {
			f.NumeroProtocollo = numero(d)
		}
	}
	return f
}

func numero(d pratica.Documento) string {
	if d.Registrazione == nil {
		return ""
	}
	return d.Registrazione.Estremi.String()
}

// voceIter turns an event into a line for people. What happens between two
// states without anybody deciding it stays out.
func (c *costruttore) voceIter(e pratica.Evento) (VoceIter, bool) {
	v := VoceIter{Progressivo: e.Progressivo, Quando: e.Quando, Azione: e.Azione, Stato: e.A, CambiaStato: e.Da != e.A, Chi: c.chi(e.Di), Ufficio: c.ufficio(e.Di.Ufficio)}
	v.Titolo = e.A.Etichetta()
	if v.Stato = statoPer(c.a, e.A); v.Stato != e.A {
		if e.Progressivo > c.emessa {
			v.Titolo = inEmissione
		} else {
			v.Stato = e.A
		}
	}
	switch f := e.Fatto.(type) {
	case pratica.BozzaAperta:
		v.Titolo = "Bozza iniziata"
	case pratica.PresaInCarico:
		v.Titolo = "Presa in carico"
		if e.Azione == pratica.AzioneSubentra {
			v.Titolo = "Subentro nell'incarico"
		}
		v.Ufficio = c.ufficio(f.Ufficio)
		if c.operatore && f.Operatore != e.Di.ID {
			v.Titolo, v.Motivo = "Assegnata", "Assegnata a "+c.nome(f.Operatore)
		}
	case pratica.Assegnata:
		v.Titolo, v.Ufficio = "Assegnata all'ufficio", c.ufficio(f.Ufficio)
	case pratica.DocumentoProtocollato:
		d, _ := c.p.Documento(f.ID)
		v.Motivo = titoloDocumento(d.Tipo) + ": protocollo n. " + f.Registrazione.Estremi.String()
		if !v.CambiaStato {
			v.Titolo = "Documento protocollato"
		}
	case pratica.IntegrazioneChiesta:
		v.Motivo = f.Testo
	case pratica.IntegrazioneConclusa:
		v.Motivo = f.Testo
	case pratica.IntegrazioneRevocata:
		v.Titolo, v.Motivo = "Richiesta di integrazioni annullata", f.Motivo
	case pratica.PreavvisoInviato:
		v.Motivo = f.Motivi
	case pratica.OsservazioniPresentate:
		v.Titolo, v.Motivo = "Osservazioni presentate", f.Testo
	case pratica.EsitoDeciso:
		v.Motivo = f.Motivazione
		if !c.operatore && e.Progressivo > c.emessa {
			v.Motivo = ""
		}
	case pratica.PraticaChiusa:
		v.Motivo = f.Motivo
	case pratica.PraticaRiaperta:
		v.Titolo, v.Motivo = "Riaperta", f.Motivo
	case pratica.RichiestaRiaperta:
		v.Titolo = "Riportata in bozza"
	case pratica.PagamentoRegistrato:
		v.Titolo = "Pagamento registrato dall'ufficio"
		if c.operatore {
			v.Motivo = f.Motivo
		}
	case pratica.PagamentoRichiesto:
		v.Titolo, v.Motivo = "Pagamento richiesto", f.Causale+": "+pagamenti.Euro(f.Importo)
	case pratica.BolloRichiesto:
		v.Titolo, v.Motivo = "Marca da bollo richiesta", strconv.Itoa(f.Quantita)+" da "+pagamenti.Euro(f.Importo)
	case pratica.BolloFornito:
		v.Titolo = "Marca da bollo inserita"
	case pratica.DatiOscurati:
		v.Titolo, v.Motivo = "Dati personali oscurati", f.Motivo
	default:
		return v, v.CambiaStato
	}
	return v, true
}

func titoloDocumento(t pratica.TipoDocumento) string {
	switch t {
	case pratica.DocIstanza:
		return "Richiesta"
	case pratica.DocRicevuta:
		return "Ricevuta di presentazione"
	case pratica.DocRichiestaIntegrazione:
		return "Richiesta di integrazioni"
	case pratica.DocIntegrazione:
		return "Integrazione"
	case pratica.DocPreavviso:
		return "Preavviso di rigetto"
	case pratica.DocOsservazioni:
		return "Osservazioni"
	case pratica.DocEsitoPositivo:
		return "Provvedimento di accoglimento"
	case pratica.DocEsitoNegativo:
		return "Provvedimento di rifiuto"
	case pratica.DocRitiro:
		return "Ritiro della richiesta"
	case pratica.DocAnnullamento:
		return "Annullamento della pratica"
	default:
		return string(t)
	}
}
