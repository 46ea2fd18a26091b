package storagetest

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// scena is a pratica with something of all that a store keeps, and another one
// that has what the first may not take.
type scena struct {
	prima    *pratica.Pratica // one version ago
	p, altra *pratica.Pratica
	iter     []pratica.Evento
	mio, suo storage.Effetto // leased
	preso    storage.Unico   // of the other
	tenuto   storage.Unico   // of the first
	veduta   veduta
}

func (x *prova) scena(s storage.Store, ente string) *scena {
	v := &scena{preso: storage.Unico{Ambito: "seriale", Chiave: "preso"}, tenuto: storage.Unico{Ambito: "seriale", Chiave: "mio"}}
	v.prima = x.apre(s, ente, 1, effetto("e1", pratica.EffettoAvviso), effetto("e2", pratica.EffettoDocumento), effetto("e3", pratica.EffettoPagamento))
	c, err := Poi(v.prima, pratica.Bozza, Ora().Add(time.Minute), allegato("a", sha(1)), pratica.NotaScritta{ID: "n", Testo: "vecchia"})
	x.NoError(err)
	c.Chiave, c.Unici, c.Campi = "k1", []storage.Unico{v.tenuto}, campi("vecchia", "1.10")
	x.registra(s, c)
	v.p = c.Pratica
	altra := x.poi(x.apre(s, ente, 2, effetto("f1", pratica.EffettoAvviso)), "presa")
	altra.Unici = []storage.Unico{v.preso}
	x.registra(s, altra)
	v.altra = altra.Pratica
	for _, e := range x.prende(s, "w", Ora()) {
		if e.Ente != ente {
			continue
		}
		e.Diario = []byte(`{"passo":1}`)
		switch e.ID {
		case "e1":
			v.mio = e
		case "f1":
			v.suo = e
		case "e2":
			e.Stato = storage.Fallito
		}
		x.NoError(s.Aggiorna(x.ctx, e))
	}
	v.iter, err = s.Eventi(x.ctx, ente, ID(1))
	x.NoError(err)
	v.veduta = veduta{ente: ente, ids: []pratica.ID{ID(1), ID(2), ID(3)}, campi: []string{"importo"}, testi: []string{"vecchia", "nuova"},
		file: []string{sha(1), sha(2)}, chiavi: []string{"k1", "k2"}}
	return v
}

func campi(testo, importo string) []storage.Campo {
	return []storage.Campo{
		{Nome: "nota", Testo: testo, Cercabile: true},
		{Nome: "importo", Testo: importo + " €", Numero: decimal.NewNullDecimal(decimal.RequireFromString(importo))},
	}
}

// pieno gives a commit on p that changes something of all that a store keeps.
func (v *scena) pieno(x *prova, p *pratica.Pratica) storage.Commit {
	c, err := Poi(p, pratica.Inviata, Ora().Add(time.Hour), allegato("b", sha(2)), pratica.NotaScritta{ID: "m", Testo: "nuova"})
	x.NoError(err)
	e := v.mio
	e.Diario = []byte(`{"passo":2}`)
	c.Chiave, c.Concluso, c.Campi = "k2", &e, campi("nuova", "2.20")
	c.Effetti = []storage.Effetto{effetto("nuovo1", pratica.EffettoAvviso), effetto("nuovo2", pratica.EffettoDocumento)}
	c.Unici = []storage.Unico{{Ambito: "seriale", Chiave: "libero"}}
	return c
}

// oscura gives events without their content.
func oscura(iter []pratica.Evento) []pratica.Evento {
	nudi := append([]pratica.Evento{}, iter...)
	for i := range nudi {
		nudi[i].Fatto, nudi[i].Sale = nil, ""
	}
	return nudi
}

// provaAtomicita tries commits of each kind that fail in each way and looks for
// what they left.
func provaAtomicita(x *prova, s storage.Store) {
	v := x.scena(s, ente)
	prima := v.veduta.di(x, s)
	annullato, annulla := context.WithCancel(x.ctx)
	annulla()
	unico := func(err error) bool {
		var u *storage.ErroreUnico
		return errors.As(err, &u) && u.Unico == v.preso && !strings.Contains(err.Error(), v.preso.Chiave)
	}
	essere := func(voluto error) func(error) bool {
		return func(err error) bool { return errors.Is(err, voluto) }
	}
	for genere, fai := range map[string]func(*storage.Commit){
		"cambia":  func(*storage.Commit) {},
		"oscura":  func(c *storage.Commit) { c.Oscurati = oscura(v.iter[:c.Attesa]) },
		"elimina": func(c *storage.Commit) { c.Elimina = true },
	} {
		come := func(c *storage.Commit) {
			c.Liberi = []storage.Unico{v.tenuto}
			fai(c)
		}
		for guasto, caso := range map[string]struct {
			guasta func(*storage.Commit)
			errore func(error) bool
		}{
			"conflitto":       {func(c *storage.Commit) { *c = v.pieno(x, v.prima); come(c) }, essere(storage.ErrConflitto)},
			"unico_primo":     {func(c *storage.Commit) { c.Unici = append([]storage.Unico{v.preso}, c.Unici...) }, unico},
			"unico_ultimo":    {func(c *storage.Commit) { c.Unici = append(c.Unici, v.preso) }, unico},
			"gettone":         {func(c *storage.Commit) { c.Concluso.Gettone++ }, essere(storage.ErrPrenotazione)},
			"titolare":        {func(c *storage.Commit) { c.Concluso.Titolare = "altri" }, essere(storage.ErrPrenotazione)},
			"effetto_altrui":  {func(c *storage.Commit) { c.Concluso = &v.suo }, essere(storage.ErrPrenotazione)},
			"effetto_ignoto":  {func(c *storage.Commit) { c.Concluso.ID = "manca" }, essere(storage.ErrPrenotazione)},
			"effetto_usato":   {func(c *storage.Commit) { c.Effetti[1].ID = "f1" }, essere(storage.ErrNonValido)},
			"effetto_doppio":  {func(c *storage.Commit) { c.Effetti[1].ID = "nuovo1" }, essere(storage.ErrNonValido)},
			"campo_doppio":    {func(c *storage.Commit) { c.Campi = append(c.Campi, c.Campi[0]) }, essere(storage.ErrNonValido)},
			"senza_ora":       {func(c *storage.Commit) { c.Ora = time.Time{} }, essere(storage.ErrNonValido)},
			"non_sigillato":   {func(c *storage.Commit) { c.Eventi[1].Impronta = "" }, essere(storage.ErrNonValido)},
			"diario":          {func(c *storage.Commit) { c.Concluso.Diario = make([]byte, storage.MassimoDiario+1) }, essere(storage.ErrTroppoGrande)},
			"oscurati_errati": {func(c *storage.Commit) { c.Oscurati = v.iter }, essere(storage.ErrNonValido)},
			"annullato":       {nil, essere(context.Canceled)},
		} {
			c, ctx := v.pieno(x, v.p), x.ctx
			come(&c)
			if caso.guasta == nil {
				ctx = annullato
			} else {
				caso.guasta(&c)
			}
			_, err := s.Registra(ctx, c)
			x.True(caso.errore(err), "%s/%s: %v", genere, guasto, err)
			x.Equal(prima, v.veduta.di(x, s), "%s/%s", genere, guasto)
		}
	}
	// Nor was the claim made or the other given back, and the lease still holds.
	x.occupato(s, v.altra, v.tenuto, "it was never given back")
	libera := x.poi(v.altra, "libera")
	libera.Unici = []storage.Unico{{Ambito: "seriale", Chiave: "libero"}}
	x.registra(s, libera)
	c := v.pieno(x, v.p)
	c.Unici, c.Liberi = nil, []storage.Unico{v.tenuto}
	x.registra(s, c)
	x.uguali(s, c.Pratica)
	_, err := x.pretende(s, libera.Pratica, v.tenuto)
	x.NoError(err)
}

// provaPrecedenze: of several reasons against, the one that comes first in the
// contract is given.
func provaPrecedenze(x *prova, s storage.Store) {
	v := x.scena(s, ente)
	c := v.pieno(x, v.prima)
	c.Unici, c.Concluso.Gettone, c.Ora = []storage.Unico{v.preso}, 99, time.Time{}
	_, err := s.Registra(x.ctx, c)
	x.ErrorIs(err, storage.ErrNonValido)
	c.Ora = Ora()
	_, err = s.Registra(x.ctx, c)
	x.ErrorIs(err, storage.ErrConflitto)
	c = v.pieno(x, v.p)
	c.Unici, c.Concluso.Gettone = []storage.Unico{v.preso}, 99
	_, err = s.Registra(x.ctx, c)
	var u *storage.ErroreUnico
	x.True(errors.As(err, &u), "%v", err)
	c.Unici = nil
	_, err = s.Registra(x.ctx, c)
	x.ErrorIs(err, storage.ErrPrenotazione)
}

func provaUnici(x *prova, s storage.Store) {
	p, q, r := x.apre(s, ente, 1), x.apre(s, ente, 2), x.apre(s, altro, 1)
	u := storage.Unico{Ambito: "contrassegno", Chiave: "01200000000000"}
	prova := func(p *pratica.Pratica, u ...storage.Unico) (*pratica.Pratica, error) {
		c := x.poi(p, "bollo")
		c.Unici = u
		_, err := s.Registra(x.ctx, c)
		return c.Pratica, err
	}
	p, err := prova(p, u, u)
	x.NoError(err, "twice in one commit is one claim")
	p, err = prova(p, u)
	x.NoError(err, "one's own claim is no conflict")
	var gia *storage.ErroreUnico
	_, err = prova(q, storage.Unico{Ambito: "contrassegno", Chiave: "altro"}, u)
	x.True(errors.As(err, &gia))
	x.Equal(u, gia.Unico)
	q, err = prova(q, storage.Unico{Ambito: "altro", Chiave: u.Chiave}, storage.Unico{Ambito: u.Ambito, Chiave: "altro"})
	x.NoError(err, "another scope, another key")
	_, err = prova(r, u)
	x.NoError(err, "another ente")
	// A claim stays when later commits do not make it again.
	p, err = prova(p)
	x.NoError(err)
	_, err = prova(q, u)
	x.True(errors.As(err, &gia), "%v", err)
	via := x.poi(p, "via")
	via.Elimina = true
	x.registra(s, via)
	_, err = prova(q, u)
	x.NoError(err, "the claim went with the pratica")
}
