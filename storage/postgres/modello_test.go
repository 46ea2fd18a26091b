package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/memoria"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// TestComeMemoria does the same random things to a Store in memory and to one in
// PostgreSQL and wants the same answers. One schema serves all runs, each with
// enti of its own; what a run leaves leased or due is removed at its end.
func TestComeMemoria(t *testing.T) {
	t.Parallel()
	base := apri(t, postgres.Config{})
	giro := 0
	rapid.Check(t, func(t *rapid.T) {
		giro++
		m := &modello{base: base, memoria: memoria.New(), giro: giro, ora: storagetest.Ora(), note: map[string]*pratica.Pratica{}}
		defer m.chiudi(t)
		t.Repeat(map[string]func(*rapid.T){
			"registra": m.registra, "prenota": m.prenota, "aggiorna": m.aggiorna, "sblocca": m.sblocca, "numera": m.numera, "": m.confronta,
		})
	})
}

type modello struct {
	base, memoria storage.Store
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
	b, errB := fn(m.base)
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
		fatto = pratica.BozzaAperta{Ente: ente, Servizio: rapid.SampledFrom([]string{"s", "z"}).Draw(t, "servizio")}
	}
	c, err := storagetest.Poi(p, rapid.SampledFrom(pratica.Stati()).Draw(t, "stato"), m.ora, fatto)
	require.NoError(t, err)
	c.Chiave = rapid.SampledFrom([]string{"", "", "k1", "k2", fmt.Sprint("k", m.n)}).Draw(t, "chiave")
	for i := range rapid.IntRange(0, 3).Draw(t, "effetti") {
		g := rapid.SampledFrom([]pratica.GenereEffetto{pratica.EffettoAvviso, pratica.EffettoDocumento, pratica.EffettoProtocollo}).Draw(t, "genere")
		c.Effetti = append(c.Effetti, storage.Effetto{ID: fmt.Sprintf("%d-%d-%d", m.giro, m.n, i), Genere: g})
	}
	if rapid.IntRange(0, 3).Draw(t, "unico") == 0 {
		c.Unici = []storage.Unico{{Ambito: "a", Chiave: rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "chiave unica")}}
	}
	if rapid.IntRange(0, 3).Draw(t, "libera") == 0 {
		c.Liberi = []storage.Unico{{Ambito: "a", Chiave: rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "chiave libera")}}
	}
	if rapid.Bool().Draw(t, "campi") {
		c.Campi = []storage.Campo{{Nome: "importo", Testo: rapid.SampledFrom([]string{"via roma", "piazza"}).Draw(t, "testo"), Cercabile: true,
			Numero: decimal.NewNullDecimal(decimal.New(rapid.Int64Range(-999, 999).Draw(t, "numero"), int32(rapid.IntRange(-3, 3).Draw(t, "esponente"))))}}
	}
	if len(m.presi) > 0 && rapid.Bool().Draw(t, "conclude") {
		c.Concluso = &m.presi[rapid.IntRange(0, len(m.presi)-1).Draw(t, "concluso")]
	}
	c.Elimina = c.Attesa > 0 && rapid.IntRange(0, 9).Draw(t, "elimina") == 0
	if _, err := stesso(t, m, func(s storage.Store) (storage.Ricevuta, error) { return s.Registra(context.Background(), c) }); err == nil {
		m.note[ente+string(id)] = c.Pratica
	}
}

func (m *modello) prenota(t *rapid.T) {
	m.ora = m.ora.Add(time.Duration(rapid.IntRange(-30, 90).Draw(t, "secondi")) * time.Second)
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
	f := storage.Filtro{Ente: ente, Bozze: rapid.Bool().Draw(t, "bozze"), Limite: 2, Attenzione: rapid.Bool().Draw(t, "attenzione"),
		Ordine: rapid.SampledFrom([]storage.Ordine{storage.PerPresentazione, storage.PerPresentazioneVecchie, storage.PerAggiornamento, storage.PerAggiornamentoVecchie}).Draw(t, "ordine"),
		Testo:  rapid.SampledFrom([]string{"", "", "rom", "piazza"}).Draw(t, "parole")}
	if rapid.Bool().Draw(t, "servizi") {
		f.Servizi = []string{"s", "z", "s"}
	}
	if rapid.Bool().Draw(t, "stati") {
		f.Stati = rapid.SliceOfN(rapid.SampledFrom(pratica.Stati()), 1, 6).Draw(t, "stati")
	}
	_, err := stesso(t, m, func(s storage.Store) (map[string]string, error) {
		r, err := s.Riassumi(ctx, f, "importo", "altro")
		figure := map[string]string{"totale": fmt.Sprint(r.Totale), "per stato": fmt.Sprint(r.PerStato)}
		for k, v := range r.Campi {
			figure[k] = fmt.Sprint(v.Valori, v.Totale, v.Minimo.Decimal, v.Massimo.Decimal, v.Minimo.Valid)
		}
		return figure, err
	})
	require.NoError(t, err)
	for {
		p, err := stesso(t, m, func(s storage.Store) (storage.Pagina, error) { return s.Cerca(ctx, f) })
		require.NoError(t, err)
		if f.Cursore = p.Seguente; f.Cursore == "" {
			return
		}
	}
}

// chiudi removes what the run left, so that the next one leases only its own.
func (m *modello) chiudi(t *rapid.T) {
	for e := range 2 {
		for id := range 3 {
			ente, id := fmt.Sprintf("e%d-%d", m.giro, e), storagetest.ID(id)
			for range 2 {
				p, err := m.base.Carica(context.Background(), ente, id)
				fatto := pratica.Fatto(pratica.BozzaEliminata{})
				if errors.Is(err, storage.ErrNonTrovata) { // its deletion may have left effects
					p, err, fatto = &pratica.Pratica{ID: id, Ente: ente}, nil, pratica.BozzaAperta{Ente: ente}
				}
				require.NoError(t, err)
				c, err := storagetest.Poi(p, pratica.Bozza, m.ora, fatto)
				require.NoError(t, err)
				c.Elimina = p.Versione > 0
				_, err = m.base.Registra(context.Background(), c)
				require.NoError(t, err)
			}
		}
	}
}
