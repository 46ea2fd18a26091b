package postgres_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// Benchmarks stand next to their floor (pavimento): the same rows written or
// read by hand. The two take turns in one run, and "rapporto" is the ratio of
// their medians or rates: machines differ, it does not.

// comando gives the commit that makes the n-th pratica: 4 events, 2 effects, a key.
func comando(t testing.TB, n int) storage.Commit {
	c, err := storagetest.Scheda{Ente: ente, ID: storagetest.ID(n), Servizio: "suolo", Stato: pratica.InCarico, Nome: "Mario", Cognome: "Rossi",
		CF: "RSSMRA80A01H501U", Oggetto: "Occupazione suolo", Operatore: "op1", Ufficio: "u1",
		Creata: storagetest.Ora(), Presentata: storagetest.Ora(), Cambio: storagetest.Ora().Add(time.Duration(n) * time.Second)}.Commit()
	require.NoError(t, err)
	c.Chiave = "k"
	c.Effetti = []storage.Effetto{{ID: fmt.Sprint("a", n), Genere: pratica.EffettoAvviso}, {ID: fmt.Sprint("b", n), Genere: pratica.EffettoDocumento}}
	return c
}

// BenchmarkRegistra commits by 1, 8 and 32 workers.
func BenchmarkRegistra(b *testing.B) {
	for _, lavoratori := range []int{1, 8, 32} {
		b.Run(fmt.Sprint(lavoratori), func(b *testing.B) {
			ctx := context.Background()
			s := apri(b, postgres.Config{Connessioni: lavoratori})
			p := nuovoPavimento(b, lavoratori)
			var n atomic.Int64
			giro := func(quanti int, fn func(storage.Commit) error) time.Duration {
				commit := make([]storage.Commit, quanti)
				for i := range commit {
					commit[i] = comando(b, int(n.Add(1)))
				}
				return insieme(b, lavoratori, quanti, func(i int) error { return fn(commit[i]) })
			}
			nostro := func(c storage.Commit) error { _, err := s.Registra(ctx, c); return err }
			var tStore, tPavimento []time.Duration
			const quanti = 512
			giro(quanti, nostro) // connections and plans
			giro(quanti, p.registra)
			for b.Loop() {
				tStore = append(tStore, giro(quanti, nostro))
				tPavimento = append(tPavimento, giro(quanti, p.registra))
			}
			a, f := mediana(tStore), mediana(tPavimento)
			b.ReportMetric(quanti/a.Seconds(), "commit/s")
			b.ReportMetric(quanti/f.Seconds(), "pavimento/s")
			b.ReportMetric(float64(f)/float64(a), "rapporto")
		})
	}
}

func mediana(d []time.Duration) time.Duration {
	d = slices.Clone(d)
	slices.Sort(d)
	return d[len(d)/2]
}

// pavimento writes the rows of a commit and nothing else, as one batch in one
// round trip: no checks, no key looked up.
type pavimento struct{ pool *pgxpool.Pool }

func nuovoPavimento(b testing.TB, connessioni int) *pavimento {
	b.Helper()
	schema := nuovoSchema(b)
	apri(b, postgres.Config{Schema: schema})
	c, err := pgxpool.ParseConfig(dsn(b))
	require.NoError(b, err)
	c.MaxConns = int32(connessioni)
	c.ConnConfig.RuntimeParams["search_path"] = schema
	pool, err := pgxpool.NewWithConfig(context.Background(), c)
	require.NoError(b, err)
	b.Cleanup(pool.Close)
	return &pavimento{pool}
}

func (f *pavimento) registra(c storage.Commit) error {
	p := c.Pratica
	dati, err := json.Marshal(p)
	if err != nil {
		return err
	}
	r := proiezione.Riga(p, nil, false)
	lessemi := proiezione.Lessemi(p.Ente, &r, nil)
	t := proiezione.Istante
	b := &pgx.Batch{}
	b.Queue(`INSERT INTO pratiche VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, false, NULL, NULL)`,
		p.Ente, string(p.ID), p.Versione, p.Servizio, string(p.Stato), false, false, false, p.Numero.Anno, p.Numero.Progressivo, r.Oggetto, r.Richiedente, r.CodiceFiscale, "",
		r.Ufficio, r.Operatore, r.Protocollo, t(r.Creata), t(r.PresentataIl), t(r.PresentataIl), t(r.CambioStato), t(r.Aggiornata), int64(0))
	b.Queue(`INSERT INTO proiezioni VALUES ($1, $2, $3)`, p.Ente, string(p.ID), dati)
	b.Queue(`INSERT INTO ricerca VALUES ($1, $2, $3, $4, array_to_tsvector($5::text[]))`, p.Ente, string(p.ID), p.Servizio, t(r.PresentataIl), lessemi)
	for i := range c.Eventi {
		e, err := json.Marshal(c.Eventi[i])
		if err != nil {
			return err
		}
		b.Queue(`INSERT INTO eventi VALUES ($1, $2, $3, $4)`, p.Ente, string(p.ID), i+1, e)
	}
	for i, e := range c.Effetti {
		b.Queue(`INSERT INTO effetti (ente, id, pratica, ordine, genere, riferimento, corsia, in_testa, causato, prossimo) VALUES ($1, $2, $3, $4, $5, '', $6, true, $7, $7)`,
			p.Ente, e.ID, string(p.ID), i+1, string(e.Genere), e.Genere.Corsia(), t(c.Ora))
	}
	b.Queue(`INSERT INTO chiavi VALUES ($1, $2, $3, $4, $5)`, p.Ente, string(p.ID), c.Chiave, p.Versione, string(p.Stato))
	return f.pool.SendBatch(context.Background(), b).Close()
}
