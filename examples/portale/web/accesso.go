package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// Identita is somebody as whom the demo portal can be used. In a real portal
// SPID and CIE give it.
type Identita struct {
	Codice      string // names it in the form of the access page
	Nome        string
	Descrizione string // "SPID, livello 2", "Ufficio Scuola"
	Attore      pratica.Attore
}

// codiceAnonimo is the choice to go on without identification.
const codiceAnonimo = "anonimo"

type vistaAccesso struct {
	Poi       string
	Cittadini []Identita
	Operatori []Identita
	Errore    string
}

func indirizzoAccesso(poi string) string {
	if poi == "" {
		return URLAccesso
	}
	return URLAccesso + "?" + url.Values{"poi": {poi}}.Encode()
}

func (p *Portale) paginaAccesso(w http.ResponseWriter, r *http.Request) {
	p.mostraAccesso(w, r, http.StatusOK, vistaAccesso{Poi: r.URL.Query().Get("poi")})
}

func (p *Portale) mostraAccesso(w http.ResponseWriter, r *http.Request, stato int, v vistaAccesso) {
	v.Cittadini, v.Operatori = p.Cittadini, p.Rubrica.Identita()
	titolo := "Accedi"
	if v.Errore != "" {
		titolo = "Errore: " + titolo
	}
	p.Mostra(w, r, stato, "web/accesso", Pagina{Titolo: titolo, Briciole: []Briciola{{"Home", URLServizi}, {"Accedi", ""}}, Dati: v})
}

// accedi opens a new session for the identity chosen: the old one ends, so that
// nobody can have fixed its id beforehand.
func (p *Portale) accedi(w http.ResponseWriter, r *http.Request) {
	poi := r.PostFormValue("poi")
	id, ok := p.identita(w, r, r.PostFormValue("identita"))
	if !ok {
		p.mostraAccesso(w, r, http.StatusUnprocessableEntity, vistaAccesso{Poi: poi, Errore: "Scegli con quale identità accedere."})
		return
	}
	if s, aperta := p.sessioni.di(r); aperta {
		p.sessioni.chiudi(s.id)
	}
	s := p.sessioni.apri(&id)
	p.cookie(w, nomeCookie, s.id, 0)
	casa := URLArea
	if id.Attore.Ruolo == pratica.Operatore {
		casa = URLScrivania
	}
	poi = locale(poi)
	// Who changes role goes to his own home, not to the page of the other.
	if poi == URLServizi || strings.HasPrefix(poi, URLScrivania) != (id.Attore.Ruolo == pratica.Operatore) {
		poi = casa
	}
	http.Redirect(w, r, poi, http.StatusSeeOther)
}

func (p *Portale) identita(w http.ResponseWriter, r *http.Request, codice string) (Identita, bool) {
	if codice == codiceAnonimo {
		return Identita{Codice: codice, Nome: "Utente non identificato", Attore: pratica.Attore{
			Ruolo: pratica.Cittadino, ID: codiceAnonimo, Ente: p.Ente.Codice, Livello: servizio.Anonimo, Anonimo: p.segreto(w, r),
		}}, true
	}
	for _, x := range p.Cittadini {
		if x.Codice == codice {
			return x, true
		}
	}
	for _, x := range p.Rubrica.Identita() {
		if x.Codice == codice {
			return x, true
		}
	}
	return Identita{}, false
}

// segreto is the capability with which an anonymous applicant finds his
// requests again: it stays in his browser.
func (p *Portale) segreto(w http.ResponseWriter, r *http.Request) string {
	if c, err := r.Cookie(nomeCookieAnonimo); err == nil && len(c.Value) == len(casuale()) {
		return c.Value
	}
	v := casuale()
	p.cookie(w, nomeCookieAnonimo, v, durataAnonimo)
	return v
}

func (p *Portale) esci(w http.ResponseWriter, r *http.Request) {
	if s, ok := p.sessioni.di(r); ok {
		p.sessioni.chiudi(s.id)
	}
	p.cookie(w, nomeCookie, "", -1)
	http.Redirect(w, r, URLServizi, http.StatusSeeOther)
}
