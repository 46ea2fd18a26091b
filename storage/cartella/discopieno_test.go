package cartella_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage/busta"
	"github.com/sportello-digitale/pratiche/storage/cartella"
	"github.com/sportello-digitale/pratiche/storage/internal/discopienotest"
)

func guastoDelDisco(t *testing.T, err error, codice string) {
	t.Helper()
	var g *guasto.Errore
	require.ErrorAs(t, err, &g)
	require.Equal(t, guasto.Configurazione, g.Classe)
	require.Equal(t, codice, g.Codice)
}

// TestDiscoPieno fills a real disk.
func TestDiscoPieno(t *testing.T) {
	t.Parallel()
	discopienotest.Esegui(t, 2<<20, func(t *testing.T, d discopienotest.Disco) {
		for nome, b := range map[string]*busta.Busta{"in_chiaro": nil, "sigillato": nuovaBusta(t, "k1", false)} {
			t.Run(nome, func(t *testing.T) { riempiESvuota(t, d, apriCon(t, filepath.Join(d.Dir, nome), b)) })
		}
	})
}

func riempiESvuota(t *testing.T, d discopienotest.Disco, a *cartella.Archivio) {
	ctx := context.Background()
	prima := scrivi(t, a, lungo())
	inizio := elenco(t, d.Dir)
	for _, altro := range []string{"poco", strings.Repeat("tanto ", 50_000)} {
		d.Riempi(t)
		for range 3 {
			_, err := a.Scrivi(ctx, ente, strings.NewReader(altro), 1<<20)
			guastoDelDisco(t, err, "disco_pieno")
			require.ErrorIs(t, err, syscall.ENOSPC)
			_, err = a.Scrivi(ctx, "un ente nuovo", strings.NewReader(altro), 1<<20)
			guastoDelDisco(t, err, "disco_pieno")
		}
		legge(t, a, prima, lungo())
		d.Libera(t)
		require.Equal(t, inizio, elenco(t, d.Dir), "nothing is left behind")
		sha := scrivi(t, a, altro)
		legge(t, a, sha, altro)
		n, err := a.Spazza(ctx, ente, futuro(), func(s string) (bool, error) { return s == prima, nil })
		require.NoError(t, err)
		require.Equal(t, 1, n)
	}
}

// TestRiavvolgiDiscoPieno: every file stays, under the one key or the other, and
// the work goes on when there is room.
func TestRiavvolgiDiscoPieno(t *testing.T) {
	t.Parallel()
	discopienotest.Esegui(t, 4<<20, func(t *testing.T, d discopienotest.Disco) {
		ctx := context.Background()
		dir := filepath.Join(d.Dir, "file")
		a, nuda := apriCon(t, dir, nuovaBusta(t, "k1", false)), apriCon(t, dir, nil)
		nomi := map[string]string{}
		for i := range 4 {
			testo := lungo() + fmt.Sprint(i)
			nomi[testo] = scrivi(t, []*cartella.Archivio{a, nuda}[i%2], testo)
		}
		inizio := elenco(t, dir)
		dopo := apriCon(t, dir, nuovaBusta(t, "k2", true))
		d.Riempi(t)
		for range 3 {
			n, err := dopo.Riavvolgi(ctx)
			guastoDelDisco(t, err, "disco_pieno")
			require.Zero(t, n)
			require.Equal(t, inizio, elenco(t, dir))
		}
		for testo, sha := range nomi {
			legge(t, dopo, sha, testo)
		}
		d.Libera(t)
		n, err := dopo.Riavvolgi(ctx)
		require.NoError(t, err)
		require.Equal(t, 4, n)
		for testo, sha := range nomi {
			legge(t, apriCon(t, dir, bustaCon(t, chiavi(t, "k2"), false)), sha, testo)
		}
	})
}

func TestSolaLettura(t *testing.T) {
	t.Parallel()
	discopienotest.Esegui(t, 1<<20, func(t *testing.T, d discopienotest.Disco) {
		dir := filepath.Join(d.Dir, "file")
		a := apriCon(t, dir, nuovaBusta(t, "k1", false))
		sha := scrivi(t, a, "x")
		d.SolaLettura(t)
		_, err := a.Scrivi(context.Background(), ente, strings.NewReader("y"), 10)
		guastoDelDisco(t, err, "sola_lettura")
		_, err = apriCon(t, dir, nuovaBusta(t, "k2", false)).Riavvolgi(context.Background())
		guastoDelDisco(t, err, "sola_lettura")
		_, err = a.Spazza(context.Background(), ente, futuro(), func(string) (bool, error) { return false, nil })
		guastoDelDisco(t, err, "sola_lettura")
		_, err = cartella.New(filepath.Join(d.Dir, "altra"))
		guastoDelDisco(t, err, "sola_lettura")
		legge(t, a, sha, "x")
	})
}
