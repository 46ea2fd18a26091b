package valore

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// schemaGiorno is what dayjs reads by itself; anything else goes to LeggiData.
var schemaGiorno = regexp.MustCompile(`^(\d{4})[-/]?(\d{1,2})?[-/]?(\d{0,2})[Tt\s]*(\d{1,2})?:?(\d{1,2})?:?(\d{1,2})?[.:]?(\d+)?$`)

// schemaISO is the date-time string of ECMA-262, 21.4.1.32.
var schemaISO = regexp.MustCompile(`^(\d{4}|[-+]\d{6})(?:-(\d\d)(?:-(\d\d))?)?(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[-+]\d\d:?\d\d)?)?$`)

// schemaAmericano is the short form that every engine reads beyond the norm.
var schemaAmericano = regexp.MustCompile(`^(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(?: *([AaPp])[Mm])?)?$`)

var formeLunghe = []string{
	time.RFC1123, time.RFC1123Z, time.RFC850, time.ANSIC, time.UnixDate, time.RubyDate,
	"Mon Jan 2 2006 15:04:05 GMT-0700", "Mon, 2 Jan 2006 15:04:05 MST", "Mon Jan 2 2006",
	"January 2, 2006 15:04:05", "January 2, 2006", "Jan 2, 2006 15:04:05", "Jan 2, 2006", "2 January 2006", "2 Jan 2006",
	"2006/1/2 15:04:05", "2006/1/2", "2006-1-2 15:04:05", "2006-1-2 15:04", "2006-1-2",
}

func intero(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// LeggiData is new Date(s): false where JavaScript says Invalid Date. Texts
// without an offset are in fuso, except the day alone in ISO form, which is UTC.
// Of the forms outside the norm, it reads those that browsers share.
func LeggiData(s string, fuso *time.Location) (time.Time, bool) {
	if len(s) > 100 {
		return time.Time{}, false
	}
	if m := schemaISO.FindStringSubmatch(s); m != nil {
		return dataISO(m, fuso)
	}
	s = Pota(s)
	if i := strings.IndexByte(s, '('); i > 0 {
		s = strings.TrimRight(s[:i], " ")
	}
	if m := schemaAmericano.FindStringSubmatch(s); m != nil {
		mese, giorno, ore := intero(m[1]), intero(m[2]), intero(m[4])
		if m[7] != "" {
			if ore < 1 || ore > 12 {
				return time.Time{}, false
			}
			ore %= 12
			if strings.EqualFold(m[7], "p") {
				ore += 12
			}
		}
		if mese < 1 || mese > 12 || giorno < 1 || giorno > 31 || ore > 24 || intero(m[5]) > 59 || intero(m[6]) > 59 {
			return time.Time{}, false
		}
		return time.Date(intero(m[3]), time.Month(mese), giorno, ore, intero(m[5]), intero(m[6]), 0, fuso), true
	}
	for _, f := range formeLunghe {
		if t, err := time.ParseInLocation(f, s, fuso); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func dataISO(m []string, fuso *time.Location) (time.Time, bool) {
	mese, giorno := 1, 1
	if m[2] != "" {
		mese = intero(m[2])
	}
	if m[3] != "" {
		giorno = intero(m[3])
	}
	ore, minuti, secondi := intero(m[4]), intero(m[5]), intero(m[6])
	nano := intero((m[7] + "000000000")[:9])
	if mese < 1 || mese > 12 || giorno < 1 || giorno > 31 || minuti > 59 || secondi > 59 ||
		ore > 24 || (ore == 24 && minuti+secondi+nano > 0) {
		return time.Time{}, false
	}
	switch {
	case m[4] == "", m[8] == "Z":
		fuso = time.UTC
	case m[8] != "":
		cifre := strings.Replace(m[8][1:], ":", "", 1)
		s := intero(cifre[:2])*3600 + intero(cifre[2:])*60
		if m[8][0] == '-' {
			s = -s
		}
		fuso = time.FixedZone("", s)
	}
	return time.Date(intero(m[1]), time.Month(mese), giorno, ore, minuti, secondi, nano, fuso), true
}

// LeggiGiorno is dayjs(v) in fuso: unlike LeggiData, a day alone is the midnight of fuso.
// A number counts milliseconds from 1970; false for what is no date.
func LeggiGiorno(v any, fuso *time.Location) (time.Time, bool) {
	if f, ok := numerico(v); ok {
		if math.IsNaN(f) || math.Abs(f) > 8.64e15 {
			return time.Time{}, false
		}
		return time.UnixMilli(int64(f)).In(fuso), true
	}
	s, ok := v.(string)
	if !ok || len(s) > 100 {
		return time.Time{}, false
	}
	if m := schemaGiorno.FindStringSubmatch(s); m != nil {
		mese, giorno := 1, 1
		if m[2] != "" {
			mese = intero(m[2])
		}
		if n := intero(m[3]); n != 0 {
			giorno = n
		}
		return time.Date(intero(m[1]), time.Month(mese), giorno, intero(m[4]), intero(m[5]), intero(m[6]), intero((m[7] + "000")[:3])*1e6, fuso), true
	}
	t, ok := LeggiData(s, fuso)
	return t.In(fuso), ok
}

// ScriviISO is Date.prototype.toISOString.
func ScriviISO(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
