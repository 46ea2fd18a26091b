package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// BenchmarkRegistra commits one command (a projection, 3 events, 2 effects, a
// key) through the Store and, turn by turn, the same rows with hand-written
// prepared statements on the same schema: the floor. "rapporto" is the ratio of
// the medians of one run; machines differ, it does not.
func BenchmarkRegistra(b *testing.B) {
	ctx := context.Background()
	s := apri(b, filepath.Join(b.TempDir(), "store.db"))
	p := nuovoPavimento(b, filepath.Join(b.TempDir(), "pavimento.db"))
	var tStore, tPavimento []time.Duration
	n := 0
	for b.Loop() {
		n++
		c, err := storagetest.Scheda{Ente: ente, ID: storagetest.ID(n), Servizio: "suolo", Stato: pratica.InCarico, Nome: "Mario", Cognome: "Rossi",
			CF: "RSSMRA80A01H501U", Oggetto: "Occupazione suolo", Operatore: "op1", Ufficio: "u1",
			Creata: storagetest.Ora(), Presentata: storagetest.Ora(), Cambio: storagetest.Ora()}.Commit()
		require.NoError(b, err)
		c.Chiave = "k"
		c.Effetti = []storage.Effetto{{ID: fmt.Sprint("a", n), Genere: pratica.EffettoAvviso}, {ID: fmt.Sprint("b", n), Genere: pratica.EffettoDocumento}}
		inizio := time.Now()
		_, err = s.Registra(ctx, c)
		tStore = append(tStore, time.Since(inizio))
		require.NoError(b, err)
		inizio = time.Now()
		err = p.registra(&c)
		tPavimento = append(tPavimento, time.Since(inizio))
		require.NoError(b, err)
	}
	slices.Sort(tStore)
	slices.Sort(tPavimento)
	a, f := tStore[len(tStore)/2], tPavimento[len(tPavimento)/2]
	b.ReportMetric(float64(a.Microseconds()), "µs/commit")
	b.ReportMetric(float64(f.Microseconds()), "µs/pavimento")
	b.ReportMetric(float64(a)/float64(f), "rapporto")
}

// pavimento writes the rows of a commit and nothing else: no checks, no key
// looked up.
type pavimento struct {
	db                                      *sql.DB
	pratica, dati, evento, effetto, cChiave *sql.Stmt
}

func nuovoPavimento(b *testing.B, percorso string) *pavimento {
	b.Helper()
	s := apri(b, percorso) // the schema
	require.NotNil(b, s)
	db, err := sql.Open("sqlite", "file:"+percorso+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=busy_timeout(10000)")
	require.NoError(b, err)
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	p := &pavimento{db: db}
	for dove, frase := range map[**sql.Stmt]string{
		&p.pratica: `INSERT INTO pratiche (ente, id, versione, servizio, stato, bozza, finale, anno, progressivo, oggetto, richiedente, codice_fiscale, anonimo,
			ufficio, operatore, protocollo, creata, presentata_il, presentazione, cambio_stato, aggiornata, lessemi)
			VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?, ?, '', ?, ?, '', ?, ?, ?, ?, ?, ?)`,
		&p.dati:    `INSERT INTO proiezioni (riga, dati) VALUES (?, ?)`,
		&p.evento:  `INSERT INTO eventi (ente, pratica, progressivo, evento) VALUES (?, ?, ?, ?)`,
		&p.effetto: `INSERT INTO effetti (ente, id, pratica, ordine, genere, riferimento, corsia, causato, stato, prossimo) VALUES (?, ?, ?, ?, ?, '', ?, ?, 'da_fare', ?)`,
		&p.cChiave: `INSERT INTO chiavi (ente, pratica, chiave, versione, stato) VALUES (?, ?, ?, ?, ?)`,
	} {
		*dove, err = db.Prepare(frase)
		require.NoError(b, err)
	}
	return p
}

// lessemiPavimento are those of the commit above.
const lessemiPavimento = " 0aa96ab8e1nmario 0aa96ab8e1nrossi 0aa96ab8e1tmario 0aa96ab8e1toccupazione 0aa96ab8e1trossi 0aa96ab8e1trssmra80a01h501u 0aa96ab8e1tsuolo "

func (f *pavimento) registra(c *storage.Commit) error {
	p := c.Pratica
	tx, err := f.db.Begin()
	if err != nil {
		return err
	}
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	t := c.Ora.UnixNano()
	r, err := tx.Stmt(f.pratica).Exec(p.Ente, string(p.ID), p.Versione, p.Servizio, string(p.Stato), p.Oggetto, "Mario Rossi", string(p.Richiedente.CodiceFiscale),
		p.Ufficio, p.Operatore, t, t, t, t, t, lessemiPavimento)
	if err != nil {
		return err
	}
	riga, err := r.LastInsertId()
	if err != nil {
		return err
	}
	if _, err = tx.Stmt(f.dati).Exec(riga, b); err != nil {
		return err
	}
	for i := range c.Eventi {
		if b, err = json.Marshal(c.Eventi[i]); err != nil {
			return err
		}
		if _, err = tx.Stmt(f.evento).Exec(p.Ente, string(p.ID), i+1, b); err != nil {
			return err
		}
	}
	for i, e := range c.Effetti {
		if _, err = tx.Stmt(f.effetto).Exec(p.Ente, e.ID, string(p.ID), i+1, string(e.Genere), e.Genere.Corsia(), t, t); err != nil {
			return err
		}
	}
	if _, err = tx.Stmt(f.cChiave).Exec(p.Ente, string(p.ID), c.Chiave, p.Versione, string(p.Stato)); err != nil {
		return err
	}
	return tx.Commit()
}

func BenchmarkPrenotaAVuoto(b *testing.B) {
	s := apri(b, filepath.Join(b.TempDir(), "p.db"))
	for b.Loop() {
		if _, err := s.Prenota(context.Background(), storage.Prenotazione{Titolare: "w", Ora: storagetest.Ora(), Durata: time.Minute, Limite: 10}); err != nil {
			b.Fatal(err)
		}
	}
}
