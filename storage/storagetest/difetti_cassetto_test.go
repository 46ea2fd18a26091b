package storagetest_test

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

type cassettoGuasto struct {
	*cassetto.Memoria
	transazione func(ctx context.Context, ente string, fn func(cassetto.Tx) error) error
	lettura     func(ctx context.Context, ente string, fn func(cassetto.Tx) error) error
}

func (c *cassettoGuasto) Transazione(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	return c.transazione(ctx, ente, fn)
}

func (c *cassettoGuasto) Lettura(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	return c.lettura(ctx, ente, fn)
}

// txGuasta is a Tx with methods replaced.
type txGuasta struct {
	cassetto.Tx
	inserisci func(tabella, chiave string, valore []byte) error
	elenca    func(tabella string, i cassetto.Intervallo) ([]cassetto.Voce, error)
	leggi     func(tabella, chiave string) ([]byte, error)
}

func (t txGuasta) Inserisci(tabella, chiave string, valore []byte) error {
	if t.inserisci == nil {
		return t.Tx.Inserisci(tabella, chiave, valore)
	}
	return t.inserisci(tabella, chiave, valore)
}

func (t txGuasta) Elenca(tabella string, i cassetto.Intervallo) ([]cassetto.Voce, error) {
	if t.elenca == nil {
		return t.Tx.Elenca(tabella, i)
	}
	return t.elenca(tabella, i)
}

func (t txGuasta) Leggi(tabella, chiave string) ([]byte, error) {
	if t.leggi == nil {
		return t.Tx.Leggi(tabella, chiave)
	}
	return t.leggi(tabella, chiave)
}

// scritture is a Tx that reads at once and keeps its writes for later.
type scritture struct {
	cassetto.Tx
	dopo []func(cassetto.Tx) error
}

func (s *scritture) Scrivi(tabella, chiave string, valore []byte) error {
	s.dopo = append(s.dopo, func(tx cassetto.Tx) error { return tx.Scrivi(tabella, chiave, valore) })
	return nil
}

func (s *scritture) Inserisci(tabella, chiave string, valore []byte) error {
	return s.Scrivi(tabella, chiave, valore)
}

// aspetta lets others run until they did what the fault needs, or do nothing more.
func aspetta(fatto func() bool) {
	for range 10_000 {
		if fatto() {
			return
		}
		runtime.Gosched()
	}
}

func TestIlKitTrovaICassettiGuasti(t *testing.T) {
	t.Parallel()
	for nome, caso := range map[string]struct {
		guasta func(c *cassettoGuasto)
		trova  []string
	}{
		"tiene_quel_che_fallisce": {func(c *cassettoGuasto) {
			c.transazione = func(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
				var err error
				if e := c.Memoria.Transazione(ctx, ente, func(tx cassetto.Tx) error { err = fn(tx); return nil }); e != nil {
					return e
				}
				return err
			}
		}, []string{"cassetto_atomico"}},
		"avvolge_l_errore": {func(c *cassettoGuasto) {
			c.transazione = func(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
				if err := c.Memoria.Transazione(ctx, ente, fn); err != nil {
					return fmt.Errorf("guasto: %w", err)
				}
				return nil
			}
		}, []string{"cassetto_atomico", "cassetto_posti"}},
		"un_solo_ente": {func(c *cassettoGuasto) {
			c.transazione = func(ctx context.Context, _ string, fn func(cassetto.Tx) error) error {
				return c.Memoria.Transazione(ctx, "tutti", fn)
			}
			c.lettura = func(ctx context.Context, _ string, fn func(cassetto.Tx) error) error {
				return c.Memoria.Lettura(ctx, "tutti", fn)
			}
		}, []string{"cassetto_isolamento"}},
		"non_serializza": {func(c *cassettoGuasto) {
			var dentro atomic.Int32
			c.transazione = func(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
				s := &scritture{}
				err := c.Memoria.Lettura(ctx, ente, func(tx cassetto.Tx) error {
					s.Tx = tx
					err := fn(s)
					dentro.Add(1)
					aspetta(func() bool { return dentro.Load() > 1 })
					return err
				})
				defer dentro.Add(-1)
				if err != nil {
					return err
				}
				return c.Memoria.Transazione(ctx, ente, func(tx cassetto.Tx) error {
					for _, scrivi := range s.dopo {
						if err := scrivi(tx); err != nil {
							return err
						}
					}
					return nil
				})
			}
		}, []string{"cassetto_concorrenza", "cassetto_posti", "cassetto_serializzabile"}},
		"inserisce_sopra": {func(c *cassettoGuasto) {
			c.transazione = func(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
				return c.Memoria.Transazione(ctx, ente, func(tx cassetto.Tx) error { return fn(txGuasta{Tx: tx, inserisci: tx.Scrivi}) })
			}
		}, []string{"cassetto_voci"}},
		"elenca_per_prefisso_senza_riguardo": {func(c *cassettoGuasto) { // LIKE
			c.lettura = func(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
				return c.Memoria.Lettura(ctx, ente, func(tx cassetto.Tx) error {
					return fn(txGuasta{Tx: tx, elenca: func(tabella string, i cassetto.Intervallo) ([]cassetto.Voce, error) {
						if i.Prefisso == "%" || i.Prefisso == "_" {
							i.Prefisso = ""
						}
						return tx.Elenca(tabella, i)
					}})
				})
			}
		}, []string{"cassetto_elenca"}},
		"letture_di_istanti_diversi": {func(c *cassettoGuasto) {
			var scritte, lette atomic.Int32
			c.transazione = func(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
				err := c.Memoria.Transazione(ctx, ente, fn)
				scritte.Add(1)
				prima := lette.Load()
				aspetta(func() bool { return lette.Load() != prima })
				return err
			}
			c.lettura = func(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
				return fn(txGuasta{leggi: func(tabella, chiave string) (v []byte, err error) {
					prima := scritte.Load()
					aspetta(func() bool { return scritte.Load() != prima })
					err = c.Memoria.Lettura(ctx, ente, func(tx cassetto.Tx) error {
						v, err = tx.Leggi(tabella, chiave)
						lette.Add(1)
						return err
					})
					return v, err
				}})
			}
		}, []string{"cassetto_istantanea"}},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			require.ElementsMatch(t, caso.trova, fallite(t, storagetest.ProveCassetto(), caso.trova, func() cassetto.Cassetto {
				m := new(cassetto.Memoria)
				c := &cassettoGuasto{Memoria: m, transazione: m.Transazione, lettura: m.Lettura}
				caso.guasta(c)
				return c
			}))
		})
	}
}
