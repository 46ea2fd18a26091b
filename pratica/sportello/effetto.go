package sportello

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/messaggi"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage"
)

func sistema(ente string) pratica.Attore {
	return pratica.Attore{Ruolo: pratica.Sistema, ID: "sistema", Ente: ente}
}

// effetto makes the attempt. It returns nil only where the effect is done and
// that is written: with the command that is its outcome, in one transaction.
func (s *Sportello) effetto(ctx context.Context, e *storage.Effetto) error {
	p, sv, err := s.carica(ctx, sistema(e.Ente), e.Pratica)
	if errors.Is(err, pratica.ErrNonTrovato) {
		return s.restituisci(ctx, e)
	}
	if err != nil {
		return transitorio("sportello.carica", err)
	}
	if !p.Oscurata.IsZero() { // given up: what it was for is gone
		return s.concludi(ctx, e)
	}
	verso := destinazione{e.Ente, p.Servizio, e.Genere}
	if fino, ferma := s.pause.attiva(verso, s.ora()); ferma {
		return &Rinvio{Fino: fino, Motivo: "destinazione in pausa: configurazione da correggere"}
	}
	if err = s.compie(ctx, e, p, sv); guasto.Di(err) == guasto.Configurazione {
		s.pause.metti(verso, s.ora().Add(s.c.Lavoro.Pausa))
	}
	return err
}

// compie calls the port that the effect is for.
func (s *Sportello) compie(ctx context.Context, e *storage.Effetto, p *pratica.Pratica, sv *servizio.Servizio) error {
	switch e.Genere {
	case pratica.EffettoDocumento:
		return s.produci(ctx, e, p, sv)
	case pratica.EffettoProtocollo:
		return s.protocolla(ctx, e, p, sv)
	case pratica.EffettoPagamento:
		return s.creaPagamento(ctx, e, p)
	case pratica.EffettoAnnullaPagamento:
		return s.annullaPagamento(ctx, e, p)
	case pratica.EffettoConfermaAppuntamento, pratica.EffettoProlungaAppuntamento, pratica.EffettoAnnullaAppuntamento:
		return s.agenda(ctx, e, p)
	case pratica.EffettoAvviso:
		return s.avvisa(ctx, e, p, sv)
	default:
		return guasto.Nuovo(guasto.Permanente, "sportello.effetto", "genere_sconosciuto", nil)
	}
}

// restituisci carries out the effects that a deleted draft leaves: what it held
// elsewhere is given back, and there is no pratica to tell.
func (s *Sportello) restituisci(ctx context.Context, e *storage.Effetto) error {
	var err error
	switch {
	case e.Genere == pratica.EffettoAnnullaAppuntamento && s.c.Agenda != nil:
		_, err = s.c.Agenda.Annulla(ctx, e.Ente, e.Riferimento)
	case e.Genere == pratica.EffettoAnnullaPagamento && s.c.Tramite != nil:
		_, err = s.c.Tramite.Annulla(ctx, e.Ente, e.Riferimento)
	}
	switch guasto.Di(err) {
	case "", guasto.GiaFatto:
		return s.concludi(ctx, e)
	case guasto.Permanente: // never created, or over
		s.c.Logger.WarnContext(ctx, "niente da restituire", "effetto", e.ID, "genere", e.Genere, "errore", testoGuasto(err))
		return s.concludi(ctx, e)
	default:
		return err
	}
}

// esito commits the outcome command of an effect together with its end. A
// refusal means that the outcome is in the pratica already, or came too late to
// matter: the effect is done.
func (s *Sportello) esito(ctx context.Context, e *storage.Effetto, d pratica.Dati) error {
	ctx, fine := context.WithTimeout(context.WithoutCancel(ctx), time.Minute) // what happened outside is recorded, whoever hung up
	defer fine()
	_, err := s.esegui(ctx, sistema(e.Ente), e.Pratica, d, e)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pratica.ErrNonAmmesso), errors.Is(err, pratica.ErrNonTrovato):
		return s.concludi(ctx, e)
	case errors.Is(err, storage.ErrPrenotazione):
		return err
	default:
		return transitorio("sportello.esito", err)
	}
}

// transitorio classifies a failure of the store: what was to be written is
// found again by its version and by the lease.
func transitorio(operazione string, err error) error {
	var c guasto.Classificato
	if errors.As(err, &c) || errors.Is(err, storage.ErrPrenotazione) {
		return err
	}
	return guasto.Nuovo(guasto.Transitorio, operazione, "archivio", err)
}

// annota writes the journal of an effect before the next step is taken.
func (s *Sportello) annota(ctx context.Context, e *storage.Effetto, diario any) error {
	b, err := json.Marshal(diario)
	if err != nil {
		return err
	}
	v := *e
	v.Diario, v.Stato, v.Scadenza = b, storage.InCorso, s.ora().Add(s.c.Lavoro.Durata)
	if err := s.c.Store.Aggiorna(ctx, v); err != nil {
		return transitorio("sportello.diario", err)
	}
	*e = v
	return nil
}

func (s *Sportello) creaPagamento(ctx context.Context, e *storage.Effetto, p *pratica.Pratica) error {
	x, ok := p.Pagamento(e.Riferimento)
	if !ok || !x.Aperto() {
		return s.concludi(ctx, e)
	}
	if s.c.Tramite == nil {
		return guasto.Nuovo(guasto.Configurazione, "pagamenti.Crea", "tramite_assente", nil)
	}
	d := pagamenti.Dovuto{
		ID: x.ID, Ente: p.Ente, Causale: x.Causale, Importo: x.Importo, Voci: x.Voci, Scadenza: x.Scadenza,
		Pagatore: pagamenti.Pagatore{Tipo: pagamenti.PersonaFisica, CodiceFiscale: string(p.Richiedente.CodiceFiscale), Nome: tagliato(p.Richiedente.Denominazione(), 70), Email: string(p.Richiedente.Email)},
	}
	if s.c.RitornoPagamento != nil {
		d.RitornoURL = s.c.RitornoPagamento(p.Ente, p.ID)
	}
	pos, err := s.c.Tramite.Crea(ctx, d)
	if err != nil && guasto.Di(err) != guasto.GiaFatto {
		return err
	}
	return s.esito(ctx, e, pratica.AggiornaPagamento{Posizione: pos})
}

func (s *Sportello) annullaPagamento(ctx context.Context, e *storage.Effetto, p *pratica.Pratica) error {
	if s.c.Tramite == nil {
		return guasto.Nuovo(guasto.Configurazione, "pagamenti.Annulla", "tramite_assente", nil)
	}
	pos, err := s.c.Tramite.Annulla(ctx, p.Ente, e.Riferimento)
	switch {
	case errors.Is(err, pagamenti.ErrIgnota): // never created
		return s.concludi(ctx, e)
	case err != nil && guasto.Di(err) != guasto.GiaFatto: // paid meanwhile: the position says so
		return err
	}
	return s.esito(ctx, e, pratica.AggiornaPagamento{Posizione: pos})
}

// NotificaPagamento asks the payment system how a payment stands and records
// it: the host calls it when the payer's browser comes back, when the payment
// system notifies, and now and then for those still open. What a browser or a
// message says is never believed; only the answer of the payment system is.
// The same news twice changes nothing.
func (s *Sportello) NotificaPagamento(ctx context.Context, ente string, id pratica.ID, pagamentoID string) (Esito, error) {
	p, _, err := s.carica(ctx, sistema(ente), id)
	if err != nil {
		return Esito{}, err
	}
	if _, ok := p.Pagamento(pagamentoID); !ok || s.c.Tramite == nil {
		return Esito{}, pratica.ErrNonTrovato
	}
	pos, err := s.c.Tramite.Stato(ctx, ente, pagamentoID)
	if errors.Is(err, pagamenti.ErrIgnota) { // not created yet: the effect will say
		return Esito{Versione: p.Versione, Stato: p.Stato}, nil
	}
	if err != nil {
		return Esito{}, &pratica.Errore{Codice: pratica.CodiceEsterno, Causa: err}
	}
	return s.esegui(ctx, sistema(ente), id, pratica.AggiornaPagamento{Posizione: pos}, nil)
}

// giorniTrattenuto is how long a place is kept while the applicant pays.
const giorniTrattenuto = 5

func (s *Sportello) agenda(ctx context.Context, e *storage.Effetto, p *pratica.Pratica) error {
	if s.c.Agenda == nil {
		return guasto.Nuovo(guasto.Configurazione, "appuntamenti", "agenda_assente", nil)
	}
	i := slices.IndexFunc(p.Appuntamenti, func(a pratica.Appuntamento) bool { return a.ID == e.Riferimento })
	if e.Genere != pratica.EffettoAnnullaAppuntamento && (i < 0 || p.Appuntamenti[i].Stato == appuntamenti.Annullato) {
		return s.concludi(ctx, e) // given up meanwhile: neither to be confirmed nor lost
	}
	var pr appuntamenti.Prenotazione
	var err error
	switch e.Genere {
	case pratica.EffettoConfermaAppuntamento:
		pr, err = s.c.Agenda.Conferma(ctx, p.Ente, e.Riferimento)
	case pratica.EffettoProlungaAppuntamento:
		pr, err = s.c.Agenda.Prolunga(ctx, p.Ente, e.Riferimento, termini.GiornoDi(e.Causato).Piu(giorniTrattenuto).Fine())
	default:
		if pr, err = s.c.Agenda.Annulla(ctx, p.Ente, e.Riferimento); errors.Is(err, appuntamenti.ErrNonTrovata) || errors.Is(err, appuntamenti.ErrStato) {
			return s.concludi(ctx, e)
		}
	}
	if err == nil {
		return s.esito(ctx, e, pratica.AggiornaAppuntamento{Prenotazione: pr})
	}
	if guasto.Di(err) != guasto.Permanente {
		return err
	}
	if e.Genere == pratica.EffettoAnnullaAppuntamento {
		return err
	}
	s.c.Logger.WarnContext(ctx, "appuntamento perso", "pratica", p.ID, "errore", testoGuasto(err))
	return s.esito(ctx, e, pratica.AggiornaAppuntamento{Prenotazione: p.Appuntamenti[i].Prenotazione, Perso: true})
}

// avvisa sends the notice for a state over every channel, then keeps it in the pratica.
func (s *Sportello) avvisa(ctx context.Context, e *storage.Effetto, p *pratica.Pratica, sv *servizio.Servizio) error {
	m, ok := sv.Messaggio(e.Riferimento)
	if !ok {
		return s.concludi(ctx, e)
	}
	valori := segnaposto(p, sv, pratica.Stato(e.Riferimento))
	oggetto, testo := messaggi.Componi(m.Oggetto, valori), messaggi.Componi(m.Testo, valori)
	if p.Richiedente.CodiceFiscale != "" {
		for _, c := range s.c.Canali {
			if err := c.Invia(ctx, messaggi.Avviso{ID: e.ID, Ente: p.Ente, Pratica: string(p.ID), Destinatario: p.Richiedente, Oggetto: oggetto, Testo: testo}); err != nil {
				if k := guasto.Di(err); k == guasto.Permanente || k == guasto.NonSupportata { // this way does not reach him; the pratica does
					s.c.Logger.WarnContext(ctx, "avviso non recapitabile", "pratica", p.ID, "errore", testoGuasto(err))
					continue
				}
				return err
			}
		}
	}
	return s.esito(ctx, e, pratica.Avvisa{Stato: pratica.Stato(e.Riferimento), Oggetto: oggetto, Testo: testo})
}

func segnaposto(p *pratica.Pratica, sv *servizio.Servizio, stato pratica.Stato) map[string]string {
	v := map[string]string{
		"numero": p.Numero.String(), "servizio": sv.Nome(), "stato": stato.Etichetta(),
		"protocollo": "", "data_protocollo": "", "presentata_il": "", "scadenza": "", "motivo": "", "importo": "",
	}
	if r, ok := p.Protocollo(); ok {
		v["protocollo"], v["data_protocollo"] = r.NumeroEsteso(), termini.GiornoDi(r.Data).Italiano()
	}
	if !p.PresentataIl.IsZero() {
		v["presentata_il"] = termini.GiornoDi(p.PresentataIl).Italiano()
	}
	switch {
	case p.Esito != nil:
		v["motivo"] = p.Esito.Motivazione
	case p.Preavviso != nil:
		v["motivo"], v["scadenza"] = p.Preavviso.Motivi, termini.GiornoDi(p.Preavviso.Scadenza.Add(-1)).Italiano()
	}
	if i := p.IntegrazioneAperta(); i != nil {
		v["motivo"], v["scadenza"] = i.Testo, termini.GiornoDi(i.Scadenza.Add(-1)).Italiano()
	}
	for _, x := range p.Pagamenti {
		if x.Aperto() {
			v["importo"] = pagamenti.Euro(x.Importo)
		}
	}
	return v
}

func tagliato(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}
