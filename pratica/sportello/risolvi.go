package sportello

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage"
)

// Riprova puts an effect that failed back to work, at the request of an operator
// enabled for the service. After an unknown outcome it does so only with
// verificato: the operator declares that he looked, and that nothing happened
// on the other side. A number that is known already is never asked for again:
// then only what is missing beside it is sent.
func (s *Sportello) Riprova(ctx context.Context, a pratica.Attore, id pratica.ID, effetto string, verificato bool) error {
	e, noto, err := s.effettoDi(ctx, a, id, effetto)
	if err != nil {
		return err
	}
	var diario []byte
	if len(e.Diario) > 0 {
		diario = conRinvii(e.Diario, 0) // attempts are counted from the beginning
	}
	switch e.Stato {
	case storage.Fallito:
	case storage.EsitoIgnoto:
		if !verificato {
			return &pratica.Errore{Codice: pratica.CodiceNonAmmesso, Motivi: []pratica.Motivo{{Codice: "da_verificare", Messaggio: "L'esito è ignoto: verifica prima nel registro che il documento non sia già protocollato."}}}
		}
		nota := "Verificato nel registro che al documento «" + e.Riferimento + "», già protocollato, manca quanto non ha avuto risposta: nuovo invio."
		if noto.IsZero() {
			diario = []byte("{}")
			nota = "Verificato nel registro che il documento «" + e.Riferimento + "» non è protocollato: nuova protocollazione."
		}
		if err := s.annotaCome(ctx, a, id, nota); err != nil {
			return err
		}
	default:
		return pratica.ErrConflitto
	}
	return s.sblocca(ctx, e, diario)
}

// AdottaProtocollo records the number that an operator found in the registry
// for a document whose registration was never answered. Nothing is sent again.
// Where the number is known already only that one is taken: it says that what
// was missing beside it is in the registry, put there by hand.
func (s *Sportello) AdottaProtocollo(ctx context.Context, a pratica.Attore, id pratica.ID, effetto string, es protocollo.Estremi) error {
	e, noto, err := s.effettoDi(ctx, a, id, effetto)
	if err != nil {
		return err
	}
	if e.Genere != pratica.EffettoProtocollo || e.Stato != storage.EsitoIgnoto && e.Stato != storage.Fallito {
		return pratica.ErrConflitto
	}
	var campi []pratica.ErroreCampo
	es.Ente, es.Numero = e.Ente, strings.TrimSpace(es.Numero)
	if es.Numero == "" || len(es.Numero) > 64 {
		campi = append(campi, pratica.ErroreCampo{Percorso: "numero", Codice: "obbligatorio", Messaggio: "Scrivi il numero di protocollo."})
	}
	if es.Data.IsZero() || es.Data.After(s.ora()) {
		campi = append(campi, pratica.ErroreCampo{Percorso: "data", Codice: "data", Messaggio: "Scrivi la data di protocollo, non futura."})
	}
	if len(campi) > 0 {
		return &pratica.Errore{Codice: pratica.CodiceNonValido, Campi: campi}
	}
	es.Data = es.Data.UTC()
	if es.Anno == 0 {
		es.Anno = termini.Anno(es.Data)
	}
	reg := protocollo.Registrazione{Estremi: es}
	if !noto.IsZero() {
		if senzaSerie(noto.Estremi) != senzaSerie(es) {
			return &pratica.Errore{Codice: pratica.CodiceNonValido, Campi: []pratica.ErroreCampo{{Percorso: "numero", Codice: "diverso", Messaggio: "Il documento ha già il protocollo n. " + noto.String() + "."}}}
		}
		reg = noto
	}
	diario, err := json.Marshal(diarioProtocollo{Tappa: tappaRegistrata, Registrazione: &reg})
	if err != nil {
		return err
	}
	if err := s.annotaCome(ctx, a, id, fmt.Sprintf("Numero di protocollo %s indicato a mano per il documento «%s».", es, e.Riferimento)); err != nil {
		return err
	}
	return s.sblocca(ctx, e, diario)
}

// senzaSerie is what an operator types of the estremi, in one form.
func senzaSerie(e protocollo.Estremi) string {
	return strings.TrimLeft(e.NumeroEsteso(), "0") + "/" + strconv.Itoa(e.Anno)
}

// effettoDi gives an effect for an operator, and the number that its document
// is known to have.
func (s *Sportello) effettoDi(ctx context.Context, a pratica.Attore, id pratica.ID, effetto string) (storage.Effetto, protocollo.Registrazione, error) {
	var nessuna protocollo.Registrazione
	p, _, err := s.carica(ctx, a, id)
	if err != nil {
		return storage.Effetto{}, nessuna, err
	}
	if a.Ruolo == pratica.Cittadino {
		return storage.Effetto{}, nessuna, pratica.ErrNonAutorizzato
	}
	if !p.Oscurata.IsZero() {
		return storage.Effetto{}, nessuna, &pratica.Errore{Codice: pratica.CodiceNonAmmesso, Motivi: []pratica.Motivo{{Codice: "oscurata", Messaggio: "I dati personali della pratica sono stati oscurati: nessuna operazione è più possibile."}}}
	}
	e, err := s.c.Store.Effetto(ctx, p.Ente, effetto)
	if errors.Is(err, storage.ErrNonTrovata) || err == nil && e.Pratica != id {
		return storage.Effetto{}, nessuna, pratica.ErrNonTrovato
	}
	if err != nil || e.Genere != pratica.EffettoProtocollo {
		return e, nessuna, err
	}
	if doc, ok := p.Documento(e.Riferimento); ok && doc.Registrazione != nil {
		return e, *doc.Registrazione, nil
	}
	var d diarioProtocollo
	if json.Unmarshal(e.Diario, &d) == nil && d.Registrazione != nil {
		return e, *d.Registrazione, nil
	}
	return e, nessuna, nil
}

// annotaCome leaves the operator's decision in the notes of the pratica, before it takes effect.
func (s *Sportello) annotaCome(ctx context.Context, a pratica.Attore, id pratica.ID, testo string) error {
	if a.Ruolo == pratica.Sistema {
		return nil
	}
	_, err := s.esegui(ctx, a, id, pratica.Annota{Testo: testo}, nil)
	return err
}

func (s *Sportello) sblocca(ctx context.Context, e storage.Effetto, diario []byte) error {
	err := s.c.Store.Sblocca(ctx, e.Ente, e.ID, diario)
	if errors.Is(err, storage.ErrConflitto) {
		return pratica.ErrConflitto
	}
	if err == nil {
		s.svegliati()
	}
	return err
}
