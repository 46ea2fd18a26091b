package s3

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

// contesto binds what a Busta seals to its use. Which file it is says its hash.
const contesto = "archivio"

// deposito is a content that waits in a temporary file until it is sent.
type deposito struct {
	f         *os.File
	resta     bool         // the file still has a name
	file      storage.File // what the caller stores
	lungo     int64        // bytes to send
	somma     []byte       // SHA-256 of the bytes to send
	sigillato bool
}

// deposita reads r to its end, at most massimo bytes. With a Busta it is sealed
// before it touches the disk.
func (a *Archivio) deposita(ctx context.Context, ente string, r io.Reader, massimo int64) (*deposito, error) {
	f, err := os.CreateTemp(a.temporanei, "s3-")
	if err != nil {
		return nil, erroreTemporaneo("s3.Scrivi", err)
	}
	d := &deposito{f: f}
	// Without a name a crash leaves nothing behind. Some systems keep it until the
	// file is closed.
	d.resta = os.Remove(f.Name()) != nil
	if err := d.riempi(ctx, a.busta, ente, r, massimo); err != nil {
		d.chiudi()
		return nil, err
	}
	return d, nil
}

func (d *deposito) riempi(ctx context.Context, b *busta.Busta, ente string, r io.Reader, massimo int64) error {
	chiaro, somma := sha256.New(), sha256.New()
	disco := bufio.NewWriterSize(d.f, 64<<10)
	var dentro io.Writer = disco
	if b != nil {
		dentro = io.MultiWriter(disco, somma)
	}
	sigillo, err := b.Scrittore(ctx, ente, contesto, dentro)
	if err != nil {
		return traduci(ctx, "s3.Scrivi", err)
	}
	fonte := &fonte{ctx: ctx, r: r}
	n, err := io.Copy(io.MultiWriter(sigillo, chiaro), io.LimitReader(fonte, max(massimo, 0)+1))
	switch {
	case fonte.err != nil:
		return traduciFonte(ctx, fonte.err)
	case err == nil && (massimo < 0 || n > massimo):
		return fmt.Errorf("s3.Scrivi: %w", storage.ErrTroppoGrande)
	case ctx.Err() != nil: // at the very end of the file
		return traduci(ctx, "s3.Scrivi", ctx.Err())
	}
	if err == nil {
		err = sigillo.Close()
	}
	if err == nil {
		err = disco.Flush()
	}
	if err == nil {
		d.lungo, err = d.f.Seek(0, io.SeekCurrent)
	}
	if err != nil {
		return erroreTemporaneo("s3.Scrivi", err)
	}
	d.file = storage.File{SHA256: hex.EncodeToString(chiaro.Sum(nil)), Dimensione: n}
	if b == nil {
		somma = chiaro
	}
	d.somma, d.sigillato = somma.Sum(nil), b != nil
	return nil
}

// concorda reports whether the hash that the service keeps beside the object, if
// it keeps one of the whole, is ours. Sealed twice, the same content is not the
// same bytes.
func (d *deposito) concorda(o minio.ObjectInfo) bool {
	c := o.ChecksumSHA256
	return d.sigillato || c == "" || strings.Contains(c, "-") || c == base64.StdEncoding.EncodeToString(d.somma)
}

func (d *deposito) chiudi() {
	_ = d.f.Close() // all that mattered has been read
	if d.resta {
		_ = os.Remove(d.f.Name())
	}
}

// fonte stops reading when the caller gives up, and tells its errors from those
// of the temporary file.
type fonte struct {
	ctx context.Context //nolint:containedctx // lives as long as one call
	r   io.Reader
	err error
}

func (f *fonte) Read(b []byte) (int, error) {
	if f.err = f.ctx.Err(); f.err != nil {
		return 0, f.err
	}
	n, err := f.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

func traduciFonte(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return traduci(ctx, "s3.Scrivi", err)
	}
	return fmt.Errorf("s3.Scrivi: %w", err)
}

// erroreTemporaneo: the folder for temporary files is missing or full.
func erroreTemporaneo(operazione string, err error) error {
	return guasto.Nuovo(guasto.Configurazione, operazione, codiceTemporanei, err)
}
