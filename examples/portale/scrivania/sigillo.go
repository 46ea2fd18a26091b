package scrivania

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"

	"github.com/sportello-digitale/pratiche/pratica"
)

// sigillo encrypts the text that an operator searches for, because it is often
// a name or a codice fiscale and links must keep it: nothing personal is in an
// address, a log or the browser's history. The key lives as long as the process;
// a portal of several processes shares one.
type sigillo struct{ aead cipher.AEAD }

const massimoSigillo = 1024 // bytes of a sealed text

func nuovoSigillo() (*sigillo, error) {
	chiave := make([]byte, 32)
	if _, err := rand.Read(chiave); err != nil {
		return nil, err
	}
	b, err := aes.NewCipher(chiave)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(b)
	if err != nil {
		return nil, err
	}
	return &sigillo{aead}, nil
}

// chiudi seals a text for one operator; "" stays "".
func (s *sigillo) chiudi(a pratica.Attore, testo string) string {
	if testo == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, []byte(testo), contesto(a)))
}

// apri gives the text back; false where it was not sealed here for him.
func (s *sigillo) apri(a pratica.Attore, chiuso string) (string, bool) {
	if chiuso == "" {
		return "", true
	}
	b, err := base64.RawURLEncoding.DecodeString(chiuso)
	if err != nil || len(chiuso) > massimoSigillo {
		return "", false
	}
	b, err = s.aead.Open(nil, nil, b, contesto(a))
	return string(b), err == nil
}

func contesto(a pratica.Attore) []byte { return []byte(a.Ente + "\x00" + a.ID) }
