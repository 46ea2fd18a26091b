package formio

import (
	"regexp"
	"time"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// reAppuntamento is what the calendars of the Stanza del Cittadino send:
// "21/06/2024 @ 09:00-09:15 (calendar#meeting#opening_hour)".
var reAppuntamento = regexp.MustCompile(`^(\d{2}/\d{2}/\d{4}) @ (\d{2}:\d{2})-(\d{2}:\d{2}) \([0-9A-Za-z-]{1,64}#[0-9A-Za-z-]{0,64}#[0-9A-Za-z-]{0,64}\)$`)

// stanza are the checks of the types of the Stanza del Cittadino, which Form.io
// does not know.
func (c *corsa) stanza(k *caso) {
	if !pieno(k.v) {
		return
	}
	switch k.p.tipo {
	case "calendar", "dynamic_calendar":
		if !appuntamento(k.v) {
			c.segnala(k.p, difetto{regola: "appuntamento", chiave: "appuntamento"})
		}
	case "sdcfile":
		c.fileStanza(k)
	case "financial_report":
		if !quadra(k.v, valore.Prendi(c.dati, "payment_amount")) {
			c.segnala(k.p, difetto{regola: "quadratura", chiave: "quadratura"})
		}
	}
}

func appuntamento(v any) bool {
	s, _ := v.(string)
	m := reAppuntamento.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	if _, err := time.Parse("02/01/2006", m[1]); err != nil {
		return false
	}
	dalle, err := time.Parse("15:04", m[2])
	if err != nil {
		return false
	}
	alle, err := time.Parse("15:04", m[3])
	return err == nil && dalle.Before(alle)
}

// fileStanza wants different names, and a signature where the form asks for it.
func (c *corsa) fileStanza(k *caso) {
	ff, ok := k.v.([]any)
	if !ok {
		c.segnala(k.p, difetto{regola: "array", chiave: "array"})
		return
	}
	nomi := map[string]bool{}
	for _, f := range ff {
		m, ok := f.(map[string]any)
		if !ok {
			c.segnala(k.p, difetto{regola: "array", chiave: "array"})
			return
		}
		nome := testo(m, "originalName")
		if nome == "" {
			nome = testo(m, "name")
		}
		if nomi[nome] {
			c.segnala(k.p, difetto{regola: "nomiUguali", chiave: "nomiUguali"})
		}
		nomi[nome] = true
		if vero(k.comp, "check_signature") && m["signature_validation"] == "none" {
			c.segnala(k.p, difetto{regola: "firma", chiave: "firma"})
		}
	}
}

// quadra says whether the entries add up to the amount to pay, to the cent.
func quadra(v, totale any) bool {
	voci, ok := v.([]any)
	if !ok {
		return false
	}
	somma := decimal.Zero
	for _, x := range voci {
		m, ok := x.(map[string]any)
		if !ok || testo(m, "codCapitolo") == "" || testo(m, "codUfficio") == "" {
			return false
		}
		d, ok := importo(m["importo"])
		if !ok || d.IsNegative() {
			return false
		}
		somma = somma.Add(d)
	}
	t, ok := importo(totale)
	return ok && somma.Equal(t)
}

func importo(v any) (decimal.Decimal, bool) {
	switch x := v.(type) {
	case float64:
		if n := numero(x); valore.Indefinito(n) || x > 1e12 || x < -1e12 {
			return decimal.Zero, false
		}
	case string:
		if len(x) > 20 {
			return decimal.Zero, false
		}
	default:
		return decimal.Zero, false
	}
	d, err := decimal.NewFromString(valore.Testo(v))
	if err != nil || d.Exponent() > 12 || d.Exponent() < -12 {
		return decimal.Zero, false
	}
	return d.Round(2), true
}
