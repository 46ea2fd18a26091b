package sportello_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5" //nolint:depguard // removes the schema of these tests
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/postgres"
)

// sosta gives a service that wants some answers unique: a number plate for ever,
// a child in a year.
func sosta(t testing.TB, id string, altro func(*servizio.Configurazione)) *servizio.Servizio {
	t.Helper()
	c := servizio.Configurazione{
		ID: id, Versione: 1, Nome: "Sosta", Accesso: servizio.SPID1, Ritiro: true, Riapertura: true, Integrazioni: &servizio.Integrazioni{}, Conservazione: &servizio.Conservazione{Anni: 10},
		Modulo: modulo.Definizione{ID: "sosta", Versione: 1, Titolo: "Sosta", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "Dati", Campi: []modulo.Campo{
			{ID: "targa", Etichetta: "Targa del veicolo", Tipo: modulo.Testo, Unico: modulo.UnicoServizio},
			{ID: "via", Etichetta: "Via", Tipo: modulo.Testo},
			{ID: "figli", Etichetta: "Figli", Tipo: modulo.Gruppo, EtichettaRiga: "Figlio", Campi: []modulo.Campo{{ID: "cf", Etichetta: "Codice fiscale", Tipo: modulo.CodiceFiscale, Unico: modulo.UnicoAnno}}},
			{ID: "canone", Etichetta: "Canone", Tipo: modulo.Importo, Calcolo: "2 * 5"},
		}}}},
	}
	if altro != nil {
		altro(&c)
	}
	return crea(t, c)
}

func conSosta(t testing.TB) scelta {
	return func(c *sportello.Config) {
		c.Servizi = sportello.NuovoCatalogo(ente, sosta(t, "sosta", nil), sosta(t, "altra_sosta", func(c *servizio.Configurazione) {
			c.Modulo.Sezioni[0].Campi[0].Unico = "" // of a row alone
		}), sosta(t, "sosta_pagata", func(c *servizio.Configurazione) {
			c.Pagamenti = &servizio.Pagamenti{Anticipato: &servizio.Onere{Origine: servizio.ImportoFisso, Importo: decimal.NewFromInt(10), Causale: "Canone"}}
		}))
	}
}

// tutti runs a test in memory, on SQLite and, where there is one, on PostgreSQL.
func tutti(t *testing.T, f func(*testing.T, *banco)) {
	t.Helper()
	prova := func(t *testing.T, b *banco) {
		b.operatore.Servizi = []string{"sosta", "altra_sosta", "sosta_pagata"}
		f(t, b)
	}
	t.Run("memoria", func(t *testing.T) { t.Parallel(); prova(t, nuovoBanco(t, conSosta(t))) })
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		b, _ := bancoSuDisco(t, conSosta(t))
		prova(t, b)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		via := os.Getenv("PRATICHE_POSTGRES")
		if via == "" {
			t.Skip("serve un PostgreSQL: PRATICHE_POSTGRES=postgres://utente@127.0.0.1:5432/base?sslmode=disable")
		}
		ctx := context.Background()
		schema := "unicita_" + strings.ToLower(rand.Text())
		st, err := postgres.Open(ctx, postgres.Config{Connessione: via, Schema: schema, Connessioni: 4})
		require.NoError(t, err)
		t.Cleanup(func() {
			require.NoError(t, st.Close())
			c, err := pgx.Connect(ctx, via)
			require.NoError(t, err)
			_, err = c.Exec(ctx, "DROP SCHEMA "+schema+" CASCADE")
			require.NoError(t, err)
			require.NoError(t, c.Close(ctx))
		})
		b := nuovoBanco(t, func(c *sportello.Config) { c.Store = st }, conSosta(t))
		b.deposito = st
		prova(t, b)
	})
}

const (
	targa  = "AB123CD"
	figlio = "RSSMRA80A01H501U"
)

func cittadino(b *banco, n int) pratica.Attore {
	a := b.cittadino
	a.Persona = persona(fmt.Sprintf("RSSMRA80A%02dH501U", n), "Mario", "Rossi")
	return a
}

// daInviare opens a draft of a citizen with these answers.
func (b *banco) daInviare(a pratica.Attore, servizioID string, r modulo.Risposte) pratica.ID {
	b.t.Helper()
	id, err := b.s.ApriBozza(context.Background(), a, servizioID)
	require.NoError(b.t, err)
	b.esegui(a, id, pratica.SalvaBozza{Risposte: r})
	return id
}

func (b *banco) manda(a pratica.Attore, servizioID string, r modulo.Risposte) pratica.ID {
	b.t.Helper()
	id := b.daInviare(a, servizioID, r)
	b.esegui(a, id, pratica.Invia{})
	b.svuota()
	return id
}

// presente wants the refusal of a value that is taken, at that place, and gives
// what it tells.
func (b *banco) presente(err error, percorso string) string {
	b.t.Helper()
	var e *pratica.Errore
	require.ErrorAs(b.t, err, &e)
	require.Equal(b.t, pratica.CodiceNonValido, e.Codice)
	require.Len(b.t, e.Campi, 1)
	require.Equal(b.t, percorso, e.Campi[0].Percorso)
	require.Equal(b.t, "gia_presente", e.Campi[0].Codice)
	require.NotContains(b.t, strings.ToUpper(err.Error()+fmt.Sprint(e.Campi)), "RSSMRA")
	require.NotContains(b.t, strings.ToUpper(err.Error()+fmt.Sprint(e.Campi)), targa)
	return e.Campi[0].Messaggio
}

// negata tries to send and wants that refusal, with nothing done.
func (b *banco) negata(a pratica.Attore, id pratica.ID, percorso string) {
	b.t.Helper()
	prima := b.carica(id)
	_, err := b.s.Esegui(context.Background(), a, id, pratica.Invia{})
	require.Contains(b.t, b.presente(err, percorso), "Esiste già una richiesta con questo valore per «")
	require.Equal(b.t, prima, b.carica(id))
}

func TestUnicita(t *testing.T) {
	t.Parallel()
	tutti(t, func(t *testing.T, b *banco) {
		uno, due := cittadino(b, 1), cittadino(b, 2)
		r := modulo.Risposte{"targa": targa, "figli": []any{map[string]any{"cf": figlio}}}
		bozza := b.daInviare(due, "sosta", r) // first, and a draft: it claims nothing
		id := b.manda(uno, "sosta", r)
		require.Equal(t, pratica.Inviata, b.stato(id))
		b.negata(due, bozza, "targa")
		b.negata(uno, b.daInviare(uno, "sosta", modulo.Risposte{"targa": " ab123cd"}), "targa")
		b.negata(due, b.daInviare(due, "sosta", modulo.Risposte{"figli": []any{map[string]any{"cf": "VRDLGU80A01H501Q"}, map[string]any{"cf": figlio}}}), "figli[1].cf")
		b.esegui(due, bozza, pratica.SalvaBozza{Risposte: modulo.Risposte{"targa": "ZZ999ZZ"}})
		b.esegui(due, bozza, pratica.Invia{})
		b.manda(due, "altra_sosta", r)
		b.negata(uno, b.daInviare(uno, "altra_sosta", r), "figli[0].cf")
		b.manda(due, "sosta", modulo.Risposte{"via": "Roma"}) // what is not answered is not claimed
		b.manda(due, "sosta", modulo.Risposte{"via": "Roma"})

		b.esegui(b.operatore, id, pratica.PrendiInCarico{})
		b.negata(due, b.daInviare(due, "sosta", r), "targa")
		b.esegui(b.operatore, id, pratica.Approva{})
		b.svuota()
		require.Equal(t, pratica.Accettata, b.stato(id))
		b.negata(due, b.daInviare(due, "sosta", r), "targa")
	})
}

// TestUnicitaRestituita: what ends a request without granting it lets another
// one have its value.
func TestUnicitaRestituita(t *testing.T) {
	t.Parallel()
	tutti(t, func(t *testing.T, b *banco) {
		uno, due := cittadino(b, 1), cittadino(b, 2)
		for nome, c := range map[string]struct {
			servizio string
			fine     pratica.Stato
			passi    func(id pratica.ID)
		}{
			"rifiuta": {"sosta", pratica.Rifiutata, func(id pratica.ID) {
				b.esegui(b.operatore, id, pratica.PrendiInCarico{})
				b.esegui(b.operatore, id, pratica.Rifiuta{Motivazione: "Mancano i requisiti"})
				require.Equal(t, pratica.EsitoNegativo, b.stato(id))
				b.negata(due, b.daInviare(due, "sosta", modulo.Risposte{"targa": "rifiuta"}), "targa")
				b.svuota()
			}},
			"ritira":  {"sosta", pratica.Ritirata, func(id pratica.ID) { b.esegui(uno, id, pratica.Ritira{}) }},
			"annulla": {"sosta", pratica.Annullata, func(id pratica.ID) { b.esegui(b.operatore, id, pratica.Annulla{Motivo: "Errore"}) }},
			"annulla da pagare": {"sosta_pagata", pratica.Annullata, func(id pratica.ID) {
				require.Equal(t, pratica.AttesaPagamento, b.stato(id))
				b.esegui(b.operatore, id, pratica.Annulla{Motivo: "Errore"})
			}},
			"torna in bozza": {"sosta_pagata", pratica.Bozza, func(id pratica.ID) { b.esegui(uno, id, pratica.TornaInBozza{}) }},
		} {
			r := modulo.Risposte{"targa": nome, "figli": []any{map[string]any{"cf": figlio}}}
			id := b.manda(uno, c.servizio, r)
			b.negata(due, b.daInviare(due, c.servizio, modulo.Risposte{"targa": nome}), "targa")
			c.passi(id)
			require.Equal(t, c.fine, b.stato(id), nome)
			altra := b.manda(due, c.servizio, r) // the plate and the child
			b.negata(uno, b.daInviare(uno, c.servizio, modulo.Risposte{"targa": nome}), "targa")
			b.esegui(b.operatore, altra, pratica.Annulla{Motivo: "Errore"})
		}
	})
}

// TestUnicitaPagata: who is to pay has the value already, and keeps it once the
// payment arrives.
func TestUnicitaPagata(t *testing.T) {
	t.Parallel()
	tutti(t, func(t *testing.T, b *banco) {
		uno, due := cittadino(b, 1), cittadino(b, 2)
		r := modulo.Risposte{"targa": targa}
		id, bozza := b.manda(uno, "sosta_pagata", r), b.daInviare(due, "sosta_pagata", r)
		b.negata(due, bozza, "targa")
		require.Empty(t, b.carica(bozza).Pagamenti, "nothing to pay for what is refused")
		b.paga(id)
		b.svuota()
		require.Equal(t, pratica.Inviata, b.stato(id))
		b.negata(due, bozza, "targa")

		// Back to a draft with another answer: the old one is free, the new is not.
		r["targa"] = "EF456GH"
		terza := b.manda(uno, "sosta_pagata", r)
		b.esegui(uno, terza, pratica.TornaInBozza{})
		b.esegui(uno, terza, pratica.SalvaBozza{Risposte: modulo.Risposte{"targa": "IL789MN"}})
		b.esegui(uno, terza, pratica.Invia{})
		b.manda(due, "sosta_pagata", r)
		b.negata(due, b.daInviare(due, "sosta_pagata", modulo.Risposte{"targa": "IL789MN"}), "targa")
		b.esegui(uno, terza, pratica.TornaInBozza{})
		b.esegui(uno, terza, pratica.EliminaBozza{})
		b.manda(due, "sosta_pagata", modulo.Risposte{"targa": "IL789MN"})
	})
}

// TestUnicitaRiaperta: a reopening claims again, unless another pratica has the
// value meanwhile.
func TestUnicitaRiaperta(t *testing.T) {
	t.Parallel()
	tutti(t, func(t *testing.T, b *banco) {
		ctx, uno, due := context.Background(), cittadino(b, 1), cittadino(b, 2)
		r := modulo.Risposte{"targa": targa, "figli": []any{map[string]any{"cf": figlio}}}
		id := b.manda(uno, "sosta", r)
		b.esegui(uno, id, pratica.Ritira{})
		b.orologio.Avanza(365 * 24 * time.Hour)
		altra := b.manda(due, "sosta", r) // the child in another year
		_, err := b.s.Esegui(ctx, b.operatore, id, pratica.Riapri{Motivo: "Chiesto dall'interessato"})
		require.Contains(t, b.presente(err, "targa"), "questa si può riaprire quando")
		require.Equal(t, pratica.Ritirata, b.stato(id))
		b.esegui(due, altra, pratica.Ritira{})
		b.esegui(b.operatore, id, pratica.Riapri{Motivo: "Chiesto dall'interessato"})
		b.negata(due, b.daInviare(due, "sosta", r), "targa")
		b.manda(due, "sosta", modulo.Risposte{"figli": r["figli"]}) // it came back to the year of then
		b.esegui(b.operatore, id, pratica.Annulla{Motivo: "Errore"})
		b.manda(due, "sosta", modulo.Risposte{"targa": targa})

		// What is given back in another year is the year of then as well.
		r = modulo.Risposte{"figli": []any{map[string]any{"cf": "VRDLGU80A01H501Q"}}}
		id = b.manda(uno, "sosta", r)
		b.esegui(uno, id, pratica.Ritira{})
		altra = b.manda(due, "sosta", r)
		b.orologio.Avanza(365 * 24 * time.Hour)
		_, err = b.s.Esegui(ctx, b.operatore, id, pratica.Riapri{Motivo: "Chiesto dall'interessato"})
		b.presente(err, "figli[0].cf")
		b.esegui(due, altra, pratica.Ritira{})
		b.esegui(b.operatore, id, pratica.Riapri{Motivo: "Chiesto dall'interessato"})
	})
}

// TestUnicitaIntegrata: an integration takes the new value and gives the old back.
func TestUnicitaIntegrata(t *testing.T) {
	t.Parallel()
	tutti(t, func(t *testing.T, b *banco) {
		ctx, uno, due := context.Background(), cittadino(b, 1), cittadino(b, 2)
		righe := func(cf string) []any { return []any{map[string]any{"cf": cf}} }
		id := b.manda(uno, "sosta", modulo.Risposte{"targa": targa, "figli": righe(figlio)})
		altra := b.manda(due, "sosta", modulo.Risposte{"targa": "EF456GH", "figli": righe("VRDLGU80A01H501Q")})
		b.esegui(b.operatore, id, pratica.PrendiInCarico{})
		b.esegui(b.operatore, id, pratica.RichiediIntegrazione{Testo: "Correggi", Campi: []string{"targa", "figli"}})
		b.svuota()
		b.orologio.Avanza(300 * 24 * time.Hour) // another year
		_, err := b.s.Esegui(ctx, uno, id, pratica.InviaIntegrazione{Risposte: modulo.Risposte{"targa": "ef456gh"}})
		b.presente(err, "targa")
		_, err = b.s.Esegui(ctx, uno, id, pratica.InviaIntegrazione{Risposte: modulo.Risposte{"figli": righe("VRDLGU80A01H501Q")}})
		b.presente(err, "figli[0].cf")
		require.Equal(t, pratica.AttesaIntegrazione, b.stato(id))
		b.negata(due, b.daInviare(due, "sosta", modulo.Risposte{"targa": targa}), "targa")

		b.esegui(uno, id, pratica.InviaIntegrazione{Risposte: modulo.Risposte{"targa": "IL789MN"}})
		b.svuota()
		b.manda(due, "sosta", modulo.Risposte{"targa": targa})
		b.negata(due, b.daInviare(due, "sosta", modulo.Risposte{"targa": "IL789MN"}), "targa")
		b.negata(uno, b.daInviare(uno, "sosta", modulo.Risposte{"targa": "EF456GH"}), "targa")

		// All that it ever had is given back, and nothing of others.
		b.esegui(b.operatore, id, pratica.Annulla{Motivo: "Errore"})
		b.negata(uno, b.daInviare(uno, "sosta", modulo.Risposte{"targa": targa}), "targa")
		b.negata(uno, b.daInviare(uno, "sosta", modulo.Risposte{"targa": "EF456GH"}), "targa")
		b.manda(uno, "sosta", modulo.Risposte{"targa": "IL789MN"})
		require.Equal(t, pratica.Inviata, b.stato(altra))
	})
}

// TestUnicitaPerAnno: a year is that of Rome.
func TestUnicitaPerAnno(t *testing.T) {
	t.Parallel()
	tutti(t, func(_ *testing.T, b *banco) {
		uno, due := cittadino(b, 1), cittadino(b, 2)
		r := modulo.Risposte{"figli": []any{map[string]any{"cf": figlio}}}
		b.manda(uno, "sosta", r)
		b.manda(uno, "sosta", modulo.Risposte{"targa": targa})
		b.orologio.Avanza(time.Date(2026, 12, 31, 22, 59, 0, 0, time.UTC).Sub(b.orologio.Ora()))
		bozza := b.daInviare(due, "sosta", r)
		b.negata(due, bozza, "figli[0].cf")
		b.orologio.Avanza(2 * time.Minute) // the new year in Rome
		b.esegui(due, bozza, pratica.Invia{})
		b.negata(uno, b.daInviare(uno, "sosta", r), "figli[0].cf")
		b.negata(due, b.daInviare(due, "sosta", modulo.Risposte{"targa": targa}), "targa")
	})
}

// TestUnicitaInsieme: of many who send at once one passes.
func TestUnicitaInsieme(t *testing.T) {
	t.Parallel()
	tutti(t, func(t *testing.T, b *banco) {
		const quanti = 8
		for giro := range 5 {
			r := modulo.Risposte{"targa": fmt.Sprint("T", giro), "figli": []any{map[string]any{"cf": figlio}}}
			if giro > 0 {
				r["figli"] = nil
			}
			bozze, errs := make([]pratica.ID, quanti), make([]error, quanti)
			for i := range bozze {
				bozze[i] = b.daInviare(cittadino(b, i), "sosta", r)
			}
			var gruppo sync.WaitGroup
			for i := range bozze {
				gruppo.Go(func() {
					_, errs[i] = b.s.Esegui(context.Background(), cittadino(b, i), bozze[i], pratica.Invia{}, sportello.ConChiave("k"))
				})
			}
			gruppo.Wait()
			passate := 0
			for i, err := range errs {
				if err == nil {
					passate++
					require.Equal(t, pratica.Inviata, b.stato(bozze[i]))
					continue
				}
				b.presente(err, "targa")
				require.Equal(t, pratica.Bozza, b.stato(bozze[i]))
			}
			require.Equal(t, 1, passate)
		}
	})
}

// TestUnicitaDueVolte: a double click has one effect and one answer, and so has
// the same request long after.
func TestUnicitaDueVolte(t *testing.T) {
	t.Parallel()
	tutti(t, func(t *testing.T, b *banco) {
		uno, due := cittadino(b, 1), cittadino(b, 2)
		r := modulo.Risposte{"targa": targa}
		id := b.daInviare(uno, "sosta", r)
		esiti, errs := make([]sportello.Esito, 8), make([]error, 8)
		var gruppo sync.WaitGroup
		for i := range esiti {
			gruppo.Go(func() {
				esiti[i], errs[i] = b.s.Esegui(context.Background(), uno, id, pratica.Invia{}, sportello.ConChiave("k"))
			})
		}
		gruppo.Wait()
		require.NoError(t, errors.Join(errs...))
		for _, e := range esiti {
			e.Ripetuta = false
			require.Equal(t, sportello.Esito{Versione: b.carica(id).Versione, Stato: pratica.Inviata}, e)
		}
		b.esegui(uno, id, pratica.Ritira{}, sportello.ConChiave("r"))
		altra := b.manda(due, "sosta", r)
		require.True(t, b.esegui(uno, id, pratica.Invia{}, sportello.ConChiave("k")).Ripetuta)
		require.True(t, b.esegui(uno, id, pratica.Ritira{}, sportello.ConChiave("r")).Ripetuta)
		b.negata(uno, b.daInviare(uno, "sosta", r), "targa")
		require.Equal(t, pratica.Inviata, b.stato(altra))
	})
}

// TestUnicitaOscurata: with the personal data the digests go that came of them.
func TestUnicitaOscurata(t *testing.T) {
	t.Parallel()
	tutti(t, func(t *testing.T, b *banco) {
		ctx, uno, due := context.Background(), cittadino(b, 1), cittadino(b, 2)
		r := modulo.Risposte{"targa": targa}
		id := b.manda(uno, "sosta", r)
		b.esegui(b.operatore, id, pratica.PrendiInCarico{})
		b.esegui(b.operatore, id, pratica.Approva{})
		b.svuota()
		b.dopo()
		b.negata(due, b.daInviare(due, "sosta", r), "targa")
		_, err := b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta)
		require.NoError(t, err)
		require.False(t, b.carica(id).Oscurata.IsZero())
		altra := b.manda(due, "sosta", r)
		b.negata(uno, b.daInviare(uno, "sosta", r), "targa")
		var unico *storage.ErroreUnico
		_, err = b.s.Esegui(ctx, uno, b.daInviare(uno, "sosta", r), pratica.Invia{})
		require.ErrorAs(t, err, &unico)
		require.Equal(t, "modulo/sosta", unico.Unico.Ambito)
		require.NotContains(t, strings.ToUpper(unico.Unico.Chiave), targa)
		require.Equal(t, pratica.Inviata, b.stato(altra))
	})
}
