package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// TestNonRestaTraccia erases one pratica and deletes another, and looks for what
// they held in the bytes of the file.
func TestNonRestaTraccia(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	percorso := filepath.Join(t.TempDir(), "p.db")
	s, err := sqlite.Open(ctx, sqlite.Config{Percorso: percorso})
	require.NoError(t, err)
	var pratiche []*pratica.Pratica
	for n := range 120 {
		c := commitDi(t, n)
		if n == 40 || n == 80 {
			c, err = storagetest.Scheda{Ente: ente, ID: storagetest.ID(n), Stato: pratica.Bozza, Nome: "Segretissimo", Cognome: "Segretini", CF: "SGRSGR80A01H501U",
				Campi: []storage.Campo{{Nome: "luogo", Testo: "via Segretari", Cercabile: true}}, File: []string{strings.Repeat("5e", 32)}, Creata: storagetest.Ora(), Cambio: storagetest.Ora()}.Commit()
			require.NoError(t, err)
		}
		c.Effetti = []storage.Effetto{{ID: fmt.Sprint("e", n), Genere: pratica.EffettoAvviso}}
		_, err = s.Registra(ctx, c)
		require.NoError(t, err)
		pratiche = append(pratiche, c.Pratica)
	}
	registra := func(n int, fai func(c *storage.Commit)) {
		c, err := storagetest.Poi(pratiche[n], pratica.Bozza, storagetest.Ora(), pratica.NotaScritta{ID: fmt.Sprint(pratiche[n].Versione), Testo: "x"})
		require.NoError(t, err)
		fai(&c)
		_, err = s.Registra(ctx, c)
		require.NoError(t, err)
		pratiche[n] = c.Pratica
	}
	for _, n := range []int{40, 80} { // words come and go before
		for _, testo := range []string{"via Segretari 12", "via Segretari 12 scala Segreteria", "via Segretissima"} {
			registra(n, func(c *storage.Commit) {
				c.Campi = []storage.Campo{{Nome: "luogo", Testo: testo, Cercabile: true}}
			})
		}
		e, err := s.Prenota(ctx, storage.Prenotazione{Titolare: "w", Ora: storagetest.Ora(), Durata: 1, Limite: 1, Solo: fmt.Sprint("e", n)})
		require.NoError(t, err)
		e[0].Stato, e[0].Diario = storage.DaFare, []byte(`{"a":"Segretissimo"}`)
		require.NoError(t, s.Aggiorna(ctx, e[0]))
	}
	p, err := s.Cerca(ctx, storage.Filtro{Ente: ente, Bozze: true, Testo: "segretissim"})
	require.NoError(t, err)
	require.Len(t, p.Righe, 2)

	iter, err := s.Eventi(ctx, ente, pratiche[40].ID)
	require.NoError(t, err)
	registra(40, func(c *storage.Commit) {
		for _, e := range iter {
			e.Fatto, e.Sale = nil, ""
			c.Oscurati = append(c.Oscurati, e)
		}
		c.Pratica.Oscurata, c.Pratica.Richiedente, c.Pratica.Allegati = c.Ora, anagrafica.Persona{}, nil
	})
	registra(80, func(c *storage.Commit) { c.Elimina = true })
	p, err = s.Cerca(ctx, storage.Filtro{Ente: ente, Bozze: true, Testo: "segret"})
	require.NoError(t, err)
	require.Empty(t, p.Righe)
	require.NoError(t, s.Close())
	b, err := os.ReadFile(percorso)
	require.NoError(t, err)
	testo := strings.ToLower(string(b))
	for _, parola := range []string{"segretissimo", "segretini", "sgrsgr", "segretissima", strings.Repeat("5e", 32)} {
		require.False(t, strings.Contains(testo, parola), parola)
	}
	sana(t, percorso)
	n, err := apri(t, percorso).Riassumi(ctx, storage.Filtro{Ente: ente, Testo: "mario rossi suolo"})
	require.NoError(t, err)
	require.Equal(t, 118, n.Totale, "the words of others stay")
}

// TestVacuum renumbers what SQLite may renumber.
func TestVacuum(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	percorso := filepath.Join(t.TempDir(), "p.db")
	s := apri(t, percorso)
	for n := range 30 {
		c := commitDi(t, n)
		_, err := s.Registra(ctx, c)
		require.NoError(t, err)
		if n%3 > 0 { // leaves gaps between the numbers of the rows
			c, err = storagetest.Poi(c.Pratica, pratica.Bozza, storagetest.Ora(), pratica.BozzaEliminata{})
			require.NoError(t, err)
			c.Elimina = true
			_, err = s.Registra(ctx, c)
			require.NoError(t, err)
		}
	}
	db, err := sql.Open("sqlite", percorso)
	require.NoError(t, err)
	_, err = db.Exec("VACUUM")
	require.NoError(t, err)
	require.NoError(t, db.Close())
	require.Equal(t, 10, quante(t, s, 30))
	for n := 0; n < 30; n += 3 {
		p, err := s.Cerca(ctx, storage.Filtro{Ente: ente, Testo: "suolo rossi", Escludi: storagetest.ID(n), Limite: 200})
		require.NoError(t, err)
		require.Len(t, p.Righe, 9)
	}
	sana(t, percorso)
}

// TestMolteParole looks for as many words, and as many that begin so, as a
// search may ask for.
func TestMolteParole(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := apri(t, filepath.Join(t.TempDir(), "p.db"))
	for n := range 70 {
		c := commitDi(t, n)
		c.Campi = []storage.Campo{{Nome: "a", Testo: fmt.Sprintf("parolalunga%c%c a b c d e f g h", 'a'+n%26, 'a'+n/26), Cercabile: true},
			{Nome: "b", Testo: "superlungo" + strings.Repeat("x", n%3), Cercabile: true}}
		_, err := s.Registra(ctx, c)
		require.NoError(t, err)
	}
	for testo, trovate := range map[string]int{
		strings.Repeat("a ", 100):           70,
		strings.Repeat("parolalunga ", 16):  70, // more than soglie.espanse
		strings.Repeat("parolalungaa ", 15): 3,
		strings.Repeat("z ", 100):           0,
		"a b c d e f g h suolo rossi mario": 70,
		"parolalungab a b c d mario":        3,
		"superlung":                         70, // words that begin others
		"superlungox":                       46,
	} {
		p, err := s.Cerca(ctx, storage.Filtro{Ente: ente, Testo: testo, Limite: 200})
		require.NoError(t, err, testo)
		require.Len(t, p.Righe, trovate, testo)
	}
}
