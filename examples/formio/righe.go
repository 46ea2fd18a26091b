package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"io"
	"reflect"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
)

// massimoRiga bounds one line: a definition and its data.
const massimoRiga = 64 << 20

// massimoModuli bounds the forms kept compiled.
const massimoModuli = 256

type domanda struct {
	ID         json.RawMessage `json:"id"`
	Components json.RawMessage `json:"components"`
	Data       map[string]any  `json:"data"`
}

type risposta struct {
	ID          json.RawMessage `json:"id"`
	Data        map[string]any  `json:"data"`
	Hidden      []string        `json:"hidden"`
	Errors      []errore        `json:"errors"`
	Differences []string        `json:"differences,omitempty"`
}

type errore struct {
	Path string `json:"path"`
	Rule string `json:"rule"`
}

type fallita struct {
	ID     json.RawMessage `json:"id"`
	Failed string          `json:"failed"`
}

// compilato is a form, or why it is none.
type compilato struct {
	m          *formio.Modulo
	differenze []string
	err        error
}

// lettore keeps the forms that the lines named.
type lettore struct {
	di     *compilato
	moduli map[[sha256.Size]byte]*compilato
	fedele bool
}

func compila(d *formio.Definizione) *compilato {
	m, r, err := formio.Importa(d, formio.OpzioniImporta{})
	if err != nil {
		return &compilato{err: err}
	}
	return &compilato{m: m, differenze: r.Differenze}
}

func valutaRighe(d *formio.Definizione, fedele bool, in io.Reader, out io.Writer) error {
	l := &lettore{moduli: map[[sha256.Size]byte]*compilato{}, fedele: fedele}
	if d != nil {
		l.di = compila(d)
	}
	righe := bufio.NewScanner(in)
	righe.Buffer(nil, massimoRiga)
	w := bufio.NewWriter(out)
	scrivi := json.NewEncoder(w)
	scrivi.SetEscapeHTML(false)
	for righe.Scan() {
		if len(righe.Bytes()) == 0 {
			continue
		}
		if err := scrivi.Encode(l.riga(righe.Bytes())); err != nil {
			return err
		}
		if err := w.Flush(); err != nil { // whoever asks may wait for the answer
			return err
		}
	}
	return righe.Err()
}

func (l *lettore) riga(b []byte) any {
	var x domanda
	if err := json.Unmarshal(b, &x); err != nil {
		return fallita{Failed: "riga: non è l'oggetto JSON atteso"}
	}
	c := l.modulo(x.Components)
	if c == nil {
		return fallita{x.ID, "mancano i componenti"}
	}
	if c.err != nil {
		return fallita{x.ID, c.err.Error()}
	}
	e := c.m.Elabora(x.Data, formio.Opzioni{Fedele: l.fedele})
	if e.Guasto != nil {
		return fallita{x.ID, e.Guasto.Error()}
	}
	r := risposta{ID: x.ID, Data: e.Dati, Hidden: append([]string{}, e.Nascosti...), Errors: errori(e)}
	if !l.fedele && len(c.differenze) > 0 {
		f := c.m.Elabora(x.Data, formio.Opzioni{Fedele: true})
		if f.Guasto != nil || !reflect.DeepEqual(f.Dati, e.Dati) || !reflect.DeepEqual(f.Nascosti, e.Nascosti) || !reflect.DeepEqual(errori(f), r.Errors) {
			r.Differences = c.differenze
		}
	}
	return r
}

func errori(e formio.Esito) []errore {
	q := make([]errore, len(e.Errori))
	for i, x := range e.Errori {
		q[i] = errore{x.Percorso, x.Regola}
	}
	return q
}

// modulo gives the form of a line, compiled once however often it comes.
func (l *lettore) modulo(componenti json.RawMessage) *compilato {
	if len(componenti) == 0 || string(componenti) == "null" {
		return l.di
	}
	chiave := sha256.Sum256(componenti)
	if c := l.moduli[chiave]; c != nil {
		return c
	}
	if len(l.moduli) >= massimoModuli {
		clear(l.moduli)
	}
	d, err := formio.Leggi(componenti)
	c := &compilato{err: err}
	if err == nil {
		c = compila(d)
	}
	l.moduli[chiave] = c
	return c
}
