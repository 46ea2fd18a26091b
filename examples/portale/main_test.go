package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"flag"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

var indirizzo = regexp.MustCompile(`Apri (http://\S+) nel browser`)

// TestEsegui starts the program on a free port, twice on the same folder, and
// stops it.
func TestEsegui(t *testing.T) {
	t.Parallel()
	provaEsegui(t)
}

// TestEseguiPostgres does the same on a database of its own.
func TestEseguiPostgres(t *testing.T) {
	t.Parallel()
	connessione := os.Getenv("PRATICHE_POSTGRES")
	if connessione == "" {
		t.Skip("per il portale su PostgreSQL: PRATICHE_POSTGRES=postgres://utente@host:5432/base")
	}
	ctx := context.Background()
	server, err := pgx.Connect(ctx, connessione)
	require.NoError(t, err)
	nome := "portale_" + strings.ToLower(rand.Text())
	_, err = server.Exec(ctx, "CREATE DATABASE "+nome)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := server.Exec(ctx, "DROP DATABASE "+nome+" WITH (FORCE)")
		require.NoError(t, err)
		require.NoError(t, server.Close(ctx))
	})
	u, err := url.Parse(connessione)
	require.NoError(t, err)
	u.Path = "/" + nome
	segreto := filepath.Join(t.TempDir(), "connessione")
	require.NoError(t, os.WriteFile(segreto, []byte(u.String()+"\n"), 0o600))
	provaEsegui(t, "-postgres", segreto)
}

func provaEsegui(t *testing.T, opzioni ...string) {
	t.Helper()
	dati := filepath.Join(t.TempDir(), "dati")
	for range 2 {
		ctx, ferma := context.WithCancel(context.Background())
		leggi, scrivi := io.Pipe()
		finito := make(chan error, 1)
		go func() {
			err := esegui(ctx, append([]string{"-addr", "127.0.0.1:0", "-dati", dati}, opzioni...), scrivi, io.Discard)
			finito <- err
			_ = scrivi.CloseWithError(io.EOF)
		}()
		righe := bufio.NewScanner(leggi)
		base := ""
		for base == "" && righe.Scan() {
			if m := indirizzo.FindStringSubmatch(righe.Text()); m != nil {
				base = m[1]
			}
		}
		require.NotEmpty(t, base)
		go func() { _, _ = io.Copy(io.Discard, leggi) }()
		for percorso, stato := range map[string]int{"/": 200, "/servizi/segnalazione": 200, "/accesso": 200, "/scrivania": 200, "/boh": 404, "/tema/portale.css": 200} {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+percorso, nil)
			require.NoError(t, err)
			resp, err := http.DefaultClient.Do(req)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, stato, resp.StatusCode, percorso)
		}
		ferma()
		require.NoError(t, <-finito)
	}
}

func TestIndirizzoDaAprire(t *testing.T) {
	t.Parallel()
	for ascolto, atteso := range map[string]string{"0.0.0.0:80": "localhost:80", "[::]:8080": "localhost:8080", "127.0.0.1:1": "127.0.0.1:1"} {
		a, err := net.ResolveTCPAddr("tcp", ascolto)
		require.NoError(t, err)
		require.Equal(t, atteso, raggiungibile(a))
	}
}

func TestEseguiRifiuta(t *testing.T) {
	t.Parallel()
	ascolto, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, ascolto.Close()) })
	for nome, args := range map[string][]string{
		"opzione ignota":  {"-boh"},
		"argomento":       {"altro"},
		"porta occupata":  {"-addr", ascolto.Addr().String(), "-dati", t.TempDir()},
		"tema sbagliato":  {"-addr", "127.0.0.1:0", "-dati", t.TempDir(), "-tema", t.TempDir()},
		"dati in un file": {"-addr", "127.0.0.1:0", "-dati", "main.go"},
	} {
		require.Error(t, esegui(t.Context(), args, io.Discard, io.Discard), nome)
	}
	require.ErrorIs(t, esegui(t.Context(), []string{"-h"}, io.Discard, io.Discard), flag.ErrHelp)
}
