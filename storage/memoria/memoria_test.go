package memoria_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

var ora = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func bozza(id pratica.ID) storage.Commit {
	e := []pratica.Evento{{Pratica: id, Progressivo: 1, Azione: pratica.AzioneApriBozza, Quando: ora, A: pratica.Bozza,
		Fatto: pratica.BozzaAperta{Ente: "c_h501", Servizio: "occupazione-suolo"}}}
	if err := pratica.Sigilla("", e, func() ([]byte, error) { return []byte("sedici byte, qui"), nil }); err != nil {
		return storage.Commit{}
	}
	p, err := pratica.Ripiega(e)
	if err != nil {
		return storage.Commit{}
	}
	return storage.Commit{Pratica: p, Eventi: e, Chiave: "k", Ora: ora,
		Effetti: []storage.Effetto{{ID: "e1", Genere: pratica.EffettoAvviso, Riferimento: "bozza"}}}
}

func Example() {
	ctx, s := context.Background(), memoria.New()
	c := bozza("0190a3c2-0000-7000-8000-000000000001")
	for range 2 {
		r, err := s.Registra(ctx, c)
		fmt.Println(r.Versione, r.Stato, r.Ripetuta, err)
	}
	presi, err := s.Prenota(ctx, storage.Prenotazione{Titolare: "lavoratore", Ora: ora, Durata: time.Minute, Limite: 10})
	fmt.Println(len(presi), presi[0].Genere, presi[0].Tentativi, err)
	// Output:
	// 1 bozza false <nil>
	// 1 bozza true <nil>
	// 1 avviso 1 <nil>
}

func TestGuasto(t *testing.T) {
	t.Parallel()
	ctx, s, boh := context.Background(), memoria.New(), errors.New("boh")
	var quando string
	s.Guasto = func(op string) error {
		if op == quando {
			return boh
		}
		return nil
	}
	c := bozza("0190a3c2-0000-7000-8000-000000000001")
	id := c.Pratica.ID
	quando = "Registra"
	_, err := s.Registra(ctx, c)
	require.ErrorIs(t, err, boh)
	quando = ""
	_, err = s.Carica(ctx, "c_h501", id)
	require.ErrorIs(t, err, storage.ErrNonTrovata, "nothing was done")

	quando = "Registra/dopo"
	_, err = s.Registra(ctx, c)
	require.ErrorIs(t, err, boh)
	quando = ""
	r, err := s.Registra(ctx, c)
	require.NoError(t, err)
	require.True(t, r.Ripetuta, "it was done, and the key tells")

	for op, fn := range map[string]func() error{
		"Carica":      func() error { _, err := s.Carica(ctx, "c_h501", id); return err },
		"Ripetuta":    func() error { _, _, err := s.Ripetuta(ctx, "c_h501", id, "k"); return err },
		"Eventi":      func() error { _, err := s.Eventi(ctx, "c_h501", id); return err },
		"Cerca":       func() error { _, err := s.Cerca(ctx, storage.Filtro{Ente: "c_h501"}); return err },
		"Riassumi":    func() error { _, err := s.Riassumi(ctx, storage.Filtro{Ente: "c_h501"}); return err },
		"InUso":       func() error { _, err := s.InUso(ctx, "c_h501", "x"); return err },
		"Numera":      func() error { _, err := s.Numera(ctx, "c_h501", "richiesta", 2026, id); return err },
		"Effetto":     func() error { _, err := s.Effetto(ctx, "c_h501", "e1"); return err },
		"Effetti":     func() error { _, err := s.Effetti(ctx, "c_h501", id); return err },
		"Transazione": func() error { return s.Transazione(ctx, "c_h501", func(cassetto.Tx) error { return nil }) },
		"Lettura":     func() error { return s.Lettura(ctx, "c_h501", func(cassetto.Tx) error { return nil }) },
		"Prenota": func() error {
			_, err := s.Prenota(ctx, storage.Prenotazione{Titolare: "a", Ora: ora, Durata: time.Minute, Limite: 1})
			return err
		},
	} {
		quando = ""
		require.NoError(t, fn(), op)
		for _, quando = range []string{op, op + "/dopo"} {
			require.ErrorIs(t, fn(), boh, quando)
		}
	}
}

func TestArchivioGuasto(t *testing.T) {
	t.Parallel()
	ctx, a, boh := context.Background(), memoria.NewArchivio(), errors.New("boh")
	a.Guasto = func(op string) error {
		if op == "Scrivi/dopo" {
			return boh
		}
		return nil
	}
	_, err := a.Scrivi(ctx, "c_h501", strings.NewReader("x"), 10)
	require.ErrorIs(t, err, boh)
}
