package postgres_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// bozza commits a draft and gives it.
func bozza(t testing.TB, s storage.Store, n int, effetti ...storage.Effetto) *pratica.Pratica {
	t.Helper()
	c, err := storagetest.Scheda{Ente: ente, ID: storagetest.ID(n), Servizio: "s", Stato: pratica.Bozza, Creata: storagetest.Ora(), Cambio: storagetest.Ora()}.Commit()
	require.NoError(t, err)
	c.Effetti = effetti
	_, err = s.Registra(context.Background(), c)
	require.NoError(t, err)
	return c.Pratica
}

// nota gives the commit of a note on p.
func nota(t testing.TB, p *pratica.Pratica, chiave string) storage.Commit {
	t.Helper()
	c, err := storagetest.Poi(p, p.Stato, storagetest.Ora().Add(time.Minute), pratica.NotaScritta{ID: chiave, Testo: chiave})
	require.NoError(t, err)
	c.Chiave = chiave
	return c
}

// TestUnSoloViaggio counts what passes over the wire in a commit that has
// everything, with the connection just made.
func TestUnSoloViaggio(t *testing.T) {
	t.Parallel()
	p, via := nuovoPonte(t)
	s := apri(t, postgres.Config{Connessione: via, Connessioni: 1})
	v := bozza(t, s, 1)
	c := nota(t, v, "k")
	c.Unici = []storage.Unico{{Ambito: "b", Chiave: "2"}, {Ambito: "a", Chiave: "1"}}
	c.Campi = []storage.Campo{{Nome: "metri", Testo: "3", Cercabile: true}}
	p.taglia(nil)
	_, err := s.Registra(context.Background(), c)
	require.NoError(t, err)
	soloUno := func() {
		t.Helper()
		var viaggi, sync int
		ultimo := daServer
		for _, m := range p.passati() {
			if m.verso == alServer && ultimo == daServer {
				viaggi++
			}
			if m.verso == alServer && m.tipo == 'S' {
				sync++
			}
			ultimo = m.verso
		}
		require.Equal(t, 1, viaggi, "%c", p.passati())
		require.Equal(t, 1, sync, "one transaction")
	}
	soloUno()
	p.taglia(nil)
	_, err = s.Registra(context.Background(), c) // the key is there
	require.NoError(t, err)
	soloUno()
	p.taglia(nil)
	_, err = s.Registra(context.Background(), nota(t, v, "altra"))
	require.ErrorIs(t, err, storage.ErrConflitto)
	soloUno()
	libera := nota(t, c.Pratica, "libera")
	libera.Unici, libera.Liberi = []storage.Unico{{Ambito: "a", Chiave: "3"}}, c.Unici
	p.taglia(nil)
	_, err = s.Registra(context.Background(), libera)
	require.NoError(t, err)
	soloUno()
}

// TestTagli breaks the connection at each message of a commit, before and after
// it passed, and repeats the commit with the same key. Without effects: of those
// the Store would tell others, over the same connection.
func TestTagli(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p, via := nuovoPonte(t)
	schema := nuovoSchema(t)
	s := apri(t, postgres.Config{Connessione: via, Schema: schema, Connessioni: 1})
	fuori := apri(t, postgres.Config{Schema: schema, Connessioni: 1})
	v := bozza(t, s, 1)
	prova := nota(t, v, "prova")
	p.taglia(nil)
	_, err := s.Registra(ctx, prova)
	require.NoError(t, err)
	quanti := map[verso]int{}
	for _, m := range p.passati() {
		quanti[m.verso]++
	}
	require.Greater(t, quanti[alServer], 2)
	require.Greater(t, quanti[daServer], 3)
	v = prova.Pratica
	preso := storage.Unico{Ambito: "a", Chiave: "mai preso"}
	for _, verso := range []verso{alServer, daServer} {
		for n := 1; n <= quanti[verso]; n++ {
			for _, dopo := range []bool{false, true} {
				caso := fmt.Sprintf("%c%d dopo=%v", verso, n, dopo)
				c := nota(t, v, caso)
				c.Unici, c.Liberi = []storage.Unico{{Ambito: "a", Chiave: caso}}, []storage.Unico{preso}
				preso = c.Unici[0]
				p.taglia(&taglio{verso: verso, n: n, dopo: dopo})
				r, err := s.Registra(ctx, c)
				if verso == daServer && n == quanti[verso] && dopo {
					require.NoError(t, err, caso)
					require.Equal(t, c.Pratica.Versione, r.Versione)
				} else {
					require.Equal(t, guasto.EsitoIgnoto, guasto.Di(err), "%s: %v", caso, err)
				}
				p.taglia(nil)
				for range 2 { // the first may find that the connection is gone
					if r, err = s.Registra(ctx, c); err == nil {
						break
					}
				}
				require.NoError(t, err, caso)
				require.Equal(t, c.Pratica.Versione, r.Versione)
				v = c.Pratica
				iter, err := fuori.Eventi(ctx, ente, v.ID)
				require.NoError(t, err)
				require.Len(t, iter, v.Versione, caso)
				require.NoError(t, pratica.Verifica(iter))
			}
		}
	}
}

// TestTagliAltrove breaks the other writes at the answer, which is lost, and
// does them again.
func TestTagliAltrove(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p, via := nuovoPonte(t)
	s := apri(t, postgres.Config{Connessione: via, Connessioni: 1})
	bozza(t, s, 1, storage.Effetto{ID: "e", Genere: pratica.EffettoAvviso})
	presi, err := s.Prenota(ctx, storage.Prenotazione{Titolare: "w", Ora: storagetest.Ora(), Durata: time.Minute, Limite: 1})
	require.NoError(t, err)
	require.Len(t, presi, 1)
	e := presi[0]
	e.Stato, e.Diario = storage.InCorso, []byte("1")
	conta := func() error {
		return s.Transazione(ctx, ente, func(tx cassetto.Tx) error {
			_, err := cassetto.Conta(tx, "t", "n")
			return err
		})
	}
	for nome, fn := range map[string]func() error{
		"Aggiorna":    func() error { return s.Aggiorna(ctx, e) },
		"Numera":      func() error { _, err := s.Numera(ctx, ente, "serie", 2026, storagetest.ID(1)); return err },
		"Transazione": conta,
	} {
		require.NoError(t, fn(), nome) // statements are prepared
		p.taglia(nil)
		require.NoError(t, fn(), nome)
		risposte := 0
		for _, m := range p.passati() {
			if m.verso == daServer {
				risposte++
			}
		}
		p.taglia(&taglio{verso: daServer, n: risposte}) // ReadyForQuery after the commit
		err := fn()
		require.Equal(t, guasto.EsitoIgnoto, guasto.Di(err), "%s: %v", nome, err)
		p.taglia(nil)
		require.NoError(t, fn(), nome)
	}
	n, err := s.Numera(ctx, ente, "serie", 2026, storagetest.ID(2))
	require.NoError(t, err)
	require.EqualValues(t, 2, n, "no number was lost")
	// Within the transaction, before its COMMIT: certainly nothing was done.
	require.NoError(t, s.Lettura(ctx, ente, func(tx cassetto.Tx) error { return cassetto.LeggiJSON(tx, "t", "n", &n) }))
	err = s.Transazione(ctx, ente, func(tx cassetto.Tx) error {
		if err := tx.Scrivi("t", "n", []byte("0")); err != nil {
			return err
		}
		p.interrompi()
		return tx.Scrivi("t", "m", nil)
	})
	require.Equal(t, guasto.Transitorio, guasto.Di(err), "%v", err)
	var m int64
	require.NoError(t, s.Lettura(ctx, ente, func(tx cassetto.Tx) error { return cassetto.LeggiJSON(tx, "t", "n", &m) }))
	require.Equal(t, n, m)
}

// assenza is how long TestVaEViene keeps the database away.
var assenza = flag.Duration("assenza", time.Second, "quanto manca la base di dati in TestVaEViene")

// TestVaEViene takes the database away under several writers and readers, and
// brings it back: every call says clearly what happened, and nothing is lost.
func TestVaEViene(t *testing.T) {
	t.Parallel()
	t.Run("rete", func(t *testing.T) {
		t.Parallel()
		p, via := nuovoPonte(t)
		vaEViene(t, via, p.abbassa, func() { p.alza(p.indirizzo) })
	})
	t.Run("server", func(t *testing.T) {
		t.Parallel()
		base := nuovoSchema(t)
		esegui(t, "", `CREATE DATABASE `+base)
		t.Cleanup(func() { esegui(t, "", `DROP DATABASE `+base+` WITH (FORCE)`) })
		u, err := url.Parse(dsn(t))
		require.NoError(t, err)
		u.Path = base
		vaEViene(t, u.String(), func() {
			esegui(t, "", `ALTER DATABASE `+base+` ALLOW_CONNECTIONS false`, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '`+base+`'`)
		}, func() { esegui(t, "", `ALTER DATABASE `+base+` ALLOW_CONNECTIONS true`) })
	})
}

func vaEViene(t *testing.T, via string, vai, torna func()) {
	t.Helper()
	ctx := context.Background()
	var registro registro
	s := apri(t, postgres.Config{Connessione: via, Connessioni: 4, Logger: slog.New(slog.NewTextHandler(&registro, nil))})
	const scrittori = 6
	note := make([]*pratica.Pratica, scrittori)
	for i := range note {
		note[i] = bozza(t, s, i)
	}
	var prima, dopo, gruppo sync.WaitGroup // commits before it goes, and after it is back
	prima.Add(scrittori)
	dopo.Add(scrittori)
	tornato := make(chan struct{})
	var respinti atomic.Int64
	for i := range note {
		gruppo.Go(func() {
			fatti, poi := 0, 0
			for n := 0; poi < 3; n++ {
				c, err := storagetest.Poi(note[i], pratica.Bozza, storagetest.Ora(), pratica.NotaScritta{ID: fmt.Sprint(n), Testo: "x"})
				if err != nil {
					t.Error(err)
					break
				}
				c.Chiave = fmt.Sprint(n)
				for {
					_, err := s.Registra(ctx, c)
					if err == nil {
						break
					}
					if k := guasto.Di(err); k != guasto.Transitorio && k != guasto.EsitoIgnoto {
						t.Errorf("classe %s: %v", k, err)
						return
					}
					respinti.Add(1)
					time.Sleep(time.Millisecond)
				}
				note[i] = c.Pratica
				if fatti++; fatti == 3 {
					prima.Done()
				}
				select {
				case <-tornato:
					if poi++; poi == 1 {
						dopo.Done()
					}
				default:
				}
			}
		})
	}
	prima.Wait()
	vai()
	_, err := s.Carica(ctx, ente, note[0].ID)
	require.Equal(t, guasto.Transitorio, guasto.Di(err), "%v", err)
	_, err = s.Numera(ctx, ente, "serie", 2026, "x")
	require.Equal(t, guasto.Transitorio, guasto.Di(err), "no connection, so nothing was sent: %v", err)
	time.Sleep(*assenza)
	torna()
	close(tornato)
	dopo.Wait()
	gruppo.Wait()
	require.GreaterOrEqual(t, respinti.Load(), int64(scrittori))
	scritte := 0
	for i := range note {
		iter, err := s.Eventi(ctx, ente, note[i].ID)
		require.NoError(t, err)
		require.Len(t, iter, note[i].Versione, "what was confirmed is there, once")
		require.NoError(t, pratica.Verifica(iter))
		scritte += len(iter)
	}
	t.Logf("assenza %v: %d chiamate respinte, %d eventi confermati, nessuno perso o doppio", *assenza, respinti.Load(), scritte)
	require.NotContains(t, registro.String(), "127.0.0.1")
}

// TestServerRiavviato ends the sessions as a server does that goes down: readers
// notice nothing, writers are told that they cannot know.
func TestServerRiavviato(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	nome := nuovoSchema(t)
	s := apri(t, postgres.Config{Connessione: conParametro(t, "application_name", nome), Schema: nome, Connessioni: 3})
	v := bozza(t, s, 1)
	for giro := range 10 {
		esegui(t, "", `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '`+nome+`'`)
		_, err := s.Carica(ctx, ente, v.ID)
		require.NoError(t, err)
		esegui(t, "", `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '`+nome+`'`)
		c := nota(t, v, fmt.Sprint(giro))
		_, err = s.Registra(ctx, c)
		if err != nil {
			require.Contains(t, []guasto.Classe{guasto.Transitorio, guasto.EsitoIgnoto}, guasto.Di(err))
			_, err = s.Registra(ctx, c)
		}
		require.NoError(t, err)
		v = c.Pratica
	}
	iter, err := s.Eventi(ctx, ente, v.ID)
	require.NoError(t, err)
	require.Len(t, iter, v.Versione)
}

// registro is a log that may be read while it is written.
type registro struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *registro) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(b)
}

func (r *registro) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

// TestFuoriDaiLimiti sends what no column holds.
func TestFuoriDaiLimiti(t *testing.T) {
	t.Parallel()
	s := apri(t, postgres.Config{})
	p := bozza(t, s, 1)
	c := nota(t, p, "k")
	c.Pratica.Numero.Anno = 1 << 40
	_, err := s.Registra(context.Background(), c)
	require.ErrorIs(t, err, storage.ErrNonValido)
	_, err = s.Numera(context.Background(), ente, "serie", 1<<40, p.ID)
	require.ErrorIs(t, err, storage.ErrNonValido)
	_, err = s.Registra(context.Background(), nota(t, p, "k"))
	require.NoError(t, err, "nothing was done")
}
