package calendario_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/appuntamenti/appuntamentitest"
	"github.com/sportello-digitale/pratiche/appuntamenti/calendario"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/stretchr/testify/require"
)

func TestContratto(t *testing.T) {
	t.Parallel()
	appuntamentitest.Verifica(t, func(c []appuntamenti.Calendario, o *appuntamentitest.Orologio) (appuntamenti.Agenda, error) {
		ricerca, err := calendario.Fissi(c...)
		if err != nil {
			return nil, err
		}
		return calendario.New(calendario.Config{Cassetto: &cassetto.Memoria{}, Calendari: ricerca, Orologio: o.Ora})
	})
}

const ente = "c_f205"

func anagrafe() appuntamenti.Calendario {
	return appuntamenti.Calendario{
		ID: "anagrafe", Ente: ente, Titolo: "Anagrafe",
		Aperture: []appuntamenti.Apertura{{
			ID: "mattina", Giorni: []time.Weekday{time.Monday, time.Tuesday}, Inizio: "09:00", Fine: "12:00", Minuti: 60, Capienza: 2,
		}},
	}
}

// Monday 2 March 2026, eight in the morning in Rome.
func lunedi() time.Time { return time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC) }

// banco is an Agenda whose calendars a test may change.
type banco struct {
	*calendario.Agenda
	orologio  *appuntamentitest.Orologio
	calendari map[string]appuntamenti.Calendario
}

func nuovo(t *testing.T, c ...appuntamenti.Calendario) *banco {
	t.Helper()
	b := &banco{orologio: appuntamentitest.NuovoOrologio(lunedi()), calendari: map[string]appuntamenti.Calendario{}}
	for _, c := range c {
		b.calendari[c.ID] = c
	}
	a, err := calendario.New(calendario.Config{Cassetto: &cassetto.Memoria{}, Orologio: b.orologio.Ora, Calendari: func(_ context.Context, _, id string) (appuntamenti.Calendario, error) {
		c, ok := b.calendari[id]
		if !ok {
			return c, appuntamenti.ErrCalendarioIgnoto
		}
		return c, nil
	}})
	require.NoError(t, err)
	b.Agenda = a
	return b
}

func ore(ora, minuto int) time.Time {
	return time.Date(2026, 3, 3, ora, minuto, 0, 0, termini.Roma()).UTC()
}

func (b *banco) blocca(id, apertura string, inizio time.Time) error {
	_, err := b.Blocca(context.Background(), appuntamenti.Prenotazione{ID: id, Ente: ente, Calendario: "anagrafe", Apertura: apertura, Inizio: inizio})
	return err
}

func TestConfig(t *testing.T) {
	t.Parallel()
	_, err := calendario.New(calendario.Config{})
	require.ErrorIs(t, err, calendario.ErrConfig)
	_, err = calendario.New(calendario.Config{Cassetto: &cassetto.Memoria{}})
	require.ErrorIs(t, err, calendario.ErrConfig)
	ricerca, err := calendario.Fissi(anagrafe())
	require.NoError(t, err)
	a, err := calendario.New(calendario.Config{Cassetto: &cassetto.Memoria{}, Calendari: ricerca})
	require.NoError(t, err)
	oggi := termini.GiornoDi(time.Now())
	fasce, err := a.Disponibili(t.Context(), ente, "anagrafe", oggi, oggi.Piu(20))
	require.NoError(t, err)
	require.NotEmpty(t, fasce, "the default clock is the present")

	male := anagrafe()
	male.Titolo = ""
	_, err = calendario.Fissi(anagrafe(), anagrafe(), male)
	require.ErrorIs(t, err, appuntamenti.ErrIDUsato)
	var p appuntamenti.Problemi
	require.ErrorAs(t, err, &p)
	require.Equal(t, "titolo", p[0].Campo)
}

// A calendar that changes must not overbook what was booked before.
func TestCalendarioCambiato(t *testing.T) {
	t.Parallel()
	b := nuovo(t, anagrafe())
	require.NoError(t, b.blocca("a", "mattina", ore(9, 0)))
	require.NoError(t, b.blocca("b", "mattina", ore(9, 0)))
	require.NoError(t, b.blocca("c", "mattina", ore(10, 0)))

	// Slots of 40 minutes, under another opening: 09:00, 09:40, 10:20, 11:00.
	c := anagrafe()
	c.Aperture[0].ID, c.Aperture[0].Minuti = "nuova", 40
	b.calendari["anagrafe"] = c
	g := termini.GiornoDi(ore(9, 0))
	fasce, err := b.Disponibili(t.Context(), ente, "anagrafe", g, g)
	require.NoError(t, err)
	var liberi []int
	for _, f := range fasce {
		liberi = append(liberi, f.Liberi)
	}
	require.Equal(t, []int{0, 0, 1, 2}, liberi)
	require.ErrorIs(t, b.blocca("d", "nuova", ore(9, 40)), appuntamenti.ErrFasciaPiena)
	require.ErrorIs(t, b.blocca("d", "mattina", ore(9, 0)), appuntamenti.ErrFasciaNonOfferta)
	require.NoError(t, b.blocca("d", "nuova", ore(10, 20)))
	require.ErrorIs(t, b.blocca("e", "nuova", ore(10, 20)), appuntamenti.ErrFasciaPiena)

	// A live hold is confirmed though its slot is gone; an expired one is not taken again.
	_, err = b.Conferma(t.Context(), ente, "a")
	require.NoError(t, err)
	b.orologio.Avanza(time.Hour)
	_, err = b.Conferma(t.Context(), ente, "b")
	require.ErrorIs(t, err, appuntamenti.ErrBloccoScaduto)

	// So it is when the whole calendar is gone.
	delete(b.calendari, "anagrafe")
	_, err = b.Conferma(t.Context(), ente, "b")
	require.ErrorIs(t, err, appuntamenti.ErrBloccoScaduto)
	_, err = b.AnnullaCittadino(t.Context(), ente, "a")
	require.ErrorIs(t, err, appuntamenti.ErrCalendarioIgnoto)
	_, err = b.SpostaCittadino(t.Context(), ente, "a", appuntamenti.Fascia{Calendario: "anagrafe"})
	require.ErrorIs(t, err, appuntamenti.ErrCalendarioIgnoto)
	p, err := b.Annulla(t.Context(), ente, "a")
	require.NoError(t, err)
	require.Equal(t, appuntamenti.Annullato, p.Stato)
}

// A pause that lets a hold and its neighbours share a place in turn: what counts
// is the greatest number at one instant, not how many touch the slot.
func TestPiccoNonSomma(t *testing.T) {
	t.Parallel()
	c := anagrafe()
	c.Aperture[0].Minuti, c.Aperture[0].Capienza = 30, 1
	b := nuovo(t, c)
	require.NoError(t, b.blocca("a", "mattina", ore(9, 0)))
	require.NoError(t, b.blocca("b", "mattina", ore(9, 30)))
	lunga := anagrafe() // one hour, two places: 09:00 is taken once at every instant
	b.calendari["anagrafe"] = lunga
	require.NoError(t, b.blocca("c", "mattina", ore(9, 0)))
	require.ErrorIs(t, b.blocca("d", "mattina", ore(9, 0)), appuntamenti.ErrFasciaPiena)
}

// Two openings with the same hours are two counters, never one key.
func TestApertureSovrapposte(t *testing.T) {
	t.Parallel()
	c := anagrafe()
	carta := c.Aperture[0]
	carta.ID, carta.Capienza = "carta", 1
	c.Aperture = append(c.Aperture, carta)
	require.Error(t, c.Verifica())
	c.Sovrapposizioni = true
	b := nuovo(t, c)
	require.NoError(t, b.blocca("a", "carta", ore(9, 0)))
	require.ErrorIs(t, b.blocca("b", "carta", ore(9, 0)), appuntamenti.ErrFasciaPiena)
	require.NoError(t, b.blocca("b", "mattina", ore(9, 0)))
	require.NoError(t, b.blocca("c", "mattina", ore(9, 0)))
	require.ErrorIs(t, b.blocca("d", "mattina", ore(9, 0)), appuntamenti.ErrFasciaPiena)
}

func TestSpostaInAltroCalendario(t *testing.T) {
	t.Parallel()
	altro := anagrafe()
	altro.ID = "stato_civile"
	b := nuovo(t, anagrafe(), altro)
	require.NoError(t, b.blocca("a", "mattina", ore(9, 0)))
	p, err := b.Sposta(t.Context(), ente, "a", appuntamenti.Fascia{Calendario: "stato_civile", Apertura: "mattina", Inizio: ore(11, 0)})
	require.NoError(t, err)
	require.Equal(t, "stato_civile", p.Calendario)
	g := termini.GiornoDi(ore(9, 0))
	elenco, err := b.Elenca(t.Context(), ente, "stato_civile", g, g)
	require.NoError(t, err)
	require.Len(t, elenco, 1)
	elenco, err = b.Elenca(t.Context(), ente, "anagrafe", g, g)
	require.NoError(t, err)
	require.Empty(t, elenco)
	// The request that made it, repeated late, finds it where it is now.
	require.NoError(t, b.blocca("a", "mattina", ore(9, 0)))
	_, err = b.Sposta(t.Context(), ente, "a", appuntamenti.Fascia{Calendario: "ignoto"})
	require.ErrorIs(t, err, appuntamenti.ErrCalendarioIgnoto)
}

// An appointment that is over does not keep its riferimento; moved forward it does.
func TestRiferimentoDopoLaFine(t *testing.T) {
	t.Parallel()
	b := nuovo(t, anagrafe())
	p := appuntamenti.Prenotazione{ID: "a", Ente: ente, Calendario: "anagrafe", Apertura: "mattina", Inizio: ore(9, 0), Riferimento: "pratica"}
	_, err := b.Blocca(t.Context(), p)
	require.NoError(t, err)
	_, err = b.Conferma(t.Context(), ente, "a")
	require.NoError(t, err)
	b.orologio.Vai(ore(10, 0))
	p.ID, p.Inizio = "b", ore(9, 0).AddDate(0, 0, 7)
	_, err = b.Blocca(t.Context(), p)
	require.NoError(t, err)
	_, err = b.Sposta(t.Context(), ente, "a", appuntamenti.Fascia{Calendario: "anagrafe", Apertura: "mattina", Inizio: p.Inizio})
	require.ErrorIs(t, err, appuntamenti.ErrRiferimentoOccupato)
	_, err = b.Annulla(t.Context(), ente, "b")
	require.NoError(t, err)
	_, err = b.Sposta(t.Context(), ente, "a", appuntamenti.Fascia{Calendario: "anagrafe", Apertura: "mattina", Inizio: p.Inizio})
	require.NoError(t, err)
	p.ID = "c"
	_, err = b.Blocca(t.Context(), p)
	require.ErrorIs(t, err, appuntamenti.ErrRiferimentoOccupato)
}

func TestProlungaScaduta(t *testing.T) {
	t.Parallel()
	b := nuovo(t, anagrafe())
	require.NoError(t, b.blocca("a", "mattina", ore(9, 0)))
	b.orologio.Avanza(time.Hour)
	_, err := b.Prolunga(t.Context(), ente, "a", b.orologio.Ora())
	require.ErrorIs(t, err, appuntamenti.ErrBloccoScaduto, "until now is not in the future")
	p, err := b.Prolunga(t.Context(), ente, "a", b.orologio.Ora().Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, appuntamenti.Bloccato, p.Stato)
	b.orologio.Vai(ore(9, 0))
	_, err = b.Prolunga(t.Context(), ente, "a", ore(9, 30))
	require.ErrorIs(t, err, appuntamenti.ErrTroppoTardi)
}

// rotto is a drawer whose transactions fail, before or after they are kept.
type rotto struct {
	cassetto.Memoria
	scrittura, lettura error
}

func (r *rotto) Transazione(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	return errors.Join(r.Memoria.Transazione(ctx, ente, fn), r.scrittura)
}

func (r *rotto) Lettura(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	if r.lettura != nil {
		return r.lettura
	}
	return r.Memoria.Lettura(ctx, ente, fn)
}

func TestClassiDiGuasto(t *testing.T) {
	t.Parallel()
	disco := errors.New("disco pieno")
	cal := anagrafe()
	var errCal error
	r := &rotto{scrittura: disco}
	a, err := calendario.New(calendario.Config{Cassetto: r, Orologio: lunedi, Calendari: func(context.Context, string, string) (appuntamenti.Calendario, error) {
		return cal, errCal
	}})
	require.NoError(t, err)
	p := appuntamenti.Prenotazione{ID: "a", Ente: ente, Calendario: "anagrafe", Apertura: "mattina", Inizio: ore(9, 0)}
	_, err = a.Blocca(t.Context(), p)
	require.Equal(t, guasto.EsitoIgnoto, guasto.Di(err))
	require.ErrorIs(t, err, disco)
	r.scrittura = nil
	q, err := a.Blocca(t.Context(), p) // it had been kept: the repetition finds it
	require.NoError(t, err)
	require.Equal(t, appuntamenti.Bloccato, q.Stato)

	r.lettura = disco
	_, err = a.Leggi(t.Context(), ente, "a")
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	g := termini.GiornoDi(ore(9, 0))
	_, err = a.Disponibili(t.Context(), ente, "anagrafe", g, g)
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	_, err = a.Elenca(t.Context(), ente, "anagrafe", g, g)
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	_, err = a.AnnullaCittadino(t.Context(), ente, "a")
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	r.lettura = nil

	errCal = disco
	_, err = a.Disponibili(t.Context(), ente, "anagrafe", g, g)
	require.Equal(t, guasto.Transitorio, guasto.Di(err), "the calendar could not be read")
	errCal, cal.Titolo = nil, ""
	_, err = a.Disponibili(t.Context(), ente, "anagrafe", g, g)
	require.Equal(t, guasto.Configurazione, guasto.Di(err))
	cal = anagrafe()
	cal.Ente = "c_l219"
	_, err = a.Disponibili(t.Context(), ente, "anagrafe", g, g)
	require.ErrorIs(t, err, appuntamenti.ErrCalendarioIgnoto, "of another ente")

	for _, e := range []string{"", "a/b"} {
		_, err = a.Leggi(t.Context(), e, "a")
		require.ErrorIs(t, err, appuntamenti.ErrNonTrovata)
		_, err = a.Conferma(t.Context(), e, "a")
		require.ErrorIs(t, err, appuntamenti.ErrNonTrovata)
		_, err = a.Disponibili(t.Context(), e, "anagrafe", g, g)
		require.ErrorIs(t, err, appuntamenti.ErrNonValida)
	}
}

// inRitardo is a drawer whose reads show what there was before anything.
type inRitardo struct {
	cassetto.Memoria
	vuoto cassetto.Memoria
}

func (r *inRitardo) Lettura(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	return r.vuoto.Lettura(ctx, ente, fn)
}

// Two requests with one ID that both see nothing: the second finds the first
// when it writes.
func TestStessoIDInsieme(t *testing.T) {
	t.Parallel()
	ricerca, err := calendario.Fissi(anagrafe())
	require.NoError(t, err)
	a, err := calendario.New(calendario.Config{Cassetto: &inRitardo{}, Calendari: ricerca, Orologio: lunedi})
	require.NoError(t, err)
	p := appuntamenti.Prenotazione{ID: "a", Ente: ente, Calendario: "anagrafe", Apertura: "mattina", Inizio: ore(9, 0)}
	prima, err := a.Blocca(t.Context(), p)
	require.NoError(t, err)
	p.ScadenzaBlocco = prima.ScadenzaBlocco.Add(time.Minute)
	seconda, err := a.Blocca(t.Context(), p)
	require.NoError(t, err)
	require.Equal(t, prima, seconda)
	p.Inizio = ore(10, 0)
	_, err = a.Blocca(t.Context(), p)
	require.ErrorIs(t, err, appuntamenti.ErrIDUsato)
}

// More places than one page of the drawer holds.
func TestMoltiPosti(t *testing.T) {
	t.Parallel()
	c := anagrafe()
	c.Aperture[0].Capienza = 600
	b := nuovo(t, c)
	for i := range 600 {
		require.NoError(t, b.blocca(fmt.Sprint(i), "mattina", ore(9, 0)))
	}
	require.ErrorIs(t, b.blocca("troppi", "mattina", ore(9, 0)), appuntamenti.ErrFasciaPiena)
	b.orologio.Avanza(time.Hour)
	require.NoError(t, b.blocca("dopo", "mattina", ore(9, 0)))
}

// A booking never stands in its own way, and one that began before the first
// slot shown still counts against it.
func TestSovrapposteASeStesse(t *testing.T) {
	t.Parallel()
	c := anagrafe()
	c.Aperture[0].Capienza = 1
	b := nuovo(t, c)
	require.NoError(t, b.blocca("a", "mattina", ore(9, 0)))
	_, err := b.Conferma(t.Context(), ente, "a")
	require.NoError(t, err)
	c = anagrafe()
	c.Aperture[0].Capienza, c.Aperture[0].Minuti = 1, 40
	b.calendari["anagrafe"] = c

	b.orologio.Vai(ore(9, 20))
	g := termini.GiornoDi(ore(9, 0))
	fasce, err := b.Disponibili(t.Context(), ente, "anagrafe", g, g)
	require.NoError(t, err)
	require.Equal(t, ore(9, 40), fasce[0].Inizio)
	require.Equal(t, 0, fasce[0].Liberi)
	require.Equal(t, 1, fasce[1].Liberi)

	p, err := b.Sposta(t.Context(), ente, "a", fasce[0])
	require.NoError(t, err)
	require.Equal(t, 1, p.Spostamenti)
}
