package storagetest

import (
	"context"
	"runtime"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

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
		"riferimento":     func(c *storage.Commit) { c.Effetti = []storage.Effetto{{ID: "e", Genere: "g", Riferimento: lungo}} },
		"ente_non_utf8":   func(c *storage.Commit) { q := *c.Pratica; q.Ente = "a\xff"; c.Pratica = &q },
		"chiave_non_utf8": func(c *storage.Commit) { c.Chiave = "\xff" },
		"unico_non_utf8":  func(c *storage.Commit) { c.Unici = []storage.Unico{{Ambito: "a", Chiave: "\xff"}} },
		"libero":          func(c *storage.Commit) { c.Liberi = []storage.Unico{{Chiave: "x"}} },
		"libero_lungo":    func(c *storage.Commit) { c.Liberi = []storage.Unico{{Ambito: "a", Chiave: lungo}} },
		"libero_non_utf8": func(c *storage.Commit) { c.Liberi = []storage.Unico{{Ambito: "\xff", Chiave: "x"}} },
		"preso_e_libero": func(c *storage.Commit) {
			c.Unici = []storage.Unico{{Ambito: "a", Chiave: "1"}, {Ambito: "a", Chiave: "2"}}
			c.Liberi = []storage.Unico{{Ambito: "b", Chiave: "2"}, c.Unici[1]}
		},
		"campo_senza":  func(c *storage.Commit) { c.Campi = []storage.Campo{{Testo: "x"}} },
		"campo_nome":   func(c *storage.Commit) { c.Campi = []storage.Campo{{Nome: lungo}} },
		"campo_testo":  func(c *storage.Commit) { c.Campi = []storage.Campo{{Nome: "a", Testo: lungo}} },
		"campo_doppio": func(c *storage.Commit) { c.Campi = []storage.Campo{{Nome: "a"}, {Nome: "b"}, {Nome: "a"}} },
		"campo_cifre": func(c *storage.Commit) {
			c.Campi = []storage.Campo{{Nome: "a", Numero: numero("1234567890123456789012345678901")}}
		},
		"campo_esponente": func(c *storage.Commit) { c.Campi = []storage.Campo{{Nome: "a", Numero: numero("1e31")}} },
		"campo_piccolo":   func(c *storage.Commit) { c.Campi = []storage.Campo{{Nome: "a", Numero: numero("1e-31")}} },
		"campi": func(c *storage.Commit) {
			for i := range storage.MassimoCampi + 1 {
				c.Campi = append(c.Campi, storage.Campo{Nome: string(rune('A' + i))})
			}
		},
	} {
		c := x.poi(p, nome)
		guasta(&c)
		_, err := s.Registra(x.ctx, c)
		x.ErrorIs(err, storage.ErrNonValido, nome)
	}
	x.uguali(s, p)
	for _, v := range [][3]string{{"", "s", "p"}, {ente, "", "p"}, {ente, "s", ""}, {ente, lungo, "p"}, {ente, "\xff", "p"}} {
		_, err := s.Numera(x.ctx, v[0], v[1], 2026, pratica.ID(v[2]))
		x.ErrorIs(err, storage.ErrNonValido, "%q", v)
	}
}

func numero(s string) decimal.NullDecimal {
	return decimal.NewNullDecimal(decimal.RequireFromString(s))
}

// provaRispostaPersa breaks commits off at any moment: whether one was made is
// then unknown, and the same commit with the same key tells.
func provaRispostaPersa(x *prova, s storage.Store) {
	p := x.apre(s, ente, 1)
	for giro := range 40 {
		c := x.poi(p, "giro")
		c.Chiave, c.Effetti = string(ID(giro)), []storage.Effetto{effetto(string(ID(giro)), pratica.EffettoAvviso)}
		ctx, annulla := context.WithCancel(x.ctx)
		fatto := make(chan struct{})
		go func() {
			defer close(fatto)
			for range giro * giro {
				runtime.Gosched()
			}
			annulla()
		}()
		r, perso := s.Registra(ctx, c)
		<-fatto
		di, gia, err := s.Ripetuta(x.ctx, ente, ID(1), c.Chiave)
		x.NoError(err)
		ancora, err := s.Registra(x.ctx, c)
		x.NoError(err, "after %v", perso)
		x.Equal(gia, ancora.Ripetuta)
		if perso == nil {
			x.True(gia, "what was confirmed is there")
			x.Equal(r.Versione, di.Versione)
		}
		x.Equal(p.Versione+1, ancora.Versione)
		p = c.Pratica
	}
	x.uguali(s, p)
	e, err := s.Effetti(x.ctx, ente, ID(1))
	x.NoError(err)
	x.Len(e, 40, "what each caused, once")
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
		"Riassumi": func() error { _, err := s.Riassumi(ctx, storage.Filtro{Ente: ente}); return err },
		"InUso":    func() error { _, err := s.InUso(ctx, ente, sha(1)); return err },
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
