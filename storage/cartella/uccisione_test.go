package cartella_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage/busta"
	"github.com/sportello-digitale/pratiche/storage/cartella"
)

const daUccidere = "PRATICHE_PROVA_CARTELLA"

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(daUccidere); dir != "" {
		if err := riavvolgiSenzaFine(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// riavvolgiSenzaFine brings all files under one key, then under the other, and
// says a line whenever it asks for a key.
func riavvolgiSenzaFine(dir string) error {
	for n := 0; ; n++ {
		attiva, altra := "k1", "k2"
		if n%2 == 1 {
			attiva, altra = altra, attiva
		}
		c, err := busta.NewChiavi(attiva, map[string][]byte{attiva: chiaveDi(attiva), altra: chiaveDi(altra)})
		if err != nil {
			return err
		}
		b, err := busta.New(busta.Config{AmmettiInChiaro: true, Portachiavi: portachiavi{c, func() error {
			_, err := fmt.Println("chiave")
			return err
		}}})
		if err != nil {
			return err
		}
		a, err := cartella.Open(cartella.Config{Dir: dir, Busta: b})
		if err != nil {
			return err
		}
		if _, err := a.Riavvolgi(context.Background()); err != nil {
			return err
		}
		if err := a.Close(); err != nil {
			return err
		}
	}
}

// TestUccisione kills a process that re-wraps, again and again, each time a
// little further: no file is ever lost or half written.
func TestUccisione(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "file")
	nuda := apriCon(t, dir, nil)
	nomi := map[string]string{}
	for i := range 12 {
		testo := fmt.Sprint(i, strings.Repeat(" testo", i*i*i*20))
		nomi[testo] = scrivi(t, nuda, testo)
	}
	file := elenco(t, dir)
	for _, nome := range file {
		invecchia(t, nome)
	}
	mite := apriCon(t, dir, nuovaBusta(t, "k1", true))
	for giro := range 12 {
		figlio := exec.Command(os.Args[0]) //nolint:gosec // this very program
		figlio.Env = append(os.Environ(), daUccidere+"="+dir)
		var errori strings.Builder
		figlio.Stderr = &errori
		uscita, err := figlio.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, figlio.Start())
		righe := bufio.NewScanner(uscita)
		for range 1 + giro*7 {
			require.True(t, righe.Scan(), errori.String())
		}
		require.NoError(t, figlio.Process.Kill())
		require.Error(t, figlio.Wait())
		require.Empty(t, errori.String(), "it died of the kill and of nothing else")
		for testo, sha := range nomi {
			legge(t, mite, sha, testo)
		}
	}
	vecchi := 0
	for _, nome := range file {
		if modificato(t, nome).Before(time.Now().Add(-24 * time.Hour)) {
			vecchi++
		}
	}
	require.Positive(t, vecchi, "at most one file for each kill is young")
	_, err := mite.Riavvolgi(ctx)
	require.NoError(t, err)
	severa := apriCon(t, dir, bustaCon(t, chiavi(t, "k1"), false))
	for testo, sha := range nomi {
		legge(t, severa, sha, testo)
	}
	for _, nome := range elenco(t, dir) {
		invecchia(t, nome)
	}
	_, err = severa.Spazza(ctx, ente, time.Unix(0, 0), func(string) (bool, error) { return true, nil })
	require.NoError(t, err)
	require.Len(t, elenco(t, dir), len(nomi), "what the dead left aside is gone")
}
