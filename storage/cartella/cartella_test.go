package cartella_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
	"github.com/sportello-digitale/pratiche/storage/cartella"
)

const ente = "c_h501"

func Example() {
	dir, err := os.MkdirTemp("", "file")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	a, err := cartella.New(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = a.Close() }()
	ctx := context.Background()
	f, err := a.Scrivi(ctx, "c_h501", strings.NewReader("planimetria"), 10<<20)
	fmt.Println(f.SHA256[:8], f.Dimensione, err)
	r, err := a.Apri(ctx, "c_h501", f.SHA256)
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := io.ReadAll(r)
	fmt.Println(string(b), err, r.Close())
	// Output:
	// 77665c7e 11 <nil>
	// planimetria <nil> <nil>
}

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "file")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	chiavi, err := busta.NewChiavi("2026", map[string][]byte{"2026": bytes.Repeat([]byte{26}, 32)}) // from the host's safe
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := busta.New(busta.Config{Portachiavi: chiavi})
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := cartella.Open(cartella.Config{Dir: dir, Busta: b})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = a.Close() }()
	f, err := a.Scrivi(context.Background(), "c_h501", strings.NewReader("planimetria"), 10<<20)
	fmt.Println(f.SHA256[:8], f.Dimensione, err) // of the content, not of what is on the disk
	n, err := a.Riavvolgi(context.Background())
	fmt.Println(n, err) // all is under the active key
	// Output:
	// 77665c7e 11 <nil>
	// 0 <nil>
}

func apri(t *testing.T) (*cartella.Archivio, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "file")
	return apriCon(t, dir, nil), dir
}

func apriCon(t testing.TB, dir string, b *busta.Busta) *cartella.Archivio {
	t.Helper()
	a, err := cartella.Open(cartella.Config{Dir: dir, Busta: b})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	return a
}

func scrivi(t testing.TB, a *cartella.Archivio, testo string) string {
	t.Helper()
	f, err := a.Scrivi(context.Background(), ente, strings.NewReader(testo), 1<<20)
	require.NoError(t, err)
	require.EqualValues(t, len(testo), f.Dimensione)
	return f.SHA256
}

func leggi(a *cartella.Archivio, sha string) (string, error) {
	r, err := a.Apri(context.Background(), ente, sha)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(r)
	return string(b), errors.Join(err, r.Close())
}

func legge(t testing.TB, a *cartella.Archivio, sha, atteso string) {
	t.Helper()
	letto, err := leggi(a, sha)
	require.NoError(t, err)
	require.True(t, atteso == letto)
}

func tutti(t *testing.T, dir string) (file []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(nome string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		info, err := d.Info()
		require.NoError(t, err)
		if d.IsDir() {
			require.Equal(t, fs.FileMode(0o700), info.Mode().Perm(), nome)
		} else {
			require.Equal(t, fs.FileMode(0o600), info.Mode().Perm(), nome)
			file = append(file, nome)
		}
		return nil
	}))
	return file
}

func TestAlterato(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for nome, altera := range map[string]func(string) error{
		"cambiato": func(f string) error { return os.WriteFile(f, []byte("Planimetria"), 0o600) },
		"troncato": func(f string) error { return os.Truncate(f, 5) },
		"vuoto":    func(f string) error { return os.Truncate(f, 0) },
	} {
		a, dir := apri(t)
		f, err := a.Scrivi(ctx, "c_h501", strings.NewReader("planimetria"), 100)
		require.NoError(t, err)
		file := tutti(t, dir)
		require.Len(t, file, 1)
		require.NoError(t, altera(file[0]))
		r, err := a.Apri(ctx, "c_h501", f.SHA256)
		require.NoError(t, err)
		_, err = io.ReadAll(r)
		require.ErrorIs(t, err, storage.ErrCorrotto, nome)
		require.NoError(t, r.Close())
		_, err = a.Scrivi(ctx, "c_h501", strings.NewReader("planimetria"), 100)
		require.NoError(t, err)
		r, err = a.Apri(ctx, "c_h501", f.SHA256)
		require.NoError(t, err)
		b, err := io.ReadAll(r)
		require.NoError(t, err, "storing it again mends it")
		require.Equal(t, "planimetria", string(b))
		require.NoError(t, r.Close())
	}
}

func TestNomiFuoriPosto(t *testing.T) {
	t.Parallel()
	a, dir := apri(t)
	ctx := context.Background()
	fuori := filepath.Join(filepath.Dir(dir), "segreto")
	require.NoError(t, os.WriteFile(fuori, []byte("x"), 0o600))
	for _, ente := range []string{"../..", "/", ".", "a/b", "a\x00b", "CON", strings.Repeat("è/", 128), strings.Repeat("a", 512)} {
		f, err := a.Scrivi(ctx, ente, strings.NewReader(ente), 1000)
		require.NoError(t, err, "%q", ente)
		r, err := a.Apri(ctx, ente, f.SHA256)
		require.NoError(t, err, "%q", ente)
		require.NoError(t, r.Close())
	}
	for _, impronta := range []string{"", "../../segreto", "..", strings.Repeat("A", 64), strings.Repeat("a", 64), "e-/" + strings.Repeat("a", 61)} {
		_, err := a.Apri(ctx, "c_h501", impronta)
		require.ErrorIs(t, err, storage.ErrNonTrovata, "%q", impronta)
	}
	require.Len(t, tutti(t, dir), 8)
	voci, err := os.ReadDir(filepath.Dir(dir))
	require.NoError(t, err)
	require.Len(t, voci, 2, "nothing was written outside")
	for _, ente := range []string{"", strings.Repeat("a", 513)} {
		_, err = a.Scrivi(ctx, ente, strings.NewReader("x"), 10)
		require.ErrorIs(t, err, storage.ErrNonValido)
		_, err = a.Apri(ctx, ente, strings.Repeat("a", 64))
		require.ErrorIs(t, err, storage.ErrNonValido)
		_, err = a.Spazza(ctx, ente, time.Now(), nil)
		require.ErrorIs(t, err, storage.ErrNonValido)
	}
}

func TestCollegamentoVersoFuori(t *testing.T) {
	t.Parallel()
	a, dir := apri(t)
	ctx := context.Background()
	f, err := a.Scrivi(ctx, "c_h501", strings.NewReader("dentro"), 100)
	require.NoError(t, err)
	file := tutti(t, dir)[0]
	fuori := filepath.Join(filepath.Dir(dir), "segreto")
	require.NoError(t, os.WriteFile(fuori, []byte("dentro"), 0o600))
	require.NoError(t, os.Remove(file))
	require.NoError(t, os.Symlink(fuori, file))
	_, err = a.Apri(ctx, "c_h501", f.SHA256)
	require.Error(t, err)
}

func TestResti(t *testing.T) {
	t.Parallel()
	a, dir := apri(t)
	ctx := context.Background()
	_, err := a.Scrivi(ctx, "c_h501", strings.NewReader("intero"), 100)
	require.NoError(t, err)
	ente := filepath.Dir(filepath.Dir(tutti(t, dir)[0]))
	vecchio, giovane := filepath.Join(ente, "tmp-vecchio"), filepath.Join(ente, "tmp-giovane")
	for _, f := range []string{vecchio, giovane, filepath.Join(ente, "estraneo")} {
		require.NoError(t, os.WriteFile(f, []byte("mezz"), 0o600))
	}
	ieri := time.Now().Add(-25 * time.Hour)
	require.NoError(t, os.Chtimes(vecchio, ieri, ieri))
	n, err := a.Spazza(ctx, "c_h501", time.Now().Add(-time.Hour), func(string) (bool, error) { return false, nil })
	require.NoError(t, err)
	require.Zero(t, n, "what a crash left is not counted, and the whole file is young")
	require.NoFileExists(t, vecchio)
	require.FileExists(t, giovane, "somebody may be writing it")
	require.Len(t, tutti(t, dir), 3)
}

func TestNonScrivibile(t *testing.T) {
	t.Parallel()
	_, err := cartella.New(filepath.Join(t.TempDir(), "manca", "file"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	f := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(f, nil, 0o600))
	_, err = cartella.New(f)
	require.Error(t, err)
	_, err = cartella.Open(cartella.Config{})
	require.Error(t, err)
	a, dir := apri(t)
	require.NoError(t, os.RemoveAll(dir))
	_, err = a.Scrivi(context.Background(), "c_h501", strings.NewReader("x"), 10)
	require.Error(t, err)
}
