package busta

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
)

// LunghezzaChiave is the length of every key, in bytes: AES-256.
const LunghezzaChiave = 32

const massimoID = 64 // bytes

// Portachiavi (key ring) gives the keys with which the keys of contents are
// wrapped. Every seal and every opening asks it: an implementation that fetches
// keys from elsewhere should remember them. Safe for concurrent use.
//
// The ids that Chiave is asked for come from what is stored, so they are no more
// to be trusted than it: of an id only length and alphabet are certain.
type Portachiavi interface {
	// Attiva gives the id of the key for new contents of the ente: 1–64 bytes of
	// [a-zA-Z0-9._-].
	Attiva(ctx context.Context, ente string) (id string, err error)
	// Chiave gives the key with that id, 32 bytes, always the same ones.
	// ErrChiave where there is none; other errors, without secrets in their text,
	// with a class of pratica/guasto where they have one. The caller does not
	// change what it gets.
	Chiave(ctx context.Context, ente, id string) ([]byte, error)
}

// Chiavi is a Portachiavi in memory, the same for every ente. Make it with
// NewChiavi. However it is printed or logged, its keys are not shown.
type Chiavi struct {
	attiva string
	quante int
	// A function, because fmt prints the fields of fields, but no closure.
	chiave func(id string) ([]byte, bool)
}

var _ Portachiavi = (*Chiavi)(nil)

// NewChiavi gives the ring of these keys, by id; attiva is the id of the one for
// new contents. The others open what was sealed before. Keys are 32 random
// bytes, as "openssl rand -base64 32" makes them; no two may be equal and none
// may be all zero. It keeps copies.
func NewChiavi(attiva string, chiavi map[string][]byte) (*Chiavi, error) {
	mie := map[string][]byte{}
	for _, id := range slices.Sorted(maps.Keys(chiavi)) {
		k := chiavi[id]
		switch {
		case !idValido(id):
			return nil, nonValida("identificativo di una chiave: 1–64 caratteri tra lettere, cifre, punto, trattino e trattino basso")
		case len(k) != LunghezzaChiave:
			return nil, nonValida(fmt.Sprintf("chiave %s di %d byte invece di %d", id, len(k), LunghezzaChiave))
		case bytes.Equal(k, make([]byte, LunghezzaChiave)):
			return nil, nonValida("chiave " + id + " tutta a zero")
		}
		for altro, gia := range mie {
			if bytes.Equal(gia, k) {
				return nil, nonValida("chiavi uguali: " + min(altro, id) + " e " + max(altro, id))
			}
		}
		mie[id] = bytes.Clone(k)
	}
	if _, ok := mie[attiva]; !ok {
		return nil, nonValida("la chiave attiva non è tra le chiavi")
	}
	return &Chiavi{attiva: attiva, quante: len(mie), chiave: func(id string) ([]byte, bool) {
		k, ok := mie[id]
		return bytes.Clone(k), ok
	}}, nil
}

// Attiva implements Portachiavi.
func (c *Chiavi) Attiva(context.Context, string) (string, error) { return c.attiva, nil }

// Chiave implements Portachiavi. It gives a copy.
func (c *Chiavi) Chiave(_ context.Context, _, id string) ([]byte, error) {
	if c.chiave == nil { // not made with NewChiavi
		return nil, ErrChiave
	}
	k, ok := c.chiave(id)
	if !ok {
		return nil, ErrChiave
	}
	return k, nil
}

// String gives how many keys there are and which one is active.
func (c Chiavi) String() string {
	return fmt.Sprintf("busta.Chiavi{%d, attiva %s}", c.quante, c.attiva)
}

// LogValue implements slog.LogValuer.
func (c Chiavi) LogValue() slog.Value { return slog.StringValue(c.String()) }

func idValido(id string) bool {
	if id == "" || len(id) > massimoID {
		return false
	}
	for _, c := range []byte(id) {
		lettera := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !lettera && ('0' > c || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}
