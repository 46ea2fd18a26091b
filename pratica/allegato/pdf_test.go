package allegato_test

import (
	"bytes"
	"encoding/ascii85"
	"encoding/binary"
	"encoding/hex"
	"image"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/allegato"
)

func a85(s string) string {
	b := make([]byte, ascii85.MaxEncodedLen(len(s)))
	return string(b[:ascii85.Encode(b, []byte(s))]) + "~>"
}

func TestPDF(t *testing.T) {
	t.Parallel()
	zero := strings.Repeat("\x00", 4<<20)
	script := "<</S /JavaScript /JS (app.alert(1))>>"
	for nome, c := range map[string]struct {
		corpo   string
		codice  allegato.Codice
		segnale allegato.Segnalazione
	}{
		"nudo":                    {"1 0 obj<<>>endobj", "", ""},
		"bomba":                   {flusso(2, "/Filter/FlateDecode", sgonfia(zero)), allegato.CodiceEspansione, ""},
		"bomba in elenco":         {flusso(2, "/Filter [ /FlateDecode ]", sgonfia(zero)), allegato.CodiceEspansione, ""},
		"bomba scritta #46":       {flusso(2, "/#46ilter /#46lateDecode", sgonfia(zero)), allegato.CodiceEspansione, ""},
		"bomba abbreviata":        {flusso(2, "/Filter/Fl", sgonfia(zero)), allegato.CodiceEspansione, ""},
		"bomba indiretta":         {flusso(2, "/Filter 9 0 R", sgonfia(zero)), allegato.CodiceEspansione, ""},
		"bomba doppia":            {flusso(2, "/Filter[/FlateDecode/FlateDecode]", sgonfia(sgonfia(zero))), allegato.CodiceEspansione, ""},
		"bomba in ASCII85":        {flusso(2, "/Filter[/ASCII85Decode/FlateDecode]", a85(sgonfia(zero))), allegato.CodiceEspansione, ""},
		"bomba in esadecimale":    {flusso(2, "/Filter[/ASCIIHexDecode/FlateDecode]", hex.EncodeToString([]byte(sgonfia(zero)))+">"), allegato.CodiceEspansione, ""},
		"bomba con LZW":           {flusso(2, "/Filter[/FlateDecode/LZWDecode]", sgonfia("ciao")), allegato.CodiceEspansione, ""},
		"troppi filtri":           {flusso(2, "/Filter["+strings.Repeat("/FlateDecode", 5)+"]", "ciao"), allegato.CodiceEspansione, ""},
		"bomba dopo un commento":  {strings.Replace(flusso(2, "/Filter/FlateDecode", sgonfia(zero)), ">>\nstream", ">>%x\nstream", 1), allegato.CodiceEspansione, ""},
		"bomba in una stringa":    {"3 0 obj(<</Length 1>>\nstream\n)\nendobj\n" + flusso(2, "/Filter/FlateDecode", sgonfia(zero)), allegato.CodiceMalformato, ""},
		"bomba fra i dati":        {flusso(2, "", flusso(3, "/Filter/FlateDecode", sgonfia(zero))), allegato.CodiceMalformato, ""},
		"due filtri":              {flusso(2, "/Filter/DCTDecode/Filter/FlateDecode", sgonfia(zero)), allegato.CodiceMalformato, ""},
		"in ASCII85":              {flusso(2, "/Filter[/ASCII85Decode/FlateDecode]", a85(sgonfia("testo"))), "", ""},
		"LZW solo":                {flusso(2, "/Filter/LZWDecode", "\x80\x0b\x60"), "", ""},
		"immagine":                {flusso(2, "/Subtype/Image/Width 100/Height 100/Filter/DCTDecode", rumore(3000)), "", ""},
		"immagine enorme":         {flusso(2, "/Subtype/Image/Width 100000/Height 100000/Filter/JBIG2Decode", "x"), allegato.CodicePixel, ""},
		"flusso illeggibile":      {flusso(2, "/Filter/FlateDecode", "x\x9cnon è zlib"), "", allegato.FlussoIlleggibile},
		"cifrato":                 {"trailer<</Encrypt 5 0 R>>", allegato.CodiceCifrato, ""},
		"cifrato #":               {"trailer<</#45ncrypt%c\n5 0 R>>", allegato.CodiceCifrato, ""},
		"script":                  {"1 0 obj" + script + "endobj", allegato.CodiceScript, ""},
		"script attaccato":        {"1 0 obj<</S/JavaScript>>endobj", allegato.CodiceScript, ""},
		"script #":                {"1 0 obj<</S/J#61vaScript>>endobj", allegato.CodiceScript, ""},
		"script commentato":       {"1 0 obj<</S%c\n/JavaScript>>endobj", allegato.CodiceScript, ""},
		"script in ObjStm":        {flusso(2, "/Type/ObjStm/N 1/First 4/Filter/FlateDecode", sgonfia("1 0 <</S/Rendition/JS 5 0 R>>")), allegato.CodiceScript, ""},
		"script in altri dati":    {flusso(2, "/Filter/FlateDecode", sgonfia("1 0 "+script)), allegato.CodiceScript, ""},
		"script non compresso":    {flusso(2, "", "1 0 "+script), allegato.CodiceScript, ""},
		"programma":               {"1 0 obj<</Type/Action/S/Launch/F(cmd.exe)>>endobj", allegato.CodiceScript, ""},
		"file dentro":             {flusso(2, "/Type/EmbeddedFile", "MZ"), allegato.CodiceIncorporati, ""},
		"file dentro, senza tipo": {"1 0 obj<</Type/Filespec/EF<</F 5 0 R>>>>endobj", allegato.CodiceIncorporati, ""},
		"parole in un testo":      {"1 0 obj<</Title(HTML/CSS/JavaScript e/Launch)>>endobj", "", ""},
		"si apre a una pagina":    {"1 0 obj<</OpenAction[3 0 R/Fit]>>endobj", "", allegato.AzioneApertura},
		"modulo XFA":              {"1 0 obj<</AcroForm<</XFA 5 0 R>>>>endobj", "", allegato.ModuloInterattivo},
		"oggetti":                 {strings.Repeat("1 0 obj\nendobj\n", 101), allegato.CodiceVoci, ""},
		"oggetti dichiarati":      {flusso(2, "/Type/ObjStm/N 5000", "x"), allegato.CodiceVoci, ""},
		"flusso senza fine":       {"2 0 obj<</Length 9>>stream\nciao", allegato.CodiceTroncato, ""},
		"fine lontana":            {"%%EOF\n" + strings.Repeat("% commento\n", 200) + "%", "", ""},
	} {
		file := pdf(c.corpo)
		if nome == "fine lontana" {
			file, c.codice = strings.TrimSuffix(file, "%%EOF\n"), allegato.CodiceTroncato
		}
		e, err := esamina("a.pdf", []byte(file), func(o *allegato.Opzioni) {
			o.Limiti.Base, o.Limiti.Rapporto, o.Limiti.Oggetti = 1<<20, 10, 100
		})
		require.Equal(t, c.codice, rifiutato(t, err), nome)
		if c.segnale == "" {
			require.Empty(t, e.Segnalazioni, nome)
		} else {
			require.Equal(t, []allegato.Segnalazione{c.segnale}, e.Segnalazioni, nome)
		}
	}
	_, err := esamina("a.pdf", []byte("MACRO%PDF-1.4\n"+pdf("")))
	require.NotEmpty(t, rifiutato(t, err), "something before the header")
	e, err := esamina("a.pdf", []byte(pdf("<</Encrypt 5 0 R/S/Launch/EF<<>>>>")), func(o *allegato.Opzioni) {
		o.Politica = allegato.Politica{Cifrati: true, Script: true, Incorporati: true}
	})
	require.NoError(t, err)
	require.Equal(t, []allegato.Segnalazione{allegato.Cifrato, allegato.Incorporati, allegato.Script}, e.Segnalazioni)
	require.Empty(t, e.Firma)
	e, err = esamina("a.pdf", []byte(pdf("5 0 obj<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]/Contents<00>>>endobj")))
	require.NoError(t, err)
	require.Equal(t, allegato.PAdES, e.Firma)
	require.Equal(t, 1, e.Firme)
	require.Equal(t, "application/pdf", e.Contenuto)
}

func unTiff(o binary.AppendByteOrder, larghezza, altezza uint32, prossima uint32) []byte {
	b := []byte("II")
	if o.String() == "BigEndian" {
		b = []byte("MM")
	}
	b = o.AppendUint32(o.AppendUint16(b, 42), 20)
	b = append(b, make([]byte, 12)...)
	b = o.AppendUint16(b, 2)
	b = o.AppendUint32(o.AppendUint32(o.AppendUint16(o.AppendUint16(b, 256), 4), 1), larghezza)
	b = o.AppendUint16(o.AppendUint16(o.AppendUint32(o.AppendUint16(o.AppendUint16(b, 257), 3), 1), uint16(altezza)), 0)
	return o.AppendUint32(b, prossima)
}

func TestImmagini(t *testing.T) {
	t.Parallel()
	jpg, ping := immagini(t, image.Rect(0, 0, 300, 200))
	gif := []byte(unaGif(t))
	enorme := []byte(ping)
	binary.BigEndian.PutUint32(enorme[16:], 1<<31)
	jpgEnorme := []byte(jpg)
	sof := bytes.Index(jpgEnorme, []byte{0xff, 0xc0})
	copy(jpgEnorme[sof+5:], "\xff\xff\xff\xff")
	gifEnorme := bytes.Clone(gif)
	copy(gifEnorme[6:], "\xff\xff\xff\xff")
	webp := func(pezzo string) []byte {
		return []byte("RIFF\x40\x00\x00\x00WEBP" + pezzo + strings.Repeat("\x00", 20))
	}
	for nome, c := range map[string]struct {
		file   string
		b      []byte
		codice allegato.Codice
	}{
		"jpeg": {"a.jpg", []byte(jpg), ""}, "jpeg enorme": {"a.jpg", jpgEnorme, allegato.CodicePixel},
		"jpeg riempito":     {"a.jpg", append([]byte("\xff\xd8\xff\xff"), jpg[3:]...), ""},
		"jpeg senza quadro": {"a.jpg", []byte("\xff\xd8\xff\xda\x00\x04\x00\x00\x00\x00"), allegato.CodiceMalformato},
		"jpeg di altro":     {"a.jpg", []byte("\xff\xd8\xff\xe0\x00\x04\x00\x00ciao ciao"), allegato.CodiceMalformato},
		"jpeg troncato":     {"a.jpg", []byte(jpg)[:20], allegato.CodiceTroncato},
		"png enorme":        {"a.png", enorme, allegato.CodicePixel},
		"png senza IHDR":    {"a.png", append([]byte(ping[:8]), make([]byte, 30)...), allegato.CodiceMalformato},
		"png nullo":         {"a.png", append([]byte(ping[:16]), make([]byte, 30)...), allegato.CodiceMalformato},
		"gif":               {"a.gif", gif, ""}, "gif enorme": {"a.gif", gifEnorme, allegato.CodicePixel},
		"tiff": {"a.tif", unTiff(binary.LittleEndian, 300, 200, 0), ""}, "tiff enorme": {"a.tiff", unTiff(binary.BigEndian, 1<<30, 200, 0), allegato.CodicePixel},
		"tiff a ritroso": {"a.tif", unTiff(binary.LittleEndian, 300, 200, 8), allegato.CodiceMalformato},
		"tiff troncato":  {"a.tif", unTiff(binary.LittleEndian, 300, 200, 1000), allegato.CodiceTroncato},
		"webp VP8X":      {"a.webp", webp("VP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x01\x00\x00"), ""},
		"webp enorme":    {"a.webp", webp("VP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff"), allegato.CodicePixel},
		"webp VP8L":      {"a.webp", webp("VP8L\x0a\x00\x00\x00\x2f\x01\x00\x00\x00"), ""},
		"webp VP8":       {"a.webp", webp("VP8 \x0a\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x08\x00\x08\x00"), ""},
		"webp ignoto":    {"a.webp", webp("VP8Z\x0a\x00\x00\x00"), allegato.CodiceMalformato},
	} {
		_, err := esamina(c.file, c.b)
		require.Equal(t, c.codice, rifiutato(t, err), nome)
	}
}
