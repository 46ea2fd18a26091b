// Package pagamentitest helps to test what stands on pagamenti.Tramite, on both
// sides: Finto is a payment system that fails on demand, for those who use a
// Tramite; Verifica is the conformance kit, for those who write one.
//
// Only tests import it.
package pagamentitest

import (
	"time"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/pagamenti"
)

// Adesso is the present of a Finto that is given no clock: 15 January 2026,
// 10:00 UTC.
func Adesso() time.Time { return time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC) }

// Dovuto gives a debt that pagamenti.Dovuto.Verifica accepts: 51.65 euro in two
// voci, payable until 2099, owed by an invented person.
func Dovuto(ente, id string) pagamenti.Dovuto {
	return pagamenti.Dovuto{
		ID: id, Ente: ente, Causale: "Diritti di segreteria",
		Importo: decimal.New(5165, -2),
		Voci: []pagamenti.Voce{
			{Capitolo: "3100", Ufficio: "SUE", Accertamento: "2026/12", Causale: "Diritti", Importo: decimal.New(5000, -2)},
			{Capitolo: "3110", Causale: "Rimborso spese", Importo: decimal.New(165, -2)},
		},
		Scadenza:   time.Date(2099, 12, 31, 23, 0, 0, 0, time.UTC),
		Pagatore:   pagamenti.Pagatore{Tipo: pagamenti.PersonaFisica, CodiceFiscale: "VRDMRN92A12H501Z", Nome: "Marina Verdi"},
		RitornoURL: "https://portale.example/ritorno",
	}
}
