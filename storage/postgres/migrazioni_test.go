package postgres_test

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

//go:embed migrazioni/*.sql testdata/*.sql
var file embed.FS

// TestAggiornamento brings a schema of each earlier version, and of this one,
// with the data that such a version wrote (testdata/versione_N.sql, made with
// pg_dump --data-only --inserts), to this version, and uses it. A new migration
// needs its file there and nothing else.
func TestAggiornamento(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	migrazioni, err := fs.Glob(file, "migrazioni/*.sql")
	require.NoError(t, err)
	cartella, err := fs.Sub(file, "migrazioni")
	require.NoError(t, err)
	for n := range migrazioni {
		versione := int64(n + 1)
		t.Run(fmt.Sprint(versione), func(t *testing.T) {
			t.Parallel()
			dati, err := file.ReadFile(fmt.Sprintf("testdata/versione_%d.sql", versione))
			require.NoError(t, err, "every version needs its data")
			schema := nuovoSchema(t)
			esegui(t, "", `CREATE SCHEMA `+schema)
			conn := collega(t, schema)
			c := conn.Config()
			require.NoError(t, conn.Close(ctx))
			db := stdlib.OpenDB(*c)
			p, err := goose.NewProvider(goose.DialectPostgres, db, cartella, goose.WithDisableGlobalRegistry(true), goose.WithTableName("migrazioni"), goose.WithLogger(goose.NopLogger()))
			require.NoError(t, err)
			_, err = p.UpTo(ctx, versione)
			require.NoError(t, err)
			require.NoError(t, db.Close())
			esegui(t, schema, strings.Split(strings.TrimSpace(string(dati)), "\n")...)
			ancoraBuona(t, apri(t, postgres.Config{Schema: schema}))
		})
	}
}

// campione writes what a version leaves behind; versione_N.sql holds it.
func campione(t testing.TB, s storage.Store) {
	t.Helper()
	ctx := context.Background()
	c, err := storagetest.Scheda{Ente: ente, ID: storagetest.ID(1), Servizio: "suolo", Stato: pratica.InCarico, Numero: pratica.Numero{Anno: 2026, Progressivo: 1}, Oggetto: "Passo carrabile",
		Nome: "Niccolò", Cognome: "D'Aquì\x00", CF: "DQANCL80A01H501U", Ufficio: "u1", Operatore: "op1", Protocollo: "12",
		Creata: storagetest.Ora(), Presentata: storagetest.Ora(), Cambio: storagetest.Ora()}.Commit()
	require.NoError(t, err)
	c.Chiave, c.Unici = "k", []storage.Unico{{Ambito: "a", Chiave: "1"}}
	c.Effetti = []storage.Effetto{{ID: "e1", Genere: pratica.EffettoDocumento}, {ID: "e2", Genere: pratica.EffettoDocumento}, {ID: "e3", Genere: pratica.EffettoAvviso}}
	_, err = s.Registra(ctx, c)
	require.NoError(t, err)
	bozza(t, s, 2)
	n, err := s.Numera(ctx, ente, "richiesta", 2026, storagetest.ID(1))
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}

// ancoraBuona looks for all that campione wrote, and goes on with it.
func ancoraBuona(t *testing.T, s storage.Store) {
	t.Helper()
	ctx := context.Background()
	p, err := s.Carica(ctx, ente, storagetest.ID(1))
	require.NoError(t, err)
	iter, err := s.Eventi(ctx, ente, p.ID)
	require.NoError(t, err)
	require.NoError(t, pratica.Verifica(iter))
	piega, err := pratica.Ripiega(iter)
	require.NoError(t, err)
	require.Equal(t, p.Impronta, piega.Impronta)
	require.Equal(t, p.Richiedente, piega.Richiedente)
	for _, f := range []storage.Filtro{{Testo: "daqui carrabile"}, {Testo: "d'aqui"}, {Protocollo: "12"}, {Numero: p.Numero}, {Richiedente: "DQANCL80A01H501U"}, {Servizi: []string{"suolo"}}, {}} {
		f.Ente = ente
		if strings.Contains(f.Testo, "daqui") {
			require.Empty(t, tutte(t, s, f))
			continue
		}
		righe := tutte(t, s, f)
		require.Len(t, righe, 1, "%+v", f)
		require.Equal(t, "Niccolò D'Aquì\x00", righe[0].Richiedente)
	}
	require.Len(t, tutte(t, s, storage.Filtro{Ente: ente, Bozze: true}), 2)
	_, gia, err := s.Ripetuta(ctx, ente, p.ID, "k")
	require.NoError(t, err)
	require.True(t, gia)
	n, err := s.Numera(ctx, ente, "richiesta", 2026, storagetest.ID(2))
	require.NoError(t, err)
	require.EqualValues(t, 2, n)
	c := nota(t, p, "nuova")
	presi, err := s.Prenota(ctx, storage.Prenotazione{Titolare: "w", Ora: storagetest.Ora(), Durata: 1, Limite: 10})
	require.NoError(t, err)
	require.Len(t, presi, 2, "the first of each lane")
	for i := range presi {
		if presi[i].ID == "e1" {
			c.Concluso = &presi[i]
		}
	}
	_, err = s.Registra(ctx, c)
	require.NoError(t, err)
	presi, err = s.Prenota(ctx, storage.Prenotazione{Titolare: "w", Ora: storagetest.Ora(), Durata: 1, Limite: 10})
	require.NoError(t, err)
	require.Equal(t, "e2", presi[0].ID)
}

// TestCampione: the data of the last version are what this program writes.
func TestCampione(t *testing.T) {
	t.Parallel()
	s := apri(t, postgres.Config{})
	campione(t, s)
	ancoraBuona(t, s)
}
