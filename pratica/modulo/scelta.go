package modulo

import (
	"slices"
	"strings"
)

func (c *campo) leggiScelte(v any) lettura {
	if c.Elenco != "" {
		return c.leggiVoci(v)
	}
	scelte := map[string]bool{}
	estranea := false
	for _, s := range elenco(v) {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if _, ok := c.posizioneOpz[s]; ok {
			scelte[s] = true
		} else {
			estranea = true
		}
	}
	l := c.niente()
	if estranea {
		l.vuoto, l.codice = false, codiceOpzione
	}
	if len(scelte) == 0 {
		return l
	}
	ordinate := make([]string, 0, len(scelte))
	for _, o := range c.Opzioni {
		if scelte[o.Valore] {
			ordinate = append(ordinate, o.Valore)
		}
	}
	l.valore, l.espr, l.vuoto = ordinate, slices.Clone(ordinate), false
	return l
}

// leggiVoci reads the choices among the options of an Elenco, in the order chosen.
func (c *campo) leggiVoci(v any) lettura {
	var scelte []string
	viste := map[string]bool{}
	l := c.niente()
	for _, s := range elenco(v) {
		switch s = pulisci(s, false); {
		case s == "" || viste[s]:
		case !formaVoce(s) || len(scelte) == LimiteOpzioni:
			l.vuoto, l.codice = false, codiceOpzione
		default:
			viste[s] = true
			scelte = append(scelte, s)
		}
	}
	if len(scelte) > 0 {
		l.valore, l.espr, l.vuoto = scelte, slices.Clone(scelte), false
	}
	return l
}
