package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

const (
	nomeCookieLingua = "portale_lingua"
	parametroLingua  = "lingua"
)

// linguaNota takes one of the languages of the forms, and nothing else.
func linguaNota(s string) (lingua.Lingua, bool) {
	l := lingua.Lingua(s)
	return l, slices.Contains(lingua.Lingue(), l)
}

// Lingua is the language that the browser chose for the forms; Italian where it
// chose none. The frame of the pages is Italian whatever it is.
func (p *Portale) Lingua(r *http.Request) lingua.Lingua {
	c, err := r.Cookie(nomeCookieLingua)
	if err != nil {
		return lingua.Italiano
	}
	if l, ok := linguaNota(c.Value); ok {
		return l
	}
	return lingua.Italiano
}

// ScegliLingua obeys the links of Lingue: it remembers the language in a
// technical cookie of the session of the browser and leads to the same address
// without the parameter. A language that is none of ours changes nothing. True:
// answered.
func (p *Portale) ScegliLingua(w http.ResponseWriter, r *http.Request) bool {
	q := r.URL.Query()
	if !q.Has(parametroLingua) {
		return false
	}
	if l, ok := linguaNota(q.Get(parametroLingua)); ok {
		p.cookie(w, nomeCookieLingua, string(l), 0)
	}
	q.Del(parametroLingua)
	p.Vai(w, r, indirizzoCon(r.URL.Path, q), "")
	return true
}

// VoceLingua is one language of the switcher, called as those who speak it call it.
type VoceLingua struct {
	Codice, Nome, URL string
	Attiva            bool
}

// Lingue are the languages in which the forms of this address can be read.
func (p *Portale) Lingue(r *http.Request) []VoceLingua {
	attiva := p.Lingua(r)
	var v []VoceLingua
	for _, x := range []struct {
		lingua lingua.Lingua
		nome   string
	}{
		{lingua.Italiano, "Italiano"}, {lingua.Tedesco, "Deutsch"}, {lingua.Sloveno, "Slovenščina"}, {lingua.Francese, "Français"}, {lingua.Inglese, "English"},
	} {
		q := r.URL.Query()
		q.Del("fuoco")
		q.Set(parametroLingua, string(x.lingua))
		v = append(v, VoceLingua{string(x.lingua), x.nome, indirizzoCon(r.URL.Path, q), x.lingua == attiva})
	}
	return v
}

func indirizzoCon(percorso string, q url.Values) string {
	return (&url.URL{Path: percorso, RawQuery: q.Encode()}).String()
}
