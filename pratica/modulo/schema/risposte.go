package schema

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

type oggetto = map[string]any

// Risposte gives the JSON Schema of the answers to a form, as modulo.Esito has
// them in Valori: numbers as text with a point, days as ISO 8601, options by
// code, no empty values. The values of a submission without errors validate;
// what validates still has to pass Modulo.Valuta, which alone knows conditions,
// limits in numbers and days, codes with a check digit. A form with a
// modulo.Estensione may hide what this schema requires: its conditions are not
// in the definition.
//
// Fields are required where they always are; computed ones are readOnly. Other
// keys are refused, although Valuta would drop them: a program that sends them
// is wrong about something. The same form gives the same bytes.
func Risposte(m *modulo.Modulo) []byte {
	d := m.Definizione()
	s := oggetto{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     fmt.Sprintf("urn:sportello-digitale:pratiche:risposte:%s:%d", d.ID, d.Versione),
		"title":   d.Titolo,
	}
	if d.Descrizione != "" {
		s["description"] = d.Descrizione
	}
	var campi []modulo.Campo
	fissi := map[string]bool{}
	for _, z := range m.Sezioni() {
		campi = append(campi, z.Campi...)
		for _, c := range z.Campi {
			fissi[c.ID] = strings.TrimSpace(z.Se) == ""
		}
	}
	riempi(s, campi, func(c modulo.Campo) bool { return fissi[c.ID] })
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil // maps of texts and numbers: it cannot happen
	}
	return append(b, '\n')
}

// riempi writes the properties of the form or of a row.
func riempi(s oggetto, campi []modulo.Campo, fisso func(modulo.Campo) bool) {
	proprieta, obbligatori := oggetto{}, []string{}
	for _, c := range campi {
		if c.Tipo == modulo.Nota {
			continue
		}
		proprieta[c.ID] = campo(c)
		if fisso(c) && strings.TrimSpace(c.Se) == "" && c.Calcolo == "" &&
			(c.Obbligatorio || c.Tipo == modulo.Dichiarazione || c.Tipo == modulo.Gruppo && c.MinimoRighe > 0) {
			obbligatori = append(obbligatori, c.ID)
		}
	}
	s["type"], s["properties"], s["additionalProperties"] = "object", proprieta, false
	if len(obbligatori) > 0 {
		s["required"] = obbligatori
	}
}

// numero is how package modulo writes a number: up to so many decimals.
const numero = `^-?[0-9]+(\.[0-9]+)?$`

func campo(c modulo.Campo) oggetto {
	s := oggetto{"title": c.Etichetta}
	descrivi(s, c)
	if c.Calcolo != "" {
		s["readOnly"] = true
	}
	testo := func(chiavi oggetto) {
		s["type"] = "string"
		for k, v := range chiavi {
			s[k] = v
		}
	}
	switch c.Tipo {
	case modulo.Testo, modulo.TestoLungo:
		massimo := modulo.LimiteCaratteri
		if c.MassimoCaratteri > 0 {
			massimo = c.MassimoCaratteri
		}
		testo(oggetto{"minLength": max(1, c.MinimoCaratteri), "maxLength": massimo})
		forma(s, c)
	case modulo.Intero:
		testo(oggetto{"pattern": `^-?[0-9]+$`})
	case modulo.Decimale:
		testo(oggetto{"pattern": numero})
	case modulo.Importo:
		testo(oggetto{"pattern": `^-?[0-9]+\.[0-9]{2}$`})
	case modulo.Data:
		testo(oggetto{"format": "date", "pattern": `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`})
	case modulo.Ora:
		testo(oggetto{"pattern": `^([01][0-9]|2[0-3]):[0-5][0-9]$`})
	case modulo.SiNo, modulo.Consenso:
		s["type"] = "boolean"
	case modulo.Dichiarazione:
		s["const"] = true
	case modulo.Scelta:
		scelte(s, c)
	case modulo.SceltaMultipla:
		voce := oggetto{}
		scelte(voce, c)
		s["type"], s["items"], s["uniqueItems"], s["minItems"] = "array", voce, true, max(1, c.MinimoScelte)
		if c.MassimoScelte > 0 {
			s["maxItems"] = c.MassimoScelte
		}
	case modulo.File:
		s["type"], s["uniqueItems"], s["minItems"], s["maxItems"] = "array", true, 1, max(1, c.MassimoFile)
		s["items"] = oggetto{"type": "string", "minLength": 1, "maxLength": 200}
	case modulo.Gruppo:
		righe := oggetto{}
		riempi(righe, c.Campi, func(modulo.Campo) bool { return true })
		massimo := modulo.LimiteRighe
		if c.MassimoRighe > 0 {
			massimo = c.MassimoRighe
		}
		s["type"], s["items"], s["minItems"], s["maxItems"] = "array", righe, max(1, c.MinimoRighe), massimo
	case modulo.Email, modulo.PEC:
		testo(oggetto{"format": "email", "minLength": 1, "maxLength": 300})
		forma(s, c)
	case modulo.Telefono, modulo.CAP:
		testo(oggetto{"minLength": 1, "maxLength": 300})
		forma(s, c)
	case modulo.URL:
		testo(oggetto{"format": "uri", "minLength": 1})
	case modulo.Appuntamento, modulo.Bollo:
		testo(oggetto{"minLength": 1})
	case modulo.CodiceFiscale, modulo.PartitaIVA, modulo.IBAN:
		testo(oggetto{"minLength": 1, "maxLength": 300})
	default:
		// A type that this schema does not describe: Valuta reads it.
	}
	return s
}

// scelte closes the choice; options that come from elsewhere stay open.
func scelte(s oggetto, c modulo.Campo) {
	s["type"] = "string"
	var q []oggetto
	for _, o := range c.Opzioni {
		q = append(q, oggetto{"const": o.Valore, "title": o.Etichetta})
	}
	if len(q) > 0 {
		s["oneOf"] = q
	}
}

// forma adds the pattern where the two dialects of regular expressions agree:
// flags and classes of RE2 alone are left to Valuta.
func forma(s oggetto, c modulo.Campo) {
	if c.Schema == "" {
		return
	}
	for _, solo := range []string{"(?i", "(?s", "(?m", "(?U", "(?P", "(?-", "[[:", `\A`, `\z`, `\Q`, `\C`, `\x{`, `\p`, `\P`, `\a`} {
		if strings.Contains(c.Schema, solo) {
			return
		}
	}
	s["pattern"] = "^(?:" + c.Schema + ")$"
}

// descrivi says in words what the keywords cannot.
func descrivi(s oggetto, c modulo.Campo) {
	var q []string
	for _, v := range [][2]string{
		{"", c.Aiuto}, {"", c.Testo}, {"Minimo: ", c.Minimo}, {"Massimo: ", c.Massimo}, {"", c.MessaggioSchema},
		{"Visibile se: ", c.Se}, {"Obbligatorio se: ", c.ObbligatorioSe}, {"Calcolato: ", c.Calcolo},
		{"Tipi di file: ", strings.Join(c.TipiFile, ", ")},
	} {
		if strings.TrimSpace(v[1]) != "" {
			q = append(q, v[0]+strings.TrimSpace(v[1]))
		}
	}
	if len(q) > 0 {
		s["description"] = strings.Join(q, "\n")
	}
}
