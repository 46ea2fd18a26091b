package allegato

import (
	"bufio"
	"encoding/binary"
	"io"
)

// immagine reads the header of an image for the pixels that it declares.
func (x *esame) immagine(b *bufio.Reader, tipo string) error {
	var l, a uint32
	var err error
	switch tipo {
	case "image/jpeg":
		l, a, err = jpeg(b)
	case "image/tiff":
		return x.tiff(b)
	case "image/gif":
		var h []byte
		if h, err = b.Peek(10); err == nil {
			l, a = uint32(binary.LittleEndian.Uint16(h[6:])), uint32(binary.LittleEndian.Uint16(h[8:]))
		}
	case "image/webp":
		l, a, err = webp(b)
	default: // PNG: the first chunk is IHDR (ISO/IEC 15948, §11.2.2)
		var h []byte
		if h, err = b.Peek(24); err == nil {
			if string(h[12:16]) != "IHDR" {
				return rifiuto(CodiceMalformato)
			}
			l, a = binary.BigEndian.Uint32(h[16:]), binary.BigEndian.Uint32(h[20:])
		}
	}
	if err != nil {
		return err
	}
	return x.pixel(l, a)
}

func (x *esame) pixel(larghezza, altezza uint32) error {
	if larghezza == 0 || altezza == 0 {
		return rifiuto(CodiceMalformato)
	}
	if int64(larghezza) > x.o.Limiti.Pixel/int64(altezza) {
		return rifiuto(CodicePixel)
	}
	return nil
}

// jpeg walks the segments to the first frame header (ITU T.81, B.2.2).
func jpeg(b *bufio.Reader) (uint32, uint32, error) {
	if _, err := b.Discard(2); err != nil {
		return 0, 0, err
	}
	for {
		h, err := b.Peek(4)
		if err != nil {
			return 0, 0, err
		}
		n := int(binary.BigEndian.Uint16(h[2:]))
		m := h[1]
		switch {
		case h[0] != 0xff || n < 2:
			return 0, 0, rifiuto(CodiceMalformato)
		case m == 0xff: // fill byte
			n = -1
		case m >= 0xc0 && m <= 0xcf && m != 0xc4 && m != 0xc8 && m != 0xcc:
			if h, err = b.Peek(9); err != nil {
				return 0, 0, err
			}
			return uint32(binary.BigEndian.Uint16(h[7:])), uint32(binary.BigEndian.Uint16(h[5:])), nil
		case m < 0xc0 || m >= 0xd0 && m <= 0xda: // data before a frame
			return 0, 0, rifiuto(CodiceMalformato)
		}
		if _, err := b.Discard(n + 2); err != nil {
			return 0, 0, err
		}
	}
}

// webp reads the first chunk (RFC 9649, §2.4–2.7).
func webp(b *bufio.Reader) (uint32, uint32, error) {
	h, err := b.Peek(30)
	if err != nil {
		return 0, 0, err
	}
	switch string(h[12:16]) {
	case "VP8 ":
		return uint32(binary.LittleEndian.Uint16(h[26:]) & 0x3fff), uint32(binary.LittleEndian.Uint16(h[28:]) & 0x3fff), nil
	case "VP8L":
		v := binary.LittleEndian.Uint32(h[21:])
		return v&0x3fff + 1, v>>14&0x3fff + 1, nil
	case "VP8X":
		tre := func(i int) uint32 { return uint32(h[i]) | uint32(h[i+1])<<8 | uint32(h[i+2])<<16 }
		return tre(24) + 1, tre(27) + 1, nil
	}
	return 0, 0, rifiuto(CodiceMalformato)
}

// massimoPagine bounds the images of one TIFF.
const massimoPagine = 1000

// tiff walks the directories (TIFF 6.0, §2). A directory that lies before what
// was read already cannot be looked at: such a file is refused.
func (x *esame) tiff(b *bufio.Reader) error {
	var h [8]byte
	if _, err := io.ReadFull(b, h[:]); err != nil {
		return err
	}
	var o binary.ByteOrder = binary.LittleEndian
	if h[0] == 'M' {
		o = binary.BigEndian
	}
	if o.Uint16(h[2:]) != 42 {
		return rifiuto(CodiceMalformato) // BigTIFF
	}
	pos, dove := int64(8), int64(o.Uint32(h[4:]))
	for range massimoPagine {
		if dove < pos {
			return rifiuto(CodiceMalformato)
		}
		if _, err := io.CopyN(io.Discard, b, dove-pos); err != nil {
			return err
		}
		var v [12]byte
		if _, err := io.ReadFull(b, v[:2]); err != nil {
			return err
		}
		n := int64(o.Uint16(v[:]))
		var lato [2]uint32
		for range n {
			if _, err := io.ReadFull(b, v[:]); err != nil {
				return err
			}
			if tag := o.Uint16(v[:]); tag == 256 || tag == 257 {
				lato[tag-256] = o.Uint32(v[8:])
				if o.Uint16(v[2:]) == 3 { // SHORT
					lato[tag-256] = uint32(o.Uint16(v[8:]))
				}
			}
		}
		if err := x.pixel(lato[0], lato[1]); err != nil {
			return err
		}
		if _, err := io.ReadFull(b, v[:4]); err != nil {
			return err
		}
		pos, dove = dove+2+12*n+4, int64(o.Uint32(v[:]))
		if dove == 0 {
			return nil
		}
	}
	return rifiuto(CodiceVoci)
}
