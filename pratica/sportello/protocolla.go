package sportello

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage"
)

// diarioProtocollo is the write-ahead journal of a registration. Each step is
// written before it is taken.
type diarioProtocollo struct {
	Tappa string `json:"tappa"` // "" nothing sent; in_invio; registrata
	// Inviata is when the call that may assign the number began.
	Inviata       time.Time                 `json:"inviata,omitzero"`
	Registrazione *protocollo.Registrazione `json:"registrazione,omitempty"` // the number, from the moment it is known
	Mancanti      []string                  `json:"mancanti,omitempty"`      // attachments that the registry still lacks
	Rinvii        int                       `json:"rinvii,omitempty"`        // see rinviiDi
	// Vuota is when a search after Inviata found nothing for the first time.
	Vuota time.Time `json:"vuota,omitzero"`
}

const (
	tappaInvio      = "in_invio"
	tappaRegistrata = "registrata"
)

// protocolla registers one document exactly once. The intent is written before
// the call; whatever is not a clear answer is never sent again before a search
// by the correlation token has shown that nothing was registered.
func (s *Sportello) protocolla(ctx context.Context, e *storage.Effetto, p *pratica.Pratica, sv *servizio.Servizio) error {
	doc, ok := p.Documento(e.Riferimento)
	if !ok {
		return s.concludi(ctx, e)
	}
	var d diarioProtocollo
	if len(e.Diario) > 0 {
		if err := json.Unmarshal(e.Diario, &d); err != nil {
			return guasto.Nuovo(guasto.EsitoIgnoto, "sportello.protocolla", "diario_illeggibile", err)
		}
	}
	reg := s.c.Registro
	cfg, configurato := sv.Protocollo()
	switch {
	case doc.Registrazione != nil && len(d.Mancanti) == 0:
		if d.Registrazione != nil { // the ids of attachments may be in the journal alone
			return s.esito(ctx, e, pratica.Protocolla{Documento: doc.ID, Registrazione: essenziale(*d.Registrazione)})
		}
		return s.concludi(ctx, e)
	case reg == nil || !configurato:
		return guasto.Nuovo(guasto.Configurazione, "protocollo.Registra", "registro_assente", nil)
	case doc.SHA256 == "":
		return guasto.Nuovo(guasto.Transitorio, "protocollo.Registra", "documento_non_prodotto", nil)
	}
	token := tokenDi(p, doc)
	if d.Tappa == tappaInvio {
		if err := s.riconcilia(ctx, e, &d, p, doc, token); err != nil {
			return err
		}
	}
	if d.Tappa == "" {
		fascicolo, err := s.fascicolo(ctx, p, sv, cfg)
		if err != nil {
			return err
		}
		r := reg.Capacita().Adatta(s.richiesta(p, cfg, doc, fascicolo, token))
		if err := reg.Capacita().Verifica(r); err != nil {
			return err
		}
		if err := s.invia(ctx, e, &d, r); err != nil {
			return err
		}
	}
	if doc.Registrazione == nil && len(d.Mancanti) > 0 { // the number first, the attachments after
		if _, err := s.esegui(ctx, sistema(e.Ente), e.Pratica, pratica.Protocolla{Documento: doc.ID, Registrazione: essenziale(*d.Registrazione)}, nil); err != nil && !errors.Is(err, pratica.ErrNonAmmesso) {
			return transitorio("sportello.esito", err)
		}
	}
	if err := s.completa(ctx, e, &d, p); err != nil {
		return err
	}
	return s.esito(ctx, e, pratica.Protocolla{Documento: doc.ID, Registrazione: essenziale(*d.Registrazione)})
}

// invia makes the one call that may assign a number, between two entries of the
// journal. A registry of two phases takes the documents first, as often as it
// needs: what may assign the number is then only the confirmation.
func (s *Sportello) invia(ctx context.Context, e *storage.Effetto, d *diarioProtocollo, r protocollo.Richiesta) error {
	registra := s.c.Registro.Registra
	if pre, ok := s.c.Registro.(protocollo.Predispositore); ok && s.c.Registro.Capacita().Predispone {
		bozza, err := pre.Predisponi(ctx, r)
		if err != nil {
			return senzaEffetto(err)
		}
		registra = func(ctx context.Context, _ protocollo.Richiesta) (protocollo.Registrazione, error) {
			return pre.Conferma(ctx, bozza)
		}
	}
	*d = diarioProtocollo{Tappa: tappaInvio, Inviata: s.ora(), Rinvii: d.Rinvii}
	if err := s.annota(ctx, e, d); err != nil {
		return err
	}
	ricevuta, err := registra(ctx, r)
	var gia protocollo.GiaRegistrata
	var parziale protocollo.Parziale
	switch {
	case errors.As(err, &gia):
		ricevuta, err = gia.Registrazione, nil
	case errors.As(err, &parziale):
		ricevuta, err = parziale.Registrazione, nil
		d.Mancanti = slices.Clone(parziale.Mancanti)
	}
	if err == nil {
		err = ricevuta.Risponde(r)
	}
	if err == nil && ricevuta.Annullata != nil {
		err = guasto.Nuovo(guasto.Permanente, "protocollo.Registra", "registrazione_annullata", nil)
	}
	dopo, fine := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // the answer is kept, whoever hung up
	defer fine()
	switch classe := guasto.Di(err); classe {
	case "":
		if !s.c.Registro.Capacita().AllegatiNellaChiamata { // they are sent one by one, once the number is known
			d.Mancanti = daAllegare(r, ricevuta)
		}
		return s.numero(dopo, e, d, ricevuta)
	case guasto.EsitoIgnoto:
		return s.ignoto()
	case guasto.Sessione, guasto.Transitorio, guasto.Permanente, guasto.Configurazione, guasto.NonSupportata:
		*d = diarioProtocollo{Rinvii: d.Rinvii} // certainly no number: the next attempt may send
		if errAnnota := s.annota(dopo, e, d); errAnnota != nil {
			return errAnnota
		}
		return err
	default:
		return s.ignoto()
	}
}

// daAllegare are the attachments of a request that its registration does not have.
func daAllegare(r protocollo.Richiesta, ricevuta protocollo.Registrazione) []string {
	var ids []string
	for _, a := range r.Allegati {
		if _, c := ricevuta.Allegati[a.ID]; !c {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// numero writes the number down the moment it is known. Where the store fails,
// the number goes with what is written of the attempt at its end, and into the
// log, from which an operator can adopt it: it is in no other place here.
func (s *Sportello) numero(ctx context.Context, e *storage.Effetto, d *diarioProtocollo, r protocollo.Registrazione) error {
	v := essenziale(r)
	d.Tappa, d.Registrazione = tappaRegistrata, &v
	err := s.annota(ctx, e, d)
	if err == nil {
		return nil
	}
	s.c.Logger.ErrorContext(ctx, "numero di protocollo non annotato", "ente", e.Ente, "pratica", e.Pratica, "documento", e.Riferimento, "protocollo", v.String(), "errore", testoGuasto(err))
	if b, errJSON := json.Marshal(d); errJSON == nil {
		e.Diario = b
	}
	return err
}

// ignoto follows an unknown outcome: search later where the registry can be
// searched, else wait for an operator.
func (s *Sportello) ignoto() error {
	if _, ok := s.c.Registro.(protocollo.Cercatore); ok && s.c.Registro.Capacita().Cerca {
		return &Rinvio{Fino: s.ora().Add(s.c.Lavoro.Attesa), Motivo: "esito ignoto, ricerca in corso"}
	}
	return guasto.Nuovo(guasto.EsitoIgnoto, "protocollo.Registra", "ricerca_impossibile", nil)
}

// riconcilia looks for what an unanswered call may have registered. One hit is
// adopted. None, twice with the quiet period between and where the search can be
// trusted, means that nothing was registered: a call that nobody waits for any
// more may still land after the first. Anything else is for an operator.
func (s *Sportello) riconcilia(ctx context.Context, e *storage.Effetto, d *diarioProtocollo, p *pratica.Pratica, doc pratica.Documento, token string) error {
	reg, capacita := s.c.Registro, s.c.Registro.Capacita()
	c, ok := reg.(protocollo.Cercatore)
	if !ok || !capacita.Cerca {
		return s.ignoto()
	}
	trovate, err := c.Cerca(ctx, protocollo.Criteri{Ente: p.Ente, Correlazione: token, Dal: d.Inviata.Add(-24 * time.Hour)})
	if err != nil {
		if guasto.Di(err) == guasto.EsitoIgnoto { // a search has no effect
			err = guasto.Nuovo(guasto.Transitorio, "protocollo.Cerca", "senza_risposta", err)
		}
		return err
	}
	for _, r := range trovate { // an answer about something else says nothing of this document
		if r.Numero == "" || r.Anno <= 0 || r.Ente != p.Ente || r.Correlazione != token {
			return guasto.Nuovo(guasto.Transitorio, "protocollo.Cerca", "risposta_incoerente", nil)
		}
	}
	trovate = slices.DeleteFunc(trovate, func(r protocollo.Registrazione) bool { return r.Annullata != nil })
	switch {
	case len(trovate) == 1:
		d.Mancanti = s.assenti(trovate[0], p, doc)
		return s.numero(ctx, e, d, trovate[0])
	case len(trovate) > 1:
		return guasto.Nuovo(guasto.EsitoIgnoto, "protocollo.Cerca", "piu_registrazioni", nil)
	case d.Vuota.IsZero():
		d.Vuota = s.ora()
		if err := s.annota(ctx, e, d); err != nil {
			return err
		}
	}
	fine := d.Vuota.Add(s.c.Lavoro.Quiete)
	switch {
	case s.ora().Before(fine):
		return &Rinvio{Fino: fine, Motivo: "esito ignoto, ricerca in corso"}
	case capacita.CercaAffidabile:
		*d = diarioProtocollo{Rinvii: d.Rinvii}
		return s.annota(ctx, e, d)
	default:
		return guasto.Nuovo(guasto.EsitoIgnoto, "protocollo.Cerca", "ricerca_non_affidabile", nil)
	}
}

// assenti are the attachments of a document that a registration found by a
// search does not have: an answer that never came may have been a partial one.
// Only a registry that tells its documents can tell.
func (s *Sportello) assenti(r protocollo.Registrazione, p *pratica.Pratica, doc pratica.Documento) []string {
	if _, ok := s.c.Registro.(protocollo.Allegatore); !ok || r.Impronte[doc.ID].IsZero() {
		return nil
	}
	var ids []string
	for _, id := range doc.Allegati {
		_, c := p.Allegato(id)
		if _, allegato := r.Allegati[id]; c && !allegato && r.Impronte[id].IsZero() {
			ids = append(ids, id)
		}
	}
	return ids
}

// completa sends the attachments that the registry lacks, one by one.
func (s *Sportello) completa(ctx context.Context, e *storage.Effetto, d *diarioProtocollo, p *pratica.Pratica) error {
	al, ok := s.c.Registro.(protocollo.Allegatore)
	for len(d.Mancanti) > 0 {
		a, trovato := p.Allegato(d.Mancanti[0])
		if !ok || !trovato {
			return guasto.Nuovo(guasto.Permanente, "protocollo.Allega", "allegati_mancanti", nil)
		}
		id, err := al.Allega(ctx, d.Registrazione.Estremi, s.fileDi(p.Ente, a))
		if err != nil && guasto.Di(err) != guasto.GiaFatto {
			return err
		}
		if d.Registrazione.Allegati == nil {
			d.Registrazione.Allegati = map[string]string{}
		}
		d.Registrazione.Allegati[a.ID] = id
		d.Mancanti = d.Mancanti[1:]
		if err := s.annota(ctx, e, d); err != nil {
			return err
		}
	}
	return nil
}

// essenziale keeps of a registration what the pratica needs: numbers and ids,
// none of the parties' data.
func essenziale(r protocollo.Registrazione) protocollo.Registrazione {
	r = r.Clone()
	return protocollo.Registrazione{
		Estremi: r.Estremi, Correlazione: r.Correlazione, IDDocumento: r.IDDocumento, Fascicolo: r.Fascicolo,
		Allegati: r.Allegati, Direzione: r.Direzione, Classifica: r.Classifica, Ufficio: r.Ufficio,
	}
}

// tokenDi is the correlation token of a document: the same on every attempt,
// different for every document, and nothing that tells who asked.
func tokenDi(p *pratica.Pratica, d pratica.Documento) string {
	h := sha256.Sum256([]byte(p.Ente + "\x00" + string(p.ID) + "\x00" + d.ID))
	return hex.EncodeToString(h[:8])
}

func (s *Sportello) richiesta(p *pratica.Pratica, cfg servizio.Protocollo, doc pratica.Documento, f *protocollo.Fascicolo, token string) protocollo.Richiesta {
	cittadino := protocollo.Soggetto{Tipo: protocollo.PersonaFisica, Nome: p.Richiedente.Nome, Cognome: p.Richiedente.Cognome, CodiceFiscale: string(p.Richiedente.CodiceFiscale), Email: string(p.Richiedente.Email), PEC: string(p.Richiedente.PEC)}
	if cittadino.CodiceFiscale == "" && cittadino.Cognome == "" {
		cittadino = protocollo.Soggetto{Tipo: protocollo.PersonaFisica, Nome: "Richiedente", Cognome: "non identificato"}
	}
	r := protocollo.Richiesta{
		Ente: p.Ente, Correlazione: token, Direzione: doc.Direzione,
		Oggetto:    titoloDocumento(doc.Tipo) + " n. " + p.Numero.String() + " - " + p.Oggetto,
		Classifica: cfg.Classifica, Fascicolo: f, Ufficio: cfg.Ufficio, Parametri: cfg.Parametri,
		Principale: s.file(p.Ente, doc.ID, doc.Nome, "application/pdf", doc.SHA256, doc.Dimensione),
	}
	switch doc.Direzione {
	case protocollo.Arrivo:
		r.Mittente, r.DataPresentazione = cittadino, doc.Chiesto
	default:
		r.Destinatari = []protocollo.Soggetto{cittadino}
	}
	for _, id := range doc.Allegati {
		if a, ok := p.Allegato(id); ok {
			r.Allegati = append(r.Allegati, s.fileDi(p.Ente, a))
		}
	}
	for _, altro := range p.Documenti { // what it answers to, or at least the request itself
		if altro.Registrazione != nil && altro.ID != doc.ID && (altro.Tipo == pratica.DocIstanza || doc.Riferimento != "" && altro.Riferimento == doc.Riferimento) {
			r.Riferimenti = append(r.Riferimenti, altro.Registrazione.Estremi)
		}
	}
	return r
}

func (s *Sportello) fileDi(ente string, a pratica.Allegato) protocollo.Documento {
	return s.file(ente, a.ID, a.Nome, a.MIME, a.SHA256, a.Dimensione)
}

func (s *Sportello) file(ente, id, nome, mime, sha string, dimensione int64) protocollo.Documento {
	return protocollo.Documento{
		ID: id, Nome: nome, MIME: mime, Dimensione: dimensione, Impronta: protocollo.Impronta{Algoritmo: protocollo.SHA256, Valore: sha},
		Apri: func(ctx context.Context) (io.ReadCloser, error) { return s.c.Archivio.Apri(ctx, ente, sha) },
	}
}
