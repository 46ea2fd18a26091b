package html_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// elemento is a tag of a fragment, with its attributes.
type elemento struct {
	nome  string
	a     map[string]string
	testo string // up to the next tag
}

func (e elemento) ha(attr string) bool { _, ok := e.a[attr]; return ok }

// albero reads a fragment as a flat list of tags: enough to check it.
func albero(t testing.TB, s string) []elemento {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(s))
	d.Strict = false
	d.AutoClose = xml.HTMLAutoClose
	d.Entity = xml.HTMLEntity
	var q []elemento
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return q
		}
		require.NoError(t, err)
		switch tok := tok.(type) {
		case xml.StartElement:
			e := elemento{nome: tok.Name.Local, a: map[string]string{}}
			for _, a := range tok.Attr {
				e.a[a.Name.Local] = a.Value
			}
			q = append(q, e)
		case xml.CharData:
			if len(q) > 0 {
				q[len(q)-1].testo += string(tok)
			}
		}
	}
}

// invia gives what a browser would post for the fragment.
func invia(t testing.TB, s string) url.Values {
	t.Helper()
	v := url.Values{}
	menu := ""
	for _, e := range albero(t, s) {
		n, si := e.a["name"]
		switch {
		case e.nome == "select":
			menu = n
			v[n] = append(v[n], "")
		case e.nome == "option" && e.ha("selected"):
			v.Set(menu, e.a["value"])
		case !si, e.nome == "button", e.a["type"] == "file":
		case e.nome == "textarea":
			v.Add(n, strings.TrimPrefix(e.testo, "\n"))
		case e.a["type"] == "radio" || e.a["type"] == "checkbox":
			if e.ha("checked") {
				v.Add(n, e.a["value"])
			}
		case e.nome == "input":
			v.Add(n, e.a["value"])
		}
	}
	return v
}

// controllaMarcatura checks what every fragment must keep: no script, no style,
// ids once, every reference answered, every control labelled.
func controllaMarcatura(t testing.TB, s string) {
	t.Helper()
	ids, per := map[string]bool{}, map[string]bool{}
	ee := albero(t, s)
	for _, e := range ee {
		require.NotContains(t, []string{"script", "style", "iframe", "object", "img"}, e.nome)
		for k := range e.a {
			require.NotEqual(t, "style", k)
			require.False(t, strings.HasPrefix(k, "on"), k)
		}
		if id, ok := e.a["id"]; ok {
			require.False(t, ids[id], "id twice: %s", id)
			ids[id] = true
		}
		if e.nome == "label" {
			require.False(t, per[e.a["for"]], "two labels: %s", e.a["for"])
			per[e.a["for"]] = true
		}
		if e.ha("tabindex") {
			require.Equal(t, "-1", e.a["tabindex"], "the order of the focus is that of the page")
		}
	}
	autofocus, primo := 0, ""
	for _, e := range ee {
		for _, r := range strings.Fields(e.a["aria-describedby"] + " " + e.a["aria-labelledby"]) {
			require.True(t, ids[r], "no target for %s", r)
		}
		if h := e.a["href"]; strings.HasPrefix(h, "#") {
			require.True(t, ids[h[1:]], "no target for %s", h)
		}
		if e.nome == "label" {
			require.True(t, ids[e.a["for"]])
		}
		if (e.nome == "input" && e.a["type"] != "hidden") || e.nome == "textarea" || e.nome == "select" {
			require.True(t, per[e.a["id"]], "no label: %s", e.a["id"])
		}
		if e.nome == "input" {
			require.Contains(t, []string{"text", "hidden", "radio", "checkbox", "file"}, e.a["type"])
		}
		if e.ha("autofocus") {
			autofocus++
		}
		if e.nome == "button" && primo == "" {
			primo = e.a["value"]
			require.Equal(t, "submit", e.a["type"])
		}
	}
	require.LessOrEqual(t, autofocus, 1)
	if primo != "" {
		require.Equal(t, "avanti", primo, "Enter must go on")
	}
}
