package interno_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pagamenti/interno"
	"github.com/sportello-digitale/pratiche/pagamenti/pagamentitest"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/stretchr/testify/require"
)

var adesso = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)

func ExampleTramite_Simula() {
	t, err := interno.New(interno.Config{
		Cassetto: &cassetto.Memoria{},
		BaseURL:  "https://portale.example/paga",
		Orologio: func() time.Time { return time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC) },
		NuovoIUR: func() string { return "iur-1" },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	p, err := t.Crea(ctx, pagamenti.Dovuto{
		ID: "0195c3a0-7f6e-7a51-9c51-000000000001", Ente: "c_h501", Causale: "Diritti di segreteria",
		Importo:  decimal.RequireFromString("51.65"),
		Pagatore: pagamenti.Pagatore{Tipo: pagamenti.PersonaFisica, CodiceFiscale: "RSSMRA80A01H501U", Nome: "Mario Rossi"},
	})
	fmt.Println(p.Stato, p.NAV, p.URLPagamento, err)
	p, err = t.Simula(ctx, "c_h501", p.ID, interno.Paga)
	fmt.Println(p.Stato, pagamenti.Euro(p.Esito.ImportoPagato), err)
	// Output:
	// in_attesa 300000000000000104 https://portale.example/paga/0195c3a0-7f6e-7a51-9c51-000000000001 <nil>
	// pagato 51,65 € <nil>
}

type orologio struct {
	mu  sync.Mutex
	ora time.Time
}

func (o *orologio) Ora() time.Time { o.mu.Lock(); defer o.mu.Unlock(); return o.ora }
func (o *orologio) Sposta(a time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ora = a
}

func nuovo(t testing.TB, o *orologio, r pagamenti.Ricevente) *interno.Tramite {
	tr, err := interno.New(interno.Config{Cassetto: &cassetto.Memoria{}, BaseURL: "https://portale.example/paga/", Orologio: o.Ora, Ricevente: r, Segregazione: 47})
	require.NoError(t, err)
	return tr
}

func TestKit(t *testing.T) {
	t.Parallel()
	pagamentitest.Verifica(t, func(t testing.TB) pagamentitest.Banco {
		o := &orologio{ora: adesso}
		tr := nuovo(t, o, nil)
		simula := func(e interno.Esito) func(context.Context, string, string) error {
			return func(ctx context.Context, ente, id string) error {
				_, err := tr.Simula(ctx, ente, id, e)
				return err
			}
		}
		return pagamentitest.Banco{
			Tramite: tr, Ente: "c_h501", AltroEnte: "c_f205",
			Paga: simula(interno.Paga), Fallisci: simula(interno.Fallisce), Scadi: simula(interno.Scade),
		}
	})
}

func TestConfig(t *testing.T) {
	t.Parallel()
	buona := interno.Config{Cassetto: &cassetto.Memoria{}, BaseURL: "https://portale.example"}
	_, err := interno.New(buona)
	require.NoError(t, err)
	for nome, guasta := range map[string]func(*interno.Config){
		"cassetto":     func(c *interno.Config) { c.Cassetto = nil },
		"url_relativo": func(c *interno.Config) { c.BaseURL = "/paga" },
		"url_utente":   func(c *interno.Config) { c.BaseURL = "https://a:b@portale.example" },
		"url_schema":   func(c *interno.Config) { c.BaseURL = "ftp://portale.example" },
		"url_query":    func(c *interno.Config) { c.BaseURL = "https://portale.example/?a=1" },
		"url_rotto":    func(c *interno.Config) { c.BaseURL = "https://[portale" },
		"segregazione": func(c *interno.Config) { c.Segregazione = 100 },
		"scadenza":     func(c *interno.Config) { c.ScadenzaGiorni = -1 },
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			c := buona
			guasta(&c)
			_, err := interno.New(c)
			require.ErrorIs(t, err, interno.ErrConfig)
			require.Equal(t, guasto.Configurazione, guasto.Di(err))
		})
	}
}

func TestScadenza(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := &orologio{ora: adesso}
	tr := nuovo(t, o, nil)
	d := pagamentitest.Dovuto("c_h501", "a-1")
	d.Scadenza = time.Time{}
	p, err := tr.Crea(ctx, d)
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 6, 8, 22, 0, 0, 0, time.UTC), p.Scadenza, "end of the 90th day in Rome")
	require.Equal(t, "https://portale.example/paga/a-1", p.URLPagamento)
	require.Equal(t, "a-1", p.IUD)
	require.Equal(t, "347", p.NAV[:3])

	o.Sposta(p.Scadenza.Add(-time.Nanosecond))
	p, err = tr.Stato(ctx, d.Ente, d.ID)
	require.NoError(t, err)
	require.Equal(t, pagamenti.InAttesa, p.Stato)
	o.Sposta(p.Scadenza)
	p, err = tr.Crea(ctx, d)
	require.NoError(t, err)
	require.Equal(t, pagamenti.Scaduto, p.Stato)

	altro := pagamentitest.Dovuto("c_h501", "a-2")
	altro.Scadenza = o.Ora()
	_, err = tr.Crea(ctx, altro)
	require.ErrorIs(t, err, pagamenti.ErrNonValido)
	require.ErrorContains(t, err, "scadenza passata")

	p, err = tr.Simula(ctx, d.Ente, d.ID, interno.Paga)
	require.NoError(t, err)
	require.True(t, p.FuoriTermine)
	doc, err := tr.Ricevuta(ctx, d.Ente, d.ID)
	require.NoError(t, err)
	require.Contains(t, string(doc.Contenuto), "fuori termine")
	require.Contains(t, string(doc.Contenuto), "09/06/2026 alle 00:00")
}

func TestSimula(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := &orologio{ora: adesso}
	var notizie []pagamenti.Stato
	sordo := errors.New("ricevente sordo")
	var errore error
	tr := nuovo(t, o, func(_ context.Context, p pagamenti.Posizione) error {
		notizie = append(notizie, p.Stato)
		return errore
	})
	d := pagamentitest.Dovuto("c_h501", "a-1")
	_, err := tr.Crea(ctx, d)
	require.NoError(t, err)

	_, err = tr.Simula(ctx, d.Ente, d.ID, "regala")
	require.Equal(t, guasto.Permanente, guasto.Di(err))
	_, err = tr.Simula(ctx, d.Ente, "ignoto", interno.Paga)
	require.ErrorIs(t, err, pagamenti.ErrIgnota)
	_, err = tr.Ricevuta(ctx, d.Ente, "ignoto")
	require.ErrorIs(t, err, pagamenti.ErrIgnota)
	for _, e := range []interno.Esito{interno.Avvia, interno.Fallisce, interno.Fallisce, interno.Avvia} {
		_, err = tr.Simula(ctx, d.Ente, d.ID, e)
		require.NoError(t, err)
	}
	g, err := tr.Pagina(ctx, d.Ente, d.ID)
	require.NoError(t, err)
	require.Equal(t, d.Causale, g.Causale)
	require.Equal(t, d.RitornoURL, g.RitornoURL)
	require.Empty(t, g.Posizione.Esito.Motivo, "a new attempt forgets the last failure")

	errore = sordo
	prima, err := tr.Simula(ctx, d.Ente, d.ID, interno.Paga)
	require.ErrorIs(t, err, sordo)
	require.Equal(t, pagamenti.Pagato, prima.Stato)
	errore = nil
	seconda, err := tr.Simula(ctx, d.Ente, d.ID, interno.Paga)
	require.NoError(t, err)
	require.Equal(t, prima.Esito.IUR, seconda.Esito.IUR, "no second collection")
	require.Equal(t, []pagamenti.Stato{"avviato", "fallito", "fallito", "avviato", "pagato", "pagato"}, notizie)

	p, err := tr.Simula(ctx, d.Ente, d.ID, interno.Fallisce)
	require.ErrorIs(t, err, pagamenti.ErrPagato)
	require.Equal(t, pagamenti.Pagato, p.Stato)

	e := pagamentitest.Dovuto("c_h501", "a-2")
	_, err = tr.Crea(ctx, e)
	require.NoError(t, err)
	_, err = tr.Annulla(ctx, e.Ente, e.ID)
	require.NoError(t, err)
	_, err = tr.Simula(ctx, e.Ente, e.ID, interno.Fallisce)
	require.Equal(t, guasto.Permanente, guasto.Di(err))
	require.ErrorContains(t, err, "transizione")
}

// rotto is a drawer that fails.
type rotto struct {
	cassetto.Memoria
	err error
}

func (r *rotto) Transazione(context.Context, string, func(cassetto.Tx) error) error { return r.err }
func (r *rotto) Lettura(context.Context, string, func(cassetto.Tx) error) error     { return r.err }

func TestCassettoRotto(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, caso := range []struct {
		err           error
		scrive, legge guasto.Classe
	}{
		{errors.New("disco"), guasto.EsitoIgnoto, guasto.Transitorio},
		{cassetto.ErrLimite, guasto.Permanente, guasto.Permanente},
	} {
		tr, err := interno.New(interno.Config{Cassetto: &rotto{err: caso.err}, BaseURL: "https://portale.example"})
		require.NoError(t, err)
		_, err = tr.Crea(ctx, pagamentitest.Dovuto("c_h501", "a-1"))
		require.Equal(t, caso.scrive, guasto.Di(err))
		require.ErrorIs(t, err, caso.err)
		_, err = tr.Stato(ctx, "c_h501", "a-1")
		require.Equal(t, caso.legge, guasto.Di(err))
		_, err = tr.Annulla(ctx, "c_h501", strings.Repeat("a", 5000))
		require.ErrorIs(t, err, pagamenti.ErrIgnota)
		_, err = tr.Stato(ctx, "", "a-1")
		require.ErrorIs(t, err, pagamenti.ErrIgnota)
	}
}

func TestNienteDelPagatore(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var c cassetto.Memoria
	tr, err := interno.New(interno.Config{Cassetto: &c, BaseURL: "https://portale.example"})
	require.NoError(t, err)
	d := pagamentitest.Dovuto("c_h501", "a-1")
	d.Scadenza = time.Time{}
	_, err = tr.Crea(ctx, d)
	require.NoError(t, err)
	require.NoError(t, c.Lettura(ctx, "c_h501", func(tx cassetto.Tx) error {
		voci, err := tx.Elenca("pagamenti.posizione", cassetto.Intervallo{})
		require.NoError(t, err)
		require.Len(t, voci, 1)
		require.NotContains(t, string(voci[0].Valore), d.Pagatore.CodiceFiscale)
		require.NotContains(t, string(voci[0].Valore), d.Pagatore.Nome)
		return nil
	}))
}
