// Package cassetto is the drawer (cassetto) that a store lends to the embedded
// implementations of the ports: own register, own payment positions, own
// calendars. They need a handful of small records, changed together or not at
// all, and nothing else; so a store implements one small interface and every
// embedded implementation runs on every store.
//
// Records are opaque bytes under (ente, tabella, chiave). The ente (the public
// body) is the tenant: one never sees another's records.
//
// The package is a leaf: it imports nothing of this module.
package cassetto

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

var (
	// ErrAssente: no record under that key.
	ErrAssente = errors.New("cassetto: voce assente")
	// ErrPresente: Inserisci found the key taken.
	ErrPresente = errors.New("cassetto: voce già presente")
	// ErrSolaLettura: a write was tried inside Lettura.
	ErrSolaLettura = errors.New("cassetto: transazione in sola lettura")
	// ErrLimite: ente, table, key or value exceed the bounds below, or are empty.
	ErrLimite = errors.New("cassetto: limite superato")
)

// Bounds that every implementation enforces with ErrLimite.
const (
	MassimoChiave = 512     // bytes of ente, tabella and chiave, each
	MassimoValore = 1 << 20 // bytes of a value
	MassimoElenco = 10_000  // records that one Elenca returns
)

// Cassetto runs transactions. It is safe for concurrent use.
type Cassetto interface {
	// Transazione runs fn so that all of its reads and writes happen at one
	// point in time (serializable within the ente), and keeps the writes if fn
	// returns nil, none of them otherwise. When two transactions collide fn is
	// run again from the start: it must have no effect but through tx, and must
	// not keep tx. The error of fn is returned as it is.
	Transazione(ctx context.Context, ente string, fn func(tx Tx) error) error
	// Lettura is the same with a tx that only reads, from one snapshot; it does
	// not wait for writers. Writes fail with ErrSolaLettura.
	Lettura(ctx context.Context, ente string, fn func(tx Tx) error) error
}

// Tx is what fn sees. It belongs to one goroutine and dies with fn.
type Tx interface {
	// Leggi gives a copy of the value, or ErrAssente.
	Leggi(tabella, chiave string) ([]byte, error)
	// Scrivi inserts or replaces.
	Scrivi(tabella, chiave string, valore []byte) error
	// Inserisci inserts, or fails with ErrPresente.
	Inserisci(tabella, chiave string, valore []byte) error
	// Elimina removes; removing what is not there is no error.
	Elimina(tabella, chiave string) error
	// Elenca gives the records of a table in the byte order of their keys.
	Elenca(tabella string, i Intervallo) ([]Voce, error)
}

// Intervallo says which records Elenca gives.
type Intervallo struct {
	Prefisso string // only keys that begin so; empty means all
	Dopo     string // only keys after this one (before it, if Inverso); empty means from the end where Elenca begins
	Limite   int    // at most so many; 0 means MassimoElenco
	Inverso  bool   // from the last key to the first
}

// Voce is one record.
type Voce struct {
	Chiave string
	Valore []byte
}

// Controlla checks the bounds of a write; implementations call it.
func Controlla(ente, tabella, chiave string, valore []byte) error {
	for _, c := range []struct{ nome, valore string }{{"ente", ente}, {"tabella", tabella}, {"chiave", chiave}} {
		if c.valore == "" || len(c.valore) > MassimoChiave {
			return fmt.Errorf("%w: %s di %d byte", ErrLimite, c.nome, len(c.valore))
		}
	}
	if len(valore) > MassimoValore {
		return fmt.Errorf("%w: valore di %d byte", ErrLimite, len(valore))
	}
	return nil
}

// LeggiJSON reads a record into v; ErrAssente where there is none.
func LeggiJSON(tx Tx, tabella, chiave string, v any) error {
	b, err := tx.Leggi(tabella, chiave)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// ScriviJSON inserts or replaces a record with the JSON of v.
func ScriviJSON(tx Tx, tabella, chiave string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return tx.Scrivi(tabella, chiave, b)
}

// InserisciJSON inserts a record with the JSON of v, or fails with ErrPresente.
func InserisciJSON(tx Tx, tabella, chiave string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return tx.Inserisci(tabella, chiave, b)
}

// Conta adds one to a counter kept in the record and gives its new value; the
// first is 1. Inside one transaction with what the number is for, the series
// has no gap.
func Conta(tx Tx, tabella, chiave string) (int64, error) {
	var n int64
	err := LeggiJSON(tx, tabella, chiave, &n)
	if err != nil && !errors.Is(err, ErrAssente) {
		return 0, err
	}
	n++
	return n, ScriviJSON(tx, tabella, chiave, n)
}
