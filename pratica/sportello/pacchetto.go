package sportello

import (
	"archive/zip"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"time"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

//go:embed modelli/*.html
var modelli embed.FS

// pacchetto is a ZIP on its way out: entries go to the writer as they come, and
// nothing of them is kept but their names. Every entry bears the same time.
type pacchetto struct {
	z      *zip.Writer
	t      *template.Template
	quando time.Time
}

func nuovoPacchetto(w io.Writer, quando time.Time) (*pacchetto, error) {
	ora := func(formato string) func(time.Time) string {
		return func(t time.Time) string {
			if t.IsZero() {
				return ""
			}
			return t.In(termini.Roma()).Format(formato)
		}
	}
	giorno := ora("02/01/2006")
	funzioni := template.FuncMap{
		"data": ora("02/01/2006 ore 15:04"), "giorno": giorno, "euro": pagamenti.Euro,
		"prima": func(t time.Time) string { return giorno(t.Add(-1)) }, // the last day before
	}
	t, err := template.New("").Funcs(funzioni).ParseFS(modelli, "modelli/*.html")
	if err != nil {
		return nil, fmt.Errorf("sportello: modelli: %w", err)
	}
	return &pacchetto{z: zip.NewWriter(w), t: t, quando: quando}, nil
}

func (k *pacchetto) voce(nome string) (io.Writer, error) {
	return k.z.CreateHeader(&zip.FileHeader{Name: nome, Method: zip.Deflate, Modified: k.quando})
}

func (k *pacchetto) json(nome string, v any) error {
	w, err := k.voce(nome)
	if err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func (k *pacchetto) html(nome, modello string, v any) error {
	w, err := k.voce(nome)
	if err != nil {
		return err
	}
	return k.t.ExecuteTemplate(w, modello, v)
}

func (k *pacchetto) testo(nome, contenuto string) error {
	w, err := k.voce(nome)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, contenuto)
	return err
}

// copia puts in what a file gives. letto is why it could not be read to its end,
// err why it could not be written.
func (k *pacchetto) copia(nome string, r io.Reader) (letto, err error) {
	w, err := k.voce(nome)
	if err != nil {
		return nil, err
	}
	f := &fonte{r: r}
	_, err = io.Copy(w, f)
	if f.err != nil {
		return f.err, nil
	}
	return nil, err
}

func (k *pacchetto) chiudi() error { return k.z.Close() }

// fonte remembers why a file could not be read.
type fonte struct {
	r   io.Reader
	err error
}

func (f *fonte) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}
