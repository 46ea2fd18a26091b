package s3_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage/busta"
	"github.com/sportello-digitale/pratiche/storage/s3"
)

const ente = "c_h501"

// servizio gives the real service that PRATICHE_S3 names, with a prefix of its
// own that is emptied at the end, and a client that sees the objects as they are.
func servizio(t testing.TB) (s3.Config, *grezzo) {
	t.Helper()
	v := os.Getenv("PRATICHE_S3")
	if v == "" {
		t.Skip("PRATICHE_S3 assente: imposta http(s)://chiave:segreto@host:porta/bucket di un servizio S3 su cui scrivere")
	}
	u, err := url.Parse(v)
	require.NoError(t, err)
	segreto, _ := u.User.Password()
	c := s3.Config{
		Endpoint: u.Host, Bucket: strings.Trim(u.Path, "/"), Prefix: "prove/" + strings.ToLower(rand.Text()),
		Chiave: u.User.Username(), Segreto: segreto, InChiaro: u.Scheme == "http", Temporanei: t.TempDir(),
	}
	cliente, err := minio.New(c.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(c.Chiave, c.Segreto, ""), Secure: !c.InChiaro})
	require.NoError(t, err)
	g := &grezzo{Core: minio.Core{Client: cliente}, t: t, bucket: c.Bucket, prefix: c.Prefix + "/"}
	t.Cleanup(g.svuota)
	return c, g
}

// apri opens an Archivio and closes it at the end.
func apri(t testing.TB, c s3.Config) *s3.Archivio {
	t.Helper()
	a, err := s3.New(context.Background(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	return a
}

// sigilla gives a Busta with the keys k1 and k2, of which one is active.
func sigilla(t testing.TB, attiva string, ammetti bool) *busta.Busta {
	t.Helper()
	chiavi, err := busta.NewChiavi(attiva, map[string][]byte{"k1": bytes.Repeat([]byte{1}, 32), "k2": bytes.Repeat([]byte{2}, 32)})
	require.NoError(t, err)
	b, err := busta.New(busta.Config{Portachiavi: chiavi, AmmettiInChiaro: ammetti})
	require.NoError(t, err)
	return b
}

// grezzo sees the objects below a prefix.
type grezzo struct {
	minio.Core
	t      testing.TB
	bucket string
	prefix string
}

func (g *grezzo) oggetti() (o []minio.ObjectInfo) {
	g.t.Helper()
	for i := range g.ListObjectsIter(context.Background(), g.bucket, minio.ListObjectsOptions{Prefix: g.prefix, Recursive: true}) {
		require.NoError(g.t, i.Err)
		o = append(o, i)
	}
	return o
}

// chiavi gives the keys that hold s.
func (g *grezzo) chiavi(s string) (chiavi []string) {
	g.t.Helper()
	for _, o := range g.oggetti() {
		if strings.Contains(o.Key, s) {
			chiavi = append(chiavi, o.Key)
		}
	}
	return chiavi
}

// sospesi gives the uploads in parts that nobody finished.
func (g *grezzo) sospesi() []minio.ObjectMultipartInfo {
	g.t.Helper()
	r, err := g.ListMultipartUploads(context.Background(), g.bucket, g.prefix, "", "", "", 1000)
	require.NoError(g.t, err)
	return r.Uploads
}

func (g *grezzo) scrivi(chiave, contenuto string) {
	g.t.Helper()
	_, err := g.Client.PutObject(context.Background(), g.bucket, chiave, strings.NewReader(contenuto), int64(len(contenuto)), minio.PutObjectOptions{})
	require.NoError(g.t, err)
}

func (g *grezzo) leggi(chiave string) []byte {
	g.t.Helper()
	o, err := g.Client.GetObject(context.Background(), g.bucket, chiave, minio.GetObjectOptions{})
	require.NoError(g.t, err)
	defer o.Close()
	b, err := io.ReadAll(o)
	require.NoError(g.t, err)
	return b
}

func (g *grezzo) svuota() {
	for _, o := range g.oggetti() {
		require.NoError(g.t, g.RemoveObject(context.Background(), g.bucket, o.Key, minio.RemoveObjectOptions{}))
	}
	for _, u := range g.sospesi() {
		require.NoError(g.t, g.AbortMultipartUpload(context.Background(), g.bucket, u.Key, u.UploadID))
	}
}
