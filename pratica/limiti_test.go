package pratica_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

type ignoto struct{}

func (ignoto) Azione() pratica.Azione { return pratica.AzioneSalvaBozza }

func TestLimiti(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, semplice()).inCarico()
	lungo := strings.Repeat("x", pratica.MassimoTesto+1)
	for _, testo := range []string{lungo, "a\x00b", "\xff", "", " "} {
		g.nega(mario, pratica.ScriviMessaggio{Testo: testo}, pratica.CodiceNonValido)
	}
	troppi := make([]string, pratica.MassimoAllegati+1)
	g.nega(mario, pratica.ScriviMessaggio{Testo: "x", Allegati: troppi}, pratica.CodiceNonValido)
	for _, id := range []string{"", "a/b", strings.Repeat("a", 65), "\xff"} {
		_, err := pratica.Decidi(g.p, g.s, pratica.Comando{Attore: mario, ID: id, Dati: pratica.ScriviMessaggio{Testo: "x"}}, g.ora)
		require.ErrorIs(t, err, pratica.ErrNonValido)
	}
	g.fa(mario, pratica.ScriviMessaggio{Testo: "x"})
	_, err := pratica.Decidi(g.p, g.s, pratica.Comando{Attore: mario, ID: g.p.Messaggi[0].ID, Dati: pratica.ScriviMessaggio{Testo: "x"}}, g.ora)
	require.ErrorIs(t, err, pratica.ErrNonValido, "an id names one thing")
	_, err = pratica.Decidi(g.p, g.s, pratica.Comando{Attore: mario, Chiave: strings.Repeat("k", 201), Dati: pratica.Annota{}}, g.ora)
	require.ErrorIs(t, err, pratica.ErrTroppoGrande)
	_, err = pratica.Decidi(g.p, g.s, pratica.Comando{Attore: mario}, g.ora)
	require.ErrorIs(t, err, pratica.ErrNonValido)
	require.Zero(t, pratica.Spiega(g.p, g.s, pratica.Comando{Attore: mario}, g.ora))
	g.p.Messaggi = make([]pratica.Messaggio, pratica.MassimoMessaggi)
	g.p.Note = make([]pratica.Nota, pratica.MassimoNote)
	g.p.Allegati = make([]pratica.Allegato, pratica.MassimoAllegati)
	g.nega(mario, pratica.ScriviMessaggio{Testo: "x"}, pratica.CodiceTroppoGrande)
	g.nega(incarica, pratica.Annota{Testo: "x"}, pratica.CodiceTroppoGrande)
	g.nega(mario, allegato("a", pratica.OrigineMessaggio), pratica.CodiceTroppoGrande)
	g.p.Servizio = "altro"
	g.nega(mario, pratica.ScriviMessaggio{Testo: "x"}, pratica.CodiceNonConfigurato)
}

func TestRisposteDellaBozza(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, semplice()).bozza()
	g.nega(mario, pratica.SalvaBozza{Risposte: modulo.Risposte{"motivo": strings.Repeat("x", modulo.LimiteRisposte)}}, pratica.CodiceTroppoGrande)
	g.nega(mario, pratica.SalvaBozza{Risposte: modulo.Risposte{"motivo": func() {}}}, pratica.CodiceNonValido)
	g.nega(mario, ignoto{}, pratica.CodiceNonValido)
	r := modulo.Risposte{"motivo": "mio", "nome": "Falso", "figli": []any{map[string]any{"eta": "3"}}}
	g.fa(mario, pratica.SalvaBozza{Risposte: r})
	r["motivo"] = "cambiato"
	r["figli"].([]any)[0].(map[string]any)["eta"] = "9"
	require.Equal(t, "mio", g.p.Risposte["motivo"])
	require.Equal(t, "Mario", g.p.Risposte["nome"], "from the identity")
	require.Equal(t, "Mario", pratica.Precompilate(g.p, g.s)["nome"])
	require.Contains(t, scritto(t, g.p.Risposte), `"eta":"3"`)
	g.fa(mario, pratica.SalvaBozza{})
	require.Equal(t, modulo.Risposte{"nome": "Mario"}, g.p.Risposte)
	e := g.nega(mario, pratica.Invia{}, pratica.CodiceNonValido)
	require.Len(t, e.Campi, 2, "the missing field and the number")
}

func TestAllegati(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, semplice()).bozza()
	for _, male := range []func(*pratica.Allegato){
		func(a *pratica.Allegato) { a.Nome = " " }, func(a *pratica.Allegato) { a.Nome = strings.Repeat("n", 300) }, func(a *pratica.Allegato) { a.SHA256 = "../../etc" },
		func(a *pratica.Allegato) { a.ID = "" }, func(a *pratica.Allegato) { a.Dimensione = -1 }, func(a *pratica.Allegato) { a.Origine = pratica.OrigineEnte }, func(a *pratica.Allegato) { a.MIME = "\xff" },
	} {
		a := allegato("a", pratica.OrigineRichiesta)
		male(&a.Allegato)
		g.nega(mario, a, pratica.CodiceNonValido)
	}
	g.fa(mario, allegato("carta", pratica.OrigineRichiesta))
	g.nega(mario, allegato("carta", pratica.OrigineRichiesta), pratica.CodiceNonValido)
	g.invia().documenti().preso()
	g.nega(mario, pratica.RimuoviAllegato{Allegato: "carta"}, pratica.CodiceNonAmmesso)
	g.fa(incarica, allegato("atto", pratica.OrigineEnte))
	g.fa(mario, allegato("mio", pratica.OrigineMessaggio))
	for a, ids := range map[*pratica.Attore][]string{&mario: {"atto"}, &incarica: {"mio"}} {
		g.nega(*a, pratica.ScriviMessaggio{Testo: "x", Allegati: ids}, pratica.CodiceNonValido)
		g.nega(*a, pratica.RimuoviAllegato{Allegato: ids[0]}, pratica.CodiceNonAmmesso)
	}
	for _, ids := range [][]string{{"carta"}, {"di altra pratica"}, {"mio", "mio"}} {
		g.nega(mario, pratica.ScriviMessaggio{Testo: "x", Allegati: ids}, pratica.CodiceNonValido)
	}
	require.Contains(t, g.p.FileModulo(), "carta")
	require.NotContains(t, g.p.FileModulo(), "atto", "an answer may not name a file of the office")
	ids := []string{"mio"}
	ev := g.fa(mario, pratica.ScriviMessaggio{Testo: "x", Allegati: ids})
	ids[0] = "altro"
	f, ok := ev[0].Fatto.(pratica.MessaggioScritto)
	require.True(t, ok)
	f.Allegati[0] = "altro" // nor does the event share with the pratica
	require.Equal(t, []string{"mio"}, g.p.Messaggi[0].Allegati)
}

func TestAnonimo(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, semplice())
	require.Equal(t, []string{"accesso_insufficiente", "richiedente_ignoto"}, motivi(g.nega(anonimo, pratica.ApriBozza{}, pratica.CodiceNonAmmesso)))
	c := semplice()
	c.Accesso = servizio.Anonimo
	g = nuovoGiro(t, c)
	corto := anonimo
	corto.Anonimo = "corto"
	g.nega(corto, pratica.ApriBozza{}, pratica.CodiceNonAmmesso)
	g.fa(anonimo, pratica.ApriBozza{})
	require.NotContains(t, scritto(t, g.p), segr, "only its hash is kept")
	ladro := anonimo
	ladro.Anonimo = strings.Repeat("0", 32)
	for _, a := range []pratica.Attore{ladro, mario, {Ruolo: pratica.Cittadino, Ente: ente}} {
		g.nega(a, pratica.SalvaBozza{}, pratica.CodiceNonAutorizzato)
		require.False(t, g.p.Presenta(a))
	}
	g.fa(anonimo, pratica.SalvaBozza{Risposte: modulo.Risposte{"motivo": "x"}})
	g.fa(anonimo, pratica.Invia{Numero: pratica.Numero{Anno: 2026, Progressivo: 1}})
	g.preso()
	require.Equal(t, []string{"richiedente_anonimo"}, motivi(g.nega(incarica, pratica.ScriviMessaggio{Testo: "x"}, pratica.CodiceNonAmmesso)))
}

func TestBozzaEliminataNonSiRiapre(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, semplice()).bozza()
	g.fa(mario, pratica.EliminaBozza{})
	require.Equal(t, []string{"gia_aperta"}, motivi(g.nega(mario, pratica.ApriBozza{}, pratica.CodiceNonAmmesso)))
	g.nega(altro, pratica.ApriBozza{}, pratica.CodiceNonAutorizzato)
}

func TestStatiEAzioni(t *testing.T) {
	t.Parallel()
	for _, s := range pratica.Stati() {
		require.True(t, s.Valido() && s.Etichetta() != "" && (s.CodiceOpenCity() != "" || s == pratica.Archiviata), s)
	}
	require.False(t, pratica.Stato("x").Valido() || pratica.Stato("").Finale())
	for _, a := range pratica.Azioni() {
		require.True(t, a.Valida(), a)
	}
	for _, g := range []pratica.GenereEffetto{pratica.EffettoDocumento, pratica.EffettoPagamento, pratica.EffettoAnnullaAppuntamento, pratica.EffettoAvviso, "altro"} {
		require.NotEmpty(t, g.Corsia())
	}
}

func TestNumeroEID(t *testing.T) {
	t.Parallel()
	n, err := pratica.LeggiNumero("2026-123")
	require.NoError(t, err)
	require.Equal(t, "2026-000123", n.String())
	require.Empty(t, pratica.Numero{}.String())
	for _, s := range []string{"", "26-1", "2026-", "2026-1234567890123", "2026/1", "2026-1 "} {
		_, err := pratica.LeggiNumero(s)
		require.ErrorIs(t, err, pratica.ErrNonValido, s)
	}
	_, err = pratica.LeggiID(string(idProv))
	require.NoError(t, err)
	for _, s := range []string{"", strings.ToUpper(string(idProv)), string(idProv) + "\n"} {
		_, err := pratica.LeggiID(s)
		require.ErrorIs(t, err, pratica.ErrNonTrovato, s)
	}
}

func TestErrore(t *testing.T) {
	t.Parallel()
	causa := errors.New("causa")
	e := &pratica.Errore{Codice: pratica.CodiceNonValido, Causa: causa, Campi: []pratica.ErroreCampo{{Percorso: "nome", Codice: "lungo", Messaggio: "Accorcia."}}, Motivi: []pratica.Motivo{{Codice: "stato", Messaggio: "Non ora."}}}
	require.EqualError(t, e, "pratica: non_valido: nome lungo, stato")
	require.Equal(t, "Alcuni dati vanno corretti. Non ora. Accorcia.", e.Messaggio())
	require.ErrorIs(t, fmt.Errorf("x: %w", e), pratica.ErrNonValido)
	require.ErrorIs(t, e, causa)
	require.NotErrorIs(t, e, pratica.ErrConflitto)
}

func TestNienteDatiPersonaliNeiRegistri(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, semplice()).bozza()
	var b bytes.Buffer
	slog.New(slog.NewJSONHandler(&b, nil)).Info("prova", "pratica", g.p, "attore", mario, "operatore", incarica)
	require.NotContains(t, b.String(), "Rossi")
	require.NotContains(t, b.String(), "RSSMRA")
	require.Contains(t, b.String(), "op-1")
}

func TestIterRotto(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, semplice()).bozza()
	ev := g.eventi[:1:1]
	require.Error(t, pratica.Sigilla("", ev, func() ([]byte, error) { return nil, errors.New("vuoto") }))
	require.Error(t, pratica.Sigilla("", ev, func() ([]byte, error) { return []byte("corto"), nil }))
	require.Error(t, pratica.Sigilla("", []pratica.Evento{{}}, sale))
	for _, s := range []string{`{"genere":"inventato","progressivo":4}`, `{"genere":"nota_scritta"}`, `{"genere":"nota_scritta","fatto":7}`, `7`} {
		var e pratica.Evento
		require.Error(t, json.Unmarshal([]byte(s), &e), s)
	}
	require.Error(t, g.p.Copia().Applica(g.eventi[0]))
}

func ExampleDecidi() {
	g := nuovoGiro(panico{}, semplice()).inCarico()
	eventi, err := pratica.Decidi(g.p, g.s, pratica.Comando{Attore: incarica, ID: "0197f000-0000-7000-8000-000000000099", Dati: pratica.Approva{Motivazione: "Requisiti presenti"}}, g.ora)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range eventi {
		fmt.Println(e.Progressivo, e.Azione, e.Da, "→", e.A)
	}
	// Output:
	// 9 approva in_carico → esito_positivo
	// 10 approva esito_positivo → esito_positivo
}

func ExampleSpiega() {
	g := nuovoGiro(panico{}, completa()).inCarico()
	sp := pratica.Spiega(g.p, g.s, pratica.Comando{Attore: incarica, Dati: pratica.Rifiuta{Motivazione: "Manca il requisito"}}, g.ora)
	fmt.Println(sp.Offerta, sp.Ammessa)
	fmt.Println(sp.Motivi[0].Messaggio)
	// Output:
	// true false
	// Prima del rifiuto occorrono il preavviso di rigetto e il termine per le osservazioni (L. 241/1990, art. 10-bis).
}

func ExampleVerifica() {
	g := nuovoGiro(panico{}, semplice()).inCarico()
	fmt.Println(pratica.Verifica(g.eventi))
	g.eventi[2].Di.ID = "un altro"
	fmt.Println(pratica.Verifica(g.eventi))
	// Output:
	// <nil>
	// pratica: iter alterato alla voce 3 (impronta)
}

// panico stands in for a test inside an example.
type panico struct{}

func (panico) Errorf(f string, a ...any) { panic(fmt.Sprintf(f, a...)) }
func (panico) FailNow()                  { panic("failed") }
