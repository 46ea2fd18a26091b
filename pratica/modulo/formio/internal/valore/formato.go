package valore

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// simboli are the parts of a moment or dayjs format.
var simboli = regexp.MustCompile(`\[[^\[]*\]|YYYY|YY|Y|MMMM|MMM|MM|M|Do|DD|D|dddd|ddd|d|HH|H|hh|h|mm|m|ss|s|SSS|SS|S|A|a|ZZ|Z|X|x|[^A-Za-z\[]+|.`)

var mesi = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// ScriviData writes t in a moment or dayjs format, with English names as both
// do by default. Letters that are no symbol stay as they are.
func ScriviData(t time.Time, formato string) string {
	var b strings.Builder
	ore12 := (t.Hour()+11)%12 + 1
	for _, s := range simboli.FindAllString(formato, 100) {
		switch s {
		case "YYYY", "Y":
			fmt.Fprintf(&b, "%04d", t.Year())
		case "YY":
			fmt.Fprintf(&b, "%02d", t.Year()%100)
		case "MMMM":
			b.WriteString(t.Month().String())
		case "MMM":
			b.WriteString(t.Month().String()[:3])
		case "MM":
			fmt.Fprintf(&b, "%02d", t.Month())
		case "M":
			b.WriteString(strconv.Itoa(int(t.Month())))
		case "DD":
			fmt.Fprintf(&b, "%02d", t.Day())
		case "D":
			b.WriteString(strconv.Itoa(t.Day()))
		case "Do":
			b.WriteString(ordinale(t.Day()))
		case "dddd":
			b.WriteString(t.Weekday().String())
		case "ddd":
			b.WriteString(t.Weekday().String()[:3])
		case "d":
			b.WriteString(strconv.Itoa(int(t.Weekday())))
		case "HH":
			fmt.Fprintf(&b, "%02d", t.Hour())
		case "H":
			b.WriteString(strconv.Itoa(t.Hour()))
		case "hh":
			fmt.Fprintf(&b, "%02d", ore12)
		case "h":
			b.WriteString(strconv.Itoa(ore12))
		case "mm":
			fmt.Fprintf(&b, "%02d", t.Minute())
		case "m":
			b.WriteString(strconv.Itoa(t.Minute()))
		case "ss":
			fmt.Fprintf(&b, "%02d", t.Second())
		case "s":
			b.WriteString(strconv.Itoa(t.Second()))
		case "SSS":
			fmt.Fprintf(&b, "%03d", t.Nanosecond()/1e6)
		case "A":
			b.WriteString(t.Format("PM"))
		case "a":
			b.WriteString(t.Format("pm"))
		case "Z":
			b.WriteString(t.Format("-07:00"))
		case "ZZ":
			b.WriteString(t.Format("-0700"))
		case "X":
			b.WriteString(strconv.FormatInt(t.Unix(), 10))
		case "x":
			b.WriteString(strconv.FormatInt(t.UnixMilli(), 10))
		default:
			if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
				s = s[1 : len(s)-1]
			}
			b.WriteString(s)
		}
	}
	return b.String()
}

func ordinale(n int) string {
	q := "th"
	if n/10 != 1 {
		switch n % 10 {
		case 1:
			q = "st"
		case 2:
			q = "nd"
		case 3:
			q = "rd"
		}
	}
	return strconv.Itoa(n) + q
}

// FormaData says how LeggiFormato reads.
type FormaData int

const (
	// FormaDayjs is dayjs: every symbol must be found, and what overflows is
	// carried over: the 32nd of January is the 1st of February.
	FormaDayjs FormaData = iota
	// FormaDayjsRigorosa is dayjs in strict mode: the date written again in the same
	// format must give the text back.
	FormaDayjsRigorosa
	// FormaMoment is moment: symbols may lack, and what overflows is no date.
	FormaMoment
	// FormaMomentRigorosa is moment in strict mode: the whole text, exactly as the format says.
	FormaMomentRigorosa
)

// cifre is how many digits a symbol takes, least and most.
func cifre(simbolo string, f FormaData) (int, int, bool) {
	rigorosa := f == FormaMomentRigorosa
	switch simbolo {
	case "YYYY":
		if f == FormaMoment {
			return 1, 4, true
		}
		return 4, 4, true
	case "YY":
		return 2, 2, true
	case "DD", "MM":
		if f == FormaMoment {
			return 1, 2, true
		}
		return 2, 2, true
	case "HH", "hh", "mm", "ss":
		if rigorosa {
			return 2, 2, true
		}
		return 1, 2, true
	case "D", "M", "H", "h", "m", "s":
		return 1, 2, true
	case "S":
		return 1, 1, true
	case "SS":
		return 2, 2, true
	case "SSS":
		return 3, 3, true
	}
	return 0, 0, false
}

// lettura is a date being read; -1 is a part that is not there.
type lettura struct {
	anno, mese, giorno, ore, minuti, secondi, milli int
	dopoMezzogiorno                                 int // 1 AM, 2 PM
	trovati, posto                                  int
}

// LeggiFormato is dayjs(s, formato) or moment(s, formato) in fuso; parts that
// the format lacks are those of ora. False for what is no date.
func LeggiFormato(s, formato string, forma FormaData, ora time.Time, fuso *time.Location) (time.Time, bool) {
	if len(s) > 100 || len(formato) > 100 {
		return time.Time{}, false
	}
	l := lettura{anno: -1, mese: -1, giorno: -1, ore: -1, minuti: -1, secondi: -1, milli: -1}
	moment := forma == FormaMoment || forma == FormaMomentRigorosa
	for _, simbolo := range simboli.FindAllString(formato, 100) {
		if !l.simbolo(s, simbolo, forma) && forma != FormaMoment {
			return time.Time{}, false
		}
	}
	if l.trovati == 0 || (forma == FormaMomentRigorosa && l.posto != len(s)) {
		return time.Time{}, false
	}
	if !l.mezzogiorno() {
		return time.Time{}, false
	}
	ora = ora.In(fuso)
	if moment {
		return l.momento(ora, fuso)
	}
	t := l.giornoDayjs(ora, fuso)
	return t, forma != FormaDayjsRigorosa || ScriviData(t, formato) == s
}

// simbolo reads one symbol from where the last one ended.
func (l *lettura) simbolo(s, simbolo string, forma FormaData) bool {
	resto := s[min(l.posto, len(s)):]
	low, high, numero := cifre(simbolo, forma)
	if !numero {
		return l.altro(resto, simbolo, forma)
	}
	da := strings.IndexFunc(resto, func(r rune) bool { return r >= '0' && r <= '9' })
	if da < 0 || (forma == FormaMomentRigorosa && da > 0) {
		return false
	}
	a := da
	for a < len(resto) && a-da < high && resto[a] >= '0' && resto[a] <= '9' {
		a++
	}
	if a-da < low {
		return false
	}
	n := intero(resto[da:a])
	switch simbolo[0] {
	case 'Y':
		if a-da <= 2 {
			if n > 68 {
				n += 1900
			} else {
				n += 2000
			}
		}
		l.anno = n
	case 'M':
		l.mese = n
	case 'D':
		l.giorno = n
	case 'H', 'h':
		l.ore = n
	case 'm':
		l.minuti = n
	case 's':
		l.secondi = n
	case 'S':
		for range 3 - (a - da) {
			n *= 10
		}
		l.milli = n
	}
	l.posto += a
	l.trovati++
	return true
}

// altro reads names, AM and PM, and passes over the text between symbols.
func (l *lettura) altro(resto, simbolo string, forma FormaData) bool {
	basso := strings.ToLower(resto)
	switch simbolo {
	case "MMMM", "MMM":
		for i, m := range mesi {
			for _, nome := range []string{m, m[:3]} {
				if strings.HasPrefix(basso, nome) {
					l.mese = i + 1
					l.posto += len(nome)
					l.trovati++
					return true
				}
			}
		}
		return false
	case "A", "a":
		for i, nome := range []string{"am", "pm"} {
			if strings.HasPrefix(basso, nome) {
				l.dopoMezzogiorno = i + 1
				l.posto += 2
				return true
			}
		}
		return false
	}
	testo := strings.Trim(simbolo, "[]")
	switch {
	case strings.HasPrefix(resto, testo):
		l.posto += len(testo)
	case forma == FormaMomentRigorosa:
		return false
	case forma != FormaMoment:
		l.posto += min(len(testo), len(resto))
	}
	return true
}

func (l *lettura) mezzogiorno() bool {
	if l.dopoMezzogiorno == 0 {
		return true
	}
	if l.ore < 0 || l.ore > 12 {
		return false
	}
	l.ore %= 12
	if l.dopoMezzogiorno == 2 {
		l.ore += 12
	}
	return true
}

func (l *lettura) giornoDayjs(ora time.Time, fuso *time.Location) time.Time {
	anno, mese, giorno := l.anno, 1, l.giorno
	if giorno <= 0 {
		giorno = 1
		if anno <= 0 && l.mese <= 0 {
			giorno = ora.Day()
		}
	}
	if anno <= 0 || l.mese > 0 {
		mese = l.mese
		if mese <= 0 {
			mese = int(ora.Month())
		}
	}
	if anno <= 0 {
		anno = ora.Year()
	}
	return time.Date(anno, time.Month(mese), giorno, max(0, l.ore), max(0, l.minuti), max(0, l.secondi), max(0, l.milli)*1e6, fuso)
}

func (l *lettura) momento(ora time.Time, fuso *time.Location) (time.Time, bool) {
	anno, mese, giorno := l.anno, l.mese, l.giorno
	if anno < 0 {
		anno = ora.Year()
		if mese < 0 {
			mese = int(ora.Month())
			if giorno < 0 {
				giorno = ora.Day()
			}
		}
	}
	if mese < 0 {
		mese = 1
	}
	if giorno < 0 {
		giorno = 1
	}
	if mese < 1 || mese > 12 || giorno < 1 || giorno > GiorniDelMese(anno, mese) ||
		l.ore > 24 || (l.ore == 24 && max(0, l.minuti)+max(0, l.secondi) > 0) || l.minuti > 59 || l.secondi > 59 {
		return time.Time{}, false
	}
	return time.Date(anno, time.Month(mese), giorno, max(0, l.ore), max(0, l.minuti), max(0, l.secondi), max(0, l.milli)*1e6, fuso), true
}

// GiorniDelMese gives how many days the month (1-12) has.
func GiorniDelMese(anno, mese int) int {
	return time.Date(anno, time.Month(mese)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
