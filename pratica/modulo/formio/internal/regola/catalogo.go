package regola

import (
	"maps"
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// voce is what the citizen reads: what is wrong, and what to do about it (WCAG 2.1, 3.3.3).
type voce struct{ messaggio, consiglio string }

// catalogo holds a voce for each key that a rule gives, and for those of
// @formio/core that a definition may name in its errors.
var catalogo = map[string]voce{
	"required":             {"{{field}}: è obbligatorio", "Compila il campo."},
	"requiredSurvey":       {"{{field}}: rispondi a tutte le domande", "Scegli una risposta per ogni domanda."},
	"requiredDayEmpty":     {"{{field}}: è obbligatorio", "Scrivi giorno, mese e anno."},
	"requiredDayField":     {"{{field}}: manca il giorno", "Scrivi il giorno con un numero da 1 a 31."},
	"requiredMonthField":   {"{{field}}: manca il mese", "Scrivi il mese con un numero da 1 a 12."},
	"requiredYearField":    {"{{field}}: manca l'anno", "Scrivi l'anno con quattro cifre."},
	"unique":               {"{{field}}: questo valore è già stato usato", "Controlla di non avere già presentato la stessa richiesta."},
	"array":                {"{{field}}: serve un elenco di valori", "Ricarica la pagina e compila di nuovo il campo."},
	"array_nonempty":       {"{{field}}: serve almeno un valore", "Aggiungi un valore."},
	"nonarray":             {"{{field}}: si può dare un solo valore", "Lascia un solo valore."},
	"select":               {"{{field}}: la voce scelta non è disponibile", "Scegli una voce dell'elenco."},
	"invalidOption":        {"{{field}}: la voce scelta non è disponibile", "Scegli una voce dell'elenco."},
	"valueIsNotAvailable":  {"{{field}}: la voce scelta non è disponibile", "Scegli una voce dell'elenco."},
	"invalidValueProperty": {"{{field}}: la voce scelta non è leggibile", "Scegli un'altra voce dell'elenco."},
	"pattern":              {"{{field}}: non è scritto nella forma richiesta", "Controlla l'esempio accanto al campo."},
	"invalid_regex":        {"{{field}}: non è scritto nella forma richiesta", "Controlla l'esempio accanto al campo."},
	"mask":                 {"{{field}}: non è scritto nella forma richiesta", "Riempi ogni posizione, con lettere e cifre al loro posto."},
	"minLength":            {"{{field}}: servono almeno {{length}} caratteri", "Scrivi un testo più lungo."},
	"maxLength":            {"{{field}}: al massimo {{length}} caratteri", "Accorcia il testo."},
	"minWords":             {"{{field}}: servono almeno {{length}} parole", "Scrivi un testo più lungo."},
	"maxWords":             {"{{field}}: al massimo {{length}} parole", "Accorcia il testo."},
	"min":                  {"{{field}}: non può essere meno di {{min}}", "Scrivi un numero pari a {{min}} o maggiore."},
	"max":                  {"{{field}}: non può essere più di {{max}}", "Scrivi un numero pari a {{max}} o minore."},
	"number":               {"{{field}}: non è un numero", "Scrivi solo cifre, con la virgola per i decimali."},
	"minDate":              {"{{field}}: la data non può essere prima del {{minDate}}", "Scrivi il {{minDate}} o una data successiva."},
	"maxDate":              {"{{field}}: la data non può essere dopo il {{maxDate}}", "Scrivi il {{maxDate}} o una data precedente."},
	"minYear":              {"{{field}}: l'anno non può essere prima del {{minYear}}", "Controlla l'anno."},
	"maxYear":              {"{{field}}: l'anno non può essere dopo il {{maxYear}}", "Controlla l'anno."},
	"invalidDate":          {"{{field}}: non è una data", "Scrivi una data che esiste, per esempio 31/03/2026."},
	"invalid_date":         {"{{field}}: non è una data", "Scrivi una data che esiste, per esempio 31/03/2026."},
	"invalidDay":           {"{{field}}: non è un giorno che esiste", "Controlla giorno, mese e anno."},
	"invalid_day":          {"{{field}}: non è un giorno che esiste", "Controlla giorno, mese e anno."},
	"time":                 {"{{field}}: non è un'ora", "Scrivi ore e minuti, per esempio 09:30."},
	"minSelectedCount":     {"{{field}}: scegli almeno {{minCount}} voci", "Spunta altre voci."},
	"maxSelectedCount":     {"{{field}}: puoi scegliere al massimo {{maxCount}} voci", "Togli la spunta a qualche voce."},
	"invalid_email":        {"{{field}}: non è un indirizzo di posta elettronica", "Scrivi per esempio nome@esempio.it."},
	"invalid_url":          {"{{field}}: non è un indirizzo web", "Scrivi per esempio https://www.esempio.it."},
	"custom":               {"{{field}}: il valore non è ammesso", "Controlla quello che hai scritto."},
	"jsonLogic":            {"{{field}}: il valore non è ammesso", "Controlla quello che hai scritto."},
	"captcha":              {"{{field}}: la verifica non è riuscita", "Ripeti la verifica."},
	"nonVerificabile":      {"{{field}}: questo dato non si può verificare qui", "Rivolgiti all'ufficio."},
}

// Chiavi lists the keys of the catalogue, sorted.
func Chiavi() []string { return slices.Sorted(maps.Keys(catalogo)) }

// Messaggio is the Italian text of an error: that of the component's errors for
// the key, the catalogue's, or the key itself where it is a text of the
// component. {{field}} and the settings are filled in; nothing else is.
func Messaggio(c Componente, e Errore) string {
	frase := testo(oggetto(c["errors"])[e.Chiave])
	if frase == "" {
		frase = catalogo[e.Chiave].messaggio
	}
	if frase == "" {
		frase = e.Chiave
	}
	return riempi(frase, c, e)
}

// Consiglio says what to do about an error; empty where the text is of the component itself.
func Consiglio(c Componente, e Errore) string { return riempi(catalogo[e.Chiave].consiglio, c, e) }

// Etichetta names the field: errorLabel, label, placeholder, key.
func Etichetta(c Componente) string {
	for _, k := range []string{"errorLabel", "label", "placeholder", "key"} {
		if s := valore.Pota(testo(c[k])); s != "" {
			return s
		}
	}
	return ""
}

// riempi fills the places once: what goes in is not looked at again.
func riempi(frase string, c Componente, e Errore) string {
	coppie := []string{"{{field}}", Etichetta(c), "{{ field }}", Etichetta(c)}
	for _, k := range slices.Sorted(maps.Keys(e.Parametri)) {
		coppie = append(coppie, "{{"+k+"}}", e.Parametri[k], "{{ "+k+" }}", e.Parametri[k])
	}
	return strings.NewReplacer(coppie...).Replace(frase)
}
