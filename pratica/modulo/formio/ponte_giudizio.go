package formio

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Valuta implements modulo.Estensione: it asks Elabora, and says in the terms of
// the Definizione what it found. What Elabora refuses of a component without a
// field is an error of the form as a whole.
func (p *Ponte) Valuta(r modulo.Risposte, o modulo.Opzioni) modulo.Giudizio {
	e := p.m.Elabora(p.Dati(r, o), p.opzioni(o))
	g := modulo.Giudizio{Nascosti: map[string]bool{}, Calcolati: map[string]any{}, SolaLettura: map[string]bool{}}
	for _, x := range e.coperti {
		if f := p.perNodo[x.nodo]; f != nil {
			g.Nascosti[f.percorso(x.dove)] = true
		}
	}
	for _, c := range e.Calcolati {
		if f, dove := p.trova(c.Percorso); f != nil && dove == c.Percorso && f.nodo.script.calcolo != nil && f.tipo != modulo.Gruppo {
			g.Calcolati[f.percorso(dove)] = f.daFormio(c.Valore)
		}
	}
	for _, f := range p.campi {
		if f.chiuso {
			for _, dove := range f.ovunque(r) {
				g.SolaLettura[dove] = true
			}
		}
	}
	for _, x := range e.Errori {
		m := modulo.Errore{Codice: codice(x.Regola), Messaggio: x.Messaggio}
		if f, dove := p.trova(x.Percorso); f != nil {
			m.Percorso = f.percorso(dove)
			m.Messaggio = senzaNome(x.Messaggio, f)
		}
		g.Errori = append(g.Errori, m)
	}
	return g
}

func (p *Ponte) opzioni(o modulo.Opzioni) Opzioni {
	q := Opzioni{Fuso: termini.Roma(), Testi: p.testi}
	if !o.Oggi.IsZero() {
		q.Adesso = o.Oggi.Inizio()
	}
	return q
}

// ovunque gives the paths of the answers of a field, in every row that there is.
func (f *campoPonte) ovunque(r modulo.Risposte) []string {
	if f.gruppo == nil {
		return []string{f.id}
	}
	var q []string
	for _, sopra := range f.gruppo.ovunque(r) {
		for i := range r.Righe(sopra) {
			q = append(q, modulo.Percorso(sopra, i, f.id))
		}
	}
	return q
}

// trova gives the field that a path of the data leads to, or the nearest around
// it, and the path of that.
func (p *Ponte) trova(percorso string) (*campoPonte, string) {
	for dove := percorso; dove != ""; {
		if f := p.perDati[senzaIndici(dove)]; f != nil {
			return f, dove
		}
		i := strings.LastIndexAny(dove, ".[")
		if i < 0 {
			break
		}
		dove = dove[:i]
	}
	return nil, ""
}

// percorso is where the answer is, in the rows that a path of the data names.
func (f *campoPonte) percorso(dove string) string {
	var indici []string
	for resto := dove; ; {
		_, coda, ok := strings.Cut(resto, "[")
		if !ok {
			break
		}
		n, dopo, ok := strings.Cut(coda, "]")
		if !ok {
			break
		}
		if _, err := strconv.Atoi(n); err == nil {
			indici = append(indici, n)
		}
		resto = dopo
	}
	return f.conIndici(&indici)
}

func (f *campoPonte) conIndici(indici *[]string) string {
	if f.gruppo == nil {
		return f.id
	}
	sopra := f.gruppo.conIndici(indici)
	if len(*indici) == 0 {
		return sopra + "[0]." + f.id
	}
	n := (*indici)[0]
	*indici = (*indici)[1:]
	return sopra + "[" + n + "]." + f.id
}

// codice is the code of package modulo for a rule, so that the same fault is
// not told twice.
func codice(regola string) string {
	switch regola {
	case "required", "requiredDay":
		return "obbligatorio"
	case "min", "minDate", "minDay", "minYear":
		return "minimo"
	case "max", "maxDate", "maxDay", "maxYear":
		return "massimo"
	case "minLength":
		return "troppo_corto"
	case "maxLength":
		return "troppo_lungo"
	case "pattern", "mask":
		return "schema"
	case "onlyAvailableItems":
		return "opzione"
	case "minSelectedCount", "maxSelectedCount":
		return "scelte"
	case "number", "day", "date", "time", "email", "url":
		return "formato"
	}
	return regola
}

// senzaNome drops the name of the field before a message: the page writes it.
func senzaNome(messaggio string, f *campoPonte) string {
	for _, nome := range []string{testo(f.nodo.comp, "errorLabel"), testo(f.nodo.comp, "label"), f.nodo.nome} {
		if resto, ok := strings.CutPrefix(messaggio, nome+": "); ok && nome != "" && resto != "" {
			messaggio = resto
			break
		}
	}
	r, n := utf8.DecodeRuneInString(messaggio)
	return string(unicode.ToUpper(r)) + messaggio[n:]
}
