// Package regola holds the validation rules of @formio/core 2.8, run on one
// component and its value.
//
// A [Motore] keeps what it compiles (patterns, scripts, JSONLogic); it is safe
// for concurrent use. [Motore.Verifica] gives every error at once, in the order of
// @formio/core. Hidden and skipped components are for the caller to leave out.
//
// Where a rule of @formio/core cannot work on a value it throws, logs, and lets
// the value through. Here that is an error of key "nonVerificabile", unless
// [Opzioni.Fedele] asks for the original.
package regola

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// Componente is a component's JSON. The rules read: type, key, multiple, fields,
// dayFirst, minDate, maxDate, minYear, maxYear, inputMask, inputMasks,
// allowMultipleMasks, values, data, dataSrc, valueProperty, questions, widget,
// dataFormat, storeas, as, tree, modelType, unique, truncateMultipleSpaces,
// min- and maxSelectedCountMessage, and all of validate.
type Componente map[string]any

// Leggi decodes a component from JSON.
func Leggi(b []byte) (Componente, error) {
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("regola: componente non leggibile: %w", err)
	}
	return m, nil
}

// Chiamata asks the host about a value.
type Chiamata func(ctx context.Context, percorso string, v any) (bool, error)

// Opzioni are what the rules need of the world. The zero value is the strict
// mode, without a clock and without hooks: what needs one is nonVerificabile.
type Opzioni struct {
	Ora  time.Time
	Fuso *time.Location // of days without an offset; defaults to UTC
	// Server runs the rules that ask the host: unique, select, captcha.
	Server bool
	// Fedele follows @formio/core where it lets values through: errors at the
	// path of the list, rules that a list switches off, exceptions ignored.
	Fedele bool
	// Unico says whether nobody else has the value; Remoto whether the source of a
	// select has it; Captcha whether the answer is right.
	Unico, Remoto, Captcha Chiamata
	// Elenco gives the values of a list that the component takes from a URL.
	Elenco func(ctx context.Context, percorso string) ([]any, error)
}

// Caso is a value to judge.
type Caso struct {
	Componente Componente
	Valore     any // valore.Undefined{} where there is none
	Percorso   string
	Dati, Riga any
	// Altre are further variables of scripts and JSONLogic: form, submission…
	Altre map[string]any
}

// Errore is what a rule finds. It holds no value.
type Errore struct {
	// Percorso is that of the value: path[i] for one of a list.
	Percorso string
	// Regola is core's ruleName.
	Regola string
	// Chiave is a key of the catalogue, or the text that the component gives.
	Chiave string
	// Parametri are the settings that a message names: length, min, maxDate…
	Parametri map[string]string
}

// regola is one rule: vale says whether it concerns the value, prova judges it.
// Of a list of values, an intera rule judges the whole and the others each one.
type regola struct {
	nome   string
	vale   func(*caso) bool
	prova  func(*caso) *Errore
	intera bool
	server bool
}

// caso is a Caso while it is judged.
type caso struct {
	Caso
	ctx      context.Context
	m        *Motore
	o        Opzioni
	validate map[string]any
	tipo     string
	indice   any
}

// rotta is the verdict of a rule that cannot work on the value.
var rotta = &Errore{Chiave: "nonVerificabile"}

func errore(nome, chiave string, parametri ...string) *Errore {
	e := &Errore{Regola: nome, Chiave: chiave}
	for i := 0; i+1 < len(parametri); i += 2 {
		if e.Parametri == nil {
			e.Parametri = map[string]string{}
		}
		e.Parametri[parametri[i]] = parametri[i+1]
	}
	return e
}

// Verifica runs every rule on the value.
func (m *Motore) Verifica(ctx context.Context, o Opzioni, c Caso) []Errore {
	return m.verifica(ctx, o, c, regole())
}

// VerificaRegola runs one rule, by its name in @formio/core ("validateRequired").
// Nothing if there is no such rule.
func (m *Motore) VerificaRegola(ctx context.Context, o Opzioni, nome string, c Caso) []Errore {
	for _, r := range regole() {
		if r.nome == nome {
			return m.verifica(ctx, o, c, []regola{r})
		}
	}
	return nil
}

func (m *Motore) verifica(ctx context.Context, o Opzioni, c Caso, rr []regola) []Errore {
	if o.Fuso == nil {
		o.Fuso = time.UTC
	}
	k := caso{Caso: c, ctx: ctx, m: m, o: o, tipo: testo(c.Componente["type"]), indice: valore.Undefined{}}
	k.validate, _ = c.Componente["validate"].(map[string]any)
	var q esito
	lista, ok := c.Valore.([]any)
	multiplo := ok && k.vero("multiple") && len(lista) > 0
	for _, r := range rr {
		if r.server && !o.Server {
			continue
		}
		if !multiplo || r.intera {
			q.giudica(&k, r, c.Valore, c.Percorso)
			continue
		}
		if o.Fedele && !r.vale(&k) {
			continue
		}
		for i, v := range lista {
			uno := k
			uno.indice = float64(i)
			dove := fmt.Sprintf("%s[%d]", c.Percorso, i)
			if o.Fedele {
				dove = c.Percorso
			}
			q.giudica(&uno, r, v, dove)
		}
	}
	return q
}

// esito are the errors found; a text is given once for each path.
type esito []Errore

func (q *esito) giudica(k *caso, r regola, v any, dove string) {
	if s, ok := v.(string); ok && k.vero("truncateMultipleSpaces") {
		v = unoSpazio(s)
	}
	k.Valore = v
	if !r.vale(k) {
		return
	}
	trovato := r.prova(k)
	if trovato == nil || (trovato == rotta && k.o.Fedele) {
		return
	}
	e := *trovato
	if e.Regola == "" {
		e.Regola = r.nome
	}
	e.Percorso = dove
	if s := testo(k.validate["customMessage"]); s != "" && trovato != rotta {
		e.Chiave = s
	}
	for _, altro := range *q {
		if altro.Percorso == dove && altro.Chiave == e.Chiave {
			return
		}
	}
	*q = append(*q, e)
}
