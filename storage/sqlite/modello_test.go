package sqlite_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/memoria"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

// TestComeMemoria does the same random things to a Store in memory and to one
// in a file and wants the same answers. One file serves all runs, each with
// enti of its own; what a run leaves leased or due is closed at its end.
func TestComeMemoria(t *testing.T) {
	t.Parallel()
	file := apri(t, filepath.Join(t.TempDir(), "p.db"))
	giro := 0
	rapid.Check(t, func(t *rapid.T) {
		giro++
		m := &modello{file: file, memoria: memoria.New(), giro: giro, ora: storagetest.Ora(), note: map[string]*pratica.Pratica{}}
		defer m.chiudi(t)
		t.Repeat(map[string]func(*rapid.T){
			"registra": m.registra, "prenota": m.prenota, "aggiorna": m.aggiorna, "sblocca": m.sblocca, "numera": m.numera, "": m.confronta,
		})
	})
}

type modello struct {
	file, memoria storage.Store
	giro          int
	ora           time.Time
	note          map[string]*pratica.Pratica // last version known of each, maybe stale
	presi         []storage.Effetto           // leases, maybe lost
	n             int
}

func (m *modello) scegli(t *rapid.T) (string, pratica.ID) {
	return fmt.Sprintf("e%d-%d", m.giro, rapid.IntRange(0, 1).Draw(t, "ente")), storagetest.ID(rapid.IntRange(0, 2).Draw(t, "pratica"))
}

// stesso runs fn on both and wants the same answer.
func stesso[R any](t *rapid.T, m *modello, fn func(s storage.Store) (R, error)) (R, error) {
	a, errA := fn(m.memoria)
	b, errB := fn(m.file)
	for _, e := range []error{storage.ErrNonTrovata, storage.ErrConflitto, storage.ErrPrenotazione, storage.ErrNonValido, storage.ErrFiltro} {
		require.Equal(t, errors.Is(errA, e), errors.Is(errB, e), "%v / %v", errA, errB)
	}
	var u, v *storage.ErroreUnico
	require.Equal(t, errors.As(errA, &u), errors.As(errB, &v))
	require.Equal(t, u, v)
	require.Equal(t, errA == nil, errB == nil, "%v / %v", errA, errB)
	require.Equal(t, a, b)
	return a, errA
}

func (m *modello) registra(t *rapid.T) {
	ente, id := m.scegli(t)
	p := m.note[ente+string(id)]
	if p == nil || rapid.IntRange(0, 9).Draw(t, "ricarica") > 0 {
		v, err := stesso(t, m, func(s storage.Store) (*pratica.Pratica, error) { return s.Carica(context.Background(), ente, id) })
		if p = v; err != nil {
			p = &pratica.Pratica{ID: id, Ente: ente}
		}
	}
	m.n++
	fatto := pratica.Fatto(pratica.NotaScritta{ID: fmt.Sprint(m.n), Testo: "nota"})
	if p.Versione == 0 {
		fatto = pratica.BozzaAperta{Ente: ente, Servizio: "s"}
	}
	c, err := storagetest.Poi(p, rapid.SampledFrom(pratica.Stati()).Draw(t, "stato"), m.ora, fatto)
	require.NoError(t, err)
	c.Chiave = rapid.SampledFrom([]string{"", "", "k1", "k2", fmt.Sprint("k", m.n)}).Draw(t, "chiave")
	for i := range rapid.IntRange(0, 2).Draw(t, "effetti") {
		g := rapid.SampledFrom([]pratica.GenereEffetto{pratica.EffettoAvviso, pratica.EffettoDocumento, pratica.EffettoProtocollo}).Draw(t, "genere")
		c.Effetti = append(c.Effetti, storage.Effetto{ID: fmt.Sprintf("%d-%d-%d", m.giro, m.n, i), Genere: g})
	}
	if rapid.IntRange(0, 3).Draw(t, "unico") == 0 {
		c.Unici = []storage.Unico{{Ambito: "a", Chiave: rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "chiave unica")}}
	}
	if rapid.IntRange(0, 3).Draw(t, "libera") == 0 {
		c.Liberi = []storage.Unico{{Ambito: "a", Chiave: rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "chiave libera")}}
	}
	if len(m.presi) > 0 && rapid.Bool().Draw(t, "conclude") {
		c.Concluso = &m.presi[rapid.IntRange(0, len(m.presi)-1).Draw(t, "concluso")]
	}
	c.Elimina = c.Attesa > 0 && rapid.IntRange(0, 9).Draw(t, "elimina") == 0
	for i, p := range rapid.SliceOfN(rapid.SampledFrom(paroleModello()), 0, 3).Draw(t, "parole") {
		c.Campi = append(c.Campi, storage.Campo{Nome: fmt.Sprint("c", i), Testo: p, Cercabile: rapid.IntRange(0, 4).Draw(t, "cercabile") > 0})
	}
	if c.Attesa > 0 && !c.Elimina && rapid.IntRange(0, 9).Draw(t, "oscura") == 0 {
		m.oscura(t, &c)
	}
	if _, err := stesso(t, m, func(s storage.Store) (storage.Ricevuta, error) { return s.Registra(context.Background(), c) }); err == nil {
		m.note[ente+string(id)] = c.Pratica
	}
}

// paroleModello share beginnings of every length.
func paroleModello() []string {
	return []string{"rosa", "rossi", "rossini", "rossignoli", "rossignolo", "12", "0012", "123/2026", "è", "via rosa 12"}
}

func (m *modello) oscura(t *rapid.T, c *storage.Commit) {
	iter, err := m.memoria.Eventi(context.Background(), c.Pratica.Ente, c.Pratica.ID)
	if err != nil || len(iter) < c.Attesa {
		return
	}
	for _, e := range iter[:c.Attesa] {
		e.Fatto, e.Sale = nil, ""
		c.Oscurati = append(c.Oscurati, e)
	}
	c.Pratica.Oscurata = m.ora
}

func (m *modello) prenota(t *rapid.T) {
	m.ora = m.ora.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "secondi")) * time.Second)
	p := storage.Prenotazione{Titolare: rapid.SampledFrom([]string{"w1", "w2"}).Draw(t, "titolare"), Ora: m.ora, Durata: time.Minute, Limite: 1000} // which ones a limit leaves out is the store's choice
	if rapid.Bool().Draw(t, "escludi") {
		p.Escludi = []pratica.GenereEffetto{pratica.EffettoDocumento}
	}
	if len(m.presi) > 0 && rapid.IntRange(0, 3).Draw(t, "solo") == 0 {
		p.Solo = m.presi[0].ID
	}
	presi, _ := stesso(t, m, func(s storage.Store) ([]storage.Effetto, error) { return s.Prenota(context.Background(), p) })
	m.presi = append(m.presi, presi...)
}

func (m *modello) aggiorna(t *rapid.T) {
	if len(m.presi) == 0 {
		t.Skip()
	}
	e := m.presi[rapid.IntRange(0, len(m.presi)-1).Draw(t, "quale")]
	e.Stato = rapid.SampledFrom([]storage.StatoEffetto{storage.DaFare, storage.InCorso, storage.Fatto, storage.EsitoIgnoto, storage.Fallito}).Draw(t, "stato")
	e.Diario = rapid.SampledFrom([][]byte{nil, []byte(`{}`)}).Draw(t, "diario")
	e.Prossimo, e.Concluso, e.Scadenza = m.ora.Add(time.Second), m.ora, m.ora.Add(time.Minute)
	_, _ = stesso(t, m, func(s storage.Store) (bool, error) { return true, s.Aggiorna(context.Background(), e) })
}

func (m *modello) sblocca(t *rapid.T) {
	if len(m.presi) == 0 {
		t.Skip()
	}
	e := m.presi[rapid.IntRange(0, len(m.presi)-1).Draw(t, "quale")]
	_, _ = stesso(t, m, func(s storage.Store) (bool, error) { return true, s.Sblocca(context.Background(), e.Ente, e.ID, nil) })
}

func (m *modello) numera(t *rapid.T) {
	ente, id := m.scegli(t)
	_, err := stesso(t, m, func(s storage.Store) (int64, error) {
		return s.Numera(context.Background(), ente, "richiesta", 2026, id)
	})
	require.NoError(t, err)
}

func (m *modello) confronta(t *rapid.T) {
	ente, id := m.scegli(t)
	ctx := context.Background()
	_, _ = stesso(t, m, func(s storage.Store) ([]pratica.Evento, error) { return s.Eventi(ctx, ente, id) })
	_, _ = stesso(t, m, func(s storage.Store) ([]storage.Effetto, error) { return s.Effetti(ctx, ente, id) })
	_, _ = stesso(t, m, func(s storage.Store) (bool, error) { _, ok, err := s.Ripetuta(ctx, ente, id, "k1"); return ok, err })
	f := storage.Filtro{Ente: ente, Bozze: true, Limite: 2, Attenzione: rapid.Bool().Draw(t, "attenzione"),
		Ordine: rapid.SampledFrom([]storage.Ordine{storage.PerPresentazione, storage.PerAggiornamento}).Draw(t, "ordine")}
	p, err := stesso(t, m, func(s storage.Store) (storage.Pagina, error) { return s.Cerca(ctx, f) })
	require.NoError(t, err)
	parola := rapid.SampledFrom(paroleModello()).Draw(t, "parola")
	taglio := rapid.IntRange(0, len([]rune(parola))).Draw(t, "taglio")
	_, err = stesso(t, m, func(s storage.Store) (storage.Riepilogo, error) {
		return s.Riassumi(ctx, storage.Filtro{Ente: ente, Bozze: true, Testo: string([]rune(parola)[:taglio])}, "c0")
	})
	require.NoError(t, err)
	if f.Cursore = p.Seguente; f.Cursore != "" {
		_, err = stesso(t, m, func(s storage.Store) (storage.Pagina, error) { return s.Cerca(ctx, f) })
		require.NoError(t, err)
	}
}

// chiudi removes what the run left, so that the next one leases only its own.
func (m *modello) chiudi(t *rapid.T) {
	for range 2 {
		for e := range 2 {
			for id := range 3 {
				ente, id := fmt.Sprintf("e%d-%d", m.giro, e), storagetest.ID(id)
				p, err := m.file.Carica(context.Background(), ente, id)
				if errors.Is(err, storage.ErrNonTrovata) {
					p, err = &pratica.Pratica{ID: id, Ente: ente}, nil
				}
				require.NoError(t, err)
				fatto := pratica.Fatto(pratica.BozzaEliminata{})
				if p.Versione == 0 {
					fatto = pratica.BozzaAperta{Ente: ente}
				}
				c, err := storagetest.Poi(p, pratica.Bozza, m.ora, fatto)
				require.NoError(t, err)
				c.Elimina = p.Versione > 0
				_, err = m.file.Registra(context.Background(), c)
				require.NoError(t, err)
			}
		}
	}
}
