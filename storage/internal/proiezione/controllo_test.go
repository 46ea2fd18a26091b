package proiezione_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

var adesso = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// commit gives one of three events; the first two are there already where attesa is 2.
func commit(t *testing.T, attesa int) storage.Commit {
	t.Helper()
	e := []pratica.Evento{
		{Pratica: "p", Progressivo: 1, Quando: adesso, A: pratica.Bozza, Fatto: pratica.BozzaAperta{Ente: ente}},
		{Pratica: "p", Progressivo: 2, Quando: adesso, Da: pratica.Bozza, A: pratica.Bozza, Fatto: pratica.NotaScritta{ID: "1"}},
		{Pratica: "p", Progressivo: 3, Quando: adesso, Da: pratica.Bozza, A: pratica.Bozza, Fatto: pratica.NotaScritta{ID: "2"}},
	}
	require.NoError(t, pratica.Sigilla("", e, func() ([]byte, error) { return []byte("sedici byte, qui"), nil }))
	p, err := pratica.Ripiega(e)
	require.NoError(t, err)
	c := storage.Commit{Pratica: p, Attesa: attesa, Eventi: e[attesa:], Ora: adesso, Chiave: "k",
		Effetti: []storage.Effetto{{ID: "e", Genere: pratica.EffettoAvviso}}, Unici: []storage.Unico{{Ambito: "a", Chiave: "b"}},
		Campi: []storage.Campo{{Nome: "a", Numero: num("1.50")}}, Concluso: &storage.Effetto{Diario: []byte("1")}}
	if attesa > 0 {
		c.Oscurati = append([]pratica.Evento{}, e[:attesa]...)
		for i := range c.Oscurati {
			c.Oscurati[i].Fatto, c.Oscurati[i].Sale = nil, ""
		}
	}
	return c
}

func TestCommit(t *testing.T) {
	t.Parallel()
	lungo, rotto := strings.Repeat("x", 513), "\xff"
	for nome, guasta := range map[string]func(c *storage.Commit){
		"ora":             func(c *storage.Commit) { c.Ora = time.Time{} },
		"attesa":          func(c *storage.Commit) { c.Attesa = -1 },
		"versione":        func(c *storage.Commit) { c.Pratica.Versione++ },
		"pratica":         func(c *storage.Commit) { c.Eventi[0].Pratica = "q" },
		"sigillo":         func(c *storage.Commit) { c.Eventi[0].Impronta = "" },
		"effetto":         func(c *storage.Commit) { c.Effetti[0].ID = "" },
		"effetto_utf8":    func(c *storage.Commit) { c.Effetti[0].ID = rotto },
		"genere":          func(c *storage.Commit) { c.Effetti[0].Genere = "" },
		"doppio":          func(c *storage.Commit) { c.Effetti = append(c.Effetti, c.Effetti[0]) },
		"riferimento":     func(c *storage.Commit) { c.Effetti[0].Riferimento = lungo },
		"ambito":          func(c *storage.Commit) { c.Unici[0].Ambito = "" },
		"unico":           func(c *storage.Commit) { c.Unici[0].Chiave = lungo },
		"libero":          func(c *storage.Commit) { c.Liberi = []storage.Unico{{Ambito: "a", Chiave: lungo}} },
		"libero_ambito":   func(c *storage.Commit) { c.Liberi = []storage.Unico{{Ambito: rotto, Chiave: "b"}} },
		"preso_e_libero":  func(c *storage.Commit) { c.Liberi = c.Unici },
		"campi":           func(c *storage.Commit) { c.Campi = make([]storage.Campo, storage.MassimoCampi+1) },
		"campo":           func(c *storage.Commit) { c.Campi[0].Nome = rotto },
		"campo_doppio":    func(c *storage.Commit) { c.Campi = append(c.Campi, c.Campi[0]) },
		"campo_testo":     func(c *storage.Commit) { c.Campi[0].Testo = lungo },
		"campo_numero":    func(c *storage.Commit) { c.Campi[0].Numero = num("1e31") },
		"elimina":         func(c *storage.Commit) { c.Elimina = true },
		"oscurati_pochi":  func(c *storage.Commit) { c.Oscurati = c.Oscurati[1:] },
		"oscurati_catena": func(c *storage.Commit) { c.Oscurati[0].Impegno = "x" },
		"oscurati_sale":   func(c *storage.Commit) { c.Oscurati[1].Sale = "x" },
		"oscurati_nuovi":  func(c *storage.Commit) { c.Eventi[0].Precedente = "x" },
	} {
		c := commit(t, 2)
		require.NoError(t, proiezione.Identita(&c))
		require.NoError(t, proiezione.Commit(&c))
		guasta(&c)
		require.ErrorIs(t, proiezione.Commit(&c), storage.ErrNonValido, nome)
	}
	c := commit(t, 0)
	require.NoError(t, proiezione.Commit(&c))
	c.Elimina = true
	require.ErrorIs(t, proiezione.Commit(&c), storage.ErrNonValido)
	c = commit(t, 2)
	c.Concluso.Diario = make([]byte, storage.MassimoDiario+1)
	require.ErrorIs(t, proiezione.Commit(&c), storage.ErrTroppoGrande)
	for nome, guasta := range map[string]func(c *storage.Commit){
		"pratica": func(c *storage.Commit) { c.Pratica = nil },
		"ente":    func(c *storage.Commit) { c.Pratica.Ente = "" },
		"id":      func(c *storage.Commit) { c.Pratica.ID = pratica.ID(lungo) },
		"chiave":  func(c *storage.Commit) { c.Chiave = rotto },
	} {
		c := commit(t, 0)
		guasta(&c)
		require.ErrorIs(t, proiezione.Identita(&c), storage.ErrNonValido, nome)
	}
}

func TestNuovo(t *testing.T) {
	t.Parallel()
	c := commit(t, 0)
	locale := adesso.In(time.FixedZone("", 3600))
	c.Ora = locale
	require.Equal(t, storage.Effetto{ID: "e", Ente: ente, Pratica: "p", Genere: pratica.EffettoAvviso, Corsia: pratica.EffettoAvviso.Corsia(), Causato: adesso, Ordine: 4,
		Stato: storage.DaFare, Prossimo: adesso}, proiezione.Nuovo(&c, storage.Effetto{ID: "e", Genere: pratica.EffettoAvviso, Titolare: "x", Tentativi: 9, Diario: []byte("x")}, 4))
	n := proiezione.Nuovo(&c, storage.Effetto{ID: "e", Prossimo: locale.Add(time.Hour)}, 1)
	require.Equal(t, adesso.Add(time.Hour), n.Prossimo)
}

func TestAggiornamento(t *testing.T) {
	t.Parallel()
	for _, s := range []storage.StatoEffetto{storage.DaFare, storage.InCorso, storage.Fatto, storage.EsitoIgnoto, storage.Fallito} {
		require.NoError(t, proiezione.Aggiornamento(&storage.Effetto{Stato: s}))
	}
	require.ErrorIs(t, proiezione.Aggiornamento(&storage.Effetto{}), storage.ErrNonValido)
	require.ErrorIs(t, proiezione.Aggiornamento(&storage.Effetto{Stato: storage.Fatto, Diario: make([]byte, storage.MassimoDiario+1)}), storage.ErrTroppoGrande)
}

func TestPrenotazione(t *testing.T) {
	t.Parallel()
	buona := storage.Prenotazione{Titolare: "w", Ora: adesso, Durata: time.Minute, Limite: 1000}
	require.NoError(t, proiezione.Prenotazione(&buona))
	for nome, guasta := range map[string]func(p *storage.Prenotazione){
		"titolare":      func(p *storage.Prenotazione) { p.Titolare = "" },
		"titolare_utf8": func(p *storage.Prenotazione) { p.Titolare = "\xff" },
		"ora":           func(p *storage.Prenotazione) { p.Ora = time.Time{} },
		"durata":        func(p *storage.Prenotazione) { p.Durata = -1 },
		"limite":        func(p *storage.Prenotazione) { p.Limite++ },
		"solo":          func(p *storage.Prenotazione) { p.Solo = "\xff" },
		"escludi":       func(p *storage.Prenotazione) { p.Escludi = make([]pratica.GenereEffetto, 1001) },
	} {
		p := buona
		guasta(&p)
		require.ErrorIs(t, proiezione.Prenotazione(&p), storage.ErrFiltro, nome)
	}
}

func TestFiltro(t *testing.T) {
	t.Parallel()
	f, pos, err := proiezione.Filtro(storage.Filtro{Ente: ente})
	require.NoError(t, err)
	require.Equal(t, 25, f.Limite)
	require.Zero(t, pos)
	for nome, f := range map[string]storage.Filtro{
		"ente": {Ente: "\xff"}, "stati": {Stati: make([]pratica.Stato, 1001)}, "stato": {Stati: []pratica.Stato{"\xff"}}, "servizi": {Servizi: []string{"a", "\xff"}},
		"anonimo": {Anonimo: strings.Repeat("a", 513)}, "escludi": {Escludi: "\xff"}, "testo": {Testo: strings.Repeat("a", 201)}, "nome": {Nome: strings.Repeat("a", 201)},
		"protocollo": {Protocollo: strings.Repeat("a", 201)}, "dovuto": {DovutoMax: num("1e31")}, "mie": {Lavorazione: storage.Mie}, "lavorazione": {Lavorazione: "x"},
		"ordine": {Ordine: "x"}, "limite": {Limite: 201}, "cursore": {Cursore: "x"},
	} {
		if nome != "ente" {
			f.Ente = ente
		}
		_, _, err := proiezione.Filtro(f)
		require.ErrorIs(t, err, storage.ErrFiltro, nome)
	}
	require.NoError(t, proiezione.CampiChiesti([]string{"a", "a"}))
	for _, c := range [][]string{{""}, {"\xff"}, make([]string, storage.MassimoCampi+1)} {
		require.ErrorIs(t, proiezione.CampiChiesti(c), storage.ErrFiltro)
	}
	require.True(t, proiezione.Bozza(pratica.Bozza) && proiezione.Bozza(pratica.AttesaPagamento) && !proiezione.Bozza(pratica.Inviata))
}

func TestPosizione(t *testing.T) {
	t.Parallel()
	r := storage.Riga{ID: "x", Creata: adesso, PresentataIl: adesso.Add(time.Hour), Aggiornata: adesso.Add(2 * time.Hour)}
	for o, atteso := range map[storage.Ordine]time.Time{
		storage.PerPresentazione: r.PresentataIl, storage.PerPresentazioneVecchie: r.PresentataIl, storage.PerAggiornamento: r.Aggiornata, storage.PerAggiornamentoVecchie: r.Aggiornata,
	} {
		p := proiezione.Dopo(o, &r)
		require.Equal(t, proiezione.Posizione{Ordine: o, Istante: atteso.UnixNano(), ID: "x"}, p)
		require.Equal(t, o == storage.PerPresentazioneVecchie || o == storage.PerAggiornamentoVecchie, proiezione.Crescente(o), "%q", o)
		c, err := p.Cursore()
		require.NoError(t, err)
		_, letta, err := proiezione.Filtro(storage.Filtro{Ente: ente, Ordine: o, Cursore: c})
		require.NoError(t, err)
		require.Equal(t, p, letta)
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	p := &pratica.Pratica{Allegati: []pratica.Allegato{{SHA256: "b"}, {SHA256: "a"}, {SHA256: "b"}}, Documenti: []pratica.Documento{{}, {SHA256: "a"}, {SHA256: "c"}}}
	require.Equal(t, []string{"a", "b", "c"}, proiezione.File(p))
	p.Oscurata = adesso
	require.Empty(t, proiezione.File(p))
}
