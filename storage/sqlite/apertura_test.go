package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

const ente = "c_h501"

func esegui(t *testing.T, percorso string, frasi ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", percorso)
	require.NoError(t, err)
	for _, f := range frasi {
		_, err = db.Exec(f)
		require.NoError(t, err, f)
	}
	require.NoError(t, db.Close())
}

func TestRiapre(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, nome := range []string{"pratiche.db", "con spazi ?#%41&x=1.db", "però"} {
		percorso := filepath.Join(t.TempDir(), nome)
		s, err := sqlite.Open(ctx, sqlite.Config{Percorso: percorso})
		require.NoError(t, err)
		c, err := storagetest.Scheda{Ente: ente, ID: storagetest.ID(1), Stato: "inviata", Creata: storagetest.Ora(), Presentata: storagetest.Ora(), Cambio: storagetest.Ora()}.Commit()
		require.NoError(t, err)
		c.Effetti = []storage.Effetto{{ID: "e", Genere: "avviso"}}
		_, err = s.Registra(ctx, c)
		require.NoError(t, err)
		voci, err := os.ReadDir(filepath.Dir(percorso))
		require.NoError(t, err)
		for _, v := range voci {
			info, err := v.Info()
			require.NoError(t, err)
			require.Equal(t, fs.FileMode(0o600), info.Mode().Perm(), v.Name())
			require.True(t, strings.HasPrefix(v.Name(), nome), v.Name())
		}
		require.NoError(t, s.Close())
		s = apri(t, percorso)
		p, err := s.Carica(ctx, ente, storagetest.ID(1))
		require.NoError(t, err)
		require.Equal(t, c.Pratica.Impronta, p.Impronta)
		e, err := s.Effetti(ctx, ente, storagetest.ID(1))
		require.NoError(t, err)
		require.Len(t, e, 1)
	}
}

func TestChiuso(t *testing.T) {
	t.Parallel()
	s, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: filepath.Join(t.TempDir(), "p.db")})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	_, err = s.Carica(context.Background(), ente, storagetest.ID(1))
	require.Error(t, err)
	require.NotErrorIs(t, err, storage.ErrNonTrovata)
}

func TestNonApre(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	apri := func(percorso string) error {
		s, err := sqlite.Open(ctx, sqlite.Config{Percorso: percorso, Attesa: 20 * time.Millisecond})
		if err == nil {
			return s.Close()
		}
		return err
	}
	dir := t.TempDir()
	require.ErrorContains(t, apri(""), "percorso")
	require.ErrorContains(t, apri(dir), "cartella")
	require.ErrorIs(t, apri(filepath.Join(dir, "manca", "p.db")), fs.ErrNotExist)

	testo := filepath.Join(dir, "testo.db")
	require.NoError(t, os.WriteFile(testo, []byte(strings.Repeat("non è una base di dati ", 100)), 0o600))
	require.ErrorIs(t, apri(testo), storage.ErrCorrotto)

	estranea := filepath.Join(dir, "estranea.db")
	esegui(t, estranea, "CREATE TABLE clienti (id INTEGER)")
	require.ErrorContains(t, apri(estranea), "altro programma")

	nuova := filepath.Join(dir, "nuova.db")
	require.NoError(t, apri(nuova))
	esegui(t, nuova, "INSERT INTO migrazioni (version_id, is_applied) VALUES (9999, 1)")
	require.ErrorContains(t, apri(nuova), "più recente")

	rotta := filepath.Join(dir, "rotta.db")
	require.NoError(t, apri(rotta))
	b, err := os.ReadFile(rotta)
	require.NoError(t, err)
	for i := 100; i < len(b); i++ {
		b[i] ^= 0xff
	}
	require.NoError(t, os.WriteFile(rotta, b, 0o600))
	require.ErrorIs(t, apri(rotta), storage.ErrCorrotto)

	presa := filepath.Join(dir, "presa.db")
	db, err := sql.Open("sqlite", presa)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	_, err = db.Exec("PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE a (b); BEGIN EXCLUSIVE")
	require.NoError(t, err)
	err = apri(presa)
	require.Equal(t, guasto.Transitorio, guasto.Di(err), "%v", err)
	require.ErrorContains(t, err, "occupata")
	require.NoError(t, db.Close())

	annullato, annulla := context.WithCancel(ctx)
	annulla()
	_, err = sqlite.Open(annullato, sqlite.Config{Percorso: filepath.Join(dir, "mai.db")})
	require.ErrorIs(t, err, context.Canceled)
}

func TestOccupata(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	percorso := filepath.Join(t.TempDir(), "p.db")
	s, err := sqlite.Open(ctx, sqlite.Config{Percorso: percorso, Attesa: time.Millisecond, Lettori: 2})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	altro, err := sql.Open("sqlite", percorso)
	require.NoError(t, err)
	tx, err := altro.Conn(ctx)
	require.NoError(t, err)
	_, err = tx.ExecContext(ctx, "BEGIN IMMEDIATE")
	require.NoError(t, err)
	_, err = s.Numera(ctx, ente, "richiesta", 2026, storagetest.ID(1))
	require.Equal(t, guasto.Transitorio, guasto.Di(err), "%v", err)
	_, err = s.Cerca(ctx, storage.Filtro{Ente: ente})
	require.NoError(t, err, "readers do not wait")
	require.NoError(t, tx.Close())
	require.NoError(t, altro.Close())
	n, err := s.Numera(ctx, ente, "richiesta", 2026, storagetest.ID(1))
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}

func TestAvvisaDeiPermessi(t *testing.T) {
	t.Parallel()
	percorso := filepath.Join(t.TempDir(), "p.db")
	var registro bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&registro, nil))
	for range 2 {
		s, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: percorso, Logger: logger})
		require.NoError(t, err)
		require.NoError(t, s.Close())
		require.NotContains(t, registro.String(), "altri utenti")
	}
	require.Equal(t, 4, strings.Count(registro.String(), "migrazione applicata"), "each once")
	require.NoError(t, os.Chmod(percorso, 0o644))
	s, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: percorso, Logger: logger})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.Contains(t, registro.String(), "altri utenti")
	require.NotContains(t, registro.String(), percorso)
}

func TestContenutoAlterato(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	percorso := filepath.Join(t.TempDir(), "p.db")
	s := apri(t, percorso)
	c, err := storagetest.Scheda{Ente: ente, ID: storagetest.ID(1), Stato: "bozza", Creata: storagetest.Ora(), Cambio: storagetest.Ora()}.Commit()
	require.NoError(t, err)
	_, err = s.Registra(ctx, c)
	require.NoError(t, err)
	esegui(t, percorso, "UPDATE proiezioni SET dati = CAST('{' AS BLOB)", "UPDATE eventi SET evento = CAST('[]' AS BLOB)")
	_, err = s.Carica(ctx, ente, storagetest.ID(1))
	require.ErrorIs(t, err, storage.ErrCorrotto)
	_, err = s.Eventi(ctx, ente, storagetest.ID(1))
	require.ErrorIs(t, err, storage.ErrCorrotto)
}
