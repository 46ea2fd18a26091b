package storagetest

import (
	"errors"
	"slices"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// pretende commits a note on p with claims, restituisce one that gives them back;
// they give p after it.
func (x *prova) pretende(s storage.Store, p *pratica.Pratica, u ...storage.Unico) (*pratica.Pratica, error) {
	c := x.poi(p, "prende")
	c.Unici = u
	if _, err := s.Registra(x.ctx, c); err != nil {
		return p, err
	}
	return c.Pratica, nil
}

func (x *prova) restituisce(s storage.Store, p *pratica.Pratica, u ...storage.Unico) *pratica.Pratica {
	c := x.poi(p, "libera")
	c.Liberi = u
	x.registra(s, c)
	return c.Pratica
}

// occupato wants u to be of another pratica than p.
func (x *prova) occupato(s storage.Store, p *pratica.Pratica, u storage.Unico, perche string) {
	_, err := x.pretende(s, p, u)
	var gia *storage.ErroreUnico
	x.True(errors.As(err, &gia), "%s: %v", perche, err)
	x.Equal(u, gia.Unico)
}

func provaLiberi(x *prova, s storage.Store) {
	p, q, r := x.apre(s, ente, 1), x.apre(s, ente, 2), x.apre(s, altro, 1)
	u, v, w := storage.Unico{Ambito: "modulo/nido", Chiave: "1"}, storage.Unico{Ambito: "modulo/nido", Chiave: "2"}, storage.Unico{Ambito: "modulo/mensa", Chiave: "1"}
	p, err := x.pretende(s, p, u, v, w)
	x.NoError(err)
	r, err = x.pretende(s, r, u)
	x.NoError(err, "another ente")

	q = x.restituisce(s, q, u, storage.Unico{Ambito: "modulo/nido", Chiave: "di nessuno"})
	x.occupato(s, q, u, "what another one holds is not given back")
	r = x.restituisce(s, r, u)
	x.occupato(s, q, u, "nor by the same id in another ente")

	p = x.restituisce(s, p, u, u)
	x.occupato(s, q, v, "what was not named stays: another key")
	x.occupato(s, q, w, "another scope")
	q, err = x.pretende(s, q, u)
	x.NoError(err, "what was given back is there to be claimed")
	x.occupato(s, p, u, "and is gone for who had it")
	p = x.restituisce(s, p, u)
	x.occupato(s, p, u, "also where that one gives it back again")
	q = x.restituisce(s, q, u)
	p, err = x.pretende(s, p, u)
	x.NoError(err, "it comes back")

	// One commit may change a claim for another.
	c := x.poi(p, "cambia")
	c.Unici, c.Liberi = []storage.Unico{{Ambito: "modulo/nido", Chiave: "3"}}, []storage.Unico{v}
	x.registra(s, c)
	p = c.Pratica
	q, err = x.pretende(s, q, v)
	x.NoError(err)
	x.occupato(s, q, c.Unici[0], "the new one")

	for _, testo := range strane() {
		strana := storage.Unico{Ambito: testo, Chiave: testo}
		p, err = x.pretende(s, p, strana)
		x.NoError(err, "%q", testo)
		x.occupato(s, q, strana, testo)
		p = x.restituisce(s, p, strana)
		q, err = x.pretende(s, q, strana)
		x.NoError(err, "%q", testo)
	}

	// With a deletion all of them go, named or not.
	via := x.poi(p, "via")
	via.Elimina, via.Liberi = true, []storage.Unico{u}
	x.registra(s, via)
	_, err = x.pretende(s, q, u, w)
	x.NoError(err)
	_, err = x.pretende(s, r, u)
	x.NoError(err)
}

// provaLiberiRipetuti: a commit that is repeated with its key gives nothing back
// a second time.
func provaLiberiRipetuti(x *prova, s storage.Store) {
	p, q := x.apre(s, ente, 1), x.apre(s, ente, 2)
	u := storage.Unico{Ambito: "modulo/nido", Chiave: "1"}
	p, err := x.pretende(s, p, u)
	x.NoError(err)
	c := x.poi(p, "libera")
	c.Chiave, c.Liberi = "k", []storage.Unico{u}
	x.False(x.registra(s, c).Ripetuta)
	x.True(x.registra(s, c).Ripetuta)
	p, err = x.pretende(s, c.Pratica, u)
	x.NoError(err)
	x.True(x.registra(s, c).Ripetuta)
	x.occupato(s, q, u, "it was claimed anew")
	c.Unici = c.Liberi
	x.True(x.registra(s, c).Ripetuta, "the key comes before all checks")
	x.uguali(s, p)
}

// provaConcorrenzaLiberi gives claims back while many ask for them, in one order
// and in the other: one has them all, nobody a part, and none is lost.
func provaConcorrenzaLiberi(x *prova, s storage.Store) {
	const quanti = 8
	u := []storage.Unico{{Ambito: "modulo/nido", Chiave: "1"}, {Ambito: "modulo/nido", Chiave: "2"}, {Ambito: "modulo/mensa", Chiave: "1"}}
	rovescio := slices.Clone(u)
	slices.Reverse(rovescio)
	note := make([]*pratica.Pratica, quanti)
	for i := range note {
		note[i] = x.apre(s, ente, i+1)
	}
	tiene := 0
	var err error
	note[0], err = x.pretende(s, note[0], u...)
	x.NoError(err)
	for giro := range 12 {
		prima := slices.Clone(note)
		esiti, errs := insieme(quanti, func(i int) (*pratica.Pratica, error) {
			c, miei := x.poi(prima[i], "giro"), u
			if (i+giro)%2 == 0 {
				miei = rovescio
			}
			if i == tiene {
				c.Liberi = miei
			} else {
				c.Unici = miei
			}
			_, err := s.Registra(x.ctx, c)
			return c.Pratica, err
		})
		x.NoError(errs[tiene])
		nuovi := []int{}
		for i := range note {
			var gia *storage.ErroreUnico
			switch {
			case errs[i] == nil:
				note[i] = esiti[i]
				if i != tiene {
					nuovi = append(nuovi, i)
				}
			default:
				x.True(errors.As(errs[i], &gia), "%v", errs[i])
			}
		}
		x.LessOrEqual(len(nuovi), 1, "one claim, several holders")
		if len(nuovi) == 0 { // all came before it was given back
			nuovi = []int{(tiene + 1) % quanti}
			note[nuovi[0]], err = x.pretende(s, note[nuovi[0]], u...)
			x.NoError(err, "nobody has any of them")
		}
		tiene = nuovi[0]
	}
}
