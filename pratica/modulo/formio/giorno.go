package formio

import (
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// ora turns the time as shown into the time as kept.
func (c *corsa) ora(comp map[string]any, v any) any {
	s, ok := v.(string)
	if !ok {
		return v
	}
	da, a := testo(comp, "format"), testo(comp, "dataFormat")
	if da == "" {
		da = "HH:mm"
	}
	if a == "" {
		a = "HH:mm:ss"
	}
	t, ok := valore.LeggiFormato(s, da, valore.FormaDayjsRigorosa, c.o.Adesso, c.o.Fuso)
	if !ok {
		return v
	}
	return valore.ScriviData(t, a)
}

// giorno completes a day component whose hidden parts were left out.
func giorno(comp map[string]any, s string) any {
	if s == "" || reGiorno.MatchString(s) {
		return s
	}
	mostra := func(k string) bool { return !vero(oggetto(oggetto(comp, "fields"), k), "hide") }
	g, m, a := mostra("day"), mostra("month"), mostra("year")
	prima := vero(comp, "dayFirst")
	if vero(comp, "useLocaleSettings") {
		prima = false // the locale of @formio/core is en
	}
	dg, dm, da := giornoPredefinito(comp, g, m, a)
	parti := strings.Split(s, "/")
	var q []string
	prossima := func(mostrata bool, altrimenti string) {
		x := altrimenti
		if mostrata {
			if len(parti) == 0 {
				q = append(q, "")
				return
			}
			x, parti = parti[0], parti[1:]
		}
		if x != "" {
			q = append(q, x)
		}
	}
	if prima {
		prossima(g, dg)
	}
	prossima(m, dm)
	if !prima {
		prossima(g, dg)
	}
	prossima(a, da)
	return strings.Join(q, "/")
}

func giornoPredefinito(comp map[string]any, g, m, a bool) (string, string, string) {
	s := testo(comp, "defaultValue")
	if s == "" {
		return "", "", ""
	}
	parti := strings.Split(s, "/")
	ig, im, ia := 1, 0, 2
	if vero(comp, "dayFirst") {
		ig, im = 0, 1
	}
	if len(parti) != 3 {
		if !g {
			im, ia, ig = max(im-1, 0), ia-1, -1
		}
		if !m {
			if ig >= 0 {
				ig = max(ig-1, 0)
			}
			ia, im = ia-1, -1
		}
		if !a {
			ia = -1
		}
	}
	prendi := func(i int) string {
		if i < 0 || i >= len(parti) {
			return ""
		}
		return parti[i]
	}
	return prendi(ig), prendi(im), prendi(ia)
}
