package web

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
)

// Names of the hidden fields of every form.
const (
	campoCSRF   = "_csrf"
	campoChiave = "_chiave"
)

// memoriaModulo is how much of a form with files stays in memory, in bytes; the
// rest goes to temporary files, removed at the end of the request.
const memoriaModulo = 1 << 20

// Gestore puts around the pages what protects them all: headers, bounds of the
// body, the CSRF check of every POST, and a polite page instead of a stack. It
// logs method, pattern and outcome of each request.
func (p *Portale) Gestore(pagine http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inizio := p.Orologio()
		p.intesta(w.Header())
		s := &spia{ResponseWriter: w, stato: http.StatusOK}
		defer func() {
			if v := recover(); v != nil {
				p.Logger.ErrorContext(r.Context(), "pagina interrotta", "percorso", r.Pattern, "tipo", fmt.Sprintf("%T", v))
				if !s.scritto {
					p.errore(s, r, http.StatusInternalServerError, messaggioInterno)
				}
			}
			if r.MultipartForm != nil {
				_ = r.MultipartForm.RemoveAll()
			}
			p.Logger.InfoContext(r.Context(), "richiesta", "metodo", r.Method, "percorso", r.Pattern, "stato", s.stato, "durata", p.Orologio().Sub(inizio).Round(time.Millisecond))
		}()
		if p.ammetti(s, r) {
			pagine.ServeHTTP(s, r)
		}
	})
}

func (p *Portale) intesta(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; font-src 'self'; img-src "+p.Tema.Immagini()+"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "no-store")
	if p.Sicuro {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// ammetti reads the body of a POST within its bounds and compares the token.
func (p *Portale) ammetti(w http.ResponseWriter, r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return true
	case http.MethodPost:
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		p.errore(w, r, http.StatusMethodNotAllowed, "L'operazione richiesta non esiste.")
		return false
	}
	if err := p.origini.Check(r); err != nil {
		p.errore(w, r, http.StatusForbidden, messaggioCSRF)
		return false
	}
	tipo, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	if tipo == "multipart/form-data" {
		r.Body = http.MaxBytesReader(w, r.Body, p.MassimoCorpo)
		err = r.ParseMultipartForm(memoriaModulo)
	} else {
		r.Body = http.MaxBytesReader(w, r.Body, massimoModulo)
		err = r.ParseForm()
	}
	var grande *http.MaxBytesError
	switch {
	case errors.As(err, &grande):
		p.errore(w, r, http.StatusRequestEntityTooLarge, "Quanto hai inviato è troppo grande: carica file più piccoli o meno file alla volta. Torna indietro e riprova.")
		return false
	case err != nil:
		p.errore(w, r, http.StatusBadRequest, "La richiesta non è leggibile: torna indietro e riprova.")
		return false
	}
	s, ok := p.sessioni.di(r)
	if !ok || subtle.ConstantTimeCompare([]byte(r.PostFormValue(campoCSRF)), []byte(s.csrf)) != 1 {
		p.errore(w, r, http.StatusForbidden, messaggioCSRF)
		return false
	}
	return true
}

// Chiave gives the idempotency key that the form brought, "" where it has none
// that the portal could have written.
func Chiave(r *http.Request) string {
	k := r.PostFormValue(campoChiave)
	if len(k) != len(casuale()) {
		return ""
	}
	return k
}

// Cittadino is a page for citizens; whoever is not one goes to the access page.
func (p *Portale) Cittadino(h func(http.ResponseWriter, *http.Request, pratica.Attore)) http.Handler {
	return p.riservata(pratica.Cittadino, h)
}

// Operatore is a page for operators; whoever is not one goes to the access page.
func (p *Portale) Operatore(h func(http.ResponseWriter, *http.Request, pratica.Attore)) http.Handler {
	return p.riservata(pratica.Operatore, h)
}

func (p *Portale) riservata(ruolo pratica.Ruolo, h func(http.ResponseWriter, *http.Request, pratica.Attore)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, ok := p.sessioni.di(r)
		if !ok || s.identita == nil || s.identita.Attore.Ruolo != ruolo {
			poi := ""
			if r.Method == http.MethodGet {
				poi = r.URL.RequestURI()
			}
			http.Redirect(w, r, indirizzoAccesso(poi), http.StatusSeeOther)
			return
		}
		h(w, r, s.identita.Attore)
	})
}

// Attore gives who is using the browser; false where nobody was chosen. For
// pages that are open to all.
func (p *Portale) Attore(r *http.Request) (pratica.Attore, bool) {
	s, ok := p.sessioni.di(r)
	if !ok || s.identita == nil {
		return pratica.Attore{}, false
	}
	return s.identita.Attore, true
}

// spia remembers what was answered.
type spia struct {
	http.ResponseWriter
	stato   int
	scritto bool
}

func (s *spia) WriteHeader(stato int) {
	if !s.scritto {
		s.stato, s.scritto = stato, true
	}
	s.ResponseWriter.WriteHeader(stato)
}

func (s *spia) Write(b []byte) (int, error) {
	s.scritto = true
	return s.ResponseWriter.Write(b)
}

// Unwrap serves http.ResponseController.
func (s *spia) Unwrap() http.ResponseWriter { return s.ResponseWriter }
