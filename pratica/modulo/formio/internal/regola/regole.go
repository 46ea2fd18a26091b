package regola

import (
	"math"
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

func testo(v any) string { s, _ := v.(string); return s }

func oggetto(v any) map[string]any { m, _ := v.(map[string]any); return m }

func (k *caso) vero(nome string) bool { v, ok := k.Componente[nome]; return ok && valore.Booleano(v) }

func (k *caso) regola(nome string) any {
	if v, ok := k.validate[nome]; ok {
		return v
	}
	return valore.Undefined{}
}

func (k *caso) pieno() bool { return valore.Booleano(k.Valore) }

// numero is a setting, that may be written as text; NaN where there is none.
func (k *caso) numero(nome string, leggi func(any) float64) float64 {
	v := k.regola(nome)
	if s, ok := v.(string); ok {
		return leggi(s)
	}
	return valore.Numero(v)
}

// dato says whether a count is given: zero and NaN are not.
func dato(f float64) bool { return f != 0 && !math.IsNaN(f) }

// regole are in the order of @formio/core.
func regole() []regola {
	deTipo := func(tipo string) func(*caso) bool {
		return func(k *caso) bool {
			l, lista := k.Valore.([]any)
			return k.tipo == tipo && k.pieno() && (!lista || len(l) > 0 || !k.vero("multiple"))
		}
	}
	sempre := func(nome string) func(*caso) bool {
		return func(k *caso) bool { return valore.Booleano(k.regola(nome)) }
	}
	return []regola{
		{nome: "validateDate", vale: deTipo("datetime"), prova: data},
		{nome: "validateDay", vale: deTipo("day"), prova: giorno},
		{nome: "validateEmail", vale: deTipo("email"), prova: email},
		{nome: "validateJson", vale: func(k *caso) bool { return valore.Oggetto(k.regola("json")) }, prova: logica},
		{nome: "validateMask", vale: conMaschera, prova: maschera},
		{nome: "validateMaximumDay", vale: limiteGiorno("maxDate"), prova: entroGiorno("maxDate")},
		{nome: "validateMaximumDate", vale: limiteData("maxDate"), prova: entroData("maxDate")},
		{nome: "validateMaximumLength", vale: perTesto("maxLength"), prova: lunghezza("maxLength")},
		{nome: "validateMaximumSelectedCount", vale: perScelte("maxSelectedCount"), prova: scelte("maxSelectedCount", "maxCount")},
		{nome: "validateMaximumValue", vale: perNumero("max"), prova: estremo("max")},
		{nome: "validateMaximumWords", vale: perTesto("maxWords"), prova: parole("maxWords")},
		{nome: "validateMaximumYear", vale: limiteAnno("maxYear"), prova: entroAnno("maxYear")},
		{nome: "validateMinimumDay", vale: limiteGiorno("minDate"), prova: entroGiorno("minDate")},
		{nome: "validateMinimumDate", vale: limiteData("minDate"), prova: entroData("minDate")},
		{nome: "validateMinimumLength", vale: perTesto("minLength"), prova: lunghezza("minLength")},
		{nome: "validateMinimumSelectedCount", vale: perScelte("minSelectedCount"), prova: scelte("minSelectedCount", "minCount")},
		{nome: "validateMinimumValue", vale: perNumero("min"), prova: estremo("min")},
		{nome: "validateMinimumWords", vale: perTesto("minWords"), prova: parole("minWords")},
		{nome: "validateMinimumYear", vale: limiteAnno("minYear"), prova: entroAnno("minYear")},
		{nome: "validateMultiple", vale: valeMultiplo, prova: multiplo, intera: true},
		{nome: "validateRegexPattern", vale: func(k *caso) bool { return valore.Booleano(k.regola("pattern")) && testo(k.Valore) != "" }, prova: modello},
		{nome: "validateRequired", vale: sempre("required"), prova: obbligo},
		{nome: "validateRequiredDay", vale: giornoObbligatorio, prova: obbligoGiorno},
		{nome: "validateRequiredSurvey", vale: func(k *caso) bool { return k.tipo == "survey" && valore.Booleano(k.regola("required")) && k.pieno() }, prova: obbligoSondaggio},
		{nome: "validateTime", vale: func(k *caso) bool { return k.tipo == "time" && k.pieno() }, prova: orario},
		{nome: "validateUrl", vale: deTipo("url"), prova: indirizzo},
		{nome: "validateNumber", vale: deTipo("number"), prova: tipoNumero},
		{nome: "validateCustom", vale: sempre("custom"), prova: controllo},
		{nome: "validateAvailableItems", vale: valeElenco, prova: elenco},
		{nome: "validateUnique", vale: valeUnico, prova: unico, intera: true, server: true},
		{nome: "validateUrlSelectValue", vale: valeRemoto("url"), prova: remoto, server: true},
		{nome: "validateResourceSelectValue", vale: valeRemoto("resource"), prova: remoto, server: true},
		{nome: "validateCaptcha", vale: valeCaptcha, prova: captcha, server: true},
	}
}

func perTesto(nome string) func(*caso) bool {
	return func(k *caso) bool { return testo(k.Valore) != "" && dato(k.numero(nome, valore.LeggiIntero)) }
}

func lunghezza(nome string) func(*caso) *Errore {
	return func(k *caso) *Errore {
		return entro(k, nome, float64(valore.Lunghezza(testo(k.Valore))))
	}
}

func parole(nome string) func(*caso) *Errore {
	return func(k *caso) *Errore {
		// What is only spaces is one empty word for JavaScript's split.
		return entro(k, nome, float64(max(1, len(strings.FieldsFunc(testo(k.Valore), valore.Spazio)))))
	}
}

func entro(k *caso, nome string, n float64) *Errore {
	limite := k.numero(nome, valore.LeggiIntero)
	if (strings.HasPrefix(nome, "min") && n < limite) || (strings.HasPrefix(nome, "max") && n > limite) {
		return errore(nome, nome, "length", valore.ScriviNumero(limite))
	}
	return nil
}

func perNumero(nome string) func(*caso) bool {
	return func(k *caso) bool {
		_, ok := k.validate[nome]
		if !ok || math.IsNaN(k.numero(nome, valore.LeggiDecimale)) {
			return false
		}
		if nome == "min" {
			return !math.IsNaN(valore.LeggiDecimale(k.Valore))
		}
		// Undefined is left to "required", as an empty text is.
		return !valore.Nullo(k.Valore) && k.Valore != ""
	}
}

func estremo(nome string) func(*caso) *Errore {
	return func(k *caso) *Errore {
		n, limite := valore.Numero(k.Valore), k.numero(nome, valore.LeggiDecimale)
		if s, ok := k.Valore.(string); ok {
			n = valore.LeggiDecimale(s)
		}
		switch {
		case math.IsNaN(n):
			return rotta
		case (nome == "min" && n < limite) || (nome == "max" && n > limite):
			return errore(nome, nome, nome, valore.ScriviNumero(limite))
		}
		return nil
	}
}

func perScelte(nome string) func(*caso) bool {
	return func(k *caso) bool { return k.pieno() && dato(k.numero(nome, valore.LeggiDecimale)) }
}

func scelte(nome, parametro string) func(*caso) *Errore {
	return func(k *caso) *Errore {
		m, ok := k.Valore.(map[string]any)
		if !ok {
			return rotta
		}
		n := 0
		for _, v := range m {
			b, ok := v.(bool)
			if !ok {
				return rotta
			}
			if b {
				n++
			}
		}
		limite := k.numero(nome, valore.LeggiDecimale)
		if n == 0 || (nome[:3] == "min" && float64(n) >= limite) || (nome[:3] == "max" && float64(n) <= limite) {
			return nil
		}
		chiave, r := nome, nome
		if s := testo(k.Componente[nome+"Message"]); s != "" {
			if chiave = s; nome[:3] == "max" {
				r = s // core names the rule by its text there
			}
		}
		if !k.o.Fedele {
			r = nome
		}
		return errore(r, chiave, parametro, valore.ScriviNumero(limite))
	}
}

func tipoNumero(k *caso) *Errore {
	if valore.Tipo(k.Valore) != "number" {
		return errore("number", "number")
	}
	return nil
}

// modelli are the shapes of data that types have.
var modelli = map[string][]string{
	"nestedArray":     {"datagrid", "editgrid", "datatable", "dynamicWizard"},
	"nestedDataArray": {"tagpad"},
	"dataObject":      {"form"},
	"object":          {"container", "address"},
	"map":             {"datamap"},
	"string":          {"textfield", "password", "email", "url", "phoneNumber", "day", "datetime", "time", "signature"},
	"number":          {"number", "currency"},
	"boolean":         {"checkbox", "radio"},
}

func (k *caso) forma() string {
	if s := testo(k.Componente["modelType"]); s != "" {
		return s
	}
	for m, tipi := range modelli {
		if slices.Contains(tipi, k.tipo) {
			return m
		}
	}
	return "any"
}

func valeMultiplo(k *caso) bool {
	switch k.tipo {
	case "hidden", "address":
		return k.vero("multiple")
	case "textarea":
		return k.Componente["as"] == "json" && k.vero("multiple")
	case "select":
		return false
	}
	return true
}

func multiplo(k *caso) *Errore {
	l, lista := k.Valore.([]any)
	forma := k.forma()
	interna := forma == "nestedArray" || forma == "nestedDataArray" || (k.tipo == "tags" && k.Componente["storeas"] == "array")
	obbligo := valore.Booleano(k.regola("required"))
	if !k.vero("multiple") {
		puo := interna || (k.tipo != "textfield" && (k.tipo != "tags" || k.Componente["storeas"] != "string"))
		if lista && !puo {
			return errore("nonarray", "nonarray")
		}
		return nil
	}
	switch {
	case lista && len(l) == 0 && obbligo:
		return errore("array_nonempty", "array_nonempty")
	case lista && len(l) > 0 && !interna && forma != "any":
		if _, dentro := l[0].([]any); dentro {
			return errore("nonarray", "nonarray")
		}
	case !lista && (obbligo || !valore.Nullo(k.Valore)):
		return errore("array", "array")
	}
	return nil
}

func obbligo(k *caso) *Errore {
	if k.haValore() {
		return nil
	}
	return errore("required", "required")
}

func (k *caso) haValore() bool {
	v := k.Valore
	m, eOggetto := v.(map[string]any)
	forma := k.forma()
	annidato := k.vero("tree") || slices.Contains([]string{"nestedArray", "nestedDataArray", "dataObject", "object", "map"}, forma)
	maschere, _ := k.Componente["inputMasks"].([]any)
	if x, ok := m["value"]; ok && (k.tipo == "textfield" || k.tipo == "phoneNumber") && k.vero("allowMultipleMasks") && len(maschere) > 0 {
		return presente(x, true, false)
	}
	switch k.tipo {
	case "address":
		if a := oggetto(m["address"]); eOggetto && a != nil && valore.Booleano(m["mode"]) {
			for c, x := range a {
				if c != "address2" && !valore.Booleano(x) {
					return false
				}
			}
			return len(a) > 0
		}
	case "day":
		if v == "00/00/0000" {
			return false
		}
	case "checkbox", "selectboxes":
		return presente(v, false, annidato)
	case "container":
		return presente(v, true, false)
	}
	return presente(v, true, annidato)
}

// presente is core's valueIsPresent; values are as deep as Copia lets them be.
func presente(v any, falso, salta bool) bool {
	switch x := v.(type) {
	case nil, valore.Undefined:
		return false
	case string:
		return valore.Pota(x) != ""
	case bool:
		return x || falso
	case map[string]any:
		if len(x) == 0 || salta {
			return len(x) > 0
		}
		for _, w := range x {
			if presente(w, falso, salta) {
				return true
			}
		}
		return false
	case []any:
		for _, w := range x {
			if (salta && haQualcosa(w)) || (!salta && presente(w, falso, salta)) {
				return true
			}
		}
		return false
	}
	return true
}

// haQualcosa is what core asks of a row.
func haQualcosa(v any) bool {
	pieno := func(v any) bool {
		if valore.Oggetto(v) {
			return !valore.Vuoto(v)
		}
		return valore.Tipo(v) == "number" || valore.Booleano(v)
	}
	m, ok := v.(map[string]any)
	if !ok {
		return pieno(v)
	}
	for _, w := range m {
		if pieno(w) {
			return true
		}
	}
	return false
}

func obbligoSondaggio(k *caso) *Errore {
	m, ok := k.Valore.(map[string]any)
	domande, lista := k.Componente["questions"].([]any)
	if !ok || !lista {
		return rotta
	}
	for _, v := range m {
		if _, ok := v.(string); !ok {
			return rotta
		}
	}
	for _, d := range domande {
		if testo(m[testo(oggetto(d)["value"])]) == "" {
			return errore("required", "requiredSurvey")
		}
	}
	return nil
}
