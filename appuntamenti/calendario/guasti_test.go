package calendario_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/appuntamenti/appuntamentitest"
	"github.com/sportello-digitale/pratiche/appuntamenti/calendario"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/stretchr/testify/require"
)

var errDisco = errors.New("disco")

// aTempo is a drawer in which the n-th operation of a transaction fails.
type aTempo struct {
	cassetto.Memoria
	fra    int // operations until the failure; negative: none
	aperto bool
}

type txATempo struct {
	cassetto.Tx
	c *aTempo
}

func (t txATempo) passo() error {
	if t.c.fra--; t.c.fra == -1 {
		t.c.aperto = true
		return errDisco
	}
	return nil
}

func (t txATempo) Leggi(tabella, chiave string) ([]byte, error) {
	if err := t.passo(); err != nil {
		return nil, err
	}
	return t.Tx.Leggi(tabella, chiave)
}

func (t txATempo) Scrivi(tabella, chiave string, v []byte) error {
	return errors.Join(t.passo(), t.Tx.Scrivi(tabella, chiave, v))
}

func (t txATempo) Elimina(tabella, chiave string) error {
	return errors.Join(t.passo(), t.Tx.Elimina(tabella, chiave))
}

func (t txATempo) Elenca(tabella string, i cassetto.Intervallo) ([]cassetto.Voce, error) {
	if err := t.passo(); err != nil {
		return nil, err
	}
	return t.Tx.Elenca(tabella, i)
}

func (c *aTempo) Transazione(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	return c.Memoria.Transazione(ctx, ente, func(tx cassetto.Tx) error { return fn(txATempo{tx, c}) })
}

func (c *aTempo) Lettura(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	return c.Memoria.Lettura(ctx, ente, func(tx cassetto.Tx) error { return fn(txATempo{tx, c}) })
}

// Wherever the drawer fails within a call, the call fails, nothing has changed,
// and the same call again succeeds.
func TestDiscoGuasto(t *testing.T) {
	t.Parallel()
	g := termini.GiornoDi(ore(9, 0))
	fascia := appuntamenti.Fascia{Calendario: "anagrafe", Apertura: "mattina", Inizio: ore(11, 0)}
	for nome, chiama := range map[string]func(ctx context.Context, a *calendario.Agenda) error{
		"Blocca": func(ctx context.Context, a *calendario.Agenda) error {
			_, err := a.Blocca(ctx, appuntamenti.Prenotazione{ID: "nuova", Ente: ente, Calendario: "anagrafe", Apertura: "mattina", Inizio: ore(9, 0), Riferimento: "pratica"})
			return err
		},
		"Conferma scaduta": func(ctx context.Context, a *calendario.Agenda) error {
			_, err := a.Conferma(ctx, ente, "scaduta")
			return err
		},
		"Prolunga scaduta": func(ctx context.Context, a *calendario.Agenda) error {
			_, err := a.Prolunga(ctx, ente, "scaduta", ore(8, 0))
			return err
		},
		"Annulla": func(ctx context.Context, a *calendario.Agenda) error {
			_, err := a.Annulla(ctx, ente, "presa")
			return err
		},
		"AnnullaCittadino": func(ctx context.Context, a *calendario.Agenda) error {
			_, err := a.AnnullaCittadino(ctx, ente, "presa")
			return err
		},
		"Sposta": func(ctx context.Context, a *calendario.Agenda) error {
			_, err := a.Sposta(ctx, ente, "presa", fascia)
			return err
		},
		"SpostaCittadino": func(ctx context.Context, a *calendario.Agenda) error {
			_, err := a.SpostaCittadino(ctx, ente, "presa", fascia)
			return err
		},
		"Disponibili": func(ctx context.Context, a *calendario.Agenda) error {
			_, err := a.Disponibili(ctx, ente, "anagrafe", g, g)
			return err
		},
		"Elenca": func(ctx context.Context, a *calendario.Agenda) error {
			_, err := a.Elenca(ctx, ente, "anagrafe", g, g)
			return err
		},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			for n := 0; ; n++ {
				require.Less(t, n, 50)
				c := &aTempo{fra: -1}
				cal := anagrafe()
				cal.GiorniAnnullo = -1
				ricerca, err := calendario.Fissi(cal)
				require.NoError(t, err)
				o := appuntamentitest.NuovoOrologio(lunedi())
				a, err := calendario.New(calendario.Config{Cassetto: c, Calendari: ricerca, Orologio: o.Ora})
				require.NoError(t, err)
				p := appuntamenti.Prenotazione{ID: "scaduta", Ente: ente, Calendario: "anagrafe", Apertura: "mattina", Inizio: ore(9, 0), Riferimento: "pratica"}
				_, err = a.Blocca(t.Context(), p)
				require.NoError(t, err)
				o.Avanza(time.Hour)
				p.ID, p.Riferimento, p.Inizio = "presa", "altra", ore(10, 0)
				_, err = a.Blocca(t.Context(), p)
				require.NoError(t, err)

				stato := func() string {
					presi, err := a.Elenca(t.Context(), ente, "anagrafe", g, g)
					require.NoError(t, err)
					s := ""
					for _, id := range []string{"nuova", "scaduta", "presa"} {
						p, err := a.Leggi(t.Context(), ente, id)
						if err == nil {
							s += id + string(p.Stato) + p.Inizio.String() + p.ScadenzaBlocco.String()
						}
					}
					return s + string(rune('0'+len(presi)))
				}
				prima := stato()
				c.fra = n
				err = chiama(t.Context(), a)
				c.fra = -1
				if !c.aperto { // fewer operations than n: every one has had its turn
					require.NoError(t, err)
					require.Positive(t, n)
					return
				}
				require.ErrorIs(t, err, errDisco)
				require.Equal(t, prima, stato())
				require.NoError(t, chiama(t.Context(), a))
			}
		})
	}
}

func TestPostoIlleggibile(t *testing.T) {
	t.Parallel()
	c := &cassetto.Memoria{}
	require.NoError(t, c.Transazione(t.Context(), ente, func(tx cassetto.Tx) error {
		return tx.Scrivi("appuntamenti.posto", "anagrafe/"+ore(9, 0).Format("20060102T150405Z")+"/x", []byte("{"))
	}))
	ricerca, err := calendario.Fissi(anagrafe())
	require.NoError(t, err)
	a, err := calendario.New(calendario.Config{Cassetto: c, Calendari: ricerca, Orologio: lunedi})
	require.NoError(t, err)
	_, err = a.Blocca(t.Context(), appuntamenti.Prenotazione{ID: "a", Ente: ente, Calendario: "anagrafe", Apertura: "mattina", Inizio: ore(9, 0)})
	require.Error(t, err, "what cannot be counted is never taken for free")
	require.False(t, appuntamenti.EUnRifiuto(err))
}

// A citizen's request may reach past both ends of what is offered.
func TestDisponibiliPeriodo(t *testing.T) {
	t.Parallel()
	b := nuovo(t, anagrafe())
	oggi := termini.GiornoDi(lunedi())
	fasce, err := b.Disponibili(t.Context(), ente, "anagrafe", oggi.Piu(-30), oggi.Piu(60))
	require.NoError(t, err)
	require.Equal(t, oggi, termini.GiornoDi(fasce[0].Inizio))
	require.Equal(t, oggi.Piu(29), termini.GiornoDi(fasce[len(fasce)-1].Inizio))
	for _, x := range [][2]termini.Giorno{{oggi.Piu(-30), oggi.Piu(-1)}, {oggi.Piu(31), oggi.Piu(60)}} {
		fasce, err = b.Disponibili(t.Context(), ente, "anagrafe", x[0], x[1])
		require.NoError(t, err)
		require.Empty(t, fasce)
	}
	_, err = b.Leggi(t.Context(), ente, "")
	require.ErrorIs(t, err, appuntamenti.ErrNonTrovata)
}
