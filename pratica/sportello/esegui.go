package sportello

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage"
)

// Opzione refines a command.
type Opzione func(*opzioni)

type opzioni struct {
	chiave   string
	versione int

	primaDelTermine, trascuraFalliti bool // of OscuraDati
}

// ConChiave gives the idempotency key of a command: a page puts a fresh one,
// long and random, into each form, so that a double click and a repeated request
// have one effect and the same answer. At most 200 bytes. Only a digest of it is
// kept.
func ConChiave(chiave string) Opzione { return func(o *opzioni) { o.chiave = chiave } }

// chiaveDi is the key as the store keeps it. Whoever has the database must not
// learn the key of a draft: with it he could try, one by one, whose codice fiscale
// gives the id of a pratica whose personal data were erased (see ApriBozza).
func chiaveDi(id pratica.ID, chiave string) string {
	if chiave == "" {
		return ""
	}
	h := sha256.Sum256([]byte("sportello/chiave\x00" + string(id) + "\x00" + chiave))
	return hex.EncodeToString(h[:])
}

// SeVersione refuses the command with ErrConflitto where the pratica is no
// longer at the version that the page showed. Without it a command is decided
// again on what others changed meanwhile, and accepted if it still may be.
func SeVersione(v int) Opzione { return func(o *opzioni) { o.versione = v } }

// Esito is what became of a command.
type Esito = storage.Ricevuta

const tentativiConflitto = 8

// Esegui carries out a command of package pratica: SalvaBozza, Invia,
// PrendiInCarico, Approva, … The actions offered by Apri come from the same
// table. Errors are *pratica.Errore; others come from the store as they are.
//
// Where the service wants an answer unique (modulo.Campo.Unico) and another
// pratica has it, Invia, InviaIntegrazione and Riapri are refused as CodiceNonValido
// with the path of the field and the code "gia_presente": one field, the first that
// is taken. It says that there is such a request, not whose it is.
//
// Files, appointments, new drafts and the erasure of personal data have use
// cases of their own (Allega, RimuoviAllegato, PrenotaAppuntamento, ApriBozza,
// OscuraDati); outcomes of effects are accepted from the system alone, which
// deletes drafts only by EliminaBozzeAbbandonate.
func (s *Sportello) Esegui(ctx context.Context, a pratica.Attore, id pratica.ID, d pratica.Dati, opz ...Opzione) (Esito, error) {
	if d == nil || soloTramite(d) {
		return Esito{}, &pratica.Errore{Codice: pratica.CodiceNonAutorizzato, Motivi: []pratica.Motivo{{Codice: "caso_uso", Messaggio: "L'operazione ha un modo proprio per essere svolta."}}}
	}
	if _, elimina := d.(pratica.EliminaBozza); elimina && a.Ruolo == pratica.Sistema { // only those that are abandoned
		if _, _, err := s.carica(ctx, a, id); err != nil {
			return Esito{}, err
		}
		return Esito{}, pratica.ErrNonAutorizzato
	}
	return s.esegui(ctx, a, id, d, nil, opz...)
}

func (s *Sportello) esegui(ctx context.Context, a pratica.Attore, id pratica.ID, d pratica.Dati, concluso *storage.Effetto, opz ...Opzione) (Esito, error) {
	var o opzioni
	for _, f := range opz {
		f(&o)
	}
	var err error
	for range tentativiConflitto {
		var e Esito
		e, err = s.prova(ctx, a, id, d, concluso, o)
		if !errors.Is(err, storage.ErrConflitto) {
			return e, err
		}
	}
	return Esito{}, &pratica.Errore{Codice: pratica.CodiceConflitto, Causa: err}
}

// gia gives the result of an earlier use case with the same key: asked before
// anything is done outside, so that a repeated request has no effect there either.
func (s *Sportello) gia(ctx context.Context, p *pratica.Pratica, opz []Opzione) (Esito, bool, error) {
	var o opzioni
	for _, f := range opz {
		f(&o)
	}
	if o.chiave == "" {
		return Esito{}, false, nil
	}
	return s.c.Store.Ripetuta(ctx, p.Ente, p.ID, chiaveDi(p.ID, o.chiave))
}

// prova is one passage: load, authorise, decide, commit.
func (s *Sportello) prova(ctx context.Context, a pratica.Attore, id pratica.ID, d pratica.Dati, concluso *storage.Effetto, o opzioni) (Esito, error) {
	p, sv, err := s.carica(ctx, a, id)
	if errors.Is(err, pratica.ErrNonTrovato) {
		return s.eliminata(ctx, a, id, d, o)
	}
	if err != nil {
		return Esito{}, err
	}
	if o.chiave != "" {
		if r, c, err := s.c.Store.Ripetuta(ctx, p.Ente, id, chiaveDi(id, o.chiave)); err != nil || c {
			return r, err
		}
	}
	if o.versione != 0 && o.versione != p.Versione {
		return Esito{}, pratica.ErrConflitto
	}
	ora := s.ora()
	cmd := pratica.Comando{Attore: a, ID: s.c.NuovoID(), Chiave: o.chiave, Dati: d}
	eventi, err := s.decidi(ctx, p, sv, cmd, ora)
	if err != nil {
		return Esito{}, err
	}
	if len(eventi) == 0 {
		return Esito{Versione: p.Versione, Stato: p.Stato}, s.concludi(ctx, concluso)
	}
	return s.registra(ctx, p, sv, eventi, ora, o.chiave, concluso)
}

// eliminata answers a deletion that is asked again with its key: of a draft that
// is gone nothing else is left.
func (s *Sportello) eliminata(ctx context.Context, a pratica.Attore, id pratica.ID, d pratica.Dati, o opzioni) (Esito, error) {
	if _, elimina := d.(pratica.EliminaBozza); !elimina || o.chiave == "" || a.Ruolo != pratica.Cittadino {
		return Esito{}, pratica.ErrNonTrovato
	}
	if _, err := s.c.Store.Carica(ctx, a.Ente, id); !errors.Is(err, storage.ErrNonTrovata) {
		return Esito{}, pratica.ErrNonTrovato // it is there, and not his
	}
	r, c, err := s.c.Store.Ripetuta(ctx, a.Ente, id, chiaveDi(id, o.chiave))
	if err != nil || !c {
		return Esito{}, pratica.ErrNonTrovato
	}
	return r, nil
}

// decidi prepares what a command needs from outside before pratica.Decidi: the
// number of a request, the place of its appointment, the colleague it goes to.
func (s *Sportello) decidi(ctx context.Context, p *pratica.Pratica, sv *servizio.Servizio, cmd pratica.Comando, ora time.Time) ([]pratica.Evento, error) {
	switch d := cmd.Dati.(type) {
	case pratica.Invia:
		anno := termini.Anno(ora)
		d.Numero = pratica.Numero{Anno: anno, Progressivo: 1}
		cmd.Dati = d
		if _, err := pratica.Decidi(p, sv, cmd, ora); err != nil { // no number for what will be refused
			return nil, err
		}
		if err := s.trattieni(ctx, p, ora); err != nil {
			return nil, err
		}
		if p.Numero != (pratica.Numero{}) { // submitted before: it keeps its number, and takes none of this year
			break
		}
		n, err := s.c.Store.Numera(ctx, p.Ente, "richiesta", anno, p.ID)
		if err != nil {
			return nil, err
		}
		d.Numero.Progressivo = n
		cmd.Dati = d
	case pratica.Assegna:
		if d.Operatore != "" && s.c.Rubrica != nil {
			o, ok := s.c.Rubrica.Operatore(ctx, p.Ente, d.Operatore)
			if !ok || !o.AbilitatoA(p.Servizio) || d.Ufficio != "" && !o.DellUfficio(d.Ufficio) {
				return nil, &pratica.Errore{Codice: pratica.CodiceNonValido, Campi: []pratica.ErroreCampo{{Percorso: "operatore", Codice: "operatore", Messaggio: "L'operatore non è abilitato a questo servizio o non appartiene all'ufficio."}}}
			}
		}
	}
	return pratica.Decidi(p, sv, cmd, ora)
}

// trattieni makes sure that the place of the appointment is still held before
// the request is committed; the confirmation follows as an effect.
func (s *Sportello) trattieni(ctx context.Context, p *pratica.Pratica, ora time.Time) error {
	ap := p.AppuntamentoAttivo()
	if ap == nil {
		return nil
	}
	if s.c.Agenda == nil {
		return pratica.ErrNonConfigurato
	}
	_, err := s.c.Agenda.Prolunga(ctx, p.Ente, ap.ID, ora.Add(time.Hour))
	return erroreAgenda(err)
}

func erroreAgenda(err error) error {
	motivo := ""
	switch {
	case err == nil:
		return nil
	case errors.Is(err, appuntamenti.ErrFasciaPiena), errors.Is(err, appuntamenti.ErrBloccoScaduto), errors.Is(err, appuntamenti.ErrFasciaNonOfferta), errors.Is(err, appuntamenti.ErrNonTrovata), errors.Is(err, appuntamenti.ErrStato):
		motivo = "L'appuntamento scelto non è più disponibile: scegline un altro."
	case errors.Is(err, appuntamenti.ErrTroppoTardi):
		motivo = "È troppo tardi per questa operazione sull'appuntamento."
	case errors.Is(err, appuntamenti.ErrRiferimentoOccupato):
		motivo = "La richiesta ha già un appuntamento."
	default:
		return &pratica.Errore{Codice: pratica.CodiceEsterno, Causa: err}
	}
	return &pratica.Errore{Codice: pratica.CodiceNonAmmesso, Causa: err, Motivi: []pratica.Motivo{{Codice: "appuntamento", Messaggio: motivo}}}
}

// registra seals and commits the events with the effects that they cause.
func (s *Sportello) registra(ctx context.Context, p *pratica.Pratica, sv *servizio.Servizio, eventi []pratica.Evento, ora time.Time, chiave string, concluso *storage.Effetto) (Esito, error) {
	if err := pratica.Sigilla(p.Impronta, eventi, s.sale); err != nil {
		return Esito{}, err
	}
	effetti := pratica.Effetti(p, sv, eventi)
	c := storage.Commit{Attesa: p.Versione, Eventi: eventi, Chiave: chiaveDi(p.ID, chiave), Concluso: concluso, Ora: ora}
	nuova := p.Copia()
	for _, e := range eventi {
		if err := nuova.Applica(e); err != nil {
			return Esito{}, err
		}
		for _, k := range pratica.Seriali(e) {
			c.Unici = append(c.Unici, storage.Unico{Ambito: bolli.Ambito, Chiave: k})
		}
		if _, ok := e.Fatto.(pratica.BozzaEliminata); ok {
			c.Elimina = true
			effetti = append(effetti, daRestituire(p)...)
		}
		if _, ok := e.Fatto.(pratica.DatiOscurati); ok {
			var err error
			if c.Oscurati, err = s.iterOscurato(ctx, p); err != nil {
				return Esito{}, err
			}
		}
	}
	c.Pratica, c.Campi = nuova, campi(nuova, sv)
	miei, err := s.unici(ctx, p, sv, &c)
	if err != nil {
		return Esito{}, err
	}
	for _, ef := range effetti {
		c.Effetti = append(c.Effetti, storage.Effetto{ID: s.c.NuovoID(), Genere: ef.Genere, Riferimento: ef.Riferimento, Prossimo: ora})
	}
	r, err := s.c.Store.Registra(ctx, c)
	var unico *storage.ErroreUnico
	if errors.As(err, &unico) {
		if unico.Unico.Ambito == ambitoModulo(p.Servizio) {
			return Esito{}, giaPresente(err, unico.Unico, miei, sv, eventi[0].Di.Ruolo)
		}
		return Esito{}, &pratica.Errore{Codice: pratica.CodiceNonValido, Causa: err, Campi: []pratica.ErroreCampo{{
			Percorso: "bolli", Codice: "gia_usato", Messaggio: "La marca da bollo è già stata usata per un'altra richiesta: inseriscine una nuova.",
		}}}
	}
	if err != nil {
		return Esito{}, err
	}
	if len(c.Effetti) > 0 {
		s.svegliati()
	}
	return r, nil
}

// daRestituire are the payment positions that a deleted draft leaves behind: the
// cancellations that were still to be made go with its other effects.
func daRestituire(p *pratica.Pratica) []pratica.Effetto {
	var ef []pratica.Effetto
	for _, x := range p.Pagamenti {
		if !x.Saldato() && x.Posizione.Stato != pagamenti.Annullato {
			ef = append(ef, pratica.Effetto{Genere: pratica.EffettoAnnullaPagamento, Riferimento: x.ID})
		}
	}
	return ef
}

// concludi marks an effect as done where its outcome changed nothing.
func (s *Sportello) concludi(ctx context.Context, e *storage.Effetto) error {
	if e == nil {
		return nil
	}
	f := *e
	f.Stato, f.UltimoErrore, f.Concluso = storage.Fatto, "", s.ora()
	return s.c.Store.Aggiorna(ctx, f)
}

var spazioBozze = uuid.MustParse("6f1d3c52-8a57-4d0e-9a0c-1f4b6f0a2e11")

// ApriBozza opens a draft of a service and gives its id. With ConChiave the
// same applicant, service and key give the same draft: its id is a digest of them.
func (s *Sportello) ApriBozza(ctx context.Context, a pratica.Attore, servizioID string, opz ...Opzione) (pratica.ID, error) {
	var o opzioni
	for _, f := range opz {
		f(&o)
	}
	if _, ok := s.enti[a.Ente]; !ok {
		return "", pratica.ErrNonTrovato
	}
	if a.Ruolo != pratica.Cittadino {
		return "", pratica.ErrNonAutorizzato
	}
	sv, err := s.c.Servizi.Servizio(ctx, a.Ente, servizioID, 0)
	if err != nil {
		return "", err
	}
	id := pratica.ID(s.c.NuovoID())
	if o.chiave != "" {
		chi := string(a.Persona.CodiceFiscale) + "\x00" + a.Anonimo
		id = pratica.ID(uuid.NewSHA1(spazioBozze, []byte(a.Ente+"\x00"+servizioID+"\x00"+chi+"\x00"+o.chiave)).String())
	}
	ora := s.ora()
	p := &pratica.Pratica{ID: id}
	eventi, err := pratica.Decidi(p, sv, pratica.Comando{Attore: a, ID: s.c.NuovoID(), Chiave: o.chiave, Dati: pratica.ApriBozza{}}, ora)
	if err != nil {
		return "", err
	}
	_, err = s.registra(ctx, p, sv, eventi, ora, o.chiave, nil)
	if errors.Is(err, storage.ErrConflitto) && o.chiave != "" { // opened before, and gone on since
		if _, _, err := s.carica(ctx, a, id); err != nil {
			return "", err
		}
		return id, nil
	}
	return id, err
}

// Leggi gives the pratica itself and its service, for pages that edit it: a
// wizard, a form of additions. What an operator or a citizen should see of it is
// in Apri; an applicant is not given the internal notes here either, nor who has
// it in charge.
func (s *Sportello) Leggi(ctx context.Context, a pratica.Attore, id pratica.ID) (*pratica.Pratica, *servizio.Servizio, error) {
	p, sv, err := s.carica(ctx, a, id)
	if err == nil && a.Ruolo == pratica.Cittadino {
		p.Note, p.Operatore = nil, ""
	}
	return p, sv, err
}
