package sportello_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"        //nolint:depguard // reads the tables by hand
	"github.com/jackc/pgx/v5/stdlib" //nolint:depguard // the same
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/memoria"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
)

// enteRighe and the services are those of the pratiche that the measures of
// storage/sqlite load.
const enteRighe = "c_h501"

func operatoreRighe() pratica.Attore {
	a := pratica.Attore{Ruolo: pratica.Operatore, ID: "op", Ente: enteRighe}
	for i := range 40 {
		a.Servizi = append(a.Servizi, "servizio-"+strconv.Itoa(i))
	}
	return a
}

// BenchmarkEsportaCSV writes the whole list of a desk of 40 services, and then
// the same rows as the bare loop that is its floor: one statement, encoding/csv,
// no authorisation, and no care for who works meanwhile. "MiB" is how much the
// process grew at its peak (VmHWM of proc(5)) above what it was before. It needs
// the pratiche that the measures of storage/sqlite and storage/postgres leave:
//
//	export PRATICHE_RIGHE=1000000 PRATICHE_RIGHE_FILE="$(mktemp -d)/righe.db" PRATICHE_RIGHE_SCHEMA=misura
//	go test -run '^$' -bench 'Elenco' -benchtime 1x -timeout 2h ./storage/sqlite ./storage/postgres
//	go test -run '^$' -bench 'EsportaCSV' -benchtime 1x ./pratica/sportello
func BenchmarkEsportaCSV(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		file := os.Getenv("PRATICHE_RIGHE_FILE")
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			b.Skip("serve il file di pratiche che lasciano le misure di storage/sqlite: PRATICHE_RIGHE_FILE")
		}
		store, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: file})
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, store.Close()) })
		db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
		require.NoError(b, err)
		misuraCSV(b, store, db)
	})
	b.Run("postgres", func(b *testing.B) {
		via, schema := os.Getenv("PRATICHE_POSTGRES"), os.Getenv("PRATICHE_RIGHE_SCHEMA")
		if via == "" || schema == "" {
			b.Skip("serve lo schema di pratiche che lasciano le misure di storage/postgres: PRATICHE_POSTGRES, PRATICHE_RIGHE_SCHEMA, PRATICHE_RIGHE")
		}
		schema += os.Getenv("PRATICHE_RIGHE")
		store, err := postgres.Open(context.Background(), postgres.Config{Connessione: via, Schema: schema})
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, store.Close()) })
		c, err := pgx.ParseConfig(via)
		require.NoError(b, err)
		c.RuntimeParams["search_path"] = schema
		misuraCSV(b, store, stdlib.OpenDB(*c))
	})
}

// misuraCSV measures the library on the store, and its floor on the tables of it.
func misuraCSV(b *testing.B, store storage.Store, db *sql.DB) {
	b.Helper()
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	a := operatoreRighe()
	var servizi []*servizio.Servizio
	for _, id := range a.Servizi {
		servizi = append(servizi, crea(b, servizio.Configurazione{ID: id, Versione: 1, Nome: "Servizio " + id, Accesso: servizio.SPID1,
			Modulo: modulo.Definizione{ID: "m", Versione: 1, Titolo: "M", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "S", Campi: []modulo.Campo{
				{ID: "indirizzo", Etichetta: "Indirizzo", Tipo: modulo.Testo}, {ID: "metri", Etichetta: "Metri", Tipo: modulo.Intero}}}}},
			Elenco: []servizio.CampoElenco{{Campo: "indirizzo", Colonna: true, Cerca: true}, {Campo: "metri", Colonna: true, Somma: true}}}))
	}
	s, err := sportello.New(sportello.Config{Enti: []sportello.Ente{{Codice: enteRighe, Nome: "Comune"}}, Servizi: sportello.NuovoCatalogo(enteRighe, servizi...), Store: store, Archivio: memoria.NewArchivio()})
	require.NoError(b, err)
	b.Run("libreria", func(b *testing.B) {
		misura(b, func(w io.Writer) error {
			return s.EsportaCSV(context.Background(), a, filtro(), w, sportello.FormatoCSV{})
		})
	})
	b.Run("pavimento", func(b *testing.B) {
		misura(b, func(w io.Writer) error { return pavimentoCSV(db, w) })
	})
}

// misura tells how many rows were written, in what time, and how much the
// process grew.
func misura(b *testing.B, scrivi func(io.Writer) error) {
	b.Helper()
	for b.Loop() {
		debug.FreeOSMemory()
		_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // where there is none the peak is that of the whole run
		prima := memoriaDelProcesso(b, "VmRSS:")
		var c contatore
		inizio := time.Now()
		require.NoError(b, scrivi(&c))
		durata := time.Since(inizio)
		b.ReportMetric(memoriaDelProcesso(b, "VmHWM:")-prima, "MiB")
		b.ReportMetric(float64(c.righe), "righe")
		b.ReportMetric(float64(durata.Microseconds())/float64(c.righe), "µs/riga")
	}
}

// memoriaDelProcesso gives a line of /proc/self/status, in MiB.
func memoriaDelProcesso(b *testing.B, voce string) float64 {
	b.Helper()
	stato, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("per misurare la memoria serve /proc, di Linux")
	}
	for r := range bytes.Lines(stato) {
		var kib float64
		if n, _ := fmt.Sscanf(string(r), voce+" %f kB", &kib); n == 1 {
			return kib / 1024
		}
	}
	return 0
}

// contatore counts the lines that it is given, and keeps nothing.
type contatore struct{ righe int }

func (c *contatore) Write(p []byte) (int, error) {
	c.righe += bytes.Count(p, []byte("\n"))
	return len(p), nil
}

func pavimentoCSV(db *sql.DB, w io.Writer) error {
	righe, err := db.Query(`SELECT anno, progressivo, servizio, richiedente, codice_fiscale, presentata_il, cambio_stato, stato, ufficio, operatore, protocollo, dovuto, CASE WHEN attenzione THEN 1 ELSE 0 END, campi
		FROM pratiche WHERE ente = $1 AND stato <> 'bozza' ORDER BY presentazione DESC, id DESC`, enteRighe)
	if err != nil {
		return err
	}
	defer func() { _ = righe.Close() }()
	c := csv.NewWriter(w)
	for righe.Next() {
		var anno, progressivo, presentata, cambio, dovuto, attenzione int64
		var serv, richiedente, cf, stato, ufficio, operatore, protocollo string
		var campi []byte
		if err := righe.Scan(&anno, &progressivo, &serv, &richiedente, &cf, &presentata, &cambio, &stato, &ufficio, &operatore, &protocollo, &dovuto, &attenzione, &campi); err != nil {
			return err
		}
		giorno := func(t int64) string { return termini.GiornoDi(time.Unix(0, t)).Italiano() }
		if err := c.Write([]string{strconv.FormatInt(anno, 10), strconv.FormatInt(progressivo, 10), serv, richiedente, cf, giorno(presentata), giorno(cambio), stato,
			ufficio, operatore, protocollo, strconv.FormatInt(dovuto, 10), strconv.FormatInt(attenzione, 10), string(campi)}); err != nil {
			return err
		}
	}
	c.Flush()
	return errors.Join(c.Error(), righe.Err())
}
