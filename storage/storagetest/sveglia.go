package storagetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// provaSveglia asks a store that can to tell of effects: it may miss a call, so
// that more than one is made, but it neither sleeps for ever nor cries wolf.
func provaSveglia(x *prova, s storage.Store) {
	v, ok := s.(storage.Sveglia)
	if !ok {
		return
	}
	attendi := func(quanto time.Duration) error {
		ctx, fine := context.WithTimeout(x.ctx, quanto)
		defer fine()
		return v.Attendi(ctx)
	}
	sveglia := func(n int, come func(id string)) {
		var err error
		for i := range 10 {
			come(fmt.Sprint("e", n, "-", i))
			if err = attendi(time.Second); err == nil {
				return
			}
			x.ErrorIs(err, context.DeadlineExceeded)
		}
		x.Fail("effects were committed and nobody was told")
	}
	quiete := func() {
		for range 20 {
			if err := attendi(50 * time.Millisecond); err != nil {
				x.ErrorIs(err, context.DeadlineExceeded)
				return
			}
		}
		x.Fail("told again and again of nothing")
	}
	annullato, annulla := context.WithCancel(x.ctx)
	annulla()
	x.ErrorIs(v.Attendi(annullato), context.Canceled)

	p := x.apre(s, ente, 1)
	registra := func(id string) {
		c := x.poi(p, "nota")
		c.Effetti = []storage.Effetto{effetto(id, pratica.EffettoAvviso)}
		x.registra(s, c)
		p = c.Pratica
	}
	quiete()
	sveglia(1, registra)
	quiete()
	// While somebody waits.
	sveglia(2, func(id string) {
		esito := make(chan error)
		go func() { esito <- attendi(5 * time.Second) }()
		registra(id)
		x.NoError(<-esito)
		registra(id + "+")
	})
	quiete()
	x.Equal([]string{"e1-0"}, nomi(x.prende(s, "w", Ora().Add(time.Hour)))[:1], "what it tells of is there")
}

// provaRiavvolgi asks a store that seals its contents to bring them under the
// active key: all are already, and stay what they are. That older keys are then
// needed no more is for the test of the store, which has the keys.
func provaRiavvolgi(x *prova, s storage.Store) {
	r, ok := s.(storage.Riavvolgitore)
	if !ok {
		return
	}
	n, err := r.Riavvolgi(x.ctx)
	x.NoError(err)
	x.Zero(n, "an empty store")
	v := x.scena(s, ente)
	w := x.scena(s, altro)
	prima, dopo := v.veduta.di(x, s), w.veduta.di(x, s)
	for range 2 {
		n, err = r.Riavvolgi(x.ctx)
		x.NoError(err)
		x.Zero(n, "all is under the active key")
	}
	x.Equal(prima, v.veduta.di(x, s))
	x.Equal(dopo, w.veduta.di(x, s))
	// Beside other operations.
	_, errs := insieme(8, func(i int) (bool, error) {
		if i%2 == 0 {
			_, err := r.Riavvolgi(x.ctx)
			return true, err
		}
		c, err := Bozza(ente, ID(100+i), "s", rossi(), Ora())
		if err != nil {
			return false, err
		}
		_, err = s.Registra(x.ctx, c)
		return true, err
	})
	x.NoError(errors.Join(errs...))
	annullato, annulla := context.WithCancel(x.ctx)
	annulla()
	if _, err = r.Riavvolgi(annullato); err != nil { // there may be nothing to stop
		x.ErrorIs(err, context.Canceled)
	}
}
