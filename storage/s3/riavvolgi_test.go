package s3_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

// soloChiave gives a Busta that has one key.
func soloChiave(t testing.TB, id string, b byte) *busta.Busta {
	t.Helper()
	chiavi, err := busta.NewChiavi(id, map[string][]byte{id: bytes.Repeat([]byte{b}, 32)})
	require.NoError(t, err)
	x, err := busta.New(busta.Config{Portachiavi: chiavi})
	require.NoError(t, err)
	return x
}

func TestRiavvolgi(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, g := servizio(t)
	enti := []string{ente, "../..", strings.Repeat("a", 512)}
	contenuti := []string{"", "planimetria", strings.Repeat("segmento ", 20_000), string(acaso(17 << 20))}
	chiaro := apri(t, c)
	n, err := chiaro.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Zero(t, n)
	c.Busta = sigilla(t, "k1", true)
	a := apri(t, c)
	for i, e := range enti {
		for j, v := range contenuti {
			scrive := a
			if (i+j)%2 == 0 {
				scrive = chiaro
			}
			_, err := scrive.Scrivi(ctx, e, strings.NewReader(v), 1<<30)
			require.NoError(t, err)
		}
	}
	g.scrivi(c.Prefix+"/estraneo", "di altri")
	g.scrivi(c.Prefix+"/e-mnpwqnjqge/estraneo", "di altri")
	g.scrivi(c.Prefix+"/e-è/ab/"+impronta, "di altri")
	n, err = a.Spazza(ctx, enti[1], g.passaIlSecondo(), serveAnessuno)
	require.NoError(t, err)
	require.Equal(t, len(contenuti), n, "into quarantine, where they are re-wrapped too")

	n, err = a.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Equal(t, 6, n, "those in the clear")
	c.Busta = sigilla(t, "k2", false)
	a = apri(t, c)
	n, err = a.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Equal(t, 12, n)
	n, err = a.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Zero(t, n, "nothing left to do")
	c.Busta = soloChiave(t, "k2", 2)
	a = apri(t, c)
	for _, e := range enti {
		for _, v := range contenuti {
			f, err := a.Scrivi(ctx, "altrove", strings.NewReader(v), 1<<30)
			require.NoError(t, err)
			require.True(t, v == contenuto(t, a, e, f.SHA256), "the old key is needed no more")
		}
	}
	require.Len(t, g.chiavi("estraneo"), 2)
}

func TestRiavvolgiFileGuasti(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, g := servizio(t)
	c.Busta = sigilla(t, "k1", false)
	a := apri(t, c)
	for i := range 12 {
		_, err := a.Scrivi(ctx, ente, strings.NewReader(fmt.Sprint("file ", i)), 100)
		require.NoError(t, err)
	}
	o := g.oggetti()
	b := g.leggi(o[0].Key)
	b[20] ^= 1 // in the wrapped key
	g.scrivi(o[0].Key, string(b))
	g.scrivi(o[1].Key, "in chiaro, e non è suo")
	g.scrivi(o[2].Key, "")
	c.Busta = sigilla(t, "k2", false)
	a = apri(t, c)
	n, err := a.Riavvolgi(ctx)
	require.Equal(t, 9, n, "the others")
	require.ErrorIs(t, err, storage.ErrCorrotto)
	require.ErrorContains(t, err, "3 file non riavvolti")
	for _, x := range o[:3] {
		require.ErrorContains(t, err, strings.TrimPrefix(x.Key, c.Prefix+"/"))
	}
	require.Equal(t, guasto.Permanente, guasto.Di(err))

	c.Busta = soloChiave(t, "k3", 3)
	n, err = apri(t, c).Riavvolgi(ctx)
	require.Zero(t, n)
	require.ErrorIs(t, err, busta.ErrChiave)
	require.Equal(t, 8, strings.Count(err.Error(), "e-mnpwqnjqge/"), "it names the first")
}

// Whatever happens to the file between the requests of Riavvolgi, what is there
// afterwards can be read.
func TestRiavvolgiMentreSiScrive(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	domani := time.Now().Add(24 * time.Hour)
	for nome, intanto := range map[string]func(s storage.Archivio, v string){
		"riscritto": func(s storage.Archivio, v string) {
			_, err := s.Scrivi(ctx, ente, strings.NewReader(v), 100)
			require.NoError(t, err)
		},
		"spazzato": func(s storage.Archivio, _ string) {
			_, err := s.(storage.Spazzino).Spazza(ctx, ente, domani, serveAnessuno)
			require.NoError(t, err)
		},
	} {
		for quando := range 4 {
			c, _ := servizio(t)
			c.Busta = sigilla(t, "k1", false)
			a := apri(t, c)
			f, err := a.Scrivi(ctx, ente, strings.NewReader("conteso"), 100)
			require.NoError(t, err)
			nuova, fatte := c, -10
			nuova.Busta = sigilla(t, "k2", false)
			nuova.Trasporto = &interposto{http.DefaultTransport, func(r *http.Request, vai func(*http.Request) (*http.Response, error)) (*http.Response, error) {
				if fatte == quando {
					intanto(a, "conteso")
				}
				fatte++
				return vai(r)
			}}
			s := apri(t, nuova)
			fatte = 0
			_, err = s.Riavvolgi(ctx)
			require.NoError(t, err, "%s %d", nome, quando)
			require.Positive(t, fatte)
			r, err := s.Apri(ctx, ente, f.SHA256)
			if nome == "spazzato" && errors.Is(err, storage.ErrNonTrovata) {
				continue
			}
			require.NoError(t, err, "%s %d", nome, quando)
			b, err := io.ReadAll(r)
			require.NoError(t, errors.Join(err, r.Close()), "%s %d", nome, quando)
			require.Equal(t, "conteso", string(b))
		}
	}
}

// A file that a sweep puts back while Riavvolgi looks at another place.
func TestRiavvolgiMentreSiRimette(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for quando := range 3 {
		c, g := servizio(t)
		c.Busta = sigilla(t, "k1", false)
		a := apri(t, c)
		f, err := a.Scrivi(ctx, ente, strings.NewReader("conteso"), 100)
		require.NoError(t, err)
		n, err := a.Spazza(ctx, ente, g.passaIlSecondo(), serveAnessuno)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		fatte := -10
		c.Busta = sigilla(t, "k2", false)
		c.Trasporto = &interposto{http.DefaultTransport, func(r *http.Request, vai func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			if fatte == quando {
				_, err := a.Spazza(ctx, ente, time.Now().Add(24*time.Hour), serveAtutti)
				require.NoError(t, err)
			}
			fatte++
			return vai(r)
		}}
		s := apri(t, c)
		fatte = 0
		_, err = s.Riavvolgi(ctx)
		require.NoError(t, err)
		c.Busta, c.Trasporto = soloChiave(t, "k2", 2), nil
		require.Equal(t, "conteso", contenuto(t, apri(t, c), ente, f.SHA256), quando)
	}
}

// A service whose list holds for ever what is not there.
func TestRiavvolgiElencoInRitardo(t *testing.T) {
	t.Parallel()
	c, f := nuovoFinto(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("list-type") {
			_, _ = fmt.Fprintf(w, "<ListBucketResult><Contents><Key>e-mnpwqnjqge/ab/%s</Key><Size>5</Size></Contents></ListBucketResult>", impronta)
			return
		}
		errore(w, http.StatusNotFound, "NoSuchKey")
	})
	c.Busta = sigilla(t, "k1", false)
	n, err := apri(t, c).Riavvolgi(context.Background())
	require.NoError(t, err)
	require.Zero(t, n)
	require.Len(t, f.viste(), 8, "four times")
}

// A line that breaks is no altered file.
func TestRiavvolgiInterrotto(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, g := servizio(t)
	c.Busta = sigilla(t, "k1", false)
	f, err := apri(t, c).Scrivi(ctx, ente, bytes.NewReader(acaso(8<<20)), 1<<30)
	require.NoError(t, err)
	prima := g.oggetti()[0].ETag
	c.Busta = sigilla(t, "k2", false)
	c, p := attraverso(t, c)
	a := apri(t, c)
	p.rompi(guasti{}, guasti{dopo: 3 << 20, volte: sempre}, false)
	n, err := a.Riavvolgi(ctx)
	require.Zero(t, n)
	require.Equal(t, guasto.Transitorio, guasto.Di(err), err)
	require.NotErrorIs(t, err, storage.ErrCorrotto)
	require.Equal(t, prima, g.oggetti()[0].ETag)
	p.aggiusta()
	finito, annulla := context.WithCancel(ctx)
	annulla()
	_, err = a.Riavvolgi(finito)
	require.ErrorIs(t, err, context.Canceled)
	n, err = a.Riavvolgi(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.True(t, string(acaso(8<<20)) == contenuto(t, a, ente, f.SHA256))
}

// What is put in the place of a file in the clear is not made genuine, not even
// between the look at it and its sealing.
func TestRiavvolgiNonAutentica(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for quando := range 4 {
		c, g := servizio(t)
		f, err := apri(t, c).Scrivi(ctx, ente, strings.NewReader("planimetria"), 100)
		require.NoError(t, err)
		chiave, fatte := g.oggetti()[0].Key, -10
		c.Busta = sigilla(t, "k1", true)
		c.Trasporto = &interposto{http.DefaultTransport, func(r *http.Request, vai func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			if fatte == quando {
				g.scrivi(chiave, "Planimetria")
			}
			fatte++
			return vai(r)
		}}
		a := apri(t, c)
		fatte = 0
		n, err := a.Riavvolgi(ctx)
		require.ErrorIs(t, err, storage.ErrCorrotto, quando)
		require.Zero(t, n)
		require.Equal(t, "Planimetria", string(g.leggi(chiave)))
		r, err := a.Apri(ctx, ente, f.SHA256)
		if err == nil {
			_, err = io.ReadAll(r)
			require.NoError(t, r.Close())
		}
		require.ErrorIs(t, err, storage.ErrCorrotto)
	}
}
