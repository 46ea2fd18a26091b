package anagrafica

import (
	"strings"
	"unicode"
)

// massimoNome bounds, in bytes, a name or family name.
const massimoNome = 400

// resa says how letters with diaeresis are written with the 26 of the code.
type resa int

const (
	// estesa: Ä=AE, Ö=OE, Ü=UE, as the Anagrafe tributaria writes them
	// (circolare 34/E of 2011).
	estesa resa = iota
	// semplice: Ä=A, Ö=O, Ü=U, as many registers had them before.
	semplice
)

// testo says what was found in a name.
type testo int

const (
	testoBuono testo = iota
	testoVuoto
	testoEstraneo // a letter that is not Latin, a digit, too much text
)

func (t testo) codice(vuoto, estraneo Codice) Codice {
	if t == testoVuoto {
		return vuoto
	}
	return estraneo
}

// lettereCodice reduces a name to the 26 capital letters of the code, as one
// succession without blanks, apostrophes, hyphens and full stops.
func lettereCodice(nome string, r resa) (string, testo) {
	if len(nome) > massimoNome {
		return "", testoEstraneo
	}
	var b strings.Builder
	for _, c := range nome {
		c = unicode.ToUpper(c)
		switch {
		case c >= 'A' && c <= 'Z':
			b.WriteByte(byte(c))
		case invisibile(c) || strings.ContainsRune("'’‘ʼ`´ʹ-‐‑–.,·", c):
		case c == '\u0308': // diaeresis apart from its letter (Unicode NFD)
			if s := b.String(); r == estesa && s != "" && strings.IndexByte("AOU", s[len(s)-1]) >= 0 {
				b.WriteByte('E')
			}
		case unicode.Is(unicode.Mn, c):
		default:
			l := latina(c, r)
			if l == "" {
				return "", testoEstraneo
			}
			b.WriteString(l)
		}
	}
	if b.Len() == 0 {
		return "", testoVuoto
	}
	return b.String(), testoBuono
}

// latina gives the plain letters of a capital with diacritics, or "".
func latina(c rune, r resa) string {
	if r == estesa {
		switch c {
		case 'Ä':
			return "AE"
		case 'Ö':
			return "OE"
		case 'Ü':
			return "UE"
		}
	}
	switch c {
	case 'Æ', 'Ǽ':
		return "AE"
	case 'Œ':
		return "OE"
	case 'ß', 'ẞ':
		return "SS"
	case 'Þ':
		return "TH"
	case 'Ĳ':
		return "IJ"
	}
	for _, f := range famiglie() {
		if strings.ContainsRune(f[1:], c) {
			return f[:1]
		}
	}
	return ""
}

// famiglie lists the capitals of European languages, Turkish, Vietnamese and
// the usual transcriptions, each line under its plain letter.
func famiglie() [24]string {
	return [...]string{
		"AÀÁÂÃÄÅĀĂĄǍǞǠǺȀȂȦȺḀẠẢẤẦẨẪẬẮẰẲẴẶ",
		"BƁḂḄḆ",
		"CÇĆĈĊČƇȻḈ",
		"DÐĎĐƉƊḊḌḎḐḒ",
		"EÈÉÊËĒĔĖĘĚƏƐȄȆȨḔḖḘḚḜẸẺẼẾỀỂỄỆ",
		"FƑḞ",
		"GĜĞĠĢƓǤǦǴḠ",
		"HĤĦȞḢḤḦḨḪ",
		"IÌÍÎÏĨĪĬĮİƗǏȈȊḬḮỈỊ",
		"JĴ",
		"KĶĸƘǨḰḲḴ",
		"LĹĻĽĿŁȽḶḸḺḼ",
		"MḾṀṂ",
		"NÑŃŅŇŊƝǸṄṆṈṊ",
		"OÒÓÔÕÖØŌŎŐƠǑǪǬǾȌȎȪȬȮȰṌṎṐṒỌỎỐỒỔỖỘỚỜỞỠỢ",
		"PṔṖ",
		"RŔŖŘȐȒṘṚṜṞ",
		"SŚŜŞŠȘṠṢṤṦṨ",
		"TŢŤŦȚṪṬṮṰ",
		"UÙÚÛÜŨŪŬŮŰŲƯǓǕǗǙǛȔȖṲṴṶṸṺỤỦỨỪỬỮỰ",
		"WŴẀẂẄẆẈ",
		"XẊẌ",
		"YÝŶŸƳȲẎỲỴỶỸ",
		"ZŹŻŽƵẐẒẔ",
	}
}
