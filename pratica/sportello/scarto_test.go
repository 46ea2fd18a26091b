package sportello_test

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

// conTermini publishes the simple services with retention terms: five years, and
// two months with drafts kept for ten days; the full one keeps for ten years.
func (b *banco) conTermini() *banco {
	catalogo, ok := b.config.Servizi.(*sportello.Catalogo)
	require.True(b.t, ok)
	for s, c := range map[*servizio.Servizio]servizio.Conservazione{spoglio(b.t): {Anni: 5}, inoltro(b.t): {Mesi: 2, GiorniBozza: 10}} {
		k := s.Configurazione()
		k.Versione, k.Conservazione = 2, &c
		catalogo.Pubblica(ente, crea(b.t, k))
	}
	return b
}

// finita brings a request of a simple service to an end.
func (b *banco) finita(servizioID string) pratica.ID {
	b.t.Helper()
	id := b.inviata(servizioID)
	b.esegui(b.operatore, id, pratica.Annulla{Motivo: "x"})
	b.svuota()
	return id
}

func (b *banco) daOscurare(f storage.Filtro) (ids []pratica.ID, pagine int) {
	b.t.Helper()
	for {
		pg, err := b.s.DaOscurare(context.Background(), b.sistema(), f)
		require.NoError(b.t, err)
		require.LessOrEqual(b.t, len(pg.Righe), f.Limite)
		pagine++
		for _, r := range pg.Righe {
			ids = append(ids, r.ID)
		}
		if f.Cursore = pg.Seguente; f.Cursore == "" {
			return ids, pagine
		}
		require.Len(b.t, pg.Righe, f.Limite, "a page is full, or the last")
	}
}

func TestDaOscurare(t *testing.T) {
	t.Parallel()
	depositi(t, func(t *testing.T, b *banco) {
		b.conTermini()
		var inoltrate, spoglie []pratica.ID
		for range 5 {
			inoltrate = append(inoltrate, b.finita("inoltro"))
			spoglie = append(spoglie, b.finita("spoglio"))
		}
		ids, _ := b.daOscurare(storage.Filtro{Limite: 3})
		require.Empty(t, ids)
		aperta, mai := b.inviata("spoglio"), b.finita("registrato") // this one has no term
		b.orologio.Avanza(70 * 24 * time.Hour)
		ids, _ = b.daOscurare(storage.Filtro{Limite: 3})
		require.Equal(t, inoltrate, ids)
		tarda := b.finita("spoglio")
		b.orologio.Avanza((5*366 - 60) * 24 * time.Hour)
		tutte := append(slices.Clone(inoltrate), spoglie...) // by service, and the longest presented first
		for limite := 1; limite <= 11; limite++ {
			ids, _ = b.daOscurare(storage.Filtro{Limite: limite})
			require.Equal(t, tutte, ids, limite)
		}
		_, pagine := b.daOscurare(storage.Filtro{Limite: 5})
		require.LessOrEqual(t, pagine, 3)
		require.NotContains(t, ids, tarda)
		require.NotContains(t, ids, aperta)
		require.NotContains(t, ids, mai)

		ids, _ = b.daOscurare(storage.Filtro{Limite: 3, Servizi: []string{"spoglio", "ignoto", "registrato", "spoglio"}})
		require.Equal(t, spoglie, ids)
		ids, _ = b.daOscurare(storage.Filtro{Limite: 9, Servizi: []string{}})
		require.Empty(t, ids)
		ids, _ = b.daOscurare(storage.Filtro{Limite: 9, Stati: []pratica.Stato{pratica.Accettata, pratica.InCarico}})
		require.Empty(t, ids)
		ids, _ = b.daOscurare(storage.Filtro{Limite: 9, Stati: []pratica.Stato{pratica.InCarico}})
		require.Empty(t, ids)
		ids, _ = b.daOscurare(storage.Filtro{Limite: 20, CambioAl: b.carica(spoglie[2]).CambioStato})
		require.Equal(t, append(slices.Clone(inoltrate[:3]), spoglie[:2]...), ids)

		// What is erased is not proposed again, and pages go on where they were.
		ctx := context.Background()
		pg, err := b.s.DaOscurare(ctx, b.sistema(), storage.Filtro{Limite: 3})
		require.NoError(t, err)
		for _, r := range pg.Righe {
			_, err := b.s.OscuraDati(ctx, b.sistema(), r.ID, nullaOsta)
			require.NoError(t, err)
		}
		seguenti, err := b.s.DaOscurare(ctx, b.sistema(), storage.Filtro{Limite: 3, Cursore: pg.Seguente})
		require.NoError(t, err)
		require.Equal(t, inoltrate[3], seguenti.Righe[0].ID)
		ids, _ = b.daOscurare(storage.Filtro{Limite: 20})
		require.Equal(t, tutte[3:], ids)
		for _, id := range ids {
			_, err := b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta)
			require.NoError(t, err, "whatever is proposed may be erased")
		}
		for _, id := range []pratica.ID{tarda, aperta, mai} {
			_, err := b.s.OscuraDati(ctx, b.sistema(), id, nullaOsta)
			require.Error(t, err, "and nothing else")
		}
	})
}

func TestDaOscurareRifiuti(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	for chi, a := range b.attori() {
		_, err := b.s.DaOscurare(ctx, a, filtro())
		var uno error
		for _, e := range b.s.EliminaBozzeAbbandonate(ctx, a) {
			uno = e
		}
		if chi == sistema || chi == sistemaAltrove {
			require.NoError(t, err, chi)
			require.NoError(t, uno, chi)
			continue
		}
		require.ErrorIs(t, err, pratica.ErrNonAutorizzato, chi)
		require.ErrorIs(t, uno, pratica.ErrNonAutorizzato, chi)
	}
	altrove, nessunConto := b.sistema(), b.sistema()
	altrove.Ente, nessunConto.ID = "c_z000", ""
	for _, a := range []pratica.Attore{altrove, nessunConto} {
		_, err := b.s.DaOscurare(ctx, a, filtro())
		require.ErrorIs(t, err, pratica.ErrNonAutorizzato)
		require.ErrorIs(t, b.s.EsportaPersona(ctx, a, cfMario, io.Discard), pratica.ErrNonAutorizzato)
	}
	id := scaduta(b)
	_, err := b.s.OscuraDati(ctx, nessunConto, id, nullaOsta)
	require.ErrorIs(t, err, pratica.ErrNonAutorizzato, "somebody gives the order")
	for _, f := range []storage.Filtro{{Cursore: "%"}, {Cursore: "e30x"}, {Cursore: string(make([]byte, 5000))}, {Limite: -1}, {Limite: 201}, {Cursore: "eyJzIjoicGllbm8iLCJjIjoieCJ9"}} {
		_, err = b.s.DaOscurare(ctx, b.sistema(), f)
		require.ErrorIs(t, err, pratica.ErrNonValido, "%+v", f)
	}
}

func TestOscuraTutte(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t).conTermini()
	var ids []pratica.ID
	for range 6 {
		ids = append(ids, b.finita("inoltro"))
	}
	aperta := b.inviata("inoltro")
	b.orologio.Avanza(70 * 24 * time.Hour)
	lavoro := append([]pratica.ID{ids[0], "ignota", aperta}, ids[1:]...)
	oscurate := func() (n int) {
		for _, id := range ids {
			if !b.carica(id).Oscurata.IsZero() {
				n++
			}
		}
		return n
	}

	// It is stopped after the fourth.
	ctx, fine := context.WithCancel(context.Background())
	defer fine()
	var fatte, rifiutate []pratica.ID
	var ultimo error
	for id, err := range b.s.OscuraTutte(ctx, b.sistema(), lavoro, nullaOsta) {
		switch ultimo = err; {
		case err == nil:
			fatte = append(fatte, id)
		case ctx.Err() == nil:
			rifiutate = append(rifiutate, id)
		default:
			require.Equal(t, ids[2], id, "the first that was not done")
		}
		if len(fatte)+len(rifiutate) == 4 {
			fine()
		}
	}
	require.ErrorIs(t, ultimo, context.Canceled)
	require.Equal(t, ids[:2], fatte)
	require.Equal(t, []pratica.ID{"ignota", aperta}, rifiutate, "and one refusal stops nobody")
	require.Equal(t, 2, oscurate())

	// Nothing happens before it is ranged over, nor after it is left.
	ctx = context.Background()
	tutte := b.s.OscuraTutte(ctx, b.sistema(), lavoro, nullaOsta)
	require.Equal(t, 2, oscurate())
	prima := b.carica(ids[0]).Versione
	for id := range tutte {
		if id == ids[2] {
			break
		}
	}
	require.Equal(t, 3, oscurate())
	fatte = nil
	for id, err := range tutte {
		if err == nil {
			fatte = append(fatte, id)
		}
	}
	require.Equal(t, ids, fatte, "what was done before counts as done")
	require.Equal(t, 6, oscurate())
	require.Equal(t, prima, b.carica(ids[0]).Versione, "and is not done again")
	for _, err := range b.s.OscuraTutte(ctx, b.operatore, ids, nullaOsta) {
		require.ErrorIs(t, err, pratica.ErrNonAutorizzato)
	}
}

func TestEliminaBozzeAbbandonate(t *testing.T) {
	t.Parallel()
	depositi(t, func(t *testing.T, b *banco) {
		ctx := context.Background()
		b.conTermini()
		elimina := func() (ids []pratica.ID, errori []error) {
			for id, err := range b.s.EliminaBozzeAbbandonate(ctx, b.sistema()) {
				ids, errori = append(ids, id), append(errori, err)
			}
			return ids, errori
		}
		vecchia, ripresa, spoglia, piena := b.bozza("inoltro"), b.bozza("inoltro"), b.bozza("spoglio"), b.bozza("pieno")
		altra := b.bozza("inoltro")
		presentata := b.inviata("inoltro")
		b.orologio.Avanza(9 * 24 * time.Hour)
		b.esegui(b.cittadino, ripresa, pratica.SalvaBozza{Risposte: modulo.Risposte{"testo": "Ci ripenso"}})
		ids, _ := elimina()
		require.Empty(t, ids)
		b.orologio.Avanza(3 * 24 * time.Hour)
		ids, errori := elimina()
		require.Equal(t, []pratica.ID{vecchia, altra}, ids)
		require.Equal(t, []error{nil, nil}, errori)
		for _, id := range ids {
			_, err := b.deposito.Carica(ctx, ente, id)
			require.ErrorIs(t, err, storage.ErrNonTrovata)
		}
		for _, id := range []pratica.ID{ripresa, spoglia, piena, presentata} {
			b.carica(id)
		}
		b.orologio.Avanza(90 * 24 * time.Hour)
		ids, _ = elimina()
		require.Equal(t, []pratica.ID{ripresa, piena}, ids, "a service without a term keeps its drafts")
		ids, _ = elimina()
		require.Empty(t, ids)
	})
}

func TestEliminaBozzeAbbandonateRifiuti(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t).conTermini(), context.Background()
	pagata := daPagare(b)
	b.esegui(b.cittadino, pagata, pratica.TornaInBozza{})
	b.svuota()
	x := b.carica(pagata).Pagamenti[0]
	pos := x.Posizione
	pos.Stato = "pagato"
	b.esegui(b.sistema(), pagata, pratica.AggiornaPagamento{Posizione: pos}) // the payment was on its way
	var bozze []pratica.ID
	for range 3 {
		bozze = append(bozze, b.bozza("inoltro"))
	}
	b.orologio.Avanza(100 * 24 * time.Hour)
	esiti := map[pratica.ID]error{}
	for id, err := range b.s.EliminaBozzeAbbandonate(ctx, b.sistema()) {
		esiti[id] = err
		break
	}
	require.Equal(t, map[pratica.ID]error{bozze[0]: nil}, esiti)
	fermo, fine := context.WithCancel(ctx)
	defer fine()
	for id, err := range b.s.EliminaBozzeAbbandonate(fermo, b.sistema()) {
		esiti[id] = err
		fine()
	}
	require.NoError(t, esiti[bozze[1]])
	require.ErrorIs(t, esiti[bozze[2]], context.Canceled)
	b.carica(bozze[2])
	for id, err := range b.s.EliminaBozzeAbbandonate(ctx, b.sistema()) {
		if id == bozze[2] {
			require.NoError(t, err)
			continue
		}
		require.Equal(t, pagata, id)
		require.Equal(t, []string{"gia_pagato"}, motivi(t, err), "somebody must look")
	}
	b.carica(pagata)
	prossimo := b.guasta()
	prossimo.Store("Cerca")
	for id, err := range b.s.EliminaBozzeAbbandonate(ctx, b.sistema()) {
		require.Empty(t, id)
		require.ErrorIs(t, err, errCrollo)
	}
	_, err := b.s.Esegui(ctx, b.sistema(), pagata, pratica.EliminaBozza{})
	require.ErrorIs(t, err, pratica.ErrNonAutorizzato)
}

// TestSpazzaArchivio: the files that nothing refers to go, whatever made them so.
func TestSpazzaArchivio(t *testing.T) {
	t.Parallel()
	b, dir := bancoSuDisco(t)
	ctx := context.Background()
	b.conTermini()
	oscurata, resta := vita(b, "1234567890123"), b.finita("registrato")
	bozza := b.bozza("pieno")
	al, err := b.s.Allega(ctx, b.cittadino, bozza, sportello.NuovoAllegato{Nome: "nota.pdf", Campo: "pianta", Origine: pratica.OrigineRichiesta}, unPDF("solo nella bozza"))
	require.NoError(t, err)
	orfano, err := b.archivio.Scrivi(ctx, ente, unPDF("mai nominato"), 100)
	require.NoError(t, err)
	file := func() (n int) {
		require.NoError(t, filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
			if d.Type().IsRegular() && len(d.Name()) == 64 {
				n++
			}
			return err
		}))
		return n
	}
	invecchia := func() {
		ieri := time.Now().AddDate(-1, 0, 0)
		require.NoError(t, filepath.WalkDir(dir, func(nome string, d fs.DirEntry, err error) error {
			if d.Type().IsRegular() {
				return os.Chtimes(nome, ieri, ieri)
			}
			return err
		}))
	}
	spazza := func() int {
		n, err := b.s.SpazzaArchivio(ctx, ente, b.orologio.Ora().Add(-25*time.Hour))
		require.NoError(t, err)
		return n
	}
	inizio := file()
	b.orologio.Avanza(24 * 366 * 24 * time.Hour) // the clock of the desk; that of the disk is today's
	invecchia()
	require.Equal(t, 1, spazza(), "only what nobody named")
	_, err = b.archivio.Apri(ctx, ente, orfano.SHA256)
	require.ErrorIs(t, err, storage.ErrNonTrovata)

	var tolti int
	for _, err := range b.s.EliminaBozzeAbbandonate(ctx, b.sistema()) {
		require.NoError(t, err)
	}
	require.Equal(t, 1, spazza(), "with the draft its file")
	_, err = b.archivio.Apri(ctx, ente, al.SHA256)
	require.ErrorIs(t, err, storage.ErrNonTrovata)
	p := b.carica(oscurata)
	_, err = b.s.OscuraDati(ctx, b.sistema(), oscurata, nullaOsta)
	require.NoError(t, err)
	tolti = spazza()
	require.Equal(t, len(p.Documenti)+2, tolti, "its documents, the photograph, the letter")
	require.Equal(t, inizio-2-tolti, file())
	for _, d := range b.carica(resta).Documenti {
		r, err := b.archivio.Apri(ctx, ente, d.SHA256)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
	}
	require.Zero(t, spazza())
}

func unPDF(testo string) io.Reader {
	r, w := io.Pipe()
	go func() {
		_, err := io.WriteString(w, "%PDF-1.4\n"+testo+"\n%%EOF\n")
		w.CloseWithError(err)
	}()
	return r
}

// soloArchivio cannot sweep.
type soloArchivio struct{ storage.Archivio }

func TestSpazzaArchivioRifiuti(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	ora := b.orologio.Ora()
	_, err := b.s.SpazzaArchivio(ctx, "c_z000", ora.AddDate(0, 0, -2))
	require.ErrorIs(t, err, pratica.ErrNonTrovato)
	for _, prima := range []time.Time{ora, ora.Add(-23 * time.Hour), ora.AddDate(1, 0, 0)} {
		_, err = b.s.SpazzaArchivio(ctx, ente, prima)
		require.ErrorIs(t, err, pratica.ErrNonValido)
	}
	n, err := b.s.SpazzaArchivio(ctx, ente, ora.Add(-24*time.Hour))
	require.NoError(t, err)
	require.Zero(t, n)
	c := b.config
	c.Archivio = soloArchivio{b.archivio}
	s, err := sportello.New(c)
	require.NoError(t, err)
	_, err = s.SpazzaArchivio(ctx, ente, ora.AddDate(0, 0, -2))
	require.ErrorIs(t, err, pratica.ErrNonConfigurato)

	// A store that does not answer keeps the file.
	ar := memoria.NewArchivio()
	ar.Ora = func() time.Time { return ora.AddDate(0, 0, -5) }
	f, err := ar.Scrivi(ctx, ente, unPDF("x"), 100)
	require.NoError(t, err)
	c.Archivio = ar
	s, err = sportello.New(c)
	require.NoError(t, err)
	b.guasta().Store("InUso")
	_, err = s.SpazzaArchivio(ctx, ente, ora.AddDate(0, 0, -2))
	require.ErrorIs(t, err, errCrollo)
	_, err = ar.Apri(ctx, ente, f.SHA256)
	require.NoError(t, err)
}

// What has passed its term is proposed, and erased when the ente says so: the
// list is kept while an authorisation to discard is waited for.
func ExampleSportello_OscuraTutte() {
	passo := func(err error) {
		if err != nil {
			fmt.Println(err)
		}
	}
	ctx, ora := context.Background(), time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
	segnalazione, err := servizio.Nuovo(servizio.Configurazione{
		ID: "segnalazione", Versione: 1, Nome: "Segnalazione", Flusso: servizio.Inoltro, Accesso: servizio.SPID2, Conservazione: &servizio.Conservazione{Anni: 2},
		Modulo: modulo.Definizione{ID: "s", Versione: 1, Titolo: "S", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "S", Campi: []modulo.Campo{{ID: "testo", Etichetta: "Testo", Tipo: modulo.Testo}}}}},
	})
	passo(err)
	s, err := sportello.New(sportello.Config{
		Enti: []sportello.Ente{{Codice: "c_x999", Nome: "Comune di Prova"}}, Servizi: sportello.NuovoCatalogo("c_x999", segnalazione),
		Store: memoria.New(), Archivio: memoria.NewArchivio(), Orologio: func() time.Time { return ora },
	})
	passo(err)
	cittadina := pratica.Attore{Ruolo: pratica.Cittadino, ID: "42", Ente: "c_x999", Livello: servizio.SPID2,
		Persona: anagrafica.Persona{Nome: "Anna", Cognome: "Bianchi", CodiceFiscale: "BNCNNA80A41H501Y"}}
	operatore := pratica.Attore{Ruolo: pratica.Operatore, ID: "7", Ente: "c_x999", Servizi: []string{"segnalazione"}}
	id, err := s.ApriBozza(ctx, cittadina, "segnalazione")
	passo(err)
	_, err = s.Esegui(ctx, cittadina, id, pratica.Invia{})
	passo(err)
	_, err = s.Esegui(ctx, operatore, id, pratica.Archivia{})
	passo(err)
	_, err = s.Svuota(ctx)
	passo(err)

	ora = ora.AddDate(3, 0, 0)
	amministratrice := pratica.Attore{Ruolo: pratica.Sistema, ID: "amministratrice-3", Ente: "c_x999"}
	pagina, err := s.DaOscurare(ctx, amministratrice, storage.Filtro{})
	passo(err)
	var elenco []pratica.ID
	for _, r := range pagina.Righe {
		fmt.Println(r.Numero, r.Richiedente)
		elenco = append(elenco, r.ID)
	}
	for id, err := range s.OscuraTutte(ctx, amministratrice, elenco, "Nulla osta n. 12/2029") {
		passo(err)
		v, err := s.Apri(ctx, operatore, id)
		passo(err)
		fmt.Printf("%s %q %s\n", v.Generali.Numero, v.Generali.Richiedente, v.Etichetta)
	}
	// Output:
	// 2026-000001 Anna Bianchi
	// 2026-000001 "" Archiviata
}

// TestEliminaBozzeRiprese: a draft that is taken up while it is about to go stays.
func TestEliminaBozzeRiprese(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t).conTermini(), context.Background()
	ripresa, tolta, ferma := b.bozza("inoltro"), b.bozza("inoltro"), b.bozza("inoltro")
	b.orologio.Avanza(30 * 24 * time.Hour)
	c := b.config
	c.Store = &elencoFinto{Store: b.store, righe: func(r []storage.Riga) []storage.Riga {
		if len(r) > 0 {
			b.esegui(b.cittadino, ripresa, pratica.SalvaBozza{Risposte: modulo.Risposte{"testo": "Eccomi"}})
			b.esegui(b.cittadino, tolta, pratica.EliminaBozza{})
		}
		return r
	}}
	s, err := sportello.New(c)
	require.NoError(t, err)
	var ids []pratica.ID
	for id, err := range s.EliminaBozzeAbbandonate(ctx, b.sistema()) {
		require.NoError(t, err)
		ids = append(ids, id)
	}
	require.Equal(t, []pratica.ID{ferma}, ids)
	require.Equal(t, "Eccomi", b.carica(ripresa).Risposte["testo"])
}
