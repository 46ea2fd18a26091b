package storagetest

import (
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

func provaPrenota(x *prova, s storage.Store) {
	// Caused later, committed first.
	c, err := Bozza(ente, ID(2), "occupazione-suolo", rossi(), Ora())
	x.NoError(err)
	c.Ora, c.Effetti = Ora().Add(time.Second), []storage.Effetto{effetto("b1", pratica.EffettoAvviso)}
	x.registra(s, c)
	x.apre(s, altro, 1, effetto("a1", pratica.EffettoAvviso), effetto("a2", pratica.EffettoDocumento),
		storage.Effetto{ID: "a3", Genere: pratica.EffettoPagamento, Prossimo: Ora().Add(time.Hour)})
	x.Empty(x.prende(s, "w", Ora().Add(-time.Nanosecond)), "before their time")

	ora := Ora().Add(time.Second)
	presi, err := s.Prenota(x.ctx, storage.Prenotazione{Titolare: "w1", Ora: ora, Durata: time.Minute, Limite: 2})
	x.NoError(err)
	x.Equal([]string{"a1", "a2"}, nomi(presi), "oldest first, within the limit")
	x.Equal(storage.Effetto{ID: "a1", Ente: altro, Pratica: ID(1), Genere: pratica.EffettoAvviso, Riferimento: "r-a1", Corsia: "avvisi",
		Causato: Ora(), Ordine: 1, Stato: storage.InCorso, Tentativi: 1, Prossimo: Ora(), Titolare: "w1", Gettone: presi[0].Gettone,
		Scadenza: ora.Add(time.Minute)}, presi[0])
	v, err := s.Effetto(x.ctx, altro, "a1")
	x.NoError(err)
	x.Equal(presi[0], v, "what was given is what is stored")
	x.Equal([]string{"b1"}, nomi(x.prende(s, "w2", ora)), "nothing twice")
	x.Empty(x.prende(s, "w3", ora.Add(time.Minute-time.Nanosecond)))
	// Leases that expire are given again, with a greater token.
	nuovi := x.prende(s, "w3", ora.Add(time.Minute))
	x.Equal([]string{"a1", "a2", "b1"}, nomi(nuovi))
	x.Greater(nuovi[0].Gettone, presi[0].Gettone)
	x.Equal(2, nuovi[0].Tentativi)
	x.Equal("w3", nuovi[0].Titolare)
	x.ElementsMatch([]string{"a1", "a2", "a3", "b1"}, nomi(x.prende(s, "w4", Ora().Add(time.Hour))))
	// What was put off comes after what has waited longer, whenever it was caused.
	c, err = Bozza(ente, ID(3), "occupazione-suolo", rossi(), Ora())
	x.NoError(err)
	c.Effetti = []storage.Effetto{{ID: "tardi", Genere: pratica.EffettoAvviso, Prossimo: Ora().Add(30 * time.Minute)}, {ID: "presto", Genere: pratica.EffettoDocumento, Prossimo: Ora().Add(20 * time.Minute)}}
	x.registra(s, c)
	for _, atteso := range []string{"presto", "tardi"} {
		presi, err = s.Prenota(x.ctx, storage.Prenotazione{Titolare: "w5", Ora: Ora().Add(time.Hour), Durata: time.Minute, Limite: 1})
		x.NoError(err)
		x.Equal([]string{atteso}, nomi(presi), "longest due first")
	}
}

func provaPrenotaLimiti(x *prova, s storage.Store) {
	x.apre(s, ente, 1, effetto("e", pratica.EffettoAvviso))
	buona := storage.Prenotazione{Titolare: "a", Ora: Ora(), Durata: time.Minute, Limite: 1}
	for nome, guasta := range map[string]func(*storage.Prenotazione){
		"titolare": func(p *storage.Prenotazione) { p.Titolare = "" },
		"ora":      func(p *storage.Prenotazione) { p.Ora = time.Time{} },
		"durata":   func(p *storage.Prenotazione) { p.Durata = 0 },
		"zero":     func(p *storage.Prenotazione) { p.Limite = 0 },
		"troppi":   func(p *storage.Prenotazione) { p.Limite = 1001 },
	} {
		p := buona
		guasta(&p)
		_, err := s.Prenota(x.ctx, p)
		x.ErrorIs(err, storage.ErrFiltro, nome)
	}
	presi, err := s.Prenota(x.ctx, buona)
	x.NoError(err)
	x.Len(presi, 1)
}

func provaCorsie(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1, effetto("d1", pratica.EffettoDocumento), effetto("d2", pratica.EffettoProtocollo), effetto("d3", pratica.EffettoDocumento), effetto("v1", pratica.EffettoAvviso))
	x.apre(s, ente, 2, effetto("x1", pratica.EffettoDocumento))
	presi := x.prende(s, "w", Ora())
	x.Equal([]string{"d1", "v1", "x1"}, nomi(presi), "the first of each lane; lanes and pratiche do not wait for each other")
	d1 := presi[0]
	x.Empty(x.prende(s, "w", Ora()), "the lane waits while one of it is leased")
	// Put off, it still blocks: the order of a lane holds.
	d1.Stato, d1.Prossimo, d1.UltimoErrore = storage.DaFare, Ora().Add(time.Second), "transitorio"
	x.NoError(s.Aggiorna(x.ctx, d1))
	x.Empty(x.prende(s, "w", Ora()))
	d1 = x.prende(s, "w", Ora().Add(time.Second))[0]
	x.Equal("d1", d1.ID)
	for _, blocca := range []storage.StatoEffetto{storage.EsitoIgnoto, storage.Fallito} {
		d1.Stato = blocca
		x.NoError(s.Aggiorna(x.ctx, d1))
		x.NotContains(nomi(x.prende(s, "w", Ora().Add(2*time.Second))), "d1", "an operator decides: %s", blocca)
		x.NotContains(nomi(x.prende(s, "w", Ora().Add(2*time.Second))), "d2", "%s blocks the lane", blocca)
		solo, err := s.Prenota(x.ctx, storage.Prenotazione{Titolare: "w", Ora: Ora().Add(time.Hour), Durata: time.Minute, Limite: 1, Solo: "d1"})
		x.NoError(err)
		x.Empty(solo)
		x.NoError(s.Sblocca(x.ctx, ente, "d1", nil))
		d1 = x.prende(s, "w", Ora().Add(2*time.Second))[0]
		x.Equal("d1", d1.ID)
	}
	d1.Stato, d1.Concluso = storage.Fatto, Ora()
	x.NoError(s.Aggiorna(x.ctx, d1))
	// What is caused later comes after.
	c := x.poi(p, "ancora")
	c.Ora, c.Effetti = Ora(), []storage.Effetto{effetto("d0", pratica.EffettoDocumento)}
	x.registra(s, c)
	for _, atteso := range []string{"d2", "d3", "d0"} {
		presi := x.prende(s, "w", Ora().Add(3*time.Second))
		x.Equal([]string{atteso}, nomi(presi))
		presi[0].Stato = storage.Fatto
		x.NoError(s.Aggiorna(x.ctx, presi[0]))
	}
}

func provaEscludiSolo(x *prova, s storage.Store) {
	x.apre(s, ente, 1, effetto("p1", pratica.EffettoProtocollo), effetto("d1", pratica.EffettoDocumento), effetto("v1", pratica.EffettoAvviso),
		storage.Effetto{ID: "g1", Genere: pratica.EffettoPagamento, Prossimo: Ora().Add(time.Hour)})
	base := storage.Prenotazione{Titolare: "w", Ora: Ora(), Durata: time.Minute, Limite: 100}
	prova := func(solo string, escludi ...pratica.GenereEffetto) []string {
		p := base
		p.Solo, p.Escludi = solo, escludi
		presi, err := s.Prenota(x.ctx, p)
		x.NoError(err)
		return nomi(presi)
	}
	x.Empty(prova("", pratica.EffettoProtocollo, pratica.EffettoAvviso), "what is paused blocks its lane")
	x.Empty(prova("d1"), "not the first of its lane")
	x.Empty(prova("manca"))
	x.Empty(prova("v1", pratica.EffettoAvviso))
	x.Equal([]string{"v1"}, prova("v1"))
	x.Empty(prova("v1"), "leased")
	x.Equal([]string{"g1"}, prova("g1"), "also before its time")
	x.Equal([]string{"p1"}, prova("", pratica.EffettoAvviso))
}

func provaGettone(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1, effetto("e", pratica.EffettoAvviso))
	vecchio := x.prende(s, "w1", Ora())[0]
	tardi := Ora().Add(2 * time.Minute)
	// Expired, but nobody took it: it still holds.
	vecchio.Stato, vecchio.Diario, vecchio.Scadenza = storage.InCorso, []byte(`{"passo":1}`), tardi
	x.NoError(s.Aggiorna(x.ctx, vecchio))
	x.Empty(x.prende(s, "w2", tardi.Add(-time.Nanosecond)), "extended")
	nuovo := x.prende(s, "w2", tardi)[0]
	x.Equal(`{"passo":1}`, string(nuovo.Diario), "the journal goes to whoever goes on")
	for _, e := range []storage.Effetto{vecchio, con(nuovo, "w1", nuovo.Gettone), con(nuovo, "w2", vecchio.Gettone), con(nuovo, "", nuovo.Gettone)} {
		for _, stato := range []storage.StatoEffetto{storage.Fatto, storage.DaFare, storage.InCorso, storage.EsitoIgnoto, storage.Fallito} {
			e.Stato, e.Diario = stato, []byte("mai")
			x.ErrorIs(s.Aggiorna(x.ctx, e), storage.ErrPrenotazione)
		}
		c := x.poi(p, "mai")
		c.Concluso = &e
		_, err := s.Registra(x.ctx, c)
		x.ErrorIs(err, storage.ErrPrenotazione)
	}
	// The same worker again is another lease.
	ancora := x.prende(s, "w2", tardi.Add(time.Hour))[0]
	nuovo.Stato = storage.Fatto
	x.ErrorIs(s.Aggiorna(x.ctx, nuovo), storage.ErrPrenotazione)
	ancora.Stato = storage.Fatto
	x.NoError(s.Aggiorna(x.ctx, ancora))
	x.ErrorIs(s.Aggiorna(x.ctx, ancora), storage.ErrPrenotazione, "it ended")
	x.uguali(s, p)
}

func con(e storage.Effetto, titolare string, gettone int64) storage.Effetto {
	e.Titolare, e.Gettone = titolare, gettone
	return e
}

func provaAggiorna(x *prova, s storage.Store) {
	x.apre(s, ente, 1, effetto("e", pratica.EffettoAvviso))
	e := x.prende(s, "w", Ora())[0]
	voluto := e
	// While it is leased only the journal and the end of the lease are written.
	falso := e
	falso.Diario, falso.Scadenza = []byte("1"), Ora().Add(time.Hour)
	falso.Prossimo, falso.UltimoErrore, falso.Tentativi, falso.Genere, falso.Pratica = Ora().Add(time.Hour), "x", 7, "x", "x"
	x.NoError(s.Aggiorna(x.ctx, falso))
	voluto.Diario, voluto.Scadenza = falso.Diario, falso.Scadenza
	v, err := s.Effetto(x.ctx, ente, "e")
	x.NoError(err)
	x.Equal(voluto, v)
	falso.Diario = []byte(strings.Repeat("x", storage.MassimoDiario+1))
	x.ErrorIs(s.Aggiorna(x.ctx, falso), storage.ErrTroppoGrande)
	falso.Diario, falso.Stato = []byte("x"), "boh"
	x.ErrorIs(s.Aggiorna(x.ctx, falso), storage.ErrNonValido)
	v, err = s.Effetto(x.ctx, ente, "e")
	x.NoError(err)
	x.Equal(voluto, v)
	// Then the rest, and the lease ends.
	falso.Stato, falso.Diario = storage.DaFare, []byte(strings.Repeat("x", storage.MassimoDiario))
	falso.Concluso = Ora()
	x.NoError(s.Aggiorna(x.ctx, falso))
	voluto.Stato, voluto.Diario, voluto.Prossimo, voluto.UltimoErrore = storage.DaFare, falso.Diario, falso.Prossimo, "x"
	voluto.Titolare, voluto.Scadenza = "", time.Time{}
	v, err = s.Effetto(x.ctx, ente, "e")
	x.NoError(err)
	x.Equal(voluto, v)
	e = x.prende(s, "w", Ora().Add(time.Hour))[0]
	e.Stato, e.Concluso, e.Diario = storage.Fatto, Ora().Add(time.Hour), nil
	x.NoError(s.Aggiorna(x.ctx, e))
	v, err = s.Effetto(x.ctx, ente, "e")
	x.NoError(err)
	x.Equal(storage.Fatto, v.Stato)
	x.Equal(Ora().Add(time.Hour), v.Concluso)
	x.Equal(2, v.Tentativi)
	x.Empty(v.Diario)
	x.Empty(x.prende(s, "w", Ora().Add(24*time.Hour)), "done is done")
}

func provaConcluso(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1, effetto("e1", pratica.EffettoDocumento), effetto("e2", pratica.EffettoDocumento))
	q := x.apre(s, ente, 2)
	e := x.prende(s, "w", Ora())[0]
	diAltra := x.poi(q, "di altra")
	diAltra.Concluso = &e
	_, err := s.Registra(x.ctx, diAltra)
	x.ErrorIs(err, storage.ErrPrenotazione, "an effect of another pratica")
	e.Diario = []byte(`{"fine":true}`)
	c := x.poi(p, "prodotto")
	c.Concluso, c.Chiave = &e, "k"
	x.registra(s, c)
	x.True(x.registra(s, c).Ripetuta)
	v, err := s.Effetto(x.ctx, ente, "e1")
	x.NoError(err)
	x.Equal(storage.Fatto, v.Stato)
	x.Equal(c.Ora, v.Concluso)
	x.Equal(`{"fine":true}`, string(v.Diario))
	x.Empty(v.Titolare)
	e = x.prende(s, "w", Ora())[0]
	x.Equal("e2", e.ID)
	e.Stato, e.Diario = storage.InCorso, []byte("1")
	x.NoError(s.Aggiorna(x.ctx, e))
	e.Diario = nil
	c = x.poi(c.Pratica, "ancora")
	c.Concluso = &e
	x.registra(s, c)
	v, err = s.Effetto(x.ctx, ente, "e2")
	x.NoError(err)
	x.Equal("1", string(v.Diario), "no journal keeps the one stored")
	e.Diario = []byte(strings.Repeat("x", storage.MassimoDiario+1))
	c = x.poi(c.Pratica, "troppo")
	c.Concluso = &e
	_, err = s.Registra(x.ctx, c)
	x.ErrorIs(err, storage.ErrTroppoGrande)
}

func provaSblocca(x *prova, s storage.Store) {
	x.apre(s, ente, 1, effetto("e1", pratica.EffettoAvviso), effetto("e2", pratica.EffettoDocumento))
	attenzione := func(quante int) {
		for _, f := range []storage.Filtro{{Ente: ente, Bozze: true}, {Ente: ente, Bozze: true, Attenzione: true}} {
			p, err := s.Cerca(x.ctx, f)
			x.NoError(err)
			n := 0
			for _, r := range p.Righe {
				if r.Attenzione {
					n++
				}
			}
			x.Equal(quante, n)
		}
	}
	x.ErrorIs(s.Sblocca(x.ctx, ente, "e1", nil), storage.ErrConflitto, "to be done")
	attenzione(0)
	gettoni := map[string]int64{}
	for i, stato := range []storage.StatoEffetto{storage.EsitoIgnoto, storage.Fallito} {
		e := x.prende(s, "w", Ora())[0]
		gettoni[e.ID] = e.Gettone
		x.ErrorIs(s.Sblocca(x.ctx, ente, e.ID, nil), storage.ErrConflitto, "leased")
		e.Stato, e.Diario, e.UltimoErrore, e.Prossimo = stato, []byte("1"), "permanente/x", Ora().Add(time.Hour)
		x.NoError(s.Aggiorna(x.ctx, e))
		x.Empty(nomi(x.prende(s, "altri", Ora().Add(-time.Hour))))
		attenzione(1)
		x.ErrorIs(s.Sblocca(x.ctx, ente, e.ID, []byte(strings.Repeat("x", storage.MassimoDiario+1))), storage.ErrTroppoGrande)
		var diario []byte
		if i == 1 {
			diario = []byte("2")
		}
		x.NoError(s.Sblocca(x.ctx, ente, e.ID, diario))
		attenzione(0)
		v, err := s.Effetto(x.ctx, ente, e.ID)
		x.NoError(err)
		e.Stato, e.Tentativi, e.Prossimo, e.Titolare, e.Scadenza = storage.DaFare, 0, time.Time{}, "", time.Time{}
		if diario != nil {
			e.Diario = diario
		}
		x.Equal(e, v)
		solo, err := s.Prenota(x.ctx, storage.Prenotazione{Titolare: "w", Ora: Ora(), Durata: time.Minute, Limite: 1, Solo: e.ID})
		x.NoError(err)
		x.Len(solo, 1)
		x.Greater(solo[0].Gettone, gettoni[e.ID], "the token never goes back")
		x.Equal(1, solo[0].Tentativi)
		solo[0].Stato = storage.Fatto
		x.NoError(s.Aggiorna(x.ctx, solo[0]))
		x.ErrorIs(s.Sblocca(x.ctx, ente, e.ID, nil), storage.ErrConflitto, "done")
		// The other one was leased with the first: let its lease end.
		for _, altro := range x.prende(s, "w", Ora().Add(time.Hour)) {
			altro.Stato, altro.Prossimo = storage.DaFare, Ora()
			x.NoError(s.Aggiorna(x.ctx, altro))
		}
	}
}
