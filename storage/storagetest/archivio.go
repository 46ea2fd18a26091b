package storagetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing/iotest"
	"time"

	"github.com/sportello-digitale/pratiche/storage"
)

// ProveArchivio gives the checks of an Archivio.
func ProveArchivio() []Prova[storage.Archivio] {
	return []Prova[storage.Archivio]{
		{"file", provaFile},
		{"file_limiti", provaFileLimiti},
		{"file_assente", provaFileAssente},
		{"file_interrotto", provaFileInterrotto},
		{"file_isolamento", provaFileIsolamento},
		{"file_concorrenza", provaFileConcorrenza},
		{"spazza", provaSpazza},
		{"spazza_concorrenza", provaSpazzaConcorrenza},
		{"file_riavvolgi", provaFileRiavvolgi},
	}
}

func impronta(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func (x *prova) contenuto(a storage.Archivio, ente, sha string) []byte {
	r, err := a.Apri(x.ctx, ente, sha)
	x.NoError(err)
	b, err := io.ReadAll(r)
	x.NoError(errors.Join(err, r.Close()))
	return b
}

func provaFile(x *prova, a storage.Archivio) {
	grande := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	for _, b := range [][]byte{[]byte("ciao"), {}, {0}, grande} {
		for range 2 { // the same content twice
			f, err := a.Scrivi(x.ctx, ente, iotest.DataErrReader(bytes.NewReader(b)), 10<<20)
			x.NoError(err)
			x.Equal(storage.File{SHA256: impronta(b), Dimensione: int64(len(b))}, f)
			x.True(bytes.Equal(b, x.contenuto(a, ente, f.SHA256)))
		}
	}
	f, err := a.Scrivi(x.ctx, ente, iotest.OneByteReader(strings.NewReader("a pezzi")), 7)
	x.NoError(err)
	r, err := a.Apri(x.ctx, ente, f.SHA256)
	x.NoError(err)
	x.NoError(iotest.TestReader(r, []byte("a pezzi")))
	x.NoError(r.Close())
}

func provaFileLimiti(x *prova, a storage.Archivio) {
	for _, massimo := range []int64{-1, 0, 3} {
		_, err := a.Scrivi(x.ctx, ente, strings.NewReader("ciao"), massimo)
		x.ErrorIs(err, storage.ErrTroppoGrande, "%d", massimo)
	}
	_, err := a.Apri(x.ctx, ente, impronta([]byte("ciao")))
	x.ErrorIs(err, storage.ErrNonTrovata, "nothing was kept")
	_, err = a.Apri(x.ctx, ente, impronta([]byte("cia")))
	x.ErrorIs(err, storage.ErrNonTrovata, "nor a part")
	_, err = a.Scrivi(x.ctx, ente, strings.NewReader("ciao"), 4)
	x.NoError(err)
	_, err = a.Scrivi(x.ctx, ente, strings.NewReader(""), 0)
	x.NoError(err)
	_, err = a.Scrivi(x.ctx, ente, strings.NewReader("tutto"), 1<<63-1)
	x.NoError(err)
	_, err = a.Scrivi(x.ctx, "", strings.NewReader("x"), 4)
	x.ErrorIs(err, storage.ErrNonValido)
}

func provaFileAssente(x *prova, a storage.Archivio) {
	for _, sha := range []string{impronta([]byte("mai")), "", "..", "../../etc/passwd", "a\x00b", strings.Repeat("a", 10_000)} {
		_, err := a.Apri(x.ctx, ente, sha)
		x.ErrorIs(err, storage.ErrNonTrovata, "%q", sha)
	}
}

func provaFileInterrotto(x *prova, a storage.Archivio) {
	boh := errors.New("boh")
	_, err := a.Scrivi(x.ctx, ente, io.MultiReader(strings.NewReader("mezzo"), iotest.ErrReader(boh)), 100)
	x.ErrorIs(err, boh)
	_, err = a.Apri(x.ctx, ente, impronta([]byte("mezzo")))
	x.ErrorIs(err, storage.ErrNonTrovata)
	ctx, annulla := context.WithCancel(x.ctx)
	annulla()
	_, err = a.Scrivi(ctx, ente, strings.NewReader("ciao"), 100)
	x.ErrorIs(err, context.Canceled)
	_, err = a.Apri(x.ctx, ente, impronta([]byte("ciao")))
	x.ErrorIs(err, storage.ErrNonTrovata)
	_, err = a.Apri(ctx, ente, impronta([]byte("ciao")))
	x.ErrorIs(err, context.Canceled)
	ctx, annulla = context.WithCancel(x.ctx)
	_, err = a.Scrivi(ctx, ente, io.MultiReader(strings.NewReader("poi"), quando(annulla)), 100)
	x.ErrorIs(err, context.Canceled, "cancelled half-way")
	_, err = a.Apri(x.ctx, ente, impronta([]byte("poi")))
	x.ErrorIs(err, storage.ErrNonTrovata)
}

// quando is a reader that calls itself and ends.
type quando func()

func (q quando) Read([]byte) (int, error) {
	q()
	return 0, io.EOF
}

func provaFileIsolamento(x *prova, a storage.Archivio) {
	f, err := a.Scrivi(x.ctx, ente, strings.NewReader("segreto"), 100)
	x.NoError(err)
	for _, e := range []string{altro, ente + "x", strings.ToUpper(ente), "c_h50"} {
		_, err = a.Apri(x.ctx, e, f.SHA256)
		x.ErrorIs(err, storage.ErrNonTrovata, e)
	}
	for _, e := range strane() {
		b := []byte("di " + e)
		f, err := a.Scrivi(x.ctx, e, bytes.NewReader(b), 10_000)
		x.NoError(err, "%q", e)
		x.Equal(b, x.contenuto(a, e, f.SHA256))
		_, err = a.Apri(x.ctx, ente, f.SHA256)
		x.ErrorIs(err, storage.ErrNonTrovata)
	}
}

func provaFileConcorrenza(x *prova, a storage.Archivio) {
	b := bytes.Repeat([]byte("uguale "), 10_000)
	file, errs := insieme(16, func(i int) (storage.File, error) {
		if i%2 == 0 {
			return a.Scrivi(x.ctx, ente, bytes.NewReader(b), 1<<20)
		}
		return a.Scrivi(x.ctx, ente, bytes.NewReader(b[i:]), 1<<20)
	})
	x.NoError(errors.Join(errs...))
	for i, f := range file {
		atteso := b
		if i%2 == 1 {
			atteso = b[i:]
		}
		x.Equal(impronta(atteso), f.SHA256)
		x.True(bytes.Equal(atteso, x.contenuto(a, ente, f.SHA256)))
	}
}

func provaSpazza(x *prova, a storage.Archivio) {
	s, ok := a.(storage.Spazzino)
	if !ok {
		return
	}
	scrivi := func(ente, v string) string {
		f, err := a.Scrivi(x.ctx, ente, strings.NewReader(v), 100)
		x.NoError(err)
		return f.SHA256
	}
	nulla := func(string) (bool, error) { return false, nil }
	n, err := s.Spazza(x.ctx, ente, time.Now().Add(time.Hour), nulla)
	x.NoError(err)
	x.Zero(n, "an ente without files")
	serve, inutile, altrui := scrivi(ente, "serve"), scrivi(ente, "inutile"), scrivi(altro, "inutile")
	n, err = s.Spazza(x.ctx, ente, time.Now().Add(-time.Hour), nulla)
	x.NoError(err)
	x.Zero(n, "young files stay")
	boh := errors.New("boh")
	_, err = s.Spazza(x.ctx, ente, time.Now().Add(time.Hour), func(string) (bool, error) { return false, boh })
	x.ErrorIs(err, boh)
	chieste := map[string]int{}
	n, err = s.Spazza(x.ctx, ente, time.Now().Add(time.Hour), func(sha string) (bool, error) {
		chieste[sha]++
		return sha == serve, nil
	})
	x.NoError(err)
	x.Equal(1, n)
	x.Equal(map[string]int{serve: 1, inutile: 1}, chieste)
	x.contenuto(a, ente, serve)
	x.contenuto(a, altro, altrui)
	_, err = a.Apri(x.ctx, ente, inutile)
	x.ErrorIs(err, storage.ErrNonTrovata)
	scrivi(ente, "inutile")
	x.contenuto(a, ente, inutile)
}

// provaSpazzaConcorrenza writes and sweeps the same files at once: each is there
// whole or not at all, and nobody is told of a failure.
func provaSpazzaConcorrenza(x *prova, a storage.Archivio) {
	s, ok := a.(storage.Spazzino)
	if !ok {
		return
	}
	contenuto := func(i int) []byte { return bytes.Repeat([]byte{byte(i % 3)}, 50_000) }
	_, errs := insieme(24, func(i int) (bool, error) {
		if i%4 == 3 {
			_, err := s.Spazza(x.ctx, ente, time.Now().Add(time.Hour), func(string) (bool, error) { return false, nil })
			return true, err
		}
		f, err := a.Scrivi(x.ctx, ente, bytes.NewReader(contenuto(i)), 1<<20)
		if err != nil || f.SHA256 != impronta(contenuto(i)) {
			return false, errors.Join(err, errors.New("not written"))
		}
		r, err := a.Apri(x.ctx, ente, f.SHA256)
		if errors.Is(err, storage.ErrNonTrovata) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		b, err := io.ReadAll(r)
		if err == nil && !bytes.Equal(b, contenuto(i)) {
			err = errors.New("altered")
		}
		return true, errors.Join(err, r.Close())
	})
	x.NoError(errors.Join(errs...))
	for i := range 3 {
		f, err := a.Scrivi(x.ctx, ente, bytes.NewReader(contenuto(i)), 1<<20)
		x.NoError(err)
		x.True(bytes.Equal(contenuto(i), x.contenuto(a, ente, f.SHA256)))
	}
}

// provaFileRiavvolgi is provaRiavvolgi for an Archivio.
func provaFileRiavvolgi(x *prova, a storage.Archivio) {
	r, ok := a.(storage.Riavvolgitore)
	if !ok {
		return
	}
	b := bytes.Repeat([]byte("segreto "), 10_000)
	f, err := a.Scrivi(x.ctx, ente, bytes.NewReader(b), 1<<20)
	x.NoError(err)
	_, err = a.Scrivi(x.ctx, altro, strings.NewReader("altro"), 1<<20)
	x.NoError(err)
	for range 2 {
		n, err := r.Riavvolgi(x.ctx)
		x.NoError(err)
		x.Zero(n, "all is under the active key")
	}
	x.True(bytes.Equal(b, x.contenuto(a, ente, f.SHA256)))
	annullato, annulla := context.WithCancel(x.ctx)
	annulla()
	if _, err = r.Riavvolgi(annullato); err != nil { // there may be nothing to stop
		x.ErrorIs(err, context.Canceled)
	}
}
