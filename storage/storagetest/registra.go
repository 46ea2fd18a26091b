package storagetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

const (
	ente  = "c_h501"
	altro = "c_f205"
)

func provaAssente(x *prova, s storage.Store) {
	_, err := s.Carica(x.ctx, ente, ID(1))
	x.ErrorIs(err, storage.ErrNonTrovata)
	_, err = s.Eventi(x.ctx, ente, ID(1))
	x.ErrorIs(err, storage.ErrNonTrovata)
	_, err = s.Effetto(x.ctx, ente, "e")
	x.ErrorIs(err, storage.ErrNonTrovata)
	x.ErrorIs(s.Sblocca(x.ctx, ente, "e", nil), storage.ErrNonTrovata)
	x.ErrorIs(s.Aggiorna(x.ctx, storage.Effetto{Ente: ente, ID: "e", Stato: storage.Fatto}), storage.ErrPrenotazione)
	_, c, err := s.Ripetuta(x.ctx, ente, ID(1), "k")
	x.NoError(err)
	x.False(c)
	e, err := s.Effetti(x.ctx, ente, ID(1))
	x.NoError(err)
	x.Empty(e)
	p, err := s.Cerca(x.ctx, storage.Filtro{Ente: ente, Bozze: true})
	x.NoError(err)
	x.Empty(p.Righe)
	x.Empty(p.Seguente)
	x.Empty(x.prende(s, "a", Ora()))
}

// uguali compares what is stored with what was committed.
func (x *prova) uguali(s storage.Store, attesa *pratica.Pratica) {
	p, err := s.Carica(x.ctx, attesa.Ente, attesa.ID)
	x.NoError(err)
	voluto, err := json.Marshal(attesa)
	x.NoError(err)
	avuto, err := json.Marshal(p)
	x.NoError(err)
	x.Equal(string(voluto), string(avuto))
	iter, err := s.Eventi(x.ctx, attesa.Ente, attesa.ID)
	x.NoError(err)
	x.NoError(pratica.Verifica(iter))
	x.Len(iter, attesa.Versione)
	piega, err := pratica.Ripiega(iter)
	x.NoError(err)
	x.Equal(attesa.Impronta, piega.Impronta)
	b, err := json.Marshal(piega)
	x.NoError(err)
	x.Equal(string(voluto), string(b), "the iter folds to the projection")
}

func provaAndataRitorno(x *prova, s storage.Store) {
	c, err := Bozza(ente, ID(1), "occupazione-suolo", rossi(), Ora())
	x.NoError(err)
	c.Effetti = []storage.Effetto{effetto("e1", pratica.EffettoDocumento), {ID: "e2", Genere: pratica.EffettoAvviso, Prossimo: Ora().Add(time.Hour)}}
	x.Equal(storage.Ricevuta{Versione: 1, Stato: pratica.Bozza}, x.registra(s, c))
	x.uguali(s, c.Pratica)
	c, err = Poi(c.Pratica, pratica.Inviata, Ora().Add(time.Minute), pratica.RichiestaInviata{Numero: pratica.Numero{Anno: 2026, Progressivo: 1}, Oggetto: "Suolo", Risposte: modulo.Risposte{"a": "b", "n": 1.5}},
		pratica.MessaggioScritto{ID: "m", Testo: "Inviata"})
	x.NoError(err)
	c.Effetti = []storage.Effetto{effetto("e3", pratica.EffettoDocumento)}
	x.Equal(storage.Ricevuta{Versione: 3, Stato: pratica.Inviata}, x.registra(s, c))
	x.uguali(s, c.Pratica)
	e, err := s.Effetti(x.ctx, ente, ID(1))
	x.NoError(err)
	x.Equal([]storage.Effetto{
		{ID: "e1", Ente: ente, Pratica: ID(1), Genere: pratica.EffettoDocumento, Riferimento: "r-e1", Corsia: "atti", Causato: Ora(), Ordine: 1, Stato: storage.DaFare, Prossimo: Ora()},
		{ID: "e2", Ente: ente, Pratica: ID(1), Genere: pratica.EffettoAvviso, Corsia: "avvisi", Causato: Ora(), Ordine: 2, Stato: storage.DaFare, Prossimo: Ora().Add(time.Hour)},
		{ID: "e3", Ente: ente, Pratica: ID(1), Genere: pratica.EffettoDocumento, Riferimento: "r-e3", Corsia: "atti", Causato: Ora().Add(time.Minute), Ordine: 3, Stato: storage.DaFare, Prossimo: Ora().Add(time.Minute)},
	}, e)
	uno, err := s.Effetto(x.ctx, ente, "e2")
	x.NoError(err)
	x.Equal(e[1], uno)
	// A commit without events changes nothing of the pratica.
	x.registra(s, storage.Commit{Pratica: c.Pratica, Attesa: 3, Ora: Ora(), Effetti: []storage.Effetto{effetto("e4", pratica.EffettoAvviso)}})
	x.uguali(s, c.Pratica)
}

// strane are strings that have broken stores.
func strane() []string {
	return []string{"a\x00b", "a", "\x00", "مرحبا \u202e ciao", "👩‍👩‍👧‍👦", "𝔘𝔫𝔦", "100%_\\'\"; DROP TABLE pratiche; --", "é", "e\u0301", " ", "\r\n\t", "\ufeff", strings.Repeat("è", 256)}
}

func provaStringheStrane(x *prova, s storage.Store) {
	for i, v := range strane() {
		chi := rossi()
		chi.Nome, chi.Cognome = v, v
		c, err := Bozza(v, pratica.ID(v), v, chi, Ora())
		x.NoError(err)
		c.Chiave, c.Unici = v, []storage.Unico{{Ambito: v, Chiave: v}}
		c.Effetti = []storage.Effetto{{ID: v, Genere: pratica.GenereEffetto(v), Riferimento: v}}
		x.Equal(1, x.registra(s, c).Versione, "%q", v)
		x.uguali(s, c.Pratica)
		r, ok, err := s.Ripetuta(x.ctx, v, pratica.ID(v), v)
		x.NoError(err)
		x.True(ok && r.Versione == 1)
		e, err := s.Effetto(x.ctx, v, v)
		x.NoError(err)
		x.Equal(v, e.Riferimento)
		p, err := s.Cerca(x.ctx, storage.Filtro{Ente: v, Servizi: []string{v}, Bozze: true})
		x.NoError(err)
		x.Len(p.Righe, 1, "%q", v)
		x.Equal(v, p.Righe[0].Servizio)
		n, err := s.Numera(x.ctx, v, v, 2026, pratica.ID(v))
		x.NoError(err)
		x.EqualValues(1, n, "a series of its own")
		presi, err := s.Prenota(x.ctx, storage.Prenotazione{Titolare: v, Ora: Ora(), Durata: time.Minute, Limite: 10, Solo: v})
		x.NoError(err)
		x.Equal([]string{v}, nomi(presi), "%d", i)
		presi[0].Stato, presi[0].UltimoErrore, presi[0].Diario = storage.Fallito, v, []byte(v)
		x.NoError(s.Aggiorna(x.ctx, presi[0]))
		e, err = s.Effetto(x.ctx, v, v)
		x.NoError(err)
		x.Equal(v, e.UltimoErrore)
		x.Equal([]byte(v), e.Diario)
	}
}

func provaValoriGrandi(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1)
	fatti := make([]pratica.Fatto, 50)
	for i := range fatti {
		fatti[i] = pratica.MessaggioScritto{ID: fmt.Sprint(i), Testo: strings.Repeat("lungo ", pratica.MassimoTesto/6)}
	}
	c, err := Poi(p, p.Stato, Ora(), fatti...)
	x.NoError(err)
	x.registra(s, c)
	x.uguali(s, c.Pratica)
}

func provaConflitto(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1)
	_, err := s.Registra(x.ctx, x.poi(&pratica.Pratica{ID: ID(2), Ente: ente, Versione: 1, Stato: pratica.Bozza}, "manca"))
	x.ErrorIs(err, storage.ErrConflitto, "it does not exist")
	c, err := Bozza(ente, ID(1), "altro", rossi(), Ora())
	x.NoError(err)
	_, err = s.Registra(x.ctx, c)
	x.ErrorIs(err, storage.ErrConflitto, "it exists")
	primo, secondo := x.poi(p, "primo"), x.poi(p, "secondo")
	x.registra(s, primo)
	_, err = s.Registra(x.ctx, secondo)
	x.ErrorIs(err, storage.ErrConflitto, "somebody was quicker")
	secondo.Elimina = true
	_, err = s.Registra(x.ctx, secondo)
	x.ErrorIs(err, storage.ErrConflitto, "nor may it be deleted")
	x.uguali(s, primo.Pratica)
	x.registra(s, x.poi(primo.Pratica, "terzo"))
}

func provaChiave(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1)
	c := x.poi(p, "uno")
	c.Chiave, c.Effetti, c.Unici = "k", []storage.Effetto{effetto("e", pratica.EffettoAvviso)}, []storage.Unico{{Ambito: "a", Chiave: "1"}}
	x.Equal(storage.Ricevuta{Versione: 2, Stato: pratica.Bozza}, x.registra(s, c))
	ripetuta := storage.Ricevuta{Versione: 2, Stato: pratica.Bozza, Ripetuta: true}
	x.Equal(ripetuta, x.registra(s, c), "the same again")
	due := x.poi(c.Pratica, "due")
	x.registra(s, due)
	x.Equal(ripetuta, x.registra(s, c), "the receipt is that of then")
	// Before every other check: another content, a claim of others, a lease gone, nonsense.
	q := x.apre(s, ente, 2)
	presa := x.poi(q, "di altri")
	presa.Unici = []storage.Unico{{Ambito: "a", Chiave: "2"}}
	x.registra(s, presa)
	diversa := x.poi(p, "diversa")
	diversa.Chiave, diversa.Unici = "k", presa.Unici
	diversa.Concluso = &storage.Effetto{ID: "manca"}
	diversa.Effetti = []storage.Effetto{effetto("nuovo", pratica.EffettoAvviso)}
	x.Equal(ripetuta, x.registra(s, diversa))
	diversa.Eventi, diversa.Ora = nil, time.Time{}
	x.Equal(ripetuta, x.registra(s, diversa))
	diversa.Elimina = true
	x.Equal(ripetuta, x.registra(s, diversa))
	_, err := s.Effetto(x.ctx, ente, "nuovo")
	x.ErrorIs(err, storage.ErrNonTrovata)
	x.uguali(s, due.Pratica)
	r, ok, err := s.Ripetuta(x.ctx, ente, ID(1), "k")
	x.NoError(err)
	x.True(ok)
	x.Equal(ripetuta, r)
	for _, v := range []struct {
		ente   string
		id     pratica.ID
		chiave string
	}{{ente, ID(2), "k"}, {altro, ID(1), "k"}, {ente, ID(1), "K"}, {ente, ID(1), ""}} {
		_, ok, err = s.Ripetuta(x.ctx, v.ente, v.id, v.chiave)
		x.NoError(err)
		x.False(ok, "%v", v)
	}
	stessa := x.poi(presa.Pratica, "stessa chiave, altra pratica")
	stessa.Chiave = "k"
	x.False(x.registra(s, stessa).Ripetuta)
	// No key is no key: twice the same is a conflict.
	_, err = s.Registra(x.ctx, due)
	x.ErrorIs(err, storage.ErrConflitto)
}

// provaAtomicita tries commits that fail late and looks for what they left.
func provaAtomicita(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1, effetto("e1", pratica.EffettoAvviso))
	presa := x.poi(x.apre(s, ente, 2), "presa")
	presa.Unici = []storage.Unico{{Ambito: "seriale", Chiave: "preso"}}
	x.registra(s, presa)
	mio := x.prende(s, "a", Ora())[0]
	for nome, caso := range map[string]struct {
		guasta func(*storage.Commit)
		errore error
	}{
		"conflitto":    {func(c *storage.Commit) { *c = conAttesa(*c, 7) }, storage.ErrConflitto},
		"unico":        {func(c *storage.Commit) { c.Unici = append(c.Unici, presa.Unici[0]) }, nil},
		"prenotazione": {func(c *storage.Commit) { c.Concluso.Gettone++ }, storage.ErrPrenotazione},
		"effetto":      {func(c *storage.Commit) { c.Effetti = append(c.Effetti, effetto("e1", pratica.EffettoAvviso)) }, storage.ErrNonValido},
		"effetti":      {func(c *storage.Commit) { c.Effetti = append(c.Effetti, c.Effetti[0]) }, storage.ErrNonValido},
	} {
		c := x.poi(p, nome)
		e := mio
		c.Chiave, c.Concluso = "k", &e
		c.Effetti = []storage.Effetto{effetto("nuovo", pratica.EffettoAvviso)}
		c.Unici = []storage.Unico{{Ambito: "seriale", Chiave: "libero"}}
		caso.guasta(&c)
		_, err := s.Registra(x.ctx, c)
		x.Error(err, nome)
		if caso.errore != nil {
			x.ErrorIs(err, caso.errore, nome)
		} else {
			var u *storage.ErroreUnico
			x.True(errors.As(err, &u), nome)
			x.Equal(presa.Unici[0], u.Unico)
			x.NotContains(err.Error(), "preso", "the key of a claim may be personal data")
		}
		x.uguali(s, p)
		_, ok, err := s.Ripetuta(x.ctx, ente, ID(1), "k")
		x.NoError(err)
		x.False(ok, nome)
		effetti, err := s.Effetti(x.ctx, ente, ID(1))
		x.NoError(err)
		x.Equal([]string{"e1"}, nomi(effetti), nome)
		x.Equal(storage.InCorso, effetti[0].Stato, nome)
	}
	libera := x.poi(presa.Pratica, "libera")
	libera.Unici = []storage.Unico{{Ambito: "seriale", Chiave: "libero"}}
	x.registra(s, libera)
}

// conAttesa moves a commit to other versions.
func conAttesa(c storage.Commit, attesa int) storage.Commit {
	p := *c.Pratica
	p.Versione = attesa + len(c.Eventi)
	c.Pratica, c.Attesa = &p, attesa
	c.Eventi = append([]pratica.Evento{}, c.Eventi...)
	for i := range c.Eventi {
		c.Eventi[i].Progressivo = attesa + i + 1
	}
	return c
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
	via := x.poi(p, "via")
	via.Elimina = true
	x.registra(s, via)
	_, err = prova(q, u)
	x.NoError(err, "the claim went with the pratica")
}

func provaElimina(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1, effetto("e1", pratica.EffettoAvviso), effetto("e2", pratica.EffettoDocumento))
	c := x.poi(p, "uno")
	c.Chiave = "k1"
	x.registra(s, c)
	n, err := s.Numera(x.ctx, ente, "richiesta", 2026, ID(1))
	x.NoError(err)
	preso := x.prende(s, "a", Ora())
	x.Len(preso, 2)
	v, err := Poi(c.Pratica, "", Ora(), pratica.BozzaEliminata{})
	x.NoError(err)
	v.Elimina, v.Chiave, v.Effetti = true, "k2", []storage.Effetto{effetto("e3", pratica.EffettoAnnullaAppuntamento)}
	x.Equal(storage.Ricevuta{Versione: 3}, x.registra(s, v))
	_, err = s.Carica(x.ctx, ente, ID(1))
	x.ErrorIs(err, storage.ErrNonTrovata)
	_, err = s.Eventi(x.ctx, ente, ID(1))
	x.ErrorIs(err, storage.ErrNonTrovata)
	for _, e := range preso {
		_, err = s.Effetto(x.ctx, ente, e.ID)
		x.ErrorIs(err, storage.ErrNonTrovata)
		e.Stato = storage.Fatto
		x.ErrorIs(s.Aggiorna(x.ctx, e), storage.ErrPrenotazione)
	}
	_, ok, err := s.Ripetuta(x.ctx, ente, ID(1), "k1")
	x.NoError(err)
	x.False(ok)
	pagina, err := s.Cerca(x.ctx, storage.Filtro{Ente: ente, Bozze: true})
	x.NoError(err)
	x.Empty(pagina.Righe)
	x.True(x.registra(s, v).Ripetuta, "the same deletion again tells that it was done")
	x.Equal([]string{"e3"}, nomi(x.prende(s, "b", Ora())), "what the deletion caused is done")
	m, err := s.Numera(x.ctx, ente, "richiesta", 2026, ID(1))
	x.NoError(err)
	x.Equal(n, m, "which pratica took a number stays on record")
	m, err = s.Numera(x.ctx, ente, "richiesta", 2026, ID(2))
	x.NoError(err)
	x.Equal(n+1, m)
}

func provaIsolamento(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1, effetto("e", pratica.EffettoAvviso))
	c := x.poi(p, "uno")
	c.Chiave = "k"
	x.registra(s, c)
	_, err := s.Carica(x.ctx, altro, ID(1))
	x.ErrorIs(err, storage.ErrNonTrovata)
	_, err = s.Eventi(x.ctx, altro, ID(1))
	x.ErrorIs(err, storage.ErrNonTrovata)
	_, err = s.Effetto(x.ctx, altro, "e")
	x.ErrorIs(err, storage.ErrNonTrovata)
	e, err := s.Effetti(x.ctx, altro, ID(1))
	x.NoError(err)
	x.Empty(e)
	_, ok, err := s.Ripetuta(x.ctx, altro, ID(1), "k")
	x.NoError(err)
	x.False(ok)
	pagina, err := s.Cerca(x.ctx, storage.Filtro{Ente: altro, Bozze: true})
	x.NoError(err)
	x.Empty(pagina.Righe)
	// The same ids in another ente are other things.
	d, err := Bozza(altro, ID(1), "altro", rossi(), Ora())
	x.NoError(err)
	d.Chiave, d.Effetti = "k", []storage.Effetto{effetto("e", pratica.EffettoDocumento)}
	x.False(x.registra(s, d).Ripetuta)
	presi := x.prende(s, "a", Ora())
	x.Len(presi, 2, "leases are of every ente")
	for _, e := range presi {
		if e.Ente == altro {
			e.Stato = storage.Fallito
			x.NoError(s.Aggiorna(x.ctx, e))
			e.Ente = ente
			x.NoError(s.Sblocca(x.ctx, altro, "e", nil))
		}
	}
	v, err := s.Effetto(x.ctx, ente, "e")
	x.NoError(err)
	x.Equal(storage.InCorso, v.Stato)
	x.ErrorIs(s.Sblocca(x.ctx, ente, "e", nil), storage.ErrConflitto)
	via := x.poi(d.Pratica, "via")
	via.Elimina = true
	x.registra(s, via)
	x.uguali(s, c.Pratica)
	v, err = s.Effetto(x.ctx, ente, "e")
	x.NoError(err)
	x.Equal(ID(1), v.Pratica)
}

// provaAlias changes all that went in and came out.
func provaAlias(x *prova, s storage.Store) {
	c, err := Bozza(ente, ID(1), "occupazione-suolo", rossi(), Ora())
	x.NoError(err)
	c.Effetti, c.Chiave = []storage.Effetto{effetto("e", pratica.EffettoAvviso)}, "k"
	attesa := c.Pratica.Copia()
	x.registra(s, c)
	c.Pratica.Servizio, c.Pratica.Versione, c.Eventi[0].Di.ID, c.Effetti[0].Riferimento = "cambiato", 9, "cambiato", "cambiato"
	x.uguali(s, attesa)
	p, err := s.Carica(x.ctx, ente, ID(1))
	x.NoError(err)
	p.Richiedente.Nome, p.Versione, p.Note = "Cambiato", 9, append(p.Note, pratica.Nota{ID: "x"})
	iter, err := s.Eventi(x.ctx, ente, ID(1))
	x.NoError(err)
	iter[0].Azione, iter[0].Fatto = "cambiata", nil
	x.uguali(s, attesa)

	diario := []byte(`{"a":1}`)
	e := x.prende(s, "a", Ora())[0]
	e.Stato, e.Diario = storage.Fallito, diario
	x.NoError(s.Aggiorna(x.ctx, e))
	diario[2] = 'X'
	v, err := s.Effetto(x.ctx, ente, "e")
	x.NoError(err)
	x.Equal(`{"a":1}`, string(v.Diario))
	v.Diario[2] = 'Y'
	tutti, err := s.Effetti(x.ctx, ente, ID(1))
	x.NoError(err)
	x.Equal(`{"a":1}`, string(tutti[0].Diario))
	tutti[0].Diario[2] = 'Z'
	nuovo := []byte(`{"b":2}`)
	x.NoError(s.Sblocca(x.ctx, ente, "e", nuovo))
	nuovo[2] = 'X'
	presi := x.prende(s, "a", Ora())
	x.Equal(`{"b":2}`, string(presi[0].Diario))
	presi[0].Diario[2] = 'W'
	v, err = s.Effetto(x.ctx, ente, "e")
	x.NoError(err)
	x.Equal(`{"b":2}`, string(v.Diario))
	pagina, err := s.Cerca(x.ctx, storage.Filtro{Ente: ente, Bozze: true})
	x.NoError(err)
	pagina.Righe[0].Servizio = "cambiato"
	pagina, err = s.Cerca(x.ctx, storage.Filtro{Ente: ente, Bozze: true})
	x.NoError(err)
	x.Equal("occupazione-suolo", pagina.Righe[0].Servizio)
}

func provaNonValido(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1)
	lungo := strings.Repeat("x", 513)
	for nome, guasta := range map[string]func(*storage.Commit){
		"senza_pratica":   func(c *storage.Commit) { c.Pratica = nil },
		"senza_ente":      func(c *storage.Commit) { q := *c.Pratica; q.Ente = ""; c.Pratica = &q },
		"senza_id":        func(c *storage.Commit) { q := *c.Pratica; q.ID = ""; c.Pratica = &q },
		"senza_ora":       func(c *storage.Commit) { c.Ora = time.Time{} },
		"attesa":          func(c *storage.Commit) { c.Attesa = -1 },
		"versione":        func(c *storage.Commit) { q := *c.Pratica; q.Versione++; c.Pratica = &q },
		"senza_eventi":    func(c *storage.Commit) { c.Eventi = nil },
		"progressivo":     func(c *storage.Commit) { c.Eventi[0].Progressivo++ },
		"di_altra":        func(c *storage.Commit) { c.Eventi[0].Pratica = ID(2) },
		"non_sigillato":   func(c *storage.Commit) { c.Eventi[0].Impronta = "" },
		"chiave":          func(c *storage.Commit) { c.Chiave = lungo },
		"effetto":         func(c *storage.Commit) { c.Effetti = []storage.Effetto{{Genere: pratica.EffettoAvviso}} },
		"effetto_genere":  func(c *storage.Commit) { c.Effetti = []storage.Effetto{{ID: "e"}} },
		"unico":           func(c *storage.Commit) { c.Unici = []storage.Unico{{Ambito: "a"}} },
		"unico_lungo":     func(c *storage.Commit) { c.Unici = []storage.Unico{{Ambito: lungo, Chiave: "x"}} },
		"elimina_assente": func(c *storage.Commit) { *c = conAttesa(*c, 0); c.Elimina = true },
	} {
		c := x.poi(p, nome)
		guasta(&c)
		_, err := s.Registra(x.ctx, c)
		x.ErrorIs(err, storage.ErrNonValido, nome)
	}
	x.uguali(s, p)
	for _, v := range [][3]string{{"", "s", "p"}, {ente, "", "p"}, {ente, "s", ""}, {ente, lungo, "p"}} {
		_, err := s.Numera(x.ctx, v[0], v[1], 2026, pratica.ID(v[2]))
		x.ErrorIs(err, storage.ErrNonValido, "%q", v)
	}
}

func provaAnnullamento(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1, effetto("e", pratica.EffettoAvviso))
	ctx, annulla := context.WithCancel(x.ctx)
	annulla()
	c := x.poi(p, "mai")
	for nome, fn := range map[string]func() error{
		"Carica":   func() error { _, err := s.Carica(ctx, ente, ID(1)); return err },
		"Registra": func() error { _, err := s.Registra(ctx, c); return err },
		"Ripetuta": func() error { _, _, err := s.Ripetuta(ctx, ente, ID(1), "k"); return err },
		"Eventi":   func() error { _, err := s.Eventi(ctx, ente, ID(1)); return err },
		"Cerca":    func() error { _, err := s.Cerca(ctx, storage.Filtro{Ente: ente}); return err },
		"Numera":   func() error { _, err := s.Numera(ctx, ente, "richiesta", 2026, ID(1)); return err },
		"Prenota": func() error {
			_, err := s.Prenota(ctx, storage.Prenotazione{Titolare: "a", Ora: Ora(), Durata: time.Minute, Limite: 1})
			return err
		},
		"Aggiorna":    func() error { return s.Aggiorna(ctx, storage.Effetto{Ente: ente, ID: "e", Stato: storage.Fatto}) },
		"Effetto":     func() error { _, err := s.Effetto(ctx, ente, "e"); return err },
		"Effetti":     func() error { _, err := s.Effetti(ctx, ente, ID(1)); return err },
		"Sblocca":     func() error { return s.Sblocca(ctx, ente, "e", nil) },
		"Transazione": func() error { return s.Transazione(ctx, ente, func(cassetto.Tx) error { return nil }) },
		"Lettura":     func() error { return s.Lettura(ctx, ente, func(cassetto.Tx) error { return nil }) },
	} {
		x.ErrorIs(fn(), context.Canceled, nome)
	}
	x.uguali(s, p)
	x.Len(x.prende(s, "a", Ora()), 1)
	n, err := s.Numera(x.ctx, ente, "richiesta", 2026, ID(2))
	x.NoError(err)
	x.EqualValues(1, n)
}

func provaNumeri(x *prova, s storage.Store) {
	for _, v := range []struct {
		ente, serie string
		anno, id    int
		atteso      int64
	}{
		{ente, "richiesta", 2026, 1, 1}, {ente, "richiesta", 2026, 2, 2}, {ente, "richiesta", 2026, 1, 1}, {ente, "richiesta", 2026, 3, 3},
		{ente, "richiesta", 2027, 1, 1}, {ente, "protocollo", 2026, 2, 1}, {altro, "richiesta", 2026, 2, 1}, {ente, "richiesta", 2026, 2, 2},
	} {
		n, err := s.Numera(x.ctx, v.ente, v.serie, v.anno, ID(v.id))
		x.NoError(err)
		x.Equal(v.atteso, n, "%+v", v)
	}
}
