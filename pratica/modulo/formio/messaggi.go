package formio

// Errore is one thing wrong with a submission. It holds no answer.
type Errore struct {
	// Percorso is that of @formio/core: "figli[0].nome", "applicant.data.nome".
	Percorso string
	// Regola is the rule: "required", "maxLength", "custom"…; see the package comment.
	Regola string
	// Messaggio is what the citizen reads.
	Messaggio string
}

// catalogo are the Italian texts, by key of @formio/core and ours.
var catalogo = map[string]string{
	"required":             "{{field}}: è obbligatorio",
	"unique":               "{{field}}: questo valore è già stato usato",
	"array":                "{{field}}: serve un elenco di valori",
	"array_nonempty":       "{{field}}: serve almeno un valore",
	"nonarray":             "{{field}}: si può dare un solo valore",
	"select":               "{{field}}: scegli una voce dell'elenco",
	"pattern":              "{{field}}: non è scritto nella forma richiesta",
	"minLength":            "{{field}}: servono almeno {{length}} caratteri",
	"maxLength":            "{{field}}: al massimo {{length}} caratteri",
	"minWords":             "{{field}}: servono almeno {{length}} parole",
	"maxWords":             "{{field}}: al massimo {{length}} parole",
	"min":                  "{{field}}: non può essere meno di {{min}}",
	"max":                  "{{field}}: non può essere più di {{max}}",
	"minDate":              "{{field}}: la data non può essere prima del {{minDate}}",
	"maxDate":              "{{field}}: la data non può essere dopo il {{maxDate}}",
	"minYear":              "{{field}}: l'anno non può essere prima del {{minYear}}",
	"maxYear":              "{{field}}: l'anno non può essere dopo il {{maxYear}}",
	"minSelectedCount":     "{{field}}: scegli almeno {{minCount}} voci",
	"maxSelectedCount":     "{{field}}: puoi scegliere al massimo {{maxCount}} voci",
	"invalid_email":        "{{field}}: scrivi un indirizzo di posta elettronica, per esempio nome@esempio.it",
	"invalid_url":          "{{field}}: scrivi un indirizzo web, per esempio https://www.esempio.it",
	"invalid_regex":        "{{field}}: non è scritto nella forma richiesta",
	"regex":                "{{field}}: non è scritto nella forma richiesta",
	"invalid_date":         "{{field}}: scrivi una data",
	"invalidDate":          "{{field}}: scrivi una data",
	"invalid_day":          "{{field}}: scrivi un giorno che esiste",
	"invalidDay":           "{{field}}: scrivi un giorno che esiste",
	"mask":                 "{{field}}: non è scritto nella forma richiesta",
	"invalidOption":        "{{field}}: scegli una voce dell'elenco",
	"valueIsNotAvailable":  "{{field}}: scegli una voce dell'elenco",
	"invalidValueProperty": "{{field}}: la voce scelta non è leggibile",
	"time":                 "{{field}}: scrivi un'ora, per esempio 09:30",
	"number":               "{{field}}: scrivi un numero",
	"requiredDayField":     "{{field}}: manca il giorno",
	"requiredMonthField":   "{{field}}: manca il mese",
	"requiredYearField":    "{{field}}: manca l'anno",
	"requiredDayEmpty":     "{{field}}: è obbligatorio",
	"custom":               "{{field}}: controlla quello che hai scritto",
	"jsonLogic":            "{{field}}: controlla quello che hai scritto",
	"nonVerificabile":      "{{field}}: questo dato non si può verificare qui; rivolgiti all'ufficio",
	"appuntamento":         "{{field}}: scegli un giorno e un'ora fra quelli liberi",
	"nomiUguali":           "{{field}}: ci sono due file con lo stesso nome",
	"firma":                "{{field}}: il file deve essere firmato digitalmente",
	"quadratura":           "{{field}}: le voci non corrispondono all'importo da pagare",
	"forma":                "{{field}}: i dati non hanno la forma attesa",
	"limite":               "I dati inviati sono troppi: riduci allegati, righe o testi e riprova",
}

func messaggioCatalogo(chiave string, testi map[string]string) string {
	if s := testi[chiave]; s != "" {
		return s
	}
	return catalogo[chiave]
}

// messaggio is the text of an error: what the component says (customMessage, then
// errors by key), then the texts given, then the catalogue; a key that is in
// none is itself the text, as scripts give it.
func (c *corsa) messaggio(comp map[string]any, chiave string, parametri map[string]string) string {
	frase := testo(oggetto(comp, "validate"), "customMessage")
	if frase == "" {
		frase = testo(oggetto(comp, "errors"), chiave)
	}
	if frase == "" {
		frase = messaggioCatalogo(chiave, c.o.Testi)
	}
	if frase == "" {
		frase = chiave
	}
	if t := c.o.Testi[frase]; t != "" {
		frase = t
	}
	return accorcia(c.interpola(frase, func(percorso string) any {
		if percorso == "field" {
			return c.nomeCampo(comp)
		}
		return parametri[percorso]
	}, false), 500)
}

func (c *corsa) nomeCampo(comp map[string]any) string {
	for _, k := range []string{"errorLabel", "label", "placeholder", "key"} {
		if s := testo(comp, k); s != "" {
			if t := c.o.Testi[s]; t != "" {
				s = t
			}
			return s
		}
	}
	return ""
}
