package protocollo

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// Registrazione is what a registry answered or keeps. Registra must fill
// Estremi (with Ente, Anno and Numero at least) and Correlazione; what else an
// adapter learns it fills in, what it does not know it leaves empty.
type Registrazione struct {
	Estremi
	Correlazione string     `json:"correlazione,omitempty"` // our token
	IDDocumento  string     `json:"id_documento,omitempty"` // the registry's id of the main document
	Fascicolo    *Fascicolo `json:"fascicolo,omitempty"`
	// Allegati gives, for each attachment that the registry has, Documento.ID →
	// the registry's id of it.
	Allegati map[string]string `json:"allegati,omitempty"`
	// Impronte gives Documento.ID → digest, main document included, where the
	// registry tells them.
	Impronte map[string]Impronta `json:"impronte,omitempty"`

	Direzione   Direzione  `json:"direzione,omitempty"`
	Oggetto     string     `json:"oggetto,omitempty"`
	Mittente    Soggetto   `json:"mittente,omitzero"`
	Destinatari []Soggetto `json:"destinatari,omitempty"`
	// DataPresentazione is when the document reached the ente, UTC (L. 241/1990,
	// art. 18-bis); it differs from Data, the instant of registration.
	DataPresentazione time.Time     `json:"data_presentazione,omitzero"`
	Classifica        string        `json:"classifica,omitempty"`
	Ufficio           string        `json:"ufficio,omitempty"`
	Riferimenti       []Estremi     `json:"riferimenti,omitempty"`
	Modifiche         []Modifica    `json:"modifiche,omitempty"` // oldest first
	Annullata         *Annullamento `json:"annullata,omitempty"`
}

// Clone gives a copy that shares no map, slice or pointer with r.
func (r Registrazione) Clone() Registrazione {
	r.Allegati = maps.Clone(r.Allegati)
	r.Impronte = maps.Clone(r.Impronte)
	r.Destinatari = slices.Clone(r.Destinatari)
	r.Riferimenti = slices.Clone(r.Riferimenti)
	r.Modifiche = slices.Clone(r.Modifiche)
	if r.Fascicolo != nil {
		f := *r.Fascicolo
		r.Fascicolo = &f
	}
	if r.Annullata != nil {
		a := *r.Annullata
		r.Annullata = &a
	}
	return r
}

// Risponde checks that r can be the answer to q: it has a number and a year, and
// ente and token are those of q. Callers run it on every answer, because a wrong
// one must not be recorded. The error has class guasto.EsitoIgnoto, code
// "risposta_incoerente": something was registered, nobody knows with which number.
func (r Registrazione) Risponde(q Richiesta) error {
	if r.Numero == "" || strings.TrimSpace(r.Numero) != r.Numero || r.Anno <= 0 || r.Ente != q.Ente || r.Correlazione != q.Correlazione {
		return guasto.Nuovo(guasto.EsitoIgnoto, "protocollo.Registra", "risposta_incoerente", nil)
	}
	return nil
}

// LogValue implements slog.LogValuer without subject and parties.
func (r Registrazione) LogValue() slog.Value {
	return slog.GroupValue(slog.String("ente", r.Ente), slog.String("estremi", r.Estremi.String()),
		slog.String("correlazione", r.Correlazione), slog.Bool("annullata", r.Annullata != nil))
}

// Annullamento is the mark of an annulled registration (DPR 445/2000, art. 54).
type Annullamento struct {
	Motivo string `json:"motivo"`
	// Provvedimento identifies the act that authorised it.
	Provvedimento string `json:"provvedimento"`
	Operatore     string `json:"operatore"` // opaque code, never a name
	// Data is the registry's instant, UTC; what a caller puts here is ignored.
	Data time.Time `json:"data,omitzero"`
}

// Verifica checks that everything the norm asks for is there; the error is Problemi.
func (a Annullamento) Verifica() error {
	var e elenco
	for _, c := range []struct{ campo, valore string }{
		{"motivo", a.Motivo}, {"provvedimento", a.Provvedimento}, {"operatore", a.Operatore},
	} {
		if c.valore == "" {
			e.aggiungi(CodiceMancante, c.campo)
		}
		e.testo(c.campo, c.valore, MassimoTesto)
	}
	return e.errore()
}

// Modifica is one change of classification or assignment, the only two elements
// of a registration that may change.
type Modifica struct {
	Campo     string    `json:"campo"` // "classifica" or "ufficio"
	Da        string    `json:"da"`
	A         string    `json:"a"`
	Operatore string    `json:"operatore"`
	Data      time.Time `json:"data"` // UTC
}

// Fascicolo is a file of the registry. Comparable with ==.
type Fascicolo struct {
	// Chiave is ours: a stable key, such as "nido/2026". The others are given
	// or completed by the registry.
	Chiave     string `json:"chiave,omitempty"`
	Codice     string `json:"codice,omitempty"` // the registry's identifier
	Numero     string `json:"numero,omitempty"` // progressive in its class and year
	Oggetto    string `json:"oggetto,omitempty"`
	Classifica string `json:"classifica,omitempty"`
	Anno       int    `json:"anno,omitempty"`
}

// Verifica checks what is needed to open the fascicolo: key and classification
// (DPR 445/2000, art. 64 c. 4), bounds. The error is Problemi.
func (f Fascicolo) Verifica() error {
	var e elenco
	f.verifica(&e, "fascicolo")
	return e.errore()
}

func (f Fascicolo) verifica(e *elenco, campo string) {
	if f.Chiave == "" && f.Codice == "" && f.Numero == "" {
		e.aggiungi(CodiceMancante, campo+".chiave")
	}
	if f.Chiave != "" && f.Codice == "" && f.Numero == "" && f.Classifica == "" {
		e.aggiungi(CodiceMancante, campo+".classifica")
	}
	if f.Anno < 0 || f.Anno > 9999 {
		e.aggiungi(CodiceSconosciuto, campo+".anno")
	}
	e.testo(campo+".chiave", f.Chiave, MassimoCodice)
	e.testo(campo+".codice", f.Codice, MassimoCodice)
	e.testo(campo+".numero", f.Numero, MassimoCodice)
	e.testo(campo+".oggetto", f.Oggetto, MassimoTesto)
	e.testo(campo+".classifica", f.Classifica, MassimoCodice)
}

// Criteri say which registrations Cerca gives: those that satisfy all the
// fields that are set.
type Criteri struct {
	Ente         string    // required
	Correlazione string    // token carried in the oggetto
	Direzione    Direzione // empty: any
	Dal, Al      time.Time // instant of registration in [Dal, Al); zero: open
	Massimo      int       // at most so many; 0 and more than MassimoRisultati mean MassimoRisultati
}

// Limite is the number of results to give at most.
func (c Criteri) Limite() int {
	if c.Massimo <= 0 || c.Massimo > MassimoRisultati {
		return MassimoRisultati
	}
	return c.Massimo
}

// Verifica checks ente, token and that a token or a period is there; the error
// is Problemi.
func (c Criteri) Verifica() error {
	var e elenco
	if c.Ente == "" {
		e.aggiungi(CodiceMancante, "ente")
	}
	e.testo("ente", c.Ente, MassimoCodice)
	if c.Correlazione == "" && c.Dal.IsZero() {
		e.aggiungi(CodiceMancante, "correlazione")
	}
	if c.Correlazione != "" && !TokenValido(c.Correlazione) {
		e.aggiungi(CodiceToken, "correlazione")
	}
	if c.Direzione != "" && !c.Direzione.Valida() {
		e.aggiungi(CodiceSconosciuto, "direzione")
	}
	return e.errore()
}

// Corrisponde reports whether r satisfies c; adapters whose remote search is
// coarser filter with it.
func (c Criteri) Corrisponde(r Registrazione) bool {
	return r.Ente == c.Ente &&
		(c.Correlazione == "" || r.Correlazione == c.Correlazione) &&
		(c.Direzione == "" || r.Direzione == c.Direzione) &&
		(c.Dal.IsZero() || !r.Data.Before(c.Dal)) &&
		(c.Al.IsZero() || r.Data.Before(c.Al))
}
