package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/postgres"
)

// delServer is an error of the server as full of personal data as they are.
func delServer(stato string) error {
	return fmt.Errorf("giro: %w", &pgconn.PgError{Severity: "ERROR", Code: stato, Message: `valore "Mario Rossi"`, Detail: "Key (id)=(Mario Rossi) already exists.",
		Where: "riga di Mario Rossi", Hint: "Mario Rossi", InternalQuery: "Mario Rossi"})
}

func TestClassi(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for stato, attese := range map[string]struct{ prima, forse guasto.Classe }{
		"40001": {guasto.Transitorio, guasto.Transitorio},
		"40P01": {guasto.Transitorio, guasto.Transitorio},
		"55P03": {guasto.Transitorio, guasto.Transitorio},
		"57014": {guasto.Transitorio, guasto.Transitorio},
		"25P03": {guasto.Transitorio, guasto.Transitorio},
		"57P03": {guasto.Transitorio, guasto.Transitorio},
		"55000": {guasto.Transitorio, guasto.Transitorio},
		"53300": {guasto.Transitorio, guasto.Transitorio},
		"53200": {guasto.Transitorio, guasto.Transitorio},
		"57P01": {guasto.Transitorio, guasto.EsitoIgnoto},
		"57P02": {guasto.Transitorio, guasto.EsitoIgnoto},
		"08006": {guasto.Transitorio, guasto.EsitoIgnoto},
		"58030": {guasto.EsitoIgnoto, guasto.EsitoIgnoto},
		"53100": {guasto.Configurazione, guasto.Configurazione},
		"25006": {guasto.Configurazione, guasto.Configurazione},
		"28P01": {guasto.Configurazione, guasto.Configurazione},
		"3D000": {guasto.Configurazione, guasto.Configurazione},
		"42501": {guasto.Configurazione, guasto.Configurazione},
		"42P01": {guasto.Configurazione, guasto.Configurazione},
		"3F000": {guasto.Configurazione, guasto.Configurazione},
		"P0001": {guasto.EsitoIgnoto, guasto.EsitoIgnoto}, // not classified
	} {
		require.Equal(t, attese.prima, guasto.Di(postgres.Traduci(ctx, "x", delServer(stato), false)), stato)
		require.Equal(t, attese.forse, guasto.Di(postgres.Traduci(ctx, "x", delServer(stato), true)), stato)
	}
	for stato, atteso := range map[string]error{
		"22021": storage.ErrNonValido, "23505": storage.ErrNonValido, "54000": storage.ErrNonValido, "XX001": storage.ErrCorrotto, "XX002": storage.ErrCorrotto,
	} {
		require.ErrorIs(t, postgres.Traduci(ctx, "x", delServer(stato), true), atteso, stato)
	}
	for nome, err := range map[string]error{
		"fine":     io.ErrUnexpectedEOF,
		"rifiuto":  fmt.Errorf("dial 10.1.2.3: %w", syscall.ECONNREFUSED),
		"tempo":    context.DeadlineExceeded, // ours: the caller still waits
		"qualcosa": errors.New("host=10.1.2.3 user=pratiche Mario Rossi"),
	} {
		require.Equal(t, guasto.Transitorio, guasto.Di(postgres.Traduci(ctx, "x", err, false)), nome)
		require.Equal(t, guasto.EsitoIgnoto, guasto.Di(postgres.Traduci(ctx, "x", err, true)), nome)
	}
	require.ErrorIs(t, postgres.Traduci(ctx, "x", fmt.Errorf("dial: %w", syscall.ECONNREFUSED), false), syscall.ECONNREFUSED)
	annullato, annulla := context.WithCancel(ctx)
	annulla()
	require.ErrorIs(t, postgres.Traduci(annullato, "x", delServer("57014"), true), context.Canceled)
	require.NoError(t, postgres.Traduci(annullato, "x", nil, true))
}

// TestSenzaDatiPersonali prints each error in every way and walks its chain.
func TestSenzaDatiPersonali(t *testing.T) {
	t.Parallel()
	for _, stato := range []string{"23505", "22021", "53100", "57P01", "42P01", "XX001", "P0001"} {
		err := postgres.Traduci(context.Background(), "x", delServer(stato), true)
		var registro bytes.Buffer
		slog.New(slog.NewJSONHandler(&registro, nil)).Error("x", slog.Any("errore", err))
		var del *pgconn.PgError
		require.False(t, errors.As(err, &del), "its details would be a step away")
		for e := err; e != nil; e = errors.Unwrap(e) {
			for _, s := range []string{e.Error(), fmt.Sprintf("%+v", e), fmt.Sprintf("%#v", e), registro.String()} {
				require.NotContains(t, s, "Rossi", stato)
			}
		}
		var conStato interface{ SQLState() string }
		require.True(t, errors.As(err, &conStato))
		require.Equal(t, stato, conStato.SQLState())
	}
}

func TestConfigurazione(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var registro bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&registro, nil))
	for nome, caso := range map[string]struct {
		c      postgres.Config
		classe guasto.Classe
	}{
		"senza":             {postgres.Config{}, guasto.EsitoIgnoto},
		"schema_maiuscolo":  {postgres.Config{Connessione: "postgres://x", Schema: "Pratiche"}, guasto.EsitoIgnoto},
		"schema_virgolette": {postgres.Config{Connessione: "postgres://x", Schema: `a"; DROP SCHEMA b; --`}, guasto.EsitoIgnoto},
		"schema_lungo":      {postgres.Config{Connessione: "postgres://x", Schema: strings.Repeat("a", 64)}, guasto.EsitoIgnoto},
		"illeggibile":       {postgres.Config{Connessione: "postgres://utente:segretissima@nodo.interno:porta/base"}, guasto.Configurazione},
		"chiusa":            {postgres.Config{Connessione: "postgres://utente:segretissima@127.0.0.1:1/base?connect_timeout=5"}, guasto.Transitorio},
		"senza_nodo":        {postgres.Config{Connessione: "host=/nodo/interno user=utente password=segretissima"}, guasto.Transitorio},
	} {
		caso.c.Logger = logger
		s, err := postgres.Open(ctx, caso.c)
		require.Error(t, err, nome)
		require.Nil(t, s)
		require.Equal(t, caso.classe, guasto.Di(err), "%s: %v", nome, err)
		for e := err; e != nil; e = errors.Unwrap(e) {
			for _, segreto := range []string{"segretissima", "utente", "interno", "127.0.0.1"} {
				require.NotContains(t, fmt.Sprintf("%v %+v %#v", e, e, e), segreto, nome)
			}
		}
	}
	require.Empty(t, registro.String())
	annullato, annulla := context.WithCancel(ctx)
	annulla()
	_, err := postgres.Open(annullato, postgres.Config{Connessione: "postgres://x@127.0.0.1:1/x", Attesa: time.Second})
	require.ErrorIs(t, err, context.Canceled)
}
