// Package rifinitura is the finishing step: it takes the bytes of a PDF as
// phpdave11/gofpdf writes them and gives a file for long-term preservation,
// PDF/A (ISO 19005), by replacing what the library gets wrong and adding what it
// lacks: header with the binary comment, catalogue with language, XMP metadata
// and colour profile, document information equal to the metadata, names of the
// subset fonts, file identifier computed from the content.
//
// Page contents, fonts and their order are copied untouched. The step is pure:
// equal input gives equal bytes.
package rifinitura

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"
)

// ErrStruttura is the cause when the bytes are not a PDF of the expected shape.
var ErrStruttura = errors.New("rifinitura: struttura del PDF inattesa")

// Livello is the conformance level that the file declares.
type Livello struct {
	Parte       int    // part of ISO 19005: 1 or 2
	Conformita  string // "B"
	VersionePDF string // "1.4" for part 1, "1.7" for part 2
}

// The levels that the step can declare.
var (
	PDFA1B = Livello{Parte: 1, Conformita: "B", VersionePDF: "1.4"}
	PDFA2B = Livello{Parte: 2, Conformita: "B", VersionePDF: "1.7"}
)

// Font gives a subset font its name: the one that the library wrote and the
// PostScript one.
type Font struct{ Interno, Nome string }

// Dati are what the file says about itself. Texts are plain, without control
// characters. The instant is written with its own zone, to the second.
type Dati struct {
	Livello                             Livello
	Lingua                              string // RFC 3066: "it-IT"
	Titolo, Autore, Oggetto, Produttore string
	Istante                             time.Time
	Font                                []Font
}

// Rifinisci gives the finished file. The input is not changed.
func Rifinisci(pdf []byte, d Dati) ([]byte, error) {
	s, err := leggi(pdf)
	if err != nil {
		return nil, err
	}
	var insiemi map[int][]byte
	if d.Livello.Parte == 1 {
		if insiemi, err = s.insiemi(); err != nil {
			return nil, err
		}
	}
	u := &scrittore{posti: make([]int, s.quanti)}
	u.grezzo(fmt.Sprintf("%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n", d.Livello.VersionePDF))
	impronta := sha256.Sum256(pdf)
	tag := etichetta(impronta[:])
	for _, o := range s.oggetti {
		if o.numero == s.radice || o.numero == s.info {
			continue
		}
		corpo := rinomina(o.corpo, tag, d.Font)
		if insieme, ok := insiemi[o.numero]; ok {
			z, err := comprimi(insieme)
			if err != nil {
				return nil, err
			}
			n := len(u.posti)
			u.posti = append(u.posti, 0)
			u.flusso(n, "/Filter /FlateDecode", z)
			corpo = bytes.Replace(corpo, []byte("<</Type /FontDescriptor "), fmt.Appendf(nil, "<</Type /FontDescriptor /CIDSet %d 0 R ", n), 1)
		}
		u.apri(o.numero)
		u.b.Write(corpo)
	}
	profilo, err := comprimi(ProfiloSRGB())
	if err != nil {
		return nil, err
	}
	nMeta := len(u.posti)
	nProfilo, nIntento := nMeta+1, nMeta+2
	u.posti = append(u.posti, 0, 0, 0)
	u.flusso(nMeta, "/Type /Metadata /Subtype /XML", xmp(d))
	u.flusso(nProfilo, "/N 3 /Filter /FlateDecode", profilo)
	u.oggetto(nIntento, fmt.Sprintf("<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) "+
		"/Info (sRGB IEC61966-2.1) /RegistryName (http://www.color.org) /DestOutputProfile %d 0 R>>", nProfilo))
	u.oggetto(s.info, info(d))
	u.oggetto(s.radice, fmt.Sprintf("<</Type /Catalog /Pages %d 0 R /Lang %s /Metadata %d 0 R /OutputIntents [%d 0 R] "+
		"/ViewerPreferences <</DisplayDocTitle true>>>>", s.pagine, stringa(d.Lingua), nMeta, nIntento))
	return u.chiudi(s), nil
}

type scrittore struct {
	b     bytes.Buffer
	posti []int
}

func (u *scrittore) grezzo(s string) { u.b.WriteString(s) }

func (u *scrittore) apri(n int) {
	u.posti[n] = u.b.Len()
	fmt.Fprintf(&u.b, "%d 0 obj\n", n)
}

func (u *scrittore) oggetto(n int, corpo string) {
	u.apri(n)
	u.grezzo(corpo + "\nendobj\n")
}

func (u *scrittore) flusso(n int, voci string, dati []byte) {
	u.apri(n)
	fmt.Fprintf(&u.b, "<<%s /Length %d>>\nstream\n", voci, len(dati))
	u.b.Write(dati)
	u.grezzo("\nendstream\nendobj\n")
}

// chiudi writes the cross-reference table and the trailer. Both halves of /ID
// are the same, the file being born now, and come from the bytes before them.
func (u *scrittore) chiudi(s *struttura) []byte {
	impronta := sha256.Sum256(u.b.Bytes())
	inizio := u.b.Len()
	fmt.Fprintf(&u.b, "xref\n0 %d\n0000000000 65535 f \n", len(u.posti))
	for _, p := range u.posti[1:] {
		fmt.Fprintf(&u.b, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&u.b, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(u.posti), s.radice, s.info, impronta[:16], impronta[:16], inizio)
	return u.b.Bytes()
}

// etichetta is the six capital letters that mark a subset font
// (ISO 32000-1, 9.6.4), here from a hash.
func etichetta(h []byte) string {
	b := make([]byte, 6)
	for i := range b {
		b[i] = 'A' + h[i]%26
	}
	return string(b)
}

// rinomina replaces the names of fonts in a dictionary; streams are left alone.
func rinomina(corpo []byte, tag string, font []Font) []byte {
	testa, coda := corpo, []byte(nil)
	if i := bytes.Index(corpo, []byte("stream\n")); i >= 0 {
		testa, coda = corpo[:i], corpo[i:]
	}
	if !bytes.Contains(testa, []byte("/Type /Font")) {
		return corpo
	}
	for _, f := range font {
		testa = bytes.ReplaceAll(testa, []byte("/"+f.Interno+"\n"), []byte("/"+tag+"+"+f.Nome+"\n"))
	}
	return append(testa[:len(testa):len(testa)], coda...)
}
