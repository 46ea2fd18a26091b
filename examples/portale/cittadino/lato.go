// Package cittadino is the side of the example portal for citizens: the
// catalogue, the form section by section, sending, paying, and the personal
// area with all that can be done on a pratica afterwards. It calls the library
// and prints; what is allowed, the library says.
package cittadino

import (
	"embed"
	"net/http"

	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
)

//go:embed modelli/*.html
var modelli embed.FS

// lato holds what the pages need beside the frame. Safe for concurrent use.
type lato struct {
	*web.Portale
	schede    map[string]servizi.Scheda
	calendari map[string]string // titles
	luoghi    map[string]string
	renderer  *html.Renderer
	diPagina  *html.Renderer // a summary right under the title of the page
	diParte   *html.Renderer // a summary under the title of a part of it
}

// Monta adds the templates of this side to the frame and its pages to mux. Call
// it once, before the portal serves.
func Monta(mux web.Mux, p *web.Portale) error {
	if err := p.Aggiungi(modelli); err != nil {
		return err
	}
	l := &lato{Portale: p, schede: servizi.Schede(), calendari: map[string]string{}, luoghi: map[string]string{}}
	for _, c := range servizi.Calendari() {
		l.calendari[c.ID], l.luoghi[c.ID] = c.Titolo, c.Luogo
	}
	var err error
	if l.renderer, err = html.New(html.Config{CSRFCampo: web.NomeGettone, CSRFValore: p.Gettone(), LivelloTitolo: 1}); err != nil {
		return err
	}
	if l.diPagina, err = html.New(html.Config{LivelloTitolo: 2}); err != nil {
		return err
	}
	if l.diParte, err = html.New(html.Config{LivelloTitolo: 3}); err != nil {
		return err
	}
	mux.HandleFunc("GET /{$}", l.catalogo)
	mux.HandleFunc("GET /servizi/{servizio}", l.servizio)
	for percorso, h := range map[string]func(http.ResponseWriter, *http.Request, pratica.Attore){
		"POST /servizi/{servizio}/richieste": l.apri,
		"GET /area":                          l.area,

		"GET /area/pratiche/{id}":                      l.dettaglio,
		"GET /area/pratiche/{id}/file/{file}":          l.scarica,
		"GET /area/pratiche/{id}/compila":              l.tradotta(l.riprendi),
		"GET /area/pratiche/{id}/compila/{sezione}":    l.tradotta(l.sezione),
		"POST /area/pratiche/{id}/compila/{sezione}":   l.salvaSezione,
		"GET /area/pratiche/{id}/appuntamento":         l.appuntamento,
		"POST /area/pratiche/{id}/appuntamento":        l.prenota,
		"POST /area/pratiche/{id}/disdici":             l.disdici,
		"GET /area/pratiche/{id}/bollo":                l.bollo,
		"POST /area/pratiche/{id}/bollo":               l.inserisciBollo,
		"GET /area/pratiche/{id}/riepilogo":            l.tradotta(l.riepilogo),
		"POST /area/pratiche/{id}/riepilogo":           l.invia,
		"GET /area/pratiche/{id}/elimina":              l.confermaElimina,
		"POST /area/pratiche/{id}/elimina":             l.elimina,
		"POST /area/pratiche/{id}/modifica":            l.tornaInBozza,
		"POST /area/pratiche/{id}/riprova/{pagamento}": l.riprovaPagamento,

		"POST /area/pratiche/{id}/messaggi":                    l.scrivi,
		"POST /area/pratiche/{id}/rimuovi/{file}":              l.rimuovi,
		"GET /area/pratiche/{id}/integrazione":                 l.integrazione,
		"GET /area/pratiche/{id}/integrazione/dati":            l.datiIntegrazione,
		"GET /area/pratiche/{id}/integrazione/dati/{sezione}":  l.tradotta(l.sezioneIntegrazione),
		"POST /area/pratiche/{id}/integrazione/dati/{sezione}": l.salvaDatiIntegrazione,
		"POST /area/pratiche/{id}/integrazione":                l.inviaIntegrazione,
		"GET /area/pratiche/{id}/osservazioni":                 l.osservazioni,
		"POST /area/pratiche/{id}/osservazioni":                l.presentaOsservazioni,
		"GET /area/pratiche/{id}/ritira":                       l.confermaRitiro,
		"POST /area/pratiche/{id}/ritira":                      l.ritira,

		"GET " + servizi.URLPaga + "/{pagamento}":  l.paga,
		"POST " + servizi.URLPaga + "/{pagamento}": l.esitoPagamento,
	} {
		mux.Handle(percorso, p.Cittadino(h))
	}
	return nil
}

func idPratica(r *http.Request) pratica.ID { return pratica.ID(r.PathValue("id")) }

// urlPratica gives the address of a pratica, or of a page of it.
func urlPratica(id pratica.ID, pagina ...string) string {
	u := web.URLArea + "/pratiche/" + string(id)
	for _, x := range pagina {
		u += "/" + x
	}
	return u
}

func briciole(id pratica.ID, nome, qui string) []web.Briciola {
	b := []web.Briciola{{Testo: "Home", URL: web.URLServizi}, {Testo: "Area personale", URL: web.URLArea}}
	if qui == "" {
		return append(b, web.Briciola{Testo: nome})
	}
	return append(b, web.Briciola{Testo: nome, URL: urlPratica(id)}, web.Briciola{Testo: qui})
}
