package allegato

import (
	"bufio"
	"bytes"
	"encoding/ascii85"
	"errors"
	"io"
)

var fineFlusso = []byte("endstream")

// flusso reads a stream, from the end of its keyword to its own: what it
// expands to is measured and looked at.
func (d *documentoPDF) flusso() error {
	defer d.dizionario()
	d.flussi++
	if d.chiaviFiltro > 1 { // readers differ on which one counts
		return rifiuto(CodiceMalformato)
	}
	if d.larghezza > 0 && d.altezza > 0 && d.larghezza > d.x.o.Limiti.Pixel/d.altezza {
		return rifiuto(CodicePixel)
	}
	noti, ignoti := 0, 0
	for _, f := range d.filtri {
		switch f {
		case filtroFlate:
			noti++
		case filtroEspande, filtroIndiretto:
			ignoti++
		case filtroAltro, filtroASCII85, filtroEsadecimale:
		}
	}
	if ignoti > 1 || ignoti > 0 && noti > 0 {
		return rifiuto(CodiceEspansione)
	}
	if d.diOggetti {
		if d.contaOggetti(d.inclusi); d.err != nil {
			return d.err
		}
	}
	if t, err := d.b.Peek(2); err == nil && t[0] == '\r' && t[1] == '\n' {
		if err := d.scarta(2); err != nil {
			return err
		}
	} else if err == nil {
		if err := d.scarta(1); err != nil {
			return err
		}
	}
	*d.dati, *d.interni = gettoni{parola: d.dati.parola}, gettoni{parola: d.interni.parola}
	if len(d.filtri) > 0 && d.filtri[0] != filtroAltro && d.filtri[0] != filtroEspande {
		if err := d.espandi(); err != nil {
			return err
		}
	}
	return d.cercaFine()
}

// fonte counts the bytes that filters take from the file, one by one.
type fonte struct{ d *documentoPDF }

func (f fonte) ReadByte() (byte, error) {
	c, err := f.d.b.ReadByte()
	if err == nil {
		f.d.pos++
	}
	return c, err
}

func (f fonte) Read(p []byte) (int, error) {
	n, err := f.d.b.Read(p)
	f.d.pos += int64(n)
	return n, err
}

// espandi runs the filters known here, up to the first that is not.
func (d *documentoPDF) espandi() error {
	var r io.Reader = fonte{d}
	var aperti []io.ReadCloser
	var lettori []*bufio.Reader
	defer func() {
		for _, f := range aperti {
			d.x.rendiFlate(f)
		}
		for _, b := range lettori {
			d.x.rendi(b)
		}
	}()
	filtri := d.filtri
	if filtri[0] == filtroIndiretto { // it is mostly this one
		filtri = []filtroPDF{filtroFlate}
	}
	for i, f := range filtri {
		switch f {
		case filtroFlate:
			b := d.b
			if i > 0 {
				b = d.x.lettore(r)
				lettori = append(lettori, b)
			}
			t, err := b.Peek(2) // the header of zlib (RFC 1950, §2.2)
			if err != nil || t[0]&0x0f != 8 || (int(t[0])<<8|int(t[1]))%31 != 0 {
				return d.illeggibile(err)
			}
			var z io.ReadCloser
			if i > 0 {
				if _, err = b.Discard(2); err == nil {
					z, err = d.x.inflate(b)
				}
			} else if err = d.scarta(2); err == nil {
				z, err = d.x.inflate(fonte{d})
			}
			if err != nil {
				return err
			}
			aperti = append(aperti, z)
			r = aPagamento{z, d.x}
		case filtroASCII85:
			r = ascii85.NewDecoder(&cifre{d: d, r: r, diretto: i == 0, fine: '~'})
		case filtroEsadecimale:
			r = &coppie{r: &cifre{d: d, r: r, diretto: i == 0, fine: '>'}}
		case filtroAltro, filtroEspande, filtroIndiretto:
			return d.guarda(r)
		}
	}
	return d.guarda(r)
}

// guarda looks into what a stream expands to.
func (d *documentoPDF) guarda(r io.Reader) error {
	for {
		n, err := r.Read(d.x.pezzo)
		if d.diOggetti {
			d.interni.passa(d.x.pezzo[:n])
		} else {
			d.dati.grezzo(d.x.pezzo[:n])
		}
		if d.err != nil {
			return d.err
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return d.illeggibile(err)
		}
	}
	if g := d.interni; g.dentro {
		g.chiude()
	}
	return d.err
}

// illeggibile: readers are patient with a stream that breaks off, and so is the
// examination; refusals and failures to read the file pass.
func (d *documentoPDF) illeggibile(err error) error {
	var r *Rifiuto
	if errors.As(err, &r) || errors.Is(err, errChiuso) {
		return err
	}
	if !d.x.esito.Ha(Cifrato) {
		d.x.esito.segnala(FlussoIlleggibile)
	}
	return nil
}

// cercaFine reads the rest of a stream up to its end keyword.
func (d *documentoPDF) cercaFine() error {
	resto := len(fineFlusso) - 1
	for {
		_, errFine := d.b.Peek(resto + 1)
		p, err := d.b.Peek(d.b.Buffered())
		if err != nil {
			return err
		}
		if n := bytes.Index(p, fineFlusso); n >= 0 {
			return d.scarta(n + len(fineFlusso))
		}
		if errFine != nil {
			return errFine // the end of the file: cut
		}
		if err := d.scarta(len(p) - resto); err != nil {
			return err
		}
	}
}

// cifre gives the characters of an ASCII filter up to its end mark; read from
// the file itself it stops before the end of the stream too.
type cifre struct {
	d       *documentoPDF
	r       io.Reader
	diretto bool
	fine    byte
	finito  bool
	uno     [1]byte
}

func (c *cifre) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && !c.finito {
		b, err := c.byte()
		switch {
		case errors.Is(err, io.EOF):
			c.finito = true
		case err != nil:
			return n, err
		case b == c.fine:
			c.finito = true
		case !bianco(b):
			p[n] = b
			n++
		}
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (c *cifre) byte() (byte, error) {
	if !c.diretto {
		_, err := io.ReadFull(c.r, c.uno[:])
		return c.uno[0], err
	}
	if t, _ := c.d.b.Peek(len(fineFlusso)); bytes.Equal(t, fineFlusso) {
		return 0, io.EOF
	}
	return fonte{c.d}.ReadByte()
}

// coppie decodes hexadecimal digits (§7.4.2); a last one alone counts as followed by 0.
type coppie struct{ r *cifre }

func (c *coppie) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		var d [2]byte
		m, err := io.ReadFull(c.r, d[:])
		if m == 0 {
			if n > 0 && errors.Is(err, io.EOF) {
				return n, nil
			}
			return n, err
		}
		if m == 1 {
			d[1] = '0'
		}
		a, b := esadecimale(d[0]), esadecimale(d[1])
		if a < 0 || b < 0 {
			return n, io.ErrUnexpectedEOF
		}
		p[n] = byte(a<<4 | b)
		n++
	}
	return n, nil
}
