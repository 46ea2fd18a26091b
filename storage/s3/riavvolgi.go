package s3

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

const (
	massimoErrori   = 8 // how many files an error of Riavvolgi names
	massimoGiriVani = 3 // looks at all files in which some were listed and not there
)

// Riavvolgi implements storage.Riavvolgitore, for all enti below the Prefix, and
// for what is in quarantine. Without a Busta it does nothing. Of each file it
// reads the head; where that has to change, the file passes through a temporary
// file and is stored anew, its body as it is. For Spazza it is young then. A file
// that is stored again meanwhile is whole whichever comes last; one that is
// removed meanwhile may come back, and the next Spazza finds it. It looks at all
// files again until it finds nothing to do, since a sweep may move one behind its
// back.
//
// Files that cannot be re-wrapped (altered, under a key that the ring does not
// have, not sealed where the Busta does not admit it) are passed over, and the
// error says how many there are and names the first; every other failure stops
// it. What was done stays done: called again, it goes on where it was.
//
// A Scrivi or a Spazza that began before the active key changed may end after
// Riavvolgi passed by: call it once more when those are over.
func (a *Archivio) Riavvolgi(ctx context.Context) (int, error) {
	if a.busta == nil {
		return 0, nil
	}
	fatti := 0
	for vani := 0; ; vani++ {
		g, err := a.giro(ctx)
		fatti += g.fatti
		if err != nil {
			return fatti, traduci(ctx, "s3.Riavvolgi", err)
		}
		if g.fatti > 0 {
			vani = 0
			continue
		}
		if g.spariti > 0 && vani < massimoGiriVani { // some lists are late
			continue
		}
		if g.mancati > 0 {
			return fatti, fmt.Errorf("s3.Riavvolgi: %d file non riavvolti: %w", g.mancati, errors.Join(g.errori...))
		}
		return fatti, nil
	}
}

// giro is one look at all files.
type giro struct {
	fatti   int
	spariti int // removed or moved meanwhile
	mancati int
	errori  []error // of the first of them
}

func (a *Archivio) giro(ctx context.Context) (g giro, err error) {
	for o := range a.cliente.ListObjectsIter(ctx, a.bucket, minio.ListObjectsOptions{Prefix: a.radice, Recursive: true}) {
		if o.Err != nil {
			return g, o.Err
		}
		ente, impronta, ok := a.enteDi(o.Key)
		if !ok {
			continue
		}
		fatto, err := a.riavvolgi(ctx, ente, impronta, o)
		switch {
		case fatto:
			g.fatti++
		case assente(err):
			g.spariti++
		case sospetto(err) || errors.Is(err, storage.ErrCorrotto):
			if g.mancati++; g.mancati <= massimoErrori {
				g.errori = append(g.errori, fmt.Errorf("%s: %w", strings.TrimPrefix(o.Key, a.radice), traduci(ctx, "s3.Riavvolgi", err)))
			}
		case err != nil:
			return g, err
		}
	}
	return g, ctx.Err() // the list ends in silence
}

// riavvolgi says whether it stored the object anew.
func (a *Archivio) riavvolgi(ctx context.Context, ente, impronta string, o minio.ObjectInfo) (bool, error) {
	cambia, rifiuto := a.cambia(ctx, ente, o)
	if rifiuto != nil && !sospetto(rifiuto) || rifiuto == nil && !cambia {
		return false, rifiuto
	}
	prendi := func() (io.ReadCloser, error) { return a.prendi(ctx, o.Key) }
	if rifiuto != nil {
		if err := a.inChiaro(ctx, impronta, prendi, rifiuto); err != nil {
			return false, err
		}
	}
	// Head and body of one answer: between two the object may change.
	corpo, err := prendi()
	if err != nil {
		return false, err
	}
	d, err := a.deposita("s3.Riavvolgi", func(w io.Writer) error {
		if rifiuto != nil {
			return a.sigilla(ctx, ente, impronta, corpo, w)
		}
		return a.riscrivi(ctx, ente, corpo, w)
	})
	if err = errors.Join(err, corpo.Close()); err != nil {
		return false, err
	}
	defer d.chiudi()
	err = a.carica(ctx, o.Key, d)
	return err == nil, err
}

// cambia looks at the head alone.
func (a *Archivio) cambia(ctx context.Context, ente string, o minio.ObjectInfo) (bool, error) {
	if o.Size == 0 {
		return false, busta.ErrInChiaro
	}
	var solo minio.GetObjectOptions
	if err := solo.SetRange(0, int64(busta.MassimaTesta)-1); err != nil {
		return false, err
	}
	corpo, _, _, err := a.cliente.GetObject(ctx, a.bucket, o.Key, solo)
	if err != nil {
		return false, err
	}
	_, _, cambiata, err := a.nuovaTesta(ctx, ente, corpo)
	return cambiata, errors.Join(err, corpo.Close())
}

// nuovaTesta reads the head, and gives what follows it among the bytes that were
// read with it.
func (a *Archivio) nuovaTesta(ctx context.Context, ente string, r io.Reader) (testa, seguito []byte, cambiata bool, err error) {
	letti, err := io.ReadAll(io.LimitReader(r, int64(busta.MassimaTesta)))
	if err != nil {
		return nil, nil, false, err
	}
	lunga, err := busta.LunghezzaTesta(letti)
	if err != nil {
		return nil, nil, false, err
	}
	testa, cambiata, err = a.busta.RiavvolgiTesta(ctx, ente, contesto, letti[:lunga])
	return testa, letti[lunga:], cambiata, err
}

// riscrivi copies a sealed file with another head.
func (a *Archivio) riscrivi(ctx context.Context, ente string, r io.Reader, w io.Writer) error {
	testa, seguito, _, err := a.nuovaTesta(ctx, ente, r)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, io.MultiReader(bytes.NewReader(testa), bytes.NewReader(seguito), &conContesto{ctx, r}))
	return err
}

// sigilla seals a file that is not, if it is still what its name says.
func (a *Archivio) sigilla(ctx context.Context, ente, impronta string, r io.Reader, w io.Writer) error {
	s, err := a.busta.Scrittore(ctx, ente, contesto, w)
	if err != nil {
		return err
	}
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(s, h), &conContesto{ctx, r}); err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil)) != impronta {
		return storage.ErrCorrotto
	}
	return s.Close()
}
