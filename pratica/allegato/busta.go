package allegato

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"strings"
)

// oidFirmato is signedData, 1.2.840.113549.1.7.2, in DER (RFC 5652, §5.1).
var oidFirmato = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}

// firmato reports whether a file begins as a CMS signedData: in DER or BER, in
// base64 of it, or in PEM.
func firmato(testa []byte) bool {
	if testa[0] == 0x30 {
		return bytes.Contains(testa[:min(len(testa), 32)], oidFirmato)
	}
	if ePEM(testa) {
		_, testa, _ = bytes.Cut(testa, []byte("\n"))
	}
	righe := bytes.Join(bytes.Fields(testa[:min(len(testa), 256)]), nil)
	der := make([]byte, 24)
	n, err := base64.StdEncoding.Decode(der, righe[:min(len(righe), 32)])
	return err == nil && n > 0 && der[0] == 0x30 && bytes.Contains(der[:n], oidFirmato)
}

func ePEM(testa []byte) bool { return bytes.HasPrefix(testa, []byte("-----BEGIN ")) }

// busta examines a signed envelope: ContentInfo { signedData, [0] SignedData },
// and what it encloses.
func (x *esame) busta(b *bufio.Reader, l luogo) error {
	testa, err := b.Peek(1)
	if err != nil {
		return err
	}
	if testa[0] != 0x30 {
		c := x.lettore(base64.NewDecoder(base64.StdEncoding, &righe{b: b}))
		defer x.rendi(c)
		b = c
	}
	x.esito.Buste++
	fuori := l.profondita == 0
	if fuori {
		x.esito.Firma = CAdES
	}
	n, err := x.firmata(&asn1{b: b}, l)
	if fuori {
		x.esito.Firme = n
	}
	var corrotto base64.CorruptInputError
	if errors.As(err, &corrotto) {
		return rifiuto(CodiceMalformato)
	}
	return err
}

// firmata walks the envelope and counts its signers.
func (x *esame) firmata(a *asn1, l luogo) (int, error) {
	info, err := a.apri(0x30)
	if err != nil {
		return 0, err
	}
	if err := a.salta(0x06); err != nil {
		return 0, err
	}
	esplicito, err := a.apri(0xa0)
	if err != nil {
		return 0, err
	}
	dati, err := a.apri(0x30)
	if err != nil {
		return 0, err
	}
	for _, t := range []byte{0x02, 0x31} { // version, digestAlgorithms
		if err := a.salta(t); err != nil {
			return 0, err
		}
	}
	if err := x.racchiuso(a, l); err != nil {
		return 0, err
	}
	firme := 0
	for { // certificates [0], crls [1], signerInfos
		t, ok, err := a.altro(dati)
		if err != nil || !ok {
			if err == nil {
				err = a.fine(dati, esplicito, info)
			}
			return firme, err
		}
		if t != 0x31 {
			if err := a.salta(t); err != nil {
				return firme, err
			}
			continue
		}
		insieme, err := a.apri(0x31)
		if err != nil {
			return firme, err
		}
		for {
			t, ok, err := a.altro(insieme)
			if err != nil {
				return firme, err
			}
			if !ok {
				break
			}
			if err := a.salta(t); err != nil {
				return firme, err
			}
			firme++
		}
		if err := a.chiudi(insieme); err != nil {
			return firme, err
		}
	}
}

// racchiuso examines encapContentInfo { eContentType, [0] OCTET STRING }.
func (x *esame) racchiuso(a *asn1, l luogo) error {
	incluso, err := a.apri(0x30)
	if err != nil {
		return err
	}
	if err := a.salta(0x06); err != nil {
		return err
	}
	_, ok, err := a.altro(incluso)
	if err != nil {
		return err
	}
	if !ok {
		return rifiuto(CodiceFirmaStaccata)
	}
	esplicito, err := a.apri(0xa0)
	if err != nil {
		return err
	}
	ottetti := &ottetti{a: a}
	nome := l.nome
	if estensione(nome) == ".p7m" {
		nome = nome[:len(nome)-len(".p7m")]
	}
	t, err := x.documento(ottetti, luogo{nome: nome, profondita: l.profondita + 1})
	if err != nil {
		return err
	}
	if x.esito.Contenuto == "" {
		x.esito.Contenuto = t
	}
	for { // what the examination left
		if _, err := ottetti.Read(x.pezzo); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
	}
	if err := a.chiudi(esplicito); err != nil {
		return err
	}
	return a.chiudi(incluso)
}

// righe gives the base64 between the lines of a PEM, or all of a bare one.
type righe struct {
	b      *bufio.Reader
	inizio bool
	fine   bool
}

func (r *righe) Read(p []byte) (int, error) {
	if !r.inizio {
		r.inizio = true
		if t, err := r.b.Peek(11); err == nil && ePEM(t) {
			linea, err := r.b.ReadSlice('\n')
			if err != nil || !strings.Contains(string(linea), "PKCS7") && !strings.Contains(string(linea), "CMS") {
				return 0, rifiuto(CodiceMalformato)
			}
		}
	}
	n := 0
	for n < len(p) && !r.fine {
		c, err := r.b.ReadByte()
		switch {
		case err != nil && n > 0 && errors.Is(err, io.EOF):
			return n, nil
		case err != nil:
			return n, err
		case c == '-':
			r.fine = true
		case c > ' ':
			p[n] = c
			n++
		}
		if n > 0 && r.b.Buffered() == 0 {
			break
		}
	}
	if n == 0 && r.fine {
		return 0, io.EOF
	}
	return n, nil
}
