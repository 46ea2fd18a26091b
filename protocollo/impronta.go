package protocollo

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"io"
)

// SHA256 is the algorithm of every impronta made here, written as in the table
// of Allegato 6 of the AgID guidelines (Det. 371/2021, §2.2: the default).
const SHA256 = "SHA-256"

// ErrImpronta: the bytes read are not those whose impronta was registered.
var ErrImpronta = errors.New("protocollo: il contenuto non corrisponde all'impronta")

// Impronta is the digest of a document's bytes (DPR 445/2000, art. 53 c. 1 f).
// Comparable with ==.
type Impronta struct {
	Algoritmo string `json:"algoritmo"` // "SHA-256"
	Valore    string `json:"valore"`    // lower-case hexadecimal
}

// ImprontaDi reads r to its end and gives digest and number of bytes. It keeps
// nothing in memory.
func ImprontaDi(r io.Reader) (Impronta, int64, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	if err != nil {
		return Impronta{}, n, err
	}
	return sigilla(h), n, nil
}

func sigilla(h hash.Hash) Impronta {
	return Impronta{SHA256, hex.EncodeToString(h.Sum(nil))}
}

// IsZero reports whether there is no digest.
func (i Impronta) IsZero() bool { return i == Impronta{} }

// Valida reports whether i is a well-formed SHA-256 digest.
func (i Impronta) Valida() bool {
	if i.Algoritmo != SHA256 || len(i.Valore) != 2*sha256.Size {
		return false
	}
	for _, c := range []byte(i.Valore) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Base64 gives the digest in standard base64, the form of the segnatura XML, or
// "" if it is not valid.
func (i Impronta) Base64() string {
	if !i.Valida() {
		return ""
	}
	b, err := hex.DecodeString(i.Valore)
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(b)
}

// verificato hands out the bytes of a document and ErrImpronta with the last of
// them, or with the first too many, if they are not those expected.
type verificato struct {
	io.ReadCloser
	h       hash.Hash
	n       int64
	massimo int64
	attesa  Impronta
}

func (v *verificato) Read(p []byte) (int, error) {
	n, err := v.ReadCloser.Read(p)
	v.h.Write(p[:n]) // never fails: hash.Hash
	v.n += int64(n)
	troppi, pochi := v.n > v.massimo, v.n < v.massimo && errors.Is(err, io.EOF)
	if troppi || pochi || v.n == v.massimo && sigilla(v.h) != v.attesa {
		return n, ErrImpronta
	}
	return n, err
}
