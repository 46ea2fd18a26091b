package proiezione

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// Posizione is the place in a list after which a page begins. The zero value is
// the beginning.
type Posizione struct {
	Ordine  storage.Ordine `json:"o"`
	Istante int64          `json:"t"` // as Istante gives it
	ID      pratica.ID     `json:"i"`
}

const massimoCursore = 2048

// Istante is an instant as stores keep it: nanoseconds since 1970, 0 for the
// zero time, held within the years that fit (1678–2261).
func Istante(t time.Time) int64 {
	switch {
	case t.IsZero():
		return 0
	case t.Year() < 1678:
		return minimo
	case t.Year() > 2261:
		return massimo
	}
	return t.UnixNano()
}

const minimo, massimo = -1 << 63, 1<<63 - 1

// Quando is the inverse of Istante.
func Quando(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

// Netto is the instant as a store gives it back: UTC, without monotonic clock.
func Netto(t time.Time) time.Time { return Quando(Istante(t)) }

// Dopo gives the place after a row.
func Dopo(o storage.Ordine, r *storage.Riga) Posizione {
	return Posizione{o, Chiave(o, r), r.ID}
}

// Chiave is the instant by which an order puts the row.
func Chiave(o storage.Ordine, r *storage.Riga) int64 {
	if o == storage.PerAggiornamento || o == storage.PerAggiornamentoVecchie {
		return Istante(r.Aggiornata)
	}
	return Istante(Presentazione(r))
}

// Crescente reports whether an order goes from the oldest to the newest.
func Crescente(o storage.Ordine) bool {
	return o == storage.PerPresentazioneVecchie || o == storage.PerAggiornamentoVecchie
}

// Cursore writes a place as the caller keeps it.
func (p Posizione) Cursore() (string, error) {
	b, err := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(b), err
}

func leggiCursore(s string, o storage.Ordine) (Posizione, error) {
	var p Posizione
	if s == "" {
		return p, nil
	}
	no := fmt.Errorf("%w: cursore", storage.ErrFiltro)
	if len(s) > massimoCursore {
		return p, no
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return Posizione{}, no
	}
	if err := json.Unmarshal(b, &p); err != nil || p.Ordine != o || p.ID == "" {
		return Posizione{}, no
	}
	return p, nil
}
