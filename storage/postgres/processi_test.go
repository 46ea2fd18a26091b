package postgres_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

const variabileFiglio = "PRATICHE_PROVA_FIGLIO"

// TestMain lets the test binary be the child process of the tests below.
func TestMain(m *testing.M) {
	if schema := os.Getenv(variabileFiglio); schema != "" {
		if err := figlio(schema); err != nil {
			fmt.Println("errore:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// Every step of the model crosses the network and reaches the disk: fewer runs
	// than rapid's default, where nobody asks for more.
	flag.Parse()
	chieste := false
	flag.Visit(func(f *flag.Flag) { chieste = chieste || f.Name == "rapid.checks" })
	if !chieste {
		if err := flag.Set("rapid.checks", "20"); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// figlio opens the store and writes without end; after each commit it says which.
func figlio(schema string) error {
	ctx := context.Background()
	s, err := postgres.Open(ctx, postgres.Config{Connessione: os.Getenv(variabile), Schema: schema, Connessioni: 2})
	if err != nil {
		return err
	}
	fmt.Println("aperto")
	for n := 1; ; n++ {
		id := pratica.ID(fmt.Sprintf("%d-%d", os.Getpid(), n))
		c, err := storagetest.Scheda{Ente: ente, ID: id, Stato: pratica.Inviata, Creata: storagetest.Ora(), Presentata: storagetest.Ora(), Cambio: storagetest.Ora()}.Commit()
		if err != nil {
			return err
		}
		c.Chiave, c.Unici = "k", []storage.Unico{{Ambito: "a", Chiave: string(id)}}
		for i := range 3 {
			c.Effetti = append(c.Effetti, storage.Effetto{ID: fmt.Sprintf("%s/%d", id, i), Genere: pratica.EffettoAvviso})
		}
		if _, err := s.Numera(ctx, ente, "richiesta", 2026, id); err != nil {
			return err
		}
		if _, err := s.Registra(ctx, c); err != nil {
			return err
		}
		fmt.Println(id)
	}
}

// TestFineImprovvisa kills processes that write, several at once, and looks at
// what they left. In the first round both find an empty schema.
func TestFineImprovvisa(t *testing.T) {
	t.Parallel()
	dsn(t)
	schema := nuovoSchema(t)
	programma, err := os.Executable()
	require.NoError(t, err)
	var mu sync.Mutex
	var confermate []pratica.ID
	for giro := range 3 {
		var gruppo sync.WaitGroup
		for i := range 2 {
			cmd := exec.Command(programma, "-test.run=^$")
			cmd.Env = append(os.Environ(), variabileFiglio+"="+schema)
			dice, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			gruppo.Go(func() {
				righe := bufio.NewScanner(dice)
				for n := 0; righe.Scan(); n++ { // what it said before it died counts
					riga := righe.Text()
					if strings.HasPrefix(riga, "errore") {
						t.Error(riga)
					} else if riga != "aperto" {
						mu.Lock()
						confermate = append(confermate, pratica.ID(riga))
						mu.Unlock()
					}
					if n == 7+5*giro+3*i {
						if err := cmd.Process.Kill(); err != nil {
							t.Error(err)
						}
					}
				}
				_ = cmd.Wait() // killed
			})
		}
		gruppo.Wait()
	}
	require.GreaterOrEqual(t, len(confermate), 40)

	s := apri(t, postgres.Config{Schema: schema})
	trovate, numeri := map[pratica.ID]bool{}, map[int64]bool{}
	for _, r := range tutte(t, s, storage.Filtro{Ente: ente}) {
		trovate[r.ID] = true
		intera(t, s, r.ID)
		n, err := s.Numera(context.Background(), ente, "richiesta", 2026, r.ID)
		require.NoError(t, err)
		require.False(t, numeri[n])
		numeri[n] = true
	}
	for _, id := range confermate {
		require.True(t, trovate[id], "a commit that returned is there")
	}
}

// tutte reads a list to its end.
func tutte(t testing.TB, s storage.Store, f storage.Filtro) []storage.Riga {
	t.Helper()
	var righe []storage.Riga
	f.Limite = 200
	for {
		p, err := s.Cerca(context.Background(), f)
		require.NoError(t, err)
		righe = append(righe, p.Righe...)
		if f.Cursore = p.Seguente; f.Cursore == "" {
			return righe
		}
	}
}

// intera checks that a commit is there with all its parts.
func intera(t *testing.T, s storage.Store, id pratica.ID) {
	t.Helper()
	ctx := context.Background()
	p, err := s.Carica(ctx, ente, id)
	require.NoError(t, err)
	iter, err := s.Eventi(ctx, ente, id)
	require.NoError(t, err)
	require.NoError(t, pratica.Verifica(iter))
	piega, err := pratica.Ripiega(iter)
	require.NoError(t, err)
	require.Equal(t, p.Impronta, piega.Impronta)
	require.Equal(t, p.Versione, piega.Versione)
	effetti, err := s.Effetti(ctx, ente, id)
	require.NoError(t, err)
	require.Len(t, effetti, 3, "no effect lost")
	_, c, err := s.Ripetuta(ctx, ente, id, "k")
	require.NoError(t, err)
	require.True(t, c)
}

// TestMoltiHost has 64 writers on four Stores commit to the same pratiche, with
// claims in crossed order and effects, while workers of each Store carry these
// out and add to the same lanes: all that was confirmed is there once, every
// effect is done once, in the order of its lane, and no lane is stuck.
func TestMoltiHost(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	schema := nuovoSchema(t)
	host := make([]*postgres.Store, 4)
	for i := range host {
		host[i] = apri(t, postgres.Config{Schema: schema, Connessioni: 6})
	}
	const scrittori, pratiche, commit = 64, 8, 4
	for n := range pratiche {
		bozza(t, host[0], n)
	}
	var scrivono, lavorano sync.WaitGroup
	finito := make(chan struct{})
	for i := range scrittori {
		scrivono.Go(func() {
			s := host[i%len(host)]
			for n := range commit {
				for {
					p, err := s.Carica(ctx, ente, storagetest.ID((i+n)%pratiche))
					if err != nil {
						t.Error(err)
						return
					}
					c, err := storagetest.Poi(p, pratica.Bozza, storagetest.Ora(), pratica.NotaScritta{ID: fmt.Sprint(i, "-", n), Testo: "x"})
					if err != nil {
						t.Error(err)
						return
					}
					c.Chiave = fmt.Sprint(i, "-", n)
					c.Unici = []storage.Unico{{Ambito: "a", Chiave: string(p.ID)}, {Ambito: "b", Chiave: string(p.ID)}}
					if i%2 == 0 {
						c.Unici[0], c.Unici[1] = c.Unici[1], c.Unici[0]
					}
					c.Effetti = []storage.Effetto{{ID: c.Chiave, Genere: pratica.EffettoAvviso}}
					if _, err = s.Registra(ctx, c); err == nil {
						break
					}
					if !isConflitto(err) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	for i := range len(host) * 2 {
		lavorano.Go(func() {
			s := host[i%len(host)]
			for {
				var basta bool
				select {
				case <-finito:
					basta = true
				default:
				}
				presi, err := s.Prenota(ctx, storage.Prenotazione{Titolare: fmt.Sprint("w", i), Ora: storagetest.Ora().Add(time.Hour), Durata: time.Hour, Limite: 3})
				if err != nil {
					t.Error(err)
					return
				}
				for _, e := range presi {
					e.Stato, e.Concluso = storage.Fatto, storagetest.Ora()
					if err := s.Aggiorna(ctx, e); err != nil {
						t.Error(err)
					}
				}
				if basta && len(presi) == 0 {
					return
				}
			}
		})
	}
	scrivono.Wait()
	close(finito)
	lavorano.Wait()
	fatti := 0
	for n := range pratiche {
		iter, err := host[1].Eventi(ctx, ente, storagetest.ID(n))
		require.NoError(t, err)
		require.NoError(t, pratica.Verifica(iter))
		effetti, err := host[2].Effetti(ctx, ente, storagetest.ID(n))
		require.NoError(t, err)
		require.Len(t, effetti, len(iter)-2, "one for each commit, but the first two events") // bozza and its note
		for _, e := range effetti {
			require.Equal(t, storage.Fatto, e.Stato, "%s", e.ID)
			require.Equal(t, 1, e.Tentativi)
		}
		fatti += len(effetti)
	}
	require.Equal(t, scrittori*commit, fatti)
}
