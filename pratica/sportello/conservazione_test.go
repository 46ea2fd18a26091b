package sportello_test

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/messaggi"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cartella"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
)

// bancoSuDisco keeps pratiche in SQLite and files in a directory, which it gives.
func bancoSuDisco(t testing.TB, scelte ...scelta) (*banco, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "file")
	st, err := sqlite.Open(context.Background(), sqlite.Config{Percorso: filepath.Join(t.TempDir(), "pratiche.db")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	ar, err := cartella.New(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, ar.Close()) })
	b := nuovoBanco(t, append([]scelta{func(c *sportello.Config) { c.Store, c.Archivio = st, ar }}, scelte...)...)
	b.deposito, b.archivio = st, ar
	return b, dir
}

// depositi runs a test on both: in memory and on disk.
func depositi(t *testing.T, f func(*testing.T, *banco)) {
	t.Helper()
	t.Run("memoria", func(t *testing.T) { t.Parallel(); f(t, nuovoBanco(t)) })
	t.Run("disco", func(t *testing.T) {
		t.Parallel()
		b, _ := bancoSuDisco(t)
		f(t, b)
	})
}

func (b *banco) sistema() pratica.Attore { return b.attori()[sistema] }

// vita follows a request of the full service to its approval, with something
// written at every step.
func vita(b *banco, seriale string) pratica.ID {
	b.t.Helper()
	ctx := context.Background()
	id := b.bozza("pieno")
	b.allega(id, "pianta")
	b.esegui(b.cittadino, id, pratica.SalvaBozza{Risposte: con1(b.carica(id).Risposte, "metri", "12")})
	libere := slices.DeleteFunc(b.fasce(id), func(f appuntamenti.Fascia) bool { return f.Liberi == 0 })
	_, err := b.s.PrenotaAppuntamento(ctx, b.cittadino, id, libere[0])
	require.NoError(b.t, err)
	b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("1" + seriale)}})
	b.svuota()
	b.paga(id)
	b.svuota()
	b.esegui(b.operatore, id, pratica.PrendiInCarico{})
	b.esegui(b.operatore, id, pratica.Annota{Testo: "Appunto su Mario"})
	_, err = b.s.Allega(ctx, b.cittadino, id, sportello.NuovoAllegato{Nome: "lettera di Mario Rossi.txt", Origine: pratica.OrigineMessaggio}, bytes.NewReader([]byte("Gentile ufficio, sono Mario Rossi")))
	require.NoError(b.t, err)
	b.esegui(b.cittadino, id, pratica.ScriviMessaggio{Oggetto: "Da Mario", Testo: "Scrive Mario Rossi"})
	b.esegui(b.operatore, id, pratica.RichiediIntegrazione{Testo: "Gentile Mario Rossi", Campi: []string{"zona"}})
	b.svuota()
	b.esegui(b.cittadino, id, pratica.InviaIntegrazione{Testo: "Ecco, Mario", Risposte: modulo.Risposte{"zona": "sud"}})
	b.svuota()
	b.esegui(b.operatore, id, pratica.Approva{Motivazione: "Mario Rossi ha i requisiti"})
	b.svuota()
	b.paga(id)
	b.esegui(b.cittadino, id, pratica.FornisciBollo{Forniti: []bolli.Contrassegno{marca("2" + seriale)}})
	b.svuota()
	require.Equal(b.t, pratica.Accettata, b.stato(id))
	return id
}

func con1(r modulo.Risposte, k string, v any) modulo.Risposte {
	r = r.Copia()
	r[k] = v
	return r
}

// dopo goes on until the retention term is over.
func (b *banco) dopo() { b.orologio.Avanza(10*366*24*time.Hour + 24*time.Hour) }

func motivi(t require.TestingT, err error) []string {
	var e *pratica.Errore
	require.ErrorAs(t, err, &e)
	var m []string
	for _, x := range e.Motivi {
		m = append(m, x.Codice)
	}
	return m
}

const nullaOsta = "Nulla osta n. 12/2036"

func TestOscuraDati(t *testing.T) {
	t.Parallel()
	depositi(t, func(t *testing.T, b *banco) {
		ctx, store := context.Background(), b.deposito
		id, altra := vita(b, "1234567890123"), vita(b, "2234567890123")
		prima := b.carica(id)
		var file []string
		for _, a := range prima.Allegati {
			file = append(file, a.SHA256)
		}
		for _, d := range prima.Documenti {
			file = append(file, d.SHA256)
		}
		solo := slices.DeleteFunc(slices.Clone(file), func(s string) bool { return s == prima.Allegati[0].SHA256 || s == prima.Allegati[1].SHA256 })
		_, err := b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta)
		require.Equal(t, []string{"conservazione_in_corso"}, motivi(t, err))
		b.dopo()
		require.Equal(t, prima, b.carica(id))

		_, err = b.s.OscuraDati(ctx, b.sistema(), id, " ", sportello.ConChiave("k"))
		require.ErrorIs(t, err, pratica.ErrNonValido)
		e, err := b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta, sportello.ConChiave("k"))
		require.NoError(t, err)
		require.Equal(t, sportello.Esito{Versione: prima.Versione + 1, Stato: pratica.Accettata}, e)
		e, err = b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta, sportello.ConChiave("k"))
		require.NoError(t, err)
		require.True(t, e.Ripetuta)

		// What is stored names him no more, and still verifies and folds.
		p := b.carica(id)
		iter, err := store.Eventi(ctx, ente, id)
		require.NoError(t, err)
		require.NoError(t, pratica.Verifica(iter))
		rifatta, err := pratica.Ripiega(iter)
		require.NoError(t, err)
		require.JSONEq(t, testo(t, p), testo(t, rifatta))
		effetti, err := store.Effetti(ctx, ente, id)
		require.NoError(t, err)
		require.NotEmpty(t, effetti)
		for _, x := range effetti {
			require.Empty(t, x.Diario)
		}
		tutto := testo(t, p) + testo(t, iter) + testo(t, effetti)
		for _, m := range []string{"Mario", "Rossi", "RSSMRA80A01H501U", "a@example.org", "casa.jpg", "lettera", "11234567890123", "Canone"} {
			require.NotContains(t, tutto, m)
		}
		require.Contains(t, testo(t, iter), `"id":"sistema"`, "who gave the order")
		require.Contains(t, testo(t, iter), nullaOsta)
		require.Equal(t, prima.Numero, p.Numero)

		// Nor do lists and searches.
		for _, f := range []storage.Filtro{{Richiedente: "RSSMRA80A01H501U"}, {Testo: "rossi mario"}, {Nome: "mario"}, {ConDati: true}} {
			f.Ente = ente
			pg, err := store.Cerca(ctx, f)
			require.NoError(t, err)
			require.Len(t, pg.Righe, 1, "%+v", f)
			require.Equal(t, altra, pg.Righe[0].ID)
		}
		pg, err := b.s.Elenca(ctx, b.operatore, storage.Filtro{Numero: p.Numero})
		require.NoError(t, err)
		require.Equal(t, []string{"", "", ""}, []string{pg.Righe[0].Richiedente, pg.Righe[0].CodiceFiscale, pg.Righe[0].Oggetto})
		pg, err = b.s.MiePratiche(ctx, b.cittadino, filtro())
		require.NoError(t, err)
		require.Len(t, pg.Righe, 1)

		// He is a stranger; the office sees the shell.
		_, err = b.s.Apri(ctx, b.cittadino, id)
		require.ErrorIs(t, err, pratica.ErrNonTrovato)
		v, err := b.s.Apri(ctx, b.operatore, id)
		require.NoError(t, err)
		require.Equal(t, p.Oscurata, v.Oscurata)
		require.Equal(t, "Dati personali oscurati", v.Generali.Identificazione)
		require.Equal(t, []string{"Dati personali oscurati", nullaOsta}, []string{v.Iter[len(v.Iter)-1].Titolo, v.Iter[len(v.Iter)-1].Motivo})
		require.Nil(t, v.FileDiRichiesta)
		require.Empty(t, v.Azioni)
		require.Empty(t, v.Modulo.Sezioni)
		require.NotContains(t, testo(t, v), "Mario")
		for _, a := range []pratica.Attore{b.cittadino, b.operatore, b.sistema()} {
			for _, f := range []string{"istanza", prima.Allegati[0].ID} {
				_, err := b.s.Scarica(ctx, a, id, f)
				require.ErrorIs(t, err, pratica.ErrNonTrovato)
			}
		}
		for _, f := range solo {
			si, err := store.InUso(ctx, ente, f)
			require.NoError(t, err)
			require.False(t, si)
		}
		si, err := store.InUso(ctx, ente, prima.Allegati[0].SHA256)
		require.NoError(t, err)
		require.True(t, si, "the other pratica has the same file")

		// Nothing more happens to it, and its stamp is spent.
		for _, d := range []pratica.Dati{pratica.Annota{Testo: "x"}, pratica.Riapri{Motivo: "x"}, pratica.SalvaBozza{}} {
			_, err := b.s.Esegui(ctx, b.operatore, id, d)
			require.Equal(t, []string{"oscurata"}, motivi(t, err))
		}
		_, err = b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta)
		require.Equal(t, []string{"oscurata"}, motivi(t, err))
		_, err = b.s.NotificaPagamento(ctx, ente, id, prima.Pagamenti[0].ID)
		require.ErrorIs(t, err, pratica.ErrNonTrovato)
		err = b.s.Riprova(ctx, b.operatore, id, effetti[0].ID, true)
		require.Equal(t, []string{"oscurata"}, motivi(t, err))
		nuova := b.bozza("pieno")
		_, err = b.s.Esegui(ctx, b.cittadino, nuova, pratica.Invia{Bolli: []bolli.Contrassegno{marca("11234567890123")}})
		require.ErrorIs(t, err, pratica.ErrNonValido)
		require.Equal(t, testo(t, p), testo(t, b.carica(id)))
	})
}

func TestOscuraDatiNonConfigurata(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	id := b.inviata("spoglio")
	b.esegui(b.operatore, id, pratica.Annulla{Motivo: "x"})
	b.svuota()
	b.dopo()
	for _, opz := range [][]sportello.Opzione{nil, {sportello.PrimaDelTermine()}} {
		_, err := b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta, opz...)
		require.ErrorIs(t, err, pratica.ErrNonConfigurato, "for ever, unless the service says otherwise")
	}
	// The newest version of the service decides, whatever the pratica began with.
	catalogo, ok := b.config.Servizi.(*sportello.Catalogo)
	require.True(t, ok)
	c := spoglio(t).Configurazione()
	c.Versione, c.Conservazione = 2, &servizio.Conservazione{Mesi: 3}
	catalogo.Pubblica(ente, crea(t, c))
	_, err := b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta)
	require.NoError(t, err)
}

func TestOscuraDatiPrimaDelTermine(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	id := rifiutata(b)
	_, err := b.s.OscuraDati(ctx, b.sistema(), id, "Richiesta del 10/4/2026", sportello.SeVersione(1), sportello.PrimaDelTermine())
	require.ErrorIs(t, err, pratica.ErrConflitto)
	_, err = b.s.OscuraDati(ctx, b.sistema(), id, "Richiesta del 10/4/2026", sportello.PrimaDelTermine())
	require.NoError(t, err)
	iter, err := b.store.Eventi(ctx, ente, id)
	require.NoError(t, err)
	f, ok := iter[len(iter)-1].Fatto.(pratica.DatiOscurati)
	require.True(t, ok)
	require.True(t, f.PrimaDelTermine, "and the iter says so")

	b = nuovoBanco(t)
	aperta := presa(b)
	_, err = b.s.OscuraDati(ctx, b.sistema(), aperta, "x", sportello.PrimaDelTermine())
	require.Equal(t, []string{"stato"}, motivi(t, err))
}

// TestOscuraDatiInSospeso: what is not finished is finished, or given up, first.
func TestOscuraDatiInSospeso(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	nega := func(b *banco, id pratica.ID, opz ...sportello.Opzione) {
		_, err := b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta, opz...)
		require.Equal(t, []string{"effetti_in_sospeso"}, motivi(t, err))
		require.Zero(t, b.carica(id).Oscurata)
	}
	t.Run("da fare", func(t *testing.T) {
		t.Parallel()
		b := nuovoBanco(t)
		id := presa(b)
		b.esegui(b.operatore, id, pratica.Annulla{Motivo: "x"})
		b.dopo()
		nega(b, id)
		nega(b, id, sportello.TrascuraFalliti())
		b.svuota()
		_, err := b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta)
		require.NoError(t, err)
	})
	t.Run("esito ignoto", func(t *testing.T) {
		t.Parallel()
		b := nuovoBanco(t)
		id := conEsitoIgnoto(b)
		b.esegui(b.operatore, id, pratica.Annulla{Motivo: "x"})
		b.svuota()
		b.dopo()
		nega(b, id)
		nega(b, id, sportello.TrascuraFalliti())
	})
	t.Run("falliti", func(t *testing.T) {
		t.Parallel()
		var f *protocollotest.Finto
		b := nuovoBanco(t, func(c *sportello.Config) {
			conFinto(t, &f, protocollotest.Copione{Livello: protocollotest.SoloRegistra, Passi: []protocollotest.Passo{{Guasto: protocollotest.PrimaEffetto, Classe: guasto.Permanente}}})(c)
		})
		id := arrivata(b)
		require.Equal(t, storage.Fallito, b.sospeso(id).Stato)
		b.esegui(b.operatore, id, pratica.Annulla{Motivo: "x"})
		b.svuota()
		b.dopo()
		nega(b, id)
		_, err := b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta, sportello.TrascuraFalliti())
		require.NoError(t, err)
		// What was given up is not carried out afterwards, also where it is put back to work.
		sp := b.sospeso(id)
		require.NoError(t, b.store.Sblocca(ctx, ente, sp.ID, nil))
		effetti := len(f.Effetti())
		b.svuota()
		require.Len(t, f.Effetti(), effetti)
		for _, e := range b.effetti(id) {
			require.Equal(t, storage.Fatto, e.Stato, e.Genere)
		}
	})
	t.Run("avvisi", func(t *testing.T) {
		t.Parallel()
		b := nuovoBanco(t, func(c *sportello.Config) { c.Canali, c.Lavoro.Tentativi = []messaggi.Canale{canaleRotto{}}, 1 })
		id := rifiutata(b)
		b.dopo()
		stati := map[storage.StatoEffetto]int{}
		for _, e := range b.effetti(id) {
			if e.Genere == pratica.EffettoAvviso {
				stati[e.Stato]++
			}
		}
		require.Equal(t, map[storage.StatoEffetto]int{storage.Fallito: 1, storage.DaFare: 1}, stati, "one failed, and the other waits behind it for ever")
		_, err := b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta)
		require.NoError(t, err, "nobody waits for a notice of ten years ago")
	})
}

// canaleRotto delivers nothing.
type canaleRotto struct{}

func (canaleRotto) Invia(context.Context, messaggi.Avviso) error {
	return guasto.Nuovo(guasto.Transitorio, "canale.Invia", "muto", nil)
}

// storia is a store that changes under the hands of whoever reads it.
type storia struct {
	storage.Store
	effetti func()
	eventi  func([]pratica.Evento) []pratica.Evento
}

func (s *storia) Effetti(ctx context.Context, ente string, id pratica.ID) ([]storage.Effetto, error) {
	if s.effetti != nil {
		s.effetti()
	}
	return s.Store.Effetti(ctx, ente, id)
}

func (s *storia) Eventi(ctx context.Context, ente string, id pratica.ID) ([]pratica.Evento, error) {
	e, err := s.Store.Eventi(ctx, ente, id)
	if err == nil && s.eventi != nil {
		e = s.eventi(e)
	}
	return e, err
}

func TestOscuraDatiNelFrattempo(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	id := scaduta(b)
	st := &storia{Store: b.store}
	var volte atomic.Int32
	st.effetti = func() {
		if volte.Add(1) <= 2 {
			b.esegui(b.operatore, id, pratica.Annota{Testo: "ancora una nota"})
		}
	}
	c := b.config
	c.Store = st
	s, err := sportello.New(c)
	require.NoError(t, err)
	_, err = s.OscuraDati(ctx, b.sistema(), id, nullaOsta)
	require.NoError(t, err)
	require.EqualValues(t, 3, volte.Load(), "what it decided on had changed, twice")
	require.NotContains(t, testo(t, b.carica(id)), "nota")
	iter, err := b.store.Eventi(ctx, ente, id)
	require.NoError(t, err)
	require.NotContains(t, testo(t, iter), "ancora")

	// It was reopened between: then it has not ended.
	b = nuovoBanco(t)
	id = scaduta(b)
	volte.Store(0)
	st = &storia{Store: b.store, effetti: func() {
		if volte.Add(1) == 1 {
			b.esegui(b.operatore, id, pratica.Riapri{Motivo: "x"})
		}
	}}
	c = b.config
	c.Store = st
	s, err = sportello.New(c)
	require.NoError(t, err)
	_, err = s.OscuraDati(ctx, b.sistema(), id, nullaOsta)
	require.Equal(t, []string{"stato"}, motivi(t, err))
	require.Contains(t, testo(t, b.carica(id)), "Rossi")
}

// TestOscuraDatiIterAlterato: erasing would take the proof away.
func TestOscuraDatiIterAlterato(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	id := scaduta(b)
	st := &storia{Store: b.store}
	c := b.config
	c.Store = st
	s, err := sportello.New(c)
	require.NoError(t, err)
	for nome, altera := range map[string]func([]pratica.Evento) []pratica.Evento{
		"contenuto": func(e []pratica.Evento) []pratica.Evento {
			e[3].Fatto = pratica.NotaScritta{Testo: "falso"}
			return e
		},
		"impronta": func(e []pratica.Evento) []pratica.Evento {
			ultimo := &e[len(e)-1]
			ultimo.Fatto = pratica.NotaScritta{Testo: "falso"}
			require.NoError(t, pratica.Sigilla(ultimo.Precedente, e[len(e)-1:], func() ([]byte, error) { return make([]byte, 16), nil }))
			return e
		},
	} {
		st.eventi = altera
		_, err := s.OscuraDati(ctx, b.sistema(), id, nullaOsta)
		var alterato *pratica.ErroreIter
		require.ErrorAs(t, err, &alterato, nome)
		require.Equal(t, nome, alterato.Causa)
	}
	st.eventi = func(e []pratica.Evento) []pratica.Evento { return e[:len(e)-1] }
	_, err = s.OscuraDati(ctx, b.sistema(), id, nullaOsta)
	require.ErrorIs(t, err, pratica.ErrConflitto)
	require.Zero(t, b.carica(id).Oscurata)
}

// TestOscuraDatiGuasto: all of it is committed, or nothing.
func TestOscuraDatiGuasto(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, op := range []string{"Carica", "Ripetuta", "Effetti", "Eventi", "Registra", "Registra/dopo"} {
		b := nuovoBanco(t)
		id := scaduta(b)
		prossimo := b.guasta()
		prossimo.Store(op)
		_, err := b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta, sportello.ConChiave("k"))
		require.ErrorIs(t, err, errCrollo, op)
		require.Equal(t, op == "Registra/dopo", !b.carica(id).Oscurata.IsZero(), op)
		e, err := b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta, sportello.ConChiave("k"))
		require.NoError(t, err, op)
		require.Equal(t, op == "Registra/dopo", e.Ripetuta)
	}
}

// chiavi remembers the keys of all commits.
type chiavi struct {
	storage.Store
	tutte []string
}

func (c *chiavi) Registra(ctx context.Context, k storage.Commit) (storage.Ricevuta, error) {
	if k.Chiave != "" {
		c.tutte = append(c.tutte, k.Chiave)
	}
	return c.Store.Registra(ctx, k)
}

// TestChiaveNonConservata: the id of a draft follows from its applicant and its
// key; who has the database has not the key, and cannot try applicants.
func TestChiaveNonConservata(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	st, c := &chiavi{Store: b.store}, b.config
	c.Store = st
	s, err := sportello.New(c)
	require.NoError(t, err)
	id, err := s.ApriBozza(ctx, b.cittadino, "spoglio", sportello.ConChiave("f3b1-segreta"))
	require.NoError(t, err)
	_, err = s.Esegui(ctx, b.cittadino, id, pratica.SalvaBozza{Risposte: con1(b.carica(id).Risposte, "metri", "3")}, sportello.ConChiave("f3b1-segreta-2"))
	require.NoError(t, err)
	require.Len(t, st.tutte, 2)
	for _, k := range st.tutte {
		require.NotContains(t, k, "segreta")
	}
	e, err := s.Esegui(ctx, b.cittadino, id, pratica.SalvaBozza{}, sportello.ConChiave("f3b1-segreta-2"))
	require.NoError(t, err)
	require.True(t, e.Ripetuta)
	stessa, err := s.ApriBozza(ctx, b.cittadino, "spoglio", sportello.ConChiave("f3b1-segreta"))
	require.NoError(t, err)
	require.Equal(t, id, stessa)
}
