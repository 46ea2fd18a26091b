package pagamentitest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pagamenti/pagamentitest"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/stretchr/testify/require"
)

func banco(t testing.TB) (*pagamentitest.Finto, pagamentitest.Banco) {
	f, err := pagamentitest.NuovoFinto(pagamentitest.Config{})
	require.NoError(t, err)
	return f, pagamentitest.Banco{Tramite: f, Ente: "c_h501", AltroEnte: "c_f205", Paga: f.Paga, Fallisci: f.Fallisci, Scadi: f.Scadi}
}

func TestFintoPassaIlKit(t *testing.T) {
	t.Parallel()
	pagamentitest.Verifica(t, func(t testing.TB) pagamentitest.Banco {
		_, b := banco(t)
		return b
	})
}

func TestBancoPovero(t *testing.T) {
	t.Parallel()
	for _, c := range pagamentitest.Controlli() {
		_, b := banco(t)
		err := c.Esegui(context.Background(), pagamentitest.Banco{Tramite: soloPorta{b.Tramite}, Ente: b.Ente})
		if err != nil {
			require.ErrorIs(t, err, pagamentitest.ErrNonProvato, c.Nome)
		}
	}
}

// soloPorta hides the optional abilities.
type soloPorta struct{ pagamenti.Tramite }

// difetto is a Tramite with one method done wrong.
type difetto struct {
	pagamenti.Tramite
	crea    func(pagamenti.Tramite, context.Context, pagamenti.Dovuto) (pagamenti.Posizione, error)
	stato   func(pagamenti.Tramite, context.Context, string, string) (pagamenti.Posizione, error)
	annulla func(pagamenti.Tramite, context.Context, string, string) (pagamenti.Posizione, error)
}

func (d *difetto) Crea(ctx context.Context, x pagamenti.Dovuto) (pagamenti.Posizione, error) {
	if d.crea == nil {
		return d.Tramite.Crea(ctx, x)
	}
	return d.crea(d.Tramite, ctx, x)
}

func (d *difetto) Stato(ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
	if d.stato == nil {
		return d.Tramite.Stato(ctx, ente, id)
	}
	return d.stato(d.Tramite, ctx, ente, id)
}

func (d *difetto) Annulla(ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
	if d.annulla == nil {
		return d.Tramite.Annulla(ctx, ente, id)
	}
	return d.annulla(d.Tramite, ctx, ente, id)
}

func (d *difetto) Ricevuta(ctx context.Context, ente, id string) (pagamenti.Documento, error) {
	doc, err := d.Tramite.(pagamenti.Ricevutatore).Ricevuta(ctx, ente, id)
	if errors.Is(err, pagamenti.ErrDocumento) {
		return pagamenti.Documento{NomeFile: "r.txt", TipoMIME: "text/plain", Contenuto: []byte("pagato")}, nil
	}
	return doc, err
}

// Avviso names the file after the payer.
func (d *difetto) Avviso(ctx context.Context, ente, id string) (pagamenti.Documento, error) {
	if _, err := d.Tramite.Stato(ctx, ente, id); err != nil {
		return pagamenti.Documento{}, err
	}
	return pagamenti.Documento{NomeFile: "avviso VRDMRN92A12H501Z.pdf", TipoMIME: "application/pdf", Contenuto: []byte("x")}, nil
}

// TestKitScopreIDifetti: each wrong Tramite fails the check that names its fault.
func TestKitScopreIDifetti(t *testing.T) {
	t.Parallel()
	altra := func(p pagamenti.Posizione, err error, fn func(*pagamenti.Posizione)) (pagamenti.Posizione, error) {
		if err == nil || guasto.Di(err) == guasto.GiaFatto {
			fn(&p)
		}
		return p, err
	}
	// Each Crea that repeats an id gives a new notice number.
	rigenera := func() func(pagamenti.Tramite, context.Context, pagamenti.Dovuto) (pagamenti.Posizione, error) {
		n := make(chan int64, 1)
		n <- 1000
		return func(v pagamenti.Tramite, ctx context.Context, d pagamenti.Dovuto) (pagamenti.Posizione, error) {
			p, err := v.Crea(ctx, d)
			return altra(p, err, func(p *pagamenti.Posizione) {
				k := <-n
				n <- k + 1
				nav, _ := pagamenti.NuovoNAV(0, k)
				p.NAV, p.IUV = string(nav), nav.IUV()
			})
		}
	}
	statoChe := func(fn func(*pagamenti.Posizione)) *difetto {
		return &difetto{stato: func(v pagamenti.Tramite, ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
			p, err := v.Stato(ctx, ente, id)
			return altra(p, err, fn)
		}}
	}
	creaChe := func(fn func(*pagamenti.Posizione)) *difetto {
		return &difetto{crea: func(v pagamenti.Tramite, ctx context.Context, d pagamenti.Dovuto) (pagamenti.Posizione, error) {
			p, err := v.Crea(ctx, d)
			return altra(p, err, fn)
		}}
	}
	for nome, caso := range map[string]struct {
		controllo string
		difetto   *difetto
	}{
		"crea due volte":     {"crea_idempotente", &difetto{crea: rigenera()}},
		"corsa in Crea":      {"crea_concorrente", &difetto{crea: rigenera()}},
		"numeri ripetuti":    {"numeri_distinti", creaChe(func(p *pagamenti.Posizione) { p.IUD = "sempre" })},
		"cifra di controllo": {"crea", creaChe(func(p *pagamenti.Posizione) { p.NAV = p.NAV[:16] + "99" })},
		"nav vecchio":        {"crea", creaChe(func(p *pagamenti.Posizione) { p.NAV, p.IUV = "182202100000000101", "82202100000000101" })},
		"iuv diverso":        {"crea", creaChe(func(p *pagamenti.Posizione) { p.IUV = "1" })},
		"importo diverso":    {"crea", creaChe(func(p *pagamenti.Posizione) { p.Importo = decimal.New(1, 0) })},
		"ora locale":         {"crea", creaChe(func(p *pagamenti.Posizione) { p.Creata = p.Creata.In(time.FixedZone("x", 3600)) })},
		"id diverso":         {"crea", creaChe(func(p *pagamenti.Posizione) { p.ID = "x" })},
		"senza numeri":       {"crea", creaChe(func(p *pagamenti.Posizione) { p.NAV, p.IUV, p.IUD = "", "", "" })},
		"senza pagina":       {"crea", creaChe(func(p *pagamenti.Posizione) { p.NAV, p.URLPagamento = "", "" })},
		"dati in posizione":  {"niente_dati_personali", creaChe(func(p *pagamenti.Posizione) { p.URLPagamento += "?cf=vrdmrn92a12h501z" })},
		"torna indietro":     {"pagata_non_torna", statoDopo(2, pagamenti.Fallito)},
		"mai pagata":         {"paga", statoChe(func(p *pagamenti.Posizione) { p.Stato = pagamenti.Avviato })},
		"senza istante":      {"paga", statoChe(func(p *pagamenti.Posizione) { p.Pagata = time.Time{} })},
		"senza ricevuta":     {"paga", statoChe(func(p *pagamenti.Posizione) { p.Esito = pagamenti.Esito{} })},
		"segna doppio":       {"paga", statoChe(func(p *pagamenti.Posizione) { p.DoppioPagamento = true })},
		"tardi non segnato":  {"fuori_termine", statoChe(func(p *pagamenti.Posizione) { p.FuoriTermine = false })},
		"vicolo cieco":       {"fallita_si_ritenta", statoChe(func(p *pagamenti.Posizione) { p.Stato = pagamenti.Annullato })},
		"annulla senza effetto": {"annulla", &difetto{annulla: func(v pagamenti.Tramite, ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
			return v.Stato(ctx, ente, id)
		}}},
		"annulla senza dirlo": {"annulla_pagata", &difetto{annulla: func(v pagamenti.Tramite, ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
			p, err := v.Annulla(ctx, ente, id)
			if guasto.Di(err) == guasto.GiaFatto {
				return p, nil
			}
			return p, err
		}}},
		"annulla senza posizione": {"annulla_pagata", &difetto{annulla: func(v pagamenti.Tramite, ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
			p, err := v.Annulla(ctx, ente, id)
			return altra(p, err, func(p *pagamenti.Posizione) { *p = pagamenti.Posizione{} })
		}}},
		"ignota senza errore": {"ignota", &difetto{stato: func(v pagamenti.Tramite, ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
			p, err := v.Stato(ctx, ente, id)
			if errors.Is(err, pagamenti.ErrIgnota) {
				return pagamenti.Posizione{}, nil
			}
			return p, err
		}}},
		"errori senza classe": {"ignota", &difetto{stato: func(v pagamenti.Tramite, ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
			p, err := v.Stato(ctx, ente, id)
			if err != nil {
				err = pagamenti.ErrIgnota
			}
			return p, err
		}}},
		"enti confusi": {"enti_separati", &difetto{
			stato: func(v pagamenti.Tramite, ctx context.Context, _, id string) (pagamenti.Posizione, error) {
				return v.Stato(ctx, "c_h501", id)
			},
		}},
		"enti confusi in Annulla": {"enti_separati", &difetto{
			annulla: func(v pagamenti.Tramite, ctx context.Context, _, id string) (pagamenti.Posizione, error) {
				return v.Annulla(ctx, "c_h501", id)
			},
		}},
		"accetta altro importo": {"crea_diversa", &difetto{crea: func(v pagamenti.Tramite, ctx context.Context, d pagamenti.Dovuto) (pagamenti.Posizione, error) {
			p, err := v.Crea(ctx, d)
			if errors.Is(err, pagamenti.ErrDiverso) {
				return v.Stato(ctx, d.Ente, d.ID)
			}
			return p, err
		}}},
		"non verifica": {"crea_non_valida", &difetto{crea: func(v pagamenti.Tramite, ctx context.Context, d pagamenti.Dovuto) (pagamenti.Posizione, error) {
			d.Importo, d.Voci = decimal.New(1, 0), nil
			return v.Crea(ctx, d)
		}}},
		"errore indiscreto": {"niente_dati_personali", &difetto{crea: func(v pagamenti.Tramite, ctx context.Context, d pagamenti.Dovuto) (pagamenti.Posizione, error) {
			p, err := v.Crea(ctx, d)
			if err != nil {
				err = errors.New("rifiutato " + d.Pagatore.CodiceFiscale)
			}
			return p, err
		}}},
		"sordo al contesto": {"contesto_finito", &difetto{crea: func(v pagamenti.Tramite, ctx context.Context, d pagamenti.Dovuto) (pagamenti.Posizione, error) {
			return v.Crea(context.WithoutCancel(ctx), d)
		}}},
		"transitorio con effetto": {"contesto_finito", &difetto{crea: func(v pagamenti.Tramite, ctx context.Context, d pagamenti.Dovuto) (pagamenti.Posizione, error) {
			p, err := v.Crea(context.WithoutCancel(ctx), d)
			if ctx.Err() != nil {
				return p, guasto.DaContesto(ctx, "x", false)
			}
			return p, err
		}}},
		"ricevuta prima":    {"ricevuta", &difetto{}},
		"avviso indiscreto": {"avviso", &difetto{}},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			_, b := banco(t)
			caso.difetto.Tramite = b.Tramite
			b.Tramite = caso.difetto
			for _, c := range pagamentitest.Controlli() {
				if c.Nome == caso.controllo {
					err := c.Esegui(context.Background(), b)
					require.Error(t, err, "the kit must see it")
					require.NotErrorIs(t, err, pagamentitest.ErrNonProvato)
					return
				}
			}
			require.Fail(t, "no such check")
		})
	}
}

// statoDopo answers truly n-1 times, then with another state.
func statoDopo(n int, s pagamenti.Stato) *difetto {
	return &difetto{stato: func(v pagamenti.Tramite, ctx context.Context, ente, id string) (pagamenti.Posizione, error) {
		p, err := v.Stato(ctx, ente, id)
		if n--; n <= 0 {
			p.Stato = s
		}
		return p, err
	}}
}
