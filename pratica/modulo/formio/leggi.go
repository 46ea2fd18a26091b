package formio

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// Limits of a definition. Above them Leggi refuses.
const (
	LimiteDefinizione = 1 << 20 // bytes of JSON
	LimiteProfondita  = 64      // objects and arrays inside one another
	LimiteNodi        = 100_000 // values, at any depth
	LimiteComponenti  = 5_000   // components of one form
)

// ErrDefinizione is a definition that cannot be read; see ErroreLettura.
var ErrDefinizione = errors.New("formio: definizione non valida")

// ErroreLettura says where in the JSON a definition is wrong. It holds nothing
// of what the JSON says but names of properties.
type ErroreLettura struct {
	Byte    int64  // offset from the start
	Riga    int    // from 1
	Colonna int    // in bytes, from 1
	Testo   string // in Italian
}

// Error gives line, column and text.
func (e *ErroreLettura) Error() string {
	return fmt.Sprintf("formio: riga %d, colonna %d: %s", e.Riga, e.Colonna, e.Testo)
}

// Is makes every ErroreLettura an ErrDefinizione.
func (e *ErroreLettura) Is(altro error) bool { return altro == ErrDefinizione }

// lettore reads JSON into the values of internal/valore, within the limits.
type lettore struct {
	testo []byte
	dec   *json.Decoder
	nodi  int
}

func (l *lettore) errore(a int64, formato string, v ...any) error {
	prima := l.testo[:min(max(a, 0), int64(len(l.testo)))]
	return &ErroreLettura{
		Byte:    a,
		Riga:    bytes.Count(prima, []byte("\n")) + 1,
		Colonna: len(prima) - bytes.LastIndexByte(prima, '\n'),
		Testo:   fmt.Sprintf(formato, v...),
	}
}

// leggiJSON reads one JSON value and nothing else.
func leggiJSON(testo []byte) (any, error) {
	l := &lettore{testo: testo}
	if len(testo) > LimiteDefinizione {
		l.testo = nil
		return nil, l.errore(0, "la definizione supera %d byte", LimiteDefinizione)
	}
	if !utf8.Valid(testo) {
		a := 0
		for resto := testo; ; {
			r, n := utf8.DecodeRune(resto)
			if r == utf8.RuneError && n == 1 {
				break
			}
			a, resto = a+n, resto[n:]
		}
		return nil, l.errore(int64(a), "il testo non è UTF-8")
	}
	testo = bytes.TrimPrefix(testo, []byte("\ufeff"))
	l.testo = testo
	l.dec = json.NewDecoder(bytes.NewReader(testo))
	v, err := l.valore(0)
	if err != nil {
		return nil, err
	}
	if _, err := l.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, l.errore(l.dec.InputOffset(), "c'è altro dopo la fine del JSON")
	}
	return v, nil
}

func (l *lettore) valore(livello int) (any, error) {
	t, err := l.dec.Token()
	if err != nil {
		var s *json.SyntaxError
		if errors.As(err, &s) {
			return nil, l.errore(s.Offset, "il JSON non è scritto bene")
		}
		return nil, l.errore(l.dec.InputOffset(), "il JSON finisce prima del dovuto")
	}
	if l.nodi++; l.nodi > LimiteNodi {
		return nil, l.errore(l.dec.InputOffset(), "più di %d valori", LimiteNodi)
	}
	d, ok := t.(json.Delim)
	if !ok {
		return t, nil
	}
	if livello >= LimiteProfondita {
		return nil, l.errore(l.dec.InputOffset(), "più di %d livelli", LimiteProfondita)
	}
	var v any
	if d == '{' {
		v, err = l.oggetto(livello)
	} else {
		v, err = l.elenco(livello)
	}
	if err != nil {
		return nil, err
	}
	if _, err := l.dec.Token(); err != nil {
		return nil, l.errore(l.dec.InputOffset(), "il JSON non è scritto bene")
	}
	return v, nil
}

func (l *lettore) elenco(livello int) (any, error) {
	q := []any{}
	for l.dec.More() {
		v, err := l.valore(livello + 1)
		if err != nil {
			return nil, err
		}
		q = append(q, v)
	}
	return q, nil
}

func (l *lettore) oggetto(livello int) (any, error) {
	q := map[string]any{}
	for l.dec.More() {
		t, err := l.dec.Token()
		if err != nil {
			return nil, l.errore(l.dec.InputOffset(), "il JSON non è scritto bene")
		}
		k, _ := t.(string)
		a := l.dec.InputOffset()
		v, err := l.valore(livello + 1)
		if err != nil {
			return nil, err
		}
		if _, c := q[k]; c {
			return nil, l.errore(a, "la proprietà %q è scritta due volte", accorcia(k, 60))
		}
		if k != "__proto__" {
			q[k] = v
		}
	}
	return q, nil
}

// Definizione is a Form.io form as written. It is immutable.
type Definizione struct {
	// Nome is where the file had it, if it held more than one ("POZZO"); else
	// the name of the form.
	Nome   string
	Titolo string
	// Display is "form", "wizard", "pdf" or empty.
	Display string

	componenti []any
}

// Componenti gives a copy of the components as written.
func (d *Definizione) Componenti() []any {
	// what was read is within the limits of a copy
	v, _ := valore.Copia(d.componenti, valore.Limiti{})
	vv, _ := v.([]any)
	return vv
}

// contenitori are the properties under which exports of known systems keep the
// form: the fixtures of @formio/core and fyllut, SCRIVA, CHEFS.
var contenitori = []string{"form", "jsonForm", "schema"}

// Leggi reads one form: an object with components, a bare array of components,
// or one of the known wrappers ({form}, {jsonForm}, {schema}, {versions}, of
// which the last one counts). It answers an ErroreLettura, which is an
// ErrDefinizione, if there is none or more than one, or a limit is passed.
// What a component holds is not judged here: see Importa.
func Leggi(testo []byte) (*Definizione, error) {
	dd, err := LeggiTutte(testo)
	if err != nil {
		return nil, err
	}
	if len(dd) > 1 {
		l := &lettore{testo: testo}
		return nil, l.errore(0, "ci sono %d moduli: vanno letti uno a uno", len(dd))
	}
	return dd[0], nil
}

// LeggiTutte reads a file that may hold several forms, each under a name of its
// own; they come in order of name.
func LeggiTutte(testo []byte) ([]*Definizione, error) {
	v, err := leggiJSON(testo)
	if err != nil {
		return nil, err
	}
	l := &lettore{testo: testo}
	dd := cerca(v, "", 0)
	if len(dd) == 0 {
		return nil, l.errore(0, "non c'è un elenco di componenti")
	}
	for _, d := range dd {
		if n := contaComponenti(d.componenti); n > LimiteComponenti {
			return nil, l.errore(0, "più di %d componenti", LimiteComponenti)
		}
	}
	return dd, nil
}

func cerca(v any, nome string, livello int) []*Definizione {
	switch x := v.(type) {
	case []any:
		if livello == 0 && sonoComponenti(x) {
			return []*Definizione{{componenti: x}}
		}
	case map[string]any:
		if cc, ok := x["components"].([]any); ok {
			d := &Definizione{Nome: nome, componenti: cc}
			d.Titolo, _ = x["title"].(string)
			d.Display, _ = x["display"].(string)
			if nome == "" {
				d.Nome, _ = x["name"].(string)
			}
			return []*Definizione{d}
		}
		if livello > 3 {
			return nil
		}
		for _, k := range contenitori {
			if dd := cerca(x[k], nome, livello+1); dd != nil {
				return dd
			}
		}
		if vv, ok := x["versions"].([]any); ok && len(vv) > 0 {
			return cerca(vv[len(vv)-1], nome, livello+1)
		}
		if dd := cerca(x["version"], nome, livello+1); dd != nil {
			return dd
		}
		if livello > 0 {
			return nil
		}
		var q []*Definizione
		nomi := make([]string, 0, len(x))
		for k := range x {
			nomi = append(nomi, k)
		}
		slices.Sort(nomi)
		for _, k := range nomi {
			if m, ok := x[k].(map[string]any); ok {
				if _, ok := m["components"].([]any); ok {
					q = append(q, cerca(m, k, livello+1)...)
				}
			}
		}
		return q
	}
	return nil
}

// sonoComponenti tells components from any other list: all are objects, and one at
// least has the type or key of a component.
func sonoComponenti(vv []any) bool {
	tipi := 0
	for _, v := range vv {
		m, ok := v.(map[string]any)
		if !ok {
			return false
		}
		_, tipo := m["type"].(string)
		_, chiave := m["key"].(string)
		if tipo || chiave {
			tipi++
		}
	}
	return tipi > 0 && tipi == len(vv)
}

func contaComponenti(vv []any) int {
	n := 0
	for _, v := range vv {
		if m, ok := v.(map[string]any); ok {
			n++
			for _, g := range gruppiDi(m) {
				n += contaComponenti(g)
			}
		}
	}
	return n
}

// gruppiDi gives every list of components that a component holds.
func gruppiDi(m map[string]any) [][]any {
	var q [][]any
	if cc, ok := m["columns"].([]any); ok {
		q = append(q, dentro(cc)...)
	}
	if rr, ok := m["rows"].([]any); ok {
		for _, r := range rr {
			if cc, ok := r.([]any); ok {
				q = append(q, dentro(cc)...)
			}
		}
	}
	if cc, ok := m["components"].([]any); ok {
		q = append(q, cc)
	}
	return q
}

func dentro(vv []any) [][]any {
	var q [][]any
	for _, v := range vv {
		if m, ok := v.(map[string]any); ok {
			if cc, ok := m["components"].([]any); ok {
				q = append(q, cc)
			}
		}
	}
	return q
}

func accorcia(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i] + "…"
		}
	}
	return s
}
