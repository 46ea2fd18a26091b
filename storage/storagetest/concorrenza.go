package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

const scrittori = 64

// provaConcorrenzaVersioni has many writers at one pratica: of those who decide
// on the same version exactly one wins.
func provaConcorrenzaVersioni(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1)
	for giro := range 3 {
		commit := make([]storage.Commit, scrittori)
		for i := range commit {
			commit[i] = x.poi(p, fmt.Sprintf("scrittore %d", i))
			commit[i].Chiave = fmt.Sprintf("%d/%d", giro, i)
			commit[i].Effetti = []storage.Effetto{effetto(commit[i].Chiave, pratica.EffettoAvviso)}
		}
		_, errs := insieme(scrittori, func(i int) (storage.Ricevuta, error) { return s.Registra(x.ctx, commit[i]) })
		vinte := 0
		for i, err := range errs {
			if err == nil {
				vinte++
				p = commit[i].Pratica
				continue
			}
			x.ErrorIs(err, storage.ErrConflitto)
		}
		x.Equal(1, vinte, "winners")
		x.uguali(s, p)
		effetti, err := s.Effetti(x.ctx, ente, ID(1))
		x.NoError(err)
		x.Len(effetti, giro+1, "only the winner's effect")
	}
}

func provaConcorrenzaChiave(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1)
	c := x.poi(p, "una volta")
	c.Chiave, c.Effetti = "k", []storage.Effetto{effetto("e", pratica.EffettoAvviso)}
	ric, errs := insieme(scrittori, func(int) (storage.Ricevuta, error) { return s.Registra(x.ctx, c) })
	fatte := 0
	for i := range ric {
		x.NoError(errs[i])
		x.Equal(2, ric[i].Versione)
		if !ric[i].Ripetuta {
			fatte++
		}
	}
	x.Equal(1, fatte)
	x.uguali(s, c.Pratica)
}

func provaConcorrenzaNumeri(x *prova, s storage.Store) {
	// Each pratica asks twice.
	numeri, errs := insieme(scrittori, func(i int) (int64, error) { return s.Numera(x.ctx, ente, "richiesta", 2026, ID(i/2)) })
	x.NoError(errors.Join(errs...))
	presi := map[int64]bool{}
	for i, n := range numeri {
		presi[n] = true
		x.Equal(numeri[i/2*2], n, "one number for a pratica")
	}
	for n := range int64(scrittori / 2) {
		x.True(presi[n+1], "no gap")
	}
}

func provaConcorrenzaEffetti(x *prova, s storage.Store) {
	const quanti = 40
	for i := range quanti {
		x.apre(s, ente, i+1, effetto(fmt.Sprintf("a%02d", i), pratica.EffettoAvviso), effetto(fmt.Sprintf("b%02d", i), pratica.EffettoAvviso))
	}
	for giro := range 2 {
		lotti, errs := insieme(16, func(i int) ([]storage.Effetto, error) {
			var miei []storage.Effetto
			for {
				presi, err := s.Prenota(x.ctx, storage.Prenotazione{Titolare: fmt.Sprint("w", i), Ora: Ora(), Durata: time.Hour, Limite: 3})
				if err != nil || len(presi) == 0 {
					return miei, err
				}
				miei = append(miei, presi...)
			}
		})
		x.NoError(errors.Join(errs...))
		tutti := slices.Concat(lotti...)
		visti := map[string]bool{}
		for _, e := range tutti {
			x.False(visti[e.ID], "given twice: %s", e.ID)
			visti[e.ID] = true
			x.Equal("ab"[giro], e.ID[0], "the order of the lane")
		}
		x.Len(tutti, quanti)
		_, errs = insieme(quanti, func(i int) (bool, error) {
			e := tutti[i]
			e.Stato = storage.Fatto
			return true, s.Aggiorna(x.ctx, e)
		})
		x.NoError(errors.Join(errs...))
	}
}

func provaConcorrenzaUnici(x *prova, s storage.Store) {
	commit := make([]storage.Commit, 32)
	for i := range commit {
		commit[i] = x.poi(x.apre(s, ente, i+1), "bollo")
		commit[i].Unici = []storage.Unico{{Ambito: "contrassegno", Chiave: "uno"}}
	}
	_, errs := insieme(len(commit), func(i int) (storage.Ricevuta, error) { return s.Registra(x.ctx, commit[i]) })
	vinte := 0
	for _, err := range errs {
		var u *storage.ErroreUnico
		if err == nil {
			vinte++
		} else {
			x.True(errors.As(err, &u), "%v", err)
		}
	}
	x.Equal(1, vinte)
}
