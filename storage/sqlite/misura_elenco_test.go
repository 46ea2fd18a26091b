package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
)

// righePoche is the size beside which lists of many pratiche are measured: the
// floor, because a page should cost what the page costs.
const righePoche = 10_000

type forma struct {
	nome    string
	f       storage.Filtro
	tabella bool // some condition is in no index: rows are read to test it
}

func ordini() []storage.Ordine {
	return []storage.Ordine{storage.PerPresentazione, storage.PerPresentazioneVecchie, storage.PerAggiornamento, storage.PerAggiornamentoVecchie}
}

// forme are the kinds of lists that a desk and an area of citizens ask for.
func forme() []forma {
	nonBozza := slices.DeleteFunc(pratica.Stati(), func(s pratica.Stato) bool { return s == pratica.Bozza })
	aperte := []pratica.Stato{pratica.InCarico, pratica.Protocollata, pratica.AttesaIntegrazione, pratica.Inviata, pratica.AttesaOsservazioni}
	var alcuni, molti []string
	for i := range servizi {
		if i%8 == 3 {
			alcuni = append(alcuni, idServizio(i))
		}
		molti = append(molti, idServizio(i))
	}
	rari := []string{idServizio(servizi - 1), idServizio(servizi - 2)}
	return []forma{
		{"tutte", storage.Filtro{}, false},
		{"bozze", storage.Filtro{Bozze: true}, false},
		{"servizi", storage.Filtro{Servizi: alcuni}, false},
		{"servizi_rari", storage.Filtro{Servizi: rari}, false},
		{"servizi_40", storage.Filtro{Servizi: molti}, false},
		{"stato", storage.Filtro{Stati: []pratica.Stato{pratica.InCarico}}, false},
		{"stato_raro", storage.Filtro{Stati: []pratica.Stato{pratica.IntegrazioneRichiesta}}, false},
		{"aperte", storage.Filtro{Stati: aperte}, false},
		{"scrivania", storage.Filtro{Servizi: alcuni, Stati: nonBozza, Bozze: true}, false},
		{"scrivania_40", storage.Filtro{Servizi: molti, Stati: nonBozza, Bozze: true}, false},
		{"scrivania_stato", storage.Filtro{Servizi: alcuni, Stati: []pratica.Stato{pratica.InCarico}, Bozze: true}, false},
		{"scrivania_stato_raro", storage.Filtro{Servizi: rari, Stati: []pratica.Stato{pratica.AttesaOsservazioni}, Bozze: true}, false},
		{"scrivania_40_aperte", storage.Filtro{Servizi: molti, Stati: aperte, Bozze: true}, false},
		{"mie", storage.Filtro{Servizi: alcuni, Stati: nonBozza, Bozze: true, Lavorazione: storage.Mie, Operatore: "operatore-7"}, false},
		{"mie_stato", storage.Filtro{Servizi: alcuni, Stati: []pratica.Stato{pratica.InCarico}, Bozze: true, Lavorazione: storage.Mie, Operatore: "operatore-7"}, false},
		{"libere", storage.Filtro{Servizi: alcuni, Stati: nonBozza, Bozze: true, Lavorazione: storage.NonAssegnate}, true},
		{"ufficio", storage.Filtro{Servizi: alcuni, Stati: nonBozza, Bozze: true, Ufficio: "ufficio-3"}, false},
		{"un_mese", storage.Filtro{Dal: inizioRighe().AddDate(1, 0, 0), Al: inizioRighe().AddDate(1, 1, 0)}, true},
		{"da_pagare", storage.Filtro{DovutoMin: decimal.NewNullDecimal(decimal.NewFromInt(50))}, true},
	}
}

func parole() []forma {
	var v []forma
	for _, x := range []string{"quintavalle", "rossi", "mario rossi", "g rossi", "occupazione", "mario occupazione", "via", "2024-", "rssmra", "mari", "roma 12", "zzz", "niccolo negri", "passo carrabile leopardi", "123456"} {
		v = append(v, forma{nome: x, f: storage.Filtro{Testo: x}})
	}
	return v
}

// caricate gives the stores of the measures.
func caricate(b *testing.B) (poche, molte *sqlite.Store) {
	b.Helper()
	quante, percorso := righe(b)
	return carica(b, filepath.Join(b.TempDir(), "poche.db"), righePoche), carica(b, percorso, quante)
}

// pagina gives a filter for the n-th page, or for the middle one of a list that
// is not so long.
func pagina(b *testing.B, s storage.Store, f storage.Filtro, n int) storage.Filtro {
	b.Helper()
	f.Ente, f.Limite = ente, 10
	cursori := []string{""}
	for len(cursori) < n {
		f.Cursore = cursori[len(cursori)-1]
		p, err := s.Cerca(context.Background(), f)
		require.NoError(b, err)
		if p.Seguente == "" {
			cursori = cursori[:(len(cursori)+1)/2]
			break
		}
		cursori = append(cursori, p.Seguente)
	}
	f.Cursore = cursori[len(cursori)-1]
	return f
}

func mediana(tempi []time.Duration) time.Duration {
	slices.Sort(tempi)
	return tempi[len(tempi)/2]
}

// confronta measures the same list on both stores, turn by turn.
func confronta(b *testing.B, poche, molte *sqlite.Store, f storage.Filtro, n int) {
	b.Helper()
	ctx := context.Background()
	filtri := []storage.Filtro{pagina(b, poche, f, n), pagina(b, molte, f, n)}
	tempi := make([][]time.Duration, 2)
	for i, s := range []*sqlite.Store{poche, molte} { // warm
		_, err := s.Cerca(ctx, filtri[i])
		require.NoError(b, err)
	}
	for b.Loop() {
		for i, s := range []*sqlite.Store{poche, molte} {
			inizio := time.Now()
			_, err := s.Cerca(ctx, filtri[i])
			tempi[i] = append(tempi[i], time.Since(inizio))
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	p, m := mediana(tempi[0]), mediana(tempi[1])
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(p.Microseconds()), "µs/10000")
	b.ReportMetric(float64(m.Microseconds()), "µs/tutte")
	b.ReportMetric(float64(m)/float64(p), "rapporto")
}

// BenchmarkElenco measures pages of ten rows of every kind of list, in every
// order, on PRATICHE_RIGHE pratiche and on 10,000: "rapporto" is how much more
// the many cost.
func BenchmarkElenco(b *testing.B) {
	poche, molte := caricate(b)
	for _, x := range forme() {
		for _, o := range ordini() {
			x.f.Ordine = o
			for _, n := range []int{1, 1000} {
				b.Run(fmt.Sprintf("%s/%s/pagina-%d", x.nome, nomeOrdine(o), n), func(b *testing.B) { confronta(b, poche, molte, x.f, n) })
			}
		}
	}
}

func nomeOrdine(o storage.Ordine) string {
	if o == storage.PerPresentazione {
		return "recenti"
	}
	return string(o)
}

// BenchmarkTesto does the same for searches of text, first page.
func BenchmarkTesto(b *testing.B) {
	poche, molte := caricate(b)
	for _, x := range parole() {
		for _, o := range []storage.Ordine{storage.PerPresentazione, storage.PerAggiornamento} {
			x.f.Ordine = o
			b.Run(x.nome+"/"+nomeOrdine(o), func(b *testing.B) { confronta(b, poche, molte, x.f, 1) })
		}
	}
}
