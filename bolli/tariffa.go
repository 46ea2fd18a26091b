package bolli

import (
	"errors"
	"slices"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// ErrTariffa: the table has no amount for that act on that day.
var ErrTariffa = errors.New("bolli: importo non previsto per questo atto in questo giorno")

// Atto is the kind of act on which duty is due, as the Tariffa divides them.
type Atto string

const (
	// Istanza is a request to a public body aimed at an act or certificate:
	// €16, flat whatever its size if filed electronically (DPR 642/1972,
	// Tariffa parte I, art. 3, commi 1 e 1-bis).
	Istanza Atto = "istanza"
	// Provvedimento is an act, certificate or certified copy released on
	// request: €16, flat if released electronically (art. 4).
	Provvedimento Atto = "provvedimento"
	// Ricevuta is a receipt or invoice over €77.47 without IVA: €2 (art. 13).
	Ricevuta Atto = "ricevuta"
)

// Riga is one row of a Tariffa. Importo is in euro, per act filed or released
// electronically; on paper it is per foglio of four facciate (DPR 642/1972,
// art. 5), which the caller counts.
type Riga struct {
	Atto    Atto
	Importo decimal.Decimal
	Norma   Norma
	Incerta bool // not verified at the source
}

// Tariffa is a table of amounts. Of two rows that hold on the same day the
// later in the table wins, so an ente corrects the table by appending.
type Tariffa []Riga

// TariffaBase gives a copy of the table in the library.
func TariffaBase() Tariffa { return slices.Clone(tariffaBase) }

var tariffaBase = componiTariffa()

func componiTariffa() Tariffa {
	giorno := func(a int, g int) termini.Giorno { return termini.Giorno{Anno: a, Mese: 6, Giorno: g} }
	var t Tariffa
	for _, a := range []struct {
		atto Atto
		dove string
	}{
		{Istanza, "art. 3"},
		{Provvedimento, "art. 4"},
	} {
		dpr := "DPR 642/1972, Tariffa parte I, " + a.dove
		t = append(t,
			Riga{a.atto, decimal.New(1462, -2), Norma{dpr + " (DM 24/05/2005)", giorno(2005, 1), giorno(2013, 25)}, true},
			Riga{a.atto, decimal.New(1600, -2), Norma{dpr + " (DL 43/2013, art. 7-bis)", giorno(2013, 26), ultimoDPR642}, false},
			Riga{a.atto, decimal.New(1600, -2), Norma{"D.Lgs. 123/2025 (già " + dpr + ")", inizioDLgs123, termini.Giorno{}}, true},
		)
	}
	return append(t,
		Riga{Ricevuta, decimal.New(200, -2), Norma{"DPR 642/1972, Tariffa parte I, art. 13", giorno(2013, 26), ultimoDPR642}, false},
		Riga{Ricevuta, decimal.New(200, -2), Norma{"D.Lgs. 123/2025 (già DPR 642/1972, Tariffa parte I, art. 13)", inizioDLgs123, termini.Giorno{}}, true},
	)
}

// Importo gives the duty on an act on a day and the norm that says so, or
// ErrTariffa.
func (t Tariffa) Importo(atto Atto, giorno termini.Giorno) (decimal.Decimal, Norma, error) {
	for _, r := range slices.Backward(t) {
		if r.Atto == atto && !giorno.IsZero() && r.Norma.Vigente(giorno) {
			return r.Importo, r.Norma, nil
		}
	}
	return decimal.Decimal{}, Norma{}, ErrTariffa
}

// Importo gives the duty by the table in the library: €16.00 since 26 June 2013
// for Istanza and Provvedimento, €14.62 before.
func Importo(atto Atto, giorno termini.Giorno) (decimal.Decimal, Norma, error) {
	return tariffaBase.Importo(atto, giorno)
}
