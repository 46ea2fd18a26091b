package s3_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/s3"
)

var impronta = strings.Repeat("ab", 32)

// codice gives the code of the guasto.Errore in err.
func codice(t testing.TB, err error) string {
	t.Helper()
	var g *guasto.Errore
	require.ErrorAs(t, err, &g)
	return g.Codice
}

// discreto: the error tells neither secrets, nor addresses of objects, nor what
// the service echoed, however deep one looks.
func discreto(t testing.TB, err error) {
	t.Helper()
	require.NotContains(t, err.Error(), "127.0.0.1")
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, s := range []string{"segretissimo", "http://", "https://", "Rossi", "rossi", "archivio/", "e-mn"} {
			require.NotContains(t, e.Error(), s)
		}
	}
}

func TestClassi(t *testing.T) {
	t.Parallel()
	for _, caso := range []struct {
		stato  int
		nome   string
		classe guasto.Classe
		codice string
	}{
		{403, "AccessDenied", guasto.Configurazione, "credenziali"},
		{403, "InvalidAccessKeyId", guasto.Configurazione, "credenziali"},
		{403, "SignatureDoesNotMatch", guasto.Configurazione, "credenziali"},
		{401, "", guasto.Configurazione, "credenziali"},
		{403, "RequestTimeTooSkewed", guasto.Configurazione, "orologio"},
		{400, "ExpiredToken", guasto.Sessione, "credenziali_scadute"},
		{404, "NoSuchBucket", guasto.Configurazione, "bucket_assente"},
		{301, "PermanentRedirect", guasto.Configurazione, "regione"},
		{307, "", guasto.Configurazione, "regione"},
		{400, "AuthorizationHeaderMalformed", guasto.Configurazione, "regione"},
		{403, "InvalidObjectState", guasto.Configurazione, "archiviato"},
		{507, "XMinioStorageFull", guasto.Configurazione, "spazio"},
		{507, "", guasto.Configurazione, "spazio"},
		{501, "NotImplemented", guasto.NonSupportata, "non_supportata"},
		{405, "MethodNotAllowed", guasto.NonSupportata, "non_supportata"},
		{500, "InternalError", guasto.Transitorio, "servizio"},
		{503, "SlowDown", guasto.Transitorio, "servizio"},
		{502, "", guasto.Transitorio, "servizio"},
		{429, "", guasto.Transitorio, "servizio"},
		{408, "", guasto.Transitorio, "tempo_scaduto"},
		{400, "RequestTimeout", guasto.Transitorio, "tempo_scaduto"},
		{409, "OperationAborted", guasto.Transitorio, "conflitto"},
		{412, "", guasto.Transitorio, "conflitto"},
		{400, "InvalidArgument", guasto.Permanente, "rifiutata"},
		{400, "di Rossi, nato a", guasto.Permanente, "rifiutata"},
	} {
		t.Run(fmt.Sprint(caso.stato, " ", caso.nome), func(t *testing.T) {
			t.Parallel()
			a, _ := apriFinto(t, func(w http.ResponseWriter, _ *http.Request) { errore(w, caso.stato, caso.nome) })
			_, err := a.Apri(context.Background(), ente, impronta)
			require.Equal(t, caso.classe, guasto.Di(err), err)
			require.Equal(t, caso.codice, codice(t, err))
			require.NotErrorIs(t, err, storage.ErrNonTrovata)
			discreto(t, err)
			var r minio.ErrorResponse
			require.ErrorAs(t, err, &r)
			require.Equal(t, caso.stato, r.StatusCode)
			require.Empty(t, r.Key)
		})
	}
}

func TestRisposteStrane(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for nome, caso := range map[string]struct {
		rispondi func(w http.ResponseWriter, r *http.Request)
		classe   guasto.Classe
		codice   string
	}{
		"riaggancia": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, guasto.Transitorio, "rete"},
		"a_meta": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
			_, _ = w.Write([]byte("mezzo"))
		}, guasto.Transitorio, "rete"},
		"data_illeggibile": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Last-Modified", "ieri")
			_, _ = w.Write([]byte("x"))
		}, guasto.Transitorio, "risposta"},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			a, _ := apriFinto(t, caso.rispondi)
			r, err := a.Apri(ctx, ente, impronta)
			if err == nil {
				_, err = io.ReadAll(r)
				require.NoError(t, r.Close())
			}
			require.Equal(t, caso.classe, guasto.Di(err), err)
			require.Equal(t, caso.codice, codice(t, err))
			discreto(t, err)
		})
	}
}

func TestRiprova(t *testing.T) {
	t.Parallel()
	volte := 0
	c, f := nuovoFinto(t, func(w http.ResponseWriter, _ *http.Request) {
		if volte++; volte < 3 {
			errore(w, http.StatusServiceUnavailable, "SlowDown")
			return
		}
		errore(w, http.StatusForbidden, "AccessDenied")
	})
	c.Tentativi = 0
	_, err := apri(t, c).Apri(context.Background(), ente, impronta)
	require.Equal(t, "credenziali", codice(t, err))
	require.Len(t, f.viste(), 3)
}

func TestConfig(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	buona, _ := nuovoFinto(t, nil)
	apri(t, buona)
	for nome, caso := range map[string]struct {
		guasta func(c *s3.Config)
		codici []string
	}{
		"vuota":           {func(c *s3.Config) { *c = s3.Config{} }, []string{"endpoint", "bucket", "credenziali"}},
		"indirizzo":       {func(c *s3.Config) { c.Endpoint = "https://s3.example" }, []string{"endpoint"}},
		"utente":          {func(c *s3.Config) { c.Endpoint = "chiave@s3.example" }, []string{"endpoint"}},
		"porta":           {func(c *s3.Config) { c.Endpoint = "s3.example:porta" }, []string{"endpoint"}},
		"bucket":          {func(c *s3.Config) { c.Bucket = "Comune di Roma" }, []string{"bucket"}},
		"prefix_fuori":    {func(c *s3.Config) { c.Prefix = "a/../b" }, []string{"prefix"}},
		"prefix_nascosto": {func(c *s3.Config) { c.Prefix = ".a" }, []string{"prefix"}},
		"prefix_assoluto": {func(c *s3.Config) { c.Prefix = "/a" }, []string{"prefix"}},
		"prefix_aperto":   {func(c *s3.Config) { c.Prefix = "a/" }, []string{"prefix"}},
		"prefix_strano":   {func(c *s3.Config) { c.Prefix = "è" }, []string{"prefix"}},
		"prefix_lungo":    {func(c *s3.Config) { c.Prefix = strings.Repeat("a", 65) }, []string{"prefix"}},
		"senza_segreto":   {func(c *s3.Config) { c.Segreto = "" }, []string{"credenziali"}},
		"senza_chiave":    {func(c *s3.Config) { c.Chiave = "" }, []string{"credenziali"}},
		"due_volte":       {func(c *s3.Config) { c.Credenziali = credentials.NewStaticV4("a", "b", "") }, []string{"credenziali"}},
		"mezza_e_mezza": {func(c *s3.Config) {
			c.Credenziali, c.Segreto = credentials.NewStaticV4("a", "b", ""), ""
		}, []string{"credenziali"}},
	} {
		c := buona
		caso.guasta(&c)
		_, err := s3.New(ctx, c)
		require.ErrorIs(t, err, s3.ErrConfig, nome)
		require.Equal(t, guasto.Configurazione, guasto.Di(err), nome)
		for _, s := range caso.codici {
			require.ErrorContains(t, err, "("+s+")", nome)
		}
		require.Equal(t, len(caso.codici), strings.Count(err.Error(), "s3.New"), nome)
	}
	c := buona
	c.Chiave, c.Segreto, c.Credenziali, c.Prefix = "", "", credentials.NewStaticV4("chiave", "segretissimo", ""), "comune/Prova_1.x"
	apri(t, c)
	finito, annulla := context.WithCancel(ctx)
	annulla()
	_, err := s3.New(finito, buona)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
}

func TestConfigNonSiTradisce(t *testing.T) {
	t.Parallel()
	c := s3.Config{Endpoint: "s3.example", Bucket: "archivio", Prefix: "a", Chiave: "laChiave", Segreto: "ilSegreto"}
	var b strings.Builder
	slog.New(slog.NewTextHandler(&b, nil)).Info("config", "c", c, "p", &c)
	for _, s := range []string{b.String(), fmt.Sprint(c), fmt.Sprintf("%v %+v %#v %s", c, c, c, &c)} {
		require.Contains(t, s, "s3.example")
		require.NotContains(t, s, "laChiave")
		require.NotContains(t, s, "ilSegreto")
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, radici := nuovoFintoTLS(t)
	_, err := s3.New(ctx, c)
	require.Equal(t, guasto.Configurazione, guasto.Di(err), "nobody trusts it")
	require.Equal(t, "certificato", codice(t, err))
	discreto(t, err)
	c.Radici = radici
	apri(t, c)
	inChiaro, _ := nuovoFinto(t, nil)
	inChiaro.InChiaro = false
	_, err = s3.New(ctx, inChiaro)
	require.Equal(t, guasto.Configurazione, guasto.Di(err), "TLS unless told otherwise")
	require.Equal(t, "tls", codice(t, err))
	discreto(t, err)
}

func TestNessunoRisponde(t *testing.T) {
	t.Parallel()
	c, f := nuovoFinto(t, nil)
	f.Close()
	_, err := s3.New(context.Background(), c)
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	require.Equal(t, "rete", codice(t, err))
	discreto(t, err)
}

func TestSilenzio(t *testing.T) {
	t.Parallel()
	fine := make(chan struct{})
	c, _ := nuovoFinto(t, func(http.ResponseWriter, *http.Request) { <-fine })
	t.Cleanup(func() { close(fine) }) // before the server waits for its handlers
	a := apri(t, c)
	ctx, annulla := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer annulla()
	_, err := a.Apri(ctx, ente, impronta)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	require.Equal(t, "interrotta", codice(t, err))
	c.Attesa = time.Second
	_, err = apri(t, c).Apri(context.Background(), ente, impronta)
	require.Equal(t, guasto.Transitorio, guasto.Di(err))
	require.Equal(t, "tempo_scaduto", codice(t, err))
	discreto(t, err)
}
