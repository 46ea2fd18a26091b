package rifinitura

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
)

const lunghezzaMappa = 2 << 16 // CIDToGIDMap: two bytes for each CID

// insiemi gives, for each font descriptor (by object number), the CIDSet stream
// that PDF/A-1 (6.3.5) wants of a subset font: one bit for each CID that has a
// glyph. It is read from the CIDToGIDMap that the library wrote.
func (s *struttura) insiemi() (map[int][]byte, error) {
	corpi := make(map[int][]byte, len(s.oggetti))
	for _, o := range s.oggetti {
		corpi[o.numero] = o.corpo
	}
	out := map[int][]byte{}
	for _, o := range s.oggetti {
		if !bytes.HasPrefix(o.corpo, []byte("<</Type /Font\n/Subtype /CIDFontType2\n")) {
			continue
		}
		descrittore, ok1 := riferimento(o.corpo, "/FontDescriptor ", s.quanti)
		mappa, ok2 := riferimento(o.corpo, "/CIDToGIDMap ", s.quanti)
		if !ok1 || !ok2 || !bytes.HasPrefix(corpi[descrittore], []byte("<</Type /FontDescriptor ")) {
			return nil, errata("font")
		}
		m, err := espandi(corpi[mappa])
		if err != nil {
			return nil, err
		}
		insieme := make([]byte, len(m)/16)
		insieme[0] = 1 << 7 // CID 0, the missing glyph, is in every font
		for cid := range len(m) / 2 {
			if m[2*cid] != 0 || m[2*cid+1] != 0 {
				insieme[cid/8] |= 1 << (7 - cid%8)
			}
		}
		out[descrittore] = insieme
	}
	return out, nil
}

// espandi inflates the stream of a CIDToGIDMap object.
func espandi(corpo []byte) ([]byte, error) {
	_, dati, ok := bytes.Cut(corpo, []byte("stream\n"))
	if !ok {
		return nil, errata("flusso")
	}
	z, err := zlib.NewReader(bytes.NewReader(dati))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStruttura, err)
	}
	m := make([]byte, lunghezzaMappa)
	if _, err := io.ReadFull(z, m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStruttura, err)
	}
	return m, nil
}
