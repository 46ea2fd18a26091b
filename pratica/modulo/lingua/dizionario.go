package lingua

import (
	"io"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// Dizionario translates by Italian text, as Form.io and the Stanza del
// Cittadino keep their texts: "Cognome" → "Surname".
type Dizionario map[string]string

// LeggiDizionari reads the i18n object of a Form.io definition:
// {"en":{"Cognome":"Surname"}}. The texts of "it" are left out. Errors are
// ErrTraduzioni, or those of the reader.
func LeggiDizionari(r io.Reader) (map[Lingua]Dizionario, error) {
	var grezzi map[string]Dizionario
	if err := leggiJSON(r, &grezzi); err != nil {
		return nil, err
	}
	q := make(map[Lingua]Dizionario, len(grezzi))
	for _, k := range ordinate(grezzi) {
		l, ok := Leggi(k)
		if !ok || l == Italiano {
			continue
		}
		if q[l] == nil {
			q[l] = Dizionario{}
		}
		for italiano, s := range grezzi[k] {
			if strings.TrimSpace(s) != "" || q[l][italiano] == "" {
				q[l][italiano] = s
			}
		}
	}
	return q, nil
}

// Testi turns the dictionary into the texts of a form, by path: the same word
// may then be translated differently in two places. Empty translations are
// left out. Inutili are the Italian texts that the form has not, in order.
func (d Dizionario) Testi(m *modulo.Modulo) (testi Testi, inutili []string) {
	testi = Testi{}
	per := make(map[string]string, len(d))
	for k, s := range d {
		per[strings.TrimSpace(k)] = s
	}
	usati := map[string]bool{}
	for _, v := range Voci(m) {
		k := strings.TrimSpace(v.Italiano)
		s, ok := per[k]
		if !ok {
			continue
		}
		usati[k] = true
		if strings.TrimSpace(s) != "" {
			testi[v.Chiave] = s
		}
	}
	for _, k := range ordinate(per) {
		if !usati[k] {
			inutili = append(inutili, k)
		}
	}
	return testi, inutili
}
