package scrivania

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage"
)

// sospeso is something that could not be done by itself, in words.
type sospeso struct {
	sportello.VoceEffetto
	Oggetto  string // the document it is about
	Causa    string
	URL      string
	Fermo    bool // nothing more happens until an operator acts
	Ignoto   bool // nobody knows whether it happened
	Adotta   bool // the number of a registration can be given by hand
	Riprende time.Time
}

func sospesi(v *sportello.Vista) []sospeso {
	q := make([]sospeso, 0, len(v.InSospeso))
	for _, e := range v.InSospeso {
		x := sospeso{VoceEffetto: e, URL: indirizzo(v.ID, "sospeso", e.ID), Causa: causa(e.Errore)}
		x.Ignoto = e.Stato == storage.EsitoIgnoto
		x.Fermo = x.Ignoto || e.Stato == storage.Fallito
		x.Adotta = x.Fermo && e.Genere == pratica.EffettoProtocollo
		if !x.Fermo {
			x.Riprende = e.Prossimo
		}
		for _, d := range v.Documenti {
			if d.ID == e.Riferimento {
				x.Oggetto = d.Titolo
			}
		}
		q = append(q, x)
	}
	return q
}

// causa says for people what the class of a failure means. The code beside it
// is for whoever looks after the systems.
func causa(errore string) string {
	for _, c := range []struct {
		classe guasto.Classe
		testo  string
	}{
		{guasto.EsitoIgnoto, "Il sistema collegato non ha risposto: non si sa se l'operazione sia avvenuta."},
		{guasto.Transitorio, "Il sistema collegato non è raggiungibile."},
		{guasto.Sessione, "Il sistema collegato ha rifiutato l'accesso."},
		{guasto.Permanente, "Il sistema collegato ha rifiutato l'operazione."},
		{guasto.Configurazione, "La configurazione del servizio o dell'ente va corretta."},
		{guasto.Parziale, "L'operazione è avvenuta solo in parte."},
		{guasto.NonSupportata, "Il sistema collegato non prevede questa operazione."},
	} {
		if strings.Contains(errore, string(c.classe)) {
			return c.testo
		}
	}
	if strings.Contains(errore, "tempo scaduto") {
		return "Il sistema collegato non ha risposto in tempo."
	}
	return "L'operazione non è riuscita."
}

type vistaSospeso struct {
	V      *sportello.Vista
	Base   string
	S      sospeso
	Numero campo
	Data   campo
	Errori []string
}

// Sbagliati are the fields with errors, for the summary at the top.
func (v vistaSospeso) Sbagliati() []campo { return sbagliati([]campo{v.Numero, v.Data}) }

// Quanti counts the errors.
func (v vistaSospeso) Quanti() int { return len(v.Errori) + len(v.Sbagliati()) }

// trovaSospeso loads the pratica and the effect of the address.
func (s *scrivania) trovaSospeso(r *http.Request, a pratica.Attore) (vistaSospeso, error) {
	id, err := idDi(r)
	if err != nil {
		return vistaSospeso{}, err
	}
	v, err := s.p.Sportello.Apri(r.Context(), a, id)
	if err != nil {
		return vistaSospeso{}, err
	}
	d := vistaSospeso{V: v, Base: indirizzo(id),
		Numero: campo{Nome: "numero", Etichetta: "Numero di protocollo", Tipo: unaRiga, Obbligatorio: true},
		Data:   campo{Nome: "data", Etichetta: "Data di protocollo", Tipo: unaRiga, Obbligatorio: true, Aiuto: "Per esempio 31/03/2026."}}
	q := sospesi(v)
	i := slices.IndexFunc(q, func(x sospeso) bool { return x.ID == r.PathValue("effetto") })
	if i < 0 {
		return d, pratica.ErrNonTrovato
	}
	d.S = q[i]
	return d, nil
}

func (s *scrivania) sospeso(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	v, err := s.trovaSospeso(r, a)
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	s.mostraSospeso(w, r, http.StatusOK, v)
}

func (s *scrivania) mostraSospeso(w http.ResponseWriter, r *http.Request, stato int, v vistaSospeso) {
	titolo := v.S.Titolo + " – Pratica " + v.V.Generali.Numero.String()
	if v.Quanti() > 0 {
		titolo = "Errore: " + titolo
	}
	s.p.Mostra(w, r, stato, "scrivania/sospeso", web.Pagina{Titolo: titolo, Sezione: web.SezioneScrivania, Dati: v,
		Briciole: briciole(web.Briciola{Testo: "Pratica " + v.V.Generali.Numero.String(), URL: v.Base}, web.Briciola{Testo: v.S.Titolo})})
}

// risolvi puts an effect back to work, or records the number found in the registry.
func (s *scrivania) risolvi(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	v, err := s.trovaSospeso(r, a)
	if errors.Is(err, pratica.ErrNonTrovato) && v.V != nil { // done already: by itself, or by the first press of the button
		s.p.Vai(w, r, v.Base, "L'operazione è già stata ripresa.")
		return
	}
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	fatto := "L'operazione è stata rimessa in lavorazione: l'esito compare fra poco."
	if r.PostForm.Get("modo") == "adotta" {
		fatto = "Il numero di protocollo è stato registrato."
		err = s.adotta(r, a, &v)
	} else {
		err = s.p.Sportello.Riprova(r.Context(), a, v.V.ID, v.S.ID, r.PostForm.Get("verificato") == "1")
	}
	var e *pratica.Errore
	switch {
	case err == nil:
		s.p.Vai(w, r, v.Base, fatto)
	case errors.Is(err, pratica.ErrConflitto):
		s.p.Vai(w, r, v.Base, "L'operazione è già stata ripresa.")
	case errors.As(err, &e) && (e.Codice == pratica.CodiceNonValido || e.Codice == pratica.CodiceNonAmmesso):
		campi := []campo{v.Numero, v.Data}
		v.Errori = segnala(campi, e.Campi)
		v.Numero, v.Data = campi[0], campi[1]
		for _, m := range e.Motivi {
			v.Errori = append(v.Errori, s.motivo(r, m))
		}
		s.mostraSospeso(w, r, http.StatusUnprocessableEntity, v)
	default:
		s.p.Errore(w, r, err)
	}
}

func (s *scrivania) adotta(r *http.Request, a pratica.Attore, v *vistaSospeso) error {
	v.Numero.Valore, v.Data.Valore = strings.TrimSpace(r.PostForm.Get("numero")), strings.TrimSpace(r.PostForm.Get("data"))
	var es protocollo.Estremi
	es.Numero = v.Numero.Valore
	if g, ok := giorno(v.Data.Valore); ok && !g.IsZero() {
		es.Data, es.Anno = g.Inizio(), g.Anno
	}
	return s.p.Sportello.AdottaProtocollo(r.Context(), a, v.V.ID, v.S.ID, es)
}
