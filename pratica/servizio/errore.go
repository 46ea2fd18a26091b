package servizio

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// Errore lists every mistake of a configuration.
type Errore struct {
	Servizio string
	Campi    []Campo
	Causa    error
}

// Campo is one mistake: the path of the field as in JSON, a machine code and a
// sentence in Italian for the author.
type Campo struct {
	Percorso  string `json:"percorso"`
	Codice    string `json:"codice"`
	Messaggio string `json:"messaggio"`
}

// Error gives one line per mistake.
func (e *Errore) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "servizio %q: configurazione non valida", e.Servizio)
	for _, c := range e.Campi {
		fmt.Fprintf(&b, "\n  %s: %s", c.Percorso, c.Messaggio)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Errore) Unwrap() error { return e.Causa }

func (e *Errore) aggiungi(percorso, codice, messaggio string) {
	e.Campi = append(e.Campi, Campo{percorso, codice, messaggio})
}

func newLettore(b []byte) io.Reader { return bytes.NewReader(b) }

var slug = regexp.MustCompile(`^[a-z0-9]+(?:[-_][a-z0-9]+)*$`)

func nuovoValidatore() (*validator.Validate, error) {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		nome, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return nome
	})
	err := v.RegisterValidation("slug", func(f validator.FieldLevel) bool { return slug.MatchString(f.Field().String()) })
	return v, err
}

// struttura runs the struct tags and puts their failures in Italian.
func (e *Errore) struttura(c Configurazione) {
	v, err := nuovoValidatore()
	if err != nil {
		e.aggiungi("", "interno", err.Error())
		return
	}
	var campi validator.ValidationErrors
	if err := v.Struct(c); errors.As(err, &campi) {
		for _, f := range campi {
			_, percorso, _ := strings.Cut(f.Namespace(), ".")
			e.aggiungi(percorso, f.Tag(), spiegazione(f))
		}
	} else if err != nil {
		e.aggiungi("", "interno", err.Error())
	}
}

func spiegazione(f validator.FieldError) string {
	limite := f.Param()
	switch f.Tag() {
	case "required", "required_if":
		return "Il valore è obbligatorio."
	case "slug":
		return "Usa solo lettere minuscole senza accenti, cifre, trattini o trattini bassi."
	case "max":
		return "Il valore supera il massimo di " + limite + "."
	case "min":
		return "Il valore è inferiore al minimo di " + limite + "."
	case "oneof":
		return "Scegli fra: " + strings.ReplaceAll(limite, " ", ", ") + "."
	case "unique":
		return "Gli elementi devono essere diversi fra loro."
	default:
		return "Il valore non è valido (" + f.Tag() + ")."
	}
}

// coerenza checks what no single field can.
func (e *Errore) coerenza(c Configurazione, m *modulo.Modulo) {
	campi := campiDi(m)
	ha := func(percorso, campo string, tipi ...modulo.Tipo) {
		t, ok := campi[campo]
		switch {
		case m == nil || campo == "":
		case !ok:
			e.aggiungi(percorso, "campo_ignoto", fmt.Sprintf("Il modulo non ha un campo %q.", campo))
		case len(tipi) > 0 && !slices.Contains(tipi, t):
			e.aggiungi(percorso, "tipo_campo", fmt.Sprintf("Il campo %q del modulo è di tipo %s, che qui non serve.", campo, t))
		}
	}
	for campo := range c.Precompila {
		ha("precompila["+campo+"]", campo)
	}
	if a := c.Assegnazione; a != nil {
		ha("assegnazione.campo", a.Campo, modulo.Scelta, modulo.Testo)
		uffici := map[string]bool{"": true}
		for _, u := range c.Uffici {
			uffici[u.ID] = true
		}
		for v, u := range a.PerValore {
			if !uffici[u] || u == "" {
				e.aggiungi("assegnazione.per_valore["+v+"]", "ufficio_ignoto", fmt.Sprintf("L'ufficio %q non è fra quelli del servizio.", u))
			}
		}
		if !uffici[a.Predefinito] {
			e.aggiungi("assegnazione.predefinito", "ufficio_ignoto", fmt.Sprintf("L'ufficio %q non è fra quelli del servizio.", a.Predefinito))
		}
	}
	if m != nil {
		e.elenco(c.Elenco, m)
	}
	e.conservazione(c.Conservazione)
	if p := c.Pagamenti; p != nil {
		if p.Anticipato == nil && p.Posticipato == nil {
			e.aggiungi("pagamenti", "vuoto", "Indica un pagamento anticipato o posticipato, oppure togli la voce.")
		}
		e.onere("pagamenti.anticipato", p.Anticipato, ha)
		e.onere("pagamenti.posticipato", p.Posticipato, ha)
		if p.Anticipato != nil && p.Anticipato.Origine == ImportoOperatore {
			e.aggiungi("pagamenti.anticipato.origine", "origine", "Prima dell'invio non c'è un operatore che fissi l'importo.")
		}
	}
	if b := c.Bolli; b != nil {
		if b.Richiesta == nil && b.Rilascio == nil {
			e.aggiungi("bolli", "vuoto", "Indica una marca per la richiesta o per il rilascio, oppure togli la voce.")
		}
		e.bollo("bolli.richiesta", b.Richiesta)
		e.bollo("bolli.rilascio", b.Rilascio)
	}
	if c.Flusso == Inoltro {
		for nome, presente := range map[string]bool{
			"integrazioni": c.Integrazioni != nil, "preavviso": c.Preavviso != nil, "riapertura": c.Riapertura,
			"pagamenti.posticipato": c.Pagamenti != nil && c.Pagamenti.Posticipato != nil,
			"bolli.rilascio":        c.Bolli != nil && c.Bolli.Rilascio != nil,
		} {
			if presente {
				e.aggiungi(nome, "inoltro", "Il flusso di inoltro non ha un operatore che decide: togli la voce.")
			}
		}
	}
	slices.SortStableFunc(e.Campi, func(a, b Campo) int { return strings.Compare(a.Percorso, b.Percorso) })
}

func (e *Errore) onere(percorso string, o *Onere, ha func(string, string, ...modulo.Tipo)) {
	if o == nil {
		return
	}
	switch o.Origine {
	case ImportoFisso:
		if _, err := pagamenti.Centesimi(o.Importo); err != nil || !o.Importo.IsPositive() {
			e.aggiungi(percorso+".importo", "importo", "Indica un importo in euro maggiore di zero, con due decimali al massimo.")
		}
	case ImportoDalModulo:
		ha(percorso+".campo", o.Campo, modulo.Importo, modulo.Decimale, modulo.Intero)
	case ImportoOperatore:
	}
	if o.Origine != ImportoFisso && !o.Importo.IsZero() {
		e.aggiungi(percorso+".importo", "importo", "L'importo si indica solo se è fisso.")
	}
	if len(o.Capitoli) == 0 {
		return
	}
	somma := decimal.Zero
	for i, q := range o.Capitoli {
		if !q.Quota.IsPositive() || !limitato(q.Quota) {
			e.aggiungi(fmt.Sprintf("%s.capitoli[%d].quota", percorso, i), "quota", "La quota deve essere maggiore di zero e avere al massimo 10 decimali.")
			return
		}
		somma = somma.Add(q.Quota)
	}
	if !somma.Equal(decimal.NewFromInt(100)) {
		e.aggiungi(percorso+".capitoli", "somma", "Le quote dei capitoli sommano a "+somma.String()+" e non a 100.")
	}
}

func (e *Errore) bollo(percorso string, b *Bollo) {
	if b == nil {
		return
	}
	if _, err := pagamenti.Centesimi(b.Importo); err != nil {
		e.aggiungi(percorso+".importo", "importo", "Indica un importo in euro, con due decimali al massimo.")
	}
	note := map[string]bool{}
	for _, x := range bolli.CatalogoBase() {
		note[x.Codice] = true
	}
	for i, codice := range b.Esenzioni {
		if !note[codice] {
			e.aggiungi(fmt.Sprintf("%s.esenzioni[%d]", percorso, i), "esenzione_ignota", fmt.Sprintf("L'esenzione %q non è in elenco.", codice))
		}
	}
}

// limitato refuses the numbers whose arithmetic would never end, 1e999999999.
func limitato(d decimal.Decimal) bool {
	return d.Exponent() >= -10 && d.Exponent() <= 10 && d.NumDigits() <= 20
}

// campiDi gives the fields outside repeatable groups, by id, those of blocks too.
func campiDi(m *modulo.Modulo) map[string]modulo.Tipo {
	campi := map[string]modulo.Tipo{}
	if m == nil {
		return campi
	}
	for _, d := range m.Definizione().Sezioni {
		s, _ := m.Sezione(d.ID)
		for _, c := range s.Campi {
			campi[c.ID] = c.Tipo
		}
	}
	return campi
}
