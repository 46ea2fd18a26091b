package pagamenti

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
)

// MassimoVoci bounds the accounting lines of one Dovuto.
const MassimoVoci = 100

// Quota is a share of an amount: the accounting line it goes to and its weight
// among the others. Weights need not sum to one or to a hundred.
type Quota struct {
	Capitolo, Ufficio, Accertamento, Causale string
	Peso                                     decimal.Decimal // > 0
}

// Ripartisci divides an amount among the quote, in their order, by the method
// of the largest remainder: the voci sum to the amount exactly and each is
// within one cent of its exact share. One exception: a voce that would be of
// zero gets one cent, taken from the largest, because no payment system carries
// a line of nothing. Equal remainders are settled in favour of the first.
//
// Fails with NonValido if the amount is no positive whole number of cents
// within ImportoMassimo, if there are no quote or more than MassimoVoci, fewer
// cents than quote, or a weight not above zero.
func Ripartisci(importo decimal.Decimal, quote []Quota) ([]Voce, error) {
	var p problemi
	centesimi, err := Centesimi(importo)
	if err != nil || centesimi == 0 {
		p.aggiungi("importo", "importo", "Indica un importo maggiore di zero, con due decimali al più.")
	}
	if len(quote) == 0 || len(quote) > MassimoVoci {
		p.aggiungi("quote", "numero", fmt.Sprintf("Indica da 1 a %d quote.", MassimoVoci))
		return nil, p.errore()
	}
	totale := decimal.Decimal{}
	for i, q := range quote {
		if !limitato(q.Peso) || !q.Peso.IsPositive() {
			p.aggiungi(fmt.Sprintf("quote[%d].peso", i), "peso", "Il peso di una quota deve essere maggiore di zero.")
			continue
		}
		totale = totale.Add(q.Peso)
	}
	if centesimi > 0 && centesimi < int64(len(quote)) {
		p.aggiungi("importo", "importo_piccolo", "L'importo non basta per dare almeno un centesimo a ogni quota.")
	}
	if err := p.errore(); err != nil {
		return nil, err
	}
	parti := maggiorResto(centesimi, quote, totale)
	voci := make([]Voce, len(quote))
	for i, q := range quote {
		voci[i] = Voce{q.Capitolo, q.Ufficio, q.Accertamento, q.Causale, DaCentesimi(parti[i])}
	}
	return voci, nil
}

// maggiorResto works on integers: with weights scaled to a common exponent,
// share and remainder are quotient and rest of centesimi×peso by the total.
func maggiorResto(centesimi int64, quote []Quota, totale decimal.Decimal) []int64 {
	esponente := totale.Exponent()
	for _, q := range quote {
		esponente = min(esponente, q.Peso.Exponent())
	}
	intero := func(d decimal.Decimal) *big.Int { return d.Shift(-esponente).BigInt() }
	divisore := intero(totale)
	parti := make([]int64, len(quote))
	resti := make([]*big.Int, len(quote))
	ordine := make([]int, len(quote))
	avanzo := centesimi
	for i, q := range quote {
		n := new(big.Int).Mul(big.NewInt(centesimi), intero(q.Peso))
		parte, resto := new(big.Int).QuoRem(n, divisore, new(big.Int))
		parti[i], resti[i], ordine[i] = parte.Int64(), resto, i
		avanzo -= parti[i]
	}
	slices.SortStableFunc(ordine, func(a, b int) int { return resti[b].Cmp(resti[a]) })
	for _, i := range ordine[:avanzo] {
		parti[i]++
	}
	for i := range parti {
		if parti[i] == 0 {
			parti[slices.Index(parti, slices.Max(parti))]--
			parti[i] = 1
		}
	}
	return parti
}
