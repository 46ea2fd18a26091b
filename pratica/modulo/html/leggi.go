package html

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// byteMassimi is the longest text taken from one control: the longest that a
// field may hold, in UTF-8. modulo.Valuta cuts it to the field's own limit.
const byteMassimi = 4 * modulo.LimiteTesto

// Leggi reads the post of one section over the earlier answers, which are not
// changed. Only controls of that section count; those that were not in the
// page (hidden fields, locked fields, files) keep their earlier answer.
// Texts are kept as typed. Rows and files are added and taken away as the
// button says.
func Leggi(m *modulo.Modulo, sezione string, precedenti modulo.Risposte, form url.Values) (modulo.Risposte, Azione) {
	r := precedenti.Copia()
	if r == nil {
		r = modulo.Risposte{}
	}
	a := leggiAzione(m, sezione, form.Get("_azione"))
	s, ok := m.Sezione(sezione)
	if !ok {
		return r, Azione{Genere: Salva}
	}
	for _, c := range s.Campi {
		if c.Tipo == modulo.Gruppo {
			leggiRighe(r, c, form)
			continue
		}
		if v, ok := leggiControllo(c, c.ID, form); ok {
			r[c.ID] = v
		}
	}
	switch a.Genere {
	case Aggiungi:
		return aggiungi(m, r, a)
	case Rimuovi:
		rr := r.Righe(a.Campo)
		if a.Indice >= len(rr) {
			return r, Azione{Genere: Salva}
		}
		r[a.Campo] = slices.Delete(slices.Clone(rr), a.Indice, a.Indice+1)
	case EliminaFile:
		q, err := m.SenzaFile(r, a.Campo, a.File)
		if err != nil || !slices.Contains(r.Elenco(a.Campo), a.File) {
			return r, Azione{Genere: Salva}
		}
		return q, a
	default:
	}
	return r, a
}

func massimoRighe(c modulo.Campo) int {
	if c.MassimoRighe == 0 {
		return modulo.LimiteRighe
	}
	return c.MassimoRighe
}

func aggiungi(m *modulo.Modulo, r modulo.Risposte, a Azione) (modulo.Risposte, Azione) {
	c, _ := m.Campo(a.Campo)
	rr := slices.Clone(r.Righe(a.Campo))
	if len(rr) >= massimoRighe(c) {
		return r, Azione{Genere: Salva}
	}
	a.Indice = len(rr)
	r[a.Campo] = append(rr, m.Iniziale(a.Campo))
	return r, a
}

func leggiRighe(r modulo.Risposte, g modulo.Campo, form url.Values) {
	mostrate, err := strconv.Atoi(form.Get(g.ID + "._righe"))
	if err != nil || mostrate < 0 {
		return
	}
	rr := slices.Clone(r.Righe(g.ID))
	for len(rr) < min(mostrate, massimoRighe(g)) {
		rr = append(rr, map[string]any{})
	}
	for i := range rr {
		if rr[i] == nil {
			rr[i] = map[string]any{}
		}
		for _, c := range g.Campi {
			if v, ok := leggiControllo(c, modulo.Percorso(g.ID, i, c.ID), form); ok {
				rr[i][c.ID] = v
			}
		}
	}
	if len(rr) > 0 {
		r[g.ID] = rr
	}
}

// leggiControllo gives the answer of one field; false if it was not in the page.
func leggiControllo(c modulo.Campo, nome string, form url.Values) (any, bool) {
	if c.Calcolo != "" {
		return nil, false
	}
	switch c.Tipo {
	case modulo.Nota, modulo.File, modulo.Gruppo:
		return nil, false
	case modulo.Data:
		return leggiParti(nome, form)
	case modulo.SceltaMultipla:
		vv, ok := form[nome]
		if !ok {
			return nil, false
		}
		scelte := []string{}
		for _, v := range vv[:min(len(vv), modulo.LimiteOpzioni+1)] {
			if v != "" {
				scelte = append(scelte, taglia(v))
			}
		}
		return scelte, true
	default:
		vv, ok := form[nome]
		if !ok || len(vv) == 0 {
			return nil, false
		}
		return taglia(vv[len(vv)-1]), true
	}
}

// leggiParti joins the three inputs of a day as "31/3/2026", also where they
// are no day; a whole date typed in the first one is taken as it is.
func leggiParti(nome string, form url.Values) (any, bool) {
	pezzi := make([]string, 0, 3)
	presenti := false
	for _, p := range []string{".giorno", ".mese", ".anno"} {
		vv, ok := form[nome+p]
		presenti = presenti || ok
		v := ""
		if len(vv) > 0 {
			v = strings.TrimSpace(taglia(vv[len(vv)-1]))
		}
		pezzi = append(pezzi, v)
	}
	switch {
	case !presenti:
		return nil, false
	case pezzi[1] == "" && pezzi[2] == "":
		return pezzi[0], true
	default:
		return strings.Join(pezzi, "/"), true
	}
}

func taglia(s string) string {
	if len(s) > byteMassimi {
		s = strings.ToValidUTF8(s[:byteMassimi], "")
	}
	return s
}
