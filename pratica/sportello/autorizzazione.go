package sportello

import (
	"context"
	"errors"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/storage"
)

// vede is the one rule of who may see a pratica. A citizen sees his own; an
// operator those of his ente and of the services that he is enabled for, drafts
// never; the system all. Everybody else sees nothing, and is told that there is
// nothing. Who may change what is in the table of package pratica.
func vede(a pratica.Attore, p *pratica.Pratica) bool {
	switch a.Ruolo {
	case pratica.Cittadino:
		return a.Ente == p.Ente && p.Presenta(a)
	case pratica.Operatore:
		return a.ID != "" && a.Ente == p.Ente && a.AbilitatoA(p.Servizio) && p.Stato != pratica.Bozza
	case pratica.Sistema:
		return a.Ente == p.Ente
	default:
		return false
	}
}

// carica loads a pratica for an actor, with its service: the first two steps of
// every use case.
func (s *Sportello) carica(ctx context.Context, a pratica.Attore, id pratica.ID) (*pratica.Pratica, *servizio.Servizio, error) {
	if _, ok := s.enti[a.Ente]; !ok {
		return nil, nil, pratica.ErrNonTrovato
	}
	if _, err := pratica.LeggiID(string(id)); err != nil {
		return nil, nil, err
	}
	p, err := s.c.Store.Carica(ctx, a.Ente, id)
	if errors.Is(err, storage.ErrNonTrovata) {
		return nil, nil, pratica.ErrNonTrovato
	}
	if err != nil {
		return nil, nil, err
	}
	if !vede(a, p) {
		return nil, nil, pratica.ErrNonTrovato
	}
	sv, err := s.c.Servizi.Servizio(ctx, p.Ente, p.Servizio, p.VersioneServizio)
	if errors.Is(err, pratica.ErrNonTrovato) { // the service, not the pratica: whoever asks for that one must not be misled
		err = errors.New("sportello: versione del servizio non trovata")
	}
	if err != nil {
		return nil, nil, &pratica.Errore{Codice: pratica.CodiceNonConfigurato, Causa: err}
	}
	if a.Ruolo == pratica.Cittadino && a.Livello < sv.Accesso() { // himself, but not surely enough
		return nil, nil, &pratica.Errore{Codice: pratica.CodiceNonAutorizzato, Motivi: []pratica.Motivo{{
			Codice: "accesso_insufficiente", Messaggio: "Per questa pratica occorre un accesso con identità digitale di livello più alto.",
		}}}
	}
	return p, sv, nil
}

// soloEnte lets the system of an ente in, and nobody else; who gave the order
// must have an account, which is what is kept of him.
func (s *Sportello) soloEnte(a pratica.Attore) error {
	if _, ok := s.enti[a.Ente]; !ok || a.Ruolo != pratica.Sistema || a.ID == "" {
		return pratica.ErrNonAutorizzato
	}
	return nil
}

// puoEsportare is who may have all that concerns a person: she herself, as her
// session names her, and the ente. Not an operator: he sees the pratiche of his
// services, one by one, and not people.
func (s *Sportello) puoEsportare(a pratica.Attore, cf string) error {
	if _, nostro := s.enti[a.Ente]; nostro && a.Ruolo == pratica.Cittadino && cf != "" && string(a.Persona.CodiceFiscale) == cf {
		return nil
	}
	if err := s.soloEnte(a); err != nil {
		return err
	}
	if cf == "" || len(cf) > massimoCodice {
		return &pratica.Errore{Codice: pratica.CodiceNonValido, Campi: []pratica.ErroreCampo{{Percorso: "codice_fiscale", Codice: "obbligatorio", Messaggio: "Indica il codice fiscale della persona."}}}
	}
	return nil
}

const massimoCodice = 64 // bytes of a codice fiscale, whatever country gave it

// soloTramite tells the commands that carry what only the library can know to be
// true (a file in the archive, a place held by the agenda, a number, a term that
// passed), or that change something beside the pratica: each has a use case of
// its own, and none is taken from outside through Esegui.
func soloTramite(d pratica.Dati) bool {
	switch d.(type) {
	case pratica.ApriBozza, pratica.Allega, pratica.RimuoviAllegato, pratica.ScegliAppuntamento, pratica.SpostaAppuntamento, pratica.DisdiciAppuntamento, pratica.OscuraDati:
		return true
	default:
		return false
	}
}
