package s3_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
	"github.com/sportello-digitale/pratiche/storage/s3"
)

func Example() {
	ctx := context.Background()
	a, err := s3.New(ctx, s3.Config{
		Endpoint: "minio.comune.example:9000", Bucket: "pratiche", Prefix: "allegati", Regione: "it",
		Chiave: "chiave", Segreto: "segreto", // from where the host keeps its secrets
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = a.Close() }()
	f, err := a.Scrivi(ctx, "c_h501", strings.NewReader("planimetria"), 10<<20)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := a.Apri(ctx, "c_h501", f.SHA256)
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := io.ReadAll(r)
	fmt.Println(string(b), err, r.Close())
}

func TestCredenzialiSbagliate(t *testing.T) {
	t.Parallel()
	buona, _ := servizio(t)
	for _, guasta := range []func(c *s3.Config){
		func(c *s3.Config) { c.Segreto = "segretissimo-sbagliato" },
		func(c *s3.Config) { c.Chiave = "sconosciuta" },
		func(c *s3.Config) { c.Chiave, c.Regione = "sconosciuta", "us-east-1" },
	} {
		c := buona
		guasta(&c)
		_, err := s3.New(context.Background(), c)
		require.Equal(t, guasto.Configurazione, guasto.Di(err), err)
		require.Equal(t, "credenziali", codice(t, err))
		require.NotContains(t, err.Error(), c.Segreto)
		discreto(t, err)
	}
}

func TestBucket(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, g := servizio(t)
	c.Bucket = "prova-" + strings.ToLower(rand.Text())
	for _, regione := range []string{"", "us-east-1"} {
		c.Regione = regione
		_, err := s3.New(ctx, c)
		require.Equal(t, guasto.Configurazione, guasto.Di(err), "%q", regione)
		require.Equal(t, "bucket_assente", codice(t, err))
		discreto(t, err)
	}
	c.CreaBucket = true
	a := apri(t, c)
	apri(t, c) // it is there now
	require.NoError(t, g.RemoveBucket(ctx, c.Bucket))
	_, err := a.Scrivi(ctx, ente, strings.NewReader("x"), 10)
	require.Equal(t, guasto.Configurazione, guasto.Di(err))
	require.Equal(t, "bucket_assente", codice(t, err))
	_, err = a.Apri(ctx, ente, impronta)
	require.NotErrorIs(t, err, storage.ErrNonTrovata, "the bucket is missing, who knows of the file")
	require.Equal(t, "bucket_assente", codice(t, err))
}

func TestAlterato(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, sigillato := range []bool{false, true} {
		for nome, altera := range map[string]func(b []byte) []byte{
			"cambiato":  func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
			"inizio":    func(b []byte) []byte { b[0] ^= 1; return b },
			"troncato":  func(b []byte) []byte { return b[:len(b)-3] },
			"allungato": func(b []byte) []byte { return append(b, 0) },
			"vuoto":     func([]byte) []byte { return nil },
		} {
			t.Run(fmt.Sprint(nome, "_sigillato_", sigillato), func(t *testing.T) {
				t.Parallel()
				c, g := servizio(t)
				if sigillato {
					c.Busta = sigilla(t, "k1", false)
				}
				a := apri(t, c)
				f, err := a.Scrivi(ctx, ente, strings.NewReader("planimetria"), 100)
				require.NoError(t, err)
				chiave := g.oggetti()[0].Key
				g.scrivi(chiave, string(altera(g.leggi(chiave))))
				r, err := a.Apri(ctx, ente, f.SHA256)
				if err == nil {
					_, err = io.ReadAll(r)
					require.NoError(t, r.Close())
				}
				require.ErrorIs(t, err, storage.ErrCorrotto)
				if nome == "troncato" || nome == "allungato" || nome == "vuoto" {
					_, err = a.Scrivi(ctx, ente, strings.NewReader("planimetria"), 100)
					require.NoError(t, err)
					require.Equal(t, "planimetria", contenuto(t, a, ente, f.SHA256), "storing it again mends what is not as long as it was")
				}
			})
		}
	}
}

func contenuto(t testing.TB, a *s3.Archivio, ente, sha string) string {
	t.Helper()
	r, err := a.Apri(context.Background(), ente, sha)
	require.NoError(t, err)
	b, err := io.ReadAll(r)
	require.NoError(t, errors.Join(err, r.Close()))
	return string(b)
}

func TestSigillato(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, g := servizio(t)
	chiaro := apri(t, c)
	c.Busta = sigilla(t, "k1", false)
	a := apri(t, c)
	grande := string(acaso(20 << 20))
	for _, v := range []string{"", "planimetria", strings.Repeat("planimetria ", 100_000), grande} {
		f, err := a.Scrivi(ctx, ente, strings.NewReader(v), 1<<30)
		require.NoError(t, err)
		require.True(t, v == contenuto(t, a, ente, f.SHA256))
		chiavi := g.chiavi(f.SHA256)
		require.Len(t, chiavi, 1)
		b := g.leggi(chiavi[0])
		require.True(t, busta.Sigillata(b))
		require.False(t, v != "" && bytes.Contains(b, []byte(v[:min(len(v), 11)])), "the content is nowhere in sight")
		_, err = chiaro.Apri(ctx, ente, f.SHA256)
		require.ErrorIs(t, err, busta.ErrChiave, "without keys it is not given out")
		_, err = a.Scrivi(ctx, ente, strings.NewReader(v), 1<<30)
		require.NoError(t, err, "a second time")
		require.True(t, v == contenuto(t, a, ente, f.SHA256))
	}
}

func TestInChiaro(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, g := servizio(t)
	f, err := apri(t, c).Scrivi(ctx, ente, strings.NewReader("planimetria"), 100)
	require.NoError(t, err)
	c.Busta = sigilla(t, "k1", false)
	_, err = apri(t, c).Apri(ctx, ente, f.SHA256)
	require.ErrorIs(t, err, busta.ErrInChiaro)
	c.Busta = sigilla(t, "k1", true)
	a := apri(t, c)
	require.Equal(t, "planimetria", contenuto(t, a, ente, f.SHA256))
	_, err = a.Scrivi(ctx, ente, strings.NewReader("planimetria"), 100)
	require.NoError(t, err)
	require.True(t, busta.Sigillata(g.leggi(g.oggetti()[0].Key)), "storing it again seals it")
	require.Equal(t, "planimetria", contenuto(t, a, ente, f.SHA256))
}

// A content may begin as sealed ones do without being one.
func TestSembraSigillato(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, g := servizio(t)
	a := apri(t, c)
	var finto bytes.Buffer
	w, err := sigilla(t, "k2", false).Scrittore(ctx, ente, "altro", &finto)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	for _, v := range []string{finto.String(), finto.String()[:20]} {
		f, err := a.Scrivi(ctx, ente, strings.NewReader(v), 1000)
		require.NoError(t, err)
		require.Equal(t, v, contenuto(t, a, ente, f.SHA256))
		severa, indulgente := c, c
		severa.Busta, indulgente.Busta = sigilla(t, "k1", false), sigilla(t, "k1", true)
		_, err = apri(t, severa).Apri(ctx, ente, f.SHA256)
		require.ErrorIs(t, err, busta.ErrInChiaro)
		require.Equal(t, v, contenuto(t, apri(t, indulgente), ente, f.SHA256))
		n, err := apri(t, indulgente).Riavvolgi(ctx)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.Equal(t, v, contenuto(t, apri(t, severa), ente, f.SHA256))
		require.NotEqual(t, v, string(g.leggi(g.chiavi(f.SHA256)[0])))
	}
}

// Not parallel: it measures what the whole process allocates.
func TestMemoriaLimitata(t *testing.T) {
	ctx := context.Background()
	const lungo = 40 << 20
	for _, sigillato := range []bool{false, true} {
		c, g := servizio(t)
		if sigillato {
			c.Busta = sigilla(t, "k1", false)
		}
		a := apri(t, c)
		var prima, dopo runtime.MemStats
		runtime.ReadMemStats(&prima)
		f, err := a.Scrivi(ctx, ente, io.LimitReader(infinito{}, lungo), lungo)
		require.NoError(t, err)
		require.EqualValues(t, lungo, f.Dimensione)
		r, err := a.Apri(ctx, ente, f.SHA256)
		require.NoError(t, err)
		n, err := io.Copy(io.Discard, r)
		require.NoError(t, errors.Join(err, r.Close()))
		runtime.ReadMemStats(&dopo)
		require.EqualValues(t, lungo, n)
		require.Less(t, dopo.TotalAlloc-prima.TotalAlloc, uint64(4<<20), "40 MiB up and down, in all that was ever allocated")
		o := g.oggetti()
		require.Len(t, o, 1)
		stato, err := g.StatObject(ctx, g.bucket, o[0].Key, minio.StatObjectOptions{})
		require.NoError(t, err)
		require.Contains(t, stato.ETag, "-", "it went in parts")
	}
}

type infinito struct{}

func (infinito) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(i)
	}
	return len(b), nil
}

func TestStessoContenutoInsieme(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, g := servizio(t)
	v := string(acaso(17 << 20))
	var gruppo sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		a := apri(t, c) // each as a process of its own
		gruppo.Go(func() { _, errs[i] = a.Scrivi(ctx, ente, strings.NewReader(v), 1<<30) })
	}
	gruppo.Wait()
	require.NoError(t, errors.Join(errs...))
	o := g.oggetti()
	require.Len(t, o, 1)
	require.Empty(t, g.sospesi())
	require.True(t, v == contenuto(t, apri(t, c), ente, o[0].Key[len(o[0].Key)-64:]))
}
