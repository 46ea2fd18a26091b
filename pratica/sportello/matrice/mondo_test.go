package matrice_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// mondo is what the other systems remember. It is a cassetto in a file, to which
// each transaction is appended and flushed, so that it outlives whoever calls:
// one process at a time.
type mondo struct {
	cassetto.Memoria
	f        *os.File
	processo int
}

type cambio struct {
	Tabella string `json:"t"`
	Chiave  string `json:"k"`
	Valore  []byte `json:"v,omitempty"`
	Tolto   bool   `json:"x,omitempty"`
}

type transazione struct {
	Ente  string   `json:"e"`
	Cambi []cambio `json:"c"`
}

// apriMondo reads what was written by the process with the number before.
func apriMondo(percorso string, processo int) (*mondo, error) {
	f, err := os.OpenFile(percorso, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	m := &mondo{f: f, processo: processo}
	righe := bufio.NewScanner(f)
	righe.Buffer(nil, 1<<20)
	for righe.Scan() {
		var t transazione
		if err := json.Unmarshal(righe.Bytes(), &t); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		err := m.Memoria.Transazione(context.Background(), t.Ente, func(tx cassetto.Tx) error {
			for _, c := range t.Cambi {
				if c.Tolto {
					if err := tx.Elimina(c.Tabella, c.Chiave); err != nil {
						return err
					}
				} else if err := tx.Scrivi(c.Tabella, c.Chiave, c.Valore); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return m, righe.Err()
}

func (m *mondo) Close() error { return m.f.Close() }

// Transazione implements cassetto.Cassetto.
func (m *mondo) Transazione(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	return m.Memoria.Transazione(ctx, ente, func(tx cassetto.Tx) error {
		s := &scrivano{Tx: tx}
		if err := fn(s); err != nil || len(s.cambi) == 0 {
			return err
		}
		b, err := json.Marshal(transazione{ente, s.cambi})
		if err != nil {
			return err
		}
		if _, err := m.f.Write(append(b, '\n')); err != nil {
			return err
		}
		return m.f.Sync()
	})
}

// scrivano notes what a transaction writes.
type scrivano struct {
	cassetto.Tx
	cambi []cambio
}

func (s *scrivano) Scrivi(tabella, chiave string, valore []byte) error {
	s.cambi = append(s.cambi, cambio{Tabella: tabella, Chiave: chiave, Valore: valore})
	return s.Tx.Scrivi(tabella, chiave, valore)
}

func (s *scrivano) Inserisci(tabella, chiave string, valore []byte) error {
	if err := s.Tx.Inserisci(tabella, chiave, valore); err != nil {
		return err
	}
	s.cambi = append(s.cambi, cambio{Tabella: tabella, Chiave: chiave, Valore: valore})
	return nil
}

func (s *scrivano) Elimina(tabella, chiave string) error {
	s.cambi = append(s.cambi, cambio{Tabella: tabella, Chiave: chiave, Tolto: true})
	return s.Tx.Elimina(tabella, chiave)
}

const tabRichieste = "mondo.richieste"

// chiesto notes that a call reached the other side, and by which process.
func (m *mondo) chiesto(metodo, cosa string) error {
	return m.Transazione(context.Background(), ente, func(tx cassetto.Tx) error {
		var chi []int
		chiave := metodo + " " + cosa
		if err := cassetto.LeggiJSON(tx, tabRichieste, chiave, &chi); err != nil && !errors.Is(err, cassetto.ErrAssente) {
			return err
		}
		return cassetto.ScriviJSON(tx, tabRichieste, chiave, append(chi, m.processo))
	})
}

// richieste gives the calls that reached the other side: "method what" → the
// processes that made them.
func (m *mondo) richieste() (map[string][]int, error) {
	tutte := map[string][]int{}
	err := m.Lettura(context.Background(), ente, func(tx cassetto.Tx) error {
		voci, err := tx.Elenca(tabRichieste, cassetto.Intervallo{})
		for _, v := range voci {
			var chi []int
			if err := json.Unmarshal(v.Valore, &chi); err != nil {
				return fmt.Errorf("richieste: %w", err)
			}
			tutte[v.Chiave] = chi
		}
		return err
	})
	return tutte, err
}
