package busta

import (
	"bytes"
	"context"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

const (
	lunghezzaSegmento = 64 << 10 // bytes of content
	lunghezzaPrefisso = 7
)

// segmenti seals or opens the segments of one content, one after the other.
type segmenti struct {
	c      cipher.AEAD
	legame []byte
	nonce  [lunghezzaNonce]byte
	numero uint64 // of the next segment
}

// nuova makes the key of a new content, its head and what seals its segments.
func (b *Busta) nuova(ctx context.Context, ente, contesto string) ([]byte, *segmenti, error) {
	if err := controlla(ente, contesto); err != nil {
		return nil, nil, err
	}
	id, err := b.attiva(ctx, ente)
	if err != nil {
		return nil, nil, err
	}
	var casuali [LunghezzaChiave + lunghezzaPrefisso]byte
	if err := b.sorteggia(casuali[:]); err != nil {
		return nil, nil, err
	}
	chiave, prefisso := casuali[:LunghezzaChiave], casuali[LunghezzaChiave:]
	testa, err := b.avvolgi(ctx, ente, contesto, id, chiave)
	if err != nil {
		return nil, nil, err
	}
	s, err := nuoviSegmenti(chiave, prefisso, ente, contesto)
	return testa, s, err
}

// segmenti opens the head; what it gives opens the segments behind prefisso.
func (b *Busta) segmenti(ctx context.Context, ente, contesto string, testa, prefisso []byte) (*segmenti, error) {
	if b == nil {
		return nil, ErrChiave
	}
	if err := controlla(ente, contesto); err != nil {
		return nil, err
	}
	chiave, err := b.scarta(ctx, ente, contesto, testa)
	if err != nil {
		return nil, err
	}
	return nuoviSegmenti(chiave, prefisso, ente, contesto)
}

func nuoviSegmenti(chiave, prefisso []byte, ente, contesto string) (*segmenti, error) {
	c, err := gcm(chiave)
	if err != nil {
		return nil, err
	}
	s := &segmenti{c: c, legame: legameContenuto(ente, contesto)}
	copy(s.nonce[:], prefisso)
	return s, nil
}

func (s *segmenti) prefisso() []byte { return s.nonce[:lunghezzaPrefisso] }

// avanza makes the nonce of the next segment.
func (s *segmenti) avanza(ultimo bool) error {
	if s.numero > math.MaxUint32 {
		return nonValida("contenuto oltre 256 TiB")
	}
	binary.BigEndian.PutUint32(s.nonce[lunghezzaPrefisso:], uint32(s.numero))
	s.nonce[lunghezzaNonce-1] = 0
	if ultimo {
		s.nonce[lunghezzaNonce-1] = 1
	}
	s.numero++
	return nil
}

func (s *segmenti) chiudi(dove, chiaro []byte, ultimo bool) ([]byte, error) {
	if err := s.avanza(ultimo); err != nil {
		return nil, err
	}
	return s.c.Seal(dove, s.nonce[:], chiaro, s.legame), nil
}

func (s *segmenti) apri(dove, dati []byte, ultimo bool) ([]byte, error) {
	if err := s.avanza(ultimo); err != nil {
		return nil, err
	}
	chiaro, err := s.c.Open(dove, s.nonce[:], dati, s.legame)
	if err != nil {
		return nil, alterata(fmt.Sprintf("segmento %d", s.numero-1))
	}
	if len(dati) == lunghezzaSigillo && s.numero > 1 {
		return nil, alterata("ultimo segmento vuoto")
	}
	return chiaro, nil
}

// Scrittore seals a stream under the active key: what is written to it goes
// sealed into w, in segments of 64 KiB, which is also all that it holds. The
// head is written at once. The content ends with Close, which writes the last
// segment and does not close w: without it nothing can be opened. After an error
// of w every call fails with it. One goroutine at a time. ctx counts until
// Scrittore returns.
func (b *Busta) Scrittore(ctx context.Context, ente, contesto string, w io.Writer) (io.WriteCloser, error) {
	if b == nil {
		return nudo{w}, nil
	}
	testa, s, err := b.nuova(ctx, ente, contesto)
	if err != nil {
		return nil, err
	}
	sc := &scrittore{w: w, s: s, chiaro: make([]byte, 0, lunghezzaSegmento+lunghezzaSigillo)}
	if sc.manda(append(testa, s.prefisso()...)); sc.err != nil {
		return nil, sc.err
	}
	return sc, nil
}

// nudo is the Scrittore of who does not encrypt.
type nudo struct{ io.Writer }

func (nudo) Close() error { return nil }

type scrittore struct {
	w      io.Writer
	s      *segmenti
	chiaro []byte // not sealed yet
	chiuso bool
	err    error
}

var errChiuso = errors.New("busta: scrittura dopo la chiusura")

func (s *scrittore) Write(b []byte) (int, error) {
	if s.chiuso {
		return 0, errChiuso
	}
	scritti := 0
	for s.err == nil && len(b) > 0 {
		if len(s.chiaro) == lunghezzaSegmento { // and there is more: not the last one
			s.sigilla(false)
			continue
		}
		n := min(len(b), lunghezzaSegmento-len(s.chiaro))
		s.chiaro = append(s.chiaro, b[:n]...)
		b = b[n:]
		scritti += n
	}
	return scritti, s.err
}

// Close ends the content; again, it gives the same answer.
func (s *scrittore) Close() error {
	if !s.chiuso && s.err == nil {
		s.sigilla(true)
	}
	s.chiuso = true
	return s.err
}

func (s *scrittore) sigilla(ultimo bool) {
	dati, err := s.s.chiudi(s.chiaro[:0], s.chiaro, ultimo)
	if err != nil {
		s.err = err
		return
	}
	s.manda(dati)
	s.chiaro = s.chiaro[:0]
}

func (s *scrittore) manda(b []byte) {
	n, err := s.w.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	s.err = err
}

// Lettore opens a stream; it reads the head of r at once, and later a segment at
// a time. What it gives was sealed and is in its place, but whether it is all of
// it is known at io.EOF only: use nothing before. Errors as those of Apri, also
// while reading; errors of r come as they are. One goroutine at a time. ctx
// counts until Lettore returns.
//
// Where r is not sealed and Config admits it, the bytes come as they are.
func (b *Busta) Lettore(ctx context.Context, ente, contesto string, r io.Reader) (io.Reader, error) {
	buf := make([]byte, MassimaTesta+lunghezzaPrefisso)
	letti := 0
	for _, fino := range []int{len(firma), inizioID, 0} {
		if fino == 0 { // the head says how long it is
			fino = inizioID + min(int(buf[inizioID-1]), massimoID) + dopoID + lunghezzaPrefisso
		}
		n, err := riempi(r, buf[letti:fino])
		if letti += n; err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if !Sigillata(buf[:letti]) {
			if err := b.inChiaro(); err != nil {
				return nil, err
			}
			return io.MultiReader(bytes.NewReader(buf[:letti]), r), nil
		}
	}
	n, err := LunghezzaTesta(buf[:letti])
	if err != nil {
		return nil, err
	}
	if letti != n+lunghezzaPrefisso {
		return nil, alterata("finisce prima del tempo")
	}
	s, err := b.segmenti(ctx, ente, contesto, buf[:n], buf[n:letti])
	if err != nil {
		return nil, err
	}
	return &lettore{r: r, s: s, buf: make([]byte, lunghezzaSegmento+lunghezzaSigillo+1)}, nil
}

type lettore struct {
	r      io.Reader
	s      *segmenti
	buf    []byte // a segment, and the first byte of the one behind it
	primo  byte   // that byte
	avanti bool   // it was read
	chiaro []byte // opened, not given yet
	err    error
}

func (l *lettore) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	for len(l.chiaro) == 0 {
		if l.err != nil {
			return 0, l.err
		}
		l.chiaro, l.err = l.segmento()
	}
	n := copy(b, l.chiaro)
	l.chiaro = l.chiaro[n:]
	return n, nil
}

// segmento opens the next segment; io.EOF comes with the last one.
func (l *lettore) segmento() ([]byte, error) {
	n := 0
	if l.avanti {
		l.buf[0], n = l.primo, 1
	}
	letti, err := riempi(l.r, l.buf[n:])
	n += letti
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err != nil {
		chiaro, e := l.s.apri(l.buf[:0], l.buf[:n], true)
		if e != nil {
			return nil, e
		}
		return chiaro, io.EOF
	}
	n--
	l.primo, l.avanti = l.buf[n], true
	return l.s.apri(l.buf[:0], l.buf[:n], false)
}

// riempi fills buf. io.EOF: r ended before. Unlike io.ReadFull it tells that
// from an io.ErrUnexpectedEOF of r itself, which is no change of the content.
func riempi(r io.Reader, buf []byte) (int, error) {
	letti := 0
	for vuote := 0; letti < len(buf); {
		n, err := r.Read(buf[letti:])
		if letti += n; err != nil && letti < len(buf) {
			return letti, err
		}
		if vuote++; n > 0 {
			vuote = 0
		} else if vuote == 100 {
			return letti, io.ErrNoProgress
		}
	}
	return letti, nil
}
