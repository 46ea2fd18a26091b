package sportello_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/sportello-digitale/pratiche/storage"
)

// rubrica is a directory of operators whose names are easily found.
type rubrica struct{}

func (rubrica) Nome(_ context.Context, _, op string) (string, bool) {
	return "Dott. Segretissimo " + op, strings.HasPrefix(op, "op-")
}

func (rubrica) Operatore(_ context.Context, e, op string) (pratica.Attore, bool) {
	a := pratica.Attore{Ruolo: pratica.Operatore, ID: op, Ente: e, Servizi: []string{"pieno"}, Uffici: []string{"tecnico"}}
	return a, op == "op-1" || op == "op-2"
}

func (b *banco) apri(chi string, id pratica.ID) *sportello.Vista {
	b.t.Helper()
	v, err := b.s.Apri(context.Background(), b.attori()[chi], id)
	require.NoError(b.t, err)
	return v
}

func testo(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

// TestVistaPagine: a page is there where the service configures it or there is something to show.
func TestVistaPagine(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	v := b.apri(richiedente, b.bozza("pieno"))
	require.NotNil(t, v.Protocollo)
	require.NotNil(t, v.Pagamenti)
	require.NotNil(t, v.Bolli)
	require.NotNil(t, v.Appuntamenti)
	require.Equal(t, []string{"anagrafe"}, v.Appuntamenti.Calendari)
	v = b.apri(richiedente, b.bozza("spoglio"))
	require.Nil(t, v.Protocollo)
	require.Nil(t, v.Pagamenti)
	require.Nil(t, v.Bolli)
	require.Nil(t, v.Appuntamenti)
	v = b.apri(richiedente, b.bozza("registrato"))
	require.NotNil(t, v.Protocollo)
	require.Nil(t, v.Pagamenti)
}

func TestVistaDatiGenerali(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t, func(c *sportello.Config) { c.Rubrica = rubrica{} })
	id := inBozza(b)
	v := b.apri(richiedente, id)
	require.Equal(t, "Bozza", v.Etichetta)
	require.True(t, v.Generali.PresentataIl.IsZero())
	require.True(t, v.Generali.Scadenza.IsZero())
	require.Nil(t, v.FileDiRichiesta)
	require.True(t, v.Puo(pratica.AzioneInvia))
	require.False(t, v.Puo(pratica.AzionePrendiInCarico))
	b = nuovoBanco(t, func(c *sportello.Config) { c.Rubrica = rubrica{} })
	id = presa(b)
	v = b.apri(incaricato, id)
	g := v.Generali
	require.Equal(t, "2026-000001", g.Numero.String())
	require.Equal(t, "Mario Rossi", g.Richiedente)
	require.Equal(t, "RSSMRA80A01H501U", g.CodiceFiscale)
	require.Equal(t, "SPID, livello 2", g.Identificazione)
	require.Equal(t, "Ufficio tecnico", g.Ufficio)
	require.Equal(t, "Dott. Segretissimo op-1", g.Operatore)
	require.Equal(t, "0000001/2026", g.Protocollo.String())
	require.False(t, g.PresentataIl.IsZero())
	require.Equal(t, 30*24*time.Hour, g.Scadenza.Sub(g.PresentataIl).Truncate(24*time.Hour))
	require.Equal(t, "Servizio pieno", v.NomeServizio)
	require.Equal(t, v.Versione, b.carica(id).Versione)
	require.Len(t, v.Documenti, 2)
	require.Equal(t, "istanza", v.FileDiRichiesta.ID)
	require.Equal(t, "0000001/2026", v.FileDiRichiesta.NumeroProtocollo)
	require.Equal(t, "Presa in carico", v.Iter[len(v.Iter)-1].Titolo)
	require.Equal(t, "Dott. Segretissimo op-1", v.Iter[len(v.Iter)-1].Chi)
	b.esegui(b.operatore, id, pratica.Assegna{Operatore: "op-2"})
	v = b.apri(abilitato, id)
	require.Equal(t, "Assegnata a Dott. Segretissimo op-2", v.Iter[len(v.Iter)-1].Motivo)
	_, err := b.s.Esegui(context.Background(), b.attori()[abilitato], id, pratica.Assegna{Operatore: "op-9"})
	require.ErrorIs(t, err, pratica.ErrNonValido, "not in the directory")
	b.esegui(b.attori()[abilitato], id, pratica.Assegna{Ufficio: "tributi"})
	v = b.apri(abilitato, id)
	require.Equal(t, "Ufficio tributi", v.Iter[len(v.Iter)-1].Ufficio)
	require.Empty(t, v.Generali.Operatore)
}

// TestVistaUltime: the operator learns of the others of the same applicant, and
// opens those of his services.
func TestVistaUltime(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	prima := b.protocollata("01234567890121")
	seconda := b.protocollata("01234567890122")
	b.esegui(b.operatore, seconda, pratica.PrendiInCarico{})
	spoglia := b.inviata("spoglio")
	b.bozza("spoglio")
	daPagare(b)
	altri := b.cittadino
	b.cittadino = b.attori()[altroCittadino]
	b.inviata("spoglio")
	b.cittadino = altri
	solo := b.operatore
	solo.ID, solo.Servizi = "op-5", []string{"spoglio"}
	v, err := b.s.Apri(context.Background(), solo, spoglia)
	require.NoError(t, err)
	require.Len(t, v.UltimePratiche, 2, "neither drafts, nor those of others, nor this one")
	for _, u := range v.UltimePratiche {
		require.Equal(t, "Servizio pieno", u.Servizio)
		require.False(t, u.Apribile)
		require.False(t, u.Prendibile)
		require.NotEmpty(t, u.Numero.String())
	}
	v = b.apri(abilitato, spoglia)
	prendibili := map[pratica.ID]bool{}
	for _, u := range v.UltimePratiche {
		require.True(t, u.Apribile)
		prendibili[u.ID] = u.Prendibile
	}
	require.Equal(t, map[pratica.ID]bool{prima: true, seconda: false}, prendibili)
	require.Empty(t, b.apri(richiedente, spoglia).UltimePratiche)
	for range 8 {
		b.inviata("spoglio")
	}
	v = b.apri(abilitato, spoglia)
	require.Len(t, v.UltimePratiche, 5)
	require.False(t, v.UltimePratiche[0].PresentataIl.Before(v.UltimePratiche[4].PresentataIl), "newest first")

	b.config.Servizi = senza{b.config.Servizi, "pieno"}
	b.s, err = sportello.New(b.config)
	require.NoError(t, err)
	for _, u := range b.apri(abilitato, spoglia).UltimePratiche {
		require.Equal(t, u.Servizio == "Servizio spoglio", u.Apribile, "a service that is gone does not hide the rest")
	}
	_, err = b.s.Apri(context.Background(), b.operatore, prima)
	require.ErrorIs(t, err, pratica.ErrNonConfigurato)
}

// TestVistaRiservata: the applicant never sees names or accounts of operators,
// their notes, what happens to effects, nor a decision before it is issued.
func TestVistaRiservata(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, positivo := range []bool{true, false} {
		var f *protocollotest.Finto
		b := nuovoBanco(t, func(c *sportello.Config) { c.Rubrica = rubrica{} }, conFinto(t, &f, protocollotest.Copione{Livello: protocollotest.SoloRegistra, Passi: []protocollotest.Passo{{}, {Guasto: protocollotest.DopoEffetto}}}))
		id := b.inviata("registrato")
		b.esegui(b.operatore, id, pratica.PrendiInCarico{})
		b.esegui(b.operatore, id, pratica.Annota{Testo: "Appunto riservato"})
		b.esegui(b.operatore, id, pratica.ScriviMessaggio{Testo: "Buongiorno"})
		al, err := b.carico(b.operatore, id, "provvedimento.txt", "", pratica.OrigineEnte, strings.NewReader("motivi"))
		require.NoError(t, err)
		tipo := "esito_positivo"
		if positivo {
			b.esegui(b.operatore, id, pratica.Approva{Motivazione: "Ragione segreta"})
		} else {
			tipo = "esito_negativo"
			b.esegui(b.operatore, id, pratica.Rifiuta{Motivazione: "Ragione segreta"})
		}
		riservato := func() {
			t.Helper()
			v := b.apri(richiedente, id)
			require.Equal(t, pratica.InCarico, v.Stato)
			require.Equal(t, "Decisione in corso di emissione", v.Etichetta)
			require.Nil(t, v.EsitoDecisione)
			require.Empty(t, v.InSospeso)
			require.Empty(t, v.Note)
			require.Equal(t, "Operatore", v.Messaggi[0].Chi)
			s := testo(t, v)
			for _, x := range []string{"op-1", "Segretissimo", "Appunto", "Ragione segreta", "esito_positivo", "esito_negativo", "Rifiutata", "Accettata", "provvedimento"} {
				require.NotContains(t, s, x)
			}
			_, err := b.s.Scarica(ctx, b.cittadino, id, tipo)
			require.ErrorIs(t, err, pratica.ErrNonTrovato)
			_, err = b.s.Scarica(ctx, b.cittadino, id, al.ID)
			require.ErrorIs(t, err, pratica.ErrNonTrovato)
			mie, err := b.s.MiePratiche(ctx, b.cittadino, filtro())
			require.NoError(t, err)
			require.Equal(t, pratica.InCarico, mie.Righe[0].Stato)
			require.Empty(t, mie.Righe[0].Operatore)
			require.False(t, mie.Righe[0].Attenzione)
			for stato, quante := range map[pratica.Stato]int{pratica.EsitoPositivo: 0, pratica.EsitoNegativo: 0, pratica.InCarico: 1, pratica.Accettata: 0} {
				mie, err := b.s.MiePratiche(ctx, b.cittadino, storage.Filtro{Stati: []pratica.Stato{stato}})
				require.NoError(t, err)
				require.Len(t, mie.Righe, quante, stato)
			}
		}
		riservato()
		b.drena(id) // produced, and its number unknown
		riservato()
		v := b.apri(incaricato, id)
		require.Contains(t, testo(t, v), "Ragione segreta")
		require.Len(t, v.InSospeso, 1)
		require.Len(t, v.Note, 1)
		require.Equal(t, "Dott. Segretissimo op-1", v.Note[0].Chi)
		if !positivo {
			b.esegui(b.operatore, id, pratica.Annulla{Motivo: "Sbagliata"})
			require.NotContains(t, testo(t, b.apri(richiedente, id)), "Ragione segreta", "a decision that was never issued")
			continue
		}
		b.risolvi(f, id)
		v = b.apri(richiedente, id)
		require.Equal(t, pratica.Accettata, v.Stato)
		require.Equal(t, "Ragione segreta", v.EsitoDecisione.Motivazione)
		require.NotContains(t, testo(t, v), "op-1")
		require.NotContains(t, testo(t, v), "Segretissimo")
		sc, err := b.s.Scarica(ctx, b.cittadino, id, al.ID)
		require.NoError(t, err)
		require.NoError(t, sc.Close())
	}
}

// TestVistaRiaperta: what was issued stays told when the pratica is opened again.
func TestVistaRiaperta(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	id := rifiutata(b)
	b.esegui(b.operatore, id, pratica.Riapri{Motivo: "Errore di valutazione"})
	v := b.apri(richiedente, id)
	require.Equal(t, pratica.InCarico, v.Stato)
	s := testo(t, v.Iter)
	require.Contains(t, s, "Mancano i requisiti")
	require.Contains(t, s, "Rifiutata")
	require.Contains(t, s, "Errore di valutazione")
	b.esegui(b.operatore, id, pratica.Approva{Motivazione: "Ripensamento"})
	v = b.apri(richiedente, id)
	require.Equal(t, pratica.AttesaPagamentoFinale, v.Stato, "he has to pay: that he knows")
	require.NotContains(t, testo(t, v), "Ripensamento")
}

// TestElenca: the operator's list, with each filter.
func TestElenca(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuovoBanco(t)
	inizio := b.orologio.Ora()
	b.bozza("pieno")
	attesa := daPagare(b)
	prima := b.protocollata("01234567890121")
	meta := b.orologio.Ora()
	mia := b.protocollata("01234567890122")
	b.esegui(b.operatore, mia, pratica.PrendiInCarico{})
	b.cittadino = b.attori()[altroCittadino]
	altrui := b.inviata("spoglio")
	b.inviata("inoltro")
	elenco := func(a pratica.Attore, f storage.Filtro) []pratica.ID {
		t.Helper()
		pg, err := b.s.Elenca(ctx, a, f)
		require.NoError(t, err)
		r, err := b.s.Riassumi(ctx, a, f)
		require.NoError(t, err)
		require.Equal(t, len(pg.Righe), r.Totale)
		var ids []pratica.ID
		for _, r := range pg.Righe {
			ids = append(ids, r.ID)
		}
		return ids
	}
	pieno := b.operatore
	pieno.Servizi = []string{"pieno", "spoglio"}
	for nome, c := range map[string]struct {
		f      storage.Filtro
		attese []pratica.ID
	}{
		"tutte":         {storage.Filtro{}, []pratica.ID{attesa, prima, mia, altrui}},
		"servizio":      {storage.Filtro{Servizi: []string{"spoglio"}}, []pratica.ID{altrui}},
		"non abilitato": {storage.Filtro{Servizi: []string{"inoltro"}}, nil},
		"nessuno":       {storage.Filtro{Servizi: []string{}}, nil},
		"stato":         {storage.Filtro{Stati: []pratica.Stato{pratica.Protocollata, pratica.Bozza}}, []pratica.ID{prima}},
		"solo bozze":    {storage.Filtro{Stati: []pratica.Stato{pratica.Bozza}, Bozze: true}, nil},
		"attesa":        {storage.Filtro{Stati: []pratica.Stato{pratica.AttesaPagamento}}, []pratica.ID{attesa}},
		"mie":           {storage.Filtro{Lavorazione: storage.Mie, Operatore: "un altro"}, []pratica.ID{mia}},
		"non assegnate": {storage.Filtro{Lavorazione: storage.NonAssegnate}, []pratica.ID{attesa, prima, altrui}},
		"ufficio":       {storage.Filtro{Ufficio: "tecnico"}, []pratica.ID{mia}},
		"richiedente":   {storage.Filtro{Richiedente: "VRDLGU80A01H501Q"}, []pratica.ID{altrui}},
		"testo":         {storage.Filtro{Testo: "verdi luigi"}, []pratica.ID{altrui}},
		"nome":          {storage.Filtro{Nome: "luig"}, []pratica.ID{altrui}},
		"non il nome":   {storage.Filtro{Nome: "2026"}, nil},
		"protocollo":    {storage.Filtro{Protocollo: "1/2026"}, []pratica.ID{prima}},
		"dovuto":        {storage.Filtro{DovutoMin: decimal.NewNullDecimal(decimal.New(1, -2))}, []pratica.ID{attesa}},
		"fino a":        {storage.Filtro{DovutoMin: decimal.NewNullDecimal(decimal.New(2001, -2))}, nil},
		"niente dovuto": {storage.Filtro{DovutoMax: decimal.NewNullDecimal(decimal.Zero)}, []pratica.ID{prima, mia, altrui}},
		"numero":        {storage.Filtro{Numero: b.carica(mia).Numero}, []pratica.ID{mia}},
		"dal al":        {storage.Filtro{Dal: inizio, Al: meta}, []pratica.ID{prima}},
		"cambio":        {storage.Filtro{CambioDal: meta, Servizi: []string{"pieno"}}, []pratica.ID{mia}},
		"attenzione":    {storage.Filtro{Attenzione: true}, nil},
		"altro ente":    {storage.Filtro{Ente: "c_y888"}, []pratica.ID{attesa, prima, mia, altrui}},
		"ordine":        {storage.Filtro{Ordine: storage.PerAggiornamento, Limite: 200}, []pratica.ID{attesa, prima, mia, altrui}},
		"ferme":         {storage.Filtro{Ordine: storage.PerAggiornamentoVecchie}, []pratica.ID{attesa, prima, mia, altrui}},
		"con dati":      {storage.Filtro{ConDati: true}, []pratica.ID{attesa, prima, mia, altrui}},
	} {
		require.ElementsMatch(t, c.attese, elenco(pieno, c.f), nome)
	}
	senzaServizi := pieno
	senzaServizi.Servizi = nil
	require.Empty(t, elenco(senzaServizi, storage.Filtro{}))
	require.Empty(t, elenco(b.attori()[altroEnte], storage.Filtro{Ente: ente}), "his ente, whatever he asks")
	for chi, a := range b.attori() {
		_, err := b.s.Elenca(ctx, a, storage.Filtro{})
		switch chi {
		case abilitato, incaricato, altroServizio, altroEnte:
			require.NoError(t, err, chi)
		default:
			require.ErrorIs(t, err, pratica.ErrNonAutorizzato, chi)
		}
		_, err = b.s.MiePratiche(ctx, a, storage.Filtro{})
		switch chi {
		case richiedente, altroCittadino, anonimo, altrove:
			require.NoError(t, err, chi)
		default:
			require.ErrorIs(t, err, pratica.ErrNonAutorizzato, chi)
		}
	}
	for _, f := range []storage.Filtro{{Cursore: "boh"}, {Limite: -1}, {Limite: 1000}, {Testo: strings.Repeat("x", 201)}, {Lavorazione: "boh"}} {
		_, err := b.s.Elenca(ctx, pieno, f)
		require.ErrorIs(t, err, pratica.ErrNonValido, "%+v", f)
	}
	ferme, err := b.s.Elenca(ctx, pieno, storage.Filtro{Ordine: storage.PerAggiornamentoVecchie})
	require.NoError(t, err)
	require.Equal(t, []pratica.ID{attesa, prima, mia, altrui}, []pratica.ID{ferme.Righe[0].ID, ferme.Righe[1].ID, ferme.Righe[2].ID, ferme.Righe[3].ID}, "longest unchanged first")
	require.Equal(t, "20", ferme.Righe[0].Dovuto.String())
	var pagine []pratica.ID
	f := storage.Filtro{Limite: 1}
	for {
		pg, err := b.s.Elenca(ctx, pieno, f)
		require.NoError(t, err)
		for _, r := range pg.Righe {
			pagine = append(pagine, r.ID)
		}
		if f.Cursore = pg.Seguente; f.Cursore == "" {
			break
		}
	}
	require.ElementsMatch(t, []pratica.ID{attesa, prima, mia, altrui}, pagine)
	mie, err := b.s.MiePratiche(ctx, b.cittadino, storage.Filtro{Richiedente: "RSSMRA80A01H501U", Ente: "c_y888", Attenzione: true, Lavorazione: storage.Mie, Operatore: "op-1", Ufficio: "tributi", Anonimo: "x"})
	require.NoError(t, err)
	require.Len(t, mie.Righe, 2, "his own, whatever he asks")
}

// senza is a catalogue that lost a service.
type senza struct {
	sportello.Servizi
	id string
}

func (s senza) Servizio(ctx context.Context, ente, id string, v int) (*servizio.Servizio, error) {
	if id == s.id {
		return nil, pratica.ErrNonTrovato
	}
	return s.Servizi.Servizio(ctx, ente, id, v)
}

// What is internal reaches the applicant by no way, not even by the pratica itself.
func TestLeggiDelRichiedente(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	id := b.inviata("spoglio")
	b.esegui(b.operatore, id, pratica.PrendiInCarico{})
	b.esegui(b.operatore, id, pratica.Annota{Testo: "Da sentire il collega"})
	p, _, err := b.s.Leggi(ctx, b.operatore, id)
	require.NoError(t, err)
	require.Len(t, p.Note, 1)
	require.NotEmpty(t, p.Operatore)
	p, _, err = b.s.Leggi(ctx, b.cittadino, id)
	require.NoError(t, err)
	require.Empty(t, p.Note)
	require.Empty(t, p.Operatore)
}
