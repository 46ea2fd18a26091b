package allegato

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// codaPDF is how near the end %%EOF must be: within the last 1024 bytes, as
// Acrobat wants it (ISO 32000-1 leaves it to readers).
const codaPDF = 1024

// documentoPDF is one PDF being read in file order.
type documentoPDF struct {
	x          *esame
	b          *bufio.Reader
	pos        int64
	oggetti    int64
	fine       int64    // where the last %%EOF is
	firme      int      // signature formats named
	intervallo bool     // a /ByteRange was seen
	err        error    // that a token caused
	flussi     int      // streams met
	dati       *gettoni // what looks into expanded streams
	interni    *gettoni // what looks into object streams

	// Of the dictionary being read, for the stream that may follow it.
	filtri             []filtroPDF
	attesa             attesaFiltro
	chiaviFiltro       int
	larghezza, altezza int64
	inclusi            int64 // /N
	diOggetti          bool  // /Type /ObjStm
}

type attesaFiltro int

const (
	nessunFiltro attesaFiltro = iota
	dopoChiave                // /Filter was the last token
	inElenco                  // inside its array
)

type filtroPDF int

const (
	filtroAltro filtroPDF = iota // images, and what does not expand
	filtroFlate
	filtroASCII85
	filtroEsadecimale
	filtroEspande   // LZW, RunLength: they expand and are not known here
	filtroIndiretto // written in another object
)

func filtroDi(t []byte) filtroPDF {
	switch string(t) {
	case "FlateDecode", "Fl":
		return filtroFlate
	case "ASCII85Decode", "A85":
		return filtroASCII85
	case "ASCIIHexDecode", "AHx":
		return filtroEsadecimale
	case "LZWDecode", "LZW", "RunLengthDecode", "RL":
		return filtroEspande
	}
	return filtroAltro
}

// pdf reads a whole PDF.
func (x *esame) pdf(b *bufio.Reader, l luogo) error {
	testa, err := b.Peek(16)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !bytes.HasPrefix(bytes.TrimLeft(testa, "\xef\xbb\xbf\r\n \t"), []byte("%PDF-")) {
		return rifiuto(CodiceMalformato)
	}
	d := &documentoPDF{x: x}
	s := &setaccio{d: d, r: b, g: gettoni{parola: d.parolaDati}, coda: []byte{'\n'}}
	b = x.lettore(s)
	defer x.rendi(b)
	d.b = b
	g := &gettoni{parola: d.parola, segno: d.segno}
	d.dati = &gettoni{parola: d.parolaDati}
	d.interni = &gettoni{parola: d.parolaInterna}
	for {
		if _, err := b.Peek(1); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		p, err := b.Peek(b.Buffered())
		if err != nil {
			return err
		}
		n := g.passa(p)
		if d.err != nil {
			return d.err
		}
		stream := n < len(p)
		if err := d.scarta(n); err != nil {
			return err
		}
		if stream {
			if err := d.flusso(); err != nil {
				return err
			}
		}
	}
	if g.i = 0; g.dentro {
		g.chiude()
	}
	switch {
	case d.err != nil:
		return d.err
	case d.fine == 0 || d.pos-d.fine > codaPDF:
		return rifiuto(CodiceTroncato)
	case s.flussi != d.flussi: // one hides in the data of another
		return rifiuto(CodiceMalformato)
	case d.intervallo && d.firme > 0 && l.profondita == 0:
		x.esito.Firma, x.esito.Firme = PAdES, d.firme
	}
	return nil
}

func (d *documentoPDF) scarta(n int) error {
	m, err := d.b.Discard(n)
	d.pos += int64(m)
	return err
}

// dizionario forgets what was read of the object before.
func (d *documentoPDF) dizionario() {
	d.filtri, d.attesa, d.chiaviFiltro = d.filtri[:0], nessunFiltro, 0
	d.larghezza, d.altezza, d.inclusi, d.diOggetti = 0, 0, 0, false
}

func (d *documentoPDF) contaOggetti(n int64) {
	if d.oggetti += n; d.oggetti > int64(d.x.o.Limiti.Oggetti) {
		d.err = rifiuto(CodiceVoci)
	}
}

// parola takes the tokens outside of streams; true where a stream begins.
func (d *documentoPDF) parola(g *gettoni, t []byte) bool {
	if g.nome {
		d.nome(g, t)
		return d.err != nil
	}
	if d.attesa == dopoChiave {
		d.filtri, d.attesa = append(d.filtri, filtroIndiretto), nessunFiltro
	}
	switch string(t) {
	case "obj":
		d.dizionario()
		d.contaOggetti(1)
	case "EOF":
		if g.percento >= 2 {
			d.fine = d.pos + int64(g.i)
		}
	case "stream":
		return g.termina == '\n' || g.termina == '\r'
	}
	if n, ok := numero(t); ok && g.ultimo == nomeGettone {
		switch {
		case g.dopo("Width"):
			d.larghezza = max(d.larghezza, n)
		case g.dopo("Height"):
			d.altezza = max(d.altezza, n)
		case g.dopo("N"):
			d.inclusi = max(d.inclusi, n)
		}
	}
	return d.err != nil
}

func (d *documentoPDF) segno(_ *gettoni, c byte) {
	switch {
	case c == '[' && d.attesa == dopoChiave:
		d.attesa = inElenco
	case d.attesa != nessunFiltro && (c == ']' || c == '>' || c == '<' && d.attesa == dopoChiave):
		d.attesa = nessunFiltro
	}
}

// nome takes the names outside of streams.
func (d *documentoPDF) nome(g *gettoni, t []byte) {
	switch d.attesa {
	case dopoChiave:
		d.filtri, d.attesa = append(d.filtri, filtroDi(t)), nessunFiltro
	case inElenco:
		d.filtri = append(d.filtri, filtroDi(t))
	case nessunFiltro:
	}
	if len(d.filtri) > d.x.o.Limiti.Filtri {
		d.err = rifiuto(CodiceEspansione)
		return
	}
	switch string(t) {
	case "Filter":
		d.attesa = dopoChiave
		d.chiaviFiltro++
	case "ObjStm":
		d.diOggetti = true
	case "ByteRange":
		d.intervallo = true
	case "ETSI.CAdES.detached", "adbe.pkcs7.detached", "adbe.pkcs7.sha1":
		if g.dopo("SubFilter") {
			d.firme++
		}
	case "Encrypt":
		if g.isolato("") {
			d.nega(d.x.vieta(d.x.o.Politica.Cifrati, CodiceCifrato, Cifrato))
		}
	default:
		d.azione(g, t)
	}
}

// azione finds what a PDF does by itself, in objects outside and inside of streams.
func (d *documentoPDF) azione(g *gettoni, t []byte) {
	switch string(t) {
	case "JS":
		if g.isolato("") {
			d.nega(d.x.vieta(d.x.o.Politica.Script, CodiceScript, Script))
		}
	case "EF": // of a file specification; the tree /EmbeddedFiles is often there and empty
		if g.isolato("") {
			d.nega(d.x.vieta(d.x.o.Politica.Incorporati, CodiceIncorporati, Incorporati))
		}
	case "OpenAction", "AA":
		if g.isolato("") {
			d.x.esito.segnala(AzioneApertura)
		}
	case "XFA":
		if g.isolato("") {
			d.x.esito.segnala(ModuloInterattivo)
		}
	default:
		d.pericolo(g, t)
	}
}

// pericolo finds the names too long to be there by chance, even among data.
func (d *documentoPDF) pericolo(g *gettoni, t []byte) {
	switch string(t) {
	case "JavaScript", "Launch":
		if g.isolato("S") {
			d.nega(d.x.vieta(d.x.o.Politica.Script, CodiceScript, Script))
		}
	case "EmbeddedFile":
		if g.isolato("") {
			d.nega(d.x.vieta(d.x.o.Politica.Incorporati, CodiceIncorporati, Incorporati))
		}
	}
}

func (d *documentoPDF) nega(err error) {
	if d.err == nil {
		d.err = err
	}
}

func (d *documentoPDF) parolaDati(g *gettoni, t []byte) bool {
	if g.nome {
		d.pericolo(g, t)
	}
	return false
}

func (d *documentoPDF) parolaInterna(g *gettoni, t []byte) bool {
	if g.nome {
		d.azione(g, t)
	}
	return false
}

// setaccio sees every byte of the file before anything else does: no name is
// missed because the file was cut otherwise here than by a reader that follows
// its table.
type setaccio struct {
	d      *documentoPDF
	r      io.Reader
	g      gettoni
	coda   []byte // the last bytes of before
	flussi int
}

// lunghezzaFlusso: what precedes the keyword "stream", the keyword, the end of its line.
const lunghezzaFlusso = 8

func (s *setaccio) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	p = p[:n]
	s.g.grezzo(p)
	c := append(s.coda, p[:min(n, lunghezzaFlusso-1)]...)
	s.conta(c)
	s.conta(p)
	if n > lunghezzaFlusso-1 {
		c = p
	}
	s.coda = append(s.coda[:0], c[max(0, len(c)-lunghezzaFlusso+1):]...)
	if s.d.err != nil {
		return 0, s.d.err
	}
	return n, err
}

// conta counts the keywords that begin a stream.
func (s *setaccio) conta(p []byte) {
	for {
		i := bytes.Index(p, []byte("stream"))
		if i < 0 || i+6 >= len(p) {
			return
		}
		if f := p[i+6]; i > 0 && (f == '\n' || f == '\r') && p[i-1] != '/' && (bianco(p[i-1]) || delimitatore(p[i-1])) {
			s.flussi++
		}
		p = p[i+6:]
	}
}
