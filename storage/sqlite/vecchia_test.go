package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// schedaVecchia is the n-th pratica that version 1 wrote.
func schedaVecchia(n int) storagetest.Scheda {
	ora := storagetest.Ora().Add(time.Duration(n) * time.Minute)
	v := storagetest.Scheda{Ente: ente, ID: storagetest.ID(n), Servizio: fmt.Sprint("s", n%3), Stato: pratica.Stati()[n%len(pratica.Stati())], Creata: ora, Cambio: ora.Add(time.Hour),
		Nome: "Niccolò", Cognome: []string{"Rossi", "Bianchi", "Verdi"}[n%3], CF: fmt.Sprintf("RSSMRA80A01%05d", n), Oggetto: fmt.Sprint("Suolo x", n)}
	if !proiezione.Bozza(v.Stato) {
		v.Presentata, v.Numero = ora, pratica.Numero{Anno: 2026, Progressivo: int64(n + 1)}
		v.Protocollo, v.Ufficio = fmt.Sprint(n+100), "u"
	}
	if n%4 == 0 {
		v.Dovuto = decimal.RequireFromString("16.50")
		v.File = []string{fmt.Sprintf("%064x", n), strings.Repeat("ab", 32)}
	}
	if n%5 == 0 && v.Stato == pratica.InCarico {
		v.Operatore = "op"
	}
	return v
}

// versione1 makes a database as version 1 left it: its migration alone, and rows
// as its statements wrote them, in every table.
func versione1(t *testing.T, percorso string, quante int) {
	t.Helper()
	ctx := context.Background()
	require.NoError(t, os.WriteFile(percorso, nil, 0o600))
	db, err := sql.Open("sqlite", "file:"+percorso+"?_pragma=journal_mode(WAL)&_pragma=foreign_keys(ON)&_txlock=immediate")
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	_, err = db.Exec("PRAGMA application_id = 0x50524154")
	require.NoError(t, err)
	p, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("migrazioni"), goose.WithDisableGlobalRegistry(true), goose.WithTableName("migrazioni"))
	require.NoError(t, err)
	_, err = p.UpTo(ctx, 1)
	require.NoError(t, err)
	tx, err := db.Begin()
	require.NoError(t, err)
	esegui := func(frase string, v ...any) {
		_, err := tx.Exec(frase, v...)
		require.NoError(t, err)
	}
	for n := range quante {
		c, err := schedaVecchia(n).Commit()
		require.NoError(t, err)
		p, r := c.Pratica, proiezione.Riga(c.Pratica, nil, false)
		dati, err := json.Marshal(p)
		require.NoError(t, err)
		esegui(`INSERT INTO pratiche (ente, id, versione, servizio, stato, bozza, finale, anno, progressivo, oggetto, richiedente,
			codice_fiscale, anonimo, ufficio, operatore, protocollo, creata, presentata_il, presentazione, cambio_stato, aggiornata, testo, proiezione, attenzione)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			p.Ente, string(p.ID), p.Versione, p.Servizio, string(p.Stato), proiezione.Bozza(p.Stato), p.Stato.Finale(), p.Numero.Anno, p.Numero.Progressivo, r.Oggetto,
			r.Richiedente, r.CodiceFiscale, "", r.Ufficio, r.Operatore, r.Protocollo, proiezione.Istante(r.Creata), proiezione.Istante(r.PresentataIl),
			proiezione.Istante(proiezione.Presentazione(&r)), proiezione.Istante(r.CambioStato), proiezione.Istante(r.Aggiornata), "niccolo rossi", dati, n%4/3)
		for i := range c.Eventi {
			b, err := json.Marshal(c.Eventi[i])
			require.NoError(t, err)
			esegui(`INSERT INTO eventi (ente, pratica, progressivo, evento) VALUES (?, ?, ?, ?)`, ente, string(p.ID), i+1, b)
		}
		t0 := proiezione.Istante(c.Ora)
		stato := []storage.StatoEffetto{storage.DaFare, storage.InCorso, storage.Fatto, storage.EsitoIgnoto}[n%4]
		esegui(`INSERT INTO effetti (ente, id, pratica, ordine, genere, riferimento, corsia, causato, stato, prossimo, diario, scadenza, gettone, titolare) VALUES (?, ?, ?, 1, 'avviso', 'r', 'avvisi', ?, ?, ?, CAST('{}' AS BLOB), ?, 7, 'w')`,
			ente, fmt.Sprint("e", n), string(p.ID), t0, string(stato), t0, t0)
		esegui(`INSERT INTO chiavi (ente, pratica, chiave, versione, stato) VALUES (?, ?, 'k', ?, ?)`, ente, string(p.ID), p.Versione, string(p.Stato))
		esegui(`INSERT INTO unici (ente, ambito, chiave, pratica) VALUES (?, 'bollo', ?, ?)`, ente, fmt.Sprint(n), string(p.ID))
		esegui(`INSERT INTO numeri (ente, serie, anno, numero, pratica) VALUES (?, 'richiesta', 2026, ?, ?)`, ente, n+1, string(p.ID))
		esegui(`INSERT INTO cassetto (ente, tabella, chiave, valore) VALUES (?, 't', ?, ?)`, ente, fmt.Sprintf("%06d", n), []byte("v"))
	}
	require.NoError(t, tx.Commit())
	require.NoError(t, db.Close())
}

// comeVersione1 checks through the Store that all which version 1 wrote is there.
func comeVersione1(t *testing.T, s *sqlite.Store, quante int) {
	t.Helper()
	ctx := context.Background()
	for n := range quante {
		v := schedaVecchia(n)
		c, err := v.Commit()
		require.NoError(t, err)
		p, err := s.Carica(ctx, ente, v.ID)
		require.NoError(t, err)
		uguali(t, c.Pratica, p)
		iter, err := s.Eventi(ctx, ente, v.ID)
		require.NoError(t, err)
		require.NoError(t, pratica.Verifica(iter))
		effetti, err := s.Effetti(ctx, ente, v.ID)
		require.NoError(t, err)
		require.Len(t, effetti, 1)
		require.Equal(t, "{}", string(effetti[0].Diario))
		r, ok, err := s.Ripetuta(ctx, ente, v.ID, "k")
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, p.Versione, r.Versione)
		numero, err := s.Numera(ctx, ente, "richiesta", 2026, v.ID)
		require.NoError(t, err)
		require.EqualValues(t, n+1, numero)
		for _, sha := range v.File {
			usato, err := s.InUso(ctx, ente, sha)
			require.NoError(t, err)
			require.True(t, usato)
		}
	}
	elenca := func(f storage.Filtro) (righe []storage.Riga) {
		f.Ente, f.Limite = ente, 200
		for {
			p, err := s.Cerca(ctx, f)
			require.NoError(t, err)
			righe = append(righe, p.Righe...)
			if f.Cursore = p.Seguente; f.Cursore == "" {
				return righe
			}
		}
	}
	attese := func(scelta func(v storagetest.Scheda) bool) (id []pratica.ID) {
		for n := range quante {
			if v := schedaVecchia(n); scelta(v) {
				id = append(id, v.ID)
			}
		}
		return id
	}
	for nome, x := range map[string]struct {
		f      storage.Filtro
		scelta func(v storagetest.Scheda) bool
	}{
		"tutte":      {storage.Filtro{Bozze: true}, func(storagetest.Scheda) bool { return true }},
		"servizio":   {storage.Filtro{Bozze: true, Servizi: []string{"s1"}}, func(v storagetest.Scheda) bool { return v.Servizio == "s1" }},
		"stato":      {storage.Filtro{Stati: []pratica.Stato{pratica.InCarico}}, func(v storagetest.Scheda) bool { return v.Stato == pratica.InCarico }},
		"testo":      {storage.Filtro{Bozze: true, Testo: "niccolo ross"}, func(v storagetest.Scheda) bool { return v.Cognome == "Rossi" }},
		"nome":       {storage.Filtro{Bozze: true, Nome: "bianchi"}, func(v storagetest.Scheda) bool { return v.Cognome == "Bianchi" }},
		"protocollo": {storage.Filtro{Protocollo: "106/2026"}, func(v storagetest.Scheda) bool { return v.Protocollo == "106" }},
		"dovuto":     {storage.Filtro{Bozze: true, DovutoMin: decimal.NewNullDecimal(decimal.RequireFromString("16.50"))}, func(v storagetest.Scheda) bool { return !v.Dovuto.IsZero() }},
		"attenzione": {storage.Filtro{Bozze: true, Attenzione: true}, func(v storagetest.Scheda) bool { return v.Creata.Sub(storagetest.Ora())/time.Minute%4 == 3 }},
		"con_dati":   {storage.Filtro{Bozze: true, ConDati: true}, func(storagetest.Scheda) bool { return true }},
	} {
		var id []pratica.ID
		for _, r := range elenca(x.f) {
			id = append(id, r.ID)
		}
		slices.Sort(id)
		require.Equal(t, attese(x.scelta), id, nome)
		riepilogo, err := s.Riassumi(ctx, conEnte(x.f))
		require.NoError(t, err)
		require.Equal(t, len(id), riepilogo.Totale, nome)
	}
	var presi int
	for {
		e, err := s.Prenota(ctx, storage.Prenotazione{Titolare: "nuovo", Ora: storagetest.Ora().AddDate(1, 0, 0), Durata: time.Minute, Limite: 1000})
		require.NoError(t, err)
		if presi += len(e); len(e) == 0 {
			break
		}
	}
	require.Equal(t, (quante+3)/4+(quante+2)/4, presi, "to be done, or leased to somebody who is gone")
	err := s.Lettura(ctx, ente, func(tx cassetto.Tx) error {
		v, err := tx.Elenca("t", cassetto.Intervallo{})
		require.Len(t, v, quante)
		return err
	})
	require.NoError(t, err)
}

func conEnte(f storage.Filtro) storage.Filtro {
	f.Ente = ente
	return f
}

func uguali(t *testing.T, attesa, avuta *pratica.Pratica) {
	t.Helper()
	a, err := json.Marshal(attesa)
	require.NoError(t, err)
	b, err := json.Marshal(avuta)
	require.NoError(t, err)
	require.JSONEq(t, string(a), string(b))
}

func TestVersione1(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	const quante = 60
	percorso := filepath.Join(t.TempDir(), "p.db")
	versione1(t, percorso, quante)
	var registro strings.Builder
	chiavi, err := busta.NewChiavi("k", map[string][]byte{"k": []byte(strings.Repeat("k", 32))})
	require.NoError(t, err)
	sigilli, err := busta.New(busta.Config{Portachiavi: chiavi, AmmettiInChiaro: true})
	require.NoError(t, err)
	s, err := sqlite.Open(ctx, sqlite.Config{Percorso: percorso, Busta: sigilli, Logger: slog.New(slog.NewTextHandler(&registro, nil))})
	require.NoError(t, err)
	require.Contains(t, registro.String(), "fatte=60 totale=60")
	comeVersione1(t, s, quante)

	// What it was, it is: claims are held, a draft goes with all that is its own,
	// a new commit is found by its new words.
	v := schedaVecchia(0)
	p, err := s.Carica(ctx, ente, v.ID)
	require.NoError(t, err)
	c, err := storagetest.Poi(p, pratica.Bozza, storagetest.Ora(), pratica.RichiestaInviata{Oggetto: "Dehors", Numero: pratica.Numero{Anno: 2026, Progressivo: 999}})
	require.NoError(t, err)
	c.Unici = []storage.Unico{{Ambito: "bollo", Chiave: "1"}}
	var unico *storage.ErroreUnico
	_, err = s.Registra(ctx, c)
	require.ErrorAs(t, err, &unico)
	c.Unici = nil
	_, err = s.Registra(ctx, c)
	require.NoError(t, err)
	for testo, trovate := range map[string]int{"dehors": 1, "suolo x0": 0, "suolo x59": 1, "999": 1} {
		pagina, err := s.Cerca(ctx, storage.Filtro{Ente: ente, Bozze: true, Testo: testo})
		require.NoError(t, err)
		require.Len(t, pagina.Righe, trovate, testo)
	}
	c, err = storagetest.Poi(c.Pratica, pratica.Bozza, storagetest.Ora(), pratica.BozzaEliminata{})
	require.NoError(t, err)
	c.Elimina = true
	_, err = s.Registra(ctx, c)
	require.NoError(t, err)
	usato, err := s.InUso(ctx, ente, v.File[0])
	require.NoError(t, err)
	require.False(t, usato)
	usato, err = s.InUso(ctx, ente, v.File[1])
	require.NoError(t, err)
	require.True(t, usato, "others have it too")
	require.NoError(t, s.Close())
	sana(t, percorso)

	// The tables are those of a new file.
	nuovo := filepath.Join(t.TempDir(), "nuovo.db")
	apri(t, nuovo)
	require.Equal(t, schema(t, nuovo), schema(t, percorso))
	for tabella, n := range map[string]int{"eventi": 0, "unici": 0, "proiezioni": 0, "pratiche": 0} {
		chiave := map[string]string{"eventi": "pratica = '" + string(v.ID) + "'", "unici": "pratica = '" + string(v.ID) + "'", "proiezioni": "riga = 1", "pratiche": "riga = 1"}[tabella]
		require.Equal(t, n, conta(t, percorso, "SELECT count(*) FROM "+tabella+" WHERE "+chiave), tabella)
	}
}

// schema gives all tables, indexes and triggers as they are written.
func schema(t *testing.T, percorso string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", percorso)
	require.NoError(t, err)
	defer db.Close()
	righe, err := db.Query(`SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1`)
	require.NoError(t, err)
	defer righe.Close()
	var v []string
	for righe.Next() {
		var x string
		require.NoError(t, righe.Scan(&x))
		v = append(v, x)
	}
	require.NoError(t, righe.Err())
	return v
}

func conta(t *testing.T, percorso, frase string) int {
	t.Helper()
	db, err := sql.Open("sqlite", percorso)
	require.NoError(t, err)
	defer db.Close()
	var n int
	require.NoError(t, db.QueryRow(frase).Scan(&n))
	return n
}

// sana looks for damage of any kind.
func sana(t *testing.T, percorso string) {
	t.Helper()
	db, err := sql.Open("sqlite", percorso)
	require.NoError(t, err)
	defer db.Close()
	var esito string
	require.NoError(t, db.QueryRow("PRAGMA integrity_check").Scan(&esito))
	require.Equal(t, "ok", esito)
	var orfani int
	require.NoError(t, db.QueryRow("SELECT count(*) FROM pragma_foreign_key_check").Scan(&orfani))
	require.Zero(t, orfani)
	_, err = db.Exec("INSERT INTO ricerca (ricerca, rank) VALUES ('integrity-check', 0)")
	require.NoError(t, err)
}

// TestVecchiaIllegibile opens an old database in which one pratica is damaged.
func TestVecchiaIllegibile(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	percorso := filepath.Join(t.TempDir(), "p.db")
	versione1(t, percorso, 3)
	esegui(t, percorso, "UPDATE pratiche SET proiezione = CAST('{' AS BLOB) WHERE rowid = 2")
	var registro strings.Builder
	s, err := sqlite.Open(ctx, sqlite.Config{Percorso: percorso, Logger: slog.New(slog.NewTextHandler(&registro, nil))})
	require.NoError(t, err)
	defer s.Close()
	require.Contains(t, registro.String(), "illeggibile")
	require.NotContains(t, registro.String(), "Niccolò")
	_, err = s.Carica(ctx, ente, storagetest.ID(1))
	require.ErrorIs(t, err, storage.ErrCorrotto)
	_, err = s.Carica(ctx, ente, storagetest.ID(2))
	require.NoError(t, err)
}

// TestVecchiaSigillata fills in from projections that are sealed, if it has the key.
func TestVecchiaSigillata(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	percorso := filepath.Join(t.TempDir(), "p.db")
	versione1(t, percorso, 2)
	v := schedaVecchia(0)
	c, err := v.Commit()
	require.NoError(t, err)
	chiaro, err := json.Marshal(c.Pratica)
	require.NoError(t, err)
	dati, err := sigilli(t, false, "uno").Chiudi(ctx, ente, "pratiche/"+string(v.ID), chiaro)
	require.NoError(t, err)
	esegui(t, percorso, fmt.Sprintf("UPDATE pratiche SET proiezione = x'%x' WHERE rowid = 1", dati))
	_, err = sqlite.Open(ctx, sqlite.Config{Percorso: percorso})
	require.ErrorIs(t, err, busta.ErrChiave, "nothing is left out in silence")
	_, err = sqlite.Open(ctx, sqlite.Config{Percorso: percorso, Busta: sigilli(t, true, "due")})
	require.ErrorIs(t, err, busta.ErrChiave)
	comeVersione1(t, apriCon(t, percorso, sigilli(t, true, "uno")), 2)
}

// TestVecchiaOrfana refuses to go on where the old tables do not hold together.
func TestVecchiaOrfana(t *testing.T) {
	t.Parallel()
	percorso := filepath.Join(t.TempDir(), "p.db")
	versione1(t, percorso, 3)
	esegui(t, percorso, "DELETE FROM pratiche WHERE rowid = 2")
	prima := schema(t, percorso)
	_, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: percorso})
	require.ErrorIs(t, err, storage.ErrCorrotto)
	require.Equal(t, prima, schema(t, percorso))
	require.Equal(t, 1, conta(t, percorso, "SELECT max(version_id) FROM migrazioni"), "it can still be put right, or opened by the program of before")
}

// TestVecchiaApertaInsieme has processes and goroutines open one old database at
// once; some are killed while they migrate it.
func TestVecchiaApertaInsieme(t *testing.T) {
	t.Parallel()
	const quante = 1500
	percorso := filepath.Join(t.TempDir(), "p.db")
	versione1(t, percorso, quante)
	var gruppo sync.WaitGroup
	for i := range 3 {
		cmd, dice := avvia(t, percorso)
		gruppo.Go(func() {
			aspetta := []string{"migrazione in corso", "aperto", "aperto"}[i]
			for dice.Scan() && !strings.HasPrefix(dice.Text(), "errore") {
				if strings.Contains(dice.Text(), aspetta) || dice.Text() == "aperto" {
					break
				}
			}
			if strings.HasPrefix(dice.Text(), "errore") {
				t.Error(dice.Text())
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Error(err)
			}
			_ = cmd.Wait() // killed
		})
	}
	gruppo.Wait()
	for range 3 {
		gruppo.Go(func() {
			s, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: percorso})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	gruppo.Wait()
	sana(t, percorso)
	s := apri(t, percorso)
	for _, n := range []int{0, quante / 2, quante - 1} {
		v := schedaVecchia(n)
		p, err := s.Cerca(context.Background(), storage.Filtro{Ente: ente, Bozze: true, Testo: v.CF + " " + v.Cognome})
		require.NoError(t, err)
		require.Len(t, p.Righe, 1, "%d", n)
		require.Equal(t, v.ID, p.Righe[0].ID)
	}
	require.Equal(t, quante, conta(t, percorso, "SELECT count(*) FROM pratiche WHERE lessemi <> '' AND id LIKE '0190a3c2%'"), "each filled in once")
}
