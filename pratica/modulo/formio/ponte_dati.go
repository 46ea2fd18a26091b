package formio

import (
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Dati writes answers as Form.io keeps them, for Elabora or for who still reads
// that form: numbers are numbers, choices are the values of their options, files
// are objects with a url "allegato:" and their id. What cannot be read by its
// type goes as it was typed. Neither argument is kept.
func (p *Ponte) Dati(r modulo.Risposte, o modulo.Opzioni) map[string]any {
	o.Bozza = true
	r = p.nudo.Valuta(r, o).Valori
	var dati any = map[string]any{}
	for _, f := range p.campi {
		if f.gruppo == nil {
			dati = f.metti(dati, r[f.id], o)
		}
	}
	q, _ := dati.(map[string]any)
	return q
}

// metti puts the value of a field into the data, or into a row.
func (f *campoPonte) metti(dentro, v any, o modulo.Opzioni) any {
	if f.tipo == modulo.Nota {
		return dentro
	}
	x := f.perFormio(v, o)
	if x == nil {
		return dentro
	}
	q, err := valore.Imposta(dentro, f.dentro, x)
	if err != nil {
		return dentro
	}
	return q
}

// perFormio writes a clean answer as Form.io keeps it; nil if there is none.
func (f *campoPonte) perFormio(v any, o modulo.Opzioni) any {
	switch f.tipo {
	case modulo.Gruppo:
		return f.righePerFormio(v, o)
	case modulo.SiNo, modulo.Dichiarazione: // a checkbox that is there is always sent
		vero, _ := v.(bool)
		return vero
	case modulo.SceltaMultipla:
		return f.sceltePerFormio(v)
	case modulo.File:
		ids, _ := v.([]string)
		if len(ids) == 0 {
			return nil
		}
		q := make([]any, len(ids))
		for i, id := range ids {
			a := o.Allegati[id]
			q[i] = map[string]any{"name": a.Nome, "originalName": a.Nome, "size": float64(a.Byte), "type": a.Tipo, "url": "allegato:" + id, "storage": "url"}
		}
		return q
	default:
	}
	s, ok := v.(string)
	if !ok || s == "" {
		return nil
	}
	switch f.tipo {
	case modulo.Intero, modulo.Decimale, modulo.Importo:
		if n, err := strconv.ParseFloat(s, 64); err == nil {
			return n
		}
	case modulo.Data:
		if f.nodo.tipo != "day" {
			return s
		}
		if g, err := termini.LeggiGiorno(s); err == nil {
			s = g.Italiano()
		}
		return f.ordinaGiorno(s)
	case modulo.Ora:
		if len(s) == len("09:05") {
			return s + ":00"
		}
	case modulo.Scelta:
		for i, c := range f.codici {
			if c == s {
				return f.valori[i]
			}
		}
	default:
	}
	return s
}

// ordinaGiorno puts the month before the day, or back.
func (f *campoPonte) ordinaGiorno(s string) string {
	if f.conMese && len(s) == len("31/03/2026") && s[2] == '/' && s[5] == '/' {
		return s[3:6] + s[:3] + s[6:]
	}
	return s
}

func (f *campoPonte) sceltePerFormio(v any) any {
	scelte := map[string]bool{}
	ss, _ := v.([]string)
	for _, s := range ss {
		scelte[s] = true
	}
	if f.nodo.tipo == "selectboxes" {
		if len(ss) == 0 {
			return nil
		}
		q := map[string]any{}
		for i, c := range f.codici {
			q[valore.Testo(f.valori[i])] = scelte[c]
		}
		return q
	}
	var q []any
	for i, c := range f.codici {
		if scelte[c] {
			q = append(q, f.valori[i])
		}
	}
	if q == nil {
		return nil
	}
	return q
}

func (f *campoPonte) righePerFormio(v any, o modulo.Opzioni) any {
	rr, _ := v.([]map[string]any)
	if len(rr) == 0 {
		return nil
	}
	q := make([]any, len(rr))
	for i, r := range rr {
		var riga any = map[string]any{}
		for _, c := range f.figli {
			riga = c.metti(riga, r[c.id], o)
		}
		q[i] = riga
	}
	return q
}

// daFormio reads a value of Form.io as the answer of the field; nil if it says nothing.
func (f *campoPonte) daFormio(v any) any {
	if valore.Nullo(v) {
		return nil
	}
	switch f.tipo {
	case modulo.SiNo, modulo.Dichiarazione:
		return valore.Booleano(v)
	case modulo.SceltaMultipla:
		return f.scelteDaFormio(v)
	case modulo.Scelta:
		for i, x := range f.valori {
			if valore.UgualeProfondo(x, v) || semplice(x) && semplice(v) && valore.Testo(x) == valore.Testo(v) {
				return f.codici[i]
			}
		}
		return nil
	case modulo.Intero, modulo.Decimale, modulo.Importo:
		if n, ok := v.(float64); ok {
			return n
		}
	case modulo.Data:
		s := valore.Testo(v)
		if f.nodo.tipo != "day" {
			g, _, _ := strings.Cut(s, "T")
			return g
		}
		s = f.ordinaGiorno(s)
		if g, err := termini.LeggiGiornoItaliano(s); err == nil {
			return g.String()
		}
		return s
	case modulo.Ora:
		s := valore.Testo(v)
		if len(s) == len("09:05:00") {
			s = s[:5]
		}
		return s
	case modulo.File, modulo.Gruppo, modulo.Appuntamento, modulo.Nota:
		return nil
	default:
	}
	if s := valore.Testo(v); semplice(v) {
		return s
	}
	return nil
}

func (f *campoPonte) scelteDaFormio(v any) any {
	var q []string
	switch x := v.(type) {
	case map[string]any:
		for i, c := range f.codici {
			if valore.Booleano(prop(x, valore.Testo(f.valori[i]))) {
				q = append(q, c)
			}
		}
	case []any:
		for i, c := range f.codici {
			for _, y := range x {
				if valore.UgualeProfondo(f.valori[i], y) {
					q = append(q, c)
					break
				}
			}
		}
	}
	if q == nil {
		return nil
	}
	return q
}

// Risposte reads data as Form.io keeps them as answers of the Definizione: for
// requests that were begun elsewhere. Files are left out, and what has no field.
func (p *Ponte) Risposte(dati map[string]any) modulo.Risposte {
	r := modulo.Risposte{}
	for _, f := range p.campi {
		if f.gruppo != nil {
			continue
		}
		if v := f.leggi(dati); v != nil {
			r[f.id] = v
		}
	}
	return r
}

// leggi takes the answer of a field out of the data, or of a row.
func (f *campoPonte) leggi(dentro any) any {
	v := valore.Prendi(dentro, f.dentro)
	if f.tipo != modulo.Gruppo {
		x := f.daFormio(v)
		if n, ok := x.(float64); ok {
			return strings.Replace(strconv.FormatFloat(n, 'f', -1, 64), ".", ",", 1)
		}
		return x
	}
	righe, _ := v.([]any)
	q := make([]map[string]any, 0, min(len(righe), modulo.LimiteRigheMax))
	for _, riga := range righe[:min(len(righe), modulo.LimiteRigheMax)] {
		m := map[string]any{}
		for _, c := range f.figli {
			if x := c.leggi(riga); x != nil {
				m[c.id] = x
			}
		}
		q = append(q, m)
	}
	if len(q) == 0 {
		return nil
	}
	return q
}
