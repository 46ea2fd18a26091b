package storagetest

import (
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// conto adds up by hand.
type conto struct {
	totale   int
	perStato map[pratica.Stato]int
	importi  []*big.Rat
}

func (c *conto) aggiungi(v *Scheda) {
	if c.perStato == nil {
		c.perStato = map[pratica.Stato]int{}
	}
	c.totale++
	c.perStato[v.Stato]++
	for _, k := range v.Campi {
		if k.Nome == "importo" && k.Numero.Valid {
			c.importi = append(c.importi, k.Numero.Decimal.Rat())
		}
	}
}

// riassunto compares with what Riassumi says of the field "importo".
func (x *prova) riassunto(s storage.Store, f storage.Filtro, c *conto) {
	r, err := s.Riassumi(x.ctx, f, "importo", "via", "manca")
	x.NoError(err)
	x.Equal(c.totale, r.Totale, "%+v", f)
	if c.totale > 0 {
		x.Equal(c.perStato, r.PerStato, "%+v", f)
	} else {
		x.Empty(r.PerStato)
	}
	x.Len(r.Campi, 3, "each field that was asked for")
	for _, nome := range []string{"via", "manca"} {
		x.somma(nil, r.Campi[nome], nome)
	}
	x.somma(c.importi, r.Campi["importo"], "importo")
}

func (x *prova) somma(valori []*big.Rat, avuta storage.Somma, nome string) {
	x.Equal(len(valori), avuta.Valori, nome)
	x.Equal(len(valori) > 0, avuta.Minimo.Valid, "%s: least", nome)
	x.Equal(len(valori) > 0, avuta.Massimo.Valid, "%s: greatest", nome)
	totale := new(big.Rat)
	for _, v := range valori {
		totale.Add(totale, v)
	}
	x.Zero(totale.Cmp(avuta.Totale.Rat()), "%s: %s instead of %s", nome, avuta.Totale, totale.FloatString(20))
	if len(valori) > 0 {
		x.Zero(slices.MinFunc(valori, (*big.Rat).Cmp).Cmp(avuta.Minimo.Decimal.Rat()), "%s: least", nome)
		x.Zero(slices.MaxFunc(valori, (*big.Rat).Cmp).Cmp(avuta.Massimo.Decimal.Rat()), "%s: greatest", nome)
	}
}

// provaRiassunto adds up what floats and columns of few digits get wrong, and
// follows the fields from commit to commit.
func provaRiassunto(x *prova, s storage.Store) {
	var c conto
	metti := func(e string, n int, stato pratica.Stato, v ...string) *pratica.Pratica {
		k := Scheda{Ente: e, ID: ID(n), Servizio: "s", Stato: stato, Creata: Ora(), Cambio: Ora()}
		if stato != pratica.Bozza {
			k.Presentata = Ora()
		}
		for _, d := range decimali(v...) {
			k.Campi = append(k.Campi, storage.Campo{Nome: "importo", Testo: "importo", Numero: decimal.NewNullDecimal(d)})
		}
		if e == ente {
			c.aggiungi(&k)
		}
		return x.scheda(s, k)
	}
	estremo := strings.Repeat("9", 30)
	for i, v := range []string{"0.1", "0.2", "0.7", "-0.4", "9007199254740993", "-9007199254740992", "0.000000000000000000000000000001", estremo, estremo, "-" + estremo, "1e30", "0"} {
		metti(ente, i+1, []pratica.Stato{pratica.Inviata, pratica.InCarico, pratica.Bozza}[i%3], v)
	}
	p := metti(ente, 20, pratica.Inviata)
	metti(altro, 1, pratica.Inviata, "1000")
	metti(altro, 21, pratica.Inviata, "1000")
	f := storage.Filtro{Ente: ente, Bozze: true, Limite: -7, Ordine: "boh", Cursore: "boh"}
	x.riassunto(s, f, &c)
	r, err := s.Riassumi(x.ctx, storage.Filtro{Ente: ente})
	x.NoError(err)
	x.Equal(9, r.Totale, "without the drafts")
	x.Zero(r.PerStato[pratica.Bozza])
	x.Empty(r.Campi)

	// The fields of the last commit count, and none where it brings none.
	n := x.poi(p, "con")
	n.Campi = campi("testo", "5.05")
	x.registra(s, n)
	c.importi = append(c.importi, big.NewRat(505, 100))
	x.riassunto(s, f, &c)
	cambia := x.poi(n.Pratica, "cambia")
	cambia.Campi = campi("testo", "-7.50")
	x.registra(s, cambia)
	c.importi[len(c.importi)-1] = big.NewRat(-750, 100)
	x.riassunto(s, f, &c)
	senza := x.poi(cambia.Pratica, "senza")
	x.registra(s, senza)
	c.importi = c.importi[:len(c.importi)-1]
	x.riassunto(s, f, &c)
	via := x.poi(senza.Pratica, "via")
	via.Elimina = true
	x.registra(s, via)
	c.totale--
	c.perStato[pratica.Inviata]--
	x.riassunto(s, f, &c)
}
