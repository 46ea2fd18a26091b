package formio

import (
	"math"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// caso is a value to judge.
type caso struct {
	c        *corsa
	p        *posto
	comp     map[string]any
	validate map[string]any
	v        any
	indice   int // in a list of values, or senzaIndice
}

// verdetto is what a rule says: nothing, a defect, or that it cannot work on
// such a value (Form.io throws, and lets it through).
type verdetto struct {
	difetto *difetto
	rotta   bool
}

var (
	bene  = verdetto{}
	rotta = verdetto{rotta: true}
)

func male(regola, chiave string, parametri ...string) verdetto {
	d := &difetto{regola: regola, chiave: chiave}
	if len(parametri) == 2 {
		d.parametri = map[string]string{parametri[0]: parametri[1]}
	}
	return verdetto{difetto: d}
}

// regola is a validation of @formio/core. Of a list of values, intera judges it
// whole and the others each value; there vale is asked about the list.
type regola struct {
	vale   func(*caso) bool
	prova  func(*caso) verdetto
	intera bool
}

// regoleCore are in the order of @formio/core, which decides which error stays
// where one text serves several.
var regoleCore = []regola{
	{vale: deTipo("datetime"), prova: regolaData},
	{vale: deTipo("day"), prova: regolaGiorno},
	{vale: deTipo("email"), prova: regolaEmail},
	{vale: func(k *caso) bool { return k.p.script.controlloJSON != nil }, prova: regolaJSON},
	{vale: valeMaschera, prova: regolaMaschera},
	{vale: valeGiorno("maxDate"), prova: regolaLimiteGiorno("maxDate", 1)},
	{vale: valeData("maxDate"), prova: regolaLimiteData("maxDate", 1)},
	{vale: func(k *caso) bool { return k.testo() != "" && k.intero("maxLength") != 0 }, prova: regolaLunghezza("maxLength")},
	{vale: valeScelte("maxSelectedCount"), prova: regolaScelte("maxSelectedCount")},
	{vale: func(k *caso) bool { return k.ha("max") && k.v != nil && !math.IsNaN(k.reale("max")) }, prova: regolaNumero("max")},
	{vale: func(k *caso) bool { return k.intero("maxWords") != 0 }, prova: regolaParole("maxWords")},
	{vale: valeAnno("maxYear"), prova: regolaAnno("maxYear")},
	{vale: valeGiorno("minDate"), prova: regolaLimiteGiorno("minDate", -1)},
	{vale: valeData("minDate"), prova: regolaLimiteData("minDate", -1)},
	{vale: func(k *caso) bool { return k.pieno() && k.intero("minLength") != 0 }, prova: regolaLunghezza("minLength")},
	{vale: valeScelte("minSelectedCount"), prova: regolaScelte("minSelectedCount")},
	{vale: func(k *caso) bool {
		return k.ha("min") && !math.IsNaN(valore.LeggiDecimale(k.v)) && !math.IsNaN(k.reale("min"))
	}, prova: regolaNumero("min")},
	{vale: func(k *caso) bool { return k.intero("minWords") != 0 && k.testo() != "" }, prova: regolaParole("minWords")},
	{vale: valeAnno("minYear"), prova: regolaAnno("minYear")},
	{vale: valeMultiplo, prova: regolaMultiplo, intera: true},
	{vale: func(k *caso) bool { return valore.Booleano(prop(k.validate, "pattern")) && k.testo() != "" }, prova: regolaModello},
	{vale: func(k *caso) bool { return vero(k.validate, "required") }, prova: regolaObbligo},
	{vale: func(k *caso) bool { return k.p.tipo == "day" && giornoObbligatorio(k.comp) }, prova: regolaGiornoObbligatorio},
	{vale: func(k *caso) bool { return k.p.tipo == "time" }, prova: regolaOra},
	{vale: deTipo("url"), prova: regolaURL},
	{vale: deTipo("number"), prova: regolaTipoNumero},
	{vale: func(k *caso) bool { return k.p.script.controllo != nil }, prova: regolaScript},
	{vale: valeElenco, prova: regolaElenco},
	{vale: func(k *caso) bool { // asks a server whether the value exists
		return !k.c.o.Fedele && k.p.tipo == "select" && vero(k.validate, "select") && !valore.Vuoto(k.v)
	}, prova: func(*caso) verdetto { return rotta }},
}

func deTipo(tipo string) func(*caso) bool {
	return func(k *caso) bool {
		vv, lista := k.v.([]any)
		return k.p.tipo == tipo && k.pieno() && (!lista || len(vv) > 0 || !vero(k.comp, "multiple"))
	}
}

func (k *caso) pieno() bool { return valore.Booleano(k.v) }

func (k *caso) testo() string { s, _ := k.v.(string); return s }

func (k *caso) ha(chiave string) bool { _, ok := k.validate[chiave]; return ok }

func (k *caso) intero(chiave string) float64 { return interoDi(k.validate, chiave) }

// interoDi is a setting that may be written as text; zero if there is none.
func interoDi(validate map[string]any, chiave string) float64 {
	v, ok := validate[chiave]
	if !ok {
		return 0
	}
	n := valore.Numero(v)
	if s, ok := v.(string); ok {
		n = valore.LeggiIntero(s)
	}
	if math.IsNaN(n) {
		return 0
	}
	return n
}

func (k *caso) reale(chiave string) float64 {
	v, ok := k.validate[chiave]
	if !ok {
		return math.NaN()
	}
	if s, ok := v.(string); ok {
		return valore.LeggiDecimale(s)
	}
	return valore.Numero(v)
}

// valida is the last step: after the children, on the filtered value.
func (c *corsa) valida(p *posto, loc *radiceLocale) {
	comp := c.comp(p.nodo)
	k := caso{c: c, p: p, comp: comp, validate: oggetto(comp, "validate"), v: c.valore(p), indice: senzaIndice}
	salta := c.salta(p, loc)
	if !c.o.Fedele && !salta && !c.nostre(&k) {
		return
	}
	lista, ok := k.v.([]any)
	if !ok || !vero(comp, "multiple") || len(lista) == 0 {
		if salta {
			return
		}
		if s, ok := k.v.(string); ok && vero(comp, "truncateMultipleSpaces") {
			defer func(v any) { k.v = v }(k.v)
			k.v = unoSpazio(s)
		}
		for i := range regoleCore {
			if regoleCore[i].vale(&k) {
				k.giudica(&regoleCore[i])
			}
		}
		return
	}
	for i, v := range lista {
		if salta {
			break
		}
		if s, ok := v.(string); ok && vero(comp, "truncateMultipleSpaces") {
			v = unoSpazio(s)
		}
		una := k
		una.v, una.indice = v, i
		for j := range regoleCore {
			r := &regoleCore[j]
			// Form.io asks the list first, and so skips most rules of texts
			if !r.intera && r.vale(&una) && (!c.o.Fedele || r.vale(&k)) {
				una.giudica(r)
			}
		}
	}
	for i := range regoleCore {
		if regoleCore[i].intera && regoleCore[i].vale(&k) {
			k.giudica(&regoleCore[i])
		}
	}
}

func (k *caso) giudica(r *regola) {
	e := r.prova(k)
	switch {
	case e.difetto != nil:
		k.c.segnala(k.p, *e.difetto)
	case e.rotta && !k.c.o.Fedele:
		k.c.nonVerificabile(k.p)
	}
}

// nostre are the checks that Form.io has not; false if the others are useless.
func (c *corsa) nostre(k *caso) bool {
	if len(k.p.script.rifiuti) > 0 {
		c.nonVerificabile(k.p)
	}
	if c.nonNumeri[k.p.nomeEsito()] || k.p.tipo == "currency" && !monete(k.v, vero(k.comp, "multiple")) {
		c.segnala(k.p, difetto{regola: "number", chiave: "number"})
		return false
	}
	if c.malfatti[k.p.nomeEsito()] {
		c.segnala(k.p, difetto{regola: "forma", chiave: "forma"})
		return false
	}
	if formaSemplice[k.p.tipo] && valore.Oggetto(k.v) && !vero(k.comp, "multiple") && !vero(k.comp, "allowMultipleMasks") {
		c.segnala(k.p, difetto{regola: "nonarray", chiave: "nonarray"})
		return false
	}
	c.stanza(k)
	if k.p.tipo == "survey" && vero(k.validate, "required") && pieno(k.v) {
		domande, _ := k.comp["questions"].([]any)
		risposte, _ := k.v.(map[string]any)
		for _, d := range domande {
			if m, ok := d.(map[string]any); ok && !vero(risposte, testo(m, "value")) {
				c.segnala(k.p, difetto{regola: "required", chiave: "required"})
				return false
			}
		}
	}
	return true
}

// formaSemplice are the types whose value is never a list or an object.
var formaSemplice = map[string]bool{
	"textfield": true, "email": true, "url": true, "phoneNumber": true, "day": true, "datetime": true,
	"time": true, "number": true, "currency": true, "password": true, "signature": true, "checkbox": true, "radio": true,
}

// monete says whether v is an amount, or amounts.
func monete(v any, multiplo bool) bool {
	if vv, ok := v.([]any); ok && multiplo {
		for _, x := range vv {
			if !monete(x, false) {
				return false
			}
		}
		return true
	}
	switch x := v.(type) {
	case nil, valore.Undefined, float64:
		return true
	case string:
		return x == "" || !valore.Indefinito(numero(v)) && !math.IsNaN(valore.Numero(v))
	}
	return false
}

func regolaObbligo(k *caso) verdetto {
	if haValore(k.p.nodo, k.comp, k.v) {
		return bene
	}
	return male("required", "required")
}

func regolaTipoNumero(k *caso) verdetto {
	if _, ok := k.v.(float64); !ok && k.pieno() {
		return male("number", "number")
	}
	return bene
}

// chiaveDi is the key of a message that a script or a setting gives as text.
func chiaveDi(v any, altrimenti string) string {
	if valore.Booleano(v) {
		return valore.Testo(v)
	}
	return altrimenti
}

func regolaScript(k *caso) verdetto {
	v, ok := k.c.esegui(k.p.script.controllo, k.p, map[string]any{
		"data": k.c.dati, "input": k.v, "value": k.v, "valid": true, "rowIndex": k.numeroRiga(),
	})
	if !ok {
		return rotta
	}
	if v == nil || v == true || valore.Indefinito(v) {
		return bene
	}
	if s, ok := v.(string); ok {
		return male("custom", s)
	}
	return male("custom", "custom")
}

func (k *caso) numeroRiga() any {
	if k.indice != senzaIndice {
		return float64(k.indice)
	}
	return valore.Undefined{}
}

func regolaJSON(k *caso) verdetto {
	prima := k.v
	if !k.pieno() {
		prima = nil
	}
	v, ok := k.c.esegui(k.p.script.controlloJSON, k.p, map[string]any{"value": prima, "input": k.v})
	if !ok {
		return rotta
	}
	if v == nil || v == true {
		return bene
	}
	return male("json", chiaveDi(v, "jsonLogic"))
}
