package formio

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// Limits of a submission. Above them Elabora refuses.
const (
	LimiteDati    = 4 << 20 // bytes of text, keys included
	LimiteLivelli = 64      // objects and arrays inside one another
	LimiteValori  = 200_000 // values, at any depth
	// LimitePassi is how many component instances Elabora looks at, those of the
	// searches that conditions make included, before it gives up.
	LimitePassi = 500_000
)

// ErrDati is a submission above a limit.
var ErrDati = errors.New("formio: dati oltre i limiti")

// ErrPassi is a submission that asks for more work than is allowed.
var ErrPassi = errors.New("formio: troppe elaborazioni")

// Opzioni says how to process. The zero value is today unknown (1970), UTC, Italian.
type Opzioni struct {
	// Adesso is the instant that scripts and dates relative to today read.
	Adesso time.Time
	// Fuso is the time zone of texts without one. Defaults to UTC.
	Fuso *time.Location
	// Fedele switches the deliberate differences off, to do as @formio/core
	// 2.8.3 does: for comparisons only, never for what a citizen sends.
	Fedele bool
	// Testi are i18n texts by key ("required") or by Italian text; they come
	// before the catalogue and after what the component says.
	Testi map[string]string
	// Passi lowers LimitePassi. Defaults to it.
	Passi int
}

// Esito is what Elabora found. It shares nothing with its input.
type Esito struct {
	// Dati is the submission clean: only what the form has, computed and normalised.
	Dati map[string]any
	// Nascosti are the paths that conditions or logic hide, in order of processing.
	Nascosti []string
	// Errori in the order of the form; empty if the submission is good.
	Errori []Errore
	// Calcolati are the paths computed here, with their values.
	Calcolati []Calcolato
	// Guasto is ErrDati or ErrPassi: then nothing above is to be trusted. An error
	// of Regola "limite" stands in Errori as well.
	Guasto error

	coperti []coperto
}

// coperto is a component that is not shown, by a condition, by logic or because
// something around it is not; dove is the path of its value, of a text to read
// that of the row it is in.
type coperto struct {
	nodo *nodo
	dove string
}

// Valido says whether the submission can be accepted.
func (e Esito) Valido() bool { return e.Guasto == nil && len(e.Errori) == 0 }

// Calcolato is a computed value.
type Calcolato struct {
	Percorso string
	Valore   any
}

// corsa is one run of Elabora.
type corsa struct {
	m *Modulo
	o Opzioni

	dati     map[string]any
	filtrati any
	filtro   map[string]bool
	// puliti are the paths cleared because hidden
	puliti    map[string]bool
	cond      []condizionale
	trovaCond map[string]int
	defaults  []Calcolato
	vivi      []map[string]any // components that logic has changed
	ambiti    []ambito
	nonNumeri map[string]bool
	malfatti  map[string]bool // structures of another shape
	risultato any             // of the trigger underway

	scadenza context.Context
	finisci  context.CancelFunc

	passi int
	esito Esito
	visti map[string]bool
}

// ambito is the scope that @formio/core keeps on a component while it is
// processed.
type ambito struct {
	haCondizione, condizione, intenzione bool
}

// Elabora processes one submission in the order of @formio/core: depth first,
// default, calculation, conditions, logic, normalisation, clearing of the hidden;
// then, after the children, filter and validation. It reads dati and never
// writes it, keeps nothing, and is safe for concurrent use. It does not fail:
// what is beyond the limits gives an Esito with Guasto.
func (m *Modulo) Elabora(dati map[string]any, o Opzioni) Esito {
	if o.Fuso == nil {
		o.Fuso = time.UTC
	}
	if o.Passi <= 0 || o.Passi > LimitePassi {
		o.Passi = LimitePassi
	}
	copia, err := copiaDati(dati)
	if err != nil {
		return rifiutato(ErrDati, o)
	}
	c := &corsa{
		m: m, o: o, dati: copia, passi: o.Passi,
		filtrati:  map[string]any{},
		filtro:    make(map[string]bool, len(m.nodi)),
		puliti:    map[string]bool{},
		trovaCond: map[string]int{},
		vivi:      make([]map[string]any, len(m.nodi)),
		ambiti:    make([]ambito, len(m.nodi)),
		nonNumeri: map[string]bool{},
		malfatti:  map[string]bool{},
		visti:     map[string]bool{},
	}
	c.scendi(m.radice, nil, nil)
	if c.finisci != nil {
		c.finisci()
	}
	if c.passi < 0 {
		return rifiutato(ErrPassi, o)
	}
	for _, k := range c.cond {
		if k.nascosto {
			c.esito.Nascosti = append(c.esito.Nascosti, k.percorso)
		}
	}
	c.esito.Dati, _ = senzaIndefiniti(c.filtrati, 0).(map[string]any)
	if c.esito.Dati == nil {
		c.esito.Dati = map[string]any{}
	}
	return c.esito
}

func rifiutato(err error, o Opzioni) Esito {
	return Esito{
		Dati:   map[string]any{},
		Guasto: err,
		Errori: []Errore{{Regola: "limite", Messaggio: messaggioCatalogo("limite", o.Testi)}},
	}
}

func copiaDati(dati map[string]any) (map[string]any, error) {
	if dati == nil {
		return map[string]any{}, nil
	}
	v, err := valore.Copia(dati, valore.Limiti{Profondita: LimiteLivelli, Nodi: LimiteValori, Testo: LimiteDati})
	if err != nil {
		return nil, err
	}
	q, _ := v.(map[string]any)
	return q, nil
}

// senzaIndefiniti is what JSON.stringify keeps; it copies, so that nothing is shared.
func senzaIndefiniti(v any, livello int) any {
	if livello > 2*LimiteLivelli {
		return nil
	}
	switch x := v.(type) {
	case map[string]any:
		q := make(map[string]any, len(x))
		for k, w := range x {
			if !valore.Indefinito(w) {
				q[k] = senzaIndefiniti(w, livello+1)
			}
		}
		return q
	case []any:
		q := make([]any, len(x))
		for i, w := range x {
			q[i] = senzaIndefiniti(w, livello+1)
		}
		return q
	case valore.Undefined:
		return nil
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil // JSON has neither
		}
	}
	return v
}

func (c *corsa) passo() bool {
	c.passi--
	return c.passi >= 0
}

// comp is the component as logic left it.
func (c *corsa) comp(n *nodo) map[string]any {
	if v := c.vivi[n.id]; v != nil {
		return v
	}
	return n.comp
}

func (c *corsa) scendi(nodi []*nodo, padre *posto, loc *radiceLocale) {
	for _, n := range nodi {
		if !c.passo() {
			return
		}
		p := postoDi(n, padre)
		c.processa(&p, loc)
		dopo := func() {
			c.conclude(&p, loc)
			c.ambiti[n.id] = ambito{}
		}
		switch {
		case n.dopo && !n.annidato:
			dopo()
			c.scendi(n.figli, &p, loc)
			continue
		case n.modello == modSottomodulo:
			v := valore.Prendi(c.dati, p.dove)
			if c.entra(&p, v) {
				locale := &radiceLocale{n, valore.PrendiOppure(c.dati, p.dove+".data", c.dati)}
				c.scendi(n.figli, &p, locale)
			}
		case len(n.figli) > 0:
			c.dentro(&p, c.dati, func() { c.scendi(n.figli, &p, loc) })
		}
		dopo()
	}
}

func (c *corsa) processa(p *posto, loc *radiceLocale) {
	if !c.o.Fedele {
		c.vivi[p.id] = nil // what logic did to another row is not of this one
	}
	if !valore.Indefinito(c.valore(p)) {
		c.filtro[p.nomeEsito()] = true
	}
	c.predefinito(p)
	c.calcola(p)
	c.condizioni(p, loc)
	c.logica(p, loc)
	c.normalizza(p)
	c.pulisci(p)
}

func (c *corsa) conclude(p *posto, loc *radiceLocale) {
	c.filtra(p)
	c.valida(p, loc)
}

// valore is the value of the component: none for layout and content.
func (c *corsa) valore(p *posto) any {
	if !p.dati() {
		return valore.Undefined{}
	}
	if v, ok := c.dati[p.dove]; ok {
		return v
	}
	if p.passi == nil {
		if p.dove == p.datiSenza {
			p.passi = p.passiSenza
		} else {
			p.passi = valore.Percorso(p.dove)
		}
	}
	var v any = c.dati
	for _, k := range p.passi {
		if v = valore.Membro(v, k); valore.Indefinito(v) {
			return v
		}
	}
	return v
}

func (c *corsa) imposta(percorso string, v any) {
	// a path that cannot be followed leaves the data as they are: so does lodash
	if q, err := valore.Imposta(c.dati, percorso, v); err == nil {
		c.dati, _ = q.(map[string]any)
	}
}

// rimetti puts a path in what the filter keeps, unless it was cleared.
func (c *corsa) rimetti(percorso string) {
	if !c.puliti[percorso] {
		c.filtro[percorso] = true
	}
}
