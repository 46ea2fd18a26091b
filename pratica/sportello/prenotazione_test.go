package sportello_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/appuntamenti/appuntamentitest"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

func conAgendaFinta(t testing.TB, f **appuntamentitest.Finta) scelta {
	return func(c *sportello.Config) {
		cal := agendaProva()
		cal.Aperture[0].Capienza = 1
		var err error
		*f, err = appuntamentitest.NuovaFinta([]appuntamenti.Calendario{cal}, c.Orologio)
		require.NoError(t, err)
		c.Agenda = *f
	}
}

func (b *banco) liberi(id pratica.ID) (n int) {
	for _, f := range b.fasce(id) {
		n += f.Liberi
	}
	return n
}

func (b *banco) prenota(id pratica.ID, i int) {
	b.t.Helper()
	_, err := b.s.PrenotaAppuntamento(context.Background(), b.cittadino, id, b.fasce(id)[i])
	require.NoError(b.t, err)
}

// TestPostoPerso: the place is gone at the confirmation: the pratica goes on, the
// applicant is told and books again.
func TestPostoPerso(t *testing.T) {
	t.Parallel()
	var f *appuntamentitest.Finta
	b := nuovoBanco(t, conAgendaFinta(t, &f))
	id := inBozza(b)
	b.prenota(id, 0)
	b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
	b.svuota()
	f.Copione(appuntamentitest.Guasto{Metodo: "Conferma", Modo: appuntamentitest.BloccoPerso})
	b.paga(id)
	b.drena(id)
	p := b.carica(id)
	require.Equal(t, pratica.Protocollata, p.Stato)
	require.True(t, p.Appuntamenti[0].Perso)
	require.Nil(t, p.AppuntamentoAttivo())
	v, err := b.s.Apri(context.Background(), b.cittadino, id)
	require.NoError(t, err)
	require.True(t, v.Puo(pratica.AzioneScegliAppuntamento))
	require.True(t, v.Appuntamenti.Appuntamenti[0].Perso)
	b.prenota(id, 1)
	b.drena(id)
	require.Equal(t, appuntamenti.Confermato, b.carica(id).AppuntamentoAttivo().Stato)
	v, err = b.s.Apri(context.Background(), b.cittadino, id)
	require.NoError(t, err)
	require.False(t, v.Puo(pratica.AzioneScegliAppuntamento), "one at a time")
}

// TestPostoPersoPrimaDelInvio: a hold that ended and was taken by another stops
// the submission, with a word on what to do.
func TestPostoPersoPrimaDelInvio(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuovoBanco(t)
	id, altra := inBozza(b), inBozza(b)
	b.prenota(id, 0)
	require.Equal(t, 5, b.liberi(id))
	_, err := b.s.PrenotaAppuntamento(ctx, b.cittadino, altra, fascia(b.carica(id)))
	require.ErrorIs(t, err, pratica.ErrNonAmmesso)
	b.orologio.Avanza(2 * time.Hour)
	_, err = b.s.PrenotaAppuntamento(ctx, b.cittadino, altra, fascia(b.carica(id)))
	require.NoError(t, err)
	_, err = b.s.Esegui(ctx, b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
	require.ErrorIs(t, err, pratica.ErrNonAmmesso)
	var e *pratica.Errore
	require.ErrorAs(t, err, &e)
	require.Contains(t, e.Messaggio(), "scegline un altro")
	require.Equal(t, pratica.Bozza, b.stato(id))
	b.prenota(id, 3)
	b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
}

func fascia(p *pratica.Pratica) appuntamenti.Fascia {
	a := p.Appuntamenti[0]
	return appuntamenti.Fascia{Calendario: a.Calendario, Apertura: a.Apertura, Inizio: a.Inizio, Fine: a.Fine}
}

// TestPostoTrattenuto: the place is kept while the applicant pays, well beyond
// the hold of a draft.
func TestPostoTrattenuto(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	id, altra := inBozza(b), inBozza(b)
	b.prenota(id, 0)
	b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
	b.svuota()
	b.orologio.Avanza(4 * 24 * time.Hour)
	_, err := b.s.PrenotaAppuntamento(context.Background(), b.cittadino, altra, fascia(b.carica(id)))
	require.ErrorIs(t, err, pratica.ErrNonAmmesso)
	b.paga(id)
	b.svuota()
	require.Equal(t, appuntamenti.Confermato, b.carica(id).AppuntamentoAttivo().Stato)
}

// TestPostoRestituito: whoever withdraws, is refused or is revoked frees it.
func TestPostoRestituito(t *testing.T) {
	t.Parallel()
	for nome, chiudi := range map[string]func(*banco, pratica.ID){
		"ritirata":  func(b *banco, id pratica.ID) { b.esegui(b.cittadino, id, pratica.Ritira{}) },
		"annullata": func(b *banco, id pratica.ID) { b.esegui(b.operatore, id, pratica.Annulla{Motivo: "x"}) },
		"rifiutata": func(b *banco, id pratica.ID) {
			b.esegui(b.operatore, id, pratica.PrendiInCarico{})
			b.esegui(b.operatore, id, pratica.PreavvisaRigetto{Motivi: "x"})
			b.esegui(b.cittadino, id, pratica.PresentaOsservazioni{Testo: "y"})
			b.esegui(b.operatore, id, pratica.Rifiuta{Motivazione: "x"})
		},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			var f *appuntamentitest.Finta
			b := nuovoBanco(t, conAgendaFinta(t, &f))
			id := inBozza(b)
			b.prenota(id, 0)
			b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
			b.svuota()
			b.paga(id)
			b.svuota()
			require.Equal(t, 5, b.liberi(id))
			f.Copione(appuntamentitest.Guasto{Metodo: "Annulla", Modo: appuntamentitest.PrimaEffetto}, appuntamentitest.Guasto{Metodo: "Annulla", Modo: appuntamentitest.DopoEffetto})
			chiudi(b, id)
			b.drena(id)
			require.True(t, b.stato(id).Finale())
			require.Nil(t, b.carica(id).AppuntamentoAttivo())
			require.False(t, b.carica(id).Appuntamenti[0].Perso)
		})
	}
}

// TestLimiteCittadino: too late for the citizen, not for the office.
func TestLimiteCittadino(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuovoBanco(t, func(c *sportello.Config) {
		cal := agendaProva()
		cal.GiorniAnnullo = 3
		f, err := appuntamentitest.NuovaFinta([]appuntamenti.Calendario{cal}, c.Orologio)
		require.NoError(t, err)
		c.Agenda = f
	})
	id := arrivata(b)
	fasce := b.fasce(id)
	b.prenota(id, 0)
	b.drena(id)
	b.orologio.Avanza(8 * 24 * time.Hour)
	_, err := b.s.DisdiciAppuntamento(ctx, b.cittadino, id)
	require.ErrorIs(t, err, pratica.ErrNonAmmesso)
	_, err = b.s.PrenotaAppuntamento(ctx, b.cittadino, id, fasce[2])
	require.ErrorIs(t, err, pratica.ErrNonAmmesso)
	require.Equal(t, appuntamenti.Confermato, b.carica(id).AppuntamentoAttivo().Stato)
	_, err = b.s.PrenotaAppuntamento(ctx, b.operatore, id, fasce[2])
	require.NoError(t, err)
	_, err = b.s.DisdiciAppuntamento(ctx, b.operatore, id)
	require.NoError(t, err)
	b.drena(id)
	require.Nil(t, b.carica(id).AppuntamentoAttivo())
}

// TestDisdettaPrimaDellaConferma: what was given up before it was confirmed is
// neither confirmed nor lost.
func TestDisdettaPrimaDellaConferma(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, chi := range []string{richiedente, abilitato} {
		b := nuovoBanco(t)
		id := arrivata(b)
		b.prenota(id, 0)
		_, err := b.s.DisdiciAppuntamento(ctx, b.attori()[chi], id)
		require.NoError(t, err)
		b.drena(id)
		a := b.carica(id).Appuntamenti[0]
		require.Equal(t, appuntamenti.Annullato, a.Stato, chi)
		require.False(t, a.Perso, chi)
		require.Equal(t, 6, b.liberi(id), chi)
	}
}

// TestAgendaGuasta: a system that does not answer is an error of that system.
func TestAgendaGuasta(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var f *appuntamentitest.Finta
	b := nuovoBanco(t, conAgendaFinta(t, &f))
	id := inBozza(b)
	fasce := b.fasce(id)
	f.Copione(appuntamentitest.Guasto{Metodo: "Blocca", Modo: appuntamentitest.DopoEffetto})
	_, err := b.s.PrenotaAppuntamento(ctx, b.cittadino, id, fasce[0])
	require.ErrorIs(t, err, pratica.ErrEsterno)
	b.prenota(id, 1) // the hold of the first try is moved, not left behind
	require.Equal(t, 5, b.liberi(id))
	f.Copione(appuntamentitest.Guasto{Metodo: "Prolunga", Modo: appuntamentitest.PrimaEffetto})
	_, err = b.s.Esegui(ctx, b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
	require.ErrorIs(t, err, pratica.ErrEsterno)
	f.Copione(appuntamentitest.Guasto{Metodo: "Disponibili", Modo: appuntamentitest.PrimaEffetto})
	g := termini.Giorno{Anno: 2026, Mese: 3, Giorno: 19}
	_, err = b.s.Fasce(ctx, b.cittadino, id, "anagrafe", g, g)
	require.ErrorIs(t, err, pratica.ErrEsterno)
	_, err = b.s.Fasce(ctx, b.cittadino, id, "altro", g, g)
	require.ErrorIs(t, err, pratica.ErrNonConfigurato)
	_, err = b.s.PrenotaAppuntamento(ctx, b.cittadino, b.bozza("spoglio"), fasce[0])
	require.ErrorIs(t, err, pratica.ErrNonConfigurato)
	_, err = b.s.DisdiciAppuntamento(ctx, b.cittadino, b.bozza("spoglio"))
	require.ErrorIs(t, err, pratica.ErrNonAmmesso)
}
