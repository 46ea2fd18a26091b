package carattere

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrCarattere is the cause of every refusal of a font file.
var ErrCarattere = errors.New("carattere: file non valido")

const (
	massimoFile   = 32 << 20
	massimoGlifi  = 1 << 16
	massimoVisite = 1 << 18 // overlapping segments must not cost more than a few passes over U+0000–U+FFFF
)

// Leggi parses a TrueType file (glyf outlines, Unicode cmap format 4, at most
// 32 MiB), known to PDF readers as nome. Whatever bytes it gets, it gives an
// error that wraps ErrCarattere and never panics.
func Leggi(nome, file string) (*Carattere, error) {
	if len(file) < 12 || len(file) > massimoFile {
		return nil, fmt.Errorf("%w: dimensione", ErrCarattere)
	}
	if v := file[:4]; v != "\x00\x01\x00\x00" && v != "true" {
		return nil, fmt.Errorf("%w: non TrueType", ErrCarattere)
	}
	t, err := tavole(file)
	if err != nil {
		return nil, err
	}
	avanzi, err := leggiAvanzi(t)
	if err != nil {
		return nil, err
	}
	c := &Carattere{file: file, nome: nome, larghezze: map[rune]int32{}}
	if err := leggiCmap(t["cmap"], len(avanzi), func(r rune, glifo int) {
		c.larghezze[r] = avanzi[glifo]
		if r < 256 {
			c.latine[r] = avanzi[glifo]
		}
	}); err != nil {
		return nil, err
	}
	return c, nil
}

type tavola string

func (t tavola) u16(i int) (int, bool) {
	if i < 0 || i+2 > len(t) {
		return 0, false
	}
	return int(t[i])<<8 | int(t[i+1]), true
}

func (t tavola) u32(i int) (int, bool) {
	if i < 0 || i+4 > len(t) {
		return 0, false
	}
	return int(binary.BigEndian.Uint32([]byte(t[i : i+4]))), true
}

func tavole(file string) (map[string]tavola, error) {
	f := tavola(file)
	n, _ := f.u16(4)
	t := make(map[string]tavola, min(n, 64))
	for i := range n {
		r := 12 + 16*i
		da, ok1 := f.u32(r + 8)
		quanto, ok2 := f.u32(r + 12)
		if !ok1 || !ok2 || da > len(file) || quanto > len(file)-da {
			return nil, fmt.Errorf("%w: indice delle tavole", ErrCarattere)
		}
		t[file[r:r+4]] = f[da : da+quanto]
	}
	for _, nome := range []string{"head", "hhea", "maxp", "hmtx", "cmap", "glyf", "loca", "post", "name", "OS/2"} {
		if t[nome] == "" {
			return nil, fmt.Errorf("%w: manca la tavola %s", ErrCarattere, nome)
		}
	}
	return t, nil
}

// leggiAvanzi gives the advance of each glyph in thousandths of the size,
// rounded to the nearest integer as PDF widths are.
func leggiAvanzi(t map[string]tavola) ([]int32, error) {
	em, ok1 := t["head"].u16(18)
	metriche, ok2 := t["hhea"].u16(34)
	glifi, ok3 := t["maxp"].u16(4)
	if !ok1 || !ok2 || !ok3 || em == 0 || metriche == 0 || glifi == 0 || glifi > massimoGlifi || metriche > glifi {
		return nil, fmt.Errorf("%w: metriche", ErrCarattere)
	}
	avanzi := make([]int32, glifi)
	for i := range avanzi {
		v, ok := t["hmtx"].u16(4 * min(i, metriche-1))
		if !ok {
			return nil, fmt.Errorf("%w: tavola hmtx", ErrCarattere)
		}
		avanzi[i] = int32((v*1000 + em/2) / em)
	}
	return avanzi, nil
}

// leggiCmap calls visita for each mapped character of the Unicode subtable.
func leggiCmap(t tavola, glifi int, visita func(rune, int)) error {
	errore := fmt.Errorf("%w: tavola cmap", ErrCarattere)
	n, ok := t.u16(2)
	if !ok {
		return errore
	}
	var s tavola
	for i := range n {
		piattaforma, _ := t.u16(4 + 8*i)
		codifica, _ := t.u16(6 + 8*i)
		da, ok := t.u32(8 + 8*i)
		if !ok || da > len(t) {
			return errore
		}
		if formato, ok := t[da:].u16(0); ok && formato == 4 && (piattaforma == 0 || piattaforma == 3 && codifica == 1) {
			s = t[da:]
			break
		}
	}
	doppi, ok := s.u16(6)
	if !ok || doppi%2 != 0 {
		return errore
	}
	visite := 0
	for i := 0; i < doppi; i += 2 {
		fine, ok1 := s.u16(14 + i)
		inizio, ok2 := s.u16(16 + doppi + i)
		delta, ok3 := s.u16(16 + 2*doppi + i)
		posto := 16 + 3*doppi + i
		scarto, ok4 := s.u16(posto)
		if !ok1 || !ok2 || !ok3 || !ok4 || inizio > fine {
			return errore
		}
		if visite += fine - inizio + 1; visite > massimoVisite {
			return errore
		}
		for r := inizio; r <= fine && r < 0xFFFF; r++ {
			g := r
			if scarto != 0 {
				if g, ok = s.u16(posto + scarto + 2*(r-inizio)); !ok {
					return errore
				}
			}
			if scarto == 0 || g != 0 {
				g = (g + delta) & 0xFFFF
			}
			if g > 0 && g < glifi {
				visita(rune(r), g)
			}
		}
	}
	return nil
}
