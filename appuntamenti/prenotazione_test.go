package appuntamenti_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/stretchr/testify/require"
)

func TestStatoNelTempo(t *testing.T) {
	t.Parallel()
	inizio := time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)
	scadenza := inizio.Add(-time.Hour)
	for _, caso := range []struct {
		stato          appuntamenti.Stato
		ora            time.Time
		atteso         appuntamenti.Stato
		occupa, attiva bool
	}{
		{appuntamenti.Bloccato, scadenza.Add(-1), appuntamenti.Bloccato, true, true},
		{appuntamenti.Bloccato, scadenza, appuntamenti.Scaduto, false, false},
		{appuntamenti.Confermato, scadenza, appuntamenti.Confermato, true, true},
		{appuntamenti.Confermato, inizio.Add(30 * time.Minute), appuntamenti.Confermato, true, false},
		{appuntamenti.Annullato, scadenza, appuntamenti.Annullato, false, false},
		{appuntamenti.Scaduto, scadenza.Add(-1), appuntamenti.Scaduto, false, false},
		{appuntamenti.Svolto, inizio, appuntamenti.Svolto, true, false},
		{appuntamenti.Assente, inizio, appuntamenti.Assente, true, false},
	} {
		p := appuntamenti.Prenotazione{Stato: caso.stato, Inizio: inizio, Fine: inizio.Add(30 * time.Minute), ScadenzaBlocco: scadenza}
		require.Equal(t, caso.atteso, p.StatoA(caso.ora), caso.stato)
		require.Equal(t, caso.occupa, p.Occupa(caso.ora), caso.stato)
		require.Equal(t, caso.attiva, p.Attiva(caso.ora), caso.stato)
	}
	viste := map[string]bool{}
	for _, s := range append(appuntamenti.Stati(), "altro") {
		require.False(t, viste[s.Etichetta()], s)
		viste[s.Etichetta()] = true
	}
	require.True(t, viste["Stato sconosciuto"])
}

func TestPrenotazioneVerifica(t *testing.T) {
	t.Parallel()
	inizio := time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)
	buona := appuntamenti.Prenotazione{ID: "0195e9a2-6d1f-7c3e-9d57-2f1f6a1f0001", Ente: "c_f205", Calendario: "anagrafe", Apertura: "a", Inizio: inizio}
	require.NoError(t, buona.Verifica())
	for nome, rompi := range map[string]func(*appuntamenti.Prenotazione){
		"senza id":            func(p *appuntamenti.Prenotazione) { p.ID = "" },
		"id lungo":            func(p *appuntamenti.Prenotazione) { p.ID = strings.Repeat("x", 129) },
		"id con controlli":    func(p *appuntamenti.Prenotazione) { p.ID = "a\x00" },
		"id non UTF-8":        func(p *appuntamenti.Prenotazione) { p.ID = "\xff" },
		"ente":                func(p *appuntamenti.Prenotazione) { p.Ente = "" },
		"calendario":          func(p *appuntamenti.Prenotazione) { p.Calendario = "è" },
		"apertura":            func(p *appuntamenti.Prenotazione) { p.Apertura = "a/b" },
		"riferimento":         func(p *appuntamenti.Prenotazione) { p.Riferimento = strings.Repeat("x", 129) },
		"senza inizio":        func(p *appuntamenti.Prenotazione) { p.Inizio = time.Time{} },
		"fine con l'inizio":   func(p *appuntamenti.Prenotazione) { p.Fine = p.Inizio },
		"fine prima d'inizio": func(p *appuntamenti.Prenotazione) { p.Fine = p.Inizio.Add(-1) },
	} {
		p := buona
		rompi(&p)
		require.ErrorIs(t, p.Verifica(), appuntamenti.ErrNonValida, nome)
	}
	f := buona.Fascia()
	g := f
	g.Liberi = 3
	require.True(t, f.Stessa(g))
	g.Inizio = g.Inizio.Add(time.Hour)
	require.False(t, f.Stessa(g))
}

func TestRifiuto(t *testing.T) {
	t.Parallel()
	codici := map[string]bool{}
	for _, s := range []error{
		appuntamenti.ErrFasciaPiena, appuntamenti.ErrFasciaNonOfferta, appuntamenti.ErrTroppoTardi, appuntamenti.ErrNonTrovata, appuntamenti.ErrBloccoScaduto,
		appuntamenti.ErrRiferimentoOccupato, appuntamenti.ErrIDUsato, appuntamenti.ErrStato, appuntamenti.ErrCalendarioIgnoto, appuntamenti.ErrNonValida,
	} {
		err := appuntamenti.Rifiuto("appuntamenti.Blocca", s)
		require.ErrorIs(t, err, s)
		require.Equal(t, guasto.Permanente, guasto.Di(err))
		require.True(t, appuntamenti.EUnRifiuto(err))
		var g *guasto.Errore
		require.ErrorAs(t, err, &g)
		require.False(t, codici[g.Codice], g.Codice)
		codici[g.Codice] = true
		require.False(t, codici[appuntamenti.Spiega(err)])
		codici[appuntamenti.Spiega(err)] = true
	}
	require.NoError(t, appuntamenti.Rifiuto("x", nil))
	require.Empty(t, appuntamenti.Spiega(nil))
	ignoto := appuntamenti.Rifiuto("x", errors.New("rete"))
	require.Equal(t, guasto.EsitoIgnoto, guasto.Di(ignoto))
	require.False(t, appuntamenti.EUnRifiuto(ignoto))
	require.Contains(t, appuntamenti.Spiega(ignoto), "riprova")
}
