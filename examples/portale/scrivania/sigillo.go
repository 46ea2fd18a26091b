package scrivania

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
)

// sigillo encrypts the texts that an operator searches for, because they are
// often a name or a codice fiscale and links must keep them: nothing personal is in an
// address, a log or the browser's history. The key lives as long as the process;
// a portal of several processes shares one.
type sigillo struct{ aead cipher.AEAD }

const (
	massimoSigillo    = 1024   // bytes of sealed texts
	separatoreSigillo = "\x00" // between them
)

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

// chiudi seals texts for one operator; all empty they stay "".
func (s *sigillo) chiudi(a pratica.Attore, testi ...string) string {
	if strings.Join(testi, "") == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, []byte(strings.Join(testi, separatoreSigillo)), contesto(a)))
}

// apri gives so many texts back; false where they were not sealed here for him.
func (s *sigillo) apri(a pratica.Attore, chiuso string, quanti int) ([]string, bool) {
	nessuno := make([]string, quanti)
	if chiuso == "" {
		return nessuno, true
	}
	b, err := base64.RawURLEncoding.DecodeString(chiuso)
	if err != nil || len(chiuso) > massimoSigillo {
		return nessuno, false
	}
	if b, err = s.aead.Open(nil, nil, b, contesto(a)); err != nil {
		return nessuno, false
	}
	testi := strings.Split(string(b), separatoreSigillo)
	if len(testi) != quanti {
		return nessuno, false
	}
	return testi, true
}

func contesto(a pratica.Attore) []byte { return []byte(a.Ente + "\x00" + a.ID) }
