package s3_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/s3"
)

func serveAtutti(string) (bool, error)   { return true, nil }
func serveAnessuno(string) (bool, error) { return false, nil }

// passaIlSecondo waits until the service writes a later second than that of its
// newest object, and gives the first instant of it: what is there now is older.
func (g *grezzo) passaIlSecondo() time.Time {
	g.t.Helper()
	var ultimo time.Time
	for _, o := range g.oggetti() {
		if o.LastModified.After(ultimo) {
			ultimo = o.LastModified
		}
	}
	prima := ultimo.Truncate(time.Second).Add(time.Second)
	sonda := g.prefix + "sonda"
	for {
		g.scrivi(sonda, "x")
		o, err := g.StatObject(context.Background(), g.bucket, sonda, minio.StatObjectOptions{})
		require.NoError(g.t, err)
		require.NoError(g.t, g.RemoveObject(context.Background(), g.bucket, sonda, minio.RemoveObjectOptions{}))
		if !o.LastModified.Before(prima) {
			return prima
		}
	}
}

const aQuarantena = "/quarantena/"

func TestQuarantena(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, g := servizio(t)
	a := apri(t, c)
	f, err := a.Scrivi(ctx, ente, strings.NewReader("serve ancora"), 100)
	require.NoError(t, err)
	altro, err := a.Scrivi(ctx, ente, strings.NewReader("non serve più"), 100)
	require.NoError(t, err)
	g.scrivi(strings.Split(g.oggetti()[0].Key, "/e-")[0]+"/e-mnpwqnjqge/estraneo", "di altri")

	n, err := a.Spazza(ctx, ente, g.passaIlSecondo(), serveAnessuno)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.Len(t, g.chiavi(aQuarantena), 2)
	require.Len(t, g.oggetti(), 3, "and what is not ours")
	require.Equal(t, "serve ancora", contenuto(t, a, ente, f.SHA256), "somebody may just have come to refer to it")

	n, err = a.Spazza(ctx, ente, g.oggetti()[0].LastModified.Add(-time.Hour), func(string) (bool, error) { return false, errors.New("asked") })
	require.NoError(t, err, "young in quarantine: nobody is asked")
	require.Zero(t, n)

	n, err = a.Spazza(ctx, ente, g.passaIlSecondo(), func(s string) (bool, error) { return s == f.SHA256, nil })
	require.NoError(t, err)
	require.Zero(t, n, "counted already")
	require.Empty(t, g.chiavi(aQuarantena))
	require.Len(t, g.chiavi(f.SHA256), 1, "back in its place")
	require.Equal(t, "serve ancora", contenuto(t, a, ente, f.SHA256))
	_, err = a.Apri(ctx, ente, altro.SHA256)
	require.ErrorIs(t, err, storage.ErrNonTrovata, "gone for good")
}

// Stored again it is young: a sweep that would have taken it leaves it.
func TestDiNuovoGiovane(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, g := servizio(t)
	a := apri(t, c)
	f, err := a.Scrivi(ctx, ente, strings.NewReader("di nuovo"), 100)
	require.NoError(t, err)
	prima := g.passaIlSecondo()
	_, err = a.Scrivi(ctx, ente, strings.NewReader("di nuovo"), 100)
	require.NoError(t, err)
	n, err := a.Spazza(ctx, ente, prima, serveAnessuno)
	require.NoError(t, err)
	require.Zero(t, n)
	require.Equal(t, "di nuovo", contenuto(t, a, ente, f.SHA256))
	require.Empty(t, g.chiavi(aQuarantena))
}

// Whichever request of a sweep a command comes before, with a content that the
// sweep is taking, and whatever another sweep does at that point, the content is
// there afterwards, and the next sweep leaves it in its place.
func TestSpazzaMentreSiScrive(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, g := servizio(t)
	sigillata := c
	sigillata.Busta = sigilla(t, "k1", false)
	type conteso struct {
		config  s3.Config
		ente    string
		quando  int // comes before this request
		sha     string
		scritto bool
	}
	var casi []*conteso
	for quando := range 6 {
		for _, config := range []s3.Config{c, sigillata} {
			x := &conteso{config: config, ente: fmt.Sprint("ente ", len(casi)), quando: quando}
			f, err := apri(t, config).Scrivi(ctx, x.ente, strings.NewReader("conteso"), 100)
			require.NoError(t, err)
			x.sha = f.SHA256
			casi = append(casi, x)
		}
	}
	prima := g.passaIlSecondo()
	for _, x := range casi {
		a := apri(t, x.config)
		spazzino, fatte := x.config, -10 // New has its own
		spazzino.Tentativi = 1
		spazzino.Trasporto = &interposto{http.DefaultTransport, func(r *http.Request, vai func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			if fatte == x.quando {
				x.scritto = true
				_, err := a.Scrivi(ctx, x.ente, strings.NewReader("conteso"), 100)
				require.NoError(t, err)
				_, err = a.Spazza(ctx, x.ente, prima, serveAtutti)
				require.NoError(t, err)
			}
			fatte++
			return vai(r)
		}}
		s := apri(t, spazzino)
		fatte = 0
		_, err := s.Spazza(ctx, x.ente, prima, serveAnessuno)
		require.NoError(t, err)
		if !x.scritto { // the sweep was shorter: the command comes after it
			require.Equal(t, 5, x.quando)
			_, err := a.Scrivi(ctx, x.ente, strings.NewReader("conteso"), 100)
			require.NoError(t, err)
		}
		require.Equal(t, "conteso", contenuto(t, a, x.ente, x.sha), x.quando)
	}
	prima = g.passaIlSecondo()
	for _, x := range casi {
		a := apri(t, x.config)
		n, err := a.Spazza(ctx, x.ente, prima, serveAtutti)
		require.NoError(t, err)
		require.Zero(t, n)
		require.Equal(t, "conteso", contenuto(t, a, x.ente, x.sha), x.quando)
	}
	require.Empty(t, g.chiavi(aQuarantena))
	require.Len(t, g.oggetti(), len(casi))
}

// A sweep that stops half-way, wherever, loses nothing.
func TestSpazzataInterrotta(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, g := servizio(t)
	a := apri(t, c)
	f, err := a.Scrivi(ctx, ente, strings.NewReader("interrotta"), 100)
	require.NoError(t, err)
	domani := time.Now().Add(24 * time.Hour) // no quarantine but while it is being taken
	for quando := 0; ; quando++ {
		spazzino, fatte, finita := c, 0, false
		spazzino.Tentativi = 1
		spazzino.Trasporto = &interposto{http.DefaultTransport, func(r *http.Request, vai func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			if fatte++; fatte > quando {
				finita = r.URL.Query().Has("uploads")
				return nil, errors.New("interrotta")
			}
			return vai(r)
		}}
		s, err := s3.New(ctx, spazzino)
		if err == nil {
			_, err = s.Spazza(ctx, ente, domani, serveAnessuno)
		}
		if finita { // all that remained were parts of uploads
			require.Error(t, err)
			require.Greater(t, quando, 5, "it went through many steps")
			_, err = a.Apri(ctx, ente, f.SHA256)
			require.ErrorIs(t, err, storage.ErrNonTrovata)
			return
		}
		require.Equal(t, guasto.Transitorio, guasto.Di(err))
		require.Equal(t, "interrotta", contenuto(t, a, ente, f.SHA256), quando)
		_, err = a.Spazza(ctx, ente, domani, serveAtutti)
		require.NoError(t, err)
		require.Empty(t, g.chiavi(aQuarantena))
		require.Equal(t, "interrotta", contenuto(t, a, ente, f.SHA256), quando)
	}
}

func TestSpazzaAnnullata(t *testing.T) {
	t.Parallel()
	c, _ := servizio(t)
	a := apri(t, c)
	ctx, annulla := context.WithCancel(context.Background())
	_, err := a.Scrivi(ctx, ente, strings.NewReader("x"), 100)
	require.NoError(t, err)
	_, err = a.Spazza(ctx, ente, time.Now().Add(time.Hour), func(string) (bool, error) { annulla(); return true, nil })
	require.ErrorIs(t, err, context.Canceled)
	_, err = a.Apri(ctx, ente, impronta)
	require.ErrorIs(t, err, context.Canceled)
}

func TestCaricamentiLasciatiAMeta(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, g := servizio(t)
	domani := c
	domani.Ora = func() time.Time { return time.Now().Add(25 * time.Hour) }
	a, poi := apri(t, c), apri(t, domani)
	cartella := c.Prefix + "/e-mnpwqnjqge/"
	for _, chiave := range []string{cartella + "aa/uno", cartella + "bb/due", c.Prefix + "/e-altro/aa/tre"} {
		id, err := g.NewMultipartUpload(ctx, g.bucket, chiave, minio.PutObjectOptions{})
		require.NoError(t, err)
		_, err = g.PutObjectPart(ctx, g.bucket, chiave, id, 1, strings.NewReader("parte"), 5, minio.PutObjectPartOptions{})
		require.NoError(t, err)
	}
	_, err := a.Spazza(ctx, ente, time.Now().Add(-time.Hour), serveAnessuno)
	require.NoError(t, err)
	require.Len(t, g.sospesi(), 3, "somebody may be writing them")
	_, err = poi.Spazza(ctx, ente, time.Now().Add(-time.Hour), serveAnessuno)
	require.NoError(t, err)
	require.Len(t, g.sospesi(), 1, "another ente's stays")
}

// Dates come to the second: a file of the same second as prima may be younger.
func TestStessoSecondo(t *testing.T) {
	t.Parallel()
	quando := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for scarto, tocca := range map[time.Duration]bool{500 * time.Millisecond: false, time.Second: true} {
		a, f := apriFinto(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Query().Has("list-type"):
				_, _ = fmt.Fprintf(w, "<ListBucketResult><Contents><Key>e-mnpwqnjqge/ab/%s</Key><LastModified>2026-01-02T03:04:04Z</LastModified></Contents></ListBucketResult>", impronta)
			case r.URL.Query().Has("uploads"):
				_, _ = io.WriteString(w, "<ListMultipartUploadsResult></ListMultipartUploadsResult>")
			case r.Method == http.MethodHead:
				w.Header().Set("Last-Modified", quando.Format(http.TimeFormat))
			case r.Method == http.MethodPut:
				risultato(quando)(w)
			case r.Method == http.MethodDelete:
				w.WriteHeader(http.StatusNoContent)
			}
		})
		n, err := a.Spazza(context.Background(), ente, quando.Add(scarto), serveAnessuno)
		require.NoError(t, err)
		require.Equal(t, tocca, n == 1, f.viste())
	}
}

// What services answer that are less than whole.
func TestElenchiStrani(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for nome, caso := range map[string]struct {
		parti  func(w http.ResponseWriter)
		classe guasto.Classe
	}{
		"senza_parti": {func(w http.ResponseWriter) { errore(w, 501, "NotImplemented") }, ""},
		"vietato":     {func(w http.ResponseWriter) { errore(w, 403, "AccessDenied") }, guasto.Configurazione},
		"non_avanza": {func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, "<ListMultipartUploadsResult><IsTruncated>true</IsTruncated></ListMultipartUploadsResult>")
		}, guasto.Permanente},
		"gia_finito": {func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, "<ListMultipartUploadsResult><Upload><Key>x</Key><UploadId>u</UploadId><Initiated>2020-01-01T00:00:00Z</Initiated></Upload></ListMultipartUploadsResult>")
		}, ""},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			a, _ := apriFinto(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Query().Has("uploads"):
					caso.parti(w)
				case r.Method == http.MethodDelete:
					errore(w, 404, "NoSuchUpload")
				default:
					_, _ = io.WriteString(w, "<ListBucketResult></ListBucketResult>")
				}
			})
			_, err := a.Spazza(ctx, ente, time.Now(), serveAnessuno)
			require.Equal(t, caso.classe, guasto.Di(err), err)
		})
	}
}
