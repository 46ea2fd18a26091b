package sportello_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti/pagamentitest"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/messaggi"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/sportello-digitale/pratiche/storage"
)

// TestLavora: three processes on one store carry out everything once, and end
// when they are told to.
func TestLavora(t *testing.T) {
	t.Parallel()
	var f *protocollotest.Finto
	b := nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{}), func(c *sportello.Config) { c.Lavoro.Intervallo = time.Millisecond })
	ctx, basta := context.WithCancel(context.Background())
	var gruppo sync.WaitGroup
	for n := range 3 {
		c := b.config
		c.Lavoro.Titolare = fmt.Sprint("lavoratore-", n)
		s, err := sportello.New(c)
		require.NoError(t, err)
		gruppo.Go(func() {
			if err := s.Lavora(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	var ids []pratica.ID
	for range 12 {
		id := b.bozza("registrato")
		b.esegui(b.cittadino, id, pratica.Invia{})
		ids = append(ids, id)
	}
	require.Eventually(t, func() bool {
		b.orologio.Avanza(time.Second)
		return !slices.ContainsFunc(ids, func(id pratica.ID) bool { return b.stato(id) != pratica.Protocollata })
	}, 20*time.Second, time.Millisecond)
	basta()
	gruppo.Wait()
	require.Equal(t, len(ids), registrazioni(f))
	require.Zero(t, persi(f, b.numeri(f, ids...)))
}

// TestLavoraArchivioGuasto: a store that fails does not end the worker.
func TestLavoraArchivioGuasto(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t, func(c *sportello.Config) { c.Lavoro.Intervallo = time.Millisecond })
	prossimo := b.guasta()
	id := b.bozza("spoglio")
	prossimo.Store("Prenota")
	ctx, basta := context.WithCancel(context.Background())
	finito := make(chan error)
	go func() { finito <- b.s.Lavora(ctx) }()
	require.Eventually(t, func() bool { return prossimo.Load() == "" }, 10*time.Second, time.Millisecond)
	b.esegui(b.cittadino, id, pratica.Invia{})
	require.Eventually(t, func() bool { d, _ := b.carica(id).Documento("istanza"); return d.SHA256 != "" }, 10*time.Second, time.Millisecond)
	basta()
	require.NoError(t, <-finito)
}

// TestRitardiCrescono: each failure waits about twice as long, then it is for an operator.
func TestRitardiCrescono(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var f *pagamentitest.Finto
	passi := slices.Repeat([]pagamentitest.Passo{{Metodo: pagamentitest.Crea, Accidente: pagamentitest.PrimaEffetto}}, 12)
	var mu sync.Mutex
	var notizie []sportello.Notizia
	b := nuovoBanco(t, conPagamentiFinti(t, &f, passi...), func(c *sportello.Config) {
		c.Segnala = func(n sportello.Notizia) { mu.Lock(); defer mu.Unlock(); notizie = append(notizie, n) }
	})
	id := daPagare(b)
	i := slices.IndexFunc(b.effetti(id), func(e storage.Effetto) bool { return e.Genere == pratica.EffettoPagamento })
	for n := 1; n < 12; n++ {
		e := b.effetti(id)[i]
		require.Equal(t, storage.DaFare, e.Stato)
		require.Equal(t, n, e.Tentativi)
		atteso := min(5*time.Second<<(n-1), time.Hour)
		attesa := e.Prossimo.Sub(b.orologio.Ora())
		require.InDelta(t, atteso.Seconds(), attesa.Seconds(), atteso.Seconds()*.2+1, n)
		b.orologio.Avanza(attesa / 2)
		b.svuota()
		require.Equal(t, n, b.effetti(id)[i].Tentativi, "not before its time")
		b.orologio.Avanza(attesa)
		b.svuota()
	}
	e := b.sospeso(id)
	require.Equal(t, storage.Fallito, e.Stato)
	require.Equal(t, 12, len(idCreati(f)))
	b.orologio.Avanza(48 * time.Hour)
	b.svuota()
	require.Equal(t, 12, len(idCreati(f)))
	require.NoError(t, b.s.Riprova(ctx, b.operatore, id, e.ID, false))
	b.svuota()
	require.Equal(t, storage.Fatto, b.effetti(id)[i].Stato)
	ultima := notizie[len(notizie)-1]
	require.Equal(t, storage.Fatto, ultima.Stato)
	require.Empty(t, ultima.Guasto)
	require.Equal(t, ente, ultima.Ente)
	require.True(t, slices.ContainsFunc(notizie, func(n sportello.Notizia) bool { return n.Stato == storage.Fallito && n.Guasto == "transitorio" }))
}

// esigente is a registry that knows some classifications only.
type esigente struct {
	protocollo.Registro
	mu      sync.Mutex
	ammette map[string]bool
	n       int
}

func (e *esigente) Registra(ctx context.Context, r protocollo.Richiesta) (protocollo.Registrazione, error) {
	e.mu.Lock()
	e.n++
	ok := e.ammette[r.Classifica]
	e.mu.Unlock()
	if !ok {
		return protocollo.Registrazione{}, guasto.Nuovo(guasto.Configurazione, "protocollo.Registra", "titolario_ignoto", nil)
	}
	return e.Registro.Registra(ctx, r)
}

func (e *esigente) Capacita() protocollo.Capacita {
	c := e.Registro.Capacita()
	c.Cerca, c.Fascicoli = false, false
	return c
}

func (e *esigente) ammetti(c string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ammette[c] = true
}

func (e *esigente) quante() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.n
}

// TestPausaDiUno: many pratiche of a service that is misconfigured do not stop
// those of another, and go on once it is mended.
func TestPausaDiUno(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	rotto := servizio.Configurazione{ID: "rotto", Versione: 1, Nome: "Rotto", Modulo: moduloProva(), Accesso: servizio.SPID1, Precompila: map[string]string{"nome": "nome", "cf": "codice_fiscale"},
		Protocollo: &servizio.Protocollo{Classifica: "99.99"}}
	b.config.Servizi.(*sportello.Catalogo).Pubblica(ente, crea(t, rotto))
	r := &esigente{Registro: b.registro, ammette: map[string]bool{"06.05": true}}
	b.config.Registro = r
	var err error
	b.s, err = sportello.New(b.config)
	require.NoError(t, err)
	var rotte []pratica.ID
	for range 10 {
		id := b.bozza("rotto")
		b.esegui(b.cittadino, id, pratica.Invia{})
		rotte = append(rotte, id)
	}
	b.svuota()
	buona := b.inviata("registrato")
	require.Equal(t, pratica.Protocollata, b.stato(buona), "at once")
	prima := r.quante()
	require.LessOrEqual(t, prima, 8+1, "the destination is not hammered")
	for range 15 {
		b.orologio.Avanza(2 * time.Minute)
		b.svuota()
	}
	for _, id := range rotte {
		for _, e := range b.effetti(id) {
			require.NotEqual(t, storage.Fallito, e.Stato, "a pause is no failure")
		}
	}
	r.ammetti("99.99")
	b.drena(rotte...)
	for _, id := range rotte {
		require.Equal(t, pratica.Protocollata, b.stato(id))
	}
}

// TestEseguiEffetto: for hosts with a queue of their own.
func TestEseguiEffetto(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuovoBanco(t)
	id := b.bozza("registrato")
	b.esegui(b.cittadino, id, pratica.Invia{})
	ef := b.effetti(id)
	_, err := b.s.EseguiEffetto(ctx, "c_y888", ef[0].ID)
	require.ErrorIs(t, err, storage.ErrNonTrovata)
	_, err = b.s.EseguiEffetto(ctx, ente, "ignoto")
	require.ErrorIs(t, err, storage.ErrNonTrovata)
	stato, err := b.s.EseguiEffetto(ctx, ente, ef[1].ID)
	require.NoError(t, err)
	require.Equal(t, storage.DaFare, stato, "not before its turn")
	for _, e := range ef {
		for range 2 {
			stato, err = b.s.EseguiEffetto(ctx, ente, e.ID)
			require.NoError(t, err)
			require.Equal(t, storage.Fatto, stato)
		}
	}
	require.Equal(t, pratica.Protocollata, b.stato(id))
}

// TestAltroEnte: a worker leaves alone the effects of an ente that it does not serve.
func TestAltroEnte(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	id := b.bozza("spoglio")
	b.esegui(b.cittadino, id, pratica.Invia{})
	c := b.config
	c.Enti = []sportello.Ente{{Codice: "c_y888", Nome: "Comune di Altrove"}}
	s, err := sportello.New(c)
	require.NoError(t, err)
	_, err = s.Svuota(context.Background())
	require.NoError(t, err)
	require.Equal(t, storage.DaFare, b.effetti(id)[0].Stato)
	b.drena(id)
	require.Equal(t, storage.Fatto, b.effetti(id)[0].Stato)
}

// TestAvvisi: a channel that does not reach him does not stop the others; one
// that is down is tried again.
func TestAvvisi(t *testing.T) {
	t.Parallel()
	volte := 0
	muto := canale(func(messaggi.Avviso) error { return guasto.Nuovo(guasto.Permanente, "canale.Invia", "indirizzo", nil) })
	giu := canale(func(messaggi.Avviso) error {
		if volte++; volte == 1 {
			return guasto.Nuovo(guasto.EsitoIgnoto, "canale.Invia", "tempo", nil)
		}
		return nil
	})
	b := nuovoBanco(t, func(c *sportello.Config) { c.Canali = append([]messaggi.Canale{muto, giu}, c.Canali...) })
	id := arrivata(b)
	b.drena(id)
	require.Equal(t, 2, volte)
	require.Len(t, b.canale.Avvisi(), 1)
	m := b.carica(id).Messaggi
	require.Len(t, m, 1)
	require.True(t, m[0].Automatico)
	require.Equal(t, "La richiesta 2026-000001 è nello stato Protocollata. ", m[0].Testo)
}

type canale func(messaggi.Avviso) error

func (c canale) Invia(_ context.Context, a messaggi.Avviso) error { return c(a) }

// TestNienteDatiNeiLog: whatever fails, no log and no error kept holds what the
// applicant is or wrote, also where the other side echoes it.
func TestNienteDatiNeiLog(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	vietati := []string{"Mario", "Rossi", "RSSMRA80A01H501U", "a@example.org", "Frase riconoscibile", "planimetria segreta", "01234567890123"}
	eco := errors.New("il sistema dice: Mario Rossi RSSMRA80A01H501U Frase riconoscibile")
	var log bytes.Buffer
	var mu sync.Mutex
	var f *protocollotest.Finto
	var pg *pagamentitest.Finto
	b := nuovoBanco(t, conPagamentiFinti(t, &pg), conFinto(t, &f, protocollotest.Copione{Seme: 3, Probabilita: map[protocollotest.Guasto]float64{
		protocollotest.PrimaEffetto: .3, protocollotest.DopoEffetto: .3, protocollotest.Spazzatura: .2}}),
		func(c *sportello.Config) {
			c.Logger = slog.New(slog.NewTextHandler(&scrittore{&mu, &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
			n := 0
			c.Canali = []messaggi.Canale{canale(func(messaggi.Avviso) error {
				if n++; n%2 == 1 {
					return guasto.Nuovo(guasto.Transitorio, "canale.Invia", "eco", eco)
				}
				return eco
			})}
			c.Lavoro.Tentativi = 4
		})
	pg.Aggiungi(pagamentitest.Passo{Metodo: pagamentitest.Crea, Accidente: pagamentitest.PrimaEffetto})
	id := inBozza(b)
	_, err := b.carico(b.cittadino, id, "planimetria segreta.jpg", "pianta", pratica.OrigineRichiesta, bytes.NewReader(foto(t)))
	require.NoError(t, err)
	var errori []error
	prova := func(a pratica.Attore, d pratica.Dati) {
		_, err := b.s.Esegui(ctx, a, id, d)
		errori = append(errori, err)
	}
	prova(b.cittadino, pratica.SalvaBozza{Risposte: modulo.Risposte{"metri": "Frase riconoscibile", "zona": "RSSMRA80A01H501U"}})
	prova(b.cittadino, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
	prova(b.cittadino, pratica.ScriviMessaggio{Testo: "Frase riconoscibile"})
	prova(b.cittadino, pratica.SalvaBozza{Risposte: modulo.Risposte{"metri": "10"}})
	b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
	b.drena(id)
	x := b.carica(id).Pagamenti[0].ID
	require.NoError(t, pg.Paga(ctx, ente, x))
	b.notifica(id)
	for range 40 {
		b.svuota()
		b.orologio.Avanza(time.Minute)
	}
	prova(b.operatore, pratica.PrendiInCarico{})
	prova(b.cittadino, pratica.ScriviMessaggio{Testo: "Frase riconoscibile"})
	prova(b.operatore, pratica.Rifiuta{Motivazione: "Frase riconoscibile"})
	var tutto strings.Builder
	for _, e := range b.effetti(id) {
		tutto.WriteString(e.UltimoErrore + "\n")
		tutto.Write(e.Diario)
	}
	for _, err := range errori {
		fmt.Fprintln(&tutto, err)
	}
	mu.Lock()
	tutto.WriteString(log.String())
	mu.Unlock()
	require.Contains(t, tutto.String(), "effetto non riuscito")
	require.Contains(t, tutto.String(), "canale.Invia")
	for _, v := range vietati {
		require.NotContains(t, tutto.String(), v)
	}
	for _, v := range []any{b.cittadino, b.carica(id)} { // logged by a host
		var altro bytes.Buffer
		slog.New(slog.NewTextHandler(&altro, nil)).Info("x", "v", v)
		for _, w := range vietati {
			require.NotContains(t, altro.String(), w)
		}
	}
}

type scrittore struct {
	mu *sync.Mutex
	b  *bytes.Buffer
}

func (s *scrittore) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}
