package storagetest

import (
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// provaIsolamento asks for all of one ente in the name of another, which has
// nothing at first and then the same ids, and lets the second do everything.
func provaIsolamento(x *prova, s storage.Store) {
	v := x.scena(s, ente)
	scheda := Scheda{Ente: ente, ID: ID(9), Servizio: "s", Stato: pratica.InCarico, Numero: pratica.Numero{Anno: 2026, Progressivo: 7}, Oggetto: "segreto", Nome: "Ugo", Cognome: "Segreti",
		CF: "SGRGUO80A01H501U", Anonimo: "aaaa", Ufficio: "u", Operatore: "op", Protocollo: "55", Campi: campi("segreto", "5"), File: []string{sha(3)}, Creata: Ora(), Presentata: Ora(), Cambio: Ora()}
	x.scheda(s, scheda)
	prima := v.veduta.di(x, s)
	x.assente(s, altro, &scheda)

	// The same ids in another ente are other things.
	w := x.scena(s, altro)
	x.Equal(prima, v.veduta.di(x, s))
	c := w.pieno(x, w.p)
	c.Concluso.Gettone += 100
	_, err := s.Registra(x.ctx, c)
	x.ErrorIs(err, storage.ErrPrenotazione)
	c = w.pieno(x, w.p)
	c.Oscurati = oscura(w.iter)
	x.registra(s, c)
	x.apre(s, altro, 9, effetto("g1", pratica.EffettoAvviso))
	guasto := x.prende(s, "w", Ora())
	x.Equal([]string{"g1"}, nomi(guasto))
	guasto[0].Stato = storage.Fallito // the list of the first must not ask for attention
	x.NoError(s.Aggiorna(x.ctx, guasto[0]))
	x.Equal(prima, v.veduta.di(x, s))
	x.NoError(s.Sblocca(x.ctx, altro, "e2", []byte("suo")))
	x.ErrorIs(s.Sblocca(x.ctx, altro, "e1", nil), storage.ErrConflitto)
	x.Equal(prima, v.veduta.di(x, s))
	solo, err := s.Prenota(x.ctx, storage.Prenotazione{Titolare: "w", Ora: Ora(), Durata: time.Minute, Limite: 10, Solo: "e2"})
	x.NoError(err)
	x.Equal([]string{"e2"}, nomi(solo))
	x.Equal(altro, solo[0].Ente, "the other one waits for its operator")
	solo[0].Stato, solo[0].UltimoErrore = storage.EsitoIgnoto, "suo"
	x.NoError(s.Aggiorna(x.ctx, solo[0]))
	x.Equal(prima, v.veduta.di(x, s))
	via := x.poi(c.Pratica, "via")
	via.Elimina = true
	x.registra(s, via)
	x.Equal(prima, v.veduta.di(x, s))
}

// assente looks, in an ente that has nothing, for what another one has.
func (x *prova) assente(s storage.Store, ente string, altrui *Scheda) {
	for _, id := range []pratica.ID{ID(1), ID(2), altrui.ID} {
		_, err := s.Carica(x.ctx, ente, id)
		x.ErrorIs(err, storage.ErrNonTrovata)
		_, err = s.Eventi(x.ctx, ente, id)
		x.ErrorIs(err, storage.ErrNonTrovata)
		e, err := s.Effetti(x.ctx, ente, id)
		x.NoError(err)
		x.Empty(e)
		_, ok, err := s.Ripetuta(x.ctx, ente, id, "k1")
		x.NoError(err)
		x.False(ok)
	}
	for _, id := range []string{"e1", "e2"} {
		_, err := s.Effetto(x.ctx, ente, id)
		x.ErrorIs(err, storage.ErrNonTrovata)
		x.ErrorIs(s.Sblocca(x.ctx, ente, id, nil), storage.ErrNonTrovata)
	}
	for _, f := range []storage.Filtro{
		{}, {Servizi: []string{altrui.Servizio}}, {Stati: []pratica.Stato{altrui.Stato}}, {Lavorazione: storage.Mie, Operatore: altrui.Operatore}, {Lavorazione: storage.NonAssegnate},
		{Ufficio: altrui.Ufficio}, {Richiedente: altrui.CF}, {Anonimo: altrui.Anonimo}, {Testo: altrui.Oggetto}, {Testo: "vecchia"}, {Nome: altrui.Nome}, {Protocollo: altrui.Protocollo},
		{Protocollo: altrui.Protocollo + "/2026"}, {Numero: altrui.Numero}, {Attenzione: true}, {ConDati: true}, {Ordine: storage.PerAggiornamento}, {Ordine: storage.PerAggiornamentoVecchie},
	} {
		f.Ente, f.Bozze = ente, true
		x.Empty(x.cerca(s, f), "%+v", f)
		r, err := s.Riassumi(x.ctx, f, "importo")
		x.NoError(err)
		x.Zero(r.Totale, "%+v", f)
		x.Empty(r.PerStato, "%+v", f)
		x.Zero(r.Campi["importo"].Valori, "%+v", f)
		x.False(r.Campi["importo"].Minimo.Valid)
	}
	for n := 1; n <= 3; n++ {
		si, err := s.InUso(x.ctx, ente, sha(n))
		x.NoError(err)
		x.False(si)
	}
	x.NoError(s.Lettura(x.ctx, ente, func(tx cassetto.Tx) error {
		_, err := tx.Leggi("t", "k")
		return atteso(err, cassetto.ErrAssente)
	}))
}

// provaAlias changes all that went in and came out.
func provaAlias(x *prova, s storage.Store) {
	c, err := Bozza(ente, ID(1), "occupazione-suolo", rossi(), Ora())
	x.NoError(err)
	c.Effetti, c.Chiave, c.Campi = []storage.Effetto{effetto("e", pratica.EffettoAvviso)}, "k", campi("mio", "1")
	attesa := c.Pratica.Copia()
	x.registra(s, c)
	c.Pratica.Servizio, c.Pratica.Versione, c.Eventi[0].Di.ID, c.Effetti[0].Riferimento = "cambiato", 9, "cambiato", "cambiato"
	c.Campi[0] = storage.Campo{Nome: "cambiato", Testo: "cambiato"}
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
	f := storage.Filtro{Ente: ente, Bozze: true, Servizi: []string{"occupazione-suolo"}}
	for range 2 {
		pagina, err := s.Cerca(x.ctx, f)
		x.NoError(err)
		x.Equal("occupazione-suolo", pagina.Righe[0].Servizio)
		x.Equal(map[string]string{"nota": "mio", "importo": "1 €"}, pagina.Righe[0].Campi)
		pagina.Righe[0].Servizio, pagina.Righe[0].Campi["nota"], pagina.Righe[0].Campi["altra"] = "cambiato", "cambiata", "x"
		r, err := s.Riassumi(x.ctx, f, "importo")
		x.NoError(err)
		x.Equal(map[pratica.Stato]int{pratica.Bozza: 1}, r.PerStato)
		x.Equal(1, r.Campi["importo"].Valori)
		r.PerStato[pratica.Bozza], r.Campi["importo"] = 9, storage.Somma{}
	}
}
