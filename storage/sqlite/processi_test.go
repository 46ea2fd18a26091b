package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

const variabile = "PRATICHE_PROVA_FIGLIO"

// TestMain lets the test binary be the child process of the tests below.
func TestMain(m *testing.M) {
	if percorso := os.Getenv(variabile); percorso != "" {
		if err := figlio(percorso); err != nil {
			fmt.Println("errore:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// Every step of the model reaches the disk: fewer runs than rapid's default,
	// where nobody asks for more.
	flag.Parse()
	chieste := false
	flag.Visit(func(f *flag.Flag) { chieste = chieste || f.Name == "rapid.checks" })
	if !chieste {
		if err := flag.Set("rapid.checks", "25"); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// figlio opens the store and writes without end; after each commit it says which.
func figlio(percorso string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, sqlite.Config{Percorso: percorso, Logger: slog.New(slog.NewTextHandler(os.Stdout, nil))})
	if err != nil {
		return err
	}
	fmt.Println("aperto") // after it the store has nothing more to log
	pid := os.Getpid()
	for n := 1; ; n++ {
		id := pratica.ID(fmt.Sprintf("%d-%d", pid, n))
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

// avvia starts a child and gives what it says.
func avvia(t *testing.T, percorso string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	programma, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(programma, "-test.run=^$")
	cmd.Env = append(os.Environ(), variabile+"="+percorso)
	dice, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	return cmd, bufio.NewScanner(dice)
}

// TestFineImprovvisa kills writers without warning, several at once, and looks
// at what they left.
func TestFineImprovvisa(t *testing.T) {
	t.Parallel()
	percorso := filepath.Join(t.TempDir(), "p.db")
	var mu sync.Mutex
	var confermate []pratica.ID
	for giro := range 3 {
		var gruppo sync.WaitGroup
		for i := range 2 { // both open at once: in the first round both find nothing
			cmd, dice := avvia(t, percorso)
			gruppo.Go(func() {
				for n := 0; dice.Scan(); n++ {
					riga := dice.Text()
					if strings.HasPrefix(riga, "errore") {
						t.Error(riga)
						break
					}
					if riga != "aperto" && !strings.HasPrefix(riga, "time=") {
						mu.Lock()
						confermate = append(confermate, pratica.ID(riga))
						mu.Unlock()
					}
					if n == 7+5*giro+3*i {
						break
					}
				}
				if err := cmd.Process.Kill(); err != nil {
					t.Error(err)
				}
				for dice.Scan() { // what it said before it died counts
					mu.Lock()
					confermate = append(confermate, pratica.ID(dice.Text()))
					mu.Unlock()
				}
				_ = cmd.Wait() // killed
			})
		}
		gruppo.Wait()
	}
	require.GreaterOrEqual(t, len(confermate), 40)

	s, ctx := apri(t, percorso), context.Background()
	trovate := map[pratica.ID]bool{}
	numeri := map[int64]bool{}
	f := storage.Filtro{Ente: ente, Limite: 200}
	for {
		pagina, err := s.Cerca(ctx, f)
		require.NoError(t, err)
		for _, r := range pagina.Righe {
			trovate[r.ID] = true
			intera(t, s, r.ID)
			n, err := s.Numera(ctx, ente, "richiesta", 2026, r.ID)
			require.NoError(t, err)
			require.False(t, numeri[n])
			numeri[n] = true
		}
		if f.Cursore = pagina.Seguente; f.Cursore == "" {
			require.Len(t, trovate, len(numeri))
			break
		}
	}
	for _, id := range confermate {
		require.True(t, trovate[id], "a commit that returned is there")
	}
	db, err := sql.Open("sqlite", percorso)
	require.NoError(t, err)
	var esito string
	require.NoError(t, db.QueryRow("PRAGMA integrity_check").Scan(&esito))
	require.Equal(t, "ok", esito)
	require.NoError(t, db.Close())
}

// intera checks that a commit is there with all its parts.
func intera(t *testing.T, s *sqlite.Store, id pratica.ID) {
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

// TestMoltiAprono has many open one new file at once, in one process.
func TestMoltiAprono(t *testing.T) {
	t.Parallel()
	percorso := filepath.Join(t.TempDir(), "p.db")
	var gruppo sync.WaitGroup
	for i := range 8 {
		gruppo.Go(func() {
			s, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: percorso, Attesa: 30 * time.Second})
			if err != nil {
				t.Error(err)
				return
			}
			if _, err = s.Numera(context.Background(), ente, "richiesta", 2026, pratica.ID(strconv.Itoa(i))); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	gruppo.Wait()
	n, err := apri(t, percorso).Numera(context.Background(), ente, "richiesta", 2026, "dopo")
	require.NoError(t, err)
	require.EqualValues(t, 9, n)
}
