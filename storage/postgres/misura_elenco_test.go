package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/postgres"
)

// elenchi are the lists that are measured, of 10 rows.
func elenchi() []struct {
	nome string
	f    storage.Filtro
} {
	quasiTutti := func() []pratica.Stato {
		var s []pratica.Stato
		for _, x := range pratica.Stati() {
			if x != pratica.Bozza {
				s = append(s, x)
			}
		}
		return s
	}()
	molti := func(n int) []string {
		s := make([]string, n)
		for i := range s {
			s[i] = fmt.Sprint("servizio-", i*servizi/n)
		}
		return s
	}
	return []struct {
		nome string
		f    storage.Filtro
	}{
		{"tutte", storage.Filtro{}},
		{"vecchie", storage.Filtro{Ordine: storage.PerPresentazioneVecchie}},
		{"aggiornate", storage.Filtro{Ordine: storage.PerAggiornamento}},
		{"con_bozze", storage.Filtro{Bozze: true}},
		{"servizio_raro", storage.Filtro{Servizi: []string{"servizio-39"}}},
		{"servizi_3_rari", storage.Filtro{Servizi: []string{"servizio-39", "servizio-38", "servizio-35"}}},
		{"servizi_10", storage.Filtro{Servizi: molti(10)}},
		{"scrivania_30", storage.Filtro{Servizi: molti(30), Stati: quasiTutti, Bozze: true}},
		{"stato_raro", storage.Filtro{Stati: []pratica.Stato{pratica.IntegrazioneRichiesta}}},
		{"stato_raro_vecchie", storage.Filtro{Stati: []pratica.Stato{pratica.IntegrazioneRichiesta}, Ordine: storage.PerAggiornamentoVecchie}},
		{"stato_comune", storage.Filtro{Stati: []pratica.Stato{pratica.Accettata}}},
		{"stato_e_servizi", storage.Filtro{Stati: []pratica.Stato{pratica.Protocollata}, Servizi: molti(10), Bozze: true}},
		{"mie", storage.Filtro{Lavorazione: storage.Mie, Operatore: "operatore-3", Servizi: molti(10), Stati: quasiTutti, Bozze: true}},
		{"mie_aggiornate", storage.Filtro{Lavorazione: storage.Mie, Operatore: "operatore-44", Ordine: storage.PerAggiornamentoVecchie}},
		{"libere", storage.Filtro{Lavorazione: storage.NonAssegnate, Servizi: molti(10), Stati: quasiTutti, Bozze: true}},
		{"ufficio", storage.Filtro{Ufficio: "ufficio-4", Servizi: molti(10)}},
		{"attenzione", storage.Filtro{Attenzione: true, Bozze: true}},
		{"da_pagare", storage.Filtro{DovutoMin: decimal.NewNullDecimal(decimal.New(1, -2)), Bozze: true, Stati: quasiTutti}},
		{"periodo", storage.Filtro{Dal: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), Al: time.Date(2024, 3, 8, 0, 0, 0, 0, time.UTC)}},
	}
}

// BenchmarkElenco reads the first page and the 1000th (or the last) of each
// list, on 10,000 pratiche and on many more: "rapporto" is how much longer the
// many take.
func BenchmarkElenco(b *testing.B) {
	pochi, molti := carica(b, 10_000), carica(b, quanteRighe(b))
	for _, x := range elenchi() {
		x.f.Ente, x.f.Limite = ente, 10
		b.Run(x.nome+"/prima", func(b *testing.B) { confronta(b, pochi, molti, x.f, x.f) })
		b.Run(x.nome+"/millesima", func(b *testing.B) { confronta(b, pochi, molti, millesima(b, pochi, x.f), millesima(b, molti, x.f)) })
	}
}

// millesima gives the filter of the 1000th page, or of the last one.
func millesima(b *testing.B, s *postgres.Store, f storage.Filtro) storage.Filtro {
	b.Helper()
	f.Limite = 200
	for range 10_000/200 - 1 {
		p, err := s.Cerca(context.Background(), f)
		require.NoError(b, err)
		if p.Seguente == "" {
			break
		}
		f.Cursore = p.Seguente
	}
	f.Limite = 10
	return f
}

func confronta(b *testing.B, pochi, molti *postgres.Store, fPochi, fMolti storage.Filtro) {
	b.Helper()
	var tPochi, tMolti []time.Duration
	cerca := func(s *postgres.Store, f storage.Filtro) time.Duration {
		inizio := time.Now()
		_, err := s.Cerca(context.Background(), f)
		d := time.Since(inizio)
		require.NoError(b, err)
		return d
	}
	for range 20 { // connections and plans
		cerca(pochi, fPochi)
		cerca(molti, fMolti)
	}
	for b.Loop() {
		tPochi, tMolti = append(tPochi, cerca(pochi, fPochi)), append(tMolti, cerca(molti, fMolti))
	}
	a, c := mediana(tPochi), mediana(tMolti)
	b.ReportMetric(float64(a.Microseconds()), "µs/10000")
	b.ReportMetric(float64(c.Microseconds()), "µs/molti")
	b.ReportMetric(float64(c)/float64(a), "rapporto")
}

// BenchmarkTesto searches words of every frequency.
func BenchmarkTesto(b *testing.B) {
	pochi, molti := carica(b, 10_000), carica(b, quanteRighe(b))
	for _, x := range []struct {
		nome string
		f    storage.Filtro
	}{
		{"persona", storage.Filtro{Testo: "quintavalle mariangela"}},
		{"cognome_raro", storage.Filtro{Testo: "quintavalle"}},
		{"cognome_comune", storage.Filtro{Testo: "rossi"}},
		{"nome", storage.Filtro{Nome: "bevilacqua niccolò"}},
		{"via", storage.Filtro{Testo: "via roma"}},
		{"una_lettera", storage.Filtro{Testo: "r"}},
		{"inizio", storage.Filtro{Testo: "ross mar"}},
		{"protocollo", storage.Filtro{Protocollo: "7777"}},
		{"niente", storage.Filtro{Testo: "inesistente"}},
		{"per_aggiornamento", storage.Filtro{Testo: "fontana", Ordine: storage.PerAggiornamento}},
		{"servizi", storage.Filtro{Testo: "rossi", Servizi: []string{"servizio-39", "servizio-38", "servizio-30"}, Bozze: true}},
		{"stato", storage.Filtro{Testo: "marino", Stati: []pratica.Stato{pratica.IntegrazioneRichiesta}}},
		{"mie", storage.Filtro{Testo: "rossi", Lavorazione: storage.Mie, Operatore: "operatore-44"}},
	} {
		x.f.Ente, x.f.Limite = ente, 10
		b.Run(x.nome, func(b *testing.B) { confronta(b, pochi, molti, x.f, x.f) })
	}
}

// BenchmarkRiassumi counts all pratiche by state and adds up a field; the floor
// is one pass over the table, by hand.
func BenchmarkRiassumi(b *testing.B) {
	ctx := context.Background()
	s := carica(b, quanteRighe(b))
	var conta, somma, pavimento []time.Duration
	misura := func(d *[]time.Duration, fn func() error) {
		inizio := time.Now()
		err := fn()
		*d = append(*d, time.Since(inizio))
		require.NoError(b, err)
	}
	for b.Loop() {
		misura(&conta, func() error { _, err := s.Riassumi(ctx, storage.Filtro{Ente: ente, Bozze: true}); return err })
		misura(&somma, func() error { _, err := s.Riassumi(ctx, storage.Filtro{Ente: ente, Bozze: true}, "metri"); return err })
		misura(&pavimento, func() error {
			return s.Con(ctx, func(ctx context.Context, c *pgxpool.Conn) error {
				var n int
				return c.QueryRow(ctx, `SELECT count(campi) FROM pratiche WHERE ente = $1`, pgx.QueryExecModeExec, ente).Scan(&n)
			})
		})
	}
	a, c, f := mediana(conta), mediana(somma), mediana(pavimento)
	b.ReportMetric(float64(a.Milliseconds()), "ms/conta")
	b.ReportMetric(float64(c.Milliseconds()), "ms/somma")
	b.ReportMetric(float64(f.Milliseconds()), "ms/pavimento")
	b.ReportMetric(float64(a)/float64(f), "rapporto")
}
