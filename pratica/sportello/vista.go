package sportello

import (
	"context"
	"errors"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage"
)

// Vista is everything that a page shows of a pratica, for the one who asked. It
// is data: any template or API can print it. The pages Protocollo, Pagamenti,
// Bolli and Appuntamenti are nil unless the service configures them or there is
// something to show. It holds personal data.
type Vista struct {
	ID           pratica.ID
	Versione     int // for SeVersione
	Servizio     string
	NomeServizio string
	// Stato; for the applicant InCarico while a decision is taken and not issued.
	Stato     pratica.Stato
	Etichetta string // of the state, for people
	// Oscurata is when the personal data were erased; zero unless they were. Then
	// there are no files, and of the rest what pratica.Oscura says.
	Oscurata time.Time

	Iter           []VoceIter
	UltimePratiche []PraticaRecente // of the same applicant; for operators
	Generali       DatiGenerali
	Modulo         modulo.Riepilogo
	Allegati       []VoceFile
	// FileDiRichiesta is the PDF of the filled form; nil until it is produced. A
	// page shows it in the place of the attachments where there are none.
	FileDiRichiesta *VoceFile
	Documenti       []VoceDocumento
	Messaggi        []VoceMessaggio
	Note            []VoceNota // for operators
	Integrazioni    []pratica.Integrazione
	Preavviso       *pratica.Preavviso
	EsitoDecisione  *pratica.Esito

	Protocollo   *PaginaProtocollo
	Pagamenti    *PaginaPagamenti
	Bolli        *PaginaBolli
	Appuntamenti *PaginaAppuntamenti

	// Azioni are the actions that the table offers to the one who asked, with the
	// reasons of those that are refused for now.
	Azioni []pratica.Spiegazione
	// InSospeso are the effects that need somebody; for operators.
	InSospeso []VoceEffetto
}

// Puo reports whether an action is offered and allowed.
func (v *Vista) Puo(a pratica.Azione) bool {
	for _, x := range v.Azioni {
		if x.Azione == a {
			return x.Ammessa
		}
	}
	return false
}

// VoceIter is one line of the iter for people: a change of state or an act, not
// the technical entries between them.
type VoceIter struct {
	Progressivo int
	Quando      time.Time
	Azione      pratica.Azione
	Titolo      string // in Italian
	Stato       pratica.Stato
	CambiaStato bool
	Chi         string // name or role; the applicant does not see names of operators
	Ufficio     string
	Motivo      string
}

// PraticaRecente is another pratica of the same applicant.
type PraticaRecente struct {
	ID           pratica.ID
	Numero       pratica.Numero
	Servizio     string
	Stato        pratica.Stato
	PresentataIl time.Time
	Apribile     bool // the operator is enabled for its service: a page may link it
	Prendibile   bool // and he could take it in charge
}

// DatiGenerali are the general data.
type DatiGenerali struct {
	Numero          pratica.Numero // Numero richiesta
	PresentataIl    time.Time      // Richiesta presentata il
	Protocollo      *protocollo.Registrazione
	Oggetto         string
	Richiedente     string
	CodiceFiscale   string
	Identificazione string // "SPID, livello 2"
	Ufficio         string
	Operatore       string    // name; id where there is no Rubrica; empty for the applicant
	Scadenza        time.Time // end of the term of the procedure (L. 241/1990, art. 2), from the presentation; suspensions are not counted
}

// VoceFile is a file to download with Scarica.
type VoceFile struct {
	ID               string
	Nome             string
	MIME             string
	Dimensione       int64
	SHA256           string
	Quando           time.Time
	Origine          pratica.Origine
	DelCittadino     bool
	InAttesa         bool   // uploaded and not sent yet
	NumeroProtocollo string // of the document with which it was registered
}

// VoceDocumento is a document of the pratica and how far it is.
type VoceDocumento struct {
	pratica.Documento
	Titolo string // in Italian
	Pronto bool   // it can be downloaded
}

// VoceMessaggio is one message.
type VoceMessaggio struct {
	pratica.Messaggio
	Chi          string
	DelCittadino bool
	File         []VoceFile
}

// VoceNota is an internal note.
type VoceNota struct {
	pratica.Nota
	Chi string
}

// PaginaProtocollo is the page of the registry.
type PaginaProtocollo struct {
	Fascicolo *protocollo.Fascicolo
	Documenti []VoceDocumento // those that are registered
}

// PaginaPagamenti is the page of payments.
type PaginaPagamenti struct{ Pagamenti []pratica.Pagamento }

// PaginaBolli is the page of stamps.
type PaginaBolli struct{ Bolli []pratica.Bollo }

// PaginaAppuntamenti is the page of appointments.
type PaginaAppuntamenti struct {
	Appuntamenti []pratica.Appuntamento
	Calendari    []string
}

// VoceEffetto is an effect that did not succeed by itself.
type VoceEffetto struct {
	ID          string
	Genere      pratica.GenereEffetto
	Titolo      string // in Italian: what could not be done
	Riferimento string
	Stato       storage.StatoEffetto
	Tentativi   int
	Prossimo    time.Time
	Errore      string // class and code
}

const ultimePratiche = 5

// Apri gives the Vista of a pratica to its applicant or to an operator enabled
// for its service; to anybody else ErrNonTrovato.
func (s *Sportello) Apri(ctx context.Context, a pratica.Attore, id pratica.ID) (*Vista, error) {
	p, sv, err := s.carica(ctx, a, id)
	if err != nil {
		return nil, err
	}
	eventi, err := s.c.Store.Eventi(ctx, p.Ente, id)
	if err != nil {
		return nil, err
	}
	v := costruttore{s: s, ctx: ctx, a: a, p: p, sv: sv, operatore: a.Ruolo != pratica.Cittadino}
	vista := v.vista(eventi)
	if v.operatore {
		if vista.UltimePratiche, err = s.ultime(ctx, a, p); err != nil {
			return nil, err
		}
		effetti, err := s.c.Store.Effetti(ctx, p.Ente, id)
		if err != nil {
			return nil, err
		}
		vista.InSospeso = sospesi(effetti)
	}
	return vista, nil
}

// ultime gives the latest pratiche of the same applicant in the ente, whatever
// the service: the operator learns that they exist, and opens only his own.
func (s *Sportello) ultime(ctx context.Context, a pratica.Attore, p *pratica.Pratica) ([]PraticaRecente, error) {
	if p.Richiedente.CodiceFiscale == "" {
		return nil, nil
	}
	pg, err := s.c.Store.Cerca(ctx, storage.Filtro{Ente: p.Ente, Richiedente: string(p.Richiedente.CodiceFiscale), Escludi: p.ID, Limite: ultimePratiche})
	if err != nil {
		return nil, err
	}
	var ultime []PraticaRecente
	for _, r := range pg.Righe {
		x := PraticaRecente{ID: r.ID, Numero: r.Numero, Servizio: r.Servizio, Stato: r.Stato, PresentataIl: r.PresentataIl, Apribile: a.AbilitatoA(r.Servizio)}
		if sv, err := s.c.Servizi.Servizio(ctx, p.Ente, r.Servizio, 0); err == nil {
			x.Servizio = sv.Nome()
		}
		if x.Apribile {
			altra, sv, err := s.carica(ctx, a, r.ID)
			switch {
			case errors.Is(err, pratica.ErrNonTrovato), errors.Is(err, pratica.ErrNonConfigurato): // changed meanwhile, or its service is gone: no reason to hide this one
				x.Apribile = false
			case err != nil:
				return nil, err
			default:
				x.Prendibile = pratica.Spiega(altra, sv, pratica.Comando{Attore: a, Dati: pratica.PrendiInCarico{}}, s.ora()).Ammessa
			}
		}
		ultime = append(ultime, x)
	}
	return ultime, nil
}

func sospesi(effetti []storage.Effetto) []VoceEffetto {
	var v []VoceEffetto
	for _, e := range effetti {
		ritarda := e.Stato == storage.DaFare && e.Tentativi > 0
		if e.Stato == storage.EsitoIgnoto || e.Stato == storage.Fallito || ritarda {
			v = append(v, VoceEffetto{ID: e.ID, Genere: e.Genere, Titolo: titoloEffetto(e.Genere), Riferimento: e.Riferimento, Stato: e.Stato, Tentativi: e.Tentativi, Prossimo: e.Prossimo, Errore: e.UltimoErrore})
		}
	}
	return v
}

func titoloEffetto(g pratica.GenereEffetto) string {
	switch g {
	case pratica.EffettoDocumento:
		return "Produzione del documento"
	case pratica.EffettoProtocollo:
		return "Protocollazione"
	case pratica.EffettoPagamento:
		return "Creazione dell'avviso di pagamento"
	case pratica.EffettoAnnullaPagamento:
		return "Annullamento dell'avviso di pagamento"
	case pratica.EffettoConfermaAppuntamento, pratica.EffettoProlungaAppuntamento:
		return "Conferma dell'appuntamento"
	case pratica.EffettoAnnullaAppuntamento:
		return "Disdetta dell'appuntamento"
	case pratica.EffettoAvviso:
		return "Invio dell'avviso"
	default:
		return string(g)
	}
}
