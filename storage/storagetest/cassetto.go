package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// ProveCassetto gives the checks of a Cassetto.
func ProveCassetto() []Prova[cassetto.Cassetto] {
	return []Prova[cassetto.Cassetto]{
		{"cassetto_voci", provaVoci},
		{"cassetto_atomico", provaCassettoAtomico},
		{"cassetto_elenca", provaElenca},
		{"cassetto_limiti", provaCassettoLimiti},
		{"cassetto_isolamento", provaCassettoIsolamento},
		{"cassetto_concorrenza", provaCassettoConcorrenza},
	}
}

func (x *prova) scrive(c cassetto.Cassetto, ente string, fn func(tx cassetto.Tx)) {
	x.NoError(c.Transazione(x.ctx, ente, func(tx cassetto.Tx) error { fn(tx); return nil }))
}

func (x *prova) legge(c cassetto.Cassetto, ente string, fn func(tx cassetto.Tx)) {
	x.NoError(c.Lettura(x.ctx, ente, func(tx cassetto.Tx) error { fn(tx); return nil }))
}

// Checks inside fn only collect: ending the goroutine there would leave a
// transaction open.
func provaVoci(x *prova, c cassetto.Cassetto) {
	var dentro, fuori []byte
	var errs []error
	valore := []byte("valore")
	x.scrive(c, ente, func(tx cassetto.Tx) {
		_, assente := tx.Leggi("t", "k")
		errs = append(errs, tx.Scrivi("t", "k", valore), tx.Inserisci("t", "vuoto", nil))
		dentro, _ = tx.Leggi("t", "k")
		presente := tx.Inserisci("t", "k", nil)
		errs = append(errs, atteso(assente, cassetto.ErrAssente), atteso(presente, cassetto.ErrPresente), tx.Elimina("t", "manca"))
	})
	x.NoError(errors.Join(errs...))
	x.Equal("valore", string(dentro), "a transaction sees what it wrote")
	valore[0], dentro[0] = 'X', 'Y'
	errs = nil
	x.legge(c, ente, func(tx cassetto.Tx) {
		var err error
		fuori, err = tx.Leggi("t", "k")
		vuoto, err2 := tx.Leggi("t", "vuoto")
		_, err3 := tx.Leggi("t", "manca")
		_, err4 := tx.Leggi("altra", "k")
		errs = append(errs, err, err2, atteso(err3, cassetto.ErrAssente), atteso(err4, cassetto.ErrAssente))
		if len(vuoto) != 0 {
			errs = append(errs, errors.New("an empty value"))
		}
		errs = append(errs, atteso(tx.Scrivi("t", "k", nil), cassetto.ErrSolaLettura), atteso(tx.Elimina("t", "k"), cassetto.ErrSolaLettura),
			atteso(tx.Inserisci("t", "nuova", nil), cassetto.ErrSolaLettura))
	})
	x.NoError(errors.Join(errs...))
	x.Equal("valore", string(fuori), "copies in and out")
	errs = nil
	x.scrive(c, ente, func(tx cassetto.Tx) {
		errs = append(errs, tx.Scrivi("t", "k", []byte("nuovo")), tx.Elimina("t", "vuoto"), tx.Inserisci("t", "vuoto", []byte("x")), tx.Elimina("t", "vuoto"))
	})
	x.legge(c, ente, func(tx cassetto.Tx) {
		fuori, _ = tx.Leggi("t", "k")
		_, err := tx.Leggi("t", "vuoto")
		errs = append(errs, atteso(err, cassetto.ErrAssente))
	})
	x.NoError(errors.Join(errs...))
	x.Equal("nuovo", string(fuori))
}

func atteso(err, voluto error) error {
	if errors.Is(err, voluto) {
		return nil
	}
	return fmt.Errorf("%q instead of %w", fmt.Sprint(err), voluto)
}

func (x *prova) voci(c cassetto.Cassetto, ente, tabella string, i cassetto.Intervallo) []string {
	chiavi := []string{}
	x.NoError(c.Lettura(x.ctx, ente, func(tx cassetto.Tx) error {
		voci, err := tx.Elenca(tabella, i)
		for _, v := range voci {
			chiavi = append(chiavi, v.Chiave)
			if string(v.Valore) != v.Chiave {
				return fmt.Errorf("valore di %q", v.Chiave)
			}
		}
		return err
	}))
	return chiavi
}

func provaCassettoAtomico(x *prova, c cassetto.Cassetto) {
	boh := errors.New("boh")
	x.scrive(c, ente, func(tx cassetto.Tx) { _ = tx.Scrivi("t", "a", []byte("a")) })
	err := c.Transazione(x.ctx, ente, func(tx cassetto.Tx) error {
		return errors.Join(tx.Scrivi("t", "a", []byte("z")), tx.Scrivi("t", "b", []byte("b")), tx.Elimina("t", "a"), boh)
	})
	x.ErrorIs(err, boh)
	x.Equal([]string{"a"}, x.voci(c, ente, "t", cassetto.Intervallo{}))
	x.Equal(boh, c.Transazione(x.ctx, ente, func(cassetto.Tx) error { return boh }), "the error as it is")
	x.Equal(boh, c.Lettura(x.ctx, ente, func(cassetto.Tx) error { return boh }))
	ctx, annulla := context.WithCancel(x.ctx)
	err = c.Transazione(ctx, ente, func(tx cassetto.Tx) error {
		err := tx.Scrivi("t", "b", []byte("b"))
		annulla()
		return err
	})
	x.ErrorIs(err, context.Canceled)
	x.Equal([]string{"a"}, x.voci(c, ente, "t", cassetto.Intervallo{}), "nothing of a cancelled transaction")
}

func provaElenca(x *prova, c cassetto.Cassetto) {
	chiavi := []string{"2026/1", "2026/10", "2026/2", "2027/1", "A", "a", "é", "z", "\U0001F600", "%", "_", "a\x00b", "2026", "\U0010FFFF", "\U0010FFFFx"}
	x.NoError(c.Transazione(x.ctx, ente, func(tx cassetto.Tx) error {
		for _, k := range chiavi {
			if err := errors.Join(tx.Scrivi("t", k, []byte(k)), tx.Scrivi("altra", k+"x", []byte(k+"x"))); err != nil {
				return err
			}
		}
		return nil
	}))
	slices.Sort(chiavi)
	for _, prefisso := range []string{"", "2026", "2026/", "a", "%", "_", "é", "\U0010FFFF", "manca", "a\x00"} {
		for _, dopo := range []string{"", "2026/10", "a", "\x01", "\U0010FFFF"} {
			for _, inverso := range []bool{false, true} {
				for _, limite := range []int{0, 1, 3} {
					attese := []string{}
					for _, k := range chiavi {
						if strings.HasPrefix(k, prefisso) && (dopo == "" || !inverso && k > dopo || inverso && k < dopo) {
							attese = append(attese, k)
						}
					}
					if inverso {
						slices.Reverse(attese)
					}
					if limite > 0 && len(attese) > limite {
						attese = attese[:limite]
					}
					i := cassetto.Intervallo{Prefisso: prefisso, Dopo: dopo, Inverso: inverso, Limite: limite}
					x.Equal(attese, x.voci(c, ente, "t", i), "%+v", i)
				}
			}
		}
	}
}

func provaCassettoLimiti(x *prova, c cassetto.Cassetto) {
	giusta, lunga := strings.Repeat("k", cassetto.MassimoChiave), strings.Repeat("k", cassetto.MassimoChiave+1)
	var errs []error
	x.scrive(c, giusta, func(tx cassetto.Tx) {
		errs = append(errs, tx.Scrivi(giusta, giusta, make([]byte, cassetto.MassimoValore)))
		for _, v := range [][2]string{{"", "k"}, {"t", ""}, {lunga, "k"}, {"t", lunga}} {
			errs = append(errs, atteso(tx.Scrivi(v[0], v[1], nil), cassetto.ErrLimite), atteso(tx.Inserisci(v[0], v[1], nil), cassetto.ErrLimite))
		}
		errs = append(errs, atteso(tx.Scrivi("t", "k", make([]byte, cassetto.MassimoValore+1)), cassetto.ErrLimite))
	})
	x.NoError(errors.Join(errs...))
	for _, e := range []string{"", lunga} {
		x.ErrorIs(c.Transazione(x.ctx, e, func(cassetto.Tx) error { return nil }), cassetto.ErrLimite)
		x.ErrorIs(c.Lettura(x.ctx, e, func(cassetto.Tx) error { return nil }), cassetto.ErrLimite)
	}
}

func provaCassettoIsolamento(x *prova, c cassetto.Cassetto) {
	for _, e := range []string{ente, altro} {
		x.scrive(c, e, func(tx cassetto.Tx) { _ = tx.Scrivi("t", "k", []byte("k")) })
	}
	x.scrive(c, altro, func(tx cassetto.Tx) { _ = errors.Join(tx.Elimina("t", "k"), tx.Scrivi("t", "mia", []byte("mia"))) })
	x.Equal([]string{"k"}, x.voci(c, ente, "t", cassetto.Intervallo{}))
	x.Equal([]string{"mia"}, x.voci(c, altro, "t", cassetto.Intervallo{}))
}

func provaCassettoConcorrenza(x *prova, c cassetto.Cassetto) {
	_, errs := insieme(scrittori, func(int) (int64, error) {
		var n int64
		err := c.Transazione(x.ctx, ente, func(tx cassetto.Tx) (err error) {
			n, err = cassetto.Conta(tx, "t", "n")
			return err
		})
		return n, err
	})
	x.NoError(errors.Join(errs...))
	var n int64
	x.NoError(c.Lettura(x.ctx, ente, func(tx cassetto.Tx) error { return cassetto.LeggiJSON(tx, "t", "n", &n) }))
	x.EqualValues(scrittori, n)
}
