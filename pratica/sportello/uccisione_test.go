package sportello_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo"
	registro "github.com/sportello-digitale/pratiche/protocollo/interno"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cartella"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
)

// cartellaDaUccidere tells the test binary that it is the process to be killed.
const cartellaDaUccidere = "PRATICHE_TEST_UCCISIONE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(cartellaDaUccidere); dir != "" {
		if err := lavoraFinoAllaMorte(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// ufficio is a Sportello on SQLite and a real directory, with leases so short
// that another process soon takes over.
func ufficio(dir string) (*sportello.Sportello, *sqlite.Store, *registro.Registro, error) {
	store, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: filepath.Join(dir, "pratiche.db")})
	if err != nil {
		return nil, nil, nil, err
	}
	archivio, err := cartella.New(filepath.Join(dir, "file"))
	if err != nil {
		return nil, nil, nil, err
	}
	reg, err := registro.New(registro.Config{Cassetto: store})
	if err != nil {
		return nil, nil, nil, err
	}
	sv, err := servizio.Nuovo(servizio.Configurazione{ID: "prova", Versione: 1, Nome: "Prova", Accesso: servizio.SPID2, Modulo: moduloProva(),
		Precompila: map[string]string{"nome": "nome", "cf": "codice_fiscale"}, Protocollo: &servizio.Protocollo{Classifica: "06.05"}, Integrazioni: &servizio.Integrazioni{}})
	if err != nil {
		return nil, nil, nil, err
	}
	s, err := sportello.New(sportello.Config{
		Enti: []sportello.Ente{{Codice: ente, Nome: "Comune di Prova"}}, Servizi: sportello.NuovoCatalogo(ente, sv), Store: store, Archivio: archivio, Registro: reg,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Lavoro: sportello.Lavoro{Intervallo: time.Millisecond, Durata: 6 * time.Second, Tentativi: 1000, Attesa: time.Millisecond, Quiete: 20 * time.Millisecond, Pausa: time.Millisecond},
	})
	return s, store, reg, err
}

var (
	daUccidere  = pratica.Attore{Ruolo: pratica.Cittadino, ID: "c", Ente: ente, Livello: servizio.SPID2, Persona: persona("RSSMRA80A01H501U", "Mario", "Rossi")}
	decideTutto = pratica.Attore{Ruolo: pratica.Operatore, ID: "o", Ente: ente, Servizi: []string{"prova"}}
)

// lavoraFinoAllaMorte opens requests and brings every one a step further,
// forever; the worker runs beside.
func lavoraFinoAllaMorte(dir string) error {
	s, store, _, err := ufficio(dir)
	if err != nil {
		return err
	}
	ctx := context.Background()
	go func() { _ = s.Lavora(ctx) }()
	for n := 0; ; n++ {
		id, err := s.ApriBozza(ctx, daUccidere, "prova")
		if err != nil {
			return err
		}
		if _, err := s.Esegui(ctx, daUccidere, id, pratica.SalvaBozza{Risposte: modulo.Risposte{"metri": "10", "zona": "nord"}}); err != nil {
			return err
		}
		if _, err := s.Esegui(ctx, daUccidere, id, pratica.Invia{}); err != nil {
			return err
		}
		if n == 0 { // however slow the machine, each process leaves something behind
			fmt.Println("vivo")
		}
		pg, err := store.Cerca(ctx, storage.Filtro{Ente: ente, Ordine: storage.PerPresentazioneVecchie, Limite: 20, Stati: []pratica.Stato{pratica.Protocollata, pratica.InCarico, pratica.AttesaIntegrazione}})
		if err != nil {
			return err
		}
		for _, r := range pg.Righe {
			avanza(ctx, s, r)
		}
	}
}

// avanza gives the next command for a state. Somebody else may have been
// quicker: a refusal is no matter here.
func avanza(ctx context.Context, s *sportello.Sportello, r storage.Riga) {
	var a pratica.Attore
	var d pratica.Dati
	switch {
	case r.Stato == pratica.Protocollata:
		a, d = decideTutto, pratica.PrendiInCarico{}
	case r.Stato == pratica.AttesaIntegrazione:
		a, d = daUccidere, pratica.InviaIntegrazione{Testo: "Ecco"}
	case r.Numero.Progressivo%3 == 0:
		a, d = decideTutto, pratica.RichiediIntegrazione{Testo: "Serve altro"}
	default:
		a, d = decideTutto, pratica.Approva{}
	}
	_, _ = s.Esegui(ctx, a, r.ID, d)
}

// TestUccisione kills the process again and again at moments that nobody chose,
// then lets the last one end the work: nothing is lost, nothing is done twice.
func TestUccisione(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	caso := rand.New(rand.NewPCG(7, 11)) //nolint:gosec // a test
	for range 8 {
		figlio := exec.Command(os.Args[0]) //nolint:gosec // this very program
		figlio.Env = append(os.Environ(), cartellaDaUccidere+"="+dir)
		var errori strings.Builder
		figlio.Stderr = &errori
		uscita, err := figlio.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, figlio.Start())
		riga, err := bufio.NewReader(uscita).ReadString('\n')
		require.NoError(t, err, errori.String())
		require.Equal(t, "vivo\n", riga)
		time.Sleep(time.Duration(30+caso.IntN(120)) * time.Millisecond) // when it dies is not measured, only varied
		require.NoError(t, figlio.Process.Kill())
		require.Error(t, figlio.Wait())
		require.Empty(t, errori.String(), "it died of the kill and of nothing else")
	}

	s, store, reg, err := ufficio(dir)
	require.NoError(t, err)
	defer func() { require.NoError(t, store.Close()) }()
	ctx := context.Background()
	var tutte []storage.Riga
	require.Eventually(t, func() bool { // leases of the dead end, effects are taken up
		_, err := s.Svuota(ctx)
		require.NoError(t, err)
		tutte = nil
		for f := (storage.Filtro{Ente: ente, Bozze: true, Limite: 200}); ; {
			pg, err := store.Cerca(ctx, f)
			require.NoError(t, err)
			tutte = append(tutte, pg.Righe...)
			if f.Cursore = pg.Seguente; f.Cursore == "" {
				break
			}
		}
		return finite(t, store, tutte)
	}, time.Minute, 10*time.Millisecond)

	numeri, documenti := map[string]bool{}, 0
	for _, r := range tutte {
		p, err := store.Carica(ctx, ente, r.ID)
		require.NoError(t, err)
		eventi, err := store.Eventi(ctx, ente, r.ID)
		require.NoError(t, err)
		require.NoError(t, pratica.Verifica(eventi))
		require.Equal(t, eventi[len(eventi)-1].Impronta, p.Impronta)
		for _, d := range p.Documenti {
			require.NotEmpty(t, d.SHA256, "%s: %s was not produced", r.Stato, d.ID)
			if d.Direzione == "" {
				continue
			}
			require.NotNil(t, d.Registrazione, "%s: %s has no number", r.Stato, d.ID)
			n := d.Registrazione.String()
			require.False(t, numeri[n], "number %s was given to two documents", n)
			numeri[n] = true
			documenti++
			trovate, err := reg.Cerca(ctx, protocollo.Criteri{Ente: ente, Correlazione: d.Registrazione.Correlazione})
			require.NoError(t, err)
			require.Len(t, trovate, 1, "%s is registered %d times", d.ID, len(trovate))
		}
	}
	t.Logf("%d pratiche, %d documenti protocollati", len(tutte), documenti)
	require.NotZero(t, documenti)
	registrate, err := reg.Cerca(ctx, protocollo.Criteri{Ente: ente, Dal: time.Now().Add(-24 * time.Hour)})
	require.NoError(t, err)
	require.Len(t, registrate, min(documenti, protocollo.MassimoRisultati), "a number in the register that no document has")
}

// finite reports whether no effect of any pratica is still to be done.
func finite(t *testing.T, store *sqlite.Store, righe []storage.Riga) bool {
	t.Helper()
	for _, r := range righe {
		effetti, err := store.Effetti(context.Background(), ente, r.ID)
		require.NoError(t, err)
		for _, e := range effetti {
			require.NotEqual(t, storage.Fallito, e.Stato, e.UltimoErrore)
			require.NotEqual(t, storage.EsitoIgnoto, e.Stato, e.UltimoErrore)
			if e.Stato != storage.Fatto {
				return false
			}
		}
	}
	return true
}
