package storagetest

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/storage"
)

// oscurata gives the commit that erases the personal data of p.
func (x *prova) oscurata(p *pratica.Pratica, iter []pratica.Evento) storage.Commit {
	c := x.poi(p, "oscurata")
	c.Oscurati = oscura(iter)
	q := c.Pratica
	q.Oscurata, q.Richiedente, q.Oggetto, q.Allegati = c.Ora, anagrafica.Persona{}, "", nil
	return c
}

// provaOscurati erases the personal data of a pratica: its events lose their
// content and its effects their journals, and all else goes on.
func provaOscurati(x *prova, s storage.Store) {
	v := x.scena(s, ente)
	c := v.pieno(x, v.p)
	c.Chiave = "prima"
	x.registra(s, c)
	// Done, leased, failed, to be done: each has a journal.
	var mio storage.Effetto
	for _, e := range x.prende(s, "w", Ora().Add(2*time.Hour)) {
		e.Diario = []byte(`{"nome":"Mario"}`)
		switch e.ID {
		case "nuovo1":
			mio = e
		case "e3":
			e.Stato, e.Prossimo = storage.DaFare, Ora()
		}
		x.NoError(s.Aggiorna(x.ctx, e))
	}
	prima, err := s.Effetti(x.ctx, ente, ID(1))
	x.NoError(err)
	stati := map[storage.StatoEffetto]bool{}
	for _, e := range prima {
		stati[e.Stato] = stati[e.Stato] || len(e.Diario) > 0
	}
	x.Equal(map[storage.StatoEffetto]bool{storage.Fatto: true, storage.InCorso: true, storage.Fallito: true, storage.DaFare: true}, stati)
	iter, err := s.Eventi(x.ctx, ente, ID(1))
	x.NoError(err)
	altra := veduta{ente: ente, ids: []pratica.ID{ID(2)}}
	suoi, err := s.Effetti(x.ctx, ente, ID(2))
	x.NoError(err)
	x.NotEmpty(suoi[0].Diario)
	x.Len(x.cerca(s, storage.Filtro{Ente: ente, Bozze: true, ConDati: true}), 2)
	x.Len(x.cerca(s, storage.Filtro{Ente: ente, Bozze: true, Nome: "rossi"}), 2)

	via := x.oscurata(c.Pratica, iter)
	via.Chiave, via.Effetti = "oscura", []storage.Effetto{effetto("dopo", pratica.EffettoAvviso)}
	x.Equal(storage.Ricevuta{Versione: 6, Stato: pratica.Inviata}, x.registra(s, via))
	x.True(x.registra(s, via).Ripetuta)
	x.oscurati(s, via.Pratica, oscura(iter))
	dopo, err := s.Effetti(x.ctx, ente, ID(1))
	x.NoError(err)
	x.Equal([]string{"e1", "e2", "e3", "nuovo1", "nuovo2", "dopo"}, nomi(dopo))
	for i := range prima {
		prima[i].Diario = nil
		x.Empty(dopo[i].Diario, "the journal of %s", dopo[i].ID)
		dopo[i].Diario = nil
		x.Equal(prima[i], dopo[i], "nothing else of it")
	}
	ancora, err := s.Effetti(x.ctx, ente, ID(2))
	x.NoError(err)
	x.Equal(suoi, ancora, "those of another pratica")
	x.Contains(altra.di(x, s), "Mario")
	// Lists.
	x.Equal([]pratica.ID{ID(2)}, x.cerca(s, storage.Filtro{Ente: ente, Bozze: true, ConDati: true}))
	x.Equal([]pratica.ID{ID(2)}, x.cerca(s, storage.Filtro{Ente: ente, Bozze: true, Nome: "rossi"}))
	x.Empty(x.cerca(s, storage.Filtro{Ente: ente, Bozze: true, Testo: "nuova"}), "nor the fields")
	r, err := s.Riassumi(x.ctx, storage.Filtro{Ente: ente, Bozze: true, ConDati: true}, "importo")
	x.NoError(err)
	x.Equal(1, r.Totale)
	x.Zero(r.Campi["importo"].Valori)
	pagina, err := s.Cerca(x.ctx, storage.Filtro{Ente: ente})
	x.NoError(err)
	x.Len(pagina.Righe, 1)
	x.Empty(pagina.Righe[0].Richiedente + pagina.Righe[0].CodiceFiscale + pagina.Righe[0].Oggetto)
	x.Empty(pagina.Righe[0].Campi)
	si, err := s.InUso(x.ctx, ente, sha(1))
	x.NoError(err)
	x.False(si, "its files are free")
	// Life goes on: the lease, a commit, its claims, its keys.
	_, gia, err := s.Ripetuta(x.ctx, ente, ID(1), "prima")
	x.NoError(err)
	x.True(gia)
	poi := x.poi(via.Pratica, "poi")
	poi.Concluso = &mio
	poi.Concluso.Diario = nil
	x.registra(s, poi)
	x.oscurati(s, poi.Pratica, append(oscura(iter), via.Eventi...))
	preso := x.poi(v.altra, "libero")
	preso.Unici = []storage.Unico{{Ambito: "seriale", Chiave: "mio"}}
	_, err = s.Registra(x.ctx, preso)
	x.Error(err, "its claims hold")
}

// oscurati checks that the pratica is as committed, that its iter verifies,
// begins with primi and ends with an event that has its content.
func (x *prova) oscurati(s storage.Store, attesa *pratica.Pratica, primi []pratica.Evento) {
	p, err := s.Carica(x.ctx, attesa.Ente, attesa.ID)
	x.NoError(err)
	voluto, err := json.Marshal(attesa)
	x.NoError(err)
	avuto, err := json.Marshal(p)
	x.NoError(err)
	x.Equal(string(voluto), string(avuto))
	eventi, err := s.Eventi(x.ctx, attesa.Ente, attesa.ID)
	x.NoError(err)
	x.Len(eventi, attesa.Versione)
	x.NoError(pratica.Verifica(eventi))
	x.Equal(attesa.Impronta, eventi[len(eventi)-1].Impronta)
	x.Equal(primi, eventi[:len(eventi)-1])
	x.NotNil(eventi[len(eventi)-1].Fatto)
}

// provaOscuratiErrati: what is not all of the earlier events, or not their
// chain, is refused and changes nothing.
func provaOscuratiErrati(x *prova, s storage.Store) {
	v := x.scena(s, ente)
	prima := v.veduta.di(x, s)
	sigillo := func(i int, fn func(*pratica.Evento)) func(*storage.Commit) {
		return func(c *storage.Commit) { fn(&c.Oscurati[i]) }
	}
	for nome, guasta := range map[string]func(*storage.Commit){
		"meno":        func(c *storage.Commit) { c.Oscurati = c.Oscurati[:2] },
		"senza_primo": func(c *storage.Commit) { c.Oscurati = c.Oscurati[1:] },
		"di_piu":      func(c *storage.Commit) { c.Oscurati = append(c.Oscurati, oscura(c.Eventi)...) },
		"disordine":   func(c *storage.Commit) { slices.Reverse(c.Oscurati) },
		"elimina":     func(c *storage.Commit) { c.Elimina = true },
		"contenuto":   sigillo(1, func(e *pratica.Evento) { e.Fatto = pratica.NotaScritta{ID: "x"} }),
		"sale":        sigillo(1, func(e *pratica.Evento) { e.Sale = "00" }),
		"di_altra": func(c *storage.Commit) {
			for i := range c.Oscurati {
				c.Oscurati[i].Pratica = ID(2)
			}
		},
		"progressivo":   sigillo(2, func(e *pratica.Evento) { e.Progressivo++ }),
		"non_sigillato": sigillo(2, func(e *pratica.Evento) { e.Impronta = "" }),
		"alterato":      sigillo(0, func(e *pratica.Evento) { e.Quando = e.Quando.Add(time.Second) }),
		"catena":        sigillo(1, func(e *pratica.Evento) { e.Precedente = e.Impegno }),
	} {
		c := x.oscurata(v.p, v.iter)
		guasta(&c)
		_, err := s.Registra(x.ctx, c)
		x.ErrorIs(err, storage.ErrNonValido, nome)
		x.Equal(prima, v.veduta.di(x, s), nome)
	}
	c := x.oscurata(v.p, v.iter)
	c.Attesa, c.Oscurati = 0, oscura(v.iter)
	_, err := s.Registra(x.ctx, c)
	x.ErrorIs(err, storage.ErrNonValido, "a pratica that is not there yet")
	x.Equal(prima, v.veduta.di(x, s))
}
