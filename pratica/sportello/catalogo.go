package sportello

import (
	"context"
	"slices"
	"sync"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// Catalogo is a Servizi in memory. The zero value is empty and ready; safe for
// concurrent use.
type Catalogo struct {
	mu   sync.RWMutex
	enti map[string][]*servizio.Servizio
}

// NuovoCatalogo makes a catalogue of one ente with these services.
func NuovoCatalogo(ente string, s ...*servizio.Servizio) *Catalogo {
	c := &Catalogo{}
	for _, x := range s {
		c.Pubblica(ente, x)
	}
	return c
}

// Pubblica adds a version of a service; the same version again replaces it.
func (c *Catalogo) Pubblica(ente string, s *servizio.Servizio) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.enti == nil {
		c.enti = map[string][]*servizio.Servizio{}
	}
	i := slices.IndexFunc(c.enti[ente], func(x *servizio.Servizio) bool { return x.ID() == s.ID() && x.Versione() == s.Versione() })
	if i >= 0 {
		c.enti[ente][i] = s
		return
	}
	c.enti[ente] = append(c.enti[ente], s)
}

// Servizio implements Servizi.
func (c *Catalogo) Servizio(_ context.Context, ente, id string, versione int) (*servizio.Servizio, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var trovato *servizio.Servizio
	for _, x := range c.enti[ente] {
		if x.ID() == id && (versione == x.Versione() || versione == 0 && (trovato == nil || x.Versione() > trovato.Versione())) {
			trovato = x
		}
	}
	if trovato == nil {
		return nil, pratica.ErrNonTrovato
	}
	return trovato, nil
}

// Elenco implements Servizi.
func (c *Catalogo) Elenco(_ context.Context, ente string) ([]*servizio.Servizio, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var elenco []*servizio.Servizio
	for _, x := range c.enti[ente] {
		i := slices.IndexFunc(elenco, func(y *servizio.Servizio) bool { return y.ID() == x.ID() })
		switch {
		case i < 0:
			elenco = append(elenco, x)
		case x.Versione() > elenco[i].Versione():
			elenco[i] = x
		}
	}
	return elenco, nil
}
