package protocollo

import (
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// Bounds that Richiesta.Verifica sets for every registry. Lengths of text are in
// characters (runes).
const (
	MassimoOggetto     = 2000
	MassimoNome        = 255
	MassimoTesto       = 500 // names, descriptions, addresses, reasons
	MassimoCodice      = 128 // codes and keys
	MassimoAllegati    = 200
	MassimoDestinatari = 200
	MassimoRiferimenti = 50
	MassimoParametri   = 50
	MassimoRisultati   = 1000 // of one Cerca
)

// Richiesta asks a registry to register one document. It is a value: adapters
// never change it.
type Richiesta struct {
	Ente string `json:"ente"` // code of the body, e.g. its IPA code "c_h501"
	// Correlazione is the caller's token (see TokenValido), one for each document
	// to register, the same on every attempt. Oggetto carries it.
	Correlazione string    `json:"correlazione"`
	Direzione    Direzione `json:"direzione"`
	Oggetto      string    `json:"oggetto"` // made with OggettoConToken; see ConToken
	// Mittente is required in arrivo. There is one only, as in the XSD of
	// Allegato 6 of the AgID guidelines.
	Mittente Soggetto `json:"mittente,omitzero"`
	// Destinatari are required in partenza.
	Destinatari []Soggetto `json:"destinatari,omitempty"`
	// DataPresentazione is the instant in which the document reached the ente,
	// UTC; required in arrivo. The registration may come later, but the terms of
	// the procedure run from here (L. 241/1990, art. 18-bis).
	DataPresentazione time.Time         `json:"data_presentazione,omitzero"`
	Classifica        string            `json:"classifica,omitempty"` // "6.5" or "06/05", as the titolario writes it
	Fascicolo         *Fascicolo        `json:"fascicolo,omitempty"`
	Ufficio           string            `json:"ufficio,omitempty"` // code of the office (UO) it is assigned to
	Principale        Documento         `json:"principale"`
	Allegati          []Documento       `json:"allegati,omitempty"`    // in order
	Riferimenti       []Estremi         `json:"riferimenti,omitempty"` // earlier registrations this one answers to
	Parametri         map[string]string `json:"parametri,omitempty"`   // of one vendor only
}

// ConToken gives a copy whose Oggetto carries Correlazione within massimo
// characters (0: MassimoOggetto). Used twice it changes nothing.
func (r Richiesta) ConToken(massimo int) Richiesta {
	r.Oggetto = OggettoConToken(r.Oggetto, r.Correlazione, massimo)
	return r
}

// Documenti gives the main document and the attachments, in order.
func (r Richiesta) Documenti() []Documento {
	return append([]Documento{r.Principale}, r.Allegati...)
}

// LogValue implements slog.LogValuer without subject and parties.
func (r Richiesta) LogValue() slog.Value {
	return slog.GroupValue(slog.String("ente", r.Ente), slog.String("correlazione", r.Correlazione),
		slog.String("direzione", string(r.Direzione)), slog.Int("allegati", len(r.Allegati)))
}

// Verifica checks the structure that no registry can do without: what DPR
// 445/2000 art. 53 asks for, the token in the oggetto, the bounds. The error is
// Problemi and lists everything at once. It has no effect on r.
func (r Richiesta) Verifica() error {
	var e elenco
	r.verifica(&e)
	return e.errore()
}

func (r Richiesta) verifica(e *elenco) {
	if r.Ente == "" {
		e.aggiungi(CodiceMancante, "ente")
	}
	if r.Oggetto == "" {
		e.aggiungi(CodiceMancante, "oggetto")
	}
	switch {
	case !TokenValido(r.Correlazione):
		e.aggiungi(CodiceToken, "correlazione")
	case r.Oggetto != "" && TokenDi(r.Oggetto) != r.Correlazione:
		e.aggiungi(CodiceToken, "oggetto")
	}
	e.testo("ente", r.Ente, MassimoCodice)
	e.testo("oggetto", r.Oggetto, MassimoOggetto)
	e.testo("classifica", r.Classifica, MassimoCodice)
	e.testo("ufficio", r.Ufficio, MassimoCodice)
	r.verificaParti(e)
	r.verificaDocumenti(e)
	if r.Fascicolo != nil {
		f := *r.Fascicolo
		if f.Classifica == "" {
			f.Classifica = r.Classifica
		}
		f.verifica(e, "fascicolo")
	}
	e.quanti("riferimenti", len(r.Riferimenti), MassimoRiferimenti)
	for i, x := range r.Riferimenti[:min(len(r.Riferimenti), MassimoRiferimenti)] {
		campo := fmt.Sprintf("riferimenti[%d]", i)
		if x.IsZero() || x.Anno <= 0 {
			e.aggiungi(CodiceMancante, campo)
		}
		for _, s := range []string{x.Ente, x.AOO, x.Registro, x.Numero} {
			e.testo(campo, s, MassimoCodice)
		}
	}
	e.quanti("parametri", len(r.Parametri), MassimoParametri)
	for k, v := range r.Parametri {
		e.testo("parametri", k, MassimoCodice)
		e.testo("parametri", v, MassimoTesto)
	}
}

func (r Richiesta) verificaParti(e *elenco) {
	switch r.Direzione {
	case Arrivo:
		if r.Mittente.IsZero() {
			e.aggiungi(CodiceMancante, "mittente")
		}
		if r.DataPresentazione.IsZero() {
			e.aggiungi(CodiceMancante, "data_presentazione")
		}
	case Partenza:
		if len(r.Destinatari) == 0 {
			e.aggiungi(CodiceMancante, "destinatari")
		}
	case Interno:
	default:
		e.aggiungi(CodiceSconosciuto, "direzione")
	}
	if !r.Mittente.IsZero() {
		r.Mittente.verifica(e, "mittente")
	}
	e.quanti("destinatari", len(r.Destinatari), MassimoDestinatari)
	for i, d := range r.Destinatari[:min(len(r.Destinatari), MassimoDestinatari)] {
		d.verifica(e, fmt.Sprintf("destinatari[%d]", i))
	}
}

func (r Richiesta) verificaDocumenti(e *elenco) {
	r.Principale.verifica(e, "principale")
	e.quanti("allegati", len(r.Allegati), MassimoAllegati)
	visti := []string{r.Principale.ID}
	for i, a := range r.Allegati[:min(len(r.Allegati), MassimoAllegati)] {
		campo := fmt.Sprintf("allegati[%d]", i)
		a.verifica(e, campo)
		if a.ID != "" && slices.Contains(visti, a.ID) {
			e.aggiungi(CodiceDoppio, campo+".id")
		}
		visti = append(visti, a.ID)
	}
}
