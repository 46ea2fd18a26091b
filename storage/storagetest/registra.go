package storagetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage"
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
	// Names that cannot be there are not there; that is no failure of the store.
	for _, n := range []string{"", "\xff", "a\x00b", strings.Repeat("x", 10_000)} {
		for _, e := range []string{ente, n} {
			_, err := s.Carica(x.ctx, e, pratica.ID(n))
			x.ErrorIs(err, storage.ErrNonTrovata, "%.20q", n)
			_, err = s.Eventi(x.ctx, e, pratica.ID(n))
			x.ErrorIs(err, storage.ErrNonTrovata, "%.20q", n)
			_, err = s.Effetto(x.ctx, e, n)
			x.ErrorIs(err, storage.ErrNonTrovata, "%.20q", n)
			_, ok, err := s.Ripetuta(x.ctx, e, pratica.ID(n), n)
			x.NoError(err, "%.20q", n)
			x.False(ok)
			si, err := s.InUso(x.ctx, e, n)
			x.NoError(err, "%.20q", n)
			x.False(si)
		}
	}
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
	r, err := s.Riassumi(x.ctx, storage.Filtro{Ente: ente, Bozze: true}, "importo")
	x.NoError(err)
	x.Zero(r.Totale)
	x.Empty(r.PerStato)
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
		c.Campi = []storage.Campo{{Nome: v, Testo: v, Numero: numero("2.5"), Cercabile: true}, {Nome: "$.a[0]\"x", Testo: "due"}}
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
		x.Equal(map[string]string{v: v, "$.a[0]\"x": "due"}, p.Righe[0].Campi)
		trovate := 1
		if v == "\ufeff" { // neither white space nor a word
			trovate = 0
		}
		for _, f := range []storage.Filtro{{Nome: v[:min(len(v), 200)]}, {Testo: v[:min(len(v), 200)]}} {
			f.Ente, f.Bozze = v, true
			x.Len(x.cerca(s, f), trovate, "%q", v)
		}
		somme, err := s.Riassumi(x.ctx, storage.Filtro{Ente: v, Bozze: true}, v, "$.a[0]\"x")
		x.NoError(err)
		x.Equal(1, somme.Campi[v].Valori, "%q", v)
		x.True(somme.Campi[v].Totale.Equal(numero("2.5").Decimal))
		x.Zero(somme.Campi["$.a[0]\"x"].Valori)
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
	p := x.apre(s, ente, 1, effetto("e", pratica.EffettoAvviso))
	fatti := make([]pratica.Fatto, 50)
	for i := range fatti {
		fatti[i] = pratica.MessaggioScritto{ID: fmt.Sprint(i), Testo: strings.Repeat("lungo ", pratica.MassimoTesto/6)}
	}
	var oggetto strings.Builder
	for i := range 4000 { // more words than are kept
		fmt.Fprintf(&oggetto, "parola%d ", i)
	}
	fatti = append(fatti, pratica.RichiestaInviata{Numero: pratica.Numero{Anno: 2026, Progressivo: 1<<62 + 1}, Oggetto: oggetto.String()},
		pratica.DocumentoChiesto{ID: "istanza", Tipo: pratica.DocIstanza, Direzione: protocollo.Arrivo},
		pratica.DocumentoProtocollato{ID: "istanza", Registrazione: protocollo.Registrazione{Estremi: protocollo.Estremi{Ente: ente, Anno: 2026, Numero: "4711"}}})
	c, err := Poi(p, pratica.Inviata, Ora(), fatti...)
	x.NoError(err)
	for i := range storage.MassimoCampi {
		c.Campi = append(c.Campi, storage.Campo{Nome: fmt.Sprint(i) + strings.Repeat("n", 500), Testo: strings.Repeat("€", storage.MassimoCampo/3), Numero: numero(strings.Repeat("9", 30) + "e-15")})
	}
	e := x.prende(s, "w", Ora())[0]
	e.Diario = bytes.Repeat([]byte{0, 0xff, '"', '\\'}, storage.MassimoDiario/4)
	c.Concluso = &e
	x.registra(s, c)
	x.uguali(s, c.Pratica)
	v, err := s.Effetto(x.ctx, ente, "e")
	x.NoError(err)
	x.True(bytes.Equal(e.Diario, v.Diario))
	for _, f := range []storage.Filtro{{Protocollo: "4711"}, {Nome: "rossi"}, {Testo: "rssmra80a01h501u parola7"}, {Numero: c.Pratica.Numero}} {
		f.Ente = ente
		x.Equal([]pratica.ID{ID(1)}, x.cerca(s, f), "%+v", f)
	}
	pagina, err := s.Cerca(x.ctx, storage.Filtro{Ente: ente})
	x.NoError(err)
	x.Len(pagina.Righe[0].Campi, storage.MassimoCampi)
	r, err := s.Riassumi(x.ctx, storage.Filtro{Ente: ente}, c.Campi[3].Nome)
	x.NoError(err)
	x.True(r.Campi[c.Campi[3].Nome].Totale.Equal(c.Campi[3].Numero.Decimal))
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
