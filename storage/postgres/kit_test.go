package postgres_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

const (
	variabile = "PRATICHE_POSTGRES"
	ente      = "c_h501"
)

// dsn of the server that the tests use.
func dsn(t testing.TB) string {
	t.Helper()
	v := os.Getenv(variabile)
	if v == "" {
		t.Skip("serve un PostgreSQL: " + variabile + "=postgres://utente@127.0.0.1:5432/base?sslmode=disable")
	}
	return v
}

// nuovoSchema gives the name of a schema that is not there, and removes it when
// the test ends.
func nuovoSchema(t testing.TB) string {
	t.Helper()
	b := make([]byte, 8)
	_, _ = rand.Read(b)
	schema := "prova_" + hex.EncodeToString(b)
	t.Cleanup(func() { esegui(t, "", `DROP SCHEMA IF EXISTS `+schema+` CASCADE`) })
	return schema
}

// esegui runs statements in a schema.
func esegui(t testing.TB, schema string, frasi ...string) {
	t.Helper()
	ctx := context.Background()
	conn := collega(t, schema)
	defer func() { require.NoError(t, conn.Close(ctx)) }()
	for _, f := range frasi {
		_, err := conn.Exec(ctx, f)
		require.NoError(t, err, f)
	}
}

func collega(t testing.TB, schema string) *pgx.Conn {
	t.Helper()
	c, err := pgx.ParseConfig(dsn(t))
	require.NoError(t, err)
	if schema != "" {
		c.RuntimeParams["search_path"] = schema
	}
	conn, err := pgx.ConnectConfig(context.Background(), c)
	require.NoError(t, err)
	return conn
}

func apri(t testing.TB, c postgres.Config) *postgres.Store {
	t.Helper()
	if c.Connessione == "" {
		c.Connessione = dsn(t)
	}
	if c.Schema == "" {
		c.Schema = nuovoSchema(t)
	}
	if c.Connessioni == 0 {
		c.Connessioni = 6 // many tests share the server
	}
	s, err := postgres.Open(context.Background(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	dsn(t)
	storagetest.Verifica(t, func(t *testing.T) storage.Store { return apri(t, postgres.Config{}) })
}

// TestElenchiCorti runs the checks of lists, and all others, where every way to a
// page is given up early for the next one.
func TestElenchiCorti(t *testing.T) {
	t.Parallel()
	dsn(t)
	storagetest.Verifica(t, func(t *testing.T) storage.Store {
		s := apri(t, postgres.Config{})
		s.Corta()
		return s
	})
}

// conParametro gives the connection string with one more parameter.
func conParametro(t testing.TB, nome, valore string) string {
	t.Helper()
	return con(t, func(u *url.URL) {
		q := u.Query()
		q.Set(nome, valore)
		u.RawQuery = q.Encode()
	})
}

// con gives the connection string with something else in it.
func con(t testing.TB, cambia func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(dsn(t))
	require.NoError(t, err)
	cambia(u)
	return u.String()
}

func isConflitto(err error) bool { return errors.Is(err, storage.ErrConflitto) }
