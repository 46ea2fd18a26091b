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

func provaConcorrenzaEffetti(x *prova, s storage.Store) {
	const quanti = 50
	for i := range quanti {
		x.apre(s, ente, i+1, effetto(fmt.Sprintf("a%02d", i), pratica.EffettoAvviso), effetto(fmt.Sprintf("b%02d", i), pratica.EffettoAvviso))
	}
	for giro := range 2 {
		lotti, errs := insieme(scrittori, func(i int) ([]storage.Effetto, error) {
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

// provaConcorrenzaUnici has each of many pratiche claim two serials, which its
// neighbours claim as well, in one order or the other.
func provaConcorrenzaUnici(x *prova, s storage.Store) {
	seriale := func(n int) storage.Unico {
		return storage.Unico{Ambito: "contrassegno", Chiave: fmt.Sprintf("%014d", n%scrittori)}
	}
	commit := make([]storage.Commit, scrittori)
	for i := range commit {
		commit[i] = x.poi(x.apre(s, ente, i+1), "bollo")
		commit[i].Unici = []storage.Unico{seriale(i), seriale(i + 1)}
		if i%2 == 1 {
			slices.Reverse(commit[i].Unici)
		}
	}
	_, errs := insieme(len(commit), func(i int) (storage.Ricevuta, error) { return s.Registra(x.ctx, commit[i]) })
	di := map[storage.Unico]int{}
	for i, err := range errs {
		var u *storage.ErroreUnico
		if err != nil {
			x.True(errors.As(err, &u), "%v", err)
			continue
		}
		for _, u := range commit[i].Unici {
			x.NotContains(di, u, "held by two pratiche")
			di[u] = i
		}
	}
	for i, err := range errs {
		if err != nil {
			_, primo := di[commit[i].Unici[0]]
			_, secondo := di[commit[i].Unici[1]]
			x.True(primo || secondo, "refused, and nobody has what it claimed")
		}
	}
}

// provaConcorrenzaOrologi races workers whose clocks differ by hours, so that
// some take the leases of others for expired: an effect is concluded once.
func provaConcorrenzaOrologi(x *prova, s storage.Store) {
	const quanti, lavoratori = 24, 12
	for i := range quanti {
		x.apre(s, ente, i+1, effetto(fmt.Sprint("a", i), pratica.EffettoAvviso), effetto(fmt.Sprint("b", i), pratica.EffettoAvviso))
	}
	conclusi := map[string]int{}
	for giro := range 3 {
		var presi [3 * lavoratori][]storage.Effetto
		for fuso := range 3 { // those who are ahead come later
			lotti, errs := insieme(lavoratori, func(w int) ([]storage.Effetto, error) {
				return s.Prenota(x.ctx, storage.Prenotazione{Titolare: fmt.Sprint("w", w, "/", fuso), Ora: Ora().Add(time.Duration(3*giro+fuso) * time.Hour), Durata: time.Minute, Limite: quanti / 3})
			})
			x.NoError(errors.Join(errs...))
			copy(presi[fuso*lavoratori:], lotti)
		}
		fatti, errs := insieme(len(presi), func(w int) ([]string, error) {
			var miei []string
			for _, e := range presi[w] {
				e.Stato, e.Concluso = storage.Fatto, Ora()
				switch err := s.Aggiorna(x.ctx, e); {
				case err == nil:
					miei = append(miei, e.ID)
				case !errors.Is(err, storage.ErrPrenotazione):
					return nil, err
				}
			}
			return miei, nil
		})
		x.NoError(errors.Join(errs...))
		for _, id := range slices.Concat(fatti...) {
			conclusi[id]++
			x.Equal(1, conclusi[id], "%s is concluded again", id)
		}
	}
	x.Len(conclusi, 2*quanti, "nothing is lost")
}
