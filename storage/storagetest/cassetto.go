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
		{"cassetto_fascicoli", provaFascicoli},
		{"cassetto_posti", provaPosti},
		{"cassetto_serializzabile", provaSerializzabile},
		{"cassetto_istantanea", provaIstantanea},
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

// provaFascicoli opens the file (fascicolo) of two services and two years at
// once, as the registers do: whoever finds none opens the next, and there is one.
func provaFascicoli(x *prova, c cassetto.Cassetto) {
	type fascicolo struct{ Numero int64 }
	aperti, errs := insieme(scrittori, func(i int) (int64, error) {
		chiave := fmt.Sprint([]string{"suolo", "passi"}[i%2], "/", 2026+i/2%2)
		var f fascicolo
		err := c.Transazione(x.ctx, ente, func(tx cassetto.Tx) error {
			f = fascicolo{}
			err := cassetto.LeggiJSON(tx, "fascicolo", chiave, &f)
			if !errors.Is(err, cassetto.ErrAssente) {
				return err
			}
			if f.Numero, err = cassetto.Conta(tx, "numero", chiave[len(chiave)-4:]); err != nil {
				return err
			}
			return cassetto.InserisciJSON(tx, "fascicolo", chiave, f)
		})
		return f.Numero, err
	})
	x.NoError(errors.Join(errs...))
	for i, n := range aperti {
		x.Equal(aperti[i%4], n, "one for a service and a year")
	}
	x.ElementsMatch([]int64{1, 2}, []int64{aperti[0], aperti[1]}, "of 2026")
	x.ElementsMatch([]int64{1, 2}, []int64{aperti[2], aperti[3]}, "of 2027")
	// Also where nobody looks first, and where whoever comes late goes on.
	_, errs = insieme(scrittori, func(i int) (bool, error) {
		return true, c.Transazione(x.ctx, ente, func(tx cassetto.Tx) error {
			err := cassetto.InserisciJSON(tx, "solo", fmt.Sprint(i%4), i)
			if i%2 == 0 && errors.Is(err, cassetto.ErrPresente) {
				return errors.Join(tx.Scrivi("tardi", fmt.Sprint(i), []byte(fmt.Sprint(i))), cassetto.LeggiJSON(tx, "solo", fmt.Sprint(i%4), new(int)))
			}
			return err
		})
	})
	primi, tardi := 0, x.voci(c, ente, "tardi", cassetto.Intervallo{})
	for i, err := range errs {
		if err == nil {
			primi++
		} else {
			x.ErrorIs(err, cassetto.ErrPresente)
			x.Equal(1, i%2)
		}
	}
	x.Len(tardi, scrittori/2-2)
	x.Equal(4+len(tardi), primi)
}

// provaPosti books more than there is, as the calendars do: by counting the
// bookings under the key of a slot, and by a counter beside it.
func provaPosti(x *prova, c cassetto.Cassetto) {
	const capienza, fasce = 5, 3
	pieno := errors.New("pieno")
	_, errs := insieme(scrittori, func(i int) (bool, error) {
		fascia := fmt.Sprint("2026-03-02T09:", i%fasce, "/")
		return true, c.Transazione(x.ctx, ente, func(tx cassetto.Tx) error {
			voci, err := tx.Elenca("posto", cassetto.Intervallo{Prefisso: fascia})
			if err != nil {
				return err
			}
			if len(voci) >= capienza {
				return pieno
			}
			k := fmt.Sprintf("%s%02d", fascia, i)
			n, err := cassetto.Conta(tx, "conto", fascia)
			if err == nil && n != int64(len(voci)+1) {
				err = fmt.Errorf("%d bookings, and the counter says %d", len(voci), n-1)
			}
			return errors.Join(err, tx.Inserisci("posto", k, []byte(k)))
		})
	})
	presi := 0
	for _, err := range errs {
		if err == nil {
			presi++
		} else {
			x.Equal(pieno, err)
		}
	}
	x.Equal(capienza*fasce, presi)
	for i := range fasce {
		x.Len(x.voci(c, ente, "posto", cassetto.Intervallo{Prefisso: fmt.Sprint("2026-03-02T09:", i, "/")}), capienza)
	}
}

// provaSerializzabile: of two who each read what the other writes, one sees it.
func provaSerializzabile(x *prova, c cassetto.Cassetto) {
	for giro := range 10 {
		tabella := fmt.Sprint("turno", giro)
		x.scrive(c, ente, func(tx cassetto.Tx) {
			_ = errors.Join(tx.Scrivi(tabella, "0", []byte("di turno")), tx.Scrivi(tabella, "1", []byte("di turno")))
		})
		// Each goes home if the other one stays.
		_, errs := insieme(2, func(i int) (bool, error) {
			return true, c.Transazione(x.ctx, ente, func(tx cassetto.Tx) error {
				suo, err := tx.Leggi(tabella, fmt.Sprint(1-i))
				if err != nil || string(suo) != "di turno" {
					return err
				}
				return tx.Scrivi(tabella, fmt.Sprint(i), []byte("a casa"))
			})
		})
		x.NoError(errors.Join(errs...))
		resta := 0
		x.legge(c, ente, func(tx cassetto.Tx) {
			for i := range 2 {
				if v, _ := tx.Leggi(tabella, fmt.Sprint(i)); string(v) == "di turno" {
					resta++
				}
			}
		})
		x.Equal(1, resta, "one of the two stays")
	}
}

// provaIstantanea moves an amount between two records while others read both.
func provaIstantanea(x *prova, c cassetto.Cassetto) {
	conto := func(tx cassetto.Tx) (somma int, primo int, err error) {
		var v [2]int
		for i, k := range []string{"a", "b"} {
			if err := cassetto.LeggiJSON(tx, "conto", k, &v[i]); err != nil {
				return 0, 0, err
			}
		}
		return v[0] + v[1], v[0], nil
	}
	x.NoError(c.Transazione(x.ctx, ente, func(tx cassetto.Tx) error {
		return errors.Join(cassetto.ScriviJSON(tx, "conto", "a", 100), cassetto.ScriviJSON(tx, "conto", "b", 0))
	}))
	_, errs := insieme(16, func(i int) (bool, error) {
		for range 10 {
			var err error
			if i%2 == 0 {
				err = c.Transazione(x.ctx, ente, func(tx cassetto.Tx) error {
					_, a, err := conto(tx)
					if err != nil {
						return err
					}
					return errors.Join(cassetto.ScriviJSON(tx, "conto", "a", a-1), cassetto.ScriviJSON(tx, "conto", "b", 100-a+1))
				})
			} else {
				err = c.Lettura(x.ctx, ente, func(tx cassetto.Tx) error {
					somma, _, err := conto(tx)
					if err == nil && somma != 100 {
						err = fmt.Errorf("%d seen at once, not 100", somma)
					}
					return err
				})
			}
			if err != nil {
				return false, err
			}
		}
		return true, nil
	})
	x.NoError(errors.Join(errs...))
	x.legge(c, ente, func(tx cassetto.Tx) {
		somma, a, err := conto(tx)
		if err != nil || somma != 100 || a != 20 {
			x.Errorf("%d of %d left: %v", a, somma, err)
		}
	})
}
