package formio

import (
	"strings"

	"golang.org/x/net/html"
)

// massimoTesto bounds what is read of a piece of HTML, in bytes.
const massimoTesto = 40_000

// soloTesto is what a piece of HTML says, on one line.
func soloTesto(s string) string { return strings.Join(strings.Fields(testoSemplice(s)), " ") }

// testoSemplice is what a piece of HTML says, a line a paragraph. Scripts and
// styles say nothing.
func testoSemplice(s string) string {
	if len(s) > massimoTesto {
		s = strings.ToValidUTF8(s[:massimoTesto], "")
	}
	var b strings.Builder
	t := html.NewTokenizer(strings.NewReader(s))
	muto := 0
	for {
		switch t.Next() {
		case html.ErrorToken:
			return righePiene(b.String())
		case html.TextToken:
			if muto == 0 {
				b.Write(t.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			nome := t.Token()
			switch nome.Data {
			case "script", "style":
				if nome.Type == html.StartTagToken {
					muto++
				} else {
					muto = max(0, muto-1)
				}
			case "br", "p", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6":
				b.WriteByte('\n')
			}
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

func righePiene(s string) string {
	var righe []string
	for r := range strings.SplitSeq(s, "\n") {
		if r = strings.Join(strings.Fields(r), " "); r != "" {
			righe = append(righe, r)
		}
	}
	return strings.Join(righe, "\n")
}
