// Package busta seals what stores and archives keep: envelope encryption (busta,
// envelope) with AES-256-GCM. Each content is encrypted under a random key of
// its own; that key is wrapped under one of the host's key ring (Portachiavi).
// Changing the host's key re-wraps the keys of the contents and leaves the
// contents as they are.
//
// # Format, version 1
//
// Numbers are big-endian. The same format serves contents in memory (Chiudi,
// Apri) and streams (Scrittore, Lettore). A sealed content is a head and a body.
//
//	head, 70+n bytes
//	offset  bytes
//	0       8      signature 9B 42 55 53 54 41 0D 0A (first byte is no ASCII, nor the start of UTF-8)
//	8       1      version, 01
//	9       1      n, length of the key's id, 1–64
//	10      n      id of the ring's key, [a-zA-Z0-9._-]
//	10+n    12     random nonce of the wrapping
//	22+n    48     content key, wrapped: 32 bytes encrypted and a tag of 16
//
//	body
//	0       7      random prefix of the nonces
//	7       …      segments: each 65536 bytes encrypted and a tag of 16, the last one of 0–65536 bytes and its tag
//
// The body is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár,
// "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance",
// CRYPTO 2015, §7): the nonce of a segment is the prefix, its number from 0 in 4
// bytes, and one byte that is 1 for the last segment and 0 for all others. So
// segments can neither be left out nor put in another order, nothing can be cut
// off and nothing appended. The last segment is empty only where the content is.
//
// The data authenticated with each ciphertext (AAD) are, for the content key:
//
//	"busta chiave" 00, version (1), length of ente (2), ente, length of contesto (2), contesto, n (1), id
//
// and for every segment:
//
//	"busta contenuto" 00, version (1), length of ente (2), ente, length of contesto (2), contesto
//
// # Changing the key
//
// Give the new key to the ring of every process; then make it the active one
// everywhere; when nothing sealed under the old one is still being written, run
// Riavvolgi of every store and archive until it changes nothing; then take the
// old key away. Copies made before keep needing it. Taking away the only key of
// contents erases them, in every copy at once.
//
// # Limits
//
// The wrapping uses random nonces of 96 bits, so one key of the ring must not
// wrap more than 2^32 contents (NIST SP 800-38D, §8.3); a hundred a second would
// take 497 days. Nobody counts: change the active key well before. A content key
// encrypts one content once, with nonces that cannot repeat (§8.2.1), at most
// 2^32 segments, 256 TiB. The ente is 1–512 bytes, the contesto 1–1024.
//
// # What it protects, and what it does not
//
// Who reads the storage, a copy or a backup, and has no key learns nothing of a
// content but its length. Who also writes to it cannot change a content, nor
// give out one for another: not in another ente, nor under another contesto
// (the place where a content belongs, such as table, row and column).
//
// Not protected: lengths, number and age of contents; what the adapter keeps
// beside them (file names, columns that lists search). An earlier content put
// back in the very same place is not noticed, unless the contesto holds its
// version. Nothing is hidden from who has the keys, or reads the memory of the
// process. A lost key of the ring is the loss of all that it wraps. Under
// GODEBUG=fips140=only the standard library refuses nonces that it did not make,
// and so every call here fails.
package busta

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"strings"
)

const (
	firma    = "\x9bBUSTA\r\n"
	versione = 1

	massimoEnte     = 512  // bytes
	massimoContesto = 1024 // bytes
)

// Config is what a Busta needs.
type Config struct {
	// Portachiavi gives the keys. Required.
	Portachiavi Portachiavi
	// AmmettiInChiaro lets what is not sealed be read as it is, and be sealed by
	// Riavvolgi: for a storage that was in use before it was encrypted. While it
	// is set, who can write to the storage can put there a content of his own, in
	// the clear: unset it once Riavvolgi went through. Defaults to false: what is
	// not sealed is ErrInChiaro.
	AmmettiInChiaro bool
	// Casuale gives content keys and nonces; it must be safe for concurrent use
	// and of cryptographic quality. Defaults to crypto/rand.
	Casuale io.Reader
}

// Busta seals and opens. Make it with New. Safe for concurrent use as its
// Portachiavi is.
//
// The nil *Busta means no encryption: it gives back the bytes as they are, and
// ErrChiave for what is sealed.
type Busta struct {
	portachiavi Portachiavi
	ammette     bool
	casuale     io.Reader
}

// New gives a Busta with these keys. It calls nobody.
func New(c Config) (*Busta, error) {
	if c.Portachiavi == nil {
		return nil, errors.New("busta: manca il portachiavi")
	}
	if c.Casuale == nil {
		c.Casuale = rand.Reader
	}
	return &Busta{portachiavi: c.Portachiavi, ammette: c.AmmettiInChiaro, casuale: c.Casuale}, nil
}

// AmmetteInChiaro reports whether what is not sealed is read as it is.
func (b *Busta) AmmetteInChiaro() bool { return b == nil || b.ammette }

// Sigillata reports whether dati begin as sealed contents do. It proves nothing
// else. JSON, PDF and other text never do.
func Sigillata(dati []byte) bool {
	return len(dati) >= len(firma) && string(dati[:len(firma)]) == firma
}

// Chiudi seals one content under the active key. It keeps nothing of chiaro.
// What is sealed already is sealed once more. It asks the ring twice: Attiva,
// then Chiave.
func (b *Busta) Chiudi(ctx context.Context, ente, contesto string, chiaro []byte) ([]byte, error) {
	if b == nil {
		return chiaro, nil
	}
	testa, s, err := b.nuova(ctx, ente, contesto)
	if err != nil {
		return nil, err
	}
	pezzi := (len(chiaro) + lunghezzaSegmento - 1) / lunghezzaSegmento
	dati := make([]byte, 0, len(testa)+lunghezzaPrefisso+len(chiaro)+max(pezzi, 1)*lunghezzaSigillo)
	dati = append(append(dati, testa...), s.prefisso()...)
	for {
		n := min(len(chiaro), lunghezzaSegmento)
		ultimo := n == len(chiaro)
		if dati, err = s.chiudi(dati, chiaro[:n], ultimo); err != nil {
			return nil, err
		}
		if ultimo {
			return dati, nil
		}
		chiaro = chiaro[n:]
	}
}

// Apri opens one content, whole or not at all. ErrAlterata where it is not what
// was sealed for that ente and contesto, ErrChiave where the ring does not have
// its key, ErrInChiaro where it is not sealed and Config does not admit it.
// Errors of the Portachiavi can be found with errors.Is and errors.As. What is
// not sealed and admitted is given back as it is, not copied.
func (b *Busta) Apri(ctx context.Context, ente, contesto string, dati []byte) ([]byte, error) {
	if !Sigillata(dati) {
		if err := b.inChiaro(); err != nil {
			return nil, err
		}
		return dati, nil
	}
	n, err := LunghezzaTesta(dati)
	if err != nil {
		return nil, err
	}
	if len(dati) < n+lunghezzaPrefisso {
		return nil, alterata("finisce prima del tempo")
	}
	s, err := b.segmenti(ctx, ente, contesto, dati[:n], dati[n:n+lunghezzaPrefisso])
	if err != nil {
		return nil, err
	}
	dati = dati[n+lunghezzaPrefisso:]
	chiaro := make([]byte, 0, len(dati))
	for {
		n := min(len(dati), lunghezzaSegmento+lunghezzaSigillo)
		ultimo := n == len(dati)
		if chiaro, err = s.apri(chiaro, dati[:n], ultimo); err != nil {
			return nil, err
		}
		if ultimo {
			return chiaro, nil
		}
		dati = dati[n:]
	}
}

// Riavvolgi brings one content under the active key, and says whether anything
// changed. Only its head is written anew; whether the body is intact is not
// looked at, Apri does. What is not sealed is sealed, where Config admits it,
// and ErrInChiaro otherwise: re-wrapping must not make genuine what somebody put
// there. Where nothing changed nuovi is dati itself.
func (b *Busta) Riavvolgi(ctx context.Context, ente, contesto string, dati []byte) (nuovi []byte, cambiati bool, err error) {
	if !Sigillata(dati) {
		if err := b.inChiaro(); err != nil {
			return nil, false, err
		}
		nuovi, err = b.Chiudi(ctx, ente, contesto, dati)
		return nuovi, err == nil && b != nil, err
	}
	n, err := LunghezzaTesta(dati)
	if err != nil {
		return nil, false, err
	}
	testa, cambiata, err := b.RiavvolgiTesta(ctx, ente, contesto, dati[:n])
	if err != nil || !cambiata {
		return dati, false, err
	}
	return append(append(make([]byte, 0, len(testa)+len(dati)-n), testa...), dati[n:]...), true, nil
}

func (b *Busta) inChiaro() error {
	if b.AmmetteInChiaro() {
		return nil
	}
	return ErrInChiaro
}

func controlla(ente, contesto string) error {
	var problemi []string
	if ente == "" || len(ente) > massimoEnte {
		problemi = append(problemi, "ente")
	}
	if contesto == "" || len(contesto) > massimoContesto {
		problemi = append(problemi, "contesto")
	}
	if problemi != nil {
		return nonValida("lunghezza di " + strings.Join(problemi, " e "))
	}
	return nil
}
