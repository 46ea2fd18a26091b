package s3

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

// traduci classifies a failure of the service, and leaves what others said: the
// caller's reader or function, a key ring. All operations may be repeated without harm: a
// file under the name of its content is the same however often it is stored. So
// whatever may pass by itself is Transitorio, also where nobody knows whether
// the request was carried out. The chain holds what the service answered (a
// minio.ErrorResponse with code and status alone) or the error of the network,
// never a URL, a key of an object or what the service wrote in prose.
func traduci(ctx context.Context, operazione string, err error) error {
	if err == nil {
		return nil
	}
	var suo *erroreAltrui
	var detto guasto.Classificato
	switch c := ctx.Err(); {
	case errors.As(err, &suo), errors.Is(err, storage.ErrTroppoGrande), errors.Is(err, storage.ErrCorrotto):
		return fmt.Errorf("%s: %w", operazione, err)
	case errors.Is(err, busta.ErrAlterata):
		return fmt.Errorf("%s: %w: %w", operazione, storage.ErrCorrotto, err)
	case errors.As(err, &detto): // by us, or by a key ring
		return err
	case c != nil:
		return guasto.Nuovo(guasto.Transitorio, operazione, "interrotta", c)
	}
	if e, ok := rispostaDi(err); ok {
		classe, codice := classifica(e)
		return guasto.Nuovo(classe, operazione, codice, e)
	}
	causa := senzaIndirizzo(err)
	var rete net.Error
	var certificato *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificato):
		return guasto.Nuovo(guasto.Configurazione, operazione, "certificato", causa)
	case errors.Is(causa, errSenzaTLS):
		return guasto.Nuovo(guasto.Configurazione, operazione, "tls", causa)
	case errors.As(err, &rete) && rete.Timeout():
		return guasto.Nuovo(guasto.Transitorio, operazione, "tempo_scaduto", causa)
	}
	return guasto.Nuovo(guasto.Transitorio, operazione, "rete", causa)
}

var (
	errSenzaTLS = errors.New("il servizio risponde senza TLS")
	formaCodice = regexp.MustCompile(`^[A-Za-z0-9]{1,64}$`)
)

// rispostaDi gives what the service answered, without what it might echo.
func rispostaDi(err error) (minio.ErrorResponse, bool) {
	var e minio.ErrorResponse
	if !errors.As(err, &e) {
		return e, false
	}
	pulita := minio.ErrorResponse{StatusCode: e.StatusCode}
	if formaCodice.MatchString(e.Code) {
		pulita.Code = e.Code
	}
	return pulita, true
}

// assente reports whether the service says that there is no such object.
func assente(err error) bool {
	e, ok := rispostaDi(err)
	return ok && (e.Code == "NoSuchKey" || e.Code == "NotFound" || e.Code == "" && e.StatusCode == http.StatusNotFound)
}

// perCodice classifies the codes of
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html whose
// status does not say enough.
var perCodice = map[string]struct {
	classe guasto.Classe
	codice string
}{
	"NoSuchBucket":                       {guasto.Configurazione, "bucket_assente"},
	"InvalidBucketName":                  {guasto.Configurazione, "bucket_assente"},
	"AuthorizationHeaderMalformed":       {guasto.Configurazione, "regione"},
	"InvalidRegion":                      {guasto.Configurazione, "regione"},
	"IllegalLocationConstraintException": {guasto.Configurazione, "regione"},
	"PermanentRedirect":                  {guasto.Configurazione, "regione"},
	"TemporaryRedirect":                  {guasto.Configurazione, "regione"},
	"RequestTimeTooSkewed":               {guasto.Configurazione, "orologio"},
	"XAdminUserNotFound":                 {guasto.Configurazione, "credenziali"}, // Versity's, as 404
	"ExpiredToken":                       {guasto.Sessione, "credenziali_scadute"},
	"ExpiredTokenException":              {guasto.Sessione, "credenziali_scadute"},
	"TokenRefreshRequired":               {guasto.Sessione, "credenziali_scadute"},
	"InvalidObjectState":                 {guasto.Configurazione, "archiviato"},
	"QuotaExceeded":                      {guasto.Configurazione, "spazio"},
	"XMinioStorageFull":                  {guasto.Configurazione, "spazio"},
	"RequestTimeout":                     {guasto.Transitorio, "tempo_scaduto"},
	"BadDigest":                          {guasto.Transitorio, "trasmissione"},
	"IncompleteBody":                     {guasto.Transitorio, "trasmissione"},
	"XAmzContentSHA256Mismatch":          {guasto.Transitorio, "trasmissione"},
	"NoSuchUpload":                       {guasto.Transitorio, "trasmissione"},
	"InvalidPart":                        {guasto.Transitorio, "trasmissione"},
	"OperationAborted":                   {guasto.Transitorio, "conflitto"},
	"EntityTooLarge":                     {guasto.Permanente, "troppo_grande"},
}

func classifica(e minio.ErrorResponse) (guasto.Classe, string) {
	if c, ok := perCodice[e.Code]; ok {
		return c.classe, c.codice
	}
	switch s := e.StatusCode; {
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		return guasto.Configurazione, "credenziali"
	case s >= 300 && s < 400:
		return guasto.Configurazione, "regione"
	case s == http.StatusNotImplemented || s == http.StatusMethodNotAllowed:
		return guasto.NonSupportata, "non_supportata"
	case s == http.StatusInsufficientStorage:
		return guasto.Configurazione, "spazio"
	case s == http.StatusRequestTimeout:
		return guasto.Transitorio, "tempo_scaduto"
	case s == http.StatusConflict || s == http.StatusPreconditionFailed:
		return guasto.Transitorio, "conflitto"
	case s == http.StatusTooManyRequests || s >= 500:
		return guasto.Transitorio, "servizio"
	case s == 0: // the client's own: an answer that it could not understand
		return guasto.Transitorio, "risposta"
	}
	return guasto.Permanente, "rifiutata"
}

// senzaIndirizzo gives the cause of an error of net/http without the address
// that its text repeats.
func senzaIndirizzo(err error) error {
	var u *url.Error
	if !errors.As(err, &u) {
		return err
	}
	switch testo := u.Err.Error(); {
	case strings.Contains(testo, u.URL): // how minio-go says that the connection was closed
		return io.ErrUnexpectedEOF
	case strings.Contains(testo, "server gave HTTP response to HTTPS client"):
		return errSenzaTLS
	}
	return u.Err
}
