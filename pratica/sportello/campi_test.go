package sportello_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage"
)

// moduloElenco has a field of each kind that lists show.
func moduloElenco() modulo.Definizione {
	return modulo.Definizione{ID: "elenco", Versione: 1, Titolo: "Elenco", Sezioni: []modulo.Sezione{{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
		{ID: "via", Etichetta: "Via e numero civico", Tipo: modulo.TestoLungo, MassimoCaratteri: 5000},
		{ID: "isee", Etichetta: "ISEE", Tipo: modulo.Importo},
		{ID: "peso", Etichetta: "Peso", Tipo: modulo.Decimale, Decimali: 10},
		{ID: "mensa", Etichetta: "Mensa", Tipo: modulo.SiNo},
		{ID: "dal", Etichetta: "Dal giorno", Tipo: modulo.Data},
		{ID: "giorni", Etichetta: "Giorni", Tipo: modulo.SceltaMultipla, Opzioni: []modulo.Opzione{{Valore: "lu", Etichetta: "Lunedì"}, {Valore: "ma", Etichetta: "Martedì"}}},
		{ID: "figli", Etichetta: "Figli", Tipo: modulo.Gruppo, EtichettaRiga: "Figlio", Campi: []modulo.Campo{
			{ID: "nome", Etichetta: "Nome del figlio", Tipo: modulo.Testo}, {ID: "spesa", Etichetta: "Spesa", Tipo: modulo.Importo}, {ID: "ore", Etichetta: "Ore", Tipo: modulo.Decimale},
		}},
	}}}}
}

func elencato(t testing.TB, id string, versione int, e ...servizio.CampoElenco) *servizio.Servizio {
	return crea(t, servizio.Configurazione{ID: id, Versione: versione, Nome: "Servizio " + id, Modulo: moduloElenco(), Accesso: servizio.SPID1,
		Flusso: servizio.Approvazione, Integrazioni: &servizio.Integrazioni{}, Elenco: e})
}

func colonnePiene() []servizio.CampoElenco {
	return []servizio.CampoElenco{
		{Campo: "via", Titolo: "Luogo", Colonna: true, Cerca: true}, {Campo: "isee", Colonna: true, Somma: true}, {Campo: "peso", Colonna: true},
		{Campo: "mensa", Colonna: true}, {Campo: "dal", Colonna: true}, {Campo: "giorni", Colonna: true},
		{Campo: "figli.nome", Colonna: true}, {Campo: "figli.spesa", Colonna: true, Somma: true}, {Campo: "figli.ore", Colonna: true},
	}
}

// conElenchi puts the services into the catalogue, and enables the operator.
func conElenchi(t testing.TB, servizi ...*servizio.Servizio) *banco {
	t.Helper()
	b := nuovoBanco(t, func(c *sportello.Config) { c.Servizi = sportello.NuovoCatalogo(ente, servizi...) })
	b.operatore.Servizi = nil
	for _, s := range servizi {
		b.operatore.Servizi = append(b.operatore.Servizi, s.ID())
	}
	return b
}

// presenta sends a request with these answers.
func (b *banco) presenta(servizioID string, r modulo.Risposte) pratica.ID {
	b.t.Helper()
	id, err := b.s.ApriBozza(context.Background(), b.cittadino, servizioID)
	require.NoError(b.t, err)
	b.esegui(b.cittadino, id, pratica.SalvaBozza{Risposte: r})
	b.esegui(b.cittadino, id, pratica.Invia{})
	b.svuota()
	return id
}

func (b *banco) righe(f storage.Filtro) []storage.Riga {
	b.t.Helper()
	pg, err := b.s.Elenca(context.Background(), b.operatore, f)
	require.NoError(b.t, err)
	return pg.Righe
}

func TestCampi(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	require.Equal(t, servizioMassimo(t), storage.MassimoCampi, "what a service may choose is what a store keeps")
	b := conElenchi(t, elencato(t, "nido", 1, colonnePiene()...))
	risposte := modulo.Risposte{
		"via": "Via dell'Acqua 3\nscala B", "isee": "12345.5", "peso": "0.1234567891", "mensa": true, "dal": "2026-09-01", "giorni": []string{"lu", "ma"},
		"figli": []map[string]any{{"nome": "Ada", "spesa": "100.10", "ore": "1,5"}, {"nome": "Bice", "spesa": "1000.20", "ore": "2"}, {"nome": "Cino"}},
	}
	id := b.presenta("nido", risposte)
	require.Equal(t, map[string]string{
		"via": "Via dell'Acqua 3, scala B", "isee": "12.345,50 €", "peso": "0,1234567891", "mensa": "Sì", "dal": "01/09/2026", "giorni": "Lunedì, Martedì",
		"figli.nome": "Ada, Bice, Cino", "figli.spesa": "1.100,30 €", "figli.ore": "1,5, 2",
	}, b.righe(storage.Filtro{})[0].Campi)
	due := b.presenta("nido", modulo.Risposte{"isee": "0,01", "via": "Piazza Grande 1"})
	require.Equal(t, map[string]string{"via": "Piazza Grande 1", "isee": "0,01 €"}, b.righe(storage.Filtro{})[0].Campi, "what was not answered is not there")

	r, err := b.s.Riassumi(ctx, b.operatore, storage.Filtro{}, "isee", "figli.spesa")
	require.NoError(t, err)
	require.Equal(t, []any{2, "12345.51", "0.01", "12345.5"}, []any{r.Campi["isee"].Valori, r.Campi["isee"].Totale.String(), r.Campi["isee"].Minimo.Decimal.String(), r.Campi["isee"].Massimo.Decimal.String()})
	require.Equal(t, []any{1, "1100.3"}, []any{r.Campi["figli.spesa"].Valori, r.Campi["figli.spesa"].Totale.String()})
	for _, campi := range [][]string{{"peso"}, {"isee", "boh"}, {""}, {"via"}} {
		_, err = b.s.Riassumi(ctx, b.operatore, storage.Filtro{}, campi...)
		require.ErrorIs(t, err, pratica.ErrNonValido, "%q is nowhere added up", campi)
	}
	solo := b.operatore
	solo.Servizi = []string{"altro"}
	_, err = b.s.Riassumi(ctx, solo, storage.Filtro{}, "isee")
	require.ErrorIs(t, err, pratica.ErrNonValido, "not of his services")

	require.Len(t, b.righe(storage.Filtro{Testo: "acqua"}), 1)
	require.Empty(t, b.righe(storage.Filtro{Testo: "bice"}), "not searched")

	b.esegui(b.operatore, due, pratica.PrendiInCarico{})
	b.esegui(b.operatore, due, pratica.RichiediIntegrazione{Testo: "Manca il civico", Campi: []string{"via"}})
	b.svuota()
	b.esegui(b.cittadino, due, pratica.InviaIntegrazione{Testo: "Ecco", Risposte: modulo.Risposte{"via": "Piazza Grande 7"}})
	require.Equal(t, "Piazza Grande 7", b.righe(storage.Filtro{Lavorazione: storage.Mie})[0].Campi["via"], "as the answers are now")

	p := b.carica(id)
	p.Oscurata = b.orologio.Ora()
	require.NoError(t, b.ricarica(p))
	b.esegui(b.operatore, id, pratica.PrendiInCarico{})
	require.Empty(t, b.righe(storage.Filtro{Testo: b.carica(id).Numero.String(), Stati: []pratica.Stato{pratica.InCarico}})[0].Campi, "what was erased does not come back")
}

// servizioMassimo finds by trying how many fields a service may choose.
func servizioMassimo(t *testing.T) int {
	t.Helper()
	var campi []modulo.Campo
	var e []servizio.CampoElenco
	for i := range 200 {
		campi = append(campi, modulo.Campo{ID: fmt.Sprint("c", i), Etichetta: "C", Tipo: modulo.Testo})
		e = append(e, servizio.CampoElenco{Campo: campi[i].ID, Colonna: true})
	}
	n := 0
	for ; n < len(e); n++ {
		_, err := servizio.Nuovo(servizio.Configurazione{ID: "x", Versione: 1, Nome: "X", Elenco: e[:n+1],
			Modulo: modulo.Definizione{ID: "x", Versione: 1, Titolo: "X", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "S", Campi: campi}}}})
		if err != nil {
			break
		}
	}
	return n
}

// ricarica puts a pratica that was changed behind the library's back into the store.
func (b *banco) ricarica(p *pratica.Pratica) error {
	p.Versione++
	e := pratica.Evento{Pratica: p.ID, Progressivo: p.Versione, Quando: b.orologio.Ora(), Impronta: p.Impronta, Da: p.Stato, A: p.Stato}
	_, err := b.store.Registra(context.Background(), storage.Commit{Pratica: p, Attesa: p.Versione - 1, Eventi: []pratica.Evento{e}, Ora: b.orologio.Ora()})
	return err
}

// A pratica keeps the fields of the version that it began with; of a draft
// nothing is kept, nor of one that goes back to be a draft.
func TestCampiDellaVersione(t *testing.T) {
	t.Parallel()
	b := conElenchi(t, elencato(t, "nido", 1, servizio.CampoElenco{Campo: "isee", Somma: true}))
	vecchia := b.presenta("nido", modulo.Risposte{"isee": "10", "via": "Via Uno"})
	b.config.Servizi.(*sportello.Catalogo).Pubblica(ente, elencato(t, "nido", 2, servizio.CampoElenco{Campo: "via", Colonna: true}))
	nuova := b.presenta("nido", modulo.Risposte{"isee": "10", "via": "Via Due"})
	b.esegui(b.operatore, vecchia, pratica.PrendiInCarico{})
	b.esegui(b.operatore, nuova, pratica.PrendiInCarico{})
	campi := map[pratica.ID]map[string]string{}
	for _, r := range b.righe(storage.Filtro{}) {
		campi[r.ID] = r.Campi
	}
	require.Equal(t, map[pratica.ID]map[string]string{vecchia: {"isee": "10,00 €"}, nuova: {"via": "Via Due"}}, campi)

	id, err := b.s.ApriBozza(context.Background(), b.cittadino, "nido")
	require.NoError(t, err)
	b.esegui(b.cittadino, id, pratica.SalvaBozza{Risposte: modulo.Risposte{"via": "Via Tre"}})
	pg, err := b.store.Cerca(context.Background(), storage.Filtro{Ente: ente, Bozze: true, Stati: []pratica.Stato{pratica.Bozza}})
	require.NoError(t, err)
	require.Len(t, pg.Righe, 1)
	require.Empty(t, pg.Righe[0].Campi)
}

func TestCampiDelRichiedente(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := conElenchi(t, elencato(t, "nido", 1, colonnePiene()...), crea(t, servizio.Configurazione{ID: "aperto", Versione: 1, Nome: "Aperto", Modulo: moduloElenco(),
		Elenco: []servizio.CampoElenco{{Campo: "via", Cerca: true}}}))
	b.presenta("nido", modulo.Risposte{"via": "Via Segreta", "isee": "1"})
	b.presenta("aperto", modulo.Risposte{"via": "Via Palese"})
	cerca := func(a pratica.Attore, f storage.Filtro) int {
		t.Helper()
		pg, err := b.s.MiePratiche(ctx, a, f)
		require.NoError(t, err)
		n, err := b.s.QuanteMie(ctx, a, f)
		require.NoError(t, err)
		require.Len(t, pg.Righe, n)
		for _, r := range pg.Righe {
			require.Nil(t, r.Campi, "columns are of the office")
		}
		return n
	}
	debole := b.cittadino
	debole.Livello = servizio.Anonimo
	require.Equal(t, 2, cerca(b.cittadino, storage.Filtro{Testo: "via"}))
	require.Equal(t, 1, cerca(b.cittadino, storage.Filtro{Testo: "segreta", Servizi: []string{"nido"}}))
	require.Equal(t, 2, cerca(debole, storage.Filtro{}))
	require.Equal(t, 1, cerca(debole, storage.Filtro{Testo: "via"}), "what he may not open he may not probe")
	require.Equal(t, 0, cerca(debole, storage.Filtro{Testo: "via", Servizi: []string{"nido"}}))
	require.Equal(t, 1, cerca(debole, storage.Filtro{Testo: "palese", Servizi: []string{"nido", "aperto"}}))
	b.config.Servizi = senzaElenco{b.config.Servizi}
	s, err := sportello.New(b.config)
	require.NoError(t, err)
	_, err = s.MiePratiche(ctx, debole, storage.Filtro{Testo: "via"})
	require.ErrorIs(t, err, errElenco)
	_, err = s.ColonneElenco(ctx, b.operatore, nil)
	require.ErrorIs(t, err, errElenco)
	_, err = s.Riassumi(ctx, b.operatore, storage.Filtro{}, "isee")
	require.ErrorIs(t, err, errElenco)
	require.ErrorIs(t, s.EsportaCSV(ctx, b.operatore, storage.Filtro{}, &strings.Builder{}, sportello.FormatoCSV{}), errElenco)
}

func TestColonneElenco(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	altro := crea(t, servizio.Configurazione{ID: "suolo", Versione: 1, Nome: "Suolo", Modulo: modulo.Definizione{ID: "s", Versione: 1, Titolo: "S", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "S", Campi: []modulo.Campo{
		{ID: "via", Etichetta: "Dove", Tipo: modulo.Testo}, {ID: "isee", Etichetta: "ISEE", Tipo: modulo.Testo}, {ID: "mq", Etichetta: "Superficie", Tipo: modulo.Decimale}}}}},
		Elenco: []servizio.CampoElenco{{Campo: "mq", Somma: true}, {Campo: "via", Colonna: true}, {Campo: "isee", Cerca: true}}})
	b := conElenchi(t, elencato(t, "nido", 1, servizio.CampoElenco{Campo: "via", Cerca: true}, servizio.CampoElenco{Campo: "isee", Colonna: true, Somma: true}), altro, elencato(t, "terzo", 1))
	c, err := b.s.ColonneElenco(ctx, b.operatore, nil)
	require.NoError(t, err)
	require.Equal(t, []sportello.ColonnaElenco{
		{Campo: "via", Titolo: "Via e numero civico / Dove", Servizi: []string{"nido", "suolo"}, Colonna: true, Cerca: true},
		{Campo: "isee", Titolo: "ISEE", Servizi: []string{"nido", "suolo"}, Colonna: true, Cerca: true, Somma: true},
		{Campo: "mq", Titolo: "Superficie", Servizi: []string{"suolo"}, Tipo: modulo.Decimale, Somma: true},
	}, c)
	c, err = b.s.ColonneElenco(ctx, b.operatore, []string{"nido", "non suo"})
	require.NoError(t, err)
	require.Equal(t, []sportello.ColonnaElenco{
		{Campo: "via", Titolo: "Via e numero civico", Servizi: []string{"nido"}, Tipo: modulo.TestoLungo, Cerca: true},
		{Campo: "isee", Titolo: "ISEE", Servizi: []string{"nido"}, Tipo: modulo.Importo, Colonna: true, Somma: true},
	}, c)
	for _, servizi := range [][]string{{}, {"terzo"}, {"inventato"}} {
		c, err = b.s.ColonneElenco(ctx, b.operatore, servizi)
		require.NoError(t, err)
		require.Empty(t, c)
	}
	for chi, a := range b.attori() {
		_, err := b.s.ColonneElenco(ctx, a, nil)
		_, errElenca := b.s.Elenca(ctx, a, storage.Filtro{})
		require.Equal(t, errElenca == nil, err == nil, chi)
	}
}

// Whatever was answered, what lists keep fits, reads as the form writes it, and
// is exactly the number that was given.
func TestCampiProprieta(t *testing.T) {
	t.Parallel()
	s := elencato(t, "nido", 1, colonnePiene()...)
	b := conElenchi(t, s)
	rapid.Check(t, func(t *rapid.T) {
		lungo := rapid.SampledFrom([]int{0, 160, 600}).Draw(t, "almeno")
		risposte := modulo.Risposte{"via": rapid.StringN(lungo, 700, 4900).Draw(t, "via")}
		importi := rapid.SliceOfN(rapid.Int64Range(-99_999_999_999_999_999, 99_999_999_999_999_999), 0, 20).Draw(t, "spese")
		totale := decimal.Zero
		var figli []map[string]any
		for _, c := range importi {
			figli = append(figli, map[string]any{"spesa": decimal.New(c, -2).StringFixed(2)})
			totale = totale.Add(decimal.New(c, -2))
		}
		risposte["figli"] = figli
		j, err := json.Marshal(risposte) // as it comes back from a store
		require.NoError(t, err)
		var lette modulo.Risposte
		require.NoError(t, json.Unmarshal(j, &lette))
		esito := s.Modulo().Valuta(lette, modulo.Opzioni{})
		if len(esito.Errori) > 0 {
			return
		}
		id, err := b.s.ApriBozza(context.Background(), b.cittadino, "nido") // and no documents: they take long
		require.NoError(t, err)
		b.esegui(b.cittadino, id, pratica.SalvaBozza{Risposte: lette})
		b.esegui(b.cittadino, id, pratica.Invia{})
		r := b.righe(storage.Filtro{Numero: b.carica(id).Numero})[0]
		via := s.Modulo().Leggibile("via", b.carica(id).Risposte["via"])
		require.True(t, utf8.ValidString(r.Campi["via"]))
		if len(via) <= storage.MassimoCampo {
			require.Equal(t, via, r.Campi["via"])
		} else {
			require.LessOrEqual(t, len(r.Campi["via"]), storage.MassimoCampo)
			require.Greater(t, len(r.Campi["via"]), storage.MassimoCampo-utf8.UTFMax-len("…"))
			require.True(t, strings.HasPrefix(via, strings.TrimSuffix(r.Campi["via"], "…")))
		}
		somme, err := b.s.Riassumi(context.Background(), b.operatore, storage.Filtro{Numero: b.carica(id).Numero}, "figli.spesa")
		require.NoError(t, err)
		require.True(t, totale.Equal(somme.Campi["figli.spesa"].Totale), "%s %s", totale, somme.Campi["figli.spesa"].Totale)
		require.Equal(t, min(len(importi), 1), somme.Campi["figli.spesa"].Valori)
	})
}

// A field is added up in the services that say so, and in no other that has one
// of the same name.
func TestSommaPerServizio(t *testing.T) {
	t.Parallel()
	b := conElenchi(t, elencato(t, "uno", 1, servizio.CampoElenco{Campo: "isee", Somma: true}), elencato(t, "due", 1, servizio.CampoElenco{Campo: "isee", Colonna: true}))
	b.presenta("uno", modulo.Risposte{"isee": "1"})
	b.presenta("due", modulo.Risposte{"isee": "20"})
	r, err := b.s.Riassumi(context.Background(), b.operatore, storage.Filtro{}, "isee")
	require.NoError(t, err)
	require.Equal(t, "1", r.Campi["isee"].Totale.String())
	require.Equal(t, 2, r.Totale)
}

// senzaElenco is a catalogue that cannot be listed.
type senzaElenco struct{ sportello.Servizi }

var errElenco = errors.New("catalogo non leggibile")

func (senzaElenco) Elenco(context.Context, string) ([]*servizio.Servizio, error) {
	return nil, errElenco
}
