package busta_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage/busta"
)

// contatore is a source that is anything but random: 1, 2, 3…
type contatore byte

func (c *contatore) Read(b []byte) (int, error) {
	for i := range b {
		*c++
		b[i] = byte(*c)
	}
	return len(b), nil
}

// mano reads and writes the format as the package comment tells it, with nothing
// of the package.
type mano struct {
	t              *testing.T
	ente, contesto string
}

func (m mano) gcm(k []byte) cipher.AEAD {
	c, err := aes.NewCipher(k)
	require.NoError(m.t, err)
	g, err := cipher.NewGCM(c)
	require.NoError(m.t, err)
	return g
}

func (m mano) legame(cosa string) []byte {
	b := append([]byte(cosa), 0, 1)
	b = append(binary.BigEndian.AppendUint16(b, uint16(len(m.ente))), m.ente...)
	return append(binary.BigEndian.AppendUint16(b, uint16(len(m.contesto))), m.contesto...)
}

// scarta gives the content key, the prefix of the nonces and the segments.
func (m mano) scarta(chiavi map[string][]byte, dati []byte) (chiave, prefisso, corpo []byte) {
	require.Equal(m.t, []byte{0x9b, 0x42, 0x55, 0x53, 0x54, 0x41, 0x0d, 0x0a}, dati[:8])
	require.EqualValues(m.t, 1, dati[8])
	n := int(dati[9])
	id, nonce, avvolta, corpo := dati[10:10+n], dati[10+n:22+n], dati[22+n:70+n], dati[70+n:]
	chiave, err := m.gcm(chiavi[string(id)]).Open(nil, nonce, avvolta, append(append(m.legame("busta chiave"), byte(n)), id...))
	require.NoError(m.t, err)
	require.Len(m.t, chiave, 32)
	return chiave, corpo[:7], corpo[7:]
}

func nonce(prefisso []byte, numero uint32, ultimo bool) []byte {
	n := append(binary.BigEndian.AppendUint32(bytes.Clone(prefisso), numero), 0)
	if ultimo {
		n[11] = 1
	}
	return n
}

func (m mano) apri(chiavi map[string][]byte, dati []byte) []byte {
	chiave, prefisso, corpo := m.scarta(chiavi, dati)
	chiaro := []byte{}
	for i := uint32(0); ; i++ {
		pezzo := corpo[:min(len(corpo), 65536+16)]
		corpo = corpo[len(pezzo):]
		var err error
		chiaro, err = m.gcm(chiave).Open(chiaro, nonce(prefisso, i, len(corpo) == 0), pezzo, m.legame("busta contenuto"))
		require.NoError(m.t, err, "segment %d", i)
		if len(corpo) == 0 {
			return chiaro
		}
	}
}

func TestFormato(t *testing.T) {
	t.Parallel()
	chiavi := map[string][]byte{"2025": chiave(25), "2026": chiave(26)}
	for _, n := range []int{0, 1, 65535, 65536, 65537, 2 * 65536, 200_000} {
		chiaro := bytes.Repeat([]byte("pratica"), n/7+1)[:n]
		dati := chiudi(t, nuova(t, "2025"), chiaro)
		require.Len(t, dati, 74+7+n+16*max(1, (n+65535)/65536))
		require.True(t, bytes.Equal(chiaro, mano{t, ente, contesto}.apri(chiavi, dati)), n)
		dati, _, err := nuova(t, "2026").Riavvolgi(context.Background(), ente, contesto, dati)
		require.NoError(t, err)
		require.True(t, bytes.Equal(chiaro, mano{t, ente, contesto}.apri(chiavi, dati)), n)
	}
}

// TestFormatoFermo: what was sealed once is opened for ever.
func TestFormatoFermo(t *testing.T) {
	t.Parallel()
	b, err := busta.New(busta.Config{Portachiavi: portachiavi(t, "2026"), Casuale: new(contatore)})
	require.NoError(t, err)
	const atteso = "9b42555354410d0a" + "01" + "04" + "32303236" +
		"28292a2b2c2d2e2f30313233" + "3c373a24bc9cab6937d1dad2c4e129b40fe05805734316f05981ab6aadb889875b4d2cf49b08fdf167dcee96b4f85f6c" +
		"21222324252627" + "1f3996d0859efa7a1c7a024dac1f5c51b2c6f151"
	dati := chiudi(t, b, []byte("ciao"))
	require.Equal(t, atteso, hex.EncodeToString(dati))
	require.Equal(t, "ciao", string(mano{t, ente, contesto}.apri(map[string][]byte{"2026": chiave(26)}, dati)))
	chiaro, err := nuova(t, "2025").Apri(context.Background(), ente, contesto, dati)
	require.NoError(t, err)
	require.Equal(t, "ciao", string(chiaro))
}

// TestFormaUnica: a content has one form; an empty segment behind full ones is
// none, also where it was sealed with the right key.
func TestFormaUnica(t *testing.T) {
	t.Parallel()
	b := nuova(t, "2026")
	chiaro := contenuto(segmento)
	dati := chiudi(t, b, chiaro)
	m := mano{t, ente, contesto}
	chiave, prefisso, corpo := m.scarta(map[string][]byte{"2026": chiave(26)}, dati)
	c, legame := m.gcm(chiave), m.legame("busta contenuto")
	falsi := bytes.Clone(dati[:len(dati)-len(corpo)])
	falsi = c.Seal(falsi, nonce(prefisso, 0, false), chiaro, legame)
	falsi = c.Seal(falsi, nonce(prefisso, 1, true), nil, legame)
	rifiutati(t, b, chiaro, falsi, "segmento vuoto in coda")
}
