package regola

import (
	"encoding/json"
	"slices"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/jsonlogic"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/script"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// variabili are what a script or a rule sees.
func (k *caso) variabili() map[string]any {
	q := map[string]any{}
	for n, v := range k.Altre {
		q[n] = v
	}
	q["data"], q["row"], q["path"] = k.Dati, k.Riga, k.Percorso
	q["component"] = map[string]any(k.Componente)
	q["input"], q["value"], q["valid"], q["rowIndex"] = k.Valore, k.Valore, true, k.indice
	return q
}

func controllo(k *caso) *Errore {
	p, err := k.m.programma(script.Controllo, valore.Testo(k.validate["custom"]))
	if err != nil {
		return rotta
	}
	v, err := p.Esegui(k.ctx, script.Contesto{Ora: k.o.Ora, Fuso: k.o.Fuso}, k.variabili())
	if err != nil {
		return rotta
	}
	if valore.Nullo(v) || v == true {
		return nil
	}
	if s, ok := v.(string); ok {
		return errore("custom", s)
	}
	return errore("custom", "custom")
}

func logica(k *caso) *Errore {
	r, err := jsonlogic.Compila(k.validate["json"])
	if err != nil {
		return rotta
	}
	vv := k.variabili()
	if !k.pieno() {
		vv["value"] = nil
	}
	v, err := r.ApplicaCon(jsonlogic.Contesto{Ora: k.o.Ora, Fuso: k.o.Fuso}, vv)
	if err != nil {
		return rotta
	}
	switch {
	case v == nil || v == true:
		return nil
	case testo(v) != "":
		return errore("json", testo(v))
	}
	return errore("json", "jsonLogic")
}

func valeElenco(k *caso) bool {
	if !valore.Booleano(k.regola("onlyAvailableItems")) || valore.Nullo(k.Valore) || k.Valore == "" {
		return false
	}
	if k.o.Fedele && valore.Vuoto(k.Valore) {
		return false // numbers and booleans are empty for lodash
	}
	switch k.tipo {
	case "radio", "selectboxes":
		return true
	case "select":
		return k.Componente["dataSrc"] != "resource"
	}
	return false
}

// valori takes one property of each option.
func valori(opzioni []any, nome string) []any {
	q := make([]any, len(opzioni))
	for i, o := range opzioni {
		q[i] = o
		if m, ok := o.(map[string]any); ok && nome != "" {
			q[i] = valore.Membro(m, nome)
		}
	}
	return q
}

// disponibili gives the values of a list; false if they are not known.
func (k *caso) disponibili() ([]any, bool) {
	d := oggetto(k.Componente["data"])
	fonte := testo(k.Componente["dataSrc"])
	if fonte == "url" {
		if k.o.Elenco == nil {
			return nil, false
		}
		l, err := k.o.Elenco(k.ctx, k.Percorso)
		return valori(l, testo(k.Componente["valueProperty"])), err == nil
	}
	if k.tipo != "select" {
		l, ok := k.Componente["values"].([]any)
		return valori(l, "value"), ok
	}
	if _, ok := d["values"]; ok && fonte == "" {
		fonte = "values"
	}
	switch fonte {
	case "values":
		l, ok := d["values"].([]any)
		return valori(l, "value"), ok
	case "json":
		v := d["json"]
		if s, ok := v.(string); ok && json.Unmarshal([]byte(s), &v) != nil {
			return nil, false
		}
		l, ok := v.([]any)
		return valori(l, testo(k.Componente["valueProperty"])), ok
	case "custom":
		p, err := k.m.programma(script.Opzioni, testo(d["custom"]))
		if err != nil {
			return nil, false
		}
		vv := k.variabili()
		vv["values"] = []any{}
		v, err := p.Esegui(k.ctx, script.Contesto{Ora: k.o.Ora, Fuso: k.o.Fuso}, vv)
		l, ok := v.([]any)
		return l, ok && err == nil
	}
	return nil, false
}

func elenco(k *caso) *Errore {
	l, ok := k.disponibili()
	if !ok {
		return rotta
	}
	if m, ok := k.Valore.(map[string]any); ok && k.tipo == "selectboxes" {
		for c := range m {
			if !slices.ContainsFunc(l, func(v any) bool { return valore.Identico(v, c) }) {
				return errore("onlyAvailableItems", "invalidOption")
			}
		}
		return nil
	}
	if slices.ContainsFunc(l, func(v any) bool {
		if valore.Oggetto(k.Valore) {
			return valore.UgualeProfondo(v, k.Valore)
		}
		return valore.Identico(v, k.Valore)
	}) {
		return nil
	}
	return errore("onlyAvailableItems", "invalidOption")
}

func valeUnico(k *caso) bool {
	m, ok := k.Valore.(map[string]any)
	return k.vero("unique") && k.pieno() && (!ok || len(m) > 0)
}

func (k *caso) chiedi(c Chiamata, nome, chiave string) *Errore {
	if c == nil {
		return rotta
	}
	ok, err := c(k.ctx, k.Percorso, k.Valore)
	if err != nil {
		return rotta
	}
	if ok {
		return nil
	}
	return errore(nome, chiave)
}

func unico(k *caso) *Errore { return k.chiedi(k.o.Unico, "unique", "unique") }

func valeRemoto(fonte string) func(*caso) bool {
	return func(k *caso) bool {
		return k.tipo == "select" && k.Componente["dataSrc"] == fonte && valore.Booleano(k.regola("select")) && k.pieno()
	}
}

func remoto(k *caso) *Errore { return k.chiedi(k.o.Remoto, "select", "select") }

func valeCaptcha(k *caso) bool { return k.tipo == "captcha" || k.tipo == "recaptcha" }

func captcha(k *caso) *Errore { return k.chiedi(k.o.Captcha, "captcha", "captcha") }
