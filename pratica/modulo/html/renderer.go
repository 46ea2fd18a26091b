package html

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"regexp"
	"strconv"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
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
	// Modelli, where not nil, replaces templates: see the package comment.
	Modelli fs.FS
}

// Renderer writes fragments. It is safe for concurrent use.
type Renderer struct {
	cfg        Config
	t          *template.Template
	modelli    map[string]*template.Template // those of t, by name
	lingua     lingua.Lingua
	traduzioni *lingua.Traduzioni
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
	if err := sostituisci(t, cfg.Modelli); err != nil {
		return nil, err
	}
	r := &Renderer{cfg: cfg, t: t, modelli: map[string]*template.Template{}}
	for _, m := range t.Templates() {
		r.modelli[m.Name()] = m
	}
	if cfg.Modelli != nil {
		if err := r.prova(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// In gives a Renderer that speaks l, with the translations of the form that it
// will be used for (nil: its texts stay Italian). What StatoModulo says wins.
func (r *Renderer) In(l lingua.Lingua, t *lingua.Traduzioni) *Renderer {
	q := *r
	q.lingua, q.traduzioni = l, t
	return &q
}

// interprete chooses the language of one rendering.
func (r *Renderer) interprete(m *modulo.Modulo, stato StatoModulo) lingua.Interprete {
	l, t := r.lingua, r.traduzioni
	if stato.Lingua != "" {
		l = stato.Lingua
	}
	if stato.Traduzioni != nil {
		t = stato.Traduzioni
	}
	return lingua.Per(l, m, t)
}

// fissa is the language of the fixed texts.
func (r *Renderer) fissa() lingua.Lingua { return r.lingua.Fissa() }

// modello names the template of a field: one of its own by type, or that of its kind.
func (r *Renderer) modello(f *vistaCampo) string {
	if f.Modello != "lettura" && f.Modello != "lettura_lunga" {
		if _, ok := r.modelli["tipo-"+f.Tipo]; ok {
			return "tipo-" + f.Tipo
		}
	}
	return f.Modello
}

// StatoModulo is what a section needs to know beside the answers.
type StatoModulo struct {
	// Allegati, Appuntamenti and Bolli are the uploaded files, the appointments
	// and the stamps of the pratica, by id.
	Allegati            map[string]modulo.InfoFile
	Appuntamenti, Bolli map[string]modulo.InfoRiferimento
	// Passi are all the steps, see Passi; with them the heading says "passo 2 di 4".
	Passi []Passo
	// Precompilate and Oggi as in modulo.Opzioni.
	Precompilate modulo.Risposte
	Oggi         termini.Giorno
	// Provenienza explains a locked field. Defaults to "Dato già verificato: non si può modificare".
	// Provenienze, by path, wins over it.
	Provenienza string
	Provenienze map[string]string
	// Fuoco is the path that gets the focus where there are no errors: see Azione.Fuoco.
	Fuoco string
	// Azione and CSRFValore, where not empty, win over those of Config.
	Azione, CSRFValore string

	// Lingua is the language of the fragment, Traduzioni the translations of the
	// form; they default to those of Renderer.In, and those to Italian. Where a
	// language is chosen the form carries lang, and what is not in it its own.
	Lingua     lingua.Lingua
	Traduzioni *lingua.Traduzioni

	// Documenti are the addresses of the texts that a dichiarazione or a consenso
	// speaks of, by path: a link beside the control, never inside its label.
	Documenti map[string]string

	// DalRiepilogo says that the section was opened from the summary: Avanti
	// reads "Salva e torna al riepilogo", and there is no Indietro.
	DalRiepilogo bool

	// Riaperti, where not nil, are the only answers that may be changed: paths
	// ("nome", "figli", "figli[1].nome", "figli.nome" for every row), an Insieme of
	// fields (the id of a persona or of another block) or, where no field and no
	// Insieme has that id, sections. Everything else is shown read-only, and
	// StatoModulo.Leggi ignores whatever is posted for it. Rows are added and taken
	// away only in a gruppo that is reopened whole.
	Riaperti []string
	// Richiesta is what the office asked for, shown above the fields; Scadenza is
	// the last day for answering, if there is one.
	Richiesta string
	Scadenza  termini.Giorno
}

// opzioni are those of the draft that is shown.
func (s StatoModulo) opzioni() modulo.Opzioni {
	return modulo.Opzioni{
		Bozza: true, Oggi: s.Oggi, Allegati: s.Allegati, Appuntamenti: s.Appuntamenti, Bolli: s.Bolli, Precompilate: s.Precompilate,
	}
}

func (s StatoModulo) riferimenti(t modulo.Tipo) map[string]modulo.InfoRiferimento {
	switch t {
	case modulo.Appuntamento:
		return s.Appuntamenti
	case modulo.Bollo:
		return s.Bolli
	default:
		return nil
	}
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
	vs, err := r.vista(m, s, v, errori, stato)
	if err != nil {
		return err
	}
	return r.esegui(w, "sezione", vs)
}

// Titolo is the text for the <title> of the page that shows a section, where
// the host adds service and Comune: "Errore: Dati del richiedente (passo 2 di 4)".
func Titolo(m *modulo.Modulo, sezione string, errori modulo.Errori, passi []Passo) string {
	return (&Renderer{}).Titolo(m, sezione, errori, passi)
}

// Titolo is as the function Titolo, in the language of the Renderer.
func (r *Renderer) Titolo(m *modulo.Modulo, sezione string, errori modulo.Errori, passi []Passo) string {
	s, _ := m.Sezione(sezione)
	x := lingua.Per(r.lingua, m, r.traduzioni)
	titolo, _ := x.Sezione(s)
	t := titolo.Valore
	if i, n := posto(sezione, passi); i > 0 {
		t += " (" + r.fissa().Testo(lingua.Passo, strconv.Itoa(i), strconv.Itoa(n)) + ")"
	}
	if len(errori.DellaSezione(sezione)) > 0 {
		t = r.fissa().Testo(lingua.Errore) + t
	}
	return t
}
