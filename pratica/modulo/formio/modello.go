package formio

import (
	"errors"
	"regexp"
	"time"

	"github.com/dlclark/regexp2/v2"
	"github.com/dop251/goja/parser"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

const (
	// LimiteModello is how long a pattern may be, in bytes.
	LimiteModello = 4096
	// limiteProva is how long a text tried against a pattern that Go cannot bound may be.
	limiteProva  = 4096
	tempoModello = 500 * time.Millisecond
)

var errModello = errors.New("formio: espressione regolare non eseguibile")

// modelloTesto is validate.pattern, a regular expression of JavaScript, anchored
// as Form.io does. Where Go has one that means the same it runs in linear time;
// others (look-around, back references) need an engine that can take long, and
// is stopped.
type modelloTesto struct {
	lineare *regexp.Regexp
	altro   *regexp2.Regexp
}

func nuovoModello(fonte string) *modelloTesto {
	if len(fonte) > LimiteModello {
		return &modelloTesto{}
	}
	fonte = "^" + fonte + "$"
	re, err := regexp2.Compile(fonte, regexp2.ECMAScript)
	if err != nil {
		return &modelloTesto{}
	}
	if uguale, err := parser.TransformRegExp(fonte, false, false); err == nil {
		if re, err := regexp.Compile(uguale); err == nil {
			return &modelloTesto{lineare: re}
		}
	}
	re.MatchTimeout = tempoModello
	return &modelloTesto{altro: re}
}

func (m *modelloTesto) valido() bool { return m.lineare != nil || m.altro != nil }

func (m *modelloTesto) corrisponde(s string) (bool, error) {
	switch {
	case m.lineare != nil:
		return m.lineare.MatchString(s), nil
	case m.altro == nil || valore.Lunghezza(s) > limiteProva:
		return false, errModello
	}
	vale, err := m.altro.MatchString(s)
	if err != nil {
		return false, errModello
	}
	return vale, nil
}
