package busta

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"io"
)

const (
	lunghezzaNonce   = 12
	lunghezzaSigillo = 16 // the tag of GCM

	inizioID    = len(firma) + 2
	dopoID      = lunghezzaNonce + LunghezzaChiave + lunghezzaSigillo
	minimaTesta = inizioID + 1 + dopoID

	// MassimaTesta bounds the length of a head, in bytes.
	MassimaTesta = inizioID + massimoID + dopoID
)

// LunghezzaTesta gives the length of the head with which dati begin; its first
// MassimaTesta bytes, or all of a shorter content, are enough. ErrInChiaro where
// dati are not sealed, ErrAlterata where the head is not well formed.
func LunghezzaTesta(dati []byte) (int, error) {
	switch {
	case !Sigillata(dati):
		return 0, ErrInChiaro
	case len(dati) < minimaTesta:
		return 0, alterata("finisce prima del tempo")
	case dati[len(firma)] != versione:
		return 0, alterata(fmt.Sprintf("versione %d sconosciuta", dati[len(firma)]))
	}
	n := int(dati[len(firma)+1])
	if n > massimoID || len(dati) < inizioID+n+dopoID {
		return 0, alterata("finisce prima del tempo")
	}
	if !idValido(string(dati[inizioID : inizioID+n])) {
		return 0, alterata("identificativo della chiave")
	}
	return inizioID + n + dopoID, nil
}

// RiavvolgiTesta brings the key of a content under the active key of the ring,
// given the head alone: whatever stood behind it goes behind nuova. Where it is
// under the active key already, cambiata is false and nuova is testa; that the
// head is genuine is looked at in any case. The length may change. Errors as
// those of Apri; what is not sealed is ErrInChiaro.
func (b *Busta) RiavvolgiTesta(ctx context.Context, ente, contesto string, testa []byte) (nuova []byte, cambiata bool, err error) {
	n, err := LunghezzaTesta(testa)
	if err != nil {
		return nil, false, err
	}
	if n != len(testa) {
		return nil, false, nonValida("altro dopo la testa")
	}
	if b == nil {
		return nil, false, ErrChiave
	}
	if err := controlla(ente, contesto); err != nil {
		return nil, false, err
	}
	attiva, err := b.attiva(ctx, ente)
	if err != nil {
		return nil, false, err
	}
	chiave, err := b.scarta(ctx, ente, contesto, testa)
	if err != nil {
		return nil, false, err
	}
	if idDi(testa) == attiva {
		return testa, false, nil
	}
	nuova, err = b.avvolgi(ctx, ente, contesto, attiva, chiave)
	return nuova, err == nil, err
}

func idDi(testa []byte) string { return string(testa[inizioID : len(testa)-dopoID]) }

func (b *Busta) attiva(ctx context.Context, ente string) (string, error) {
	id, err := b.portachiavi.Attiva(ctx, ente)
	if err != nil {
		return "", fmt.Errorf("busta: portachiavi: %w", err)
	}
	if !idValido(id) {
		return "", fmt.Errorf("%w: il portachiavi ne dà una attiva senza un identificativo valido", ErrChiave)
	}
	return id, nil
}

func (b *Busta) cifrario(ctx context.Context, ente, id string) (cipher.AEAD, error) {
	chiave, err := b.portachiavi.Chiave(ctx, ente, id)
	if err != nil {
		return nil, fmt.Errorf("busta: portachiavi, %s: %w", id, err)
	}
	if len(chiave) != LunghezzaChiave {
		return nil, fmt.Errorf("%w: %s è di %d byte", ErrChiave, id, len(chiave))
	}
	return gcm(chiave)
}

// avvolgi gives a head with that content key under the ring's key with that id.
func (b *Busta) avvolgi(ctx context.Context, ente, contesto, id string, chiave []byte) ([]byte, error) {
	c, err := b.cifrario(ctx, ente, id)
	if err != nil {
		return nil, err
	}
	testa := make([]byte, 0, inizioID+len(id)+dopoID)
	testa = append(testa, firma...)
	testa = append(testa, versione, byte(len(id)))
	testa = append(testa, id...)
	testa = testa[:len(testa)+lunghezzaNonce]
	nonce := testa[len(testa)-lunghezzaNonce:]
	if err := b.sorteggia(nonce); err != nil {
		return nil, err
	}
	return c.Seal(testa, nonce, chiave, legameChiave(ente, contesto, id)), nil
}

// scarta unwraps the content key of a well-formed head.
func (b *Busta) scarta(ctx context.Context, ente, contesto string, testa []byte) ([]byte, error) {
	id := idDi(testa)
	c, err := b.cifrario(ctx, ente, id)
	if err != nil {
		return nil, err
	}
	coda := testa[len(testa)-dopoID:]
	chiave, err := c.Open(nil, coda[:lunghezzaNonce], coda[lunghezzaNonce:], legameChiave(ente, contesto, id))
	if err != nil {
		return nil, alterata("chiave del contenuto")
	}
	return chiave, nil
}

func (b *Busta) sorteggia(dove []byte) error {
	if _, err := io.ReadFull(b.casuale, dove); err != nil {
		return fmt.Errorf("busta: numeri casuali: %w", err)
	}
	return nil
}

func gcm(chiave []byte) (cipher.AEAD, error) {
	c, err := aes.NewCipher(chiave)
	if err != nil {
		return nil, fmt.Errorf("busta: %w", err)
	}
	g, err := cipher.NewGCM(c)
	if err != nil {
		return nil, fmt.Errorf("busta: %w", err)
	}
	return g, nil
}

// legame is the additional data of a ciphertext (package comment, "Format").
func legame(cosa, ente, contesto string, riserva int) []byte {
	b := make([]byte, 0, len(cosa)+6+len(ente)+len(contesto)+riserva)
	b = append(b, cosa...)
	b = append(b, 0, versione)
	b = append(binary.BigEndian.AppendUint16(b, uint16(len(ente))), ente...)            //nolint:gosec // controlla bounds it
	return append(binary.BigEndian.AppendUint16(b, uint16(len(contesto))), contesto...) //nolint:gosec // controlla bounds it
}

func legameChiave(ente, contesto, id string) []byte {
	b := legame("busta chiave", ente, contesto, 1+len(id))
	return append(append(b, byte(len(id))), id...)
}

func legameContenuto(ente, contesto string) []byte {
	return legame("busta contenuto", ente, contesto, 0)
}
