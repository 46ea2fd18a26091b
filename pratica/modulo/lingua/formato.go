package lingua

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

const stretto = "\u202f" // narrow no-break space

// segni gives the separators of thousands and of decimals. In English the
// thousands are parted by a space and not by a comma: "1,234" means a thousand
// to some and one and a bit to the person at the desk. What Numero writes is
// read back by package modulo as the same number, in every language.
func (l Lingua) segni() (migliaia, decimali string) {
	switch l.Fissa() {
	case Francese:
		return stretto, ","
	case Inglese:
		return stretto, "."
	default:
		return ".", ","
	}
}

// Numero writes a number for people: "1.234,56", in French "1 234,56", in
// English "1 234.56"; decimali below zero keeps the decimals that there are.
func (l Lingua) Numero(d decimal.Decimal, decimali int32) string {
	s := d.String()
	if decimali >= 0 {
		s = d.StringFixed(decimali)
	}
	migliaia, virgola := l.segni()
	segno := ""
	if strings.HasPrefix(s, "-") {
		segno, s = "-", s[1:]
	}
	intera, frazione, conDecimali := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(segno)
	for i, c := range []byte(intera) {
		if i > 0 && (len(intera)-i)%3 == 0 {
			b.WriteString(migliaia)
		}
		b.WriteByte(c)
	}
	if conDecimali {
		b.WriteString(virgola)
		b.WriteString(frazione)
	}
	return b.String()
}

// Intero writes a whole number: "1.234".
func (l Lingua) Intero(n int) string {
	if n < 1000 && n > -1000 {
		return strconv.Itoa(n)
	}
	return l.Numero(decimal.NewFromInt(int64(n)), 0)
}

// Importo writes money in euro: "12,50 €".
func (l Lingua) Importo(d decimal.Decimal) string { return l.Numero(d, 2) + " €" }

// Data writes a day: "31/03/2026" in Italian, French and English, "31. 3. 2026"
// in German and Slovenian. Empty for the zero day.
func (l Lingua) Data(g termini.Giorno) string {
	if g.IsZero() {
		return ""
	}
	switch l.Fissa() {
	case Tedesco, Sloveno:
		return strconv.Itoa(g.Giorno) + ". " + strconv.Itoa(int(g.Mese)) + ". " + strconv.Itoa(g.Anno)
	default:
		return g.Italiano()
	}
}

// Dimensione writes a size in decimal units: "1,2 MB", in French "1,2 Mo".
func (l Lingua) Dimensione(n int64) string {
	kilo, mega := " kB", " MB"
	byte1 := " byte"
	switch l.Fissa() {
	case Francese:
		kilo, mega, byte1 = " ko", " Mo", " o"
	case Tedesco:
		byte1 = " Byte"
	case Sloveno:
		byte1 = " B"
	default:
	}
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + byte1
	case n < 1_000_000:
		return strconv.FormatInt((n+500)/1000, 10) + kilo
	default:
		d := decimal.New((n+50_000)/100_000, -1)
		if d.IsInteger() {
			return l.Numero(d, 0) + mega
		}
		return l.Numero(d, 1) + mega
	}
}

// TipiFile turns MIME types into what people call them: "PDF, JPEG".
func (l Lingua) TipiFile(mime []string) string {
	nomi := make([]string, 0, len(mime))
	for _, t := range mime {
		_, sotto, _ := strings.Cut(t, "/")
		switch t {
		case "application/pkcs7-mime":
			sotto = "P7M"
		case "application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
			sotto = "Word"
		case "text/plain":
			sotto = l.Testo(TipoTesto)
		default:
			sotto = strings.ToUpper(sotto)
		}
		nomi = append(nomi, sotto)
	}
	return strings.Join(nomi, ", ")
}
