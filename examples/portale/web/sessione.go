package web

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"sync"
	"time"
)

const (
	nomeCookie        = "portale_sessione"
	nomeCookieAnonimo = "portale_anonimo"
	durataSessione    = 2 * time.Hour
	durataAnonimo     = 90 * 24 * time.Hour
	massimeSessioni   = 10_000
	massimiRicordi    = 8 // of one session
)

// sessione is what the portal remembers of a browser. Values are copied in and
// out under the lock of sessioni.
type sessione struct {
	id       string
	csrf     string
	identita *Identita // nil: nobody chosen yet
	lampo    string    // message for the next page
	ricordi  map[string]any
	scade    time.Time
}

// sessioni keeps the sessions in memory: they end with the process.
type sessioni struct {
	mu       sync.Mutex
	aperte   map[string]*sessione
	orologio func() time.Time
}

func nuoveSessioni(orologio func() time.Time) *sessioni {
	return &sessioni{aperte: map[string]*sessione{}, orologio: orologio}
}

// casuale gives 256 random bits in hexadecimal.
func casuale() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b)
}

// di gives a copy of the session of the request; false where there is none.
func (s *sessioni) di(r *http.Request) (sessione, bool) {
	c, err := r.Cookie(nomeCookie)
	if err != nil {
		return sessione{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.aperte[c.Value]
	if !ok {
		return sessione{}, false
	}
	ora := s.orologio()
	if !ora.Before(x.scade) {
		delete(s.aperte, c.Value)
		return sessione{}, false
	}
	x.scade = ora.Add(durataSessione)
	return *x, true
}

// apri makes a session; where there are too many, those that ended go first,
// then the one that ends soonest.
func (s *sessioni) apri(identita *Identita) sessione {
	s.mu.Lock()
	defer s.mu.Unlock()
	ora := s.orologio()
	if len(s.aperte) >= massimeSessioni {
		prossima := ""
		for id, x := range s.aperte {
			if !ora.Before(x.scade) {
				delete(s.aperte, id)
			} else if prossima == "" || x.scade.Before(s.aperte[prossima].scade) {
				prossima = id
			}
		}
		if len(s.aperte) >= massimeSessioni {
			delete(s.aperte, prossima)
		}
	}
	x := &sessione{id: casuale(), csrf: casuale(), identita: identita, scade: ora.Add(durataSessione)}
	s.aperte[x.id] = x
	return *x
}

func (s *sessioni) chiudi(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.aperte, id)
}

func (s *sessioni) scriviLampo(id, testo string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.aperte[id]; ok {
		x.lampo = testo
	}
}

func (s *sessioni) prendiLampo(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.aperte[id]
	if !ok {
		return ""
	}
	t := x.lampo
	x.lampo = ""
	return t
}

func (p *Portale) cookie(w http.ResponseWriter, nome, valore string, durata time.Duration) {
	c := &http.Cookie{Name: nome, Value: valore, Path: "/", HttpOnly: true, Secure: p.Sicuro, SameSite: http.SameSiteLaxMode}
	if durata != 0 {
		c.MaxAge = int(durata / time.Second)
	}
	http.SetCookie(w, c)
}

// sessioneOApri gives the session of the request, or a new one with its cookie.
func (p *Portale) sessioneOApri(w http.ResponseWriter, r *http.Request) sessione {
	if s, ok := p.sessioni.di(r); ok {
		return s
	}
	s := p.sessioni.apri(nil)
	p.cookie(w, nomeCookie, s.id, 0)
	return s
}

// Ricorda keeps a value for the session of the browser: what was typed on one
// page and is sent from another. It is lost with the process, and where a
// session remembers too much the rest of it is forgotten. The value must not be
// changed afterwards.
func (p *Portale) Ricorda(w http.ResponseWriter, r *http.Request, nome string, valore any) {
	id := p.sessioneOApri(w, r).id
	p.sessioni.mu.Lock()
	defer p.sessioni.mu.Unlock()
	x, ok := p.sessioni.aperte[id]
	if !ok {
		return
	}
	if _, gia := x.ricordi[nome]; x.ricordi == nil || !gia && len(x.ricordi) >= massimiRicordi {
		x.ricordi = map[string]any{}
	}
	x.ricordi[nome] = valore
}

// Ricordato gives what Ricorda kept; false where there is nothing.
func (p *Portale) Ricordato(r *http.Request, nome string) (any, bool) {
	s, ok := p.sessioni.di(r)
	if !ok {
		return nil, false
	}
	p.sessioni.mu.Lock()
	defer p.sessioni.mu.Unlock()
	x, ok := p.sessioni.aperte[s.id]
	if !ok {
		return nil, false
	}
	v, ok := x.ricordi[nome]
	return v, ok
}
