package storagetest

import (
	"errors"
	"fmt"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

func provaNumeri(x *prova, s storage.Store) {
	for _, v := range []struct {
		ente, serie string
		anno, id    int
		atteso      int64
	}{
		{ente, "richiesta", 2026, 1, 1}, {ente, "richiesta", 2026, 2, 2}, {ente, "richiesta", 2026, 1, 1}, {ente, "richiesta", 2026, 3, 3},
		{ente, "richiesta", 2027, 3, 1}, {ente, "protocollo", 2026, 2, 1}, {altro, "richiesta", 2026, 2, 1}, {ente, "richiesta", 2026, 2, 2},
		{ente, "Richiesta", 2026, 3, 1}, {ente, "richiesta", 0, 2, 1}, {ente, "richiesta", -1, 2, 1}, {ente, "richiesta", 2026, 4, 4},
	} {
		n, err := s.Numera(x.ctx, v.ente, v.serie, v.anno, ID(v.id))
		x.NoError(err)
		x.Equal(v.atteso, n, "%+v", v)
	}
	// A number whose pratica is deleted, or never came to be, is not given again:
	// that is how a gap is explained.
	for n := 5; n <= 8; n++ {
		p := x.apre(s, ente, n)
		avuto, err := s.Numera(x.ctx, ente, "richiesta", 2026, ID(n))
		x.NoError(err)
		x.EqualValues(n, avuto)
		if n%2 == 0 {
			via := x.poi(p, "via")
			via.Elimina = true
			x.registra(s, via)
		}
	}
	for n := 1; n <= 9; n++ {
		avuto, err := s.Numera(x.ctx, ente, "richiesta", 2026, ID(n))
		x.NoError(err)
		x.EqualValues(n, avuto, "whose it was stays on record")
	}
}

// provaConcorrenzaNumeri draws from two series of two years of two enti at once,
// each pratica twice.
func provaConcorrenzaNumeri(x *prova, s storage.Store) {
	type serie struct {
		ente, nome string
		anno       int
	}
	di := func(i int) serie {
		return serie{[]string{ente, altro}[i/4%2], []string{"richiesta", "protocollo"}[i/2%2], 2026 + i%2}
	}
	const quanti = 8 // of each series
	numeri, errs := insieme(2*scrittori, func(i int) (int64, error) {
		v := di(i)
		return s.Numera(x.ctx, v.ente, v.nome, v.anno, ID(i%scrittori))
	})
	x.NoError(errors.Join(errs...))
	presi := map[string]pratica.ID{}
	for i, n := range numeri {
		x.Equal(numeri[i%scrittori], n, "one number for a pratica")
		k := fmt.Sprint(di(i), n)
		if di, ok := presi[k]; ok {
			x.Equal(di, ID(i%scrittori), "given twice: %s", k)
		}
		presi[k] = ID(i % scrittori)
	}
	for i := range 8 {
		for n := range int64(quanti) {
			x.Contains(presi, fmt.Sprint(di(i), n+1), "no gap")
		}
	}
}
