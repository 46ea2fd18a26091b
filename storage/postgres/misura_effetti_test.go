package postgres_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// BenchmarkCarica loads a pratica of 50 events; the floor selects one row by its
// key and decodes it.
func BenchmarkCarica(b *testing.B) {
	ctx := context.Background()
	schema := nuovoSchema(b)
	s := apri(b, postgres.Config{Schema: schema})
	c := comando(b, 1)
	_, err := s.Registra(ctx, c)
	require.NoError(b, err)
	p := c.Pratica
	for p.Versione < 50 {
		c := nota(b, p, fmt.Sprint(p.Versione))
		_, err := s.Registra(ctx, c)
		require.NoError(b, err)
		p = c.Pratica
	}
	conn := collega(b, schema)
	defer conn.Close(ctx)
	var tStore, tPavimento []time.Duration
	giro := func() (a, f time.Duration) {
		inizio := time.Now()
		_, err := s.Carica(ctx, ente, p.ID)
		a = time.Since(inizio)
		require.NoError(b, err)
		inizio = time.Now()
		var dati []byte
		err = conn.QueryRow(ctx, `SELECT dati FROM proiezioni WHERE ente = $1 AND id = $2`, ente, string(p.ID)).Scan(&dati)
		if err == nil {
			err = json.Unmarshal(dati, &pratica.Pratica{})
		}
		f = time.Since(inizio)
		require.NoError(b, err)
		return a, f
	}
	for range 50 {
		giro()
	}
	for b.Loop() {
		a, f := giro()
		tStore, tPavimento = append(tStore, a), append(tPavimento, f)
	}
	a, f := mediana(tStore), mediana(tPavimento)
	b.ReportMetric(float64(a.Microseconds()), "µs/pratica")
	b.ReportMetric(float64(f.Microseconds()), "µs/pavimento")
	b.ReportMetric(float64(a)/float64(f), "rapporto")
}

// BenchmarkEffetti carries out effects with 8 workers, that lease a few at a
// time as sportello does and have nothing to do outside nor to decide: with the
// outcome committed (the pratica is loaded, then Registra with Concluso), or only
// the end written (Aggiorna). The floor is the rate at which 8 workers commit.
func BenchmarkEffetti(b *testing.B) {
	ctx := context.Background()
	const lavoratori, quanti = 8, 512
	type lavoro struct {
		s     *postgres.Store
		esiti map[pratica.ID]storage.Commit // of each pratica, but for Concluso
	}
	for nome, compie := range map[string]func(*lavoro, storage.Effetto) error{
		"registra": func(l *lavoro, e storage.Effetto) error {
			if _, err := l.s.Carica(ctx, e.Ente, e.Pratica); err != nil {
				return err
			}
			c := l.esiti[e.Pratica]
			c.Concluso = &e
			_, err := l.s.Registra(ctx, c)
			return err
		},
		"aggiorna": func(l *lavoro, e storage.Effetto) error {
			e.Stato, e.Concluso = storage.Fatto, storagetest.Ora()
			return l.s.Aggiorna(ctx, e)
		},
	} {
		b.Run(nome, func(b *testing.B) {
			l := &lavoro{s: apri(b, postgres.Config{Connessioni: lavoratori}), esiti: map[pratica.ID]storage.Commit{}}
			n := 0
			var tEffetti, tCommit []time.Duration
			giro := func() (effetti, commit time.Duration) {
				c := make([]storage.Commit, quanti)
				for i := range c {
					n++
					c[i] = comando(b, n)
					c[i].Effetti = c[i].Effetti[:1]
					esito, err := storagetest.Poi(c[i].Pratica, c[i].Pratica.Stato, storagetest.Ora(), pratica.NotaScritta{ID: "esito", Testo: "fatto"})
					require.NoError(b, err)
					l.esiti[c[i].Pratica.ID] = esito
				}
				commit = insieme(b, lavoratori, quanti, func(i int) error { _, err := l.s.Registra(ctx, c[i]); return err })
				var fatti atomic.Int64
				var gruppo sync.WaitGroup
				inizio := time.Now()
				for w := range lavoratori {
					gruppo.Go(func() {
						for fatti.Load() < quanti {
							presi, err := l.s.Prenota(ctx, storage.Prenotazione{Titolare: fmt.Sprint("w", w), Ora: storagetest.Ora().AddDate(1, 0, 0), Durata: time.Hour, Limite: 8})
							if err != nil {
								b.Error(err)
								return
							}
							for _, e := range presi {
								if err := compie(l, e); err != nil {
									b.Error(err)
								}
								fatti.Add(1)
							}
						}
					})
				}
				gruppo.Wait()
				return time.Since(inizio), commit
			}
			giro()
			for b.Loop() {
				e, c := giro()
				tEffetti, tCommit = append(tEffetti, e), append(tCommit, c)
			}
			a, f := mediana(tEffetti), mediana(tCommit)
			b.ReportMetric(quanti/a.Seconds(), "effetti/s")
			b.ReportMetric(quanti/f.Seconds(), "commit/s")
			b.ReportMetric(float64(f)/float64(a), "rapporto")
		})
	}
}

// insieme has workers do quante things, and says how long it took.
func insieme(b *testing.B, lavoratori, quante int, fn func(i int) error) time.Duration {
	b.Helper()
	var prossima atomic.Int64
	var gruppo sync.WaitGroup
	inizio := time.Now()
	for range lavoratori {
		gruppo.Go(func() {
			for i := int(prossima.Add(1)) - 1; i < quante; i = int(prossima.Add(1)) - 1 {
				if err := fn(i); err != nil {
					b.Error(err)
				}
			}
		})
	}
	gruppo.Wait()
	return time.Since(inizio)
}

// BenchmarkPrenotaAVuoto asks where nothing is due, among many effects that are
// done, wait for their time, or are held up by one that waits for somebody.
func BenchmarkPrenotaAVuoto(b *testing.B) {
	ctx := context.Background()
	schema := nuovoSchema(b)
	s := apri(b, postgres.Config{Schema: schema})
	conn := collega(b, schema)
	defer conn.Close(ctx)
	n := quanteRighe(b)
	_, err := conn.Exec(ctx, `INSERT INTO effetti (ente, id, pratica, ordine, genere, riferimento, corsia, in_testa, causato, prossimo, stato)
		SELECT 'c_h501', p || '/' || o, p::text, o, 'avviso', '', 'avvisi', p % 4 > 0 AND o = 1, 0, CASE p % 4 WHEN 1 THEN 4e18 ELSE 0 END::bigint,
			CASE WHEN p % 4 = 0 THEN 'fatto' WHEN p % 4 = 2 AND o = 1 THEN 'fallito' WHEN p % 4 = 3 AND o = 1 THEN 'esito_ignoto' ELSE 'da_fare' END
		FROM generate_series(1, $1::int) p, generate_series(1, 3) o`, pgx.QueryExecModeExec, n)
	require.NoError(b, err)
	_, err = conn.Exec(ctx, `VACUUM (ANALYZE) effetti`)
	require.NoError(b, err)
	for _, escludi := range [][]pratica.GenereEffetto{nil, {pratica.EffettoDocumento}} {
		b.Run(fmt.Sprintf("senza_%d", len(escludi)), func(b *testing.B) {
			for b.Loop() {
				presi, err := s.Prenota(ctx, storage.Prenotazione{Titolare: "w", Ora: storagetest.Ora(), Durata: time.Minute, Limite: 10, Escludi: escludi})
				if err != nil || len(presi) > 0 {
					b.Fatal(err, len(presi))
				}
			}
		})
	}
}
