package storagetest

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage"
)

// Ora is the instant at which the pratiche of the kit begin.
func Ora() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 123456789, time.UTC) }

// ID gives the n-th id, a UUID in canonical form; a greater n sorts later.
func ID(n int) pratica.ID { return pratica.ID(fmt.Sprintf("0190a3c2-0000-7000-8000-%012x", n)) }

// Bozza gives the commit that opens a draft of the persona at quando.
func Bozza(ente string, id pratica.ID, servizio string, chi anagrafica.Persona, quando time.Time) (storage.Commit, error) {
	return Poi(&pratica.Pratica{ID: id, Ente: ente}, pratica.Bozza, quando, pratica.BozzaAperta{
		Ente: ente, Servizio: servizio, VersioneServizio: 1, Richiedente: chi,
		Autenticazione: pratica.Autenticazione{Metodo: "spid", Livello: 2, Quando: quando},
	})
}

// Poi gives the commit in which the facts happen to p at quando and it reaches
// the state a. p stays as it is; the pratica after them is in the commit.
// Whether the table of transitions would allow it is not asked: a store does
// not know.
func Poi(p *pratica.Pratica, a pratica.Stato, quando time.Time, fatti ...pratica.Fatto) (storage.Commit, error) {
	c := storage.Commit{Pratica: p.Copia(), Attesa: p.Versione, Ora: quando}
	if p.Versione == 0 {
		c.Pratica = &pratica.Pratica{}
	}
	da := p.Stato
	for i, f := range fatti {
		c.Eventi = append(c.Eventi, pratica.Evento{Pratica: p.ID, Progressivo: p.Versione + i + 1, Azione: pratica.AzioneSalvaBozza,
			Di: pratica.Firma{Ruolo: pratica.Sistema}, Quando: quando, Da: da, A: a, Fatto: f})
		da = a
	}
	n := 0
	err := pratica.Sigilla(p.Impronta, c.Eventi, func() ([]byte, error) {
		n++
		h := sha256.Sum256([]byte(string(p.ID) + strconv.Itoa(p.Versione+n)))
		return h[:16], nil
	})
	if err != nil {
		return c, err
	}
	for _, e := range c.Eventi {
		if err := c.Pratica.Applica(e); err != nil {
			return c, err
		}
	}
	return c, nil
}

// Scheda is a pratica as a list may find it.
type Scheda struct {
	Ente, Servizio     string
	ID                 pratica.ID
	Stato              pratica.Stato
	Numero             pratica.Numero
	Oggetto            string
	Nome, Cognome, CF  string
	Anonimo            string
	Ufficio, Operatore string
	Protocollo         string // number in the registry
	AnnoProtocollo     int    // its year; 0 means 2026
	Dovuto             decimal.Decimal
	File               []string // SHA-256 of attachments
	Campi              []storage.Campo
	Creata             time.Time // the draft
	Presentata         time.Time // zero: never
	Cambio             time.Time // last change of state, not before Presentata
	Oscurata           time.Time // erasure of the personal data; zero: never
}

// Commit gives the one commit that makes such a pratica.
func (s Scheda) Commit() (storage.Commit, error) {
	p := &pratica.Pratica{ID: s.ID}
	var eventi []pratica.Evento
	fai := func(a pratica.Stato, quando time.Time, fatti ...pratica.Fatto) error {
		c, err := Poi(p, a, quando, fatti...)
		p, eventi = c.Pratica, append(eventi, c.Eventi...)
		return err
	}
	if err := fai(pratica.Bozza, s.Creata, pratica.BozzaAperta{Ente: s.Ente, Servizio: s.Servizio, VersioneServizio: 1,
		Richiedente:    anagrafica.Persona{Nome: s.Nome, Cognome: s.Cognome, CodiceFiscale: anagrafica.CodiceFiscale(s.CF)},
		Autenticazione: pratica.Autenticazione{Anonimo: s.Anonimo, Quando: s.Creata}}); err != nil {
		return storage.Commit{}, err
	}
	if !s.Presentata.IsZero() {
		if err := fai(pratica.Inviata, s.Presentata, pratica.RichiestaInviata{Numero: s.Numero, Oggetto: s.Oggetto, Risposte: modulo.Risposte{}, Ufficio: s.Ufficio}); err != nil {
			return storage.Commit{}, err
		}
	}
	if err := fai(s.Stato, s.Cambio, append(s.resto(), pratica.NotaScritta{ID: "n", Testo: "nota"})...); err != nil {
		return storage.Commit{}, err
	}
	p.Oscurata = s.Oscurata
	return storage.Commit{Pratica: p, Eventi: eventi, Campi: s.Campi, Ora: s.Cambio}, nil
}

// resto gives what happens with the last change of state.
func (s *Scheda) resto() []pratica.Fatto {
	var fatti []pratica.Fatto
	if s.Protocollo != "" {
		anno := s.AnnoProtocollo
		if anno == 0 {
			anno = 2026
		}
		fatti = append(fatti, pratica.DocumentoChiesto{ID: "istanza", Tipo: pratica.DocIstanza, Direzione: protocollo.Arrivo},
			pratica.DocumentoProtocollato{ID: "istanza", Registrazione: protocollo.Registrazione{
				Estremi: protocollo.Estremi{Ente: s.Ente, Anno: anno, Numero: s.Protocollo}}})
	}
	if s.Operatore != "" {
		fatti = append(fatti, pratica.PresaInCarico{Operatore: s.Operatore, Ufficio: s.Ufficio})
	}
	if !s.Dovuto.IsZero() {
		fatti = append(fatti, pratica.PagamentoRichiesto{ID: "p", Momento: pratica.AllaRichiesta, Importo: s.Dovuto, Causale: "diritti"})
	}
	for i, sha := range s.File {
		fatti = append(fatti, allegato(strconv.Itoa(i), sha))
	}
	return fatti
}

func allegato(id, sha string) pratica.AllegatoAggiunto {
	return pratica.AllegatoAggiunto{Allegato: pratica.Allegato{ID: id, Nome: "a.pdf", MIME: "application/pdf", Dimensione: 1, SHA256: sha, Origine: pratica.OrigineRichiesta, Quando: Ora()}}
}

func rossi() anagrafica.Persona {
	return anagrafica.Persona{Nome: "Mario", Cognome: "Rossi", CodiceFiscale: "RSSMRA80A01H501U"}
}

// apre commits a new draft with the effects and gives it.
func (x *prova) apre(s storage.Store, ente string, n int, effetti ...storage.Effetto) *pratica.Pratica {
	c, err := Bozza(ente, ID(n), "occupazione-suolo", rossi(), Ora())
	x.NoError(err)
	c.Effetti = effetti
	_, err = s.Registra(x.ctx, c)
	x.NoError(err)
	return c.Pratica
}

// poi gives the commit of a note on p.
func (x *prova) poi(p *pratica.Pratica, testo string) storage.Commit {
	c, err := Poi(p, p.Stato, Ora().Add(time.Duration(p.Versione)*time.Minute), pratica.NotaScritta{ID: "n" + strconv.Itoa(p.Versione), Testo: testo})
	x.NoError(err)
	return c
}

func (x *prova) registra(s storage.Store, c storage.Commit) storage.Ricevuta {
	r, err := s.Registra(x.ctx, c)
	x.NoError(err)
	return r
}

func effetto(id string, g pratica.GenereEffetto) storage.Effetto {
	return storage.Effetto{ID: id, Genere: g, Riferimento: "r-" + id}
}

// prende asks for all that is due.
func (x *prova) prende(s storage.Store, chi string, ora time.Time) []storage.Effetto {
	e, err := s.Prenota(x.ctx, storage.Prenotazione{Titolare: chi, Ora: ora, Durata: time.Minute, Limite: 1000})
	x.NoError(err)
	return e
}

func nomi(effetti []storage.Effetto) []string {
	n := []string{}
	for _, e := range effetti {
		n = append(n, e.ID)
	}
	return n
}
