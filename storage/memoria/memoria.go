// Package memoria is a Store and an Archivio in memory, for tests and for
// trying things out: exact to the contract of package storage, gone with the
// process, and slow where a list grows long, because every search goes through
// all. Failures can be scripted (Store.Guasto). What the contract says and other
// stores do is easiest to read here.
package memoria

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// Store is a storage.Store in memory. Make it with New. Safe for concurrent use
// within the process.
type Store struct {
	// Guasto, if set, scripts failures: it is called before each operation with
	// the name of the method ("Registra") and after each one that succeeded with
	// "/dopo" behind it ("Registra/dopo"). The error it gives is returned to the
	// caller: before, nothing is done; after, the work is done and the caller is
	// told of a failure, as when a connection breaks. It is called with no lock
	// held, by many goroutines at once. Set it before the Store is shared.
	Guasto func(operazione string) error

	cassetto cassetto.Memoria

	mu       sync.Mutex
	pratiche map[chiave]voce
	effetti  map[chiave]*storage.Effetto
	chiavi   map[chiave2]storage.Ricevuta
	unici    map[chiave2]pratica.ID // id: ambito; nome: chiave
	numeri   map[serie]int64
	presi    map[preso]int64

	causati chan struct{} // holds one where effects were caused since the last Attendi
}

// voce is a pratica. It is replaced, never changed.
type voce struct {
	proiezione []byte // JSON, so that nothing is shared with callers
	eventi     []byte // JSON
	campi      []byte // JSON
	riga       storage.Riga
	lessemi    []string
	file       []string
	anonimo    string
	oscurata   bool
}

type (
	chiave  struct{ ente, id string }
	chiave2 struct{ ente, id, nome string }
	serie   struct {
		ente, serie string
		anno        int
	}
	preso struct {
		serie
		pratica pratica.ID
	}
)

var (
	_ storage.Store   = (*Store)(nil)
	_ storage.Sveglia = (*Store)(nil)
)

// New gives an empty Store.
func New() *Store {
	return &Store{
		pratiche: map[chiave]voce{}, effetti: map[chiave]*storage.Effetto{}, chiavi: map[chiave2]storage.Ricevuta{},
		unici: map[chiave2]pratica.ID{}, numeri: map[serie]int64{}, presi: map[preso]int64{}, causati: make(chan struct{}, 1),
	}
}

// esegui runs one operation under the lock and between the two calls of Guasto.
func (s *Store) esegui(ctx context.Context, operazione string, fn func() error) error {
	if err := s.guasto(operazione); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.protetto(fn); err != nil {
		return err
	}
	return s.guasto(operazione + "/dopo")
}

func (s *Store) protetto(fn func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fn()
}

func (s *Store) guasto(operazione string) error {
	if s.Guasto == nil {
		return nil
	}
	return s.Guasto(operazione)
}

// Carica implements storage.Store.
func (s *Store) Carica(ctx context.Context, ente string, id pratica.ID) (*pratica.Pratica, error) {
	p := &pratica.Pratica{}
	err := s.esegui(ctx, "Carica", func() error {
		v, ok := s.pratiche[chiave{ente, string(id)}]
		if !ok {
			return storage.ErrNonTrovata
		}
		return json.Unmarshal(v.proiezione, p)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Registra implements storage.Store.
func (s *Store) Registra(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
	var r storage.Ricevuta
	err := s.esegui(ctx, "Registra", func() (err error) {
		r, err = s.registra(&c)
		return err
	})
	if err != nil {
		return storage.Ricevuta{}, err
	}
	return r, nil
}

// registra checks everything before it writes anything.
func (s *Store) registra(c *storage.Commit) (storage.Ricevuta, error) {
	if err := proiezione.Identita(c); err != nil {
		return storage.Ricevuta{}, err
	}
	ente, id := c.Pratica.Ente, c.Pratica.ID
	k := chiave{ente, string(id)}
	if r, ok := s.chiavi[chiave2{ente, string(id), c.Chiave}]; ok && c.Chiave != "" {
		r.Ripetuta = true
		return r, nil
	}
	if err := s.controlla(k, c); err != nil {
		return storage.Ricevuta{}, err
	}
	nuova, err := s.voce(k, c)
	if err != nil {
		return storage.Ricevuta{}, fmt.Errorf("%w: %w", storage.ErrNonValido, err)
	}

	s.concludi(c)
	var ordine int64
	for _, e := range s.effettiDi(ente, id) {
		ordine = max(ordine, e.Ordine)
	}
	if c.Elimina {
		s.elimina(k)
	} else {
		s.pratiche[k] = nuova
		if len(c.Oscurati) > 0 {
			for _, e := range s.effettiDi(ente, id) {
				e.Diario = nil
			}
		}
		for _, u := range c.Unici {
			s.unici[chiave2{ente, u.Ambito, u.Chiave}] = id
		}
		for _, u := range c.Liberi {
			if q := (chiave2{ente, u.Ambito, u.Chiave}); s.unici[q] == id {
				delete(s.unici, q)
			}
		}
	}
	for i, e := range c.Effetti {
		n := proiezione.Nuovo(c, e, ordine+int64(i)+1)
		s.effetti[chiave{ente, e.ID}] = &n
	}
	if len(c.Effetti) > 0 {
		s.sveglia()
	}
	r := storage.Ricevuta{Versione: c.Pratica.Versione, Stato: c.Pratica.Stato}
	if c.Chiave != "" {
		s.chiavi[chiave2{ente, string(id), c.Chiave}] = r
	}
	return r, nil
}

// voce gives what the commit makes of a pratica.
func (s *Store) voce(k chiave, c *storage.Commit) (voce, error) {
	p, iter := c.Pratica, c.Oscurati
	if b := s.pratiche[k].eventi; len(iter) == 0 && b != nil {
		if err := json.Unmarshal(b, &iter); err != nil {
			return voce{}, err
		}
	}
	r := proiezione.Riga(p, c.Campi, false)
	v := voce{riga: r, lessemi: proiezione.Lessemi(k.ente, &r, c.Campi), file: proiezione.File(p), anonimo: p.Autenticazione.Anonimo, oscurata: !p.Oscurata.IsZero()}
	var errs [3]error
	v.proiezione, errs[0] = json.Marshal(p)
	v.eventi, errs[1] = json.Marshal(slices.Concat(iter, c.Eventi))
	v.campi, errs[2] = proiezione.ScriviCampi(c.Campi)
	return v, errors.Join(errs[:]...)
}

func (s *Store) controlla(k chiave, c *storage.Commit) error {
	if err := proiezione.Commit(c); err != nil {
		return err
	}
	if s.pratiche[k].riga.Versione != c.Attesa {
		return storage.ErrConflitto
	}
	for _, u := range c.Unici {
		if di, ok := s.unici[chiave2{k.ente, u.Ambito, u.Chiave}]; ok && di != c.Pratica.ID {
			return &storage.ErroreUnico{Unico: u}
		}
	}
	for i := range c.Effetti {
		if _, ok := s.effetti[chiave{k.ente, c.Effetti[i].ID}]; ok {
			return fmt.Errorf("%w: effetto ripetuto", storage.ErrNonValido)
		}
	}
	if e := c.Concluso; e != nil {
		v, ok := s.prenotato(k.ente, e)
		if !ok || v.Pratica != c.Pratica.ID {
			return storage.ErrPrenotazione
		}
	}
	return nil
}

func (s *Store) concludi(c *storage.Commit) {
	if c.Concluso == nil {
		return
	}
	e := s.effetti[chiave{c.Pratica.Ente, c.Concluso.ID}]
	e.Stato, e.Concluso, e.UltimoErrore = storage.Fatto, proiezione.Netto(c.Ora), ""
	if c.Concluso.Diario != nil {
		e.Diario = slices.Clone(c.Concluso.Diario)
	}
	libera(e)
}

func (s *Store) elimina(k chiave) {
	delete(s.pratiche, k)
	for q, e := range s.effetti {
		if q.ente == k.ente && string(e.Pratica) == k.id {
			delete(s.effetti, q)
		}
	}
	for q := range s.chiavi {
		if q.ente == k.ente && q.id == k.id {
			delete(s.chiavi, q)
		}
	}
	for q, di := range s.unici {
		if q.ente == k.ente && string(di) == k.id {
			delete(s.unici, q)
		}
	}
}

// Ripetuta implements storage.Store.
func (s *Store) Ripetuta(ctx context.Context, ente string, id pratica.ID, nome string) (storage.Ricevuta, bool, error) {
	var r storage.Ricevuta
	var ok bool
	err := s.esegui(ctx, "Ripetuta", func() error {
		r, ok = s.chiavi[chiave2{ente, string(id), nome}]
		r.Ripetuta = ok
		return nil
	})
	if err != nil {
		return storage.Ricevuta{}, false, err
	}
	return r, ok, nil
}

// Eventi implements storage.Store.
func (s *Store) Eventi(ctx context.Context, ente string, id pratica.ID) ([]pratica.Evento, error) {
	var iter []pratica.Evento
	err := s.esegui(ctx, "Eventi", func() error {
		v, ok := s.pratiche[chiave{ente, string(id)}]
		if !ok {
			return storage.ErrNonTrovata
		}
		return json.Unmarshal(v.eventi, &iter)
	})
	if err != nil {
		return nil, err
	}
	return iter, nil
}

// Numera implements storage.Store.
func (s *Store) Numera(ctx context.Context, ente, nome string, anno int, id pratica.ID) (int64, error) {
	var n int64
	err := s.esegui(ctx, "Numera", func() error {
		if err := proiezione.Nomi(ente, nome); err != nil {
			return err
		}
		if err := proiezione.Nomi(ente, string(id)); err != nil {
			return err
		}
		k := preso{serie{ente, nome, anno}, id}
		if n = s.presi[k]; n == 0 {
			s.numeri[k.serie]++
			n = s.numeri[k.serie]
			s.presi[k] = n
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// Transazione implements cassetto.Cassetto.
func (s *Store) Transazione(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	if err := s.guasto("Transazione"); err != nil {
		return err
	}
	if err := s.cassetto.Transazione(ctx, ente, fn); err != nil {
		return err
	}
	return s.guasto("Transazione/dopo")
}

// Lettura implements cassetto.Cassetto.
func (s *Store) Lettura(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	if err := s.guasto("Lettura"); err != nil {
		return err
	}
	if err := s.cassetto.Lettura(ctx, ente, fn); err != nil {
		return err
	}
	return s.guasto("Lettura/dopo")
}

// effettiDi gives the effects of a pratica in order, not copied.
func (s *Store) effettiDi(ente string, id pratica.ID) []*storage.Effetto {
	var di []*storage.Effetto
	for k, e := range s.effetti {
		if k.ente == ente && e.Pratica == id {
			di = append(di, e)
		}
	}
	slices.SortFunc(di, func(a, b *storage.Effetto) int { return cmp.Compare(a.Ordine, b.Ordine) })
	return di
}
