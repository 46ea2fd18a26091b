// Package tema carries the look of the example portal.
//
// The pages use the class names of Bootstrap Italia, the design system of
// Italian public services. Two themes dress them: a small stylesheet of our
// own, embedded in the program, which needs nothing else; or the real npm
// package bootstrap-italia, read from a folder, completed by a few rules for
// what it lacks. README.md lists the markup that both dress.
package tema

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"time"
)

// Prefisso is the path under which Tema answers; mount it there:
//
//	mux.Handle("GET "+tema.Prefisso, t)
const Prefisso = "/tema/"

//go:embed portale.css
var portale []byte

//go:embed portale-integrazioni.css
var integrazioni []byte

// tipo gives the media type of the kinds of file that a theme serves. No
// script is among them: the portal works without.
func tipo(nome string) (string, bool) {
	switch path.Ext(nome) {
	case ".css":
		return "text/css; charset=utf-8", true
	case ".svg":
		return "image/svg+xml", true
	case ".woff2":
		return "font/woff2", true
	case ".woff":
		return "font/woff", true
	default:
		return "", false
	}
}

// Tema serves the files of one theme. It is safe for concurrent use.
type Tema struct {
	foglio    string // name of the embedded stylesheet
	contenuto []byte
	etag      string
	pacchetto *pacchetto // nil with the embedded theme
}

// Handler gives the embedded theme when dir is empty, else the one made of the
// bootstrap-italia package whose folder (the one with package.json and dist) is
// dir. It reads the folder at once and fails with ErrPacchetto if that is not a
// bootstrap-italia 2; it then keeps the folder open until Close.
func Handler(dir string) (*Tema, error) {
	t := &Tema{foglio: "portale.css", contenuto: portale}
	if dir != "" {
		p, err := apri(dir)
		if err != nil {
			return nil, err
		}
		t.foglio, t.contenuto, t.pacchetto = "portale-integrazioni.css", integrazioni, p
	}
	somma := sha256.Sum256(t.contenuto)
	t.etag = `"` + hex.EncodeToString(somma[:8]) + `"`
	return t, nil
}

// Close releases the folder of the package; with the embedded theme it does nothing.
func (t *Tema) Close() error {
	if t.pacchetto == nil {
		return nil
	}
	return t.pacchetto.radice.Close()
}

// Fogli gives the addresses of the stylesheets, in the order in which the head
// of a page links them.
func (t *Tema) Fogli() []string {
	if t.pacchetto == nil {
		return []string{Prefisso + t.foglio}
	}
	return []string{Prefisso + cartella + foglioPacchetto, Prefisso + t.foglio}
}

// Immagini gives the sources that the directive img-src of a
// Content-Security-Policy must allow: Bootstrap Italia draws its icons with
// data: addresses, the embedded theme needs none.
func (t *Tema) Immagini() string {
	if t.pacchetto == nil {
		return "'self'"
	}
	return "'self' data:"
}

// ServeHTTP answers GET and HEAD for the files of the theme, with an ETag so
// that a browser asks again at little cost. Whatever is not a stylesheet, an
// image or a font of the theme does not exist: 404.
func (t *Tema) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Metodo non ammesso", http.StatusMethodNotAllowed)
		return
	}
	nome, dentro := strings.CutPrefix(r.URL.Path, Prefisso)
	mime, noto := tipo(nome)
	if !dentro || !noto {
		http.NotFound(w, r)
		return
	}
	if nome == t.foglio {
		intesta(w, mime, t.etag, "no-cache")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(t.contenuto))
		return
	}
	if interno, ok := strings.CutPrefix(nome, cartella); ok && t.pacchetto != nil {
		t.pacchetto.servi(w, r, interno, mime)
		return
	}
	http.NotFound(w, r)
}

func intesta(w http.ResponseWriter, mime, etag, cache string) {
	h := w.Header()
	h.Set("Content-Type", mime)
	h.Set("ETag", etag)
	h.Set("Cache-Control", cache)
	h.Set("X-Content-Type-Options", "nosniff")
}
