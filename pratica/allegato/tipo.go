package allegato

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// lunghezzaTesta is how much of a file tells its type: what mimetype looks at.
const lunghezzaTesta = 4096

const (
	tipoBusta = "application/pkcs7-mime"
	tipoZip   = "application/zip"
	tipoPDF   = "application/pdf"
	tipoTesto = "text/plain"
	tipoCSV   = "text/csv"
	tipoTSV   = "text/tab-separated-values"
	tipoHTML  = "text/html"
	prefODF   = "application/vnd.oasis.opendocument."
	prefOOXML = "application/vnd.openxmlformats-officedocument."
	prefASiC  = "application/vnd.etsi.asic-"
	tipoEPUB  = "application/epub+zip"
	tipoDOCX  = prefOOXML + "wordprocessingml.document"
	tipoXLSX  = prefOOXML + "spreadsheetml.sheet"
	tipoPPTX  = prefOOXML + "presentationml.presentation"
)

// eZip reports whether files of a type are ZIP archives.
func eZip(t string) bool {
	return t == tipoZip || t == tipoEPUB || t == "application/java-archive" ||
		strings.HasPrefix(t, prefODF) || strings.HasPrefix(t, prefOOXML) || strings.HasPrefix(t, prefASiC)
}

// Contenitore reports whether files of a MIME type hold documents of other
// types: signed envelopes, ASiC and bare ZIP archives.
func Contenitore(t string) bool {
	return t == tipoBusta || t == tipoZip || strings.HasPrefix(t, prefASiC)
}

type famiglia int

const (
	famigliaIgnota famiglia = iota
	famigliaZip
	famigliaPDF
	famigliaBusta
	famigliaImmagine
	famigliaTesto
	famigliaOffice
)

type forma struct {
	famiglia famiglia
	tipo     string
	largo    bool // text of more than one byte a character: UTF-16, UTF-32
}

// riconosci tells the type by the head of a file. The name and the types
// admitted only choose among kinds of plain text.
func riconosci(testa []byte, nome string, tipi []string) forma {
	if firmato(testa) {
		return forma{famiglia: famigliaBusta, tipo: tipoBusta}
	}
	m := mimetype.Detect(testa)
	t, parametri, _ := strings.Cut(m.String(), ";")
	f := forma{tipo: t}
	switch {
	case bytes.HasPrefix(testa, []byte("PK\x03\x04")) || bytes.HasPrefix(testa, []byte("PK\x05\x06")):
		f.famiglia = famigliaZip
	case t == tipoPDF:
		f.famiglia = famigliaPDF
	case t == "image/png" || t == "image/vnd.mozilla.apng" || t == "image/jpeg" || t == "image/gif" || t == "image/tiff" || t == "image/webp":
		f.famiglia = famigliaImmagine
	case m.Is("application/x-ole-storage") || m.Parent() != nil && m.Parent().Is("application/x-ole-storage") || t == "text/rtf":
		f.famiglia = famigliaOffice
	case t == tipoTesto || t == tipoCSV || t == tipoTSV:
		f.famiglia, f.largo = famigliaTesto, strings.Contains(parametri, "utf-16") || strings.Contains(parametri, "utf-32")
		switch {
		case conMarcatura(testa):
			f = forma{tipo: tipoHTML}
		case t != tipoTesto && !slices.Contains(tipi, t):
			f.tipo = tipoTesto // a letter with commas
		case t == tipoTesto && estensione(nome) == ".csv" && slices.Contains(tipi, tipoCSV):
			f.tipo = tipoCSV // one column, or semicolons
		}
	}
	return f
}

var marcature = [][]byte{
	[]byte("<!doctype"), []byte("<!entity"), []byte("<?xml"), []byte("<?php"), []byte("<html"), []byte("<head"), []byte("<body"), []byte("<script"),
	[]byte("<iframe"), []byte("<object"), []byte("<embed"), []byte("<svg"), []byte("<math"), []byte("<xsl:"),
}

// conMarcatura reports whether text that does not begin as markup has some
// where a browser that guesses types would find it.
func conMarcatura(testa []byte) bool {
	testa = bytes.ToLower(bytes.ReplaceAll(testa, []byte{0}, nil))
	return slices.ContainsFunc(marcature, func(m []byte) bool { return bytes.Contains(testa, m) })
}

// estensioni are the extensions whose types are known; any other one must be
// that of mimetype.
var estensioni = map[string][]string{
	".pdf": {tipoPDF}, ".png": {"image/png", "image/vnd.mozilla.apng"}, ".gif": {"image/gif"}, ".webp": {"image/webp"}, ".bmp": {"image/bmp"},
	".jpg": {"image/jpeg"}, ".jpeg": {"image/jpeg"}, ".jpe": {"image/jpeg"}, ".jfif": {"image/jpeg"}, ".tif": {"image/tiff"}, ".tiff": {"image/tiff"},
	".txt": {tipoTesto}, ".text": {tipoTesto}, ".log": {tipoTesto}, ".md": {tipoTesto}, ".csv": {tipoCSV, tipoTesto}, ".tsv": {tipoTSV, tipoTesto},
	".zip": {tipoZip}, ".docx": {tipoDOCX}, ".xlsx": {tipoXLSX}, ".pptx": {tipoPPTX}, ".epub": {tipoEPUB},
	".odt": {prefODF + "text"}, ".ods": {prefODF + "spreadsheet"}, ".odp": {prefODF + "presentation"}, ".odg": {prefODF + "graphics"},
	".p7m": {tipoBusta}, ".asice": {prefASiC + "e+zip"}, ".sce": {prefASiC + "e+zip"}, ".asics": {prefASiC + "s+zip"}, ".scs": {prefASiC + "s+zip"},
	".xml": {"text/xml", "application/xml"}, ".svg": {"image/svg+xml"}, ".html": {tipoHTML}, ".htm": {tipoHTML}, ".json": {"application/json"},
	".rtf": {"text/rtf", "application/rtf"}, ".doc": {"application/msword", "text/rtf"}, ".xls": {"application/vnd.ms-excel"}, ".ppt": {"application/vnd.ms-powerpoint"},
}

// estensione gives the extension of a name, in lower case; none where what
// follows the last point is part of the name ("verbale del 12.3.2026").
func estensione(nome string) string {
	e := strings.ToLower(path.Ext(nome))
	lettera := false
	for _, r := range strings.TrimPrefix(e, ".") {
		if r == ' ' {
			return ""
		}
		lettera = lettera || r < '0' || r > '9'
	}
	if !lettera {
		return ""
	}
	return e
}

func estensioneGiusta(nome, tipo string) bool {
	e := estensione(nome)
	if e == "" {
		return true
	}
	if t, ok := estensioni[e]; ok {
		return slices.Contains(t, tipo)
	}
	m := mimetype.Lookup(tipo)
	return m != nil && m.Extension() == e
}
