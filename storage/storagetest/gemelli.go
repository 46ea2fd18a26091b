package storagetest

import (
	"context"
	"sync/atomic"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// Gemelli gives a Store that makes each call through the other of two handles
// (gemelli, twins) of the same data, so that the kit, run on it, shows that each
// sees at once what the other did, as processes have to. It waits (Sveglia) and
// rewraps (Riavvolgitore) through the first, where that can.
func Gemelli(primo, secondo storage.Store) storage.Store {
	g := &gemelli{due: [2]storage.Store{primo, secondo}}
	v, sveglia := primo.(storage.Sveglia)
	r, riavvolge := primo.(storage.Riavvolgitore)
	switch {
	case sveglia && riavvolge:
		return struct {
			*gemelli
			storage.Sveglia
			storage.Riavvolgitore
		}{g, v, r}
	case sveglia:
		return struct {
			*gemelli
			storage.Sveglia
		}{g, v}
	case riavvolge:
		return struct {
			*gemelli
			storage.Riavvolgitore
		}{g, r}
	}
	return g
}

type gemelli struct {
	due  [2]storage.Store
	giro atomic.Uint64
}

func (g *gemelli) uno() storage.Store { return g.due[g.giro.Add(1)%2] }

func (g *gemelli) Carica(ctx context.Context, ente string, id pratica.ID) (*pratica.Pratica, error) {
	return g.uno().Carica(ctx, ente, id)
}

func (g *gemelli) Registra(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
	return g.uno().Registra(ctx, c)
}

func (g *gemelli) Ripetuta(ctx context.Context, ente string, id pratica.ID, chiave string) (storage.Ricevuta, bool, error) {
	return g.uno().Ripetuta(ctx, ente, id, chiave)
}

func (g *gemelli) Eventi(ctx context.Context, ente string, id pratica.ID) ([]pratica.Evento, error) {
	return g.uno().Eventi(ctx, ente, id)
}

func (g *gemelli) Cerca(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
	return g.uno().Cerca(ctx, f)
}

func (g *gemelli) Riassumi(ctx context.Context, f storage.Filtro, campi ...string) (storage.Riepilogo, error) {
	return g.uno().Riassumi(ctx, f, campi...)
}

func (g *gemelli) InUso(ctx context.Context, ente, sha256 string) (bool, error) {
	return g.uno().InUso(ctx, ente, sha256)
}

func (g *gemelli) Numera(ctx context.Context, ente, serie string, anno int, id pratica.ID) (int64, error) {
	return g.uno().Numera(ctx, ente, serie, anno, id)
}

func (g *gemelli) Prenota(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
	return g.uno().Prenota(ctx, p)
}

func (g *gemelli) Aggiorna(ctx context.Context, e storage.Effetto) error {
	return g.uno().Aggiorna(ctx, e)
}

func (g *gemelli) Effetto(ctx context.Context, ente, id string) (storage.Effetto, error) {
	return g.uno().Effetto(ctx, ente, id)
}

func (g *gemelli) Effetti(ctx context.Context, ente string, id pratica.ID) ([]storage.Effetto, error) {
	return g.uno().Effetti(ctx, ente, id)
}

func (g *gemelli) Sblocca(ctx context.Context, ente, id string, diario []byte) error {
	return g.uno().Sblocca(ctx, ente, id, diario)
}

func (g *gemelli) Transazione(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	return g.uno().Transazione(ctx, ente, fn)
}

func (g *gemelli) Lettura(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	return g.uno().Lettura(ctx, ente, fn)
}
