package cartella_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

func futuro() time.Time { return time.Now().Add(time.Hour) }

func invecchia(t testing.TB, nome string) time.Time {
	t.Helper()
	vecchio := time.Date(2020, 2, 29, 10, 11, 12, 345678900, time.UTC)
	require.NoError(t, os.Chtimes(nome, vecchio, vecchio))
	return vecchio
}

func modificato(t testing.TB, nome string) time.Time {
	t.Helper()
	info, err := os.Stat(nome)
	require.NoError(t, err)
	return info.ModTime()
}

func TestRiavvolgi(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "file")
	prima := apriCon(t, dir, nuovaBusta(t, "k1", true))
	testi := []string{"", "uno", "due", lungo()}
	enti := []string{ente, "../..", strings.Repeat("è/", 128), strings.Repeat("a", 512)}
	nomi := map[string]string{}
	for _, e := range enti {
		for _, testo := range testi {
			f, err := prima.Scrivi(ctx, e, strings.NewReader(testo), 1<<20)
			require.NoError(t, err)
			nomi[testo] = f.SHA256
		}
	}
	file := elenco(t, dir)
	require.Len(t, file, 16)
	for _, nome := range file {
		invecchia(t, nome)
	}
	sha := nomi["uno"]
	for _, estraneo := range []string{"appunti", filepath.Join("e-mfrgg", sha[:2], "x"), filepath.Join("e-mfrgg", "zz", sha), filepath.Join("e-!", sha[:2], sha), filepath.Join("x", sha[:2], sha)} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, estraneo)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, estraneo), []byte("non nostro"), 0o600))
	}
	n, err := prima.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Zero(t, n, "all under the active key")

	dopo := apriCon(t, dir, nuovaBusta(t, "k2", true))
	ferma, annulla := context.WithCancel(ctx)
	annulla()
	n, err = dopo.Riavvolgi(ferma)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, n)
	n, err = dopo.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Equal(t, 16, n)
	n, err = dopo.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Zero(t, n)
	require.Len(t, elenco(t, dir), 16+5, "nothing is left aside")
	for _, nome := range file {
		require.Equal(t, time.Date(2020, 2, 29, 10, 11, 12, 345678900, time.UTC), modificato(t, nome).UTC(), "as old as before")
		info, err := os.Stat(nome)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}

	solo := apriCon(t, dir, bustaCon(t, chiavi(t, "k2"), false))
	for _, testo := range testi {
		legge(t, solo, nomi[testo], testo)
	}
	tolti, err := solo.Spazza(ctx, ente, time.Date(2020, 3, 1, 0, 0, 0, 0, time.UTC), func(sha string) (bool, error) { return sha == nomi["due"], nil })
	require.NoError(t, err)
	require.Equal(t, 3, tolti)
	legge(t, solo, nomi["due"], "due")

	a, _ := apri(t)
	n, err = a.Riavvolgi(ctx)
	require.NoError(t, err, "without a Busta there is nothing to do")
	require.Zero(t, n)
}

// TestRiavvolgiRiprende: stopped half-way, it goes on where it was.
func TestRiavvolgiRiprende(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "file")
	a := apriCon(t, dir, nuovaBusta(t, "k1", false))
	nomi := map[string]string{}
	for i := range 9 {
		testo := fmt.Sprint("testo ", i)
		nomi[testo] = scrivi(t, a, testo)
	}
	ctx, annulla := context.WithCancel(context.Background())
	chiamate := 0
	dopo := apriCon(t, dir, bustaCon(t, portachiavi{chiavi(t, "k2", "k1"), func() error {
		if chiamate++; chiamate == 14 { // three for each file: it is at the fifth
			annulla()
		}
		return nil
	}}, false))
	n, err := dopo.Riavvolgi(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 4, n)
	require.Len(t, elenco(t, dir), 9, "nothing is left aside")
	n, err = dopo.Riavvolgi(context.Background())
	require.NoError(t, err)
	require.Equal(t, 5, n)
	for testo, sha := range nomi {
		legge(t, dopo, sha, testo)
	}
}

// TestRiavvolgiPassaOltre: what cannot be re-wrapped stops nothing else.
func TestRiavvolgiPassaOltre(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "file")
	nuda, a := apriCon(t, dir, nil), apriCon(t, dir, nuovaBusta(t, "k1", false))
	guasti := map[string]string{}
	guasta := func(sha string, b []byte) {
		for _, nome := range elenco(t, dir) {
			if filepath.Base(nome) == sha {
				require.NoError(t, os.WriteFile(nome, b, 0o600))
				guasti[nome] = string(b)
			}
		}
	}
	guasta(scrivi(t, nuda, "chiaro e guasto"), []byte("chiara e guasto"))
	for i := range 8 {
		guasta(scrivi(t, a, fmt.Sprint("guasto ", i)), sembraSigillato(t))
	}
	buono, buonoNudo := scrivi(t, a, "buono"), scrivi(t, nuda, "buono e nudo")
	dopo := apriCon(t, dir, nuovaBusta(t, "k2", true))
	n, err := dopo.Riavvolgi(context.Background())
	require.Equal(t, 2, n)
	require.ErrorIs(t, err, storage.ErrCorrotto)
	require.ErrorContains(t, err, "9 file non riavvolti")
	require.Equal(t, 7, strings.Count(err.Error(), "\n"), "it names eight")
	legge(t, dopo, buono, "buono")
	legge(t, dopo, buonoNudo, "buono e nudo")
	for nome, contenuto := range guasti {
		b, err := os.ReadFile(nome)
		require.NoError(t, err)
		require.Equal(t, contenuto, string(b), "what is broken stays as it is, for whoever mends it")
	}
	n, err = apriCon(t, dir, bustaCon(t, chiavi(t, "k1"), true)).Riavvolgi(context.Background())
	require.ErrorIs(t, err, busta.ErrChiave)
	require.Zero(t, n)
}

// TestRiavvolgiInMezzo lets others come between the reading of a file and its
// replacement.
func TestRiavvolgiInMezzo(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "file")
	a := apriCon(t, dir, nuovaBusta(t, "k1", false))
	sha := scrivi(t, a, "conteso")
	nome := unico(t, dir)
	vecchio := invecchia(t, nome)
	var inMezzo func()
	dopo := apriCon(t, dir, bustaCon(t, portachiavi{chiavi(t, "k2", "k1"), func() error {
		if f := inMezzo; f != nil {
			inMezzo = nil
			f()
		}
		return nil
	}}, false))

	// Somebody stores it again, under the old key: it is brought under the new one, and is young.
	inMezzo = func() { scrivi(t, a, "conteso") }
	n, err := dopo.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.True(t, modificato(t, nome).After(vecchio), "as young as it was stored")
	legge(t, apriCon(t, dir, bustaCon(t, chiavi(t, "k2"), false)), sha, "conteso")

	// Somebody removes it: it does not come back.
	scrivi(t, a, "conteso")
	inMezzo = func() {
		tolti, err := a.Spazza(ctx, ente, futuro(), func(string) (bool, error) { return false, nil })
		require.NoError(t, err)
		require.Equal(t, 1, tolti)
	}
	n, err = dopo.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Zero(t, n)
	require.Empty(t, elenco(t, dir))
	_, err = leggi(dopo, sha)
	require.ErrorIs(t, err, storage.ErrNonTrovata)

	// Somebody reads it: he goes on with what he opened.
	testo := lungo()
	sha = scrivi(t, a, testo)
	r, err := a.Apri(ctx, ente, sha)
	require.NoError(t, err)
	inizio := make([]byte, 100)
	_, err = r.Read(inizio)
	require.NoError(t, err)
	n, err = dopo.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	resto, err := io.ReadAll(r)
	require.NoError(t, err)
	require.True(t, testo == string(inizio)+string(resto))
}

// TestSpazzaRisparmia: what is stored again while the sweep runs stays.
func TestSpazzaRisparmia(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, b := range []*busta.Busta{nil, nuovaBusta(t, "k1", false)} {
		dir := filepath.Join(t.TempDir(), "file")
		a := apriCon(t, dir, b)
		sha := scrivi(t, a, "di nuovo")
		nome := unico(t, dir)
		limite := time.Now().Add(-24 * time.Hour)
		nulla := func(string) (bool, error) { return false, nil }

		invecchia(t, nome)
		scrivi(t, a, "di nuovo")
		require.True(t, modificato(t, nome).After(limite), "stored again, it is young")
		n, err := a.Spazza(ctx, ente, limite, nulla)
		require.NoError(t, err)
		require.Zero(t, n)

		invecchia(t, nome)
		n, err = a.Spazza(ctx, ente, limite, func(string) (bool, error) {
			scrivi(t, a, "di nuovo") // a command is about to refer to it
			return false, nil
		})
		require.NoError(t, err)
		require.Zero(t, n)
		legge(t, a, sha, "di nuovo")

		invecchia(t, nome)
		n, err = a.Spazza(ctx, ente, limite, nulla)
		require.NoError(t, err)
		require.Equal(t, 1, n)
	}
}

// TestTuttiInsieme has readers, writers, sweeps and re-wrapping on one content,
// each with an Archivio of its own, as processes have. A content that was stored
// is there and young, whatever the others do.
func TestTuttiInsieme(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "file")
	limite := time.Now().Add(-24 * time.Hour)
	var gruppo sync.WaitGroup
	defer gruppo.Wait()
	var fine atomic.Bool
	defer fine.Store(true)
	sha := scrivi(t, apriCon(t, dir, nuovaBusta(t, "k1", false)), "conteso")
	nome := unico(t, dir)
	var passate [3]atomic.Int64
	continua := func(i int, giro func() error) {
		gruppo.Go(func() {
			for !fine.Load() {
				if err := giro(); err != nil {
					t.Error(err)
					return
				}
				passate[i].Add(1)
			}
		})
	}
	for _, k := range []string{"k1", "k2"} {
		a := apriCon(t, dir, nuovaBusta(t, k, false))
		continua(0, func() error { _, err := a.Riavvolgi(ctx); return err })
	}
	spazzino := apriCon(t, dir, nuovaBusta(t, "k1", false))
	continua(1, func() error {
		_, err := spazzino.Spazza(ctx, ente, limite, func(string) (bool, error) { return false, nil })
		return err
	})
	lettore := apriCon(t, dir, nuovaBusta(t, "k2", false))
	continua(2, func() error {
		if letto, err := leggi(lettore, sha); err == nil && letto != "conteso" {
			return fmt.Errorf("letto %q", letto)
		}
		return nil
	})
	scrittore := apriCon(t, dir, nuovaBusta(t, "k1", false))
	for range 100 {
		vecchio := time.Now().Add(-48 * time.Hour)
		_ = os.Chtimes(nome, vecchio, vecchio) // if it is still there
		scrivi(t, scrittore, "conteso")
		for range 3 {
			require.True(t, modificato(t, nome).After(limite), "young, and it stays so")
			legge(t, scrittore, sha, "conteso")
		}
	}
	fine.Store(true)
	gruppo.Wait()
	for i := range passate {
		require.Positive(t, passate[i].Load())
	}
	require.Len(t, elenco(t, dir), 1)
}
