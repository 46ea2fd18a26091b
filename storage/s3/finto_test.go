package s3_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage/s3"
)

// finto answers as a test wants, for what no real service can be brought to do.
// It is no S3: that the adapter works is proved on a real one.
type finto struct {
	*httptest.Server
	mu        sync.Mutex
	richieste []string
	rispondi  func(w http.ResponseWriter, r *http.Request)
}

// nuovoFinto says that every bucket exists and leaves the rest to rispondi.
func nuovoFinto(t testing.TB, rispondi func(w http.ResponseWriter, r *http.Request)) (s3.Config, *finto) {
	t.Helper()
	f := &finto{rispondi: rispondi}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return s3.Config{Endpoint: f.Listener.Addr().String(), Bucket: "archivio", Regione: "it", Chiave: "chiave", Segreto: "segretissimo",
		InChiaro: true, Tentativi: 1, Temporanei: t.TempDir()}, f
}

// nuovoFintoTLS speaks TLS, with a certificate that only radici trust.
func nuovoFintoTLS(t testing.TB) (s3.Config, *x509.CertPool) {
	t.Helper()
	f := &finto{}
	f.Server = httptest.NewUnstartedServer(f)
	f.Config.ErrorLog = nil
	f.StartTLS()
	t.Cleanup(f.Close)
	radici := x509.NewCertPool()
	radici.AddCert(f.Certificate())
	return s3.Config{Endpoint: f.Listener.Addr().String(), Bucket: "archivio", Regione: "it", Chiave: "chiave", Segreto: "segretissimo", Tentativi: 1}, radici
}

func (f *finto) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("max-keys") == "1" { // New looks for the bucket
		_, _ = io.WriteString(w, "<ListBucketResult></ListBucketResult>")
		return
	}
	corpo, _ := io.ReadAll(r.Body)
	voce := r.Method + " " + r.URL.Path
	if r.Header.Get("X-Amz-Copy-Source") != "" {
		voce = "COPY " + r.URL.Path
	}
	f.mu.Lock()
	f.richieste = append(f.richieste, fmt.Sprintf("%s %d", voce, len(corpo)))
	f.mu.Unlock()
	f.rispondi(w, r)
}

// viste gives the requests so far: method, path, length of the body.
func (f *finto) viste() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.richieste...)
}

// errore answers as S3 does.
func errore(w http.ResponseWriter, stato int, codice string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(stato)
	if codice != "" {
		_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>del richiedente Rossi</Message><Key>segreto/rossi.pdf</Key></Error>", codice)
	}
}

func apriFinto(t testing.TB, rispondi func(w http.ResponseWriter, r *http.Request)) (*s3.Archivio, *finto) {
	t.Helper()
	c, f := nuovoFinto(t, rispondi)
	a, err := s3.New(context.Background(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	return a, f
}
