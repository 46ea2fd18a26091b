package protocollotest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/protocollo/interno"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/stretchr/testify/require"
)

type (
	reg = protocollo.Registrazione
	ric = protocollo.Richiesta
)

// difettoso is the embedded register with one thing wrong.
type difettoso struct {
	*interno.Registro
	capacita     func(*protocollo.Capacita)
	registra     func(context.Context, *interno.Registro, ric) (reg, error)
	cerca        func(context.Context, *interno.Registro, protocollo.Criteri) ([]reg, error)
	leggi        func(context.Context, *interno.Registro, protocollo.Estremi) (reg, error)
	annulla      func(context.Context, *interno.Registro, protocollo.Estremi, protocollo.Annullamento) (reg, error)
	crea         func(context.Context, *interno.Registro, string, protocollo.Fascicolo) (protocollo.Fascicolo, error)
	riclassifica func(context.Context, *interno.Registro, protocollo.Estremi, string, string) (reg, error)
}

func (d *difettoso) Capacita() protocollo.Capacita {
	c := d.Registro.Capacita()
	if d.capacita != nil {
		d.capacita(&c)
	}
	return c
}

func (d *difettoso) Registra(ctx context.Context, q ric) (reg, error) {
	if d.registra != nil {
		return d.registra(ctx, d.Registro, q)
	}
	return d.Registro.Registra(ctx, q)
}

func (d *difettoso) Cerca(ctx context.Context, c protocollo.Criteri) ([]reg, error) {
	if d.cerca != nil {
		return d.cerca(ctx, d.Registro, c)
	}
	return d.Registro.Cerca(ctx, c)
}

func (d *difettoso) Leggi(ctx context.Context, e protocollo.Estremi) (reg, error) {
	if d.leggi != nil {
		return d.leggi(ctx, d.Registro, e)
	}
	return d.Registro.Leggi(ctx, e)
}

func (d *difettoso) Annulla(ctx context.Context, e protocollo.Estremi, a protocollo.Annullamento) (reg, error) {
	if d.annulla != nil {
		return d.annulla(ctx, d.Registro, e, a)
	}
	return d.Registro.Annulla(ctx, e, a)
}

func (d *difettoso) CreaFascicolo(ctx context.Context, ente string, f protocollo.Fascicolo) (protocollo.Fascicolo, error) {
	if d.crea != nil {
		return d.crea(ctx, d.Registro, ente, f)
	}
	return d.Registro.CreaFascicolo(ctx, ente, f)
}

func (d *difettoso) Riclassifica(ctx context.Context, e protocollo.Estremi, classifica, operatore string) (reg, error) {
	if d.riclassifica != nil {
		return d.riclassifica(ctx, d.Registro, e, classifica, operatore)
	}
	return d.Registro.Riclassifica(ctx, e, classifica, operatore)
}

// ritoccata changes the answers of Registra.
func ritoccata(ritocca func(*reg, int64)) func() difettoso {
	return func() difettoso {
		var n atomic.Int64
		return difettoso{registra: func(ctx context.Context, r *interno.Registro, q ric) (reg, error) {
			x, err := r.Registra(ctx, q)
			if err == nil {
				ritocca(&x, n.Add(1))
			}
			return x, err
		}}
	}
}

// difetti gives, for each faulty registry, the checks that must fail on it.
var difetti = map[string]struct {
	nuovo func() difettoso
	prove []string
}{
	"numero vuoto":         {ritoccata(func(x *reg, _ int64) { x.Numero = "" }), []string{"numero", "concorrenza", "anno"}},
	"numero ripetuto":      {ritoccata(func(x *reg, n int64) { x.Numero = fmt.Sprint((n + 1) / 2) }), []string{"numero", "concorrenza"}},
	"anno dell'orologio":   {ritoccata(func(x *reg, _ int64) { x.Anno = 2026 }), []string{"anno"}},
	"allegati dimenticati": {ritoccata(func(x *reg, _ int64) { x.Allegati = nil }), []string{"contenuto"}},
	"ricerca che tace": {func() difettoso {
		return difettoso{cerca: func(_ context.Context, _ *interno.Registro, c protocollo.Criteri) ([]reg, error) {
			return nil, c.Verifica()
		}}
	}, []string{"correlazione", "concorrenza", "annullamento"}},
	"ricerca a sottostringa": {func() difettoso {
		var tutte []reg
		return difettoso{
			registra: func(ctx context.Context, r *interno.Registro, q ric) (reg, error) {
				x, err := r.Registra(ctx, q)
				tutte = append(tutte, x)
				return x, err
			},
			cerca: func(_ context.Context, _ *interno.Registro, c protocollo.Criteri) ([]reg, error) {
				var trovate []reg
				for _, x := range tutte {
					if strings.Contains(x.Oggetto, c.Correlazione) {
						trovate = append(trovate, x)
					}
				}
				return trovate, c.Verifica()
			},
		}
	}, []string{"correlazione"}},
	"limiti ignorati": {func() difettoso {
		return difettoso{capacita: func(c *protocollo.Capacita) {
			c.MassimoOggetto, c.MassimoNome, c.MassimoAllegati, c.MassimoByteDocumento = 60, 30, 2, 1<<20
		}}
	}, []string{"limiti"}},
	"struttura ignorata": {func() difettoso {
		return difettoso{registra: func(ctx context.Context, r *interno.Registro, q ric) (reg, error) {
			if q.Verifica() != nil && protocollo.TokenValido(q.Correlazione) {
				q = protocollotest.Richiesta(q.Ente, q.Correlazione, 0)
			}
			return r.Registra(ctx, q)
		}}
	}, []string{"struttura", "testi"}},
	"annullare è cancellare": {func() difettoso {
		var via atomic.Bool
		return difettoso{
			annulla: func(ctx context.Context, r *interno.Registro, e protocollo.Estremi, a protocollo.Annullamento) (reg, error) {
				x, err := r.Annulla(ctx, e, a)
				via.Store(via.Load() || err == nil)
				return x, err
			},
			leggi: func(ctx context.Context, r *interno.Registro, e protocollo.Estremi) (reg, error) {
				if via.Load() {
					return reg{}, protocollo.ErrNonTrovato
				}
				return r.Leggi(ctx, e)
			},
		}
	}, []string{"annullamento"}},
	"errori senza classe": {func() difettoso {
		return difettoso{registra: func(ctx context.Context, r *interno.Registro, q ric) (reg, error) {
			x, err := r.Registra(ctx, q)
			if err != nil {
				err = errors.New("qualcosa non va")
			}
			return x, err
		}}
	}, []string{"struttura", "contesto", "correlazione"}},
	"dati personali negli errori": {func() difettoso {
		return difettoso{registra: func(ctx context.Context, r *interno.Registro, q ric) (reg, error) {
			x, err := r.Registra(ctx, q)
			if err != nil {
				err = fmt.Errorf("rifiutato %s: %w", q.Mittente.CodiceFiscale, err)
			}
			return x, err
		}}
	}, []string{"struttura", "contesto"}},
	"due numeri per un token": {func() difettoso {
		var n atomic.Int64
		return difettoso{registra: func(ctx context.Context, r *interno.Registro, q ric) (reg, error) {
			vero := q.Correlazione
			q.Correlazione = fmt.Sprintf("%s-%d", vero, n.Add(1))
			x, err := r.Registra(ctx, q.ConToken(0))
			x.Correlazione = vero
			return x, err
		}}
	}, []string{"correlazione"}},
	"contesto ignorato": {func() difettoso {
		return difettoso{registra: func(ctx context.Context, r *interno.Registro, q ric) (reg, error) {
			x, err := r.Registra(context.WithoutCancel(ctx), q)
			if ctx.Err() != nil {
				return reg{}, guasto.DaContesto(ctx, "protocollo.Registra", false)
			}
			return x, err
		}}
	}, []string{"contesto"}},
	"fascicoli doppi": {func() difettoso {
		var n atomic.Int64
		return difettoso{crea: func(ctx context.Context, r *interno.Registro, ente string, f protocollo.Fascicolo) (protocollo.Fascicolo, error) {
			vera := f.Chiave
			f.Chiave = fmt.Sprintf("%s#%d", vera, n.Add(1))
			f, err := r.CreaFascicolo(ctx, ente, f)
			f.Chiave = vera
			return f, err
		}}
	}, []string{"fascicolo"}},
	"enti confusi": {func() difettoso {
		return difettoso{leggi: func(ctx context.Context, r *interno.Registro, e protocollo.Estremi) (reg, error) {
			e.Ente = "c_h501"
			return r.Leggi(ctx, e)
		}}
	}, []string{"enti"}},
	"oggetto tagliato": {func() difettoso {
		return difettoso{leggi: func(ctx context.Context, r *interno.Registro, e protocollo.Estremi) (reg, error) {
			x, err := r.Leggi(ctx, e)
			x.Oggetto = x.Oggetto[:min(len(x.Oggetto), 10)]
			return x, err
		}}
	}, []string{"contenuto", "testi"}},
	"documenti lasciati aperti": {func() difettoso {
		return difettoso{registra: func(ctx context.Context, r *interno.Registro, q ric) (reg, error) {
			if q.Principale.Apri != nil {
				if f, err := q.Principale.Apri(ctx); err == nil {
					_, _ = io.Copy(io.Discard, f)
				}
			}
			return r.Registra(ctx, q)
		}}
	}, []string{"documenti"}},
	"riclassificare cambia il resto": {func() difettoso {
		return difettoso{riclassifica: func(ctx context.Context, r *interno.Registro, e protocollo.Estremi, c, o string) (reg, error) {
			x, err := r.Riclassifica(ctx, e, c, o)
			x.Oggetto = "un altro oggetto"
			return x, err
		}}
	}, []string{"riclassificazione"}},
	"capacità non vere": {func() difettoso {
		return difettoso{capacita: func(c *protocollo.Capacita) { c.AllegatiDopo, c.Cerca = true, false }}
	}, []string{"capacita"}},
}

// spia records what the kit reports.
type spia struct{ rilievi []string }

func (*spia) Helper() {}

func (s *spia) Errorf(formato string, argomenti ...any) {
	s.rilievi = append(s.rilievi, fmt.Sprintf(formato, argomenti...))
}

func TestIlKitTrovaIDifetti(t *testing.T) {
	t.Parallel()
	for nome, d := range difetti {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			f := protocollotest.Fabbrica{
				Nuovo: func() (protocollotest.Istanza, error) {
					r, err := interno.New(interno.Config{Cassetto: new(cassetto.Memoria), Orologio: annoFisso})
					x := d.nuovo()
					x.Registro = r
					return protocollotest.Istanza{Registro: &x}, err
				},
				AltroEnte: "c_f205", Anno: 1999, Abilita: tutto, Concorrenti: 8,
			}
			if nome == "ricerca a sottostringa" {
				f.Concorrenti = 1 // it keeps its list without a lock
			}
			rilievi := map[string][]string{}
			for _, p := range protocollotest.Prove(f) {
				var s spia
				protocollotest.Controlla(t.Context(), &s, p)
				rilievi[p.Nome] = s.rilievi
			}
			for _, p := range d.prove {
				require.NotEmpty(t, rilievi[p], "la prova %q non vede il difetto", p)
			}
		})
	}
}

func TestIlKitVedeGliEffettiNascosti(t *testing.T) {
	t.Parallel()
	falliti := 0
	for _, p := range protocollotest.Prove(protocollotest.Fabbrica{
		Nuovo: func() (protocollotest.Istanza, error) {
			// Every call gives two numbers, and there is no search to see it.
			f, err := protocollotest.New(protocollotest.Copione{Livello: protocollotest.SoloRegistra,
				Probabilita: map[protocollotest.Guasto]float64{protocollotest.Doppio: 1}})
			return protocollotest.Istanza{Registro: f.Porta(), Effetti: func() int { return len(f.Effetti()) }}, err
		},
	}) {
		falliti += len(p.Esegui(t.Context()))
	}
	require.Positive(t, falliti)
	rotta := protocollotest.Prove(protocollotest.Fabbrica{Nuovo: func() (protocollotest.Istanza, error) {
		return protocollotest.Istanza{}, io.ErrClosedPipe
	}})
	require.ErrorIs(t, rotta[0].Esegui(t.Context())[0], io.ErrClosedPipe)
}
