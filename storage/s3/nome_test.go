package s3_test

import (
	"context"
	"flag"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/s3"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

var formaChiave = regexp.MustCompile(`^/archivio/p/([a-z2-7]{200}/)*e-[a-z2-7]+/ab/(ab){32}$`)

// Whatever the ente is called, its files are below a folder of its own.
func TestNomiDiOggetti(t *testing.T) {
	t.Parallel()
	c, f := nuovoFinto(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("list-type") {
			_, _ = w.Write([]byte("<ListBucketResult></ListBucketResult>"))
			return
		}
		errore(w, http.StatusNotFound, "NoSuchKey")
	})
	c.Prefix = "p"
	a := apri(t, c)
	cartella := func(t require.TestingT, ente string) string {
		prima := len(f.viste())
		_, err := a.Apri(context.Background(), ente, impronta)
		require.ErrorIs(t, err, storage.ErrNonTrovata)
		viste := f.viste()[prima:]
		require.Len(t, viste, 3, "its place, quarantine, its place again")
		_, chiave, _ := strings.Cut(strings.TrimSuffix(viste[0], " 0"), " ")
		require.Regexp(t, formaChiave, chiave)
		require.LessOrEqual(t, len(chiave)+len("quarantena/-")+26+64, 1024)
		return strings.TrimSuffix(chiave, "ab/"+impronta)
	}
	require.Equal(t, "/archivio/p/e-mnpwqnjqge/", cartella(t, "c_h501"), "it is what is stored: changing it loses all files")
	rapid.Check(t, func(t *rapid.T) {
		nome := rapid.OneOf(rapid.StringN(1, -1, 512), rapid.SampledFrom([]string{"..", "/", "a/b", "a\x00", strings.Repeat("a", 512), strings.Repeat("a", 125)}))
		x, y := nome.Draw(t, "x"), nome.Draw(t, "y")
		cx, cy := cartella(t, x), cartella(t, y)
		require.Equal(t, x == y, cx == cy)
		require.Equal(t, x == y, strings.HasPrefix(cx, cy), "no folder is inside another one")
	})
}

func TestNomiRifiutati(t *testing.T) {
	t.Parallel()
	a, f := apriFinto(t, nil)
	ctx := context.Background()
	for _, e := range []string{"", strings.Repeat("a", 513)} {
		_, err := a.Scrivi(ctx, e, strings.NewReader("x"), 10)
		require.ErrorIs(t, err, storage.ErrNonValido)
		_, err = a.Apri(ctx, e, impronta)
		require.ErrorIs(t, err, storage.ErrNonValido)
		_, err = a.Spazza(ctx, e, time.Now(), nil)
		require.ErrorIs(t, err, storage.ErrNonValido)
	}
	for _, s := range []string{"", "..", strings.ToUpper(impronta), impronta[1:], impronta + "a", "../" + impronta[3:], impronta + "\n"} {
		_, err := a.Apri(ctx, ente, s)
		require.ErrorIs(t, err, storage.ErrNonTrovata, "%q", s)
	}
	_, err := a.Scrivi(ctx, ente, strings.NewReader("troppo"), 5)
	require.ErrorIs(t, err, storage.ErrTroppoGrande)
	require.Empty(t, f.viste(), "nobody was asked")
	require.EqualValues(t, 4<<30, s3.MassimoFile)
}
