package s3

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

const (
	// scadenzaCaricamento is how long after its beginning an upload in parts
	// counts as left behind.
	scadenzaCaricamento = 24 * time.Hour
	// scadenzaRimozione bounds the time between the copy of a file and its removal.
	scadenzaRimozione = 5 * time.Minute
)

// Spazza implements storage.Spazzino. What nobody needs goes into quarantine, as
// the comment of the package says, and is counted. What was in quarantine before
// prima, and is needed, goes back to its place; otherwise it is removed for good,
// without being counted again. Parts of uploads that were begun more than a day
// ago and never finished are removed too.
//
// Dates are those of the service, to the second. prima must lie at least an hour
// before now, better a day: a command may take so long from storing a file to
// referring to it, and the clocks of host and service may differ. A file stored
// again meanwhile is young and stays. Any number of sweeps may run at once.
//
// An error of serve ends the sweep and comes through without a class. Each file
// that is taken costs four requests.
func (a *Archivio) Spazza(ctx context.Context, ente string, prima time.Time, serve func(sha256 string) (bool, error)) (int, error) {
	const op = "s3.Spazza"
	cartella, err := a.cartella(ente)
	if err != nil {
		return 0, err
	}
	tolti := 0
	for o := range a.cliente.ListObjectsIter(ctx, a.bucket, minio.ListObjectsOptions{Prefix: cartella, Recursive: true}) {
		if o.Err != nil {
			return tolti, traduci(ctx, op, o.Err)
		}
		impronta, dove := leggiNome(cartella, o.Key)
		if dove == altrove || !vecchio(o.LastModified, prima) {
			continue
		}
		si, err := serve(impronta)
		if err != nil {
			return tolti, traduci(ctx, op, &erroreAltrui{err})
		}
		var fatto bool
		switch {
		case dove == alSuoPosto && !si:
			fatto, err = a.togli(ctx, cartella, impronta, prima)
		case dove == inQuarantena && si:
			err = a.rimetti(ctx, o.Key, nomeFile(cartella, impronta))
		case dove == inQuarantena:
			err = a.elimina(ctx, o.Key)
		}
		if err != nil {
			return tolti, traduci(ctx, op, err)
		}
		if fatto {
			tolti++
		}
	}
	if err := ctx.Err(); err != nil { // the list ends in silence
		return tolti, traduci(ctx, op, err)
	}
	return tolti, traduci(ctx, op, a.togliParti(ctx, cartella))
}

// vecchio reports whether all of the second of an instant, which is how
// precisely services tell it, lies before prima.
func vecchio(quando, prima time.Time) bool {
	return !quando.IsZero() && !quando.Truncate(time.Second).Add(time.Second).After(prima)
}

// togli puts a file into quarantine if it is still as old.
func (a *Archivio) togli(ctx context.Context, cartella, impronta string, prima time.Time) (bool, error) {
	ctx, fine := context.WithTimeout(ctx, scadenzaRimozione)
	defer fine()
	chiave, tolto := nomeFile(cartella, impronta), nomeQuarantena(cartella, impronta)
	o, err := a.cliente.StatObject(ctx, a.bucket, chiave, minio.StatObjectOptions{})
	if assente(err) || err == nil && !vecchio(o.LastModified, prima) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	copia, err := a.copia(ctx, chiave, tolto)
	if assente(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := a.elimina(ctx, chiave); err != nil {
		return false, err
	}
	if vecchio(copia, prima) { // prima lies ahead: the caller wants no quarantine
		return true, a.elimina(ctx, tolto)
	}
	return true, nil
}

// rimetti takes a file out of quarantine.
func (a *Archivio) rimetti(ctx context.Context, tolto, chiave string) error {
	_, err := a.cliente.StatObject(ctx, a.bucket, chiave, minio.StatObjectOptions{})
	if assente(err) {
		_, err = a.copia(ctx, tolto, chiave)
		if assente(err) {
			return nil // another sweep did it
		}
		if err == nil {
			a.logger.InfoContext(ctx, "s3: rimesso a posto un file in quarantena", slog.String("sha256", chiave[len(chiave)-64:]))
		}
	}
	if err != nil {
		return err
	}
	return a.elimina(ctx, tolto)
}

// copia gives the date of the copy.
func (a *Archivio) copia(ctx context.Context, da, verso string) (time.Time, error) {
	o, err := a.cliente.Client.CopyObject(ctx, minio.CopyDestOptions{Bucket: a.bucket, Object: verso}, minio.CopySrcOptions{Bucket: a.bucket, Object: da})
	return o.LastModified, err
}

// elimina removes an object; that it is not there is no error.
func (a *Archivio) elimina(ctx context.Context, chiave string) error {
	err := a.cliente.RemoveObject(ctx, a.bucket, chiave, minio.RemoveObjectOptions{})
	if assente(err) {
		return nil
	}
	return err
}

// togliParti ends the uploads in parts that were left behind.
func (a *Archivio) togliParti(ctx context.Context, cartella string) error {
	prima := a.ora().Add(-scadenzaCaricamento)
	for chiave, id := "", ""; ; {
		r, err := a.cliente.ListMultipartUploads(ctx, a.bucket, cartella, chiave, id, "", 1000)
		if e, ok := rispostaDi(err); ok && e.StatusCode == http.StatusNotImplemented {
			return nil
		}
		if err != nil {
			return err
		}
		for _, u := range r.Uploads {
			if !u.Initiated.Before(prima) {
				continue
			}
			err := a.cliente.AbortMultipartUpload(ctx, a.bucket, u.Key, u.UploadID)
			if e, ok := rispostaDi(err); err != nil && !(ok && e.Code == "NoSuchUpload") {
				return err
			}
		}
		if !r.IsTruncated {
			return nil
		}
		if r.NextKeyMarker == chiave && r.NextUploadIDMarker == id {
			return guasto.Nuovo(guasto.Permanente, "s3.Spazza", "risposta", errors.New("un elenco che non avanza"))
		}
		chiave, id = r.NextKeyMarker, r.NextUploadIDMarker
	}
}
