package storagetest_test

import (
	"context"
	"errors"
	"sync"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

// difetto is a store that is wrong on purpose, and the checks that must say so.
type difetto struct {
	guasta func(d *difettoso)
	trova  []string
}

// difettoso is a memoria.Store with methods replaced.
type difettoso struct {
	*memoria.Store
	registra func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error)
	carica   func(ctx context.Context, ente string, id pratica.ID) (*pratica.Pratica, error)
	ripetuta func(ctx context.Context, ente string, id pratica.ID, chiave string) (storage.Ricevuta, bool, error)
	eventi   func(ctx context.Context, ente string, id pratica.ID) ([]pratica.Evento, error)
	cerca    func(ctx context.Context, f storage.Filtro) (storage.Pagina, error)
	riassumi func(ctx context.Context, f storage.Filtro, campi ...string) (storage.Riepilogo, error)
	inUso    func(ctx context.Context, ente, sha256 string) (bool, error)
	numera   func(ctx context.Context, ente, serie string, anno int, id pratica.ID) (int64, error)
	prenota  func(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error)
	aggiorna func(ctx context.Context, e storage.Effetto) error
	effetto  func(ctx context.Context, ente, id string) (storage.Effetto, error)
	effetti  func(ctx context.Context, ente string, id pratica.ID) ([]storage.Effetto, error)
	sblocca  func(ctx context.Context, ente, id string, diario []byte) error
	attendi  func(ctx context.Context) error

	mu     sync.Mutex
	commit []storage.Commit // all that were tried
}

func nuovo(guasta func(*difettoso)) *difettoso {
	m := memoria.New()
	d := &difettoso{Store: m, registra: m.Registra, carica: m.Carica, ripetuta: m.Ripetuta, eventi: m.Eventi, cerca: m.Cerca, riassumi: m.Riassumi, inUso: m.InUso,
		numera: m.Numera, prenota: m.Prenota, aggiorna: m.Aggiorna, effetto: m.Effetto, effetti: m.Effetti, sblocca: m.Sblocca, attendi: m.Attendi}
	if guasta != nil {
		guasta(d)
	}
	return d
}

func (d *difettoso) Registra(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
	if c.Pratica != nil {
		d.mu.Lock()
		d.commit = append(d.commit, c)
		d.mu.Unlock()
	}
	return d.registra(ctx, c)
}

func (d *difettoso) Carica(ctx context.Context, ente string, id pratica.ID) (*pratica.Pratica, error) {
	return d.carica(ctx, ente, id)
}

func (d *difettoso) Ripetuta(ctx context.Context, ente string, id pratica.ID, chiave string) (storage.Ricevuta, bool, error) {
	return d.ripetuta(ctx, ente, id, chiave)
}

func (d *difettoso) Eventi(ctx context.Context, ente string, id pratica.ID) ([]pratica.Evento, error) {
	return d.eventi(ctx, ente, id)
}

func (d *difettoso) Cerca(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
	return d.cerca(ctx, f)
}

func (d *difettoso) Riassumi(ctx context.Context, f storage.Filtro, campi ...string) (storage.Riepilogo, error) {
	return d.riassumi(ctx, f, campi...)
}

func (d *difettoso) InUso(ctx context.Context, ente, sha256 string) (bool, error) {
	return d.inUso(ctx, ente, sha256)
}

func (d *difettoso) Numera(ctx context.Context, ente, serie string, anno int, id pratica.ID) (int64, error) {
	return d.numera(ctx, ente, serie, anno, id)
}

func (d *difettoso) Prenota(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
	return d.prenota(ctx, p)
}

func (d *difettoso) Aggiorna(ctx context.Context, e storage.Effetto) error {
	return d.aggiorna(ctx, e)
}

func (d *difettoso) Effetto(ctx context.Context, ente, id string) (storage.Effetto, error) {
	return d.effetto(ctx, ente, id)
}

func (d *difettoso) Effetti(ctx context.Context, ente string, id pratica.ID) ([]storage.Effetto, error) {
	return d.effetti(ctx, ente, id)
}

func (d *difettoso) Sblocca(ctx context.Context, ente, id string, diario []byte) error {
	return d.sblocca(ctx, ente, id, diario)
}

func (d *difettoso) Attendi(ctx context.Context) error { return d.attendi(ctx) }

// tentati gives the commits that were tried so far.
func (d *difettoso) tentati() []storage.Commit {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]storage.Commit{}, d.commit...)
}

// altrove calls fn for every other ente, until it finds something there.
func (d *difettoso) altrove(ente string, fn func(ente string) bool) bool {
	visti := map[string]bool{ente: true}
	for _, c := range d.tentati() {
		if e := c.Pratica.Ente; !visti[e] {
			visti[e] = true
			if fn(e) {
				return true
			}
		}
	}
	return false
}

// aParte lets a commit that fails with quale leave something behind: what di
// makes of a commit that changes nothing.
func aParte(quale error, di func(vuoto *storage.Commit, fallito storage.Commit)) func(*difettoso) {
	return func(d *difettoso) {
		d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
			r, err := d.Store.Registra(ctx, c)
			if !errors.Is(err, quale) {
				return r, err
			}
			p, e := d.Store.Carica(ctx, c.Pratica.Ente, c.Pratica.ID)
			if e != nil {
				return r, err
			}
			vuoto := storage.Commit{Pratica: p, Attesa: p.Versione, Ora: c.Ora, Campi: d.campi(p)}
			di(&vuoto, c)
			_, e = d.Store.Registra(ctx, vuoto)
			return r, errors.Join(err, e)
		}
	}
}

// campi gives the fields that the stored version of p came with.
func (d *difettoso) campi(p *pratica.Pratica) []storage.Campo {
	for _, c := range d.tentati() {
		if c.Pratica.Ente == p.Ente && c.Pratica.ID == p.ID && c.Pratica.Impronta == p.Impronta {
			return c.Campi
		}
	}
	return nil
}
