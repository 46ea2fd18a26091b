package scrivania

import (
	"bytes"
	"cmp"
	"html/template"
	"net/http"
	"slices"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

// scheda is one tab of the page of a pratica.
type scheda struct {
	Nome, Titolo, URL string
	Conta             int
	Attiva            bool
}

// offerta is an act that the operator can do now.
type offerta struct {
	Azione    pratica.Azione
	Nome      string
	URL       string
	Stile     string // of the button
	Immediato bool   // the button does it; otherwise it opens a page
}

// negata is an act that the table offers and refuses for now.
type negata struct {
	Nome   string
	Motivi []string
}

type vistaDettaglio struct {
	V         *sportello.Vista
	Base      string // address of the pratica
	Pagina    string
	Schede    []scheda
	Offerte   []offerta
	Negate    []negata
	Rifiuto   *rifiuto
	Riepilogo template.HTML

	Gruppi       []gruppoFile
	Integrazioni []integrazione
	Protocollo   []registrato
	Pagamenti    []pagamento
	Appuntamenti []appuntamento
	Sospesi      []sospeso
}

func (s *scrivania) pratica(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	id, err := idDi(r)
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	s.mostraPratica(w, r, a, id, http.StatusOK, nil)
}

// mostraPratica shows the page; rifiutato is an act that was refused just now.
func (s *scrivania) mostraPratica(w http.ResponseWriter, r *http.Request, a pratica.Attore, id pratica.ID, stato int, rifiutato *pratica.Errore) {
	v, err := s.p.Sportello.Apri(r.Context(), a, id)
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	p, sv, err := s.p.Sportello.Leggi(r.Context(), a, id)
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	d := vistaDettaglio{V: v, Base: indirizzo(id), Schede: schede(v)}
	d.Pagina = r.URL.Query().Get("pagina")
	if d.Pagina == "" {
		d.Pagina = "modulo"
	}
	if !d.accendi() {
		s.p.Errore(w, r, pratica.ErrNonTrovato)
		return
	}
	if rifiutato != nil {
		d.Rifiuto = s.spiega(r, rifiutato)
	}
	s.azioni(r, v, &d)
	d.Sospesi = sospesi(v)
	if err := s.contenuto(r, v, p, sv, &d); err != nil {
		s.p.Errore(w, r, err)
		return
	}
	nome := "Pratica " + v.Generali.Numero.String()
	titolo := d.titolo() + nome
	if rifiutato != nil {
		titolo = "Errore: " + titolo
	}
	s.p.Mostra(w, r, stato, "scrivania/pratica", web.Pagina{
		Titolo: titolo, Sezione: web.SezioneScrivania, Dati: d, Briciole: briciole(web.Briciola{Testo: nome}),
	})
}

// schede are the tabs: three always, the others only where the Vista has them.
func schede(v *sportello.Vista) []scheda {
	file := len(v.Allegati)
	if file == 0 && v.FileDiRichiesta != nil {
		file = 1
	}
	t := []scheda{
		{Nome: "modulo", Titolo: "Modulo"},
		{Nome: "allegati", Titolo: "Allegati", Conta: file},
		{Nome: "messaggi", Titolo: "Messaggi", Conta: len(v.Messaggi) + len(v.Note)},
	}
	if v.Protocollo != nil {
		t = append(t, scheda{Nome: "protocollo", Titolo: "Protocollo", Conta: len(v.Protocollo.Documenti)})
	}
	if v.Pagamenti != nil {
		t = append(t, scheda{Nome: "pagamenti", Titolo: "Pagamenti", Conta: len(v.Pagamenti.Pagamenti)})
	}
	if v.Bolli != nil {
		t = append(t, scheda{Nome: "bolli", Titolo: "Bolli", Conta: len(v.Bolli.Bolli)})
	}
	if v.Appuntamenti != nil {
		t = append(t, scheda{Nome: "appuntamenti", Titolo: "Appuntamenti", Conta: len(v.Appuntamenti.Appuntamenti)})
	}
	return t
}

// titolo tells the tabs apart in the title of the page; the first is the pratica itself.
func (d *vistaDettaglio) titolo() string {
	for _, t := range d.Schede[1:] {
		if t.Attiva {
			return t.Titolo + " – "
		}
	}
	return ""
}

// accendi lights the tab asked for; false where the pratica has no such tab.
func (d *vistaDettaglio) accendi() bool {
	trovata := false
	for i := range d.Schede {
		t := &d.Schede[i]
		t.URL = d.Base + "?pagina=" + t.Nome
		t.Attiva = t.Nome == d.Pagina
		trovata = trovata || t.Attiva
	}
	return trovata
}

// azioni divides what the Vista offers into buttons and refusals. Uploading and
// removing files are part of the acts that send them.
func (s *scrivania) azioni(r *http.Request, v *sportello.Vista, d *vistaDettaglio) {
	for _, sp := range v.Azioni {
		at, ok := atti[sp.Azione]
		if !ok {
			continue
		}
		if sp.Ammessa {
			d.Offerte = append(d.Offerte, offerta{sp.Azione, sp.Azione.Etichetta(), indirizzo(v.ID, "azione", string(sp.Azione)), at.stile, at.immediato})
			continue
		}
		n := negata{Nome: sp.Azione.Etichetta()}
		for _, m := range sp.Motivi {
			n.Motivi = append(n.Motivi, s.motivo(r, m))
		}
		d.Negate = append(d.Negate, n)
	}
	slices.SortStableFunc(d.Offerte, func(a, b offerta) int { return cmp.Compare(peso(a.Stile), peso(b.Stile)) })
}

// peso puts what is usually next before the rest, and what is grave last.
func peso(stile string) int { return slices.Index([]string{primario, secondario, pericoloso}, stile) }

// contenuto prepares what the tab shows.
func (s *scrivania) contenuto(r *http.Request, v *sportello.Vista, p *pratica.Pratica, sv *servizio.Servizio, d *vistaDettaglio) error {
	switch d.Pagina {
	case "modulo":
		var b bytes.Buffer
		if err := s.riepilogo.Lettura(&b, sv.Modulo(), p.Risposte, lettura(p)); err != nil {
			return err
		}
		d.Riepilogo = template.HTML(b.String()) //nolint:gosec // made by html/template
		d.Integrazioni = integrazioni(v, p, sv)
	case "allegati":
		d.Gruppi = gruppi(v)
	case "protocollo":
		d.Protocollo = registrati(v)
	case "pagamenti":
		d.Pagamenti = s.pagamenti(r, v)
	case "appuntamenti":
		d.Appuntamenti = s.prenotazioni(v)
	default:
	}
	return nil
}
