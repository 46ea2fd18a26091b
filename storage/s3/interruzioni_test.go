package s3_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
)

// acaso gives n bytes that no compression makes shorter.
func acaso(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func TestInvioInterrotto(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for nome, caso := range map[string]struct {
		lungo int
		fermo bool
		volte int
	}{
		"intero":         {8 << 20, false, sempre},
		"a_parti":        {40 << 20, false, sempre},
		"intero_fermo":   {8 << 20, true, sempre},
		"a_parti_fermo":  {40 << 20, true, sempre},
		"una_volta":      {8 << 20, false, 1},
		"a_parti_due":    {40 << 20, false, 2},
		"piccolo_niente": {1 << 10, false, sempre}, // too short to break
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			c, g := servizio(t)
			c, p := attraverso(t, c)
			c.Attesa = 3 * time.Second
			if caso.fermo {
				c.Tentativi = 1
			}
			a := apri(t, c)
			b := acaso(caso.lungo)
			riesce := caso.volte != sempre || caso.lungo < 1<<20
			p.rompi(guasti{dopo: 3 << 20, volte: caso.volte}, guasti{}, caso.fermo)
			f, err := a.Scrivi(ctx, ente, bytes.NewReader(b), 1<<30)
			if !riesce {
				require.Equal(t, guasto.Transitorio, guasto.Di(err), err)
				discreto(t, err)
				require.Empty(t, g.oggetti(), "nothing was kept")
				require.Empty(t, g.sospesi(), "nor parts")
				p.aggiusta()
				f, err = a.Scrivi(ctx, ente, bytes.NewReader(b), 1<<30)
			}
			require.NoError(t, err)
			require.Len(t, g.oggetti(), 1)
			r, err := a.Apri(ctx, ente, f.SHA256)
			require.NoError(t, err)
			letti, err := io.ReadAll(r)
			require.NoError(t, errors.Join(err, r.Close()))
			require.True(t, bytes.Equal(b, letti))
		})
	}
}

func TestLetturaInterrotta(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, fermo := range []bool{false, true} {
		for _, sigillato := range []bool{false, true} {
			t.Run(fmt.Sprint("fermo_", fermo, "_sigillato_", sigillato), func(t *testing.T) {
				t.Parallel()
				c, _ := servizio(t)
				c, p := attraverso(t, c)
				c.Attesa = 3 * time.Second
				if sigillato {
					c.Busta = sigilla(t, "k1", false)
				}
				a := apri(t, c)
				b := acaso(8 << 20)
				f, err := a.Scrivi(ctx, ente, bytes.NewReader(b), 1<<30)
				require.NoError(t, err)
				p.rompi(guasti{}, guasti{dopo: 3 << 20, volte: sempre}, fermo)
				r, err := a.Apri(ctx, ente, f.SHA256)
				require.NoError(t, err)
				letti, err := io.ReadAll(r)
				require.Equal(t, guasto.Transitorio, guasto.Di(err), err)
				require.NotErrorIs(t, err, storage.ErrCorrotto, "it is the line, not the file")
				discreto(t, err)
				require.Less(t, len(letti), len(b))
				require.NoError(t, r.Close())
				p.aggiusta()
				r, err = a.Apri(ctx, ente, f.SHA256)
				require.NoError(t, err)
				letti, err = io.ReadAll(r)
				require.NoError(t, errors.Join(err, r.Close()))
				require.True(t, bytes.Equal(b, letti))
			})
		}
	}
}

func TestServizioViaEPoiTorna(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, _ := servizio(t)
	c, p := attraverso(t, c)
	c.Tentativi = 2
	a := apri(t, c)
	f, err := a.Scrivi(ctx, ente, bytes.NewReader([]byte("ciao")), 100)
	require.NoError(t, err)
	p.via()
	_, err = a.Scrivi(ctx, ente, bytes.NewReader([]byte("ancora")), 100)
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	discreto(t, err)
	_, err = a.Apri(ctx, ente, f.SHA256)
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	require.NotErrorIs(t, err, storage.ErrNonTrovata)
	_, err = a.Spazza(ctx, ente, time.Now(), nil)
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	p.torna()
	_, err = a.Scrivi(ctx, ente, bytes.NewReader([]byte("ancora")), 100)
	require.NoError(t, err)
	r, err := a.Apri(ctx, ente, f.SHA256)
	require.NoError(t, err)
	b, err := io.ReadAll(r)
	require.NoError(t, errors.Join(err, r.Close()))
	require.Equal(t, "ciao", string(b))
}

// interposto lets a test into each request.
type interposto struct {
	http.RoundTripper
	passa func(r *http.Request, vai func(*http.Request) (*http.Response, error)) (*http.Response, error)
}

func (i *interposto) RoundTrip(r *http.Request) (*http.Response, error) {
	return i.passa(r, i.RoundTripper.RoundTrip)
}

// An answer that gets lost: the request worked, and nobody knows.
func TestRispostaPersa(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, lungo := range []int{10, 20 << 20} {
		c, g := servizio(t)
		perdi := true
		c.Trasporto = &interposto{http.DefaultTransport, func(r *http.Request, vai func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			risposta, err := vai(r)
			fine := r.Method == http.MethodPut && !r.URL.Query().Has("partNumber") || r.Method == http.MethodPost && r.URL.Query().Has("uploadId")
			if err == nil && fine && perdi {
				_ = risposta.Body.Close()
				return nil, errors.New("persa")
			}
			return risposta, err
		}}
		a := apri(t, c)
		b := acaso(lungo)
		_, err := a.Scrivi(ctx, ente, bytes.NewReader(b), 1<<30)
		require.Equal(t, guasto.Transitorio, guasto.Di(err))
		perdi = false
		f, err := a.Scrivi(ctx, ente, bytes.NewReader(b), 1<<30)
		require.NoError(t, err)
		require.Len(t, g.oggetti(), 1)
		require.Empty(t, g.sospesi())
		require.True(t, bytes.Equal(b, g.leggi(g.oggetti()[0].Key)))
		require.EqualValues(t, lungo, f.Dimensione)
	}
}

// What changes on its way is refused by the service, part by part too.
func TestAlteratoPerStrada(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, lungo := range []int{10, 20 << 20} {
		c, g := servizio(t)
		altera := true
		c.Trasporto = &interposto{http.DefaultTransport, func(r *http.Request, vai func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			if altera && r.Method == http.MethodPut {
				r = r.Clone(r.Context())
				r.Body = io.NopCloser(&alterato{Reader: r.Body})
			}
			return vai(r)
		}}
		a := apri(t, c)
		_, err := a.Scrivi(ctx, ente, bytes.NewReader(acaso(lungo)), 1<<30)
		require.Equal(t, guasto.Transitorio, guasto.Di(err), err)
		require.Equal(t, "trasmissione", codice(t, err))
		require.Empty(t, g.oggetti())
		require.Empty(t, g.sospesi())
		altera = false
		_, err = a.Scrivi(ctx, ente, bytes.NewReader(acaso(lungo)), 1<<30)
		require.NoError(t, err)
	}
}

// alterato flips a bit of the first byte.
type alterato struct {
	io.Reader
	fatto bool
}

func (a *alterato) Read(b []byte) (int, error) {
	n, err := a.Reader.Read(b)
	if n > 0 && !a.fatto {
		b[0] ^= 1
		a.fatto = true
	}
	return n, err
}
