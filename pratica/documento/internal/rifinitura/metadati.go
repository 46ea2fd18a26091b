package rifinitura

import (
	"bytes"
	"compress/zlib"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"
)

// info is the document information dictionary. PDF/A-1 (6.7.3) wants each entry
// equal to its twin in the XMP metadata, dates with their zone included.
func info(d Dati) string {
	var b strings.Builder
	b.WriteString("<<")
	for _, v := range [][2]string{
		{"Title", d.Titolo}, {"Author", d.Autore}, {"Subject", d.Oggetto},
		{"Creator", d.Produttore}, {"Producer", d.Produttore},
	} {
		if v[1] != "" {
			fmt.Fprintf(&b, "/%s %s ", v[0], stringa(v[1]))
		}
	}
	data := dataPDF(d.Istante)
	fmt.Fprintf(&b, "/CreationDate (%s) /ModDate (%s)>>", data, data)
	return b.String()
}

// dataPDF: ISO 32000-1, 7.9.4.
func dataPDF(t time.Time) string {
	z := t.Format("-07:00")
	return t.Format("D:20060102150405") + z[:3] + "'" + z[4:] + "'"
}

// stringa writes a text string in hexadecimal, UTF-16BE with its mark, so that
// no character needs escaping; plain ASCII stays readable.
func stringa(s string) string {
	semplice := true
	for _, r := range s {
		if r < 32 || r > 126 || r == '(' || r == ')' || r == '\\' {
			semplice = false
		}
	}
	if semplice {
		return "(" + s + ")"
	}
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}

func testoXML(s string) string {
	var b bytes.Buffer
	if xml.EscapeText(&b, []byte(s)) != nil {
		return ""
	}
	return b.String()
}

// xmp is the metadata packet (ISO 16684-1) with the PDF/A identification.
func xmp(d Dati) []byte {
	var b bytes.Buffer
	data := d.Istante.Format("2006-01-02T15:04:05-07:00")
	alternativa := func(nome, valore string) {
		if valore != "" {
			fmt.Fprintf(&b, "   <dc:%s><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:%s>\n", nome, testoXML(valore), nome)
		}
	}
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n" +
		"  <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n   <dc:format>application/pdf</dc:format>\n")
	alternativa("title", d.Titolo)
	alternativa("description", d.Oggetto)
	if d.Autore != "" {
		fmt.Fprintf(&b, "   <dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>\n", testoXML(d.Autore))
	}
	fmt.Fprintf(&b, "   <dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>\n  </rdf:Description>\n", testoXML(d.Lingua))
	fmt.Fprintf(&b, "  <rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n   <xmp:CreatorTool>%s</xmp:CreatorTool>\n"+
		"   <xmp:CreateDate>%s</xmp:CreateDate>\n   <xmp:ModifyDate>%s</xmp:ModifyDate>\n  </rdf:Description>\n",
		testoXML(d.Produttore), data, data)
	fmt.Fprintf(&b, "  <rdf:Description rdf:about=\"\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n   <pdf:Producer>%s</pdf:Producer>\n  </rdf:Description>\n",
		testoXML(d.Produttore))
	fmt.Fprintf(&b, "  <rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n   <pdfaid:part>%d</pdfaid:part>\n"+
		"   <pdfaid:conformance>%s</pdfaid:conformance>\n  </rdf:Description>\n", d.Livello.Parte, d.Livello.Conformita)
	b.WriteString(" </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>")
	return b.Bytes()
}

func comprimi(dati []byte) ([]byte, error) {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write(dati); err != nil {
		return nil, fmt.Errorf("rifinitura: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("rifinitura: %w", err)
	}
	return b.Bytes(), nil
}
