// Package web holds what the pages of both sides of the example portal share:
// the frame in the markup of Bootstrap Italia, sessions with demo identities,
// protection of forms, errors for people. No page uses a script.
package web

import (
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/examples/portale/tema"
	"github.com/sportello-digitale/pratiche/pagamenti/interno"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

// Addresses that both sides know.
const (
	URLAccesso   = "/accesso"
	URLUscita    = "/uscita"
	URLServizi   = "/"
	URLArea      = "/area"      // home of citizens
	URLScrivania = "/scrivania" // home of operators
)

// Sections of the navigation bar, for Pagina.Sezione.
const (
	SezioneServizi   = "servizi"
	SezioneArea      = "area"
	SezioneScrivania = "scrivania"
)

// Config is what a portal is made of.
type Config struct {
	Sportello *sportello.Sportello // required
	Ente      sportello.Ente       // required
	Servizi   sportello.Servizi    // required
	Tema      *tema.Tema           // required
	Pagamenti *interno.Tramite     // demo payments; nil: none
	Agenda    appuntamenti.Agenda  // nil: none
	Rubrica   *Rubrica             // required: the demo operators
	Cittadini []Identita           // demo citizens, as the access page lists them

	Logger   *slog.Logger     // defaults to none
	Orologio func() time.Time // defaults to time.Now
	Sicuro   bool             // cookies only over HTTPS

	MassimoCorpo int64 // bytes of a request with files; defaults to 64 MiB
}

// Portale is the frame of the pages. Make it with Nuovo and add templates with
// Aggiungi before it serves; from then on it is safe for concurrent use.
type Portale struct {
	Config

	sessioni *sessioni
	modelli  *template.Template
	nomi     map[string]bool
	gettone  string // stands in rendered templates for the CSRF token of the request
	origini  *http.CrossOriginProtection
}

// massimoModulo bounds the body of a form without files, in bytes.
const massimoModulo = 2 << 20

// Nuovo checks the configuration and reads the templates of the frame.
func Nuovo(c Config) (*Portale, error) {
	if c.Sportello == nil || c.Servizi == nil || c.Tema == nil || c.Rubrica == nil || c.Ente.Codice == "" {
		return nil, errors.New("web: Sportello, Ente, Servizi, Tema e Rubrica sono obbligatori")
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Orologio == nil {
		c.Orologio = time.Now
	}
	if c.MassimoCorpo <= 0 {
		c.MassimoCorpo = 64 << 20
	}
	p := &Portale{Config: c, sessioni: nuoveSessioni(c.Orologio), nomi: map[string]bool{}, gettone: casuale(), origini: http.NewCrossOriginProtection()}
	p.modelli = template.New("").Funcs(p.funzioni())
	if err := p.Aggiungi(modelli); err != nil {
		return nil, err
	}
	return p, nil
}

// Mux is where pages are mounted: an http.ServeMux, or what also takes note of
// their addresses.
type Mux interface {
	Handle(pattern string, h http.Handler)
	HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request))
}

// Registra mounts what both sides share: the theme, access and exit, and the
// answer to addresses that nobody knows.
func (p *Portale) Registra(mux Mux) {
	mux.Handle("GET "+tema.Prefisso, p.Tema)
	mux.HandleFunc("GET "+URLAccesso, p.paginaAccesso)
	mux.HandleFunc("POST "+URLAccesso, p.accedi)
	mux.HandleFunc("POST "+URLUscita, p.esci)
	mux.HandleFunc("/", p.nonTrovata)
}
