package sportello_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"flag"
	"io"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

func (b *banco) carico(a pratica.Attore, id pratica.ID, nome, campo string, o pratica.Origine, r io.Reader) (pratica.Allegato, error) {
	return b.s.Allega(context.Background(), a, id, sportello.NuovoAllegato{Nome: nome, Campo: campo, Origine: o}, r)
}

// pdfProva is a PDF as far as its form goes, of n bytes.
func pdfProva(n int) string {
	return "%PDF-1.7\n" + strings.Repeat("x", n-15) + "%%EOF\n"
}

// busta is a CMS signedData in DER around a PDF.
var busta = func() []byte {
	v := func(tag byte, s string) string { return string([]byte{tag, byte(len(s))}) + s }
	const oid = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
	return []byte(v(0x30, oid+"\x02"+v(0xa0, v(0x30, "\x02\x01\x01\x31\x00"+v(0x30, oid+"\x01"+v(0xa0, v(0x04, pdfProva(40))))+v(0x31, v(0x30, "firma"))))))
}()

// TestTipoDalContenuto: the name of a file says nothing of what it is.
func TestTipoDalContenuto(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	id := arrivata(b)
	b64 := base64.StdEncoding.EncodeToString(busta)
	for nome, c := range map[string]struct {
		file      string
		contenuto string
		tipo      string // "" refused
	}{
		"eseguibile":       {"planimetria.pdf", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + strings.Repeat("\x00", 200), ""},
		"elf":              {"a.pdf", "\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 100), ""},
		"html":             {"a.txt", "<!DOCTYPE html><html><script>alert(1)</script></html>", ""},
		"svg":              {"a.png", `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`, ""},
		"vuoto":            {"a.pdf", "", ""},
		"pdf":              {"a", pdfProva(30), "application/pdf"},
		"pdf tronco":       {"a.pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", ""},
		"testo":            {"a.txt", "Buongiorno", "text/plain"},
		"testo eseguibile": {"a.pdf.exe", "Buongiorno", ""},
		"altro nome":       {"a.txt", pdfProva(30), ""},
		"p7m":              {"a.pdf.p7m", string(busta), "application/pkcs7-mime"},
		"p7m in base64":    {"a.pdf.P7M", b64, "application/pkcs7-mime"},
		"p7m in PEM":       {"a.pdf.p7m", "-----BEGIN PKCS7-----\n" + b64 + "\n-----END PKCS7-----\n", "application/pkcs7-mime"},
		"busta senza nome": {"a.pdf", string(busta), ""},
		"p7m finto":        {"a.pdf.p7m", "0MZ\x90\x00" + strings.Repeat("\x00", 64), ""},
		"p7m di un byte":   {"a.p7m", "\x30", ""},
	} {
		al, err := b.carico(b.cittadino, id, c.file, "", pratica.OrigineMessaggio, strings.NewReader(c.contenuto))
		if c.tipo == "" {
			require.ErrorIs(t, err, pratica.ErrNonValido, nome)
			continue
		}
		require.NoError(t, err, nome)
		require.Equal(t, c.tipo, al.MIME, nome)
		require.Equal(t, int64(len(c.contenuto)), al.Dimensione, nome)
	}
}

// rotto fails before its end.
type rotto struct{ io.Reader }

func (r rotto) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = errCrollo
	}
	return n, err
}

func TestFileRifiutati(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t, func(c *sportello.Config) { c.MassimoFile = 1000 })
	id := inBozza(b)
	pdf := pdfProva(1000)
	al, err := b.carico(b.cittadino, id, "a.pdf", "pianta", pratica.OrigineRichiesta, strings.NewReader(pdf))
	require.NoError(t, err)
	require.Equal(t, int64(1000), al.Dimensione, "exactly the bound")
	_, err = b.carico(b.cittadino, id, "a.pdf", "pianta", pratica.OrigineRichiesta, strings.NewReader(pdf+"y"))
	require.ErrorIs(t, err, pratica.ErrTroppoGrande)
	require.ErrorIs(t, err, storage.ErrTroppoGrande)
	_, err = b.carico(b.cittadino, id, "a.pdf", "ignoto", pratica.OrigineRichiesta, strings.NewReader(pdf))
	require.ErrorIs(t, err, pratica.ErrNonValido)
	_, err = b.carico(b.cittadino, id, "a.pdf", "nome", pratica.OrigineRichiesta, strings.NewReader(pdf))
	require.ErrorIs(t, err, pratica.ErrNonValido, "no field for files")
	_, err = b.carico(b.cittadino, id, "a.pdf", "", pratica.OrigineEnte, strings.NewReader(pdf))
	require.ErrorIs(t, err, pratica.ErrNonValido, "an act of the office is not the citizen's")
	_, err = b.carico(b.cittadino, id, "a.txt", "pianta", pratica.OrigineRichiesta, strings.NewReader("testo"))
	require.ErrorIs(t, err, pratica.ErrNonValido, "the field admits others")
	_, err = b.carico(b.cittadino, id, "a.pdf", "pianta", pratica.OrigineRichiesta, rotto{strings.NewReader(pdf[:50])})
	require.ErrorIs(t, err, errCrollo)
	b.archivio.(*memoria.Archivio).Guasto = func(op string) error {
		if op == "Scrivi/dopo" {
			return errCrollo
		}
		return nil
	}
	_, err = b.carico(b.cittadino, id, "a.pdf", "pianta", pratica.OrigineRichiesta, strings.NewReader(pdfProva(60)))
	require.ErrorIs(t, err, errCrollo)
	b.archivio.(*memoria.Archivio).Guasto = nil
	require.Len(t, b.carica(id).Allegati, 1, "what was refused left nothing")

	stesso, err := b.carico(b.cittadino, id, "altro nome.pdf", "pianta", pratica.OrigineRichiesta, strings.NewReader(pdf))
	require.NoError(t, err)
	require.Equal(t, al.ID, stesso.ID, "the same file twice is one")
	_, err = b.carico(b.cittadino, id, "b.pdf", "pianta", pratica.OrigineRichiesta, strings.NewReader(pdfProva(100)))
	require.NoError(t, err)
	_, err = b.carico(b.cittadino, id, "c.pdf", "pianta", pratica.OrigineRichiesta, strings.NewReader(pdfProva(101)))
	require.ErrorIs(t, err, pratica.ErrNonValido, "the field takes two")
	p := b.carica(id)
	require.Len(t, p.Allegati, 2)
	require.Len(t, p.Risposte.Elenco("pianta"), 2)
	require.NoError(t, b.s.RimuoviAllegato(context.Background(), b.cittadino, id, al.ID))
	p = b.carica(id)
	require.Len(t, p.Allegati, 1)
	require.Equal(t, []string{p.Allegati[0].ID}, p.Risposte.Elenco("pianta"))
	require.ErrorIs(t, b.s.RimuoviAllegato(context.Background(), b.cittadino, id, al.ID), pratica.ErrNonTrovato)
}

func TestPulisciNome(t *testing.T) {
	t.Parallel()
	for nome, atteso := range map[string]string{
		"casa.pdf": "casa.pdf", "../../etc/passwd": "passwd", `C:\Users\Mario\casa.pdf`: "casa.pdf", "": "documento", "...": "documento", "/": "documento",
		"casa\u202efdp.exe": "casafdp.exe", "a\x00b\r\n.pdf": "ab.pdf", "  a   b .pdf": "a b .pdf", `a<>:"|?*b.pdf`: "ab.pdf", "\xff\xfe.pdf": "pdf", "perché.pdf": "perché.pdf",
		strings.Repeat("è", 10_000) + ".pdf": strings.Repeat("è", 116) + ".pdf",
	} {
		require.Equal(t, atteso, sportello.PulisciNome(nome))
	}
	rapid.Check(t, func(t *rapid.T) {
		n := sportello.PulisciNome(rapid.String().Draw(t, "nome"))
		require.True(t, utf8.ValidString(n))
		require.NotEmpty(t, n)
		require.LessOrEqual(t, utf8.RuneCountInString(n), 120)
		require.False(t, strings.ContainsAny(n, "/\\\x00\n\r\u202e"))
		require.Equal(t, n, sportello.PulisciNome(n), "again")
	})
}

// TestFileInAttesa: what was not sent is seen only by the side that put it.
func TestFileInAttesa(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuovoBanco(t)
	id := presa(b)
	mio, err := b.carico(b.cittadino, id, "mio.txt", "", pratica.OrigineMessaggio, strings.NewReader("mio"))
	require.NoError(t, err)
	suo, err := b.carico(b.operatore, id, "suo.txt", "", pratica.OrigineEnte, strings.NewReader("suo"))
	require.NoError(t, err)
	vedono := func(attesi map[string][]string) {
		t.Helper()
		for chi, file := range attesi {
			v, err := b.s.Apri(ctx, b.attori()[chi], id)
			require.NoError(t, err)
			var visti []string
			for _, f := range v.Allegati {
				visti = append(visti, f.Nome)
			}
			require.Equal(t, file, visti, chi)
			for _, al := range []pratica.Allegato{mio, suo} {
				sc, err := b.s.Scarica(ctx, b.attori()[chi], id, al.ID)
				if !strings.Contains(strings.Join(file, " "), al.Nome) {
					require.ErrorIs(t, err, pratica.ErrNonTrovato)
					continue
				}
				require.NoError(t, err)
				require.Equal(t, al.SHA256, sc.SHA256)
				require.NoError(t, sc.Close())
			}
		}
	}
	vedono(map[string][]string{richiedente: {"mio.txt"}, incaricato: {"suo.txt"}, abilitato: nil})
	require.ErrorIs(t, b.s.RimuoviAllegato(ctx, b.operatore, id, mio.ID), pratica.ErrNonTrovato)
	b.esegui(b.cittadino, id, pratica.ScriviMessaggio{Testo: "Ecco", Allegati: []string{mio.ID}})
	require.ErrorIs(t, b.s.RimuoviAllegato(ctx, b.cittadino, id, mio.ID), pratica.ErrNonAmmesso)
	vedono(map[string][]string{richiedente: {"mio.txt"}, incaricato: {"mio.txt", "suo.txt"}, abilitato: {"mio.txt"}})
	b.esegui(b.operatore, id, pratica.RichiediIntegrazione{Testo: "Vedi allegato"})
	vedono(map[string][]string{richiedente: {"mio.txt", "suo.txt"}})
	altri, err := b.carico(b.operatore, id, "suo.txt", "", pratica.OrigineMessaggio, strings.NewReader("suo"))
	require.NoError(t, err)
	require.NotEqual(t, suo.ID, altri.ID)
}

// TestScaricaDocumento: what is downloaded is what was stored, and says what was answered.
func TestScaricaDocumento(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuovoBanco(t)
	id := arrivata(b)
	sc, err := b.s.Scarica(ctx, b.cittadino, id, "istanza")
	require.NoError(t, err)
	pdf, err := io.ReadAll(sc)
	require.NoError(t, err)
	require.NoError(t, sc.Close())
	h := sha256.Sum256(pdf)
	d, _ := b.carica(id).Documento("istanza")
	require.Equal(t, d.SHA256, hex.EncodeToString(h[:]))
	require.Equal(t, d.Dimensione, int64(len(pdf)))
	require.Equal(t, "application/pdf", sc.MIME)
	require.NotContains(t, sc.Nome, "Rossi")
	_, err = b.s.Scarica(ctx, b.cittadino, id, "esito_positivo")
	require.ErrorIs(t, err, pratica.ErrNonTrovato)
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Log("pdftotext non c'è: il testo non è letto")
		return
	}
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	testo, err := cmd.Output()
	require.NoError(t, err)
	for _, s := range []string{"Comune di Prova", "Servizio pieno", "Mario", "RSSMRA80A01H501U", "Metri quadrati", "10", "Nord", "2026-000001", "01234567890123"} {
		require.Contains(t, string(testo), s)
	}
}

// TestDocumentoDiNuovo: the archive fails while a document is produced: it is
// produced again, with the same bytes.
func TestDocumentoDiNuovo(t *testing.T) {
	t.Parallel()
	volte := 0
	b := nuovoBanco(t)
	b.archivio.(*memoria.Archivio).Guasto = func(op string) error {
		if volte++; volte <= 2 {
			return errCrollo
		}
		return nil
	}
	id := b.inviata("spoglio")
	b.drena(id)
	d, _ := b.carica(id).Documento("istanza")
	require.NotEmpty(t, d.SHA256)
	altro := nuovoBanco(t)
	gemella := altro.inviata("spoglio")
	g, _ := altro.carica(gemella).Documento("istanza")
	require.NotEmpty(t, g.SHA256)
}
