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
// button says. For a form reopened in part use StatoModulo.Leggi.
func Leggi(m *modulo.Modulo, sezione string, precedenti modulo.Risposte, form url.Values) (modulo.Risposte, Azione) {
	return StatoModulo{}.Leggi(m, sezione, precedenti, form)
}

// lettore reads one post.
type lettore struct {
	m            *modulo.Modulo
	form         url.Values
	aperti       apertura
	precompilate modulo.Risposte
}

func (l lettore) leggi(sezione string, precedenti modulo.Risposte) (modulo.Risposte, Azione) {
	r := precedenti.Copia()
	if r == nil {
		r = modulo.Risposte{}
	}
	a := leggiAzione(l.m, sezione, l.form.Get("_azione"))
	s, ok := l.m.Sezione(sezione)
	if !ok {
		return r, Azione{Genere: Salva}
	}
	for _, c := range s.Campi {
		if !l.m.Bloccato(c.ID, l.precompilate) {
			l.campo(r, c, c.ID)
		}
	}
	if a.Campo != "" && a.Genere != Aggiorna && !l.modificabile(a.Campo) {
		return r, Azione{Genere: Salva}
	}
	switch a.Genere {
	case Aggiungi:
		return l.aggiungi(r, a)
	case Rimuovi:
		dove, id, ok := contenitore(r, a.Campo)
		rr := modulo.Risposte(dove).Righe(id)
		if !ok || a.Indice >= len(rr) {
			return r, Azione{Genere: Salva}
		}
		dove[id] = slices.Delete(slices.Clone(rr), a.Indice, a.Indice+1)
	case EliminaFile:
		q, err := l.m.SenzaFile(r, a.Campo, a.File)
		if err != nil || !slices.Contains(r.Elenco(a.Campo), a.File) {
			return r, Azione{Genere: Salva}
		}
		return q, a
	default:
	}
	return r, a
}

func (l lettore) modificabile(percorso string) bool {
	testa, _, _ := strings.Cut(percorso, "[")
	return !l.m.Bloccato(testa, l.precompilate) && l.aperti.apre(percorso)
}

func massimoRighe(c modulo.Campo) int {
	if c.MassimoRighe == 0 {
		return modulo.LimiteRighe
	}
	return c.MassimoRighe
}

// contenitore finds the map that holds the last id of a path ("figli[0].scuole"
// is scuole in the first row of figli).
func contenitore(r modulo.Risposte, percorso string) (map[string]any, string, bool) {
	dove := map[string]any(r)
	for {
		id, dopo, ok := strings.Cut(percorso, "[")
		if !ok {
			return dove, percorso, true
		}
		n, resto, ok := strings.Cut(dopo, "].")
		i, err := strconv.Atoi(n)
		rr := modulo.Risposte(dove).Righe(id)
		if !ok || err != nil || i < 0 || i >= len(rr) || rr[i] == nil {
			return nil, "", false
		}
		dove, percorso = rr[i], resto
	}
}

func (l lettore) aggiungi(r modulo.Risposte, a Azione) (modulo.Risposte, Azione) {
	c, _ := l.m.Campo(a.Campo)
	dove, id, ok := contenitore(r, a.Campo)
	rr := slices.Clone(modulo.Risposte(dove).Righe(id))
	if !ok || len(rr) >= massimoRighe(c) {
		return r, Azione{Genere: Salva}
	}
	a.Indice = len(rr)
	nuova := l.m.Iniziale(a.Campo)
	if nuova == nil {
		nuova = map[string]any{}
	}
	dove[id] = append(rr, nuova)
	return r, a
}

// campo reads one field into the map that holds it.
func (l lettore) campo(dove map[string]any, c modulo.Campo, percorso string) {
	if c.Tipo == modulo.Gruppo {
		l.righe(dove, c, percorso)
		return
	}
	if !l.aperti.apre(percorso) {
		return
	}
	if v, ok := leggiControllo(c, percorso, l.form); ok {
		dove[c.ID] = v
	}
}

func (l lettore) righe(dove map[string]any, g modulo.Campo, percorso string) {
	rr := slices.Clone(modulo.Risposte(dove).Righe(g.ID))
	if l.aperti.apre(percorso) {
		mostrate, err := strconv.Atoi(l.form.Get(percorso + "._righe"))
		if err != nil || mostrate < 0 {
			return
		}
		for len(rr) < min(mostrate, massimoRighe(g)) {
			rr = append(rr, map[string]any{})
		}
	}
	for i := range rr {
		if rr[i] == nil {
			rr[i] = map[string]any{}
		}
		for _, c := range g.Campi {
			l.campo(rr[i], c, percorso+"["+strconv.Itoa(i)+"]."+c.ID)
		}
	}
	if len(rr) > 0 {
		dove[g.ID] = rr
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
