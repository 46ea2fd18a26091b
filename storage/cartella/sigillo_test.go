package cartella_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
	"github.com/sportello-digitale/pratiche/storage/cartella"
)

func chiaveDi(id string) []byte { return bytes.Repeat([]byte(id[len(id)-1:]), busta.LunghezzaChiave) }

func chiavi(t testing.TB, attiva string, id ...string) *busta.Chiavi {
	t.Helper()
	mie := map[string][]byte{attiva: chiaveDi(attiva)}
	for _, i := range id {
		mie[i] = chiaveDi(i)
	}
	c, err := busta.NewChiavi(attiva, mie)
	require.NoError(t, err)
	return c
}

// nuovaBusta has the keys k1 and k2.
func nuovaBusta(t testing.TB, attiva string, ammetti bool) *busta.Busta {
	t.Helper()
	return bustaCon(t, chiavi(t, attiva, "k1", "k2"), ammetti)
}

func bustaCon(t testing.TB, p busta.Portachiavi, ammetti bool) *busta.Busta {
	t.Helper()
	b, err := busta.New(busta.Config{Portachiavi: p, AmmettiInChiaro: ammetti})
	require.NoError(t, err)
	return b
}

// unico gives the only file in dir.
func unico(t testing.TB, dir string) string {
	t.Helper()
	file := elenco(t, dir)
	require.Len(t, file, 1)
	return file[0]
}

func elenco(t testing.TB, dir string) (file []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(nome string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			file = append(file, nome)
		}
		return err
	}))
	return file
}

func sigillato(t testing.TB, nome string) bool {
	t.Helper()
	b, err := os.ReadFile(nome)
	require.NoError(t, err)
	return busta.Sigillata(b)
}

// lungo has several segments, and no two parts of it are equal.
func lungo() string {
	b := make([]byte, 3*(64<<10)+77)
	for i := range b {
		b[i] = byte(i>>16 + i>>8 ^ i)
	}
	return string(b)
}

func TestSigillato(t *testing.T) {
	t.Parallel()
	for _, testo := range []string{"", "nato a Roma", lungo()} {
		dir := filepath.Join(t.TempDir(), "file")
		a := apriCon(t, dir, nuovaBusta(t, "k1", false))
		sha := scrivi(t, a, testo)
		nome := unico(t, dir)
		somma := sha256.Sum256([]byte(testo))
		require.Equal(t, hex.EncodeToString(somma[:]), sha)
		require.Equal(t, sha, filepath.Base(nome), "the name is that of the content")
		require.True(t, sigillato(t, nome))
		b, err := os.ReadFile(nome)
		require.NoError(t, err)
		require.NotContains(t, string(b), "Roma")
		legge(t, a, sha, testo)
		legge(t, apriCon(t, dir, nuovaBusta(t, "k2", false)), sha, testo)
		_, err = a.Scrivi(context.Background(), ente, strings.NewReader(testo+"x"), int64(len(testo)))
		require.ErrorIs(t, err, storage.ErrTroppoGrande, "the bound is that of the content")

		for come, altra := range map[string]*busta.Busta{"senza busta": nil, "senza la chiave": bustaCon(t, chiavi(t, "k2"), true)} {
			_, err = leggi(apriCon(t, dir, altra), sha)
			require.ErrorIs(t, err, busta.ErrChiave, come)
			require.Equal(t, guasto.Configurazione, guasto.Di(err), come)
			require.NotErrorIs(t, err, storage.ErrCorrotto, come)
		}
	}
}

func TestSigillatoAlterato(t *testing.T) {
	t.Parallel()
	testo := lungo()
	for _, ammetti := range []bool{false, true} {
		for nome, altera := range map[string]func(b []byte) []byte{
			"testa":     func(b []byte) []byte { b[40] ^= 1; return b },
			"corpo":     func(b []byte) []byte { b[100_000] ^= 1; return b },
			"fine":      func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
			"firma":     func(b []byte) []byte { b[0] ^= 1; return b },
			"vuoto":     func([]byte) []byte { return nil },
			"corto":     func(b []byte) []byte { return b[:5] },
			"mezzo":     func(b []byte) []byte { return b[:len(b)/2] },
			"in coda":   func(b []byte) []byte { return append(b, 0) },
			"in chiaro": func([]byte) []byte { return []byte("un altro contenuto") },
		} {
			dir := filepath.Join(t.TempDir(), "file")
			a := apriCon(t, dir, nuovaBusta(t, "k1", ammetti))
			sha := scrivi(t, a, testo)
			f := unico(t, dir)
			b, err := os.ReadFile(f)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(f, altera(b), 0o600))
			_, err = leggi(a, sha)
			require.ErrorIs(t, err, storage.ErrCorrotto, nome)
			scrivi(t, a, testo)
			legge(t, a, sha, testo)
		}
	}
}

// TestScambiato: a sealed file under another name, or in another ente, is found out.
func TestScambiato(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "file")
	a := apriCon(t, dir, nuovaBusta(t, "k1", false))
	primo := scrivi(t, a, "il primo")
	nomePrimo := unico(t, dir)
	secondo := scrivi(t, a, "il secondo")
	f, err := a.Scrivi(ctx, "c_a944", strings.NewReader("il primo"), 100)
	require.NoError(t, err)
	require.Equal(t, primo, f.SHA256)
	var nomeSecondo, altrove string
	for _, n := range elenco(t, dir) {
		switch {
		case filepath.Base(n) == secondo:
			nomeSecondo = n
		case n != nomePrimo:
			altrove = n
		}
	}
	copia := func(da, a string) {
		b, err := os.ReadFile(da)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(a, b, 0o600))
	}
	copia(nomePrimo, nomeSecondo)
	_, err = leggi(a, secondo)
	require.ErrorIs(t, err, storage.ErrCorrotto)
	copia(altrove, nomePrimo)
	_, err = leggi(a, primo)
	require.ErrorIs(t, err, storage.ErrCorrotto)
}

func TestPrimaInChiaro(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "file")
	nuda := apriCon(t, dir, nil)
	testi := []string{"planimetria", "", string(sembraSigillato(t)), "\x9bBUSTA\r\n", lungo()}
	nomi := map[string]string{}
	for _, testo := range testi {
		nomi[testo] = scrivi(t, nuda, testo)
		legge(t, nuda, nomi[testo], testo)
	}
	mite, severa := apriCon(t, dir, nuovaBusta(t, "k1", true)), apriCon(t, dir, nuovaBusta(t, "k1", false))
	nuovo := scrivi(t, mite, "sigillato")
	for _, testo := range testi {
		legge(t, mite, nomi[testo], testo)
		_, err := leggi(severa, nomi[testo])
		require.ErrorIs(t, err, busta.ErrInChiaro)
		require.NotErrorIs(t, err, storage.ErrCorrotto)
		require.Equal(t, guasto.Configurazione, guasto.Di(err))
	}
	legge(t, mite, nuovo, "sigillato")
	legge(t, severa, nuovo, "sigillato")
	n, err := severa.Riavvolgi(context.Background())
	require.ErrorIs(t, err, busta.ErrInChiaro)
	require.ErrorContains(t, err, "5 file non riavvolti")
	require.Zero(t, n)
	n, err = mite.Riavvolgi(context.Background())
	require.NoError(t, err)
	require.Equal(t, len(testi), n)
	for _, testo := range testi {
		legge(t, severa, nomi[testo], testo)
	}
	n, err = mite.Riavvolgi(context.Background())
	require.NoError(t, err)
	require.Zero(t, n)
	// Storing it again seals it too.
	scrivi(t, nuda, "planimetria")
	scrivi(t, severa, "planimetria")
	legge(t, severa, nomi["planimetria"], "planimetria")
}

// sembraSigillato is what somebody may upload to look like a file sealed under
// the active key.
func sembraSigillato(t testing.TB) []byte {
	t.Helper()
	b, err := nuovaBusta(t, "k1", false).Chiudi(context.Background(), "un altro ente", "un altro contesto", []byte("x"))
	require.NoError(t, err)
	return b
}

// TestPortachiaviMuto: a ring that does not answer is no damage of the file.
func TestPortachiaviMuto(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "file")
	sha := scrivi(t, apriCon(t, dir, nuovaBusta(t, "k1", false)), "x")
	muto := guasto.Nuovo(guasto.Transitorio, "kms", "irraggiungibile", nil)
	a := apriCon(t, dir, bustaCon(t, portachiavi{chiavi(t, "k1"), func() error { return muto }}, false))
	_, err := leggi(a, sha)
	require.ErrorIs(t, err, muto)
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	_, err = a.Scrivi(ctx, ente, strings.NewReader("y"), 10)
	require.ErrorIs(t, err, muto)
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	_, err = a.Riavvolgi(ctx)
	require.ErrorIs(t, err, muto)
	require.Len(t, elenco(t, dir), 1)
}

// portachiavi calls prima before each answer.
type portachiavi struct {
	*busta.Chiavi
	prima func() error
}

func (p portachiavi) Attiva(ctx context.Context, ente string) (string, error) {
	if err := p.prima(); err != nil {
		return "", err
	}
	return p.Chiavi.Attiva(ctx, ente)
}

func (p portachiavi) Chiave(ctx context.Context, ente, id string) ([]byte, error) {
	if err := p.prima(); err != nil {
		return nil, err
	}
	return p.Chiavi.Chiave(ctx, ente, id)
}

// TestErroriAltrui: what the reader of the caller says is not ours.
func TestErroriAltrui(t *testing.T) {
	t.Parallel()
	a, dir := apri(t)
	for _, suo := range []error{fs.ErrPermission, errors.New("boh")} {
		_, err := a.Scrivi(context.Background(), ente, iotest.ErrReader(suo), 10)
		require.ErrorIs(t, err, suo)
		require.Equal(t, guasto.EsitoIgnoto, guasto.Di(err), "not classified by us")
	}
	scrivi(t, a, "x")
	_, err := a.Spazza(context.Background(), ente, futuro(), func(string) (bool, error) { return false, fs.ErrPermission })
	require.ErrorIs(t, err, fs.ErrPermission)
	require.Equal(t, guasto.EsitoIgnoto, guasto.Di(err))
	require.Len(t, elenco(t, dir), 1)
}

var _ storage.Riavvolgitore = (*cartella.Archivio)(nil)
