package matrice_test

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5" //nolint:depguard // empties and removes the schemas of these tests
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage/postgres"
)

// serverPostgres is the environment variable with the connection string of a server.
const serverPostgres = "PRATICHE_POSTGRES"

// conPostgres keeps each scena in a schema of its own.
func conPostgres(server string) deposito {
	d := deposito{nome: "postgres", prepara: func(t *testing.T) func(*testing.T) string {
		s := &schemi{server: server}
		t.Cleanup(func() { s.elimina(t) })
		return s.prendi
	}}
	if server == "" {
		d.manca = "serve un PostgreSQL: " + serverPostgres + "=postgres://utente@127.0.0.1:5432/base?sslmode=disable"
	}
	d.apri = func(ctx context.Context, _, schema string) (chiudibile, error) {
		return postgres.Open(ctx, postgres.Config{Connessione: server, Schema: schema, Connessioni: 2})
	}
	return d
}

// schemi are empty schemas. To make one takes longer than to empty one, so that
// they are used again.
type schemi struct {
	server string

	mu     sync.Mutex
	tutti  []string
	liberi []string
	svuota map[string]string // schema → statements that empty it
}

// prendi gives an empty schema, which goes back at the end of the test.
func (s *schemi) prendi(t *testing.T) string {
	t.Helper()
	schema, svuota := s.libero()
	if schema != "" {
		s.esegui(t, svuota)
	} else {
		schema = s.crea(t)
	}
	t.Cleanup(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.liberi = append(s.liberi, schema)
	})
	return schema
}

func (s *schemi) libero() (schema, svuota string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.liberi)
	if n == 0 {
		return "", ""
	}
	schema, s.liberi = s.liberi[n-1], s.liberi[:n-1]
	return schema, s.svuota[schema]
}

func (s *schemi) crea(t *testing.T) string {
	t.Helper()
	ctx := context.Background()
	schema := "matrice_" + strings.ToLower(rand.Text())
	s.mu.Lock()
	s.tutti = append(s.tutti, schema)
	s.mu.Unlock()
	store, err := postgres.Open(ctx, postgres.Config{Connessione: s.server, Schema: schema, Connessioni: 2})
	require.NoError(t, err)
	require.NoError(t, store.Close())
	var svuota strings.Builder
	s.collegato(t, func(c *pgx.Conn) {
		righe, err := c.Query(ctx, "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = $1", schema)
		require.NoError(t, err)
		tabelle, err := pgx.CollectRows(righe, pgx.RowTo[string])
		require.NoError(t, err)
		for _, tabella := range tabelle {
			var piena bool
			require.NoError(t, c.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM "+tabella+")").Scan(&piena))
			if !piena { // what a migration wrote stays
				svuota.WriteString("DELETE FROM " + tabella + ";")
			}
		}
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.svuota == nil {
		s.svuota = map[string]string{}
	}
	s.svuota[schema] = svuota.String()
	return schema
}

func (s *schemi) elimina(t *testing.T) {
	t.Helper()
	for _, schema := range s.tutti {
		s.esegui(t, "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
	}
}

func (s *schemi) esegui(t *testing.T, frase string) {
	t.Helper()
	s.collegato(t, func(c *pgx.Conn) {
		_, err := c.Exec(context.Background(), frase)
		require.NoError(t, err)
	})
}

func (s *schemi) collegato(t *testing.T, fai func(*pgx.Conn)) {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, s.server)
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close(ctx)) }()
	fai(c)
}
