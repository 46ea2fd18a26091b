package s3

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"io"
	"os"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// deposito is what waits in a temporary file until it is sent.
type deposito struct {
	f     *os.File
	resta bool // the file still has a name
	lungo int64
	somma []byte // SHA-256
}

// deposita makes a deposit of what scrivi writes. An error of scrivi comes as it
// is; one of the disk says "temporanei".
func (a *Archivio) deposita(operazione string, scrivi func(w io.Writer) error) (*deposito, error) {
	f, err := os.CreateTemp(a.temporanei, "s3-")
	if err != nil {
		return nil, erroreTemporaneo(operazione, err)
	}
	// Without a name a crash leaves nothing behind. Some systems keep it until the
	// file is closed.
	d := &deposito{f: f, resta: os.Remove(f.Name()) != nil}
	w := &disco{f: f, h: sha256.New()}
	b := bufio.NewWriterSize(w, 64<<10)
	if err = scrivi(b); err == nil {
		err = b.Flush()
	}
	if w.err != nil {
		err = erroreTemporaneo(operazione, w.err)
	}
	if err != nil {
		d.chiudi()
		return nil, err
	}
	d.lungo, d.somma = w.n, w.h.Sum(nil)
	return d, nil
}

// concorda reports whether the hash that the service keeps beside the object, if
// it keeps one of the whole, is ours.
func (d *deposito) concorda(o minio.ObjectInfo) bool {
	c := o.ChecksumSHA256
	return c == "" || strings.Contains(c, "-") || c == base64.StdEncoding.EncodeToString(d.somma)
}

func (d *deposito) chiudi() {
	_ = d.f.Close() // all that mattered has been read
	if d.resta {
		_ = os.Remove(d.f.Name())
	}
}

// disco counts and hashes, and tells its errors from those of others.
type disco struct {
	f   *os.File
	h   hash.Hash
	n   int64
	err error
}

func (d *disco) Write(b []byte) (int, error) {
	n, err := d.f.Write(b)
	d.h.Write(b[:n])
	d.n += int64(n)
	d.err = err
	return n, err
}

// conContesto stops reading when the caller gives up.
type conContesto struct {
	ctx context.Context //nolint:containedctx // lives as long as one call
	r   io.Reader
}

func (c *conContesto) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}

// altrui marks the errors of the caller's reader, which are not ours to classify.
type altrui struct{ r io.Reader }

func (a altrui) Read(b []byte) (int, error) {
	n, err := a.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &erroreAltrui{err}
	}
	return n, err
}

type erroreAltrui struct{ causa error }

func (e *erroreAltrui) Error() string { return e.causa.Error() }
func (e *erroreAltrui) Unwrap() error { return e.causa }

// erroreTemporaneo: the folder for temporary files is missing or full.
func erroreTemporaneo(operazione string, err error) error {
	return guasto.Nuovo(guasto.Configurazione, operazione, "temporanei", err)
}
