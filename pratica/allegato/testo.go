package allegato

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf16"
)

// binario reports whether text does not have a byte, as the WHATWG MIME Sniffing
// Standard lists them (§3, binary data byte).
func binario(b byte) bool {
	return b <= 0x08 || b == 0x0b || b >= 0x0e && b <= 0x1a || b >= 0x1c && b <= 0x1f
}

// testo reads a text to its end: binary data after an innocent head are not text.
func (x *esame) testo(b *bufio.Reader, largo bool) error {
	if largo {
		return nil
	}
	for {
		n, err := b.Read(x.pezzo)
		for _, c := range x.pezzo[:n] {
			if c < 0x20 && binario(c) {
				return rifiuto(CodiceMalformato)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// largo16 writes ASCII in UTF-16LE, as OLE names its streams.
func largo16(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

// indizi are what gives away what an OLE document or an RTF holds.
var indizi = []struct {
	cosa  []byte
	macro bool
}{
	{largo16("_VBA_PROJECT"), true}, {largo16("Macros\x00"), true}, {largo16("EncryptedPackage"), false},
	{[]byte(`\objdata`), true}, {[]byte(`\objupdate`), true},
}

// office reads an OLE document or an RTF and looks for what may not be in it:
// macros and embedded objects, and an encrypted document.
func (x *esame) office(b *bufio.Reader) error {
	x.esito.segnala(NonEsaminato)
	return scorri(b, 2*len("EncryptedPackage"), func(p []byte) error {
		for _, i := range indizi {
			if !bytes.Contains(p, i.cosa) {
				continue
			}
			err := x.vieta(x.o.Politica.Macro, CodiceMacro, Macro)
			if !i.macro {
				err = x.vieta(x.o.Politica.Cifrati, CodiceCifrato, Cifrato)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// scorri gives all that b holds, piece after piece, each beginning with the last
// bytes of the one before.
func scorri(b *bufio.Reader, resto int, fn func([]byte) error) error {
	for {
		_, err := b.Peek(resto + 1)
		p, _ := b.Peek(b.Buffered())
		if e := fn(p); e != nil {
			return e
		}
		if errors.Is(err, io.EOF) {
			_, err = b.Discard(len(p))
			return err
		}
		if err != nil {
			return err
		}
		if _, err := b.Discard(len(p) - resto); err != nil {
			return err
		}
	}
}
