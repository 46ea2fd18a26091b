package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// alterna measures what the store does and, turn by turn, its floor: the same
// work by bare means. "rapporto" is the ratio of the medians of one run;
// machines differ, it does not.
func alterna(b *testing.B, store, pavimento func(n int) error) {
	b.Helper()
	var tempi [2][]time.Duration
	n := 0
	for b.Loop() {
		n++
		for i, fn := range []func(int) error{store, pavimento} {
			inizio := time.Now()
			err := fn(n)
			tempi[i] = append(tempi[i], time.Since(inizio))
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	s, p := mediana(tempi[0]), mediana(tempi[1])
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(s.Microseconds()), "µs/store")
	b.ReportMetric(float64(p.Microseconds()), "µs/pavimento")
	b.ReportMetric(float64(s)/float64(p), "rapporto")
}

// BenchmarkRegistra commits new pratiche (a projection, 3 events, 2 effects, a
// key, a file) and steps of pratiche that are there (a projection, an event, an
// effect, a key), beside the same rows written by hand into the same tables.
// Where PRATICHE_RIGHE_FILE says so, into copies of that file.
func BenchmarkRegistra(b *testing.B) {
	ctx := context.Background()
	b.Run("nuova", func(b *testing.B) {
		s, p := apri(b, copia(b)), nuovoPavimento(b, copia(b))
		alterna(b, func(n int) error {
			_, err := s.Registra(ctx, commitNuovo(b, n))
			return err
		}, func(n int) error { return p.inserisce(commitNuovo(b, n)) })
	})
	b.Run("passo", func(b *testing.B) {
		s, p := apri(b, copia(b)), nuovoPavimento(b, copia(b))
		note := map[bool][]*pratica.Pratica{}
		for n := range 20 {
			c := commitNuovo(b, n)
			_, err := s.Registra(ctx, c)
			require.NoError(b, err)
			require.NoError(b, p.inserisce(c))
			note[true], note[false] = append(note[true], c.Pratica), append(note[false], c.Pratica)
		}
		passo := func(delStore bool, n int) storage.Commit {
			v := note[delStore]
			c, err := storagetest.Poi(v[n%20], []pratica.Stato{pratica.InCarico, pratica.AttesaIntegrazione}[n/20%2], storagetest.Ora().Add(time.Duration(n)*time.Minute),
				pratica.NotaScritta{ID: "x" + strconv.Itoa(n), Testo: "una nota"})
			require.NoError(b, err)
			c.Pratica.Note = c.Pratica.Note[:1] // as long as before
			c.Chiave, c.Effetti = "k"+strconv.Itoa(n), []storage.Effetto{{ID: "p" + strconv.Itoa(n), Genere: pratica.EffettoAvviso}}
			v[n%20] = c.Pratica
			return c
		}
		alterna(b, func(n int) error {
			_, err := s.Registra(ctx, passo(true, n))
			return err
		}, func(n int) error { return p.aggiorna(passo(false, n)) })
	})
}

func commitNuovo(tb testing.TB, n int) storage.Commit {
	tb.Helper()
	c, err := storagetest.Scheda{Ente: ente, ID: pratica.ID(fmt.Sprintf("ffffffff-0000-7000-8000-%012x", n)), Servizio: idServizio(n % servizi), Stato: pratica.InCarico,
		Nome: nomiPropri()[n%40], Cognome: cognomi()[n%90], CF: fmt.Sprintf("RSSMRA80A01H%04d", n), Oggetto: oggetti()[n%20] + " " + strconv.Itoa(n),
		Operatore: "operatore-1", Ufficio: "ufficio-1", File: []string{fmt.Sprintf("%064x", n)},
		Creata: storagetest.Ora(), Presentata: storagetest.Ora().Add(time.Duration(n) * time.Second), Cambio: storagetest.Ora().Add(time.Hour)}.Commit()
	require.NoError(tb, err)
	c.Chiave = "k"
	c.Effetti = []storage.Effetto{{ID: fmt.Sprint("a", n), Genere: pratica.EffettoAvviso}, {ID: fmt.Sprint("b", n), Genere: pratica.EffettoDocumento}}
	return c
}

// copia gives a file to write into: a new one, or a copy of PRATICHE_RIGHE_FILE.
func copia(b *testing.B) string {
	b.Helper()
	percorso := filepath.Join(b.TempDir(), "p.db")
	if da := os.Getenv("PRATICHE_RIGHE_FILE"); da != "" {
		r, err := os.Open(da)
		require.NoError(b, err)
		w, err := os.Create(percorso)
		require.NoError(b, err)
		_, err = io.Copy(w, r)
		require.NoError(b, err)
		require.NoError(b, r.Close())
		require.NoError(b, w.Close())
	}
	return percorso
}

// pavimento writes and reads the rows of a pratica and nothing else: no checks,
// no key looked up, no comparison with what was there.
type pavimento struct {
	db                                                       *sql.DB
	pratica, dati, evento, effetto, chiave, file             *sql.Stmt
	aggiornaPratica, aggiornaDati, leggiPratica, leggiEventi *sql.Stmt
}

func nuovoPavimento(b *testing.B, percorso string) *pavimento {
	b.Helper()
	s, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: percorso}) // the schema
	require.NoError(b, err)
	require.NoError(b, s.Close())
	db, err := sql.Open("sqlite", "file:"+percorso+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=busy_timeout(10000)")
	require.NoError(b, err)
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	p := &pavimento{db: db}
	for dove, frase := range map[**sql.Stmt]string{
		&p.pratica: `INSERT INTO pratiche (ente, id, versione, servizio, stato, bozza, finale, anno, progressivo, oggetto, richiedente, codice_fiscale, anonimo,
			ufficio, operatore, protocollo, creata, presentata_il, presentazione, cambio_stato, aggiornata, lessemi)
			VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?, ?, '', ?, ?, '', ?, ?, ?, ?, ?, ?)`,
		&p.dati:            `INSERT INTO proiezioni (riga, dati) VALUES (?, ?)`,
		&p.evento:          `INSERT INTO eventi (ente, pratica, progressivo, evento) VALUES (?, ?, ?, ?)`,
		&p.effetto:         `INSERT INTO effetti (ente, id, pratica, ordine, genere, riferimento, corsia, causato, stato, prossimo) VALUES (?, ?, ?, ?, ?, '', ?, ?, 'da_fare', ?)`,
		&p.chiave:          `INSERT INTO chiavi (ente, pratica, chiave, versione, stato) VALUES (?, ?, ?, ?, ?)`,
		&p.file:            `INSERT INTO riferimenti (ente, sha256, riga) VALUES (?, ?, ?)`,
		&p.aggiornaPratica: `UPDATE pratiche SET versione = ?, stato = ?, cambio_stato = ?, aggiornata = ? WHERE ente = ? AND id = ?`,
		&p.aggiornaDati:    `UPDATE proiezioni SET dati = ? WHERE riga = (SELECT riga FROM pratiche WHERE ente = ? AND id = ?)`,
		&p.leggiPratica:    `SELECT dati FROM proiezioni WHERE riga = (SELECT riga FROM pratiche WHERE ente = ? AND id = ?)`,
		&p.leggiEventi:     `SELECT evento FROM eventi WHERE ente = ? AND pratica = ? ORDER BY progressivo`,
	} {
		*dove, err = db.Prepare(frase)
		require.NoError(b, err)
	}
	return p
}

func (f *pavimento) inserisce(c storage.Commit) error {
	return f.scrive(&c, func(tx *sql.Tx, dati []byte) error {
		p, t := c.Pratica, c.Ora.UnixNano()
		lessemi := sqlite.Lessemi(p)
		r, err := tx.Stmt(f.pratica).Exec(p.Ente, string(p.ID), p.Versione, p.Servizio, string(p.Stato), p.Oggetto, p.Richiedente.Denominazione(), string(p.Richiedente.CodiceFiscale),
			p.Ufficio, p.Operatore, t, t, t, t, t, lessemi)
		if err != nil {
			return err
		}
		riga, err := r.LastInsertId()
		if err != nil {
			return err
		}
		if _, err = tx.Stmt(f.dati).Exec(riga, dati); err != nil {
			return err
		}
		_, err = tx.Stmt(f.file).Exec(p.Ente, p.Allegati[0].SHA256, riga)
		return err
	})
}

func (f *pavimento) aggiorna(c storage.Commit) error {
	return f.scrive(&c, func(tx *sql.Tx, dati []byte) error {
		p := c.Pratica
		if _, err := tx.Stmt(f.aggiornaPratica).Exec(p.Versione, string(p.Stato), p.CambioStato.UnixNano(), p.Aggiornata.UnixNano(), p.Ente, string(p.ID)); err != nil {
			return err
		}
		_, err := tx.Stmt(f.aggiornaDati).Exec(dati, p.Ente, string(p.ID))
		return err
	})
}

// scrive writes a commit, of which fn writes the pratica.
func (f *pavimento) scrive(c *storage.Commit, fn func(tx *sql.Tx, dati []byte) error) error {
	tx, err := f.db.Begin()
	if err != nil {
		return err
	}
	dati, err := json.Marshal(c.Pratica)
	if err != nil {
		return err
	}
	if err = fn(tx, dati); err != nil {
		return err
	}
	p, t := c.Pratica, c.Ora.UnixNano()
	for i := range c.Eventi {
		b, err := json.Marshal(c.Eventi[i])
		if err != nil {
			return err
		}
		if _, err = tx.Stmt(f.evento).Exec(p.Ente, string(p.ID), c.Attesa+i+1, b); err != nil {
			return err
		}
	}
	for i, e := range c.Effetti {
		if _, err = tx.Stmt(f.effetto).Exec(p.Ente, e.ID, string(p.ID), c.Attesa+i+1, string(e.Genere), e.Genere.Corsia(), t, t); err != nil {
			return err
		}
	}
	if _, err = tx.Stmt(f.chiave).Exec(p.Ente, string(p.ID), c.Chiave, p.Versione, string(p.Stato)); err != nil {
		return err
	}
	return tx.Commit()
}

// BenchmarkCarica loads a pratica with 50 events, alone and with its iter; the
// floor selects the same rows and decodes them.
func BenchmarkCarica(b *testing.B) {
	ctx := context.Background()
	percorso := filepath.Join(b.TempDir(), "p.db")
	s := apri(b, percorso)
	c := commitNuovo(b, 1)
	_, err := s.Registra(ctx, c)
	require.NoError(b, err)
	for i := len(c.Eventi); i < 50; i++ {
		c, err = storagetest.Poi(c.Pratica, pratica.InCarico, storagetest.Ora().Add(time.Duration(i)*time.Hour), pratica.NotaScritta{ID: strconv.Itoa(i), Testo: "Chiamato il richiedente: porta il documento domani."})
		require.NoError(b, err)
		_, err = s.Registra(ctx, c)
		require.NoError(b, err)
	}
	id := c.Pratica.ID
	p := nuovoPavimento(b, percorso)
	leggi := func() error {
		var dati []byte
		if err := p.leggiPratica.QueryRow(ente, string(id)).Scan(&dati); err != nil {
			return err
		}
		return json.Unmarshal(dati, &pratica.Pratica{})
	}
	b.Run("pratica", func(b *testing.B) {
		alterna(b, func(int) error { _, err := s.Carica(ctx, ente, id); return err }, func(int) error { return leggi() })
	})
	b.Run("pratica_e_iter", func(b *testing.B) {
		alterna(b, func(int) error {
			if _, err := s.Carica(ctx, ente, id); err != nil {
				return err
			}
			iter, err := s.Eventi(ctx, ente, id)
			require.Len(b, iter, 50)
			return err
		}, func(int) error {
			if err := leggi(); err != nil {
				return err
			}
			righe, err := p.leggiEventi.Query(ente, string(id))
			if err != nil {
				return err
			}
			for righe.Next() {
				var dati []byte
				if err := righe.Scan(&dati); err != nil {
					return err
				}
				if err := json.Unmarshal(dati, &pratica.Evento{}); err != nil {
					return err
				}
			}
			return righe.Close()
		})
	})
}

// BenchmarkPrenotaAVuoto asks for effects where none is due, but many are not yet.
func BenchmarkPrenotaAVuoto(b *testing.B) {
	s := apri(b, filepath.Join(b.TempDir(), "p.db"))
	futuri := func(i int) storage.Commit {
		c := commitNuovo(b, i)
		for j := range c.Effetti {
			c.Effetti[j].Prossimo = storagetest.Ora().AddDate(1, 0, 0)
		}
		return c
	}
	require.NoError(b, s.Riversa(context.Background(), 2000, futuri))
	for b.Loop() {
		presi, err := s.Prenota(context.Background(), storage.Prenotazione{Titolare: "w", Ora: storagetest.Ora(), Durata: time.Minute, Limite: 10})
		if err != nil || len(presi) > 0 {
			b.Fatal(len(presi), err)
		}
	}
}

// BenchmarkRiassumi counts, and adds up a field of, all that a list has.
func BenchmarkRiassumi(b *testing.B) {
	quante, percorso := righe(b)
	s := carica(b, percorso, quante)
	for _, x := range forme() {
		for _, campi := range [][]string{nil, {"metri"}} {
			x.f.Ente = ente
			b.Run(fmt.Sprintf("%s/%d_campi", x.nome, len(campi)), func(b *testing.B) {
				var totale int
				for b.Loop() {
					r, err := s.Riassumi(context.Background(), x.f, campi...)
					require.NoError(b, err)
					totale = r.Totale
				}
				b.ReportMetric(float64(totale), "pratiche")
			})
		}
	}
}
