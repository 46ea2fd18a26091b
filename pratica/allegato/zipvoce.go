package allegato

import (
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"path"
	"strings"
	"unicode/utf8"
)

// contenuto reads the bytes of an entry and measures them.
func (z *archivio) contenuto(v *voce) error {
	const cifrata, differita, centraleCifrata = 1, 1 << 3, 1 << 13
	differite := v.flag&differita != 0
	switch {
	case v.flag&centraleCifrata != 0 || v.metodo != 0 && v.metodo != 8:
		return rifiuto(CodiceMalformato)
	case v.flag&cifrata != 0:
		if err := z.x.vieta(z.x.o.Politica.Cifrati, CodiceCifrato, Cifrato); err != nil {
			return err
		}
		if differite {
			return rifiuto(CodiceCifrato) // nobody knows where it ends
		}
		_, err := io.CopyN(io.Discard, z, v.compresso)
		return err
	case differite && v.metodo == 0:
		return rifiuto(CodiceMalformato)
	case !differite && v.metodo == 0 && v.compresso != v.intero:
		return rifiuto(CodiceMalformato)
	case !differite && (v.intero > z.x.tetto() || z.x.espansi > z.x.tetto()-v.intero):
		return rifiuto(CodiceEspansione)
	}
	inizio := z.pos
	r := io.LimitReader(z, v.compresso)
	if v.metodo == 8 {
		f, err := z.x.inflate(z)
		if err != nil {
			return rifiuto(CodiceMalformato)
		}
		defer z.x.rendiFlate(f)
		r = f
	}
	m := &misurata{r: aPagamento{r, z.x}}
	if err := z.guarda(m, v.nome); err != nil {
		return m.guasto(err)
	}
	for m.err == nil { // what the examination left
		_, _ = m.Read(z.x.pezzo)
	}
	if !errors.Is(m.err, io.EOF) {
		return m.guasto(m.err)
	}
	compresso := z.pos - inizio
	if differite {
		return z.descrittore(v, m, compresso)
	}
	if compresso != v.compresso || m.n != v.intero || m.crc != v.crc {
		return rifiuto(CodiceMalformato)
	}
	return nil
}

// misurata counts an entry and sums it.
type misurata struct {
	r   io.Reader
	n   int64
	crc uint32
	err error
}

func (m *misurata) Read(p []byte) (int, error) {
	if m.err != nil {
		return 0, m.err
	}
	n, err := m.r.Read(p)
	m.n += int64(n)
	m.crc = crc32.Update(m.crc, crc32.IEEETable, p[:n])
	m.err = err
	return n, err
}

// guasto gives the failure of the archive in place of what it made of a document inside.
func (m *misurata) guasto(err error) error {
	if m.err != nil && !errors.Is(m.err, io.EOF) {
		err = m.err
	}
	if e := (*Rifiuto)(nil); errors.As(err, &e) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errChiuso) {
		return err
	}
	return rifiuto(CodiceMalformato) // flate.CorruptInputError
}

// guarda examines the document that an entry is.
func (z *archivio) guarda(r io.Reader, nome string) error {
	if strings.HasSuffix(nome, "/") {
		return nil
	}
	if z.voci == 1 && nome == "mimetype" {
		h, err := io.ReadAll(io.LimitReader(r, 100))
		z.primo = strings.TrimSpace(string(h))
		return err
	}
	if !utf8.ValidString(nome) {
		nome = strings.ToValidUTF8(nome, "")
	}
	b := z.x.lettore(r)
	defer z.x.rendi(b)
	testa, err := b.Peek(8)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	firme := strings.HasPrefix(strings.ToLower(nome), "meta-inf/")
	mela := strings.HasPrefix(nome, "__MACOSX/") && bytes.HasPrefix(testa, []byte{0, 5, 0x16, 7}) || path.Base(nome) == ".DS_Store" && bytes.HasPrefix(testa, []byte("\x00\x00\x00\x01Bud1"))
	if len(testa) == 0 || firme || mela { // of no type
		return nil
	}
	_, err = z.x.documento(b, luogo{nome: path.Base(nome), profondita: z.l.profondita + 1, nellArchivio: true})
	if errors.Is(err, errEstraneo) {
		z.estranei = true
		return nil
	}
	return err
}
