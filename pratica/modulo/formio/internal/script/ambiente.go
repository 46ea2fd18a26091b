package script

import (
	"bytes"
	_ "embed" // the prelude
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/dlclark/regexp2/v2"
	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

//go:embed preludio.js
var preludio string

// ambiente is a runtime whose built-ins are guarded and frozen. One evaluation uses it at a time.
type ambiente struct {
	rt              *goja.Runtime
	limite, chiave  goja.Value
	istanza         goja.Value
	di              []string // the globals that belong here
	c               Contesto
	valore          any
	scadenza        time.Time
	testo, elementi int   // what the script may still make
	motivo          error // why a guard stopped the script
	guasto          bool  // not to be used again
	espressioni     map[string]*regexp2.Regexp
}

func nuovoAmbiente() (*ambiente, error) {
	a := &ambiente{rt: goja.New(), espressioni: map[string]*regexp2.Regexp{}}
	a.rt.SetMaxCallStackSize(MaxChiamate)
	a.rt.SetParserOptions(parser.WithDisableSourceMaps)
	a.rt.SetRandSource(func() float64 { return 0.5 }) // no chance: the same answers give the same form
	a.rt.SetTimeSource(func() time.Time { return a.c.Ora })
	a.limite = a.rt.ToValue(func(f goja.FunctionCall) goja.Value { return a.misura(f.Argument(0)) })
	a.chiave = a.rt.ToValue(func(f goja.FunctionCall) goja.Value { return a.soloChiave(f.Argument(0)) })
	v, err := a.rt.RunScript("preludio", preludio)
	if err != nil {
		return nil, err
	}
	f, _ := goja.AssertFunction(v)
	a.testo, a.elementi = maxTestoInTutto, maxElementiInTutto
	istanza, err := f(goja.Undefined(), a.rt.ToValue(map[string]any{
		"guarda":     a.guarda,
		"ferma":      func() { a.ferma(ErrTroppoGrande) },
		"stringa":    a.jsonStringify,
		"leggiJSON":  a.jsonParse,
		"trova":      a.trova,
		"massimo":    MaxElementi,
		"testoMax":   MaxTesto,
		"leggi":      a.momentLeggi,
		"scrivi":     a.momentScrivi,
		"aggiungi":   a.momentAggiungi,
		"estremo":    a.momentEstremo,
		"differenza": a.momentDifferenza,
		"parte":      a.momentParte,
		"valore":     func() goja.Value { return a.porta(a.valore) },
	}))
	if err != nil {
		return nil, err
	}
	a.istanza = istanza
	a.di = a.rt.GlobalObject().GetOwnPropertyNames()
	return a, nil
}

func (a *ambiente) prepara(c Contesto, v any) {
	a.c, a.valore, a.motivo = c, nil, nil
	a.testo, a.elementi = maxTestoInTutto, maxElementiInTutto
	if w, err := limita(v); err == nil {
		a.valore = w
	}
	a.rt.ClearInterrupt()
}

// pulisci takes away what the script left; false if the runtime is to be thrown away.
func (a *ambiente) pulisci() bool {
	if a.guasto {
		return false
	}
	a.valore = nil
	g := a.rt.GlobalObject()
	nomi := g.GetOwnPropertyNames()
	if len(nomi) != len(a.di) {
		for _, n := range nomi {
			if !slices.Contains(a.di, n) && g.Delete(n) != nil {
				return false
			}
		}
	}
	return true
}

// ferma ends the script from within a guard: it cannot be caught.
func (a *ambiente) ferma(err error) {
	a.motivo, a.guasto = err, true
	a.rt.Interrupt(err)
	panic(a.rt.NewGoError(err))
}

// What an evaluation may make in all, kept or not: about 128 MB at the worst.
const (
	maxTestoInTutto    = 32 << 20 // UTF-16 units
	maxElementiInTutto = 4 << 20
)

// misura lets pass what is not too long, alone and with all that was made before.
func (a *ambiente) misura(v goja.Value) goja.Value {
	switch x := v.(type) {
	case goja.String:
		n := x.Length()
		if a.testo -= n; n > MaxTesto || a.testo < 0 {
			a.ferma(ErrTroppoGrande)
		}
	case *goja.Object:
		if x.ClassName() != "Array" {
			break
		}
		n := x.Get("length").ToInteger()
		if a.elementi -= int(min(n, MaxElementi)); n > MaxElementi || a.elementi < 0 {
			a.ferma(ErrTroppoGrande)
		}
	}
	return v
}

// soloChiave refuses the keys that would make an array long at a stroke.
func (a *ambiente) soloChiave(v goja.Value) goja.Value {
	if o, ok := v.(*goja.Object); ok {
		v = o.ToString()
	}
	s := v.String()
	if s == "length" || s == "__proto__" || (len(s) < 12 && v.ToInteger() > MaxElementi && strings.Trim(s, "0123456789") == "") {
		a.ferma(ErrTroppoGrande)
	}
	return v
}

// guarda wraps a built-in: what it works on and what it gives must be within
// the limits, and time not over.
func (a *ambiente) guarda(f goja.Value) goja.Value {
	orig, ok := goja.AssertFunction(f)
	if !ok {
		return f
	}
	return a.rt.ToValue(func(c goja.FunctionCall) goja.Value {
		if time.Now().After(a.scadenza) && !a.scadenza.IsZero() {
			a.ferma(ErrTempo)
		}
		if o, ok := c.This.(*goja.Object); ok {
			if n := o.Get("length"); n != nil && n.ToInteger() > MaxElementi && o.ClassName() != "String" {
				a.ferma(ErrTroppoGrande)
			}
		}
		v, err := orig(c.This, c.Arguments...)
		if err != nil {
			panic(err)
		}
		return a.misura(v)
	})
}

// porta makes a JavaScript value of a JSON one, with properties of its own.
func (a *ambiente) porta(v any) goja.Value {
	switch x := v.(type) {
	case nil:
		return goja.Null()
	case valore.Undefined:
		return goja.Undefined()
	case []any:
		q := make([]any, len(x))
		for i, w := range x {
			q[i] = a.porta(w)
		}
		return a.rt.NewArray(q...)
	case map[string]any:
		o := a.rt.NewObject()
		for _, k := range valore.Chiavi(x) {
			if o.DefineDataProperty(k, a.porta(x[k]), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE) != nil {
				return goja.Undefined()
			}
		}
		return o
	}
	return a.rt.ToValue(v)
}

// esporta makes a JSON value of a JavaScript one. A date becomes its ISO text; a function is refused.
func (a *ambiente) esporta(v goja.Value, livello int, resto *int) (any, error) {
	*resto--
	if *resto < 0 || livello > 100 {
		return nil, ErrTroppoGrande
	}
	switch {
	case v == nil || goja.IsUndefined(v):
		return valore.Undefined{}, nil
	case goja.IsNull(v):
		return nil, nil
	}
	o, ok := v.(*goja.Object)
	if !ok {
		if _, ok := v.(goja.String); ok {
			s := v.String()
			if *resto -= len(s) / 64; *resto < 0 {
				return nil, ErrTroppoGrande
			}
			return s, nil
		}
		return valore.Copia(v.Export(), valore.Limiti{})
	}
	if _, ok := goja.AssertFunction(o); ok {
		return nil, ErrEsecuzione
	}
	if f, ok := goja.AssertFunction(o.Get("toJSON")); ok {
		w, err := f(o)
		if err != nil {
			return nil, a.errore(err)
		}
		return a.esporta(w, livello+1, resto)
	}
	switch o.ClassName() {
	case "Array":
		n := int(o.Get("length").ToInteger())
		if n > MaxElementi || n > *resto {
			return nil, ErrTroppoGrande
		}
		q := make([]any, n)
		for i := range q {
			w, err := a.esporta(o.Get(valore.Testo(float64(i))), livello+1, resto)
			if err != nil {
				return nil, err
			}
			if valore.Indefinito(w) {
				w = nil
			}
			q[i] = w
		}
		return q, nil
	case "String", "Number", "Boolean":
		return a.esporta(a.rt.ToValue(o.Export()), livello+1, resto)
	}
	q := map[string]any{}
	for _, k := range o.Keys() {
		w, err := a.esporta(o.Get(k), livello+1, resto)
		if err != nil {
			return nil, err
		}
		if !valore.Indefinito(w) {
			q[k] = w
		}
	}
	return q, nil
}

// jsonStringify is JSON.stringify without a replacer; keys come in the order of [valore.Chiavi].
func (a *ambiente) jsonStringify(f goja.FunctionCall) goja.Value {
	n := MaxNodi
	v, err := a.esporta(f.Argument(0), 0, &n)
	if err != nil {
		a.ferma(err)
	}
	if valore.Indefinito(v) {
		return goja.Undefined()
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if s := strings.Repeat(" ", max(0, min(10, int(f.Argument(2).ToInteger())))); s != "" {
		e.SetIndent("", s)
	}
	if err := e.Encode(v); err != nil {
		return goja.Undefined()
	}
	return a.misura(a.rt.ToValue(strings.TrimSuffix(b.String(), "\n")))
}

func (a *ambiente) jsonParse(f goja.FunctionCall) goja.Value {
	d := json.NewDecoder(strings.NewReader(f.Argument(0).String()))
	var v any
	if d.Decode(&v) != nil || d.More() {
		panic(a.rt.NewTypeError("JSON"))
	}
	v, err := limita(v)
	if err != nil {
		a.ferma(ErrTroppoGrande)
	}
	return a.porta(v)
}

// trova runs a regular expression on an engine that stops: source, flags, text,
// start. It gives the limits of each group, or null.
func (a *ambiente) trova(f goja.FunctionCall) goja.Value {
	sorgente, segni := f.Argument(0).String(), f.Argument(1).String()
	resta := time.Until(a.scadenza)
	if resta <= 0 {
		a.ferma(ErrTempo)
	}
	k := segni + "/" + sorgente
	re := a.espressioni[k]
	if re == nil {
		o := regexp2.ECMAScript
		for s, x := range map[string]regexp2.RegexOptions{"i": regexp2.IgnoreCase, "m": regexp2.Multiline, "s": regexp2.Singleline, "u": regexp2.Unicode} {
			if strings.Contains(segni, s) {
				o |= x
			}
		}
		var err error
		if re, err = regexp2.Compile(sorgente, o); err != nil {
			panic(a.rt.NewTypeError("RegExp"))
		}
		if len(a.espressioni) < 100 && len(k) < 1024 { // a runtime may live long
			a.espressioni[k] = re
		}
	}
	re.MatchTimeout = resta
	da := int(f.Argument(3).ToInteger())
	m, err := re.FindRunesMatchStartingAt(unita(f.Argument(2)), da)
	if err != nil {
		a.ferma(ErrTempo)
	}
	if m == nil {
		return goja.Null()
	}
	var q []any
	for _, g := range m.Groups() {
		if len(g.Captures) == 0 {
			q = append(q, -1, -1)
		} else {
			q = append(q, g.RuneIndex, g.RuneIndex+g.RuneLength)
		}
	}
	return a.rt.NewArray(q...)
}

// unita gives a text in UTF-16 units, as JavaScript counts it.
func unita(v goja.Value) []rune {
	s, ok := v.(goja.String)
	if !ok {
		return []rune(v.String())
	}
	q := make([]rune, s.Length())
	for i := range q {
		q[i] = rune(s.CharAt(i))
	}
	return q
}
