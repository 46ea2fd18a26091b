package html

import (
	"html/template"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

// scrivi escapes texts and marks those that are not in the language of the
// fragment with lang (WCAG 3.1.2).
func scrivi(base lingua.Lingua, tt ...lingua.Testo) template.HTML {
	if len(tt) == 1 && (tt[0].Lingua == base || tt[0].Lingua == "") {
		return template.HTML(template.HTMLEscapeString(tt[0].Valore)) //nolint:gosec // escaped here
	}
	var b strings.Builder
	for _, t := range tt {
		if t.Valore == "" {
			continue
		}
		altra := t.Lingua != base && t.Lingua != ""
		if altra {
			b.WriteString(`<span lang="` + template.HTMLEscapeString(string(t.Lingua)) + `">`)
		}
		b.WriteString(template.HTMLEscapeString(t.Valore))
		if altra {
			b.WriteString("</span>")
		}
	}
	return template.HTML(b.String()) //nolint:gosec // escaped here
}

// attributi writes the attributes of a control; names are constants.
type attributi struct{ b strings.Builder }

func (a *attributi) metti(nome, valore string) {
	if a.b.Len() > 0 {
		a.b.WriteByte(' ')
	}
	a.b.WriteString(nome)
	a.b.WriteString(`="`)
	a.b.WriteString(template.HTMLEscapeString(valore))
	a.b.WriteByte('"')
}

func (a *attributi) se(ok bool, nome, valore string) {
	if ok {
		a.metti(nome, valore)
	}
}

func (a *attributi) vero(ok bool, nome string) {
	if !ok {
		return
	}
	if a.b.Len() > 0 {
		a.b.WriteByte(' ')
	}
	a.b.WriteString(nome)
}

func (a *attributi) html() template.HTMLAttr {
	return template.HTMLAttr(a.b.String()) //nolint:gosec // names are constants, values escaped
}

// lingua adds the language of a text where it is another one.
func (a *attributi) lingua(base lingua.Lingua, t lingua.Testo) {
	a.se(t.Lingua != base && t.Lingua != "", "lang", string(t.Lingua))
}
