package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/internal/discopienotest"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// pieno checks that an error says what happened, and that it is to be put right.
func pieno(t *testing.T, err error) {
	t.Helper()
	var g *guasto.Errore
	require.ErrorAs(t, err, &g)
	require.Equal(t, guasto.Configurazione, g.Classe, "%v", err)
	require.Equal(t, "disco_pieno", g.Codice)
}

// commitDi gives a commit with everything that a commit can write.
func commitDi(t *testing.T, n int) storage.Commit {
	t.Helper()
	c, err := storagetest.Scheda{Ente: ente, ID: storagetest.ID(n), Stato: pratica.InCarico, Nome: "Mario", Cognome: "Rossi", Oggetto: strings.Repeat("suolo ", 200),
		File: []string{fmt.Sprintf("%064x", n)}, Creata: storagetest.Ora(), Presentata: storagetest.Ora(), Cambio: storagetest.Ora()}.Commit()
	require.NoError(t, err)
	c.Chiave, c.Unici = "k", []storage.Unico{{Ambito: "a", Chiave: fmt.Sprint(n)}}
	c.Effetti = []storage.Effetto{{ID: fmt.Sprint("e", n), Genere: pratica.EffettoAvviso}}
	return c
}

// quante counts what is there of each commit, in every table.
func quante(t *testing.T, s *sqlite.Store, fino int) int {
	t.Helper()
	ctx := context.Background()
	tutte := 0
	for n := range fino {
		_, err := s.Carica(ctx, ente, storagetest.ID(n))
		c := err == nil
		require.True(t, c || errors.Is(err, storage.ErrNonTrovata), "%v", err)
		effetti, err := s.Effetti(ctx, ente, storagetest.ID(n))
		require.NoError(t, err)
		_, ripetuta, err := s.Ripetuta(ctx, ente, storagetest.ID(n), "k")
		require.NoError(t, err)
		usato, err := s.InUso(ctx, ente, fmt.Sprintf("%064x", n))
		require.NoError(t, err)
		require.Equal(t, []bool{c, c, c}, []bool{len(effetti) == 1, ripetuta, usato}, "all or nothing")
		if c {
			tutte++
			iter, err := s.Eventi(ctx, ente, storagetest.ID(n))
			require.NoError(t, err)
			require.NoError(t, pratica.Verifica(iter))
		}
	}
	r, err := s.Riassumi(ctx, storage.Filtro{Ente: ente, Testo: "suolo rossi"})
	require.NoError(t, err)
	require.Equal(t, tutte, r.Totale)
	return tutte
}

// TestDiscoPieno fills a real disk, by what the store writes itself and by what
// others write, again and again.
func TestDiscoPieno(t *testing.T) {
	t.Parallel()
	discopienotest.Esegui(t, 6<<20, func(t *testing.T, d discopienotest.Disco) {
		ctx := context.Background()
		zavorra := filepath.Join(d.Dir, "altro")
		require.NoError(t, os.WriteFile(zavorra, make([]byte, 2<<20), 0o600))
		percorso := filepath.Join(d.Dir, "p.db")
		s := apri(t, percorso)
		fatte, n := 0, 0
		for giro := range 4 {
			if giro > 0 {
				d.Riempi(t)
			}
			var err error
			for ; ; n++ {
				if _, err = s.Registra(ctx, commitDi(t, n)); err != nil {
					break
				}
				fatte++
			}
			pieno(t, err)
			_, err = s.Registra(ctx, commitDi(t, n))
			pieno(t, err)
			err = s.Transazione(ctx, ente, func(tx cassetto.Tx) error { return tx.Scrivi("t", "k", make([]byte, 1<<20)) })
			pieno(t, err)
			require.Equal(t, fatte, quante(t, s, n+1), "readers go on, and see what was committed")
			if giro == 0 {
				require.NoError(t, os.Remove(zavorra))
			} else {
				d.Libera(t)
			}
			_, err = s.Registra(ctx, commitDi(t, n))
			require.NoError(t, err, "the same commit, with room")
			fatte, n = fatte+1, n+1
			require.Equal(t, fatte, quante(t, s, n))
		}
		require.Greater(t, fatte, 20)
		sana(t, percorso)
	})
}

// TestDiscoPienoApre opens files on a disk without room: a new one, one that is
// up to date, one that must be brought to the new tables.
func TestDiscoPienoApre(t *testing.T) {
	t.Parallel()
	discopienotest.Esegui(t, 4<<20, func(t *testing.T, d discopienotest.Disco) {
		ctx := context.Background()
		nuovo, pronto, vecchio := filepath.Join(d.Dir, "nuovo.db"), filepath.Join(d.Dir, "pronto.db"), filepath.Join(d.Dir, "vecchio.db")
		s, err := sqlite.Open(ctx, sqlite.Config{Percorso: pronto})
		require.NoError(t, err)
		_, err = s.Registra(ctx, commitDi(t, 0))
		require.NoError(t, err)
		require.NoError(t, s.Close())
		versione1(t, vecchio, 20)
		for range 2 {
			d.Riempi(t)
			for _, percorso := range []string{nuovo, pronto, vecchio} {
				s, err := sqlite.Open(ctx, sqlite.Config{Percorso: percorso})
				if err == nil {
					require.NoError(t, s.Close())
				}
				t.Log(percorso, err)
				if err != nil {
					pieno(t, err)
				}
			}
			d.Libera(t)
		}
		comeVersione1(t, apri(t, vecchio), 20)
		require.Equal(t, 1, quante(t, apri(t, pronto), 1))
		require.Equal(t, 0, quante(t, apri(t, nuovo), 1))
	})
}

// TestPaginePiene does the same where there is no disk to fill: the file may not
// grow beyond a number of pages.
func TestPaginePiene(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	percorso := filepath.Join(t.TempDir(), "p.db")
	s := apri(t, percorso)
	require.NoError(t, s.MassimePagine(ctx, 300))
	n := 0
	var err error
	for ; err == nil; n++ {
		_, err = s.Registra(ctx, commitDi(t, n))
	}
	pieno(t, err)
	require.Equal(t, n-1, quante(t, s, n))
	require.NoError(t, s.MassimePagine(ctx, 1<<30))
	_, err = s.Registra(ctx, commitDi(t, n-1))
	require.NoError(t, err)
	require.Equal(t, n, quante(t, s, n))
	sana(t, percorso)
}

func lungo(t *testing.T, percorso string) int64 {
	t.Helper()
	info, err := os.Stat(percorso)
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	require.NoError(t, err)
	return info.Size()
}

// TestWAL lets the -wal file grow, by a reader that does not end and by readers
// that overlap, and wants it back within bounds.
func TestWAL(t *testing.T) {
	if testing.Short() {
		t.Skip("lungo: gira senza -short")
	}
	t.Parallel()
	ctx := context.Background()
	percorso := filepath.Join(t.TempDir(), "p.db")
	s, err := sqlite.Open(ctx, sqlite.Config{Percorso: percorso})
	require.NoError(t, err)
	n := 0
	scrivi := func(mega int) {
		for range mega {
			n++ // what does not change would not be written
			require.NoError(t, s.Transazione(ctx, ente, func(tx cassetto.Tx) error {
				return tx.Scrivi("t", fmt.Sprint(n%8), []byte(strings.Repeat(fmt.Sprintf("%08d", n), 1<<17)))
			}))
		}
	}
	scrivi(16)
	require.LessOrEqual(t, lungo(t, percorso+"-wal"), int64(8<<20), "nobody reads")

	leggi := func() (*sql.DB, *sql.Tx) {
		db, err := sql.Open("sqlite", percorso)
		require.NoError(t, err)
		tx, err := db.Begin()
		require.NoError(t, err)
		var n int
		require.NoError(t, tx.QueryRow("SELECT count(*) FROM cassetto").Scan(&n))
		return db, tx
	}
	db, tx := leggi()
	scrivi(50)
	require.Greater(t, lungo(t, percorso+"-wal"), int64(32<<20), "a reader keeps it")
	require.NoError(t, tx.Rollback())
	require.NoError(t, db.Close())
	scrivi(40)
	require.LessOrEqual(t, lungo(t, percorso+"-wal"), int64(8<<20), "it is over, and the file is cut")

	// Readers that always overlap: no moment without one.
	db, tx = leggi()
	fermi, fine := make(chan struct{}), make(chan error)
	go func() {
		for {
			dopo, err := db.Begin()
			if err == nil {
				err = dopo.QueryRow("SELECT count(*) FROM cassetto").Scan(new(int))
			}
			if err == nil { // the one before reads for longer than a write takes
				err = tx.QueryRow("SELECT count(*) FROM cassetto a, cassetto b WHERE a.rowid <= 2 AND a.valore < b.valore").Scan(new(int))
			}
			if err = errors.Join(err, tx.Rollback()); err != nil {
				fine <- err
				return
			}
			tx = dopo
			select {
			case <-fermi:
				fine <- tx.Rollback()
				return
			default:
			}
		}
	}()
	scrivi(128)
	require.LessOrEqual(t, lungo(t, percorso+"-wal"), int64(100<<20))
	close(fermi)
	require.NoError(t, <-fine)
	scrivi(1)
	require.NoError(t, s.Close())
	require.Zero(t, lungo(t, percorso+"-wal"), "closed, it is empty, even if another process has the file open")
	require.NoError(t, db.Close())
}
