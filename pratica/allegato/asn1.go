package allegato

import (
	"bufio"
	"errors"
	"io"
)

// asn1 walks BER (ITU X.690) in a stream. Lengths are believed only as bounds:
// nothing is allocated by them.
type asn1 struct {
	b   *bufio.Reader
	pos int64
}

// massimaProfondita of nested values of indefinite length.
const massimaProfondita = 16

// valore is a constructed value that was entered: where it ends, or -1 where it
// ends with two zero bytes.
type valore struct{ fine int64 }

func (a *asn1) byte() (byte, error) {
	c, err := a.b.ReadByte()
	if err == nil {
		a.pos++
	}
	return c, err
}

// testa reads the tag, of one byte, and the length: -1 is indefinite.
func (a *asn1) testa() (byte, int64, error) {
	t, err := a.byte()
	if err != nil {
		return 0, 0, err
	}
	c, err := a.byte()
	if err != nil {
		return 0, 0, err
	}
	switch {
	case t&0x1f == 0x1f || c == 0x80 && t&0x20 == 0 || c > 0x86:
		return 0, 0, rifiuto(CodiceMalformato)
	case c == 0x80:
		return t, -1, nil
	case c < 0x80:
		return t, int64(c), nil
	}
	n := int64(0)
	for range c & 0x7f {
		if c, err = a.byte(); err != nil {
			return 0, 0, err
		}
		n = n<<8 | int64(c)
	}
	return t, n, nil
}

// apri enters a constructed value of that tag.
func (a *asn1) apri(tag byte) (valore, error) {
	t, n, err := a.testa()
	switch {
	case err != nil:
		return valore{}, err
	case t != tag:
		return valore{}, rifiuto(CodiceMalformato)
	case n < 0:
		return valore{-1}, nil
	}
	return valore{a.pos + n}, nil
}

// altro gives the tag of the next value inside v, without reading it; false at
// the end of v.
func (a *asn1) altro(v valore) (byte, bool, error) {
	if v.fine >= 0 && a.pos >= v.fine {
		return 0, false, nil
	}
	t, err := a.b.Peek(1)
	if err != nil {
		return 0, false, err
	}
	return t[0], v.fine >= 0 || t[0] != 0, nil
}

// chiudi leaves v, all of whose values were read.
func (a *asn1) chiudi(v valore) error {
	if v.fine >= 0 {
		if a.pos != v.fine {
			return rifiuto(CodiceMalformato)
		}
		return nil
	}
	for range 2 {
		c, err := a.byte()
		if err != nil {
			return err
		}
		if c != 0 {
			return rifiuto(CodiceMalformato)
		}
	}
	return nil
}

// salta reads over one value of that tag.
func (a *asn1) salta(tag byte) error { return a.saltaUno(tag, 0) }

func (a *asn1) saltaUno(tag byte, profondita int) error {
	t, n, err := a.testa()
	if err != nil {
		return err
	}
	if t != tag || profondita > massimaProfondita {
		return rifiuto(CodiceMalformato)
	}
	if n >= 0 {
		m, err := io.CopyN(io.Discard, a.b, n)
		a.pos += m
		return err
	}
	v := valore{-1}
	for {
		t, ok, err := a.altro(v)
		if err != nil {
			return err
		}
		if !ok {
			return a.chiudi(v)
		}
		if err := a.saltaUno(t, profondita+1); err != nil {
			return err
		}
	}
}

// fine leaves the values, innermost first, and wants nothing after them but
// padding: zeros and white space, which some signing programs leave.
func (a *asn1) fine(v ...valore) error {
	for _, v := range v {
		if err := a.chiudi(v); err != nil {
			return err
		}
	}
	for {
		c, err := a.byte()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if c != 0 && c != ' ' && c != '\r' && c != '\n' {
			return rifiuto(CodiceMalformato)
		}
	}
}

// ottetti reads an OCTET STRING, primitive or in pieces, also of pieces.
type ottetti struct {
	a      *asn1
	resto  int64 // of the primitive being read
	aperti []valore
	inizio bool
	fine   bool
}

func (o *ottetti) Read(p []byte) (int, error) {
	for o.resto == 0 {
		if o.fine {
			return 0, io.EOF
		}
		if err := o.avanza(); err != nil {
			return 0, imprevista(err)
		}
	}
	n, err := o.a.b.Read(p[:min(int64(len(p)), o.resto)])
	o.a.pos += int64(n)
	o.resto -= int64(n)
	return n, imprevista(err)
}

// avanza moves to the next primitive piece, or to the end.
func (o *ottetti) avanza() error {
	if n := len(o.aperti); n > 0 {
		v := o.aperti[n-1]
		_, ok, err := o.a.altro(v)
		if err != nil {
			return err
		}
		if !ok {
			o.aperti = o.aperti[:n-1]
			o.fine = n == 1
			return o.a.chiudi(v)
		}
	} else if o.inizio {
		o.fine = true
		return nil
	}
	o.inizio = true
	t, n, err := o.a.testa()
	switch {
	case err != nil:
		return err
	case t == 0x04 && n >= 0:
		o.resto = n
	case t == 0x24 && len(o.aperti) < massimaProfondita:
		v := valore{-1}
		if n >= 0 {
			v.fine = o.a.pos + n
		}
		o.aperti = append(o.aperti, v)
	default:
		return rifiuto(CodiceMalformato)
	}
	return nil
}

// imprevista: the end of the file in the middle of a value.
func imprevista(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
