package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
)

//go:embed modelli/*.html
var modelli embed.FS

// Pagina is what a page shows inside the frame.
type Pagina struct {
	Titolo   string     // of the tab and, unless the template writes its own h1, of the page
	Sezione  string     // item of the navigation bar that is lit: SezioneServizi, …
	Briciole []Briciola // path from the home page to this one; the last has no URL
	Dati     any        // what the template gets as its dot
}

// Briciola is one step of the path.
type Briciola struct{ Testo, URL string }

// cornice is what the template of the frame prints.
type cornice struct {
	Pagina
	Contenuto  template.HTML
	Fogli      []string
	Ente       string
	Luogo      string
	Navigatore []voceNavigazione
	Nome       string // of the person; empty where nobody was chosen
	Ruolo      string // what he acts as
	Lampo      string
	Accesso    string // where to choose an identity
}

type voceNavigazione struct {
	Testo, URL string
	Attiva     bool
}

// Aggiungi adds the templates (*.html, in any folder) of one side. Each is a
// {{define "lato/nome"}}; a name that is taken already is an error. Not to be
// called once the portal serves.
func (p *Portale) Aggiungi(fsys fs.FS) error {
	return fs.WalkDir(fsys, ".", func(nome string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(nome) != ".html" {
			return err
		}
		b, err := fs.ReadFile(fsys, nome)
		if err != nil {
			return fmt.Errorf("web: modello %s: %w", nome, err)
		}
		nuovi, err := template.New("").Funcs(p.funzioni()).Parse(string(b))
		if err != nil {
			return fmt.Errorf("web: modello %s: %w", nome, err)
		}
		for _, t := range nuovi.Templates() {
			if t.Name() == "" {
				continue
			}
			if p.nomi[t.Name()] {
				return fmt.Errorf("web: modello %s: il nome %q è già usato", nome, t.Name())
			}
			p.nomi[t.Name()] = true
			if _, err := p.modelli.AddParseTree(t.Name(), t.Tree); err != nil {
				return fmt.Errorf("web: modello %s: %w", nome, err)
			}
		}
		return nil
	})
}

// Mostra writes a page: the template nome, executed on pg.Dati, inside the
// frame with identity, navigation and the message of Vai. Nothing is written if
// a template fails half-way; then the answer is an error page.
func (p *Portale) Mostra(w http.ResponseWriter, r *http.Request, stato int, nome string, pg Pagina) {
	var contenuto, b bytes.Buffer
	err := p.modelli.ExecuteTemplate(&contenuto, nome, pg.Dati)
	s, aperta := p.sessioni.di(r)
	if err == nil {
		c := p.cornice(r, s, pg)
		c.Contenuto = template.HTML(contenuto.String()) //nolint:gosec // made by html/template
		if aperta {
			c.Lampo = p.sessioni.prendiLampo(s.id)
		}
		err = p.modelli.ExecuteTemplate(&b, "web/cornice", c)
	}
	if err != nil {
		p.Logger.ErrorContext(r.Context(), "pagina non composta", "modello", nome, "errore", err)
		http.Error(w, messaggioInterno, http.StatusInternalServerError)
		return
	}
	corpo := b.Bytes()
	if gettone := []byte(p.gettone); bytes.Contains(corpo, gettone) {
		if !aperta {
			s = p.sessioneOApri(w, r)
		}
		corpo = bytes.ReplaceAll(corpo, gettone, []byte(s.csrf))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(stato)
	if _, err := w.Write(corpo); err != nil {
		p.Logger.DebugContext(r.Context(), "pagina non consegnata", "errore", err)
	}
}

func (p *Portale) cornice(r *http.Request, s sessione, pg Pagina) cornice {
	c := cornice{Pagina: pg, Fogli: p.Tema.Fogli(), Ente: p.Ente.Nome, Luogo: p.Ente.Luogo}
	voci := []voceNavigazione{{"Servizi", URLServizi, pg.Sezione == SezioneServizi}}
	ruolo := pratica.Ruolo("")
	if s.identita != nil {
		c.Nome, ruolo = s.identita.Nome, s.identita.Attore.Ruolo
	}
	switch ruolo {
	case pratica.Operatore:
		c.Ruolo = "Operatore"
		voci = append(voci, voceNavigazione{"Scrivania", URLScrivania, pg.Sezione == SezioneScrivania})
	case pratica.Cittadino:
		c.Ruolo = "Cittadino"
		voci = append(voci, voceNavigazione{"Area personale", URLArea, pg.Sezione == SezioneArea})
	default:
		c.Accesso = indirizzoAccesso("")
		if r.Method == http.MethodGet && r.URL.Path != URLAccesso {
			c.Accesso = indirizzoAccesso(r.URL.RequestURI())
		}
	}
	c.Navigatore = voci
	return c
}

// Vai sends the browser to an address of the portal, where it reads the message.
func (p *Portale) Vai(w http.ResponseWriter, r *http.Request, url, messaggio string) {
	if messaggio != "" {
		p.sessioni.scriviLampo(p.sessioneOApri(w, r).id, messaggio)
	}
	http.Redirect(w, r, locale(url), http.StatusSeeOther)
}

// locale keeps an address inside the portal.
func locale(url string) string {
	if !strings.HasPrefix(url, "/") || strings.HasPrefix(url, "//") || strings.ContainsAny(url, "\\\r\n\t") {
		return URLServizi
	}
	return url
}
