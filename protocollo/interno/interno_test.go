package interno_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/protocollo/interno"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

const ente = "c_h501"

func Example() {
	r, err := interno.New(interno.Config{
		Cassetto: new(cassetto.Memoria), // in production, the one that the store lends
		Orologio: func() time.Time { return time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	reg, err := r.Registra(context.Background(), protocollotest.Richiesta(ente, "2f0c1e7a", 1))
	fmt.Println(reg.Segnatura(), err)
	_, err = r.Registra(context.Background(), protocollotest.Richiesta(ente, "2f0c1e7a", 1))
	fmt.Println(err)
	// Output:
	// c_h501 - AOO - PG - 0000001 - 01/01/2027 <nil>
	// protocollo: già registrata con n. 0000001/2027
}

// orologio is a clock that tests move.
type orologio struct {
	mu  sync.Mutex
	ora time.Time
}

func (o *orologio) Ora() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ora
}

func (o *orologio) segna(t time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ora = t
}

func nuovo(t testing.TB) (*interno.Registro, *orologio) {
	t.Helper()
	o := &orologio{ora: time.Date(2026, 3, 31, 10, 0, 0, 0, time.UTC)}
	r, err := interno.New(interno.Config{Cassetto: new(cassetto.Memoria), Orologio: o.Ora})
	require.NoError(t, err)
	return r, o
}

func registra(t testing.TB, r *interno.Registro, token string) protocollo.Registrazione {
	t.Helper()
	reg, err := r.Registra(t.Context(), protocollotest.Richiesta(ente, token, 1))
	require.NoError(t, err)
	return reg
}

func TestConformita(t *testing.T) {
	t.Parallel()
	ora := time.Date(1999, 6, 1, 8, 0, 0, 0, time.UTC)
	protocollotest.Verifica(t, protocollotest.Fabbrica{
		Nuovo: func() (protocollotest.Istanza, error) {
			r, err := interno.New(interno.Config{Cassetto: new(cassetto.Memoria), Orologio: func() time.Time { return ora }})
			return protocollotest.Istanza{Registro: r}, err
		},
		Ente: ente, AltroEnte: "c_f205", Anno: 1999,
		Abilita: protocollotest.Abilita{OggettoFedele: true, AllegatiFedeli: true, ImpronteFedeli: true},
	})
}

func TestNewRifiuta(t *testing.T) {
	t.Parallel()
	for _, c := range []interno.Config{
		{}, {Cassetto: new(cassetto.Memoria), AOO: "a/b"}, {Cassetto: new(cassetto.Memoria), Registro: "unregistromoltolungo"},
		{Cassetto: new(cassetto.Memoria), TolleranzaOrologio: -1},
	} {
		_, err := interno.New(c)
		require.ErrorIs(t, err, interno.ErrConfig)
	}
	r, err := interno.New(interno.Config{Cassetto: new(cassetto.Memoria), Ente: "altro"})
	require.NoError(t, err)
	_, err = r.Registra(t.Context(), protocollotest.Richiesta(ente, "abcd", 0))
	require.Equal(t, guasto.Configurazione, guasto.Di(err))
	require.NoError(t, r.Ping(t.Context()))
	libero, _ := nuovo(t)
	require.NoError(t, libero.Ping(t.Context()))
}

// TestSenzaBuchi: 64 writers on two Registro of the same Cassetto, some of them
// asking twice or failing, leave the numbers 1…n, in the order of their dates.
func TestSenzaBuchi(t *testing.T) {
	t.Parallel()
	var c cassetto.Memoria
	o := &orologio{ora: time.Date(2026, 3, 31, 10, 0, 0, 0, time.UTC)}
	porte := make([]*interno.Registro, 2)
	for i := range porte {
		r, err := interno.New(interno.Config{Cassetto: &c, Orologio: func() time.Time {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.ora = o.ora.Add(time.Second)
			return o.ora
		}})
		require.NoError(t, err)
		porte[i] = r
	}
	const scrittori = 64
	var gruppo sync.WaitGroup
	for i := range scrittori {
		gruppo.Go(func() {
			token := fmt.Sprintf("doc-%03d", i)
			finito, annulla := context.WithCancel(t.Context())
			annulla()
			_, _ = porte[i%2].Registra(finito, protocollotest.Richiesta(ente, token, 0))
			_, _ = porte[i%2].Registra(t.Context(), protocollo.Richiesta{Ente: ente, Correlazione: token})
			for _, r := range porte {
				_, _ = r.Registra(t.Context(), protocollotest.Richiesta(ente, token, 0))
			}
		})
	}
	gruppo.Wait()
	g, err := porte[0].Giornale(t.Context(), ente, termini.GiornoDi(o.Ora()))
	require.NoError(t, err)
	require.Len(t, g.Registrazioni, scrittori)
	require.Equal(t, []string{"0000001", "0000064"}, []string{g.Primo, g.Ultimo})
	for i, x := range g.Registrazioni {
		require.Equal(t, fmt.Sprintf("%07d", i+1), x.Numero)
		if i > 0 {
			require.False(t, x.Data.Before(g.Registrazioni[i-1].Data))
		}
	}
}

// TestAnnoNuovo: numbers begin again at midnight of Rome, not of UTC.
func TestAnnoNuovo(t *testing.T) {
	t.Parallel()
	r, o := nuovo(t)
	for i, caso := range []struct{ ora, atteso string }{
		{"2026-12-31T22:59:59.999999999Z", "0000001/2026"}, {"2026-12-31T22:59:59.999999999Z", "0000002/2026"},
		{"2026-12-31T23:00:00Z", "0000001/2027"}, {"2027-06-30T00:00:00Z", "0000002/2027"},
	} {
		ora, err := time.Parse(time.RFC3339Nano, caso.ora)
		require.NoError(t, err)
		o.segna(ora)
		require.Equal(t, caso.atteso, registra(t, r, fmt.Sprintf("doc-%d", i)).String())
	}
}

// TestOrologioIndietro: a clock that goes back over the new year neither gives a
// number twice nor breaks the order; one that goes back too far stops everything.
func TestOrologioIndietro(t *testing.T) {
	t.Parallel()
	r, o := nuovo(t)
	capodanno := time.Date(2026, 12, 31, 23, 0, 1, 0, time.UTC)
	o.segna(capodanno.Add(-time.Hour))
	require.Equal(t, "0000001/2026", registra(t, r, "doc-1").String())
	o.segna(capodanno)
	require.Equal(t, "0000001/2027", registra(t, r, "doc-2").String())
	o.segna(capodanno.Add(-time.Hour))
	tre := registra(t, r, "doc-3")
	require.Equal(t, "0000002/2027", tre.String(), "a year once begun is not left")
	require.Equal(t, capodanno, tre.Data)
	o.segna(capodanno.Add(-25 * time.Hour))
	_, err := r.Registra(t.Context(), protocollotest.Richiesta(ente, "doc-4", 0))
	require.EqualError(t, err, "protocollo.Registra: configurazione (orologio_indietro)")
	o.segna(capodanno.Add(time.Hour))
	require.Equal(t, "0000003/2027", registra(t, r, "doc-4").String(), "no gap")
}

// TestOrologioQualsiasi: whatever the clock does, numbers are gapless, unique
// and in the order of their dates.
func TestOrologioQualsiasi(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ora := time.Date(2026, 12, 30, 0, 0, 0, 0, time.UTC)
		r, err := interno.New(interno.Config{Cassetto: new(cassetto.Memoria), Orologio: func() time.Time { return ora }})
		require.NoError(t, err)
		var prima protocollo.Registrazione
		for i := range rapid.IntRange(1, 20).Draw(t, "quante") {
			ora = ora.Add(time.Duration(rapid.IntRange(-30, 40).Draw(t, "ore")) * time.Hour)
			x, err := r.Registra(context.Background(), protocollotest.Richiesta(ente, fmt.Sprintf("doc-%d", i), 0))
			if err != nil {
				require.Equal(t, guasto.Configurazione, guasto.Di(err))
				continue
			}
			require.Equal(t, termini.Anno(x.Data), x.Anno)
			if prima.Anno == x.Anno {
				var a, b int
				_, err = fmt.Sscanf(prima.Numero+" "+x.Numero, "%d %d", &a, &b)
				require.NoError(t, err)
				require.Equal(t, a+1, b)
			} else {
				require.Equal(t, "0000001", x.Numero)
				require.Greater(t, x.Anno, prima.Anno)
			}
			require.False(t, x.Data.Before(prima.Data))
			prima = x
		}
	})
}

func TestCorrelazioneDiscorde(t *testing.T) {
	t.Parallel()
	r, _ := nuovo(t)
	registra(t, r, "abcd")
	q := protocollotest.Richiesta(ente, "abcd", 0)
	q.Principale = protocollotest.Documento("principale", "altro.pdf", []byte("altro"))
	_, err := r.Registra(t.Context(), q)
	require.EqualError(t, err, "protocollo.Registra: permanente (correlazione_discorde)")
	var gia protocollo.GiaRegistrata
	require.False(t, errors.As(err, &gia), "nobody may adopt the number of other bytes")
}

func TestVoceRiletta(t *testing.T) {
	t.Parallel()
	r, _ := nuovo(t)
	q := protocollotest.Richiesta(ente, "abcd", 2)
	q.DataPresentazione = q.DataPresentazione.In(termini.Roma())
	q.Riferimenti = []protocollo.Estremi{{Ente: ente, Anno: 2025, Numero: "7"}}
	q.Fascicolo = &protocollo.Fascicolo{Chiave: "nido/2026", Oggetto: "Nido"}
	reg, err := r.Registra(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, protocollo.Fascicolo{Chiave: "nido/2026", Oggetto: "Nido", Classifica: "6.5", Anno: 2026, Numero: "1", Codice: "2026/6.5/1"}, *reg.Fascicolo)
	letta, err := r.Leggi(t.Context(), protocollo.Estremi{Ente: ente, AOO: "AOO", Registro: "PG", Anno: 2026, Numero: "1"})
	require.NoError(t, err)
	require.Equal(t, reg, letta)
	require.Equal(t, "2026-0000001-0", letta.IDDocumento)
	require.Equal(t, map[string]string{"allegato-0": "2026-0000001-1", "allegato-1": "2026-0000001-2"}, letta.Allegati)
	for _, e := range []protocollo.Estremi{
		{Ente: ente, AOO: "AOO", Registro: "PG", Anno: 2026, Numero: "2"}, {Ente: ente, AOO: "X", Registro: "PG", Anno: 2026, Numero: "1"},
		{Ente: ente, AOO: "AOO", Registro: "PG", Anno: 2026, Numero: "uno"}, {Ente: "altro", AOO: "AOO", Registro: "PG", Anno: 2026, Numero: "1"},
	} {
		_, err := r.Leggi(t.Context(), e)
		require.ErrorIs(t, err, protocollo.ErrNonTrovato)
	}
}

func TestCercaPeriodo(t *testing.T) {
	t.Parallel()
	r, o := nuovo(t)
	inizio := o.Ora()
	const quante = 1100 // more than one page of the index, more than MassimoRisultati
	for i := range quante {
		o.segna(inizio.Add(time.Duration(i) * time.Hour))
		_, err := r.Registra(t.Context(), protocollotest.Richiesta(ente, fmt.Sprintf("doc-%04d", i), 0))
		require.NoError(t, err)
	}
	cerca := func(c protocollo.Criteri) []protocollo.Registrazione {
		c.Ente = ente
		trovate, err := r.Cerca(t.Context(), c)
		require.NoError(t, err)
		return trovate
	}
	require.Len(t, cerca(protocollo.Criteri{Dal: inizio}), protocollo.MassimoRisultati)
	mezzo := cerca(protocollo.Criteri{Dal: inizio.Add(700 * time.Hour), Al: inizio.Add(720 * time.Hour)})
	require.Len(t, mezzo, 20)
	require.Equal(t, "0000701", mezzo[0].Numero)
	require.Equal(t, "0000720", mezzo[19].Numero)
	require.Len(t, cerca(protocollo.Criteri{Dal: inizio, Massimo: 7}), 7)
	require.Empty(t, cerca(protocollo.Criteri{Dal: inizio, Al: inizio.Add(time.Hour), Direzione: protocollo.Partenza}))
	require.Len(t, cerca(protocollo.Criteri{Correlazione: "doc-0042", Dal: inizio}), 1)
	require.Empty(t, cerca(protocollo.Criteri{Correlazione: "doc-0042", Al: inizio}))
	finito, annulla := context.WithCancel(t.Context())
	annulla()
	_, err := r.Cerca(finito, protocollo.Criteri{Ente: ente, Dal: inizio})
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
}

func TestFascicoli(t *testing.T) {
	t.Parallel()
	r, _ := nuovo(t)
	codici := []string{}
	for _, f := range []protocollo.Fascicolo{
		{Chiave: "nido/2026", Classifica: "6.5"}, {Chiave: "mensa/2026", Classifica: "6.5"}, {Chiave: "nido/2027", Classifica: "6.5", Anno: 2027},
		{Chiave: "suolo/2026", Classifica: "4"}, {Chiave: "nido/2026", Classifica: "9"},
	} {
		x, err := r.CreaFascicolo(t.Context(), ente, f)
		require.NoError(t, err)
		codici = append(codici, x.Codice)
	}
	require.Equal(t, []string{"2026/6.5/1", "2026/6.5/2", "2027/6.5/1", "2026/4/1", "2026/6.5/1"}, codici)
	for _, f := range []protocollo.Fascicolo{{Classifica: "6"}, {Chiave: "k"}} {
		_, err := r.CreaFascicolo(t.Context(), ente, f)
		require.Equal(t, guasto.Permanente, guasto.Di(err))
	}
	q := protocollotest.Richiesta(ente, "abcd", 0)
	q.Fascicolo = &protocollo.Fascicolo{Codice: "storico-12"}
	reg, err := r.Registra(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, "storico-12", reg.Fascicolo.Codice)
	q = protocollotest.Richiesta(ente, "efgh", 0)
	q.Fascicolo = &protocollo.Fascicolo{Chiave: "altrove", Codice: "esterno-1"}
	reg, err = r.Registra(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, "esterno-1", reg.Fascicolo.Codice)
}

func TestVariazioni(t *testing.T) {
	t.Parallel()
	r, o := nuovo(t)
	primo := registra(t, r, "abcd")
	registra(t, r, "efgh")
	domani := o.Ora().Add(24 * time.Hour)
	o.segna(domani)
	x, err := r.Riclassifica(t.Context(), primo.Estremi, "7.1", "op-1")
	require.NoError(t, err)
	require.Equal(t, "7.1", x.Classifica)
	x, err = r.Riassegna(t.Context(), primo.Estremi, "UO2", "op-1")
	require.NoError(t, err)
	require.Equal(t, []protocollo.Modifica{
		{Campo: "classifica", Da: "6.5", A: "7.1", Operatore: "op-1", Data: domani},
		{Campo: "ufficio", Da: "UO1", A: "UO2", Operatore: "op-1", Data: domani}}, x.Modifiche)
	_, err = r.Riassegna(t.Context(), primo.Estremi, "UO2", "op-1")
	require.Equal(t, guasto.GiaFatto, guasto.Di(err))
	var p protocollo.Problemi
	_, err = r.Riassegna(t.Context(), primo.Estremi, "", string(make([]byte, 200)))
	require.ErrorAs(t, err, &p)
	require.Len(t, p, 2)

	a := protocollo.Annullamento{Motivo: "errore", Provvedimento: "Det. 1/2026", Operatore: "op-2", Data: time.Unix(0, 0)}
	o.segna(primo.Data.Add(-time.Hour))
	x, err = r.Annulla(t.Context(), primo.Estremi, a)
	require.NoError(t, err)
	require.Equal(t, primo.Data, x.Annullata.Data, "the register's date, never before the entry's")
	_, err = r.Riclassifica(t.Context(), primo.Estremi, "8", "op-1")
	require.EqualError(t, err, "protocollo.Riclassifica: permanente (annullata)")

	// All the rest is as it was.
	x.Annullata, x.Modifiche, x.Classifica, x.Ufficio = nil, nil, primo.Classifica, primo.Ufficio
	require.Equal(t, primo, x)

	oggi, err := r.Giornale(t.Context(), ente, termini.GiornoDi(primo.Data))
	require.NoError(t, err)
	require.Len(t, oggi.Registrazioni, 2)
	require.Len(t, oggi.Variate, 1)
	require.NotNil(t, oggi.Registrazioni[0].Annullata, "the mark is there")
	dopo, err := r.Giornale(t.Context(), ente, termini.GiornoDi(domani))
	require.NoError(t, err)
	require.Empty(t, dopo.Registrazioni)
	require.Empty(t, dopo.Primo)
	require.Len(t, dopo.Variate, 1)
	_, err = r.Giornale(t.Context(), ente, termini.Giorno{})
	require.Error(t, err)
}

func TestTroppeModifiche(t *testing.T) {
	t.Parallel()
	r, _ := nuovo(t)
	reg := registra(t, r, "abcd")
	for i := range 200 {
		_, err := r.Riassegna(t.Context(), reg.Estremi, fmt.Sprintf("UO%d", i+2), "op-1")
		require.NoError(t, err)
	}
	_, err := r.Riassegna(t.Context(), reg.Estremi, "UO1", "op-1")
	require.Equal(t, guasto.Permanente, guasto.Di(err))
}

// guasta is a Cassetto that fails before or after the transaction.
type guasta struct {
	cassetto.Memoria
	prima, dopo error
}

func (g *guasta) Transazione(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	if g.prima != nil {
		return g.prima
	}
	return errors.Join(g.Memoria.Transazione(ctx, ente, fn), g.dopo)
}

func TestClassiDelCassetto(t *testing.T) {
	t.Parallel()
	disco := errors.New("disco")
	for classe, c := range map[guasto.Classe]*guasta{
		guasto.Transitorio: {prima: disco}, guasto.Permanente: {prima: cassetto.ErrLimite}, guasto.EsitoIgnoto: {dopo: disco},
	} {
		r, err := interno.New(interno.Config{Cassetto: c})
		require.NoError(t, err)
		_, err = r.Registra(t.Context(), protocollotest.Richiesta(ente, "abcd", 0))
		require.Equal(t, classe, guasto.Di(err))
		require.NotContains(t, err.Error(), "disco")
		trovate, err := r.Cerca(t.Context(), protocollo.Criteri{Ente: ente, Correlazione: "abcd"})
		require.NoError(t, err)
		require.Equal(t, classe == guasto.EsitoIgnoto, len(trovate) == 1)
	}
}
