package s3

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"regexp"
	"strings"

	"github.com/sportello-digitale/pratiche/storage"
)

const (
	massimoEnte = 512 // bytes
	quarantena  = "quarantena/"
)

var codifica = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// cartella gives the prefix of all the objects of an ente: its bytes in base32,
// which no name can escape and no other begins with, in pieces that also a
// service over a file system takes.
func (a *Archivio) cartella(ente string) (string, error) {
	if ente == "" || len(ente) > massimoEnte {
		return "", fmt.Errorf("%w: ente di %d byte", storage.ErrNonValido, len(ente))
	}
	s := codifica.EncodeToString([]byte(ente))
	b := strings.Builder{}
	b.WriteString(a.radice)
	for len(s) > 200 {
		b.WriteString(s[:200] + "/")
		s = s[200:]
	}
	b.WriteString("e-" + s + "/") // never the name of a piece
	return b.String(), nil
}

// nomeFile gives the key of a file.
func nomeFile(cartella, impronta string) string {
	return cartella + impronta[:2] + "/" + impronta
}

// nomeQuarantena gives a key for a file taken away, never used before.
func nomeQuarantena(cartella, impronta string) string {
	return cartella + quarantena + impronta + "-" + strings.ToLower(rand.Text())
}

var (
	formaImpronta   = regexp.MustCompile(`^[0-9a-f]{64}$`)
	formaFile       = regexp.MustCompile(`^([0-9a-f]{2})/([0-9a-f]{64})$`)
	formaQuarantena = regexp.MustCompile(`^` + quarantena + `([0-9a-f]{64})-[0-9a-z]+$`)
)

// luogo is where an object of an ente is.
type luogo int

const (
	altrove luogo = iota // not ours
	alSuoPosto
	inQuarantena
)

// leggiNome is the inverse of nomeFile and of nomeQuarantena.
func leggiNome(cartella, chiave string) (impronta string, dove luogo) {
	resto, ok := strings.CutPrefix(chiave, cartella)
	if !ok {
		return "", altrove
	}
	if m := formaFile.FindStringSubmatch(resto); m != nil && m[1] == m[2][:2] {
		return m[2], alSuoPosto
	}
	if m := formaQuarantena.FindStringSubmatch(resto); m != nil {
		return m[1], inQuarantena
	}
	return "", altrove
}

// enteDi gives whose file has that key, and its SHA-256; false for what is none.
func (a *Archivio) enteDi(chiave string) (ente, impronta string, ok bool) {
	resto, ok := strings.CutPrefix(chiave, a.radice)
	pezzi, seguito, due := strings.Cut(resto, "e-")
	ultimo, _, tre := strings.Cut(seguito, "/")
	if !ok || !due || !tre {
		return "", "", false
	}
	b, err := codifica.DecodeString(strings.ReplaceAll(pezzi, "/", "") + ultimo)
	if err != nil {
		return "", "", false
	}
	cartella, err := a.cartella(string(b))
	if err != nil {
		return "", "", false
	}
	impronta, dove := leggiNome(cartella, chiave)
	return string(b), impronta, dove != altrove
}
