package html

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"strconv"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

//go:embed modelli/*.html
var modelli embed.FS

// ErrConfig is the cause of a Config that New refuses.
var ErrConfig = errors.New("html: configurazione non valida")

// ErrSezione is the cause of a section that the form has not.
var ErrSezione = errors.New("html: la sezione non esiste")

// Config of a Renderer. The zero value is usable.
type Config struct {
	// Prefisso begins every id of the fragment, so that two fragments can share
	// a page: lower-case letters, digits and -. Defaults to "m".
	Prefisso string
	// Azione is the URL the form posts to. Defaults to the page's own.
	Azione string
	// CSRFCampo and CSRFValore are name and value of the hidden input with the
	// host's token. No name, no input. The token of one request goes in StatoModulo.
	CSRFCampo, CSRFValore string
	// LivelloTitolo is the level of the section's heading, 1–5. Defaults to 2.
	LivelloTitolo int
	// SogliaMenu: a scelta with more options than this is a menu (select), with
	// fewer a list of radio buttons. Defaults to 7.
	SogliaMenu int
}

// Renderer writes fragments. It is safe for concurrent use.
type Renderer struct {
	cfg Config
	t   *template.Template
}

var formaPrefisso = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// New checks the configuration and reads the templates, which are part of the
// program. The error is ErrConfig.
func New(cfg Config) (*Renderer, error) {
	if cfg.Prefisso == "" {
		cfg.Prefisso = "m"
	}
	if cfg.LivelloTitolo == 0 {
		cfg.LivelloTitolo = 2
	}
	if cfg.SogliaMenu == 0 {
		cfg.SogliaMenu = 7
	}
	switch {
	case !formaPrefisso.MatchString(cfg.Prefisso):
		return nil, fmt.Errorf("%w: prefisso", ErrConfig)
	case cfg.LivelloTitolo < 1 || cfg.LivelloTitolo > 5:
		return nil, fmt.Errorf("%w: livello del titolo", ErrConfig)
	case cfg.SogliaMenu < 1:
		return nil, fmt.Errorf("%w: soglia del menu", ErrConfig)
	}
	t, err := template.ParseFS(modelli, "modelli/*.html")
	if err != nil {
		return nil, fmt.Errorf("html: modelli: %w", err)
	}
	return &Renderer{cfg: cfg, t: t}, nil
}

// StatoModulo is what a section needs to know beside the answers.
type StatoModulo struct {
	// Allegati are the uploaded files, by id.
	Allegati map[string]modulo.InfoFile
	// Passi are all the steps, see Passi; with them the heading says "passo 2 di 4".
	Passi []Passo
	// Precompilate and Oggi as in modulo.Opzioni.
	Precompilate modulo.Risposte
	Oggi         termini.Giorno
	// Provenienza explains a locked field. Defaults to "Dato già verificato: non si può modificare".
	Provenienza string
	// Fuoco is the path that gets the focus where there are no errors: see Azione.Fuoco.
	Fuoco string
	// Azione and CSRFValore, where not empty, win over those of Config.
	Azione, CSRFValore string
}

// esegui writes nothing if the template fails half-way.
func (r *Renderer) esegui(w io.Writer, nome string, dati any) error {
	var b bytes.Buffer
	if err := r.t.ExecuteTemplate(&b, nome, dati); err != nil {
		return fmt.Errorf("html: %s: %w", nome, err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("html: scrittura: %w", err)
	}
	return nil
}

// Sezione writes one section as a <form>, with the summary of the errors that
// concern it (or the form as a whole). v are the answers as they were posted or
// saved; what is shown, required, computed and locked is worked out here. The
// answers are not changed.
func (r *Renderer) Sezione(w io.Writer, m *modulo.Modulo, sezione string, v modulo.Risposte, errori modulo.Errori, stato StatoModulo) error {
	s, ok := m.Sezione(sezione)
	if !ok {
		return fmt.Errorf("%w: %q", ErrSezione, sezione)
	}
	return r.esegui(w, "sezione", r.vista(m, s, v, errori, stato))
}

// Titolo is the text for the <title> of the page that shows a section, where
// the host adds service and Comune: "Errore: Dati del richiedente (passo 2 di 4)".
func Titolo(m *modulo.Modulo, sezione string, errori modulo.Errori, passi []Passo) string {
	s, _ := m.Sezione(sezione)
	t := s.Titolo
	if i, n := posto(sezione, passi); i > 0 {
		t += " (passo " + strconv.Itoa(i) + " di " + strconv.Itoa(n) + ")"
	}
	if len(errori.DellaSezione(sezione)) > 0 {
		t = "Errore: " + t
	}
	return t
}
