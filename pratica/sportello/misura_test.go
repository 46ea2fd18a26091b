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

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage/memoria"
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
// a file of pratiche, which the measures of storage/sqlite leave:
//
//	export PRATICHE_RIGHE=1000000 PRATICHE_RIGHE_FILE=/var/tmp/righe.db
//	go test -run '^$' -bench 'Elenco' -benchtime 1x -timeout 2h ./storage/sqlite
//	go test -run '^$' -bench 'EsportaCSV' -benchtime 1x ./pratica/sportello
func BenchmarkEsportaCSV(b *testing.B) {
	file := os.Getenv("PRATICHE_RIGHE_FILE")
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		b.Skip("per misurare l'esportazione: PRATICHE_RIGHE_FILE=file di pratiche lasciato dalle misure di storage/sqlite")
	}
	store, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: file})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, store.Close()) })
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
		misura(b, func(w io.Writer) error { return pavimentoCSV(file, w) })
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

func pavimentoCSV(file string, w io.Writer) error {
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	righe, err := db.Query(`SELECT anno, progressivo, servizio, richiedente, codice_fiscale, presentata_il, cambio_stato, stato, ufficio, operatore, protocollo, dovuto, attenzione, campi
		FROM pratiche WHERE ente = ? AND stato <> 'bozza' ORDER BY presentazione DESC, id DESC`, enteRighe)
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
