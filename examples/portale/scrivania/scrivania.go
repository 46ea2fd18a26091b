// Package scrivania is the operators' side of the example portal (scrivania,
// the desk): the list of the requests, the page of one of them, and a page for
// each act. Every rule is in package sportello; here is only what is shown and
// what is read from forms. No page uses a script.
package scrivania

import (
	"embed"
	"fmt"
	"net/http"
	"strings"

	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
)

//go:embed pagine/*.html
var pagine embed.FS

type scrivania struct {
	p         *web.Portale
	riepilogo *html.Renderer
	sigillo   *sigillo
	calendari map[string]string // titles, by id
}

// Monta adds the templates of the desk to the portal and its pages to mux. Call
// it once, before the portal serves.
func Monta(mux web.Mux, p *web.Portale) error {
	if err := p.Aggiungi(pagine); err != nil {
		return err
	}
	r, err := html.New(html.Config{Prefisso: "modulo", LivelloTitolo: 3})
	if err != nil {
		return fmt.Errorf("scrivania: %w", err)
	}
	sg, err := nuovoSigillo()
	if err != nil {
		return fmt.Errorf("scrivania: %w", err)
	}
	s := &scrivania{p: p, riepilogo: r, sigillo: sg, calendari: map[string]string{}}
	for _, c := range servizi.Calendari() {
		s.calendari[c.ID] = c.Titolo
	}
	for indirizzo, h := range map[string]func(http.ResponseWriter, *http.Request, pratica.Attore){
		"GET /scrivania":                                           s.elenco,
		"POST /scrivania":                                          s.filtra,
		"GET /scrivania/esporta.csv":                               s.esporta,
		"GET /scrivania/pratica/{id}":                              s.pratica,
		"GET /scrivania/pratica/{id}/azione/{azione}":              s.azione,
		"POST /scrivania/pratica/{id}/azione/{azione}":             s.compi,
		"GET /scrivania/pratica/{id}/file/{file}":                  s.scarica,
		"POST /scrivania/pratica/{id}/allegato/{allegato}/rimuovi": s.rimuovi,
		"GET /scrivania/pratica/{id}/sospeso/{effetto}":            s.sospeso,
		"POST /scrivania/pratica/{id}/sospeso/{effetto}":           s.risolvi,
	} {
		mux.Handle(indirizzo, p.Operatore(h))
	}
	return nil
}

// idDi reads the id of the pratica from the address. A wrong one is an unknown one.
func idDi(r *http.Request) (pratica.ID, error) { return pratica.LeggiID(r.PathValue("id")) }

func indirizzo(id pratica.ID, parti ...string) string {
	return strings.Join(append([]string{web.URLScrivania + "/pratica", string(id)}, parti...), "/")
}

// briciole is the path from home, over the list, to a page of a pratica.
func briciole(passi ...web.Briciola) []web.Briciola {
	return append([]web.Briciola{{Testo: "Home", URL: web.URLServizi}, {Testo: "Scrivania", URL: web.URLScrivania}}, passi...)
}

// nome gives the name of a colleague; his id where nobody knows it.
func (s *scrivania) nome(r *http.Request, operatore string) string {
	if n, ok := s.p.Rubrica.Nome(r.Context(), s.p.Ente.Codice, operatore); ok {
		return n
	}
	return operatore
}

// calendario gives the title of a calendar; its id where it has none.
func (s *scrivania) calendario(id string) string {
	if t := s.calendari[id]; t != "" {
		return t
	}
	return id
}

// rifiuto is a refusal as a page tells it.
type rifiuto struct {
	Titolo string
	Motivi []string
}

// spiega turns the unmet conditions of an error into sentences, with the name of
// the colleague who was quicker.
func (s *scrivania) spiega(r *http.Request, e *pratica.Errore) *rifiuto {
	f := &rifiuto{Titolo: (&pratica.Errore{Codice: e.Codice}).Messaggio()}
	for _, m := range e.Motivi {
		f.Motivi = append(f.Motivi, s.motivo(r, m))
	}
	return f
}

func (s *scrivania) motivo(r *http.Request, m pratica.Motivo) string {
	if m.Operatore == "" {
		return m.Messaggio
	}
	return m.Messaggio + " È in carico a " + s.nome(r, m.Operatore) + "."
}
