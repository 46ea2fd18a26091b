package s3

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/sportello-digitale/pratiche/storage"
)

// Scrivi implements storage.Archivio. At most MassimoFile bytes, whatever
// massimo says. A content that is there already, as long as it should be, is not
// sent again: the service makes it young, so that a sweep does not take what
// somebody is about to refer to; one that cannot gets it anew. With a Busta it
// is always stored anew, under the active key.
//
// An error of r comes through without a class. A failure of the service has a class of
// pratica/guasto; the same Scrivi again is always harmless, and what was sent in
// vain is at most a file that nothing refers to, or parts which Spazza removes.
// Configurazione with code "temporanei": no room, or no folder, for the
// temporary file.
func (a *Archivio) Scrivi(ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error) {
	const op = "s3.Scrivi"
	cartella, err := a.cartella(ente)
	if err != nil {
		return storage.File{}, err
	}
	if err := ctx.Err(); err != nil {
		return storage.File{}, traduci(ctx, op, err)
	}
	d, file, err := a.accogli(ctx, ente, r, min(massimo, MassimoFile))
	if err != nil {
		return storage.File{}, traduci(ctx, op, err)
	}
	defer d.chiudi()
	chiave := nomeFile(cartella, file.SHA256)
	fatto := false
	if a.busta == nil { // a copy onto itself might bring back what Riavvolgi just replaced
		fatto, err = a.ringiovanisci(ctx, chiave, d)
	}
	if err == nil && !fatto {
		err = a.carica(ctx, chiave, d)
	}
	if err != nil {
		return storage.File{}, traduci(ctx, op, err)
	}
	return file, nil
}

// accogli reads r to its end, at most massimo bytes, into a deposit. With a Busta
// it is sealed before it touches the disk.
func (a *Archivio) accogli(ctx context.Context, ente string, r io.Reader, massimo int64) (*deposito, storage.File, error) {
	n, chiaro := int64(0), sha256.New()
	d, err := a.deposita("s3.Scrivi", func(w io.Writer) error {
		sigillo, err := a.busta.Scrittore(ctx, ente, contesto, w)
		if err != nil {
			return err
		}
		dentro := io.Writer(sigillo)
		if a.busta != nil {
			dentro = io.MultiWriter(sigillo, chiaro)
		}
		n, err = io.Copy(dentro, io.LimitReader(&conContesto{ctx, altrui{r}}, max(massimo, 0)+1))
		switch {
		case err != nil:
			return err
		case massimo < 0 || n > massimo:
			return storage.ErrTroppoGrande
		case ctx.Err() != nil: // at the very end of the file
			return ctx.Err()
		}
		return sigillo.Close()
	})
	if err != nil {
		return nil, storage.File{}, err
	}
	somma := d.somma
	if a.busta != nil {
		somma = chiaro.Sum(nil)
	}
	return d, storage.File{SHA256: hex.EncodeToString(somma), Dimensione: n}, nil
}

// ringiovanisci makes the object young if it is there as it should be. A copy
// onto itself does it where the service then gives it a new date; not all do.
func (a *Archivio) ringiovanisci(ctx context.Context, chiave string, d *deposito) (bool, error) {
	o, err := a.cliente.StatObject(ctx, a.bucket, chiave, minio.StatObjectOptions{Checksum: true})
	if assente(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if o.Size != d.lungo || !d.concorda(o) {
		return false, nil
	}
	nuovo, err := a.cliente.Client.CopyObject(ctx,
		minio.CopyDestOptions{Bucket: a.bucket, Object: chiave, ReplaceMetadata: true, ContentType: tipoContenuto},
		minio.CopySrcOptions{Bucket: a.bucket, Object: chiave})
	if err != nil {
		// Gone meanwhile, or not possible on this service: storing it anew does the same.
		return false, ctx.Err()
	}
	return nuovo.LastModified.Truncate(time.Second).After(o.LastModified), nil
}

const tipoContenuto = "application/octet-stream"

// carica sends the deposit under the key.
func (a *Archivio) carica(ctx context.Context, chiave string, d *deposito) error {
	if d.lungo > parte {
		return a.caricaParti(ctx, chiave, d)
	}
	// The hash is what is signed; the header keeps it beside the object, where the
	// service knows how.
	_, err := a.cliente.PutObject(ctx, a.bucket, chiave, io.NewSectionReader(d.f, 0, d.lungo), d.lungo, "", hex.EncodeToString(d.somma),
		minio.PutObjectOptions{
			ContentType: tipoContenuto, DisableContentSha256: true,
			UserMetadata: map[string]string{"x-amz-checksum-sha256": base64.StdEncoding.EncodeToString(d.somma)},
		})
	return err
}

// caricaParti sends one part after the other, each with its own hash. Until the
// last step there is no object.
func (a *Archivio) caricaParti(ctx context.Context, chiave string, d *deposito) error {
	id, err := a.cliente.NewMultipartUpload(ctx, a.bucket, chiave, minio.PutObjectOptions{ContentType: tipoContenuto})
	if err != nil {
		return err
	}
	if err := a.caricaCon(ctx, chiave, id, d); err != nil {
		via, fine := context.WithTimeout(context.WithoutCancel(ctx), a.attesa)
		defer fine()
		if e := a.cliente.AbortMultipartUpload(via, a.bucket, chiave, id); e != nil {
			a.logger.WarnContext(ctx, "s3: un caricamento interrotto resta da togliere", "errore", traduci(via, "s3.Scrivi", e))
		}
		return err
	}
	return nil
}

func (a *Archivio) caricaCon(ctx context.Context, chiave, id string, d *deposito) error {
	var parti []minio.CompletePart
	for da := int64(0); da < d.lungo; da += parte {
		lungo := min(parte, d.lungo-da)
		h := sha256.New()
		if _, err := io.Copy(h, io.NewSectionReader(d.f, da, lungo)); err != nil {
			return erroreTemporaneo("s3.Scrivi", err)
		}
		p, err := a.cliente.PutObjectPart(ctx, a.bucket, chiave, id, len(parti)+1, io.NewSectionReader(d.f, da, lungo), lungo,
			minio.PutObjectPartOptions{Sha256Hex: hex.EncodeToString(h.Sum(nil)), DisableContentSha256: true})
		if err != nil {
			return fmt.Errorf("parte %d: %w", len(parti)+1, err)
		}
		parti = append(parti, minio.CompletePart{PartNumber: p.PartNumber, ETag: p.ETag})
	}
	_, err := a.cliente.CompleteMultipartUpload(ctx, a.bucket, chiave, id, parti, minio.PutObjectOptions{})
	return err
}
