// Package messaggi composes the notices (avvisi) that a pratica sends by itself
// and carries them over channels: mail, PEC (certified mail), App IO. The notice
// is always kept in the pratica, where the applicant reads it; a channel is a
// second way to him (design criterion C.SE.1.2 of the Italian services model).
package messaggi

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
)

// Avviso is one notice to one person.
type Avviso struct {
	// ID is stable across retries: a channel that can must use it to send once.
	ID           string
	Ente         string
	Pratica      string // id of the pratica
	Destinatario anagrafica.Persona
	Oggetto      string
	Testo        string
}

// LogValue gives the ids only.
func (a Avviso) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", a.ID), slog.String("pratica", a.Pratica))
}

// Canale carries notices. Invia returns nil where the notice was taken over for
// delivery or where the person cannot be reached this way (no address). Errors
// are classified as in package guasto; a notice whose outcome is unknown may be
// sent again with the same ID. Safe for concurrent use.
type Canale interface {
	Invia(ctx context.Context, a Avviso) error
}

// Componi replaces {nome} by the value of that name. Unknown names are left as
// they are; values are not looked into again.
func Componi(testo string, valori map[string]string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(testo, '{')
		if i < 0 {
			break
		}
		j := strings.IndexByte(testo[i:], '}')
		if j < 0 {
			break
		}
		v, ok := valori[testo[i+1:i+j]]
		if !ok {
			b.WriteString(testo[:i+1])
			testo = testo[i+1:]
			continue
		}
		b.WriteString(testo[:i] + v)
		testo = testo[i+j+1:]
	}
	return b.String() + testo
}

// Memoria is a Canale that keeps what it was given, for tests and demos. The
// same ID is kept once. The zero value is ready; safe for concurrent use.
type Memoria struct {
	mu     sync.Mutex
	avvisi []Avviso
}

// Invia implements Canale.
func (m *Memoria) Invia(ctx context.Context, a Avviso) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !slices.ContainsFunc(m.avvisi, func(v Avviso) bool { return v.ID == a.ID }) {
		m.avvisi = append(m.avvisi, a)
	}
	return nil
}

// Avvisi gives what was sent, oldest first.
func (m *Memoria) Avvisi() []Avviso {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.avvisi)
}
