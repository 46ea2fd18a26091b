package regola

import (
	"errors"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/dlclark/regexp2/v2"
	"github.com/dop251/goja/parser"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/jsonlogic"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/script"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

const (
	// MaxModello is how long a pattern may be, in bytes.
	MaxModello = 4096
	// maxTentativi is how long a text tried on a pattern that is not linear may be.
	maxTentativi = 10_000
	tempoModello = 100 * time.Millisecond
	maxMemoria   = 2000 // of each kind, what a Motore keeps
)

// ErrModello is a pattern that is not a JavaScript regular expression, or one
// that did not end in its time.
var ErrModello = errors.New("regola: espressione regolare non eseguibile")

// Modello is validate.pattern, anchored at both ends as @formio/core does:
// ^a|b$ is not ^(a|b)$. Safe for concurrent use.
type Modello struct {
	lineare *regexp.Regexp
	altro   *regexp2.Regexp
}

// CompilaModello reads a pattern. What means the same to Go's engine runs there, in linear
// time; look-around and back references run on one that is stopped in time.
func CompilaModello(fonte string) (*Modello, error) {
	if len(fonte) > MaxModello {
		return nil, ErrModello
	}
	fonte = "^" + fonte + "$"
	altro, err := regexp2.Compile(fonte, regexp2.ECMAScript)
	if err != nil {
		return nil, ErrModello
	}
	altro.MatchTimeout = tempoModello
	if t, err := parser.TransformRegExp(fonte, false, false); err == nil {
		if re, err := regexp.Compile(t); err == nil {
			return &Modello{lineare: re}, nil
		}
	}
	return &Modello{altro: altro}, nil
}

// Lineare says whether the pattern runs in linear time, whatever the text.
func (m *Modello) Lineare() bool { return m.lineare != nil }

// Corrisponde says whether s has the form. ErrModello if it could not be told in time.
func (m *Modello) Corrisponde(s string) (bool, error) {
	if m.lineare != nil {
		return m.lineare.MatchString(s), nil
	}
	if len(s) > maxTentativi {
		return false, ErrModello
	}
	ok, err := m.altro.MatchString(s)
	if err != nil {
		return false, ErrModello
	}
	return ok, nil
}

// Motore keeps what the rules compile. The zero value is ready; it is safe for
// concurrent use and must not be copied.
type Motore struct {
	insieme   script.Insieme
	mu        sync.Mutex
	modelli   map[string]*Modello
	programmi map[string]*script.Programma
}

func tieni[V any](m *Motore, dove *map[string]V, chiave string, crea func() (V, error)) (V, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := (*dove)[chiave]; ok {
		return v, nil
	}
	v, err := crea()
	if err != nil {
		return v, err
	}
	if *dove == nil || len(*dove) >= maxMemoria {
		*dove = map[string]V{}
	}
	(*dove)[chiave] = v
	return v, nil
}

func (m *Motore) programma(g script.Genere, s string) (*script.Programma, error) {
	return tieni(m, &m.programmi, string(rune('0'+g))+s, func() (*script.Programma, error) { return m.insieme.Compila(g, s) })
}

// Problemi says why the pattern or the script of a component cannot run: nil if they can.
func (m *Motore) Problemi(c Componente) error {
	v := oggetto(c["validate"])
	var errs []error
	if s := v["pattern"]; valore.Booleano(s) {
		_, err := CompilaModello(valore.Testo(s))
		errs = append(errs, err)
	}
	if s := testo(v["custom"]); s != "" {
		p, err := m.programma(script.Controllo, s)
		if err == nil && len(p.Bisogni()) > 0 {
			err = script.ErrBisogni
		}
		errs = append(errs, err)
	}
	if valore.Oggetto(v["json"]) {
		_, err := jsonlogic.Compila(v["json"])
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func modello(k *caso) *Errore {
	fonte := valore.Testo(k.validate["pattern"])
	m, err := tieni(k.m, &k.m.modelli, fonte, func() (*Modello, error) { return CompilaModello(fonte) })
	if err != nil {
		return rotta
	}
	ok, err := m.Corrisponde(testo(k.Valore))
	if err != nil {
		return rotta
	}
	if ok {
		return nil
	}
	chiave := "pattern"
	if s := testo(k.validate["patternMessage"]); s != "" {
		chiave = s
	}
	return errore("pattern", chiave, "pattern", fonte)
}

var (
	schemaEmail = regexp.MustCompile(`^(?:[^<>()\[\]\\.,;:\s@"]+(?:\.[^<>()\[\]\\.,;:\s@"]+)*|".+")@(?:\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\]|(?:[a-zA-Z\-0-9]+\.)+[a-zA-Z]{2,})$`)
	schemaURL   = regexp.MustCompile(`(?i)^(?:(?:(?:https?|ftp):)?//)?(?:\S+(?::\S*)?@)?(?:` + ip + `|` + nomi + `\.[a-z\x{a1}-\x{ffff}]{2,})(?::\d{2,5})?(?:[/?#]\S*)?$`)
	senzaPunto  = regexp.MustCompile(`(?i)^(?:https?|ftp)://(?:\S+(?::\S*)?@)?(?:` + ip + `|` + nomi + `)(?::\d{2,5})?(?:[/?#]\S*)?$`)
)

// The private networks that core excludes from the numeric form match its form of names, so that it accepts them all the same.
const (
	ip   = `(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4])`
	nome = `(?:[a-z\x{a1}-\x{ffff}0-9]-*)*[a-z\x{a1}-\x{ffff}0-9]+`
	nomi = nome + `(?:\.` + nome + `)*`
)

func email(k *caso) *Errore {
	if s, ok := k.Valore.(string); ok && !schemaEmail.MatchString(s) {
		return errore("email", "invalid_email")
	}
	return nil
}

func indirizzo(k *caso) *Errore {
	s, ok := k.Valore.(string)
	if ok && (schemaURL.MatchString(s) || senzaPunto.MatchString(s)) && !schemaEmail.MatchString(s) {
		return nil
	}
	return errore("url", "invalid_url")
}

var dueSpazi = regexp.MustCompile(`[\s\x{a0}\x{2028}\x{2029}\x{feff}]{2,}`)

func unoSpazio(s string) string { return dueSpazi.ReplaceAllString(valore.Pota(s), " ") }

func conMaschera(k *caso) bool {
	m, _ := k.Componente["inputMasks"].([]any)
	return k.tipo != "time" && k.pieno() && (k.vero("inputMask") || len(m) > 0) && !valore.Booleano(k.validate["skipMaskValidation"])
}

func maschera(k *caso) *Errore {
	forma, v := testo(k.Componente["inputMask"]), k.Valore
	if mm, _ := k.Componente["inputMasks"].([]any); k.vero("allowMultipleMasks") && len(mm) > 0 {
		forma = ""
		m := oggetto(k.Valore)
		if testo(m["maskName"]) != "" && testo(m["value"]) != "" {
			v = m["value"]
			for _, x := range mm {
				if o := oggetto(x); o["label"] == m["maskName"] && forma == "" {
					forma = testo(o["mask"])
				}
			}
		}
	}
	s, ok := v.(string)
	_, intero := k.Valore.(string)
	switch {
	case forma == "":
		return nil
	case !ok:
		return errore("mask", "mask")
	case intero && k.tipo == "textfield":
		re, err := regexp.Compile(espressione(forma))
		if err != nil {
			return rotta
		}
		ok = re.MatchString(s)
	default:
		ok = lettera(s, forma)
	}
	if ok {
		return nil
	}
	return errore("mask", "mask")
}

// lettera is core's own mask, one character for each.
func lettera(s, forma string) bool {
	r, f := []rune(s), []rune(forma)
	if len(r) != len(f) {
		return false
	}
	for i, c := range f {
		x := r[i]
		cifra, minuscola, maiuscola := x >= '0' && x <= '9', x >= 'a' && x <= 'z', x >= 'A' && x <= 'Z'
		ok := x == c
		switch c {
		case '9':
			ok = cifra
		case 'A':
			ok = minuscola || maiuscola
		case 'a':
			ok = minuscola
		case '*':
			ok = cifra || minuscola || maiuscola
		}
		if !ok {
			return false
		}
	}
	return true
}

// espressione is a mask of the Inputmask library, with which core judges text
// fields, as a regular expression: what is between brackets may lack.
func espressione(forma string) string {
	const lettere = `A-Za-zА-яЁёÀ-ÿµ`
	const grandi = `A-ZА-ЯЁÀ-ÿµ`
	var b strings.Builder
	b.WriteString(`^(?:`)
	alla := false
	for _, r := range forma {
		c := regexp.QuoteMeta(string(r))
		if !alla {
			switch r {
			case '\\':
				c = ""
			case '9':
				c = `[0-9]`
			case 'a':
				c = `[` + lettere + `]`
			case 'A':
				c = `[` + grandi + `]`
			case '*':
				c = `[0-9` + lettere + `]`
			case '&':
				c = `[0-9` + grandi + `]`
			case '#':
				c = `[0-9A-F]`
			case '[':
				c = `(?:`
			case ']':
				c = `)?`
			case '{', '}', ',':
				c = string(r)
			}
		}
		alla = !alla && r == '\\'
		b.WriteString(c)
	}
	b.WriteString(`)$`)
	return b.String()
}
