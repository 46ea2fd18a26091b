package scrivania

import (
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

// massimiFile bounds the uploads of one form.
const massimiFile = 20

type vistaAzione struct {
	V       *sportello.Vista
	Base    string
	Azione  pratica.Azione
	Invia   string // address of the form
	Spiega  string
	Stile   string
	Campi   []campo
	Link    []collegamento
	Errori  []string // that belong to no field
	Rifiuto *rifiuto // the act is not possible now
}

// ConFile reports whether the form uploads files.
func (v vistaAzione) ConFile() bool {
	return slices.ContainsFunc(v.Campi, func(c campo) bool { return c.Tipo == carica })
}

// Obbligatori reports whether a field of the page has the asterisk.
func (v vistaAzione) Obbligatori() bool {
	return slices.ContainsFunc(v.Campi, func(c campo) bool { return c.Obbligatorio })
}

// Sbagliati are the fields with errors, for the summary at the top.
func (v vistaAzione) Sbagliati() []campo { return sbagliati(v.Campi) }

func sbagliati(campi []campo) []campo {
	return slices.DeleteFunc(slices.Clone(campi), func(c campo) bool { return len(c.Errori) == 0 })
}

// Quanti counts the errors.
func (v vistaAzione) Quanti() int { return len(v.Errori) + len(v.Sbagliati()) }

// caso loads the pratica for an act; ErrNonTrovato for an act that the desk has not.
func (s *scrivania) caso(r *http.Request, a pratica.Attore) (*caso, atto, pratica.Azione, error) {
	az := pratica.Azione(r.PathValue("azione"))
	at, ok := atti[az]
	id, err := idDi(r)
	if err != nil || !ok {
		return nil, at, az, pratica.ErrNonTrovato
	}
	x := &caso{s: s, r: r, a: a}
	if x.vista, err = s.p.Sportello.Apri(r.Context(), a, id); err != nil {
		return nil, at, az, err
	}
	x.p, x.sv, err = s.p.Sportello.Leggi(r.Context(), a, id)
	return x, at, az, err
}

// azione shows the page of an act.
func (s *scrivania) azione(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	x, at, az, err := s.caso(r, a)
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	v := s.vistaAzione(x, at, az)
	i := slices.IndexFunc(x.vista.Azioni, func(sp pratica.Spiegazione) bool { return sp.Azione == az })
	switch {
	case i < 0:
		v.Rifiuto = s.spiega(r, &pratica.Errore{Codice: pratica.CodiceNonAmmesso})
	case !x.vista.Azioni[i].Ammessa:
		v.Rifiuto = s.spiega(r, &pratica.Errore{Codice: pratica.CodiceNonAmmesso, Motivi: x.vista.Azioni[i].Motivi})
	}
	stato := http.StatusOK
	if v.Rifiuto != nil {
		stato = http.StatusConflict
	}
	s.mostraAzione(w, r, stato, v)
}

func (s *scrivania) vistaAzione(x *caso, at atto, az pratica.Azione) vistaAzione {
	v := vistaAzione{V: x.vista, Base: indirizzo(x.p.ID), Azione: az, Spiega: at.spiega, Stile: primario}
	if at.stile == pericoloso {
		v.Stile = "btn-danger"
	}
	if at.campi != nil {
		v.Campi = at.campi(x)
	}
	v.Link, v.Invia = x.link, x.qui
	if v.Invia == "" {
		v.Invia = indirizzo(x.p.ID, "azione", string(az))
	}
	return v
}

func (s *scrivania) mostraAzione(w http.ResponseWriter, r *http.Request, stato int, v vistaAzione) {
	titolo := v.Azione.Etichetta() + " – Pratica " + v.V.Generali.Numero.String()
	if v.Quanti() > 0 || v.Rifiuto != nil {
		titolo = "Errore: " + titolo
	}
	s.p.Mostra(w, r, stato, "scrivania/azione", web.Pagina{Titolo: titolo, Sezione: web.SezioneScrivania, Dati: v,
		Briciole: briciole(web.Briciola{Testo: "Pratica " + v.V.Generali.Numero.String(), URL: v.Base}, web.Briciola{Testo: v.Azione.Etichetta()})})
}

// compi does an act. A second press of the button finds the key of the first and
// gets the same answer.
func (s *scrivania) compi(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	x, at, _, err := s.caso(r, a)
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	var errori []pratica.ErroreCampo
	v := valori{Values: r.PostForm, errori: &errori}
	err = s.svolgi(r, x, at, v)
	if err == nil && len(errori) == 0 {
		dove := indirizzo(x.p.ID)
		if at.pagina != "" {
			dove += "?pagina=" + at.pagina
		}
		s.p.Vai(w, r, dove, at.fatto)
		return
	}
	var e *pratica.Errore
	if err != nil && !errors.As(err, &e) {
		s.p.Errore(w, r, err)
		return
	}
	s.ripeti(w, r, x.a, at, v.Values, e, errori)
}

// ripeti shows the page again after a refusal, with what was typed.
func (s *scrivania) ripeti(w http.ResponseWriter, r *http.Request, a pratica.Attore, at atto, dati url.Values, e *pratica.Errore, errori []pratica.ErroreCampo) {
	stato := http.StatusUnprocessableEntity
	if e != nil {
		stato, _ = web.Stato(e)
		errori = append(errori, e.Campi...)
	}
	x, _, az, err := s.caso(r, a) // as it is now: files may have been added
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	if at.immediato && e != nil {
		s.mostraPratica(w, r, a, x.p.ID, stato, e)
		return
	}
	v := s.vistaAzione(x, at, az)
	riscrivi(v.Campi, dati)
	if e != nil && len(e.Campi) == 0 {
		if x.vista.Puo(az) { // what is wrong is in the content
			stato = http.StatusUnprocessableEntity
			errori = append(errori, s.comeCampi(r, e)...)
		} else {
			v.Rifiuto = s.spiega(r, e)
		}
	}
	v.Errori = segnala(v.Campi, errori)
	s.mostraAzione(w, r, stato, v)
}

// campoDelMotivo are the fields that unmet conditions on the content are about.
var campoDelMotivo = map[string]string{"importo_mancante": "importo", "destinatario": "ufficio", "ufficio": "ufficio", "operatore": "operatore", "appuntamento": "fascia"}

func (s *scrivania) comeCampi(r *http.Request, e *pratica.Errore) []pratica.ErroreCampo {
	var q []pratica.ErroreCampo
	for _, m := range e.Motivi {
		q = append(q, pratica.ErroreCampo{Percorso: campoDelMotivo[m.Codice], Codice: m.Codice, Messaggio: s.motivo(r, m)})
	}
	if len(q) == 0 {
		q = append(q, pratica.ErroreCampo{Codice: string(e.Codice), Messaggio: (&pratica.Errore{Codice: e.Codice}).Messaggio()})
	}
	return q
}

func (s *scrivania) svolgi(r *http.Request, x *caso, at atto, v valori) error {
	if at.svolgi != nil {
		return at.svolgi(s, r, x, v)
	}
	if at.file != "" { // first, so that what was uploaded is kept whatever else is wrong
		if fatto, err := s.allega(r, x, at.file, &v); fatto || err != nil {
			return err
		}
	}
	d := at.dati(v)
	if len(*v.errori) > 0 {
		s.altriErrori(x, d, v)
		return nil
	}
	_, err := s.p.Sportello.Esegui(r.Context(), x.a, x.p.ID, d, chiaveDi(r)...)
	return err
}

// altriErrori adds what else is wrong with the command, so that a page that comes
// back names everything at once. It decides and changes nothing.
func (s *scrivania) altriErrori(x *caso, d pratica.Dati, v valori) {
	_, err := pratica.Decidi(x.p, x.sv, pratica.Comando{Attore: x.a, ID: "prova", Dati: d}, s.p.Orologio())
	for _, c := range web.Campi(err) {
		noto := slices.ContainsFunc(*v.errori, func(e pratica.ErroreCampo) bool { return e.Percorso == c.Percorso })
		if !noto && !strings.HasPrefix(c.Percorso, "allegati") { // x does not know the files just uploaded
			*v.errori = append(*v.errori, c)
		}
	}
}

// allega uploads the files of the form and fills v.file with all those to send.
// fatto says that the act was done already.
func (s *scrivania) allega(r *http.Request, x *caso, o pratica.Origine, v *valori) (fatto bool, err error) {
	v.file = v.scelti("allegati")
	var nuovi []*multipart.FileHeader
	if r.MultipartForm != nil {
		nuovi = slices.DeleteFunc(slices.Clone(r.MultipartForm.File["nuovi"]), func(h *multipart.FileHeader) bool { return h.Filename == "" && h.Size == 0 })
	}
	if len(nuovi) == 0 {
		return false, nil
	}
	if len(nuovi) > massimiFile {
		v.sbagliato("nuovi", "Carica al massimo 20 file alla volta.")
		return false, nil
	}
	if s.giaFatto(r, x) {
		return true, nil
	}
	caricati := []string{}
	for _, h := range nuovi {
		id, err := s.uno(r, x, o, h)
		var e *pratica.Errore
		if errors.As(err, &e) && len(e.Campi) > 0 { // the others are kept, and offered again
			for _, c := range e.Campi {
				v.sbagliato("nuovi", sportello.PulisciNome(h.Filename)+": "+c.Messaggio)
			}
			continue
		}
		if err != nil {
			return false, err
		}
		caricati = append(caricati, id)
	}
	v.file = append(v.file, caricati...)
	v.Values["allegati"] = v.file // chosen again, where the page comes back
	return false, nil
}

func (s *scrivania) uno(r *http.Request, x *caso, o pratica.Origine, h *multipart.FileHeader) (string, error) {
	f, err := h.Open()
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	al, err := s.p.Sportello.Allega(r.Context(), x.a, x.p.ID, sportello.NuovoAllegato{Nome: h.Filename, Origine: o}, f)
	return al.ID, err
}

// giaFatto reports whether the act was done by the first press of the button: a
// version that no pratica has lets the key answer, and nothing else happen.
func (s *scrivania) giaFatto(r *http.Request, x *caso) bool {
	k := chiaveDi(r)
	if len(k) == 0 {
		return false
	}
	e, err := s.p.Sportello.Esegui(r.Context(), x.a, x.p.ID, pratica.Annota{}, append(k, sportello.SeVersione(-1))...)
	return err == nil && e.Ripetuta
}

// chiaveDi gives the idempotency key of the form as an option.
func chiaveDi(r *http.Request) []sportello.Opzione {
	if k := web.Chiave(r); k != "" {
		return []sportello.Opzione{sportello.ConChiave(k)}
	}
	return nil
}
