package html

import (
	"net/url"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

// apertura says which answers may be changed.
type apertura struct {
	tutto  bool
	campi  map[string]bool // paths, with and without rows
	interi map[string]bool // sections
	m      *modulo.Modulo
}

func (s StatoModulo) apertura(m *modulo.Modulo) apertura {
	if s.Riaperti == nil {
		return apertura{tutto: true}
	}
	a := apertura{campi: map[string]bool{}, interi: map[string]bool{}, m: m}
	for _, p := range s.Riaperti {
		// A field wins: an id that both have opens less.
		if _, ok := m.Campo(p); ok {
			a.campi[p] = true
		} else if !a.insieme(p) {
			if _, ok := m.Sezione(p); ok {
				a.interi[p] = true
			}
		}
	}
	return a
}

// insieme opens the fields of a set, such as those of a block.
func (a apertura) insieme(nome string) bool {
	trovato := false
	var cerca func(prefisso string, cc []modulo.Campo)
	cerca = func(prefisso string, cc []modulo.Campo) {
		for _, c := range cc {
			if nome != "" && c.Insieme == nome {
				a.campi[prefisso+c.ID], trovato = true, true
			}
			cerca(prefisso+c.ID+".", c.Campi)
		}
	}
	for _, s := range a.m.Sezioni() {
		cerca("", s.Campi)
	}
	return trovato
}

// apre reports whether the field at the path, or what it lies in, is open.
func (a apertura) apre(percorso string) bool {
	if a.tutto {
		return true
	}
	if len(a.interi) > 0 {
		if s, ok := a.m.SezioneDi(percorso); ok && a.interi[s] {
			return true
		}
	}
	nudo := senzaRighe(percorso)
	for _, p := range []string{percorso, nudo} {
		for {
			if a.campi[p] {
				return true
			}
			i := strings.LastIndexAny(p, ".[")
			if i < 0 {
				break
			}
			p = p[:i]
		}
	}
	return false
}

// senzaRighe turns "figli[0].nome" into "figli.nome".
func senzaRighe(p string) string {
	for {
		i := strings.IndexByte(p, '[')
		j := strings.IndexByte(p, ']')
		if i < 0 || j < i {
			return p
		}
		p = p[:i] + p[j+1:]
	}
}

// Modificabile reports whether the citizen may change the answer at the path as
// things stand: it is reopened, and not locked by a prefilled answer. The host
// asks before it keeps a file.
func (s StatoModulo) Modificabile(m *modulo.Modulo, percorso string) bool {
	c, ok := m.Campo(percorso)
	testa, _, _ := strings.Cut(percorso, "[")
	return ok && c.Calcolo == "" && c.Tipo != modulo.Nota && !m.Bloccato(testa, s.Precompilate) && s.apertura(m).apre(percorso)
}

// Leggi is as the function Leggi, and ignores whatever is posted for fields that
// are not Modificabile: give it the state that the section was shown with.
func (s StatoModulo) Leggi(m *modulo.Modulo, sezione string, precedenti modulo.Risposte, form url.Values) (modulo.Risposte, Azione) {
	l := lettore{m: m, form: form, aperti: s.apertura(m), precompilate: s.Precompilate}
	return l.leggi(sezione, precedenti)
}

func (s StatoModulo) richiesta(l lingua.Lingua) *vistaRichiesta {
	if s.Richiesta == "" && s.Riaperti == nil {
		return nil
	}
	v := &vistaRichiesta{Testo: paragrafi(s.Richiesta)}
	if !s.Scadenza.IsZero() {
		v.Scadenza = l.Testo(lingua.EntroIl, l.Data(s.Scadenza))
	}
	return v
}
