package allegato_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/allegato"
)

func crc(s string) uint32 { return crc32.ChecksumIEEE([]byte(s)) }

func TestZip(t *testing.T) {
	t.Parallel()
	zero := strings.Repeat("\x00", 4<<20)
	dentro := string(archivio(t, parte{nome: "a.txt", dati: "ciao"}))
	matrioska := dentro
	for range 4 {
		matrioska = string(archivio(t, parte{nome: "b.zip", dati: matrioska}))
	}
	bomba := func(o *allegato.Opzioni) { o.Limiti.Base, o.Limiti.Rapporto = 1<<20, 100 }
	tante := make([]parte, 30)
	for i := range tante {
		tante[i] = parte{nome: fmt.Sprintf("%d.txt", i), dati: "ciao"}
	}
	for nome, c := range map[string]struct {
		file    string
		parti   []parte
		scelta  func(*allegato.Opzioni)
		tipo    string
		codice  allegato.Codice
		segnale allegato.Segnalazione
	}{
		"docx":             {file: "a.docx", parti: partiDocx(), tipo: docx},
		"docx macro":       {file: "a.docx", parti: partiDocx(parte{nome: "word/vbaProject.bin", dati: "x"}), codice: allegato.CodiceMacro},
		"macro ammesse":    {file: "a.docx", parti: partiDocx(parte{nome: "word/vbaProject.bin", dati: "x"}), scelta: func(o *allegato.Opzioni) { o.Politica.Macro = true }, tipo: docx, segnale: allegato.Macro},
		"docx oggetti":     {file: "a.docx", parti: partiDocx(parte{nome: "word/embeddings/foglio.bin", dati: "x"}), tipo: docx, segnale: allegato.Incorporati},
		"docx come zip":    {file: "a.zip", parti: partiDocx(), codice: allegato.CodiceEstensione},
		"xlsx":             {file: "a.xlsx", parti: []parte{{nome: "_rels/.rels", dati: "<a/>"}, {nome: "xl/workbook.xml", dati: "<a/>"}, {nome: "[Content_Types].xml", dati: "<a/>"}}, tipo: xlsx},
		"odt":              {file: "a.odt", parti: partiOdt(), tipo: odt},
		"odt macro":        {file: "a.odt", parti: partiOdt(parte{nome: "Basic/Standard/Module1.xml", dati: "<a/>"}), codice: allegato.CodiceMacro},
		"zip":              {file: "a.zip", parti: []parte{{nome: "a.txt", dati: "ciao"}, {nome: "__MACOSX/._a.txt", dati: "\x00\x05\x16\x07\x00\x02\x00\x00"}}, tipo: "application/zip"},
		"eseguibile":       {file: "a.zip", parti: []parte{{nome: "a.txt", dati: "ciao"}, {nome: "b.exe", dati: "MZ\x90\x00\x03\x00\x00"}}, codice: allegato.CodiceContenuto},
		"nome di altro":    {file: "a.zip", parti: []parte{{nome: "a.exe", dati: "ciao"}}, codice: allegato.CodiceContenuto},
		"jar":              {file: "a.zip", parti: []parte{{nome: "META-INF/MANIFEST.MF", dati: "a"}, {nome: "a.txt", dati: "b"}}, codice: allegato.CodiceTipo},
		"pdf con script":   {file: "a.zip", parti: []parte{{nome: "a.pdf", dati: pdf("1 0 obj<</S/JavaScript/JS(app.alert)>>endobj")}}, codice: allegato.CodiceScript},
		"bomba":            {file: "a.zip", parti: []parte{{nome: "a.txt", dati: zero}}, scelta: bomba, codice: allegato.CodiceEspansione},
		"bomba in docx":    {file: "a.docx", parti: partiDocx(parte{nome: "word/b.xml", dati: zero}), scelta: bomba, codice: allegato.CodiceEspansione},
		"bomba dichiarata": {file: "a.zip", parti: []parte{{nome: "a.txt", dati: zero, stored: true}}, scelta: func(o *allegato.Opzioni) { o.Limiti.Espanso = 1 << 20 }, codice: allegato.CodiceEspansione},
		"bomba in zip":     {file: "a.zip", parti: []parte{{nome: "b.zip", dati: string(archivio(t, parte{nome: "a.txt", dati: zero}))}}, scelta: bomba, codice: allegato.CodiceEspansione},
		"zip in zip":       {file: "a.zip", parti: []parte{{nome: "b.zip", dati: dentro}}, tipo: "application/zip"},
		"matrioska":        {file: "a.zip", parti: []parte{{nome: "b.zip", dati: matrioska}}, codice: allegato.CodiceAnnidamento},
		"voci":             {file: "a.zip", parti: tante, scelta: func(o *allegato.Opzioni) { o.Limiti.Voci = 29 }, codice: allegato.CodiceVoci},
		"voci al limite":   {file: "a.zip", parti: tante, scelta: func(o *allegato.Opzioni) { o.Limiti.Voci = 30 }, tipo: "application/zip"},
		"risale":           {file: "a.zip", parti: []parte{{nome: "a/../../b.txt", dati: "ciao"}}, codice: allegato.CodicePercorso},
		"assoluto":         {file: "a.zip", parti: []parte{{nome: "/etc/b.txt", dati: "ciao"}}, codice: allegato.CodicePercorso},
		"disco":            {file: "a.zip", parti: []parte{{nome: "C:b.txt", dati: "ciao"}}, codice: allegato.CodicePercorso},
		"barra":            {file: "a.zip", parti: []parte{{nome: `..\b.txt`, dati: "ciao"}}, codice: allegato.CodicePercorso},
		"due volte":        {file: "a.zip", parti: []parte{{nome: "a.txt", dati: "ciao"}, {nome: "A.txt", dati: "altro"}}, codice: allegato.CodiceMalformato},
		"asice":            {file: "a.asice", parti: []parte{{nome: "mimetype", dati: asice, stored: true}, {nome: "a.pdf", dati: pdf("")}, {nome: "META-INF/signatures0.xml", dati: "<a/>"}}, tipo: asice},
		"asice cattivo":    {file: "a.asice", parti: []parte{{nome: "mimetype", dati: asice, stored: true}, {nome: "a.exe", dati: "MZ\x90\x00\x03\x00"}}, codice: allegato.CodiceContenuto},
	} {
		e, err := esamina(c.file, archivio(t, c.parti...), func(o *allegato.Opzioni) {
			if c.scelta != nil {
				c.scelta(o)
			}
		})
		require.Equal(t, c.codice, rifiutato(t, err), nome)
		require.Equal(t, c.tipo, e.MIME, nome)
		if c.segnale != "" {
			require.Equal(t, []allegato.Segnalazione{c.segnale}, e.Segnalazioni, nome)
		}
		if nome == "asice" {
			require.Equal(t, allegato.ASiC, e.Firma)
			require.Equal(t, 1, e.Firme)
		}
	}
	_, err := esamina("a.docx", archivio(t, partiDocx()...), func(o *allegato.Opzioni) { o.Tipi = []string{"application/pdf"} })
	require.Equal(t, allegato.CodiceTipo, rifiutato(t, err))
}

// TestZipAlterati: each change makes readers from the front and from the end differ.
func TestZipAlterati(t *testing.T) {
	t.Parallel()
	b := archivio(t, parte{nome: "a.txt", dati: "ciao", stored: true}, parte{nome: "b.txt", dati: strings.Repeat("ciao ", 50)})
	_, err := esamina("a.zip", b)
	require.NoError(t, err)
	centrale := bytes.Index(b, []byte("PK\x01\x02"))
	fine := bytes.Index(b, []byte("PK\x05\x06"))
	alterato := func(dove int, con ...byte) []byte {
		c := bytes.Clone(b)
		copy(c[dove:], con)
		return c
	}
	for nome, c := range map[string]struct {
		b      []byte
		codice allegato.Codice
	}{
		"coda":                   {append(bytes.Clone(b), 'x'), allegato.CodiceMalformato},
		"fine tagliata":          {b[:len(b)-1], allegato.CodiceTroncato},
		"crc":                    {alterato(14, 1, 2, 3, 4), allegato.CodiceMalformato},
		"nome nel solo indice":   {alterato(centrale+46, 'z'), allegato.CodiceMalformato},
		"crc nel solo indice":    {alterato(centrale+16, 1), allegato.CodiceMalformato},
		"sovrapposte":            {alterato(centrale+42, 1), allegato.CodiceMalformato},
		"collegamento":           {alterato(centrale+5, 3), ""},
		"collegamento simbolico": {alterato(centrale+38, 0, 0, 0, 0xa0), allegato.CodiceMalformato},
		"metodo":                 {alterato(8, 12), allegato.CodiceMalformato},
		"cifrata":                {alterato(6, 1), allegato.CodiceCifrato},
		"indice cifrato":         {alterato(7, 0x20), allegato.CodiceMalformato},
		"lunghezza ignota":       {alterato(6, 8), allegato.CodiceMalformato},
		"numero di voci":         {alterato(fine+10, 3), allegato.CodiceMalformato},
		"posizione dell'indice":  {alterato(fine+16, 3), allegato.CodiceMalformato},
		"dischi":                 {alterato(fine+4, 3), allegato.CodiceMalformato},
		"commento che non c'è":   {alterato(fine+20, 3), allegato.CodiceTroncato},
		"senza nome":             {alterato(26, 0), allegato.CodiceMalformato},
		"enorme dichiarata":      {alterato(18, 4, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff), allegato.CodiceMalformato},
		"vuoto":                  {b[fine:], allegato.CodiceMalformato},
	} {
		if nome == "collegamento simbolico" {
			c.b[centrale+5], c.codice = 3, allegato.CodicePercorso
			binary.LittleEndian.PutUint32(c.b[centrale+38:], 0xa1ff0000)
		}
		_, err := esamina("a.zip", c.b)
		require.Equal(t, c.codice, rifiutato(t, err), nome)
	}
	e, err := esamina("a.zip", func() []byte {
		c := alterato(6, 1)
		c[centrale+8] |= 1
		return c
	}(), func(o *allegato.Opzioni) { o.Politica.Cifrati = true })
	require.NoError(t, err)
	require.True(t, e.Ha(allegato.Cifrato))
}

func TestBusta(t *testing.T) {
	t.Parallel()
	p := string(stampato(t))
	semplice := imbusta(der, der(0x04, p))
	b64 := base64.StdEncoding.EncodeToString(semplice)
	annidata := func(n int) []byte {
		b := semplice
		for range n {
			b = imbusta(der, der(0x04, string(b)))
		}
		return b
	}
	for nome, c := range map[string]struct {
		file   string
		b      []byte
		dentro string
		buste  int
		codice allegato.Codice
	}{
		"der":              {"a.pdf.p7m", semplice, "application/pdf", 1, ""},
		"senza estensione": {"a.p7m", semplice, "application/pdf", 1, ""},
		"ber":              {"a.pdf.p7m", imbusta(ber, ber(0x24, der(0x04, p[:500]), der(0x04, p[500:]))), "application/pdf", 1, ""},
		"base64":           {"a.pdf.P7M", []byte(b64), "application/pdf", 1, ""},
		"pem":              {"a.p7m", pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: semplice}), "application/pdf", 1, ""},
		"pem di altro":     {"a.p7m", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: semplice}), "", 0, allegato.CodiceMalformato},
		"base64 guasto":    {"a.p7m", []byte(b64[:2000] + "!!" + b64[2000:]), "", 0, allegato.CodiceMalformato},
		"due":              {"a.pdf.p7m.p7m", annidata(1), "application/pdf", 2, ""},
		"tre":              {"a.pdf.p7m.p7m.p7m", annidata(2), "application/pdf", 3, ""},
		"quattro":          {"a.p7m", annidata(3), "", 0, allegato.CodiceAnnidamento},
		"coda di zeri":     {"a.p7m", append(bytes.Clone(semplice), 0, 0, '\n'), "application/pdf", 1, ""},
		"coda":             {"a.p7m", append(bytes.Clone(semplice), "MZ"...), "", 0, allegato.CodiceMalformato},
		"altro nome":       {"a.pdf", semplice, "", 0, allegato.CodiceEstensione},
		"dentro altro":     {"a.docx.p7m", semplice, "", 0, allegato.CodiceContenuto},
		"eseguibile":       {"a.p7m", imbusta(der, der(0x04, "MZ\x90\x00\x03\x00\x00")), "", 0, allegato.CodiceContenuto},
		"pdf con script":   {"a.p7m", imbusta(der, der(0x04, pdf("<</S /Launch>>"))), "", 0, allegato.CodiceScript},
		"staccata":         {"a.p7m", []byte(der(0x30, oidFirmato, der(0xa0, der(0x30, "\x02\x01\x01", der(0x31), der(0x30, oidDati), der(0x31, der(0x30, "firma")))))), "", 0, allegato.CodiceFirmaStaccata},
		"vuota":            {"a.p7m", imbusta(der, der(0x04)), "", 0, allegato.CodiceVuoto},
		"tronca":           {"a.p7m", semplice[:len(semplice)-3], "", 0, allegato.CodiceTroncato},
		"tronca dentro":    {"a.p7m", semplice[:300], "", 0, allegato.CodiceTroncato},
		"finta":            {"a.p7m", append([]byte("\x30\x82\x01\x00"+oidFirmato), bytes.Repeat([]byte{0xa0}, 64)...), "", 0, allegato.CodiceMalformato},
		"profonda":         {"a.p7m", []byte("\x30\x80" + oidFirmato + "\xa0\x80\x30\x80\x02\x01\x01\x31\x80" + strings.Repeat("\x30\x80", 5000)), "", 0, allegato.CodiceMalformato},
		"pezzi profondi":   {"a.p7m", imbusta(ber, strings.Repeat("\x24\x80", 5000)), "", 0, allegato.CodiceMalformato},
	} {
		e, err := esamina(c.file, c.b)
		require.Equal(t, c.codice, rifiutato(t, err), nome)
		if c.codice == "" {
			require.Equal(t, "application/pkcs7-mime", e.MIME, nome)
			require.Equal(t, c.dentro, e.Contenuto, nome)
			require.Equal(t, c.buste, e.Buste, nome)
			require.Equal(t, allegato.CAdES, e.Firma)
			require.Equal(t, 1, e.Firme, nome)
		}
	}
	_, err := esamina("a.p7m", semplice, func(o *allegato.Opzioni) { o.Tipi = []string{"application/pdf"} })
	require.Equal(t, allegato.CodiceTipo, rifiutato(t, err))
}

// zip64 writes one stored entry with all of its sizes in ZIP64 fields.
func zip64(dati string, altera func(b []byte)) []byte {
	nome, tutti := "a.txt", uint32(0xffffffff)
	testata := func(b []byte, firma uint32, centrale bool) []byte {
		b = le.AppendUint32(b, firma)
		if centrale {
			b = le.AppendUint16(b, 45)
		}
		b = append(b, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0)
		b = le.AppendUint32(le.AppendUint32(le.AppendUint32(b, crc(dati)), tutti), tutti)
		extra := le.AppendUint64(le.AppendUint64(nil, uint64(len(dati))), uint64(len(dati)))
		if centrale {
			extra = le.AppendUint64(extra, 0)
		}
		b = le.AppendUint16(le.AppendUint16(b, uint16(len(nome))), uint16(len(extra)+4))
		if centrale {
			b = le.AppendUint32(append(b, make([]byte, 10)...), tutti)
		}
		b = le.AppendUint16(le.AppendUint16(append(b, nome...), 1), uint16(len(extra)))
		return append(b, extra...)
	}
	b := append(testata(nil, 0x04034b50, false), dati...)
	inizio := uint64(len(b))
	b = testata(b, 0x02014b50, true)
	fine := uint64(len(b))
	b = le.AppendUint64(le.AppendUint32(b, 0x06064b50), 44)
	b = append(b, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	for _, n := range []uint64{1, 1, fine - inizio, inizio} {
		b = le.AppendUint64(b, n)
	}
	b = le.AppendUint32(le.AppendUint64(le.AppendUint32(le.AppendUint32(b, 0x07064b50), 0), fine), 1)
	b = append(le.AppendUint32(b, 0x06054b50), 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff)
	b = append(le.AppendUint32(le.AppendUint32(b, tutti), tutti), 0, 0)
	altera(b[fine:])
	return b
}

func TestZip64(t *testing.T) {
	t.Parallel()
	_, err := esamina("a.zip", zip64("ciao", func([]byte) {}))
	require.NoError(t, err)
	for _, dove := range []int{4, 24, 40, 48, 64} { // sizes, counts, where the directory is
		_, err := esamina("a.zip", zip64("ciao", func(b []byte) { b[dove]++ }))
		require.Equal(t, allegato.CodiceMalformato, rifiutato(t, err), dove)
	}
}

// TestDescrittori: the sizes after an entry, in the four ways in which they are written.
func TestDescrittori(t *testing.T) {
	t.Parallel()
	b := archivio(t, parte{nome: "a.txt", dati: strings.Repeat("ciao ", 50)})
	dove, centrale, fine := bytes.Index(b, []byte("PK\x07\x08")), bytes.Index(b, []byte("PK\x01\x02")), bytes.Index(b, []byte("PK\x05\x06"))
	d := b[dove+4 : dove+16]
	largo := append(le.AppendUint64(append([]byte{}, d[:4]...), uint64(le.Uint32(d[4:]))), d[8], d[9], d[10], d[11], 0, 0, 0, 0)
	for nome, scritto := range map[string][]byte{"firma": b[dove:centrale], "nudo": d, "largo": largo, "largo con firma": append([]byte("PK\x07\x08"), largo...)} {
		c := append(append(bytes.Clone(b[:dove]), scritto...), b[centrale:]...)
		le.PutUint32(c[fine-centrale+dove+len(scritto)+16:], uint32(dove+len(scritto)))
		_, err := esamina("a.zip", c)
		require.NoError(t, err, nome)
		c[dove+len(scritto)-9]++
		_, err = esamina("a.zip", c)
		require.Equal(t, allegato.CodiceMalformato, rifiutato(t, err), nome)
	}
}

// TestOLE: an old office document is refused for what its directory names.
func TestOLE(t *testing.T) {
	t.Parallel()
	const ole = "application/x-ole-storage"
	largo := func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") + "\x00" }
	testa := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 40_000)
	for dentro, codice := range map[string]allegato.Codice{"": "", "_VBA_PROJECT": allegato.CodiceMacro, "EncryptedPackage": allegato.CodiceCifrato} {
		e, err := esamina("a", []byte(testa+largo(dentro)+testa), func(o *allegato.Opzioni) { o.Tipi = []string{ole} })
		require.Equal(t, codice, rifiutato(t, err), dentro)
		require.Equal(t, codice == "", e.Ha(allegato.NonEsaminato))
	}
}
