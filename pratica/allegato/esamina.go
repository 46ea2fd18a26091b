package allegato

import (
	"bufio"
	"cmp"
	"compress/flate"
	"errors"
	"io"
	"iter"
	"slices"
)

// Lettore is an upload under examination: an io.Reader that gives the bytes of
// the file unchanged. Not safe for concurrent use. Close it in any case: it
// holds a coroutine until its verdict.
type Lettore struct {
	r     io.Reader
	pezzo []byte // read and not yet seen by the examination
	fine  bool   // nothing follows pezzo
	next  func() (struct{}, bool)
	stop  func()
	err   error // that every Read gives from now on
	x     *esame
	visto error // what the examination ended with
}

// errChiuso ends an examination that nobody waits for.
var errChiuso = errors.New("allegato: lettore chiuso")

// New examines what r gives while it is read.
func New(r io.Reader, o Opzioni) *Lettore {
	o.Massimo = cmp.Or(max(o.Massimo, 0), 20<<20)
	o.Limiti = o.Limiti.predefiniti()
	if o.Contenuti == nil {
		o.Contenuti = slices.DeleteFunc(slices.Clone(o.Tipi), Contenitore)
	}
	l := &Lettore{r: r, x: &esame{o: o}}
	l.next, l.stop = iter.Pull(func(yield func(struct{}) bool) {
		l.visto = l.x.tutto(lettura(func(p []byte) (int, error) {
			for len(l.pezzo) == 0 {
				if l.fine {
					return 0, io.EOF
				}
				if !yield(struct{}{}) {
					return 0, errChiuso
				}
			}
			n := copy(p, l.pezzo)
			l.pezzo = l.pezzo[n:]
			return n, nil
		}))
	})
	return l
}

// lettura is a function that reads.
type lettura func([]byte) (int, error)

func (f lettura) Read(p []byte) (int, error) { return f(p) }

// Read gives the next bytes. A refusal is a *Rifiuto, as soon as it is certain
// and at the latest in place of io.EOF; errors of the reader below pass as they are.
func (l *Lettore) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	n, err := l.r.Read(p)
	l.x.letti += int64(n)
	if l.x.letti > l.x.o.Massimo {
		return 0, l.chiude(rifiuto(CodiceTroppoGrande))
	}
	l.pezzo, l.fine = p[:n], errors.Is(err, io.EOF)
	if n > 0 || l.fine {
		l.next()
		l.pezzo = nil
	}
	if l.visto != nil {
		return 0, l.chiude(l.visto)
	}
	if err != nil {
		l.err = err
	}
	return n, err
}

func (l *Lettore) chiude(err error) error {
	l.err = err
	l.stop()
	return err
}

// Esito gives the verdict: what was found of a file read to its end, the
// *Rifiuto of a refused one, the error of the reader below, or
// io.ErrUnexpectedEOF where the end was not reached.
func (l *Lettore) Esito() (Esito, error) {
	switch {
	case errors.Is(l.err, io.EOF):
		e := l.x.esito
		e.Byte, e.Segnalazioni = l.x.letti, slices.Sorted(slices.Values(e.Segnalazioni))
		return e, nil
	case l.err != nil:
		return Esito{}, l.err
	}
	return Esito{}, io.ErrUnexpectedEOF
}

// Close ends the examination, not the reader below. It returns nil; again is no harm.
func (l *Lettore) Close() error {
	if l.err == nil {
		l.err = errChiuso
	}
	l.stop()
	return nil
}

// Esamina reads r to its end and gives the verdict, for a file that goes nowhere.
func Esamina(r io.Reader, o Opzioni) (Esito, error) {
	l := New(r, o)
	defer l.stop()
	_, err := io.Copy(io.Discard, soloLettura{l})
	if err != nil {
		return Esito{}, err
	}
	return l.Esito()
}

// soloLettura hides the other methods.
type soloLettura struct{ io.Reader }

// esame is what one examination shares at every depth.
type esame struct {
	o       Opzioni
	letti   int64 // of the file itself
	espansi int64
	voci    int
	esito   Esito
	lettori []*bufio.Reader
	flate   []io.ReadCloser
	pezzo   []byte // where expanded bytes go to be looked at
}

const grandeBuffer = 16 << 10

// lettore gives a buffered reader, to give back with rendi.
func (x *esame) lettore(r io.Reader) *bufio.Reader {
	if n := len(x.lettori); n > 0 {
		b := x.lettori[n-1]
		x.lettori = x.lettori[:n-1]
		b.Reset(r)
		return b
	}
	return bufio.NewReaderSize(r, grandeBuffer)
}

func (x *esame) rendi(b *bufio.Reader) {
	b.Reset(nil)
	x.lettori = append(x.lettori, b)
}

// inflate gives an expander that takes from r no byte too many and pays for
// what it gives; to give back with rendiFlate.
func (x *esame) inflate(r flate.Reader) (io.ReadCloser, error) {
	if n := len(x.flate); n > 0 {
		f := x.flate[n-1]
		x.flate = x.flate[:n-1]
		if z, ok := f.(flate.Resetter); ok {
			return f, z.Reset(r, nil)
		}
	}
	return flate.NewReader(r), nil
}

func (x *esame) rendiFlate(f io.ReadCloser) { x.flate = append(x.flate, f) }

// spendi counts bytes expanded.
func (x *esame) spendi(n int64) error {
	x.espansi += n
	if x.espansi < 0 || x.espansi > x.tetto() {
		return rifiuto(CodiceEspansione)
	}
	return nil
}

func (x *esame) tetto() int64 {
	l := x.o.Limiti
	if x.letti > l.Espanso/l.Rapporto {
		return l.Espanso
	}
	return min(l.Espanso, l.Base+l.Rapporto*x.letti)
}

// aPagamento counts what it gives.
type aPagamento struct {
	r io.Reader
	x *esame
}

func (a aPagamento) Read(p []byte) (int, error) {
	n, err := a.r.Read(p)
	if e := a.x.spendi(int64(n)); e != nil {
		return 0, e
	}
	return n, err
}

// vieta refuses what the policy does not admit, and reports what it does.
func (x *esame) vieta(ammesso bool, c Codice, s Segnalazione) error {
	if !ammesso {
		return rifiuto(c)
	}
	x.esito.segnala(s)
	return nil
}

func (x *esame) tutto(r io.Reader) error {
	x.pezzo = make([]byte, 4<<10)
	t, err := x.documento(r, luogo{nome: PulisciNome(x.o.Nome)})
	if err != nil {
		return err
	}
	x.esito.MIME = t
	if x.esito.Contenuto == "" {
		x.esito.Contenuto = t
	}
	return nil
}

// luogo says where a document was found.
type luogo struct {
	nome         string
	profondita   int  // containers around it
	nellArchivio bool // an entry of a ZIP: whether its type is admitted depends on the kind of ZIP
}

// documento examines one document and says its type. It may leave the rest of r
// unread once nothing more is to be found.
func (x *esame) documento(r io.Reader, l luogo) (string, error) {
	if l.profondita > x.o.Limiti.Annidamento {
		return "", rifiuto(CodiceAnnidamento)
	}
	b := x.lettore(r)
	defer x.rendi(b)
	testa, err := b.Peek(lunghezzaTesta)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if len(testa) == 0 {
		return "", rifiuto(CodiceVuoto)
	}
	tipi := x.o.Tipi
	if l.profondita > 0 {
		tipi = x.o.Contenuti
	}
	f := riconosci(testa, l.nome, tipi)
	if !l.nellArchivio {
		if f.famiglia == famigliaZip && !slices.ContainsFunc(tipi, eZip) || f.famiglia != famigliaZip && f.famiglia != famigliaBusta && !slices.Contains(tipi, f.tipo) {
			return "", l.estraneo(CodiceTipo)
		}
		if f.famiglia == famigliaBusta && !slices.Contains(x.o.Tipi, tipoBusta) { // also one in another
			return "", l.estraneo(CodiceTipo)
		}
	}
	switch err = nil; f.famiglia {
	case famigliaZip:
		f.tipo, err = x.zip(b, l, f.tipo)
	case famigliaPDF:
		err = x.pdf(b, l)
	case famigliaBusta:
		err = x.busta(b, l)
	case famigliaImmagine:
		err = x.immagine(b, f.tipo)
	case famigliaTesto:
		err = x.testo(b, f.largo)
	case famigliaOffice:
		err = x.office(b)
	case famigliaIgnota:
		if !l.nellArchivio {
			x.esito.segnala(NonEsaminato)
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = rifiuto(CodiceTroncato)
	}
	if err != nil {
		return f.tipo, err
	}
	if f.famiglia != famigliaBusta && !slices.Contains(tipi, f.tipo) {
		return f.tipo, l.estraneo(CodiceTipo)
	}
	if !estensioneGiusta(l.nome, f.tipo) {
		return f.tipo, l.estraneo(CodiceEstensione)
	}
	return f.tipo, nil
}

// estraneo is a document that does not belong there.
func (l luogo) estraneo(c Codice) error {
	if l.profondita > 0 {
		return errEstraneo
	}
	return rifiuto(c)
}

// errEstraneo is a document inside another that is not of a type admitted there.
var errEstraneo = rifiuto(CodiceContenuto)
