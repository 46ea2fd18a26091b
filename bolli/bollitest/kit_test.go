package bollitest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/bolli/bollitest"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/stretchr/testify/require"
)

var oggi = termini.Giorno{Anno: 2026, Mese: 1, Giorno: 15}

func ExampleNuovoFinto() {
	ctx := context.Background()
	f := bollitest.NuovoFinto(bollitest.Config{
		Copione: []bollitest.Passo{{Metodo: bollitest.Emetti, Accidente: bollitest.DopoEffetto}},
	})
	r := bollitest.Richiesta("c_h501", "a-1")
	_, err := f.Emetti(ctx, r)
	fmt.Println(guasto.Di(err))
	e, err := f.Emetti(ctx, r) // idempotent: it may be called again
	fmt.Println(e.Stato, err)
	fmt.Println(f.Acquista(ctx, r.Ente, r.ID))
	e, err = f.Stato(ctx, r.Ente, r.ID)
	fmt.Println(e.Stato, e.Contrassegno.Seriale, err)
	// Output:
	// esito_ignoto
	// da_acquistare <nil>
	// <nil>
	// emessa 00000000000001 <nil>
}

func banco() (*bollitest.Finto, bollitest.Banco) {
	f := bollitest.NuovoFinto(bollitest.Config{})
	return f, bollitest.Banco{Emettitore: f, Ente: "c_h501", AltroEnte: "c_f205", Acquista: f.Acquista, Rinuncia: f.Rinuncia, Oggi: oggi}
}

func TestFintoPassaIlKit(t *testing.T) {
	t.Parallel()
	bollitest.Verifica(t, func(testing.TB) bollitest.Banco {
		_, b := banco()
		return b
	})
}

func TestBancoPovero(t *testing.T) {
	t.Parallel()
	for _, c := range bollitest.Controlli() {
		f, _ := banco()
		if err := c.Esegui(context.Background(), bollitest.Banco{Emettitore: f, Ente: "c_h501"}); err != nil {
			require.ErrorIs(t, err, bollitest.ErrNonProvato, c.Nome)
		}
	}
}

type difetto struct {
	*bollitest.Finto
	emetti func(context.Context, bolli.Richiesta) (bolli.Emissione, error)
	stato  func(context.Context, string, string) (bolli.Emissione, error)
}

func (d *difetto) Emetti(ctx context.Context, r bolli.Richiesta) (bolli.Emissione, error) {
	if d.emetti == nil {
		return d.Finto.Emetti(ctx, r)
	}
	return d.emetti(ctx, r)
}

func (d *difetto) Stato(ctx context.Context, ente, id string) (bolli.Emissione, error) {
	if d.stato == nil {
		return d.Finto.Stato(ctx, ente, id)
	}
	return d.stato(ctx, ente, id)
}

func TestKitScopreIDifetti(t *testing.T) {
	t.Parallel()
	// Both methods answer truly, then the answer is changed.
	ritocca := func(fn func(*bolli.Emissione)) func(*difetto) {
		return func(d *difetto) {
			d.emetti = func(ctx context.Context, r bolli.Richiesta) (bolli.Emissione, error) {
				e, err := d.Finto.Emetti(ctx, r)
				if err == nil {
					fn(&e)
				}
				return e, err
			}
			d.stato = func(ctx context.Context, ente, id string) (bolli.Emissione, error) {
				e, err := d.Finto.Stato(ctx, ente, id)
				if err == nil {
					fn(&e)
				}
				return e, err
			}
		}
	}
	rigenera := func(d *difetto) {
		n := make(chan int, 1)
		n <- 0
		d.emetti = func(ctx context.Context, r bolli.Richiesta) (bolli.Emissione, error) {
			e, err := d.Finto.Emetti(ctx, r)
			k := <-n
			n <- k + 1
			e.URLAcquisto += fmt.Sprint("?", k)
			return e, err
		}
	}
	originale := []byte("<marcaDaBollo/>")
	for nome, caso := range map[string]struct {
		controllo string
		guasta    func(*difetto)
	}{
		"altra richiesta":  {"emetti", ritocca(func(e *bolli.Emissione) { e.ID = "x" })},
		"senza indirizzo":  {"emetti", ritocca(func(e *bolli.Emissione) { e.URLAcquisto = "" })},
		"stato ignoto":     {"emetti", ritocca(func(e *bolli.Emissione) { e.Stato = "boh" })},
		"chiede due volte": {"idempotente", rigenera},
		"corsa":            {"concorrente", rigenera},
		"accetta diverse": {"diversa", func(d *difetto) {
			d.emetti = func(ctx context.Context, r bolli.Richiesta) (bolli.Emissione, error) {
				e, err := d.Finto.Emetti(ctx, r)
				if errors.Is(err, bolli.ErrDiversa) {
					return d.Finto.Stato(ctx, r.Ente, r.ID)
				}
				return e, err
			}
		}},
		"non verifica": {"non_valida", func(d *difetto) {
			d.emetti = func(ctx context.Context, r bolli.Richiesta) (bolli.Emissione, error) {
				r.Impronta = bolli.Impronta(nil)
				return d.Finto.Emetti(ctx, r)
			}
		}},
		"ignota senza errore": {"ignota", func(d *difetto) {
			d.stato = func(context.Context, string, string) (bolli.Emissione, error) { return bolli.Emissione{}, nil }
		}},
		"senza classe": {"ignota", func(d *difetto) {
			d.stato = func(context.Context, string, string) (bolli.Emissione, error) {
				return bolli.Emissione{}, bolli.ErrIgnota
			}
		}},
		"enti confusi": {"enti_separati", func(d *difetto) {
			d.stato = func(ctx context.Context, _, id string) (bolli.Emissione, error) {
				return d.Finto.Stato(ctx, "c_h501", id)
			}
		}},
		"cartaceo":            {"acquisto", ritocca(func(e *bolli.Emissione) { e.Contrassegno.Tipo = bolli.Cartaceo })},
		"altro documento":     {"acquisto", ritocca(func(e *bolli.Emissione) { e.Contrassegno.Impronta = bolli.Impronta(nil) })},
		"altro valore":        {"acquisto", ritocca(func(e *bolli.Emissione) { e.Contrassegno.Importo = decimal.New(2, 0) })},
		"dal futuro":          {"acquisto", ritocca(func(e *bolli.Emissione) { e.Contrassegno.Emissione.Anno = 2099 })},
		"originale enorme":    {"acquisto", ritocca(func(e *bolli.Emissione) { e.Originale = make([]byte, bolli.MassimoOriginale+1) })},
		"originale in comune": {"acquisto", ritocca(func(e *bolli.Emissione) { e.Originale = originale })},
		"seriale ripetuto":    {"seriali_distinti", ritocca(func(e *bolli.Emissione) { e.Contrassegno.Seriale = "1" })},
		"mai emessa":          {"acquisto", ritocca(func(e *bolli.Emissione) { e.Stato = bolli.DaAcquistare })},
		"mai non riuscita":    {"rinuncia", ritocca(func(e *bolli.Emissione) { e.Stato = bolli.DaAcquistare })},
		"torna indietro": {"emessa_non_torna", func(d *difetto) {
			n := 0
			d.stato = func(ctx context.Context, ente, id string) (bolli.Emissione, error) {
				e, err := d.Finto.Stato(ctx, ente, id)
				if n++; n > 1 {
					e.Stato = bolli.NonRiuscita
				}
				return e, err
			}
		}},
		"sordo al contesto": {"contesto_finito", func(d *difetto) {
			d.emetti = func(ctx context.Context, r bolli.Richiesta) (bolli.Emissione, error) {
				return d.Finto.Emetti(context.WithoutCancel(ctx), r)
			}
		}},
		"transitorio con effetto": {"contesto_finito", func(d *difetto) {
			d.emetti = func(ctx context.Context, r bolli.Richiesta) (bolli.Emissione, error) {
				e, err := d.Finto.Emetti(context.WithoutCancel(ctx), r)
				if ctx.Err() != nil {
					return e, guasto.DaContesto(ctx, "x", false)
				}
				return e, err
			}
		}},
		"dati nell'indirizzo": {"niente_dati_personali", ritocca(func(e *bolli.Emissione) { e.URLAcquisto += "?cf=vrdmrn92a12h501z" })},
		"dati negli errori": {"niente_dati_personali", func(d *difetto) {
			d.emetti = func(ctx context.Context, r bolli.Richiesta) (bolli.Emissione, error) {
				e, err := d.Finto.Emetti(ctx, r)
				if err != nil {
					err = fmt.Errorf("rifiutato %s: %w", r.Acquirente.Nome, err)
				}
				return e, err
			}
		}},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			f, b := banco()
			d := &difetto{Finto: f}
			caso.guasta(d)
			b.Emettitore = d
			for _, c := range bollitest.Controlli() {
				if c.Nome == caso.controllo {
					err := c.Esegui(context.Background(), b)
					require.Error(t, err, "the kit must see it")
					require.NotErrorIs(t, err, bollitest.ErrNonProvato)
					return
				}
			}
			require.Fail(t, "no such check")
		})
	}
}

func TestCopione(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	f := bollitest.NuovoFinto(bollitest.Config{Copione: []bollitest.Passo{
		{Accidente: bollitest.PrimaEffetto},
		{Metodo: bollitest.Emetti, Accidente: bollitest.PrimaEffetto, Classe: guasto.Sessione},
		{Metodo: bollitest.Emetti, Accidente: bollitest.Blocco},
		{Metodo: bollitest.Emetti, Accidente: bollitest.BloccoEffetto},
	}})
	r := bollitest.Richiesta("c_h501", "a-1")
	_, err := f.Emetti(ctx, r)
	require.ErrorIs(t, err, bollitest.ErrAccidente)
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	_, err = f.Emetti(ctx, r)
	require.Equal(t, guasto.Sessione, guasto.Di(err))
	for _, effetto := range []bool{false, true} {
		breve, annulla := context.WithTimeout(ctx, 2e6)
		_, err = f.Emetti(breve, r)
		annulla()
		require.Equal(t, guasto.EsitoIgnoto, guasto.Di(err))
		_, err = f.Stato(ctx, r.Ente, r.ID)
		require.Equal(t, effetto, err == nil)
	}
	require.ErrorIs(t, f.Acquista(ctx, r.Ente, "altro"), bolli.ErrIgnota)
	require.ErrorIs(t, f.Rinuncia(ctx, r.Ente, "altro"), bolli.ErrIgnota)
	require.NoError(t, f.Acquista(ctx, r.Ente, r.ID))
	prima, err := f.Stato(ctx, r.Ente, r.ID)
	require.NoError(t, err)
	require.NoError(t, f.Acquista(ctx, r.Ente, r.ID))
	dopo, err := f.Stato(ctx, r.Ente, r.ID)
	require.NoError(t, err)
	require.Equal(t, prima, dopo, "bought once")
}

func TestSeme(t *testing.T) {
	t.Parallel()
	corsa := func(seme uint64) (esiti []guasto.Classe) {
		f := bollitest.NuovoFinto(bollitest.Config{Seme: seme, Frequenza: 50})
		for range 60 {
			_, err := f.Emetti(context.Background(), bollitest.Richiesta("c_h501", "a-1"))
			esiti = append(esiti, guasto.Di(err))
		}
		return esiti
	}
	a := corsa(7)
	require.Equal(t, a, corsa(7))
	require.NotEqual(t, a, corsa(8))
	for _, x := range []guasto.Classe{"", guasto.Transitorio, guasto.EsitoIgnoto} {
		require.Contains(t, a, x)
	}
}
