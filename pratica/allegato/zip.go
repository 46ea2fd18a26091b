package allegato

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"path"
	"strings"
)

// Signatures of PKWARE's APPNOTE 6.3.10, §4.3.
const (
	firmaLocale      = 0x04034b50
	firmaDescrittore = 0x08074b50
	firmaCentrale    = 0x02014b50
	firmaFine        = 0x06054b50
	firmaFine64      = 0x06064b50
	firmaDove64      = 0x07064b50
)

const (
	massimoNomeVoce  = 1024
	massimoExtraVoce = 8 << 10
)

// zip is one archive being read from its front.
type archivio struct {
	x     *esame
	b     *bufio.Reader
	pos   int64
	voci  int
	visti map[uint64]struct{} // names, by their hash
	somma [4]uint64           // of the entries met, less those of the central directory
	l     luogo
	extra []byte

	primo    string // content of a first entry "mimetype"
	ooxml    string // type by the main part
	elenco   bool   // [Content_Types].xml
	firme    int
	estranei bool // an entry of a type not admitted
	jar      bool
}

// voce is what the two headers of an entry say alike.
type voce struct {
	nome              string
	flag, metodo      uint16
	crc               uint32
	compresso, intero int64
	dove              int64
}

// Read and ReadByte count what is read: they make it a flate.Reader.
func (z *archivio) Read(p []byte) (int, error) {
	n, err := z.b.Read(p)
	z.pos += int64(n)
	return n, err
}

func (z *archivio) ReadByte() (byte, error) {
	c, err := z.b.ReadByte()
	if err == nil {
		z.pos++
	}
	return c, err
}

func (z *archivio) leggi(p []byte) error {
	_, err := io.ReadFull(z, p)
	return err
}

// zip reads a whole archive and says its type.
func (x *esame) zip(b *bufio.Reader, l luogo, tipo string) (string, error) {
	z := &archivio{x: x, b: b, l: l, visti: map[uint64]struct{}{}}
	var h [46]byte
	for {
		if err := z.leggi(h[:4]); err != nil {
			return tipo, err
		}
		if binary.LittleEndian.Uint32(h[:]) != firmaLocale {
			break
		}
		if err := z.locale(h[4:30]); err != nil {
			return tipo, err
		}
	}
	if err := z.centrale(h[:]); err != nil {
		return tipo, err
	}
	tipo = z.tipo(tipo)
	if z.estranei && Contenitore(tipo) {
		return tipo, errEstraneo
	}
	if strings.HasPrefix(tipo, prefASiC) && l.profondita == 0 {
		x.esito.Firma, x.esito.Firme = ASiC, z.firme
	}
	return tipo, nil
}

// tipo names the kind of archive by its entries.
func (z *archivio) tipo(testa string) string {
	switch {
	case z.primo != "" && eZip(z.primo):
		return z.primo
	case z.elenco && z.ooxml != "":
		return z.ooxml
	case z.jar:
		return "application/java-archive"
	case eZip(testa): // by the head alone: the entries do not bear it out
		return tipoZip
	}
	return testa
}

// locale reads a local header after its signature, and the entry.
func (z *archivio) locale(h []byte) error {
	v := voce{dove: z.pos - 4}
	if err := z.leggi(h); err != nil {
		return err
	}
	le := binary.LittleEndian
	v.flag, v.metodo, v.crc = le.Uint16(h[2:]), le.Uint16(h[4:]), le.Uint32(h[10:])
	v.compresso, v.intero = int64(le.Uint32(h[14:])), int64(le.Uint32(h[18:]))
	if err := z.nomi(&v, int(le.Uint16(h[22:])), int(le.Uint16(h[24:])), false); err != nil {
		return err
	}
	z.voci++
	if z.x.voci++; z.x.voci > z.x.o.Limiti.Voci {
		return rifiuto(CodiceVoci)
	}
	impronta := sha256.Sum256([]byte(strings.ToLower(v.nome)))
	chiave := le.Uint64(impronta[:])
	if _, gia := z.visti[chiave]; gia {
		return rifiuto(CodiceMalformato)
	}
	z.visti[chiave] = struct{}{}
	if err := z.nota(v); err != nil {
		return err
	}
	if err := z.contenuto(&v); err != nil {
		return err
	}
	z.conta(v, 1)
	return nil
}

// nomi reads the name and the extra field; sizes of ZIP64 replace those of the header.
func (z *archivio) nomi(v *voce, nome, extra int, centrale bool) error {
	if nome == 0 || nome > massimoNomeVoce || extra > massimoExtraVoce {
		return rifiuto(CodiceMalformato)
	}
	if z.extra == nil {
		z.extra = make([]byte, massimoNomeVoce+massimoExtraVoce)
	}
	e := z.extra[:nome+extra]
	if err := z.leggi(e); err != nil {
		return err
	}
	v.nome, e = string(e[:nome]), e[nome:]
	for len(e) >= 4 {
		n := int(binary.LittleEndian.Uint16(e[2:]))
		if n > len(e)-4 {
			break // padding, as alignment tools write it
		}
		if binary.LittleEndian.Uint16(e) == 1 {
			if err := v.zip64(e[4:4+n], centrale); err != nil {
				return err
			}
		}
		e = e[4+n:]
	}
	return nil
}

func (v *voce) zip64(e []byte, centrale bool) error {
	campi := []*int64{&v.intero, &v.compresso}
	if centrale {
		campi = append(campi, &v.dove)
	}
	for _, c := range campi {
		if *c != 0xffffffff {
			continue
		}
		if len(e) < 8 {
			return rifiuto(CodiceMalformato)
		}
		if *c = int64(binary.LittleEndian.Uint64(e)); *c < 0 {
			return rifiuto(CodiceMalformato)
		}
		e = e[8:]
	}
	return nil
}

// nota looks at a name: where it leads, and what it gives away.
func (z *archivio) nota(v voce) error {
	n := v.nome
	if strings.ContainsAny(n, "\\\x00") || strings.HasPrefix(n, "/") || len(n) > 1 && n[1] == ':' {
		return rifiuto(CodicePercorso)
	}
	for p := range strings.SplitSeq(n, "/") {
		if p == ".." {
			return rifiuto(CodicePercorso)
		}
	}
	n = strings.ToLower(n)
	switch base := path.Base(n); {
	case n == "[content_types].xml":
		z.elenco = true
	case n == "word/document.xml":
		z.ooxml = tipoDOCX
	case n == "xl/workbook.xml":
		z.ooxml = tipoXLSX
	case n == "ppt/presentation.xml":
		z.ooxml = tipoPPTX
	case n == "meta-inf/manifest.mf" || n == "androidmanifest.xml" || n == "classes.dex":
		z.jar = true
	case base == "vbaproject.bin" || base == "vbadata.xml" || strings.HasPrefix(n, "xl/macrosheets/"),
		strings.HasPrefix(n, "basic/") && path.Ext(n) == ".xml" && base != "script-lb.xml" && base != "script-lc.xml",
		strings.HasPrefix(n, "scripts/") && !strings.HasSuffix(n, "/"):
		return z.x.vieta(z.x.o.Politica.Macro, CodiceMacro, Macro)
	case strings.Contains(n, "/embeddings/") || strings.Contains(n, "/activex/"):
		z.x.esito.segnala(Incorporati)
	case strings.HasPrefix(n, "meta-inf/") && strings.Contains(base, "signature"):
		z.firme++
	}
	return nil
}

// conta adds an entry to the sum, or takes it off.
func (z *archivio) conta(v voce, segno int) {
	b := make([]byte, 0, 64)
	for _, n := range []int64{int64(v.metodo), int64(v.flag & 1), int64(v.crc), v.compresso, v.intero, v.dove} {
		b = binary.LittleEndian.AppendUint64(b, uint64(n))
	}
	h := sha256.Sum256(append(b, v.nome...))
	for i := range z.somma {
		n := binary.LittleEndian.Uint64(h[8*i:])
		if segno < 0 {
			n = -n
		}
		z.somma[i] += n
	}
}
