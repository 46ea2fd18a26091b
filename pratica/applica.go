package pratica

import (
	"fmt"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// Applica changes the pratica by one event, the next in order. It is the only
// thing that does: folding all the events of a pratica from a zero Pratica
// gives its state.
func (p *Pratica) Applica(e Evento) error {
	if e.Progressivo != p.Versione+1 || p.ID != "" && p.ID != e.Pratica || p.Stato != e.Da {
		return fmt.Errorf("pratica: evento %d non applicabile alla versione %d", e.Progressivo, p.Versione)
	}
	p.applica(&e)
	return nil
}

// Ripiega folds events from nothing.
func Ripiega(eventi []Evento) (*Pratica, error) {
	p := &Pratica{}
	for _, e := range eventi {
		if err := p.Applica(e); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *Pratica) applica(e *Evento) {
	p.ID, p.Versione, p.Aggiornata, p.Impronta = e.Pratica, e.Progressivo, e.Quando, e.Impronta
	if e.A != p.Stato {
		p.Stato, p.CambioStato = e.A, e.Quando
		if e.A == Inviata && p.PresentataIl.IsZero() {
			p.PresentataIl = e.Quando
		}
		p.ConclusaIl = time.Time{}
		if e.A.Finale() {
			p.ConclusaIl = e.Quando
		}
	}
	switch f := e.Fatto.(type) {
	case BozzaAperta:
		p.Ente, p.Servizio, p.VersioneServizio = f.Ente, f.Servizio, f.VersioneServizio
		p.Richiedente, p.Autenticazione, p.Risposte, p.Creata = f.Richiedente, f.Autenticazione, f.Risposte.Copia(), e.Quando
	case BozzaSalvata:
		p.Risposte = f.Risposte.Copia()
	case AllegatoAggiunto:
		p.Allegati = append(p.Allegati, f.Allegato)
	case AllegatoRimosso:
		p.Allegati = slices.DeleteFunc(p.Allegati, func(a Allegato) bool { return a.ID == f.ID })
	case AppuntamentoScelto:
		if v := p.AppuntamentoAttivo(); v != nil {
			v.Stato = appuntamenti.Annullato
		}
		p.Appuntamenti = slices.DeleteFunc(p.Appuntamenti, func(a Appuntamento) bool { return a.ID == f.Prenotazione.ID })
		p.Appuntamenti = append(p.Appuntamenti, Appuntamento{Prenotazione: f.Prenotazione})
	case AppuntamentoAggiornato:
		for i := range p.Appuntamenti {
			if p.Appuntamenti[i].ID == f.Prenotazione.ID {
				p.Appuntamenti[i] = Appuntamento{f.Prenotazione, f.Perso}
			}
		}
	case RichiestaInviata:
		p.Numero, p.Oggetto, p.Risposte, p.Ufficio = f.Numero, f.Oggetto, f.Risposte.Copia(), f.Ufficio
		p.Bolli = slices.DeleteFunc(p.Bolli, func(b Bollo) bool { return b.Momento == AllaRichiesta })
		if f.Bollo != nil {
			b := *f.Bollo
			b.Forniti = slices.Clone(b.Forniti)
			p.Bolli = append(p.Bolli, b)
		}
	case RichiestaRiaperta:
		p.sostituisciAperti()
	case PagamentoRichiesto:
		for i := range p.Pagamenti {
			if p.Pagamenti[i].ID == f.Al {
				p.Pagamenti[i].Sostituito = true
			}
		}
		p.Pagamenti = append(p.Pagamenti, Pagamento{
			ID: f.ID, Momento: f.Momento, Importo: f.Importo, Causale: f.Causale, Voci: slices.Clone(f.Voci), Richiesto: e.Quando, Scadenza: f.Scadenza,
			Posizione: pagamenti.Posizione{ID: f.ID, Ente: p.Ente, Stato: pagamenti.DaCreare, Importo: f.Importo, Scadenza: f.Scadenza},
		})
	case PagamentoAggiornato:
		if x := p.pagamento(f.Posizione.ID); x != nil {
			coperto := p.coperto(f)
			x.Posizione = f.Posizione
			if coperto != nil {
				coperto.Sostituito = true
			}
		}
	case PagamentoRegistrato:
		if x := p.pagamento(f.ID); x != nil {
			x.Manuale = &PagamentoManuale{Motivo: f.Motivo, Riferimento: f.Riferimento, Quando: e.Quando, Di: e.Di}
		}
	case BolloRichiesto:
		p.Bolli = append(p.Bolli, Bollo{ID: f.ID, Momento: f.Momento, Quantita: f.Quantita, Importo: f.Importo, Richiesto: e.Quando})
	case BolloFornito:
		for i := range p.Bolli {
			if b := &p.Bolli[i]; b.ID == f.ID {
				b.Forniti, b.Esenzione, b.Fornito = slices.Clone(f.Forniti), f.Esenzione, e.Quando
			}
		}
	case DocumentoChiesto:
		if f.Tipo == DocIstanza {
			p.invia(f.Allegati, "richiesta")
		}
		p.Documenti = append(p.Documenti, Documento{ID: f.ID, Tipo: f.Tipo, Direzione: f.Direzione, Riferimento: f.Riferimento, Chiesto: e.Quando, Di: e.Di, Allegati: slices.Clone(f.Allegati)})
	case DocumentoProdotto:
		if d := p.documento(f.ID); d != nil {
			d.Nome, d.SHA256, d.Dimensione, d.Prodotto = f.Nome, f.SHA256, f.Dimensione, e.Quando
		}
	case DocumentoProtocollato:
		if d := p.documento(f.ID); d != nil {
			r := f.Registrazione.Clone()
			d.Registrazione = &r
		}
	case PresaInCarico:
		p.Operatore, p.Ufficio = f.Operatore, f.Ufficio
	case Assegnata:
		p.Operatore, p.Ufficio = "", f.Ufficio
	case DatiOscurati:
		p.oscura(e, &f)
	default:
		p.applicaDialogo(e)
	}
}

// applicaDialogo applies what the two sides say to each other.
func (p *Pratica) applicaDialogo(e *Evento) {
	switch f := e.Fatto.(type) {
	case IntegrazioneChiesta:
		p.Integrazioni = append(p.Integrazioni, Integrazione{ID: f.ID, Testo: f.Testo, Campi: slices.Clone(f.Campi), Richiesta: e.Quando, Scadenza: f.Scadenza, Allegati: slices.Clone(f.Allegati)})
		p.invia(f.Allegati, f.ID)
	case IntegrazioneConclusa:
		if i := p.integrazione(f.ID); i != nil {
			i.Risposta, i.AllegatiRisposta, i.Messaggi, i.Inviata = f.Testo, slices.Clone(f.Allegati), slices.Clone(f.Messaggi), e.Quando
			i.Prima = p.sostituisciRisposte(f.Risposte.Copia())
		}
		p.invia(f.Allegati, f.ID)
	case IntegrazioneRevocata:
		if i := p.integrazione(f.ID); i != nil {
			i.Annullata = e.Quando
		}
	case PreavvisoInviato:
		p.Preavviso = &Preavviso{Motivi: f.Motivi, Inviato: e.Quando, Scadenza: f.Scadenza}
	case OsservazioniPresentate:
		if p.Preavviso != nil {
			v := *p.Preavviso
			v.Osservazioni, v.Allegati, v.Presentate = f.Testo, slices.Clone(f.Allegati), e.Quando
			p.Preavviso = &v
		}
		p.invia(f.Allegati, "osservazioni")
	case EsitoDeciso:
		p.Esito = &Esito{Positivo: f.Positivo, Motivazione: f.Motivazione, Allegati: slices.Clone(f.Allegati), Deciso: e.Quando, Di: e.Di}
		p.invia(f.Allegati, "esito")
		if !f.Positivo {
			p.sostituisciAperti()
		}
	case MessaggioScritto:
		p.Messaggi = append(p.Messaggi, Messaggio{ID: f.ID, Di: e.Di, Oggetto: f.Oggetto, Testo: f.Testo, Allegati: slices.Clone(f.Allegati), Quando: e.Quando, Automatico: f.Automatico, Stato: f.Stato})
		p.invia(f.Allegati, f.ID)
	case NotaScritta:
		p.Note = append(p.Note, Nota{ID: f.ID, Di: e.Di, Testo: f.Testo, Quando: e.Quando})
	case PraticaChiusa:
		p.Chiusure = append(p.Chiusure, Chiusura{Stato: e.A, Motivo: f.Motivo, Quando: e.Quando})
		p.sostituisciAperti()
	case PraticaRiaperta:
		p.Esito, p.Preavviso, p.Operatore = nil, nil, e.Di.ID
	}
}

// sostituisciAperti marks what was not paid as no longer owed.
func (p *Pratica) sostituisciAperti() {
	for i := range p.Pagamenti {
		if p.Pagamenti[i].Aperto() {
			p.Pagamenti[i].Sostituito = true
		}
	}
}

// sostituisciRisposte puts the changed answers in and gives them as they were.
func (p *Pratica) sostituisciRisposte(nuove modulo.Risposte) modulo.Risposte {
	if len(nuove) == 0 {
		return nil
	}
	prima, r := modulo.Risposte{}, p.Risposte.Copia()
	for k, v := range nuove {
		prima[k] = r[k]
		if v == nil {
			delete(r, k)
		} else {
			r[k] = v
		}
	}
	p.Risposte = r
	return prima
}

// invia marks attachments as sent with something.
func (p *Pratica) invia(ids []string, riferimento string) {
	for i := range p.Allegati {
		if a := &p.Allegati[i]; a.Riferimento == "" && slices.Contains(ids, a.ID) {
			a.Riferimento = riferimento
		}
	}
}

func (p *Pratica) pagamento(id string) *Pagamento {
	for i := range p.Pagamenti {
		if p.Pagamenti[i].ID == id {
			return &p.Pagamenti[i]
		}
	}
	return nil
}

// coperto gives the open attempt that is no longer owed because the one it took
// the place of, or one of an earlier submission, turns out to be paid; nil where
// there is none. Nobody is asked twice for the same amount.
func (p *Pratica) coperto(f PagamentoAggiornato) *Pagamento {
	v := p.pagamento(f.Posizione.ID)
	if v == nil || !v.Sostituito || v.Saldato() || f.Posizione.Stato != pagamenti.Pagato {
		return nil
	}
	for i := range p.Pagamenti {
		if x := &p.Pagamenti[i]; x.Momento == v.Momento && x.Aperto() && x.Importo.Equal(v.Importo) {
			return x
		}
	}
	return nil
}

func (p *Pratica) integrazione(id string) *Integrazione {
	for i := range p.Integrazioni {
		if p.Integrazioni[i].ID == id {
			return &p.Integrazioni[i]
		}
	}
	return nil
}

// Copia gives a pratica that shares nothing which Applica would change.
func (p *Pratica) Copia() *Pratica { return p.copia() }

func (p *Pratica) copia() *Pratica {
	c := *p
	c.Risposte = p.Risposte.Copia()
	c.Allegati = slices.Clone(p.Allegati)
	c.Documenti = slices.Clone(p.Documenti)
	c.Integrazioni = slices.Clone(p.Integrazioni)
	c.Pagamenti = slices.Clone(p.Pagamenti)
	c.Bolli = slices.Clone(p.Bolli)
	c.Appuntamenti = slices.Clone(p.Appuntamenti)
	c.Chiusure = slices.Clone(p.Chiusure)
	c.Messaggi = slices.Clone(p.Messaggi)
	c.Note = slices.Clone(p.Note)
	return &c
}
