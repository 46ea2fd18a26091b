package script

import (
	"math"
	"strings"
	"time"

	"github.com/dop251/goja"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

func (a *ambiente) istante(v goja.Value) time.Time {
	return time.UnixMilli(v.ToInteger()).In(a.c.Fuso)
}

func (a *ambiente) milli(t time.Time, ok bool) goja.Value {
	if !ok || t.Year() < -9999 || t.Year() > 99999 {
		return a.rt.ToValue(math.NaN())
	}
	return a.rt.ToValue(t.UnixMilli())
}

// momentLeggi is moment(value, format, strict) as milliseconds, NaN where it is invalid.
func (a *ambiente) momentLeggi(f goja.FunctionCall) goja.Value {
	n := 100
	v, err := a.esporta(f.Argument(0), 98, &n)
	if err != nil {
		return a.milli(time.Time{}, false)
	}
	switch {
	case valore.Indefinito(v):
		return a.milli(a.c.Ora, true)
	case goja.IsUndefined(f.Argument(1)):
		if s, ok := v.(string); ok && len(s) == 4 {
			return a.milli(valore.LeggiFormato(s, "YYYY", valore.FormaMomentRigorosa, a.c.Ora, a.c.Fuso))
		}
		return a.milli(valore.LeggiGiorno(v, a.c.Fuso))
	case v == nil:
		return a.milli(time.Time{}, false)
	}
	forma := valore.FormaMoment
	if f.Argument(2).ToBoolean() {
		forma = valore.FormaMomentRigorosa
	}
	return a.milli(valore.LeggiFormato(valore.Testo(v), f.Argument(1).String(), forma, a.c.Ora, a.c.Fuso))
}

func (a *ambiente) momentScrivi(f goja.FunctionCall) goja.Value {
	formato := "YYYY-MM-DDTHH:mm:ssZ"
	if !goja.IsUndefined(f.Argument(1)) {
		formato = f.Argument(1).String()
	}
	if formato == "ISO" {
		return a.rt.ToValue(valore.ScriviISO(a.istante(f.Argument(0))))
	}
	return a.rt.ToValue(valore.ScriviData(a.istante(f.Argument(0)), formato))
}

// misuraTempo gives the unit without its plural and short forms.
func misuraTempo(v goja.Value) string {
	s := v.String()
	switch s {
	case "y", "M", "w", "d", "h", "m", "s", "ms":
		return s
	}
	switch s = strings.TrimSuffix(strings.ToLower(s), "s"); s {
	case "year":
		return "y"
	case "month":
		return "M"
	case "week", "isoweek":
		return "w"
	case "day", "date":
		return "d"
	case "hour":
		return "h"
	case "minute":
		return "m"
	case "second":
		return "s"
	}
	return "ms"
}

var durate = map[string]time.Duration{"w": 7 * 24 * time.Hour, "d": 24 * time.Hour, "h": time.Hour, "m": time.Minute, "s": time.Second, "ms": time.Millisecond}

func (a *ambiente) momentAggiungi(f goja.FunctionCall) goja.Value {
	t, n := a.istante(f.Argument(0)), int(max(-1e6, min(1e6, f.Argument(1).ToFloat())))
	switch u := misuraTempo(f.Argument(2)); u {
	case "y", "M":
		mesi := n
		if u == "y" {
			mesi = n * 12
		}
		// Where the day does not exist, moment takes the last one of the month.
		primo := time.Date(t.Year(), t.Month()+time.Month(mesi), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
		return a.milli(primo.AddDate(0, 0, min(t.Day(), valore.GiorniDelMese(primo.Year(), int(primo.Month())))-1), true)
	case "w":
		return a.milli(t.AddDate(0, 0, 7*n), true)
	case "d":
		return a.milli(t.AddDate(0, 0, n), true)
	default:
		return a.milli(t.Add(time.Duration(n)*durate[u]), true)
	}
}

// momentEstremo is startOf, or endOf where the third argument is true.
func (a *ambiente) momentEstremo(f goja.FunctionCall) goja.Value {
	t := a.istante(f.Argument(0))
	u := misuraTempo(f.Argument(1))
	y, m, d, h, mi, s := t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second()
	switch u {
	case "y":
		m, d, h, mi, s = 1, 1, 0, 0, 0
	case "M":
		d, h, mi, s = 1, 0, 0, 0
	case "w":
		d, h, mi, s = d-int(t.Weekday()), 0, 0, 0
	case "d":
		h, mi, s = 0, 0, 0
	case "h":
		mi, s = 0, 0
	case "m":
		s = 0
	case "ms":
		return f.Argument(0)
	}
	q := time.Date(y, m, d, h, mi, s, 0, t.Location())
	if f.Argument(2).ToBoolean() {
		switch u {
		case "y":
			q = q.AddDate(1, 0, 0)
		case "M":
			q = q.AddDate(0, 1, 0)
		case "w":
			q = q.AddDate(0, 0, 7)
		case "d":
			q = q.AddDate(0, 0, 1)
		default:
			q = q.Add(durate[u])
		}
		q = q.Add(-time.Millisecond)
	}
	return a.milli(q, true)
}

// momentDifferenza is a.diff(b, unit), truncated unless the fourth argument is true.
func (a *ambiente) momentDifferenza(f goja.FunctionCall) goja.Value {
	t, v := a.istante(f.Argument(0)), a.istante(f.Argument(1))
	var q float64
	switch u := misuraTempo(f.Argument(2)); u {
	case "y", "M":
		q = mesiTra(t, v)
		if u == "y" {
			q /= 12
		}
	case "w", "d":
		_, z1 := t.Zone()
		_, z2 := v.Zone()
		q = float64(t.Sub(v)+time.Duration(z1-z2)*time.Second) / float64(durate[u])
	default:
		q = float64(t.Sub(v)) / float64(durate[u])
	}
	if !f.Argument(3).ToBoolean() {
		q = math.Trunc(q)
	}
	return a.rt.ToValue(q)
}

// mesiTra counts months as moment does: whole ones, and the part of the next.
func mesiTra(a, b time.Time) float64 {
	if a.Day() < b.Day() {
		return -mesiTra(b, a)
	}
	interi := (b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month())
	piu := func(n int) time.Time {
		p := time.Date(a.Year(), a.Month()+time.Month(n), 1, a.Hour(), a.Minute(), a.Second(), a.Nanosecond(), a.Location())
		return p.AddDate(0, 0, min(a.Day(), valore.GiorniDelMese(p.Year(), int(p.Month())))-1)
	}
	ancora := piu(interi)
	mese := piu(interi + 1).Sub(ancora)
	if b.Before(ancora) {
		mese = ancora.Sub(piu(interi - 1))
	}
	return -(float64(interi) + float64(b.Sub(ancora))/float64(mese))
}

func (a *ambiente) momentParte(f goja.FunctionCall) goja.Value {
	t := a.istante(f.Argument(0))
	n := 0
	switch f.Argument(1).String() {
	case "year":
		n = t.Year()
	case "month":
		n = int(t.Month()) - 1
	case "date":
		n = t.Day()
	case "day":
		n = int(t.Weekday())
	case "hour":
		n = t.Hour()
	case "minute":
		n = t.Minute()
	case "second":
		n = t.Second()
	}
	return a.rt.ToValue(n)
}
