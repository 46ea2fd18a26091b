package formio

import (
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

var reAnno = regexp.MustCompile(`\d{4}$`)

func regolaData(k *caso) verdetto {
	no := male("date", "invalidDate")
	s, ok := k.v.(string)
	if !ok || strings.EqualFold(s, "invalid date") {
		return no
	}
	if _, ok := valore.LeggiData(s, k.c.o.Fuso); !ok {
		return no
	}
	return bene
}

func regolaOra(k *caso) verdetto {
	if !k.pieno() || vuotoValore("time", k.v) {
		return bene
	}
	formato := testo(k.comp, "dataFormat")
	if formato == "" {
		formato = "HH:mm:ss"
	}
	if _, ok := valore.LeggiFormato(valore.Testo(k.v), formato, valore.FormaDayjsRigorosa, k.c.o.Adesso, k.c.o.Fuso); !ok {
		return male("time", "time")
	}
	return bene
}

// partiGiorno reads day, month and year of a day component, some of which may
// be hidden; a part that is not there is not a number.
func partiGiorno(comp map[string]any, s string) (g, m, a float64) {
	parti := strings.Split(s, "/")
	leggi := func(i int) float64 {
		if i < 0 || i >= len(parti) {
			return math.NaN()
		}
		return valore.LeggiIntero(parti[i])
	}
	ig, im, ia := 1, 0, 2
	if vero(comp, "dayFirst") {
		ig, im = 0, 1
	}
	g, m, a = leggi(ig), leggi(im), leggi(ia)
	if len(parti) == 3 {
		return g, m, a
	}
	campi := oggetto(comp, "fields")
	nascosto := func(c string) bool { return vero(oggetto(campi, c), "hide") }
	zeroOppure := func(c string, v float64, i int) float64 {
		if nascosto(c) && v == 0 {
			return 0
		}
		return leggi(i)
	}
	if nascosto("day") {
		im, ia = max(im-1, 0), ia-1
		g, m, a = 0, leggi(im), leggi(ia)
	}
	if nascosto("month") {
		ig, ia = max(ig-1, 0), ia-1
		g, m, a = zeroOppure("day", g, ig), 0, leggi(ia)
	}
	if nascosto("year") {
		g, m, a = zeroOppure("day", g, ig), zeroOppure("month", m, im), 0
	}
	return g, m, a
}

func regolaGiorno(k *caso) verdetto {
	no := male("day", "invalidDay")
	s, ok := k.v.(string)
	if !ok {
		return no
	}
	if strings.Count(s, "/") != 2 && oggetto(k.comp, "fields") == nil {
		return rotta
	}
	g, m, a := partiGiorno(k.comp, s)
	massimo := 31.0
	if m >= 1 && m <= 12 {
		anno := 1900 // not a leap one
		if a == a && math.Abs(a) < 1e6 {
			anno = int(a)
		}
		massimo = float64(valore.GiorniDelMese(anno, int(m)))
	}
	if !(g >= 0 && g <= massimo && m >= 0 && m <= 12 && a >= 0 && a <= 9999) {
		return no
	}
	return bene
}

func giornoObbligatorio(comp map[string]any) bool {
	c := oggetto(comp, "fields")
	return vero(oggetto(c, "day"), "required") || vero(oggetto(c, "month"), "required") || vero(oggetto(c, "year"), "required")
}

func regolaGiornoObbligatorio(k *caso) verdetto {
	if !k.pieno() {
		return male("day", "requiredDayEmpty")
	}
	s, ok := k.v.(string)
	if !ok {
		return rotta
	}
	g, m, a := partiGiorno(k.comp, s)
	c := oggetto(k.comp, "fields")
	manca := func(v float64, campo string) bool { return (v == 0 || v != v) && vero(oggetto(c, campo), "required") }
	switch {
	case manca(g, "day"):
		return male("day", "requiredDayField")
	case manca(m, "month"):
		return male("day", "requiredMonthField")
	case manca(a, "year"):
		return male("day", "requiredYearField")
	}
	return bene
}

// giornoParziale is isPartialDay; false in the second place where it breaks.
func giornoParziale(comp map[string]any, v any) (parziale, ok bool) {
	if !valore.Booleano(v) {
		return true, true
	}
	s, ok := v.(string)
	if !ok {
		return false, false
	}
	parti := append(strings.Split(s, "/"), "", "", "")
	g, m := 1, 0
	if vero(comp, "dayFirst") {
		g, m = 0, 1
	}
	return parti[g] == "00" || parti[m] == "00" || parti[2] == "0000", true
}

func valeGiorno(chiave string) func(*caso) bool {
	return func(k *caso) bool {
		if _, ok := k.comp[chiave]; !ok || k.p.tipo != "day" {
			return false
		}
		parziale, ok := giornoParziale(k.comp, k.v)
		return !ok || !parziale
	}
}

func regolaLimiteGiorno(chiave string, verso int) func(*caso) verdetto {
	return func(k *caso) verdetto {
		limite, ok := k.c.limiteData(k.p, chiave, k.comp[chiave])
		if !ok {
			return bene
		}
		s, ok := k.v.(string)
		if !ok {
			return rotta
		}
		formato := "MM-DD-YYYY"
		if vero(k.comp, "dayFirst") {
			formato = "DD-MM-YYYY"
		}
		t, ok := valore.LeggiFormato(s, formato, valore.FormaDayjs, k.c.o.Adesso, k.c.o.Fuso)
		limite = mezzanotte(limite)
		if ok && t.Compare(limite)*verso <= 0 {
			return bene
		}
		return male(chiave, chiave, chiave, limite.Format("02/01/2006"))
	}
}

func mezzanotte(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

func valeData(chiave string) func(*caso) bool {
	return func(k *caso) bool {
		_, ok := oggetto(k.comp, "widget")[chiave]
		return ok && k.p.tipo == "datetime" && k.pieno()
	}
}

func regolaLimiteData(chiave string, verso int) func(*caso) verdetto {
	return func(k *caso) verdetto {
		widget := oggetto(k.comp, "widget")
		limite, ok := k.c.limiteData(k.p, "widget."+chiave, widget[chiave])
		if !ok {
			return bene
		}
		s, ok := k.v.(string)
		if !ok {
			return rotta
		}
		forma := "02/01/2006 15:04"
		if !vero(widget, "enableTime") {
			forma = "02/01/2006"
			limite = mezzanotte(limite)
			if verso > 0 {
				limite = limite.AddDate(0, 0, 1).Add(-time.Millisecond)
			}
		}
		t, ok := valore.LeggiGiorno(s, k.c.o.Fuso)
		if ok && t.Truncate(time.Millisecond).Compare(limite)*verso <= 0 {
			return bene
		}
		return male(chiave, chiave, chiave, limite.Format(forma))
	}
}

// limiteData is getDateSetting: a date, or an expression of moment.
func (c *corsa) limiteData(p *posto, nome string, v any) (time.Time, bool) {
	if valore.Nullo(v) || v == "" {
		return time.Time{}, false
	}
	s, eTesto := v.(string)
	if !eTesto || !strings.Contains(s, "moment(") {
		if t, ok := valore.LeggiGiorno(v, c.o.Fuso); ok {
			return t.Truncate(time.Millisecond), true
		}
	}
	g := p.script.limiti[nome]
	if g == nil {
		return time.Time{}, false
	}
	q, ok := c.esegui(g, p, nil)
	if !ok {
		return time.Time{}, false
	}
	t, ok := valore.LeggiGiorno(q, c.o.Fuso)
	return t.Truncate(time.Second), ok
}

func valeAnno(chiave string) func(*caso) bool {
	return func(k *caso) bool {
		return k.p.tipo == "day" && (vero(k.comp, chiave) || chiave == "maxYear" && vero(oggetto(oggetto(k.comp, "fields"), "year"), chiave))
	}
}

func regolaAnno(chiave string) func(*caso) verdetto {
	return func(k *caso) verdetto {
		switch k.v.(type) {
		case string, float64:
		default:
			return rottaSePieno(k.v)
		}
		campo := prop(oggetto(oggetto(k.comp, "fields"), "year"), chiave)
		limite := prop(k.comp, chiave)
		if valore.Booleano(limite) && valore.Booleano(campo) && !valore.Identico(limite, campo) {
			return rotta
		}
		if !valore.Booleano(limite) {
			limite = campo
		}
		s := reAnno.FindString(valore.Testo(k.v))
		if s == "" {
			return bene
		}
		anno, n := valore.Numero(s), valore.Numero(limite)
		if chiave == "maxYear" && anno <= n || chiave == "minYear" && anno >= n {
			return bene
		}
		return male(chiave, chiave, chiave, valore.Testo(limite))
	}
}

// rottaSePieno spares what is empty from the refusal of what cannot be judged.
func rottaSePieno(v any) verdetto {
	if pieno(v) {
		return rotta
	}
	return bene
}
