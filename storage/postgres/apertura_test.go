package postgres_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

func TestRiapre(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	schema := nuovoSchema(t)
	var log registro
	c := postgres.Config{Connessione: dsn(t), Schema: schema, Logger: slog.New(slog.NewTextHandler(&log, nil))}
	s, err := postgres.Open(ctx, c)
	require.NoError(t, err)
	p := bozza(t, s, 1, storage.Effetto{ID: "e", Genere: pratica.EffettoAvviso})
	require.NoError(t, s.Close())
	_, err = s.Carica(ctx, ente, p.ID)
	require.ErrorContains(t, err, "chiuso")
	require.NotErrorIs(t, err, storage.ErrNonTrovata)
	s = apri(t, c)
	q, err := s.Carica(ctx, ente, p.ID)
	require.NoError(t, err)
	require.Equal(t, p.Impronta, q.Impronta)
	e, err := s.Effetti(ctx, ente, p.ID)
	require.NoError(t, err)
	require.Len(t, e, 1)
	require.Equal(t, 1, strings.Count(log.String(), "migrazione applicata"), log.String())
}

// TestMoltiAprono has many hosts find an empty schema at once.
func TestMoltiAprono(t *testing.T) {
	t.Parallel()
	schema, stringa := nuovoSchema(t), dsn(t)
	var log registro
	var gruppo sync.WaitGroup
	for i := range 8 {
		gruppo.Go(func() {
			s, err := postgres.Open(context.Background(), postgres.Config{Connessione: stringa, Schema: schema, Connessioni: 2, Logger: slog.New(slog.NewTextHandler(&log, nil))})
			if err != nil {
				t.Error(err)
				return
			}
			if _, err = s.Numera(context.Background(), ente, "richiesta", 2026, pratica.ID(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	gruppo.Wait()
	n, err := apri(t, postgres.Config{Schema: schema}).Numera(context.Background(), ente, "richiesta", 2026, "dopo")
	require.NoError(t, err)
	require.EqualValues(t, 9, n)
	require.Equal(t, 1, strings.Count(log.String(), "migrazione applicata"), "one of them did it")
}

func TestNonApre(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	apri := func(schema, stringa string) error {
		s, err := postgres.Open(ctx, postgres.Config{Connessione: stringa, Schema: schema, Connessioni: 2})
		if err == nil {
			return s.Close()
		}
		return err
	}
	estraneo := nuovoSchema(t)
	esegui(t, "", `CREATE SCHEMA `+estraneo, `CREATE TABLE `+estraneo+`.clienti (id integer)`)
	require.ErrorContains(t, apri(estraneo, dsn(t)), "contiene altro")

	nuovo := nuovoSchema(t)
	require.NoError(t, apri(nuovo, dsn(t)))
	esegui(t, nuovo, `INSERT INTO migrazioni (version_id, is_applied) VALUES (9999, true)`)
	require.ErrorContains(t, apri(nuovo, dsn(t)), "più recente")

	preparato := nuovoSchema(t) // by an administrator
	esegui(t, "", `CREATE SCHEMA `+preparato)
	require.NoError(t, apri(preparato, dsn(t)))

	base := nuovoSchema(t)
	require.Equal(t, guasto.Configurazione, guasto.Di(apri(nuovo, con(t, func(u *url.URL) { u.Path = base }))), "no such database")
	ruolo := nuovoSchema(t)
	esegui(t, "", `CREATE ROLE `+ruolo+` LOGIN`)
	t.Cleanup(func() { esegui(t, "", `DROP ROLE `+ruolo) })
	err := apri(nuovoSchema(t), con(t, func(u *url.URL) { u.User = url.User(ruolo) }))
	require.Equal(t, guasto.Configurazione, guasto.Di(err), "a role without the right: %v", err)

	latina := nuovoSchema(t)
	esegui(t, "", `CREATE DATABASE `+latina+` ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`)
	t.Cleanup(func() { esegui(t, "", `DROP DATABASE `+latina+` WITH (FORCE)`) })
	require.Equal(t, guasto.Configurazione, guasto.Di(apri("", con(t, func(u *url.URL) { u.Path = latina }))), "a database that is not in UTF-8")
}

// TestAvvisaSeNonScrive tells the administrator of a server that confirms before
// it has written.
func TestAvvisaSeNonScrive(t *testing.T) {
	t.Parallel()
	var log registro
	apri(t, postgres.Config{Connessione: conParametro(t, "synchronous_commit", "off"), Logger: slog.New(slog.NewTextHandler(&log, nil))})
	require.Contains(t, log.String(), "un guasto può perdere")
	require.NotContains(t, log.String(), "127.0.0.1")
}

// TestImpostazioniDellHost: what the connection string says of the session holds.
func TestImpostazioniDellHost(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	schema := nuovoSchema(t)
	s := apri(t, postgres.Config{Connessione: conParametro(t, "statement_timeout", "500"), Schema: schema})
	conn := collega(t, schema)
	defer conn.Close(ctx)
	_, err := conn.Exec(ctx, `BEGIN; LOCK TABLE proiezioni`)
	require.NoError(t, err)
	_, err = s.Carica(ctx, ente, storagetest.ID(1))
	require.Equal(t, guasto.Transitorio, guasto.Di(err), "%v", err)
	require.ErrorContains(t, err, "tempo_scaduto")
	_, err = conn.Exec(ctx, `COMMIT`)
	require.NoError(t, err)
}

func TestContenutoAlterato(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	schema := nuovoSchema(t)
	s := apri(t, postgres.Config{Schema: schema})
	p := bozza(t, s, 1)
	esegui(t, schema, `UPDATE proiezioni SET dati = '{"oggetto": "Rossi'`, `UPDATE eventi SET evento = '[]'`)
	_, err := s.Carica(ctx, ente, p.ID)
	require.ErrorIs(t, err, storage.ErrCorrotto)
	require.NotContains(t, err.Error(), "Rossi")
	_, err = s.Eventi(ctx, ente, p.ID)
	require.ErrorIs(t, err, storage.ErrCorrotto)
	esegui(t, schema, `UPDATE pratiche SET campi = '{'`)
	_, err = s.Cerca(ctx, storage.Filtro{Ente: ente, Bozze: true})
	require.NoError(t, err, "no fields")
	esegui(t, schema, `UPDATE pratiche SET campi = '{"a":'`)
	_, err = s.Cerca(ctx, storage.Filtro{Ente: ente, Bozze: true})
	require.ErrorIs(t, err, storage.ErrCorrotto)
}
