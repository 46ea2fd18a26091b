package rifinitura

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
)

// struttura is what the step needs to know of the original: its objects in file
// order, and which of them are catalogue, information and page tree.
type struttura struct {
	oggetti              []oggetto
	quanti               int // objects, with the free number 0
	radice, info, pagine int
}

type oggetto struct {
	numero, posto int
	corpo         []byte // after "N 0 obj\n", with endobj
}

const massimoOggetti = 1 << 20

func errata(che string) error { return fmt.Errorf("%w: %s", ErrStruttura, che) }

// leggi reads a classic cross-reference table with one section, the only kind
// that the library writes.
func leggi(pdf []byte) (*struttura, error) {
	if !bytes.HasPrefix(pdf, []byte("%PDF-1.")) {
		return nil, errata("intestazione")
	}
	i := bytes.LastIndex(pdf, []byte("startxref\n"))
	if i < 0 {
		return nil, errata("startxref")
	}
	inizio, _, ok := numero(pdf[i+len("startxref\n"):])
	if !ok || inizio >= i || !bytes.HasPrefix(pdf[inizio:], []byte("xref\n0 ")) {
		return nil, errata("xref")
	}
	righe := pdf[inizio+len("xref\n0 ") : i]
	quanti, resto, ok := numero(righe)
	if !ok || quanti < 2 || quanti > massimoOggetti || len(resto) < 1+20*quanti {
		return nil, errata("xref")
	}
	s := &struttura{quanti: quanti}
	resto = resto[1:]
	for n := 1; n < quanti; n++ {
		posto, dopo, ok := numero(resto[20*n:])
		if !ok || posto >= inizio || !bytes.HasPrefix(dopo, []byte(" 00000 n")) {
			return nil, errata("riga di xref")
		}
		s.oggetti = append(s.oggetti, oggetto{numero: n, posto: posto})
	}
	slices.SortFunc(s.oggetti, func(a, b oggetto) int { return a.posto - b.posto })
	for k := range s.oggetti {
		fine := inizio
		if k+1 < len(s.oggetti) {
			fine = s.oggetti[k+1].posto
		}
		o := &s.oggetti[k]
		corpo, ok := bytes.CutPrefix(pdf[o.posto:fine], []byte(strconv.Itoa(o.numero)+" 0 obj\n"))
		if !ok || !bytes.HasSuffix(corpo, []byte("endobj\n")) {
			return nil, errata("oggetto")
		}
		o.corpo = corpo
	}
	coda := resto[20*quanti:]
	var ok1, ok2, ok3 bool
	s.radice, ok1 = riferimento(coda, "/Root ", quanti)
	s.info, ok2 = riferimento(coda, "/Info ", quanti)
	for _, o := range s.oggetti {
		if o.numero == s.radice {
			s.pagine, ok3 = riferimento(o.corpo, "/Pages ", quanti)
		}
	}
	if !ok1 || !ok2 || !ok3 || s.radice == s.info {
		return nil, errata("trailer")
	}
	return s, nil
}

// numero reads at most ten digits.
func numero(b []byte) (int, []byte, bool) {
	n, i := 0, 0
	for ; i < len(b) && i < 10 && b[i] >= '0' && b[i] <= '9'; i++ {
		n = n*10 + int(b[i]-'0')
	}
	return n, b[i:], i > 0
}

func riferimento(b []byte, chiave string, quanti int) (int, bool) {
	_, dopo, ok := bytes.Cut(b, []byte(chiave))
	if !ok {
		return 0, false
	}
	n, resto, ok := numero(dopo)
	return n, ok && n > 0 && n < quanti && bytes.HasPrefix(resto, []byte(" 0 R"))
}
