package cassetto

import (
	"context"
	"slices"
	"strings"
	"sync"
)

// Memoria is a Cassetto in memory, for tests and for programs that need no
// duration. Transactions of all enti run one at a time. The zero value is ready.
type Memoria struct {
	mu   sync.RWMutex
	voci map[voceID][]byte
}

type voceID struct{ ente, tabella, chiave string }

var _ Cassetto = (*Memoria)(nil)

// Transazione implements Cassetto. fn must not call back into the same Memoria.
func (m *Memoria) Transazione(ctx context.Context, ente string, fn func(Tx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.esegui(ctx, ente, fn, true)
}

// Lettura implements Cassetto.
func (m *Memoria) Lettura(ctx context.Context, ente string, fn func(Tx) error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.esegui(ctx, ente, fn, false)
}

func (m *Memoria) esegui(ctx context.Context, ente string, fn func(Tx) error, scrive bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := Controlla(ente, "-", "-", nil); err != nil {
		return err
	}
	tx := &txMemoria{m: m, ente: ente, scrive: scrive, cambi: map[voceID][]byte{}}
	if err := fn(tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.voci == nil && len(tx.cambi) > 0 {
		m.voci = map[voceID][]byte{}
	}
	for k, v := range tx.cambi {
		if v == nil {
			delete(m.voci, k)
			continue
		}
		m.voci[k] = v
	}
	return nil
}

// txMemoria keeps the writes aside (nil value: removed) until fn succeeds.
type txMemoria struct {
	m      *Memoria
	ente   string
	scrive bool
	cambi  map[voceID][]byte
}

func (t *txMemoria) trova(k voceID) ([]byte, bool) {
	if v, ok := t.cambi[k]; ok {
		return v, v != nil
	}
	v, ok := t.m.voci[k]
	return v, ok
}

func (t *txMemoria) Leggi(tabella, chiave string) ([]byte, error) {
	v, ok := t.trova(voceID{t.ente, tabella, chiave})
	if !ok {
		return nil, ErrAssente
	}
	return slices.Clone(v), nil
}

func (t *txMemoria) Scrivi(tabella, chiave string, valore []byte) error {
	if !t.scrive {
		return ErrSolaLettura
	}
	if err := Controlla(t.ente, tabella, chiave, valore); err != nil {
		return err
	}
	t.cambi[voceID{t.ente, tabella, chiave}] = append([]byte{}, valore...)
	return nil
}

func (t *txMemoria) Inserisci(tabella, chiave string, valore []byte) error {
	if _, ok := t.trova(voceID{t.ente, tabella, chiave}); ok {
		return ErrPresente
	}
	return t.Scrivi(tabella, chiave, valore)
}

func (t *txMemoria) Elimina(tabella, chiave string) error {
	if !t.scrive {
		return ErrSolaLettura
	}
	t.cambi[voceID{t.ente, tabella, chiave}] = nil
	return nil
}

func (t *txMemoria) Elenca(tabella string, i Intervallo) ([]Voce, error) {
	var chiavi []string
	prendi := func(k voceID) {
		if k.ente == t.ente && k.tabella == tabella && i.comprende(k.chiave) {
			chiavi = append(chiavi, k.chiave)
		}
	}
	for k := range t.m.voci {
		if _, cambiata := t.cambi[k]; !cambiata {
			prendi(k)
		}
	}
	for k, v := range t.cambi {
		if v != nil {
			prendi(k)
		}
	}
	slices.Sort(chiavi)
	if i.Inverso {
		slices.Reverse(chiavi)
	}
	if n := i.Massimo(); len(chiavi) > n {
		chiavi = chiavi[:n]
	}
	voci := make([]Voce, 0, len(chiavi))
	for _, c := range chiavi {
		v, _ := t.trova(voceID{t.ente, tabella, c})
		voci = append(voci, Voce{c, slices.Clone(v)})
	}
	return voci, nil
}

func (i Intervallo) comprende(chiave string) bool {
	if !strings.HasPrefix(chiave, i.Prefisso) {
		return false
	}
	switch {
	case i.Dopo == "":
		return true
	case i.Inverso:
		return chiave < i.Dopo
	default:
		return chiave > i.Dopo
	}
}

// Massimo is the number of records to give at most: Limite within MassimoElenco.
func (i Intervallo) Massimo() int {
	if i.Limite <= 0 || i.Limite > MassimoElenco {
		return MassimoElenco
	}
	return i.Limite
}
