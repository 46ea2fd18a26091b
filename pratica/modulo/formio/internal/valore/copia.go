package valore

import "errors"

// Limiti bounds a copy. A zero field means its default.
type Limiti struct {
	// Profondita defaults to MaxProfondita, and is never more.
	Profondita int
	// Nodi is how many values, containers included; defaults to 100 000.
	Nodi int
	// Testo is the sum of the bytes of texts and keys; defaults to 16 MiB.
	Testo int
}

// ErrLimiti is a value that is too deep or too large.
var ErrLimiti = errors.New("valore troppo profondo o troppo grande")

// Copia is a deep copy that shares nothing with v; numbers become float64.
// ErrLimiti if v exceeds the limits, and then nothing is given.
func Copia(v any, l Limiti) (any, error) {
	if l.Profondita <= 0 || l.Profondita > MaxProfondita {
		l.Profondita = MaxProfondita
	}
	if l.Nodi <= 0 {
		l.Nodi = 100_000
	}
	if l.Testo <= 0 {
		l.Testo = 16 << 20
	}
	return l.copia(v, 0)
}

// copia spends the limits as it goes: l is its own.
func (l *Limiti) copia(v any, livello int) (any, error) {
	l.Nodi--
	if s, ok := v.(string); ok {
		l.Testo -= len(s)
	}
	if l.Nodi < 0 || l.Testo < 0 || livello > l.Profondita {
		return nil, ErrLimiti
	}
	switch x := v.(type) {
	case map[string]any:
		q := make(map[string]any, min(len(x), l.Nodi))
		for k, w := range x {
			l.Testo -= len(k)
			c, err := l.copia(w, livello+1)
			if err != nil {
				return nil, err
			}
			q[k] = c
		}
		return q, nil
	case []any:
		if len(x) > l.Nodi {
			return nil, ErrLimiti
		}
		q := make([]any, len(x))
		for i, w := range x {
			c, err := l.copia(w, livello+1)
			if err != nil {
				return nil, err
			}
			q[i] = c
		}
		return q, nil
	case nil, bool, string, Undefined:
		return v, nil
	}
	if f, ok := numerico(v); ok {
		return f, nil
	}
	return map[string]any{}, nil
}
