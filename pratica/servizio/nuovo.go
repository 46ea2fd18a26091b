package servizio

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// MassimoByte bounds the JSON of a service.
const MassimoByte = 4 << 20

// Servizio is a checked Configurazione with its compiled form. Immutable; safe
// for concurrent use.
type Servizio struct {
	c Configurazione
	m *modulo.Modulo
}

// Nuovo checks the configuration and compiles the form, with what it needs from
// Go: choices, the rules of an imported form. The error, of type *Errore, names
// every mistake with the path of its field.
func Nuovo(c Configurazione, con ...modulo.Fornitura) (*Servizio, error) {
	if c.Flusso == "" {
		c.Flusso = Approvazione
	}
	if c.Oggetto == "" {
		c.Oggetto = c.Nome
	}
	c = copia(c)
	predefiniti(&c)
	e := &Errore{Servizio: c.ID}
	e.struttura(c)
	m, err := modulo.Compila(c.Modulo, con...)
	if err != nil {
		e.aggiungi("modulo", "modulo", "Il modulo contiene errori: "+err.Error())
		e.Causa = err
	}
	e.coerenza(c, m)
	if len(e.Campi) > 0 {
		return nil, e
	}
	c.Modulo = m.Definizione() // a copy
	return &Servizio{c: c, m: m}, nil
}

// Leggi reads a Configurazione in JSON and gives its Servizio, as Nuovo does.
// Unknown keys, trailing data and more than MassimoByte are refused.
func Leggi(r io.Reader, con ...modulo.Fornitura) (*Servizio, error) {
	b, err := io.ReadAll(io.LimitReader(r, MassimoByte+1))
	if err != nil {
		return nil, fmt.Errorf("servizio: %w", err)
	}
	if len(b) > MassimoByte {
		return nil, &Errore{Campi: []Campo{{"", "troppo_grande", "La configurazione supera i 4 MiB."}}}
	}
	var c Configurazione
	d := json.NewDecoder(newLettore(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return nil, &Errore{Causa: err, Campi: []Campo{{"", "json", "La configurazione non è JSON valido: " + err.Error()}}}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, &Errore{Causa: err, Campi: []Campo{{"", "json", "Dopo la configurazione c'è altro testo."}}}
	}
	return Nuovo(c, con...)
}

// copia keeps later changes of the caller's maps, slices and pointers out.
func copia(c Configurazione) Configurazione {
	c.Uffici = slices.Clone(c.Uffici)
	c.Elenco = slices.Clone(c.Elenco)
	c.Precompila = maps.Clone(c.Precompila)
	c.Messaggi = maps.Clone(c.Messaggi)
	if p := c.Protocollo; p != nil {
		v := *p
		v.Parametri = maps.Clone(v.Parametri)
		c.Protocollo = &v
	}
	if p := c.Pagamenti; p != nil {
		c.Pagamenti = &Pagamenti{Anticipato: p.Anticipato.copia(), Posticipato: p.Posticipato.copia()}
	}
	if p := c.Bolli; p != nil {
		c.Bolli = &Bolli{Richiesta: p.Richiesta.copia(), Rilascio: p.Rilascio.copia()}
	}
	if p := c.Appuntamenti; p != nil {
		c.Appuntamenti = &Appuntamenti{Calendari: slices.Clone(p.Calendari), Obbligatorio: p.Obbligatorio}
	}
	if p := c.Integrazioni; p != nil {
		v := *p
		c.Integrazioni = &v
	}
	if p := c.Preavviso; p != nil {
		v := *p
		c.Preavviso = &v
	}
	if p := c.Assegnazione; p != nil {
		v := *p
		v.PerValore = maps.Clone(v.PerValore)
		c.Assegnazione = &v
	}
	if p := c.Conservazione; p != nil {
		v := *p
		c.Conservazione = &v
	}
	return c
}

func (o *Onere) copia() *Onere {
	if o == nil {
		return nil
	}
	v := *o
	v.Capitoli = slices.Clone(o.Capitoli)
	return &v
}

func (b *Bollo) copia() *Bollo {
	if b == nil {
		return nil
	}
	v := *b
	v.Esenzioni = slices.Clone(b.Esenzioni)
	return &v
}

func predefiniti(c *Configurazione) {
	if c.TempoMassimo == 0 {
		c.TempoMassimo = 30 // L. 241/1990, art. 2, c. 2
	}
	if c.Protocollo != nil && c.Protocollo.Fascicolo == "" {
		c.Protocollo.Fascicolo = PerServizioAnno
	}
	if c.Integrazioni != nil && c.Integrazioni.Giorni == 0 {
		c.Integrazioni.Giorni = 30
	}
	if c.Preavviso != nil && c.Preavviso.Giorni == 0 {
		c.Preavviso.Giorni = 10 // L. 241/1990, art. 10-bis
	}
	if c.Pagamenti != nil {
		for _, o := range []*Onere{c.Pagamenti.Anticipato, c.Pagamenti.Posticipato} {
			if o != nil && o.GiorniScadenza == 0 {
				o.GiorniScadenza = 90
			}
		}
	}
}

// Configurazione gives a copy of the data, with the defaults filled in.
func (s *Servizio) Configurazione() Configurazione {
	c := copia(s.c)
	c.Modulo = s.m.Definizione()
	return c
}

// ID is the service's id.
func (s *Servizio) ID() string { return s.c.ID }

// Versione is the version of the configuration.
func (s *Servizio) Versione() int { return s.c.Versione }

// Nome is the name that people read.
func (s *Servizio) Nome() string { return s.c.Nome }

// Oggetto is the subject under which requests are registered.
func (s *Servizio) Oggetto() string { return s.c.Oggetto }

// Modulo is the compiled form.
func (s *Servizio) Modulo() *modulo.Modulo { return s.m }

// Inoltro reports whether requests are only forwarded.
func (s *Servizio) Inoltro() bool { return s.c.Flusso == Inoltro }

// Accesso is the lowest level of identification admitted.
func (s *Servizio) Accesso() Livello { return s.c.Accesso }

// Ritiro reports whether the applicant may withdraw.
func (s *Servizio) Ritiro() bool { return s.c.Ritiro }

// Riapertura reports whether an operator may reopen.
func (s *Servizio) Riapertura() bool { return s.c.Riapertura }

// Protocollo gives the registry's configuration; false where documents are not registered.
func (s *Servizio) Protocollo() (Protocollo, bool) {
	if s.c.Protocollo == nil {
		return Protocollo{}, false
	}
	p := *s.c.Protocollo
	p.Parametri = maps.Clone(p.Parametri)
	return p, true
}

// HaProtocollo reports whether documents are registered.
func (s *Servizio) HaProtocollo() bool { return s.c.Protocollo != nil }

// Anticipato is what is paid before the request counts; nil where nothing is.
func (s *Servizio) Anticipato() *Onere {
	if s.c.Pagamenti == nil {
		return nil
	}
	return s.c.Pagamenti.Anticipato.copia()
}

// Posticipato is what is paid before the release; nil where nothing is.
func (s *Servizio) Posticipato() *Onere {
	if s.c.Pagamenti == nil {
		return nil
	}
	return s.c.Pagamenti.Posticipato.copia()
}

// HaPagamenti reports whether the service knows payments at all.
func (s *Servizio) HaPagamenti() bool { return s.c.Pagamenti != nil }

// BolloRichiesta is the stamp due with the request; nil where none is.
func (s *Servizio) BolloRichiesta() *Bollo {
	if s.c.Bolli == nil {
		return nil
	}
	return s.c.Bolli.Richiesta.copia()
}

// BolloRilascio is the stamp due at the release; nil where none is.
func (s *Servizio) BolloRilascio() *Bollo {
	if s.c.Bolli == nil {
		return nil
	}
	return s.c.Bolli.Rilascio.copia()
}

// HaBolli reports whether the service knows stamps at all.
func (s *Servizio) HaBolli() bool { return s.c.Bolli != nil }

// Appuntamenti gives the calendars of the service; false where there is no booking.
func (s *Servizio) Appuntamenti() (Appuntamenti, bool) {
	if s.c.Appuntamenti == nil {
		return Appuntamenti{}, false
	}
	a := *s.c.Appuntamenti
	a.Calendari = slices.Clone(a.Calendari)
	return a, true
}

// AppuntamentoObbligatorio reports whether nothing is submitted without a booking.
func (s *Servizio) AppuntamentoObbligatorio() bool {
	return s.c.Appuntamenti != nil && s.c.Appuntamenti.Obbligatorio
}

// GiorniIntegrazione is the term for an integration in days; 0 where the office may not ask for any.
func (s *Servizio) GiorniIntegrazione() int {
	if s.c.Integrazioni == nil {
		return 0
	}
	return s.c.Integrazioni.Giorni
}

// GiorniPreavviso is the term for observations in days; 0 where there is no notice of refusal.
func (s *Servizio) GiorniPreavviso() int {
	if s.c.Preavviso == nil {
		return 0
	}
	return s.c.Preavviso.Giorni
}

// TempoMassimo is the term of the procedure in calendar days.
func (s *Servizio) TempoMassimo() int { return s.c.TempoMassimo }

// Ufficio gives an office by its id.
func (s *Servizio) Ufficio(id string) (Ufficio, bool) {
	for _, u := range s.c.Uffici {
		if u.ID == id {
			return u, true
		}
	}
	return Ufficio{}, false
}

// Uffici gives the offices that handle the service.
func (s *Servizio) Uffici() []Ufficio { return slices.Clone(s.c.Uffici) }

// HaUffici reports whether operators act for an office.
func (s *Servizio) HaUffici() bool { return len(s.c.Uffici) > 0 }

// UfficioPer gives the office to which answers are assigned by themselves, "" where none.
func (s *Servizio) UfficioPer(r modulo.Risposte) string {
	a := s.c.Assegnazione
	if a == nil {
		return ""
	}
	if v, ok := r[a.Campo].(string); ok {
		if u, ok := a.PerValore[v]; ok {
			return u
		}
	}
	return a.Predefinito
}

// Precompila gives the locked form fields and the attribute that fills each.
func (s *Servizio) Precompila() map[string]string { return maps.Clone(s.c.Precompila) }

// Messaggio gives the notice for a state; false where none is sent.
func (s *Servizio) Messaggio(stato string) (Messaggio, bool) {
	m, ok := s.c.Messaggi[stato]
	return m, ok
}

// ImportoDaModulo reads the amount of an Onere from the cleaned answers; zero
// where the field is empty or hidden.
func (o *Onere) ImportoDaModulo(r modulo.Risposte) decimal.Decimal {
	v, ok := r[o.Campo].(string)
	if !ok {
		return decimal.Zero
	}
	d, err := decimal.NewFromString(v)
	if err != nil || d.IsNegative() || d.Exponent() > 10 || d.Exponent() < -20 {
		return decimal.Zero
	}
	return d.Round(2)
}
