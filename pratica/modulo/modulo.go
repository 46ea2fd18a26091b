package modulo

import (
	"fmt"
	"slices"
)

// Definizione gives a copy of what the form was compiled from, its blocks not
// written out: to go over the fields take Sezioni.
func (m *Modulo) Definizione() Definizione { return m.def.copia() }

// ID gives the identifier of the form.
func (m *Modulo) ID() string { return m.def.ID }

// Versione gives the version of the form.
func (m *Modulo) Versione() int { return m.def.Versione }

// Titolo gives the title of the form.
func (m *Modulo) Titolo() string { return m.def.Titolo }

// Sezioni gives a copy of the sections in order, the blocks written out.
func (m *Modulo) Sezioni() []Sezione {
	q := make([]Sezione, len(m.sezioni))
	for i, s := range m.sezioni {
		q[i] = s.def.copia()
	}
	return q
}

// Sezione gives a copy of the section with that id, the blocks written out.
func (m *Modulo) Sezione(id string) (Sezione, bool) {
	for _, s := range m.sezioni {
		if s.def.ID == id {
			return s.def.copia(), true
		}
	}
	return Sezione{}, false
}

// Campo gives a copy of the field at a path of answers ("figli[0].nome") or of
// the definition ("figli.nome").
func (m *Modulo) Campo(percorso string) (Campo, bool) {
	if c := m.campo(percorso); c != nil {
		return c.copia(), true
	}
	return Campo{}, false
}

// SezioneDi gives the id of the section that holds the field at the path.
func (m *Modulo) SezioneDi(percorso string) (string, bool) {
	if c := m.campo(percorso); c != nil {
		return c.sezione.def.ID, true
	}
	return "", false
}

// ConFile gives the answers with a file more at the path of a file field. The
// answers given are not changed. The error says that there is no such field or
// row, or that it is full; it is an ErrFile.
func (m *Modulo) ConFile(r Risposte, percorso, id string) (Risposte, error) {
	p, ids, err := m.idFile(r, percorso)
	if err != nil {
		return nil, err
	}
	c := m.campo(percorso)
	if slices.Contains(ids, id) {
		return r.Copia(), nil
	}
	if id == "" || len(id) > 200 {
		return nil, fmt.Errorf("%w: identificativo", ErrFile)
	}
	if len(ids) >= c.MassimoFile {
		return nil, fmt.Errorf("%w: %s ne ammette %d", ErrFile, c.percorsoDefinizione(), c.MassimoFile)
	}
	return r.metti(p, append(ids, id)), nil
}

// SenzaFile gives the answers without that file; the ones given are not
// changed. A file that is not there is no error.
func (m *Modulo) SenzaFile(r Risposte, percorso, id string) (Risposte, error) {
	p, ids, err := m.idFile(r, percorso)
	if err != nil {
		return nil, err
	}
	return r.metti(p, slices.DeleteFunc(ids, func(s string) bool { return s == id })), nil
}

func (m *Modulo) idFile(r Risposte, testo string) (percorso, []string, error) {
	c := m.campo(testo)
	p, ok := leggiPercorso(testo)
	if c == nil || c.Tipo != File || !ok {
		return p, nil, fmt.Errorf("%w: il campo non c'è", ErrFile)
	}
	if _, ok := p.tra(r); !ok {
		return p, nil, fmt.Errorf("%w: la riga non c'è", ErrFile)
	}
	return p, r.Elenco(testo), nil
}
