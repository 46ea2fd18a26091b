package allegato

import (
	"encoding/binary"
	"errors"
	"io"
)

// descrittore reads the sizes that follow an entry of unknown length (APPNOTE,
// §4.3.9): with or without signature, of 32 or 64 bits. They are what was measured.
func (z *archivio) descrittore(v *voce, m *misurata, compresso int64) error {
	d, err := z.b.Peek(24)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	le := binary.LittleEndian
	v.crc, v.compresso, v.intero = m.crc, compresso, m.n
	for _, firma := range []bool{true, false} {
		for _, largo := range []bool{false, true} {
			var b []byte
			if firma {
				b = le.AppendUint32(b, firmaDescrittore)
			}
			b = le.AppendUint32(b, v.crc)
			if largo {
				b = le.AppendUint64(le.AppendUint64(b, uint64(compresso)), uint64(m.n))
			} else {
				b = le.AppendUint32(le.AppendUint32(b, uint32(compresso)), uint32(m.n))
			}
			if len(d) >= len(b) && string(d[:len(b)]) == string(b) {
				return z.leggi(b)
			}
		}
	}
	return rifiuto(CodiceMalformato)
}

// centrale reads the central directory, whose first signature is in h already,
// and all that follows to the end of the file.
func (z *archivio) centrale(h []byte) error {
	le := binary.LittleEndian
	inizio, voci := z.pos-4, 0
	for ; le.Uint32(h) == firmaCentrale; voci++ {
		if voci >= z.voci {
			return rifiuto(CodiceMalformato)
		}
		if err := z.leggi(h[4:46]); err != nil {
			return err
		}
		v := voce{flag: le.Uint16(h[8:]), metodo: le.Uint16(h[10:]), crc: le.Uint32(h[16:]),
			compresso: int64(le.Uint32(h[20:])), intero: int64(le.Uint32(h[24:])), dove: int64(le.Uint32(h[42:]))}
		if h[5] == 3 && le.Uint32(h[38:])>>28 == 0xa { // a symbolic link of Unix
			return rifiuto(CodicePercorso)
		}
		if err := z.nomi(&v, int(le.Uint16(h[28:])), int(le.Uint16(h[30:])), true); err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, z, int64(le.Uint16(h[32:]))); err != nil {
			return err
		}
		z.conta(v, -1)
		if err := z.leggi(h[:4]); err != nil {
			return err
		}
	}
	lunga := z.pos - 4 - inizio
	if voci != z.voci || z.somma != [4]uint64{} {
		return rifiuto(CodiceMalformato)
	}
	if le.Uint32(h) == firmaFine64 {
		if err := z.fine64(h, lunga, inizio); err != nil {
			return err
		}
	}
	if le.Uint32(h) != firmaFine {
		return rifiuto(CodiceMalformato)
	}
	if err := z.leggi(h[4:22]); err != nil {
		return err
	}
	uguale := func(scritto uint32, vero int64, tutti uint32) bool { return scritto == tutti || int64(scritto) == vero }
	for _, n := range []int{8, 10} {
		if !uguale(uint32(le.Uint16(h[n:])), int64(voci), 0xffff) {
			return rifiuto(CodiceMalformato)
		}
	}
	if le.Uint32(h[4:]) != 0 || !uguale(le.Uint32(h[12:]), lunga, 0xffffffff) || !uguale(le.Uint32(h[16:]), inizio, 0xffffffff) {
		return rifiuto(CodiceMalformato)
	}
	if _, err := io.CopyN(io.Discard, z, int64(le.Uint16(h[20:]))); err != nil {
		return err
	}
	if _, err := z.b.Peek(1); !errors.Is(err, io.EOF) {
		if err == nil {
			err = rifiuto(CodiceMalformato)
		}
		return err
	}
	return nil
}

// fine64 reads the ZIP64 end record and its locator, and the signature after them.
func (z *archivio) fine64(h []byte, lunga, inizio int64) error {
	le := binary.LittleEndian
	dove := z.pos - 4
	var r [52 + 20]byte // without the signature
	if err := z.leggi(r[:]); err != nil {
		return err
	}
	giusto := le.Uint64(r[0:]) == 44 && le.Uint32(r[12:]) == 0 && le.Uint32(r[16:]) == 0 &&
		le.Uint64(r[20:]) == uint64(z.voci) && le.Uint64(r[28:]) == uint64(z.voci) &&
		le.Uint64(r[36:]) == uint64(lunga) && le.Uint64(r[44:]) == uint64(inizio) &&
		le.Uint32(r[52:]) == firmaDove64 && le.Uint64(r[60:]) == uint64(dove)
	if !giusto {
		return rifiuto(CodiceMalformato)
	}
	return z.leggi(h[:4])
}
