package script

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/dop251/goja"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// Esegui runs the script. The variables are those that Variabili lists, JSON
// values: the script works on copies, and two variables that share parts share
// them no more. The result shares nothing with them; it is valore.Undefined{} where JavaScript
// gives undefined. The end of ctx ends the script.
//
// Errors: ErrBisogni, ErrEsecuzione, ErrTempo, ErrTroppoGrande, and that of ctx.
// Where Form.io would log an exception and go on with null, it is for the caller to do so.
func (p *Programma) Esegui(ctx context.Context, c Contesto, variabili map[string]any) (any, error) {
	if len(p.bisogni) > 0 {
		return nil, ErrBisogni
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if p.nativo != nil {
		v, err := p.eseguiNativo(variabili)
		if !errors.Is(err, errGoja) {
			return v, err
		}
	}
	return p.eseguiGoja(ctx, c, variabili)
}

func (p *Programma) eseguiNativo(variabili map[string]any) (any, error) {
	a := ambito(maps.Clone(variabili))
	if a == nil {
		a = ambito{}
	}
	for _, i := range p.nativo {
		if err := i(a); err != nil {
			return nil, err
		}
	}
	v, ok := a[p.genere.variabile()]
	if !ok {
		return valore.Undefined{}, nil
	}
	return limita(v)
}

// limita is a copy within the limits of what goes in and comes out.
func limita(v any) (any, error) {
	v, err := valore.Copia(v, valore.Limiti{Profondita: 100, Nodi: MaxNodi, Testo: 8 * MaxTesto})
	if err != nil {
		return nil, ErrTroppoGrande
	}
	return v, nil
}

func (p *Programma) eseguiGoja(ctx context.Context, c Contesto, variabili map[string]any) (v any, err error) {
	if c.Fuso == nil {
		c.Fuso = time.UTC
	}
	if c.Tempo <= 0 {
		c.Tempo = TempoPredefinito
	}
	a, err := p.insieme.ambienti.prendi()
	if err != nil {
		return nil, err
	}
	dentro := map[string]any{}
	for _, n := range p.usa {
		w, ok := variabili[n]
		if !ok {
			continue
		}
		if dentro[n], err = limita(w); err != nil {
			p.insieme.ambienti.rendi(a)
			return nil, err
		}
	}
	v, ok := variabili["value"]
	if !ok {
		v = valore.Undefined{}
	}
	a.prepara(c, v)
	ferma := a.sveglia(ctx, c.Tempo)
	v, err = a.chiama(p.compilato, dentro)
	ferma()
	if a.pulisci() {
		p.insieme.ambienti.rendi(a)
	}
	if ctx.Err() != nil && err != nil {
		return nil, ctx.Err()
	}
	return v, err
}

// sveglia interrupts the runtime when time is over; the function given back ends the watch.
func (a *ambiente) sveglia(ctx context.Context, tempo time.Duration) func() {
	a.scadenza = time.Now().Add(tempo)
	t := time.AfterFunc(tempo, func() { a.rt.Interrupt(ErrTempo) })
	smetti := context.AfterFunc(ctx, func() { a.rt.Interrupt(ErrTempo) })
	return func() {
		inTempo, senzaFine := t.Stop(), smetti()
		if !inTempo || !senzaFine {
			a.guasto = true // the interruption may still be on its way
		}
	}
}

// chiama runs the program and brings the result out, whatever happens inside.
func (a *ambiente) chiama(p *goja.Program, variabili map[string]any) (v any, err error) {
	defer func() {
		if r := recover(); r != nil {
			a.guasto = true
			v, err = nil, a.errore(r)
		}
	}()
	fuori, err := a.rt.RunProgram(p)
	if err != nil {
		return nil, a.errore(err)
	}
	crea, _ := goja.AssertFunction(fuori)
	dentro, err := crea(goja.Undefined(), a.limite, a.chiave)
	if err != nil {
		return nil, a.errore(err)
	}
	f, _ := goja.AssertFunction(dentro)
	args := make([]goja.Value, 0, len(Variabili())+1)
	for _, n := range Variabili() {
		w, ok := variabili[n]
		if !ok {
			w = valore.Undefined{}
		}
		args = append(args, a.porta(w))
	}
	q, err := f(goja.Undefined(), append(args, a.istanza)...)
	if err != nil {
		return nil, a.errore(err)
	}
	n := MaxNodi
	return a.esporta(q, 0, &n)
}

// errore tells what ended the script, and says nothing of what it said.
func (a *ambiente) errore(r any) error {
	if a.motivo != nil {
		a.guasto = true
		return a.motivo
	}
	var i *goja.InterruptedError
	var s *goja.StackOverflowError
	err, _ := r.(error)
	switch {
	case errors.As(err, &i):
		a.guasto = true
		return ErrTempo
	case errors.As(err, &s), errors.Is(err, ErrTroppoGrande):
		a.guasto = true
		return ErrTroppoGrande
	}
	return ErrEsecuzione
}
