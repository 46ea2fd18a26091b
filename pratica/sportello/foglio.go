package sportello

import (
	"bufio"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// foglio writes rows of cells (RFC 4180). Every cell is between quotes, so that
// a program that parts at commas and semicolons alike reads the same cells; a
// number between quotes is a number to spreadsheets. The first error stays.
type foglio struct {
	w          *bufio.Writer
	separatore rune
}

func nuovoFoglio(w io.Writer, separatore rune) *foglio {
	return &foglio{bufio.NewWriterSize(w, 32<<10), separatore}
}

// riga writes cells as they are: they come from testoCella and numeroCella.
func (f *foglio) riga(celle []string) error {
	var err error
	for i, c := range celle {
		if i > 0 {
			_, err = f.w.WriteRune(f.separatore)
		}
		for _, s := range []string{`"`, strings.ReplaceAll(c, `"`, `""`), `"`} {
			if err == nil {
				_, err = f.w.WriteString(s)
			}
		}
		if err != nil {
			return err
		}
	}
	_, err = f.w.WriteString("\r\n")
	return err
}

// testoCella gives a text that no spreadsheet takes for a formula (OWASP, CSV
// Injection): on one line, and with an apostrophe before what begins like one.
// The apostrophe is taken away again where what follows it begins so; nothing
// else in front is ours.
func testoCella(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if formula(s) {
		return "'" + s
	}
	return s
}

// formula reports whether a text begins like a formula, also after what
// spreadsheets may take away (spaces, quotes, marks that are not seen) and in
// the other forms of the same characters (full width, superscript).
func formula(s string) bool {
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Mn, unicode.Pi, unicode.Pf) || strings.ContainsRune("\"'`´‚„", r) {
			continue
		}
		return strings.ContainsAny(norm.NFKC.String(string(r)), "=+-@|%−")
	}
	return false
}

// numeroCella turns a number as people read it ("-1.234,50 €") into what a
// spreadsheet with Italian settings takes for that number ("-1234,50"); false
// where the text is nothing but a number.
func numeroCella(s string) (string, bool) {
	resto, segno := strings.TrimSuffix(s, " €"), ""
	if strings.HasPrefix(resto, "-") {
		resto, segno = resto[1:], "-"
	}
	intera, decimali, virgola := strings.Cut(resto, ",")
	gruppi := strings.Split(intera, ".")
	for i, g := range gruppi {
		if !soloCifre(g) || i > 0 && len(g) != 3 || i == 0 && len(gruppi) > 1 && len(g) > 3 {
			return "", false
		}
	}
	if virgola && !soloCifre(decimali) {
		return "", false
	}
	n := segno + strings.Join(gruppi, "")
	if virgola {
		n += "," + decimali
	}
	return n, true
}

func soloCifre(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
