// Package s3 is an Archivio on any service that speaks the protocol of Amazon
// S3: each file is an object under the SHA-256 of its content, below the name of
// its ente.
//
//	<Prefix>/e-<ente in base32>/<first two digits>/<SHA-256 of the plain content>
//	<Prefix>/e-<ente in base32>/quarantena/<SHA-256>-<random>
//
// A file arrives as a stream and its name is known only at its end, so it waits
// in a temporary file of the host, of mode 0600 and, where the system allows it,
// without a name. It is then uploaded with its SHA-256 in the signature, which
// the service has to verify; above 16 MiB in parts. What is stored is complete
// or is not there.
//
// # Quarantine
//
// S3 has no removal on condition that every service honours, and an answer may
// come late. So Spazza never removes a file at once: it copies it to a name of
// its own in quarantine, never used again, and then takes it from its place.
// Apri looks there as well. A later Spazza, for which the copy is old too, asks
// again whether the file is needed: it then goes back to its place, or is gone
// for good. A command that stored a content which was there already, while a
// sweep was taking it, loses nothing.
//
// The price is that a file which nobody needs is gone with the second sweep, not
// with the first. In a bucket with versions, or with a lock, it is gone when the
// rules of the bucket say so.
//
// # Permissions
//
// The credentials need s3:ListBucket and s3:ListBucketMultipartUploads on the
// bucket (s3:GetBucketLocation too where Regione is not given), s3:GetObject, s3:PutObject, s3:DeleteObject and
// s3:AbortMultipartUpload on its objects. Without the first, services answer
// "access denied" where a file is merely absent. The bucket holds what citizens
// upload: it must not be public.
package s3

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

// ErrConfig: the Config given to New is not complete, or holds something that
// cannot be. The code of the guasto.Errore around it names the field.
var ErrConfig = errors.New("s3: configurazione non valida")

// MassimoFile bounds a file whatever the caller of Scrivi allows, in bytes: a
// copy within the service, which quarantine rests on, ends at 5 GiB.
const MassimoFile = 4 << 30

const (
	// contesto binds what a Busta seals to its use. Which file it is says its hash.
	contesto      = "archivio"
	massimoPrefix = 64 // bytes; with the longest ente a key stays below the 1024 of S3
	parte         = 16 << 20
)

// Config says which bucket of which service, and as whom. It prints without its
// credentials.
type Config struct {
	// Endpoint is the host of the service, with a port where it is not the usual
	// one: "s3.eu-south-1.amazonaws.com", "minio.comune.example:9000". Required.
	Endpoint string
	// Bucket must exist, unless CreaBucket. Required.
	Bucket string
	// CreaBucket makes New create the bucket where it does not exist.
	CreaBucket bool
	// Prefix is put before every name, so that a bucket may hold other things too:
	// letters, digits, "_", "-" and, but not first, ".", in pieces between "/"; at
	// most 64 bytes. Defaults to none.
	Prefix string
	// Regione of the bucket. Defaults to asking the service, once.
	Regione string

	// Credenziali, or else Chiave and Segreto, say who we are. Required: this
	// package looks for none, neither in the environment nor in files.
	Credenziali     *credentials.Credentials
	Chiave, Segreto string

	// InChiaro speaks HTTP without TLS: for a service on the same machine.
	InChiaro bool
	// Radici are the authorities that vouch for the service. Defaults to those of
	// the system.
	Radici *x509.CertPool
	// Trasporto carries the requests, through a proxy for instance; Radici then
	// does not count, and Attesa no longer bounds a silence in the middle of a
	// file. Defaults to one of our own, without proxy.
	Trasporto http.RoundTripper
	// Attesa is how long the service may be silent: a request in which nothing
	// moves for so long has failed. Defaults to a minute.
	Attesa time.Duration
	// Tentativi is how many times a request is made in all where the service does
	// not answer, or says to try again. Defaults to 3.
	Tentativi int

	// Busta encrypts the files before they leave the process, and before they
	// touch a disk. What was stored before without one is read, and sealed by
	// Riavvolgi, where the Busta admits what is not sealed. Defaults to nil: files
	// are stored as they are.
	Busta *busta.Busta

	// Temporanei is the folder for files on their way; it needs room for all that
	// arrive at once. Defaults to os.TempDir.
	Temporanei string
	// Ora gives the instant (UTC). Defaults to time.Now.
	Ora func() time.Time
	// Logger hears what an administrator should know. Never personal data.
	// Defaults to nothing.
	Logger *slog.Logger
}

// String gives where the files are, not as whom.
func (c Config) String() string { return "s3 " + c.Endpoint + "/" + c.Bucket + "/" + c.Prefix }

// GoString keeps the credentials out of %#v.
func (c Config) GoString() string { return c.String() }

// LogValue implements slog.LogValuer: where the files are, not as whom.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(slog.String("endpoint", c.Endpoint), slog.String("bucket", c.Bucket), slog.String("prefix", c.Prefix))
}

// Archivio is a storage.Archivio, a storage.Spazzino and a storage.Riavvolgitore.
// Make it with New. Safe for concurrent use by goroutines and processes.
type Archivio struct {
	cliente    minio.Core
	trasporto  *http.Transport // nil where it is the host's
	bucket     string
	radice     string // prefix of all keys: "" or with a final "/"
	temporanei string
	busta      *busta.Busta
	attesa     time.Duration
	ora        func() time.Time
	logger     *slog.Logger
}

var (
	_ storage.Archivio      = (*Archivio)(nil)
	_ storage.Spazzino      = (*Archivio)(nil)
	_ storage.Riavvolgitore = (*Archivio)(nil)
)

// New checks the configuration and that the bucket is there and may be used.
// Errors: ErrConfig, of class Configurazione, for each field that is wrong, all
// at once; Configurazione also where the bucket does not exist, the credentials
// are refused or the certificate is not trusted; Transitorio where the service
// does not answer, Sessione where the credentials expired.
//
// It starts no goroutine of its own, but net/http keeps two for each idle
// connection, for a minute or until Close.
func New(ctx context.Context, c Config) (*Archivio, error) {
	if err := c.verifica(); err != nil {
		return nil, err
	}
	a := &Archivio{bucket: c.Bucket, temporanei: c.Temporanei, busta: c.Busta, attesa: c.Attesa, ora: c.Ora, logger: c.Logger}
	if c.Prefix != "" {
		a.radice = c.Prefix + "/"
	}
	if a.temporanei == "" {
		a.temporanei = os.TempDir()
	}
	if a.attesa <= 0 {
		a.attesa = time.Minute
	}
	if a.ora == nil {
		a.ora = time.Now
	}
	if a.logger == nil {
		a.logger = slog.New(slog.DiscardHandler)
	}
	if c.Tentativi <= 0 {
		c.Tentativi = 3
	}
	if c.Credenziali == nil {
		c.Credenziali = credentials.NewStaticV4(c.Chiave, c.Segreto, "")
	}
	if c.Trasporto == nil {
		a.trasporto = nuovoTrasporto(a.attesa, &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.Radici})
		c.Trasporto = a.trasporto
	}
	cliente, err := minio.New(c.Endpoint, &minio.Options{
		Creds: c.Credenziali, Secure: !c.InChiaro, Region: c.Regione, Transport: c.Trasporto, MaxRetries: c.Tentativi,
	})
	if err != nil {
		return nil, guasto.Nuovo(guasto.Configurazione, "s3.New", "endpoint", ErrConfig)
	}
	a.cliente = minio.Core{Client: cliente}
	if err := a.trovaBucket(ctx, c); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

var formaPrefix = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$`)

func (c *Config) verifica() error {
	var errs []error
	rifiuta := func(campo string, se bool) {
		if se {
			errs = append(errs, guasto.Nuovo(guasto.Configurazione, "s3.New", campo, ErrConfig))
		}
	}
	rifiuta("endpoint", c.Endpoint == "" || strings.ContainsAny(c.Endpoint, "/@?# "))
	rifiuta("bucket", s3utils.CheckValidBucketNameStrict(c.Bucket) != nil)
	rifiuta("prefix", c.Prefix != "" && (len(c.Prefix) > massimoPrefix || !formaPrefix.MatchString(c.Prefix)))
	coppia := c.Chiave != "" && c.Segreto != ""
	mezza := (c.Chiave != "" || c.Segreto != "") && !coppia
	rifiuta("credenziali", mezza || coppia == (c.Credenziali != nil))
	return errors.Join(errs...)
}

// trovaBucket lists, because a mere HEAD says of an error no more than 403 or 404.
func (a *Archivio) trovaBucket(ctx context.Context, c Config) error {
	const op = "s3.New"
	var err error
	for o := range a.cliente.ListObjectsIter(ctx, a.bucket, minio.ListObjectsOptions{Prefix: a.radice, MaxKeys: 1}) {
		err = o.Err
		break
	}
	if err == nil {
		err = ctx.Err() // the list ends in silence
	}
	if e, ok := rispostaDi(err); ok && e.Code == "NoSuchBucket" && c.CreaBucket {
		return a.creaBucket(ctx, c.Regione)
	}
	return traduci(ctx, op, err)
}

func (a *Archivio) creaBucket(ctx context.Context, regione string) error {
	err := a.cliente.MakeBucket(ctx, a.bucket, minio.MakeBucketOptions{Region: regione})
	if e, ok := rispostaDi(err); ok && e.Code == "BucketAlreadyOwnedByYou" { // another process of ours
		return nil
	}
	if err != nil {
		return traduci(ctx, "s3.New", err)
	}
	a.logger.InfoContext(ctx, "s3: bucket creato", slog.String("bucket", a.bucket))
	return nil
}

// Close lets go of the idle connections. Readers that are open go on.
func (a *Archivio) Close() error {
	if a.trasporto != nil {
		a.trasporto.CloseIdleConnections()
	}
	return nil
}
